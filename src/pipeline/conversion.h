/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table on its way from a reader to the outputs. Workers read its parts and encode them
 * (pipeline/worker); the queue puts what they make in order, and it is written to the outputs here.
 *
 * When a value does not fit its column, nothing more is encoded: the rest of the pass only shows
 * the reader what types its columns need. Then the outputs are dropped, and a second pass makes
 * them again with the wider schema. There is no third, as the first pass has seen every value. Nor
 * is there a second one where a survey has seen them.
 */
#ifndef HW_PIPELINE_CONVERSION_H
#define HW_PIPELINE_CONVERSION_H

#include "pipeline/column_stats.h"
#include "pipeline/rejects.h"
#include "pipeline/run_context.h"
#include "pipeline/workbench.h"

struct hw_conversion {
    struct hw_run_context *run;     /* borrowed, as the next two */
    struct hw_table_reader *reader; /* NULL: the conversion is not open */
    const struct hw_output_plan *output_plan;
    struct hw_arena arena;
    struct hw_column_stats *stats; /* of all parts that were accepted; NULL: no report is wanted */
    struct hw_partitioning partitioning;
    struct hw_outputs outputs;
    struct hw_partition_spill spill;
    struct hw_rejects rejects;
    struct hw_queue queue;
    struct hw_workbenches benches;
    uint64_t bytes_accepted; /* of the source, in this pass */
    bool survey;             /* The table is only read for its types, and nothing is made. */
    bool misfit;             /* A part that was accepted had a value that did not fit. */
    unsigned pass;           /* 1, or 2 after a widening; 0: none has begun */
};

/* A worker's product of a part: the result of its slot in the queue. */
struct hw_part_made {
    struct hw_part_result *read;
    struct hw_column_stats *stats; /* NULL where no report is wanted */
};

/*
 * Opens the conversion of a table whose schema is decided. Borrows all, and must not move until it
 * is released, which is due on failure too.
 */
HW_NODISCARD enum hw_status hw_conversion_open(struct hw_conversion *conversion, struct hw_run_context *run,
                                               struct hw_table_reader *reader, struct hw_error *err);
/* Returns what decides how much memory the conversion takes. */
struct hw_settings_object hw_conversion_object(const struct hw_conversion *conversion);
/*
 * Begins the first pass: opens the outputs that `output_plan`, which is borrowed, names. Parts can
 * be claimed then.
 */
HW_NODISCARD enum hw_status hw_conversion_begin(struct hw_conversion *conversion,
                                                const struct hw_output_plan *output_plan, struct hw_error *err);
/* Drops what the first pass has made, widens the schema, and begins the second pass. */
HW_NODISCARD enum hw_status hw_conversion_redo(struct hw_conversion *conversion, struct hw_error *err);

/*
 * Once all parts are read: where rows of partitions were put aside, sets `*out_gathers`, and groups
 * of partitions can be claimed as parts were, for hw_gather_run.
 */
HW_NODISCARD enum hw_status hw_conversion_gather(struct hw_conversion *conversion, bool *out_gathers,
                                                 struct hw_error *err);

/* Lets go of what was put aside, once all groups are done. */
void hw_conversion_gathered(struct hw_conversion *conversion);

/*
 * Claims a part. Returns false where there is none at present, or no memory for one worker more.
 * Any thread.
 */
bool hw_conversion_claim(struct hw_conversion *conversion, struct hw_queue_claim *out_claim);

/*
 * Describes the columns for a report, in `arena`; NULL where none is wanted. After the last pass.
 */
HW_NODISCARD enum hw_status hw_conversion_columns(const struct hw_conversion *conversion, struct hw_arena *arena,
                                                  const struct hw_convert_column **out_columns, struct hw_error *err);
/* Releases everything but the reader. Outputs that were not published disappear. */
void hw_conversion_release(struct hw_conversion *conversion);

/* Frees what a worker has made of a part. */
void hw_part_made_free(const struct hw_table_reader *reader, struct hw_part_made *made);

#endif
