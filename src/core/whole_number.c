/* SPDX-License-Identifier: Apache-2.0 */
#include "core/whole_number.h"

bool hw_whole_number_take(hw_view *text, uint64_t *out_number) {
    uint64_t number = 0;
    size_t digits = 0;
    for (; digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9'; digits++) {
        if (!hw_mul(number, UINT64_C(10), &number) || !hw_add(number, (uint64_t)(text->data[digits] - '0'), &number)) {
            return false;
        }
    }
    if (digits == 0) {
        return false;
    }
    text->data += digits;
    text->size -= digits;
    *out_number = number;
    return true;
}

bool hw_whole_number_read(hw_view text, uint64_t *out_number) {
    uint64_t number;
    if (!hw_whole_number_take(&text, &number) || text.size > 0) {
        return false;
    }
    *out_number = number;
    return true;
}
