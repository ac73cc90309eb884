/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrange.h"

enum { VALUE_BYTES_MIN = 16 };

void hw_nulls_release(struct hw_nulls *nulls) {
    hw_buf_release(&nulls->zeros);
    hw_arena_release(&nulls->children);
}

static enum hw_status nulls_reserve(const struct hw_schema *table, size_t rows, struct hw_nulls *nulls,
                                    struct hw_error *err);
static enum hw_status null_column(const struct hw_field *field, size_t rows, struct hw_nulls *nulls,
                                  struct hw_column *out, struct hw_error *err);

enum hw_status hw_batch_arrange(const struct hw_batch *batch, const uint32_t *places, const struct hw_schema *table,
                                struct hw_column *columns, struct hw_nulls *nulls, struct hw_batch *out_batch,
                                struct hw_error *err) {
    HW_TRY(nulls_reserve(table, batch->rows, nulls, err));
    memset(columns, 0, table->count * sizeof(*columns));
    for (size_t i = 0; i < batch->schema->count; i++) {
        if (places[i] != HW_ARRANGE_LEFT_OUT) {
            columns[places[i]] = batch->columns[i];
            columns[places[i]].length = batch->rows;
        }
    }
    /* Every column that has come from the batch has its length by now, unless there are no rows. */
    for (size_t i = 0; i < table->count; i++) {
        if (columns[i].length == 0) {
            HW_TRY(null_column(&table->fields[i], batch->rows, nulls, &columns[i], err));
        }
    }
    *out_batch = (struct hw_batch){.schema = table, .rows = batch->rows, .columns = columns};
    return HW_OK;
}

/* ------ columns of nulls */

/* Returns the slots that the widest buffer of a column of nulls needs, times their bytes. */
static bool zeros_needed(const struct hw_field *field, size_t slots, size_t *needed) {
    size_t bytes;
    if (field->type.kind == HW_KIND_FIXED_LIST && !hw_mul(slots, (size_t)field->type.width, &slots)) {
        return false;
    }
    const size_t width = hw_max_size(hw_type_bytes(field->type), VALUE_BYTES_MIN);
    if (slots == SIZE_MAX || !hw_mul(slots + 1, width, &bytes)) {
        return false;
    }
    *needed = hw_max_size(*needed, bytes);
    for (size_t i = 0; i < field->children_count; i++) {
        if (!zeros_needed(&field->children[i], slots, needed)) {
            return false;
        }
    }
    return true;
}

/* Makes zeros enough to be the values, offsets, text and validity of any column of `rows` nulls. */
static enum hw_status nulls_reserve(const struct hw_schema *table, size_t rows, struct hw_nulls *nulls,
                                    struct hw_error *err) {
    const size_t before = nulls->zeros.size;
    size_t bytes = 0;
    bool fits = true;
    hw_arena_release(&nulls->children);
    nulls->children = (struct hw_arena){0};
    for (size_t i = 0; fits && i < table->count; i++) {
        fits = zeros_needed(&table->fields[i], rows, &bytes);
    }
    if (!fits || !hw_add(bytes, (size_t)HW_BATCH_PADDING, &bytes)) {
        return hw_fail(err, HW_ELIMIT, "%zu nulls of the table's columns are too many", rows);
    }
    if (bytes > before) {
        HW_TRY(hw_buf_resize(&nulls->zeros, bytes, err));
        memset(nulls->zeros.data + before, 0, bytes - before);
    }
    return HW_OK;
}

/* Fields of a struct have its slots, those of a fixed list many for each; other lists are empty. */
static size_t child_slots(const struct hw_field *field, size_t slots) {
    switch (field->type.kind) {
    case HW_KIND_STRUCT:
        return slots;
    case HW_KIND_FIXED_LIST:
        return slots * field->type.width;
    default:
        return 0;
    }
}

static enum hw_status null_column(const struct hw_field *field, size_t rows, struct hw_nulls *nulls,
                                  struct hw_column *out, struct hw_error *err) {
    const void *zeros = nulls->zeros.data;
    const enum hw_kind kind = field->type.kind;
    const bool large = hw_kind_is_large(kind);
    const bool offsets =
        hw_kind_is_bytes(kind) || kind == HW_KIND_LIST || kind == HW_KIND_LARGE_LIST || kind == HW_KIND_MAP;
    if (kind == HW_KIND_DICTIONARY) {
        return hw_fail(err, HW_EUNSUPPORTED, "a column of a dictionary cannot be made of nothing");
    }
    *out = (struct hw_column){
        .null_count = rows,
        .validity = rows > 0 && kind != HW_KIND_NULL ? zeros : NULL,
        .values = zeros,
        .offsets = offsets && !large ? zeros : NULL,
        .large_offsets = offsets && large ? zeros : NULL,
        .length = rows,
        .data = hw_kind_is_bytes(kind) ? zeros : NULL,
    };
    if (field->children_count == 0) {
        return HW_OK;
    }
    struct hw_column *children = hw_arena_alloc(&nulls->children, field->children_count * sizeof(*children));
    if (!children) {
        return hw_fail_nomem(err, field->children_count * sizeof(*children));
    }
    for (size_t i = 0; i < field->children_count; i++) {
        HW_TRY(null_column(&field->children[i], child_slots(field, rows), nulls, &children[i], err));
    }
    out->children = children;
    return HW_OK;
}
