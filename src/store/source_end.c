/* SPDX-License-Identifier: Apache-2.0 */
#include "store/source_end.h"

#include "store/store_s3.h"

/* Returns whether a service may refuse only the range, so that another request is worth a try. */
static bool is_of_range(enum hw_status status) {
    return status == HW_EPROTOCOL || status == HW_EFAILED || status == HW_EUSAGE || status == HW_EUNSUPPORTED;
}

enum hw_status hw_source_end_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                  size_t bytes, struct hw_source **out_source, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    if (hw_store_s3_client(store)) {
        enum hw_status status = hw_store_s3_source_open_end(store, key, known, bytes, out_source, &fault);
        if (status == HW_ENOTFOUND) {
            hw_store_missing_explain(store, key, &fault);
        }
        if (!is_of_range(status)) {
            return status ? hw_error_pass(err, fault.status, &fault) : HW_OK;
        }
    }
    return known ? store->ops->source_open(store, key, known, out_source, err)
                 : hw_store_source_needed(store, key, out_source, err);
}
