/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/bucket.h"

#include "core/alloc.h"
#include "net/date.h"
#include "net/xml.h"
#include "s3/request_bucket.h"

/* Returns whether an earlier try may have done what this one finds done. */
static bool done_before(const struct hw_s3_call *call) {
    return call->retry.retries > 0 || call->resends > 0;
}

enum hw_status hw_s3_bucket_create(struct hw_s3_client *client, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error fault = HW_ERROR_INIT;
    char region[HW_S3_REGION_BYTES];
    const hw_view zone = hw_s3_client_zone(client);
    if (zone.size > 0) {
        HW_TRY(hw_s3_request_create_directory(&call.request, zone, err));
    } else {
        hw_s3_client_region(client, region);
        HW_TRY(hw_s3_request_create_bucket(&call.request, region, err));
    }
    enum hw_status status = hw_s3_call_perform(client, &call, &response, &fault);
    if (status && done_before(&call) && strcmp(fault.s3_code, "BucketAlreadyOwnedByYou") == 0) {
        return HW_OK;
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

enum hw_status hw_s3_bucket_delete(struct hw_s3_client *client, struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_s3_request_delete_bucket(&call.request, err));
    enum hw_status status = hw_s3_call_perform(client, &call, &response, &fault);
    if (status == HW_ENOTFOUND && done_before(&call)) {
        return HW_OK;
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* ------ ListBuckets */

struct buckets {
    /* The first member, as the handlers of s3/page.h want it. */
    struct hw_s3_page page;
    hw_s3_listed_bucket_fn *each;
    void *ctx;
    struct hw_s3_listed_bucket *items;
    size_t count;
    size_t capacity;
    const char *token;
    struct hw_s3_marker marker;
};

static enum hw_status bucket_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct buckets *buckets = ctx;
    void *items = buckets->items;
    (void)text;
    HW_TRY(hw_s3_page_room(&items, buckets->count, &buckets->capacity, sizeof(*buckets->items), err));
    buckets->items = items;
    buckets->items[buckets->count++] = (struct hw_s3_listed_bucket){.name = ""};
    return HW_OK;
}

static struct hw_s3_listed_bucket *bucket_last(void *ctx) {
    struct buckets *buckets = ctx;
    return &buckets->items[buckets->count - 1];
}

static enum hw_status bucket_name(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &bucket_last(ctx)->name, err);
}

static enum hw_status bucket_created(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    if (!hw_http_timestamp_parse(text, &bucket_last(ctx)->created_us)) {
        bucket_last(ctx)->created_us = 0;
    }
    return HW_OK;
}

static enum hw_status bucket_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    return bucket_last(ctx)->name[0] ? HW_OK : hw_fail(err, HW_EPROTOCOL, "a bucket without a name");
}

static enum hw_status buckets_token(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct buckets *)ctx)->token, err);
}

static enum hw_status buckets_build(void *ctx, struct hw_s3_request *request, struct hw_error *err) {
    return hw_s3_request_buckets(request, ((struct buckets *)ctx)->marker.key, err);
}

static enum hw_status buckets_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListAllMyBucketsResult/ContinuationToken", NULL, buckets_token},
        {"ListAllMyBucketsResult/Buckets/Bucket", bucket_begin, bucket_end},
        {"ListAllMyBucketsResult/Buckets/Bucket/Name", NULL, bucket_name},
        {"ListAllMyBucketsResult/Buckets/Bucket/CreationDate", NULL, bucket_created},
    };
    struct buckets *buckets = ctx;
    hw_s3_page_release(&buckets->page);
    buckets->count = 0;
    buckets->token = "";
    enum hw_status status = hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), buckets, err);
    if (status == HW_OK && buckets->token[0] && buckets->count == 0) {
        status = hw_fail(err, HW_EPROTOCOL, "more pages are said to follow, but this one has no bucket");
    }
    if (status == HW_OK && buckets->marker.key && strcmp(buckets->token, buckets->marker.key) == 0) {
        status = hw_fail(err, HW_EPROTOCOL, "the continuation token repeats");
    }
    if (status) {
        hw_error_prefix(err, "ListBuckets");
    }
    return status;
}

static enum hw_status buckets_hand_out(void *ctx, bool *out_more, struct hw_error *err) {
    struct buckets *buckets = ctx;
    for (size_t i = 0; i < buckets->count; i++) {
        HW_TRY(buckets->each(buckets->ctx, &buckets->items[i], err));
    }
    *out_more = buckets->token[0] != '\0';
    return *out_more ? hw_s3_marker_set(&buckets->marker, buckets->token, NULL, err) : HW_OK;
}

enum hw_status hw_s3_buckets_list(struct hw_s3_client *client, hw_s3_listed_bucket_fn *each, void *ctx,
                                  struct hw_error *err) {
    static const struct hw_s3_pages pages = {buckets_build, buckets_read, buckets_hand_out};
    struct buckets buckets = {.each = each, .ctx = ctx};
    enum hw_status status = hw_s3_pages_run(client, &pages, &buckets, err);
    hw_s3_page_release(&buckets.page);
    hw_s3_marker_release(&buckets.marker);
    hw_free(buckets.items);
    return status;
}
