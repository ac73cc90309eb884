/* SPDX-License-Identifier: Apache-2.0 */
#include "support/all_kinds.h"

#include <stdio.h>

#include "support/rows.h"

enum { TEXT_BYTES_MAX = 400 };

static struct hw_field fields[ALL_KINDS_COLUMNS] = {
    {"nothing", {.kind = HW_KIND_NULL}, false},
    {"flag", {.kind = HW_KIND_BOOL}, true},
    {"flag or null", {.kind = HW_KIND_BOOL}, false},
    {"number", {.kind = HW_KIND_INT64}, true},
    {"code", {.kind = HW_KIND_INT64}, false},
    {"rising", {.kind = HW_KIND_INT64}, false},
    {"ratio", {.kind = HW_KIND_DOUBLE}, true},
    {"grade", {.kind = HW_KIND_DOUBLE}, false},
    {"price", {.kind = HW_KIND_DECIMAL, .precision = 9, .scale = 2}, false},
    {"amount", {.kind = HW_KIND_DECIMAL, .precision = 18, .scale = 4}, true},
    {"sum", {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 10}, false},
    {"day", {.kind = HW_KIND_DATE}, true},
    {"some day", {.kind = HW_KIND_DATE}, false},
    {"at", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}, false},
    {"at exactly", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}, true},
    {"text", {.kind = HW_KIND_TEXT}, true},
    {"word", {.kind = HW_KIND_TEXT}, false},
    {"long text", {.kind = HW_KIND_TEXT}, false},
    {"rare text", {.kind = HW_KIND_TEXT}, false},
    {"key", {.kind = HW_KIND_UUID}, true},
    {"other key", {.kind = HW_KIND_UUID}, false},
};

/* Shape of a column's values: how many different ones (0: any), one null in how many rows (0: none). */
static const struct {
    uint64_t different;
    unsigned nulls;
    size_t text_bytes_max;
} shapes[ALL_KINDS_COLUMNS] = {
    [2] = {2, 5, 0},    [4] = {40, 7, 0},   [5] = {0, 3, 0},     [7] = {9, 2, 0},   [8] = {100000, 4, 0},
    [10] = {0, 6, 0},   [12] = {700, 3, 0}, [13] = {5000, 9, 0}, [15] = {0, 0, 40}, [16] = {60, 5, 12},
    [17] = {0, 2, 400}, [18] = {3, 50, 20}, [20] = {12, 4, 0},
};

const struct hw_schema all_kinds_schema = {fields, ALL_KINDS_COLUMNS};

static uint64_t mixed(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static void append(struct hw_buf *out, const void *data, size_t bytes) {
    assert_int_equal(hw_buf_append(out, data, bytes, NULL), HW_OK);
}

static void text_append(struct hw_buf *out, uint64_t value, size_t bytes_max) {
    char text[TEXT_BYTES_MAX + 32];
    size_t bytes = value % (bytes_max + 1);
    for (size_t at = 0; at < bytes; at += 16) {
        snprintf(text + at, 17, "%016" PRIx64, mixed(value + at));
    }
    append(out, text, bytes);
}

/* One value that is not null, of what is random in it. */
static void value_append(size_t column, uint64_t value, size_t row, struct hw_buf *out) {
    switch (fields[column].type.kind) {
    case HW_KIND_INT64: {
        int64_t number =
            strcmp(fields[column].name, "rising") == 0 ? (int64_t)row * 10 + (int64_t)(value % 10) : (int64_t)value;
        append(out, &number, sizeof(number));
        break;
    }
    case HW_KIND_TIMESTAMP:
        append(out, &(int64_t){(int64_t)(value % (UINT64_C(1) << 60))}, sizeof(int64_t));
        break;
    case HW_KIND_DOUBLE:
        append(out, &(double){(double)(value % 1000000) / 64}, sizeof(double));
        break;
    case HW_KIND_DECIMAL:
        append(out, (int64_t[]){(int64_t)(value % 99999999), 0}, 2 * sizeof(int64_t));
        break;
    case HW_KIND_DATE:
        append(out, &(int32_t){(int32_t)(value % 40000)}, sizeof(int32_t));
        break;
    case HW_KIND_TEXT:
        text_append(out, value, shapes[column].text_bytes_max);
        break;
    case HW_KIND_UUID:
        append(out, (uint64_t[]){mixed(value), mixed(value + 1)}, 16);
        break;
    default:
        break;
    }
}

static void bit_put(struct hw_buf *bits, size_t at, bool bit, uint8_t unset) {
    if (at % 8 == 0) {
        append(bits, &unset, 1);
    }
    uint8_t mask = (uint8_t)(1 << at % 8);
    bits->data[at / 8] = (uint8_t)(bit ? bits->data[at / 8] | mask : bits->data[at / 8] & ~mask);
}

static void column_fill(struct all_kinds *rows, size_t c, uint64_t seed, size_t first, uint8_t unset) {
    const struct hw_type type = fields[c].type;
    struct hw_column *column = &rows->columns[c];
    struct hw_buf *values = &rows->values[c], *offsets = &rows->offsets[c], *validity = &rows->validity[c];

    hw_buf_clear(values);
    hw_buf_clear(offsets);
    hw_buf_clear(validity);
    *column = (struct hw_column){0};
    append(offsets, &(int32_t){0}, sizeof(int32_t));
    for (size_t r = 0; r < rows->batch.rows; r++) {
        uint64_t value = mixed(seed * 1000003 + c * UINT64_C(0x9e3779b97f4a7c15) + (first + r));
        bool null = type.kind == HW_KIND_NULL || (shapes[c].nulls > 0 && value / 1024 % shapes[c].nulls == 0);
        uint64_t shaped = mixed(shapes[c].different > 0 ? seed + value % shapes[c].different : value);
        bit_put(validity, r, !null, unset);
        column->null_count += null;
        if (type.kind == HW_KIND_BOOL) {
            bit_put(values, r, null ? unset & 1 : shaped & 1, unset);
        } else if (null) {
            size_t bytes = hw_kind_bytes(type.kind);
            for (size_t k = 0; k < bytes; k++) {
                append(values, &unset, 1);
            }
        } else {
            value_append(c, shaped, first + r, values);
        }
        append(offsets, &(int32_t){(int32_t)values->size}, sizeof(int32_t));
    }
    for (size_t k = 0; k < HW_BATCH_PADDING; k++) {
        append(values, &unset, 1);
    }
    append(validity, values->data + values->size - HW_BATCH_PADDING, HW_BATCH_PADDING);
    column->validity = column->null_count > 0 ? validity->data : NULL;
    column->values = values->data;
    if (type.kind == HW_KIND_TEXT) {
        *column = (struct hw_column){column->null_count, column->validity, NULL,
                                     (const int32_t *)(const void *)offsets->data, (const char *)values->data};
    }
}

void all_kinds_fill(struct all_kinds *rows, uint64_t seed, size_t first, size_t count, uint8_t unset) {
    rows->batch = (struct hw_batch){&all_kinds_schema, count, rows->columns};
    for (size_t c = 0; c < ALL_KINDS_COLUMNS; c++) {
        column_fill(rows, c, seed, first, unset);
    }
}

void all_kinds_release(struct all_kinds *rows) {
    for (size_t c = 0; c < ALL_KINDS_COLUMNS; c++) {
        hw_buf_release(&rows->values[c]);
        hw_buf_release(&rows->offsets[c]);
        hw_buf_release(&rows->validity[c]);
    }
}
