/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of partitions that are put aside in a temporary file, until each partition's rows can be
 * encoded together. Where the rows that fit in memory have only a few of each partition, what is
 * encoded of them at once is so small that it takes several times the work.
 *
 * Workers make chunks, some rows of one partition each. The chunks of many partitions are written
 * at once, in the order of the queue. Each chunk knows where the one before it of its partition
 * lies, so that memory holds a few bytes for each partition, however many chunks there are.
 */
#ifndef HW_PIPELINE_PARTITION_SPILL_H
#define HW_PIPELINE_PARTITION_SPILL_H

#include <stdatomic.h>

#include "core/buf.h"
#include "pipeline/output.h"
#include "table/batch.h"

/* The way that rows of partitions go. It is chosen once, by the first of the rows. */
enum hw_partition_way {
    HW_PARTITION_UNCHOSEN,
    HW_PARTITION_ENCODE, /* They are encoded as they come. */
    HW_PARTITION_SPILL,  /* They are put aside first. */
};

struct hw_partition_spill {
    /* of enum hw_partition_way; any thread may look */
    atomic_int way;
    int fd; /* where `bytes` is not 0 */
    uint64_t bytes;
    struct hw_buf partitions; /* what is known of each, by its number in the outputs */
    struct hw_buf groups;     /* uint32_t each: where groups begin, and where the last one ends */
};

/* Closes the file. Zeroed, it is ready for other rows. */
void hw_partition_spill_release(struct hw_partition_spill *spill);

static inline enum hw_partition_way hw_partition_spill_way(struct hw_partition_spill *spill) {
    return (enum hw_partition_way)atomic_load(&spill->way);
}

/* The rows that are looked at together, when the first of them are to be encoded. */
struct hw_partition_sample {
    size_t bytes;
    size_t partitions;
    size_t group_bytes; /* of the rows of one partition that become a row group */
    bool whole;         /* They are all that there is. */
};
/* Chooses the way for rows of `schema`. */
void hw_partition_spill_choose(struct hw_partition_spill *spill, const struct hw_schema *schema,
                               const struct hw_partition_sample *sample);

/* ------ writing */

/* Appends a chunk: rows of the partition with that path. Any thread. */
HW_NODISCARD enum hw_status hw_partition_chunk_append(struct hw_buf *chunks, const char *partition,
                                                      const struct hw_batch *batch, struct hw_error *err);
/* Writes chunks, which it changes. One at a time, in order. */
HW_NODISCARD enum hw_status hw_partition_spill_write(struct hw_partition_spill *spill, struct hw_outputs *outputs,
                                                     struct hw_buf *chunks, struct hw_error *err);

/* ------ reading, once all is written */

/* Divides the partitions in groups, each of which is read by one worker. */
HW_NODISCARD enum hw_status hw_partition_spill_divide(struct hw_partition_spill *spill, struct hw_error *err);
/* Returns the number of partitions of which rows were put aside. */
size_t hw_partition_spill_count(const struct hw_partition_spill *spill);
/* Returns the number of groups. */
size_t hw_partition_spill_groups(const struct hw_partition_spill *spill);
/* Gives the partitions of a group: from `*out_first` on, before `*out_end`. Any thread. */
void hw_partition_spill_group(const struct hw_partition_spill *spill, size_t group, uint32_t *out_first,
                              uint32_t *out_end);

/* The place of a chunk. */
struct hw_partition_chunk {
    uint64_t offset;
    uint64_t bytes;
};
/* Appends the chunks of a partition, struct hw_partition_chunk each, in order. Any thread. */
HW_NODISCARD enum hw_status hw_partition_spill_chunks(const struct hw_partition_spill *spill, uint32_t partition,
                                                      struct hw_buf *out_chunks, struct hw_error *err);
/*
 * Reads a chunk of rows of `schema`. The batch borrows `scratch`, and `columns`, which has room for
 * one column for each field. Any thread.
 */
HW_NODISCARD enum hw_status hw_partition_spill_read(const struct hw_partition_spill *spill,
                                                    const struct hw_partition_chunk *chunk,
                                                    const struct hw_schema *schema, struct hw_buf *scratch,
                                                    struct hw_column *columns, struct hw_batch *out_batch,
                                                    struct hw_error *err);

#endif
