/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/cli/sample_commands.h"

enum { WORDS_MAX = 5 };

static size_t words_count(const char *const *words) {
    size_t count = 0;
    while (count < WORDS_MAX && words[count]) {
        count++;
    }
    return count;
}

static void the_longest_name_is_found(void **state) {
    (void)state;
    static const struct {
        const char *words[WORDS_MAX];
        const char *name; /* NULL: no command */
        const char *group;
        size_t used;
    } rows[] = {
        {{NULL}, NULL, "", 0},
        {{"load", "x"}, "load", "", 1},
        {{"load"}, "load", "", 1},
        {{"loader"}, NULL, "", 0},
        {{"loa"}, NULL, "", 0},
        {{""}, NULL, "", 0},
        {{"mongo"}, NULL, "mongo", 1},
        {{"mongo", "exprot"}, NULL, "mongo", 1},
        {{"mongo", "export", "x"}, "mongo export", "mongo", 2},
        {{"mongo export"}, NULL, "", 0},
        {{"export"}, NULL, "", 0},
        {{"worker", "sqs"}, "worker sqs", "worker sqs", 2},
        {{"worker", "sqs", "out/", "redrive"}, "worker sqs", "worker sqs", 2},
        {{"worker", "sqs", "redrive", "a"}, "worker sqs redrive", "worker sqs", 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *row = rows[i].words[0] ? rows[i].words[0] : "nothing";
        const struct hw_commands_match match =
            hw_commands_match(&sample_commands, rows[i].words, words_count(rows[i].words));
        assert_row_int(row, match.words_count, rows[i].used);
        assert_row_bytes(row, match.group.data, match.group.size, rows[i].group, strlen(rows[i].group));
        assert_row_text(row, match.cmd ? match.cmd->name : "none", rows[i].name ? rows[i].name : "none");
    }
}

/* A command stays what the words name, also where they go on to a group that is none. */
static void a_group_behind_a_command_is_not_taken_for_one(void **state) {
    (void)state;
    static const struct hw_cmd go = {.name = "go"};
    static const struct hw_cmd go_far_away = {.name = "go far away"};
    static const struct hw_cmd gopher = {.name = "gopher"};
    static const struct hw_cmd *const table[] = {&gopher, &go, &go_far_away};
    static const struct hw_commands commands = {table, COUNT_OF(table)};
    static const char *const words[] = {"go", "far", "away"};
    static const struct {
        size_t count;
        const struct hw_cmd *want;
        size_t used;
    } rows[] = {{1, &go, 1}, {2, &go, 1}, {3, &go_far_away, 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_commands_match match = hw_commands_match(&commands, words, rows[i].count);
        assert_row_text(rows[i].want->name, match.cmd->name, rows[i].want->name);
        assert_row_int(rows[i].want->name, match.words_count, rows[i].used);
    }
    assert_false(hw_commands_belongs(&gopher, HW_VIEW("go")));
    assert_false(hw_commands_belongs(&go, HW_VIEW("go")));
    assert_true(hw_commands_belongs(&go_far_away, HW_VIEW("go")));
    assert_true(hw_commands_belongs(&go, HW_VIEW("")));
}

static void wrong_words_are_told_with_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *words[WORDS_MAX];
        const char *says;
    } rows[] = {
        {{"laod"}, "unknown command \"laod\"; did you mean load?"},
        {{"mnogo", "export"}, "unknown command \"mnogo\"; did you mean mongo?"},
        {{"xyzzy"},
         "unknown command \"xyzzy\"; known: load, mongo, worker, help, mongo export, mongo import, worker tasks, "
         "worker sqs, worker sqs redrive"},
        {{"mongo-export"}, "unknown command \"mongo-export\"; did you mean mongo export?"},
        {{"worker-sqs-redrive"}, "unknown command \"worker-sqs-redrive\"; did you mean worker sqs redrive?"},
        {{"worker", "sqs-redrive"}, "unknown command \"worker sqs-redrive\"; did you mean worker sqs redrive?"},
        {{"mongo", "exprot"}, "unknown command \"mongo exprot\"; did you mean mongo export?"},
        {{"mongo", "abracadabra"}, "unknown command \"mongo abracadabra\"; known: mongo export, mongo import"},
        {{"worker", "sqz", "redrive"}, "unknown command \"worker sqz\"; did you mean worker sqs?"},
        {{"mongo"}, "the command mongo needs another word"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const size_t count = words_count(rows[i].words);
        const struct hw_commands_match match = hw_commands_match(&sample_commands, rows[i].words, count);
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        assert_row_int(rows[i].says, hw_commands_unknown(&sample_commands, &match, rows[i].words, count, &arena, &err),
                       HW_EUSAGE);
        assert_row_text(rows[i].says, err.message, rows[i].says);
    }
}

static void each_word_that_may_follow_is_told_once(void **state) {
    (void)state;
    static const struct {
        const char *group;
        const char *want; /* those that are commands have a + */
    } rows[] = {
        {"", " load+ mongo worker help+"},
        {"mongo", " export+ import+"},
        {"worker", " tasks+ sqs+"},
        {"worker sqs", " redrive+"},
        {"load", ""},
        {"mon", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[256] = "";
        struct hw_commands_word next;
        for (size_t at = 0; hw_commands_next(&sample_commands, hw_view_of(rows[i].group), &at, &next);) {
            const size_t used = strlen(got);
            snprintf(got + used, sizeof(got) - used, " %.*s%s", (int)next.word.size, next.word.data,
                     next.cmd ? "+" : "");
        }
        assert_row_text(rows[i].group, got, rows[i].want);
        assert_row_int(rows[i].group, hw_commands_group(&sample_commands, hw_view_of(rows[i].group)), got[0] != '\0');
    }
}

static void the_walk_meets_all_names(void **state) {
    (void)state;
    char got[512] = "";
    struct hw_commands_walk walk = {0};
    hw_view name;
    while (hw_commands_walk(&sample_commands, &walk, &name)) {
        const size_t used = strlen(got);
        snprintf(got + used, sizeof(got) - used, "%.*s,", (int)name.size, name.data);
    }
    assert_string_equal(got, "load,mongo,mongo export,mongo import,worker,worker tasks,worker sqs,worker sqs "
                             "redrive,help,");
}

static void options_of_all_commands_are_known(void **state) {
    (void)state;
    const char *const *names;
    size_t count;
    size_t memory = 0;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_non_null(hw_commands_option(&sample_commands, HW_VIEW("query")));
    assert_null(hw_commands_option(&sample_commands, HW_VIEW("quer")));
    assert_ok(hw_commands_option_names(&sample_commands, &arena, &names, &count, &err), err);
    for (size_t i = 0; i < count; i++) {
        assert_row_int(names[i], hw_commands_option(&sample_commands, hw_view_of(names[i])) != NULL, true);
        memory += strcmp(names[i], "memory") == 0;
    }
    assert_int_equal(memory, 1); /* two commands have it */
    /* "mongo export" has two of its own; --help and --man are the others. */
    assert_int_equal(count, hw_run_option_group.count + 2 + 2);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const char *const words[] = {"mongo", "exprot"};
    const struct hw_commands_match match = hw_commands_match(&sample_commands, words, COUNT_OF(words));
    const char *const *names;
    size_t count;
    struct alloc_fault fault;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    alloc_fault_begin_forever(&fault, 0);
    assert_int_equal(hw_commands_unknown(&sample_commands, &match, words, COUNT_OF(words), &arena, &err), HW_ENOMEM);
    assert_int_equal(hw_commands_option_names(&sample_commands, &arena, &names, &count, &err), HW_ENOMEM);
    assert_true(alloc_fault_end(&fault));
}

/* The build names manual pages by the rows of commands.def. */
static void names_are_those_of_the_rows(void **state) {
    (void)state;
    static const char *const words[] = {
#define HW_COMMAND(words) #words,
#include "cli/commands.def"
#undef HW_COMMAND
    };
    assert_int_equal(COUNT_OF(words), hw_commands_all.count);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        char name[64];
        snprintf(name, sizeof(name), "%s", words[i]);
        for (char *at = name; *at; at++) {
            *at = *at == '_' ? ' ' : *at;
        }
        assert_row_text(words[i], hw_commands_all.rows[i]->name, name);
        assert_ptr_equal(hw_commands_get(&hw_commands_all, hw_view_of(name)), hw_commands_all.rows[i]);
    }
    assert_null(hw_commands_get(&hw_commands_all, HW_VIEW("conver")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_name_is_found),
        cmocka_unit_test(a_group_behind_a_command_is_not_taken_for_one),
        cmocka_unit_test(wrong_words_are_told_with_the_nearest),
        cmocka_unit_test(each_word_that_may_follow_is_told_once),
        cmocka_unit_test(the_walk_meets_all_names),
        cmocka_unit_test(options_of_all_commands_are_known),
        cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(names_are_those_of_the_rows),
    };
    return cmocka_run_group_tests_name("cli/commands", tests, NULL, NULL);
}
