/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/write_headers.h"

#include <strings.h>

#include "core/buf.h"
#include "net/date.h"
#include "s3/tagging.h"

#define METADATA_PREFIX "x-amz-meta-"

static const char *const encryption_names[] = {
    [HW_ENCRYPTION_AES256] = "AES256",
    [HW_ENCRYPTION_KMS] = "aws:kms",
    [HW_ENCRYPTION_KMS_DSSE] = "aws:kms:dsse",
};
static_assert(COUNT_OF(encryption_names) == HW_ENCRYPTIONS, "each has a name");

static enum hw_status texts_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                struct hw_error *err);
static enum hw_status expires_add(const char *expires, struct hw_s3_headers *headers, struct hw_error *err);
static enum hw_status metadata_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                   struct hw_error *err);
static enum hw_status tagging_add(const char *tagging, struct hw_s3_headers *headers, struct hw_error *err);
static enum hw_status encryption_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                     struct hw_error *err);

enum hw_checksum_kind hw_s3_write_checksum(const struct hw_write_options *options) {
    return options && options->checksum != HW_CHECKSUM_NONE ? options->checksum : HW_CHECKSUM_CRC64NVME;
}

enum hw_status hw_s3_write_headers_make(const struct hw_write_options *options, struct hw_s3_headers *out_headers,
                                        struct hw_error *err) {
    HW_AUTO(hw_s3_headers) headers = {0};
    if (options) {
        HW_TRY(texts_add(options, &headers, err));
        HW_TRY(expires_add(options->expires, &headers, err));
        HW_TRY(metadata_add(options, &headers, err));
        HW_TRY(tagging_add(options->tagging, &headers, err));
        HW_TRY(encryption_add(options, &headers, err));
    }
    hw_s3_headers_release(out_headers);
    *out_headers = headers;
    headers = (struct hw_s3_headers){0};
    return HW_OK;
}

/* Headers hold printable ASCII. A value of nothing but blanks would not arrive. */
static enum hw_status value_check(const char *what, const char *value, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    hw_view text = hw_view_of(value);
    hw_quote(value, text.size, quoted, sizeof(quoted));
    if (hw_view_trim(text).size == 0) {
        return hw_fail(err, HW_EUSAGE, "the %s is empty", what);
    }
    if (hw_view_trim(text).size != text.size) {
        return hw_fail(err, HW_EUSAGE, "the %s %s begins or ends with a blank, which S3 does not keep", what, quoted);
    }
    for (size_t i = 0; i < text.size; i++) {
        if ((uint8_t)value[i] >= 0x7f) {
            return hw_fail(err, HW_EUSAGE, "the %s %s has a byte that is not ASCII, which S3 does not keep as it is",
                           what, quoted);
        }
        if ((uint8_t)value[i] < ' ') {
            return hw_fail(err, HW_EUSAGE, "the %s %s has a control byte, which no request can hold", what, quoted);
        }
    }
    return HW_OK;
}

static enum hw_status texts_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                struct hw_error *err) {
#define TEXT(header, what, member) \
    { header, what, offsetof(struct hw_write_options, member) }
    static const struct {
        const char *header;
        const char *what;
        size_t offset;
    } rows[] = {
        TEXT("Content-Type", "content type", content_type),
        TEXT("Content-Encoding", "content encoding", content_encoding),
        TEXT("Content-Language", "content language", content_language),
        TEXT("Content-Disposition", "content disposition", content_disposition),
        TEXT("Cache-Control", "cache control", cache_control),
        TEXT("x-amz-storage-class", "storage class", storage_class),
        TEXT("x-amz-acl", "ACL", acl),
    };
#undef TEXT
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *value = *(const char *const *)(const void *)((const char *)options + rows[i].offset);
        if (value) {
            HW_TRY(value_check(rows[i].what, value, err));
            HW_TRY(hw_s3_headers_add(headers, err, rows[i].header, "%s", value));
        }
    }
    return HW_OK;
}

/*
 * A timestamp becomes the date of an HTTP header. "0" and "-1", which are in use for "at once", are
 * left as they are.
 */
static enum hw_status expires_add(const char *expires, struct hw_s3_headers *headers, struct hw_error *err) {
    int64_t us;
    char date[HW_HTTP_DATE_BYTES];
    if (!expires) {
        return HW_OK;
    }
    HW_TRY(value_check("expiry", expires, err));
    const hw_view text = hw_view_of(expires);
    const bool timestamp = hw_http_timestamp_parse(text, &us);
    const bool kept =
        hw_http_date_parse(text, &(int64_t){0}) || strcmp(expires, "0") == 0 || strcmp(expires, "-1") == 0;
    if (!timestamp && !kept) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE,
                       "the expiry %s is no time like 2050-11-06T08:49:37Z or Sun, 06 Nov 2050 08:49:37 GMT",
                       hw_quote(expires, text.size, quoted, sizeof(quoted)));
    }
    return hw_s3_headers_add(headers, err, "Expires", "%s", timestamp ? hw_http_date_text(us, date) : expires);
}

/* ------ user metadata */

/* Returns whether a byte may stand in the name of a header (token of RFC 9110, 5.6.2). */
static bool name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           (byte != '\0' && strchr("!#$%&'*+-.^_`|~", byte));
}

static enum hw_status metadata_check(const struct hw_write_options *options, size_t index, struct hw_error *err) {
    const struct hw_metadata *entry = &options->metadata[index];
    char quoted[HW_QUOTE_BYTES];
    const size_t bytes = strlen(entry->name);
    hw_quote(entry->name, bytes, quoted, sizeof(quoted));
    if (bytes == 0) {
        return hw_fail(err, HW_EUSAGE, "an entry of metadata has no name");
    }
    for (size_t i = 0; i < bytes; i++) {
        if (!name_byte(entry->name[i])) {
            return hw_fail(err, HW_EUSAGE,
                           "the name %s of metadata has a byte that names of headers cannot have: letters, digits and "
                           "!#$%%&'*+-.^_`|~ are allowed",
                           quoted);
        }
    }
    for (size_t i = 0; i < index; i++) {
        if (strcasecmp(options->metadata[i].name, entry->name) == 0) {
            return hw_fail(err, HW_EUSAGE, "the name %s of metadata is there twice", quoted);
        }
    }
    return entry->value[0] ? value_check("value of metadata", entry->value, err) : HW_OK;
}

static enum hw_status metadata_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                   struct hw_error *err) {
    HW_AUTO(hw_buf) name = {0};
    size_t bytes = 0;
    for (size_t i = 0; i < options->metadata_count; i++) {
        const struct hw_metadata *entry = &options->metadata[i];
        HW_TRY(metadata_check(options, i, err));
        bytes += strlen(entry->name) + strlen(entry->value);
        if (bytes > HW_S3_METADATA_BYTES_MAX) {
            return hw_fail(err, HW_EUSAGE, "the metadata has more than the %d bytes that S3 allows",
                           HW_S3_METADATA_BYTES_MAX);
        }
        hw_buf_clear(&name);
        HW_TRY(hw_buf_printf(&name, err, METADATA_PREFIX "%s", entry->name));
        HW_TRY(hw_buf_end_text(&name, err));
        HW_TRY(hw_s3_headers_copy(headers, (const char *)name.data, entry->value, err));
    }
    return HW_OK;
}

/* ------ tags and encryption */

static enum hw_status tagging_add(const char *tagging, struct hw_s3_headers *headers, struct hw_error *err) {
    HW_AUTO(hw_buf) encoded = {0};
    if (!tagging) {
        return HW_OK;
    }
    HW_TRY(hw_s3_tagging_encode(tagging, &encoded, err));
    return hw_s3_headers_add(headers, err, "x-amz-tagging", "%s", (const char *)encoded.data);
}

static enum hw_status encryption_add(const struct hw_write_options *options, struct hw_s3_headers *headers,
                                     struct hw_error *err) {
    const bool kms = options->encryption == HW_ENCRYPTION_KMS || options->encryption == HW_ENCRYPTION_KMS_DSSE;
    if (options->encryption == HW_ENCRYPTION_DEFAULT) {
        return options->kms_key_id || options->bucket_key
                   ? hw_fail(err, HW_EUSAGE, "a key of KMS needs encryption by aws:kms or aws:kms:dsse")
                   : HW_OK;
    }
    if (options->encryption >= HW_ENCRYPTIONS) {
        return hw_fail(err, HW_EUSAGE, "%d is no kind of encryption", (int)options->encryption);
    }
    HW_TRY(
        hw_s3_headers_add(headers, err, "x-amz-server-side-encryption", "%s", encryption_names[options->encryption]));
    if (!kms && (options->kms_key_id || options->bucket_key)) {
        return hw_fail(err, HW_EUSAGE, "a key of KMS needs encryption by aws:kms or aws:kms:dsse, and not by AES256");
    }
    if (options->kms_key_id) {
        HW_TRY(value_check("id of the KMS key", options->kms_key_id, err));
        HW_TRY(
            hw_s3_headers_add(headers, err, "x-amz-server-side-encryption-aws-kms-key-id", "%s", options->kms_key_id));
    }
    return options->bucket_key
               ? hw_s3_headers_add(headers, err, "x-amz-server-side-encryption-bucket-key-enabled", "true")
               : HW_OK;
}
