/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "net/uri.h"
#include "net/xml.h"

enum { EMPTY_PAGES_MAX = 1000 };

struct page {
    struct hw_s3_entry *entries;
    size_t entries_count;
    size_t entries_capacity;
    char *token; /* of the next page; NULL: none was given */
    bool truncated;
    bool encoded; /* the service says that it has percent-encoded keys */
    bool is_result;
    struct hw_arena texts;
};

static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, const char *prefix,
                                 const char *token, struct hw_error *err);
static enum hw_status page_wait(struct hw_s3_call *call, struct page *out_page, struct hw_error *err);
static enum hw_status page_read(hw_view xml, struct page *page, struct hw_error *err);
static enum hw_status page_decode(struct page *page, struct hw_error *err);
static enum hw_status page_check(const struct page *page, const struct page *before, struct hw_error *err);
static enum hw_status page_hand_out(const struct page *page, hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

static void page_release(struct page *page) {
    hw_free(page->entries);
    hw_arena_release(&page->texts);
    *page = (struct page){0};
}

enum hw_status hw_s3_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                          struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(page) page = {0}; /* being handed out; empty before the first */
    HW_AUTO(page) next = {0};
    unsigned empty_pages = 0;

    HW_TRY(page_start(client, &call, prefix, NULL, err));
    do {
        HW_TRY(page_wait(&call, &next, err));
        HW_TRY(page_check(&next, &page, err));
        empty_pages = next.entries_count > 0 ? 0 : empty_pages + 1;
        if (empty_pages > EMPTY_PAGES_MAX) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: %d pages in a row without an object", EMPTY_PAGES_MAX);
        }
        page_release(&page);
        page = next;
        next = (struct page){0};
        if (page.truncated) {
            HW_TRY(page_start(client, &call, prefix, page.token, err));
        }
        HW_TRY(page_hand_out(&page, each, ctx, err));
    } while (page.truncated);
    return HW_OK;
}

static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, const char *prefix,
                                 const char *token, struct hw_error *err) {
    HW_TRY(hw_s3_request_list(&call->request, &(struct hw_s3_list_params){.prefix = prefix, .token = token}, err));
    return hw_s3_call_start(client, call, err);
}

static enum hw_status list_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct page *page = ctx;
    page_release(page); /* of a try before */
    HW_TRY(page_read(hw_buf_view(&response->body), page, err));
    return page->encoded ? page_decode(page, err) : HW_OK;
}

static enum hw_status page_wait(struct hw_s3_call *call, struct page *out_page, struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    call->request.check = list_check;
    call->request.check_ctx = out_page;
    enum hw_status status = hw_s3_call_wait(call, &response, err);
    hw_s3_call_release(call);
    return status;
}

/* A page must go on where the one before it ended, and must tell how to go on from it. */
static enum hw_status page_check(const struct page *page, const struct page *before, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (page->truncated && !page->token) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: more pages are said to follow, but not where");
    }
    if (page->truncated && before->token && strcmp(page->token, before->token) == 0) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the continuation token repeats");
    }
    if (page->entries_count > 0 && before->entries_count > 0) {
        const char *first = page->entries[0].key;
        const char *last = before->entries[before->entries_count - 1].key;
        if (strcmp(first, last) <= 0) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a page goes back to %s",
                           hw_quote(first, strlen(first), quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

static enum hw_status page_hand_out(const struct page *page, hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    for (size_t i = 0; i < page->entries_count; i++) {
        HW_TRY(each(ctx, &page->entries[i], err));
    }
    return HW_OK;
}

/* ------ reading a page */

static struct hw_s3_entry *entry_last(struct page *page) {
    return &page->entries[page->entries_count - 1];
}

static enum hw_status text_keep(struct page *page, hw_view text, char **out, struct hw_error *err) {
    if (memchr(text.data ? text.data : "", '\0', text.size)) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a NUL byte in a text");
    }
    *out = hw_arena_strndup(&page->texts, text.data ? text.data : "", text.size);
    return *out ? HW_OK : hw_fail_nomem(err, text.size + 1);
}

static enum hw_status result_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    (void)err;
    ((struct page *)ctx)->is_result = true;
    return HW_OK;
}

static enum hw_status encoding_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    ((struct page *)ctx)->encoded = hw_view_equal(text, HW_VIEW("url"));
    return HW_OK;
}

static enum hw_status truncated_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    ((struct page *)ctx)->truncated = hw_view_equal(text, HW_VIEW("true"));
    return HW_OK;
}

static enum hw_status token_end(void *ctx, hw_view text, struct hw_error *err) {
    struct page *page = ctx;
    return text.size > 0 ? text_keep(page, text, &page->token, err) : HW_OK;
}

static enum hw_status entry_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct page *page = ctx;
    (void)text;
    if (page->entries_count == HW_LIST_PAGE_OBJECTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "ListObjectsV2: a page of more than %u objects", HW_LIST_PAGE_OBJECTS_MAX);
    }
    if (page->entries_count == page->entries_capacity) {
        size_t capacity = page->entries_capacity ? 2 * page->entries_capacity : 256;
        struct hw_s3_entry *entries = hw_realloc_array(page->entries, capacity, sizeof(*entries));
        if (!entries) {
            return hw_fail_nomem(err, capacity * sizeof(*entries));
        }
        page->entries = entries;
        page->entries_capacity = capacity;
    }
    page->entries[page->entries_count++] = (struct hw_s3_entry){.key = "", .size = UINT64_MAX, .etag = ""};
    return HW_OK;
}

static enum hw_status key_end(void *ctx, hw_view text, struct hw_error *err) {
    char *key;
    HW_TRY(text_keep(ctx, text, &key, err));
    entry_last(ctx)->key = key;
    return HW_OK;
}

static enum hw_status size_end(void *ctx, hw_view text, struct hw_error *err) {
    uint64_t size = 0;
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit || !hw_mul(size, UINT64_C(10), &size) || !hw_add(size, (uint64_t)(text.data[i] - '0'), &size)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: %s is no size",
                           hw_quote(text.data, text.size, quoted, sizeof(quoted)));
        }
    }
    entry_last(ctx)->size = text.size > 0 ? size : UINT64_MAX;
    return HW_OK;
}

static enum hw_status etag_end(void *ctx, hw_view text, struct hw_error *err) {
    char *etag;
    HW_TRY(text_keep(ctx, text, &etag, err));
    entry_last(ctx)->etag = etag;
    return HW_OK;
}

static enum hw_status changed_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    if (!hw_http_timestamp_parse(text, &entry_last(ctx)->mtime_us)) {
        entry_last(ctx)->mtime_us = 0;
    }
    return HW_OK;
}

static enum hw_status entry_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    if (entry_last(ctx)->key[0] == '\0' || entry_last(ctx)->size == UINT64_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: an object without a key or a size");
    }
    return HW_OK;
}

static enum hw_status page_read(hw_view xml, struct page *page, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListBucketResult", result_begin, NULL},
        {"ListBucketResult/EncodingType", NULL, encoding_end},
        {"ListBucketResult/IsTruncated", NULL, truncated_end},
        {"ListBucketResult/NextContinuationToken", NULL, token_end},
        {"ListBucketResult/Contents", entry_begin, entry_end},
        {"ListBucketResult/Contents/Key", NULL, key_end},
        {"ListBucketResult/Contents/Size", NULL, size_end},
        {"ListBucketResult/Contents/ETag", NULL, etag_end},
        {"ListBucketResult/Contents/LastModified", NULL, changed_end},
    };
    enum hw_status status = hw_xml_parse(xml, rows, COUNT_OF(rows), page, err);
    if (status == HW_OK && !page->is_result) {
        status = hw_fail(err, HW_EPROTOCOL, "the root is no ListBucketResult");
    }
    if (status == HW_EPROTOCOL) {
        /* Cut off, or an error inside a 200: as good as a 500, never the end of the listing. */
        status = HW_ESERVER;
        hw_error_prefix(err, "ListObjectsV2: the reply is no listing");
        if (err) {
            err->status = status;
        }
    }
    return status;
}

/* EncodingType may come after the keys, so they are decoded when the page is whole. '+' is a space there. */
static enum hw_status page_decode(struct page *page, struct hw_error *err) {
    HW_AUTO(hw_buf) plain = {0};
    for (size_t i = 0; i < page->entries_count; i++) {
        char *key;
        HW_TRY(text_keep(page, hw_view_of(page->entries[i].key), &key, err));
        for (char *at = key; *at; at++) {
            *at = *at == '+' ? ' ' : *at;
        }
        hw_buf_clear(&plain);
        HW_TRY(hw_uri_decode(hw_view_of(key), &plain, err));
        HW_TRY(text_keep(page, hw_buf_view(&plain), &key, err));
        page->entries[i].key = key;
    }
    return HW_OK;
}
