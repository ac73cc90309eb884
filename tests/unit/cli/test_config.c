/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/convert_args.h"
#include "core/limits.h"
#include "support/rows.h"
#include "unit/cli/sample_commands.h"

/* A config file that goes away with the test. */
static void config_write(char *path, const char *text) {
    memcpy(path, "/tmp/hawser-config-XXXXXX", sizeof("/tmp/hawser-config-XXXXXX"));
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static enum hw_status parse(const char *path, const char *const *extra, size_t extra_count, const char *variable,
                            struct hw_arena *arena, struct hw_cmd_call *call, struct hw_error *err) {
    static struct hw_cli cli;
    static const char *environment[2];
    const char *words[8] = {"a", "b"};
    size_t count = 2;
    if (path) {
        words[count++] = "--config";
        words[count++] = path;
    }
    for (size_t i = 0; i < extra_count && extra[i]; i++) {
        words[count++] = extra[i];
    }
    environment[0] = variable;
    cli = (struct hw_cli){.environment = environment};
    *call = (struct hw_cmd_call){.cli = &cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = arena};
    return hw_arguments_parse(call, words, count, err);
}

static void faults_name_file_and_key(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *says;
    } rows[] = {
        {"unknown key", "{\"memroy\": \"1MiB\"}", "unknown key \"memroy\"; did you mean memory?"},
        {"unknown value", "{\"to\": \"parqet\"}", "\"to\": unknown value \"parqet\"; did you mean parquet?"},
        {"unknown value in an array", "{\"to\": [\"avro\", \"parqet\"]}", "\"to\": unknown value \"parqet\""},
        {"not JSON", "{\"memory\": }", "line 1"},
        {"not an object", "[1]", "a JSON object is needed"},
        {"a key twice", "{\"quiet\": true, \"quiet\": false}", "duplicate"},
        {"fraction", "{\"threads\": 1.5}", "\"threads\": a text, a whole number, true or false is needed"},
        {"null", "{\"threads\": null}", "a text, a whole number, true or false is needed"},
        {"negative", "{\"threads\": -1}", "\"threads\": \"-1\" is not a whole number"},
        {"array for one value", "{\"threads\": [1]}", "\"threads\": one value is needed, not an array"},
        {"array in an array", "{\"null-values\": [[]]}", "a text, a whole number"},
        {"a config file in the config file", "{\"config\": \"x\"}", "\"config\" is for the command line only"},
        {"help", "{\"help\": true}", "\"help\" is for the command line only"},
        {"empty", "", "line"},
        {"a key of no command", "{\"outptu\": \"x\"}", "unknown key \"outptu\"; did you mean output?"},
        {"a command without an object", "{\"convert\": true}", "\"convert\": an object with the options"},
        {"an object for an option", "{\"threads\": {}}", "\"threads\": a text, a whole number, true or false"},
        {"a section of no command", "{\"convret\": {}}", "unknown section \"convret\"; did you mean convert?"},
        {"a key that the section's command lacks", "{\"infer\": {\"jobs\": 1}}",
         "section \"infer\": unknown key \"jobs\""},
        {"a wrong key of another section", "{\"infer\": {\"outptu\": \"x\"}}",
         "section \"infer\": unknown key \"outptu\"; did you mean output?"},
        {"a wrong value in the section", "{\"convert\": {\"threads\": \"x\"}}",
         "section \"convert\": \"threads\": \"x\" is not a whole number"},
        {"a config file in a section", "{\"infer\": {\"config\": \"x\"}}",
         "section \"infer\": the key \"config\" is for the command line only"},
        {"a section in a section", "{\"convert\": {\"infer\": {}}}", "section \"convert\": unknown key \"infer\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        char path[64];
        config_write(path, rows[i].text);
        enum hw_status status = parse(path, NULL, 0, NULL, &arena, &call, &err);
        unlink(path);
        assert_row_int(rows[i].name, status, HW_ECONFIG);
        assert_row_int(rows[i].name, err.status, HW_ECONFIG);
        assert_row_says(rows[i].name, err.message, "config file \"/tmp/hawser-config-");
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void values_of_every_kind_are_taken(void **state) {
    (void)state;
    char path[64];
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    config_write(path, "{\"memory\": \"2GiB\", \"threads\": 3, \"quiet\": true, \"to\": [\"parquet\", \"avro\"],"
                       " \"null-values\": [\"NA\", \"a,b\"], \"page-bytes\": 65536, \"delimiter\": \"tab\"}");
    enum hw_status status = parse(path, NULL, 0, NULL, &arena, &call, &err);
    unlink(path);
    assert_ok(status, err);
    const struct hw_convert_args *args = call.args;
    assert_int_equal(args->run.memory_bytes, UINT64_C(2147483648));
    assert_int_equal(args->run.threads, 3);
    assert_true(args->run.quiet);
    assert_int_equal(args->convert.formats, HW_FORMAT_PARQUET | HW_FORMAT_AVRO);
    assert_int_equal(args->csv.null_values.count, 2);
    assert_string_equal(args->csv.null_values.items[1], "a,b");
    assert_int_equal(args->convert.page_bytes, 65536);
    assert_string_equal(args->csv.delimiter, "\t");
}

static void file_then_section_then_environment_then_flags(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *extra[2];
        const char *variable;
        uint32_t threads;
    } rows[] = {
        {"section", {NULL}, NULL, 3},
        {"environment", {NULL}, "HAWSER_THREADS=4", 4},
        {"flag", {"--threads", "5"}, "HAWSER_THREADS=4", 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        char path[64];
        config_write(path, "{\"threads\": 2, \"convert\": {\"threads\": 3}}");
        enum hw_status status = parse(path, rows[i].extra, 2, rows[i].variable, &arena, &call, &err);
        unlink(path);
        assert_ok(status, err);
        assert_row_int(rows[i].name, ((struct hw_convert_args *)call.args)->run.threads, rows[i].threads);
    }
}

/* One file serves all commands: each takes what it has, its own section before the rest. */
static void sections_override_the_common_part(void **state) {
    (void)state;
    static const char *const environment[] = {NULL};
    static const struct {
        const char *name;
        const char *text;
        uint64_t memory;
        const char *query;
        bool json;
    } rows[] = {
        {"common", "{\"memory\": 500000000}", 500000000, NULL, false},
        {"section", "{\"mongo export\": {\"memory\": 600000000}}", 600000000, NULL, false},
        {"both", "{\"memory\": 500000000, \"mongo export\": {\"memory\": 600000000}}", 600000000, NULL, false},
        {"the section stands first", "{\"mongo export\": {\"memory\": 600000000}, \"memory\": 500000000}", 600000000,
         NULL, false},
        {"both add up", "{\"json\": true, \"mongo export\": {\"query\": \"{}\"}}", 0, "{}", true},
        {"taken back", "{\"json\": true, \"mongo export\": {\"json\": false}}", 0, NULL, false},
        {"another's section", "{\"load\": {\"memory\": 600000000, \"jobs\": 2}}", 0, NULL, false},
        {"an option of others", "{\"jobs\": 2, \"memory\": 500000000}", 500000000, NULL, false},
        {"a wrong value of others", "{\"jobs\": \"many\", \"memory\": 500000000}", 500000000, NULL, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[64];
        const struct hw_cli cli = {.environment = environment};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call = {.cli = &cli,
                                   .cmd = hw_commands_get(&sample_commands, HW_VIEW("mongo export")),
                                   .commands = &sample_commands,
                                   .arena = &arena};
        config_write(path, rows[i].text);
        const char *const words[] = {"--config", path};
        enum hw_status status = hw_arguments_parse(&call, words, COUNT_OF(words), &err);
        unlink(path);
        assert_ok(status, err);
        const struct sample_export_args *args = call.args;
        assert_row_int(rows[i].name, args->run.memory_bytes, rows[i].memory);
        assert_row_text(rows[i].name, args->query ? args->query : "", rows[i].query ? rows[i].query : "");
        assert_row_int(rows[i].name, args->run.json, rows[i].json);
    }
}

/* A list of the section takes the place of the common one, and does not add to it. */
static void lists_of_a_section_stand_alone(void **state) {
    (void)state;
    char path[64];
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    config_write(path, "{\"convert\": {\"null-values\": [\"b\", \"c\"]}, \"null-values\": [\"a\"]}");
    enum hw_status status = parse(path, NULL, 0, NULL, &arena, &call, &err);
    unlink(path);
    assert_ok(status, err);
    const struct hw_convert_args *args = call.args;
    assert_int_equal(args->csv.null_values.count, 2);
    assert_string_equal(args->csv.null_values.items[0], "b");
}

static void the_environment_names_a_file_too(void **state) {
    (void)state;
    char path[64];
    char variable[128];
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call;
    config_write(path, "{\"threads\": 3}");
    snprintf(variable, sizeof(variable), "HAWSER_CONFIG=%s", path);
    enum hw_status status = parse(NULL, NULL, 0, variable, &arena, &call, &err);
    unlink(path);
    assert_ok(status, err);
    assert_int_equal(((struct hw_convert_args *)call.args)->run.threads, 3);
}

static void files_that_cannot_be_read_are_wrong_configuration(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *path;
        const char *says;
    } rows[] = {
        {"missing", "/nonexistent/hawser.json", "No such file"},
        {"endless", "/dev/zero", "longer than 1048576 bytes"},
        {"folder", "/tmp", "Is a directory"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call;
        assert_row_int(rows[i].name, parse(rows[i].path, NULL, 0, NULL, &arena, &call, &err), HW_ECONFIG);
        assert_row_says(rows[i].name, err.message, rows[i].path);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_name_file_and_key),
        cmocka_unit_test(values_of_every_kind_are_taken),
        cmocka_unit_test(file_then_section_then_environment_then_flags),
        cmocka_unit_test(lists_of_a_section_stand_alone),
        cmocka_unit_test(sections_override_the_common_part),
        cmocka_unit_test(the_environment_names_a_file_too),
        cmocka_unit_test(files_that_cannot_be_read_are_wrong_configuration),
    };
    return cmocka_run_group_tests_name("cli/config", tests, NULL, NULL);
}
