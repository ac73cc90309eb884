/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list.h"

#include "core/count.h"
#include "core/hash_set.h"
#include "core/limits.h"
#include "core/siphash.h"
#include "s3/list_order.h"
#include "s3/request_bucket.h"

enum { EMPTY_PAGES_MAX = 1000 };

/* The page that is read, and what it is compared with. */
struct page_context {
    struct hw_s3_list_page *page;
    /* The page before, which is empty before the first one. */
    const struct hw_s3_list_page *before;
    const struct hw_s3_list_options *options;
    /* True if the keys come in no order. */
    bool unordered;
};

static enum hw_status pages_list(struct hw_s3_client *client, const struct hw_s3_list_options *options,
                                 hw_s3_entry_fn *each, void *ctx, struct hw_error *err);
static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, struct page_context *context,
                                 struct hw_error *err);
static enum hw_status page_wait(struct hw_s3_call *call, struct hw_error *err);
static enum hw_status page_check(const struct page_context *context, struct hw_error *err);
static enum hw_status keys_check(const struct page_context *context, struct hw_error *err);
static enum hw_status page_hand_out(const struct hw_s3_list_page *page, hw_s3_entry_fn *each, void *ctx,
                                    struct hw_error *err);

enum hw_status hw_s3_list(struct hw_s3_client *client, const struct hw_s3_list_options *options, hw_s3_entry_fn *each,
                          void *ctx, struct hw_error *err) {
    if (!hw_s3_client_directory(client)) {
        return pages_list(client, options, each, ctx, err);
    }
    /*
     * A directory bucket lists folders alone, the one that the prefix is in, or is, and knows no
     * key to begin behind.
     */
    const char *prefix = options->prefix ? options->prefix : "";
    HW_AUTO(hw_s3_list_order) order = {.prefix = prefix, .start_after = options->start_after};
    HW_AUTO(hw_buf) folder = {0};
    HW_TRY(hw_buf_append(&folder, prefix, hw_s3_folder_bytes(prefix), err));
    HW_TRY(hw_buf_end_text(&folder, err));
    const struct hw_s3_list_options whole = {
        .prefix = (const char *)folder.data, .delimiter = options->delimiter, .keys_max = options->keys_max};
    HW_TRY(pages_list(client, &whole, hw_s3_list_order_put, &order, err));
    return hw_s3_list_order_hand_out(&order, each, ctx, err);
}

/* Returns whether a page's token is one that came before: the pages would never end. */
static bool token_repeats(struct hw_hash_set *tokens, const struct hw_s3_list_page *page) {
    static const struct hw_siphash_key key = {{0, 0}};
    return page->page.truncated &&
           !hw_hash_set_add(tokens, hw_siphash128(&key, page->token, strlen(page->token)).words[0]);
}

/* The order of keys proves that pages go on; where there is none, new tokens do. */
static enum hw_status pages_list(struct hw_s3_client *client, const struct hw_s3_list_options *options,
                                 hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    /* The page that is being handed out, which is empty before the first one. */
    HW_AUTO(hw_s3_list_page) page = {0};
    HW_AUTO(hw_s3_list_page) next = {0};
    struct page_context context = {&next, &page, options, hw_s3_client_directory(client)};
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
        hw_s3_list_page_release(&page);
        page = next;
        next = (struct hw_s3_list_page){0};
        if (page.page.truncated) {
            HW_TRY(page_start(client, &call, &context, err));
        }
        HW_TRY(page_hand_out(&page, each, ctx, err));
    } while (page.page.truncated);
    return HW_OK;
}

static enum hw_status list_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct page_context *context = ctx;
    /* An earlier try may have left entries. */
    hw_s3_list_page_release(context->page);
    enum hw_status status = hw_s3_list_page_read(hw_buf_view(&response->body), context->page, err);
    if (status) {
        hw_error_prefix(err, "ListObjectsV2: the reply is no listing");
        return status;
    }
    HW_TRY(page_check(context, err));
    return keys_check(context, err);
}

/* The page is read on the network thread while the one before is handed out. */
static enum hw_status page_start(struct hw_s3_client *client, struct hw_s3_call *call, struct page_context *context,
                                 struct hw_error *err) {
    const struct hw_s3_list_options *options = context->options;
    const struct hw_s3_list_params params = {
        .prefix = options->prefix,
        .delimiter = options->delimiter,
        .start_after = options->start_after,
        .keys_max = options->keys_max,
        .token = context->before->token,
    };
    HW_TRY(hw_s3_request_list(&call->request, &params, err));
    call->request.check = list_check;
    call->request.check_ctx = context;
    return hw_s3_call_start(client, call, err);
}

static enum hw_status page_wait(struct hw_s3_call *call, struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_call_wait(call, &response, err));
    hw_s3_call_release(call);
    return HW_OK;
}

/* A page must tell whether more follow and how to go on, and hold as many objects as it says. */
static enum hw_status page_check(const struct page_context *context, struct hw_error *err) {
    const struct hw_s3_list_page *page = context->page;
    const bool truncated = page->page.truncated;
    const char *token_before = context->before->token;
    if (truncated && !page->token) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: more pages are said to follow, but not where");
    }
    if (!truncated && page->token) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a token tells where to go on, but no more pages are said to");
    }
    if (truncated && token_before && strcmp(page->token, token_before) == 0) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the continuation token repeats");
    }
    if (page->told_count != UINT64_MAX && page->told_count != page->entries_count &&
        page->told_count != page->entries_count - page->prefixes_count) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a page of %s says that it has %" PRIu64,
                       HW_COUNT(page->entries_count, "object"), page->told_count);
    }
    return HW_OK;
}

/*
 * Returns whether an entry goes back behind the one before it, or behind where the listing was to
 * begin. A common prefix may be in front of that: only some of its keys are.
 */
static bool goes_back(const struct hw_s3_entry *entry, const char *last, const char *start_after) {
    const bool before_start = start_after && entry->kind == HW_S3_ENTRY_OBJECT && strcmp(entry->key, start_after) <= 0;
    return before_start || (last && strcmp(entry->key, last) <= 0);
}

/*
 * Keys must begin with the prefix that was asked for, and rise from the page before on where there
 * is an order.
 */
static enum hw_status keys_check(const struct page_context *context, struct hw_error *err) {
    const struct hw_s3_list_page *page = context->page;
    const struct hw_s3_list_page *before = context->before;
    const hw_view prefix = hw_view_of(context->options->prefix ? context->options->prefix : "");
    const char *last = before->entries_count > 0 ? before->entries[before->entries_count - 1].key : NULL;
    char quoted[2][HW_QUOTE_BYTES];
    for (size_t i = 0; i < page->entries_count; i++) {
        const char *key = page->entries[i].key;
        if (!hw_view_starts(hw_view_of(key), prefix)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the key %s does not begin with the prefix %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])),
                           hw_quote(prefix.data, prefix.size, quoted[1], sizeof(quoted[1])));
        }
        if (!context->unordered && goes_back(&page->entries[i], last, context->options->start_after)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: a page goes back to %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])));
        }
        last = key;
    }
    return HW_OK;
}

static enum hw_status page_hand_out(const struct hw_s3_list_page *page, hw_s3_entry_fn *each, void *ctx,
                                    struct hw_error *err) {
    for (size_t i = 0; i < page->entries_count; i++) {
        HW_TRY(each(ctx, &page->entries[i], err));
    }
    return HW_OK;
}
