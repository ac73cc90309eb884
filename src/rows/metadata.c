/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/metadata.h"

#include <stdlib.h>

#include "core/limits.h"

/* One of the pairs that files have under one key. */
struct entry {
    struct hw_file_pair pair;
    /* The first file that has it, and its place there. */
    size_t object;
    size_t place;
    /* The file that was added last of those that have it. */
    size_t last;
    /* The most bytes of its value, in any file. */
    size_t value_bytes;
    /* The pairs with the key that file `last` has had so far; of the first one of a key alone. */
    uint32_t times;
    /* Files have different values. */
    bool differs;
};

void hw_rows_metadata_init(struct hw_rows_metadata *metadata) {
    *metadata = (struct hw_rows_metadata){0};
    pthread_mutex_init(&metadata->synced.lock, NULL);
}

void hw_rows_metadata_release(struct hw_rows_metadata *metadata) {
    hw_intern_release(&metadata->synced.keys);
    hw_buf_release(&metadata->synced.entries);
    hw_buf_release(&metadata->synced.name);
    hw_arena_release(&metadata->synced.arena);
    pthread_mutex_destroy(&metadata->synced.lock);
}

/* ------ one file */

static enum hw_status pair_add(struct hw_rows_metadata *metadata, size_t object, size_t place,
                               const struct hw_file_pair *pair, struct hw_error *err);

enum hw_status hw_rows_metadata_add(struct hw_rows_metadata *metadata, size_t object, const struct hw_file_pairs *pairs,
                                    struct hw_error *err) {
    enum hw_status status = HW_OK;
    pthread_mutex_lock(&metadata->synced.lock);
    for (size_t i = 0; status == HW_OK && !metadata->synced.too_much && i < pairs->count; i++) {
        status = pair_add(metadata, object, i, &pairs->items[i], err);
    }
    pthread_mutex_unlock(&metadata->synced.lock);
    return status;
}

static struct entry *entry_at(const struct hw_rows_metadata *metadata, size_t number) {
    return &((struct entry *)(void *)metadata->synced.entries.data)[number];
}

static size_t entries_count(const struct hw_rows_metadata *metadata) {
    return metadata->synced.entries.size / sizeof(struct entry);
}

/*
 * Counts bytes. Their sum only grows, and in the end it is the same in whatever order files come.
 */
static void bytes_count(struct hw_rows_metadata *metadata, size_t bytes) {
    metadata->synced.bytes += bytes;
    metadata->synced.too_much = metadata->synced.bytes > HW_FILE_PAIRS_BYTES_MAX;
}

static enum hw_status entry_add(struct hw_rows_metadata *metadata, size_t object, size_t place,
                                const struct hw_file_pair *pair, struct hw_error *err) {
    struct entry entry = {
        .pair = *pair,
        .object = object,
        .place = place,
        .last = object,
        .value_bytes = pair->value.size,
        .times = 1,
    };
    bytes_count(metadata, pair->key.size + pair->value.size);
    if (metadata->synced.too_much) {
        return HW_OK;
    }
    entry.pair.value.data = hw_arena_strndup(&metadata->synced.arena, pair->value.data, pair->value.size);
    entry.pair.key.data = hw_arena_strndup(&metadata->synced.arena, pair->key.data, pair->key.size);
    if (!entry.pair.value.data || !entry.pair.key.data) {
        return hw_fail_nomem(err, pair->value.size + pair->key.size);
    }
    return hw_buf_append(&metadata->synced.entries, &entry, sizeof(entry), err);
}

/* Compares a pair with the one of other files that it belongs to. */
static void entry_meet(struct hw_rows_metadata *metadata, struct entry *entry, size_t object, size_t place,
                       const struct hw_file_pair *pair) {
    const size_t more = pair->value.size > entry->value_bytes ? pair->value.size - entry->value_bytes : 0;
    bytes_count(metadata, more);
    entry->value_bytes += more;
    entry->differs =
        entry->differs || entry->pair.has_value != pair->has_value || !hw_view_equal(entry->pair.value, pair->value);
    entry->last = object;
    entry->times = 1;
    if (object < entry->object) {
        entry->object = object;
        entry->place = place;
    }
}

/* Finds the number of the entry of a key that comes for the `times`th time in its file, from 0. */
static enum hw_status entry_number(struct hw_rows_metadata *metadata, hw_view key, uint32_t times, uint32_t *out_number,
                                   struct hw_error *err) {
    struct hw_buf *name = &metadata->synced.name;
    hw_buf_clear(name);
    HW_TRY(hw_buf_append(name, &times, sizeof(times), err));
    HW_TRY(hw_buf_append(name, key.data, key.size, err));
    HW_TRY(hw_intern_number(&metadata->synced.keys, hw_buf_view(name), HW_FILE_PAIRS_MAX, out_number, err));
    metadata->synced.too_much = *out_number == HW_FILE_PAIRS_MAX;
    return HW_OK;
}

static enum hw_status pair_add(struct hw_rows_metadata *metadata, size_t object, size_t place,
                               const struct hw_file_pair *pair, struct hw_error *err) {
    uint32_t number;
    HW_TRY(entry_number(metadata, pair->key, 0, &number, err));
    if (!metadata->synced.too_much && number < entries_count(metadata) && entry_at(metadata, number)->last == object) {
        HW_TRY(entry_number(metadata, pair->key, entry_at(metadata, number)->times++, &number, err));
    }
    if (metadata->synced.too_much) {
        return HW_OK;
    }
    if (number == entries_count(metadata)) {
        return entry_add(metadata, object, place, pair, err);
    }
    entry_meet(metadata, entry_at(metadata, number), object, place, pair);
    return HW_OK;
}

/* ------ all files */

static int entries_compare(const void *a, const void *b) {
    const struct entry *one = a;
    const struct entry *other = b;
    if (one->object != other->object) {
        return one->object < other->object ? -1 : 1;
    }
    return one->place < other->place ? -1 : one->place > other->place;
}

enum hw_status hw_rows_metadata_decide(const struct hw_rows_metadata *metadata, bool same_schema,
                                       struct hw_arena *arena, struct hw_rows_metadata_kept *out_kept,
                                       struct hw_error *err) {
    struct hw_rows_metadata_kept kept = {.pairs.same_schema = same_schema, .too_much = metadata->synced.too_much};
    const size_t count = kept.too_much ? 0 : entries_count(metadata);
    struct hw_file_pair *pairs = hw_arena_alloc(arena, count * sizeof(*pairs));
    if (!pairs) {
        return hw_fail_nomem(err, count * sizeof(*pairs));
    }
    if (count > 0) {
        qsort(metadata->synced.entries.data, count, sizeof(struct entry), entries_compare);
    }
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = entry_at(metadata, i);
        const struct hw_file_pairs alone = {&entry->pair, 1, same_schema};
        if (!hw_file_pairs_hold(&alone, 0)) {
            continue;
        }
        if (!entry->differs) {
            pairs[kept.pairs.count++] = entry->pair;
            continue;
        }
        kept.object = kept.differing == 0 ? entry->object : kept.object;
        kept.key = kept.differing == 0 ? entry->pair.key : kept.key;
        kept.differing++;
    }
    kept.pairs.items = pairs;
    *out_kept = kept;
    return HW_OK;
}
