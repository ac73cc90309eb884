/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/response.h"

#include <stdio.h>

#include "net/xml.h"

static void error_body_read(const struct hw_http_response *response, struct hw_s3_fault *fault);
static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes);
static void fault_classify(struct hw_s3_fault *fault, enum hw_status on_precondition);
static enum hw_status text_copy(hw_view text, char *out, size_t out_bytes, const char *what, struct hw_error *err);

/*
 * Error codes of S3 and of services like it. The status of PreconditionFailed is the request's to
 * say.
 */
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

void hw_s3_fault_begin(const struct hw_http_response *response, struct hw_s3_fault *out_fault) {
    *out_fault = (struct hw_s3_fault){.http_status = response->status};
    header_copy(response, "x-amz-request-id", out_fault->request_id, sizeof(out_fault->request_id));
}

void hw_s3_fault_read(const struct hw_http_response *response, enum hw_status on_precondition,
                      struct hw_s3_fault *out_fault) {
    hw_s3_fault_begin(response, out_fault);
    if (response->body.size > 0) {
        error_body_read(response, out_fault);
    }
    if (hw_http_header_find(response, "x-amz-bucket-region").data) {
        header_copy(response, "x-amz-bucket-region", out_fault->region, sizeof(out_fault->region));
    }
    fault_classify(out_fault, on_precondition);
}

/*
 * What a proxy may say for itself: refusals of the service itself come as its own document, or
 * without a body.
 */
static bool fault_believed(const struct hw_s3_fault *fault) {
    return fault->alien.size == 0 || fault->http_status < 400 || fault->http_status >= 500 ||
           fault->http_status == 408 || fault->http_status == 429;
}

static void fault_classify(struct hw_s3_fault *fault, enum hw_status on_precondition) {
    if (!fault_believed(fault)) {
        fault->status = HW_EPROTOCOL;
        fault->remedy = HW_S3_RETRY;
        return;
    }
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
    } else if (fault->alien.size > 0) {
        hw_error_set(err, fault->status, "%s: %s: HTTP %d with a body that is no error of S3; it begins with %s",
                     operation, hw_status_text(fault->status), fault->http_status,
                     hw_quote(fault->alien.data, fault->alien.size, words, sizeof(words)));
    } else {
        hw_error_set(err, fault->status, "%s: %s", operation, hw_status_text(fault->status));
    }
    hw_s3_fault_name(fault, err);
    return fault->status;
}

void hw_s3_fault_name(const struct hw_s3_fault *fault, struct hw_error *err) {
    if (err) {
        err->http_status = fault->http_status;
        memcpy(err->s3_code, fault->code, sizeof(err->s3_code));
        memcpy(err->request_id, fault->request_id, sizeof(err->request_id));
    }
}

/* ------ the error document */

/*
 * Copies what fits: texts of a service that only go into messages. Anything but printable ASCII
 * becomes '?'.
 */
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
    hw_view body = hw_view_trim(hw_buf_view(&response->body));
    if (!hw_view_equal(hw_s3_root_name(body), HW_VIEW("Error"))) {
        fault->alien = body;
        return;
    }
    /* Of an error document that is broken the HTTP status alone speaks. */
    if (hw_xml_parse(body, rows, COUNT_OF(rows), fault, NULL) != HW_OK) {
        fault->code[0] = fault->message[0] = fault->region[0] = '\0';
        header_copy(response, "x-amz-request-id", fault->request_id, sizeof(fault->request_id));
    }
}

/* Skips `begin` and all up to `end`; false where the text does not begin so. */
static bool part_skip(hw_view *text, hw_view begin, hw_view end) {
    const char *found = hw_view_starts(*text, begin) ? memmem(text->data, text->size, end.data, end.size) : NULL;
    if (!found) {
        return false;
    }
    size_t skipped = (size_t)(found - text->data) + end.size;
    *text = hw_view_trim((hw_view){text->data + skipped, text->size - skipped});
    return true;
}

hw_view hw_s3_root_name(hw_view text) {
    const hw_view mark = HW_VIEW("\xef\xbb\xbf");
    text = hw_view_trim(text);
    if (hw_view_starts(text, mark)) {
        text = (hw_view){text.data + mark.size, text.size - mark.size};
    }
    while (part_skip(&text, HW_VIEW("<?"), HW_VIEW("?>")) || part_skip(&text, HW_VIEW("<!--"), HW_VIEW("-->"))) {
    }
    if (!hw_view_starts(text, HW_VIEW("<"))) {
        return HW_VIEW("");
    }
    size_t begin = 1;
    size_t end = 1;
    for (; end < text.size && !hw_blank(text.data[end]) && text.data[end] != '/' && text.data[end] != '>'; end++) {
        begin = text.data[end] == ':' ? end + 1 : begin;
    }
    return (hw_view){text.data + begin, end - begin};
}

static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes) {
    hw_view value = hw_http_header_find(response, name);
    text_shorten(value.data ? value : HW_VIEW(""), out, out_bytes);
}

/* ------ good replies */

/* Checksums of the parts of an upload, summed, say nothing of its bytes. */
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
