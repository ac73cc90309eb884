/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_words.h"

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/cli/sample_commands.h"

static const char *text_of(struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static const struct hw_choice two[] = {{"snappy", 1}, {"zstd", 2}, {NULL, 0}};
static const struct hw_choice one[] = {{"null", 1}, {NULL, 0}};
static const struct hw_choice none[] = {{NULL, 0}};

static void candidates_are_choices_or_files(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_option option;
        enum hw_candidates want;
    } rows[] = {
        {"a flag", {.type = HW_OPTION_FLAG}, HW_CANDIDATES_NONE},
        {"a text", {.type = HW_OPTION_TEXT, .arg = "JSON"}, HW_CANDIDATES_NONE},
        {"a file", {.type = HW_OPTION_TEXT, .arg = "FILE"}, HW_CANDIDATES_FILES},
        {"what begins like it", {.type = HW_OPTION_TEXT, .arg = "FILES"}, HW_CANDIDATES_NONE},
        {"a choice", {.type = HW_OPTION_CHOICE, .choices = two}, HW_CANDIDATES_CHOICES},
        {"choices go before a file", {.type = HW_OPTION_CHOICES, .arg = "FILE", .choices = two}, HW_CANDIDATES_CHOICES},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_completion_candidates(&rows[i].option), rows[i].want);
    }
}

static void choices_stand_between_spaces(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const struct hw_choice *choices;
        const char *want;
    } rows[] = {
        {"none", none, "=; "},
        {"one", one, "=null; "},
        {"two", two, "=snappy zstd; "},
        {"the shells", hw_completion_shells, "=bash zsh fish; "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_buf_append_text(&out, "=", &err), err); /* what is there stays */
        assert_ok(hw_completion_choices(&out, rows[i].choices, &err), err);
        assert_ok(hw_buf_append_text(&out, "; ", &err), err);
        assert_row_text(rows[i].name, text_of(&out), rows[i].want);
    }
}

/* sample_commands.h has the commands. */
static void words_follow_those_of_a_group(void **state) {
    (void)state;
    static const struct {
        const char *group;
        const char *want;
    } rows[] = {
        {"", "load mongo worker help"},
        {"mongo", "export import"},
        {"worker", "tasks sqs"},
        {"worker sqs", "redrive"},
        {"load", ""},
        {"mong", ""},
        {"export", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_completion_following(&out, &sample_commands, hw_view_of(rows[i].group), &err), err);
        assert_row_text(rows[i].group, text_of(&out), rows[i].want);
    }
}

static void a_summary_is_the_commands_or_the_groups(void **state) {
    (void)state;
    static const struct {
        const char *group;
        const char *word;
        const char *want;
    } rows[] = {
        {"", "load", "Loads a thing"},
        {"", "mongo", "Commands: export import"},
        {"", "worker", "Commands: tasks sqs"},
        {"mongo", "export", "Exports it's collections: all"},
        {"worker", "sqs", "Takes messages"}, /* a command, though it is a group as well */
        {"worker sqs", "redrive", "Sends messages back"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_commands_word word = {0};
        size_t at = 0;
        do {
            assert_true(hw_commands_next(&sample_commands, hw_view_of(rows[i].group), &at, &word));
        } while (word.word.size != strlen(rows[i].word) || memcmp(word.word.data, rows[i].word, word.word.size) != 0);
        assert_ok(hw_completion_summary(&out, &sample_commands, &word, &err), err);
        assert_row_text(rows[i].word, text_of(&out), rows[i].want);
    }
}

static void a_line_ends_at_the_first_stop(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"", ""},
        {"No stop", "No stop"},
        {"A full stop.", "A full stop"},
        {"A full stop. And more.", "A full stop"},
        {"A colon: more", "A colon"},
        {"A semicolon; more. End.", "A semicolon"},
        {"A comma, and more", "A comma, and more"},
        {"1.5 s, s3://bucket, x.csv. More", "1.5 s, s3://bucket, x.csv"}, /* in words */
        {".", ""},
        {"Dots... more", "Dots.."},
        {"A tab.\tmore", "A tab.\tmore"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const hw_view line = hw_completion_line(rows[i].text);
        assert_row_bytes(rows[i].text, line.data, line.size, rows[i].want, strlen(rows[i].want));
        assert_row_int(rows[i].text, line.data == rows[i].text, true);
    }
}

static void characters_are_spelled_as_the_table_says(void **state) {
    (void)state;
    static const struct hw_spelling quotes[] = {{'\'', "'\\''"}, {'[', "\\["}, {'x', ""}, {0, NULL}};
    static const struct hw_spelling nothing[] = {{0, NULL}};
    static const struct {
        const char *name;
        hw_view text;
        const struct hw_spelling *spellings;
        hw_view want;
    } rows[] = {
        {"empty", {"", 0}, quotes, {"", 0}},
        {"nothing to spell", {"a b", 3}, quotes, {"a b", 3}},
        {"the first of the table", {"it's", 4}, quotes, {"it'\\''s", 7}},
        {"each", {"[''", 3}, quotes, {"\\['\\'''\\''", 10}},
        {"left out", {"axb", 3}, quotes, {"ab", 2}},
        {"an empty table", {"['x", 3}, nothing, {"['x", 3}},
        {"a view ends before its text", {"abc", 2}, quotes, {"ab", 2}},
        {"a NUL is no end of a table", {"a\0b", 3}, quotes, {"a\0b", 3}},
        {"beyond ASCII", {"\xc3\xa9", 2}, quotes, {"\xc3\xa9", 2}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_completion_spell(&out, rows[i].text, rows[i].spellings, &err), err);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want.data, rows[i].want.size);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct hw_spelling nothing[] = {{0, NULL}};
    static const char *const names[] = {"choices", "following", "summary", "summary of a group", "spell"};
    const struct hw_commands_word command = {.cmd = sample_commands.rows[0]};
    const struct hw_commands_word group = {.name = HW_VIEW("mongo")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct alloc_fault fault;
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, 0);
        const enum hw_status status = i == 0   ? hw_completion_choices(&out, two, &err)
                                      : i == 1 ? hw_completion_following(&out, &sample_commands, HW_VIEW(""), &err)
                                      : i == 2 ? hw_completion_summary(&out, &sample_commands, &command, &err)
                                      : i == 3 ? hw_completion_summary(&out, &sample_commands, &group, &err)
                                               : hw_completion_spell(&out, HW_VIEW("a"), nothing, &err);
        hw_buf_release(&out);
        assert_true(alloc_fault_end(&fault));
        assert_row_int(names[i], status, HW_ENOMEM);
        assert_row_says(names[i], err.message, "out of memory");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candidates_are_choices_or_files), cmocka_unit_test(choices_stand_between_spaces),
        cmocka_unit_test(words_follow_those_of_a_group),   cmocka_unit_test(a_summary_is_the_commands_or_the_groups),
        cmocka_unit_test(a_line_ends_at_the_first_stop),   cmocka_unit_test(characters_are_spelled_as_the_table_says),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/completion_words", tests, NULL, NULL);
}
