/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/summary.h"

#include "support/rows.h"

static void people_get_one_line(void **state) {
    (void)state;
    static const struct {
        struct hw_summary summary;
        const char *want;
    } rows[] = {
        {{.objects = 1, .planned = "copied"}, "1 object would be copied"},
        {{.objects = 1, .none = "none copied", .has_rows = true, .notes = {{"failed", 1}}},
         "1 object, none copied (failed: 1)"},
        {{.objects = 2, .done = "removed", .bytes_in = 1200000, .seconds = 0.3, .notes = {{"failed", 1}}},
         "2 objects removed, 1.2 MB, 0.3 s (failed: 1)"},
        {{.objects = 1, .has_rows = true, .rows = 1}, "1 object, 1 row, 0 B, 0 B/s, 0.0 s"},
        {{.objects = 2, .planned = "copied", .notes = {{"skipped", 3}}}, "2 objects would be copied (skipped: 3)"},
        {{.objects = 1,
          .has_rows = true,
          .has_output = true,
          .rows = 30,
          .bytes_in = 1200000,
          .bytes_out = 345000,
          .seconds = 0.3},
         "1 object, 30 rows, 1.2 MB -> 345 kB, 4.0 MB/s, 0.3 s"},
        {{.objects = 2, .bytes_in = 5000, .seconds = 2}, "2 objects, 5.0 kB, 2.5 kB/s, 2.0 s"},
        {{.objects = 1, .bytes_in = 9000, .bytes_copied = 8000, .seconds = 2},
         "1 object, 9.0 kB (8.0 kB copied by the service), 4.5 kB/s, 2.0 s"},
        {{.objects = 2, .has_rows = true, .notes = {{"skipped", 2}}},
         "2 objects, 0 rows, 0 B, 0 B/s, 0.0 s (skipped: 2)"},
        {{.objects = 5, .seconds = 1, .notes = {{"skipped", 0}, {"failed", 2}, {"rejected rows", 3}}},
         "5 objects, 0 B, 0 B/s, 1.0 s (failed: 2, rejected rows: 3)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_SUMMARY_TEXT_BYTES];
        assert_row_text(rows[i].want, hw_summary_text(&rows[i].summary, out), rows[i].want);
    }
}

static void nothing_is_told_apart_from_failures(void **state) {
    (void)state;
    assert_string_equal(hw_summary_none(0), "nothing to do");
    assert_string_equal(hw_summary_none(1), "nothing done");
}

static void what_does_not_fit_is_cut_off(void **state) {
    (void)state;
    static const char name[] = "a name of forty-odd letters, which is much";
    struct hw_summary summary = {.objects = UINT64_MAX};
    char out[HW_SUMMARY_TEXT_BYTES];
    for (size_t i = 0; i < HW_SUMMARY_NOTES_MAX; i++) {
        summary.notes[i] = (struct hw_summary_note){name, UINT64_MAX};
    }
    hw_summary_text(&summary, out);
    assert_int_equal(strlen(out), sizeof(out) - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_get_one_line),
        cmocka_unit_test(nothing_is_told_apart_from_failures),
        cmocka_unit_test(what_does_not_fit_is_cut_off),
    };
    return cmocka_run_group_tests_name("cli/summary", tests, NULL, NULL);
}
