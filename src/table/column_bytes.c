/* SPDX-License-Identifier: Apache-2.0 */
#include "table/column_bytes.h"

#include "table/bits.h"

enum { OFFSET_BYTES = 4 }; /* of either width: a slot of a text is a slot of a text */

/* What was counted so far. */
struct sum {
    uint64_t bytes;
    uint64_t limit;
};

/* Adds `count` times `bytes`, and returns true where that stays within the limit. */
static bool sum_add(struct sum *sum, uint64_t count, uint64_t bytes) {
    uint64_t more;
    if (!hw_mul(count, bytes, &more) || !hw_add(sum->bytes, more, &sum->bytes)) {
        sum->bytes = UINT64_MAX;
    }
    return sum->bytes <= sum->limit;
}

static bool slots_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                      size_t count);

uint64_t hw_column_bytes(const struct hw_field *field, const struct hw_column *column, size_t first, size_t count,
                         uint64_t limit) {
    struct sum sum = {.limit = limit};
    slots_add(&sum, field, column, column->offset + first, count);
    return sum.bytes;
}

/* Returns the bytes of a slot without what a text or children have. */
static size_t slot_bytes(struct hw_type type) {
    if (hw_kind_is_flat(type.kind) && !hw_kind_is_bytes(type.kind)) {
        return hw_max_size(hw_type_bytes(type), 1);
    }
    return type.kind == HW_KIND_STRUCT || type.kind == HW_KIND_FIXED_LIST ? 1 : OFFSET_BYTES;
}

static bool indices_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                        size_t count);
static bool contents_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                         size_t count);
static bool nulls_add(struct sum *sum, const struct hw_field *field, uint64_t count);

/* Adds slots of the column's buffers, one run of nulls or of others after the other. */
static bool slots_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                      size_t count) {
    if (field->dictionary) {
        return indices_add(sum, field, column, slot, count);
    }
    if (hw_kind_is_flat(field->type.kind) && !hw_kind_is_bytes(field->type.kind)) {
        return sum_add(sum, count, slot_bytes(field->type));
    }
    bool within = true;
    for (size_t run, end = slot + count; within && slot < end; slot += run) {
        run = column->validity ? hw_bits_run(column->validity, slot, end - slot) : end - slot;
        const bool null = column->validity && (column->validity[slot >> 3] >> (slot & 7) & 1) == 0;
        within = null ? nulls_add(sum, field, run) : contents_add(sum, field, column, slot, run);
    }
    return within;
}

static bool indices_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                        size_t count) {
    const struct hw_column *dictionary = column->dictionary;
    bool within = true;
    for (size_t end = slot + count; within && slot < end; slot++) {
        const bool null = column->validity && (column->validity[slot >> 3] >> (slot & 7) & 1) == 0;
        within = null ? nulls_add(sum, field->dictionary, 1)
                      : slots_add(sum, field->dictionary, dictionary,
                                  dictionary->offset + hw_dictionary_slot(field->type.index, column, slot), 1);
    }
    return within;
}

/* Adds slots that are not null, of a kind with offsets or children. */
static bool contents_add(struct sum *sum, const struct hw_field *field, const struct hw_column *column, size_t slot,
                         size_t count) {
    const struct hw_column *child = column->children;
    const size_t width = field->type.width;
    bool within = sum_add(sum, count, slot_bytes(field->type));
    switch (field->type.kind) {
    case HW_KIND_STRUCT:
        for (size_t i = 0; within && i < field->children_count; i++) {
            within = slots_add(sum, &field->children[i], &child[i], child[i].offset + slot, count);
        }
        return within;
    case HW_KIND_FIXED_LIST:
        return within && slots_add(sum, &field->children[0], child, child->offset + slot * width, count * width);
    default:
        break;
    }
    const size_t begin = hw_column_begin(column, slot);
    const size_t end = hw_column_begin(column, slot + count);
    if (hw_kind_is_bytes(field->type.kind)) {
        return sum_add(sum, end - begin, 1);
    }
    return within && slots_add(sum, &field->children[0], child, child->offset + begin, end - begin);
}

/* Adds slots that have no value, and what stands for their children. */
static bool nulls_add(struct sum *sum, const struct hw_field *field, uint64_t count) {
    if (field->dictionary) {
        return nulls_add(sum, field->dictionary, count);
    }
    const enum hw_kind kind = field->type.kind;
    bool within = sum_add(sum, count, slot_bytes(field->type));
    if (kind == HW_KIND_FIXED_LIST && !hw_mul(count, (uint64_t)field->type.width, &count)) {
        return sum_add(sum, UINT64_MAX, 2);
    }
    const size_t children = kind == HW_KIND_STRUCT || kind == HW_KIND_FIXED_LIST ? field->children_count : 0;
    for (size_t i = 0; within && count > 0 && i < children; i++) {
        within = nulls_add(sum, &field->children[i], count);
    }
    return within;
}
