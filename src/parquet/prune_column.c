/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune_column.h"

#include "parquet/bloom_read.h"
#include "parquet/chunk_locate.h"
#include "parquet/stat_order.h"
#include "parquet/stat_value.h"

/* The number of ColumnOrder that the type of a column defines (TypeDefinedOrder). */
enum { TYPE_ORDER = 1 };

struct hw_prune_column hw_prune_column_of(const struct hw_read_file *file, size_t group,
                                          const struct hw_filter_column *column) {
    const struct hw_node *nodes = file->schema.nodes;
    const struct hw_node *node = NULL;
    const struct hw_parquet_group *chunks = &file->meta.groups[group];
    struct hw_located_chunk facts;
    for (size_t step = 0; step < column->path_count; step++) {
        node = &nodes[column->path[step]];
        nodes = node->children;
    }
    if (!node || node->kind != HW_NODE_LEAF) {
        return (struct hw_prune_column){0};
    }
    const struct hw_read_leaf *leaf = &file->schema.leaves[node->first_leaf];
    if (leaf->rep_max > 0 || hw_chunk_locate(&file->meta, chunks, leaf, file->tail.footer_at, &facts, NULL) != HW_OK) {
        return (struct hw_prune_column){0};
    }
    return (struct hw_prune_column){
        .leaf = leaf,
        .chunk = &chunks->chunks[leaf->column],
        .ordered = hw_prune_is_ordered(file, leaf),
    };
}

/* A logical type that counts as none may have had an order of its own. */
bool hw_prune_is_ordered(const struct hw_read_file *file, const struct hw_read_leaf *leaf) {
    const struct hw_parquet_meta *meta = &file->meta;
    const int logical = leaf->element->logical.kind;
    bool ordered = leaf->column < meta->column_orders_count && meta->column_orders[leaf->column] == TYPE_ORDER &&
                   leaf->physical != HW_PHYSICAL_INT96 && leaf->form != HW_LEAF_INTERVAL &&
                   leaf->form != HW_LEAF_NULL && logical != HW_LOGICAL_GEOMETRY && logical != HW_LOGICAL_GEOGRAPHY &&
                   logical != HW_LOGICAL_VARIANT;
    for (size_t i = 0; i < file->schema.doubts_count; i++) {
        ordered = ordered && file->schema.doubts[i].path != leaf->path;
    }
    return ordered;
}

/* ------ bounds */

static bool is_real(const struct hw_read_leaf *leaf) {
    const enum hw_kind kind = leaf->field->type.kind;
    return kind == HW_KIND_HALF || kind == HW_KIND_FLOAT || kind == HW_KIND_DOUBLE;
}

bool hw_prune_is_whole(const struct hw_read_leaf *leaf, enum hw_told exact) {
    const bool cut = leaf->form == HW_LEAF_BYTES_DECIMAL && leaf->physical == HW_PHYSICAL_BYTE_ARRAY;
    return !cut || exact == HW_TOLD_TRUE;
}

/* Reads a bound as a value. `*out_known` is false where it is none that can be compared. */
static enum hw_status bound_read(const struct hw_read_leaf *leaf, hw_view bound, struct hw_arena *arena,
                                 struct hw_value *out_value, bool *out_known, struct hw_error *err) {
    HW_AUTO(hw_leaf_rows) rows = {0};
    const struct hw_type type = leaf->field->type;
    union hw_values values;
    hw_view value;
    *out_known = bound.data && hw_stat_value(leaf, bound, &rows, &value);
    if (!*out_known) {
        return HW_OK;
    }
    /* Bytes may lie anywhere; values of a fixed width are aligned in a column. */
    const size_t bytes = hw_max_size(value.size, HW_VALUE_HUGE_BYTES);
    char *copy = hw_arena_alloc(arena, bytes);
    if (!copy) {
        return hw_fail_nomem(err, bytes);
    }
    memcpy(copy, value.data, value.size);
    const int32_t offsets[] = {0, (int32_t)value.size};
    const struct hw_column column = {.values = copy, .data = copy, .offsets = offsets, .length = 1};
    hw_values_load(type, &column, 0, 1, &values);
    *out_value = hw_values_at(hw_value_order_of(type), &values, 0);
    if (type.kind == HW_KIND_DECIMAL256) { /* Its bytes were turned round. */
        memcpy(copy, out_value->bytes.data, HW_VALUE_HUGE_BYTES);
        out_value->bytes.data = copy;
    }
    *out_known = !is_real(leaf) || out_value->key != HW_VALUE_KEY_NAN;
    return HW_OK;
}

enum hw_status hw_prune_bounds(const struct hw_prune_column *column, const struct hw_prune_facts *facts,
                               struct hw_arena *arena, struct hw_filter_bounds *bounds, struct hw_error *err) {
    const struct hw_read_leaf *leaf = column->leaf;
    struct hw_value min;
    struct hw_value max;
    bool has_min = false;
    bool has_max = false;
    if (!leaf) {
        return HW_OK;
    }
    bounds->nulls = bounds->nulls && leaf->def_max > 0 && facts->nulls != 0;
    bounds->values = bounds->values && (uint64_t)facts->nulls != facts->rows;
    bounds->nans = bounds->nans && is_real(leaf) && facts->nans != 0;
    if (!column->ordered) {
        return HW_OK;
    }
    if (hw_prune_is_whole(leaf, facts->min_exact)) {
        HW_TRY(bound_read(leaf, facts->min, arena, &min, &has_min, err));
    }
    if (hw_prune_is_whole(leaf, facts->max_exact)) {
        HW_TRY(bound_read(leaf, facts->max, arena, &max, &has_max, err));
    }
    if (has_min && has_max && hw_value_compare(hw_value_order_of(leaf->field->type), &min, &max) > 0) {
        return HW_OK; /* Both cannot be true. */
    }
    if (has_min) {
        bounds->has_min = true;
        bounds->min = min;
    }
    if (has_max) {
        bounds->has_max = true;
        bounds->max = max;
    }
    return HW_OK;
}

struct hw_prune_facts hw_prune_chunk_facts(const struct hw_prune_column *column, uint64_t rows) {
    if (!column->leaf || !column->chunk->has_statistics) {
        return (struct hw_prune_facts){.rows = rows, .nulls = HW_META_ABSENT, .nans = HW_META_ABSENT};
    }
    const struct hw_parquet_statistics *statistics = &column->chunk->statistics;
    return (struct hw_prune_facts){
        .rows = rows,
        .nulls = statistics->nulls,
        .nans = statistics->nans,
        .min = statistics->min,
        .max = statistics->max,
        .min_exact = statistics->min_exact,
        .max_exact = statistics->max_exact,
    };
}

/* ------ bloom filters */

/*
 * Whether a value of a table has one form in the file: floats have two zeros, and decimals that are
 * bytes may have more of them than they need.
 */
static bool bloom_fits(const struct hw_read_leaf *leaf) {
    const bool integer = leaf->physical == HW_PHYSICAL_INT32 || leaf->physical == HW_PHYSICAL_INT64;
    const bool bytes = leaf->physical == HW_PHYSICAL_BYTE_ARRAY || leaf->physical == HW_PHYSICAL_FIXED;
    return (integer && (leaf->form == HW_LEAF_SAME || leaf->form == HW_LEAF_NARROW || leaf->form == HW_LEAF_TIME)) ||
           (bytes && leaf->form == HW_LEAF_SAME && !is_real(leaf));
}

static bool bloom_may_have(const void *context, const struct hw_value *value) {
    const struct hw_prune_bloom *bloom = context;
    uint64_t key = (uint64_t)value->key;
    if (bloom->leaf->physical == HW_PHYSICAL_BYTE_ARRAY || bloom->leaf->physical == HW_PHYSICAL_FIXED) {
        return hw_bloom_may_have(bloom->filter, value->bytes.data, value->bytes.size);
    }
    key ^= bloom->leaf->field->type.kind == HW_KIND_UINT64 ? UINT64_C(1) << 63 : 0;
    return hw_bloom_may_have(bloom->filter, &key, bloom->leaf->width);
}

void hw_prune_bloom_read(const struct hw_read_file *file, struct hw_prune_column *column, struct hw_arena *arena,
                         struct hw_filter_bounds *bounds) {
    struct hw_bloom_head head;
    hw_view bytes;
    if (!column->leaf || !bloom_fits(column->leaf) || column->chunk->bloom_offset < 0) {
        return;
    }
    const int64_t at = column->chunk->bloom_offset;
    int64_t size = column->chunk->bloom_bytes;
    if (size < 0) { /* Older writers do not tell: the header does. */
        const uint64_t left = (uint64_t)at < file->tail.footer_at ? file->tail.footer_at - (uint64_t)at : 0;
        size = (int64_t)hw_clamp(left, 0, HW_BLOOM_HEAD_BYTES_MAX);
        if (hw_read_file_bytes(file, at, size, "the bloom filter", arena, &bytes, NULL) != HW_OK ||
            hw_bloom_head_read(bytes, (uint64_t)at, &head, NULL) != HW_OK) {
            return;
        }
        size = (int64_t)head.header_bytes + head.bytes;
    }
    if (size > column->chunk->compressed ||
        hw_read_file_bytes(file, at, size, "the bloom filter", arena, &bytes, NULL) != HW_OK ||
        hw_bloom_head_read(bytes, (uint64_t)at, &head, NULL) != HW_OK || bytes.size - head.header_bytes < head.bytes) {
        return;
    }
    column->bloom = (struct hw_prune_bloom){column->leaf, {bytes.data + head.header_bytes, head.bytes}};
    bounds->may_have = bloom_may_have;
    bounds->context = &column->bloom;
}
