/* SPDX-License-Identifier: Apache-2.0 */
#include "table/flatbuffer.h"

enum {
    OFFSET_BYTES = 4,
    /* The smallest vtable has its own size and that of the table. */
    VTABLE_HEAD_BYTES = 4,
    /* Vtables that the writer remembers: tables of a type mostly have the same. */
    VTABLES_KEPT = 16
};

struct reader {
    hw_view bytes;
    struct hw_arena *arena;
    struct hw_error *err;
    size_t tables_left;
    size_t depth_left;
};

/* Where a table and its vtable are. */
struct place {
    size_t table;
    size_t table_bytes;
    size_t vtable;
    size_t slots;
};

static enum hw_status table_read(struct reader *reader, const struct hw_flat_type *type, size_t at,
                                 struct hw_flat_table **out_table);
static enum hw_status place_read(const struct reader *reader, size_t at, struct place *out_place);
static enum hw_status slot_find(const struct reader *reader, const struct place *place, size_t slot, size_t bytes,
                                size_t *out_at);
static enum hw_status value_read(struct reader *reader, struct hw_flat_table *table, size_t slot, size_t at);
static enum hw_status union_type(const struct reader *reader, const struct hw_flat_table *table, size_t slot,
                                 const struct hw_flat_type **out_type);
static enum hw_status vector_read(const struct reader *reader, size_t at, size_t item_bytes, hw_view *out_items,
                                  size_t *out_count);
static enum hw_status tables_read(struct reader *reader, const struct hw_flat_type *type, size_t at,
                                  struct hw_flat_value *value);
static enum hw_status tables_reserve(struct reader *reader, size_t count, size_t at);
static enum hw_status offset_follow(const struct reader *reader, size_t at, size_t *out_target);
static bool fits(const struct reader *reader, size_t at, size_t bytes);
static enum hw_status out_of_bounds(const struct reader *reader, size_t at);
static size_t slot_bytes(const struct hw_flat_slot *slot);
static uint16_t load_le16(const char *at);

enum hw_status hw_flat_read(hw_view bytes, const struct hw_flat_type *type, struct hw_flat_limits limits,
                            struct hw_arena *arena, struct hw_flat_table **out_root, struct hw_error *err) {
    struct reader reader = {bytes, arena, err, limits.tables_max, limits.depth_max};
    size_t root;
    /* Every table has four bytes at least. Tables that share theirs could be many times as many. */
    reader.tables_left = hw_min_size(limits.tables_max, bytes.size / OFFSET_BYTES);
    HW_TRY(offset_follow(&reader, 0, &root));
    HW_TRY(tables_reserve(&reader, 1, 0));
    return table_read(&reader, type, root, out_root);
}

static enum hw_status table_read(struct reader *reader, const struct hw_flat_type *type, size_t at,
                                 struct hw_flat_table **out_table) {
    struct place place = {0};
    struct hw_flat_table *table;
    if (reader->depth_left == 0) {
        return hw_fail_at(reader->err, HW_ELIMIT, at, "the flatbuffer has too many tables in each other");
    }
    reader->depth_left--;
    HW_TRY(place_read(reader, at, &place));
    HW_TRY(hw_flat_table_make(type, reader->arena, &table, reader->err));
    for (size_t slot = 0; slot < place.slots; slot++) {
        const size_t bytes = slot < type->slots_count ? slot_bytes(&type->slots[slot]) : 1;
        size_t value_at = 0;
        HW_TRY(slot_find(reader, &place, slot, bytes, &value_at));
        if (value_at > 0 && slot >= type->slots_count) {
            return hw_fail_at(reader->err, HW_EUNSUPPORTED, value_at, "slot %zu of %s is not known", slot, type->name);
        }
        if (value_at > 0) {
            HW_TRY(value_read(reader, table, slot, value_at));
        }
    }
    reader->depth_left++;
    *out_table = table;
    return HW_OK;
}

/* A table begins with a signed way back to its vtable, which has sizes and a way to each slot. */
static enum hw_status place_read(const struct reader *reader, size_t at, struct place *out_place) {
    if (!fits(reader, at, OFFSET_BYTES)) {
        return out_of_bounds(reader, at);
    }
    const int64_t vtable = (int64_t)at - (int32_t)hw_load_le32(reader->bytes.data + at);
    if (vtable < 0 || !fits(reader, (size_t)vtable, VTABLE_HEAD_BYTES)) {
        return out_of_bounds(reader, at);
    }
    const size_t vtable_bytes = load_le16(reader->bytes.data + vtable);
    const size_t table_bytes = load_le16(reader->bytes.data + vtable + 2);
    if (vtable_bytes < VTABLE_HEAD_BYTES || vtable_bytes % 2 != 0 || !fits(reader, (size_t)vtable, vtable_bytes) ||
        table_bytes < OFFSET_BYTES || !fits(reader, at, table_bytes)) {
        return out_of_bounds(reader, (size_t)vtable);
    }
    *out_place = (struct place){at, table_bytes, (size_t)vtable, (vtable_bytes - VTABLE_HEAD_BYTES) / 2};
    return HW_OK;
}

/* Finds where a value of `bytes` bytes is; 0 where it is not present. */
static enum hw_status slot_find(const struct reader *reader, const struct place *place, size_t slot, size_t bytes,
                                size_t *out_at) {
    const size_t entry = place->vtable + VTABLE_HEAD_BYTES + 2 * slot;
    const size_t way = load_le16(reader->bytes.data + entry);
    if (way != 0 && (way < OFFSET_BYTES || way + bytes > place->table_bytes)) {
        return out_of_bounds(reader, entry);
    }
    *out_at = way != 0 ? place->table + way : 0;
    return HW_OK;
}

static enum hw_status value_read(struct reader *reader, struct hw_flat_table *table, size_t slot, size_t at) {
    const struct hw_flat_slot *as = &table->type->slots[slot];
    struct hw_flat_value *value = &table->values[slot];
    const struct hw_flat_type *type = NULL;
    size_t target;
    size_t count;
    value->present = true;
    switch (as->kind) {
    case HW_FLAT_NUMBER:
        value->number = 0;
        memcpy(&value->number, reader->bytes.data + at, as->bytes);
        return HW_OK;
    case HW_FLAT_TEXT:
        return vector_read(reader, at, 1, &value->bytes, &count);
    case HW_FLAT_NUMBERS:
        return vector_read(reader, at, as->bytes, &value->bytes, &count);
    case HW_FLAT_TABLES:
        return tables_read(reader, as->types[0], at, value);
    case HW_FLAT_TABLE:
        type = as->types[0];
        break;
    case HW_FLAT_UNION:
        HW_TRY(union_type(reader, table, slot, &type));
        break;
    }
    HW_TRY(offset_follow(reader, at, &target));
    HW_TRY(tables_reserve(reader, 1, at));
    return table_read(reader, type, target, &value->table);
}

static enum hw_status union_type(const struct reader *reader, const struct hw_flat_table *table, size_t slot,
                                 const struct hw_flat_type **out_type) {
    const struct hw_flat_slot *as = &table->type->slots[slot];
    const struct hw_flat_value *number = &table->values[slot - 1];
    const uint64_t which = number->present ? number->number : 0;
    if (which >= as->types_count || !as->types[which]) {
        return hw_fail(reader->err, HW_EUNSUPPORTED, "%s has a type of number %" PRIu64 ", which is not known",
                       table->type->name, which);
    }
    *out_type = as->types[which];
    return HW_OK;
}

static enum hw_status vector_read(const struct reader *reader, size_t at, size_t item_bytes, hw_view *out_items,
                                  size_t *out_count) {
    size_t vector;
    HW_TRY(offset_follow(reader, at, &vector));
    if (!fits(reader, vector, OFFSET_BYTES)) {
        return out_of_bounds(reader, vector);
    }
    const size_t count = hw_load_le32(reader->bytes.data + vector);
    const size_t items = vector + OFFSET_BYTES;
    if (!fits(reader, items, count * item_bytes)) {
        return out_of_bounds(reader, vector);
    }
    *out_items = (hw_view){reader->bytes.data + items, count * item_bytes};
    *out_count = count;
    return HW_OK;
}

static enum hw_status tables_read(struct reader *reader, const struct hw_flat_type *type, size_t at,
                                  struct hw_flat_value *value) {
    hw_view offsets;
    size_t count;
    HW_TRY(vector_read(reader, at, OFFSET_BYTES, &offsets, &count));
    HW_TRY(tables_reserve(reader, count, at));
    struct hw_flat_table **items = hw_arena_alloc(reader->arena, count * sizeof(struct hw_flat_table *));
    if (!items) {
        return hw_fail_nomem(reader->err, count * sizeof(struct hw_flat_table *));
    }
    for (size_t i = 0; i < count; i++) {
        size_t target;
        HW_TRY(offset_follow(reader, (size_t)(offsets.data - reader->bytes.data) + OFFSET_BYTES * i, &target));
        HW_TRY(table_read(reader, type, target, &items[i]));
    }
    value->tables.items = items;
    value->tables.count = count;
    return HW_OK;
}

/* Tables of a vector count before the first of them is read, so that vectors in vectors are few. */
static enum hw_status tables_reserve(struct reader *reader, size_t count, size_t at) {
    if (count > reader->tables_left) {
        return hw_fail_at(reader->err, HW_ELIMIT, at, "the flatbuffer has too many tables");
    }
    reader->tables_left -= count;
    return HW_OK;
}

/* Offsets count from where they stand, and lead forward. */
static enum hw_status offset_follow(const struct reader *reader, size_t at, size_t *out_target) {
    if (!fits(reader, at, OFFSET_BYTES)) {
        return out_of_bounds(reader, at);
    }
    *out_target = at + hw_load_le32(reader->bytes.data + at);
    return HW_OK;
}

/* The bytes are much fewer than a size has room for, so no sum of two sizes of theirs wraps. */
static bool fits(const struct reader *reader, size_t at, size_t bytes) {
    return at <= reader->bytes.size && bytes <= reader->bytes.size - at;
}

static enum hw_status out_of_bounds(const struct reader *reader, size_t at) {
    return hw_fail_at(reader->err, HW_EDATA, at, "the flatbuffer leads out of its %zu bytes, at byte %zu",
                      reader->bytes.size, at);
}

/* Returns the bytes that a slot has in its table. */
static size_t slot_bytes(const struct hw_flat_slot *slot) {
    return slot->kind == HW_FLAT_NUMBER ? slot->bytes : OFFSET_BYTES;
}

static uint16_t load_le16(const char *at) {
    uint16_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

enum hw_status hw_flat_table_make(const struct hw_flat_type *type, struct hw_arena *arena,
                                  struct hw_flat_table **out_table, struct hw_error *err) {
    const size_t bytes = sizeof(struct hw_flat_table) + type->slots_count * sizeof(struct hw_flat_value);
    struct hw_flat_table *table = hw_arena_alloc(arena, bytes);
    if (!table) {
        return hw_fail_nomem(err, bytes);
    }
    memset(table, 0, bytes);
    table->type = type;
    *out_table = table;
    return HW_OK;
}

void hw_flat_number_set(struct hw_flat_table *table, size_t slot, uint64_t number) {
    table->values[slot].present = true;
    table->values[slot].number = number;
}

static bool value_equal(enum hw_flat_kind kind, const struct hw_flat_value *a, const struct hw_flat_value *b);
static bool tables_equal(const struct hw_flat_value *a, const struct hw_flat_value *b);

bool hw_flat_equal(const struct hw_flat_table *a, const struct hw_flat_table *b) {
    bool equal = a->type == b->type;
    for (size_t slot = 0; equal && slot < a->type->slots_count; slot++) {
        equal = value_equal(a->type->slots[slot].kind, &a->values[slot], &b->values[slot]);
    }
    return equal;
}

static bool value_equal(enum hw_flat_kind kind, const struct hw_flat_value *a, const struct hw_flat_value *b) {
    if (kind == HW_FLAT_TABLES) {
        return tables_equal(a, b);
    }
    if (!a->present || !b->present) {
        return a->present == b->present;
    }
    if (kind == HW_FLAT_NUMBER) {
        return a->number == b->number;
    }
    const bool bytes = kind == HW_FLAT_TEXT || kind == HW_FLAT_NUMBERS;
    return bytes ? hw_view_equal(a->bytes, b->bytes) : hw_flat_equal(a->table, b->table);
}

static bool tables_equal(const struct hw_flat_value *a, const struct hw_flat_value *b) {
    const size_t count = a->present ? a->tables.count : 0;
    bool equal = count == (b->present ? b->tables.count : 0);
    for (size_t i = 0; equal && i < count; i++) {
        equal = hw_flat_equal(a->tables.items[i], b->tables.items[i]);
    }
    return equal;
}

struct writer {
    struct hw_buf *out;
    struct hw_error *err;
    /* Where the flatbuffer begins in `out`, and the vtables that were written last, from there. */
    size_t begin;
    size_t vtables[VTABLES_KEPT];
    size_t vtables_count;
};

/* Where a table is, and a slot of it. */
struct slot_place {
    size_t table;
    size_t slot;
};

/* A vtable as it is written: its own size, that of the table, and a way to each slot. */
struct vtable {
    uint16_t words[2 + HW_FLAT_SLOTS_MAX];
    /* Bytes that the beginning of the table is aligned to. */
    size_t alignment;
};

static enum hw_status table_write(struct writer *writer, const struct hw_flat_table *table, size_t from, size_t owner);
static void vtable_lay_out(const struct hw_flat_table *table, struct vtable *out_vtable);
static enum hw_status vtable_write(struct writer *writer, const struct vtable *vtable, size_t owner, size_t *out_at);
static enum hw_status value_write(struct writer *writer, const struct hw_flat_table *table, size_t slot,
                                  struct slot_place place);
static enum hw_status vector_write(struct writer *writer, hw_view items, size_t count, size_t item_bytes, size_t from);
static enum hw_status tables_write(struct writer *writer, const struct hw_flat_value *value, size_t from);
static enum hw_status zeros_put(struct writer *writer, size_t bytes);
static enum hw_status align(struct writer *writer, size_t to, size_t head_bytes);
static size_t position(const struct writer *writer);
static void offset_set(struct writer *writer, size_t from, size_t to);

enum hw_status hw_flat_write(const struct hw_flat_table *root, struct hw_buf *out, struct hw_error *err) {
    struct writer writer = {.out = out, .err = err, .begin = out->size};
    HW_TRY(zeros_put(&writer, OFFSET_BYTES));
    return table_write(&writer, root, 0, 0);
}

/*
 * Writes a table and the offset at `from` that leads to it, in the table or vector at `owner`.
 * Tables and vectors come behind those that have them, so that all offsets lead forward.
 */
static enum hw_status table_write(struct writer *writer, const struct hw_flat_table *table, size_t from, size_t owner) {
    struct vtable vtable;
    size_t vtable_at;
    vtable_lay_out(table, &vtable);
    HW_TRY(vtable_write(writer, &vtable, owner, &vtable_at));
    HW_TRY(align(writer, vtable.alignment, 0));
    const size_t at = position(writer);
    HW_TRY(zeros_put(writer, vtable.words[1]));
    offset_set(writer, from, at);
    hw_store_le32(writer->out->data + writer->begin + at, (uint32_t)(at - vtable_at));
    for (size_t slot = 0; slot < table->type->slots_count; slot++) {
        if (table->values[slot].present) {
            HW_TRY(value_write(writer, table, slot, (struct slot_place){at, at + vtable.words[2 + slot]}));
        }
    }
    return HW_OK;
}

/* Slots of 4 bytes come first, for they fill what those of 8 leave behind the way to the vtable. */
static void vtable_lay_out(const struct hw_flat_table *table, struct vtable *out_vtable) {
    static const size_t sizes[] = {4, 8, 2, 1};
    size_t end = OFFSET_BYTES;
    size_t slots = 0;
    *out_vtable = (struct vtable){.alignment = OFFSET_BYTES};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (size_t slot = 0; slot < table->type->slots_count; slot++) {
            if (table->values[slot].present && slot_bytes(&table->type->slots[slot]) == sizes[i]) {
                end = (end + sizes[i] - 1) / sizes[i] * sizes[i];
                out_vtable->words[2 + slot] = (uint16_t)end;
                end += sizes[i];
                out_vtable->alignment = hw_max_size(out_vtable->alignment, sizes[i]);
                slots = hw_max_size(slots, slot + 1);
            }
        }
    }
    out_vtable->words[0] = (uint16_t)(VTABLE_HEAD_BYTES + 2 * slots);
    out_vtable->words[1] = (uint16_t)end;
}

/*
 * A vtable that is among the last ones is used again, unless it comes before the owner: the usual
 * writers, which begin at the end, never have it there, and there are readers that refuse it.
 */
static enum hw_status vtable_write(struct writer *writer, const struct vtable *vtable, size_t owner, size_t *out_at) {
    const size_t bytes = vtable->words[0];
    for (size_t i = 0; i < hw_min_size(writer->vtables_count, VTABLES_KEPT); i++) {
        const uint8_t *kept = writer->out->data + writer->begin + writer->vtables[i];
        if (writer->vtables[i] >= owner && load_le16((const char *)kept) == bytes &&
            memcmp(kept, vtable->words, bytes) == 0) {
            *out_at = writer->vtables[i];
            return HW_OK;
        }
    }
    HW_TRY(align(writer, 2, 0));
    *out_at = position(writer);
    writer->vtables[writer->vtables_count++ % VTABLES_KEPT] = *out_at;
    return hw_buf_append(writer->out, vtable->words, bytes, writer->err);
}

static enum hw_status value_write(struct writer *writer, const struct hw_flat_table *table, size_t slot,
                                  struct slot_place place) {
    const struct hw_flat_slot *as = &table->type->slots[slot];
    const struct hw_flat_value *value = &table->values[slot];
    switch (as->kind) {
    case HW_FLAT_NUMBER:
        memcpy(writer->out->data + writer->begin + place.slot, &value->number, as->bytes);
        return HW_OK;
    case HW_FLAT_TEXT:
        HW_TRY(vector_write(writer, value->bytes, value->bytes.size, 1, place.slot));
        return zeros_put(writer, 1);
    case HW_FLAT_NUMBERS:
        return vector_write(writer, value->bytes, value->bytes.size / as->bytes, as->bytes, place.slot);
    case HW_FLAT_TABLES:
        return tables_write(writer, value, place.slot);
    default:
        return table_write(writer, value->table, place.slot, place.table);
    }
}

static enum hw_status vector_write(struct writer *writer, hw_view items, size_t count, size_t item_bytes, size_t from) {
    HW_TRY(align(writer, hw_max_size(item_bytes, OFFSET_BYTES), OFFSET_BYTES));
    const size_t at = position(writer);
    HW_TRY(zeros_put(writer, OFFSET_BYTES));
    hw_store_le32(writer->out->data + writer->begin + at, (uint32_t)count);
    offset_set(writer, from, at);
    return hw_buf_append(writer->out, items.data, items.size, writer->err);
}

static enum hw_status tables_write(struct writer *writer, const struct hw_flat_value *value, size_t from) {
    const size_t count = value->tables.count;
    HW_TRY(vector_write(writer, HW_VIEW(""), count, OFFSET_BYTES, from));
    const size_t offsets = position(writer);
    const size_t vector = offsets - OFFSET_BYTES;
    HW_TRY(zeros_put(writer, count * OFFSET_BYTES));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(table_write(writer, value->tables.items[i], offsets + i * OFFSET_BYTES, vector));
    }
    return HW_OK;
}

static enum hw_status zeros_put(struct writer *writer, size_t bytes) {
    const size_t before = writer->out->size;
    HW_TRY(hw_buf_resize(writer->out, before + bytes, writer->err));
    memset(writer->out->data + before, 0, bytes);
    return HW_OK;
}

/* Goes on to a place behind which, after `head_bytes`, something aligned to `to` can stand. */
static enum hw_status align(struct writer *writer, size_t to, size_t head_bytes) {
    const size_t over = (position(writer) + head_bytes) % to;
    return zeros_put(writer, over > 0 ? to - over : 0);
}

static size_t position(const struct writer *writer) {
    return writer->out->size - writer->begin;
}

static void offset_set(struct writer *writer, size_t from, size_t to) {
    hw_store_le32(writer->out->data + writer->begin + from, (uint32_t)(to - from));
}
