/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_sample.h"

enum {
    PLACES = 4,
    /* So many rows of each place show what dictionaries and compression come to. */
    ROWS_MIN = 65536,
    /* Of more rows, this part of them at each place. */
    ROWS_PART = 32,
};

/* Bytes of the column chunks of a sample. */
struct sizes {
    double before;
    double after;
};

static enum hw_status place_run(const struct hw_optimize_sample *sample, const struct hw_read_file *const *files,
                                size_t count, struct hw_row_range rows, struct sizes *sizes, struct hw_error *err);

/* A place has no more than one row group of the output. */
static uint64_t rows_at_place(uint64_t rows, uint64_t group_rows) {
    const uint64_t some = rows / ROWS_PART > ROWS_MIN ? rows / ROWS_PART : ROWS_MIN;
    return some < group_rows ? some : group_rows;
}

enum hw_status hw_optimize_sample_run(const struct hw_optimize_sample *sample, double *out_factor,
                                      struct hw_error *err) {
    const struct hw_optimize_alike *lot = sample->lot;
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_read_file **files = hw_arena_alloc(&arena, lot->count * sizeof(*files));
    struct sizes sizes = {0};
    uint64_t rows = 0;
    size_t count = 0;
    if (!files) {
        return hw_fail_nomem(err, lot->count * sizeof(*files));
    }
    for (size_t i = 0; i < lot->count; i++) {
        if (sample->looked_at[i]) {
            files[count++] = lot->files[i];
            rows += lot->files[i]->rows;
        }
    }
    const uint64_t step = rows / PLACES;
    const uint64_t some = rows_at_place(rows, sample->work->options->row_group_rows);
    const bool all = step <= some;
    for (size_t i = 0; rows > 0 && i < (all ? 1 : PLACES); i++) {
        const struct hw_row_range range = all ? (struct hw_row_range){0, rows} : (struct hw_row_range){i * step, some};
        HW_TRY(place_run(sample, files, count, range, &sizes, err));
    }
    *out_factor = sizes.before > sizes.after ? sizes.after / sizes.before : 1;
    return HW_OK;
}

static enum hw_status place_run(const struct hw_optimize_sample *sample, const struct hw_read_file *const *files,
                                size_t count, struct hw_row_range rows, struct sizes *sizes, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_optimized told = {0};
    struct hw_optimize_output output = {
        .work = sample->work,
        .crew = sample->crew,
        .memory_bytes = sample->work->options->memory_bytes,
        .files = files,
        .files_count = count,
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
