/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_import.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/count.h"
#include "table/arrow_check.h"
#include "table/arrow_format.h"
#include "table/bits.h"

enum { ALIGNMENT_MAX = 8 };

/* An array of another library, its columns as ours, and the schema by which they are read. */
struct imported_batch {
    struct hw_owner owner;
    struct hw_shared_schema *schema;
    struct hw_arena arena;
    struct ArrowArray array; /* released last; `release` is NULL while it is not ours */
};

static void imported_free(struct hw_owner *owner) {
    struct imported_batch *imported = (struct imported_batch *)(void *)owner;
    if (imported->array.release) {
        imported->array.release(&imported->array);
    }
    hw_owner_drop(&imported->schema->owner);
    hw_arena_release(&imported->arena);
    hw_free(imported);
}

static enum hw_status column_import(const struct hw_field *field, const struct ArrowArray *array,
                                    struct hw_arena *arena, struct hw_column *out_column, struct hw_error *err);

/* A batch's column has no other slots than those of its rows. */
static void column_cut(enum hw_kind kind, struct hw_column *column, const struct hw_column *rows) {
    if (rows->offset == 0 && rows->length == column->length) {
        return;
    }
    column->offset += rows->offset;
    column->length = rows->length;
    if (kind == HW_KIND_NULL) {
        column->null_count = column->length;
    } else if (column->validity) {
        column->null_count = column->length - hw_bits_count(column->validity, column->offset, column->length);
        column->validity = column->null_count > 0 ? column->validity : NULL;
    }
}

enum hw_status hw_arrow_array_import(struct hw_shared_schema *schema, struct ArrowArray *array,
                                     struct hw_batch *out_batch, struct hw_error *err) {
    const struct hw_field table = {.name = "",
                                   .type = {.kind = HW_KIND_STRUCT},
                                   .children = schema->schema.fields,
                                   .children_count = schema->schema.count};
    struct imported_batch *imported = hw_alloc_zero(1, sizeof(*imported));
    struct hw_column rows;
    if (!imported) {
        return hw_fail_nomem(err, sizeof(*imported));
    }
    hw_owner_init(&imported->owner, imported_free);
    hw_owner_retain(&schema->owner);
    imported->schema = schema;
    enum hw_status status = column_import(&table, array, &imported->arena, &rows, err);
    if (status == HW_OK && rows.null_count > 0) {
        status = hw_fail(err, HW_EDATA, "%s of an Arrow table %s null", HW_COUNT(rows.null_count, "row"),
                         hw_plural(rows.null_count, "is", "are"));
    }
    if (status != HW_OK) {
        hw_owner_drop(&imported->owner);
        return status;
    }
    struct hw_column *columns = (struct hw_column *)(uintptr_t)rows.children;
    for (size_t i = 0; i < table.children_count; i++) {
        column_cut(table.children[i].type.kind, &columns[i], &rows);
    }
    imported->array = *array;
    array->release = NULL;
    *out_batch = (struct hw_batch){
        .schema = &schema->schema, .rows = rows.length, .columns = columns, .owner = &imported->owner};
    return HW_OK;
}

enum hw_status hw_arrow_batch_import(const struct ArrowSchema *schema, struct ArrowArray *array,
                                     struct hw_batch *out_batch, struct hw_error *err) {
    struct hw_shared_schema *read;
    HW_TRY(hw_arrow_schema_read(schema, &read, err));
    enum hw_status status = hw_arrow_array_import(read, array, out_batch, err);
    hw_owner_drop(&read->owner);
    return status;
}

static enum hw_status shape_check(const struct hw_field *field, const struct ArrowArray *array, struct hw_error *err);
static enum hw_status validity_import(enum hw_kind kind, const struct ArrowArray *array, struct hw_column *column,
                                      struct hw_error *err);
static enum hw_status buffers_import(struct hw_type type, const struct ArrowArray *array, struct hw_column *column,
                                     struct hw_error *err);
static enum hw_status children_import(const struct hw_field *field, const struct ArrowArray *array,
                                      struct hw_arena *arena, struct hw_column *column, struct hw_error *err);

static enum hw_status column_import(const struct hw_field *field, const struct ArrowArray *array,
                                    struct hw_arena *arena, struct hw_column *out_column, struct hw_error *err) {
    struct hw_column column = {.exact = true};
    enum hw_status status = shape_check(field, array, err);
    if (status == HW_OK) {
        column.length = (size_t)array->length;
        column.offset = (size_t)array->offset;
        status = validity_import(field->type.kind, array, &column, err);
    }
    if (status == HW_OK) {
        status = buffers_import(field->type, array, &column, err);
    }
    if (status == HW_OK) {
        status = children_import(field, array, arena, &column, err);
    }
    if (status == HW_OK) {
        status = hw_arrow_contents_check(field, &column, err);
    }
    if (status != HW_OK) {
        hw_error_column(err, field->name, strlen(field->name));
        return status;
    }
    if (hw_kind_is_bytes(field->type.kind) && !column.data) {
        column.data = ""; /* there are none */
    }
    *out_column = column;
    return HW_OK;
}

/* Checks that the array's numbers fit the field, and that they can be counted. */
static enum hw_status shape_check(const struct hw_field *field, const struct ArrowArray *array, struct hw_error *err) {
    const unsigned buffers = hw_arrow_buffers(field->type.kind);
    int64_t slots;
    size_t bytes;
    if (!array || !array->release) {
        return hw_fail(err, HW_EDATA, "an Arrow array has been released already");
    }
    if (array->length < 0 || array->offset < 0 || array->null_count < -1 || array->null_count > array->length) {
        return hw_fail(err, HW_EDATA, "an Arrow array has length %" PRId64 ", offset %" PRId64 ", %" PRId64 " nulls",
                       array->length, array->offset, array->null_count);
    }
    /*
     * There is one more slot for the last offset; no value has more bits than a UUID or a fixed
     * one.
     */
    if (!hw_add(array->length, array->offset, &slots) || !hw_add(slots, (int64_t)1, &slots) ||
        !hw_mul((size_t)slots, hw_max_size(hw_type_bytes(field->type), sizeof(int64_t)), &bytes) ||
        bytes > PTRDIFF_MAX) {
        return hw_fail(err, HW_ELIMIT, "an Arrow array of length %" PRId64 " at offset %" PRId64 " cannot be",
                       array->length, array->offset);
    }
    if (array->n_buffers != buffers || (buffers > 0 && !array->buffers)) {
        return hw_fail(err, HW_EDATA, "an Arrow array has %" PRId64 " buffers, its type has %u", array->n_buffers,
                       buffers);
    }
    if (array->n_children != (int64_t)field->children_count || (array->n_children > 0 && !array->children)) {
        return hw_fail(err, HW_EDATA, "an Arrow array has %" PRId64 " children, its type has %zu", array->n_children,
                       field->children_count);
    }
    if ((array->dictionary != NULL) != (field->dictionary != NULL)) {
        return hw_fail(err, HW_EDATA, "an Arrow array %s a dictionary, its type %s",
                       array->dictionary ? "has" : "lacks", field->dictionary ? "has one" : "has none");
    }
    return HW_OK;
}

/* Counts the nulls. The number that another library gives must be right, unless it is -1. */
static enum hw_status validity_import(enum hw_kind kind, const struct ArrowArray *array, struct hw_column *column,
                                      struct hw_error *err) {
    if (kind == HW_KIND_NULL) {
        column->null_count = column->length;
        return HW_OK;
    }
    const uint8_t *validity = array->buffers[0];
    if (validity) {
        column->null_count = column->length - hw_bits_count(validity, column->offset, column->length);
        column->validity = column->null_count > 0 ? validity : NULL;
    }
    if (array->null_count != -1 && (size_t)array->null_count != column->null_count) {
        return hw_fail(err, HW_EDATA, "an Arrow array says that it has %s, but its bitmap has %zu",
                       HW_COUNT(array->null_count, "null"), column->null_count);
    }
    return HW_OK;
}

/*
 * Takes a buffer. It must be there if it holds anything, and be aligned so that its values can be
 * loaded.
 */
static enum hw_status buffer_take(const struct ArrowArray *array, unsigned index, size_t align, const void **out_buffer,
                                  struct hw_error *err) {
    const void *buffer = array->buffers[index];
    if (!buffer) {
        return hw_fail(err, HW_EDATA, "an Arrow array of %" PRId64 " has no buffer %u", array->length, index);
    }
    if ((uintptr_t)buffer % align != 0) {
        return hw_fail(err, HW_EUNSUPPORTED, "an Arrow buffer is not aligned to %zu bytes", align);
    }
    *out_buffer = buffer;
    return HW_OK;
}

static enum hw_status offsets_import(struct hw_type type, const struct ArrowArray *array, struct hw_column *column,
                                     struct hw_error *err) {
    static const int64_t none[1] = {0}; /* for an array without slots, which may have no buffer */
    const void *offsets = none;
    bool large = hw_kind_is_large(type.kind);
    if (column->length > 0) {
        HW_TRY(buffer_take(array, 1, large ? sizeof(int64_t) : sizeof(int32_t), &offsets, err));
    } else {
        column->offset = 0;
    }
    column->offsets = large ? NULL : offsets;
    column->large_offsets = large ? offsets : NULL;
    if (hw_kind_is_bytes(type.kind)) {
        column->data = array->buffers[2];
    }
    return HW_OK;
}

static enum hw_status buffers_import(struct hw_type type, const struct ArrowArray *array, struct hw_column *column,
                                     struct hw_error *err) {
    size_t bytes = type.kind == HW_KIND_DICTIONARY ? hw_kind_bytes(type.index) : hw_type_bytes(type);
    switch (type.kind) {
    case HW_KIND_NULL:
    case HW_KIND_STRUCT:
    case HW_KIND_FIXED_LIST:
        return HW_OK;
    case HW_KIND_TEXT:
    case HW_KIND_BINARY:
    case HW_KIND_LARGE_TEXT:
    case HW_KIND_LARGE_BINARY:
    case HW_KIND_LIST:
    case HW_KIND_LARGE_LIST:
    case HW_KIND_MAP:
        return offsets_import(type, array, column, err);
    case HW_KIND_BOOL:
    case HW_KIND_FIXED:
    case HW_KIND_UUID:
        bytes = 1; /* bytes have no alignment */
        break;
    default:
        break;
    }
    if (column->length == 0 || (type.kind == HW_KIND_FIXED && type.width == 0)) {
        column->values = array->buffers[1] ? array->buffers[1] : "";
        return HW_OK;
    }
    return buffer_take(array, 1, hw_min_size(bytes, ALIGNMENT_MAX), &column->values, err);
}

static enum hw_status children_import(const struct hw_field *field, const struct ArrowArray *array,
                                      struct hw_arena *arena, struct hw_column *column, struct hw_error *err) {
    size_t count = field->children_count + (field->dictionary ? 1 : 0);
    struct hw_column *children = count > 0 ? hw_arena_alloc(arena, count * sizeof(*children)) : NULL;
    if (count > 0 && !children) {
        return hw_fail_nomem(err, count * sizeof(*children));
    }
    for (size_t i = 0; i < field->children_count; i++) {
        HW_TRY(column_import(&field->children[i], array->children[i], arena, &children[i], err));
    }
    if (field->dictionary) {
        HW_TRY(column_import(field->dictionary, array->dictionary, arena, children, err));
        column->dictionary = children;
    } else {
        column->children = children;
    }
    return HW_OK;
}
