/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_table.h"

#include "support/rows.h"

/* Texts of one column, and how the table shows them. */
static const struct {
    const char *name;
    const char *text;
    const char *shown;
} cells[] = {
    {"plain", "abc", "abc"},
    {"umlauts count once", "\xc3\xa4\xc3\xb6", "\xc3\xa4\xc3\xb6"},
    {"a control character", "a\x1b[0m", "a\\x1b[0m"},
    {"a newline", "a\nb",
     "a\\x0a"
     "b"},
    {"DEL", "\x7f", "\\x7f"},
    {"a control character beyond ASCII", "\xc2\x85", "\\xc2\\x85"},
    {"no UTF-8", "\xff", "\\xff"},
    {"40 characters", "0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789"},
    {"41 characters", "01234567890123456789012345678901234567890",
     "012345678901234567890123456789012345678\xe2\x80\xa6"},
    {"an escape that is cut",
     "01234567890123456789012345678901234567\x1b"
     "9",
     "01234567890123456789012345678901234567\xe2\x80\xa6"},
};

static void cells_are_harmless_and_short(void **state) {
    (void)state;
    struct hw_field field = {.name = "c", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema schema = {&field, 1};
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        const int32_t offsets[] = {0, (int32_t)strlen(cells[i].text)};
        const struct hw_column column = {.offsets = offsets, .data = cells[i].text};
        const struct hw_batch batch = {&schema, 1, &column, NULL};
        struct hw_row_table table;
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_row_table_init(&table, &schema, HW_BINARY_HEX, &err), err);
        assert_ok(hw_row_table_write(&table, &out, &err), err);
        hw_buf_clear(&out);
        assert_ok(hw_row_table_add(&table, &batch, 0, &err), err);
        assert_ok(hw_row_table_write(&table, &out, &err), err);
        assert_row_bytes(cells[i].name, out.data, out.size - 1, cells[i].shown, strlen(cells[i].shown));
        hw_buf_release(&out);
        hw_row_table_release(&table);
    }
}

static const int32_t offsets[] = {0, 4, 4, 10};
static const uint8_t valid[] = {0x05};
static const int8_t numbers[] = {1, -20, 3};
static const int32_t list_offsets[] = {0, 1, 1, 3};
static const struct hw_field item = {.name = "element", .type = {.kind = HW_KIND_INT8}};
static struct hw_field fields[] = {
    {.name = "text", .type = {.kind = HW_KIND_TEXT}},
    {.name = "number", .type = {.kind = HW_KIND_INT8}},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &item, .children_count = 1},
};
static const struct hw_schema schema = {fields, 3};
static const struct hw_column item_column = {.values = numbers, .length = 3};
static const struct hw_column columns[] = {
    {.offsets = offsets, .data = "abcdlonger", .validity = valid, .null_count = 1},
    {.values = numbers},
    {.offsets = list_offsets, .children = &item_column},
};
static const struct hw_batch batch = {&schema, 3, columns, NULL};

/* The widths are those of the rows before the first writing. */
static void columns_are_aligned(void **state) {
    (void)state;
    static const char want[] = "text  number  l\n"
                               "----  ------  ---\n"
                               "abcd       1  [1]\n"
                               "null     -20  []\n"
                               "longer       3  [-20,3]\n";
    struct hw_row_table table;
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_row_table_init(&table, &schema, HW_BINARY_HEX, &err), err);
    assert_ok(hw_row_table_add(&table, &batch, 0, &err), err);
    assert_ok(hw_row_table_add(&table, &batch, 1, &err), err);
    assert_ok(hw_row_table_write(&table, &out, &err), err);
    assert_ok(hw_row_table_add(&table, &batch, 2, &err), err);
    assert_ok(hw_row_table_write(&table, &out, &err), err);
    assert_ok(hw_row_table_write(&table, &out, &err), err);
    assert_row_bytes("table", out.data, out.size, want, sizeof(want) - 1);
    hw_buf_release(&out);
    hw_row_table_release(&table);
}

static void failures_name_the_column(void **state) {
    (void)state;
    struct hw_field field = {.name = "b", .type = {.kind = HW_KIND_BINARY}};
    const struct hw_schema one = {&field, 1};
    const int32_t ends[] = {0, 1};
    const struct hw_column column = {.offsets = ends, .data = "\xff"};
    struct hw_row_table table;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_row_table_init(&table, &one, HW_BINARY_UTF8, &err), err);
    assert_int_equal(hw_row_table_add(&table, &(struct hw_batch){&one, 1, &column, NULL}, 0, &err), HW_EDATA);
    assert_string_equal(err.column, "b");
    hw_row_table_release(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_harmless_and_short),
        cmocka_unit_test(columns_are_aligned),
        cmocka_unit_test(failures_name_the_column),
    };
    return cmocka_run_group_tests_name("table/row_table", tests, NULL, NULL);
}
