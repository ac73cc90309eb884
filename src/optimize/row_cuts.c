/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/row_cuts.h"

/* The row group that is being filled. */
struct filling {
    struct hw_row_cuts *cuts;
    const struct hw_row_cuts_options *options;
    struct hw_row_cut cut;
    double bytes;
    /* The bytes of a row, where all count as many. */
    double average;
    /* The rows of all row groups that were looked at. */
    uint64_t seen;
};

static double average_bytes(const struct hw_row_cuts_options *options);
static enum hw_status group_add(struct filling *filling, size_t number, size_t group, struct hw_error *err);
static enum hw_status rows_add(struct filling *filling, struct hw_rewrite_rows rows, struct hw_error *err);
static enum hw_status cut_end(struct filling *filling, struct hw_error *err);

enum hw_status hw_row_cuts_make(struct hw_row_cuts *cuts, const struct hw_row_cuts_options *options,
                                struct hw_error *err) {
    struct filling filling = {.cuts = cuts, .options = options};
    cuts->runs.limit = cuts->cuts.limit = SIZE_MAX;
    filling.average = options->sorted ? average_bytes(options) : 0;
    for (size_t i = 0; i < options->files_count; i++) {
        const struct hw_read_file *file = options->files[i];
        for (size_t group = 0; group < file->meta.groups_count; group++) {
            HW_TRY(group_add(&filling, i, group, err));
        }
    }
    return filling.cut.rows > 0 ? cut_end(&filling, err) : HW_OK;
}

void hw_row_cuts_release(struct hw_row_cuts *cuts) {
    hw_buf_release(&cuts->runs);
    hw_buf_release(&cuts->cuts);
}

/* Returns the stored bytes of a row of a group, of the columns that are written. */
static double row_bytes(const struct hw_row_cuts_options *options, const struct hw_parquet_group *group) {
    double bytes = 0;
    for (size_t i = 0; i < options->columns_count; i++) {
        const size_t column = options->columns[i].leaves->read.column;
        const int64_t stored = column < group->chunks_count ? group->chunks[column].compressed : 0;
        bytes += stored > 0 ? (double)stored : 0;
    }
    return bytes / (double)group->rows;
}

/* Returns the same of a row of all row groups together. */
static double average_bytes(const struct hw_row_cuts_options *options) {
    double bytes = 0, rows = 0;
    for (size_t i = 0; i < options->files_count; i++) {
        const struct hw_parquet_meta *meta = &options->files[i]->meta;
        for (size_t group = 0; group < meta->groups_count; group++) {
            const double of_group = (double)meta->groups[group].rows;
            bytes += of_group > 0 ? row_bytes(options, &meta->groups[group]) * of_group : 0;
            rows += of_group;
        }
    }
    return rows > 0 ? bytes / rows : 0;
}

/* Returns how many of `left` rows the row group still takes. */
static uint64_t rows_that_fit(const struct filling *filling, uint64_t left, double a_row) {
    const struct hw_row_cuts_options *options = filling->options;
    const uint64_t by_rows = hw_clamp(left, 0, options->group_rows - filling->cut.rows);
    const double room = (double)options->group_bytes - filling->bytes;
    const double by_bytes = room > 0 ? room / (a_row > 0 ? a_row : 1e-9) : 0;
    const uint64_t fit = by_bytes < (double)by_rows ? (uint64_t)by_bytes : by_rows;
    /* A row group has a row at least. */
    return fit == 0 && filling->cut.rows == 0 ? 1 : fit;
}

/* Adds those rows of a row group that are written. */
static enum hw_status group_add(struct filling *filling, size_t number, size_t group, struct hw_error *err) {
    const struct hw_row_range *range = &filling->options->rows;
    const struct hw_read_file *file = filling->options->files[number];
    const uint64_t first = filling->seen;
    const uint64_t end = first + (uint64_t)file->meta.groups[group].rows;
    const uint64_t range_end = range->count > 0 ? range->first + range->count : UINT64_MAX;
    const uint64_t from = hw_clamp(range->first, first, end);
    const uint64_t to = hw_clamp(range_end, from, end);
    filling->seen = end;
    const struct hw_rewrite_rows rows = {
        .file = file,
        .group = group,
        .first = from - first,
        .count = to - from,
        .number = filling->options->numbers ? filling->options->numbers[number] : 0,
    };
    return to > from ? rows_add(filling, rows, err) : HW_OK;
}

static enum hw_status rows_add(struct filling *filling, struct hw_rewrite_rows rows, struct hw_error *err) {
    const uint64_t end = rows.first + rows.count;
    const struct hw_row_cuts_options *options = filling->options;
    const double a_row = options->sorted ? filling->average : row_bytes(options, &rows.file->meta.groups[rows.group]);
    while (rows.first < end) {
        rows.count = rows_that_fit(filling, end - rows.first, a_row);
        if (rows.count == 0) {
            HW_TRY(cut_end(filling, err));
            continue;
        }
        HW_TRY(hw_buf_append(&filling->cuts->runs, &rows, sizeof(rows), err));
        filling->cut.count++;
        filling->cut.rows += rows.count;
        filling->bytes += a_row * (double)rows.count;
        rows.first += rows.count;
    }
    return HW_OK;
}

static enum hw_status cut_end(struct filling *filling, struct hw_error *err) {
    const size_t next = filling->cut.first + filling->cut.count;
    HW_TRY(hw_buf_append(&filling->cuts->cuts, &filling->cut, sizeof(filling->cut), err));
    filling->cut = (struct hw_row_cut){.first = next};
    filling->bytes = 0;
    return HW_OK;
}
