/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/plan_pairs.h"

#include "optimize/pairs_merge.h"
#include "parquet/file_sum.h"

static enum hw_status source_make(const struct hw_plan_pairs *making, size_t number, struct hw_arena *arena,
                                  struct hw_pairs_source *out, struct hw_error *err);
static enum hw_status digest_add(const char *digest, struct hw_arena *arena, struct hw_file_pairs *pairs,
                                 struct hw_error *err);

enum hw_status hw_plan_pairs_make(const struct hw_plan_pairs *making, struct hw_arena *arena,
                                  struct hw_edited_pairs *out, struct hw_error *err) {
    const uint64_t end = making->rows.count > 0 ? making->rows.first + making->rows.count : UINT64_MAX;
    struct hw_edited_pairs merged;
    uint64_t before = 0; /* the rows of the files before */
    struct hw_pairs_source *sources = hw_arena_alloc(arena, making->files_count * sizeof(*sources));
    if (!sources) {
        return hw_fail_nomem(err, making->files_count * sizeof(*sources));
    }
    for (size_t i = 0; i < making->files_count; i++) {
        const uint64_t rows = making->files[i]->rows;
        HW_TRY(source_make(making, i, arena, &sources[i], err));
        const uint64_t first = making->rows.first > before ? making->rows.first : before;
        const uint64_t last = end < before + rows ? end : before + rows;
        sources[i].count = last > first ? last - first : 0;
        sources[i].first = sources[i].count > 0 ? first - before : 0;
        sources[i].whole = sources[i].count == rows;
        before += rows;
    }
    HW_TRY(hw_pairs_merge(sources, making->files_count, making->rule, arena, &merged, err));
    HW_TRY(making->digest ? digest_add(making->digest, arena, &merged.pairs, err) : HW_OK);
    *out = merged;
    return HW_OK;
}

/* Returns whether a pair is of its own file alone: the writer gives each output its own sum. */
static bool is_of_file(const struct hw_parquet_pair *pair) {
    return hw_view_equal(pair->key, HW_VIEW(HW_OPTIMIZE_KEY)) || hw_view_equal(pair->key, HW_VIEW(HW_FILE_SUM_KEY));
}

static enum hw_status source_make(const struct hw_plan_pairs *making, size_t number, struct hw_arena *arena,
                                  struct hw_pairs_source *out, struct hw_error *err) {
    const struct hw_parquet_meta *meta = &making->files[number]->meta;
    struct hw_file_pair *pairs = hw_arena_alloc(arena, meta->pairs_count * sizeof(*pairs));
    size_t count = 0;
    if (!pairs) {
        return hw_fail_nomem(err, meta->pairs_count * sizeof(*pairs));
    }
    for (size_t i = 0; i < meta->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &meta->pairs[i];
        const bool shows = making->masks && hw_view_equal(pair->key, HW_VIEW("geo"));
        if (!shows && !is_of_file(pair)) {
            pairs[count++] = (struct hw_file_pair){pair->key, pair->value, pair->has_value};
        }
    }
    *out = (struct hw_pairs_source){
        .name = making->names ? making->names[number] : "",
        .pairs = {pairs, count, true},
    };
    return HW_OK;
}

static enum hw_status digest_add(const char *digest, struct hw_arena *arena, struct hw_file_pairs *pairs,
                                 struct hw_error *err) {
    struct hw_file_pair *items = hw_arena_alloc(arena, (pairs->count + 1) * sizeof(*items));
    if (!items) {
        return hw_fail_nomem(err, (pairs->count + 1) * sizeof(*items));
    }
    for (size_t i = 0; i < pairs->count; i++) {
        items[i] = pairs->items[i];
    }
    items[pairs->count++] = (struct hw_file_pair){HW_VIEW(HW_OPTIMIZE_KEY), hw_view_of(digest), true};
    pairs->items = items;
    return HW_OK;
}
