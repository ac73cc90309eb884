/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_json.h"

#include "support/rows.h"

static const int32_t offsets[] = {0, 1, 2};
static const uint8_t valid[] = {0x01};
static struct hw_field fields[] = {{.name = "a \"b\"", .type = {.kind = HW_KIND_TEXT}},
                                   {.name = "c", .type = {.kind = HW_KIND_BINARY}}};
static const struct hw_schema schema = {fields, 2};
static const struct hw_column columns[] = {{.offsets = offsets, .data = "xy", .validity = valid},
                                           {.offsets = offsets, .data = "a\xff"}};
static const struct hw_batch batch = {&schema, 2, columns, NULL};

static void rows_are_objects(void **state) {
    (void)state;
    static const char want[] = "{\"a \\\"b\\\"\":\"x\",\"c\":\"61\"}\n{\"a \\\"b\\\"\":null,\"c\":\"ff\"}\n";
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_row_json_append(HW_BINARY_HEX, &batch, 0, &out, &err), err);
    assert_ok(hw_row_json_append(HW_BINARY_HEX, &batch, 1, &out, &err), err);
    assert_row_bytes("rows", out.data, out.size, want, sizeof(want) - 1);
    hw_buf_release(&out);
}

static void a_row_without_columns_is_empty(void **state) {
    (void)state;
    const struct hw_schema none = {fields, 0};
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_row_json_append(HW_BINARY_HEX, &(struct hw_batch){&none, 1, NULL, NULL}, 0, &out, &err), err);
    assert_row_bytes("row", out.data, out.size, "{}\n", 3);
    hw_buf_release(&out);
}

static void failures_name_the_column_and_leave_nothing(void **state) {
    (void)state;
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_row_json_append(HW_BINARY_UTF8, &batch, 0, &out, &err), err);
    const size_t before = out.size;
    assert_int_equal(hw_row_json_append(HW_BINARY_UTF8, &batch, 1, &out, &err), HW_EDATA);
    assert_string_equal(err.column, "c");
    assert_int_equal(out.size, before);
    hw_buf_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_objects),
        cmocka_unit_test(a_row_without_columns_is_empty),
        cmocka_unit_test(failures_name_the_column_and_leave_nothing),
    };
    return cmocka_run_group_tests_name("table/row_json", tests, NULL, NULL);
}
