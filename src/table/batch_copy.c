/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_copy.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/error.h"
#include "table/bits.h"
#include "table/owner.h"

/* The head of the block that a copy lies in. */
struct batch_copy {
    struct hw_owner owner;
    struct hw_owner *schema_owner;
};

/*
 * The memory of a copy. The same walk over the columns measures it first, then fills it: as long
 * as `data` is NULL, only `used` grows.
 */
struct block {
    uint8_t *data; /* at a multiple of HW_BATCH_ALIGNMENT */
    size_t used;
    /* The ranges of children, for both walks. */
    struct hw_arena ranges;
    /* It cannot be so large, or there was no memory for ranges. */
    enum hw_status status;
};

/* Slots of a column, as its buffers count them. */
struct slots {
    const struct hw_row_range *ranges;
    size_t ranges_count;
    size_t count; /* in all ranges together */
};

/* A column and the slots of it that are copied. */
struct part {
    const struct hw_field *field;
    const struct hw_column *column;
    struct slots slots;
};

static enum hw_status slots_copy(struct block *block, const struct hw_batch *batch, struct slots slots,
                                 struct hw_owner *schema_owner, struct hw_batch *out_batch, struct hw_error *err);
static struct hw_column rows_copy(struct block *block, const struct hw_batch *batch, struct slots slots);
static void copy_free(struct hw_owner *owner);

enum hw_status hw_batch_copy(const struct hw_batch *batch, size_t first, size_t rows, struct hw_owner *schema_owner,
                             struct hw_batch *out_batch, struct hw_error *err) {
    const struct hw_row_range range = {first, rows};
    return hw_batch_copy_ranges(batch, &range, 1, schema_owner, out_batch, err);
}

enum hw_status hw_batch_copy_ranges(const struct hw_batch *batch, const struct hw_row_range *ranges, size_t count,
                                    struct hw_owner *schema_owner, struct hw_batch *out_batch, struct hw_error *err) {
    struct block block = {0};
    struct slots slots = {ranges, count, 0};
    for (size_t i = 0; i < count; i++) {
        slots.count += ranges[i].count;
    }
    const enum hw_status status = slots_copy(&block, batch, slots, schema_owner, out_batch, err);
    hw_arena_release(&block.ranges);
    return status;
}

static enum hw_status slots_copy(struct block *block, const struct hw_batch *batch, struct slots slots,
                                 struct hw_owner *schema_owner, struct hw_batch *out_batch, struct hw_error *err) {
    size_t bytes;
    rows_copy(block, batch, slots);
    if (block->status == HW_ENOMEM) {
        return hw_fail_nomem(err, slots.ranges_count * sizeof(*slots.ranges));
    }
    if (block->status || !hw_add(block->used, sizeof(struct batch_copy) + HW_BATCH_ALIGNMENT, &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a copy of %zu rows cannot be so large", slots.count);
    }
    struct batch_copy *copy = hw_alloc(bytes);
    if (!copy) {
        return hw_fail_nomem(err, bytes);
    }
    const uintptr_t behind = (uintptr_t)(copy + 1);
    block->data = (uint8_t *)(copy + 1) + (0 - behind) % HW_BATCH_ALIGNMENT;
    block->used = 0;
    const struct hw_column *columns = rows_copy(block, batch, slots).children;
    if (block->status) {
        hw_free(copy);
        return hw_fail_nomem(err, slots.ranges_count * sizeof(*slots.ranges));
    }
    hw_owner_init(&copy->owner, copy_free);
    if (schema_owner) {
        hw_owner_retain(schema_owner);
    }
    copy->schema_owner = schema_owner;
    *out_batch = (struct hw_batch){
        .schema = batch->schema,
        .rows = slots.count,
        .columns = columns,
        .owner = &copy->owner,
    };
    return HW_OK;
}

static void copy_free(struct hw_owner *owner) {
    struct batch_copy *copy = (struct batch_copy *)(void *)owner;
    hw_owner_drop(copy->schema_owner);
    hw_free(copy);
}

static struct hw_column column_copy(struct block *block, const struct part *part);

/* The rows are the slots of a struct of the columns. */
static struct hw_column rows_copy(struct block *block, const struct hw_batch *batch, struct slots slots) {
    const struct hw_field table = {
        .type = {.kind = HW_KIND_STRUCT},
        .children = batch->schema->fields,
        .children_count = batch->schema->count,
    };
    const struct hw_column columns = {.children = batch->columns};
    return column_copy(block, &(struct part){&table, &columns, slots});
}

/* ------ the block */

/*
 * Takes `count` values of `width` bytes, with zeros behind them. Returns NULL while the block is
 * measured.
 */
static void *block_take(struct block *block, size_t count, size_t width) {
    uint8_t *at = block->data ? block->data + block->used : NULL;
    size_t bytes;
    size_t end;
    if (!hw_mul(count, width, &bytes) || !hw_add(block->used, bytes, &end) ||
        !hw_add(end, (size_t)HW_BATCH_PADDING + HW_BATCH_ALIGNMENT - 1, &end)) {
        block->status = HW_ELIMIT;
        return NULL;
    }
    end -= end % HW_BATCH_ALIGNMENT;
    if (at) {
        memset(at + bytes, 0, end - block->used - bytes);
    }
    block->used = end;
    return at;
}

/* Takes a copy of the slots among `values` of `width` bytes. */
static void *values_take(struct block *block, const void *values, const struct slots *slots, size_t width) {
    uint8_t *to = block_take(block, slots->count, width);
    uint8_t *at = to;
    for (size_t i = 0; at && i < slots->ranges_count; i++) {
        const struct hw_row_range range = slots->ranges[i];
        if (range.count * width > 0) { /* else there may be no values to point to */
            assert(values);
            memcpy(at, (const char *)values + range.first * width, range.count * width);
            at += range.count * width;
        }
    }
    return to;
}

/* Takes a copy of the slots' bits. */
static uint8_t *bits_take(struct block *block, const uint8_t *bits, const struct slots *slots) {
    uint8_t *to = block_take(block, (slots->count + 7) / 8, 1);
    size_t held = 0;
    if (!to) {
        return NULL;
    }
    if (slots->ranges_count == 1) {
        hw_bits_copy(to, bits, slots->ranges[0].first, slots->count);
        return to;
    }
    memset(to, 0, (slots->count + 7) / 8);
    for (size_t i = 0; i < slots->ranges_count; i++) {
        hw_bits_put(to, held, bits, slots->ranges[i].first, slots->ranges[i].count);
        held += slots->ranges[i].count;
    }
    return to;
}

/* ------ columns */

/* Copies what a kind has beside its validity. */
typedef void copy_fn(struct block *block, const struct part *part, struct hw_column *out);

static void null_copy(struct block *block, const struct part *part, struct hw_column *out);
static void bool_copy(struct block *block, const struct part *part, struct hw_column *out);
static void fixed_copy(struct block *block, const struct part *part, struct hw_column *out);
static void bytes_copy(struct block *block, const struct part *part, struct hw_column *out);
static void list_copy(struct block *block, const struct part *part, struct hw_column *out);
static void fixed_list_copy(struct block *block, const struct part *part, struct hw_column *out);
static void struct_copy(struct block *block, const struct part *part, struct hw_column *out);
static void dictionary_copy(struct block *block, const struct part *part, struct hw_column *out);
static void validity_copy(struct block *block, const struct part *part, struct hw_column *out);

/* Kinds that are not named have values of a fixed width. */
static copy_fn *const copies[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = null_copy,        [HW_KIND_BOOL] = bool_copy,
    [HW_KIND_TEXT] = bytes_copy,       [HW_KIND_BINARY] = bytes_copy,
    [HW_KIND_LARGE_TEXT] = bytes_copy, [HW_KIND_LARGE_BINARY] = bytes_copy,
    [HW_KIND_LIST] = list_copy,        [HW_KIND_LARGE_LIST] = list_copy,
    [HW_KIND_MAP] = list_copy,         [HW_KIND_FIXED_LIST] = fixed_list_copy,
    [HW_KIND_STRUCT] = struct_copy,    [HW_KIND_DICTIONARY] = dictionary_copy,
};

static struct hw_column column_copy(struct block *block, const struct part *part) {
    copy_fn *const copy = copies[part->field->type.kind];
    struct hw_column out = {.length = part->slots.count};
    validity_copy(block, part, &out);
    (copy ? copy : fixed_copy)(block, part, &out);
    return out;
}

static void validity_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const uint8_t *validity = part->field->type.kind != HW_KIND_NULL ? part->column->validity : NULL;
    size_t nulls = 0;
    for (size_t i = 0; validity && i < part->slots.ranges_count; i++) {
        const struct hw_row_range range = part->slots.ranges[i];
        nulls += range.count - hw_bits_count(validity, range.first, range.count);
    }
    if (nulls > 0) {
        out->null_count = nulls;
        out->validity = bits_take(block, validity, &part->slots);
    }
}

static void null_copy(struct block *block, const struct part *part, struct hw_column *out) {
    (void)block;
    out->null_count = part->slots.count;
}

static void bool_copy(struct block *block, const struct part *part, struct hw_column *out) {
    out->values = bits_take(block, part->column->values, &part->slots);
}

static void fixed_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_type type = part->field->type;
    const size_t width = type.kind == HW_KIND_DICTIONARY ? hw_kind_bytes(type.index) : hw_type_bytes(type);
    out->values = values_take(block, part->column->values, &part->slots, width);
}

static void dictionary_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_column *from = part->column->dictionary;
    const struct hw_row_range all = {from->offset, from->length};
    struct hw_column *dictionary = block_take(block, 1, sizeof(*dictionary));
    const struct hw_column copy =
        column_copy(block, &(struct part){part->field->dictionary, from, {&all, 1, all.count}});
    if (dictionary) {
        *dictionary = copy;
    }
    out->dictionary = dictionary;
    fixed_copy(block, part, out);
}

/* ------ offsets */

static void offsets_put(int32_t *to, const int32_t *from, size_t count, size_t begin) {
    const int32_t moved = (int32_t)((int64_t)begin - from[0]);
    for (size_t i = 0; i <= count; i++) {
        to[i] = from[i] + moved;
    }
}

static void large_offsets_put(int64_t *to, const int64_t *from, size_t count, size_t begin) {
    const int64_t moved = (int64_t)begin - from[0];
    for (size_t i = 0; i <= count; i++) {
        to[i] = from[i] + moved;
    }
}

/* Returns room for as many ranges; NULL where there is no memory, which the block keeps. */
static struct hw_row_range *ranges_take(struct block *block, size_t count) {
    struct hw_row_range *ranges = hw_arena_alloc(&block->ranges, count * sizeof(*ranges));
    block->status = ranges ? block->status : HW_ENOMEM;
    return ranges;
}

/* Copies the offsets, which then begin at 0. Returns the slots, or bytes, that they lead to. */
static struct slots offsets_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_column *from = part->column;
    const bool large = hw_kind_is_large(part->field->type.kind);
    const size_t width = large ? sizeof(int64_t) : sizeof(int32_t);
    void *to = block_take(block, part->slots.count + 1, width);
    struct hw_row_range *ranges = ranges_take(block, part->slots.ranges_count);
    struct slots reach = {ranges, part->slots.ranges_count, 0};
    size_t held = 0;
    out->offsets = large ? NULL : to;
    out->large_offsets = large ? to : NULL;
    if (to) {
        memset(to, 0, width);
    }
    for (size_t i = 0; ranges && i < part->slots.ranges_count; i++) {
        const struct hw_row_range range = part->slots.ranges[i];
        ranges[i] = (struct hw_row_range){0, 0};
        if (range.count == 0) { /* there may be no offsets to copy */
            continue;
        }
        const size_t begin = hw_column_begin(from, range.first);
        ranges[i] = (struct hw_row_range){begin, hw_column_begin(from, range.first + range.count) - begin};
        if (to && large) {
            large_offsets_put((int64_t *)to + held, from->large_offsets + range.first, range.count, reach.count);
        } else if (to) {
            offsets_put((int32_t *)to + held, from->offsets + range.first, range.count, reach.count);
        }
        held += range.count;
        reach.count += ranges[i].count;
    }
    return reach;
}

static void bytes_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct slots reach = offsets_copy(block, part, out);
    out->data = block->status ? NULL : values_take(block, part->column->data, &reach, 1);
}

/* ------ children */

/* Copies the slots of every child that `reach` names, counted from the child's own first. */
static void children_copy(struct block *block, const struct part *part, const struct slots *reach,
                          struct hw_column *out) {
    const struct hw_field *field = part->field;
    struct hw_column *children = block_take(block, field->children_count, sizeof(*children));
    for (size_t i = 0; i < field->children_count && block->status == HW_OK; i++) {
        const struct hw_column *from = &part->column->children[i];
        struct slots slots = *reach;
        if (from->offset > 0) {
            struct hw_row_range *ranges = ranges_take(block, reach->ranges_count);
            for (size_t range = 0; ranges && range < reach->ranges_count; range++) {
                ranges[range] =
                    (struct hw_row_range){reach->ranges[range].first + from->offset, reach->ranges[range].count};
            }
            slots.ranges = ranges;
        }
        if (block->status) {
            break;
        }
        const struct hw_column child = column_copy(block, &(struct part){&field->children[i], from, slots});
        if (children) {
            children[i] = child;
        }
    }
    out->children = children;
}

static void list_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct slots reach = offsets_copy(block, part, out);
    if (block->status == HW_OK) {
        children_copy(block, part, &reach, out);
    }
}

static void fixed_list_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const size_t width = part->field->type.width;
    struct hw_row_range *ranges = ranges_take(block, part->slots.ranges_count);
    struct slots reach = {ranges, part->slots.ranges_count, 0};
    if (!ranges || !hw_mul(part->slots.count, width, &reach.count)) {
        block->status = block->status ? block->status : HW_ELIMIT;
        return;
    }
    for (size_t i = 0; i < part->slots.ranges_count; i++) {
        if (!hw_mul(part->slots.ranges[i].first, width, &ranges[i].first)) {
            block->status = HW_ELIMIT;
            return;
        }
        ranges[i].count = part->slots.ranges[i].count * width;
    }
    children_copy(block, part, &reach, out);
}

static void struct_copy(struct block *block, const struct part *part, struct hw_column *out) {
    children_copy(block, part, &part->slots, out);
}
