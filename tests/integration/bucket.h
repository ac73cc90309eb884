/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bucket of its own at the server that HAWSER_TEST_S3_ENDPOINT names, for the length of a test program. Without that
 * variable the tests are skipped.
 */
#ifndef HW_TESTS_BUCKET_H
#define HW_TESTS_BUCKET_H

#include "s3/client.h"
#include "store/store.h"

struct fixture {
    const char *endpoint;
    char bucket[64];
    struct hw_store *store;
    struct hw_s3_client *client; /* for what a store has no words for */
};

/* Makes the bucket, and takes it away with all that is in it: setup and teardown of a group. */
int bucket_open(void **state);
int bucket_close(void **state);
/* The fixture; skips the test where there is no server. */
struct fixture *bucket_begin(void **state);
/* Bytes that are the same for every run and the same nowhere twice. */
void pattern_fill(uint8_t *data, size_t bytes);

#endif
