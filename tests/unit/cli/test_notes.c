/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/notes.h"

#include "support/rows.h"
#include "unit/cli/teller_fixture.h"

static const struct hw_note none = {HW_NOTE_NO_HEADER, 1, "a.csv", "no names"};
static const struct hw_note none_later = {HW_NOTE_NO_HEADER, 3, "b.csv", "no names either"};
static const struct hw_note tie = {HW_NOTE_DELIMITER_TIE, 1, "c.csv", "two fit"};
static const struct hw_note tie_later = {HW_NOTE_DELIMITER_TIE, 1, "d.csv", "two fit here"};

static void the_first_of_a_kind_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_run_args args;
        const char *err;
    } rows[] = {
        {"plain",
         {0},
         "hawser: note: a.csv: no names\n"
         "hawser: note: c.csv: two fit\n"
         "hawser: note: 3 other sources: the first record is data\n"
         "hawser: note: 1 other source: another delimiter fits as well (--verbose names them)\n"},
        {"verbose",
         {.verbose = true},
         "hawser: note: a.csv: no names\n"
         "hawser: note: b.csv: no names either\n"
         "hawser: note: c.csv: two fit\n"
         "hawser: note: d.csv: two fit here\n"
         "hawser: note: 3 other sources: the first record is data\n"
         "hawser: note: 1 other source: another delimiter fits as well\n"},
        {"quiet", {.quiet = true}, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct teller_fixture fixture;
        struct hw_notes_told told = {0};
        const struct hw_note *notes[] = {&none, &none_later, &tie, &tie_later};
        teller_fixture_start(&fixture, &rows[i].args);
        hw_notes_tell_more(&told, &fixture.teller);
        for (size_t k = 0; k < COUNT_OF(notes); k++) {
            const struct hw_convert_object object = {.notes = notes[k], .notes_count = 1};
            hw_notes_tell(&told, &fixture.teller, &object);
        }
        hw_notes_tell_more(&told, &fixture.teller);
        assert_row_text(rows[i].name, teller_fixture_written(fixture.errs[0]), rows[i].err);
        teller_fixture_end(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_of_a_kind_is_told)};
    return cmocka_run_group_tests_name("cli/notes", tests, NULL, NULL);
}
