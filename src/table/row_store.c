/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_store.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "table/column_buffer.h"

/* One column of the rows, and of the batch that is gathered from them. */
struct kept_column {
    enum hw_kind kind;
    size_t width;        /* bytes of a kept value, 0 for texts; a bool has one */
    struct hw_buf valid; /* a byte a row; empty while there is no null */
    struct hw_buf values;
    /* For texts, an int32_t for each row: the offset in `values` at which it ends. */
    struct hw_buf ends;
    /* Has the values of a kind that is not basic, in place of all the others; else NULL. */
    struct hw_column_buffer *kept;
    /* Has those of the rows that were gathered last; NULL where `kept` is. */
    struct hw_column_buffer *chosen;
    struct {
        struct hw_buf validity;
        struct hw_buf values;
        struct hw_buf offsets;
    } gathered;
};

struct hw_row_store {
    const struct hw_schema *schema;
    size_t rows;
    struct hw_column *batch; /* the buffers of the batch that was gathered last */
    struct kept_column columns[];
};

static enum hw_status column_init(struct kept_column *column, const struct hw_field *field, struct hw_error *err) {
    const enum hw_kind kind = field->type.kind;
    column->kind = kind;
    if (!hw_kind_is_basic(kind)) {
        HW_TRY(hw_column_buffer_new(field, &column->kept, err));
        return hw_column_buffer_new(field, &column->chosen, err);
    }
    column->width = kind == HW_KIND_BOOL ? 1 : hw_kind_bytes(kind);
    column->values.limit = kind == HW_KIND_TEXT ? INT32_MAX - HW_BATCH_PADDING : SIZE_MAX;
    return HW_OK;
}

enum hw_status hw_row_store_new(const struct hw_schema *schema, struct hw_row_store **out_store, struct hw_error *err) {
    size_t bytes;
    if (!hw_mul(schema->count, sizeof(struct kept_column), &bytes) ||
        !hw_add(bytes, sizeof(struct hw_row_store), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a schema of %zu columns is too large", schema->count);
    }
    struct hw_row_store *store = hw_alloc_zero(1, bytes);
    if (!store) {
        return hw_fail_nomem(err, bytes);
    }
    store->schema = schema;
    store->batch = hw_alloc_zero(schema->count, sizeof(*store->batch));
    if (!store->batch) {
        hw_row_store_free(store);
        return hw_fail_nomem(err, schema->count * sizeof(*store->batch));
    }
    for (size_t i = 0; i < schema->count; i++) {
        enum hw_status status = column_init(&store->columns[i], &schema->fields[i], err);
        if (status != HW_OK) {
            hw_row_store_free(store);
            return status;
        }
    }
    *out_store = store;
    return HW_OK;
}

static void column_clear(struct kept_column *column) {
    hw_buf_clear(&column->valid);
    hw_buf_clear(&column->values);
    hw_buf_clear(&column->ends);
    if (column->kept) {
        hw_column_buffer_clear(column->kept);
        hw_column_buffer_clear(column->chosen);
    }
}

static void column_release(struct kept_column *column) {
    size_t limit = column->values.limit;
    hw_buf_release(&column->valid);
    hw_buf_release(&column->values);
    hw_buf_release(&column->ends);
    hw_buf_release(&column->gathered.validity);
    hw_buf_release(&column->gathered.values);
    hw_buf_release(&column->gathered.offsets);
    column->values.limit = limit;
    if (column->kept) {
        hw_column_buffer_trim(column->kept);
        hw_column_buffer_trim(column->chosen);
    }
}

void hw_row_store_free(struct hw_row_store *store) {
    if (!store) {
        return;
    }
    for (size_t i = 0; i < store->schema->count; i++) {
        column_release(&store->columns[i]);
        hw_column_buffer_free(store->columns[i].kept);
        hw_column_buffer_free(store->columns[i].chosen);
    }
    hw_free(store->batch);
    hw_free(store);
}

void hw_row_store_clear(struct hw_row_store *store, size_t keep_bytes) {
    size_t kept = 0;
    for (size_t i = 0; i < store->schema->count; i++) {
        struct kept_column *column = &store->columns[i];
        kept += column->valid.capacity + column->values.capacity + column->ends.capacity;
        kept += column->kept ? hw_column_buffer_held(column->kept) : 0;
        (kept > keep_bytes ? column_release : column_clear)(column);
    }
    store->rows = 0;
}

size_t hw_row_store_rows(const struct hw_row_store *store) {
    return store->rows;
}

size_t hw_row_store_held(const struct hw_row_store *store) {
    size_t held = sizeof(*store);
    for (size_t i = 0; i < store->schema->count; i++) {
        const struct kept_column *column = &store->columns[i];
        held += sizeof(*column) + column->valid.size + column->values.size + column->ends.size;
        held += column->kept ? hw_column_buffer_used(column->kept) : 0;
    }
    return held;
}

static enum hw_status validity_add(struct hw_row_store *store, struct kept_column *column, const struct hw_column *from,
                                   size_t rows, struct hw_error *err);
static enum hw_status bools_add(struct kept_column *column, const struct hw_column *from, size_t rows,
                                struct hw_error *err);
static enum hw_status texts_add(struct kept_column *column, const struct hw_column *from, size_t rows,
                                struct hw_error *err);

enum hw_status hw_row_store_add(struct hw_row_store *store, const struct hw_batch *batch, const size_t *columns,
                                struct hw_error *err) {
    if (batch->rows > UINT32_MAX - store->rows) {
        return hw_fail(err, HW_ELIMIT, "more than %u rows are to be kept", UINT32_MAX);
    }
    for (size_t i = 0; i < store->schema->count; i++) {
        struct kept_column *column = &store->columns[i];
        const size_t at = columns ? columns[i] : i;
        const struct hw_column *from = &batch->columns[at];
        assert(batch->schema->fields[at].type.kind == column->kind);
        if (column->kept) {
            HW_TRY(hw_column_buffer_append(column->kept, from, 0, batch->rows, err));
            continue;
        }
        HW_TRY(validity_add(store, column, from, batch->rows, err));
        if (column->kind == HW_KIND_TEXT) {
            HW_TRY(texts_add(column, from, batch->rows, err));
        } else if (column->kind == HW_KIND_BOOL) {
            HW_TRY(bools_add(column, from, batch->rows, err));
        } else {
            const uint8_t *values = from->values;
            size_t skip = from->offset * column->width;
            HW_TRY(hw_buf_append(&column->values, values ? values + skip : NULL, batch->rows * column->width, err));
        }
    }
    store->rows += batch->rows;
    return HW_OK;
}

/* With the first null, all rows before it get their byte too. */
static enum hw_status validity_add(struct hw_row_store *store, struct kept_column *column, const struct hw_column *from,
                                   size_t rows, struct hw_error *err) {
    if (column->kind == HW_KIND_NULL || (from->null_count == 0 && column->valid.size == 0)) {
        return HW_OK;
    }
    size_t before = column->valid.size;
    HW_TRY(hw_buf_resize(&column->valid, store->rows + rows, err));
    memset(column->valid.data + before, 1, column->valid.size - before);
    for (size_t row = 0; from->null_count > 0 && row < rows; row++) {
        column->valid.data[store->rows + row] = hw_column_valid(from, row);
    }
    return HW_OK;
}

static enum hw_status bools_add(struct kept_column *column, const struct hw_column *from, size_t rows,
                                struct hw_error *err) {
    const uint8_t *bits = from->values;
    size_t before = column->values.size;
    HW_TRY(hw_buf_resize(&column->values, before + rows, err));
    for (size_t row = 0; row < rows; row++) {
        size_t at = from->offset + row;
        column->values.data[before + row] = bits[at >> 3] >> (at & 7) & 1;
    }
    return HW_OK;
}

static enum hw_status texts_add(struct kept_column *column, const struct hw_column *from, size_t rows,
                                struct hw_error *err) {
    const int32_t *offsets = from->offsets + from->offset;
    int32_t first = offsets[0];
    int32_t shift = (int32_t)column->values.size - first;
    size_t before = column->ends.size;
    HW_TRY(hw_buf_append(&column->values, from->data + first, (size_t)(offsets[rows] - first), err));
    HW_TRY(hw_buf_resize(&column->ends, before + rows * sizeof(int32_t), err));
    int32_t *ends = (int32_t *)(void *)(column->ends.data + before);
    for (size_t row = 0; row < rows; row++) {
        ends[row] = offsets[row + 1] + shift;
    }
    return HW_OK;
}

/* The rows to take from each column, in their order. */
struct choice {
    const uint32_t *rows;
    size_t count;
};

static enum hw_status column_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                    struct hw_error *err);

enum hw_status hw_row_store_gather(struct hw_row_store *store, const uint32_t *rows, size_t count,
                                   struct hw_batch *out_batch, struct hw_error *err) {
    const struct choice choice = {rows, count};
    for (size_t i = 0; i < store->schema->count; i++) {
        HW_TRY(column_gather(&store->columns[i], &choice, &store->batch[i], err));
    }
    *out_batch = (struct hw_batch){.schema = store->schema, .rows = count, .columns = store->batch};
    return HW_OK;
}

static enum hw_status chosen_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                    struct hw_error *err);
static enum hw_status validity_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                      struct hw_error *err);
static enum hw_status fixed_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err);
static enum hw_status bools_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err);
static enum hw_status texts_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err);

static enum hw_status column_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                    struct hw_error *err) {
    if (column->kept) {
        return chosen_gather(column, choice, out, err);
    }
    *out = (struct hw_column){.null_count = choice->count, .length = choice->count};
    if (column->kind == HW_KIND_NULL) {
        return HW_OK;
    }
    HW_TRY(validity_gather(column, choice, out, err));
    if (column->kind == HW_KIND_TEXT) {
        HW_TRY(texts_gather(column, choice, err));
        out->offsets = (const int32_t *)(const void *)column->gathered.offsets.data;
        out->data = (const char *)column->gathered.values.data;
        return HW_OK;
    }
    HW_TRY(column->kind == HW_KIND_BOOL ? bools_gather(column, choice, err) : fixed_gather(column, choice, err));
    out->values = column->gathered.values.data;
    return HW_OK;
}

static enum hw_status chosen_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                    struct hw_error *err) {
    struct hw_column all;
    HW_TRY(hw_column_buffer_column(column->kept, &all, err));
    hw_column_buffer_clear(column->chosen);
    for (size_t i = 0; i < choice->count; i++) {
        HW_TRY(hw_column_buffer_append(column->chosen, &all, choice->rows[i], 1, err));
    }
    return hw_column_buffer_column(column->chosen, out, err);
}

/* Makes room for `bytes` bytes, and for those that may be read behind them. */
static enum hw_status padded(struct hw_buf *buf, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_buf_resize(buf, bytes + HW_BATCH_PADDING, err));
    memset(buf->data + bytes, 0, HW_BATCH_PADDING);
    return HW_OK;
}

static enum hw_status validity_gather(struct kept_column *column, const struct choice *choice, struct hw_column *out,
                                      struct hw_error *err) {
    size_t nulls = 0;
    for (size_t i = 0; column->valid.size > 0 && i < choice->count; i++) {
        nulls += !column->valid.data[choice->rows[i]];
    }
    out->null_count = nulls;
    if (nulls == 0) {
        return HW_OK;
    }
    struct hw_buf *bits = &column->gathered.validity;
    HW_TRY(padded(bits, (choice->count + 7) / 8, err));
    memset(bits->data, 0, bits->size);
    for (size_t i = 0; i < choice->count; i++) {
        bits->data[i >> 3] |= (uint8_t)(column->valid.data[choice->rows[i]] << (i & 7));
    }
    out->validity = bits->data;
    return HW_OK;
}

static enum hw_status fixed_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err) {
    struct hw_buf *values = &column->gathered.values;
    const size_t width = column->width;
    HW_TRY(padded(values, choice->count * width, err));
    const uint8_t *from = column->values.data;
    uint8_t *to = values->data;
    if (width == sizeof(uint64_t)) { /* the common one, as single loads and stores */
        for (size_t i = 0; i < choice->count; i++) {
            memcpy(to + i * sizeof(uint64_t), from + (size_t)choice->rows[i] * sizeof(uint64_t), sizeof(uint64_t));
        }
        return HW_OK;
    }
    for (size_t i = 0; i < choice->count; i++) {
        memcpy(to + i * width, from + choice->rows[i] * width, width);
    }
    return HW_OK;
}

static enum hw_status bools_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err) {
    struct hw_buf *bits = &column->gathered.values;
    HW_TRY(padded(bits, (choice->count + 7) / 8, err));
    memset(bits->data, 0, bits->size);
    for (size_t i = 0; i < choice->count; i++) {
        bits->data[i >> 3] |= (uint8_t)(column->values.data[choice->rows[i]] << (i & 7));
    }
    return HW_OK;
}

static enum hw_status texts_gather(struct kept_column *column, const struct choice *choice, struct hw_error *err) {
    const int32_t *ends = (const int32_t *)(const void *)column->ends.data;
    struct hw_buf *values = &column->gathered.values;
    HW_TRY(padded(&column->gathered.offsets, (choice->count + 1) * sizeof(int32_t), err));
    int32_t *offsets = (int32_t *)(void *)column->gathered.offsets.data;
    offsets[0] = 0;
    for (size_t i = 0; i < choice->count; i++) {
        uint32_t row = choice->rows[i];
        offsets[i + 1] = offsets[i] + (ends[row] - (row > 0 ? ends[row - 1] : 0));
    }
    HW_TRY(padded(values, (size_t)offsets[choice->count], err));
    for (size_t i = 0; i < choice->count; i++) {
        size_t bytes = (size_t)(offsets[i + 1] - offsets[i]);
        if (bytes > 0) {
            memcpy(values->data + offsets[i], column->values.data + ends[choice->rows[i]] - bytes, bytes);
        }
    }
    return HW_OK;
}
