/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_stats.h"

#include "parquet/assemble.h"
#include "parquet/chunk_locate.h"
#include "parquet/leaf_convert.h"
#include "parquet/prune_column.h"
#include "parquet/stat_order.h"
#include "parquet/statistics_read.h"
#include "parquet/value_span.h"
#include "table/shared_schema.h"

static_assert((int)HW_TOLD_NOT == -1 && (int)HW_TOLD_TRUE == 1, "what is told of a bound is told to programs so");

/* The bounds of a chunk: rows of the batch that is made of them. */
enum { ROW_MIN, ROW_MAX, ROWS };

/* The bounds as the footer has them; `data` is NULL where there is none. */
struct bounds {
    hw_view at[ROWS];
    bool newer;
};

static struct bounds bounds_of(const struct hw_read_leaf *leaf, const struct hw_parquet_statistics *statistics);
static bool is_turned(const struct hw_read_leaf *leaf, const struct bounds *bounds);
static enum hw_status bounds_make(const struct hw_read_leaf *leaf, const struct bounds *bounds,
                                  struct hw_batch *out_batch, struct hw_error *err);

/* A number below 0 is none. */
static int64_t number_of(int64_t told) {
    return told >= 0 ? told : HW_PARQUET_UNTOLD;
}

enum hw_status hw_chunk_stats_make(const struct hw_read_file *file, size_t group, size_t leaf_number,
                                   struct hw_parquet_stats *out_stats, struct hw_error *err) {
    static const struct hw_parquet_statistics nothing = HW_NO_STATISTICS;
    const struct hw_read_leaf *leaf = &file->schema.leaves[leaf_number];
    const struct hw_parquet_group *chunks = &file->meta.groups[group];
    struct hw_located_chunk facts;
    HW_TRY(hw_chunk_locate(&file->meta, chunks, leaf, file->tail.footer_at, &facts, err));
    const struct hw_parquet_chunk *chunk = &chunks->chunks[leaf->column];
    const struct hw_parquet_statistics *statistics = chunk->has_statistics ? &chunk->statistics : &nothing;
    const struct bounds bounds = bounds_of(leaf, statistics);
    struct hw_parquet_stats stats = {
        .entries = facts.entries,
        .nulls = number_of(statistics->nulls),
        .distinct = number_of(statistics->distinct),
        .nans = number_of(statistics->nans),
        .min_exact = (int)statistics->min_exact,
        .max_exact = (int)statistics->max_exact,
        .ordered = bounds.newer && hw_prune_is_ordered(file, leaf) && !is_turned(leaf, &bounds),
    };
    HW_TRY(bounds_make(leaf, &bounds, &stats.bounds, err));
    *out_stats = stats;
    return HW_OK;
}

/* The bounds of the newer fields; those of the older ones where there are none at all. */
static struct bounds bounds_of(const struct hw_read_leaf *leaf, const struct hw_parquet_statistics *statistics) {
    const bool newer = statistics->min.data || statistics->max.data;
    struct bounds bounds = {
        .at = {[ROW_MIN] = newer ? statistics->min : statistics->old_min,
               [ROW_MAX] = newer ? statistics->max : statistics->old_max},
        .newer = newer,
    };
    if (!hw_prune_is_whole(leaf, statistics->min_exact)) {
        bounds.at[ROW_MIN] = (hw_view){0};
    }
    if (!hw_prune_is_whole(leaf, statistics->max_exact)) {
        bounds.at[ROW_MAX] = (hw_view){0};
    }
    return bounds;
}

/* Returns whether the least value sorts behind the greatest: both cannot be true. */
static bool is_turned(const struct hw_read_leaf *leaf, const struct bounds *bounds) {
    const hw_view min = bounds->at[ROW_MIN];
    const hw_view max = bounds->at[ROW_MAX];
    int order = 0;
    return min.data && max.data && hw_stat_fits(leaf, min) && hw_stat_fits(leaf, max) &&
           hw_stat_order(leaf, min, max, &order) && order > 0;
}

/*
 * Brings a bound to the form of a batch. `*out_known` is false where it is no value of the leaf, or
 * one that sorts nowhere, as NaN.
 */
static enum hw_status bound_read(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows,
                                 bool *out_known, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    int order;
    *out_known = bound.data && hw_stat_fits(leaf, bound) && hw_stat_order(leaf, bound, bound, &order);
    if (!*out_known) {
        return HW_OK;
    }
    enum hw_status status = hw_value_of_bound(leaf, bound, rows, &fault);
    if (status == HW_OK && rows->width > 0 && !hw_leaf_converts(leaf)) {
        status = hw_leaf_check(leaf, rows->values.data, 1, &fault);
    }
    *out_known = status == HW_OK;
    return status == HW_OK || status == HW_EDATA ? HW_OK : hw_error_pass(err, status, &fault);
}

/* Appends a row with the bound, or a null where there is none. */
static enum hw_status bound_add(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows,
                                struct hw_error *err) {
    HW_AUTO(hw_leaf_rows) made = {0};
    bool known;
    HW_TRY(bound_read(leaf, bound, &made, &known, err));
    const uint8_t def = known;
    HW_TRY(hw_buf_append(&rows->defs, &def, sizeof(def), err));
    rows->rows++;
    rows->entries++;
    if (!known) {
        return HW_OK;
    }
    const hw_view value = hw_value_at(&made, 0);
    if (rows->width == 0) {
        return hw_leaf_rows_text(rows, value, err);
    }
    HW_TRY(hw_buf_append(&rows->values, value.data, value.size, err));
    rows->count++;
    return HW_OK;
}

static enum hw_status batch_make(const struct hw_assembly *assembly, const struct hw_node *node,
                                 struct hw_batch *out_batch, struct hw_error *err);

/* The bounds are the rows of a leaf that lies in no list and may be null. */
static enum hw_status bounds_make(const struct hw_read_leaf *leaf, const struct bounds *bounds,
                                  struct hw_batch *out_batch, struct hw_error *err) {
    HW_AUTO(hw_leaf_rows) rows = {0};
    struct hw_read_leaf flat = *leaf;
    struct hw_field field = *leaf->field;
    flat.rep_max = 0;
    flat.def_max = 1;
    field.required = false;
    HW_TRY(hw_leaf_rows_clear(&rows, hw_leaf_width(leaf), err));
    for (size_t i = 0; i < ROWS; i++) {
        HW_TRY(bound_add(leaf, bounds->at[i], &rows, err));
    }
    const struct hw_node node = {.kind = HW_NODE_LEAF, .field = &field, .def = 1, .leaves_count = 1};
    const struct hw_assembly assembly = {.rows = ROWS, .leaves = &flat, .leaf_rows = &rows};
    return batch_make(&assembly, &node, out_batch, err);
}

static enum hw_status batch_make(const struct hw_assembly *assembly, const struct hw_node *node,
                                 struct hw_batch *out_batch, struct hw_error *err) {
    struct hw_field field = *node->field;
    struct hw_shared_schema *schema;
    struct hw_assembly made = *assembly;
    HW_TRY(hw_shared_schema_dup(&(struct hw_schema){&field, 1}, &schema, err));
    struct hw_batch batch = {.schema = &schema->schema, .rows = assembly->rows};
    enum hw_status status = hw_batch_memory_new(&schema->owner, NULL, &made.memory, err);
    hw_owner_drop(&schema->owner);
    HW_TRY(status);
    status = hw_assemble(&made, node, 1, &batch.columns, err);
    if (status) {
        hw_batch_memory_free(made.memory);
        return status;
    }
    batch.owner = hw_batch_memory_owner(made.memory);
    *out_batch = batch;
    return HW_OK;
}
