/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the checks of hawser/doctor.h. */
#include <hawser/doctor.h>

#include "core/growing.h"
#include "objects/doctor_access.h"
#include "objects/doctor_machine.h"
#include "objects/doctor_service.h"
#include "objects/place.h"

/* Somebody waits for the answer, so a service that does not answer is not asked for minutes. */
enum { ATTEMPTS = 2, RETRY_FOR_MS = 10000, TIMEOUT_MS = 20000 };

static enum hw_status options_take(const struct hw_doctor_options *given, struct hw_doctor_options *out,
                                   struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_doctor_options, write);
    struct hw_doctor_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.store.reserved, sizeof(taken.store.reserved), err));
    }
    struct hw_store_options *store = &taken.store;
    store->attempts_max = store->attempts_max > 0 ? store->attempts_max : ATTEMPTS;
    store->retry_for_ms = store->retry_for_ms > 0 ? store->retry_for_ms : RETRY_FOR_MS;
    store->timeout_ms = store->timeout_ms > 0 ? store->timeout_ms : TIMEOUT_MS;
    *out = taken;
    return HW_OK;
}

/* Checks a path of S3 without asking anybody: "s3://bucket/prefix". */
static enum hw_status path_check(const char *path, const struct hw_doctor_options *options,
                                 struct hw_location *out_location, struct hw_error *err) {
    enum hw_status status = HW_OK;
    if (strncmp(path, "s3://", strlen("s3://")) == 0) {
        status = hw_location_parse(path, &options->store, out_location, err);
    } else {
        status = hw_fail(err, HW_EUSAGE, "this is not a path of S3: s3://bucket");
    }
    if (status) {
        hw_error_object(err, path);
    }
    return status;
}

/* Certificates were verified if a request was answered. */
static void tls_tell(struct hw_doctor_call *call, bool tls) {
    hw_doctor_say(call, "tls", tls ? HW_DOCTOR_OK : HW_DOCTOR_WARNING,
                  tls ? "" : "Give an https:// address, unless the network between is your own.",
                  tls ? "the certificate is good for this host" : "none: anybody on the way can read along");
}

static void service_check(struct hw_doctor_call *call, const char *bucket, const char *prefix) {
    struct hw_doctor_access access;
    struct hw_s3_client *client;
    struct hw_error err = HW_ERROR_INIT;
    if (!hw_doctor_access(call, bucket, &access)) {
        return;
    }
    if (hw_s3_client_new(&call->options->store, bucket, &client, &err) != HW_OK) {
        hw_doctor_fail(call, "service", "", &err);
        return;
    }
    const bool goes = hw_doctor_service(call, client, prefix, access.endpoint.signing_region);
    if (goes) {
        tls_tell(call, access.endpoint.tls);
    }
    if (goes && bucket[0]) {
        hw_doctor_read(call, client, prefix);
    }
    if (goes && bucket[0] && call->options->write) {
        hw_doctor_write(call, client, prefix);
    } else if (goes && bucket[0]) {
        hw_doctor_say(call, "put", HW_DOCTOR_SKIPPED, "Give --write to try it with an object that is removed again.",
                      "whether objects may be written was not tried");
    }
    hw_s3_client_free(client);
}

enum hw_status hw_doctor(const char *path, const struct hw_doctor_options *options, hw_doctor_fn *each, void *ctx,
                         struct hw_error *err) {
    struct hw_doctor_options taken;
    HW_AUTO(hw_location) location = {0};
    HW_TRY(options_take(options, &taken, err));
    if (path) {
        HW_TRY(path_check(path, &taken, &location, err));
    }
    struct hw_doctor_call call = {.options = &taken, .each = each, .ctx = ctx};
    hw_doctor_machine(&call, "");
    service_check(&call, path ? location.root : "", path ? location.key : "");
    return call.status;
}
