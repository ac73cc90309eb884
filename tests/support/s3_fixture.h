/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An S3 client of the bucket "bucket" (path style) on a scripted server. Keys come from the environment, requests are
 * tried three times, with short pauses.
 */
#ifndef HW_TESTS_S3_FIXTURE_H
#define HW_TESTS_S3_FIXTURE_H

#include "s3/client.h"
#include "support/http_server.h"

struct s3_fixture {
    struct http_server *server;
    struct hw_s3_client *client;
};

#define S3_FIXTURE_KEY_ID "AKIDFIXTURE"
#define S3_FIXTURE_SECRET "canary-secret-of-the-fixture"

/* For the whole test program: nothing of the machine's own AWS settings is seen. */
void s3_fixture_environment(void);
/* Borrows the script. `options` (NULL: {0}) get the server as endpoint. */
struct s3_fixture s3_fixture_open(const struct http_reply *replies, size_t replies_count,
                                  const struct hw_store_options *options);
void s3_fixture_close(struct s3_fixture *fixture);

/* A reply in memory; release with hw_http_response_release. */
struct hw_http_response s3_response(int status, const char *headers, const char *body);

/*
 * Writes a request as text: "METHOD path?query", its headers, one a line, its body.
 */
void s3_request_text(const struct hw_s3_request *request, struct hw_buf *out);

#endif
