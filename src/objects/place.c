/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/place.h"

#include "core/growing.h"
#include "store/store_s3.h"

enum hw_status hw_objects_options_take(const struct hw_objects_options *given, struct hw_objects_options *out,
                                       struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_objects_options, all_versions);
    struct hw_objects_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.store.reserved, sizeof(taken.store.reserved), err));
    }
    *out = taken;
    return HW_OK;
}

enum hw_status hw_objects_place_open(struct hw_objects_place *place, const char *path,
                                     const struct hw_objects_options *options, struct hw_error *err) {
    HW_TRY(hw_objects_options_take(options, &place->options, err));
    const struct hw_expand_options expand_options = {.raw = place->options.raw};
    place->set.options = &place->options.store;
    return hw_expand_open(&place->expand, path, &place->set, &expand_options, err);
}

void hw_objects_place_release(struct hw_objects_place *place) {
    hw_expand_release(&place->expand);
    hw_store_set_release(&place->set);
}

enum hw_status hw_objects_place_client(const struct hw_objects_place *place, struct hw_s3_client **out_client,
                                       struct hw_error *err) {
    struct hw_s3_client *client = hw_store_s3_client(place->expand.store);
    if (!client) {
        enum hw_status status = hw_fail(err, HW_EUSAGE, "this is not a path of S3: s3://bucket/key");
        hw_error_object(err, place->expand.text);
        return status;
    }
    *out_client = client;
    return HW_OK;
}

enum hw_status hw_objects_place_version(const struct hw_objects_place *place, struct hw_error *err) {
    return place->options.version_id ? hw_expand_version(&place->expand, err) : HW_OK;
}

bool hw_objects_place_whole(const struct hw_objects_place *place) {
    return place->expand.several && !place->expand.pattern && place->expand.key[0] == '\0';
}

enum hw_status hw_objects_place_path(const struct hw_objects_place *place, const char *key, struct hw_buf *out_path,
                                     struct hw_error *err) {
    hw_buf_clear(out_path);
    return hw_buf_printf(out_path, err, "%s%s", place->expand.store->root, key);
}
