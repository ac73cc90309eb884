/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list.h"

#include "core/alloc.h"
#include "core/count.h"
#include "core/hash_set.h"
#include "core/limits.h"
#include "core/siphash.h"
#include "net/date.h"
#include "net/uri.h"
#include "net/xml.h"
#include "s3/list_order.h"

enum { EMPTY_PAGES_MAX = 1000 };

struct page {
    struct hw_s3_entry *entries;
    size_t entries_count;
    size_t entries_capacity;
    /* The token of the next page; NULL if none was given. */
    char *token;
    bool truncated;
    /* True if the service says that it has percent-encoded the keys. */
    bool encoded;
    /*
     * The number of objects and common prefixes that the service tells; UINT64_MAX if it does not.
     */
    uint64_t told_count;
    struct hw_arena texts;
};

/* The page that is read, and what it is compared with. */
struct page_context {
    struct page *page;
    /* The page before, which is empty before the first one. */
    const struct page *before;
    const char *prefix;
    /* True if the keys come in no order. */
    bool unordered;
};

static enum hw_status pages_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                                 struct hw_error *err);
static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, struct page_context *context,
                                 struct hw_error *err);
static enum hw_status page_wait(struct hw_s3_call *call, struct hw_error *err);
static enum hw_status page_read(hw_view xml, struct page *page, struct hw_error *err);
static enum hw_status page_decode(struct page *page, struct hw_error *err);
static enum hw_status page_check(const struct page_context *context, struct hw_error *err);
static enum hw_status keys_check(const struct page_context *context, struct hw_error *err);
static enum hw_status page_hand_out(const struct page *page, hw_s3_entry_fn *each, void *ctx, struct hw_error *err);

static void page_release(struct page *page) {
    hw_free(page->entries);
    hw_arena_release(&page->texts);
    *page = (struct page){0};
}

enum hw_status hw_s3_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                          struct hw_error *err) {
    if (!hw_s3_client_directory(client)) {
        return pages_list(client, prefix, each, ctx, err);
    }
    /* A directory bucket lists folders alone: the one that the prefix is in, or is. */
    HW_AUTO(hw_s3_list_order) order = {.prefix = prefix};
    HW_AUTO(hw_buf) folder = {0};
    const char *slash = strrchr(prefix, '/');
    HW_TRY(hw_buf_append(&folder, prefix, slash ? (size_t)(slash - prefix) + 1 : 0, err));
    HW_TRY(hw_buf_end_text(&folder, err));
    HW_TRY(pages_list(client, (const char *)folder.data, hw_s3_list_order_put, &order, err));
    return hw_s3_list_order_hand_out(&order, each, ctx, err);
}

/* Returns whether a page's token is one that came before: the pages would never end. */
static bool token_repeats(struct hw_hash_set *tokens, const struct page *page) {
    static const struct hw_siphash_key key = {{0, 0}};
    return page->truncated && !hw_hash_set_add(tokens, hw_siphash128(&key, page->token, strlen(page->token)).words[0]);
}

/* The order of keys proves that pages go on; where there is none, new tokens do. */
static enum hw_status pages_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                                 struct hw_error *err) {
    /* The page that is being handed out, which is empty before the first one. */
    HW_AUTO(page) page = {0};
    HW_AUTO(page) next = {0};
    struct page_context context = {&next, &page, prefix, hw_s3_client_directory(client)};
    HW_AUTO(hw_hash_set) tokens = {0};
    /* It fills the next page, and so is released before that. */
    HW_AUTO(hw_s3_call) call = {0};
    unsigned empty_pages = 0;

    HW_TRY(page_start(client, &call, &context, err));
    do {
        HW_TRY(page_wait(&call, err));
        empty_pages = next.entries_count > 0 ? 0 : empty_pages + 1;
        if (empty_pages > EMPTY_PAGES_MAX) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: %d pages in a row without an object", EMPTY_PAGES_MAX);
        }
        if (context.unordered && token_repeats(&tokens, &next)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the continuation token repeats");
        }
        page_release(&page);
        page = next;
        next = (struct page){0};
        if (page.truncated) {
            HW_TRY(page_start(client, &call, &context, err));
        }
        HW_TRY(page_hand_out(&page, each, ctx, err));
    } while (page.truncated);
    return HW_OK;
}

static enum hw_status list_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct page_context *context = ctx;
    /* An earlier try may have left entries. */
    page_release(context->page);
    context->page->told_count = UINT64_MAX;
    HW_TRY(page_read(hw_buf_view(&response->body), context->page, err));
    if (context->page->encoded) {
        HW_TRY(page_decode(context->page, err));
    }
    HW_TRY(page_check(context, err));
    return keys_check(context, err);
}

/* The page is read on the network thread while the one before is handed out. */
static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, struct page_context *context,
                                 struct hw_error *err) {
    const struct hw_s3_list_params params = {.prefix = context->prefix, .token = context->before->token};
    HW_TRY(hw_s3_request_list(&call->request, &params, err));
    call->request.check = list_check;
    call->request.check_ctx = context;
    return hw_s3_call_start(client, call, err);
}

static enum hw_status page_wait(struct hw_s3_call *call, struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    enum hw_status status = hw_s3_call_wait(call, &response, err);
    hw_s3_call_release(call);
    return status;
}

/* A page must tell whether more follow and how to go on, and hold as many objects as it says. */
static enum hw_status page_check(const struct page_context *context, struct hw_error *err) {
    const struct page *page = context->page;
    const char *token_before = context->before->token;
    if (page->truncated && !page->token) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: more pages are said to follow, but not where");
    }
    if (!page->truncated && page->token) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a token tells where to go on, but no more pages are said to");
    }
    if (page->truncated && token_before && strcmp(page->token, token_before) == 0) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the continuation token repeats");
    }
    if (page->told_count != UINT64_MAX && page->told_count != page->entries_count) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a page of %s says that it has %" PRIu64,
                       HW_COUNT(page->entries_count, "object"), page->told_count);
    }
    return HW_OK;
}

/*
 * Keys must begin with the prefix that was asked for, and rise from the page before on where there
 * is an order.
 */
static enum hw_status keys_check(const struct page_context *context, struct hw_error *err) {
    const struct page *page = context->page;
    const struct page *before = context->before;
    const hw_view prefix = hw_view_of(context->prefix);
    const char *last = before->entries_count > 0 ? before->entries[before->entries_count - 1].key : NULL;
    char quoted[2][HW_QUOTE_BYTES];
    for (size_t i = 0; i < page->entries_count; i++) {
        const char *key = page->entries[i].key;
        if (!hw_view_starts(hw_view_of(key), prefix)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the key %s does not begin with the prefix %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])),
                           hw_quote(prefix.data, prefix.size, quoted[1], sizeof(quoted[1])));
        }
        if (last && !context->unordered && strcmp(key, last) <= 0) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a page goes back to %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])));
        }
        last = key;
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
        return hw_fail(err, HW_EPROTOCOL, "a NUL byte in a text");
    }
    *out = hw_arena_strndup(&page->texts, text.data ? text.data : "", text.size);
    return *out ? HW_OK : hw_fail_nomem(err, text.size + 1);
}

static enum hw_status encoding_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    ((struct page *)ctx)->encoded = hw_view_equal(text, HW_VIEW("url"));
    return HW_OK;
}

static enum hw_status truncated_end(void *ctx, hw_view text, struct hw_error *err) {
    struct page *page = ctx;
    char quoted[HW_QUOTE_BYTES];
    page->truncated = hw_view_equal(text, HW_VIEW("true"));
    if (page->truncated || hw_view_equal(text, HW_VIEW("false"))) {
        return HW_OK;
    }
    return hw_fail(err, HW_EPROTOCOL, "IsTruncated is %s, neither true nor false",
                   hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)));
}

static enum hw_status token_end(void *ctx, hw_view text, struct hw_error *err) {
    struct page *page = ctx;
    return text.size > 0 ? text_keep(page, text, &page->token, err) : HW_OK;
}

static enum hw_status entry_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct page *page = ctx;
    (void)text;
    if (page->entries_count == HW_LIST_PAGE_OBJECTS_MAX) {
        return hw_fail(err, HW_ELIMIT, "a page of more than %u objects", HW_LIST_PAGE_OBJECTS_MAX);
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

/* Reads a decimal number that is the whole text. An empty text is UINT64_MAX. */
static enum hw_status number_read(hw_view text, const char *what, uint64_t *out, struct hw_error *err) {
    uint64_t number = 0;
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit || !hw_mul(number, UINT64_C(10), &number) ||
            !hw_add(number, (uint64_t)(text.data[i] - '0'), &number)) {
            return hw_fail(err, HW_EPROTOCOL, "%s is no %s", hw_quote(text.data, text.size, quoted, sizeof(quoted)),
                           what);
        }
    }
    *out = text.size > 0 ? number : UINT64_MAX;
    return HW_OK;
}

static enum hw_status count_end(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, "KeyCount", &((struct page *)ctx)->told_count, err);
}

static enum hw_status size_end(void *ctx, hw_view text, struct hw_error *err) {
    return number_read(text, "size", &entry_last(ctx)->size, err);
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
        return hw_fail(err, HW_EPROTOCOL, "an object without a key or a size");
    }
    return HW_OK;
}

static enum hw_status page_read(hw_view xml, struct page *page, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListBucketResult/EncodingType", NULL, encoding_end},
        {"ListBucketResult/IsTruncated", NULL, truncated_end},
        {"ListBucketResult/NextContinuationToken", NULL, token_end},
        {"ListBucketResult/KeyCount", NULL, count_end},
        {"ListBucketResult/Contents", entry_begin, entry_end},
        {"ListBucketResult/Contents/Key", NULL, key_end},
        {"ListBucketResult/Contents/Size", NULL, size_end},
        {"ListBucketResult/Contents/ETag", NULL, etag_end},
        {"ListBucketResult/Contents/LastModified", NULL, changed_end},
    };
    enum hw_status status = hw_xml_parse(xml, rows, COUNT_OF(rows), page, err);
    if (status) {
        hw_error_prefix(err, "ListObjectsV2: the reply is no listing");
    }
    return status;
}

/*
 * Decodes the keys. This waits until the page is whole, because EncodingType may come after them. A
 * '+' is a space there.
 */
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
