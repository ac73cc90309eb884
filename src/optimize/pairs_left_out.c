/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_left_out.h"

struct hw_pair_left_out_entry {
    struct hw_pair_left_out pair;
    struct hw_pair_left_out_entry *next;
};

enum hw_status hw_pairs_left_out_add(struct hw_pairs_left_out *list, const char *before_key, hw_view key,
                                     const char *reason, struct hw_error *err) {
    const size_t before_bytes = strlen(before_key);
    struct hw_pair_left_out_entry *entry = hw_arena_alloc(list->arena, sizeof(*entry));
    char *name = hw_arena_alloc(list->arena, before_bytes + key.size);
    char *words = hw_arena_strdup(list->arena, reason);
    if (!entry || !name || !words) {
        return hw_fail_nomem(err, sizeof(*entry) + before_bytes + key.size);
    }
    memcpy(name, before_key, before_bytes);
    if (key.size > 0) {
        memcpy(name + before_bytes, key.data, key.size);
    }
    *entry = (struct hw_pair_left_out_entry){{{name, before_bytes + key.size}, words}, NULL};
    *(list->last ? &list->last->next : &list->first) = entry;
    list->last = entry;
    list->count++;
    return HW_OK;
}

enum hw_status hw_pairs_left_out_failed(struct hw_pairs_left_out *list, const char *before_key, hw_view key,
                                        enum hw_status status, const struct hw_error *why, struct hw_error *err) {
    if (!hw_pair_at_fault(status)) {
        return hw_error_pass(err, status, why);
    }
    return hw_pairs_left_out_add(list, before_key, key, why->message, err);
}

bool hw_pair_at_fault(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED;
}

enum hw_status hw_pairs_left_out_items(const struct hw_pairs_left_out *list, const struct hw_pair_left_out **out_items,
                                       struct hw_error *err) {
    struct hw_pair_left_out *items = hw_arena_alloc(list->arena, list->count * sizeof(*items));
    size_t count = 0;
    if (!items) {
        return hw_fail_nomem(err, list->count * sizeof(*items));
    }
    for (const struct hw_pair_left_out_entry *entry = list->first; entry; entry = entry->next) {
        items[count++] = entry->pair;
    }
    *out_items = items;
    return HW_OK;
}
