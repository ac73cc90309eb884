/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/opened_object.h"

#include "store/source_end.h"

enum hw_status hw_opened_object_open(struct hw_opened_object *object, const char *path,
                                     const struct hw_store_options *options, size_t end_bytes, struct hw_error *err) {
    HW_TRY(hw_location_parse(path, options, &object->location, err));
    HW_TRY(hw_store_open(&object->location, options, &object->store, err));
    const char *key = object->location.key;
    return end_bytes > 0 ? hw_source_end_open(object->store, key, NULL, end_bytes, &object->source, err)
                         : hw_store_source_needed(object->store, key, &object->source, err);
}

void hw_opened_object_release(struct hw_opened_object *object) {
    if (object->source) {
        object->source->ops->close(object->source);
    }
    hw_store_close(object->store);
    hw_location_release(&object->location);
    *object = (struct hw_opened_object){0};
}
