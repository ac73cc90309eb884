/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_join.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/count.h"
#include "core/io_ops.h"
#include "pipeline/optimize_alike.h"
#include "pipeline/optimize_parts.h"
#include "pipeline/optimize_sample.h"

enum { PART_NAME_BYTES = 40 };
/* Footers may take this part of the memory. */
enum { FOOTERS_MEMORY_PART = 2 };

/* An output, made and not yet published. */
struct made {
    const struct hw_optimize_alike *lot;
    struct hw_row_range rows;
    struct hw_optimize_place place;
    struct hw_optimized told;
    struct hw_sink *sink;
    enum hw_status status;
    struct hw_error error;
};

/* A folder in work. */
struct joining {
    const struct hw_optimize_join *join;
    struct hw_optimize_files files;
    struct hw_optimize_alike *lots;
    size_t lots_count;
    struct made *made;
    size_t made_count;
    size_t published;
    struct hw_arena arena;
    /* The source that the failure is about; the number of sources where it is about none. */
    size_t failed;
};

static enum hw_status sources_open(struct joining *joining, struct hw_error *err);
static enum hw_status parts_find(struct joining *joining, uint64_t target_bytes, bool *out_stay, struct hw_error *err);
static enum hw_status others_refuse(const struct joining *joining, bool stay, struct hw_error *err);
static enum hw_status outputs_make(struct joining *joining, struct hw_error *err);
static enum hw_status outputs_publish(struct joining *joining, struct hw_error *err);
static enum hw_status outputs_tell(const struct joining *joining, struct hw_error *err);
static enum hw_status failure_tell(struct joining *joining, enum hw_status status, struct hw_error *error,
                                   struct hw_error *err);
static void joining_release(struct joining *joining);

/* Whether a failure is that of the call, and not of files. */
static bool ends_call(enum hw_status status) {
    return status == HW_EUSAGE || status == HW_ENOMEM || status == HW_ECANCELLED;
}

/* ------ one output of all sources */

static enum hw_status one_find(struct joining *joining, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    const bool storage = join->work->options->encodings != HW_ENCODINGS_COMPAT;
    joining->lots = hw_arena_alloc(&joining->arena, sizeof(*joining->lots));
    joining->made = hw_arena_alloc(&joining->arena, sizeof(*joining->made));
    if (!joining->lots || !joining->made) {
        return hw_fail_nomem(err, sizeof(*joining->made));
    }
    HW_TRY(hw_optimize_alike_all(joining->files.files, join->count, storage, &joining->arena, joining->lots,
                                 &joining->failed, err));
    /* Each source has this place, as the target is one object. */
    joining->made[0] = (struct made){
        .lot = joining->lots,
        .place = join->sources[0]->place,
        .error = HW_ERROR_INIT,
    };
    joining->lots_count = joining->made_count = 1;
    return HW_OK;
}

enum hw_status hw_optimize_join_all(const struct hw_optimize_join *join, struct hw_error *err) {
    struct joining joining = {.join = join, .failed = join->count};
    struct hw_error error = HW_ERROR_INIT;
    enum hw_status status = sources_open(&joining, &error);
    status = status ? status : one_find(&joining, &error);
    status = status ? status : outputs_make(&joining, &error);
    status = status ? status : outputs_publish(&joining, &error);
    status = status ? failure_tell(&joining, status, &error, err) : outputs_tell(&joining, err);
    joining_release(&joining);
    return status;
}

/* ------ outputs of about one size */

enum hw_status hw_optimize_join_folder(const struct hw_optimize_join *join, uint64_t target_bytes, bool *out_stay,
                                       struct hw_error *err) {
    struct joining joining = {.join = join, .failed = join->count};
    struct hw_error error = HW_ERROR_INIT;
    *out_stay = false;
    enum hw_status status = sources_open(&joining, &error);
    status = status ? status : parts_find(&joining, target_bytes, out_stay, &error);
    status = status ? status : others_refuse(&joining, *out_stay, &error);
    if (status == HW_OK && *out_stay) {
        joining_release(&joining);
        return HW_OK;
    }
    *out_stay = false;
    status = status ? status : outputs_make(&joining, &error);
    status = status ? status : outputs_publish(&joining, &error);
    if (status && joining.published == 0) {
        hw_error_prefix(&error, "nothing of its folder is written");
    }
    status = status ? failure_tell(&joining, status, &error, err) : outputs_tell(&joining, err);
    joining_release(&joining);
    return status;
}

static void joining_release(struct joining *joining) {
    for (size_t i = 0; i < joining->made_count; i++) {
        if (joining->made[i].sink) {
            joining->made[i].sink->ops->free(joining->made[i].sink);
        }
    }
    hw_optimize_files_release(&joining->files);
    hw_arena_release(&joining->arena);
}

static enum hw_status sources_open(struct joining *joining, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    return hw_optimize_files_open(&joining->files, join->sources, join->count,
                                  join->work->options->memory_bytes / FOOTERS_MEMORY_PART, &joining->failed, err);
}

/* ------ which rows each output gets */

/* The parts of the files of a lot. */
struct parts {
    struct hw_row_range *ranges;
    size_t count; /* 0: the files stay as they are */
};

static enum hw_status lot_parts(struct joining *joining, const struct hw_optimize_alike *lot, double target,
                                struct parts *out_parts, struct hw_error *err);
static enum hw_status lot_made(struct joining *joining, const struct hw_optimize_alike *lot, const struct parts *parts,
                               struct hw_error *err);

static enum hw_status parts_find(struct joining *joining, uint64_t target_bytes, bool *out_stay, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    const bool storage = join->work->options->encodings != HW_ENCODINGS_COMPAT;
    size_t most = 0;
    bool changes = false;
    HW_TRY(hw_optimize_alike_sort(joining->files.files, join->count, storage, &joining->arena, &joining->lots,
                                  &joining->lots_count, err));
    struct parts *parts = hw_arena_alloc(&joining->arena, joining->lots_count * sizeof(*parts));
    if (!parts) {
        return hw_fail_nomem(err, joining->lots_count * sizeof(*parts));
    }
    for (size_t i = 0; i < joining->lots_count; i++) {
        HW_TRY(lot_parts(joining, &joining->lots[i], (double)target_bytes, &parts[i], err));
        changes |= parts[i].count > 0;
        most += hw_max_size(parts[i].count, joining->lots[i].count);
    }
    *out_stay = !changes;
    joining->made = hw_arena_alloc(&joining->arena, most * sizeof(*joining->made));
    if (!joining->made) {
        return hw_fail_nomem(err, most * sizeof(*joining->made));
    }
    for (size_t i = 0; changes && i < joining->lots_count; i++) {
        HW_TRY(lot_made(joining, &joining->lots[i], &parts[i], err));
    }
    return HW_OK;
}

/* Row groups of a lot, and the bytes that its files would have. */
struct sizes {
    struct hw_optimize_piece *pieces;
    size_t pieces_count;
    double *files;
};

/* Returns the stored bytes of a row group. */
static double group_bytes(const struct hw_parquet_group *group) {
    double bytes = 0;
    for (size_t i = 0; i < group->chunks_count; i++) {
        bytes += group->chunks[i].compressed > 0 ? (double)group->chunks[i].compressed : 0;
    }
    return bytes;
}

static enum hw_status sizes_make(struct joining *joining, const struct hw_optimize_alike *lot, const double *factors,
                                 struct sizes *out_sizes, struct hw_error *err) {
    struct sizes sizes = {0};
    size_t groups = 0;
    for (size_t i = 0; i < lot->count; i++) {
        groups += lot->files[i]->meta.groups_count;
    }
    sizes.files = hw_arena_alloc(&joining->arena, lot->count * sizeof(*sizes.files));
    sizes.pieces = hw_arena_alloc(&joining->arena, groups * sizeof(*sizes.pieces));
    if (!sizes.files || !sizes.pieces) {
        return hw_fail_nomem(err, groups * sizeof(*sizes.pieces));
    }
    for (size_t i = 0; i < lot->count; i++) {
        const struct hw_read_file *file = lot->files[i];
        sizes.files[i] = (double)file->source->size * factors[i];
        for (size_t group = 0; group < file->meta.groups_count; group++) {
            const struct hw_parquet_group *of = &file->meta.groups[group];
            sizes.pieces[sizes.pieces_count++] =
                (struct hw_optimize_piece){(uint64_t)of->rows, group_bytes(of) * factors[i]};
        }
    }
    *out_sizes = sizes;
    return HW_OK;
}

static uint64_t lot_rows(const struct hw_optimize_alike *lot) {
    uint64_t rows = 0;
    for (size_t i = 0; i < lot->count; i++) {
        rows += lot->files[i]->rows;
    }
    return rows;
}

static enum hw_status ranges_make(struct joining *joining, const struct hw_optimize_alike *lot,
                                  const struct sizes *sizes, size_t count, struct parts *out_parts,
                                  struct hw_error *err);

/* Files that an earlier run has made with the same options have the size that they shall have. */
static enum hw_status lot_parts(struct joining *joining, const struct hw_optimize_alike *lot, double target,
                                struct parts *out_parts, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    bool *looked_at = hw_arena_alloc(&joining->arena, lot->count);
    double *factors = hw_arena_alloc(&joining->arena, lot->count * sizeof(*factors));
    struct sizes sizes;
    bool any = false;
    *out_parts = (struct parts){.count = 0};
    if (!looked_at || !factors) {
        return hw_fail_nomem(err, lot->count * sizeof(*factors));
    }
    for (size_t i = 0; i < lot->count; i++) {
        looked_at[i] = join->work->options->force || !hw_optimize_is_done(&lot->files[i]->meta, join->work->digest);
        any |= looked_at[i];
    }
    if (!any) {
        return HW_OK;
    }
    const struct hw_optimize_sample sample = {join->work, join->crew, lot, looked_at};
    HW_TRY(hw_optimize_sample_run(&sample, factors, err));
    HW_TRY(sizes_make(joining, lot, factors, &sizes, err));
    return ranges_make(joining, lot, &sizes, hw_optimize_parts_count(sizes.files, lot->count, target), out_parts, err);
}

/* No part is without rows, but for the one of files that have none. */
static enum hw_status ranges_make(struct joining *joining, const struct hw_optimize_alike *lot,
                                  const struct sizes *sizes, size_t count, struct parts *out_parts,
                                  struct hw_error *err) {
    const size_t most = (size_t)hw_clamp(lot_rows(lot), 1, SIZE_MAX);
    const size_t some = hw_min_size(count, most);
    size_t bytes;
    if (some == 0) {
        return HW_OK;
    }
    out_parts->ranges =
        hw_mul(some, sizeof(*out_parts->ranges), &bytes) ? hw_arena_alloc(&joining->arena, bytes) : NULL;
    if (!out_parts->ranges) {
        return hw_fail_nomem(err, some);
    }
    out_parts->count = hw_optimize_parts_cut(sizes->pieces, sizes->pieces_count, some, out_parts->ranges);
    return HW_OK;
}

/* ------ their places */

/* Gives an output the next number of the folder. */
static enum hw_status made_add(struct joining *joining, const struct hw_optimize_alike *lot, struct hw_row_range rows,
                               struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    const struct hw_optimize_source *source = join->sources[0];
    const struct hw_store *store = join->work->target->store;
    struct made *made = &joining->made[joining->made_count];
    char name[PART_NAME_BYTES];
    *made = (struct made){.lot = lot, .rows = rows, .place.source = source->place.source, .error = HW_ERROR_INIT};
    snprintf(name, sizeof(name), "part-%05zu.parquet", joining->made_count++);
    if (store) {
        made->place.key = hw_arena_join(&joining->arena, source->folder, name);
        made->place.output = made->place.key ? hw_arena_join(&joining->arena, store->root, made->place.key) : NULL;
    }
    return !store || made->place.output ? HW_OK : hw_fail_nomem(err, sizeof(name));
}

/* Where one lot of a folder changes, the files of others become numbered outputs too. */
static enum hw_status lot_made(struct joining *joining, const struct hw_optimize_alike *lot, const struct parts *parts,
                               struct hw_error *err) {
    uint64_t first = 0;
    if (lot_rows(lot) == 0) {
        return made_add(joining, lot, (struct hw_row_range){0, 0}, err);
    }
    for (size_t i = 0; i < parts->count; i++) {
        HW_TRY(made_add(joining, lot, parts->ranges[i], err));
    }
    for (size_t i = 0; parts->count == 0 && i < lot->count; i++) {
        const uint64_t rows = lot->files[i]->rows;
        HW_TRY(rows > 0 ? made_add(joining, lot, (struct hw_row_range){first, rows}, err) : HW_OK);
        first += rows;
    }
    return HW_OK;
}

/* Returns whether the run writes an object of the target: an output, or that of a source alone. */
static bool is_written(const struct joining *joining, bool stay, const char *key) {
    const struct hw_optimize_join *join = joining->join;
    const size_t count = stay ? join->count : joining->made_count;
    bool written = false;
    for (size_t i = 0; !written && i < count; i++) {
        written = strcmp(stay ? join->sources[i]->place.key : joining->made[i].place.key, key) == 0;
    }
    return written;
}

static enum hw_status others_refuse(const struct joining *joining, bool stay, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    for (size_t i = 0; i < join->others_count; i++) {
        if (!is_written(joining, stay, join->others[i])) {
            return hw_fail(err, HW_EEXISTS,
                           "the target has %.200s, which this run would not write: its rows would be there twice; "
                           "remove it, or write to an empty folder",
                           join->others[i]);
        }
    }
    return HW_OK;
}

/* ------ making outputs */

static enum hw_status places_look(const struct joining *joining, bool *out_skipped, struct hw_error *err);
static enum hw_status sources_tell(struct joining *joining, struct made *made, struct hw_error *err);
static enum hw_status output_make(struct joining *joining, struct made *made, struct hw_error *err);

static enum hw_status outputs_make(struct joining *joining, struct hw_error *err) {
    bool skipped;
    HW_TRY(places_look(joining, &skipped, err));
    for (size_t i = 0; i < joining->made_count; i++) {
        struct made *made = &joining->made[i];
        const int64_t start = hw_clock_monotonic_us();
        HW_TRY(sources_tell(joining, made, err));
        made->told.outcome = HW_OPTIMIZE_SKIPPED;
        HW_TRY(skipped ? HW_OK : output_make(joining, made, err));
        made->told.took_us = hw_clock_monotonic_us() - start;
    }
    return HW_OK;
}

/* Files of another run may have other rows, so that outputs of a folder are skipped all or none. */
static enum hw_status places_look(const struct joining *joining, bool *out_skipped, struct hw_error *err) {
    const struct hw_optimize_work *work = joining->join->work;
    size_t there = 0;
    size_t last = 0;
    for (size_t i = 0; i < joining->made_count; i++) {
        bool skipped;
        HW_TRY(hw_optimize_place_taken(work->target, &joining->made[i].place, work->options->overwrite, &skipped, err));
        there += skipped;
        last = skipped ? i : last;
    }
    if (there > 0 && there < joining->made_count) {
        return hw_fail(err, HW_EEXISTS,
                       "%.200s is there, and other outputs are not: skipping it would leave rows out, or have them "
                       "twice; remove it, or replace what is there",
                       joining->made[last].place.output);
    }
    *out_skipped = there > 0;
    return HW_OK;
}

/* Finds the files that have rows of an output, and its rows among those of these files. */
static size_t files_find(const struct made *made, size_t *out_first, struct hw_row_range *out_rows) {
    const struct hw_optimize_alike *lot = made->lot;
    struct hw_row_range rows = made->rows;
    size_t first = 0;
    size_t end;
    uint64_t seen = 0;
    while (first + 1 < lot->count && rows.first > 0 && lot->files[first]->rows <= rows.first) {
        rows.first -= lot->files[first++]->rows;
    }
    for (end = first; end < lot->count && (rows.count == 0 || seen < rows.first + rows.count); end++) {
        seen += lot->files[end]->rows;
    }
    *out_first = first;
    *out_rows = rows;
    return end - first;
}

static const struct hw_optimize_source *source_of(const struct joining *joining, const struct hw_read_file *file) {
    return joining->join->sources[file - joining->files.files];
}

static enum hw_status sources_tell(struct joining *joining, struct made *made, struct hw_error *err) {
    struct hw_row_range rows;
    size_t first;
    const size_t count = files_find(made, &first, &rows);
    const char **names = hw_arena_alloc(&joining->arena, count * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, count * sizeof(*names));
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = source_of(joining, made->lot->files[first + i])->place.source;
    }
    made->told.source = names[0];
    made->told.sources = names;
    made->told.sources_count = count;
    made->told.output = made->place.output;
    return HW_OK;
}

/* Tells how many rows of the sources an output has; of a part of a file its part of the bytes. */
static void rows_tell(struct hw_optimized *told, const struct hw_row_cuts *cuts) {
    const struct hw_rewrite_rows *runs = (const struct hw_rewrite_rows *)(const void *)cuts->runs.data;
    const size_t count = cuts->runs.size / sizeof(*runs);
    double bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hw_read_file *file = runs[i].file;
        told->rows += runs[i].count;
        told->row_groups_before += i == 0 || runs[i - 1].file != file || runs[i - 1].group != runs[i].group;
        bytes += (double)file->source->size * (double)runs[i].count / (double)file->rows;
    }
    told->bytes_before = (uint64_t)(bytes + 0.5);
}

static enum hw_status output_make(struct joining *joining, struct made *made, struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    const struct hw_optimize_work *work = join->work;
    struct hw_row_range rows;
    size_t first;
    const size_t count = files_find(made, &first, &rows);
    const struct hw_read_file *const *files = &made->lot->files[first];
    struct hw_optimize_output output = {
        .work = work,
        .crew = join->crew,
        .memory_bytes = work->options->memory_bytes,
        .place = &made->place,
        .one_of_many = joining->made_count > 1,
        .files = files,
        .files_count = count,
        .names = made->told.sources,
        .like = made->lot->files[0],
        .optional = made->lot->optional,
        .rows = rows,
        .arena = &joining->arena,
        .told = &made->told,
    };
    const bool written = made->place.output && !work->options->dry_run;
    enum hw_status status = hw_optimize_output_plan(&output, err);
    if (status == HW_OK) {
        rows_tell(&made->told, &output.plan.cuts);
    }
    status = status || !written ? status : hw_optimize_output_open(&output, made->told.bytes_before, err);
    status = status ? status : hw_optimize_output_write(&output, err);
    status = status || !written ? status : output.sink->ops->settle(output.sink, err);
    if (status == HW_OK) {
        made->told.outcome = HW_OPTIMIZE_PLANNED;
        made->sink = output.sink;
        output.sink = NULL;
    }
    hw_optimize_output_release(&output);
    return status;
}

/* ------ publishing */

static enum hw_status outputs_publish(struct joining *joining, struct hw_error *err) {
    if (joining->join->work->options->dry_run || !joining->join->work->target->store) {
        return HW_OK;
    }
    HW_TRY(hw_optimize_files_same(&joining->files, &joining->failed, err));
    for (size_t i = 0; i < joining->made_count; i++) {
        struct made *made = &joining->made[i];
        const enum hw_status status = made->sink ? made->sink->ops->finish(made->sink, err) : HW_OK;
        if (status && joining->published > 0) {
            hw_error_prefix(err, "though %s of its folder %s there, %.200s is not",
                            HW_COUNT(joining->published, "output"), hw_plural(joining->published, "is", "are"),
                            made->place.output);
        }
        HW_TRY(status);
        if (made->sink) {
            made->told.outcome = HW_OPTIMIZE_REWRITTEN;
            joining->published++;
        }
    }
    return HW_OK;
}

/* ------ telling */

static enum hw_status outputs_tell(const struct joining *joining, struct hw_error *err) {
    const struct hw_optimize_join_listener *listener = joining->join->listener;
    for (size_t i = 0; i < joining->made_count; i++) {
        HW_TRY(listener->told(listener->ctx, &joining->made[i].told, err));
    }
    return HW_OK;
}

static uint64_t sources_bytes(const struct joining *joining) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < joining->join->count; i++) {
        const struct hw_source *opened = i < joining->files.count ? joining->files.opened[i] : NULL;
        bytes += opened ? opened->size : joining->join->sources[i]->known.size;
    }
    return bytes;
}

/* A failure is told once, with all sources, as none of them is in an output now. */
static enum hw_status failure_tell(struct joining *joining, enum hw_status status, struct hw_error *error,
                                   struct hw_error *err) {
    const struct hw_optimize_join *join = joining->join;
    const size_t culprit = joining->failed < join->count ? joining->failed : 0;
    const char **names = hw_arena_alloc(&joining->arena, join->count * sizeof(*names));
    hw_error_object(error, join->sources[culprit]->place.source);
    if (ends_call(status)) {
        return hw_error_pass(err, status, error);
    }
    if (!names) {
        return hw_fail_nomem(err, join->count * sizeof(*names));
    }
    for (size_t i = 0; i < join->count; i++) {
        names[i] = join->sources[i]->place.source;
    }
    const uint64_t bytes = sources_bytes(joining);
    const struct hw_optimized told = {
        .source = names[culprit],
        .outcome = HW_OPTIMIZE_FAILED,
        .status = status,
        .error = error,
        .bytes_before = bytes,
        .bytes_after = bytes,
        .sources = names,
        .sources_count = join->count,
    };
    return join->listener->told(join->listener->ctx, &told, err);
}
