/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/record_end_detect.h"

#include "support/rows.h"

static const struct {
    const char *name;
    const char *text;
    char quote;
    char end;
    bool double_cr;
} rows[] = {
    {"nothing", "", '"', '\n', false},
    {"LF", "a\nb\n", '"', '\n', false},
    {"CRLF", "a\r\nb\r\n", '"', '\n', false},
    {"CR", "a\rb\rc", '"', '\r', false},
    {"one record that CR ends", "a,b\r", '"', '\r', false},
    {"CR, and an LF at the end", "a\rb\rc\n", '"', '\r', false},
    {"CR, and LF in quotes", "a,\"x\ny\n\nz\"\rb,\"\n\"\rc,d\r", '"', '\r', false},
    {"LF, and CR in quotes", "a,\"x\ry\r\rz\"\nb,\"\r\"\n", '"', '\n', false},
    {"CR, and doubled quotes", "a;\"x\"\"\n\n\n\"\rb\rc\r", '"', '\r', false},
    {"most are LF", "a\nb\nc\rd\n", '"', '\n', false},
    {"one CR, and an LF at the end", "a\rb\n", '"', '\r', false},
    {"as many of both", "a\nb\r", '"', '\n', false},
    {"CR CR LF", "a\r\r\nb\r\r\n", '"', '\n', true},
    {"most are CR CR LF", "a\r\r\nb\r\r\nc\r\n", '"', '\n', true},
    {"CR CR LF now and then", "a\r\r\nb\r\nc\r\n", '"', '\n', false},
    {"nothing quotes", "a,\"x\ny\nz\"\rb\r", '\0', '\n', false},
    {"a quote that nothing closes", "a\n\"b\nc\nd\n", '"', '\n', false},
    {"a quote within words", "5\" pipe\r6\" pipe\r7\r", '"', '\r', false},
    {"another quote", "a,'\n\n\n'\rb\r", '\'', '\r', false},
};

static void ends_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_end_found end = hw_csv_record_end_detect(hw_view_of(rows[i].text), rows[i].quote);
        assert_row_int(rows[i].name, end.end, rows[i].end);
        assert_row_int(rows[i].name, end.double_cr, rows[i].double_cr);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_are_found)};
    return cmocka_run_group_tests_name("csv/record_end_detect", tests, NULL, NULL);
}
