/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config_foreign.h"

#include "cli/commands.h"
#include "cli/transfer_args.h"
#include "support/rows.h"

enum { LAYERS_MAX = 128 };

/* The arguments of a call whose config file has this object. */
struct filled {
    struct hw_arena arena;
    uint8_t layers[LAYERS_MAX];
    struct hw_cmd_call call;
    void *args;
};

static enum hw_status fill(const char *command, const char *text, struct filled *filled, struct hw_error *err) {
    const struct hw_cmd *cmd = hw_commands_get(&hw_commands_all, hw_view_of(command));
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    *filled = (struct filled){.call = {.cmd = cmd, .commands = &hw_commands_all}};
    filled->args = hw_arena_alloc(&filled->arena, cmd->args_bytes);
    assert_non_null(filled->args);
    memset(filled->args, 0, cmd->args_bytes);
    assert_true(hw_option_count(cmd->options) <= LAYERS_MAX);
    struct hw_option_filler filler = {cmd->options, &filled->arena, filled->args, filled->layers};
    const enum hw_status status = hw_config_foreign_fill(&filler, &filled->call, object, err);
    json_decref(object);
    return status;
}

/* Returns whether an option of the command was set. */
static bool was_set(const struct filled *filled, const char *name) {
    const struct hw_option_ref ref = hw_option_find(filled->call.cmd->options, hw_view_of(name));
    return ref.option && filled->layers[ref.index] == HW_LAYER_CONFIG;
}

static void keys_set_options_of_cp(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum hw_transfer_mode mode;
        bool if_size_differs, no_clobber;
        uint64_t part_bytes;
        uint32_t connections, attempts;
        const char *destination;
    } rows[] = {
        {.text = "{}"},
        {.text = "{\"operation_mode\": \"auto\"}", .mode = HW_TRANSFER_AUTO},
        {.text = "{\"operation_mode\": \"direct\"}", .mode = HW_TRANSFER_DIRECT},
        {.text = "{\"operation_mode\": \"direct_sync\"}", .mode = HW_TRANSFER_DIRECT},
        {.text = "{\"operation_mode\": \"hybrid\"}", .mode = HW_TRANSFER_HYBRID},
        {.text = "{\"enable_s3_direct_sync\": true}"},
        {.text = "{\"enable_s3_direct_sync\": false, \"operation_mode\": \"direct\"}", .mode = HW_TRANSFER_TRADITIONAL},
        {.text = "{\"sync_mode\": \"copy\", \"enable_incremental\": false}"},
        {.text = "{\"sync_mode\": \"sync\"}", .if_size_differs = true},
        {.text = "{\"enable_incremental\": true}", .if_size_differs = true},
        {.text = "{\"max_parallel_downloads\": 12, \"batch_size\": 100}", .connections = 12},
        {.text = "{\"part_size_mb\": 50}", .part_bytes = 52428800},
        {.text = "{\"destination_bucket\": \"lake\"}", .destination = "s3://lake/"},
        {.text = "{\"destination_prefix\": \"a/b\", \"destination_bucket\": \"lake\"}",
         .destination = "s3://lake/a/b/"},
        {.text = "{\"destination_prefix\": \"a/\", \"destination_bucket\": \"lake\"}", .destination = "s3://lake/a/"},
        {.text =
             "{\"s5cmd_extra_args\": [\"--retry-count=5\", \"--numworkers\", \"16\", \"-n\", \"--sp\", \"-p\", \"9\"]}",
         .no_clobber = true,
         .part_bytes = 9437184,
         .connections = 16,
         .attempts = 6},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filled filled;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(fill("cp", rows[i].text, &filled, &err), err);
        const struct hw_transfer_args *args = filled.args;
        assert_row_int(rows[i].text, args->mode, rows[i].mode);
        assert_row_int(rows[i].text, args->if_size_differs, rows[i].if_size_differs);
        assert_row_int(rows[i].text, args->no_clobber, rows[i].no_clobber);
        assert_row_int(rows[i].text, args->part_bytes, rows[i].part_bytes);
        assert_row_int(rows[i].text, args->store.connections, rows[i].connections);
        assert_row_int(rows[i].text, args->store.attempts, rows[i].attempts);
        assert_row_text(rows[i].text, filled.call.destination ? filled.call.destination : "none",
                        rows[i].destination ? rows[i].destination : "none");
        hw_arena_release(&filled.arena);
    }
}

static void commands_take_what_is_theirs(void **state) {
    (void)state;
    static const char text[] = "{\"batch_size\": 7, \"part_size_mb\": 5, \"enable_incremental\": true}";
    static const struct {
        const char *command;
        bool jobs, part_size, if_size_differ;
    } rows[] = {
        {"cp", false, true, true},   {"sync", false, true, false},     {"run", true, true, true},
        {"mv", false, false, false}, {"convert", false, false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filled filled;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(fill(rows[i].command, text, &filled, &err), err);
        assert_row_int(rows[i].command, was_set(&filled, "jobs"), rows[i].jobs);
        assert_row_int(rows[i].command, was_set(&filled, "part-size"), rows[i].part_size);
        assert_row_int(rows[i].command, was_set(&filled, "if-size-differ"), rows[i].if_size_differ);
        hw_arena_release(&filled.arena);
    }
}

static void wrong_values_name_their_key(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"{\"operation_mode\": \"fast\"}", "\"operation_mode\": unknown value \"fast\""},
        {"{\"operation_mode\": 1}", "\"operation_mode\": a text is needed"},
        {"{\"enable_s3_direct_sync\": \"no\"}", "\"enable_s3_direct_sync\": true or false is needed"},
        {"{\"enable_incremental\": 1}", "\"enable_incremental\": true or false is needed"},
        {"{\"sync_mode\": \"fast\"}", "\"sync_mode\": copy or sync is needed"},
        {"{\"part_size_mb\": \"5\"}", "\"part_size_mb\": a whole number is needed"},
        {"{\"part_size_mb\": 0}", "\"part_size_mb\": "},
        {"{\"max_parallel_downloads\": -1}", "\"max_parallel_downloads\": \"-1\" is not a whole number"},
        {"{\"destination_bucket\": \"s3://lake\"}", "\"destination_bucket\": the name of a bucket is needed"},
        {"{\"destination_bucket\": \"\"}", "\"destination_bucket\": the name of a bucket is needed"},
        {"{\"destination_prefix\": \"a\"}", "\"destination_prefix\": destination_bucket is needed too"},
        {"{\"s5cmd_extra_args\": \"-n\"}", "\"s5cmd_extra_args\": an array of texts is needed"},
        {"{\"s5cmd_extra_args\": [1]}", "\"s5cmd_extra_args\": a text is needed"},
        {"{\"s5cmd_extra_args\": [\"--frob\"]}", "\"s5cmd_extra_args\": \"--frob\" is no option of cp"},
        {"{\"s5cmd_extra_args\": [\"a\"]}", "\"s5cmd_extra_args\": \"a\" is no option of cp"},
        {"{\"s5cmd_extra_args\": [\"--config=x\"]}", "\"--config=x\" is no option of cp"},
        {"{\"s5cmd_extra_args\": [\"--no-verify-ssl\"]}", "s5cmd's --no-verify-ssl is not here"},
        {"{\"s5cmd_extra_args\": [\"--storage-class\"]}", "\"s5cmd_extra_args\": "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct filled filled;
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].text, fill("cp", rows[i].text, &filled, &err) != HW_OK, true);
        assert_row_says(rows[i].text, err.message, rows[i].says);
        hw_arena_release(&filled.arena);
    }
}

static void keys_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < HW_CONFIG_FOREIGN_KEYS; i++) {
        assert_true(hw_config_foreign(hw_config_foreign_key(i)));
    }
    assert_false(hw_config_foreign("memory"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_set_options_of_cp),
        cmocka_unit_test(commands_take_what_is_theirs),
        cmocka_unit_test(wrong_values_name_their_key),
        cmocka_unit_test(keys_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
