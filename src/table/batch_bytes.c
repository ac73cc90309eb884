/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_bytes.h"

#include "table/bits.h"

/*
 * The form: the number of rows as uint64_t; a byte for each column, which says whether it has
 * nulls; then the buffers of one column after the other. Each of these begins at a multiple of
 * HW_BATCH_BYTES_ALIGNMENT: the validity where there are nulls, then the values, or the offsets and
 * the bytes of texts.
 */

bool hw_batch_bytes_can(const struct hw_schema *schema) {
    for (size_t i = 0; i < schema->count; i++) {
        if (!hw_kind_is_basic(schema->fields[i].type.kind)) {
            return false;
        }
    }
    return true;
}

static size_t aligned(size_t bytes) {
    return (bytes + HW_BATCH_BYTES_ALIGNMENT - 1) / HW_BATCH_BYTES_ALIGNMENT * HW_BATCH_BYTES_ALIGNMENT;
}

static size_t bitmap_bytes(size_t rows) {
    return (rows + 7) / 8;
}

/* Returns the bytes of the values of a column that are not texts. */
static size_t values_bytes(enum hw_kind kind, size_t rows) {
    if (kind == HW_KIND_NULL) {
        return 0;
    }
    return kind == HW_KIND_BOOL ? bitmap_bytes(rows) : rows * hw_kind_bytes(kind);
}

/* ------ to bytes */

static enum hw_status padded_append(struct hw_buf *out, const void *data, size_t bytes, struct hw_error *err) {
    const size_t before = out->size;
    HW_TRY(hw_buf_append(out, data, bytes, err));
    HW_TRY(hw_buf_resize(out, before + aligned(bytes), err));
    memset(out->data + before + bytes, 0, aligned(bytes) - bytes);
    return HW_OK;
}

static bool nulls_in(enum hw_kind kind, const struct hw_column *column) {
    return kind != HW_KIND_NULL && column->null_count > 0 && column->validity;
}

/* The offsets begin at 0, wherever those of the column do. */
static enum hw_status texts_append(const struct hw_column *column, size_t rows, struct hw_buf *out,
                                   struct hw_error *err) {
    const size_t before = out->size;
    const int32_t first = column->offsets[0];
    HW_TRY(padded_append(out, column->offsets, (rows + 1) * sizeof(int32_t), err));
    int32_t *offsets = (int32_t *)(void *)(out->data + before);
    for (size_t i = 0; i <= rows; i++) {
        offsets[i] -= first;
    }
    return padded_append(out, column->data + first, (size_t)(column->offsets[rows] - first), err);
}

enum hw_status hw_batch_bytes_append(const struct hw_batch *batch, struct hw_buf *out, struct hw_error *err) {
    const uint64_t rows = batch->rows;
    const size_t columns = batch->schema->count;
    assert(out->size % HW_BATCH_BYTES_ALIGNMENT == 0);
    HW_TRY(hw_buf_append(out, &rows, sizeof(rows), err));
    const size_t flags = out->size;
    HW_TRY(hw_buf_resize(out, flags + aligned(columns), err));
    memset(out->data + flags, 0, aligned(columns));
    for (size_t i = 0; i < columns; i++) {
        const struct hw_column *column = &batch->columns[i];
        const enum hw_kind kind = batch->schema->fields[i].type.kind;
        assert(column->offset == 0);
        if (nulls_in(kind, column)) {
            out->data[flags + i] = 1;
            HW_TRY(padded_append(out, column->validity, bitmap_bytes(batch->rows), err));
        }
        if (kind == HW_KIND_TEXT) {
            HW_TRY(texts_append(column, batch->rows, out, err));
        } else {
            HW_TRY(padded_append(out, column->values, values_bytes(kind, batch->rows), err));
        }
    }
    return HW_OK;
}

/* ------ from bytes */

/* Takes the buffer that comes next. Returns NULL where the bytes end before it does. */
static const void *buffer_take(hw_view *rest, size_t bytes) {
    const char *data = rest->data;
    if (aligned(bytes) < bytes || aligned(bytes) > rest->size) {
        return NULL;
    }
    rest->data += aligned(bytes);
    rest->size -= aligned(bytes);
    return data;
}

static bool texts_take(hw_view *rest, size_t rows, struct hw_column *column) {
    column->offsets = buffer_take(rest, (rows + 1) * sizeof(int32_t));
    if (!column->offsets || column->offsets[rows] < 0) {
        return false;
    }
    column->data = buffer_take(rest, (size_t)column->offsets[rows]);
    return column->data != NULL;
}

static bool column_take(hw_view *rest, enum hw_kind kind, size_t rows, bool nulls, struct hw_column *column) {
    *column = (struct hw_column){.length = rows, .null_count = kind == HW_KIND_NULL ? rows : 0, .exact = true};
    if (nulls) {
        column->validity = buffer_take(rest, bitmap_bytes(rows));
        if (!column->validity) {
            return false;
        }
        column->null_count = rows - hw_bits_count(column->validity, 0, rows);
    }
    if (kind == HW_KIND_NULL) {
        return true;
    }
    if (kind == HW_KIND_TEXT) {
        return texts_take(rest, rows, column);
    }
    column->values = buffer_take(rest, values_bytes(kind, rows));
    return column->values != NULL;
}

static enum hw_status strange(struct hw_error *err) {
    return hw_fail(err, HW_EFAILED, "rows that were put aside are not what was written");
}

enum hw_status hw_batch_bytes_read(const struct hw_schema *schema, hw_view bytes, struct hw_column *columns,
                                   struct hw_batch *out_batch, struct hw_error *err) {
    hw_view rest = bytes;
    const uint64_t *rows = buffer_take(&rest, sizeof(*rows));
    const uint8_t *nulls = rows ? buffer_take(&rest, schema->count) : NULL;
    if (!nulls || *rows > INT32_MAX) {
        return strange(err);
    }
    for (size_t i = 0; i < schema->count; i++) {
        if (!column_take(&rest, schema->fields[i].type.kind, (size_t)*rows, nulls[i] != 0, &columns[i])) {
            return strange(err);
        }
    }
    if (rest.size > 0) {
        return strange(err);
    }
    *out_batch = (struct hw_batch){.schema = schema, .rows = (size_t)*rows, .columns = columns};
    return HW_OK;
}
