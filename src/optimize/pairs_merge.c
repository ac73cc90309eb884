/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_merge.h"

#include "optimize/arrow_schema_merge.h"
#include "optimize/geo_merge.h"
#include "optimize/pair_table.h"
#include "optimize/pandas_merge.h"
#include "table/arrow_message.h"

static enum hw_status sources_merge(struct hw_pairs_merging *merging, struct hw_file_pairs *out_pairs,
                                    struct hw_error *err);

static const struct hw_pair_kind kinds[] = {
    {HW_VIEW_INIT(HW_ARROW_SCHEMA_KEY), false, hw_arrow_schema_merger_make},
    {HW_VIEW_INIT("pandas"), true, hw_pandas_merger_make},
    {HW_VIEW_INIT("geo"), true, hw_geo_merger_make},
};

enum hw_status hw_pairs_merge(const struct hw_pairs_source *sources, size_t count, enum hw_optimize_metadata rule,
                              struct hw_arena *arena, struct hw_edited_pairs *out, struct hw_error *err) {
    assert(count > 0);
    struct hw_edited_pairs merged = {.pairs = sources[0].pairs};
    struct hw_pairs_merging merging = {
        .sources = sources,
        .count = count,
        .rule = rule,
        .arena = arena,
        .left_out = {.arena = arena},
        .kinds = kinds,
        .kinds_count = COUNT_OF(kinds),
    };
    if (count > 1 || !sources[0].whole) {
        HW_TRY(sources_merge(&merging, &merged.pairs, err));
    }
    for (size_t i = 0; i < count; i++) {
        merged.pairs.same_schema = merged.pairs.same_schema && sources[i].pairs.same_schema;
    }
    HW_TRY(hw_pairs_left_out_items(&merging.left_out, &merged.left_out, err));
    merged.left_out_count = merging.left_out.count;
    *out = merged;
    return HW_OK;
}

static enum hw_status sources_merge(struct hw_pairs_merging *merging, struct hw_file_pairs *out_pairs,
                                    struct hw_error *err) {
    HW_AUTO(hw_pair_table) table = {0};
    HW_TRY(hw_pair_table_begin(&table, merging, &merging->sources[0].pairs, "", err));
    for (size_t i = 1; i < merging->count; i++) {
        HW_TRY(hw_pair_table_add(&table, i, &merging->sources[i].pairs, err));
    }
    return hw_pair_table_finish(&table, out_pairs, err);
}
