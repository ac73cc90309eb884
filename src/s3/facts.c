/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/facts.h"

#include <stdio.h>

#include "net/date.h"
#include "net/xml.h"

static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err);

/*
 * Reads the checksum of the whole object. A COMPOSITE one, which sums up the checksums of parts,
 * says nothing of the bytes.
 */
static struct hw_checksum checksum_read(const struct hw_http_response *response) {
    static const struct {
        const char *header;
        enum hw_checksum_kind kind;
    } rows[] = {
        {"x-amz-checksum-crc64nvme", HW_CHECKSUM_CRC64NVME},
        {"x-amz-checksum-crc32c", HW_CHECKSUM_CRC32C},
        {"x-amz-checksum-crc32", HW_CHECKSUM_CRC32},
    };
    struct hw_checksum checksum = {0};
    hw_view type = hw_http_header_find(response, "x-amz-checksum-type");
    if (type.data && !hw_view_equal(type, HW_VIEW("FULL_OBJECT"))) {
        return checksum;
    }
    for (size_t i = 0; i < COUNT_OF(rows) && checksum.kind == HW_CHECKSUM_NONE; i++) {
        hw_view text = hw_http_header_find(response, rows[i].header);
        if (text.data && !hw_checksum_parse(rows[i].kind, text, &checksum)) {
            checksum = (struct hw_checksum){0};
        }
    }
    return checksum;
}

enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                 struct hw_error *err) {
    struct hw_s3_object object = {.checksum = checksum_read(response)};
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

/* ------ CompleteMultipartUpload */

static enum hw_status complete_etag(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_completed *completed = ctx;
    return text_copy(text, completed->etag, sizeof(completed->etag), "ETag", err);
}

static enum hw_status complete_crc(void *ctx, hw_view text, struct hw_error *err) {
    struct hw_s3_completed *completed = ctx;
    char quoted[HW_QUOTE_BYTES];
    return hw_checksum_parse(HW_CHECKSUM_CRC64NVME, text, &completed->checksum)
               ? HW_OK
               : hw_fail(err, HW_EPROTOCOL, "%s is not a CRC64NVME",
                         hw_quote(text.data ? text.data : "", text.size, quoted, sizeof(quoted)));
}

enum hw_status hw_s3_completed_read(const struct hw_http_response *response, struct hw_s3_completed *out_completed,
                                    struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"CompleteMultipartUploadResult/ETag", NULL, complete_etag},
        {"CompleteMultipartUploadResult/ChecksumCRC64NVME", NULL, complete_crc},
    };
    struct hw_s3_completed completed = {0};
    HW_TRY(hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), &completed, err));
    if (completed.etag[0] == '\0') {
        return hw_fail(err, HW_EPROTOCOL, "the result has no ETag");
    }
    *out_completed = completed;
    return HW_OK;
}

void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]) {
    size_t bytes = strlen(etag);
    bool quoted = bytes >= 2 && etag[0] == '"' && etag[bytes - 1] == '"';
    snprintf(out, HW_S3_ETAG_BYTES, "%.*s", (int)(quoted ? bytes - 2 : bytes), quoted ? etag + 1 : etag);
}
