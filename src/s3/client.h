/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of one bucket: finds endpoint and credentials, signs, sends, and repeats what may
 * succeed when it is repeated. Credentials only ever go to the host computed from bucket, region
 * and endpoint setting. Safe from several threads.
 */
#ifndef HW_S3_CLIENT_H
#define HW_S3_CLIENT_H

#include <hawser/store.h>

#include "net/retry.h"
#include "s3/request.h"

struct hw_s3_client;

/*
 * Borrows `options->log`, `options->cancelled` and its context for the client's life; texts are
 * copied. HW_ECONFIG, HW_EUSAGE: bucket, region or endpoint.
 */
HW_NODISCARD enum hw_status hw_s3_client_new(const struct hw_store_options *options, const char *bucket,
                                             struct hw_s3_client **out_client, struct hw_error *err);
/* Every call must have been released before. Accepts NULL. */
void hw_s3_client_free(struct hw_s3_client *client);

/*
 * One request and its tries. Start it zeroed, let a builder fill `request`, then start and wait, or
 * perform. Must not move in between.
 */
struct hw_s3_call {
    struct hw_s3_request request;
    struct hw_s3_client *client;
    struct hw_http_exchange *exchange; /* NULL: nothing is under way */
    struct hw_retry retry;
    uint64_t keys_generation; /* of the credentials that signed it */
    int64_t clock_offset_us;  /* that it was signed with */
    char region[64];          /* that it was signed for */
    char payload_sha256[65];  /* "" until it is known */
    char signature[65];       /* that it was sent with last */
    /* by the HTTP client itself, on connections that turned out to be dead */
    unsigned resends;
    unsigned attempts;   /* tries so far, the one under way included */
    int64_t sent_us;     /* when that one began, on the monotonic clock */
    int64_t stopped_us;  /* when it was first seen that the client is cancelled; 0: not yet */
    bool keys_refreshed; /* each of these remedies is tried once */
    bool clock_set;
    bool region_changed;
};

HW_NODISCARD enum hw_status hw_s3_call_start(struct hw_s3_client *client, struct hw_s3_call *call,
                                             struct hw_error *err);
/*
 * Waits for the end, repeating as needed. HW_OK: what the operation's reply must be (s3/reply.h),
 * which the request's check has accepted. Failures name object and request id, and hold no secret
 * even where the service sends one back. A cancelled client gives up what must end HW_S3_GRACE_MS
 * later than the rest, and once that was in vain, at once.
 */
enum { HW_S3_GRACE_MS = 5000 };
HW_NODISCARD enum hw_status hw_s3_call_wait(struct hw_s3_call *call, struct hw_http_response *out_response,
                                            struct hw_error *err);
HW_NODISCARD enum hw_status hw_s3_call_perform(struct hw_s3_client *client, struct hw_s3_call *call,
                                               struct hw_http_response *out_response, struct hw_error *err);
/* Gives up what is under way; nothing that the request borrows is used any more. */
void hw_s3_call_release(struct hw_s3_call *call);

#endif
