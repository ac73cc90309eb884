/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of one folder become other files: one, or several of about one size. All outputs of a
 * folder are made and proved before the first of them gets its name.
 */
#ifndef HW_PIPELINE_OPTIMIZE_JOIN_H
#define HW_PIPELINE_OPTIMIZE_JOIN_H

#include "pipeline/optimize_files.h"
#include "pipeline/optimize_output.h"

/* Whoever wants to know what became of a folder. */
struct hw_optimize_join_listener {
    void *ctx;
    /* An output was made, or, with an outcome that says so, failed or was left. */
    enum hw_status (*told)(void *ctx, const struct hw_optimized *told, struct hw_error *err);
};

struct hw_optimize_join {
    const struct hw_optimize_work *work;
    struct hw_crew *crew;
    /* At least one, in the order of their rows. */
    const struct hw_optimize_source *const *sources;
    size_t count;
    /* Keys of the Parquet files that the folder of the target has, for hw_optimize_join_folder. */
    const char *const *others;
    size_t others_count;
    const struct hw_optimize_join_listener *listener;
};

/*
 * Makes the one output of all sources, whose place is that of the target. What fails is told of the
 * output. Only a failure that is that of the call itself is returned: HW_EUSAGE, HW_ENOMEM,
 * HW_ECANCELLED, and that of the listener.
 */
HW_NODISCARD enum hw_status hw_optimize_join_all(const struct hw_optimize_join *join, struct hw_error *err);

/*
 * Makes files of about `target_bytes` of the sources, which have one folder: those whose columns
 * agree come together. They are called part-00000.parquet and so on, in that folder of the target.
 * Where all of them have a good size already, nothing is done, and `*out_stay` is set: each source
 * is optimised by itself then. Where anything fails, no output of the folder gets its name, and the
 * failure is told once, with all sources. HW_EEXISTS is told where the folder has other Parquet
 * files, with which a reader of it would find rows twice, and where some outputs are to be skipped,
 * as they are there, and others are not. Returns as hw_optimize_join_all does.
 */
HW_NODISCARD enum hw_status hw_optimize_join_folder(const struct hw_optimize_join *join, uint64_t target_bytes,
                                                    bool *out_stay, struct hw_error *err);

#endif
