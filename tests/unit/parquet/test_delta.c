/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/delta.h"

#include <stdio.h>

#include "unit/parquet/decode.h"

enum { VALUES_MAX = 1000 };

/*
 * By hand from Encodings.md: block 128, 4 miniblocks, count, first value; least delta, widths,
 * miniblocks.
 */
static const struct {
    const char *name;
    int64_t values[8];
    size_t count;
    hw_view want;
} rows[] = {
    {"none", {0}, 0, HW_VIEW_INIT("\x80\x01\x04\x00\x00")},
    {"one", {-3}, 1, HW_VIEW_INIT("\x80\x01\x04\x01\x05")},
    {"1 2 3 4 5", {1, 2, 3, 4, 5}, 5, HW_VIEW_INIT("\x80\x01\x04\x05\x02\x02\0\0\0\0")},
    /* deltas -2 -2 -2 1 1 1 1, above the least: 0 0 0 3 3 3 3 in 2 bits */
    {"7 5 3 1 2 3 4 5",
     {7, 5, 3, 1, 2, 3, 4, 5},
     8,
     HW_VIEW_INIT("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f\0\0\0\0\0\0")},
};

static void writes_what_the_specification_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        int32_t narrow[8];
        for (size_t k = 0; k < 8; k++) {
            narrow[k] = (int32_t)rows[i].values[k];
        }
        assert_row_int(rows[i].name, hw_delta_encode(rows[i].values, rows[i].count, 8, &out, NULL), HW_OK);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
        hw_buf_clear(&out);
        assert_row_int(rows[i].name, hw_delta_encode(narrow, rows[i].count, 4, &out, NULL), HW_OK);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
    }
}

static void decodes_to_the_same_values(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, 32, 33, 34, 128, 129, 130, 161, 256, 257, 258, VALUES_MAX};
    uint64_t random = 4;
    for (unsigned shape = 0; shape < TEST_SHAPES; shape++) {
        for (size_t c = 0; c < COUNT_OF(counts); c++) {
            size_t count = counts[c];
            int64_t wide[VALUES_MAX];
            int32_t narrow[VALUES_MAX];
            int64_t got[VALUES_MAX];
            char row[64];

            snprintf(row, sizeof(row), "shape %u, %zu values", shape, count);
            for (size_t i = 0; i < count; i++) {
                wide[i] = test_shape(shape, i, test_random(&random));
                narrow[i] = (int32_t)wide[i];
            }
            HW_AUTO(hw_buf) out = {0};
            assert_row_int(row, hw_delta_encode(wide, count, 8, &out, NULL), HW_OK);
            struct decoder decoder = {out.data, out.data + out.size};
            assert_row_int(row, decode_delta(&decoder, 8, VALUES_MAX, got), count);
            assert_true(decoder.at == decoder.end);
            assert_row_bytes(row, got, count * 8, wide, count * 8);

            hw_buf_clear(&out);
            assert_row_int(row, hw_delta_encode(narrow, count, 4, &out, NULL), HW_OK);
            decoder = (struct decoder){out.data, out.data + out.size};
            assert_row_int(row, decode_delta(&decoder, 4, VALUES_MAX, got), count);
            assert_true(decoder.at == decoder.end);
            for (size_t i = 0; i < count; i++) {
                assert_row_int(row, got[i], narrow[i]);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_the_specification_says),
        cmocka_unit_test(decodes_to_the_same_values),
    };
    return cmocka_run_group_tests_name("parquet/delta", tests, NULL, NULL);
}
