/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_response.h"

#include <strings.h>

#include "core/whole_number.h"

void hw_http_response_release(struct hw_http_response *response) {
    hw_buf_release(&response->headers);
    hw_buf_release(&response->body);
}

hw_view hw_http_header_find(const struct hw_http_response *response, const char *name) {
    const size_t name_bytes = strlen(name);
    size_t at = 0;
    hw_view found;
    hw_view value;
    while (hw_http_header_next(response, &at, &found, &value)) {
        if (found.size == name_bytes && strncasecmp(found.data, name, name_bytes) == 0) {
            return value;
        }
    }
    return (hw_view){NULL, 0};
}

bool hw_http_header_next(const struct hw_http_response *response, size_t *at, hw_view *out_name, hw_view *out_value) {
    const hw_view all = hw_buf_view(&response->headers);
    while (*at < all.size) {
        const char *line = all.data + *at;
        const char *newline = memchr(line, '\n', all.size - *at);
        size_t line_bytes = newline ? (size_t)(newline - line) + 1 : all.size - *at;
        const char *colon = memchr(line, ':', line_bytes);
        *at += line_bytes;
        if (colon) {
            const size_t name_bytes = (size_t)(colon - line);
            *out_name = (hw_view){line, name_bytes};
            *out_value = hw_view_trim((hw_view){colon + 1, line_bytes - name_bytes - 1});
            return true;
        }
    }
    return false;
}

static bool text_take(hw_view *text, hw_view expected) {
    if (!hw_view_starts(*text, expected)) {
        return false;
    }
    text->data += expected.size;
    text->size -= expected.size;
    return true;
}

bool hw_http_bytes_header(const struct hw_http_response *response, const char *name, uint64_t *out_bytes) {
    return hw_whole_number_read(hw_http_header_find(response, name), out_bytes);
}

bool hw_http_content_range_read(const struct hw_http_response *response, struct hw_http_content_range *out_range) {
    hw_view text = hw_http_header_find(response, "Content-Range");
    struct hw_http_content_range range;
    bool whole = text.data && text_take(&text, HW_VIEW("bytes ")) && hw_whole_number_take(&text, &range.first) &&
                 text_take(&text, HW_VIEW("-")) && hw_whole_number_take(&text, &range.last) &&
                 text_take(&text, HW_VIEW("/")) && hw_whole_number_take(&text, &range.total) && text.size == 0;
    if (!whole || range.first > range.last || range.last >= range.total) {
        return false;
    }
    *out_range = range;
    return true;
}
