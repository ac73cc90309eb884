/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/bloom_columns.h"

#include <stdio.h>

#include "optimize/file_plan.h"
#include "unit/parquet/message_write.h"

#define TABLE                                                                                           \
    "required int64 n; optional group s { optional binary t (STRING); required boolean b; } "           \
    "optional group l (LIST) { repeated group list { optional double element; } } optional int96 old; " \
    "optional fixed i; required binary s.t (STRING); "

/* The leaves of the table, in the order of its columns. */
enum { N, S_T, S_B, L, OLD, I, DOTTED, LEAVES, GROUPS = 2, ASKED_MAX = 3 };

/* A file, and another one with the same columns; a plan of their columns. */
struct made {
    struct message_file message;
    struct hw_parquet_chunk chunks[2][GROUPS][LEAVES];
    struct hw_parquet_group groups[2][GROUPS];
    struct hw_read_file files[2];
    struct hw_file_plan plan;
    struct hw_arena arena;
    struct hw_element_tree tree;
};

static void made_open(struct made *made, const struct hw_columns_options *columns, const char *mask) {
    struct hw_error err = HW_ERROR_INIT;
    *made = (struct made){.message.bytes.limit = SIZE_MAX};
    message_parse(&made->message.message, TABLE);
    struct hw_parquet_element *interval = &made->message.message.elements[message_file_element(&made->message, "i")];
    interval->type_length = 12;
    interval->converted = HW_CONVERTED_INTERVAL;
    message_file_make(&made->message);
    for (size_t f = 0; f < 2; f++) {
        made->files[f] = made->message.file;
        made->files[f].meta.groups = made->groups[f];
        made->files[f].meta.groups_count = GROUPS;
        for (size_t g = 0; g < GROUPS; g++) {
            made->groups[f][g] =
                (struct hw_parquet_group){.chunks = made->chunks[f][g], .chunks_count = LEAVES, .rows = 10};
            for (size_t c = 0; c < LEAVES; c++) {
                made->chunks[f][g][c] = (struct hw_parquet_chunk){.bloom_offset = HW_META_ABSENT};
            }
        }
    }
    const struct hw_read_file *files[] = {&made->files[0], &made->files[1]};
    const struct hw_file_plan_options options = {
        .columns = columns, .group_rows = 20, .group_bytes = HW_MIB(1), .mask = &mask, .mask_count = mask ? 1 : 0};
    assert_ok(hw_file_plan_make(&made->plan, files, 2, &options, &err), err);
    assert_ok(hw_element_tree_make(&made->files[0].meta, &made->arena, &made->tree, &err), err);
}

static void made_close(struct made *made) {
    hw_file_plan_release(&made->plan);
    hw_arena_release(&made->arena);
    message_file_close(&made->message);
}

static enum hw_status blooms_choose(struct made *made, const struct hw_optimize_bloom *asked, bool *out_lost,
                                    struct hw_error *err) {
    const struct hw_read_file *files[] = {&made->files[0], &made->files[1]};
    struct hw_bloom_columns choosing = {
        .like = &made->files[0], .tree = &made->tree, .files = files, .files_count = 2, .asked = asked};
    while (choosing.asked_count < ASKED_MAX && asked[choosing.asked_count].column) {
        choosing.asked_count++;
    }
    return hw_bloom_columns_choose(&choosing, made->plan.columns, made->plan.tree.count, out_lost, err);
}

/* ------ what is chosen */

enum { HELD_MAX = 4 };

static const struct {
    const char *name;
    struct hw_optimize_bloom asked[ASKED_MAX];
    /* The chunks of the sources that have filters: "file, row group, leaf" as digits. */
    const char *has[HELD_MAX];
    const char *want; /* the probability of each leaf */
    bool lost;
} rows[] = {
    {"none", {{0}}, {0}, "0 0 0 0 0 0 0", false},
    {"what is asked for", {{"n", 0.1}, {"l.element", 0.002}}, {0}, "0.1 0 0 0.002 0 0 0", false},
    {"without a probability", {{"n", 0}}, {0}, "0.01 0 0 0 0 0 0", false},
    {"a column first, whose name has a dot", {{"s.t", 0.5}}, {0}, "0 0 0 0 0 0 0.5", false},
    {"what the source has", {{0}}, {"000", "001"}, "0.01 0.01 0 0 0 0 0", false},
    {"in one row group, of one file", {{0}}, {"113"}, "0 0 0 0.01 0 0 0", false},
    {"which may be asked for otherwise", {{"n", 0.2}}, {"010", "003"}, "0.2 0 0 0.01 0 0 0", false},
    {"of booleans", {{0}}, {"112", "000"}, "0.01 0 0 0 0 0 0", true},
    {"of INT96", {{0}}, {"004"}, "0 0 0 0 0 0 0", true},
    {"of intervals", {{0}}, {"005"}, "0 0 0 0 0 0 0", true},
};

static void columns_get_filters(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        struct hw_error err = HW_ERROR_INIT;
        char got[128] = "";
        bool lost;
        made_open(&made, NULL, NULL);
        for (size_t k = 0; k < HELD_MAX && rows[i].has[k]; k++) {
            const char *at = rows[i].has[k];
            made.chunks[at[0] - '0'][at[1] - '0'][at[2] - '0'].bloom_offset = 100;
        }
        assert_ok(blooms_choose(&made, rows[i].asked, &lost, &err), err);
        for (size_t c = 0; c < made.plan.tree.count; c++) {
            const size_t used = strlen(got);
            snprintf(got + used, sizeof(got) - used, "%s%g", c > 0 ? " " : "", made.plan.columns[c].bloom_fpp);
        }
        assert_row_text(rows[i].name, got, rows[i].want);
        assert_row_int(rows[i].name, lost, rows[i].lost);
        made_close(&made);
    }
}

/* A writer that tells of a filter at byte 0 has none. */
static void an_offset_of_zero_is_no_filter(void **state) {
    (void)state;
    struct made made;
    struct hw_error err = HW_ERROR_INIT;
    bool lost;
    made_open(&made, NULL, NULL);
    made.chunks[0][0][N].bloom_offset = made.chunks[0][0][S_B].bloom_offset = 0;
    assert_ok(blooms_choose(&made, (struct hw_optimize_bloom[ASKED_MAX]){{0}}, &lost, &err), err);
    assert_true(made.plan.columns[N].bloom_fpp == 0);
    assert_false(lost);
    made_close(&made);
}

/* Filters of what is not written, or becomes null, are none; nor are they lost. */
static void masked_and_dropped_columns_have_none(void **state) {
    (void)state;
    static const char *const drop[] = {"old"};
    const struct hw_columns_options columns = {.drop = drop, .drop_count = 1};
    struct made made;
    struct hw_error err = HW_ERROR_INIT;
    bool lost;
    made_open(&made, &columns, "s");
    made.chunks[0][0][S_T].bloom_offset = made.chunks[0][0][S_B].bloom_offset = 100;
    made.chunks[0][0][OLD].bloom_offset = 100;
    assert_ok(blooms_choose(&made, (struct hw_optimize_bloom[ASKED_MAX]){{0}}, &lost, &err), err);
    for (size_t c = 0; c < made.plan.tree.count; c++) {
        assert_true(made.plan.columns[c].bloom_fpp == 0);
    }
    assert_false(lost);
    made_close(&made);
}

/* ------ what cannot be */

static const struct {
    const char *name;
    struct hw_optimize_bloom asked[ASKED_MAX];
    const char *says;
} faults[] = {
    {"no such column",
     {{"n", 0}, {"lists", 0.1}},
     "--bloom names the column \"lists\", which is not there; did you mean \"l.list\"?"},
    {"a struct", {{"s", 0}}, "--bloom names the column \"s\", which is a group: name a column in it, as \"a.b\""},
    {"a list", {{"l", 0}}, "--bloom names the column \"l\", which is a group"},
    {"a boolean", {{"s.b", 0}}, "--bloom names the column \"s.b\", whose type BOOLEAN has no bloom filters"},
    {"INT96", {{"old", 0}}, "--bloom names the column \"old\", whose type INT96 has no bloom filters"},
    {"an interval", {{"i", 0}}, "--bloom names the column \"i\", whose intervals have no bloom filters"},
    {"a column that is left out", {{"n", 0}}, "--bloom names the column \"n\", which is left out"},
    {"a column that becomes null",
     {{"l.list.element", 0}},
     "--bloom names the column \"l.list.element\", all of whose values become null"},
    {"named twice", {{"s.t", 0.1}, {"s.t", 0.1}}, "--bloom names the column \"s.t\", which it has named before"},
    {"a probability of 1", {{"s.t", 1}}, "--bloom names the column \"s.t\", with a probability that is not above 0"},
    {"one below 0", {{"s.t", -0.5}}, "--bloom names the column \"s.t\", with a probability that is not above 0"},
};

static void what_cannot_be_is_told(void **state) {
    (void)state;
    static const char *const drop[] = {"n"};
    const struct hw_columns_options columns = {.drop = drop, .drop_count = 1};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct made made;
        struct hw_error err = HW_ERROR_INIT;
        bool lost;
        made_open(&made, strstr(faults[i].name, "left out") ? &columns : NULL, "l");
        assert_row_int(faults[i].name, blooms_choose(&made, faults[i].asked, &lost, &err), HW_EUSAGE);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        made_close(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_get_filters),
        cmocka_unit_test(an_offset_of_zero_is_no_filter),
        cmocka_unit_test(masked_and_dropped_columns_have_none),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests_name("optimize/bloom_columns", tests, NULL, NULL);
}
