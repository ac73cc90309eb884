/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/fault.h"

#include "net/xml.h"
#include "s3/advice.h"

static void error_body_read(const struct hw_http_response *response, struct hw_s3_fault *fault);
static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes);
static void text_shorten(hw_view text, char *out, size_t out_bytes);
static void fault_classify(struct hw_s3_fault *fault, enum hw_status on_precondition);

/*
 * The error codes of S3 and of services like it. PreconditionFailed is not among them: its status
 * is up to the request.
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
    {"BucketAlreadyExists", HW_EEXISTS, HW_S3_GIVE_UP},
    {"BucketAlreadyOwnedByYou", HW_EEXISTS, HW_S3_GIVE_UP},
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

/* The HTTP statuses, for replies without a code or with one that is not above. */
static const struct http_row {
    int http_status;
    enum hw_status status;
    enum hw_s3_remedy remedy;
} http_rows[] = {
    {301, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {302, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {307, HW_ECONFIG, HW_S3_CHANGE_REGION},
    {308, HW_ECONFIG, HW_S3_CHANGE_REGION},
    /* HEAD tells no more than this about a wrong region. */
    {400, HW_EFAILED, HW_S3_CHANGE_REGION},
    {401, HW_EAUTH, HW_S3_GIVE_UP},
    /* HEAD tells no more than this about a wrong clock. */
    {403, HW_EAUTH, HW_S3_SET_CLOCK},
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

void hw_s3_fault_of_code(const struct hw_http_response *response, const char *code, const char *message,
                         struct hw_s3_fault *out_fault) {
    hw_s3_fault_begin(response, out_fault);
    text_shorten(hw_view_of(code), out_fault->code, sizeof(out_fault->code));
    text_shorten(hw_view_of(message), out_fault->message, sizeof(out_fault->message));
    fault_classify(out_fault, HW_EFAILED);
}

/*
 * Returns whether the fault is to be believed. Refusals of the service come as its own document or
 * without a body. With any other body, which comes from a proxy, only redirects, server errors,
 * timeouts and throttling are believed.
 */
static bool fault_believed(const struct hw_s3_fault *fault) {
    return fault->alien.size == 0 || fault->http_status < 400 || fault->http_status >= 500 ||
           fault->http_status == 408 || fault->http_status == 429;
}

/* A redirect is a matter of the configuration only if it names the region that the bucket is in. */
static void redirect_classify(struct hw_s3_fault *fault) {
    const bool redirect = fault->http_status >= 300 && fault->http_status < 400;
    if (redirect && fault->region[0] == '\0') {
        fault->status = HW_EFAILED;
    }
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
            redirect_classify(fault);
            return;
        }
    }
    fault->status = fault->http_status >= 500 ? HW_ESERVER : HW_EFAILED;
    for (size_t i = 0; i < COUNT_OF(http_rows); i++) {
        if (http_rows[i].http_status == fault->http_status) {
            fault->status = http_rows[i].status;
            fault->remedy = http_rows[i].remedy;
            redirect_classify(fault);
            return;
        }
    }
}

enum hw_status hw_s3_fault_fail(const struct hw_s3_fault *fault, const char *operation, struct hw_error *err) {
    char words[HW_QUOTE_BYTES + 160];
    bool redirect = fault->http_status >= 300 && fault->http_status < 400;
    const char *text = hw_quote(fault->message, strlen(fault->message), words, sizeof(words));
    const char *advice = hw_s3_advice(fault->code);
    if (redirect && fault->region[0]) {
        char region[HW_QUOTE_BYTES];
        hw_error_set(err, fault->status, "%s: the bucket is in another region, %s, the service says", operation,
                     hw_quote(fault->region, strlen(fault->region), region, sizeof(region)));
    } else if (redirect) {
        hw_error_set(err, fault->status,
                     "%s: redirected to another place, which is not followed; name the bucket's region", operation);
    } else if (advice) {
        const bool words_told = fault->message[0] != '\0';
        hw_error_set(err, fault->status, "%s: %s: %s%s%s", operation, hw_status_text(fault->status), advice,
                     words_told ? "; the service says " : "", words_told ? text : "");
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
 * Copies as much as fits of a text that only goes into messages. Anything but printable ASCII
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
    if (!hw_view_equal(hw_xml_root_name(body), HW_VIEW("Error"))) {
        fault->alien = body;
        return;
    }
    /* If the error document is broken, only the HTTP status counts. */
    if (hw_xml_parse(body, rows, COUNT_OF(rows), fault, NULL) != HW_OK) {
        fault->code[0] = fault->message[0] = fault->region[0] = '\0';
        header_copy(response, "x-amz-request-id", fault->request_id, sizeof(fault->request_id));
    }
}

static void header_copy(const struct hw_http_response *response, const char *name, char *out, size_t out_bytes) {
    hw_view value = hw_http_header_find(response, name);
    text_shorten(value.data ? value : HW_VIEW(""), out, out_bytes);
}

bool hw_s3_operation_missing(const struct hw_error *fault) {
    return fault->status == HW_EUNSUPPORTED || fault->http_status == 405 || fault->http_status == 501 ||
           strcmp(fault->s3_code, "NotImplemented") == 0 || strcmp(fault->s3_code, "MethodNotAllowed") == 0;
}
