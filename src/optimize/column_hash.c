/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_hash.h"

enum { AT_ONCE = 1024 };

void hw_column_hash_begin(struct hw_column_hash *hash, uint8_t def_max) {
    for (size_t i = 0; i < HW_STREAM_COUNT; i++) {
        XXH3_128bits_reset(&hash->streams[i]);
    }
    hash->def_max = def_max;
    hash->rows = hash->entries = hash->values = 0;
}

/* Levels that were left out are all the same. */
static void levels_add(XXH3_state_t *stream, const struct hw_buf *levels, uint8_t level, size_t count) {
    uint8_t same[AT_ONCE];
    if (levels->size > 0) {
        XXH3_128bits_update(stream, levels->data, count);
        return;
    }
    if (level == 0) {
        return; /* the leaf has no such levels */
    }
    memset(same, level, sizeof(same));
    for (size_t at = 0; at < count; at += AT_ONCE) {
        XXH3_128bits_update(stream, same, hw_min_size(count - at, AT_ONCE));
    }
}

static void lengths_add(XXH3_state_t *stream, const int32_t *places, size_t count) {
    uint32_t lengths[AT_ONCE];
    for (size_t at = 0; at < count; at += AT_ONCE) {
        const size_t step = hw_min_size(count - at, AT_ONCE);
        for (size_t i = 0; i < step; i++) {
            lengths[i] = (uint32_t)(places[at + i + 1] - places[at + i]);
        }
        XXH3_128bits_update(stream, lengths, step * sizeof(*lengths));
    }
}

void hw_column_hash_add(struct hw_column_hash *hash, const struct hw_leaf_rows *rows) {
    levels_add(&hash->streams[HW_STREAM_DEFS], &rows->defs, hash->def_max, rows->entries);
    levels_add(&hash->streams[HW_STREAM_REPS], &rows->reps, 0, rows->entries);
    if (rows->width > 0 && rows->count > 0) {
        XXH3_128bits_update(&hash->streams[HW_STREAM_VALUES], rows->values.data, rows->count * rows->width);
    } else if (rows->count > 0) {
        const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
        lengths_add(&hash->streams[HW_STREAM_LENGTHS], places, rows->count);
        XXH3_128bits_update(&hash->streams[HW_STREAM_VALUES], rows->data.data, (size_t)places[rows->count]);
    }
    hash->rows += rows->rows;
    hash->entries += rows->entries;
    hash->values += rows->count;
}

struct hw_column_digest hw_column_hash_end(const struct hw_column_hash *hash) {
    struct hw_column_digest digest = {.rows = hash->rows, .entries = hash->entries, .values = hash->values};
    for (size_t i = 0; i < HW_STREAM_COUNT; i++) {
        digest.streams[i] = XXH3_128bits_digest(&hash->streams[i]);
    }
    return digest;
}

const char *hw_column_digest_differs(const struct hw_column_digest *a, const struct hw_column_digest *b) {
    static const char *const what[HW_STREAM_COUNT] = {
        [HW_STREAM_DEFS] = "the definition levels",
        [HW_STREAM_REPS] = "the repetition levels",
        [HW_STREAM_LENGTHS] = "the lengths of texts",
        [HW_STREAM_VALUES] = "the values",
    };
    if (a->rows != b->rows || a->entries != b->entries || a->values != b->values) {
        return "the numbers of rows, entries or values";
    }
    for (size_t i = 0; i < HW_STREAM_COUNT; i++) {
        if (!XXH128_isEqual(a->streams[i], b->streams[i])) {
            return what[i];
        }
    }
    return NULL;
}
