/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/fact_name.h"

#include "support/rows.h"

/* Names by parquet.thrift. */
static const struct {
    const char *(*name)(int32_t number);
    int32_t first, last;
    const char *want_first, *want_last;
} tables[] = {
    {hw_page_codec_name, 0, 7, "UNCOMPRESSED", "LZ4_RAW"},
    {hw_converted_name, 0, 21, "UTF8", "INTERVAL"},
    {hw_repetition_name, 0, 2, "required", "repeated"},
    {hw_boundary_order_name, 0, 2, "unordered", "descending"},
};

static void each_number_has_its_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        assert_row_text(tables[i].want_first, tables[i].name(tables[i].first), tables[i].want_first);
        assert_row_text(tables[i].want_last, tables[i].name(tables[i].last), tables[i].want_last);
        for (int32_t number = tables[i].first; number <= tables[i].last; number++) {
            assert_non_null(tables[i].name(number));
        }
        assert_null(tables[i].name(-1));
        assert_null(tables[i].name(tables[i].last + 1));
        assert_null(tables[i].name(INT32_MIN));
    }
    assert_string_equal(hw_page_codec_name(6), "ZSTD");
    assert_string_equal(hw_converted_name(10), "TIMESTAMP_MICROS");
}

static const struct {
    struct hw_logical logical;
    const char *want;
} logicals[] = {
    {{.kind = HW_LOGICAL_STRING}, "string"},
    {{.kind = HW_LOGICAL_DECIMAL, .precision = 9, .scale = 2}, "decimal(9,2)"},
    {{.kind = HW_LOGICAL_TIMESTAMP, .unit = 2, .utc = true}, "timestamp(us,utc)"},
    {{.kind = HW_LOGICAL_TIME, .unit = 1}, "time(ms,local)"},
    {{.kind = HW_LOGICAL_TIME, .unit = 0}, "time(unknown,local)"},
    {{.kind = HW_LOGICAL_INTEGER, .bit_width = 8, .is_signed = true}, "int(8,signed)"},
    {{.kind = HW_LOGICAL_INTEGER, .bit_width = 64}, "int(64,unsigned)"},
    {{.kind = HW_LOGICAL_GEOMETRY, .crs = HW_VIEW_INIT("OGC:CRS84")}, "geometry(OGC:CRS84)"},
    {{.kind = HW_LOGICAL_GEOGRAPHY}, "geography"},
    {{.kind = HW_LOGICAL_FILE}, "file"},
    {{.kind = 9}, "unknown(9)"},
    {{.kind = 20}, "unknown(20)"},
    {{.kind = -1}, "unknown(-1)"},
};

static void logical_types_have_their_members(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(logicals); i++) {
        HW_AUTO(hw_buf) out = {0};
        assert_int_equal(hw_logical_format(&logicals[i].logical, &out, NULL), HW_OK);
        assert_row_bytes(logicals[i].want, out.data, out.size, logicals[i].want, strlen(logicals[i].want));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_has_its_name),
        cmocka_unit_test(logical_types_have_their_members),
    };
    return cmocka_run_group_tests_name("parquet/fact_name", tests, NULL, NULL);
}
