/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/response.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "net/xml.h"

static void error_body_read(const struct hw_http_response *response, struct hw_s3_fault *fault);
static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes);
static void fault_classify(struct hw_s3_fault *fault, enum hw_status on_precondition);
static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err);

/* Error codes of S3 and of services like it. The status of PreconditionFailed is the request's to say. */
static const struct code_row {
    const char *code;
    enum hw_status status;
    enum hw_s3_remedy remedy;
} code_rows[] = {
    {"AccessDenied", HW_EAUTH, HW_S3_GIVE_UP},
    {"AccountProblem", HW_EAUTH, HW_S3_GIVE_UP},
    {"AllAccessDisabled", HW_EAUTH, HW_S3_GIVE_UP},
    {"AuthorizationHeaderMalformed", HW_EAUTH, HW_S3_CHANGE_REGION},
    {"BadDigest", HW_ECHECKSUM, HW_S3_RETRY},
    {"BandwidthLimitExceeded", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"ConditionalRequestConflict", HW_ECHANGED, HW_S3_RETRY},
    {"EntityTooLarge", HW_ELIMIT, HW_S3_GIVE_UP},
    {"EntityTooSmall", HW_EPROTOCOL, HW_S3_GIVE_UP},
    {"ExpiredToken", HW_EAUTH, HW_S3_REFRESH_KEYS},
    {"IllegalLocationConstraintException", HW_ECONFIG, HW_S3_CHANGE_REGION},
    {"IncompleteBody", HW_ENETWORK, HW_S3_RETRY},
    {"InternalError", HW_ESERVER, HW_S3_RETRY},
    {"InternalErrors", HW_ESERVER, HW_S3_RETRY},
    {"InvalidAccessKeyId", HW_EAUTH, HW_S3_GIVE_UP},
    {"InvalidBucketName", HW_EUSAGE, HW_S3_GIVE_UP},
    {"InvalidRange", HW_ECHANGED, HW_S3_GIVE_UP},
    {"InvalidSignatureException", HW_EAUTH, HW_S3_SET_CLOCK},
    {"InvalidToken", HW_EAUTH, HW_S3_GIVE_UP},
    {"KeyTooLongError", HW_ELIMIT, HW_S3_GIVE_UP},
    {"LimitExceededException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"NoSuchBucket", HW_ENOTFOUND, HW_S3_GIVE_UP},
    {"NoSuchKey", HW_ENOTFOUND, HW_S3_GIVE_UP},
    {"NoSuchUpload", HW_ENOTFOUND, HW_S3_GIVE_UP},
    {"NoSuchVersion", HW_ENOTFOUND, HW_S3_GIVE_UP},
    {"OperationAborted", HW_ESERVER, HW_S3_RETRY},
    {"PermanentRedirect", HW_ECONFIG, HW_S3_CHANGE_REGION},
    {"PriorRequestNotComplete", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"ProvisionedThroughputExceededException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"RequestExpired", HW_EAUTH, HW_S3_SET_CLOCK},
    {"RequestInTheFuture", HW_EAUTH, HW_S3_SET_CLOCK},
    {"RequestLimitExceeded", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"RequestThrottled", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"RequestThrottledException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"RequestTimeTooSkewed", HW_EAUTH, HW_S3_SET_CLOCK},
    {"RequestTimeout", HW_ENETWORK, HW_S3_RETRY},
    {"RequestTimeoutException", HW_ENETWORK, HW_S3_RETRY},
    {"ServiceUnavailable", HW_ESERVER, HW_S3_RETRY},
    {"SignatureDoesNotMatch", HW_EAUTH, HW_S3_SET_CLOCK},
    {"SlowDown", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"SlowDownRead", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"SlowDownWrite", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"TemporaryRedirect", HW_ECONFIG, HW_S3_CHANGE_REGION},
    {"ThrottledException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"Throttling", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"ThrottlingException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"TokenRefreshRequired", HW_EAUTH, HW_S3_REFRESH_KEYS},
    {"TooManyRequestsException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"TransactionInProgressException", HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {"XAdminUserNotFound", HW_EAUTH, HW_S3_GIVE_UP}, /* versitygw's InvalidAccessKeyId */
    {"XAmzContentChecksumMismatch", HW_ECHECKSUM, HW_S3_RETRY},
    {"XAmzContentSHA256Mismatch", HW_ECHECKSUM, HW_S3_RETRY},
};

/* Where the reply has no code, or none of the above. */
static const struct http_row {
    int http_status;
    enum hw_status status;
    enum hw_s3_remedy remedy;
} http_rows[] = {
    {301, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {302, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {307, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {308, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {400, HW_EFAILED, HW_S3_CHANGE_REGION}, /* all that HEAD tells about a wrong region */
    {401, HW_EAUTH, HW_S3_GIVE_UP},
    {403, HW_EAUTH, HW_S3_SET_CLOCK}, /* all that HEAD tells about a wrong clock */
    {404, HW_ENOTFOUND, HW_S3_GIVE_UP},
    {408, HW_ENETWORK, HW_S3_RETRY},
    {416, HW_ECHANGED, HW_S3_GIVE_UP},
    {429, HW_ETHROTTLED, HW_S3_SLOW_DOWN},
    {500, HW_ESERVER, HW_S3_RETRY},
    {502, HW_ESERVER, HW_S3_RETRY},
    {503, HW_ESERVER, HW_S3_RETRY},
    {504, HW_ESERVER, HW_S3_RETRY},
};

void hw_s3_fault_read(const struct hw_http_response *response, enum hw_status on_precondition,
                      struct hw_s3_fault *out_fault) {
    *out_fault = (struct hw_s3_fault){.http_status = response->status};
    if (response->body.size > 0) {
        error_body_read(response, out_fault);
    }
    if (out_fault->request_id[0] == '\0') {
        header_copy(response, "x-amz-request-id", out_fault->request_id, sizeof(out_fault->request_id));
    }
    if (hw_http_header_find(response, "x-amz-bucket-region").data) {
        header_copy(response, "x-amz-bucket-region", out_fault->region, sizeof(out_fault->region));
    }
    fault_classify(out_fault, on_precondition);
}

static void fault_classify(struct hw_s3_fault *fault, enum hw_status on_precondition) {
    if (fault->http_status == 412 || strcmp(fault->code, "PreconditionFailed") == 0) {
        fault->status = on_precondition;
        return;
    }
    for (size_t i = 0; i < COUNT_OF(code_rows); i++) {
        if (strcmp(code_rows[i].code, fault->code) == 0) {
            fault->status = code_rows[i].status;
            fault->remedy = code_rows[i].remedy;
            return;
        }
    }
    fault->status = fault->http_status >= 500 ? HW_ESERVER : HW_EFAILED;
    for (size_t i = 0; i < COUNT_OF(http_rows); i++) {
        if (http_rows[i].http_status == fault->http_status) {
            fault->status = http_rows[i].status;
            fault->remedy = http_rows[i].remedy;
            return;
        }
    }
}

enum hw_status hw_s3_fault_fail(const struct hw_s3_fault *fault, const char *operation, struct hw_error *err) {
    char words[HW_QUOTE_BYTES + 160];
    bool redirect = fault->http_status >= 300 && fault->http_status < 400;
    const char *text = hw_quote(fault->message, strlen(fault->message), words, sizeof(words));
    if (redirect && fault->region[0]) {
        char region[HW_QUOTE_BYTES];
        hw_error_set(err, fault->status, "%s: the bucket is in another region, %s, the service says", operation,
                     hw_quote(fault->region, strlen(fault->region), region, sizeof(region)));
    } else if (redirect) {
        hw_error_set(err, fault->status,
                     "%s: redirected to another place, which is not followed; name the bucket's region", operation);
    } else if (fault->message[0]) {
        hw_error_set(err, fault->status, "%s: %s: the service says %s", operation, hw_status_text(fault->status), text);
    } else {
        hw_error_set(err, fault->status, "%s: %s", operation, hw_status_text(fault->status));
    }
    if (err) {
        err->http_status = fault->http_status;
        memcpy(err->s3_code, fault->code, sizeof(err->s3_code));
        memcpy(err->request_id, fault->request_id, sizeof(err->request_id));
    }
    return fault->status;
}

/* ------ the error document */

/* Copies what fits: texts of a service that only go into messages. Anything but printable ASCII becomes '?'. */
static void text_shorten(hw_view text, char *out, size_t out_bytes) {
    size_t bytes = hw_min_size(text.size, out_bytes - 1);
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (char)(text.data[i] >= 0x20 && text.data[i] < 0x7f ? text.data[i] : '?');
    }
    out[bytes] = '\0';
}

#define FAULT_TEXT(member)                                                                \
    static enum hw_status fault_##member(void *ctx, hw_view text, struct hw_error *err) { \
        struct hw_s3_fault *fault = ctx;                                                  \
        (void)err;                                                                        \
        text_shorten(text, fault->member, sizeof(fault->member));                         \
        return HW_OK;                                                                     \
    }
FAULT_TEXT(code)
FAULT_TEXT(message)
FAULT_TEXT(region)
FAULT_TEXT(request_id)
#undef FAULT_TEXT

static void error_body_read(const struct hw_http_response *response, struct hw_s3_fault *fault) {
    static const struct hw_xml_row rows[] = {
        {"Error/Code", NULL, fault_code},
        {"Error/Message", NULL, fault_message},
        {"Error/Region", NULL, fault_region},
        {"Error/RequestId", NULL, fault_request_id},
    };
    /* A proxy's page is no error document: then the HTTP status alone speaks. */
    if (hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), fault, NULL) != HW_OK) {
        fault->code[0] = fault->message[0] = fault->region[0] = fault->request_id[0] = '\0';
    }
}

static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes) {
    hw_view value = hw_http_header_find(response, name);
    text_shorten(value.data ? value : HW_VIEW(""), out, out_bytes);
}

/* ------ good replies */

enum hw_status hw_s3_object_read(const struct hw_http_response *response, struct hw_s3_object *out_object,
                                 struct hw_error *err) {
    struct hw_s3_object object = {0};
    hw_view etag = hw_http_header_find(response, "ETag");
    hw_view crc = hw_http_header_find(response, "x-amz-checksum-crc64nvme");
    hw_view changed = hw_http_header_find(response, "Last-Modified");

    if (etag.data) {
        HW_TRY(text_copy(etag, object.etag, sizeof(object.etag), "ETag", err));
    }
    if (changed.data && !hw_http_date_parse(changed, &object.mtime_us)) {
        object.mtime_us = 0;
    }
    char text[HW_BASE64_CRC64_BYTES] = "";
    if (crc.data && crc.size < sizeof(text)) {
        memcpy(text, crc.data, crc.size);
        object.has_crc64nvme = hw_crc64nvme_from_base64(text, &object.crc64nvme);
    }
    *out_object = object;
    return HW_OK;
}

static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err) {
    if (text.size >= out_bytes || memchr(text.data, '\0', text.size)) {
        return hw_fail(err, HW_EPROTOCOL, "the %s of a reply has %zu bytes, %zu are allowed", what, text.size,
                       out_bytes - 1);
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return HW_OK;
}

/* Takes a decimal number from the front of `text`; false where there is none or it does not fit. */
static bool number_take(hw_view *text, uint64_t *out) {
    uint64_t value = 0;
    size_t digits = 0;
    for (; digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9'; digits++) {
        if (!hw_mul(value, UINT64_C(10), &value) || !hw_add(value, (uint64_t)(text->data[digits] - '0'), &value)) {
            return false;
        }
    }
    text->data += digits;
    text->size -= digits;
    *out = value;
    return digits > 0;
}

static bool text_take(hw_view *text, hw_view expected) {
    if (!hw_view_starts(*text, expected)) {
        return false;
    }
    text->data += expected.size;
    text->size -= expected.size;
    return true;
}

bool hw_s3_bytes_header(const struct hw_http_response *response, const char *name, uint64_t *out_bytes) {
    hw_view text = hw_http_header_find(response, name);
    uint64_t bytes;
    if (!text.data || !number_take(&text, &bytes) || text.size > 0) {
        return false;
    }
    *out_bytes = bytes;
    return true;
}

bool hw_s3_content_range_read(const struct hw_http_response *response, struct hw_s3_content_range *out_range) {
    hw_view text = hw_http_header_find(response, "Content-Range");
    struct hw_s3_content_range range;
    bool whole = text.data && text_take(&text, HW_VIEW("bytes ")) && number_take(&text, &range.first) &&
                 text_take(&text, HW_VIEW("-")) && number_take(&text, &range.last) && text_take(&text, HW_VIEW("/")) &&
                 number_take(&text, &range.total) && text.size == 0;
    if (!whole || range.first > range.last || range.last >= range.total) {
        return false;
    }
    *out_range = range;
    return true;
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

struct complete_parse {
    struct hw_s3_completed completed;
    struct hw_s3_fault fault;
    bool is_result;
    bool is_error;
};

static enum hw_status complete_result(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    (void)err;
    ((struct complete_parse *)ctx)->is_result = true;
    return HW_OK;
}

static enum hw_status complete_error(void *ctx, hw_view text, struct hw_error *err) {
    (void)text;
    (void)err;
    ((struct complete_parse *)ctx)->is_error = true;
    return HW_OK;
}

static enum hw_status complete_etag(void *ctx, hw_view text, struct hw_error *err) {
    struct complete_parse *parse = ctx;
    return text_copy(text, parse->completed.etag, sizeof(parse->completed.etag), "ETag", err);
}

static enum hw_status complete_crc(void *ctx, hw_view text, struct hw_error *err) {
    struct complete_parse *parse = ctx;
    char crc[HW_BASE64_CRC64_BYTES];
    HW_TRY(text_copy(text, crc, sizeof(crc), "ChecksumCRC64NVME", err));
    parse->completed.has_crc64nvme = hw_crc64nvme_from_base64(crc, &parse->completed.crc64nvme);
    return HW_OK;
}

enum hw_status hw_s3_completed_read(const struct hw_http_response *response, struct hw_s3_completed *out_completed,
                                    struct hw_error *err) {
    static const struct hw_xml_row rows[] = {
        {"CompleteMultipartUploadResult", complete_result, NULL},
        {"CompleteMultipartUploadResult/ETag", NULL, complete_etag},
        {"CompleteMultipartUploadResult/ChecksumCRC64NVME", NULL, complete_crc},
        {"Error", complete_error, NULL},
    };
    struct complete_parse parse = {0};
    enum hw_status status = hw_xml_parse(hw_buf_view(&response->body), rows, COUNT_OF(rows), &parse, err);
    if (status == HW_ENOMEM) {
        return status;
    }
    if (status == HW_OK && parse.is_error) {
        hw_s3_fault_read(response, HW_EEXISTS, &parse.fault);
        if (parse.fault.code[0] == '\0' || parse.fault.status == HW_EFAILED) {
            parse.fault.status = HW_ESERVER; /* an error inside a 200 is as good as a 500 */
        }
        return hw_s3_fault_fail(&parse.fault, "CompleteMultipartUpload", err);
    }
    if (status != HW_OK || !parse.is_result) {
        return hw_fail(err, HW_ESERVER,
                       "CompleteMultipartUpload: the reply of %zu bytes is neither a result nor an error",
                       response->body.size);
    }
    *out_completed = parse.completed;
    return HW_OK;
}

void hw_s3_etag_bare(const char *etag, char out[HW_S3_ETAG_BYTES]) {
    size_t bytes = strlen(etag);
    bool quoted = bytes >= 2 && etag[0] == '"' && etag[bytes - 1] == '"';
    snprintf(out, HW_S3_ETAG_BYTES, "%.*s", (int)(quoted ? bytes - 2 : bytes), quoted ? etag + 1 : etag);
}
