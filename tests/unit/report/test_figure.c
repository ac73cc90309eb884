/* SPDX-License-Identifier: Apache-2.0 */
#include "report/figure.h"

#include "support/rows.h"

static const struct {
    const char *name;
    struct hw_figure figure;
    const char *want;
} rows[] = {
    {"measured",
     {.whole = true, .count = UINT64_C(5000000000), .unit = "B", .basis = "counted"},
     "{\"a\":{\"value\":5000000000,\"unit\":\"B\",\"kind\":\"measured\",\"basis\":\"counted\"}}\n"},
    {"calculated",
     {.kind = HW_FIGURE_CALCULATED, .real = 0.25, .unit = "s", .basis = "x"},
     "{\"a\":{\"value\":0.25,\"unit\":\"s\",\"kind\":\"calculated\",\"basis\":\"x\"}}\n"},
    {"estimated, and unknown",
     {.kind = HW_FIGURE_ESTIMATED, .unknown = true, .real = 7, .unit = "USD", .basis = "not measured"},
     "{\"a\":{\"value\":null,\"unit\":\"USD\",\"kind\":\"estimated\",\"basis\":\"not measured\"}}\n"},
    {"a basis of two parts",
     {.kind = HW_FIGURE_ESTIMATED, .real = 1, .unit = "s", .basis_lead = "by hand: ", .basis = "x"},
     "{\"a\":{\"value\":1.0,\"unit\":\"s\",\"kind\":\"estimated\",\"basis\":\"by hand: x\"}}\n"},
};

static void a_figure_says_how_it_was_come_by(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        hw_json_object_begin(&json, NULL);
        hw_figure_write(&json, "a", &rows[i].figure);
        hw_json_object_end(&json);
        assert_ok(hw_json_end_text(&json, &err), err);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want, strlen(rows[i].want));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_figure_says_how_it_was_come_by)};
    return cmocka_run_group_tests_name("report/figure", tests, NULL, NULL);
}
