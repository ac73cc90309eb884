/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/assemble.h"

#include "parquet/pack.h"
#include "table/batch.h"

/* Levels whose bits are made at once; a multiple of 8. */
enum { LEVELS_AT_ONCE = 512 };

/* The slots of a node: their definition levels, NULL where all of them are the highest. */
struct slots {
    size_t count;
    const uint8_t *defs;
};

struct work {
    const struct hw_assembly *assembly;
    /* Definition levels of the slots of one node. */
    struct hw_buf defs;
};

static enum hw_status columns_make(struct work *work, const struct hw_node *nodes, size_t count,
                                   const struct hw_column **out_columns, struct hw_error *err);

enum hw_status hw_assemble(const struct hw_assembly *assembly, const struct hw_node *nodes, size_t count,
                           const struct hw_column **out_columns, struct hw_error *err) {
    struct work work = {.assembly = assembly, .defs.limit = SIZE_MAX};
    enum hw_status status = columns_make(&work, nodes, count, out_columns, err);
    hw_buf_release(&work.defs);
    return status;
}

static enum hw_status leaf_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                struct hw_error *err);
static enum hw_status struct_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                  struct hw_error *err);
static enum hw_status list_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                struct hw_error *err);

static void column_named(const struct hw_node *node, struct hw_error *err) {
    if (err && !err->column[0]) {
        hw_error_column(err, node->field->name, strlen(node->field->name));
    }
}

static enum hw_status columns_make(struct work *work, const struct hw_node *nodes, size_t count,
                                   const struct hw_column **out_columns, struct hw_error *err) {
    static enum hw_status (*const makers[])(struct work *, const struct hw_node *, struct hw_column *,
                                            struct hw_error *) = {
        [HW_NODE_LEAF] = leaf_make,
        [HW_NODE_STRUCT] = struct_make,
        [HW_NODE_LIST] = list_make,
        [HW_NODE_MAP] = list_make,
    };
    struct hw_column *columns = hw_batch_memory_alloc(work->assembly->memory, count * sizeof(*columns));
    if (!columns) {
        return hw_fail_nomem(err, count * sizeof(*columns));
    }
    for (size_t i = 0; i < count; i++) {
        enum hw_status status = makers[nodes[i].kind](work, &nodes[i], &columns[i], err);
        if (status) {
            column_named(&nodes[i], err);
            return status;
        }
    }
    *out_columns = columns;
    return HW_OK;
}

/* ------ slots */

/* Every node has the levels of each leaf below it; the first one's are looked at. */
static const struct hw_leaf_rows *leaf_rows_of(const struct work *work, const struct hw_node *node) {
    while (node->kind != HW_NODE_LEAF) {
        node = node->children;
    }
    return &work->assembly->leaf_rows[node->first_leaf];
}

/* Finds the slots of a node among the entries of a leaf. */
static enum hw_status slots_find(struct work *work, const struct hw_node *node, struct slots *out_slots,
                                 struct hw_error *err) {
    const struct hw_leaf_rows *rows = leaf_rows_of(work, node);
    const uint8_t *defs = rows->defs.size > 0 ? rows->defs.data : NULL;
    /* A leaf that repeats has definition levels as well, and none of both if it has no entries. */
    if (!defs || rows->reps.size == 0) {
        *out_slots = (struct slots){rows->rows, defs};
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(&work->defs, rows->entries + 1, err));
    const uint8_t *reps = rows->reps.data;
    uint8_t *out = work->defs.data;
    size_t count = 0;
    for (size_t i = 0; i < rows->entries; i++) {
        out[count] = defs[i];
        count += (size_t)((reps[i] <= node->rep) & (defs[i] >= node->def_slot));
    }
    *out_slots = (struct slots){count, out};
    return HW_OK;
}

/* Sets a bit for each level that is at least `least`, and returns how many there are. */
static size_t levels_pack(const uint8_t *levels, size_t count, unsigned least, uint8_t *out) {
    uint8_t bools[LEVELS_AT_ONCE];
    size_t ones = 0;
    for (size_t from = 0; from < count; from += LEVELS_AT_ONCE) {
        const size_t step = hw_min_size(count - from, LEVELS_AT_ONCE);
        unsigned step_ones = 0;
        for (size_t i = 0; i < step; i++) {
            bools[i] = levels[from + i] >= least;
            step_ones += bools[i];
        }
        hw_pack_bools(bools, step, out + from / 8);
        ones += step_ones;
    }
    return ones;
}

static enum hw_status validity_make(struct work *work, const struct hw_node *node, const struct slots *slots,
                                    struct hw_column *out, struct hw_error *err) {
    out->length = slots->count;
    if (!slots->defs || node->def == node->def_slot) {
        return HW_OK;
    }
    uint8_t *bits = hw_batch_memory_alloc(work->assembly->memory, (slots->count + 7) / 8);
    if (!bits) {
        return hw_fail_nomem(err, slots->count / 8);
    }
    out->null_count = slots->count - levels_pack(slots->defs, slots->count, node->def, bits);
    out->validity = out->null_count > 0 ? bits : NULL;
    return HW_OK;
}

/* ------ structs, lists and maps */

static enum hw_status struct_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                  struct hw_error *err) {
    struct slots slots;
    HW_TRY(slots_find(work, node, &slots, err));
    HW_TRY(validity_make(work, node, &slots, out, err));
    HW_TRY(columns_make(work, node->children, node->children_count, &out->children, err));
    for (size_t i = 0; i < node->children_count; i++) {
        if (out->children[i].length != out->length) {
            return hw_fail(err, HW_EDATA, "the field %s has %zu values in %zu structs", node->children[i].field->name,
                           out->children[i].length, out->length);
        }
    }
    return HW_OK;
}

/* The entries of a leaf, seen from a list above it. */
struct list_levels {
    const uint8_t *reps;
    const uint8_t *defs;
    size_t entries;
};

/*
 * Writes where each list begins, and its definition level. A level may say that a list goes on; it
 * must say of an element then.
 */
static bool lists_find(const struct hw_node *list, const struct list_levels *levels, int32_t *offsets,
                       uint8_t *slot_defs, size_t *out_slots) {
    const struct hw_node *element = list->children;
    size_t slots = 0;
    int32_t elements = 0;
    unsigned wrong = 0;
    for (size_t i = 0; i < levels->entries; i++) {
        const unsigned rep = levels->reps[i];
        const unsigned def = levels->defs[i];
        const unsigned is_element = def >= element->def_slot;
        offsets[slots] = elements;
        slot_defs[slots] = (uint8_t)def;
        slots += (rep <= list->rep) & (def >= list->def_slot);
        elements += (int32_t)((rep <= element->rep) & is_element);
        wrong |= (rep == element->rep) & !is_element;
    }
    offsets[slots] = elements;
    *out_slots = slots;
    return !wrong;
}

static enum hw_status list_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                struct hw_error *err) {
    const struct hw_leaf_rows *rows = leaf_rows_of(work, node);
    const struct list_levels levels = {rows->reps.data, rows->defs.data, rows->entries};
    if (rows->entries >= INT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "its rows have %zu elements, and at most %d can be held together", rows->entries,
                       INT32_MAX - 1);
    }
    struct hw_buf offsets = {.limit = SIZE_MAX};
    const void *moved;
    size_t count = 0;
    bool good = false;
    enum hw_status status = hw_buf_resize(&work->defs, rows->entries + 1, err);
    hw_batch_memory_room(work->assembly->memory, (rows->entries + 1) * sizeof(int32_t) + HW_BATCH_PADDING, &offsets);
    status = status ? status : hw_buf_resize(&offsets, (rows->entries + 1) * sizeof(int32_t), err);
    if (status == HW_OK) {
        good = lists_find(node, &levels, (int32_t *)(void *)offsets.data, work->defs.data, &count);
        offsets.size = (count + 1) * sizeof(int32_t);
        status = good ? HW_OK : hw_fail(err, HW_EDATA, "a list goes on, but its levels tell of no element");
    }
    status = status ? status : hw_batch_memory_move(work->assembly->memory, &offsets, &moved, err);
    if (status) {
        hw_buf_release(&offsets);
        return status;
    }
    out->offsets = moved;
    const struct slots slots = {count, work->defs.data};
    HW_TRY(validity_make(work, node, &slots, out, err));
    return columns_make(work, node->children, 1, &out->children, err);
}

/* ------ leaves */

/* A leaf has its values one after the other; this moves them to the slots that are not null. */
struct spread {
    const uint8_t *defs;
    unsigned def_max;
    size_t slots;
    size_t count;
};

/*
 * From the last slot on, so that it can be done in place: a value never moves to the front. A null
 * slot gets the value behind it, which saves a branch.
 */
static inline void values_spread(uint8_t *data, const struct spread *spread, const size_t width) {
    size_t value = spread->count;
    for (size_t slot = spread->slots; slot-- > 0;) {
        value -= spread->defs[slot] == spread->def_max;
        memcpy(data + slot * width, data + value * width, width);
    }
}

/* Widths that are constant make copies that the compiler turns into moves. */
static void fixed_spread(uint8_t *data, const struct spread *spread, size_t width) {
    switch (width) {
    case 1:
        values_spread(data, spread, 1);
        break;
    case 2:
        values_spread(data, spread, 2);
        break;
    case 4:
        values_spread(data, spread, 4);
        break;
    case 8:
        values_spread(data, spread, 8);
        break;
    case 16:
        values_spread(data, spread, 16);
        break;
    default:
        for (size_t value = spread->count, slot = spread->slots; slot-- > 0;) {
            value -= spread->defs[slot] == spread->def_max;
            memmove(data + slot * width, data + value * width, width);
        }
        break;
    }
}

static enum hw_status values_make(struct work *work, struct hw_leaf_rows *rows, const struct spread *spread,
                                  struct hw_column *out, struct hw_error *err) {
    const size_t width = rows->width;
    const size_t slots = spread->slots;
    if (slots > rows->count) {
        HW_TRY(hw_buf_reserve(&rows->values, (slots - rows->count) * width + HW_BATCH_PADDING, err));
        memset(rows->values.data + rows->count * width, 0, width);
        fixed_spread(rows->values.data, spread, width);
        rows->values.size = slots * width;
    }
    return hw_batch_memory_exchange(work->assembly->memory, &rows->values, &out->values, err);
}

static enum hw_status bools_make(struct work *work, struct hw_leaf_rows *rows, const struct spread *spread,
                                 struct hw_column *out, struct hw_error *err) {
    struct hw_column bytes = {0};
    HW_TRY(values_make(work, rows, spread, &bytes, err));
    uint8_t *bits = hw_batch_memory_alloc(work->assembly->memory, (spread->slots + 7) / 8);
    if (!bits) {
        return hw_fail_nomem(err, spread->slots / 8);
    }
    hw_pack_bools(bytes.values, spread->slots, bits);
    out->values = bits;
    return HW_OK;
}

static enum hw_status texts_make(struct work *work, struct hw_leaf_rows *rows, const struct spread *spread,
                                 struct hw_column *out, struct hw_error *err) {
    struct hw_batch_memory *memory = work->assembly->memory;
    const void *offsets;
    const void *data;
    if (spread->slots > rows->count) {
        HW_TRY(hw_buf_resize(&rows->offsets, (spread->slots + 1) * sizeof(int32_t), err));
        int32_t *places = (int32_t *)(void *)rows->offsets.data;
        for (size_t value = rows->count, slot = spread->slots; slot > 0; slot--) {
            places[slot] = places[value];
            value -= spread->defs[slot - 1] == spread->def_max;
        }
    }
    HW_TRY(hw_batch_memory_exchange(memory, &rows->offsets, &offsets, err));
    HW_TRY(hw_batch_memory_exchange(memory, &rows->data, &data, err));
    out->offsets = offsets;
    out->data = data;
    return HW_OK;
}

/* Drops entries that are no slots of the leaf: they stand for lists that are empty or null. */
static size_t slots_keep(struct hw_leaf_rows *rows, unsigned def_slot) {
    uint8_t *defs = rows->defs.data;
    size_t kept = 0;
    for (size_t i = 0; i < rows->entries; i++) {
        defs[kept] = defs[i];
        kept += defs[i] >= def_slot;
    }
    return kept;
}

/* Nodes above the leaf are done with its levels, so that those may be changed. */
static enum hw_status leaf_make(struct work *work, const struct hw_node *node, struct hw_column *out,
                                struct hw_error *err) {
    const struct hw_read_leaf *leaf = &work->assembly->leaves[node->first_leaf];
    struct hw_leaf_rows *rows = &work->assembly->leaf_rows[node->first_leaf];
    struct slots slots = {rows->rows, NULL};
    if (rows->defs.size > 0) {
        slots = (struct slots){node->def_slot > 0 ? slots_keep(rows, node->def_slot) : rows->entries, rows->defs.data};
    }
    const struct spread spread = {slots.defs, leaf->def_max, slots.count, rows->count};
    HW_TRY(validity_make(work, node, &slots, out, err));
    if (!slots.defs && slots.count > rows->count && node->field->type.kind != HW_KIND_NULL) {
        return hw_fail(err, HW_EDATA, "it has %zu rows, none of which may be null, and %zu values", slots.count,
                       rows->count);
    }
    switch (node->field->type.kind) {
    case HW_KIND_NULL:
        out->null_count = slots.count;
        out->validity = NULL;
        return rows->count == 0 ? HW_OK
                                : hw_fail(err, HW_EDATA, "its type is UNKNOWN, and it has %zu values", rows->count);
    case HW_KIND_BOOL:
        return bools_make(work, rows, &spread, out, err);
    default:
        return rows->width > 0 ? values_make(work, rows, &spread, out, err) : texts_make(work, rows, &spread, out, err);
    }
}
