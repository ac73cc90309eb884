/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/select.h"

#include "avro/schema_read.h"
#include "avro/table_schema.h"
#include "support/rows.h"
#include "support/schema_text.h"

static const char file_schema[] =
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"s\","
    "\"type\":{\"type\":\"record\",\"name\":\"s\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"},{\"name\""
    ":\"y\",\"type\":\"string\"}]}},{\"name\":\"o\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"o"
    "\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"string\"}]}]},{\"name\":"
    "\"l\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"l\",\"fields\":[{\"name"
    "\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"string\"}]}}},{\"name\":\"m\",\"type\":{\"type"
    "\":\"map\",\"values\":[{\"type\":\"record\",\"name\":\"m\",\"fields\":[{\"name\":\"x\",\"type\":\"in"
    "t\"},{\"name\":\"y\",\"type\":\"string\"}]},\"null\"]}},{\"name\":\"p\",\"type\":{\"type\":\"array\""
    ",\"logicalType\":\"map\",\"items\":{\"type\":\"record\",\"name\":\"p\",\"fields\":[{\"name\":\"key\""
    ",\"type\":\"int\"},{\"name\":\"value\",\"type\":{\"type\":\"record\",\"name\":\"v\",\"fields\":[{\"n"
    "ame\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"string\"}]}}]}}},{\"name\":\"u\",\"type\":["
    "\"int\",\"string\"]}]}";

static const struct {
    const char *list;
    const char *want;
} rows[] = {
    {"a", "a:int64!"},
    {"s,a", "s:struct!{x:int32! y:text!} a:int64!"},
    {"s.y", "s:struct!{y:text!}"},
    {"s.y,a,s.x", "s:struct!{y:text! x:int32!} a:int64!"},
    {"o.x", "o:struct{x:int32!}"},
    {"l.y", "l:list!{element:struct!{y:text!}}"},
    {"l.list.element.y", "l:list!{element:struct!{y:text!}}"},
    {"m.x", "m:map!{key_value:struct!{key:text! value:struct{x:int32!}}}"},
    {"p.y", "p:map!{key_value:struct!{key:int32! value:struct!{y:text!}}}"},
    {"u", "u:struct!{member0:int32 member1:text}[hawser:union=1]"},
};

static enum hw_status select_text(const char *json, const char *list, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_avro_schema_tree) schema = {0};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_selection) selection = {0};
    const struct hw_avro_type *selected;
    struct hw_schema table;
    HW_TRY(hw_avro_schema_read(&schema, hw_view_of(json), err));
    HW_TRY(hw_avro_table_schema(schema.root, &arena, &table, err));
    HW_TRY(hw_selection_make(&selection, &table, list, err));
    HW_TRY(hw_avro_select(schema.root, &selection, &arena, &selected, err));
    assert_true(selected == schema.root || selected->whole == schema.root);
    HW_TRY(hw_avro_table_schema(selected, &arena, &table, err));
    schema_text(&table, out);
    return HW_OK;
}

static void columns_are_selected(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        assert_ok(select_text(file_schema, rows[i].list, &text, &err), err);
        assert_row_text(rows[i].list, (const char *)text.data, rows[i].want);
    }
}

static void values_that_are_no_records_have_one_column(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    const char *optional_record = "[\"null\",{\"type\":\"record\",\"name\":\"r\",\"fields\":["
                                  "{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"y\",\"type\":\"string\"}]}]";
    assert_ok(select_text("\"int\"", "value", &text, &err), err);
    assert_string_equal((const char *)text.data, "value:int32!");
    assert_ok(select_text(optional_record, "value.y", &text, &err), err);
    assert_string_equal((const char *)text.data, "value:struct{y:text!}");
}

static void unions_are_whole(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(select_text(file_schema, "u.member1", &text, &err), HW_EUNSUPPORTED);
    assert_string_equal(err.message, "a union can only be read with all of its branches");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_selected),
        cmocka_unit_test(values_that_are_no_records_have_one_column),
        cmocka_unit_test(unions_are_whole),
    };
    return cmocka_run_group_tests_name("avro/select", tests, NULL, NULL);
}
