/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_page.h"

#include "core/alloc.h"
#include "net/date.h"
#include "net/xml.h"

void hw_s3_list_page_release(struct hw_s3_list_page *page) {
    hw_free(page->entries);
    hw_s3_page_release(&page->page);
    *page = (struct hw_s3_list_page){0};
}

static struct hw_s3_entry *entry_last(struct hw_s3_list_page *page) {
    return &page->entries[page->entries_count - 1];
}

static enum hw_status token_end(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_list_page *page = ctx;
    return text.size > 0 ? hw_s3_page_text(&page->page, text, &page->token, err) : HW_OK;
}

static enum hw_status version_marker_end(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_list_page *page = ctx;
    return hw_s3_page_text(&page->page, text, &page->version_marker, err);
}

static enum hw_status count_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_number(text, "KeyCount", &((struct hw_s3_list_page *)ctx)->told_count, err);
}

static enum hw_status entry_add(struct hw_s3_list_page *page, enum hw_s3_entry_kind kind, struct hw_error *err) {
    void *entries = page->entries;
    HW_TRY(hw_s3_page_room(&entries, page->entries_count, &page->entries_capacity, sizeof(*page->entries), err));
    page->entries = entries;
    page->entries[page->entries_count++] =
        (struct hw_s3_entry){.kind = kind, .key = "", .size = UINT64_MAX, .etag = "", .version_id = ""};
    return HW_OK;
}

static enum hw_status object_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    return entry_add(ctx, HW_S3_ENTRY_OBJECT, err);
}

static enum hw_status deleted_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    HW_TRY(entry_add(ctx, HW_S3_ENTRY_DELETED, err));
    entry_last(ctx)->size = 0;
    return HW_OK;
}

static enum hw_status prefix_begin(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    HW_TRY(entry_add(ctx, HW_S3_ENTRY_PREFIX, err));
    entry_last(ctx)->size = 0;
    ((struct hw_s3_list_page *)ctx)->prefixes_count++;
    return HW_OK;
}

static enum hw_status key_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &entry_last(ctx)->key, err);
}

static enum hw_status size_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_number(text, "size", &entry_last(ctx)->size, err);
}

static enum hw_status etag_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &entry_last(ctx)->etag, err);
}

static enum hw_status version_end(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &entry_last(ctx)->version_id, err);
}

static enum hw_status latest_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    entry_last(ctx)->latest = hw_view_equal(text, HW_VIEW("true"));
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

/* Reads the elements that the rows name, and undoes the encoding of keys. */
static enum hw_status page_read(hw_view xml, const struct hw_xml_row *rows, size_t rows_count,
                                struct hw_s3_list_page *page, struct hw_error *err) {
    page->told_count = UINT64_MAX;
    HW_TRY(hw_xml_parse(xml, rows, rows_count, page, err));
    for (size_t i = 0; i < page->entries_count; i++) {
        HW_TRY(hw_s3_page_plain(&page->page, &page->entries[i].key, err));
    }
    return HW_OK;
}

static int entry_compare(const struct hw_s3_entry *a, const struct hw_s3_entry *b) {
    return strcmp(a->key, b->key);
}

/*
 * Puts objects and common prefixes in one order. Each of the two keeps the order that it came in,
 * so that a page that is out of order stays so.
 */
static enum hw_status entries_merge(struct hw_s3_list_page *page, struct hw_error *err) {
    struct hw_s3_entry *merged = hw_alloc_zero(page->entries_capacity, sizeof(*merged));
    const struct hw_s3_entry *entries = page->entries;
    const size_t count = page->entries_count;
    size_t at[2] = {0, 0};
    if (!merged) {
        return hw_fail_nomem(err, page->entries_capacity * sizeof(*merged));
    }
    for (size_t used = 0; used < count; used++) {
        for (unsigned kind = HW_S3_ENTRY_OBJECT; kind <= HW_S3_ENTRY_PREFIX; kind++) {
            while (at[kind] < count && entries[at[kind]].kind != kind) {
                at[kind]++;
            }
        }
        const bool both = at[0] < count && at[1] < count;
        const bool prefix = both ? entry_compare(&entries[at[1]], &entries[at[0]]) < 0 : at[0] == count;
        merged[used] = entries[at[prefix]++];
    }
    hw_free(page->entries);
    page->entries = merged;
    return HW_OK;
}

enum hw_status hw_s3_list_page_read(hw_view xml, struct hw_s3_list_page *page, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListBucketResult/EncodingType", NULL, hw_s3_page_encoding},
        {"ListBucketResult/IsTruncated", NULL, hw_s3_page_truncated},
        {"ListBucketResult/NextContinuationToken", NULL, token_end},
        {"ListBucketResult/KeyCount", NULL, count_end},
        {"ListBucketResult/Contents", object_begin, entry_end},
        {"ListBucketResult/Contents/Key", NULL, key_end},
        {"ListBucketResult/Contents/Size", NULL, size_end},
        {"ListBucketResult/Contents/ETag", NULL, etag_end},
        {"ListBucketResult/Contents/LastModified", NULL, changed_end},
        {"ListBucketResult/CommonPrefixes", prefix_begin, entry_end},
        {"ListBucketResult/CommonPrefixes/Prefix", NULL, key_end},
    };
    HW_TRY(page_read(xml, rows, COUNT_OF(rows), page, err));
    return page->entries_count > 1 ? entries_merge(page, err) : HW_OK;
}

enum hw_status hw_s3_versions_page_read(hw_view xml, struct hw_s3_list_page *page, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListVersionsResult/EncodingType", NULL, hw_s3_page_encoding},
        {"ListVersionsResult/IsTruncated", NULL, hw_s3_page_truncated},
        {"ListVersionsResult/NextKeyMarker", NULL, token_end},
        {"ListVersionsResult/NextVersionIdMarker", NULL, version_marker_end},
        {"ListVersionsResult/Version", object_begin, entry_end},
        {"ListVersionsResult/Version/Key", NULL, key_end},
        {"ListVersionsResult/Version/VersionId", NULL, version_end},
        {"ListVersionsResult/Version/IsLatest", NULL, latest_end},
        {"ListVersionsResult/Version/Size", NULL, size_end},
        {"ListVersionsResult/Version/ETag", NULL, etag_end},
        {"ListVersionsResult/Version/LastModified", NULL, changed_end},
        {"ListVersionsResult/DeleteMarker", deleted_begin, entry_end},
        {"ListVersionsResult/DeleteMarker/Key", NULL, key_end},
        {"ListVersionsResult/DeleteMarker/VersionId", NULL, version_end},
        {"ListVersionsResult/DeleteMarker/IsLatest", NULL, latest_end},
        {"ListVersionsResult/DeleteMarker/LastModified", NULL, changed_end},
        {"ListVersionsResult/CommonPrefixes", prefix_begin, entry_end},
        {"ListVersionsResult/CommonPrefixes/Prefix", NULL, key_end},
    };
    HW_TRY(page_read(xml, rows, COUNT_OF(rows), page, err));
    return page->token ? hw_s3_page_plain(&page->page, &page->token, err) : HW_OK;
}
