/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/uploads.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "core/hash_set.h"
#include "core/limits.h"
#include "core/siphash.h"
#include "net/date.h"
#include "net/xml.h"
#include "s3/request_bucket.h"
#include "s3/request_multipart.h"

/* The most aborts of one upload, and the pause after the first one, which doubles. */
enum { ABORTS_MAX = 5, PAUSE_MS = 20 };

/* ------ ListMultipartUploads */

struct uploads {
    /* The first member, as the handlers of s3/page.h want it. */
    struct hw_s3_page page;
    const char *prefix;
    /* The service is asked for the prefix, or in a directory bucket for the folder of it. */
    const char *asked;
    /* The places where pages began. They prove that a listing without an order goes on. */
    struct hw_hash_set places;
    bool unordered;
    hw_s3_open_upload_fn *each;
    void *ctx;
    struct hw_s3_open_upload *items;
    size_t count;
    size_t capacity;
    const char *key_marker;
    const char *id_marker;
    struct hw_s3_marker markers;
};

static enum hw_status upload_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct uploads *uploads = ctx;
    void *items = uploads->items;
    (void)text;
    HW_TRY(hw_s3_page_room(&items, uploads->count, &uploads->capacity, sizeof(*uploads->items), err));
    uploads->items = items;
    uploads->items[uploads->count++] = (struct hw_s3_open_upload){.key = "", .id = ""};
    return HW_OK;
}

static struct hw_s3_open_upload *upload_last(void *ctx) {
    struct uploads *uploads = ctx;
    return &uploads->items[uploads->count - 1];
}

static enum hw_status upload_key(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &upload_last(ctx)->key, err);
}

static enum hw_status upload_id(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &upload_last(ctx)->id, err);
}

static enum hw_status upload_initiated(void *ctx, hw_view text, struct hw_error *err) {
    (void)err;
    if (!hw_http_timestamp_parse(text, &upload_last(ctx)->initiated_us)) {
        upload_last(ctx)->initiated_us = 0;
    }
    return HW_OK;
}

static enum hw_status upload_end(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    if (!upload_last(ctx)->key[0] || !upload_last(ctx)->id[0]) {
        return hw_fail(err, HW_EPROTOCOL, "an upload without a key or an id");
    }
    return HW_OK;
}

static enum hw_status uploads_key_marker(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct uploads *)ctx)->key_marker, err);
}

static enum hw_status uploads_id_marker(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &((struct uploads *)ctx)->id_marker, err);
}

static enum hw_status uploads_page_read(hw_view xml, struct uploads *uploads, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListMultipartUploadsResult/EncodingType", NULL, hw_s3_page_encoding},
        {"ListMultipartUploadsResult/IsTruncated", NULL, hw_s3_page_truncated},
        {"ListMultipartUploadsResult/NextKeyMarker", NULL, uploads_key_marker},
        {"ListMultipartUploadsResult/NextUploadIdMarker", NULL, uploads_id_marker},
        {"ListMultipartUploadsResult/Upload", upload_begin, upload_end},
        {"ListMultipartUploadsResult/Upload/Key", NULL, upload_key},
        {"ListMultipartUploadsResult/Upload/UploadId", NULL, upload_id},
        {"ListMultipartUploadsResult/Upload/Initiated", NULL, upload_initiated},
    };
    hw_s3_page_release(&uploads->page);
    uploads->count = 0;
    uploads->key_marker = uploads->id_marker = "";
    HW_TRY(hw_xml_parse(xml, rows, COUNT_OF(rows), uploads, err));
    HW_TRY(hw_s3_page_plain(&uploads->page, &uploads->key_marker, err));
    for (size_t i = 0; i < uploads->count; i++) {
        HW_TRY(hw_s3_page_plain(&uploads->page, &uploads->items[i].key, err));
    }
    return HW_OK;
}

static enum hw_status uploads_build(void *ctx, struct hw_s3_request *request, struct hw_error *err) {
    const struct uploads *uploads = ctx;
    const struct hw_s3_marker_params params = {
        .prefix = uploads->asked, .key_marker = uploads->markers.key, .id_marker = uploads->markers.id};
    return hw_s3_request_uploads(request, &params, err);
}

static enum hw_status uploads_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    struct uploads *uploads = ctx;
    char quoted[HW_QUOTE_BYTES];
    enum hw_status status = uploads_page_read(hw_buf_view(&response->body), uploads, err);
    if (status) {
        hw_error_prefix(err, "ListMultipartUploads: the reply is no listing");
        return status;
    }
    for (size_t i = 0; i < uploads->count; i++) {
        const char *key = uploads->items[i].key;
        if (!hw_view_starts(hw_view_of(key), hw_view_of(uploads->asked))) {
            return hw_fail(err, HW_EPROTOCOL, "ListMultipartUploads: the key %s does not begin with the prefix",
                           hw_quote(key, strlen(key), quoted, sizeof(quoted)));
        }
    }
    if (uploads->unordered && uploads->key_marker[0]) {
        return HW_OK;
    }
    return uploads->page.truncated ? hw_s3_marker_check(&uploads->markers, uploads->key_marker, uploads->id_marker,
                                                        "ListMultipartUploads", err)
                                   : HW_OK;
}

/* Returns whether a place is one where a page began before. */
static bool place_repeats(struct uploads *uploads) {
    static const struct hw_siphash_key key = {{0, 0}};
    const uint64_t of_key = hw_siphash128(&key, uploads->key_marker, strlen(uploads->key_marker)).words[0];
    const uint64_t of_id = hw_siphash128(&key, uploads->id_marker, strlen(uploads->id_marker)).words[0];
    return !hw_hash_set_add(&uploads->places, of_key + 31 * of_id);
}

static enum hw_status uploads_hand_out(void *ctx, bool *out_more, struct hw_error *err) {
    struct uploads *uploads = ctx;
    if (uploads->unordered && uploads->page.truncated && place_repeats(uploads)) {
        return hw_fail(err, HW_EPROTOCOL, "ListMultipartUploads: the place where the next page begins comes twice");
    }
    for (size_t i = 0; i < uploads->count; i++) {
        if (hw_view_starts(hw_view_of(uploads->items[i].key), hw_view_of(uploads->prefix))) {
            HW_TRY(uploads->each(uploads->ctx, &uploads->items[i], err));
        }
    }
    *out_more = uploads->page.truncated;
    return *out_more ? hw_s3_marker_set(&uploads->markers, uploads->key_marker, uploads->id_marker, err) : HW_OK;
}

enum hw_status hw_s3_uploads_list(struct hw_s3_client *client, const char *prefix, hw_s3_open_upload_fn *each,
                                  void *ctx, struct hw_error *err) {
    static const struct hw_s3_pages pages = {uploads_build, uploads_read, uploads_hand_out};
    const bool directory = hw_s3_client_directory(client);
    HW_AUTO(hw_buf) asked = {0};
    HW_TRY(hw_buf_append(&asked, prefix, directory ? hw_s3_folder_bytes(prefix) : strlen(prefix), err));
    HW_TRY(hw_buf_end_text(&asked, err));
    struct uploads uploads = {
        .prefix = prefix, .asked = (const char *)asked.data, .unordered = directory, .each = each, .ctx = ctx};
    enum hw_status status = hw_s3_pages_run(client, &pages, &uploads, err);
    hw_hash_set_release(&uploads.places);
    hw_s3_page_release(&uploads.page);
    hw_s3_marker_release(&uploads.markers);
    hw_free(uploads.items);
    return status;
}

/* ------ ListParts */

struct parts {
    /* The first member, as the handlers of s3/page.h want it. */
    struct hw_s3_page page;
    const char *key;
    const char *upload_id;
    hw_s3_listed_part_fn *each;
    void *ctx;
    struct hw_s3_listed_part *items;
    size_t count;
    size_t capacity;
    /* The number of the last part that was handed out; the next page begins behind it. */
    unsigned after;
};

static enum hw_status part_begin(void *ctx, hw_view text, struct hw_error *err) {
    struct parts *parts = ctx;
    void *items = parts->items;
    (void)text;
    HW_TRY(hw_s3_page_room(&items, parts->count, &parts->capacity, sizeof(*parts->items), err));
    parts->items = items;
    parts->items[parts->count++] = (struct hw_s3_listed_part){.size = UINT64_MAX, .etag = ""};
    return HW_OK;
}

static struct hw_s3_listed_part *part_last(void *ctx) {
    struct parts *parts = ctx;
    return &parts->items[parts->count - 1];
}

static enum hw_status part_number(void *ctx, hw_view text, struct hw_error *err) {
    uint64_t number;
    HW_TRY(hw_s3_page_number(text, "number of a part", &number, err));
    if (number < 1 || number > HW_S3_PARTS_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "a part has a number beyond 1 to %u", HW_S3_PARTS_MAX);
    }
    part_last(ctx)->number = (unsigned)number;
    return HW_OK;
}

static enum hw_status part_size(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_number(text, "size", &part_last(ctx)->size, err);
}

static enum hw_status part_etag(void *ctx, hw_view text, struct hw_error *err) {
    return hw_s3_page_text(ctx, text, &part_last(ctx)->etag, err);
}

/* The kinds have the order of preference, so a better one takes the place of the other. */
static void part_checksum(void *ctx, enum hw_checksum_kind kind, hw_view text) {
    struct hw_checksum *checksum = &part_last(ctx)->checksum;
    struct hw_checksum told;
    if ((checksum->kind == HW_CHECKSUM_NONE || kind < checksum->kind) && hw_checksum_parse(kind, text, &told)) {
        *checksum = told;
    }
}

#define PART_CHECKSUM(name, kind)                                                      \
    static enum hw_status part_##name(void *ctx, hw_view text, struct hw_error *err) { \
        (void)err;                                                                     \
        part_checksum(ctx, kind, text);                                                \
        return HW_OK;                                                                  \
    }
PART_CHECKSUM(crc64nvme, HW_CHECKSUM_CRC64NVME)
PART_CHECKSUM(crc32c, HW_CHECKSUM_CRC32C)
PART_CHECKSUM(crc32, HW_CHECKSUM_CRC32)
PART_CHECKSUM(sha1, HW_CHECKSUM_SHA1)
PART_CHECKSUM(sha256, HW_CHECKSUM_SHA256)
#undef PART_CHECKSUM

static enum hw_status part_end(void *ctx, hw_view text, struct hw_error *err) {
    const struct parts *parts = ctx;
    const struct hw_s3_listed_part *part = part_last(ctx);
    const unsigned before = parts->count > 1 ? part[-1].number : parts->after;
    (void)text;
    if (part->number == 0 || part->size == UINT64_MAX) {
        return hw_fail(err, HW_EPROTOCOL, "a part without a number or a size");
    }
    return part->number > before ? HW_OK
                                 : hw_fail(err, HW_EPROTOCOL, "part %u stands behind part %u", part->number, before);
}

static enum hw_status parts_build(void *ctx, struct hw_s3_request *request, struct hw_error *err) {
    const struct parts *parts = ctx;
    return hw_s3_request_parts(request, parts->key, parts->upload_id, parts->after, err);
}

static enum hw_status parts_read(void *ctx, const struct hw_http_response *response, struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"ListPartsResult/IsTruncated", NULL, hw_s3_page_truncated},
        {"ListPartsResult/Part", part_begin, part_end},
        {"ListPartsResult/Part/PartNumber", NULL, part_number},
        {"ListPartsResult/Part/Size", NULL, part_size},
        {"ListPartsResult/Part/ETag", NULL, part_etag},
        {"ListPartsResult/Part/ChecksumCRC64NVME", NULL, part_crc64nvme},
        {"ListPartsResult/Part/ChecksumCRC32C", NULL, part_crc32c},
        {"ListPartsResult/Part/ChecksumCRC32", NULL, part_crc32},
        {"ListPartsResult/Part/ChecksumSHA1", NULL, part_sha1},
        {"ListPartsResult/Part/ChecksumSHA256", NULL, part_sha256},
    };
    struct parts *parts = ctx;
    hw_s3_page_release(&parts->page);
    parts->count = 0;
    enum hw_status status = hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), parts, err);
    if (status == HW_OK && parts->page.truncated && parts->count == 0) {
        status = hw_fail(err, HW_EPROTOCOL, "more pages are said to follow, but this one has no part");
    }
    if (status) {
        hw_error_prefix(err, "ListParts");
    }
    return status;
}

static enum hw_status parts_hand_out(void *ctx, bool *out_more, struct hw_error *err) {
    struct parts *parts = ctx;
    for (size_t i = 0; i < parts->count; i++) {
        HW_TRY(parts->each(parts->ctx, &parts->items[i], err));
        parts->after = parts->items[i].number;
    }
    *out_more = parts->page.truncated;
    return HW_OK;
}

enum hw_status hw_s3_parts_list(struct hw_s3_client *client, const char *key, const char *upload_id,
                                hw_s3_listed_part_fn *each, void *ctx, struct hw_error *err) {
    static const struct hw_s3_pages pages = {parts_build, parts_read, parts_hand_out};
    struct parts parts = {.key = key, .upload_id = upload_id, .each = each, .ctx = ctx};
    enum hw_status status = hw_s3_pages_run(client, &pages, &parts, err);
    hw_s3_page_release(&parts.page);
    hw_free(parts.items);
    return status;
}

/* ------ AbortMultipartUpload */

static enum hw_status part_ignore(void *ctx, const struct hw_s3_listed_part *part, struct hw_error *err) {
    (void)ctx;
    (void)part;
    (void)err;
    return HW_OK;
}

static enum hw_status abort_once(struct hw_s3_client *client, const char *key, const char *upload_id,
                                 struct hw_error *err) {
    HW_AUTO(hw_s3_call) call = {0};
    HW_AUTO(hw_http_response) response = {0};
    HW_TRY(hw_s3_request_abort(&call.request, key, upload_id, err));
    return hw_s3_call_perform(client, &call, &response, err);
}

/* Returns whether a failure says that there is no such upload; a missing bucket says less. */
static bool upload_gone(enum hw_status status, const struct hw_error *fault) {
    return status == HW_ENOTFOUND && strcmp(fault->s3_code, "NoSuchBucket") != 0;
}

enum hw_status hw_s3_upload_end(struct hw_s3_client *client, const char *key, const char *upload_id,
                                struct hw_error *err) {
    for (unsigned i = 0; i < ABORTS_MAX; i++) {
        struct hw_error fault = HW_ERROR_INIT;
        enum hw_status status = abort_once(client, key, upload_id, &fault);
        status = status ? status : hw_s3_parts_list(client, key, upload_id, part_ignore, NULL, &fault);
        if (upload_gone(status, &fault)) {
            return HW_OK;
        }
        if (status) {
            return hw_error_pass(err, status, &fault);
        }
        hw_clock_sleep_ms((int64_t)PAUSE_MS << i);
    }
    return hw_fail(err, HW_EFAILED,
                   "the upload was aborted %d times, and is there nevertheless: is it still written to?", ABORTS_MAX);
}
