/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/arguments.h"

#include "cli/convert_args.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/cli/sample_commands.h"

enum { WORDS_MAX = 8 };

/* Parses a call of `hawser convert`; the arguments live in `arena`. */
static enum hw_status convert_parse(const char *const *words, const char *const *environment, struct hw_arena *arena,
                                    struct hw_cmd_call *call, struct hw_error *err) {
    static const char *const nothing[] = {NULL};
    static struct hw_cli cli;
    size_t count = 0;
    while (count < WORDS_MAX && words[count]) {
        count++;
    }
    cli = (struct hw_cli){.environment = environment ? environment : nothing};
    *call = (struct hw_cmd_call){.cli = &cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = arena};
    return hw_arguments_parse(call, words, count, err);
}

static void faults_name_the_word(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *words[WORDS_MAX];
        const char *variable;
        const char *want;
    } rows[] = {
        {"unknown, near",
         {"a", "b", "--compresion", "zstd"},
         NULL,
         "unknown option \"--compresion\"; did you mean --compression?"},
        {"unknown, with a value",
         {"a", "b", "--overwite=skip"},
         NULL,
         "unknown option \"--overwite\"; did you mean --overwrite?"},
        {"unknown, far", {"a", "b", "--frobnicate"}, NULL, "unknown option \"--frobnicate\""},
        {"unknown letter", {"a", "b", "-Z"}, NULL, "unknown option \"-Z\""},
        {"letters are not bundled", {"a", "b", "-qn"}, NULL, "unknown option \"-qn\""},
        {"no abbreviations", {"a", "b", "--compress", "zstd"}, NULL, "unknown option \"--compress\""},
        {"bad value", {"a", "b", "--to", "parqet"}, NULL, "--to: unknown value \"parqet\"; did you mean parquet?"},
        {"bad value behind =", {"a", "b", "--memory=lots"}, NULL, "--memory: \"lots\" is not a size"},
        {"bad value of a letter", {"a", "b", "-mlots"}, NULL, "--memory: \"lots\" is not a size"},
        {"value missing", {"a", "b", "--memory"}, NULL, "--memory needs a value"},
        {"empty value", {"a", "b", "--report="}, NULL, "--report: the value \"\" is empty"},
        {"no operand", {NULL}, NULL, "SRC and DST are missing"},
        {"one operand", {"a"}, NULL, "DST is missing"},
        {"an option for the first operand", {"--files-from", "a"}, NULL, "DST is missing"},
        {"environment",
         {"a", "b"},
         "HAWSER_ROW_GROUP_ROWS=many",
         "HAWSER_ROW_GROUP_ROWS: \"many\" is not a whole number"},
        {"a switch in the environment", {"a", "b"}, "HAWSER_QUIET=maybe", "HAWSER_QUIET: unknown value \"maybe\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        const char *const environment[] = {rows[i].variable, NULL};
        assert_row_int(rows[i].name, convert_parse(rows[i].words, environment, &arena, &call, &err), HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].want);
    }
}

static void words_become_operands_and_values(void **state) {
    (void)state;
    static const char *const words[] = {"a", "--report=r=1", "-m", "16MiB", "-", "--", "--quiet", NULL};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    assert_ok(convert_parse(words, NULL, &arena, &call, &err), err);
    const struct hw_convert_args *args = call.args;
    assert_string_equal(args->run.report_path, "r=1");
    assert_int_equal(args->run.memory_bytes, 16777216);
    assert_false(args->run.quiet);
    assert_int_equal(call.operands_count, 3);
    assert_string_equal(call.operands[0], "a");
    assert_string_equal(call.operands[1], "-");
    assert_string_equal(call.operands[2], "--quiet");
}

static void an_option_takes_the_place_of_an_operand(void **state) {
    (void)state;
    static const char *const words[] = {"out/", "--files-from", "list", NULL};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    assert_ok(convert_parse(words, NULL, &arena, &call, &err), err);
    assert_int_equal(call.operands_count, 1);
    assert_string_equal(call.operands[0], "out/");
    assert_string_equal(((const struct hw_convert_args *)call.args)->sources.files_from, "list");
}

static void help_stands_above_other_faults(void **state) {
    (void)state;
    static const char *const words[] = {"--to", "nonsense", "-h", NULL};
    static const char *const environment[] = {"HAWSER_MEMORY=lots", NULL};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    assert_ok(convert_parse(words, environment, &arena, &call, &err), err);
    assert_true(call.help);
}

static void later_layers_replace_earlier_ones(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *words[WORDS_MAX];
        const char *variable;
        size_t nulls;
        const char *first;
        bool quiet;
    } rows[] = {
        {"nobody", {"a", "b"}, NULL, 0, NULL, false},
        {"environment", {"a", "b"}, "HAWSER_NULL_VALUES=x,y", 2, "x", false},
        {"an empty variable is none", {"a", "b"}, "HAWSER_NULL_VALUES=", 0, NULL, false},
        {"a longer name is another variable", {"a", "b"}, "HAWSER_NULL_VALUES_OF_OTHERS=x", 0, NULL, false},
        {"flag over environment", {"a", "b", "--null-values", "z"}, "HAWSER_NULL_VALUES=x,y", 1, "z", false},
        {"repeated flags add up",
         {"a", "b", "--null-values", "z", "--null-values=q,r"},
         "HAWSER_NULL_VALUES=x",
         3,
         "z",
         false},
        {"switch from the environment", {"a", "b"}, "HAWSER_QUIET=yes", 0, NULL, true},
        {"switch taken back", {"a", "b", "--quiet=false"}, "HAWSER_QUIET=yes", 0, NULL, false},
        {"help is not for the environment", {"a", "b"}, "HAWSER_HELP=yes", 0, NULL, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        const char *const environment[] = {rows[i].variable, NULL};
        assert_ok(convert_parse(rows[i].words, environment, &arena, &call, &err), err);
        const struct hw_convert_args *args = call.args;
        assert_row_int(rows[i].name, args->csv.null_values.count, rows[i].nulls);
        if (rows[i].first) {
            assert_row_text(rows[i].name, args->csv.null_values.items[0], rows[i].first);
        }
        assert_row_int(rows[i].name, args->run.quiet, rows[i].quiet);
        assert_row_int(rows[i].name, call.help, false);
    }
}

static void operands_are_counted(void **state) {
    (void)state;
    static const char *const environment[] = {NULL};
    static const char *const words[] = {"a", "b", "c", "d"};
    static const struct {
        const char *command;
        size_t given;
        const char *says; /* NULL: that is right */
    } rows[] = {
        {"load", 0, "SRC is missing"},
        {"load", 4, NULL},
        {"mongo import", 0, NULL},
        {"mongo import", 1, "unexpected operand \"a\""},
        {"worker sqs redrive", 0, "FROM, TO and LIMIT are missing"},
        {"worker sqs redrive", 1, "TO and LIMIT are missing"},
        {"worker sqs redrive", 2, "LIMIT is missing"},
        {"worker sqs redrive", 3, NULL},
        {"worker sqs redrive", 4, "unexpected operand \"d\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_cli cli = {.environment = environment};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call = {.cli = &cli,
                                   .cmd = hw_commands_get(&sample_commands, hw_view_of(rows[i].command)),
                                   .commands = &sample_commands,
                                   .arena = &arena};
        const enum hw_status want = rows[i].says ? HW_EUSAGE : HW_OK;
        assert_row_int(rows[i].command, hw_arguments_parse(&call, words, rows[i].given, &err), want);
        assert_row_text(rows[i].command, err.message, rows[i].says ? rows[i].says : "");
    }
}

/* What a host gives counts more than the environment, and less than the line. */
static void a_host_gives_options(void **state) {
    (void)state;
    static const char *const environment[] = {"HAWSER_THREADS=2", "HAWSER_JOBS=2", "HAWSER_MEMROY=1MiB", NULL};
    static const char *const words[] = {"a", "b", "--jobs", "4", "--include", "line"};
    static const struct hw_cmd_given given[] = {
        {"threads", "3"}, {"jobs", "3"}, {"quiet", NULL}, {"include", "host"}, {"delete", NULL}};
    const struct hw_cli_host host = {.where = "", .given = given, .given_count = COUNT_OF(given)};
    const struct hw_cli cli = {.environment = environment, .host = &host};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call = {.cli = &cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = &arena};
    assert_ok(hw_arguments_parse(&call, words, COUNT_OF(words), &err), err);
    const struct hw_convert_args *args = call.args;
    assert_int_equal(args->run.threads, 3);
    assert_int_equal(args->run.jobs, 4);
    assert_true(args->run.quiet);
    assert_int_equal(call.given_count, 2);
    assert_string_equal(call.given[0].name, "jobs");
    assert_string_equal(call.given[1].value, "line");
    static const struct hw_cmd_given wrong[] = {{"threads", "many"}};
    const struct hw_cli_host other = {.where = "", .given = wrong, .given_count = COUNT_OF(wrong)};
    const struct hw_cli wrong_cli = {.environment = environment, .host = &other};
    call =
        (struct hw_cmd_call){.cli = &wrong_cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = &arena};
    assert_int_equal(hw_arguments_parse(&call, words, COUNT_OF(words), &err), HW_EUSAGE);
    assert_row_says("value", err.message, "--threads: \"many\" is not a whole number");
}

/* One environment serves all commands. */
static void variables_are_checked_against_all_commands(void **state) {
    (void)state;
    static const struct {
        const char *variable;
        const char *says; /* NULL: it is passed over */
    } rows[] = {
        {"HAWSER_MEMROY=1MiB", "unknown variable \"HAWSER_MEMROY\"; did you mean HAWSER_MEMORY?"},
        {"HAWSER_ROW_GRUOP_ROW=1", "unknown variable \"HAWSER_ROW_GRUOP_ROW\"; did you mean HAWSER_ROW_GROUP_ROWS?"},
        /* The nearest is an option of infer. */
        {"HAWSER_OUTPT=x", "unknown variable \"HAWSER_OUTPT\"; did you mean HAWSER_OUTPUT?"},
        {"HAWSER_memory=1MiB", "unknown variable \"HAWSER_memory\"; did you mean HAWSER_MEMORY?"},
        {"HAWSER_OUTPUT=x", NULL},
        {"HAWSER_MEMROY=", NULL},
        {"HAWSER_MEMROY", NULL},
        {"HAWSER_PORT=tcp://10.0.0.1:80", NULL},
        {"HAWSER_SHELL=x", NULL}, /* not near enough */
        {"HAWSER_JOBZ=2", NULL},  /* too short to tell */
        {"HAWSER_=x", NULL},
        {"HAWSE_MEMROY=x", NULL},
        {"HAWSER_A_NAME_THAT_IS_LONGER_THAN_ANY_OPTION_COULD_BE_WITHOUT_ROOM_FOR_IT=x", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const char *const words[] = {"a", "b", NULL};
        const char *const environment[] = {rows[i].variable, NULL};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        const enum hw_status want = rows[i].says ? HW_EUSAGE : HW_OK;
        assert_row_int(rows[i].variable, convert_parse(words, environment, &arena, &call, &err), want);
        assert_row_text(rows[i].variable, err.message, rows[i].says ? rows[i].says : "");
    }
}

static void no_wrong_variable_stands_in_the_way_of_help(void **state) {
    (void)state;
    static const char *const environment[] = {"HAWSER_MEMROY=1MiB", NULL};
    const struct hw_cmd *const cmds[] = {&hw_cmd_help, &hw_cmd_version};
    for (size_t i = 0; i < COUNT_OF(cmds); i++) {
        const struct hw_cli cli = {.environment = environment};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call = {.cli = &cli, .cmd = cmds[i], .commands = &hw_commands_all, .arena = &arena};
        assert_ok(hw_arguments_parse(&call, NULL, 0, &err), err);
    }
}

/* Enough options that the arena needs several blocks, each of which may fail. */
static void want_of_memory_is_told(void **state) {
    (void)state;
    static char long_list[40000];
    static const char *const words[] = {"a", "b", "--null-values", long_list, NULL};
    static const char *const wrong[] = {"a", "b", "--null-valeus", long_list, NULL};
    memset(long_list, ',', sizeof(long_list) - 1);
    const struct {
        const char *name;
        const char *const *words;
        enum hw_status want;
    } rows[] = {{"right", words, HW_OK}, {"wrong", wrong, HW_EUSAGE}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool fired = true;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_arena arena = {0};
            struct hw_cmd_call call;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = convert_parse(rows[i].words, NULL, &arena, &call, &err);
            hw_arena_release(&arena);
            fired = alloc_fault_end(&fault);
            assert_row_int(rows[i].name, status, fired ? HW_ENOMEM : rows[i].want);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_option_takes_the_place_of_an_operand),
        cmocka_unit_test(faults_name_the_word),
        cmocka_unit_test(words_become_operands_and_values),
        cmocka_unit_test(help_stands_above_other_faults),
        cmocka_unit_test(later_layers_replace_earlier_ones),
        cmocka_unit_test(operands_are_counted),
        cmocka_unit_test(a_host_gives_options),
        cmocka_unit_test(no_wrong_variable_stands_in_the_way_of_help),
        cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(variables_are_checked_against_all_commands),
    };
    return cmocka_run_group_tests_name("cli/arguments", tests, NULL, NULL);
}
