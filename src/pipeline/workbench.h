/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbenches: what one worker needs to turn batches into pieces of encoded rows. They are kept
 * from part to part, so that their buffers are reused. Their pool also knows for how many workers
 * the run has lent memory.
 */
#ifndef HW_PIPELINE_WORKBENCH_H
#define HW_PIPELINE_WORKBENCH_H

#include <pthread.h>

#include "core/budget.h"
#include "pipeline/partition.h"
#include "pipeline/partition_spill.h"
#include "pipeline/rows_piece.h"
#include "table/row_store.h"

/*
 * The setup that all workbenches of a table share. Everything is borrowed, and does not change
 * while there is a workbench.
 */
struct hw_workbench_setup {
    struct hw_table_reader *reader;
    struct hw_outputs *outputs;
    const struct hw_partitioning *partitioning;
    struct hw_partition_spill *spill; /* for rows of partitions */
    uint64_t rows_max;                /* of a row group; 0: as many as one should have at most */
    uint64_t piece_bytes;             /* of memory that a worker has for what is in work */
    uint64_t part_bytes;              /* of the rows of one partition that become a row group */
    uint64_t encoder_bytes;           /* that the compressors of all encoders of a workbench hold */
};

struct hw_workbenches {
    struct hw_workbench_setup setup;
    /* borrowed: it lends `worker_bytes` for each worker but the first, whom the job pays */
    struct hw_budget *work;
    uint64_t worker_bytes;
    struct {
        pthread_mutex_t lock; /* Whoever holds it may take the budget's. */
        struct hw_workbench *free;
        size_t count;   /* of workbenches: free ones, and those of workers */
        size_t workers; /* that have entered */
        size_t lent;    /* workers for whom `work` has lent memory */
    } synced;
};

struct hw_workbench {
    struct hw_workbench *next;
    const struct hw_workbench_setup *setup; /* its pool's */
    struct hw_cursor *cursor;
    struct hw_encoder *encoders[HW_OUTPUT_FORMATS_MAX];
    struct hw_partition_finder *finder; /* NULL, as the next, where rows are not partitioned */
    /* rows of the piece in work: encoded by partition once they are all there */
    struct hw_row_store *store;
    struct hw_buf partitions; /* of them: uint32_t each */
    struct hw_buf order;      /* scratch: their numbers by partition */
    struct hw_column *slice;  /* columns of a part of a batch */
    /* of the rows of one partition that are encoded, and in no part of a piece yet */
    size_t gathered_rows;
    size_t gathered_bytes;
};

void hw_workbenches_init(struct hw_workbenches *pool, const struct hw_workbench_setup *setup, struct hw_budget *work,
                         uint64_t worker_bytes);
/*
 * Frees the free workbenches, and gives the memory of workers that are no more back. Nobody may be
 * at work.
 */
void hw_workbenches_drop(struct hw_workbenches *pool);
/* The same, for the last time. */
void hw_workbenches_release(struct hw_workbenches *pool);

/*
 * Returns true where there is memory for one more worker. It leaves once its part has ended. Any
 * thread.
 */
bool hw_workbenches_enter(struct hw_workbenches *pool);
void hw_workbenches_leave(struct hw_workbenches *pool);

/* Gives a free workbench, or a new one. Any thread. */
HW_NODISCARD enum hw_status hw_workbench_take(struct hw_workbenches *pool, struct hw_workbench **out_bench,
                                              struct hw_error *err);
/* Takes it back, emptied. It is freed unless `keep`. Any thread. */
void hw_workbench_return(struct hw_workbenches *pool, struct hw_workbench *bench, bool keep);

/* ------ for the worker who has it */

/*
 * Returns how many of the next `rows` rows may be added before it is asked again: 0 where some of
 * what is in work is due first.
 */
size_t hw_workbench_room(const struct hw_workbench *bench, size_t rows);
/* Adds rows to what is in work. */
HW_NODISCARD enum hw_status hw_workbench_add(struct hw_workbench *bench, const struct hw_batch *batch,
                                             struct hw_error *err);
/* Returns true where no rows are in work. */
bool hw_workbench_empty(const struct hw_workbench *bench);
/* Returns the memory that is held. */
size_t hw_workbench_held(const struct hw_workbench *bench);
/*
 * Returns true where some of what is in work should be encoded now. Where rows are not partitioned,
 * that depends on the rows alone, and not on the memory.
 */
bool hw_workbench_due(const struct hw_workbench *bench);
/*
 * Returns true where the rows in work are of so many partitions that they are due: once they are
 * encoded, each partition holds something for itself, however few its rows are.
 */
bool hw_workbench_crowded(const struct hw_workbench *bench);
/*
 * Returns true where rows of partitions are in work, and nobody has chosen yet whether such rows
 * are encoded or put aside.
 */
bool hw_workbench_unchosen(const struct hw_workbench *bench);
/* Chooses by the rows in work; `whole`: they are all that there is. */
void hw_workbench_choose(struct hw_workbench *bench, bool whole);
/*
 * Encodes what is due, or all rows in work, and adds that to `piece`. Rows that are to be put aside
 * are added as chunks.
 */
HW_NODISCARD enum hw_status hw_workbench_encode(struct hw_workbench *bench, bool all, struct hw_rows_piece *piece,
                                                struct hw_error *err);
/*
 * Encodes rows of a partition that were put aside, and adds the row groups that are full to
 * `piece`. The partition's rows come one batch after the other, and none of another partition in
 * between. Where a row group ends depends on the partition's rows alone, unless it takes more
 * memory than there is for a piece.
 */
HW_NODISCARD enum hw_status hw_workbench_gather(struct hw_workbench *bench, const char *partition,
                                                const struct hw_batch *batch, struct hw_rows_piece *piece,
                                                struct hw_error *err);
/* Adds what is left of the partition. */
HW_NODISCARD enum hw_status hw_workbench_gather_end(struct hw_workbench *bench, const char *partition,
                                                    struct hw_rows_piece *piece, struct hw_error *err);
/* Drops all rows in work. */
void hw_workbench_clear(struct hw_workbench *bench);

#endif
