/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list.h"

#include "core/hash_set.h"
#include "core/limits.h"
#include "core/siphash.h"
#include "s3/list_order.h"
#include "s3/list_ranges.h"

enum {
    EMPTY_PAGES_MAX = 1000,
    /* So many pages come one after the other, before the keys behind them are split into ranges. */
    PAGES_BEFORE_RANGES = 3,
};

/* A listing, page after page. */
struct pages {
    struct hw_s3_list_step step;
    struct hw_hash_set tokens;
    struct hw_s3_list_alphabet alphabet;
    /* Ended with NUL. */
    struct hw_buf first_key;
    unsigned empty;
};

static void pages_release(struct pages *pages) {
    hw_s3_list_step_release(&pages->step);
    hw_hash_set_release(&pages->tokens);
    hw_buf_release(&pages->first_key);
}

static enum hw_status pages_list(struct hw_s3_client *client, const struct hw_s3_list_options *options,
                                 hw_s3_entry_fn *each, void *ctx, struct hw_error *err);
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

/* A page that is no page of the listing, or the last one for ever. */
static enum hw_status pages_check(struct pages *pages, const struct hw_s3_list_page *page, struct hw_error *err) {
    pages->empty = page->entries_count > 0 ? 0 : pages->empty + 1;
    if (pages->empty > EMPTY_PAGES_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: %d pages in a row without an object", EMPTY_PAGES_MAX);
    }
    if (pages->step.unordered && token_repeats(&pages->tokens, page)) {
        return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the continuation token repeats");
    }
    return HW_OK;
}

/* Looks at the keys that begin a listing, by which the rest is cut. */
static enum hw_status keys_learn(struct pages *pages, const struct hw_s3_list_page *page, struct hw_error *err) {
    hw_s3_list_alphabet_add(&pages->alphabet, page, pages->step.params.prefix);
    if (pages->first_key.size == 0 && page->entries_count > 0) {
        HW_TRY(hw_buf_append_text(&pages->first_key, page->entries[0].key, err));
        HW_TRY(hw_buf_end_text(&pages->first_key, err));
    }
    return HW_OK;
}

/* The order of keys proves that pages go on; where there is none, new tokens do. */
static enum hw_status pages_list(struct hw_s3_client *client, const struct hw_s3_list_options *options,
                                 hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    HW_AUTO(hw_s3_list_page) page = {0};
    HW_AUTO(pages)
    pages = {.step = {.params = {.prefix = options->prefix,
                                 .delimiter = options->delimiter,
                                 .start_after = options->start_after,
                                 .keys_max = options->keys_max},
                      .unordered = hw_s3_client_directory(client)}};
    /* Ranges of keys are no ranges of common prefixes, nor of keys in no order. */
    const bool may_split = options->ranges_max > 1 && !options->delimiter && !pages.step.unordered;
    HW_TRY(hw_s3_list_step_start(&pages.step, client, NULL, err));
    for (unsigned count = 1;; count++) {
        hw_s3_list_page_release(&page);
        HW_TRY(hw_s3_list_step_wait(&pages.step, &page, err));
        HW_TRY(pages_check(&pages, &page, err));
        const bool more = page.page.truncated;
        const bool split = more && may_split && count >= PAGES_BEFORE_RANGES && page.entries_count > 0;
        if (may_split) {
            HW_TRY(keys_learn(&pages, &page, err));
        }
        /* The next page comes while this one is handed out. */
        HW_TRY(more && !split ? hw_s3_list_step_start(&pages.step, client, NULL, err) : HW_OK);
        HW_TRY(page_hand_out(&page, each, ctx, err));
        if (split) {
            const struct hw_s3_list_ranges ranges = {.step = &pages.step,
                                                     .alphabet = &pages.alphabet,
                                                     .first_key = (const char *)pages.first_key.data,
                                                     .pages = count,
                                                     .at_once_max = options->ranges_max};
            return hw_s3_list_ranges_run(client, &ranges, each, ctx, err);
        }
        if (!more) {
            return HW_OK;
        }
    }
}

static enum hw_status page_hand_out(const struct hw_s3_list_page *page, hw_s3_entry_fn *each, void *ctx,
                                    struct hw_error *err) {
    for (size_t i = 0; i < page->entries_count; i++) {
        HW_TRY(each(ctx, &page->entries[i], err));
    }
    return HW_OK;
}
