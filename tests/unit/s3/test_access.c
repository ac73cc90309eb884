/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/access.h"

#include <stdio.h>

#include "support/rows.h"

/* 00 01 .. 1f in base64, by Python. */
#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static const struct {
    const char *name;
    struct hw_s3_access options;
    bool http;
    enum hw_status want;
    const char *says; /* the headers of GetObject, or words of the message */
} rows[] = {
    {"nothing", {0}, true, HW_OK, ""},
    {"a payer", {.request_payer = true}, true, HW_OK, "x-amz-request-payer=requester "},
    {"an owner", {.expected_bucket_owner = "012345678901"}, true, HW_OK, "x-amz-expected-bucket-owner=012345678901 "},
    {"base64 with a line end",
     {.sse_c_key = KEY "\r\n", .sse_c_key_bytes = sizeof(KEY) + 1},
     false,
     HW_OK,
     "x-amz-server-side-encryption-customer-algorithm=AES256 x-amz-server-side-encryption-customer-key=" KEY " "},
    {"32 bytes",
     {.sse_c_key =
          "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18"
          "\x19\x1a\x1b\x1c\x1d\x1e\x1f",
      .sse_c_key_bytes = 32},
     false,
     HW_OK,
     "x-amz-server-side-encryption-customer-key=" KEY " "},
    {"a key over http",
     {.sse_c_key = KEY, .sse_c_key_bytes = sizeof(KEY) - 1},
     true,
     HW_EUSAGE,
     "is not sent over http"},
    {"31 bytes", {.sse_c_key = KEY, .sse_c_key_bytes = 31}, false, HW_EUSAGE, "has 32 bytes"},
    {"no bytes", {.sse_c_key = KEY, .sse_c_key_bytes = 0}, false, HW_EUSAGE, "this one has 0"},
    {"no base64",
     {.sse_c_key = "!AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", .sse_c_key_bytes = 44},
     false,
     HW_EUSAGE,
     "this one has 44"},
    {"a key of parts", {.sse_c_key = KEY "-2", .sse_c_key_bytes = 46}, false, HW_EUSAGE, "this one has 46"},
    {"an owner of eleven digits", {.expected_bucket_owner = "01234567890"}, true, HW_EUSAGE, "\"01234567890\" is no"},
    {"an owner of letters", {.expected_bucket_owner = "01234567890a"}, true, HW_EUSAGE, "which has 12 digits"},
};

static void headers_write(const struct hw_s3_headers *headers, char *out, size_t bytes) {
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < headers->count; i++) {
        at += (size_t)snprintf(out + at, bytes - at, "%s=%s ", headers->items[i].name, headers->items[i].value);
    }
}

static void options_become_headers_or_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_headers) headers = {0};
        struct hw_s3_access_headers access = {0};
        struct hw_error err = HW_ERROR_INIT;
        char text[512];
        assert_row_int(rows[i].name, hw_s3_access_take(&rows[i].options, !rows[i].http, &access, &err), rows[i].want);
        if (rows[i].want != HW_OK) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_null(strstr(err.message, "AAECAwQF"));
            continue;
        }
        assert_ok(hw_s3_access_add(&access, &hw_s3_reply_rules[HW_S3_GET_OBJECT], &headers, &err), err);
        headers_write(&headers, text, sizeof(text));
        assert_row_says(rows[i].name, text, rows[i].says);
        assert_row_int(rows[i].name, text[0] == '\0', rows[i].says[0] == '\0');
        hw_s3_access_wipe(&access);
        assert_null(memchr(&access.key, 'A', sizeof(access.key)));
    }
}

static void a_key_goes_only_where_bytes_are(void **state) {
    (void)state;
    static const struct {
        enum hw_s3_operation operation;
        size_t headers;
    } operations[] = {
        {HW_S3_LIST_OBJECTS, 1},  {HW_S3_HEAD_OBJECT, 4},    {HW_S3_GET_OBJECT, 4},  {HW_S3_PUT_OBJECT, 4},
        {HW_S3_DELETE_OBJECT, 1}, {HW_S3_CREATE_UPLOAD, 4},  {HW_S3_UPLOAD_PART, 4}, {HW_S3_COMPLETE_UPLOAD, 4},
        {HW_S3_ABORT_UPLOAD, 1},  {HW_S3_COPY_OBJECT, 4},    {HW_S3_COPY_PART, 4},   {HW_S3_GET_TAGGING, 1},
        {HW_S3_PUT_TAGGING, 1},   {HW_S3_GET_ATTRIBUTES, 4}, {HW_S3_HEAD_PART, 4},
    };
    const struct hw_s3_access options = {.request_payer = true, .sse_c_key = KEY, .sse_c_key_bytes = sizeof(KEY) - 1};
    struct hw_s3_access_headers access = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_access_take(&options, true, &access, &err), err);
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        HW_AUTO(hw_s3_headers) headers = {0};
        const struct hw_s3_reply_rule *rule = &hw_s3_reply_rules[operations[i].operation];
        assert_ok(hw_s3_access_add(&access, rule, &headers, &err), err);
        assert_row_int(rule->operation, headers.count, operations[i].headers);
    }
    assert_ok(hw_s3_access_take(NULL, true, &access, &err), err);
    assert_false(access.has_key || access.request_payer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_become_headers_or_are_refused),
        cmocka_unit_test(a_key_goes_only_where_bytes_are),
    };
    return cmocka_run_group_tests_name("s3/access", tests, NULL, NULL);
}
