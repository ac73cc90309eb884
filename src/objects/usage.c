/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of hawser/objects.h. */
#include <hawser/objects.h>

#include "objects/place.h"
#include "store/store.h"

static enum hw_status usage_add(struct hw_usage *usage, uint64_t bytes, struct hw_error *err) {
    usage->objects++;
    return hw_add(usage->bytes, bytes, &usage->bytes)
               ? HW_OK
               : hw_fail(err, HW_ELIMIT, "the sizes of the objects are more together than 64 bits hold");
}

static enum hw_status object_count(void *ctx, const struct hw_expanded *object, struct hw_error *err) {
    return usage_add(ctx, object->info->size, err);
}

static enum hw_status single_count(const struct hw_expand *expand, struct hw_usage *usage, struct hw_error *err) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    enum hw_status status = hw_store_stat(expand->store, expand->key, &info, etag, err);
    if (status) {
        hw_error_object(err, expand->text);
        return status;
    }
    return usage_add(usage, info.size, err);
}

enum hw_status hw_objects_usage(const char *path, const struct hw_objects_options *options, struct hw_usage *out_usage,
                                struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    struct hw_usage usage = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    enum hw_status status = place.expand.several ? hw_expand_list(&place.expand, NULL, object_count, &usage, &fault)
                                                 : single_count(&place.expand, &usage, &fault);
    /* Nothing in a bucket that is there is a sum too; a bucket that is not there has a code. */
    const bool empty = status == HW_ENOTFOUND && fault.http_status == 0 && hw_objects_place_whole(&place);
    if (status && !empty) {
        return hw_error_pass(err, status, &fault);
    }
    *out_usage = usage;
    return HW_OK;
}
