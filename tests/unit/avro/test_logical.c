/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/logical.h"

#include "avro/schema_read.h"
#include "core/buf.h"
#include "support/rows.h"

/* "Logical Types" of the specification: a schema, and the type of the column that it makes. */
static const struct {
    const char *json;
    const char *want;
} rows[] = {
    {"\"null\"", "null"},
    {"\"boolean\"", "boolean"},
    {"\"int\"", "int32"},
    {"\"long\"", "int64"},
    {"\"float\"", "float"},
    {"\"double\"", "double"},
    {"\"bytes\"", "binary"},
    {"\"string\"", "text"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":7}", "fixed(7)"},
    {"{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]}", "enum"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":2}", "decimal(4,2)"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4}", "decimal(4,0)"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":38}", "decimal(38,38)"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":39,\"scale\":1}", "decimal256(39,1)"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":76,\"scale\":1}", "decimal256(76,1)"},
    /* 2^31 - 1 has ten digits, of which nine are sure. */
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":4,\"logicalType\":\"decimal\",\"precision\":9}", "decimal(9,0)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":16,\"logicalType\":\"decimal\",\"precision\":38}", "decimal(38,0)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":1000,\"logicalType\":\"decimal\",\"precision\":76}",
     "decimal256(76,0)"},
    {"{\"type\":\"int\",\"logicalType\":\"date\"}", "date"},
    {"{\"type\":\"int\",\"logicalType\":\"time-millis\"}", "time(ms)"},
    {"{\"type\":\"long\",\"logicalType\":\"time-micros\"}", "time(us)"},
    {"{\"type\":\"long\",\"logicalType\":\"time-nanos\"}", "time(ns)"},
    {"{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}", "timestamp(ms, UTC)"},
    {"{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", "timestamp(us, UTC)"},
    {"{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}", "timestamp(ns, UTC)"},
    {"{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}", "timestamp(ms)"},
    {"{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}", "timestamp(us)"},
    {"{\"type\":\"long\",\"logicalType\":\"local-timestamp-nanos\"}", "timestamp(ns)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":12,\"logicalType\":\"duration\"}", "interval"},
    {"{\"type\":\"string\",\"logicalType\":\"uuid\"}", "uuid"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":16,\"logicalType\":\"uuid\"}", "uuid"},
};

/* Logical types that a reader ignores: the column has the underlying type. */
static const struct {
    const char *json;
    const char *want;
} ignored[] = {
    {"{\"type\":\"string\",\"logicalType\":\"no-such\"}", "text"},
    {"{\"type\":\"string\",\"logicalType\":7}", "text"},
    {"{\"type\":\"string\",\"logicalType\":\"decimal\",\"precision\":4}", "text"},
    {"{\"type\":\"long\",\"logicalType\":\"date\"}", "int64"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\"}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":0}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":77}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":\"4\"}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":5}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":-1}", "binary"},
    {"{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":\"1\"}", "binary"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":4,\"logicalType\":\"decimal\",\"precision\":10}", "fixed(4)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":0,\"logicalType\":\"decimal\",\"precision\":1}", "fixed(0)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":11,\"logicalType\":\"duration\"}", "fixed(11)"},
    {"{\"type\":\"fixed\",\"name\":\"f\",\"size\":15,\"logicalType\":\"uuid\"}", "fixed(15)"},
};

static void type_compare(const char *json, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    char text[64];
    assert_ok(hw_avro_schema_read(&schema, hw_view_of(json), &err), err);
    hw_type_format(hw_avro_flat_type(schema.root), text, sizeof(text));
    assert_row_text(json, text, want);
}

static void logical_types_make_columns(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        type_compare(rows[i].json, rows[i].want);
    }
}

static void invalid_ones_are_the_underlying_type(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ignored); i++) {
        type_compare(ignored[i].json, ignored[i].want);
    }
}

static void enums_are_labelled(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    assert_ok(hw_avro_schema_read(&schema, HW_VIEW("{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[]}"), &err), err);
    assert_int_equal(hw_avro_flat_type(schema.root).label, HW_LABEL_ENUM);
}

/* Iceberg's maps: arrays of records of a key and a value, and what looks like them. */
static const struct {
    const char *name;
    const char *items;
    enum hw_avro_logical want;
} pairs[] = {
    {"key and value",
     "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"key\",\"type\":\"int\"},"
     "{\"name\":\"value\",\"type\":[\"null\",\"int\"]}]}",
     HW_AVRO_LOGICAL_MAP},
    {"a key that may be null",
     "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"key\",\"type\":[\"null\",\"int\"]},"
     "{\"name\":\"value\",\"type\":\"int\"}]}",
     HW_AVRO_LOGICAL_NONE},
    {"a key of nulls",
     "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"key\",\"type\":\"null\"},"
     "{\"name\":\"value\",\"type\":\"int\"}]}",
     HW_AVRO_LOGICAL_NONE},
    {"other names",
     "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"key\",\"type\":\"int\"},"
     "{\"name\":\"val\",\"type\":\"int\"}]}",
     HW_AVRO_LOGICAL_NONE},
    {"no record", "\"int\"", HW_AVRO_LOGICAL_NONE},
};

static void maps_are_arrays_of_pairs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        HW_AUTO(hw_buf) json = {0};
        assert_ok(
            hw_buf_printf(&json, &err, "{\"type\":\"array\",\"logicalType\":\"map\",\"items\":%s}", pairs[i].items),
            err);
        assert_ok(hw_avro_schema_read(&schema, hw_buf_view(&json), &err), err);
        assert_row_int(pairs[i].name, schema.root->logical, pairs[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logical_types_make_columns),
        cmocka_unit_test(invalid_ones_are_the_underlying_type),
        cmocka_unit_test(enums_are_labelled),
        cmocka_unit_test(maps_are_arrays_of_pairs),
    };
    return cmocka_run_group_tests_name("avro/logical", tests, NULL, NULL);
}
