/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/patience.h"

#include "core/clock.h"
#include "store/location.h"

enum { STOP_GRACE_MS = 10000 };

bool hw_patience_ended(void *patience) {
    struct hw_patience *of = patience;
    int_least64_t none = 0;
    if (!of->cancelled || !of->cancelled(of->ctx)) {
        return false;
    }
    const int64_t now_us = hw_clock_monotonic_us();
    atomic_compare_exchange_strong(&of->stopped_us, &none, now_us);
    return now_us - atomic_load(&of->stopped_us) > STOP_GRACE_MS * INT64_C(1000);
}

struct hw_store_options hw_patience_options(struct hw_patience *patience, const struct hw_store_options *options) {
    struct hw_store_options patient = *options;
    patient.cancelled = hw_patience_ended;
    patient.cancelled_ctx = patience;
    return patient;
}

enum hw_status hw_patience_store(struct hw_patience *patience, const struct hw_store *store, const char *path,
                                 const struct hw_store_options *options, struct hw_store **out_own,
                                 struct hw_error *err) {
    const struct hw_store_options patient = hw_patience_options(patience, options);
    struct hw_location location = {0};
    *out_own = NULL;
    hw_patience_ended(patience);
    if (!store->remote || atomic_load(&patience->stopped_us) == 0) {
        return HW_OK;
    }
    HW_TRY(hw_location_parse(path, &patient, &location, err));
    enum hw_status status = hw_store_open(&location, &patient, out_own, err);
    hw_location_release(&location);
    return status;
}
