/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_step.h"

#include "core/count.h"

static enum hw_status page_check(const struct hw_s3_list_step *step, struct hw_error *err);
static enum hw_status keys_check(const struct hw_s3_list_step *step, struct hw_error *err);

/* Returns the text in a buffer; NULL if it was never set. */
static const char *text_of(const struct hw_buf *buf) {
    return buf->size > 0 ? (const char *)buf->data : NULL;
}

/* It runs on the network thread, and again if the page is asked for again. */
static enum hw_status list_check(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct hw_s3_list_step *step = ctx;
    /* An earlier try may have left entries. */
    hw_s3_list_page_release(&step->page);
    enum hw_status status = hw_s3_list_page_read(hw_buf_view(&response->body), &step->page, err);
    if (status) {
        hw_error_prefix(err, "ListObjectsV2: the reply is no listing");
        return status;
    }
    HW_TRY(page_check(step, err));
    return keys_check(step, err);
}

enum hw_status hw_s3_list_step_start(struct hw_s3_list_step *step, struct hw_s3_client *client,
                                     struct hw_call_queue *queue, struct hw_error *err) {
    struct hw_s3_list_params params = step->params;
    params.token = text_of(&step->token);
    HW_TRY(hw_s3_request_list(&step->call.request, &params, err));
    step->call.request.check = list_check;
    step->call.request.check_ctx = step;
    step->call.queue = queue;
    return hw_s3_call_start(client, &step->call, err);
}

static enum hw_status text_set(struct hw_buf *buf, const char *text, struct hw_error *err) {
    hw_buf_clear(buf);
    HW_TRY(text ? hw_buf_append_text(buf, text, err) : HW_OK);
    return text ? hw_buf_end_text(buf, err) : HW_OK;
}

enum hw_status hw_s3_list_step_wait(struct hw_s3_list_step *step, struct hw_s3_list_page *out_page,
                                    struct hw_error *err) {
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_call_wait(&step->call, &response, err));
    hw_s3_call_release(&step->call);
    const struct hw_s3_list_page *page = &step->page;
    HW_TRY(text_set(&step->token, page->page.truncated ? page->token : NULL, err));
    if (page->entries_count > 0) {
        HW_TRY(text_set(&step->last_key, page->entries[page->entries_count - 1].key, err));
    }
    *out_page = step->page;
    step->page = (struct hw_s3_list_page){0};
    return HW_OK;
}

void hw_s3_list_step_release(struct hw_s3_list_step *step) {
    hw_s3_call_release(&step->call);
    hw_s3_list_page_release(&step->page);
    hw_buf_release(&step->token);
    hw_buf_release(&step->last_key);
}

/* A page must tell whether more follow and how to go on, and hold as many objects as it says. */
static enum hw_status page_check(const struct hw_s3_list_step *step, struct hw_error *err) {
    const struct hw_s3_list_page *page = &step->page;
    const bool truncated = page->page.truncated;
    const char *token_before = text_of(&step->token);
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
static enum hw_status keys_check(const struct hw_s3_list_step *step, struct hw_error *err) {
    const struct hw_s3_list_page *page = &step->page;
    const hw_view prefix = hw_view_of(step->params.prefix ? step->params.prefix : "");
    const char *last = text_of(&step->last_key);
    char quoted[2][HW_QUOTE_BYTES];
    for (size_t i = 0; i < page->entries_count; i++) {
        const char *key = page->entries[i].key;
        if (!hw_view_starts(hw_view_of(key), prefix)) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectsV2: the key %s does not begin with the prefix %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])),
                           hw_quote(prefix.data, prefix.size, quoted[1], sizeof(quoted[1])));
        }
        if (!step->unordered && goes_back(&page->entries[i], last, step->params.start_after)) {
            const bool unheeded = step->guessed && !last;
            return hw_fail(err, unheeded ? HW_EUNSUPPORTED : HW_EPROTOCOL, "ListObjectsV2: a page goes back to %s",
                           hw_quote(key, strlen(key), quoted[0], sizeof(quoted[0])));
        }
        last = key;
    }
    return HW_OK;
}
