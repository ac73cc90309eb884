/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_response.h"

#include <strings.h>

void hw_http_response_release(struct hw_http_response *response) {
    hw_buf_release(&response->headers);
    hw_buf_release(&response->body);
}

hw_view hw_http_header_find(const struct hw_http_response *response, const char *name) {
    size_t name_bytes = strlen(name);
    hw_view rest = hw_buf_view(&response->headers);
    while (rest.size > 0) {
        const char *newline = memchr(rest.data, '\n', rest.size);
        size_t line_bytes = newline ? (size_t)(newline - rest.data) + 1 : rest.size;
        if (line_bytes > name_bytes && rest.data[name_bytes] == ':' && strncasecmp(rest.data, name, name_bytes) == 0) {
            return hw_view_trim((hw_view){rest.data + name_bytes + 1, line_bytes - name_bytes - 1});
        }
        rest.data += line_bytes;
        rest.size -= line_bytes;
    }
    return (hw_view){NULL, 0};
}
