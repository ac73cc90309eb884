/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/schema.h"

#include "support/rows.h"

/*
 * Elements by hand from parquet.thrift; each begins with type, type_length where fixed,
 * repetition_type, name.
 */
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
    {"int8",
     {"t", {.kind = HW_KIND_INT8}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x1e\x4c\xac\x13\x08\x11\x00\x00\x00")},
    {"int16",
     {"t", {.kind = HW_KIND_INT16}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x20\x4c\xac\x13\x10\x11\x00\x00\x00")},
    {"int32", {"t", {.kind = HW_KIND_INT32}, false}, HW_LANE_WORD4, 4, HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x00")},
    {"uint8",
     {"t", {.kind = HW_KIND_UINT8}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x16\x4c\xac\x13\x08\x12\x00\x00\x00")},
    {"uint16",
     {"t", {.kind = HW_KIND_UINT16}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x18\x4c\xac\x13\x10\x12\x00\x00\x00")},
    {"uint32",
     {"t", {.kind = HW_KIND_UINT32}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x1a\x4c\xac\x13\x20\x12\x00\x00\x00")},
    {"uint64",
     {"t", {.kind = HW_KIND_UINT64}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x1c\x4c\xac\x13\x40\x12\x00\x00\x00")},
    {"half",
     {"t", {.kind = HW_KIND_HALF}, false},
     HW_LANE_FIXED,
     2,
     HW_VIEW_INIT("\x15\x0e\x15\x04\x15\x02\x18\x01t\x6c\xfc\x00\x00\x00")},
    {"float", {"t", {.kind = HW_KIND_FLOAT}, false}, HW_LANE_WORD4, 4, HW_VIEW_INIT("\x15\x08\x25\x02\x18\x01t\x00")},
    {"seconds of a day are milliseconds",
     {"t", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x0e\x4c\x7c\x12\x1c\x1c\x00\x00\x00\x00\x00")},
    {"milliseconds of a day",
     {"t", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS, .utc = true}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x0e\x4c\x7c\x11\x1c\x1c\x00\x00\x00\x00\x00")},
    {"microseconds of a day",
     {"t", {.kind = HW_KIND_TIME64, .utc = true}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x10\x4c\x7c\x11\x1c\x2c\x00\x00\x00\x00\x00")},
    {"nanoseconds of a day",
     {"t", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x6c\x7c\x12\x1c\x3c\x00\x00\x00\x00\x00")},
    {"seconds are milliseconds",
     {"t", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x12\x4c\x8c\x12\x1c\x1c\x00\x00\x00\x00\x00")},
    {"milliseconds",
     {"t", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS, .utc = true, .zone = "Asia/Tokyo"}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x12\x4c\x8c\x11\x1c\x1c\x00\x00\x00\x00\x00")},
    {"duration",
     {"t", {.kind = HW_KIND_DURATION}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x00")},
    {"date of milliseconds",
     {"t", {.kind = HW_KIND_DATE_MILLIS}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x0c\x4c\x6c\x00\x00\x00")},
    {"interval",
     {"t", {.kind = HW_KIND_INTERVAL}, false},
     HW_LANE_FIXED,
     12,
     HW_VIEW_INIT("\x15\x0e\x15\x18\x15\x02\x18\x01t\x25\x2a\x00")},
    {"interval of months",
     {"t", {.kind = HW_KIND_INTERVAL_MONTHS}, false},
     HW_LANE_FIXED,
     12,
     HW_VIEW_INIT("\x15\x0e\x15\x18\x15\x02\x18\x01t\x25\x2a\x00")},
    {"interval of days",
     {"t", {.kind = HW_KIND_INTERVAL_DAYS}, false},
     HW_LANE_FIXED,
     12,
     HW_VIEW_INIT("\x15\x0e\x15\x18\x15\x02\x18\x01t\x25\x2a\x00")},
    {"binary", {"t", {.kind = HW_KIND_BINARY}, false}, HW_LANE_TEXT, 0, HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x00")},
    {"large binary",
     {"t", {.kind = HW_KIND_LARGE_BINARY}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x00")},
    {"large text",
     {"t", {.kind = HW_KIND_LARGE_TEXT}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x00\x4c\x1c\x00\x00\x00")},
    {"enum",
     {"t", {.kind = HW_KIND_TEXT, .label = HW_LABEL_ENUM}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x08\x4c\x4c\x00\x00\x00")},
    {"json",
     {"t", {.kind = HW_KIND_TEXT, .label = HW_LABEL_JSON}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x26\x4c\xcc\x00\x00\x00")},
    {"bson",
     {"t", {.kind = HW_KIND_BINARY, .label = HW_LABEL_BSON}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x28\x4c\xdc\x00\x00\x00")},
    {"a label of another kind",
     {"t", {.kind = HW_KIND_TEXT, .label = HW_LABEL_BSON}, false},
     HW_LANE_TEXT,
     0,
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01t\x25\x00\x4c\x1c\x00\x00\x00")},
    {"fixed(5)",
     {"t", {.kind = HW_KIND_FIXED, .width = 5}, false},
     HW_LANE_FIXED,
     5,
     HW_VIEW_INIT("\x15\x0e\x15\x0a\x15\x02\x18\x01t\x00")},
    {"decimal32 of 9 digits",
     {"t", {.kind = HW_KIND_DECIMAL32, .precision = 9, .scale = 2}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x0a\x15\x04\x15\x12\x2c\x5c\x15\x04\x15\x12\x00\x00\x00")},
    {"decimal64 of 9 digits",
     {"t", {.kind = HW_KIND_DECIMAL64, .precision = 9}, false},
     HW_LANE_WORD4,
     4,
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01t\x25\x0a\x15\x00\x15\x12\x2c\x5c\x15\x00\x15\x12\x00\x00\x00")},
    {"decimal64 of 18 digits",
     {"t", {.kind = HW_KIND_DECIMAL64, .precision = 18}, false},
     HW_LANE_WORD8,
     8,
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01t\x25\x0a\x15\x00\x15\x24\x2c\x5c\x15\x00\x15\x24\x00\x00\x00")},
    {"decimal256 of 76 digits",
     {"t", {.kind = HW_KIND_DECIMAL256, .precision = 76, .scale = 1}, false},
     HW_LANE_FIXED,
     32,
     HW_VIEW_INIT(
         "\x15\x0e\x15\x40\x15\x02\x18\x01t\x25\x0a\x15\x02\x15\x98\x01\x2c\x5c\x15\x02\x15\x98\x01\x00\x00\x00")},
};

static void every_type_has_its_element(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        /* the root's stop is the NUL */
        static const char root[] = "\x35\x00\x18\x06schema\x15\x02";
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

/* Groups by hand from LogicalTypes.md, "Nested Types"; the id is that of the field itself. */
static void groups_have_theirs(void **state) {
    (void)state;
    static const struct hw_key_value id = {HW_META_FIELD_ID, "-3", 2};
    static const struct hw_field words = {.name = "", .type = {.kind = HW_KIND_INT32}};
    static const struct hw_field pair[] = {{.name = "k", .type = {.kind = HW_KIND_INT64}, .required = true},
                                           {.name = "v",
                                            .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8},
                                            .dictionary = &words,
                                            .metadata = &id,
                                            .metadata_count = 1}};
    static const struct hw_field entries = {
        .name = "e", .type = {.kind = HW_KIND_STRUCT}, .required = true, .children = pair, .children_count = 2};
    static const struct hw_field map = {
        .name = "m", .type = {.kind = HW_KIND_MAP}, .children = &entries, .children_count = 1};
    struct hw_field list = {.name = "l",
                            .type = {.kind = HW_KIND_FIXED_LIST, .width = 2},
                            .required = true,
                            .children = &map,
                            .children_count = 1,
                            .metadata = &id,
                            .metadata_count = 1};
    static const char want[] = "\x35\x00\x18\x06schema\x15\x02\x00"
                               /* LIST, id -3 */
                               "\x35\x00\x18\x01l\x15\x02\x15\x06\x35\x05\x1c\x3c\x00\x00\x00"
                               "\x35\x04\x18\x04list\x15\x02\x00"
                               "\x35\x02\x18\x07"
                               "element\x15\x02\x15\x02\x4c\x2c\x00\x00\x00" /* MAP */
                               "\x35\x04\x18\x09key_value\x15\x04\x00"
                               "\x15\x04\x25\x00\x18\x03key\x00"
                               "\x15\x02\x25\x02\x18\x05value\x55\x05"; /* its stop is the NUL */
    HW_AUTO(hw_buf) out = {0};
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, &out, NULL);
    hw_schema_elements_write(&(struct hw_schema){&list, 1}, &thrift);
    assert_row_bytes("groups", out.data, out.size, want, sizeof(want));
}

/*
 * Bytes of two's complement that 10^precision - 1 needs, from LogicalTypes.md: floor(log10(2^(8n-1)
 * - 1)) digits in n bytes.
 */
static void wide_decimals_take_the_fewest_bytes(void **state) {
    (void)state;
    /* most digits of 8, 9 ... 16 bytes */
    static const uint8_t digits[] = {18, 21, 23, 26, 28, 31, 33, 35, 38};
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
        cmocka_unit_test(groups_have_theirs),
        cmocka_unit_test(wide_decimals_take_the_fewest_bytes),
    };
    return cmocka_run_group_tests_name("parquet/schema", tests, NULL, NULL);
}
