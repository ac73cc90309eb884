/* SPDX-License-Identifier: Apache-2.0 */
#include "table/notes.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static void kinds_have_words(void **state) {
    (void)state;
    assert_string_equal(hw_note_word(HW_NOTE_NO_HEADER), "no_header");
    assert_string_equal(hw_note_word(HW_NOTE_HEADER_DOUBTFUL), "header_doubtful");
    assert_string_equal(hw_note_word(HW_NOTE_DELIMITER_TIE), "delimiter_tie");
}

/* Whatever order inputs come in, the first in their own order is told, and all are counted. */
static void the_first_input_is_told(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c"};
    static const size_t orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_notes all = {0};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t k = 0; k < 3; k++) {
            HW_AUTO(hw_arena) own = {0};
            const size_t input = orders[i][k];
            struct hw_notes one = {0};
            assert_ok(hw_notes_add(&one, HW_NOTE_DELIMITER_TIE, &own, &err, "of %s", names[input]), err);
            assert_ok(hw_notes_merge(&all, &one, names[input], input, &arena, &err), err);
        }
        assert_int_equal(all.of[HW_NOTE_NO_HEADER].texts, 0);
        assert_int_equal(all.of[HW_NOTE_DELIMITER_TIE].texts, 3);
        assert_int_equal(all.of[HW_NOTE_DELIMITER_TIE].kind, HW_NOTE_DELIMITER_TIE);
        assert_string_equal(all.of[HW_NOTE_DELIMITER_TIE].source, "a");
        assert_string_equal(all.of[HW_NOTE_DELIMITER_TIE].text, "of a");
    }
}

static void note_write(void *ctx, const struct hw_note *note) {
    char *text = ctx;
    snprintf(text + strlen(text), 100 - strlen(text), "%s %s %s;", hw_note_word(note->kind), note->source, note->text);
}

static void each_note_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_notes notes = {0};
    struct hw_error err = HW_ERROR_INIT;
    char text[100] = "";
    hw_notes_each(&notes, "x", note_write, text);
    assert_string_equal(text, "");
    assert_ok(hw_notes_add(&notes, HW_NOTE_DELIMITER_TIE, &arena, &err, "second"), err);
    assert_ok(hw_notes_add(&notes, HW_NOTE_NO_HEADER, &arena, &err, "first"), err);
    hw_notes_each(&notes, "x", note_write, text);
    assert_string_equal(text, "no_header x first;delimiter_tie x second;");
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct alloc_fault fault;
    struct hw_arena arena = {0};
    struct hw_notes notes = {0};
    struct hw_notes more = {.of[HW_NOTE_NO_HEADER] = {.texts = 1, .text = "a"}};
    struct hw_error err = HW_ERROR_INIT;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_notes_add(&notes, HW_NOTE_NO_HEADER, &arena, &err, "a"), HW_ENOMEM);
    alloc_fault_end(&fault);
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_notes_merge(&notes, &more, "x", 0, &arena, &err), HW_ENOMEM);
    alloc_fault_end(&fault);
    assert_int_equal(notes.of[HW_NOTE_NO_HEADER].texts, 0);
    hw_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_words),
        cmocka_unit_test(the_first_input_is_told),
        cmocka_unit_test(each_note_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/notes", tests, NULL, NULL);
}
