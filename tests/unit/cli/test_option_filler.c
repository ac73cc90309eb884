/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_filler.h"

#include <stdio.h>

#include "support/rows.h"

/* The group's struct is not the first in the arguments: its base counts. */
struct group_args {
    bool quiet;
    struct hw_option_list names;
    uint32_t jobs;
};
struct args {
    uint64_t before;
    struct group_args group;
    uint64_t after;
};

static const struct hw_option group_rows[] = {
    {.name = "quiet", .type = HW_OPTION_FLAG, HW_OPTION_FIELD(struct group_args, quiet)},
    {.name = "names", .type = HW_OPTION_LIST, HW_OPTION_FIELD(struct group_args, names)},
    {.name = "jobs", .type = HW_OPTION_COUNT, HW_OPTION_FIELD(struct group_args, jobs)},
};
static const struct hw_option_group group = {"Group", group_rows, COUNT_OF(group_rows)};
static const struct hw_option_part parts[] = {{&group, offsetof(struct args, group), 0}};
static const struct hw_option_set set = {parts, COUNT_OF(parts)};

enum { SETTINGS_MAX = 4, NAMES_BYTES = 32, CANARY = 0x5a };

struct setting {
    const char *option;
    enum hw_option_layer layer;
    const char *value; /* NULL: a switch without one */
    bool adds;         /* one item, by hw_option_add */
};

static enum hw_status fill(struct hw_option_filler *filler, const struct setting *setting, struct hw_error *err) {
    const struct hw_option_ref ref = hw_option_find(&set, hw_view_of(setting->option));
    return setting->adds ? hw_option_add(filler, ref, setting->layer, setting->value, err)
                         : hw_option_fill(filler, ref, setting->layer, setting->value, err);
}

/* Writes the items of a list with blanks between them. */
static const char *list_text(const struct hw_option_list *list, char *out) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < list->count; i++) {
        used += (size_t)snprintf(out + used, NAMES_BYTES - used, "%s%s", i > 0 ? " " : "", list->items[i]);
    }
    return out;
}

static void a_later_layer_replaces_an_earlier_one(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct setting settings[SETTINGS_MAX];
        const char *names;
        uint32_t jobs;
        bool quiet;
    } rows[] = {
        {"nothing", {{NULL}}, "", 0, false},
        {"one layer adds up", {{"names", HW_LAYER_CONFIG, "a,b"}, {"names", HW_LAYER_CONFIG, "c"}}, "a b c", 0, false},
        {"the section before the file",
         {{"names", HW_LAYER_CONFIG, "a,b"}, {"names", HW_LAYER_SECTION, "c"}},
         "c",
         0,
         false},
        {"the environment before the section",
         {{"names", HW_LAYER_SECTION, "a"}, {"names", HW_LAYER_ENVIRONMENT, "b,c"}},
         "b c",
         0,
         false},
        {"the command line before the environment",
         {{"names", HW_LAYER_ENVIRONMENT, "a"},
          {"names", HW_LAYER_COMMAND_LINE, "b"},
          {"names", HW_LAYER_COMMAND_LINE, "c"}},
         "b c",
         0,
         false},
        {"an item is taken as it is", {{"names", HW_LAYER_CONFIG, "a,b", true}}, "a,b", 0, false},
        {"items add to a list and are replaced with it",
         {{"names", HW_LAYER_CONFIG, "a", true},
          {"names", HW_LAYER_SECTION, "b", true},
          {"names", HW_LAYER_SECTION, "c", true}},
         "b c",
         0,
         false},
        {"a number", {{"jobs", HW_LAYER_CONFIG, "3"}, {"jobs", HW_LAYER_COMMAND_LINE, "4"}}, "", 4, false},
        {"a switch", {{"quiet", HW_LAYER_CONFIG, NULL}}, "", 0, true},
        {"a switch taken back",
         {{"quiet", HW_LAYER_CONFIG, NULL}, {"quiet", HW_LAYER_COMMAND_LINE, "false"}},
         "",
         0,
         false},
        {"an option leaves the others alone",
         {{"names", HW_LAYER_CONFIG, "a"}, {"jobs", HW_LAYER_COMMAND_LINE, "1"}},
         "a",
         1,
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct args args = {.before = CANARY, .after = CANARY};
        uint8_t layers[COUNT_OF(group_rows)] = {0};
        struct hw_option_filler filler = {.set = &set, .arena = &arena, .args = &args, .layers = layers};
        struct hw_error err = HW_ERROR_INIT;
        char names[NAMES_BYTES];
        for (size_t k = 0; k < SETTINGS_MAX && rows[i].settings[k].option; k++) {
            assert_ok(fill(&filler, &rows[i].settings[k], &err), err);
        }
        assert_row_text(rows[i].name, list_text(&args.group.names, names), rows[i].names);
        assert_row_int(rows[i].name, args.group.jobs, rows[i].jobs);
        assert_row_int(rows[i].name, args.group.quiet, rows[i].quiet);
        assert_row_int(rows[i].name, args.before, CANARY);
        assert_row_int(rows[i].name, args.after, CANARY);
    }
}

static void a_wrong_value_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct args args = {0};
    uint8_t layers[COUNT_OF(group_rows)] = {0};
    struct hw_option_filler filler = {.set = &set, .arena = &arena, .args = &args, .layers = layers};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(fill(&filler, &(struct setting){"jobs", HW_LAYER_CONFIG, "many"}, &err), HW_EUSAGE);
    assert_row_says("many", err.message, "\"many\" is not a whole number");
    assert_int_equal(fill(&filler, &(struct setting){"jobs", HW_LAYER_CONFIG, NULL}, &err), HW_EUSAGE);
    assert_row_says("none", err.message, "needs a value");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_layer_replaces_an_earlier_one),
        cmocka_unit_test(a_wrong_value_is_told),
    };
    return cmocka_run_group_tests_name("cli/option_filler", tests, NULL, NULL);
}
