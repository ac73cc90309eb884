/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text_table.h"

#include "support/rows.h"

static const struct hw_text_column columns[] = {{"name", false}, {"rows", true}, {"note", false}};

static void fill(struct hw_text_table *table) {
    static const char *const cells[] = {"a", "1,234", "short", "a longer name", "5", "caf\xc3\xa9 au lait"};
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        assert_int_equal(hw_text_table_cell(table, hw_view_of(cells[i]), NULL), HW_OK);
    }
}

static const struct {
    const char *name;
    size_t width;
    const char *want;
} rows[] = {
    {"as wide as it is", 0,
     "  name            rows  note\n"
     "  a              1,234  short\n"
     "  a longer name      5  caf\xc3\xa9 au lait\n"},
    {"it fits exactly", 36,
     "  name            rows  note\n"
     "  a              1,234  short\n"
     "  a longer name      5  caf\xc3\xa9 au lait\n"},
    {"the widest text is cut", 34,
     "  name          rows  note\n"
     "  a            1,234  short\n"
     "  a longer n\xe2\x80\xa6      5  caf\xc3\xa9 au lait\n"},
    {"8 characters are left of each", 27,
     "  name       rows  note\n"
     "  a         1,234  short\n"
     "  a longe\xe2\x80\xa6      5  caf\xc3\xa9 au\xe2\x80\xa6\n"},
    {"4 are left of each", 1,
     "  name   rows  note\n"
     "  a     1,234  sho\xe2\x80\xa6\n"
     "  a l\xe2\x80\xa6      5  caf\xe2\x80\xa6\n"},
};

static void columns_are_as_wide_as_their_cells(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
        HW_AUTO(hw_buf) out = {0};
        fill(&table);
        assert_int_equal(hw_text_table_write(&table, rows[i].width, &out, NULL), HW_OK);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want, strlen(rows[i].want));
    }
}

static void cells_are_harmless(void **state) {
    (void)state;
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = 1};
    HW_AUTO(hw_buf) out = {0};
    const char want[] = "  name\n  \\x1b[31m\\x00\\xff\n\n";
    assert_int_equal(hw_text_table_cell(&table, HW_VIEW("\x1b[31m\0\xff"), NULL), HW_OK);
    assert_int_equal(hw_text_table_number(&table, -1, NULL), HW_OK);
    assert_int_equal(hw_text_table_write(&table, 0, &out, NULL), HW_OK);
    assert_row_bytes("escaped", out.data, out.size, want, strlen(want));
}

static void numbers_have_commas(void **state) {
    (void)state;
    static const struct {
        int64_t number;
        const char *want;
    } numbers[] = {{0, "0"},
                   {999, "999"},
                   {1000, "1,000"},
                   {123456, "123,456"},
                   {-1234, "-1,234"},
                   {-123, "-123"},
                   {INT64_MIN, "-9,223,372,036,854,775,808"}};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char text[HW_TEXT_NUMBER_BYTES];
        assert_row_text(numbers[i].want, hw_text_number(numbers[i].number, text), numbers[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_wide_as_their_cells),
        cmocka_unit_test(cells_are_harmless),
        cmocka_unit_test(numbers_have_commas),
    };
    return cmocka_run_group_tests_name("cli/text_table", tests, NULL, NULL);
}
