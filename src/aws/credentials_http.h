/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to the services that hand out keys: few and small, so each search for keys has a client
 * of its own, whose replies are short and are wiped. Never on a network thread.
 */
#ifndef HW_AWS_CREDENTIALS_HTTP_H
#define HW_AWS_CREDENTIALS_HTTP_H

#include "aws/credentials_json.h"
#include "core/io.h"
#include "net/http.h"

struct hw_credentials_http_options {
    const char *service;   /* for messages: "STS" */
    const char *ca_bundle; /* a PEM file; "" and NULL mean those of the system */
    int64_t timeout_ms;    /* of one try */
    unsigned attempts_max;
    bool direct;            /* no proxy is used */
    struct hw_io_stop stop; /* is asked while a reply is waited for */
};

/* Start it zeroed. */
struct hw_credentials_http {
    struct hw_credentials_http_options options;
    struct hw_http *http;
};

/* Makes a client. The texts of `options` are borrowed until it is released. */
HW_NODISCARD enum hw_status hw_credentials_http_init(struct hw_credentials_http *http,
                                                     const struct hw_credentials_http_options *options,
                                                     struct hw_error *err);
void hw_credentials_http_release(struct hw_credentials_http *http);

struct hw_credentials_reply {
    int status;
    struct hw_buf body;
};
/* Overwrites the body, then frees it. */
void hw_credentials_reply_release(struct hw_credentials_reply *reply);

/*
 * Sends a request, and once more where no reply came or the service says that it has a fault of its
 * own (5xx) or too much to do (429), up to `attempts_max` tries with short pauses. Any other reply
 * is HW_OK. Fails as hw_http_perform does, and with HW_ESERVER or HW_ETHROTTLED; the message begins
 * with the name of the service. A redirect is a reply like others. The body of a good reply may
 * have HW_CREDENTIALS_REPLY_BYTES_MAX bytes. `request->into` is this function's.
 */
HW_NODISCARD enum hw_status hw_credentials_http_send(struct hw_credentials_http *http,
                                                     const struct hw_http_request *request,
                                                     struct hw_credentials_reply *out_reply, struct hw_error *err);

/*
 * Fails because of a reply that is not the one that was hoped for: tells the service, the HTTP
 * status, and the code and text that the service gives as its reason (either may be empty).
 * HW_EAUTH for 4xx, HW_EPROTOCOL for all others.
 */
enum hw_status hw_credentials_http_refused(const struct hw_credentials_http *http, int http_status, hw_view code,
                                           hw_view text, struct hw_error *err);

/* The names of what a service says in the JSON by which it refuses something. */
struct hw_refusal_names {
    const char *code;
    const char *text;
};
/*
 * Sends a request whose good reply, a 200, is one JSON object. Fails as the two functions above do,
 * and with HW_EPROTOCOL for another reply. `*out_status` is the HTTP status on failure too, and 0
 * where no reply came.
 */
HW_NODISCARD enum hw_status hw_credentials_http_json(struct hw_credentials_http *http,
                                                     const struct hw_http_request *request,
                                                     const struct hw_refusal_names *names, int *out_status,
                                                     struct hw_secret_json *out_json, struct hw_error *err);

#endif
