/* SPDX-License-Identifier: Apache-2.0 */
/* A batch that a test fills value by value, column by column. */
#ifndef HW_TESTS_CSV_SHEET_H
#define HW_TESTS_CSV_SHEET_H

#include <stdlib.h>

#include "core/buf.h"
#include "support/rows.h"
#include "table/batch.h"

enum { SHEET_COLUMNS_MAX = 16 };

struct sheet_column {
    size_t rows;
    size_t null_count;
    struct hw_buf validity;
    struct hw_buf values; /* a text's offsets */
    struct hw_buf data;
};

struct sheet {
    struct hw_field fields[SHEET_COLUMNS_MAX];
    struct hw_schema schema;
    struct sheet_column columns[SHEET_COLUMNS_MAX];
    struct hw_column batch_columns[SHEET_COLUMNS_MAX];
};

/* Adds a column; returns its number. `name` is borrowed. */
static inline size_t sheet_column(struct sheet *sheet, const char *name, struct hw_type type) {
    size_t column = sheet->schema.count++;
    assert_true(column < SHEET_COLUMNS_MAX);
    sheet->fields[column] = (struct hw_field){.name = name, .type = type};
    return column;
}

static inline void sheet_bytes(struct hw_buf *buf, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(buf, data, bytes, &err), err);
}

static inline void sheet_bit(struct hw_buf *buf, size_t row, bool bit) {
    if (row % 8 == 0) {
        sheet_bytes(buf, "", 1);
    }
    buf->data[row / 8] |= (uint8_t)(bit << row % 8);
}

/*
 * Adds a value of the column's kind; NULL is a null. A boolean is a bool, a text has `bytes` bytes.
 */
static inline void sheet_put(struct sheet *sheet, size_t number, const void *value, size_t bytes) {
    static const char zeros[16];
    struct sheet_column *column = &sheet->columns[number];
    enum hw_kind kind = sheet->fields[number].type.kind;
    size_t row = column->rows++;
    sheet_bit(&column->validity, row, value != NULL);
    column->null_count += !value;
    if (kind == HW_KIND_TEXT) {
        int32_t offset = (int32_t)column->data.size;
        sheet_bytes(&column->values, &offset, sizeof(offset));
        sheet_bytes(&column->data, value, value ? bytes : 0);
    } else if (kind == HW_KIND_BOOL) {
        sheet_bit(&column->values, row, value && *(const bool *)value);
    } else {
        sheet_bytes(&column->values, value ? value : zeros, hw_kind_bytes(kind));
    }
}

static inline void sheet_text(struct sheet *sheet, size_t number, const char *text) {
    sheet_put(sheet, number, text, text ? strlen(text) : 0);
}

/* All that was put. Valid until the next put; `padding` is what stands after texts and values. */
static inline struct hw_batch sheet_batch(struct sheet *sheet, char padding) {
    struct hw_error err = HW_ERROR_INIT;
    sheet->schema.fields = sheet->fields;
    for (size_t i = 0; i < sheet->schema.count; i++) {
        struct sheet_column *column = &sheet->columns[i];
        struct hw_column *out = &sheet->batch_columns[i];
        assert_int_equal(column->rows, sheet->columns[0].rows);
        assert_ok(hw_buf_reserve(&column->values, HW_BATCH_PADDING + sizeof(int32_t), &err), err);
        assert_ok(hw_buf_reserve(&column->data, HW_BATCH_PADDING, &err), err);
        memset(column->data.data + column->data.size, padding, HW_BATCH_PADDING);
        *out = (struct hw_column){.null_count = column->null_count, .values = column->values.data};
        out->validity = column->null_count > 0 ? column->validity.data : NULL;
        if (sheet->fields[i].type.kind == HW_KIND_TEXT) {
            int32_t end = (int32_t)column->data.size;
            memcpy(column->values.data + column->values.size, &end, sizeof(end));
            out->offsets = (const int32_t *)(const void *)column->values.data;
            out->data = (const char *)column->data.data;
        }
    }
    return (struct hw_batch){&sheet->schema, sheet->columns[0].rows, sheet->batch_columns};
}

static inline void sheet_release(struct sheet *sheet) {
    for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++) {
        hw_buf_release(&sheet->columns[i].validity);
        hw_buf_release(&sheet->columns[i].values);
        hw_buf_release(&sheet->columns[i].data);
    }
}

#endif
