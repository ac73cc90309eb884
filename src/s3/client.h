/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of one bucket. It finds endpoint and credentials, signs and sends requests, and repeats
 * those that may succeed when they are repeated (net/call.h). Credentials go to no host but the one
 * computed from bucket, region and endpoint setting. Clients with equal options share connections,
 * threads and credentials. Several threads may use one client.
 */
#ifndef HW_S3_CLIENT_H
#define HW_S3_CLIENT_H

#include <hawser/store.h>

#include "aws/credentials_cache.h"
#include "aws/endpoint.h"
#include "net/call.h"
#include "net/retry.h"
#include "s3/request.h"
#include "s3/tally.h"

struct hw_s3_client;
struct hw_s3_sse_key;

/*
 * Makes a client; `bucket` is "" for requests to the service itself. It uses `options->log` and
 * calls `options->cancelled` for as long as it lives; the texts are copied. HW_ECONFIG and
 * HW_EUSAGE mean that bucket, region or endpoint are wrong.
 */
HW_NODISCARD enum hw_status hw_s3_client_new(const struct hw_store_options *options, const char *bucket,
                                             struct hw_s3_client **out_client, struct hw_error *err);
/*
 * Returns whether both clients reach the same bucket of the same service. Two addresses of one
 * service are taken for two services.
 */
bool hw_s3_client_same_bucket(const struct hw_s3_client *one, const struct hw_s3_client *other);
/* Returns the name of the bucket. It belongs to the client. */
const char *hw_s3_client_bucket(const struct hw_s3_client *client);
/*
 * Returns the key by which the client's objects are encrypted (SSE-C), for copies of them, or NULL.
 * It belongs to the client.
 */
const struct hw_s3_sse_key *hw_s3_client_sse_key(const struct hw_s3_client *client);
/*
 * Returns whether the bucket is a directory bucket of S3 Express, or an access point of one: its
 * listings have no order, and only prefixes that end in '/' can be listed.
 */
bool hw_s3_client_directory(const struct hw_s3_client *client);
/* Returns the id of the zone in the name of a directory bucket; it is empty for other buckets. */
hw_view hw_s3_client_zone(const struct hw_s3_client *client);
/* The room for the name of a region, the NUL at the end included. */
enum { HW_S3_REGION_BYTES = 64 };
/* Tells the region that requests are signed for now. */
void hw_s3_client_region(struct hw_s3_client *client, char out_region[HW_S3_REGION_BYTES]);

/* The endpoint, the credentials and the service's time that a request would be signed with now. */
struct hw_s3_signer {
    struct hw_endpoint endpoint;
    struct hw_credentials keys;
    int64_t now_us;
};
/*
 * Fills in the signer, whose keys the caller wipes. It may wait for a provider of credentials.
 * HW_EAUTH means that there are none, also because the client is anonymous.
 */
HW_NODISCARD enum hw_status hw_s3_client_signer(struct hw_s3_client *client, struct hw_s3_signer *out_signer,
                                                struct hw_error *err);

/* The ways in which a service takes the checksums that requests bring, by their weight. */
enum hw_s3_checksums {
    HW_S3_CHECKSUMS_UNKNOWN, /* Nothing was written yet. */
    HW_S3_CHECKSUMS_IGNORED, /* It takes them, and does not say that it keeps them. */
    HW_S3_CHECKSUMS_KEPT,
    /* It refuses requests that have them: they are sent with Content-MD5 instead. */
    HW_S3_CHECKSUMS_REFUSED,
};
/*
 * Returns what is known so far, so that a command can say once that a service keeps no checksums of
 * its kind. Any thread.
 */
enum hw_s3_checksums hw_s3_client_checksums(const struct hw_s3_client *client);
/* Remembers what a reply has shown; what weighs more than that stays. Any thread. */
void hw_s3_client_checksums_learn(struct hw_s3_client *client, enum hw_s3_checksums shown);

/* The places where a service has told the checksum of an object that came whole. */
enum hw_s3_told { HW_S3_TOLD_WITH_OBJECT, HW_S3_TOLD_BY_HEAD, HW_S3_TOLD_NOWHERE };
/* Remembers where a checksum was told. Any thread. */
void hw_s3_client_told_learn(struct hw_s3_client *client, enum hw_s3_told told);
/*
 * Returns whether HEAD may tell a checksum that an object came without. It does not where the
 * service has told one with an object, nor where several objects had none; but it does where it was
 * HEAD alone that told one. Any thread.
 */
bool hw_s3_client_head_may_tell(const struct hw_s3_client *client);

/* Returns whether the program has said that it wants no more. Any thread. */
bool hw_s3_client_cancelled(const struct hw_s3_client *client);
/*
 * Has the tries counted that the service refuses because there were too many (net/retry.h).
 * `counter` is borrowed for as long as the client lives. To be called before the first request.
 */
void hw_s3_client_count_throttled(struct hw_s3_client *client, atomic_uint_fast64_t *counter);
/* Returns what was counted of the requests of the client so far. It belongs to the client. */
const struct hw_s3_tally *hw_s3_client_tally(const struct hw_s3_client *client);
/* Returns false if a setting names the endpoint, which then is of another service. */
bool hw_s3_client_is_aws(const struct hw_s3_client *client);

/* Frees a client whose calls have all been released. Accepts NULL. */
void hw_s3_client_free(struct hw_s3_client *client);

/*
 * One request and its tries. Start it zeroed, let a builder fill `request`, then start it and wait
 * for it, or perform it. It must not move between start and end.
 */
struct hw_s3_call {
    struct hw_s3_request request;
    /*
     * The queue that is told of the end, with the call as its `ctx` (net/call_queue.h). NULL means
     * that the caller waits.
     */
    struct hw_call_queue *queue;

    /* The rest is the client's. */
    struct hw_s3_client *client;
    struct hw_call tries;
    struct hw_retry retry;
    struct hw_credentials_waiter waiter;
    /* The credentials, clock and region that the last try was signed with, and its signature. */
    uint64_t keys_generation;
    int64_t clock_offset_us;
    char region[64];
    char signature[HW_SIGV4_SIGNATURE_BYTES];
    /* The SHA-256 of the body in hex; "" until it is known. */
    char payload_sha256[65];
    /* The number of times that the HTTP client itself has sent a try again (net/http.h). */
    unsigned resends;
    /* The figures of the last try that has ended. */
    struct hw_http_figures figures;
    /* The number of tries so far, with the one under way, and when that one began. */
    unsigned attempts;
    int64_t sent_us;
    /* The time at which the client was first seen to be cancelled; 0 if it was not. */
    int64_t stopped_us;
    /* The remedies that are tried once: true once they were. */
    bool keys_refreshed;
    bool clock_set;
    bool region_changed;
    /*
     * The call asks for a session of a directory bucket, and so is signed with the credentials
     * themselves.
     */
    bool opens_session;
};

/*
 * Signs the request and starts its first try; all others follow by themselves. It may ask for
 * credentials, and so wait for a provider.
 */
HW_NODISCARD enum hw_status hw_s3_call_start(struct hw_s3_client *client, struct hw_s3_call *call,
                                             struct hw_error *err);

/* The time that requests with `must_end` have after the client was cancelled. */
enum { HW_S3_GRACE_MS = 5000 };
/*
 * Waits for the end. HW_OK means that the reply obeys the rule of
 * the operation (s3/reply.h) and that the request's check has accepted it. Failures name object and
 * request id, and hold no secret even if the service sends one back. When the client is cancelled,
 * the call is given up, after HW_S3_GRACE_MS if it must end; once one has used that time up in
 * vain, the others are given up at once. Releases nothing.
 */
HW_NODISCARD enum hw_status hw_s3_call_wait(struct hw_s3_call *call, struct hw_http_response *out_response,
                                            struct hw_error *err);
/* Starts the call and waits for it. */
HW_NODISCARD enum hw_status hw_s3_call_perform(struct hw_s3_client *client, struct hw_s3_call *call,
                                               struct hw_http_response *out_response, struct hw_error *err);
/*
 * Releases the call, and gives it up if it is under way. On return nothing that the request borrows
 * is in use.
 */
void hw_s3_call_release(struct hw_s3_call *call);

#endif
