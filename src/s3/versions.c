/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/versions.h"

#include "core/alloc.h"
#include "s3/request_bucket.h"

struct versions {
    const char *prefix;
    const char *delimiter;
    hw_s3_entry_fn *each;
    void *ctx;
    struct hw_s3_list_page page;
    /* The markers of the next page, which were read from the page before. */
    struct hw_s3_marker markers;
};

static enum hw_status versions_build(void *ctx, struct hw_s3_request *request, struct hw_error *err) {
    const struct versions *versions = ctx;
    const struct hw_s3_marker_params params = {
        .prefix = versions->prefix,
        .delimiter = versions->delimiter,
        .key_marker = versions->markers.key,
        .id_marker = versions->markers.id,
    };
    return hw_s3_request_versions(request, &params, err);
}

static enum hw_status versions_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct versions *versions = ctx;
    struct hw_s3_list_page *page = &versions->page;
    char quoted[HW_QUOTE_BYTES];
    hw_s3_list_page_release(page);
    enum hw_status status = hw_s3_versions_page_read(hw_buf_view(&response->body), page, err);
    if (status) {
        hw_error_prefix(err, "ListObjectVersions: the reply is no listing");
        return status;
    }
    for (size_t i = 0; i < page->entries_count; i++) {
        const char *key = page->entries[i].key;
        if (!hw_view_starts(hw_view_of(key), hw_view_of(versions->prefix))) {
            return hw_fail(err, HW_EPROTOCOL, "ListObjectVersions: the key %s does not begin with the prefix",
                           hw_quote(key, strlen(key), quoted, sizeof(quoted)));
        }
    }
    return page->page.truncated
               ? hw_s3_marker_check(&versions->markers, page->token, page->version_marker, "ListObjectVersions", err)
               : HW_OK;
}

static enum hw_status versions_hand_out(void *ctx, bool *out_more, struct hw_error *err) {
    struct versions *versions = ctx;
    const struct hw_s3_list_page *page = &versions->page;
    for (size_t i = 0; i < page->entries_count; i++) {
        HW_TRY(versions->each(versions->ctx, &page->entries[i], err));
    }
    *out_more = page->page.truncated;
    return page->page.truncated ? hw_s3_marker_set(&versions->markers, page->token, page->version_marker, err) : HW_OK;
}

enum hw_status hw_s3_versions_list(struct hw_s3_client *client, const char *prefix, const char *delimiter,
                                   hw_s3_entry_fn *each, void *ctx, struct hw_error *err) {
    static const struct hw_s3_pages pages = {versions_build, versions_read, versions_hand_out};
    struct versions versions = {.prefix = prefix, .delimiter = delimiter, .each = each, .ctx = ctx};
    enum hw_status status = hw_s3_pages_run(client, &pages, &versions, err);
    hw_s3_list_page_release(&versions.page);
    hw_s3_marker_release(&versions.markers);
    return status;
}
