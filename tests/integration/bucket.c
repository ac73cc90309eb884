/* SPDX-License-Identifier: Apache-2.0 */
#include "bucket.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/random.h"
#include "s3/reply.h"
#include "store/store_s3.h"
#include "support/rows.h"

struct fixture *bucket_begin(void **state) {
    struct fixture *fixture = *state;
    if (!fixture->endpoint) {
        printf("SKIPPED s3 server\n");
        skip();
    }
    return fixture;
}

static const struct hw_s3_reply_rule bucket_rule = {"a bucket's", HW_REQUEST_PUT, "",   HW_S3_BODY_NONE,
                                                    {200, 204},   false,          false};
int bucket_open(void **state) {
    static struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    fixture.endpoint = getenv("HAWSER_TEST_S3_ENDPOINT");
    *state = &fixture;
    if (!fixture.endpoint) {
        return 0;
    }
    snprintf(fixture.bucket, sizeof(fixture.bucket), "hawser-test-%016" PRIx64, hw_random_u64());
    const struct hw_store_options options = {.endpoint_url = fixture.endpoint, .part_bytes = HW_MIB(5)};
    assert_ok(hw_store_s3_open(fixture.bucket, &options, &fixture.store, &err), err);
    assert_ok(hw_s3_client_new(&options, fixture.bucket, &fixture.client, &err), err);

    HW_AUTO(hw_s3_call) call = {.request = {.rule = &bucket_rule, .method = "PUT"}};
    HW_AUTO(hw_http_response) response = {0};
    assert_ok(hw_buf_end_text(&call.request.path, &err), err);
    assert_ok(hw_buf_end_text(&call.request.query, &err), err);
    assert_ok(hw_s3_call_perform(fixture.client, &call, &response, &err), err);
    return 0;
}

static enum hw_status object_remove(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct hw_store *store = ctx;
    return store->ops->remove(store, info->key, err);
}

int bucket_close(void **state) {
    struct fixture *fixture = *state;
    struct hw_error err = HW_ERROR_INIT;
    if (!fixture->endpoint) {
        return 0;
    }
    assert_ok(fixture->store->ops->list(fixture->store, "", object_remove, fixture->store, &err), err);
    HW_AUTO(hw_s3_call) call = {.request = {.rule = &bucket_rule, .method = "DELETE"}};
    HW_AUTO(hw_http_response) response = {0};
    assert_ok(hw_buf_end_text(&call.request.path, &err), err);
    assert_ok(hw_buf_end_text(&call.request.query, &err), err);
    assert_ok(hw_s3_call_perform(fixture->client, &call, &response, &err), err);
    hw_s3_call_release(&call);
    hw_s3_client_free(fixture->client);
    hw_store_close(fixture->store);
    return 0;
}

void pattern_fill(uint8_t *data, size_t bytes) {
    uint64_t x = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < bytes; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        data[i] = (uint8_t)(x >> 56);
    }
}
