/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/merge.h"

#include "core/alloc.h"
#include "manifest/manifest_write.h"

static bool bit_is_set(const uint8_t *bits, uint32_t at) {
    return (bits[at / 8] >> at % 8 & 1) != 0;
}

static void bit_set(uint8_t *bits, uint32_t at) {
    bits[at / 8] |= (uint8_t)(1 << at % 8);
}

/* Returns whether the file that an amendment was made for is still the one that is told of. */
static bool is_amended(const struct hw_manifest_entry *old, const struct hw_manifest_entry *change) {
    return old && (hw_manifest_is_amended(old, change) || old->crc64nvme == change->crc64nvme) &&
           strcmp(old->source, change->source) == 0 && strcmp(old->source_etag, change->source_etag) == 0 &&
           old->source_mtime_us == change->source_mtime_us && strcmp(old->options, change->options) == 0;
}

/* Marks the entry whose place a change takes, and counts what there will be. */
static enum hw_status change_mark(struct hw_manifest_merge *merge, const struct hw_manifest_entry *change,
                                  struct hw_error *err) {
    const struct hw_manifest_entry *old;
    HW_TRY(hw_manifest_find(merge->before, change->path, &merge->cursor, &old, err));
    if (change->amends && !is_amended(old, change)) {
        bit_set(merge->left_out, change->order);
        return HW_OK;
    }
    const bool same = old && memcmp(old->sha256, change->sha256, sizeof(old->sha256)) == 0;
    if (old && !bit_is_set(merge->replaced, old->order) && (!change->removed || same)) {
        bit_set(merge->replaced, old->order);
        merge->count--;
    }
    merge->count += !change->removed;
    return HW_OK;
}

static enum hw_status changes_mark(struct hw_manifest_merge *merge, struct hw_error *err) {
    const struct hw_manifest_entry *change;
    merge->count = merge->before->count;
    do {
        HW_TRY(hw_manifest_stream_next(&merge->stream, &change, err));
        HW_TRY(change ? change_mark(merge, change, err) : HW_OK);
    } while (change);
    return HW_OK;
}

/* Goes to the next change that puts something. */
static enum hw_status change_next(struct hw_manifest_merge *merge, struct hw_error *err) {
    do {
        HW_TRY(hw_manifest_stream_next(&merge->stream, &merge->change, err));
    } while (merge->change && (merge->change->removed || bit_is_set(merge->left_out, merge->change->order)));
    return HW_OK;
}

/* Goes to the next entry that stays. */
static enum hw_status old_next(struct hw_manifest_merge *merge, struct hw_error *err) {
    do {
        HW_TRY(hw_manifest_next(&merge->cursor, &merge->old, err));
    } while (merge->old && bit_is_set(merge->replaced, merge->old->order));
    return HW_OK;
}

enum hw_status hw_manifest_merge_open(struct hw_manifest_merge *merge, const struct hw_manifest *before,
                                      struct hw_manifest_sorter *changes, struct hw_error *err) {
    const size_t bytes = before->put / 8 + 1;
    const size_t changes_bytes = (size_t)(changes->records.count / 8 + 1);
    *merge = (struct hw_manifest_merge){
        .before = before, .replaced = hw_alloc_zero(bytes, 1), .left_out = hw_alloc_zero(changes_bytes, 1)};
    if (!merge->replaced || !merge->left_out) {
        return hw_fail_nomem(err, bytes + changes_bytes);
    }
    HW_TRY(hw_manifest_stream_open(&merge->stream, changes, err));
    HW_TRY(changes_mark(merge, err));
    hw_manifest_stream_release(&merge->stream);
    HW_TRY(hw_manifest_stream_open(&merge->stream, changes, err));
    hw_manifest_all(before, &merge->cursor);
    HW_TRY(old_next(merge, err));
    return change_next(merge, err);
}

void hw_manifest_merge_release(struct hw_manifest_merge *merge) {
    hw_manifest_stream_release(&merge->stream);
    hw_manifest_cursor_release(&merge->cursor);
    hw_free(merge->replaced);
    hw_free(merge->left_out);
    *merge = (struct hw_manifest_merge){0};
}

/*
 * Goes on from what was handed out only when the call after it comes: stream and cursor keep it
 * until then.
 */
enum hw_status hw_manifest_merge_next(struct hw_manifest_merge *merge, const struct hw_manifest_entry **out_entry,
                                      struct hw_error *err) {
    if (merge->told) {
        HW_TRY(merge->told == merge->change ? change_next(merge, err) : old_next(merge, err));
    }
    const bool change = merge->change && (!merge->old || hw_manifest_order(merge->change, merge->old) < 0);
    merge->told = change ? merge->change : merge->old;
    *out_entry = merge->told;
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
