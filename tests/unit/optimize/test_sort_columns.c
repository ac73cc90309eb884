/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_columns.h"

#include <stdio.h>

#include "core/limits.h"
#include "optimize/file_plan.h"
#include "unit/parquet/message_write.h"

enum { LEAVES = 6, NAMES_MAX = 3, GROUPS_MAX = 2, SORTINGS_MAX = 3 };

#define TABLE                                                                                     \
    "required int32 n; optional group s { optional binary t (STRING); required double d; } "      \
    "optional group l (LIST) { repeated group list { optional int64 element; } } "                \
    "required group m (MAP) { repeated group key_value { required binary key (STRING); optional " \
    "int32 value; } }"

struct output {
    struct message_file made;
    struct hw_file_plan plan;
    struct hw_arena arena;
    struct hw_element_tree tree;
    struct hw_sort_output of;
};

/* The output of a file, without a column that may be named. */
static void output_open(struct output *output, const char *dropped) {
    struct hw_error err = HW_ERROR_INIT;
    memset(output, 0, sizeof(*output));
    message_file_open(&output->made, TABLE);
    const struct hw_read_file *files[] = {&output->made.file};
    const struct hw_columns_options columns = {.drop = &dropped, .drop_count = dropped != NULL};
    const struct hw_file_plan_options options = {.columns = &columns, .group_rows = 1, .group_bytes = 1};
    assert_ok(hw_file_plan_make(&output->plan, files, 1, &options, &err), err);
    assert_ok(hw_element_tree_make(&files[0]->meta, &output->arena, &output->tree, &err), err);
    output->of = (struct hw_sort_output){files[0], &output->tree, output->plan.columns, output->plan.tree.count};
}

static void output_close(struct output *output) {
    hw_arena_release(&output->arena);
    hw_file_plan_release(&output->plan);
    message_file_close(&output->made);
}

/* "leaf" or "leaf:desc", with ":first" where nulls come first. */
static void sort_text(const struct hw_sort_column *sort, size_t count, char *out, size_t room) {
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        at += (size_t)snprintf(out + at, room - at, "%zu%s%s ", sort[i].leaf, sort[i].key.descending ? ":desc" : "",
                               sort[i].key.nulls_first ? ":first" : "");
    }
}

/* ------ names */

static const struct {
    const char *name;
    struct hw_optimize_sort names[NAMES_MAX];
    const char *dropped;
    const char *want; /* NULL: it fails, and says this */
    const char *says;
} names[] = {
    {"no names", {{0}}, NULL, "", NULL},
    {"two columns", {{"s.t", true}, {"n", false}}, NULL, "1:desc 0 ", NULL},
    {"behind one that is dropped", {{"s.d", false}}, "n", "1 ", NULL},
    {"one that is dropped", {{"n", false}}, "n", NULL, "by the column \"n\" (--sort): it is not in the output"},
    {"one that is not there", {{"n", false}, {"nn", false}}, NULL, NULL, "which is not there; did you mean \"n\"?"},
    {"twice", {{"n", false}, {"s.t", false}, {"n", true}}, NULL, NULL, "the column \"n\" is named twice (--sort)"},
    {"a struct", {{"s", false}}, NULL, NULL, "by the column \"s\" (--sort): it has columns of its own"},
    {"a list", {{"l", false}}, NULL, NULL, "by the column \"l\" (--sort): it is in a list or map"},
    {"elements of a list", {{"l.element", false}}, NULL, NULL, "it is in a list or map"},
    {"values of a map", {{"m.value", false}}, NULL, NULL, "it is in a list or map"},
};

static void columns_are_found_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct output output;
        struct hw_sort_column sort[NAMES_MAX];
        char text[100];
        size_t count = 0;
        while (count < NAMES_MAX && names[i].names[count].column) {
            count++;
        }
        output_open(&output, names[i].dropped);
        const enum hw_status status = hw_sort_columns_named(&output.of, names[i].names, count, sort, &err);
        assert_row_int(names[i].name, status, names[i].want ? HW_OK : HW_EUSAGE);
        if (names[i].want) {
            sort_text(sort, count, text, sizeof(text));
            assert_row_text(names[i].name, text, names[i].want);
        } else {
            assert_row_says(names[i].name, err.message, names[i].says);
        }
        output_close(&output);
    }
}

static void columns_have_a_limit(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct output output;
    struct hw_optimize_sort many[HW_SORT_COLUMNS_MAX + 1] = {{"n", false}};
    struct hw_sort_column sort[HW_SORT_COLUMNS_MAX + 1];
    output_open(&output, NULL);
    assert_int_equal(hw_sort_columns_named(&output.of, many, COUNT_OF(many), sort, &err), HW_ELIMIT);
    assert_string_equal(err.message, "--sort names 65 columns, which is more than 64");
    output_close(&output);
}

/* ------ what sources say */

static const struct {
    const char *name;
    struct hw_parquet_sorting groups[GROUPS_MAX][SORTINGS_MAX];
    size_t counts[GROUPS_MAX];
    const char *dropped;
    const char *want;
} claims[] = {
    {"nothing", {{{0}}}, {0, 0}, NULL, ""},
    {"both",
     {{{0, false, false}, {2, true, true}}, {{0, false, false}, {2, true, true}}},
     {2, 2},
     NULL,
     "0 2:desc:first "},
    {"one less in the second group", {{{0}, {2}}, {{0}}}, {2, 1}, NULL, "0 "},
    {"one more in the second group", {{{0}}, {{0}, {2}}}, {1, 2}, NULL, "0 "},
    {"other ways", {{{0}, {2}}, {{0}, {2, true, false}}}, {2, 2}, NULL, "0 "},
    {"other places of nulls", {{{2, false, true}}, {{2}}}, {1, 1}, NULL, ""},
    {"another column first", {{{0}, {2}}, {{2}, {0}}}, {2, 2}, NULL, ""},
    {"one group says nothing", {{{0}}, {{0}}}, {1, 0}, NULL, ""},
    {"a column of less than 0", {{{0}, {-1}}, {{0}, {-1}}}, {2, 2}, NULL, "0 "},
    {"a column that is not there", {{{LEAVES}}, {{LEAVES}}}, {1, 1}, NULL, ""},
    {"elements of a list", {{{1}, {3}, {0}}, {{1}, {3}, {0}}}, {3, 3}, NULL, "1 "},
    {"a column twice", {{{1}, {1}}, {{1}, {1}}}, {2, 2}, NULL, "1 "},
    {"a column that is dropped", {{{1}, {0}}, {{1}, {0}}}, {2, 2}, "n", "0 "},
};

static void claims_of_all_groups_count(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        struct output output;
        struct hw_sort_column sort[HW_SORT_COLUMNS_MAX];
        struct hw_parquet_group groups[GROUPS_MAX];
        char text[100];
        output_open(&output, claims[i].dropped);
        for (size_t group = 0; group < GROUPS_MAX; group++) {
            groups[group] =
                (struct hw_parquet_group){.sorting = claims[i].groups[group], .sorting_count = claims[i].counts[group]};
        }
        /* The groups of one file, and one group of each of two files. */
        struct hw_read_file two[GROUPS_MAX] = {output.made.file, output.made.file};
        const struct hw_read_file *files[] = {&two[0], &two[1]};
        two[0].meta.groups = groups;
        two[0].meta.groups_count = GROUPS_MAX;
        sort_text(sort, hw_sort_columns_claimed(&output.of, files, 1, sort), text, sizeof(text));
        assert_row_text(claims[i].name, text, claims[i].want);
        two[0].meta.groups_count = two[1].meta.groups_count = 1;
        two[1].meta.groups = groups + 1;
        sort_text(sort, hw_sort_columns_claimed(&output.of, files, 2, sort), text, sizeof(text));
        assert_row_text(claims[i].name, text, claims[i].want);
        output_close(&output);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(columns_have_a_limit),
        cmocka_unit_test(claims_of_all_groups_count),
    };
    return cmocka_run_group_tests_name("optimize/sort_columns", tests, NULL, NULL);
}
