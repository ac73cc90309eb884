/* SPDX-License-Identifier: Apache-2.0 */
/* Values of ARROW:schema as texts, to be compared however they are laid out. */
#ifndef HW_TESTS_MESSAGE_TEXT_H
#define HW_TESTS_MESSAGE_TEXT_H

#include "table/arrow_message.h"
#include "unit/table/tree_text.h"

/* The tree of a value, then what is around it. */
static inline void message_value_put(const char *name, hw_view value, struct hw_buf *out) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_arrow_message message;
    const hw_view bytes = base64_bytes(value);
    if (hw_arrow_message_read(bytes, &arena, &message, &err) != HW_OK) {
        fail_msg("%s: %s", name, err.message);
    }
    tree_put(message.root, out);
    assert_int_equal(hw_buf_printf(out, NULL, " %d %zu", message.marked, message.rest.size), HW_OK);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    bytes_free(bytes);
}

/* A value is a message of the same tree as another one. */
static inline void assert_row_message(const char *name, hw_view value, const char *want) {
    HW_AUTO(hw_buf) got_text = {0};
    HW_AUTO(hw_buf) want_text = {0};
    message_value_put(name, value, &got_text);
    message_value_put(name, hw_view_of(want), &want_text);
    assert_row_text(name, (const char *)got_text.data, (const char *)want_text.data);
}

#endif
