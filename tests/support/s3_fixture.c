/* SPDX-License-Identifier: Apache-2.0 */
#include "support/s3_fixture.h"

#include <stdlib.h>

#include "core/random.h"
#include "support/rows.h"

/* The first pause is a hundredth of it. */
enum { RETRY_FOR_MS = 2000 };

static void zero_fill(void *ctx, void *data, size_t bytes) {
    (void)ctx;
    memset(data, 0, bytes);
}

void s3_fixture_environment(void) {
    static const char *const unset[] = {
        "AWS_PROFILE",         "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE",       "http_proxy",        "all_proxy",          "ALL_PROXY",
    };
    static const struct hw_random no_jitter = {zero_fill, NULL};
    for (size_t i = 0; i < COUNT_OF(unset); i++) {
        unsetenv(unset[i]);
    }
    setenv("AWS_ACCESS_KEY_ID", S3_FIXTURE_KEY_ID, 1);
    setenv("AWS_SECRET_ACCESS_KEY", S3_FIXTURE_SECRET, 1);
    setenv("AWS_REGION", "us-east-1", 1);
    setenv("AWS_MAX_ATTEMPTS", "3", 1);
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    hw_random_set(&no_jitter);
}

struct s3_fixture s3_fixture_open(const struct http_reply *replies, size_t replies_count,
                                  const struct hw_store_options *options) {
    struct s3_fixture fixture = {.server = http_server_start(replies, replies_count)};
    struct hw_store_options local = options ? *options : (struct hw_store_options){0};
    struct hw_error err = HW_ERROR_INIT;
    local.endpoint_url = http_server_url(fixture.server);
    local.retry_for_ms = local.retry_for_ms > 0 ? local.retry_for_ms : RETRY_FOR_MS;
    assert_ok(hw_s3_client_new(&local, "bucket", &fixture.client, &err), err);
    return fixture;
}

void s3_fixture_close(struct s3_fixture *fixture) {
    hw_s3_client_free(fixture->client);
    http_server_stop(fixture->server);
}

struct hw_http_response s3_response(int status, const char *headers, const char *body) {
    struct hw_http_response response = {.status = status};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&response.headers, headers, &err), err);
    assert_ok(hw_buf_append_text(&response.body, body, &err), err);
    return response;
}

void s3_request_text(const struct hw_s3_request *request, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(out);
    assert_ok(hw_buf_printf(out, &err, "%s %s?%s\n", request->method, (const char *)request->path.data,
                            (const char *)request->query.data),
              err);
    for (size_t i = 0; i < request->headers.count; i++) {
        assert_ok(hw_buf_printf(out, &err, "%s: %s\n", request->headers.items[i].name, request->headers.items[i].value),
                  err);
    }
    assert_ok(hw_buf_append(out, request->body, request->body_bytes, &err), err);
    assert_ok(hw_buf_end_text(out, &err), err);
}
