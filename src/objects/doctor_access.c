/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_access.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aws/credentials_chain.h"
#include "core/clock.h"
#include "core/io.h"

enum { CONNECT_MS = 10000, HOST_BYTES = 320 };
/* Keys that are over so soon do not last for a long run. */
#define EXPIRES_SOON_US (INT64_C(15) * 60 * 1000000)

static bool settings_check(struct hw_doctor_call *call, const char *bucket, struct hw_doctor_access *out_access);
static bool credentials_check(struct hw_doctor_call *call);
static bool host_check(struct hw_doctor_call *call, const struct hw_endpoint *endpoint);
static bool connection_check(struct hw_doctor_call *call, const char *host, const struct addrinfo *addresses);

bool hw_doctor_access(struct hw_doctor_call *call, const char *bucket, struct hw_doctor_access *out_access) {
    return settings_check(call, bucket, out_access) && credentials_check(call) &&
           host_check(call, &out_access->endpoint);
}

static bool settings_check(struct hw_doctor_call *call, const char *bucket, struct hw_doctor_access *out_access) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_aws_settings *settings = &out_access->settings;
    enum hw_status status = hw_aws_settings_resolve(&call->options->store, settings, &err);
    const struct hw_endpoint_params params = {
        .region = settings->region,
        .bucket = bucket[0] ? bucket : NULL,
        .endpoint_url = settings->endpoint_url[0] ? settings->endpoint_url : NULL,
        .addressing = settings->addressing,
        .dualstack = settings->dualstack,
        .fips = settings->fips,
        .accelerate = settings->accelerate,
    };
    status = status ? status : hw_endpoint_resolve(&params, &out_access->endpoint, &err);
    if (status) {
        hw_doctor_fail(call, "settings", "Look at the options, the AWS_ variables and the files in ~/.aws.", &err);
        return false;
    }
    const struct hw_endpoint *endpoint = &out_access->endpoint;
    hw_doctor_say(call, "settings", HW_DOCTOR_OK, "", "profile %s, region %s, %s://%s%s (%s), %s", settings->profile,
                  endpoint->signing_region, endpoint->tls ? "https" : "http", endpoint->host, endpoint->path,
                  settings->endpoint_url[0] ? "a custom endpoint" : "AWS's own",
                  settings->ca_bundle[0] ? settings->ca_bundle : "certificates of the system");
    return true;
}

char *hw_doctor_key_text(const char *access_key_id, char out[HW_DOCTOR_KEY_BYTES]) {
    const size_t bytes = strlen(access_key_id);
    const size_t shown = bytes / 4 < 4 ? bytes / 4 : 4;
    snprintf(out, HW_DOCTOR_KEY_BYTES, "%.*s...%s", (int)shown, access_key_id, access_key_id + bytes - shown);
    return out;
}

/* Returns where the keys are from, as far as they tell it themselves. */
static const char *keys_origin(const struct hw_doctor_call *call, const struct hw_credentials *keys) {
    const char *variable = getenv("AWS_ACCESS_KEY_ID");
    const bool environment = !call->options->store.profile && variable && strcmp(variable, keys->access_key_id) == 0;
    return environment ? "from the environment" : "from the profile";
}

static void keys_tell(struct hw_doctor_call *call, const struct hw_credentials *keys) {
    char key[HW_DOCTOR_KEY_BYTES];
    char expiry[HW_CLOCK_TEXT_BYTES] = "";
    const int64_t left_us = keys->expires_us - hw_clock_now_us();
    const bool soon = keys->expires_us > 0 && left_us < EXPIRES_SOON_US;
    if (keys->expires_us > 0) {
        hw_clock_format(keys->expires_us, expiry);
    }
    hw_doctor_say(call, "credentials", soon ? HW_DOCTOR_WARNING : HW_DOCTOR_OK,
                  soon ? "Log in again before a long run, unless the provider renews them." : "",
                  "%s, access key id %s, %s%s%s", keys_origin(call, keys), hw_doctor_key_text(keys->access_key_id, key),
                  keys->session_token[0] ? "temporary" : "permanent", expiry[0] ? ", good until " : "", expiry);
}

static bool credentials_check(struct hw_doctor_call *call) {
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    if (call->options->store.no_sign_request) {
        hw_doctor_say(call, "credentials", HW_DOCTOR_OK, "", "none: requests are anonymous (--no-sign-request)");
        return true;
    }
    const enum hw_status status = hw_credentials_find(&call->options->store, &keys, &err);
    if (status) {
        hw_doctor_fail(call, "credentials", "", &err);
    } else {
        keys_tell(call, &keys);
    }
    hw_credentials_wipe(&keys);
    return status == HW_OK;
}

/* Splits "host:port" and "[::1]:port". */
static void host_split(const struct hw_endpoint *endpoint, char host[HOST_BYTES], char port[8]) {
    const char *text = endpoint->host;
    const bool bracket = text[0] == '[';
    const size_t bytes = bracket ? strcspn(text, "]") - 1 : strcspn(text, ":");
    const char *behind = text + bytes + (bracket ? 2 : 0);
    snprintf(host, HOST_BYTES, "%.*s", (int)bytes, text + bracket);
    snprintf(port, 8, "%.5s", behind[0] == ':' ? behind + 1 : endpoint->tls ? "443" : "80");
}

static bool proxied(const struct hw_endpoint *endpoint) {
    const char *const names[] = {endpoint->tls ? "https_proxy" : "http_proxy", endpoint->tls ? "HTTPS_PROXY" : "",
                                 "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = names[i][0] ? getenv(names[i]) : NULL;
        if (value && value[0]) {
            return true;
        }
    }
    return false;
}

static bool host_check(struct hw_doctor_call *call, const struct hw_endpoint *endpoint) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    struct hw_error err = HW_ERROR_INIT;
    char host[HOST_BYTES];
    char port[8];
    if (proxied(endpoint)) {
        hw_doctor_say(call, "dns", HW_DOCTOR_SKIPPED, "", "a proxy may stand between: requests show whether it works");
        return true;
    }
    host_split(endpoint, host, port);
    const int fault = getaddrinfo(host, port, &hints, &addresses);
    if (fault || !addresses) {
        hw_error_set(&err, HW_ENETWORK, "the name %s has no address: %s", host, gai_strerror(fault));
        hw_doctor_fail(call, "dns", "Look at the name of the endpoint and region, and at the name server.", &err);
        return false;
    }
    char text[NI_MAXHOST] = "";
    size_t count = 0;
    for (const struct addrinfo *at = addresses; at; at = at->ai_next) {
        count++;
    }
    (void)getnameinfo(addresses->ai_addr, addresses->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
    hw_doctor_say(call, "dns", HW_DOCTOR_OK, "", "%s is %s%s", host, text, count > 1 ? " and others" : "");
    const bool connected = connection_check(call, endpoint->host, addresses);
    freeaddrinfo(addresses);
    return connected;
}

/* Connects within the time; returns 0 or an errno. */
static int address_connect(const struct addrinfo *address) {
    int fault = 0;
    socklen_t bytes = sizeof(fault);
    const int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS) {
        fault = errno;
    } else {
        struct pollfd waits = {.fd = fd, .events = POLLOUT};
        const int ready = hw_io()->poll(&waits, 1, CONNECT_MS);
        fault = ready == 0 ? ETIMEDOUT : ready < 0 ? errno : 0;
        if (fault == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &bytes) != 0) {
            fault = errno;
        }
    }
    hw_io()->close(fd);
    return fault;
}

static bool connection_check(struct hw_doctor_call *call, const char *host, const struct addrinfo *addresses) {
    struct hw_error err = HW_ERROR_INIT;
    const int64_t started_us = hw_clock_monotonic_us();
    int fault = ENOENT;
    for (const struct addrinfo *at = addresses; at && fault; at = at->ai_next) {
        fault = address_connect(at);
    }
    if (fault) {
        hw_error_set(&err, HW_ENETWORK, "%s does not answer: %s", host, strerrordesc_np(fault));
        err.sys_errno = fault;
        hw_doctor_fail(call, "connection", "Look at the endpoint and its port, at firewalls, and whether it runs.",
                       &err);
        return false;
    }
    hw_doctor_say(call, "connection", HW_DOCTOR_OK, "", "%s answers after %.1f ms", host,
                  (double)(hw_clock_monotonic_us() - started_us) / 1e3);
    return true;
}
