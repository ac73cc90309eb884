/* SPDX-License-Identifier: Apache-2.0 */
#include "support/slot_text.h"

#include "support/rows.h"

static void put(struct hw_buf *out, const char *text) {
    assert_int_equal(hw_buf_append_text(out, text, NULL), HW_OK);
}

static void children_text(const struct hw_field *field, const struct hw_column *column, size_t slot,
                          struct hw_buf *out) {
    const bool fixed = field->type.kind == HW_KIND_FIXED_LIST;
    if (field->type.kind == HW_KIND_STRUCT) {
        put(out, "{");
        for (size_t i = 0; i < field->children_count; i++) {
            put(out, i > 0 ? " " : "");
            slot_text(&field->children[i], &column->children[i], slot, out);
        }
        put(out, "}");
        return;
    }
    const size_t begin = fixed ? slot * field->type.width : hw_column_begin(column, slot);
    const size_t end = fixed ? begin + field->type.width : hw_column_begin(column, slot + 1);
    put(out, "[");
    for (size_t i = begin; i < end; i++) {
        put(out, i > begin ? " " : "");
        slot_text(&field->children[0], column->children, i, out);
    }
    put(out, "]");
}

static void flat_text(const struct hw_field *field, const struct hw_column *column, size_t slot, struct hw_buf *out) {
    const size_t width = hw_type_bytes(field->type);
    const uint8_t *at = (const uint8_t *)column->values + slot * width;
    uint64_t number = 0;
    if (hw_kind_is_bytes(field->type.kind)) {
        const size_t begin = hw_column_begin(column, slot);
        put(out, "'");
        assert_int_equal(hw_buf_append(out, column->data + begin, hw_column_begin(column, slot + 1) - begin, NULL),
                         HW_OK);
        put(out, "'");
    } else if (field->type.kind == HW_KIND_BOOL) {
        put(out, ((const uint8_t *)column->values)[slot >> 3] >> (slot & 7) & 1 ? "true" : "false");
    } else if (hw_kind_is_integer(field->type.kind)) {
        memcpy(&number, at, width);
        assert_int_equal(hw_buf_printf(out, NULL, "%" PRIu64, number), HW_OK);
    } else {
        put(out, "x");
        for (size_t i = 0; i < width; i++) {
            assert_int_equal(hw_buf_printf(out, NULL, "%02x", at[i]), HW_OK);
        }
    }
}

void slot_text(const struct hw_field *field, const struct hw_column *column, size_t row, struct hw_buf *out) {
    const size_t slot = column->offset + row;
    const bool null = column->validity && (column->validity[slot >> 3] >> (slot & 7) & 1) == 0;
    if (null || field->type.kind == HW_KIND_NULL) {
        put(out, "null");
    } else if (field->dictionary) {
        slot_text(field->dictionary, column->dictionary, hw_dictionary_slot(field->type.index, column, slot), out);
    } else if (hw_kind_is_flat(field->type.kind)) {
        flat_text(field, column, slot, out);
    } else {
        children_text(field, column, slot, out);
    }
}

void slots_text(const struct hw_field *field, const struct hw_column *column, size_t first, size_t count,
                struct hw_buf *out) {
    for (size_t row = first; row < first + count; row++) {
        slot_text(field, column, row, out);
        put(out, " ");
    }
}
