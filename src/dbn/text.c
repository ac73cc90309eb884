/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/text.h"

#include <string.h>

#include "core/utf8_valid.h"

const char *hw_dbn_text_read(const void *field, size_t bytes, hw_view *out_text) {
    const char *begin = field;
    const char *end = memchr(begin, '\0', bytes);
    size_t wrong;
    if (!end) {
        return "does not end within its field";
    }
    const hw_view text = {begin, (size_t)(end - begin)};
    if (!hw_utf8_valid(text, &wrong)) {
        return "is not UTF-8";
    }
    *out_text = text;
    return NULL;
}
