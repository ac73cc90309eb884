/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_copy.h"

#include "core/alloc.h"
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
    bool overflow; /* It cannot be so large. */
};

/* The slots of a column that are copied, as its buffers count them. */
struct part {
    const struct hw_field *field;
    const struct hw_column *column;
    size_t first;
    size_t slots;
};

static struct hw_column rows_copy(struct block *block, const struct hw_batch *batch, size_t first, size_t rows);
static void copy_free(struct hw_owner *owner);

enum hw_status hw_batch_copy(const struct hw_batch *batch, size_t first, size_t rows, struct hw_owner *schema_owner,
                             struct hw_batch *out_batch, struct hw_error *err) {
    struct block block = {0};
    size_t bytes;
    rows_copy(&block, batch, first, rows);
    if (block.overflow || !hw_add(block.used, sizeof(struct batch_copy) + HW_BATCH_ALIGNMENT, &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a copy of %zu rows cannot be so large", rows);
    }
    struct batch_copy *copy = hw_alloc(bytes);
    if (!copy) {
        return hw_fail_nomem(err, bytes);
    }
    hw_owner_init(&copy->owner, copy_free);
    hw_owner_retain(schema_owner);
    copy->schema_owner = schema_owner;
    const uintptr_t behind = (uintptr_t)(copy + 1);
    block = (struct block){.data = (uint8_t *)(copy + 1) + (0 - behind) % HW_BATCH_ALIGNMENT};
    *out_batch = (struct hw_batch){
        .schema = batch->schema,
        .rows = rows,
        .columns = rows_copy(&block, batch, first, rows).children,
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
static struct hw_column rows_copy(struct block *block, const struct hw_batch *batch, size_t first, size_t rows) {
    const struct hw_field table = {
        .type = {.kind = HW_KIND_STRUCT},
        .children = batch->schema->fields,
        .children_count = batch->schema->count,
    };
    const struct hw_column columns = {.children = batch->columns};
    return column_copy(block, &(struct part){&table, &columns, first, rows});
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
        block->overflow = true;
        return NULL;
    }
    end -= end % HW_BATCH_ALIGNMENT;
    if (at) {
        memset(at + bytes, 0, end - block->used - bytes);
    }
    block->used = end;
    return at;
}

/* Takes a copy of `count` values of `width` bytes, from number `first` of `values` on. */
static void *values_take(struct block *block, const void *values, size_t first, size_t count, size_t width) {
    void *to = block_take(block, count, width);
    if (to && count * width > 0) { /* else there may be no values to point to */
        assert(values);
        memcpy(to, (const char *)values + first * width, count * width);
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
    struct hw_column out = {.length = part->slots};
    validity_copy(block, part, &out);
    (copy ? copy : fixed_copy)(block, part, &out);
    return out;
}

static void validity_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const uint8_t *validity = part->field->type.kind != HW_KIND_NULL ? part->column->validity : NULL;
    const size_t nulls = validity ? part->slots - hw_bits_count(validity, part->first, part->slots) : 0;
    if (nulls > 0) {
        uint8_t *bits = block_take(block, (part->slots + 7) / 8, 1);
        if (bits) {
            hw_bits_copy(bits, validity, part->first, part->slots);
        }
        out->null_count = nulls;
        out->validity = bits;
    }
}

static void null_copy(struct block *block, const struct part *part, struct hw_column *out) {
    (void)block;
    out->null_count = part->slots;
}

static void bool_copy(struct block *block, const struct part *part, struct hw_column *out) {
    uint8_t *bits = block_take(block, (part->slots + 7) / 8, 1);
    if (bits) {
        hw_bits_copy(bits, part->column->values, part->first, part->slots);
    }
    out->values = bits;
}

static void fixed_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_type type = part->field->type;
    const size_t width = type.kind == HW_KIND_DICTIONARY ? hw_kind_bytes(type.index) : hw_type_bytes(type);
    out->values = values_take(block, part->column->values, part->first, part->slots, width);
}

static void dictionary_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_column *from = part->column->dictionary;
    struct hw_column *dictionary = block_take(block, 1, sizeof(*dictionary));
    const struct hw_column copy =
        column_copy(block, &(struct part){part->field->dictionary, from, from->offset, from->length});
    if (dictionary) {
        *dictionary = copy;
    }
    out->dictionary = dictionary;
    fixed_copy(block, part, out);
}

/* ------ offsets */

/* The slots of a child, or the bytes of a text, that a part's offsets lead to. */
struct reach {
    size_t first;
    size_t count;
};

static void offsets_put(int32_t *to, const int32_t *from, size_t count, size_t begin) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i] - (int32_t)begin;
    }
}

static void large_offsets_put(int64_t *to, const int64_t *from, size_t count, size_t begin) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i] - (int64_t)begin;
    }
}

/* Copies the offsets, which then begin at 0. */
static struct reach offsets_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct hw_column *from = part->column;
    const bool large = hw_kind_is_large(part->field->type.kind);
    const size_t width = large ? sizeof(int64_t) : sizeof(int32_t);
    const size_t count = part->slots + 1;
    void *to = block_take(block, count, width);
    out->offsets = large ? NULL : to;
    out->large_offsets = large ? to : NULL;
    if (part->slots == 0) { /* there may be no offsets to copy */
        if (to) {
            memset(to, 0, width);
        }
        return (struct reach){0};
    }
    const size_t begin = hw_column_begin(from, part->first);
    const size_t end = hw_column_begin(from, part->first + part->slots);
    if (to && large) {
        large_offsets_put(to, from->large_offsets + part->first, count, begin);
    } else if (to) {
        offsets_put(to, from->offsets + part->first, count, begin);
    }
    return (struct reach){begin, end - begin};
}

static void bytes_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const struct reach reach = offsets_copy(block, part, out);
    out->data = values_take(block, part->column->data, reach.first, reach.count, 1);
}

/* ------ children */

/* Copies the slots of every child that `reach` names, counted from the child's own first. */
static void children_copy(struct block *block, const struct part *part, struct reach reach, struct hw_column *out) {
    const struct hw_field *field = part->field;
    struct hw_column *children = block_take(block, field->children_count, sizeof(*children));
    for (size_t i = 0; i < field->children_count && !block->overflow; i++) {
        const struct hw_column *from = &part->column->children[i];
        const struct hw_column child =
            column_copy(block, &(struct part){&field->children[i], from, from->offset + reach.first, reach.count});
        if (children) {
            children[i] = child;
        }
    }
    out->children = children;
}

static void list_copy(struct block *block, const struct part *part, struct hw_column *out) {
    children_copy(block, part, offsets_copy(block, part, out), out);
}

static void fixed_list_copy(struct block *block, const struct part *part, struct hw_column *out) {
    const size_t width = part->field->type.width;
    struct reach reach;
    if (!hw_mul(part->first, width, &reach.first) || !hw_mul(part->slots, width, &reach.count)) {
        block->overflow = true;
        return;
    }
    children_copy(block, part, reach, out);
}

static void struct_copy(struct block *block, const struct part *part, struct hw_column *out) {
    children_copy(block, part, (struct reach){part->first, part->slots}, out);
}
