/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/page.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "core/whole_number.h"
#include "net/uri.h"

enum { ITEMS_FIRST = 256 };

void hw_s3_page_release(struct hw_s3_page *page) {
    hw_arena_release(&page->texts);
    *page = (struct hw_s3_page){0};
}

enum hw_status hw_s3_page_text(struct hw_s3_page *page, hw_view text, const char **out, struct hw_error *err) {
    const char *data = text.data ? text.data : "";
    if (memchr(data, '\0', text.size)) {
        return hw_fail(err, HW_EPROTOCOL, "a NUL byte in a text");
    }
    const char *copy = hw_arena_strndup(&page->texts, data, text.size);
    if (!copy) {
        return hw_fail_nomem(err, text.size + 1);
    }
    *out = copy;
    return HW_OK;
}

enum hw_status hw_s3_page_plain(struct hw_s3_page *page, const char **text, struct hw_error *err) {
    HW_AUTO(hw_buf) spaced = {0};
    HW_AUTO(hw_buf) plain = {0};
    if (!page->encoded) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_text(&spaced, *text, err));
    for (size_t i = 0; i < spaced.size; i++) {
        spaced.data[i] = spaced.data[i] == '+' ? ' ' : spaced.data[i];
    }
    HW_TRY(hw_uri_decode(hw_buf_view(&spaced), &plain, err));
    return hw_s3_page_text(page, hw_buf_view(&plain), text, err);
}

enum hw_status hw_s3_page_number(hw_view text, const char *what, uint64_t *out, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    uint64_t number = UINT64_MAX;
    if (text.size > 0 && !hw_whole_number_read(text, &number)) {
        return hw_fail(err, HW_EPROTOCOL, "%s is no %s", hw_quote(text.data, text.size, quoted, sizeof(quoted)), what);
    }
    *out = number;
    return HW_OK;
}

enum hw_status hw_s3_page_encoding(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    ((struct hw_s3_page *)ctx)->encoded = hw_view_equal(text, HW_VIEW("url"));
    return HW_OK;
}

enum hw_status hw_s3_page_truncated(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_page *page = ctx;
    char quoted[HW_QUOTE_BYTES];
    page->truncated = hw_view_equal(text, HW_VIEW("true"));
    if (page->truncated || hw_view_equal(text, HW_VIEW("false"))) {
        return HW_OK;
    }
    return hw_fail(err, HW_EPROTOCOL, "IsTruncated is %s, neither true nor false",
                   hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)));
}

size_t hw_s3_folder_bytes(const char *prefix) {
    const char *slash = strrchr(prefix, '/');
    return slash ? (size_t)(slash - prefix) + 1 : 0;
}

enum hw_status hw_s3_page_room(void **items, size_t count, size_t *capacity, size_t item_bytes, struct hw_error *err) {
    if (count == HW_LIST_PAGE_OBJECTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "a page of more than %u objects", HW_LIST_PAGE_OBJECTS_MAX);
    }
    if (count < *capacity) {
        return HW_OK;
    }
    size_t larger = *capacity ? 2 * *capacity : ITEMS_FIRST;
    void *grown = hw_realloc_array(*items, larger, item_bytes);
    if (!grown) {
        return hw_fail_nomem(err, larger * item_bytes);
    }
    *items = grown;
    *capacity = larger;
    return HW_OK;
}

enum hw_status hw_s3_marker_check(const struct hw_s3_marker *marker, const char *key, const char *id,
                                  const char *operation, struct hw_error *err) {
    const char *id_before = marker->id ? marker->id : "";
    if (!key || !key[0]) {
        return hw_fail(err, HW_EPROTOCOL, "%s: more pages are said to follow, but not where", operation);
    }
    const int order = marker->key ? strcmp(key, marker->key) : 1;
    if ((order < 0 && !marker->unordered) || (order == 0 && strcmp(id ? id : "", id_before) == 0)) {
        return hw_fail(err, HW_EPROTOCOL, "%s: the place where the next page begins does not move on", operation);
    }
    return HW_OK;
}

enum hw_status hw_s3_marker_set(struct hw_s3_marker *marker, const char *key, const char *id, struct hw_error *err) {
    struct hw_s3_marker moved = {hw_strdup(key), hw_strdup(id ? id : ""), marker->unordered};
    if (!moved.key || !moved.id) {
        hw_s3_marker_release(&moved);
        return hw_fail_nomem(err, strlen(key));
    }
    hw_s3_marker_release(marker);
    *marker = moved;
    return HW_OK;
}

void hw_s3_marker_release(struct hw_s3_marker *marker) {
    hw_free(marker->key);
    hw_free(marker->id);
    *marker = (struct hw_s3_marker){0};
}

static enum hw_status page_get(struct hw_s3_client *client, const struct hw_s3_pages *pages, void *ctx,
                               struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(pages->build(ctx, &call.request, err));
    call.request.check = pages->read;
    call.request.check_ctx = ctx;
    return hw_s3_call_perform(client, &call, &response, err);
}

enum hw_status hw_s3_pages_run(struct hw_s3_client *client, const struct hw_s3_pages *pages, void *ctx,
                               struct hw_error *err) {
    bool more = true;
    while (more) {
        HW_TRY(page_get(client, pages, ctx, err));
        HW_TRY(pages->hand_out(ctx, &more, err));
    }
    return HW_OK;
}
