/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/preamble.h"

#include "csv/scan.h"
#include "support/rows.h"
#include "unit/csv/text.h"

static void lines_are_counted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view text;
        uint64_t want;
    } rows[] = {
        {"nothing", HW_VIEW_INIT(""), 0},
        {"a header", HW_VIEW_INIT("a,b\n1,2\n"), 0},
        {"a blank line before it", HW_VIEW_INIT("\na,b\n1,2\n"), 1},
        {"one column", HW_VIEW_INIT("a\nb\nc\n"), 0},
        {"a title", HW_VIEW_INIT("Report\na,b\n1,2\n"), 1},
        {"a title with a delimiter", HW_VIEW_INIT("Report, 2024\na,b,c\n1,2,3\n"), 1},
        {"several lines, some of them blank", HW_VIEW_INIT("Report\r\n\r\nof today\r\n\r\na,b\r\n1,2\r\n"), 4},
        {"a line end in quotes", HW_VIEW_INIT("\"two\nlines\"\na,b\n1,2\n"), 2},
        {"a comment", HW_VIEW_INIT("Report\n#x,y\na,b\n1,2\n"), 2},
        {"a bad record among good ones", HW_VIEW_INIT("Report\na,b\n1,2\n3,4\n5,6\n7\n8,9\n"), 1},
        {"too many bad ones", HW_VIEW_INIT("Report\na,b\n1,2\n3,4\n5\n6\n"), 0},
        {"one record of the kind", HW_VIEW_INIT("Report\na,b\n"), 0},
    };
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .comment = '#', .end = '\n'};
        struct hw_error err = HW_ERROR_INIT;
        const hw_view text = text_put(&room, rows[i].text, 0, ',');
        assert_ok(hw_csv_index_run(&index, &dialect, text.data, text.size, true, &err), err);
        assert_row_int(rows[i].name, hw_csv_preamble_lines(&index, &dialect, text), rows[i].want);
        dialect.prefix_lines = 3;
        assert_row_int(rows[i].name, hw_csv_preamble_lines(&index, &dialect, text),
                       rows[i].want > 0 ? rows[i].want + 3 : 0);
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_counted)};
    return cmocka_run_group_tests_name("csv/preamble", tests, NULL, NULL);
}
