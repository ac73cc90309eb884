/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/description.h"

#include <strings.h>

void hw_s3_description_release(struct hw_s3_description *description) {
    hw_arena_release(&description->texts);
    *description = (struct hw_s3_description){0};
}

static const char *text_of(const struct hw_http_response *response, struct hw_arena *arena, const char *name) {
    hw_view value = hw_http_header_find(response, name);
    return value.data ? hw_arena_strndup(arena, value.data, value.size) : NULL;
}

enum hw_status hw_s3_object_describe(struct hw_s3_client *client, const char *key, const char *version_id,
                                     struct hw_s3_description *out, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    (void)version_id;
    HW_TRY(hw_s3_request_head(&call.request, key, err));
    HW_TRY(hw_s3_call_perform(client, &call, &response, err));
    HW_TRY(hw_s3_object_read(&response, &out->object, err));
    if (!hw_http_bytes_header(&response, "Content-Length", &out->object.size)) {
        return hw_fail(err, HW_EPROTOCOL, "HeadObject: the reply does not tell the object's size");
    }
    out->content_type = text_of(&response, &out->texts, "Content-Type");
    out->content_encoding = text_of(&response, &out->texts, "Content-Encoding");
    out->cache_control = text_of(&response, &out->texts, "Cache-Control");
    out->storage_class = text_of(&response, &out->texts, "x-amz-storage-class");
    out->version_id = text_of(&response, &out->texts, "x-amz-version-id");
    out->encryption = text_of(&response, &out->texts, "x-amz-server-side-encryption");
    out->metadata = hw_arena_alloc(&out->texts, 100 * sizeof(*out->metadata));
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_buf_append(&text, response.headers.data, response.headers.size, err));
    HW_TRY(hw_buf_end_text(&text, err));
    char *save = NULL;
    for (char *line = strtok_r((char *)text.data, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
        char *colon = strchr(line, ':');
        if (colon && strncasecmp(line, "x-amz-meta-", 11) == 0 && out->metadata_count < 100) {
            *colon = '\0';
            hw_view value = hw_view_trim(hw_view_of(colon + 1));
            out->metadata[out->metadata_count++] = (struct hw_metadata){
                hw_arena_strdup(&out->texts, line + 11), hw_arena_strndup(&out->texts, value.data, value.size)};
        }
    }
    return HW_OK;
}
