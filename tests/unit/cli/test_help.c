/* SPDX-License-Identifier: Apache-2.0 */
/* The texts are laid out by hand: options from column 2, their help from column 32, 100 columns. */
#include "cli/help.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct hw_choice modes[] = {{"auto", 1}, {"skip", 2}, {NULL, 0}};

static const struct hw_option plain_rows[] = {
    {.name = "quiet", .letter = 'q', .type = HW_OPTION_FLAG, .help = "Tells errors only."},
    {.name = "memory", .letter = 'm', .type = HW_OPTION_SIZE, .arg = "SIZE", .fallback = "1GiB", .help = "Bounds it."},
    {.name = "mode", .type = HW_OPTION_CHOICE, .choices = modes, .help = "Chooses."},
};
static const struct hw_option long_rows[] = {
    /* The option ends in column 30: there are two spaces before the help. */
    {.name = "twenty-letters-long-", .type = HW_OPTION_FLAG, .help = "Fits."},
    {.name = "twenty-two-letters-lon", .type = HW_OPTION_FLAG, .help = "Just fits."},
    {.name = "twenty-three-letters-lo", .type = HW_OPTION_FLAG, .help = "Does not fit."},
    {.name = "wrapped",
     .type = HW_OPTION_FLAG,
     .help = "A help whose first line takes all of the 68 columns that it has here goes on below."},
};
static const struct hw_option_group plain_group = {"Plain", plain_rows, COUNT_OF(plain_rows)};
static const struct hw_option_group long_group = {"Long", long_rows, COUNT_OF(long_rows)};
static const struct hw_option_part parts[] = {{&plain_group, 0, 0}, {&long_group, 0, 0}};
static const struct hw_option_set set = {parts, COUNT_OF(parts)};
static const struct hw_option_set no_set = {NULL, 0};

static const struct hw_example examples[] = {{"hawser load a b", "Loads a into b."}, {"hawser load c", "Loads c."}};

static const struct hw_cmd load = {.name = "load",
                                   .summary = "Loads a thing",
                                   .operands = "SRC... DST",
                                   .description = "Loads what SRC is.\n\nSays so.",
                                   .options = &set,
                                   .examples = examples,
                                   .examples_count = COUNT_OF(examples)};
static const struct hw_cmd work = {
    .name = "mongo work", .summary = "Works", .operands = "", .description = "Works.", .options = &no_set};
static const struct hw_cmd work_on = {
    .name = "mongo work on", .summary = "Works on", .operands = "", .description = "Works on.", .options = &no_set};
static const struct hw_cmd *const cmds[] = {&load, &work, &work_on};
static const struct hw_commands commands = {cmds, COUNT_OF(cmds)};

static void a_command_is_told_whole(void **state) {
    (void)state;
    static const struct {
        const struct hw_cmd *cmd;
        const char *want;
    } rows[] = {
        {&load, "Loads a thing.\n"
                "\n"
                "Usage: hawser load [options] SRC... DST\n"
                "\n"
                "Loads what SRC is.\n"
                "\n"
                "Says so.\n"
                "\n"
                "Plain:\n"
                "  -q, --quiet                   Tells errors only.\n"
                "  -m, --memory SIZE             Bounds it. [1GiB]\n"
                "      --mode auto|skip          Chooses.\n"
                "\n"
                "Long:\n"
                "      --twenty-letters-long-    Fits.\n"
                "      --twenty-two-letters-lon  Just fits.\n"
                "      --twenty-three-letters-lo\n"
                "                                Does not fit.\n"
                "      --wrapped                 A help whose first line takes all of the 68 columns that it has here\n"
                "                                goes on below.\n"
                "\n"
                "Examples:\n"
                "  hawser load a b\n"
                "      Loads a into b.\n"
                "  hawser load c\n"
                "      Loads c.\n"},
        {&work, "Works.\n"
                "\n"
                "Usage: hawser mongo work [options]\n"
                "\n"
                "Works.\n"
                "\n"
                "More commands:\n"
                "  mongo work on  Works on\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_help_command(&out, &commands, rows[i].cmd, &err), err);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_row_text(rows[i].cmd->name, (const char *)out.data, rows[i].want);
    }
}

static void a_group_lists_its_commands(void **state) {
    (void)state;
    static const struct {
        const char *group;
        const char *want;
    } rows[] = {
        {"", "Usage: hawser COMMAND [options] ...\n"
             "\n"
             "Commands:\n"
             "  load           Loads a thing\n"
             "  mongo work     Works\n"
             "  mongo work on  Works on\n"
             "\n"
             "`hawser help COMMAND` tells what a command does and which options it has.\n"},
        {"mongo", "Usage: hawser mongo COMMAND [options] ...\n"
                  "\n"
                  "Commands:\n"
                  "  mongo work     Works\n"
                  "  mongo work on  Works on\n"
                  "\n"
                  "`hawser help mongo COMMAND` tells what a command does and which options it has.\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_help_group(&out, &commands, hw_view_of(rows[i].group), &err), err);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_row_text(rows[i].group, (const char *)out.data, rows[i].want);
    }
}

static void a_value_has_a_placeholder(void **state) {
    (void)state;
    static const struct hw_choice many[] = {
        {"a-choice-of-thirty-two-letters-1", 1}, {"a-choice-of-thirty-two-letters-2", 2},
        {"a-choice-of-thirty-two-letters-3", 3}, {"a-choice-of-thirty-two-letters-4", 4},
        {"a-choice-of-thirty-two-letters-5", 5}, {NULL, 0},
    };
    static const struct {
        const char *name;
        struct hw_option option;
        const char *want;
    } rows[] = {
        {"a switch", {.type = HW_OPTION_FLAG}, ""},
        {"a text", {.type = HW_OPTION_TEXT, .arg = "FILE"}, "FILE"},
        {"a choice", {.type = HW_OPTION_CHOICE, .choices = modes}, "auto|skip"},
        {"several choices", {.type = HW_OPTION_CHOICES, .choices = modes}, "auto,skip"},
        {"choices that do not fit",
         {.type = HW_OPTION_CHOICE, .choices = many},
         "a-choice-of-thirty-two-letters-1|a-choice-of-thirty-two-letters-2|"
         "a-choice-of-thirty-two-letters-3|a-choice-of-thirty-two-lette"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char arg[HW_HELP_ARG_BYTES];
        assert_ptr_equal(hw_help_arg(&rows[i].option, arg), arg);
        assert_row_text(rows[i].name, arg, rows[i].want);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        HW_AUTO(hw_buf) out = {0};
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_help_command(&out, &commands, &load, &err);
        hw_buf_release(&out);
        fired = alloc_fault_end(&fault);
        faults += fired;
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(faults > COUNT_OF(plain_rows) + COUNT_OF(long_rows)); /* each option wraps a text */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_is_told_whole),
        cmocka_unit_test(a_group_lists_its_commands),
        cmocka_unit_test(a_value_has_a_placeholder),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/help", tests, NULL, NULL);
}
