/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/object_list.h"

#include "core/shown_name.h"

/* What is kept of an object. */
struct kept {
    struct hw_store *store;
    uint64_t bytes;
    int64_t mtime_us;
    char texts[]; /* name, ETag, and the key if the name lacks its query, each ended with NUL */
};

void hw_object_list_release(struct hw_object_list *list) {
    hw_buf_release(&list->places);
    hw_arena_release(&list->arena);
    *list = (struct hw_object_list){0};
}

enum hw_status hw_object_list_add(struct hw_object_list *list, const struct hw_plan_object *object,
                                  struct hw_error *err) {
    const size_t name_bytes = strlen(object->name) + 1;
    const size_t etag_bytes = strlen(object->etag) + 1;
    const bool apart = hw_shown_name(object->name).query;
    const char *key = apart ? object->key : "";
    const size_t key_bytes = apart ? strlen(key) + 1 : 0;
    struct kept *kept = hw_arena_alloc(&list->arena, sizeof(*kept) + name_bytes + etag_bytes + key_bytes);
    if (!kept) {
        return hw_fail_nomem(err, sizeof(*kept) + name_bytes + etag_bytes + key_bytes);
    }
    *kept = (struct kept){.store = object->store, .bytes = object->bytes, .mtime_us = object->mtime_us};
    memcpy(kept->texts, object->name, name_bytes);
    memcpy(kept->texts + name_bytes, object->etag, etag_bytes);
    memcpy(kept->texts + name_bytes + etag_bytes, key, key_bytes);
    HW_TRY(hw_buf_append(&list->places, &kept, sizeof(kept), err)); /* allowed: a pointer */
    list->bytes += object->bytes;
    list->count++;
    return HW_OK;
}

struct hw_plan_object hw_object_list_at(const struct hw_object_list *list, size_t number) {
    const struct kept *kept = ((const struct kept *const *)(const void *)list->places.data)[number];
    const char *etag = kept->texts + strlen(kept->texts) + 1;
    const size_t root_bytes = kept->store ? strlen(kept->store->root) : 0;
    return (struct hw_plan_object){
        .store = kept->store,
        .key = hw_shown_name(kept->texts).query ? etag + strlen(etag) + 1 : kept->texts + root_bytes,
        .name = kept->texts,
        .base = "",
        .etag = etag,
        .bytes = kept->bytes,
        .mtime_us = kept->mtime_us,
    };
}
