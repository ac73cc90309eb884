/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_check.h"

#include "core/count.h"
#include "table/arrow_check.h"
#include "table/bits.h"
#include "table/schema.h"

enum { ALIGNMENT_MAX = 8 };

static enum hw_status schema_check(const struct hw_schema *schema, const struct hw_schema *other, struct hw_error *err);
static enum hw_status column_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err);

enum hw_status hw_batch_check(const struct hw_schema *schema, const struct hw_batch *batch, struct hw_error *err) {
    HW_TRY(schema_check(schema, batch->schema, err));
    if (!batch->columns) {
        return hw_fail(err, HW_EDATA, "it has no columns, its schema has %zu", schema->count);
    }
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        struct hw_column column = batch->columns[i];
        enum hw_status status = HW_OK;
        if (column.length != 0 && column.length != batch->rows) {
            status = hw_fail(err, HW_EDATA, "it has %s, the batch %s", HW_COUNT(column.length, "slot"),
                             HW_COUNT(batch->rows, "row"));
        }
        column.length = batch->rows;
        status = status == HW_OK ? column_check(field, &column, err) : status;
        if (status == HW_OK && field->required && column.null_count > 0) {
            status = hw_fail(err, HW_EDATA, "%zu of %s %s null in a column that is never null", column.null_count,
                             HW_COUNT(batch->rows, "value"), hw_plural(column.null_count, "is", "are"));
        }
        if (status != HW_OK) {
            hw_error_column(err, field->name, strlen(field->name));
            return status;
        }
    }
    return HW_OK;
}

/* Batches mostly point at the very schema of their stream. */
static enum hw_status schema_check(const struct hw_schema *schema, const struct hw_schema *other,
                                   struct hw_error *err) {
    if (other == schema) {
        return HW_OK;
    }
    if (!other || other->count != schema->count) {
        return hw_fail(err, HW_EDATA, "its schema has %s, that of the table %zu",
                       HW_COUNT(other ? other->count : 0, "column"), schema->count);
    }
    for (size_t i = 0; other->fields != schema->fields && i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        const struct hw_field *found = &other->fields[i];
        if (strcmp(field->name, found->name) != 0 || field->required != found->required ||
            !hw_field_types_equal(field, found)) {
            hw_error_set(err, HW_EDATA, "it is not what the table has there by name, type or what may be null");
            hw_error_column(err, field->name, strlen(field->name));
            return HW_EDATA;
        }
    }
    return HW_OK;
}

static enum hw_status shape_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err);
static enum hw_status nulls_check(const struct hw_column *column, struct hw_error *err);
static enum hw_status buffers_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err);

/* Checks a column, whose length is known, with all that is below it. */
static enum hw_status column_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err) {
    HW_TRY(shape_check(field, column, err));
    HW_TRY(field->type.kind != HW_KIND_NULL ? nulls_check(column, err) : HW_OK);
    HW_TRY(buffers_check(field, column, err));
    for (size_t i = 0; i < field->children_count; i++) {
        HW_TRY(column_check(&field->children[i], &column->children[i], err));
    }
    HW_TRY(field->dictionary ? column_check(field->dictionary, column->dictionary, err) : HW_OK);
    return column->length > 0 ? hw_arrow_contents_check(field, column, err) : HW_OK;
}

/* The slots, and one offset more, can be counted, and so can the bytes of their values. */
static enum hw_status shape_check(const struct hw_field *field, const struct hw_column *column, struct hw_error *err) {
    size_t slots;
    size_t bytes;
    if (!hw_add(column->offset, column->length, &slots) || !hw_add(slots, (size_t)1, &slots) ||
        !hw_mul(slots, hw_max_size(hw_type_bytes(field->type), sizeof(int64_t)), &bytes) || bytes > PTRDIFF_MAX) {
        return hw_fail(err, HW_ELIMIT, "%zu slots at offset %zu cannot be", column->length, column->offset);
    }
    if (field->children_count > 0 && !column->children) {
        return hw_fail(err, HW_EDATA, "it has no children, its type has %zu", field->children_count);
    }
    if (field->dictionary && !column->dictionary) {
        return hw_fail(err, HW_EDATA, "it has no dictionary");
    }
    return HW_OK;
}

static enum hw_status nulls_check(const struct hw_column *column, struct hw_error *err) {
    size_t nulls = 0;
    if (column->validity) {
        nulls = column->length - hw_bits_count(column->validity, column->offset, column->length);
    }
    return nulls == column->null_count ? HW_OK
                                       : hw_fail(err, HW_EDATA, "it says that it has %s, but its bitmap has %zu",
                                                 HW_COUNT(column->null_count, "null"), nulls);
}

/* A buffer is there, and lies where its values can be loaded from. */
static enum hw_status buffer_check(const void *buffer, const char *name, size_t align, struct hw_error *err) {
    if (!buffer) {
        return hw_fail(err, HW_EDATA, "it has no %s", name);
    }
    return (uintptr_t)buffer % align == 0 ? HW_OK
                                          : hw_fail(err, HW_EDATA, "its %s are not aligned to %zu bytes", name, align);
}

static enum hw_status buffers_check(const struct hw_field *field, const struct hw_column *column,
                                    struct hw_error *err) {
    const enum hw_kind kind = field->type.kind;
    const size_t bytes = field->dictionary ? hw_kind_bytes(field->type.index) : hw_kind_bytes(kind);
    const bool bare = kind == HW_KIND_NULL || kind == HW_KIND_STRUCT || kind == HW_KIND_FIXED_LIST ||
                      (kind == HW_KIND_FIXED && field->type.width == 0);
    if (column->length == 0 || bare) {
        return HW_OK;
    }
    if (hw_kind_is_large(kind)) {
        return buffer_check(column->large_offsets, "large offsets", sizeof(int64_t), err);
    }
    if (hw_kind_is_bytes(kind) || field->children_count > 0) {
        return column->large_offsets ? hw_fail(err, HW_EDATA, "it has large offsets")
                                     : buffer_check(column->offsets, "offsets", sizeof(int32_t), err);
    }
    const size_t align = kind == HW_KIND_UUID ? 1 : hw_clamp(bytes, 1, ALIGNMENT_MAX);
    return buffer_check(column->values, "values", align, err);
}
