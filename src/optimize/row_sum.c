/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/row_sum.h"

#include <xxhash.h>

/* Odd, so that no two numbers have one product, and no two levels. */
#define SPREAD UINT64_C(0x9e3779b97f4a7c15)
#define LEVELS_SPREAD UINT64_C(0xc2b2ae3d27d4eb4f)
enum { LEVEL_BITS = 8 };

/* A row that is hashed: its next entry, and the next value. */
struct place {
    const struct hw_leaf_rows *rows;
    uint8_t def_max;
    size_t entry;
    size_t value;
};

static hw_view value_take(struct place *place) {
    const struct hw_leaf_rows *rows = place->rows;
    const size_t i = place->value++;
    if (rows->width > 0) {
        return (hw_view){(const char *)rows->values.data + i * rows->width, rows->width};
    }
    const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
    return (hw_view){(const char *)hw_buf_view(&rows->data).data + places[i], (size_t)(places[i + 1] - places[i])};
}

/* Each entry is hashed with its levels, and with the hash of the entry before it. */
static XXH128_hash_t row_hash(struct place *place, uint64_t number) {
    const struct hw_leaf_rows *rows = place->rows;
    XXH128_hash_t hash = {0};
    uint64_t seed = number * SPREAD;
    do {
        const uint8_t def = rows->defs.size > 0 ? rows->defs.data[place->entry] : place->def_max;
        const uint8_t rep = rows->reps.size > 0 ? rows->reps.data[place->entry] : 0;
        const hw_view value = def == place->def_max ? value_take(place) : (hw_view){"", 0};
        seed += ((uint64_t)def << LEVEL_BITS | rep) * LEVELS_SPREAD;
        hash = XXH3_128bits_withSeed(value.data, value.size, seed);
        seed = hash.low64 ^ hash.high64 * SPREAD;
        place->entry++;
    } while (rows->reps.size > 0 && place->entry < rows->entries && rows->reps.data[place->entry] != 0);
    return hash;
}

void hw_row_sum_add(struct hw_row_sum *sum, const struct hw_leaf_rows *rows, uint8_t def_max, const uint64_t *numbers) {
    struct place place = {.rows = rows, .def_max = def_max};
    for (size_t i = 0; i < rows->rows; i++) {
        const XXH128_hash_t hash = row_hash(&place, numbers[i]);
        sum->low += hash.low64;
        sum->high += hash.high64;
    }
    sum->rows += rows->rows;
}

void hw_row_sum_join(struct hw_row_sum *sum, const struct hw_row_sum *other) {
    sum->rows += other->rows;
    sum->low += other->low;
    sum->high += other->high;
}

bool hw_row_sum_equal(const struct hw_row_sum *a, const struct hw_row_sum *b) {
    return a->rows == b->rows && a->low == b->low && a->high == b->high;
}
