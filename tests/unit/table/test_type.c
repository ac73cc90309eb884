/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/table.h>

#include "support/rows.h"
#include "table/batch.h"
#include "table/schema.h"

static const struct type_row {
    const char *text;
    struct hw_type type;
    size_t bytes; /* of a value, as batch.h has it */
} type_rows[] = {
    {"null", {.kind = HW_KIND_NULL}, 0},
    {"boolean", {.kind = HW_KIND_BOOL}, 0},
    {"int64", {.kind = HW_KIND_INT64}, 8},
    {"double", {.kind = HW_KIND_DOUBLE}, 8},
    {"decimal(1,0)", {.kind = HW_KIND_DECIMAL, .precision = 1}, 16},
    {"decimal(12,2)", {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2}, 16},
    {"decimal(38,38)", {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 38}, 16},
    {"date", {.kind = HW_KIND_DATE}, 4},
    {"timestamp(us)", {.kind = HW_KIND_TIMESTAMP}, 8},
    {"timestamp(ns)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, 8},
    {"timestamp(us, UTC)", {.kind = HW_KIND_TIMESTAMP, .utc = true}, 8},
    {"timestamp(ns, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}, 8},
    {"text", {.kind = HW_KIND_TEXT}, 0},
    {"uuid", {.kind = HW_KIND_UUID}, 16},
    {"int8", {.kind = HW_KIND_INT8}, 1},
    {"int16", {.kind = HW_KIND_INT16}, 2},
    {"int32", {.kind = HW_KIND_INT32}, 4},
    {"uint8", {.kind = HW_KIND_UINT8}, 1},
    {"uint16", {.kind = HW_KIND_UINT16}, 2},
    {"uint32", {.kind = HW_KIND_UINT32}, 4},
    {"uint64", {.kind = HW_KIND_UINT64}, 8},
    {"half", {.kind = HW_KIND_HALF}, 2},
    {"float", {.kind = HW_KIND_FLOAT}, 4},
    {"decimal32(9,9)", {.kind = HW_KIND_DECIMAL32, .precision = 9, .scale = 9}, 4},
    {"decimal64(18,0)", {.kind = HW_KIND_DECIMAL64, .precision = 18}, 8},
    {"decimal256(76,1)", {.kind = HW_KIND_DECIMAL256, .precision = 76, .scale = 1}, 32},
    {"date(ms)", {.kind = HW_KIND_DATE_MILLIS}, 8},
    {"time(s)", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, 4},
    {"time(ms, UTC)", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS, .utc = true}, 4},
    {"time(us)", {.kind = HW_KIND_TIME64}, 8},
    {"time(ns, UTC)", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS, .utc = true}, 8},
    {"timestamp(s)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS}, 8},
    {"timestamp(ms)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}, 8},
    {"timestamp(s, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS, .utc = true}, 8},
    {"timestamp(ms, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS, .utc = true}, 8},
    {"duration(s)", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_SECONDS}, 8},
    {"duration(us)", {.kind = HW_KIND_DURATION}, 8},
    {"interval", {.kind = HW_KIND_INTERVAL}, 16},
    {"interval(months)", {.kind = HW_KIND_INTERVAL_MONTHS}, 4},
    {"interval(days)", {.kind = HW_KIND_INTERVAL_DAYS}, 8},
    {"enum", {.kind = HW_KIND_TEXT, .label = HW_LABEL_ENUM}, 0},
    {"json", {.kind = HW_KIND_TEXT, .label = HW_LABEL_JSON}, 0},
    {"binary", {.kind = HW_KIND_BINARY}, 0},
    {"bson", {.kind = HW_KIND_BINARY, .label = HW_LABEL_BSON}, 0},
    {"fixed(0)", {.kind = HW_KIND_FIXED}, 0},
    {"fixed(4294967295)", {.kind = HW_KIND_FIXED, .width = UINT32_MAX}, 0},
    {"large_text", {.kind = HW_KIND_LARGE_TEXT}, 0},
    {"large_binary", {.kind = HW_KIND_LARGE_BINARY}, 0},
    {"list", {.kind = HW_KIND_LIST}, 0},
    {"large_list", {.kind = HW_KIND_LARGE_LIST}, 0},
    {"fixed_list(3)", {.kind = HW_KIND_FIXED_LIST, .width = 3}, 0},
    {"struct", {.kind = HW_KIND_STRUCT}, 0},
    {"map", {.kind = HW_KIND_MAP}, 0},
    {"dictionary(int8)", {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, 0},
    {"dictionary(uint64)", {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT64}, 0},
};

static void types_are_written_and_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        const struct type_row *row = &type_rows[i];
        char text[64];
        struct hw_type type;
        struct hw_error err = HW_ERROR_INIT;
        hw_type_format(row->type, text, sizeof(text));
        assert_row_text(row->text, text, row->text);
        assert_ok(hw_type_parse(row->text, &type, &err), err);
        assert_row_int(row->text, hw_type_equal(type, row->type), true);
        assert_row_int(row->text, hw_kind_bytes(type.kind), row->bytes);
    }
}

static void only_equal_types_are_equal(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        for (size_t k = 0; k < COUNT_OF(type_rows); k++) {
            assert_row_int(type_rows[i].text, hw_type_equal(type_rows[i].type, type_rows[k].type), i == k);
        }
    }
    /* What a kind does not have is no difference. */
    assert_true(hw_type_equal((struct hw_type){.kind = HW_KIND_TEXT, .precision = 3},
                              (struct hw_type){.kind = HW_KIND_TEXT, .utc = true}));
}

/* Where one way to write a type is not the only one, or what is written cannot be read. */
static void other_forms(void **state) {
    (void)state;
    struct hw_type type;
    struct hw_error err = HW_ERROR_INIT;
    char text[64];
    assert_ok(hw_type_parse("timestamp(ns,utc)", &type, &err), err);
    assert_true(type.kind == HW_KIND_TIMESTAMP && type.unit == HW_UNIT_NANOS && type.utc);
    assert_ok(hw_type_parse("time(ms,utc)", &type, &err), err);
    assert_true(type.kind == HW_KIND_TIME32 && type.unit == HW_UNIT_MILLIS && type.utc);
    struct hw_type zoned = {.kind = HW_KIND_TIMESTAMP, .utc = true, .zone = "Europe/Berlin"};
    hw_type_format(zoned, text, sizeof(text));
    assert_string_equal(text, "timestamp(us, Europe/Berlin)");
    assert_false(hw_type_equal(zoned, (struct hw_type){.kind = HW_KIND_TIMESTAMP, .utc = true}));
    zoned.zone = "UTC";
    assert_true(hw_type_equal(zoned, (struct hw_type){.kind = HW_KIND_TIMESTAMP, .utc = true}));
    assert_false(
        hw_type_equal((struct hw_type){.kind = HW_KIND_MAP, .ordered = true}, (struct hw_type){.kind = HW_KIND_MAP}));
    /* A label of another kind is none. */
    hw_type_format((struct hw_type){.kind = HW_KIND_BINARY, .label = HW_LABEL_JSON}, text, sizeof(text));
    assert_string_equal(text, "binary");
}

static void other_texts_are_refused(void **state) {
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"", "unknown type \"\""},
        {"int46", "unknown type \"int46\", did you mean \"int64\"?"},
        {"Texd", "unknown type \"Texd\", did you mean \"text\"?"},
        {"bigimt", "unknown type \"bigimt\", did you mean \"bigint\"?"},
        {"varchar(255)", "type \"varchar(255)\" takes nothing in brackets: no length of values is checked"},
        {"int(11)", "type \"int(11)\" takes nothing in brackets: no length of values is checked"},
        {"te\033xt\n", "unknown type \"te\\x1bxt\\x0a\", did you mean \"text\"?"},
        {"strange things", "unknown type \"strange things\""},
        {"timestamp(us,ETC)", "unknown type \"timestamp(us,ETC)\", did you mean \"timestamp(us, UTC)\"?"},
        {"timestamp(xs)", "unknown type \"timestamp(xs)\", did you mean \"timestamp(us)\"?"},
        {"timestamp(us, Europe/Berlin)", "unknown type \"timestamp(us, Europe/Berlin)\""},
        {"duration(s, UTC)", "unknown type \"duration(s, UTC)\""},
        {"fixed(-1)", "unknown type \"fixed(-1)\""},
        {"fixed(4294967296)", "unknown type \"fixed(4294967296)\""},
        {"fixed(01)", "unknown type \"fixed(01)\""},
        {"dictionary(text)", "unknown type \"dictionary(text)\""},
        {"decimal32(10,0)", "type \"decimal32(10,0)\": precision is 1 to 9, scale at most the precision"},
        {"decimal64(19,0)", "type \"decimal64(19,0)\": precision is 1 to 18, scale at most the precision"},
        {"decimal256(77,0)", "type \"decimal256(77,0)\": precision is 1 to 76, scale at most the precision"},
        {"decimal256(7)", "type \"decimal256(7)\" is not decimal256(PRECISION,SCALE)"},
        {"decimal", "type \"decimal\" is not decimal(PRECISION,SCALE)"},
        {"Numeric", "type \"Numeric\" is not decimal(PRECISION,SCALE)"},
        {"decimal(", "type \"decimal(\" is not decimal(PRECISION,SCALE)"},
        {"decimal()", "type \"decimal()\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2", "type \"decimal(5,2\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2))", "type \"decimal(5,2))\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2)x)", "type \"decimal(5,2)x)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2,)", "type \"decimal(5,2,)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,+2)", "type \"decimal(5,+2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(-5,2)", "type \"decimal(-5,2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(0,0)", "type \"decimal(0,0)\": precision is 1 to 38, scale at most the precision"},
        {"decimal(39,2)", "type \"decimal(39,2)\": precision is 1 to 38, scale at most the precision"},
        {"decimal(138,2)", "type \"decimal(138,2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,6)", "type \"decimal(5,6)\": precision is 1 to 38, scale at most the precision"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_type type = {.kind = HW_KIND_UUID};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].text, hw_type_parse(rows[i].text, &type, &err), HW_ECONFIG);
        assert_row_text(rows[i].text, err.message, rows[i].says);
        assert_row_int(rows[i].text, type.kind, HW_KIND_UUID);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_written_and_read),
        cmocka_unit_test(only_equal_types_are_equal),
        cmocka_unit_test(other_forms),
        cmocka_unit_test(other_texts_are_refused),
    };
    return cmocka_run_group_tests_name("table/type", tests, NULL, NULL);
}
