/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/file_plan.h"

#include "support/alloc_fault.h"
#include "unit/parquet/message_write.h"

enum { LEAVES = 6, NAMES_MAX = 3 };

#define N "required int32 n = 1; "
#define S "optional group s { optional binary t (STRING) = 7; required double d; } "
#define L "optional group l (LIST) { repeated group list { optional int64 element; } } "
#define M "required group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }"
#define TABLE N S L M

static const struct hw_parquet_chunk chunks[LEAVES] = {{.compressed = 10}, {.compressed = 10}, {.compressed = 10},
                                                       {.compressed = 10}, {.compressed = 10}, {.compressed = 10}};
static const struct hw_parquet_group groups[] = {{.chunks = chunks, .chunks_count = LEAVES, .rows = 30},
                                                 {.chunks = chunks, .chunks_count = LEAVES, .rows = 12}};
static const struct hw_parquet_pair pairs[] = {
    {HW_VIEW_INIT("a"), HW_VIEW_INIT("1"), true},
    {HW_VIEW_INIT(HW_OPTIMIZE_KEY), HW_VIEW_INIT("of an earlier run"), true},
    {HW_VIEW_INIT("b"), HW_VIEW_INIT(""), false},
};

static void file_open(struct message_file *made) {
    message_file_open(made, TABLE);
    made->file.meta.groups = groups;
    made->file.meta.groups_count = COUNT_OF(groups);
    made->file.meta.pairs = pairs;
    made->file.meta.pairs_count = COUNT_OF(pairs);
}

struct asked {
    const char *select[NAMES_MAX];
    const char *drop[NAMES_MAX];
    struct hw_column_rename renames[NAMES_MAX];
};

static struct hw_columns_options columns_of(const struct asked *asked) {
    struct hw_columns_options columns = {.select = asked->select, .drop = asked->drop, .renames = asked->renames};
    for (size_t i = 0; i < NAMES_MAX; i++) {
        columns.select_count += asked->select[i] != NULL;
        columns.drop_count += asked->drop[i] != NULL;
        columns.renames_count += asked->renames[i].from != NULL;
    }
    return columns;
}

static enum hw_status plan_make(struct hw_file_plan *plan, const struct message_file *made, const struct asked *asked,
                                const char *digest, struct hw_error *err) {
    const struct hw_read_file *files[] = {&made->file, &made->file};
    const struct hw_columns_options columns = columns_of(asked);
    const struct hw_file_plan_options options = {
        .columns = &columns, .group_rows = 20, .group_bytes = HW_MIB(1), .digest = digest};
    *plan = (struct hw_file_plan){0};
    return hw_file_plan_make(plan, files, COUNT_OF(files), &options, err);
}

static const struct {
    const char *name;
    struct asked asked;
    const char *schema;
    const char *leaves; /* their numbers in the file */
} plans[] = {
    {"all as it is", {{0}}, TABLE, "012345"},
    {"a column", {.select = {"l"}}, L, "3"},
    {"columns stay where they are", {.select = {"m", "n"}}, N M, "045"},
    {"a child, and another one behind", {.select = {"s.d", "n", "s.t"}}, N S, "012"},
    {"a child of a list by its short path",
     {.select = {"l.element", "s.d"}},
     "optional group s { required double d; } " L,
     "23"},
    {"without a column", {.drop = {"s"}}, N L M, "0345"},
    {"without a child", {.drop = {"s.t"}}, N "optional group s { required double d; } " L M, "02345"},
    {"without all children", {.drop = {"s.t", "s.d", "m"}}, N L, "03"},
    {"with names",
     {.renames = {{"n", "id"}, {"s.t", "text"}, {"l", "n"}}},
     "required int32 id = 1; optional group s { optional binary text (STRING) = 7; required double d; } "
     "optional group n (LIST) { repeated group list { optional int64 element; } } " M,
     "012345"},
    {"columns and names",
     {.select = {"s.d", "n"}, .renames = {{"s", "r"}, {"n", "s"}}},
     "required int32 s = 1; optional group r { required double d; }",
     "02"},
    {"all but one, and a name",
     {.drop = {"n"}, .renames = {{"s", "n"}}},
     "optional group n { optional binary t (STRING) = 7; required double d; } " L M,
     "12345"},
};

static void leaves_check(const char *name, const struct hw_file_plan *plan, const struct hw_read_file *file,
                         const char *leaves) {
    assert_row_int(name, plan->tree.count, strlen(leaves));
    for (size_t i = 0; i < plan->tree.count; i++) {
        const struct hw_rewrite_column *column = &plan->columns[i];
        const size_t number = (size_t)(leaves[i] - '0');
        assert_ptr_equal(column->write, &plan->tree.leaves[i]);
        assert_row_int(name, column->write->column, number);
        assert_row_int(name, column->leaves->read.column, number);
        assert_row_int(name, column->leaves->read.form, HW_LEAF_SAME);
        assert_ptr_equal(column->leaves->read.field, &column->leaves->field);
        assert_row_int(name, column->leaves->read.def_max, file->schema.leaves[number].def_max);
    }
}

static void plans_have_the_columns_that_are_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        struct message_file made, want;
        struct hw_file_plan plan;
        struct hw_error err = HW_ERROR_INIT;
        file_open(&made);
        message_file_open(&want, plans[i].schema);
        assert_ok(plan_make(&plan, &made, &plans[i].asked, "now", &err), err);
        assert_row_bytes(plans[i].name, plan.tree.elements_written.data, plan.tree.elements_written.size,
                         want.bytes.data, want.bytes.size);
        leaves_check(plans[i].name, &plan, &made.file, plans[i].leaves);
        /* Twice 42 rows, of which 20 make a row group. */
        assert_row_int(plans[i].name, hw_row_cuts_count(&plan.cuts), 5);
        hw_file_plan_release(&plan);
        message_file_close(&want);
        message_file_close(&made);
    }
}

static const struct {
    const char *name;
    struct asked asked;
    const char *says;
} faults[] = {
    {"no such column to select",
     {.select = {"n", "nn"}},
     "--select names the column \"nn\", which is not there; did you mean \"n\"?"},
    {"no such column to drop", {.drop = {"s.tt"}}, "--drop names the column \"s.tt\", which is not there"},
    {"no such column to rename",
     {.renames = {{"vallue", "x"}}},
     "--rename names the column \"vallue\", which is not there; did you mean \"m.key_value.value\"?"},
    {"selected twice", {.select = {"n", "l", "n"}}, "the column \"n\" is named twice (--select)"},
    {"selected in whole and then in part", {.select = {"s", "s.t"}}, "the column \"s.t\" is named twice (--select)"},
    {"selected in part and then in whole", {.select = {"s.t", "s"}}, "the column \"s\" is named twice (--select)"},
    {"a child selected twice", {.select = {"s.t", "s.t"}}, "the column \"s.t\" is named twice (--select)"},
    {"dropped twice",
     {.drop = {"l.element", "l.list.element"}},
     "the column \"l.list.element\" is named twice (--drop)"},
    {"renamed twice", {.renames = {{"n", "x"}, {"n", "y"}}}, "the column \"n\" is named twice (--rename)"},
    {"two of a name", {.renames = {{"n", "s"}}}, "the columns \"n\" and \"s\" would both be called \"s\""},
    {"renamed and dropped",
     {.drop = {"n"}, .renames = {{"n", "x"}}},
     "--rename gives a name to the column \"n\", which is left out"},
    {"renamed and not selected",
     {.select = {"n"}, .renames = {{"s.t", "x"}}},
     "--rename gives a name to the column \"t\", which is left out"},
    {"keys of a map without values", {.drop = {"m.value"}}, "column \"m\": only a field is dropped or renamed"},
    {"values of a map without keys", {.select = {"m.value"}}, "the map \"m\" cannot lose its keys and keep its values"},
};

static void what_cannot_be_done_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct message_file made;
        struct hw_file_plan plan;
        struct hw_error err = HW_ERROR_INIT;
        file_open(&made);

        assert_row_int(faults[i].name, plan_make(&plan, &made, &faults[i].asked, NULL, &err), HW_EUSAGE);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        hw_file_plan_release(&plan);
        message_file_close(&made);
    }
}

/* Whoever asks for them, by name or by having some; optimize/bloom_columns has more rows. */
static void columns_have_the_filters_that_are_asked_for(void **state) {
    (void)state;
    static const struct hw_optimize_bloom bloom[] = {{"s.d", 0.2}, {"m.key", 0}};
    struct message_file made;
    struct hw_file_plan plan = {0};
    struct hw_error err = HW_ERROR_INIT;
    file_open(&made);
    const struct hw_read_file *file = &made.file;
    struct hw_file_plan_options options = {
        .group_rows = 20, .group_bytes = HW_MIB(1), .bloom = bloom, .bloom_count = COUNT_OF(bloom)};
    assert_ok(hw_file_plan_make(&plan, &file, 1, &options, &err), err);
    static const double want[LEAVES] = {0, 0, 0.2, 0, 0.01, 0};
    for (size_t i = 0; i < LEAVES; i++) {
        assert_true(plan.columns[i].bloom_fpp == want[i]);
    }
    assert_false(plan.blooms_lost);
    hw_file_plan_release(&plan);
    plan = (struct hw_file_plan){0};
    options.bloom = &(struct hw_optimize_bloom){"l", 0};
    options.bloom_count = 1;
    assert_int_equal(hw_file_plan_make(&plan, &file, 1, &options, &err), HW_EUSAGE);
    assert_row_says("a list", err.message, "--bloom names the column \"l\", which is a group");
    hw_file_plan_release(&plan);
    message_file_close(&made);
}

/* Nothing is left of a file of one column. */
static void a_column_at_least_is_left(void **state) {
    (void)state;
    struct message_file made;
    struct hw_file_plan plan;
    struct hw_error err = HW_ERROR_INIT;
    message_file_open(&made, N);
    assert_int_equal(plan_make(&plan, &made, &(struct asked){.drop = {"n"}}, NULL, &err), HW_EUSAGE);
    assert_string_equal(err.message, "no column is left");
    hw_file_plan_release(&plan);
    message_file_close(&made);
}

static void pairs_stay_and_the_digest_is_that_of_this_run(void **state) {
    (void)state;
    static const struct {
        const char *digest;
        const char *want;
    } rows[] = {{"now", "a=1 b hawser.optimize=now "}, {NULL, "a=1 b "}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message_file made;
        struct hw_file_plan plan;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        file_open(&made);
        assert_ok(plan_make(&plan, &made, &(struct asked){{0}}, rows[i].digest, &err), err);
        for (size_t k = 0; k < plan.pairs.pairs.count; k++) {
            const struct hw_file_pair *pair = &plan.pairs.pairs.items[k];
            assert_ok(hw_buf_append(&text, pair->key.data, pair->key.size, &err), err);
            assert_ok(hw_buf_append_text(&text, pair->has_value ? "=" : "", &err), err);
            assert_ok(hw_buf_append(&text, pair->value.data, pair->value.size, &err), err);
            assert_ok(hw_buf_append_text(&text, " ", &err), err);
        }
        assert_row_bytes("pairs", text.data, text.size, rows[i].want, strlen(rows[i].want));
        hw_file_plan_release(&plan);
        message_file_close(&made);
    }
}

/* ------ files that lack levels of others */

#define OPTIONAL_S "optional group s { optional binary t (STRING); } "
#define REQUIRED_S "required group s { required binary t (STRING); } "
#define HALF_S "required group s { optional binary t (STRING); } "
#define OPTIONAL_L "optional group l (LIST) { repeated group list { optional int64 element; } }"
#define REQUIRED_L "required group l (LIST) { repeated group list { required int64 element; } }"

/*
 * The output is like the first file, with the elements optional that "o" says, and has rows of the
 * second one. A level d of that one says that d of its elements are there: digits are the levels
 * that they become; "" where they stay. Levels are counted by hand.
 */
static const struct {
    const char *name;
    const char *like, *file, *optional;
    const char *schema;
    const char *levels;
} lifts[] = {
    {"the same", OPTIONAL_S, OPTIONAL_S, "---", OPTIONAL_S, ""},
    {"no levels at all", REQUIRED_S, OPTIONAL_S, "-oo", OPTIONAL_S, ""},
    {"none become two", OPTIONAL_S, REQUIRED_S, "---", OPTIONAL_S, "2"},
    {"the level of what is below is the second one", OPTIONAL_S, HALF_S, "---", OPTIONAL_S, "12"},
    {"a file like the one that others have levels beside", REQUIRED_S, HALF_S, "--o", HALF_S, ""},
    {"the first one lacks a level itself", HALF_S, HALF_S, "-o-", OPTIONAL_S, "12"},
    /* Optional: null, empty, a null element, an element. Required: empty, an element. */
    {"lists", OPTIONAL_L, REQUIRED_L, "----", OPTIONAL_L, "13"},
    {"elements of lists", OPTIONAL_L, "optional group l (LIST) { repeated group list { required int64 element; } }",
     "----", OPTIONAL_L, "013"},
    {"lists of elements that may be null", OPTIONAL_L,
     "required group l (LIST) { repeated group list { optional int64 element; } }", "----", OPTIONAL_L, "123"},
};

static void levels_are_those_of_the_output(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lifts); i++) {
        struct message_file like, file, want;
        struct hw_file_plan plan = {0};
        struct hw_error err = HW_ERROR_INIT;
        bool optional[MESSAGE_ELEMENTS_MAX] = {false};
        message_file_open(&like, lifts[i].like);
        message_file_open(&file, lifts[i].file);
        message_file_open(&want, lifts[i].schema);
        for (size_t k = 0; k < strlen(lifts[i].optional); k++) {
            optional[k] = lifts[i].optional[k] == 'o';
        }
        const struct hw_columns_options columns = {0};
        const struct hw_file_plan_options options = {
            .columns = &columns, .group_rows = 20, .group_bytes = HW_MIB(1), .like = &like.file, .optional = optional};
        const struct hw_read_file *files[] = {&file.file};
        assert_ok(hw_file_plan_make(&plan, files, 1, &options, &err), err);
        assert_row_bytes(lifts[i].name, plan.tree.elements_written.data, plan.tree.elements_written.size,
                         want.bytes.data, want.bytes.size);
        const struct hw_rewrite_leaf *leaf = plan.columns[0].leaves;
        assert_row_int(lifts[i].name, leaf->lifted != NULL, lifts[i].levels[0] != '\0');
        for (size_t k = 0; leaf->lifted && k <= leaf->source->def_max; k++) {
            assert_row_int(lifts[i].name, leaf->lifted[k], lifts[i].levels[k] - '0');
        }
        hw_file_plan_release(&plan);
        message_file_close(&like);
        message_file_close(&file);
        message_file_close(&want);
    }
}

/* Files of the same leaves share what is known of them; runs of rows say whose they are. */
static void files_of_one_kind_share_their_leaves(void **state) {
    (void)state;
    static const char *const texts[] = {OPTIONAL_S, REQUIRED_S, OPTIONAL_S, REQUIRED_S};
    static const struct hw_parquet_chunk chunk = {.compressed = 10};
    static const struct hw_parquet_group group = {.chunks = &chunk, .chunks_count = 1, .rows = 5};
    struct message_file made[COUNT_OF(texts)];
    const struct hw_read_file *files[COUNT_OF(texts)];
    struct hw_file_plan plan = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        message_file_open(&made[i], texts[i]);
        made[i].file.meta.groups = &group;
        made[i].file.meta.groups_count = 1;
        files[i] = &made[i].file;
    }
    const struct hw_columns_options columns = {0};
    const struct hw_file_plan_options options = {
        .columns = &columns, .group_rows = 100, .group_bytes = HW_MIB(1), .rows = {3, 12}};
    assert_ok(hw_file_plan_make(&plan, files, COUNT_OF(files), &options, &err), err);
    const struct hw_rewrite_rows *runs = (const struct hw_rewrite_rows *)(const void *)plan.cuts.runs.data;
    static const struct { uint64_t first, count; } want[] = {{3, 2}, {0, 5}, {0, 5}};
    assert_int_equal(plan.cuts.runs.size / sizeof(*runs), COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const struct hw_rewrite_leaf *leaf = &plan.columns[0].leaves[runs[i].number];
        assert_ptr_equal(runs[i].file, files[i]);
        assert_int_equal(runs[i].first, want[i].first);
        assert_int_equal(runs[i].count, want[i].count);
        assert_int_equal(runs[i].number, i % 2);
        assert_int_equal(leaf->source->def_max, i % 2 == 0 ? 2 : 0);
    }
    hw_file_plan_release(&plan);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        message_file_close(&made[i]);
    }
}

/* Rows are sorted by the columns that are named; without any, the claims of sources count. */
static void plans_know_by_what_rows_are_sorted(void **state) {
    (void)state;
    static const struct hw_parquet_sorting sortings[] = {{2, true, true}, {0, false, false}};
    static const struct hw_optimize_sort names[] = {{"s.t", false}};
    for (size_t named = 0; named < 2; named++) {
        struct message_file made;
        struct hw_file_plan plan = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_parquet_group claiming = groups[0];
        file_open(&made);
        claiming.sorting = sortings;
        claiming.sorting_count = COUNT_OF(sortings);
        made.file.meta.groups = &claiming;
        made.file.meta.groups_count = 1;
        const struct hw_read_file *files[] = {&made.file};
        const struct hw_file_plan_options options = {
            .group_rows = 20, .group_bytes = HW_MIB(1), .sort = names, .sort_count = named};
        assert_ok(hw_file_plan_make(&plan, files, 1, &options, &err), err);
        assert_int_equal(plan.sorts, named);
        assert_int_equal(plan.sort_count, named ? 1 : 2);
        assert_int_equal(plan.sort[0].leaf, named ? 1 : 2);
        assert_int_equal(plan.sort[0].key.descending, !named);
        assert_int_equal(plan.sort[0].key.nulls_first, !named);
        hw_file_plan_release(&plan);
        message_file_close(&made);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct message_file made;
    bool fired = true;
    size_t failures = 0;
    file_open(&made);
    for (; fired; failures++) {
        struct alloc_fault fault;
        struct hw_file_plan plan;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = plan_make(&plan, &made, &plans[9].asked, "now", NULL);
        hw_file_plan_release(&plan);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 3);
    message_file_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_have_the_columns_that_are_asked_for),
        cmocka_unit_test(what_cannot_be_done_is_told),
        cmocka_unit_test(columns_have_the_filters_that_are_asked_for),
        cmocka_unit_test(a_column_at_least_is_left),
        cmocka_unit_test(pairs_stay_and_the_digest_is_that_of_this_run),
        cmocka_unit_test(levels_are_those_of_the_output),
        cmocka_unit_test(files_of_one_kind_share_their_leaves),
        cmocka_unit_test(plans_know_by_what_rows_are_sorted),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/file_plan", tests, NULL, NULL);
}
