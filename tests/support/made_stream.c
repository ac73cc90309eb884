/* SPDX-License-Identifier: Apache-2.0 */
#include "support/made_stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"

enum {
    BLOCKS_MAX = 64,
    TEXT_BYTES_MAX = 40,
    LIST_MAX = 4,
    MAP_MAX = 3,
    WORDS = 5,
    PADDING = HW_BATCH_PADDING,
};

/* The memory of one batch. */
struct made_batch {
    struct hw_owner owner;
    struct made_stream *made;
    uint64_t first;
    size_t rows;
    struct hw_column columns[MADE_COLUMNS];
    void *blocks[BLOCKS_MAX];
    size_t blocks_count;
};

static const struct hw_field list_child = {.name = "element", .type = {.kind = HW_KIND_INT32}};
static const struct hw_field struct_children[] = {
    {.name = "x", .type = {.kind = HW_KIND_TEXT}, .required = true},
    {.name = "y", .type = {.kind = HW_KIND_INT16}},
};
static const struct hw_field pair_child = {.name = "element", .type = {.kind = HW_KIND_FLOAT}};
static const struct hw_field map_children[] = {
    {.name = "key", .type = {.kind = HW_KIND_TEXT}, .required = true},
    {.name = "value", .type = {.kind = HW_KIND_INT32}},
};
static const struct hw_field map_child = {.name = "entries",
                                          .type = {.kind = HW_KIND_STRUCT},
                                          .required = true,
                                          .children = map_children,
                                          .children_count = 2};
static const struct hw_field words = {.name = "", .type = {.kind = HW_KIND_TEXT}};

static struct hw_field fields[MADE_COLUMNS] = {
    {.name = "n", .type = {.kind = HW_KIND_INT64}, .required = true},
    {.name = "t", .type = {.kind = HW_KIND_TEXT}},
    {.name = "b", .type = {.kind = HW_KIND_BOOL}},
    {.name = "r", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "p", .type = {.kind = HW_KIND_TEXT}},
    {.name = "i", .type = {.kind = HW_KIND_INT16}},
    {.name = "d", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &words},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &list_child, .children_count = 1},
    {.name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = struct_children, .children_count = 2},
    {.name = "f", .type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, .children = &pair_child, .children_count = 1},
    {.name = "m", .type = {.kind = HW_KIND_MAP}, .children = &map_child, .children_count = 1},
};

/* Memory of the batch, which holds what lies where there is no value. */
static void *block_take(struct made_batch *batch, size_t bytes) {
    void *block = malloc(bytes + PADDING);
    if (!block || batch->blocks_count == BLOCKS_MAX) {
        abort();
    }
    memset(block, batch->made->unset, bytes + PADDING);
    batch->blocks[batch->blocks_count++] = block;
    return block;
}

static struct hw_column *children_take(struct made_batch *batch, size_t count) {
    return memset(block_take(batch, count * sizeof(struct hw_column)), 0, count * sizeof(struct hw_column));
}

static void bit_put(uint8_t *bits, size_t at, bool bit) {
    const uint8_t mask = (uint8_t)(1 << at % 8);
    bits[at / 8] = (uint8_t)(bit ? bits[at / 8] | mask : bits[at / 8] & ~mask);
}

/* Every `every`-th slot is null, `rest` says which. */
static void nulls_put(struct made_batch *batch, struct hw_column *column, uint64_t first, size_t slots, unsigned every,
                      unsigned rest) {
    uint8_t *validity = block_take(batch, slots / 8 + 1);
    column->length = slots;
    column->null_count = 0;
    for (size_t i = 0; i < slots; i++) {
        const bool null = (first + i) % every == rest;
        bit_put(validity, i, !null);
        column->null_count += null;
    }
    column->validity = column->null_count > 0 ? validity : NULL;
}

static bool is_null(const struct hw_column *column, size_t slot) {
    return column->validity && (column->validity[slot / 8] >> slot % 8 & 1) == 0;
}

/* Texts of numbers from `first` on. Where they are null, there may lie bytes all the same. */
static void texts_put(struct made_batch *batch, struct hw_column *column, uint64_t first, size_t slots,
                      uint64_t modulus) {
    int32_t *offsets = block_take(batch, (slots + 1) * sizeof(int32_t));
    char *data = block_take(batch, (slots + 1) * TEXT_BYTES_MAX);
    offsets[0] = 0;
    for (size_t i = 0; i < slots; i++) {
        const uint64_t number = (first + i) % modulus;
        int bytes = snprintf(data + offsets[i], TEXT_BYTES_MAX, "%.*s%llu", (int)(number % 19), "abcdefghij,\"klmnopq",
                             (unsigned long long)number);
        if (is_null(column, i)) {
            bytes = batch->made->unset % 8;
            memset(data + offsets[i], 'u', (size_t)bytes);
        }
        offsets[i + 1] = offsets[i] + bytes;
    }
    column->offsets = offsets;
    column->data = data;
    column->length = slots;
}

static void int16s_put(struct made_batch *batch, struct hw_column *column, uint64_t first, size_t slots) {
    int16_t *values = block_take(batch, (slots + 1) * sizeof(int16_t));
    for (size_t i = 0; i < slots; i++) {
        values[i] = is_null(column, i) ? values[i] : (int16_t)((first + i) * 3);
    }
    column->values = values;
}

/* Offsets of lists of `row % longest` elements, and the elements' numbers, which the row tells. */
static size_t lists_put(struct made_batch *batch, struct hw_column *column, unsigned longest, uint64_t *numbers) {
    int32_t *offsets = block_take(batch, (batch->rows + 1) * sizeof(int32_t));
    size_t elements = 0;
    offsets[0] = 0;
    for (size_t i = 0; i < batch->rows; i++) {
        const uint64_t row = batch->first + i;
        const size_t count = is_null(column, i) ? batch->made->unset % longest : row % longest;
        for (size_t k = 0; k < count; k++) {
            numbers[elements++] = row * longest + k;
        }
        offsets[i + 1] = (int32_t)elements;
    }
    column->offsets = offsets;
    return elements;
}

static void list_fill(struct made_batch *batch, struct hw_column *column) {
    uint64_t *numbers = block_take(batch, (batch->rows + 1) * LIST_MAX * sizeof(uint64_t));
    struct hw_column *child = children_take(batch, 1);
    nulls_put(batch, column, batch->first, batch->rows, 6, 2);
    const size_t elements = lists_put(batch, column, LIST_MAX, numbers);
    int32_t *values = block_take(batch, (elements + 1) * sizeof(int32_t));
    uint8_t *validity = block_take(batch, elements / 8 + 1);
    for (size_t i = 0; i < elements; i++) {
        const bool null = numbers[i] % 5 == 0;
        bit_put(validity, i, !null);
        child->null_count += null;
        values[i] = null ? values[i] : (int32_t)numbers[i];
    }
    child->validity = child->null_count > 0 ? validity : NULL;
    child->values = values;
    child->length = elements;
    column->children = child;
}

static void struct_fill(struct made_batch *batch, struct hw_column *column) {
    struct hw_column *children = children_take(batch, 2);
    nulls_put(batch, column, batch->first, batch->rows, 9, 4);
    texts_put(batch, &children[0], batch->first, batch->rows, 1000);
    nulls_put(batch, &children[1], batch->first, batch->rows, 2, 1);
    int16s_put(batch, &children[1], batch->first, batch->rows);
    column->children = children;
}

static void pairs_fill(struct made_batch *batch, struct hw_column *column) {
    struct hw_column *child = children_take(batch, 1);
    float *values = block_take(batch, (batch->rows + 1) * 2 * sizeof(float));
    nulls_put(batch, column, batch->first, batch->rows, 8, 5);
    nulls_put(batch, child, 2 * batch->first, 2 * batch->rows, 7, 0);
    for (size_t i = 0; i < 2 * batch->rows; i++) {
        values[i] = (float)(2 * batch->first + i) / 2;
    }
    child->values = values;
    column->children = child;
}

static void map_fill(struct made_batch *batch, struct hw_column *column) {
    uint64_t *numbers = block_take(batch, (batch->rows + 1) * MAP_MAX * sizeof(uint64_t));
    struct hw_column *entries = children_take(batch, 1);
    struct hw_column *children = children_take(batch, 2);
    nulls_put(batch, column, batch->first, batch->rows, 4, 3);
    const size_t elements = lists_put(batch, column, MAP_MAX, numbers);
    int32_t *offsets = block_take(batch, (elements + 1) * sizeof(int32_t));
    int32_t *values = block_take(batch, (elements + 1) * sizeof(int32_t));
    char *data = block_take(batch, (elements + 1) * TEXT_BYTES_MAX);
    offsets[0] = 0;
    for (size_t i = 0; i < elements; i++) {
        offsets[i + 1] =
            offsets[i] + snprintf(data + offsets[i], TEXT_BYTES_MAX, "k%llu", (unsigned long long)numbers[i]);
        values[i] = (int32_t)(numbers[i] * 2);
    }
    children[0] = (struct hw_column){.offsets = offsets, .data = data, .length = elements};
    children[1] = (struct hw_column){.values = values, .length = elements};
    *entries = (struct hw_column){.length = elements, .children = children};
    column->children = entries;
}

/* Each batch has its words in another order. */
static void dictionary_fill(struct made_batch *batch, struct hw_column *column) {
    const uint64_t turn = batch->made->batches % WORDS;
    struct hw_column *dictionary = children_take(batch, 1);
    int8_t *indices = block_take(batch, batch->rows + 1);
    nulls_put(batch, column, batch->first, batch->rows, 11, 7);
    texts_put(batch, dictionary, turn, WORDS, WORDS);
    for (size_t i = 0; i < batch->rows; i++) {
        const uint64_t word = (batch->first + i) / 3 % WORDS;
        indices[i] = is_null(column, i) ? indices[i] : (int8_t)((word + WORDS - turn) % WORDS);
    }
    column->values = indices;
    column->dictionary = dictionary;
}

static void flat_fill(struct made_batch *batch, struct hw_column *columns) {
    const size_t rows = batch->rows;
    int64_t *numbers = block_take(batch, (rows + 1) * sizeof(int64_t));
    double *ratios = block_take(batch, (rows + 1) * sizeof(double));
    uint8_t *bits = block_take(batch, rows / 8 + 1);
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = (int64_t)(batch->first + i) * 7;
    }
    columns[0] = (struct hw_column){.values = numbers};
    if (batch->made->columns == 1) {
        return;
    }
    nulls_put(batch, &columns[1], batch->first, rows, 5, 1);
    nulls_put(batch, &columns[2], batch->first, rows, 7, 3);
    nulls_put(batch, &columns[3], batch->first, rows, 13, 6);
    for (size_t i = 0; i < rows; i++) {
        ratios[i] = is_null(&columns[3], i) ? ratios[i] : (double)(batch->first + i) / 4;
        bit_put(bits, i, is_null(&columns[2], i) ? batch->made->unset & 1 : (batch->first + i) % 3 == 0);
    }
    texts_put(batch, &columns[1], batch->first, rows, 100000);
    columns[2].values = bits;
    columns[3].values = ratios;
    texts_put(batch, &columns[4], batch->first, rows, 3);
}

static void batch_fill(struct made_batch *batch) {
    struct hw_column *columns = batch->columns;
    flat_fill(batch, columns);
    if (batch->made->columns <= MADE_FLAT) {
        return;
    }
    nulls_put(batch, &columns[5], batch->first, batch->rows, 10, 9);
    int16s_put(batch, &columns[5], batch->first, batch->rows);
    dictionary_fill(batch, &columns[6]);
    list_fill(batch, &columns[7]);
    struct_fill(batch, &columns[8]);
    pairs_fill(batch, &columns[9]);
    map_fill(batch, &columns[10]);
}

static void batch_free(struct hw_owner *owner) {
    struct made_batch *batch = (struct made_batch *)(void *)owner;
    atomic_fetch_sub(&batch->made->alive, 1);
    for (size_t i = 0; i < batch->blocks_count; i++) {
        memset(batch->blocks[i], 0xdd, 1);
        free(batch->blocks[i]);
    }
    free(batch);
}

static void batch_make(struct made_stream *made, size_t rows, struct hw_batch *out_batch) {
    struct made_batch *batch = calloc(1, sizeof(*batch));
    if (!batch) {
        abort();
    }
    hw_owner_init(&batch->owner, batch_free);
    batch->made = made;
    batch->first = made->row;
    batch->rows = rows;
    atomic_fetch_add(&made->alive, 1);
    batch_fill(batch);
    made->row += rows;
    *out_batch = (struct hw_batch){&made->schema, rows, batch->columns, &batch->owner};
    if (made->spoil) {
        made->spoil(made, out_batch, batch->columns);
    }
}

static enum hw_status made_fail(struct made_stream *made, struct hw_error *err) {
    made->over = true;
    return made->silent ? made->failure : hw_fail(err, made->failure, "the well is dry");
}

static size_t rows_next(struct made_stream *made) {
    const uint64_t left = made->rows - made->row;
    size_t rows = made->batch_rows;
    if (made->sizes) {
        rows = *made->sizes;
        made->sizes += made->sizes[1] != SIZE_MAX;
    }
    return hw_min_size(rows, left);
}

static enum hw_status made_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                struct hw_error *err) {
    struct made_stream *made = (struct made_stream *)(void *)base;
    made->misused |= atomic_exchange(&made->busy, true) || made->over;
    hw_batch_release(&made->last);
    enum hw_status status = HW_OK;
    if (++made->batches == made->fails_at) {
        status = made_fail(made, err);
    } else if (made->row == made->rows) {
        made->over = true;
        *out_more = false;
    } else {
        batch_make(made, rows_next(made), out_batch);
        *out_more = true;
        made->last = made->borrowed ? *out_batch : (struct hw_batch){0};
        out_batch->owner = made->borrowed ? NULL : out_batch->owner;
    }
    atomic_store(&made->busy, false);
    return status;
}

static void made_free(struct hw_batch_stream *base) {
    struct made_stream *made = (struct made_stream *)(void *)base;
    hw_batch_release(&made->last);
    made->freed++;
}

void made_stream_init(struct made_stream *made) {
    made->columns = made->columns ? made->columns : MADE_COLUMNS;
    made->schema = (struct hw_schema){fields, made->columns};
    made->base = (struct hw_batch_stream){&made->schema, made_next, made_free};
}
