/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_sample.h"

enum {
    PLACES = 4,
    /* So many rows of each place show what dictionaries and compression come to. */
    ROWS_MIN = 65536,
    /* Of more rows, this part of them at each place. */
    ROWS_PART = 32,
    /* So many kinds of files are told apart; those of all others count as one. */
    KINDS_MAX = 8,
};

/* Files that are looked at together. */
struct kind {
    const struct hw_read_file **files;
    size_t count;
    uint64_t rows;
};

static enum hw_status kinds_find(const struct hw_optimize_sample *sample, struct hw_arena *arena, struct kind *kinds,
                                 size_t *kind_of, struct hw_error *err);
static enum hw_status kind_run(const struct hw_optimize_sample *sample, const struct kind *kind, double *out_factor,
                               struct hw_error *err);

enum hw_status hw_optimize_sample_run(const struct hw_optimize_sample *sample, double *out_factors,
                                      struct hw_error *err) {
    const size_t count = sample->lot->count;
    HW_AUTO(hw_arena) arena = {0};
    struct kind kinds[KINDS_MAX] = {{0}};
    double factors[KINDS_MAX];
    size_t *kind_of = hw_arena_alloc(&arena, count * sizeof(*kind_of));
    if (!kind_of) {
        return hw_fail_nomem(err, count * sizeof(*kind_of));
    }
    HW_TRY(kinds_find(sample, &arena, kinds, kind_of, err));
    for (size_t i = 0; i < KINDS_MAX; i++) {
        HW_TRY(kind_run(sample, &kinds[i], &factors[i], err));
    }
    for (size_t i = 0; i < count; i++) {
        out_factors[i] = sample->looked_at[i] ? factors[kind_of[i]] : 1;
    }
    return HW_OK;
}

/* ------ kinds of files */

/* Returns the first row group that has rows; NULL where none has. */
static const struct hw_parquet_group *group_first(const struct hw_read_file *file) {
    for (size_t i = 0; i < file->meta.groups_count; i++) {
        if (file->meta.groups[i].rows > 0) {
            return &file->meta.groups[i];
        }
    }
    return NULL;
}

static bool chunks_are_alike(const struct hw_parquet_chunk *a, const struct hw_parquet_chunk *b) {
    return a->codec == b->codec && a->encodings_count == b->encodings_count &&
           (a->encodings_count == 0 ||
            memcmp(a->encodings, b->encodings, a->encodings_count * sizeof(*a->encodings)) == 0);
}

/* Codecs and encodings say how far a file is from what it will become. */
static bool files_are_alike(const struct hw_read_file *a, const struct hw_read_file *b) {
    const struct hw_parquet_group *left = group_first(a), *right = group_first(b);
    if (!left || !right || left->chunks_count != right->chunks_count) {
        return left == right;
    }
    bool alike = true;
    for (size_t i = 0; alike && i < left->chunks_count; i++) {
        alike = chunks_are_alike(&left->chunks[i], &right->chunks[i]);
    }
    return alike;
}

static enum hw_status kinds_find(const struct hw_optimize_sample *sample, struct hw_arena *arena, struct kind *kinds,
                                 size_t *kind_of, struct hw_error *err) {
    const struct hw_optimize_alike *lot = sample->lot;
    for (size_t i = 0; i < lot->count; i++) {
        const struct hw_read_file *file = lot->files[i];
        size_t at = 0;
        if (!sample->looked_at[i]) {
            continue;
        }
        while (at + 1 < KINDS_MAX && kinds[at].count > 0 && !files_are_alike(kinds[at].files[0], file)) {
            at++;
        }
        struct kind *kind = &kinds[at];
        if (!kind->files && !(kind->files = hw_arena_alloc(arena, (lot->count - i) * sizeof(*kind->files)))) {
            return hw_fail_nomem(err, (lot->count - i) * sizeof(*kind->files));
        }
        kind->files[kind->count++] = file;
        kind->rows += file->rows;
        kind_of[i] = at;
    }
    return HW_OK;
}

/* ------ the rows of a kind */

/* Bytes of the column chunks of a sample. */
struct sizes {
    double before;
    double after;
};

static enum hw_status place_run(const struct hw_optimize_sample *sample, const struct kind *kind,
                                struct hw_row_range rows, struct sizes *sizes, struct hw_error *err);

/* A place has no more than one row group of the output. */
static uint64_t rows_at_place(uint64_t rows, uint64_t group_rows) {
    const uint64_t some = rows / ROWS_PART > ROWS_MIN ? rows / ROWS_PART : ROWS_MIN;
    return some < group_rows ? some : group_rows;
}

static enum hw_status kind_run(const struct hw_optimize_sample *sample, const struct kind *kind, double *out_factor,
                               struct hw_error *err) {
    const uint64_t step = kind->rows / PLACES;
    const uint64_t some = rows_at_place(kind->rows, sample->work->options->row_group_rows);
    const bool all = step <= some;
    struct sizes sizes = {0};
    for (size_t i = 0; kind->rows > 0 && i < (all ? 1 : PLACES); i++) {
        const struct hw_row_range range =
            all ? (struct hw_row_range){0, kind->rows} : (struct hw_row_range){i * step, some};
        HW_TRY(place_run(sample, kind, range, &sizes, err));
    }
    *out_factor = sizes.before > 0 ? sizes.after / sizes.before : 1;
    return HW_OK;
}

static enum hw_status place_run(const struct hw_optimize_sample *sample, const struct kind *kind,
                                struct hw_row_range rows, struct sizes *sizes, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_optimized told = {0};
    struct hw_optimize_output output = {
        .work = sample->work,
        .crew = sample->crew,
        .memory_bytes = sample->work->options->memory_bytes,
        .files = kind->files,
        .files_count = kind->count,
        .like = sample->lot->files[0],
        .optional = sample->lot->optional,
        .rows = rows,
        .arena = &arena,
        .told = &told,
    };
    enum hw_status status = hw_optimize_output_plan(&output, err);
    status = status ? status : hw_optimize_output_write(&output, err);
    for (size_t i = 0; i < told.columns_count; i++) {
        sizes->before += (double)told.columns[i].bytes_before;
        sizes->after += (double)told.columns[i].bytes_after;
    }
    hw_optimize_output_release(&output);
    return status;
}
