/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/default_value.h"

#include "avro/schema_read.h"
#include "support/rows.h"

#define ARRAY "{\"type\":\"array\",\"items\":\"int\"}"
#define MAP "{\"type\":\"map\",\"values\":\"int\"}"
#define FIXED "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2}"
#define ENUM "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\",\"B\"]}"
#define RECORD                                                                           \
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}," \
    "{\"name\":\"b\",\"type\":\"int\",\"default\":4}]}"

/* The table of "field default values" in the specification, in its binary encoding. */
static const struct {
    const char *schema;
    const char *json;
    hw_view want;
} rows[] = {
    {"\"null\"", "null", HW_VIEW_INIT("")},
    {"\"boolean\"", "true", HW_VIEW_INIT("\x01")},
    {"\"boolean\"", "false", HW_VIEW_INIT("\x00")},
    {"\"int\"", "1", HW_VIEW_INIT("\x02")},
    {"\"int\"", "-2147483648", HW_VIEW_INIT("\xff\xff\xff\xff\x0f")},
    {"\"long\"", "2147483648", HW_VIEW_INIT("\x80\x80\x80\x80\x10")},
    {"\"float\"", "1.5", HW_VIEW_INIT("\x00\x00\xc0\x3f")},
    {"\"float\"", "1", HW_VIEW_INIT("\x00\x00\x80\x3f")},
    {"\"double\"", "1.5", HW_VIEW_INIT("\x00\x00\x00\x00\x00\x00\xf8\x3f")},
    {"\"bytes\"", "\"\\u00FF\\u0001\"", HW_VIEW_INIT("\x04\xff\x01")},
    {"\"string\"", "\"foo\"",
     HW_VIEW_INIT("\x06"
                  "foo")},
    {"\"string\"", "\"\xc3\xa9\"", HW_VIEW_INIT("\x04\xc3\xa9")},
    {FIXED, "\"\\u00ff\\u0002\"", HW_VIEW_INIT("\xff\x02")},
    {ENUM, "\"B\"", HW_VIEW_INIT("\x02")},
    {ARRAY, "[1,2]", HW_VIEW_INIT("\x04\x02\x04\x00")},
    {ARRAY, "[]", HW_VIEW_INIT("\x00")},
    {MAP, "{\"k\":1}", HW_VIEW_INIT("\x02\x02k\x02\x00")},
    {MAP, "{}", HW_VIEW_INIT("\x00")},
    {RECORD, "{\"a\":1,\"other\":2}", HW_VIEW_INIT("\x02\x08")},
    {RECORD, "{\"a\":1,\"b\":2}", HW_VIEW_INIT("\x02\x04")},
    {"[\"null\",\"int\"]", "null", HW_VIEW_INIT("\x00")},
    {"[\"null\",\"int\"]", "1", HW_VIEW_INIT("\x02\x02")},
};

static void defaults_are_encoded(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        HW_AUTO(hw_buf) out = {0};
        json_t *json = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(json);
        assert_ok(hw_avro_schema_read(&schema, hw_view_of(rows[i].schema), &err), err);
        assert_ok(hw_avro_default_put(schema.root, json, &out, &err), err);
        assert_row_bytes(rows[i].json, out.data, out.size, rows[i].want.data, rows[i].want.size);
        json_decref(json);
    }
}

static const struct {
    const char *schema;
    const char *json;
    const char *says;
} faults[] = {
    {"\"null\"", "0", "of type null"},
    {"\"boolean\"", "1", "of type boolean"},
    {"\"int\"", "1.5", "of type int"},
    {"\"int\"", "2147483648", "of type int"},
    {"\"int\"", "-2147483649", "of type int"},
    {"\"long\"", "\"1\"", "of type long"},
    {"\"float\"", "\"1\"", "of type float"},
    {"\"double\"", "null", "of type double"},
    {"\"bytes\"", "\"\\u0100\"", "of type bytes"},
    {"\"bytes\"", "1", "of type bytes"},
    {"\"string\"", "1", "of type string"},
    {FIXED, "\"abc\"", "of type fixed"},
    {ENUM, "\"C\"", "of type enum"},
    {ENUM, "1", "of type enum"},
    {ARRAY, "{}", "of type array"},
    {ARRAY, "[\"x\"]", "of type int"},
    {MAP, "[]", "of type map"},
    {RECORD, "{\"b\":1}", "of type record"},
    {RECORD, "[]", "of type record"},
    {"[\"null\",\"int\"]", "\"x\"", "of type union"},
};

static void what_fits_no_type_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        HW_AUTO(hw_buf) out = {0};
        json_t *json = json_loads(faults[i].json, JSON_DECODE_ANY, NULL);
        assert_non_null(json);
        assert_ok(hw_avro_schema_read(&schema, hw_view_of(faults[i].schema), &err), err);
        assert_row_int(faults[i].json, hw_avro_default_put(schema.root, json, &out, &err), HW_EDATA);
        assert_row_says(faults[i].json, err.message, faults[i].says);
        json_decref(json);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_encoded),
        cmocka_unit_test(what_fits_no_type_is_refused),
    };
    return cmocka_run_group_tests_name("avro/default_value", tests, NULL, NULL);
}
