/* SPDX-License-Identifier: Apache-2.0 */
#include "table/value_json.h"

#include "core/json_write.h"
#include "table/schema.h"

/* Returns whether values of the kind stand in JSON without quotes, specials aside. */
static bool kind_is_bare(enum hw_kind kind) {
    return hw_kind_is_integer(kind) || kind == HW_KIND_BOOL || kind == HW_KIND_HALF || kind == HW_KIND_FLOAT ||
           kind == HW_KIND_DOUBLE;
}

enum hw_status hw_json_text_append(hw_view text, struct hw_buf *out, struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_COMPACT, .error = HW_ERROR_INIT};
    hw_json_view(&writer, NULL, text);
    return writer.status == HW_OK ? HW_OK : hw_error_pass(err, writer.status, &writer.error);
}

static enum hw_status flat_append(enum hw_binary_text binary, const struct hw_field *field,
                                  const struct hw_column *column, size_t row, struct hw_buf *out,
                                  struct hw_error *err) {
    if (kind_is_bare(field->type.kind)) {
        const size_t before = out->size;
        HW_TRY(hw_value_text_append(binary, field, column, row, out, err));
        const uint8_t last = out->data[out->size - 1];
        const bool special = last == 'f' || last == 'n'; /* inf, nan */
        if (!special) {
            return HW_OK;
        }
        HW_AUTO(hw_buf) text = {0};
        HW_TRY(hw_buf_append(&text, out->data + before, out->size - before, err));
        out->size = before;
        return hw_json_text_append(hw_buf_view(&text), out, err);
    }
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_value_text_append(binary, field, column, row, &text, err));
    return hw_json_text_append(hw_buf_view(&text), out, err);
}

/* Names of the members of a map's entries, whatever its fields are called. */
static const char *const entry_names[] = {"key", "value"};

/* `names` is NULL for those of the fields. */
static enum hw_status struct_append(enum hw_binary_text binary, const struct hw_field *field, const char *const *names,
                                    const struct hw_column *column, size_t row, struct hw_buf *out,
                                    struct hw_error *err) {
    HW_TRY(hw_buf_append_byte(out, '{', err));
    for (size_t i = 0; i < field->children_count; i++) {
        const struct hw_field *child = &field->children[i];
        if (i > 0) {
            HW_TRY(hw_buf_append_byte(out, ',', err));
        }
        HW_TRY(hw_json_text_append(hw_view_of(names ? names[i] : child->name), out, err));
        HW_TRY(hw_buf_append_byte(out, ':', err));
        HW_TRY(hw_value_json_append(binary, child, &column->children[i], column->offset + row, out, err));
    }
    return hw_buf_append_byte(out, '}', err);
}

/* A union is its only member that is not null. */
static enum hw_status union_append(enum hw_binary_text binary, const struct hw_field *field,
                                   const struct hw_column *column, size_t row, struct hw_buf *out,
                                   struct hw_error *err) {
    const size_t slot = column->offset + row;
    for (size_t i = 0; i < field->children_count; i++) {
        if (!hw_value_is_null(&field->children[i], &column->children[i], slot)) {
            return hw_value_json_append(binary, &field->children[i], &column->children[i], slot, out, err);
        }
    }
    return hw_buf_append_text(out, "null", err);
}

static enum hw_status list_append(enum hw_binary_text binary, const struct hw_field *field,
                                  const struct hw_column *column, size_t row, struct hw_buf *out,
                                  struct hw_error *err) {
    const size_t slot = column->offset + row;
    const bool fixed = field->type.kind == HW_KIND_FIXED_LIST;
    const size_t begin = fixed ? slot * field->type.width : hw_column_begin(column, slot);
    const size_t end = fixed ? begin + field->type.width : hw_column_begin(column, slot + 1);
    HW_TRY(hw_buf_append_byte(out, '[', err));
    for (size_t i = begin; i < end; i++) {
        if (i > begin) {
            HW_TRY(hw_buf_append_byte(out, ',', err));
        }
        HW_TRY(field->type.kind == HW_KIND_MAP
                   ? struct_append(binary, &field->children[0], entry_names, &column->children[0], i, out, err)
                   : hw_value_json_append(binary, &field->children[0], &column->children[0], i, out, err));
    }
    return hw_buf_append_byte(out, ']', err);
}

enum hw_status hw_value_json_append(enum hw_binary_text binary, const struct hw_field *field,
                                    const struct hw_column *column, size_t row, struct hw_buf *out,
                                    struct hw_error *err) {
    if (hw_value_is_null(field, column, row)) {
        return hw_buf_append_text(out, "null", err);
    }
    hw_value_resolve(&field, &column, &row);
    switch (field->type.kind) {
    case HW_KIND_STRUCT:
        return hw_field_metadata(field, HW_META_UNION) ? union_append(binary, field, column, row, out, err)
                                                       : struct_append(binary, field, NULL, column, row, out, err);
    case HW_KIND_LIST:
    case HW_KIND_LARGE_LIST:
    case HW_KIND_FIXED_LIST:
    case HW_KIND_MAP:
        return list_append(binary, field, column, row, out, err);
    default:
        return flat_append(binary, field, column, row, out, err);
    }
}
