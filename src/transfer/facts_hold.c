/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/facts_hold.h"

enum hw_status hw_facts_hold(struct hw_store *store, const char *key, const struct hw_object_info *facts,
                             const char *side, struct hw_error *err) {
    struct hw_object_info now = {0};
    char etag[HW_ETAG_BYTES];
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_store_look(store, key, &now, etag, &fault);
    if (status && status != HW_ENOTFOUND) {
        return hw_error_pass(err, status, &fault);
    }
    const bool there = status == HW_OK;
    if (there != (facts != NULL)) {
        return hw_fail(err, HW_ECHANGED, "the plan does not hold any more: the %s is %s", side,
                       there ? "there" : "gone");
    }
    return there ? hw_facts_compare(facts, &now, side, err) : HW_OK;
}

enum hw_status hw_facts_compare(const struct hw_object_info *facts, const struct hw_object_info *now, const char *side,
                                struct hw_error *err) {
    const bool named = facts->etag && facts->etag[0] != '\0';
    const bool version = named ? strcmp(now->etag, facts->etag) == 0 : now->mtime_us == facts->mtime_us;
    return version && now->size == facts->size
               ? HW_OK
               : hw_fail(err, HW_ECHANGED, "the plan does not hold any more: the %s was changed", side);
}
