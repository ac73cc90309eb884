/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider is asked with, made of the files of a test's home, and a clock that a test sets.
 * Services are played by support/http_server.
 */
#ifndef HW_TESTS_AWS_REQUEST_H
#define HW_TESTS_AWS_REQUEST_H

#include <time.h>

#include "aws/credentials_provider.h"
#include "core/clock.h"
#include "support/http_server.h"
#include "unit/aws/home.h"

struct asked {
    struct hw_profile_files files;
    struct hw_aws_settings settings;
    struct hw_credentials_request request;
};

/* Sources of a role that has none of these. */
static inline enum hw_status asked_nobody(const struct hw_credentials_request *request, struct hw_credentials *out_keys,
                                          struct hw_error *err) {
    (void)request, (void)out_keys;
    return hw_fail(err, HW_ENOTFOUND, "nobody");
}

static inline enum hw_status asked_nobody_by_name(const struct hw_credentials_request *request, hw_view name,
                                                  struct hw_credentials *out_keys, struct hw_error *err) {
    (void)name;
    return asked_nobody(request, out_keys, err);
}

static const struct hw_credentials_sources asked_sources = {asked_nobody, asked_nobody_by_name};

/* `profile`: the one that is chosen by option; NULL: none is. */
static inline void asked_open(struct asked *asked, const char *profile) {
    struct hw_error err = HW_ERROR_INIT;
    *asked = (struct asked){0};
    assert_ok(hw_profile_files_read(&asked->files, &err), err);
    assert_ok(
        hw_aws_settings_look(&(struct hw_store_options){.profile = profile}, &asked->files, &asked->settings, &err),
        err);
    asked->request = (struct hw_credentials_request){
        .files = &asked->files,
        .settings = &asked->settings,
        .profile = asked->settings.profile,
        .profile_alone = profile != NULL,
        .sources = &asked_sources,
    };
}

static inline void asked_close(struct asked *asked) {
    hw_profile_files_release(&asked->files);
}

/* Asks a provider with what stands in the home and the environment. */
static inline enum hw_status asked_find(const struct hw_credentials_provider *provider, const char *profile,
                                        struct hw_credentials *out_keys, struct hw_error *err) {
    struct asked asked;
    asked_open(&asked, profile);
    enum hw_status status = provider->find(&asked.request, out_keys, err);
    asked_close(&asked);
    return status;
}

/* Sets a variable to the URL of a server and a path behind it. */
static inline void asked_server_set(const char *name, const struct http_server *server, const char *path) {
    char url[256];
    snprintf(url, sizeof(url), "%s%s", http_server_url(server), path);
    setenv(name, url, 1);
}

/* 2015-08-30T12:36:00Z, as the vectors of Signature Version 4 have it. */
#define ASKED_NOW_US (INT64_C(1440938160) * 1000000)

static inline int64_t asked_now(void *ctx) {
    (void)ctx;
    return ASKED_NOW_US;
}

static inline int64_t asked_monotonic(void *ctx) {
    struct timespec now;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static inline void asked_sleep(void *ctx, int64_t ms) {
    (void)ctx, (void)ms;
}

static const struct hw_clock asked_clock = {asked_now, asked_monotonic, asked_sleep, NULL};

/* The setup of a test: a home of its own, and that clock. */
static inline int asked_setup(void **state) {
    hw_clock_set(&asked_clock);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    return home_setup(state);
}

static inline int asked_teardown(void **state) {
    hw_clock_set(NULL);
    return home_teardown(state);
}

/* An error and its line hold no secret: all of them have this word in them. */
#define ASKED_SECRET "sesame"

static inline void asked_no_secret(const char *name, const struct hw_error *err) {
    char line[2048];
    hw_error_format(err, line, sizeof(line));
    if (strstr(line, ASKED_SECRET)) {
        fail_msg("%s: '%s' holds a secret", name, line);
    }
}

#endif
