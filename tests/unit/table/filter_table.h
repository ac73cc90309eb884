/* SPDX-License-Identifier: Apache-2.0 */
/* A table of six rows with columns of many kinds, and the rows of it that a condition keeps. */
#ifndef HW_TESTS_FILTER_TABLE_H
#define HW_TESTS_FILTER_TABLE_H

#include <math.h>

#include "support/rows.h"
#include "table/filter_rows.h"

/* Rows that are null have a value that would pass many tests. */

enum { ROWS = 6 };

static const uint8_t null_2[] = {0x3b};
static const uint8_t null_3[] = {0x37};
static const uint8_t null_4[] = {0x2f};

static const int32_t i_values[] = {1, 2, 1, -5, INT32_MAX, 0};
static const uint64_t u_values[] = {0, UINT64_MAX, 5, 0, UINT64_C(1) << 63, 7};
static const double d_values[] = {0.1, (double)NAN, -0.0, (double)INFINITY, 0.1, -(double)INFINITY};
static const float f_values[] = {0.1F, 0.5F, 0.0F, -1.0F, 0.1F, 3.0e38F};
/* 0.1, 1, -2, 65504, null, infinity */
static const uint16_t h_values[] = {0x2e66, 0x3c00, 0xc000, 0x7bff, 0x2e66, 0x7c00};
/* 1.50, -0.01, null, 0, 999.99, 1.49 */
static const __int128 m_values[] = {150, -1, 150, 0, 99999, 149};
/* 10^40 - 1, 10^40, null, -10^40, 0, 1; 10^40 is 0x1d6329f1c35ca4bfabb9f5610000000000 */
#define HUGE_LOW UINT64_C(0xb9f5610000000000)
#define HUGE_HIGH UINT64_C(0x6329f1c35ca4bfab)
static const uint64_t w_values[][4] = {
    {HUGE_LOW - 1, HUGE_HIGH, 0x1d, 0},
    {HUGE_LOW, HUGE_HIGH, 0x1d, 0},
    {0},
    {0 - HUGE_LOW, ~HUGE_HIGH, ~UINT64_C(0x1d), UINT64_MAX},
    {0},
    {1},
};
static const int32_t t_offsets[] = {0, 0, 1, 2, 3, 7, 9};
static const char t_data[] = "abcit's\xc3\xa4";
static const uint8_t b_values[] = {0x2d};
/* 2024-02-29, 1970-01-01, null, 1969-12-31, 0001-01-01, 9999-12-31 */
static const int32_t y_values[] = {19782, 0, 0, -1, -719162, 2932896};
/* 1970-01-01T00:00:00, a microsecond before, null, 2024-02-29T12:00:00, and the ends of 64 bits */
static const int64_t z_values[] = {0, -1, 0, INT64_C(1709208000000000), INT64_MAX, INT64_MIN};
static const int64_t c_values[] = {0, 43200000000, 0, 86399999999, 1, 43200500000};
static const char g_values[] = "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                               "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
                               "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc9";
/* One slot of the struct, and of its child, come before the rows. */
static const int64_t s_a_values[] = {99, 99, 10, 20, 30, 40, 50, 60};
static const uint8_t s_validity[] = {0xf7 & 0x7f};
static const uint8_t s_a_validity[] = {0xbf};
static const int32_t l_offsets[] = {0, 0, 1, 1, 1, 1, 1};
static const int32_t l_values[] = {7};

static const struct hw_field s_fields[] = {
    {.name = "a", .type = {.kind = HW_KIND_INT64}},
    {.name = "b c", .type = {.kind = HW_KIND_INT64}},
};
static const struct hw_field l_fields[] = {{.name = "element", .type = {.kind = HW_KIND_INT32}}};

static struct hw_field fields[] = {
    {.name = "i", .type = {.kind = HW_KIND_INT32}},
    {.name = "u", .type = {.kind = HW_KIND_UINT64}},
    {.name = "d", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "f", .type = {.kind = HW_KIND_FLOAT}},
    {.name = "h", .type = {.kind = HW_KIND_HALF}},
    {.name = "m", .type = {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2}},
    {.name = "w", .type = {.kind = HW_KIND_DECIMAL256, .precision = 50, .scale = 2}},
    {.name = "text", .type = {.kind = HW_KIND_TEXT}},
    {.name = "b", .type = {.kind = HW_KIND_BOOL}},
    {.name = "date", .type = {.kind = HW_KIND_DATE}},
    {.name = "z", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}},
    {.name = "local", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    {.name = "c", .type = {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}},
    {.name = "bin", .type = {.kind = HW_KIND_BINARY}},
    {.name = "g", .type = {.kind = HW_KIND_UUID}},
    {.name = "none", .type = {.kind = HW_KIND_NULL}},
    {.name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = s_fields, .children_count = COUNT_OF(s_fields)},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = l_fields, .children_count = 1},
    {.name = "AND", .type = {.kind = HW_KIND_INT32}},
    {.name = "twice", .type = {.kind = HW_KIND_INT32}},
    {.name = "twice", .type = {.kind = HW_KIND_INT32}},
};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};

static const struct hw_column s_children[] = {
    {.values = s_a_values, .validity = s_a_validity, .null_count = 1, .offset = 1},
    {.values = s_a_values, .offset = 1},
};
static const struct hw_column l_child = {.values = l_values, .length = 1};

#define NULL_AT(number) .validity = null_##number, .null_count = 1
static const struct hw_column columns[] = {
    {.values = i_values, NULL_AT(2)},
    {.values = u_values, NULL_AT(3)},
    {.values = d_values, NULL_AT(4)},
    {.values = f_values, NULL_AT(4)},
    {.values = h_values, NULL_AT(4)},
    {.values = m_values, NULL_AT(2)},
    {.values = w_values, NULL_AT(2)},
    {.offsets = t_offsets, .data = t_data, NULL_AT(3)},
    {.values = b_values, NULL_AT(2)},
    {.values = y_values, NULL_AT(2)},
    {.values = z_values, NULL_AT(2)},
    {.values = z_values, NULL_AT(2)},
    {.values = c_values, NULL_AT(2)},
    {.offsets = t_offsets, .data = t_data, NULL_AT(3)},
    {.values = g_values, NULL_AT(2)},
    {0},
    {.children = s_children, .validity = s_validity, .null_count = 1, .offset = 1},
    {.offsets = l_offsets, .children = &l_child, NULL_AT(4)},
    {.values = i_values},
    {.values = i_values},
    {.values = i_values},
};
static const struct hw_batch batch = {.schema = &schema, .rows = ROWS, .columns = columns};

/* Writes the numbers of the rows that are kept. */
static inline enum hw_status kept(const char *text, char out[ROWS + 1], struct hw_error *err) {
    HW_AUTO(hw_predicate) predicate = {0};
    HW_AUTO(hw_filter) filter = {0};
    HW_AUTO(hw_filter_room) room = {0};
    struct hw_kept_rows rows;
    const uint32_t *places[COUNT_OF(fields)];
    HW_TRY(hw_predicate_parse(&predicate, text, err));
    HW_TRY(hw_filter_make(&filter, &predicate, &schema, err));
    for (size_t i = 0; i < filter.columns_count; i++) {
        places[i] = filter.columns[i].path;
    }
    HW_TRY(hw_filter_rows(&filter, places, &batch, UINT64_MAX, &room, &rows, err));
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t row = 0; row < rows.ranges[i].count; row++) {
            out[count++] = (char)('0' + rows.ranges[i].first + row);
        }
    }
    out[count] = '\0';
    assert_int_equal(rows.rows, count);
    return HW_OK;
}

#endif
