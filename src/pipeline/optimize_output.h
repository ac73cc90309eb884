/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One output of hw_optimize, made of rows of one file or of several, whose columns are known to
 * agree. Making it and giving it its name are two steps, so that outputs that belong together get
 * theirs together.
 */
#ifndef HW_PIPELINE_OPTIMIZE_OUTPUT_H
#define HW_PIPELINE_OPTIMIZE_OUTPUT_H

#include "core/crew.h"
#include "optimize/file_plan.h"
#include "optimize/file_rewrite.h"
#include "pipeline/optimize_kept.h"
#include "pipeline/optimize_manifest.h"
#include "pipeline/optimize_survey.h"
#include "pipeline/optimize_target.h"

/* The things that all files of a call share. */
struct hw_optimize_work {
    const struct hw_optimize_options *options; /* with no value left at 0 */
    const struct hw_optimize_target *target;
    struct hw_parquet_options write; /* with no value left at 0 */
    const char *digest;              /* of the options that shape files */
    /* Which columns become narrower; NULL: none do. */
    const struct hw_optimize_survey *survey;
    /* An option asks for a shape that the source may not have, so that size does not decide. */
    bool shaped;
    /* The manifests whose files are replaced; NULL: none is looked at. */
    struct hw_optimize_manifests *manifests;
};

/* Start it zeroed but for the first part; release it on failure too. */
struct hw_optimize_output {
    const struct hw_optimize_work *work;
    /* NULL: the calling thread does all of the work. */
    struct hw_crew *crew;
    uint64_t memory_bytes;
    const struct hw_optimize_place *place;
    /* Outputs beside it are made, and wait for their names, at the same time. */
    bool one_of_many;
    /* The files, one at least, whose rows it gets, and how they become one schema. */
    const struct hw_read_file *const *files;
    size_t files_count;
    const char *const *names;
    const struct hw_read_file *like; /* as in struct hw_file_plan_options */
    const bool *optional;
    struct hw_row_range rows;
    /* The sum of the file that a manifest tells of, and the output is made of; NULL: none does. */
    const uint64_t *from_crc64nvme;
    /* The source of an output that takes its place; NULL: it is elsewhere. */
    struct hw_store *source_store;
    const char *source_key;
    /* The facts that are told of it, in the arena. `source` is the caller's. */
    struct hw_arena *arena;
    struct hw_optimized *told;

    struct hw_file_plan plan;
    const struct hw_optimize_decision *decisions; /* for each leaf of the source; NULL: none */
    struct hw_rewritten_column *columns;
    struct hw_sink *sink;
    struct hw_sum_sink sum; /* before the sink, if sums are wanted */
    struct hw_optimize_kept kept;
    /* The store of a file that a link leads to. */
    struct hw_store *linked;
};

/* Returns whether a file says that it was made by the options of this digest. */
bool hw_optimize_is_done(const struct hw_parquet_meta *meta, const char *digest);
/*
 * Returns whether a file says that it was made of the one with this CRC-64/NVME, of which a
 * manifest told. What that one was made of itself it then says no more.
 */
bool hw_optimize_is_from(const struct hw_parquet_meta *meta, uint64_t crc64nvme);

/* Plans the output: columns, row groups, metadata. Fails as hw_file_plan_make does. */
HW_NODISCARD enum hw_status hw_optimize_output_plan(struct hw_optimize_output *output, struct hw_error *err);
/* Returns whether a column gets a narrower type. */
bool hw_optimize_output_narrows(const struct hw_optimize_output *output);
/* Opens the sink. `size_hint` is about the most bytes that it will get. */
HW_NODISCARD enum hw_status hw_optimize_output_open(struct hw_optimize_output *output, uint64_t size_hint,
                                                    struct hw_error *err);
/* Takes sums of all that is written to the sink, which is open, from here on. */
HW_NODISCARD enum hw_status hw_optimize_output_sum(struct hw_optimize_output *output, struct hw_error *err);
/* Returns what is to be written to; NULL: no sink is open. */
struct hw_sink *hw_optimize_output_way(struct hw_optimize_output *output);
/*
 * Writes all rows of the plan to the sink, or nowhere where none is open, and proves them. It is
 * then told of. HW_EDATA as hw_file_rewrite has it.
 */
HW_NODISCARD enum hw_status hw_optimize_output_write(struct hw_optimize_output *output, struct hw_error *err);
/* Drops what was written. */
void hw_optimize_output_drop(struct hw_optimize_output *output);
void hw_optimize_output_release(struct hw_optimize_output *output);

#endif
