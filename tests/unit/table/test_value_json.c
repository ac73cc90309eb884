/* SPDX-License-Identifier: Apache-2.0 */
#include "table/value_json.h"

#include <math.h>

#include "support/rows.h"

static void json_check(const char *name, const struct hw_field *field, const struct hw_column *column, size_t row,
                       const char *want) {
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_value_json_append(HW_BINARY_HEX, field, column, row, &out, &err), err);
    assert_row_bytes(name, out.data, out.size, want, strlen(want));
    hw_buf_release(&out);
}

static void numbers_stand_without_quotes(void **state) {
    (void)state;
    const uint64_t big = UINT64_MAX;
    const double doubles[] = {0.5, INFINITY, -INFINITY, NAN};
    const float single = 0.1f;
    const uint8_t bits = 1;
    const struct hw_column column = {.values = doubles};
    const struct hw_field real = {.name = "a", .type = {.kind = HW_KIND_DOUBLE}};
    json_check("uint64", &(struct hw_field){.type = {.kind = HW_KIND_UINT64}}, &(struct hw_column){.values = &big}, 0,
               "18446744073709551615");
    json_check("float", &(struct hw_field){.type = {.kind = HW_KIND_FLOAT}}, &(struct hw_column){.values = &single}, 0,
               "0.1");
    json_check("bool", &(struct hw_field){.type = {.kind = HW_KIND_BOOL}}, &(struct hw_column){.values = &bits}, 0,
               "true");
    json_check("double", &real, &column, 0, "0.5");
    json_check("inf", &real, &column, 1, "\"inf\"");
    json_check("-inf", &real, &column, 2, "\"-inf\"");
    json_check("nan", &real, &column, 3, "\"nan\"");
}

static void all_else_is_text(void **state) {
    (void)state;
    const int32_t day = 0;
    const int32_t cents = -50;
    const int32_t offsets[] = {0, 7};
    const struct hw_type decimal = {.kind = HW_KIND_DECIMAL32, .precision = 9, .scale = 2};
    const struct hw_column bytes = {.offsets = offsets, .data = "{\"a\":\n}"};
    json_check("date", &(struct hw_field){.type = {.kind = HW_KIND_DATE}}, &(struct hw_column){.values = &day}, 0,
               "\"1970-01-01\"");
    json_check("decimal", &(struct hw_field){.type = decimal}, &(struct hw_column){.values = &cents}, 0, "\"-0.50\"");
    json_check("JSON is text", &(struct hw_field){.type = {.kind = HW_KIND_TEXT, .label = HW_LABEL_JSON}}, &bytes, 0,
               "\"{\\\"a\\\":\\n}\"");
    json_check("binary", &(struct hw_field){.type = {.kind = HW_KIND_BINARY}}, &bytes, 0, "\"7b2261223a0a7d\"");
    json_check("null", &(struct hw_field){.type = {.kind = HW_KIND_NULL}}, &(struct hw_column){0}, 0, "null");
}

/* Rows of {"x": [1, null], "y": {"k": "v"} as a map}, in columns that begin behind a slot. */
static void nested_values_are_objects_and_lists(void **state) {
    (void)state;
    static const int32_t numbers[] = {9, 1, 0, 2};
    static const uint8_t numbers_valid[] = {0x0b};
    static const int32_t list_offsets[] = {0, 0, 2, 2, 3};
    static const uint8_t lists_valid[] = {0x0b};
    static const int32_t key_offsets[] = {0, 1, 2, 3};
    static const int32_t map_offsets[] = {0, 1, 3, 3, 3};
    static const uint8_t structs_valid[] = {0x0e};
    static const struct hw_field number = {.name = "element", .type = {.kind = HW_KIND_INT32}};
    static const struct hw_field entry_fields[] = {{.name = "keys", .type = {.kind = HW_KIND_TEXT}},
                                                   {.name = "values", .type = {.kind = HW_KIND_NULL}}};
    static const struct hw_field entry = {
        .name = "entries", .type = {.kind = HW_KIND_STRUCT}, .children = entry_fields, .children_count = 2};
    static const struct hw_field fields[] = {
        {.name = "x", .type = {.kind = HW_KIND_LIST}, .children = &number, .children_count = 1},
        {.name = "y\"", .type = {.kind = HW_KIND_MAP}, .children = &entry, .children_count = 1}};
    static const struct hw_field row = {
        .name = "row", .type = {.kind = HW_KIND_STRUCT}, .children = fields, .children_count = 2};
    const struct hw_column number_column = {
        .null_count = 1, .validity = numbers_valid, .values = numbers, .offset = 1, .length = 3};
    const struct hw_column entry_columns[] = {{.offsets = key_offsets, .data = "abc", .length = 3}, {.length = 3}};
    const struct hw_column entry_column = {.children = entry_columns, .length = 3};
    const struct hw_column columns[] = {
        {.null_count = 1, .validity = lists_valid, .offsets = list_offsets, .children = &number_column, .length = 4},
        {.offsets = map_offsets, .children = &entry_column, .length = 4}};
    const struct hw_column struct_column = {
        .null_count = 0, .validity = structs_valid, .children = columns, .offset = 1, .length = 3};
    json_check("the first", &row, &struct_column, 0,
               "{\"x\":[1,null],\"y\\\"\":[{\"key\":\"b\",\"value\":null},{\"key\":\"c\",\"value\":null}]}");
    json_check("a null list", &row, &struct_column, 1, "{\"x\":null,\"y\\\"\":[]}");
    json_check("the last", &row, &struct_column, 2, "{\"x\":[2],\"y\\\"\":[]}");
    json_check("a null struct", &row, &(struct hw_column){.validity = structs_valid, .children = columns}, 0, "null");
}

static void unions_are_the_value_of_a_branch(void **state) {
    (void)state;
    static const int8_t numbers[] = {1, 2, 3};
    static const uint8_t numbers_valid[] = {0x01};
    static const int32_t offsets[] = {0, 0, 1, 1};
    static const uint8_t texts_valid[] = {0x02};
    static const struct hw_key_value pair = {.key = HW_META_UNION, .value = ""};
    static const struct hw_field members[] = {{.name = "member0", .type = {.kind = HW_KIND_INT8}},
                                              {.name = "member1", .type = {.kind = HW_KIND_TEXT}}};
    static const struct hw_field field = {.name = "u",
                                          .type = {.kind = HW_KIND_STRUCT},
                                          .children = members,
                                          .children_count = 2,
                                          .metadata = &pair,
                                          .metadata_count = 1};
    const struct hw_column columns[] = {{.values = numbers, .validity = numbers_valid, .null_count = 2},
                                        {.offsets = offsets, .data = "t", .validity = texts_valid, .null_count = 2}};
    const struct hw_column column = {.children = columns, .length = 3};
    json_check("a number", &field, &column, 0, "1");
    json_check("a text", &field, &column, 1, "\"t\"");
    json_check("none", &field, &column, 2, "null");
}

static void lists_may_be_of_one_length_or_large(void **state) {
    (void)state;
    static const int8_t numbers[] = {1, 2, 3, 4};
    static const int64_t offsets[] = {0, 3, 4};
    static const struct hw_field number = {.name = "element", .type = {.kind = HW_KIND_INT8}};
    static const struct hw_field fixed = {
        .name = "a", .type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, .children = &number, .children_count = 1};
    static const struct hw_field large = {
        .name = "a", .type = {.kind = HW_KIND_LARGE_LIST}, .children = &number, .children_count = 1};
    const struct hw_column child = {.values = numbers, .length = 4};
    json_check("fixed", &fixed, &(struct hw_column){.children = &child, .offset = 1}, 0, "[3,4]");
    json_check("large", &large, &(struct hw_column){.large_offsets = offsets, .children = &child}, 0, "[1,2,3]");
}

static void dictionaries_may_have_nulls(void **state) {
    (void)state;
    static const int8_t indices[] = {1, 0};
    static const uint8_t valid[] = {0x01};
    static const int8_t values[] = {7, 8};
    static const struct hw_field value = {.name = "", .type = {.kind = HW_KIND_INT8}};
    static const struct hw_field field = {
        .name = "a", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &value};
    const struct hw_column dictionary = {.validity = valid, .values = values, .length = 2};
    const struct hw_column column = {.values = indices, .dictionary = &dictionary};
    json_check("a null value", &field, &column, 0, "null");
    json_check("a value", &field, &column, 1, "7");
}

static void failures_are_passed_on(void **state) {
    (void)state;
    const int32_t offsets[] = {0, 1};
    const struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_BINARY}};
    const struct hw_column column = {.offsets = offsets, .data = "\xff"};
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_value_json_append(HW_BINARY_UTF8, &field, &column, 0, &out, &err), HW_EDATA);
    struct hw_buf full = {.limit = 2};
    assert_int_equal(hw_json_text_append(HW_VIEW("abc"), &full, &err), HW_ELIMIT);
    hw_buf_release(&out);
    hw_buf_release(&full);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_without_quotes),
        cmocka_unit_test(all_else_is_text),
        cmocka_unit_test(nested_values_are_objects_and_lists),
        cmocka_unit_test(lists_may_be_of_one_length_or_large),
        cmocka_unit_test(unions_are_the_value_of_a_branch),
        cmocka_unit_test(dictionaries_may_have_nulls),
        cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests_name("table/value_json", tests, NULL, NULL);
}
