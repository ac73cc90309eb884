/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/schema.h"

#include "support/rows.h"

/* Elements by hand from parquet.thrift; each begins with type, type_length where fixed, repetition_type, name. */
static const struct {
    const char *name;
    struct hw_field field;
    enum hw_lane lane;
    size_t width;
    hw_view want;
} rows[] = {
    {"text, UTF8",
     {"t", {.kind = HW_KIND_TEXT}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x00\x4c\x1c\x00\x00\x00")},
    {"null is text",
     {"t", {.kind = HW_KIND_NULL}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x00\x4c\x1c\x00\x00\x00")},
    {"boolean",
     {"b", {.kind = HW_KIND_BOOL}, false},
     HW_LANE_BOOL,
     1,
     HW_VIEW_INIT("\x15\x00\x25\x02\x18\x01"
                  "b\x00")},
    {"int64, required",
     {"i", {.kind = HW_KIND_INT64}, true},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x00\x18\x01i\x00")},
    {"double",
     {"d", {.kind = HW_KIND_DOUBLE}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x0a\x25\x02\x18\x01"
                  "d\x00")},
    {"date",
     {"d", {.kind = HW_KIND_DATE}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01"
                  "d\x25\x0c\x4c\x6c\x00\x00\x00")},
    {"wall clock",
     {"t", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x14\x4c\x8c\x12\x1c\x2c\x00\x00\x00\x00\x00")},
    {"instant",
     {"t", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x14\x4c\x8c\x11\x1c\x2c\x00\x00\x00\x00\x00")},
    {"nanoseconds have no converted type",
     {"t", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x6c\x8c\x12\x1c\x3c\x00\x00\x00\x00\x00")},
    {"uuid",
     {"u", {.kind = HW_KIND_UUID}, false},
     HW_LANE_FIXED,
     16,
     HW_VIEW_INIT("\x15\x0e\x15\x20\x15\x02\x18\x01u\x6c\xec\x00\x00\x00")},
    {"decimal of 9 digits",
     {"d", {.kind = HW_KIND_DECIMAL, .precision = 9, .scale = 2}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01"
                  "d\x25\x0a\x15\x04\x15\x12\x2c\x5c\x15\x04\x15\x12\x00\x00\x00")},
    {"decimal of 18 digits",
     {"d", {.kind = HW_KIND_DECIMAL, .precision = 18}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01"
                  "d\x25\x0a\x15\x00\x15\x24\x2c\x5c\x15\x00\x15\x24\x00\x00\x00")},
    {"decimal of 19 digits",
     {"d", {.kind = HW_KIND_DECIMAL, .precision = 19}, false},
     HW_LANE_FIXED,
     9,
     HW_VIEW_INIT("\x15\x0e\x15\x12\x15\x02\x18\x01"
                  "d\x25\x0a\x15\x00\x15\x26\x2c\x5c\x15\x00\x15\x26\x00\x00\x00")},
};

static void every_type_has_its_element(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const char root[] = "\x35\x00\x18\x06schema\x15\x02"; /* the root's stop is the NUL */
        struct hw_field field = rows[i].field;
        struct hw_schema schema = {&field, 1};
        HW_AUTO(hw_buf) out = {0};
        struct hw_thrift thrift;
        struct hw_leaf leaf;

        hw_thrift_init(&thrift, &out, NULL);
        hw_schema_elements_write(&schema, &thrift);
        assert_row_int(rows[i].name, thrift.status, HW_OK);
        assert_true(out.size > sizeof(root));
        assert_row_bytes(rows[i].name, out.data, sizeof(root), root, sizeof(root));
        assert_row_bytes(rows[i].name, out.data + sizeof(root), out.size - sizeof(root), rows[i].want.data,
                         rows[i].want.size);
        hw_leaf_init(&leaf, &field);
        assert_row_int(rows[i].name, leaf.lane, rows[i].lane);
        assert_row_int(rows[i].name, leaf.width, rows[i].width);
    }
}

/*
 * Bytes of two's complement that 10^precision - 1 needs, from LogicalTypes.md: floor(log10(2^(8n-1) - 1)) digits in n
 * bytes.
 */
static void wide_decimals_take_the_fewest_bytes(void **state) {
    (void)state;
    static const uint8_t digits[] = {18, 21, 23, 26, 28, 31, 33, 35, 38}; /* most digits of 8, 9 ... 16 bytes */
    for (uint8_t precision = 19; precision <= 38; precision++) {
        struct hw_field field = {"d", {.kind = HW_KIND_DECIMAL, .precision = precision}, false};
        struct hw_leaf leaf;
        size_t bytes = 8;
        while (digits[bytes - 8] < precision) {
            bytes++;
        }
        hw_leaf_init(&leaf, &field);
        assert_int_equal(leaf.width, bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_its_element),
        cmocka_unit_test(wide_decimals_take_the_fewest_bytes),
    };
    return cmocka_run_group_tests_name("parquet/schema", tests, NULL, NULL);
}
