/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_text.h"

#include "core/buf.h"
#include "core/utf8.h"

json_t *hw_json_text(hw_view text) {
    HW_AUTO(hw_buf) escaped = {0};
    while (text.size > 0) {
        size_t valid = 0;
        size_t step;
        while (valid < text.size && (step = hw_utf8_bytes(text.data + valid, text.size - valid)) > 0) {
            valid += step;
        }
        if (hw_buf_append(&escaped, text.data, valid, NULL) != HW_OK) {
            return NULL;
        }
        text = (hw_view){text.data + valid, text.size - valid};
        if (text.size > 0) {
            if (hw_buf_printf(&escaped, NULL, "\\x%02x", (unsigned)(uint8_t)text.data[0]) != HW_OK) {
                return NULL;
            }
            text = (hw_view){text.data + 1, text.size - 1};
        }
    }
    return json_stringn(escaped.size > 0 ? (const char *)escaped.data : "", escaped.size);
}
