/* SPDX-License-Identifier: Apache-2.0 */
/* The tool from its words to its exit code, with a table of commands of one word and of several. */
#include "cli/cli.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/rows.h"
#include "unit/cli/sample_commands.h"

enum { WORDS_MAX = 7, TEXT_BYTES = 8192 };

/* What one line wrote. */
struct written {
    char out[TEXT_BYTES];
    char err[TEXT_BYTES];
};

static void read_all(int fd, char *out) {
    ssize_t got = read(fd, out, TEXT_BYTES - 1);
    out[got > 0 ? got : 0] = '\0';
    close(fd);
}

static int run(const char *const *words, struct written *out) {
    static const char *const environment[] = {NULL};
    int outs[2];
    int errs[2];
    size_t count = 0;
    assert_int_equal(pipe(outs), 0);
    assert_int_equal(pipe(errs), 0);
    while (count < WORDS_MAX && words[count]) {
        count++;
    }
    const struct hw_cli cli = {.in_fd = -1, .out_fd = outs[1], .err_fd = errs[1], .environment = environment};
    int code = hw_cli_run(&cli, &sample_commands, words, count);
    close(outs[1]);
    close(errs[1]);
    read_all(outs[0], out->out);
    read_all(errs[0], out->err);
    return code;
}

static const char mongo_list[] = "Usage: hawser mongo COMMAND [options] ...\n\nCommands:\n"
                                 "  mongo export  Exports it's collections: all\n"
                                 "  mongo import  Imports collections\n\n"
                                 "`hawser help mongo COMMAND` tells what a command does";

static const struct {
    const char *name;
    const char *words[WORDS_MAX];
    int code;
    const char *out; /* what it begins with; NULL: nothing is written */
    const char *err;
} lines[] = {
    {"one word", {"load", "a"}, 0, "<load> a\n", NULL},
    {"two words", {"mongo", "export", "a"}, 0, "<mongo export> a\n", NULL},
    {"three words", {"worker", "sqs", "redrive", "a", "b", "c"}, 0, "<worker sqs redrive> a b c\n", NULL},
    {"the shorter of two names", {"worker", "sqs", "a"}, 0, "<worker sqs> a\n", NULL},
    {"an option between the words", {"worker", "--x", "sqs"}, 2, NULL, "hawser: error: \"--x\" stands where"},
    {"an option before the words", {"--quiet", "load"}, 2, NULL, "hawser: error: \"--quiet\" stands where"},
    {"nothing", {NULL}, 2, NULL, "hawser: error: a command is missing (see hawser help)\nUsage: hawser COMMAND"},
    {"a group alone",
     {"mongo"},
     2,
     NULL,
     "hawser: error: the command mongo needs another word (see hawser mongo --help)\nUsage: hawser mongo COMMAND"},
    {"a wrong second word",
     {"mongo", "exprot"},
     2,
     NULL,
     "hawser: error: unknown command \"mongo exprot\"; did you mean mongo export? (see hawser mongo --help)\n"},
    {"a wrong option",
     {"mongo", "export", "--qery", "x"},
     2,
     NULL,
     "hawser: error: unknown option \"--qery\"; did you mean --query? (see hawser mongo export --help)\n"},
    {"help of a group", {"mongo", "--help"}, 0, mongo_list, NULL},
    {"the same by its letter", {"mongo", "-h"}, 0, mongo_list, NULL},
    {"the same by the command", {"help", "mongo"}, 0, mongo_list, NULL},
    {"help of a command",
     {"help", "mongo", "export"},
     0,
     "Exports it's collections: all.\n\nUsage: hawser mongo export [options] ...\n",
     NULL},
    {"the same by the option",
     {"mongo", "export", "--help"},
     0,
     "Exports it's collections: all.\n\nUsage: hawser mongo export [options] ...\n",
     NULL},
    {"all commands", {"help"}, 0, "Usage: hawser COMMAND [options] ...\n\nCommands:\n  load                ", NULL},
    {"all commands by the option", {"--help"}, 0, "Usage: hawser COMMAND", NULL},
    {"help of an unknown command", {"help", "mongo", "exprot"}, 2, NULL, "hawser: error: unknown command \"mongo e"},
    {"help of too much", {"help", "load", "x"}, 2, NULL, "hawser: error: unexpected operand \"x\""},
    {"a manual page of a group", {"help", "--man", "mongo"}, 2, NULL, "hawser: error: mongo is a group of commands"},
    {"a manual page", {"help", "--man", "mongo", "export"}, 0, ".TH hawser\\-mongo\\-export 1 ", NULL},
    {"the tool's manual page", {"help", "--man"}, 0, ".TH hawser 1 ", NULL},
};

static void words_lead_to_commands_and_help(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct written got;
        assert_row_int(lines[i].name, run(lines[i].words, &got), lines[i].code);
        const char *const texts[][2] = {{got.out, lines[i].out}, {got.err, lines[i].err}};
        for (size_t j = 0; j < COUNT_OF(texts); j++) {
            if (!texts[j][1]) {
                assert_row_text(lines[i].name, texts[j][0], "");
            } else if (strncmp(texts[j][0], texts[j][1], strlen(texts[j][1])) != 0) {
                fail_msg("%s: '%s' does not begin with '%s'", lines[i].name, texts[j][0], texts[j][1]);
            }
        }
    }
}

static void a_command_that_begins_others_lists_them(void **state) {
    (void)state;
    static const char *const words[] = {"worker", "sqs", "--help", NULL};
    struct written got;
    assert_int_equal(run(words, &got), 0);
    assert_row_says("help", got.out, "\nMore commands:\n  worker sqs redrive  Sends messages back\n\nHelp:\n");
    static const char *const of_another[] = {"load", "--help", NULL};
    assert_int_equal(run(of_another, &got), 0);
    assert_null(strstr(got.out, "More commands"));
}

static void a_group_of_options_may_be_taken_in_part(void **state) {
    (void)state;
    static const char *const words[] = {"mongo", "export", "--help", NULL};
    static const struct {
        const char *option;
        bool want;
    } rows[] = {{"--memory SIZE", true}, {"--json", true},     {"--config FILE", true}, {"--threads", false},
                {"--jobs", false},       {"--report", false},  {"--quiet", false},      {"--verbose", false},
                {"--dry-run", false},    {"--progress", false}};
    struct written got;
    assert_int_equal(run(words, &got), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].option, strstr(got.out, rows[i].option) != NULL, rows[i].want);
    }
    static const char *const refused[] = {"mongo", "export", "--jobs", "2", NULL};
    assert_int_equal(run(refused, &got), 2);
    assert_row_says("not in the table", got.err, "unknown option \"--jobs\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lead_to_commands_and_help),
        cmocka_unit_test(a_command_that_begins_others_lists_them),
        cmocka_unit_test(a_group_of_options_may_be_taken_in_part),
    };
    return cmocka_run_group_tests_name("cli/cli", tests, NULL, NULL);
}
