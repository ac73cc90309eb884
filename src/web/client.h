/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gets objects of web servers, or ranges of them. Redirects are followed anew for each request, by
 * the rules of web/address.h; nothing is sent but the address. What may pass by itself is tried
 * again (net/retry.h). Several threads may use one client.
 */
#ifndef HW_WEB_CLIENT_H
#define HW_WEB_CLIENT_H

#include <hawser/store.h>

#include "net/call.h"
#include "net/retry.h"
#include "web/reply.h"

enum { HW_WEB_REDIRECTS_MAX = 10 };

struct hw_web_client;

/*
 * Makes a client. It uses `options->log` and calls `options->cancelled` for as long as it lives;
 * the texts are copied.
 */
HW_NODISCARD enum hw_status hw_web_client_new(const struct hw_store_options *options, struct hw_web_client **out_client,
                                              struct hw_error *err);
/*
 * Has the tries counted that servers refuse because there were too many (net/retry.h). `counter` is
 * borrowed for as long as the client lives. To be called before the first request.
 */
void hw_web_client_count_throttled(struct hw_web_client *client, atomic_uint_fast64_t *counter);
/* Frees a client whose gets have all been released. Accepts NULL. */
void hw_web_client_free(struct hw_web_client *client);

/* One request and its tries. Start it zeroed; it must not move between start and end. */
struct hw_web_get {
    /* The wishes of the caller, all borrowed until the request has ended. */
    const char *address;
    /* The range; 0 bytes mean the whole object. */
    uint64_t offset;
    size_t bytes;
    /* The version that is asked for; NULL means any. */
    const struct hw_web_facts *pin;
    /*
     * The memory for the body of a 200 or 206, of `bytes` bytes; NULL where `take` takes it
     * (net/http.h).
     */
    void *into;
    enum hw_http_flow (*take)(void *ctx, const struct hw_http_response *head, const void *data, size_t bytes);
    /* Is called before another try, so that what was taken can be dropped. NULL: nothing is. */
    void (*again)(void *ctx);
    /*
     * Looks at a reply with the status 200, 206 or 416. HW_EPROTOCOL and any retryable status make
     * the client ask again.
     */
    enum hw_status (*check)(void *ctx, const struct hw_http_response *response, struct hw_error *err);
    void *ctx;

    /* The rest is the client's. */
    struct hw_web_client *client;
    struct hw_call tries;
    struct hw_retry retry;
    /* The address that a redirect has led to; empty where there was none. */
    struct hw_buf at;
    unsigned redirects;
    unsigned attempts;
    int64_t sent_us;
};

/* Starts the first try. */
HW_NODISCARD enum hw_status hw_web_get_start(struct hw_web_client *client, struct hw_web_get *get,
                                             struct hw_error *err);
/*
 * Waits for the end. HW_OK means that the check has accepted a reply. HW_EAUTH, HW_ENOTFOUND and
 * the like are those of web/reply.h; HW_EPROTOCOL means too many redirects as well. Errors hold no
 * query.
 */
HW_NODISCARD enum hw_status hw_web_get_wait(struct hw_web_get *get, struct hw_error *err);
/* Releases the get, and gives it up if it is under way. On return nothing borrowed is in use. */
void hw_web_get_release(struct hw_web_get *get);

#endif
