/* SPDX-License-Identifier: Apache-2.0 */
/* Flatbuffers as texts, to be compared however they are laid out. */
#ifndef HW_TESTS_TREE_TEXT_H
#define HW_TESTS_TREE_TEXT_H

#include <stdlib.h>

#include "core/bytes_text.h"
#include "table/flatbuffer.h"
#include "support/rows.h"

static void tree_put(const struct hw_flat_table *table, struct hw_buf *out);

static void tree_value_put(const struct hw_flat_slot *slot, const struct hw_flat_value *value, struct hw_buf *out) {
    if (slot->kind == HW_FLAT_NUMBER) {
        assert_int_equal(hw_buf_printf(out, NULL, "%" PRIu64, value->number), HW_OK);
    } else if (slot->kind == HW_FLAT_TEXT) {
        assert_int_equal(hw_buf_printf(out, NULL, "'%.*s'", (int)value->bytes.size, value->bytes.data), HW_OK);
    } else if (slot->kind == HW_FLAT_NUMBERS) {
        for (size_t i = 0; i < value->bytes.size; i++) {
            assert_int_equal(hw_buf_printf(out, NULL, "%02x", (uint8_t)value->bytes.data[i]), HW_OK);
        }
    } else if (slot->kind == HW_FLAT_TABLES) {
        for (size_t i = 0; i < value->tables.count; i++) {
            tree_put(value->tables.items[i], out);
        }
    } else {
        tree_put(value->table, out);
    }
}

/* "Name{0:7 2:'text' 3:Other{}}"; numbers that are 0 and lists of nothing count as absent. */
static void tree_put(const struct hw_flat_table *table, struct hw_buf *out) {
    const char *blank = "";
    assert_int_equal(hw_buf_printf(out, NULL, "%s{", table->type->name), HW_OK);
    for (size_t i = 0; i < table->type->slots_count; i++) {
        const struct hw_flat_slot *slot = &table->type->slots[i];
        const struct hw_flat_value *value = &table->values[i];
        const bool nothing = (slot->kind == HW_FLAT_NUMBER && value->number == 0) ||
                             (slot->kind == HW_FLAT_TABLES && value->tables.count == 0);
        if (value->present && !nothing) {
            assert_int_equal(hw_buf_printf(out, NULL, "%s%zu:", blank, i), HW_OK);
            tree_value_put(slot, value, out);
            blank = " ";
        }
    }
    assert_int_equal(hw_buf_append_text(out, "}", NULL), HW_OK);
}

/* The bytes of a text in base64, in a block that ends where they do. */
static inline hw_view base64_bytes(hw_view text) {
    uint8_t *room = malloc(HW_BASE64_DECODED_BYTES(text.size) + 1);
    size_t size;
    assert_non_null(room);
    assert_true(hw_base64_decode(text, room, &size));
    char *bytes = malloc(size > 0 ? size : 1);
    assert_non_null(bytes);
    memcpy(bytes, room, size);
    free(room);
    return (hw_view){bytes, size};
}

static inline void bytes_free(hw_view bytes) {
    char *block;
    memcpy(&block, &bytes.data, sizeof(block));
    free(block);
}

#endif
