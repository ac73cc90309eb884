/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/level.h"

#include "parquet/pack.h"
#include "parquet/rle.h"

enum {
    LEVELS_LENGTH_BYTES = 4,
    ENTRY_LEVEL_BYTES = 2,
    /* The guess at the length of a dictionary's text, which only its index tells. */
    TEXT_GUESS_BYTES = 16,
};

/* A walk along a leaf's steps. */
struct descent {
    struct hw_shredder *shredder;
    const struct hw_column *column;
    struct hw_error *err;
};

static enum hw_status step_take(struct descent *descent, const struct hw_step *step);
static enum hw_status entries_begin(struct descent *descent, size_t from, size_t rows);

void hw_shredder_release(struct hw_shredder *shredder) {
    hw_buf_release(&shredder->entries);
    hw_buf_release(&shredder->other);
}

size_t hw_shredder_held(const struct hw_shredder *shredder) {
    return shredder->entries.capacity + shredder->other.capacity;
}

static struct hw_entry *entries_of(const struct hw_buf *buf) {
    return (struct hw_entry *)(void *)buf->data;
}

static size_t count_of(const struct hw_buf *buf) {
    return buf->size / sizeof(struct hw_entry);
}

enum hw_status hw_level_shred(struct hw_shredder *shredder, const struct hw_leaf *leaf, const struct hw_column *column,
                              size_t from, size_t rows, struct hw_shred *out_shred, struct hw_error *err) {
    struct descent descent = {shredder, column, err};
    HW_TRY(entries_begin(&descent, from, rows));
    for (size_t i = 0; i < leaf->steps_count; i++) {
        HW_TRY(step_take(&descent, &leaf->steps[i]));
    }
    *out_shred = (struct hw_shred){entries_of(&shredder->entries), count_of(&shredder->entries), descent.column};
    return HW_OK;
}

static enum hw_status entries_begin(struct descent *descent, size_t from, size_t rows) {
    struct hw_buf *buf = &descent->shredder->entries;
    HW_TRY(hw_buf_resize(buf, rows * sizeof(struct hw_entry), descent->err));
    struct hw_entry *entries = entries_of(buf);
    for (size_t i = 0; i < rows; i++) {
        entries[i] = (struct hw_entry){.slot = descent->column->offset + from + i};
    }
    return HW_OK;
}

static enum hw_status valid_take(struct descent *descent, const struct hw_step *step);
static enum hw_status lists_take(struct descent *descent, const struct hw_step *step);
static void child_take(struct descent *descent, const struct hw_step *step);
static void dictionary_take(struct descent *descent, const struct hw_step *step);

static enum hw_status step_take(struct descent *descent, const struct hw_step *step) {
    switch (step->kind) {
    case HW_STEP_VALID:
        return valid_take(descent, step);
    case HW_STEP_LIST:
    case HW_STEP_FIXED_LIST:
        return lists_take(descent, step);
    case HW_STEP_CHILD:
        child_take(descent, step);
        return HW_OK;
    case HW_STEP_DICTIONARY:
        dictionary_take(descent, step);
        return HW_OK;
    }
    return HW_OK;
}

static enum hw_status valid_take(struct descent *descent, const struct hw_step *step) {
    const uint8_t *validity = descent->column->validity;
    struct hw_entry *entries = entries_of(&descent->shredder->entries);
    const size_t count = count_of(&descent->shredder->entries);
    for (size_t i = 0; i < count; i++) {
        struct hw_entry *entry = &entries[i];
        if (entry->slot == HW_SLOT_NONE) {
            continue;
        }
        bool valid = !step->never && (!validity || (validity[entry->slot >> 3] >> (entry->slot & 7) & 1) != 0);
        if (HW_LIKELY(valid)) {
            entry->def = step->def;
        } else if (step->optional) {
            entry->def = (uint8_t)(step->def - 1);
            entry->slot = HW_SLOT_NONE;
        } else {
            return hw_fail(descent->err, HW_EDATA, "a null in a column that is required");
        }
    }
    return HW_OK;
}

/* Tells where the elements of a slot begin and end, as slots of the child's buffers. */
static void elements_of(const struct descent *descent, const struct hw_step *step, size_t slot, size_t *out_begin,
                        size_t *out_end) {
    const struct hw_column *column = descent->column;
    size_t before = column->children->offset;
    if (step->kind == HW_STEP_FIXED_LIST) {
        *out_begin = before + slot * step->width;
        *out_end = *out_begin + step->width;
        return;
    }
    *out_begin = before + hw_column_begin(column, slot);
    *out_end = before + hw_column_begin(column, slot + 1);
}

/*
 * Makes room for the entries that there will be. An empty list, or one that ended before, stays one
 * entry.
 */
static enum hw_status expansion_reserve(struct descent *descent, const struct hw_step *step) {
    const struct hw_entry *entries = entries_of(&descent->shredder->entries);
    const size_t count = count_of(&descent->shredder->entries);
    size_t expanded = 0;
    for (size_t i = 0; i < count; i++) {
        size_t begin = 0, end = 1;
        if (entries[i].slot != HW_SLOT_NONE) {
            elements_of(descent, step, entries[i].slot, &begin, &end);
        }
        expanded += hw_max_size(end - begin, 1);
    }
    size_t bytes;
    if (!hw_mul(expanded, sizeof(struct hw_entry), &bytes)) {
        return hw_fail(descent->err, HW_ELIMIT, "a list of %zu elements is too long", expanded);
    }
    return hw_buf_resize(&descent->shredder->other, bytes, descent->err);
}

static enum hw_status lists_take(struct descent *descent, const struct hw_step *step) {
    HW_TRY(expansion_reserve(descent, step));
    const struct hw_entry *entries = entries_of(&descent->shredder->entries);
    const size_t count = count_of(&descent->shredder->entries);
    struct hw_entry *to = entries_of(&descent->shredder->other);
    for (size_t i = 0; i < count; i++) {
        struct hw_entry entry = entries[i];
        size_t begin = 0, end = 0;
        if (entry.slot != HW_SLOT_NONE) {
            elements_of(descent, step, entry.slot, &begin, &end);
        }
        if (begin == end) {
            entry.slot = HW_SLOT_NONE;
            *to++ = entry;
        }
        for (size_t slot = begin; slot < end; slot++) {
            *to++ = (struct hw_entry){.slot = slot, .def = step->def, .rep = slot == begin ? entry.rep : step->rep};
        }
    }
    struct hw_buf swapped = descent->shredder->entries;
    descent->shredder->entries = descent->shredder->other;
    descent->shredder->other = swapped;
    descent->column = descent->column->children;
    return HW_OK;
}

static void child_take(struct descent *descent, const struct hw_step *step) {
    const struct hw_column *child = &descent->column->children[step->child];
    struct hw_entry *entries = entries_of(&descent->shredder->entries);
    const size_t count = count_of(&descent->shredder->entries);
    for (size_t i = 0; i < count && child->offset > 0; i++) {
        if (entries[i].slot != HW_SLOT_NONE) {
            entries[i].slot += child->offset;
        }
    }
    descent->column = child;
}

static void dictionary_take(struct descent *descent, const struct hw_step *step) {
    struct hw_entry *entries = entries_of(&descent->shredder->entries);
    const size_t count = count_of(&descent->shredder->entries);
    const struct hw_column *dictionary = descent->column->dictionary;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].slot != HW_SLOT_NONE) {
            entries[i].slot = dictionary->offset + hw_dictionary_slot(step->index, descent->column, entries[i].slot);
        }
    }
    descent->column = dictionary;
}

size_t hw_level_reach(const struct hw_leaf *leaf, const struct hw_column *column, size_t from, size_t rows) {
    size_t begin = column->offset + from;
    size_t end = begin + rows;
    bool scattered = false;
    for (size_t i = 0; i < leaf->steps_count; i++) {
        const struct hw_step *step = &leaf->steps[i];
        const struct hw_column *next = step->kind == HW_STEP_CHILD        ? &column->children[step->child]
                                       : step->kind == HW_STEP_DICTIONARY ? column->dictionary
                                                                          : column->children;
        if (step->kind == HW_STEP_VALID) {
            continue;
        }
        if (step->kind == HW_STEP_DICTIONARY) {
            /* The indices may point anywhere, so nothing below can be told. */
            scattered = true;
            break;
        }
        size_t width = step->kind == HW_STEP_FIXED_LIST ? step->width : 1;
        bool list = step->kind == HW_STEP_LIST;
        begin = next->offset + (list ? hw_column_begin(column, begin) : begin * width);
        end = next->offset + (list ? hw_column_begin(column, end) : end * width);
        column = next;
    }
    size_t slots = end - begin;
    size_t levels = hw_max_size(slots, rows) * ENTRY_LEVEL_BYTES;
    if (leaf->lane != HW_LANE_TEXT) {
        return levels + slots * leaf->width;
    }
    /* A column of nulls has no bytes. */
    if (scattered || !column->data) {
        return levels + slots * (scattered ? TEXT_GUESS_BYTES : 0);
    }
    return levels + hw_column_begin(column, end) - hw_column_begin(column, begin) + slots * sizeof(uint32_t);
}

enum hw_status hw_levels_put(const uint8_t *levels, size_t count, unsigned level_max, struct hw_buf *scratch,
                             struct hw_buf *out, struct hw_error *err) {
    const size_t length_at = out->size;
    HW_TRY(hw_buf_resize(scratch, count * sizeof(uint32_t), err));
    uint32_t *wide = (uint32_t *)(void *)scratch->data;
    for (size_t i = 0; i < count; i++) {
        wide[i] = levels[i];
    }
    HW_TRY(hw_buf_resize(out, length_at + LEVELS_LENGTH_BYTES, err));
    HW_TRY(hw_rle_encode(wide, count, hw_bit_width(level_max), out, err));
    hw_store_le32(out->data + length_at, (uint32_t)(out->size - length_at - LEVELS_LENGTH_BYTES));
    return HW_OK;
}
