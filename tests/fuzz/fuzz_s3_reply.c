/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of a service that may say anything. First byte: the HTTP status; then headers up to a NUL; then the body. */
#include "fuzz/fuzz.h"
#include "net/date.h"
#include "s3/description.h"
#include "s3/fault.h"
#include "s3/session.h"
#include "s3/tagging.h"

static void good_check(const struct hw_http_response *response) {
    struct hw_s3_object object;
    struct hw_s3_made made;
    struct hw_http_content_range range;
    struct hw_error err = HW_ERROR_INIT;
    char id[HW_S3_UPLOAD_ID_BYTES];
    uint64_t bytes;
    int64_t time;
    if (hw_s3_object_read(response, &object, &err) == HW_OK) {
        FUZZ_CHECK(memchr(object.etag, '\0', sizeof(object.etag)));
    }
    struct hw_credentials keys;
    enum hw_status status = hw_s3_session_read(hw_buf_view(&response->body), &keys, &err);
    FUZZ_CHECK(status == HW_OK || status == HW_EPROTOCOL || status == HW_ELIMIT);
    if (status == HW_OK) {
        FUZZ_CHECK(keys.access_key_id[0] && keys.session_token[0] && keys.expires_us > 0);
        FUZZ_CHECK(!strpbrk(keys.session_token, "\r\n ") && !strpbrk(keys.access_key_id, "\r\n /,"));
    }
    if (hw_s3_upload_id_read(response, id, &err) == HW_OK) {
        FUZZ_CHECK(id[0] != '\0' && memchr(id, '\0', sizeof(id)));
    }
    if (hw_s3_made_read(response, &made, &err) == HW_OK) {
        FUZZ_CHECK(memchr(made.etag, '\0', sizeof(made.etag)));
    }
    if (hw_http_content_range_read(response, &range)) {
        FUZZ_CHECK(range.first <= range.last && range.last < range.total);
    }
    if (hw_http_bytes_header(response, "Content-Length", &bytes)) {
        FUZZ_CHECK(hw_http_header_find(response, "content-length").data);
    }
    hw_view date = hw_http_header_find(response, "Last-Modified");
    FUZZ_CHECK(!date.data || hw_http_date_parse(date, &time) || !hw_http_timestamp_parse(date, &time) ||
               time != INT64_MIN);
}

/* What a copy would take over of an object, and its tags. */
static void described_check(const struct hw_http_response *response) {
    HW_AUTO(hw_s3_description) description = {0};
    HW_AUTO(hw_buf) tagging = {0};
    HW_AUTO(hw_buf) again = {0};
    struct hw_write_options options = {0};
    if (hw_s3_description_read(response, &description, NULL) == HW_OK) {
        hw_s3_description_options(&description, &options);
        FUZZ_CHECK(options.metadata_count <= HW_S3_METADATA_MAX);
        for (size_t i = 0; i < options.metadata_count; i++) {
            FUZZ_CHECK(options.metadata[i].name && options.metadata[i].value);
        }
    }
    if (hw_s3_tagging_read(response, &tagging, NULL) == HW_OK && tagging.size > 0 &&
        hw_s3_tagging_encode((const char *)tagging.data, &again, NULL) == HW_OK) {
        FUZZ_CHECK(hw_view_equal(hw_buf_view(&tagging), hw_buf_view(&again)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int statuses[] = {200, 206, 301, 400, 403, 404, 412, 500, 503};
    HW_AUTO(hw_http_response) response = {.status = statuses[fuzz_byte(&data, &size) % COUNT_OF(statuses)]};
    struct hw_s3_fault fault = {0};
    struct hw_error err = HW_ERROR_INIT;
    const uint8_t *nul = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t headers = nul ? (size_t)(nul - data) : 0;
    size_t body = nul ? headers + 1 : 0;
    FUZZ_CHECK(hw_buf_append(&response.headers, data, headers, NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_append(&response.body, data + body, size - body, NULL) == HW_OK);
    good_check(&response);
    described_check(&response);
    hw_s3_fault_read(&response, HW_ECHANGED, &fault);
    FUZZ_CHECK(fault.status != HW_OK && fault.status < HW_STATUS_COUNT);
    FUZZ_CHECK(hw_s3_fault_fail(&fault, "GetObject", &err) == fault.status);
    FUZZ_CHECK(!strpbrk(err.message, "\r\n"));
    return 0;
}
