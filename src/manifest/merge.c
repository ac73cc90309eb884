/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/merge.h"

#include "core/json_write.h"

/* The entry of `before` at a path, to be marked. */
static struct hw_manifest_entry *before_find(struct hw_manifest *before, const char *path) {
    const struct hw_manifest_entry *found = hw_manifest_find(before, path);
    return found ? &before->entries[found - before->entries] : NULL;
}

/* Marks what is replaced or removed, and counts what there will be. */
static enum hw_status changes_mark(struct hw_manifest_merge *merge, struct hw_error *err) {
    struct hw_manifest *before = merge->before;
    const struct hw_manifest_entry *change;
    for (size_t i = 0; i < before->count; i++) {
        before->entries[i].replaced = false;
    }
    merge->count = before->count;
    for (;;) {
        HW_TRY(hw_manifest_stream_next(&merge->stream, &change, err));
        if (!change) {
            return HW_OK;
        }
        struct hw_manifest_entry *old = before_find(before, change->path);
        const bool same = old && memcmp(old->sha256, change->sha256, sizeof(old->sha256)) == 0;
        if (old && !old->replaced && (!change->removed || same)) {
            old->replaced = true;
            merge->count--;
        }
        merge->count += !change->removed;
    }
}

/* The next change that puts something. */
static enum hw_status change_next(struct hw_manifest_merge *merge, struct hw_error *err) {
    do {
        HW_TRY(hw_manifest_stream_next(&merge->stream, &merge->change, err));
    } while (merge->change && merge->change->removed);
    return HW_OK;
}

enum hw_status hw_manifest_merge_open(struct hw_manifest_merge *merge, struct hw_manifest *before,
                                      struct hw_manifest_sorter *changes, struct hw_error *err) {
    assert(before->by_source || before->count == 0);
    *merge = (struct hw_manifest_merge){.before = before};
    HW_TRY(hw_manifest_stream_open(&merge->stream, changes, err));
    HW_TRY(changes_mark(merge, err));
    hw_manifest_stream_release(&merge->stream);
    HW_TRY(hw_manifest_stream_open(&merge->stream, changes, err));
    return change_next(merge, err);
}

void hw_manifest_merge_release(struct hw_manifest_merge *merge) {
    hw_manifest_stream_release(&merge->stream);
}

/*
 * A change is handed out when the call after it comes: its stream keeps it until then. `at` counts
 * what was handed out of `before`.
 */
enum hw_status hw_manifest_merge_next(struct hw_manifest_merge *merge, const struct hw_manifest_entry **out_entry,
                                      struct hw_error *err) {
    const struct hw_manifest *before = merge->before;
    if (merge->told) {
        HW_TRY(change_next(merge, err));
        merge->told = false;
    }
    while (merge->at < before->count && before->by_source[merge->at]->replaced) {
        merge->at++;
    }
    const struct hw_manifest_entry *old = merge->at < before->count ? before->by_source[merge->at] : NULL;
    const bool change = merge->change && (!old || hw_manifest_order(merge->change, old) < 0);
    *out_entry = change ? merge->change : old;
    merge->told = change;
    merge->at += !change && old;
    return HW_OK;
}

enum hw_status hw_manifest_merge_write(struct hw_manifest_merge *merge, struct hw_sink *sink, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_json_writer json = {.out = &text, .sink = sink};
    const struct hw_manifest_entry *entry;
    hw_manifest_begin(&json);
    do {
        HW_TRY(hw_manifest_merge_next(merge, &entry, err));
        if (entry) {
            hw_manifest_entry_write(&json, entry);
        }
    } while (entry && json.status == HW_OK);
    return hw_manifest_end(&json, err);
}
