/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pandas_merge.h"

#include "optimize/pandas_edit.h"

struct pandas_merger {
    struct hw_pair_merger base;
    const struct hw_pairs_merging *merging;
    /* Of the first source. */
    hw_view value;
    bool has_range;
    struct hw_pandas_range range;
    hw_view rest;
    /* The labels of all rows so far, and the number of these rows and of their sources. */
    struct hw_pandas_range labels;
    uint64_t rows;
    size_t sources;
    /* They are no range. */
    bool broken;
};

static void labels_add(struct pandas_merger *merger, struct hw_pandas_range range, size_t source);
static bool labels_of(struct hw_pandas_range range, const struct hw_pairs_source *source,
                      struct hw_pandas_range *out_labels);
static uint64_t range_length(struct hw_pandas_range range);
static enum hw_status pandas_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                                 struct hw_error *err);
static enum hw_status pandas_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err);
static bool rows_count(const struct hw_pairs_merging *merging, int64_t *out_rows);

enum hw_status hw_pandas_merger_make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                                     struct hw_pair_merger **out_merger, struct hw_error *err) {
    struct pandas_merger *merger = hw_arena_alloc(merging->arena, sizeof(*merger));
    (void)before_key;
    if (!merger) {
        return hw_fail_nomem(err, sizeof(*merger));
    }
    *merger = (struct pandas_merger){.base = {pandas_add, pandas_finish, NULL}, .merging = merging, .value = value};
    HW_TRY(hw_pandas_range_split(value, merging->arena, &merger->has_range, &merger->range, &merger->rest, err));
    if (merger->has_range) {
        labels_add(merger, merger->range, 0);
    }
    *out_merger = &merger->base;
    return HW_OK;
}

/* A source without rows has no labels; the first one is where the others go on, if it is all. */
static void labels_add(struct pandas_merger *merger, struct hw_pandas_range range, size_t source) {
    const struct hw_pairs_source *from = &merger->merging->sources[source];
    struct hw_pandas_range labels;
    merger->sources++;
    if (source > 0 && from->count == 0) {
        return;
    }
    const bool known = labels_of(range, from, &labels);
    const bool first = merger->rows == 0;
    const bool goes_on = known && !first && labels.start == merger->labels.stop && labels.step == merger->labels.step;
    if (known && first) {
        merger->labels = labels;
    } else if (goes_on) {
        merger->labels.stop = labels.stop;
    } else {
        merger->broken = true;
    }
    merger->broken |= !hw_add(merger->rows, from->count, &merger->rows);
}

/* Computes the labels of the rows that are in the output. False where they do not fit. */
static bool labels_of(struct hw_pandas_range range, const struct hw_pairs_source *source,
                      struct hw_pandas_range *out_labels) {
    const uint64_t length = range_length(range);
    const bool fits =
        source->whole ? length == source->count : source->first <= length && source->count <= length - source->first;
    __int128 before;
    __int128 covered;
    range = fits ? range : (struct hw_pandas_range){.start = 0, .step = 1};
    *out_labels = range;
    return hw_mul(range.step, source->first, &before) && hw_add(range.start, before, &out_labels->start) &&
           hw_mul(range.step, source->count, &covered) && hw_add(out_labels->start, covered, &out_labels->stop);
}

/* Counts the labels, as Python counts those of range(start, stop, step). */
static uint64_t range_length(struct hw_pandas_range range) {
    const bool up = range.step > 0;
    const uint64_t span = (uint64_t)(up ? range.stop : range.start) - (uint64_t)(up ? range.start : range.stop);
    const uint64_t step = up ? (uint64_t)range.step : 0 - (uint64_t)range.step;
    const bool any = up ? range.start < range.stop : range.step < 0 && range.stop < range.start;
    return any ? (span - 1) / step + 1 : 0;
}

static enum hw_status pandas_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                                 struct hw_error *err) {
    struct pandas_merger *merger = (struct pandas_merger *)base;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pandas_range range = merger->range;
    hw_view rest = merger->rest;
    bool has_range = merger->has_range;
    if (!hw_view_equal(value, merger->value)) {
        struct hw_error why = HW_ERROR_INIT;
        const enum hw_status status = hw_pandas_range_split(value, &arena, &has_range, &range, &rest, &why);
        if (status != HW_OK) {
            *out_agrees = false;
            return hw_pair_at_fault(status) ? HW_OK : hw_error_pass(err, status, &why);
        }
    }
    if (has_range) {
        labels_add(merger, range, source);
    }
    *out_agrees = hw_view_equal(rest, merger->rest);
    return HW_OK;
}

static enum hw_status pandas_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err) {
    const struct pandas_merger *merger = (const struct pandas_merger *)base;
    struct hw_pandas_range range = {.start = 0, .step = 1};
    (void)agree;
    if (!merger->has_range) {
        *out_value = merger->value;
        return HW_OK;
    }
    if (!merger->broken && merger->sources == merger->merging->count) {
        range = merger->labels;
    } else if (!rows_count(merger->merging, &range.stop)) {
        return hw_fail(err, HW_ELIMIT, "the RangeIndex does not fit into 64 bits");
    }
    return hw_pandas_range_set(merger->value, range, merger->merging->arena, out_value, err);
}

static bool rows_count(const struct hw_pairs_merging *merging, int64_t *out_rows) {
    int64_t rows = 0;
    bool fits = true;
    for (size_t i = 0; fits && i < merging->count; i++) {
        fits = hw_add(rows, merging->sources[i].count, &rows);
    }
    *out_rows = rows;
    return fits;
}
