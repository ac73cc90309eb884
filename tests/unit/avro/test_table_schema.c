/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/table_schema.h"

#include "avro/schema_read.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/schema_text.h"

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"r\",\"fields\":[" fields "]}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":" type "}"

/* The types of the contract of reading, and unions as parquet-avro's convention has them. */
static const struct {
    const char *json;
    const char *want;
} rows[] = {
    {RECORD(FIELD("a", "\"long\"") "," FIELD("b", "[\"null\",\"string\"]") "," FIELD("c", "[\"string\",\"null\"]")),
     "a:int64! b:text c:text"},
    {RECORD(""), ""},
    {"\"long\"", "value:int64!"},
    {"\"null\"", "value:null"},
    {"[\"null\",\"long\"]", "value:int64"},
    {"{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]}", "value:enum!"},
    {"{\"type\":\"array\",\"items\":[\"null\",\"int\"]}", "value:list!{element:int32}"},
    {"{\"type\":\"array\",\"items\":\"int\",\"element-id\":5}", "value:list!{element:int32![PARQUET:field_id=5]}"},
    {"{\"type\":\"map\",\"values\":\"int\",\"key-id\":6,\"value-id\":7}",
     "value:map!{key_value:struct!{key:text![PARQUET:field_id=6] value:int32![PARQUET:field_id=7]}}"},
    {RECORD(FIELD("a", "[\"null\","
                       "{\"type\":\"record\",\"name\":\"s\",\"fields\":[{\"name\":\"x\",\"type\":\"int\","
                       "\"field-id\":-3}]}]")),
     "a:struct{x:int32![PARQUET:field_id=-3]}"},
    {RECORD(FIELD("a", "[\"int\",\"string\"]")), "a:struct!{member0:int32 member1:text}[hawser:union=1]"},
    {RECORD(FIELD("a", "[\"int\",\"null\",\"string\"]")), "a:struct{member0:int32 member1:text}[hawser:union=1]"},
    {RECORD(FIELD("a", "[\"int\"]")), "a:int32!"},
    {RECORD(FIELD("a", "[\"null\"]")), "a:null"},
    {"{\"type\":\"array\",\"logicalType\":\"map\",\"items\":" RECORD(
         FIELD("key", "\"int\"") "," FIELD("value", "[\"null\",\"int\"]")) "}",
     "value:map!{key_value:struct!{key:int32! value:int32}}"},
    {RECORD("{\"name\":\"u\",\"field-id\":9,\"type\":[\"int\",\"long\"]}"),
     "u:struct!{member0:int32 member1:int64}[hawser:union=1][PARQUET:field_id=9]"},
};

static void columns_are_those_of_the_contract(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_schema_tree) schema = {0};
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_schema table;
        assert_ok(hw_avro_schema_read(&schema, hw_view_of(rows[i].json), &err), err);
        assert_ok(hw_avro_table_schema(schema.root, &arena, &table, &err), err);
        assert_row_text(rows[i].json, schema_text(&table, &text), rows[i].want);
    }
}

static void no_memory_is_no_table(void **state) {
    (void)state;
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    bool fired = true;
    assert_int_equal(hw_avro_schema_read(&schema, hw_view_of(rows[COUNT_OF(rows) - 1].json), NULL), HW_OK);
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_schema table;
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_avro_table_schema(schema.root, &arena, &table, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_row_int("status", status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_contract),
        cmocka_unit_test(no_memory_is_no_table),
    };
    return cmocka_run_group_tests_name("avro/table_schema", tests, NULL, NULL);
}
