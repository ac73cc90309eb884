/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/facts.h"

#include <stdio.h>

#include "core/bytes_text.h"
#include "core/limits.h"
#include "core/whole_number.h"
#include "net/date.h"
#include "net/xml.h"

static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err);

const enum hw_checksum_kind hw_s3_checksum_order[HW_S3_CHECKSUM_KINDS] = {
    HW_CHECKSUM_CRC64NVME, HW_CHECKSUM_CRC32C, HW_CHECKSUM_CRC32, HW_CHECKSUM_SHA256, HW_CHECKSUM_SHA1,
};

struct hw_checksum hw_s3_checksum_read(const struct hw_http_response *response, bool composite) {
    hw_view type = hw_http_header_find(response, "x-amz-checksum-type");
    const bool whole = !type.data || hw_view_equal(type, HW_VIEW("FULL_OBJECT"));
    for (size_t i = 0; i < COUNT_OF(hw_s3_checksum_order); i++) {
        struct hw_checksum checksum;
        hw_view text = hw_http_header_find(response, hw_checksum_header(hw_s3_checksum_order[i]));
        if (text.data && hw_checksum_parse(hw_s3_checksum_order[i], text, &checksum) &&
            (checksum.parts > 0 ? composite : whole)) {
            return checksum;
        }
    }
    return (struct hw_checksum){0};
}

enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                 struct hw_error *err) {
    struct hw_s3_object object = {.checksum = hw_s3_checksum_read(response, false)};
    hw_view etag = hw_http_header_find(response, "ETag");
    hw_view changed = hw_http_header_find(response, "Last-Modified");

    if (etag.data) {
        HW_TRY(text_copy(etag, object.etag, sizeof(object.etag), "ETag", err));
    }
    if (changed.data && !hw_http_date_parse(changed, &object.mtime_us)) {
        object.mtime_us = 0;
    }
    *out_object = object;
    return HW_OK;
}

static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err) {
    if (text.size >= out_bytes || (text.size > 0 && memchr(text.data, '\0', text.size))) {
        return hw_fail(err, HW_EPROTOCOL, "the %s of a reply has %zu bytes, %zu are allowed", what, text.size,
                       out_bytes - 1);
    }
    memcpy(out, text.size > 0 ? text.data : "", text.size);
    out[text.size] = '\0';
    return HW_OK;
}

static enum hw_status upload_id_end(void *ctx, hw_view text, struct hw_error *err) {
    return text_copy(text, ctx, HW_S3_UPLOAD_ID_BYTES, "UploadId", err);
}

enum hw_status hw_s3_upload_id_read(const struct hw_http_response *response, char out_id[HW_S3_UPLOAD_ID_BYTES],
                                    struct hw_error *err) {
    static const struct hw_xml_row rows[] = {{"InitiateMultipartUploadResult/UploadId", NULL, upload_id_end}};
    char id[HW_S3_UPLOAD_ID_BYTES] = "";
    HW_TRY(hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), id, err));
    if (id[0] == '\0') {
        return hw_fail(err, HW_EPROTOCOL, "the reply names no UploadId");
    }
    memcpy(out_id, id, sizeof(id));
    return HW_OK;
}

/* ------ CompleteMultipartUpload, CopyObject, UploadPartCopy */

static enum hw_status made_etag(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_made *made = ctx;
    return text_copy(text, made->etag, sizeof(made->etag), "ETag", err);
}

static enum hw_status made_checksum(struct hw_s3_made *made, enum hw_checksum_kind kind, hw_view text,
                                    struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_checksum_parse(kind, text, &made->checksum)
               ? HW_OK
               : hw_fail(err, HW_EPROTOCOL, "%s is not a %s",
                         hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)),
                         hw_checksum_algorithm(kind));
}

#define MADE_CHECKSUM(kind)                                                            \
    static enum hw_status made_##kind(void *ctx, hw_view text, struct hw_error *err) { \
        return made_checksum(ctx, HW_CHECKSUM_##kind, text, err);                      \
    }
MADE_CHECKSUM(CRC64NVME)
MADE_CHECKSUM(CRC32C)
MADE_CHECKSUM(CRC32)
MADE_CHECKSUM(SHA256)
MADE_CHECKSUM(SHA1)
#undef MADE_CHECKSUM

#define MADE_ROWS(root)                                                                         \
    {root "/ETag", NULL, made_etag}, {root "/ChecksumSHA1", NULL, made_SHA1},                   \
        {root "/ChecksumSHA256", NULL, made_SHA256}, {root "/ChecksumCRC32", NULL, made_CRC32}, \
        {root "/ChecksumCRC32C", NULL, made_CRC32C}, {                                          \
        root "/ChecksumCRC64NVME", NULL, made_CRC64NVME                                         \
    }

enum hw_status hw_s3_made_read(const struct hw_http_response *response, struct hw_s3_made *out_made,
                               struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        MADE_ROWS("CompleteMultipartUploadResult"),
        MADE_ROWS("CopyObjectResult"),
        MADE_ROWS("CopyPartResult"),
    };
    struct hw_s3_made made = {0};
    HW_TRY(hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), &made, err));
    if (made.etag[0] == '\0') {
        return hw_fail(err, HW_EPROTOCOL, "the result has no ETag");
    }
    *out_made = made;
    return HW_OK;
}

/* ------ ETags */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hw_s3_etag_md5(const char *etag, struct hw_checksum *out_md5) {
    struct hw_checksum md5 = {.kind = HW_CHECKSUM_MD5};
    char bare[HW_S3_ETAG_BYTES];
    enum { BYTES = 16 };
    hw_s3_etag_bare(etag, bare);
    if (strlen(bare) != (size_t)2 * BYTES) {
        return false;
    }
    for (size_t i = 0; i < BYTES; i++) {
        int high = hex_digit(bare[2 * i]);
        int low = hex_digit(bare[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        md5.digest[i] = (uint8_t)(high << 4 | low);
    }
    *out_md5 = md5;
    return true;
}

unsigned hw_s3_etag_parts(const char *etag) {
    char bare[HW_S3_ETAG_BYTES];
    struct hw_checksum md5;
    uint64_t parts;
    hw_s3_etag_bare(etag, bare);
    char *dash = strchr(bare, '-');
    if (!dash || dash[1] == '0') {
        return 0;
    }
    *dash = '\0';
    const bool good = hw_whole_number_read(hw_view_of(dash + 1), &parts) && parts <= HW_S3_PARTS_MAX;
    return good && hw_s3_etag_md5(bare, &md5) ? (unsigned)parts : 0;
}

bool hw_s3_etag_compose_add(struct hw_checksum_run *run, const char *part_etag) {
    struct hw_checksum md5;
    if (!hw_s3_etag_md5(part_etag, &md5)) {
        return false;
    }
    hw_checksum_compose_add(run, &md5);
    return true;
}

void hw_s3_etag_compose(struct hw_checksum_run *run, size_t parts, char out[HW_S3_ETAG_BYTES]) {
    struct hw_checksum md5;
    uint8_t bytes[HW_CHECKSUM_DIGEST_BYTES];
    char hex[2 * sizeof(bytes) + 1];
    hw_checksum_run_final(run, &md5);
    hw_hex(bytes, hw_checksum_bytes(&md5, bytes), hex);
    snprintf(out, HW_S3_ETAG_BYTES, "\"%s-%zu\"", hex, parts);
}

void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]) {
    size_t bytes = strlen(etag);
    bool quoted = bytes >= 2 && etag[0] == '"' && etag[bytes - 1] == '"';
    snprintf(out, HW_S3_ETAG_BYTES, "%.*s", (int)(quoted ? bytes - 2 : bytes), quoted ? etag + 1 : etag);
}
