/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of all commands: complete, without contradictions, and shown wherever they are shown.
 */
#include "cli/commands.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/man.h"
#include "support/rows.h"

/* Width of a field that each type needs; 0: several are right. */
static const size_t widths[HW_OPTION_TYPES] = {
    [HW_OPTION_FLAG] = sizeof(bool),
    [HW_OPTION_TEXT] = sizeof(char *),
    [HW_OPTION_LIST] = sizeof(struct hw_option_list),
    [HW_OPTION_TIME] = sizeof(int64_t),
    [HW_OPTION_CHOICES] = sizeof(unsigned),
    [HW_OPTION_BYTE] = 1,
    [HW_OPTION_MARK] = sizeof(char *),
    [HW_OPTION_LIMIT] = sizeof(struct hw_option_limit),
    [HW_OPTION_CONFIG] = 0,
    [HW_OPTION_HELP] = 0,
};

static bool width_fits(const struct hw_option *option) {
    switch (option->type) {
    case HW_OPTION_SIZE:
    case HW_OPTION_COUNT:
        return option->width == 4 || option->width == 8;
    case HW_OPTION_CHOICE:
        return option->width == sizeof(unsigned) || option->width == sizeof(bool);
    default:
        return option->width == widths[option->type];
    }
}

static void rows_are_complete(void **state) {
    (void)state;
    for (size_t c = 0; c < hw_commands_all.count; c++) {
        const struct hw_cmd *cmd = hw_commands_all.rows[c];
        for (size_t i = 0; i < cmd->operands_min; i++) {
            assert_row_int(cmd->name, cmd->operand_names && cmd->operand_names[i], true);
        }
        assert_row_int(cmd->name, strlen(cmd->summary) > 0 && strlen(cmd->description) > 0, true);
        for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
            struct hw_option_ref ref = hw_option_at(cmd->options, i);
            const struct hw_option *option = ref.option;
            bool choice = option->type == HW_OPTION_CHOICE || option->type == HW_OPTION_CHOICES;
            assert_row_int(option->name, width_fits(option), true);
            assert_row_int(option->name, ref.base + option->offset + option->width <= cmd->args_bytes, true);
            assert_row_int(option->name, strlen(option->help) > 0, true);
            assert_row_int(option->name, option->help[strlen(option->help) - 1] == '.', true);
            assert_row_int(option->name, option->choices != NULL,
                           choice || (option->type == HW_OPTION_MARK && option->choices));
            assert_row_int(option->name, option->arg != NULL, hw_option_takes_value(option) && !choice);
            /* HAWSER_<NAME> has room */
            assert_row_int(option->name, strlen(option->name) < 40, true);
        }
    }
}

/* Two rows that fill one field, or go by one name, are a slip of the hand. */
static void rows_do_not_collide(void **state) {
    (void)state;
    for (size_t c = 0; c < hw_commands_all.count; c++) {
        const struct hw_option_set *set = hw_commands_all.rows[c]->options;
        for (size_t i = 0; i < hw_option_count(set); i++) {
            for (size_t j = i + 1; j < hw_option_count(set); j++) {
                struct hw_option_ref a = hw_option_at(set, i);
                struct hw_option_ref b = hw_option_at(set, j);
                size_t a_at = a.base + a.option->offset;
                size_t b_at = b.base + b.option->offset;
                bool apart = a_at + a.option->width <= b_at || b_at + b.option->width <= a_at;
                assert_row_int(b.option->name, apart, true);
                assert_row_int(b.option->name, strcmp(a.option->name, b.option->name) != 0, true);
                assert_row_int(b.option->name, a.option->letter && a.option->letter == b.option->letter, false);
            }
        }
    }
}

static void every_option_is_documented_everywhere(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t c = 0; c < hw_commands_all.count; c++) {
        const struct hw_cmd *cmd = hw_commands_all.rows[c];
        HW_AUTO(hw_buf) help = {0};
        HW_AUTO(hw_buf) man = {0};
        assert_ok(hw_help_command(&help, &hw_commands_all, cmd, &err), err);
        assert_ok(hw_man_command(&man, &hw_commands_all, cmd, &err), err);
        assert_ok(hw_buf_end_text(&help, &err), err);
        assert_ok(hw_buf_end_text(&man, &err), err);
        for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
            const struct hw_option *option = hw_option_at(cmd->options, i).option;
            char in_help[64];
            char in_man[128] = "\\-\\-";
            size_t used = strlen(in_man);
            snprintf(in_help, sizeof(in_help), "--%s", option->name);
            for (const char *at = option->name; *at; at++) {
                used += (size_t)snprintf(in_man + used, sizeof(in_man) - used, "%s%c", *at == '-' ? "\\" : "", *at);
            }
            assert_row_says(cmd->name, (const char *)help.data, in_help);
            assert_row_says(cmd->name, (const char *)man.data, in_man);
            for (const struct hw_choice *choice = option->choices; choice && choice->name; choice++) {
                assert_row_says(cmd->name, (const char *)help.data, choice->name);
            }
        }
    }
}

static void every_option_is_completed_in_every_shell(void **state) {
    (void)state;
    static const struct {
        const char *shell;
        const char *format;
    } rows[] = {{"bash", "--%s"}, {"zsh", "--%s"}, {"fish", " -l %s"}};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_buf) script = {0};
        assert_ok(hw_completion_script(&script, &hw_commands_all, rows[r].shell, &err), err);
        assert_ok(hw_buf_end_text(&script, &err), err);
        for (size_t c = 0; c < hw_commands_all.count; c++) {
            const struct hw_cmd *cmd = hw_commands_all.rows[c];
            assert_row_says(rows[r].shell, (const char *)script.data, cmd->name);
            for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
                char want[64];
                int before = r == 2 ? snprintf(want, sizeof(want), " -l ") : snprintf(want, sizeof(want), "--");
                snprintf(want + before, sizeof(want) - (size_t)before, "%s",
                         hw_option_at(cmd->options, i).option->name);
                assert_row_says(rows[r].shell, (const char *)script.data, want);
            }
        }
    }
}

enum { EXAMPLE_WORDS_MAX = 32 };

/*
 * Splits what follows `hawser` as a shell does: quotes, redirections, an end at a pipe or
 * parenthesis.
 */
static size_t example_split(char *line, const char **words) {
    size_t count = 0;
    char *at = strstr(line, "hawser ");
    if (!at) {
        return 0;
    }
    at += strlen("hawser ");
    while (*at && *at != '|' && *at != ')' && count < EXAMPLE_WORDS_MAX) {
        bool quoted = *at == '\'';
        char *word = quoted ? at + 1 : at;
        size_t bytes = strcspn(word, quoted ? "'" : " )");
        at = word + bytes;
        bool last = *at == '\0' || *at == ')';
        *at = '\0';
        at += last ? 0 : 1;
        at += strspn(at, " ");
        if (word[0] != '<' && word[0] != '>') {
            words[count++] = word;
        }
        if (last) {
            break;
        }
    }
    return count;
}

static void every_example_parses(void **state) {
    (void)state;
    static const char *const environment[] = {NULL};
    const struct hw_cli cli = {.environment = environment};
    size_t parsed = 0;
    for (size_t c = 0; c < hw_commands_all.count; c++) {
        const struct hw_cmd *cmd = hw_commands_all.rows[c];
        assert_row_int(cmd->name, cmd->examples_count > 0, true);
        for (size_t i = 0; i < cmd->examples_count; i++) {
            HW_AUTO(hw_arena) arena = {0};
            struct hw_cmd_call call = {.cli = &cli, .cmd = cmd, .commands = &hw_commands_all, .arena = &arena};
            struct hw_error err = HW_ERROR_INIT;
            const char *words[EXAMPLE_WORDS_MAX];
            char line[256];
            snprintf(line, sizeof(line), "%s", cmd->examples[i].line);
            size_t count = example_split(line, words);
            assert_row_int(cmd->examples[i].line, count > 0, true);
            const struct hw_commands_match match = hw_commands_match(&hw_commands_all, words, count);
            assert_row_int(cmd->examples[i].line, match.cmd == cmd, true);
            const size_t used = match.words_count;
            assert_row_int(cmd->examples[i].line, hw_arguments_parse(&call, words + used, count - used, &err), HW_OK);
            parsed++;
        }
    }
    assert_true(parsed >= hw_commands_all.count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(rows_do_not_collide),
        cmocka_unit_test(every_option_is_documented_everywhere),
        cmocka_unit_test(every_option_is_completed_in_every_shell),
        cmocka_unit_test(every_example_parses),
    };
    return cmocka_run_group_tests_name("cli/cmd", tests, NULL, NULL);
}
