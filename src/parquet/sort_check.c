/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/sort_check.h"

enum { LEVELS_AT_ONCE = 1024 };

void hw_sort_check_begin(struct hw_sort_check *check, const struct hw_parquet_group *group,
                         const struct hw_read_leaf *leaf) {
    const bool sorted =
        group->sorting_count > 0 && group->sorting[0].column >= 0 && (size_t)group->sorting[0].column == leaf->column;
    check->sorting = sorted && leaf->rep_max == 0 && hw_value_has_order(leaf) ? &group->sorting[0] : NULL;
    check->leaf = leaf;
    check->any = check->null_seen = check->broken = false;
}

/* Sees an entry. `values_seen` says whether one with a value came before it. */
static void entry_see(struct hw_sort_check *check, bool null, bool *values_seen) {
    const bool wrong = check->sorting->nulls_first ? null && *values_seen : !null && check->null_seen;
    check->broken = check->broken || wrong;
    check->null_seen = check->null_seen || null;
    *values_seen = *values_seen || !null;
}

enum hw_status hw_sort_check_nulls(struct hw_sort_check *check, const struct hw_page_levels *levels, uint64_t entries,
                                   uint64_t values, struct hw_error *err) {
    struct hw_rle_reader defs = levels->defs;
    bool values_seen = check->any;
    uint8_t some[LEVELS_AT_ONCE];
    if (!check->sorting || entries == 0) {
        return HW_OK;
    }
    if (values == 0 || values == entries) {
        entry_see(check, values == 0, &values_seen);
        return HW_OK;
    }
    for (uint64_t at = 0; at < entries && !check->broken;) {
        const size_t step = (size_t)hw_clamp(entries - at, 0, LEVELS_AT_ONCE);
        HW_TRY(hw_rle_read_bytes(&defs, some, step, err));
        for (size_t i = 0; i < step; i++) {
            entry_see(check, some[i] < check->leaf->def_max, &values_seen);
        }
        at += step;
    }
    return HW_OK;
}

enum hw_status hw_sort_check_values(struct hw_sort_check *check, const struct hw_leaf_rows *rows,
                                    struct hw_error *err) {
    if (!check->sorting || rows->count == 0 || check->broken) {
        return HW_OK;
    }
    hw_view before = check->any ? hw_buf_view(&check->last) : hw_value_at(rows, 0);
    for (size_t i = 0; i < rows->count && !check->broken; i++) {
        const hw_view value = hw_value_at(rows, i);
        const int order = hw_leaf_value_compare(check->leaf, before, value);
        check->broken = check->sorting->descending ? order < 0 : order > 0;
        before = value;
    }
    check->any = true;
    hw_buf_clear(&check->last);
    return hw_buf_append(&check->last, before.data, before.size, err);
}
