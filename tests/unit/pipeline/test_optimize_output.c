/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_output.h"

#include "support/alloc_fault.h"
#include "unit/pipeline/join_desk.h"

enum { FILES_MAX = 3 };

/* ------ files that say by whom they were made */

static const struct {
    const char *name;
    const char *keys[2];
    const char *values[2];
    bool done;
} pairs[] = {
    {"no metadata", {NULL}, {NULL}, false},
    {"the digest", {HW_OPTIMIZE_KEY}, {JOIN_DIGEST}, true},
    {"behind another pair", {"a", HW_OPTIMIZE_KEY}, {JOIN_DIGEST, JOIN_DIGEST}, true},
    {"another digest", {HW_OPTIMIZE_KEY}, {"of another test"}, false},
    {"a digest that goes on", {HW_OPTIMIZE_KEY}, {JOIN_DIGEST "s"}, false},
    {"another key", {"hawser"}, {JOIN_DIGEST}, false},
    {"the first one counts", {HW_OPTIMIZE_KEY, HW_OPTIMIZE_KEY}, {"of another test", JOIN_DIGEST}, false},
};

static void files_are_known_by_their_digest(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct hw_parquet_pair list[2];
        size_t count = 0;
        for (; count < COUNT_OF(list) && pairs[i].keys[count]; count++) {
            list[count] =
                (struct hw_parquet_pair){hw_view_of(pairs[i].keys[count]), hw_view_of(pairs[i].values[count]), true};
        }
        const struct hw_parquet_meta meta = {.pairs = list, .pairs_count = count};
        assert_row_int(pairs[i].name, hw_optimize_is_done(&meta, JOIN_DIGEST), pairs[i].done);
    }
}

/* ------ outputs of rows of several files */

struct output_desk {
    struct optimize_desk files;
    struct join_desk join;
    struct hw_optimize_files opened;
    const struct hw_read_file *list[FILES_MAX];
    struct hw_optimize_survey survey;
    struct hw_arena arena;
    struct hw_optimized told;
    struct hw_optimize_output output;
};

static void desk_open(struct output_desk *desk, const char *const *keys, const struct hw_optimize_options *options,
                      struct hw_row_range rows) {
    size_t failed;
    *desk = (struct output_desk){.told = {.source = "x"}};
    optimize_desk_fill(&desk->files);
    join_desk_open(&desk->join, &desk->files, "mem://out.parquet", options);
    join_desk_add_all(&desk->join, keys);
    assert_ok(hw_optimize_files_open(&desk->opened, desk->join.sources, desk->join.count, HW_MIB(16), &failed,
                                     &desk->join.err),
              desk->join.err);
    for (size_t i = 0; i < desk->opened.count; i++) {
        desk->list[i] = &desk->opened.files[i];
    }
    desk->output = (struct hw_optimize_output){
        .work = &desk->join.work,
        .crew = desk->join.crew,
        .memory_bytes = desk->join.options.memory_bytes,
        .place = &desk->join.sources[0]->place,
        .files = desk->list,
        .files_count = desk->opened.count,
        .rows = rows,
        .arena = &desk->arena,
        .told = &desk->told,
    };
}

static void desk_close(struct output_desk *desk) {
    hw_optimize_output_release(&desk->output);
    hw_arena_release(&desk->arena);
    hw_optimize_survey_release(&desk->survey);
    hw_optimize_files_release(&desk->opened);
    join_desk_close(&desk->join);
    optimize_desk_release(&desk->files);
}

/* All values of the sources are looked at, for exact downcasts. */
static void desk_survey(struct output_desk *desk) {
    desk->survey.choice = (struct hw_narrow_choice){.exact = true};
    desk->join.work.survey = &desk->survey;
    for (size_t i = 0; i < desk->opened.count; i++) {
        assert_ok(hw_optimize_survey_file(&desk->survey, desk->list[i], desk->join.crew, HW_MIB(64),
                                          HW_PARQUET_PAGE_BYTES_MAX, &desk->join.err),
                  desk->join.err);
    }
}

#define BOTH \
    { "a.parquet", "lake/x/b.parquet" }

static const char *const keep_id[] = {"id"};
static const char *const keep_none[] = {"none"};

/* The types of the columns id, t, n, and what the output has. */
static const struct {
    const char *name;
    const char *keys[FILES_MAX];
    struct hw_row_range rows;
    struct hw_optimize_options options;
    bool surveyed;
    struct join_faults faults;
    enum { PLAN_FAILS = 1, OPEN_FAILS, WRITE_FAILS, FINISH_FAILS } fails;
    enum hw_status want;
    const char *says;
    const char *types;
    uint64_t groups;
    bool narrows;
} rows[] = {
    {.name = "all rows of one", .keys = {"a.parquet"}, .types = "int64 text int64", .groups = 1},
    {.name = "all rows of two", .keys = BOTH, .types = "int64 text int64", .groups = 1},
    {.name = "some rows of two",
     .keys = BOTH,
     .rows = {1990, 20},
     .options = {.row_group_rows = 8},
     .types = "int64 text int64",
     .groups = 3},
    {.name = "narrower columns",
     .keys = BOTH,
     .surveyed = true,
     .types = "int32 text int32",
     .groups = 1,
     .narrows = true},
    {.name = "a column that keeps its type",
     .keys = BOTH,
     .surveyed = true,
     .options = {.keep = keep_id, .keep_count = 1},
     .types = "int64 text int32",
     .groups = 1,
     .narrows = true},
    {.name = "a column that is to keep its type, and is not there",
     .keys = BOTH,
     .surveyed = true,
     .options = {.keep = keep_none, .keep_count = 1},
     .fails = PLAN_FAILS,
     .want = HW_EUSAGE,
     .says = "--keep names the column \"none\""},
    {.name = "a sink that cannot be opened",
     .keys = BOTH,
     .faults = {.sink_at = 1},
     .fails = OPEN_FAILS,
     .want = HW_EAUTH,
     .says = "injected"},
    {.name = "a page that is spoilt",
     .keys = {"spoilt.parquet"},
     .fails = WRITE_FAILS,
     .want = HW_EDATA,
     .says = "row group 0"},
    {.name = "a name that is not given",
     .keys = BOTH,
     .faults = {.finish_at = 1},
     .fails = FINISH_FAILS,
     .want = HW_EIO,
     .says = "injected"},
};

static enum hw_status output_make(struct hw_optimize_output *output, int *out_step, struct hw_error *err) {
    *out_step = PLAN_FAILS;
    HW_TRY(hw_optimize_output_plan(output, err));
    *out_step = OPEN_FAILS;
    HW_TRY(hw_optimize_output_open(output, 1000, err));
    *out_step = WRITE_FAILS;
    HW_TRY(hw_optimize_output_write(output, err));
    *out_step = FINISH_FAILS;
    HW_TRY(output->sink->ops->finish(output->sink, err));
    *out_step = 0;
    return HW_OK;
}

static void output_check(size_t row, struct output_desk *desk) {
    HW_AUTO(hw_buf) types = {0};
    const struct hw_optimized *told = &desk->told;
    for (size_t i = 0; i < told->columns_count; i++) {
        assert_int_equal(hw_buf_printf(&types, NULL, "%s%s", i > 0 ? " " : "", told->columns[i].type_after), HW_OK);
    }
    assert_int_equal(hw_buf_end_text(&types, NULL), HW_OK);
    assert_row_text(rows[row].name, (const char *)types.data, rows[row].types);
    assert_row_int(rows[row].name, told->row_groups_after, rows[row].groups);
    assert_row_int(rows[row].name, told->proved, true);
    assert_row_int(rows[row].name, told->bytes_after, optimize_size(&desk->files, "out.parquet"));
    assert_row_int(rows[row].name, hw_optimize_output_narrows(&desk->output), rows[row].narrows);
}

static void an_output_is_planned_opened_and_written(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct output_desk desk;
        int step;
        desk_open(&desk, rows[i].keys, &rows[i].options, rows[i].rows);
        if (rows[i].surveyed) {
            desk_survey(&desk);
        }
        join_faults_begin(desk.files.files.store, rows[i].faults);
        assert_row_int(rows[i].name, output_make(&desk.output, &step, &desk.join.err), rows[i].want);
        join_faults_end();
        assert_row_int(rows[i].name, step, rows[i].fails);
        assert_row_says(rows[i].name, desk.join.err.message, rows[i].says ? rows[i].says : "");
        if (rows[i].want == HW_OK) {
            output_check(i, &desk);
        } else {
            assert_row_int(rows[i].name, optimize_size(&desk.files, "out.parquet"), 0);
        }
        desk_close(&desk);
    }
}

/* A file whose types are those of a table keeps them, whichever of the files it is. */
static void types_of_a_table_stay(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", "lake/x/b.parquet", NULL};
    static const struct hw_parquet_pair iceberg = {HW_VIEW_INIT("iceberg.schema"), HW_VIEW_INIT("{}"), true};
    for (size_t i = 0; i < 3; i++) {
        struct output_desk desk;
        desk_open(&desk, keys, &(struct hw_optimize_options){0}, (struct hw_row_range){0, 0});
        desk_survey(&desk);
        if (i < 2) {
            desk.opened.files[i].meta.pairs = &iceberg;
            desk.opened.files[i].meta.pairs_count = 1;
        }
        assert_ok(hw_optimize_output_plan(&desk.output, &desk.join.err), desk.join.err);
        assert_int_equal(hw_optimize_output_narrows(&desk.output), i == 2);
        desk_close(&desk);
    }
}

/* Without a sink the rows are encoded and proved all the same, for what they come to. */
static void nothing_is_written_without_a_sink(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", NULL};
    struct output_desk desk;
    int step;
    desk_open(&desk, keys, &(struct hw_optimize_options){0}, (struct hw_row_range){0, 0});
    assert_ok(hw_optimize_output_plan(&desk.output, &desk.join.err), desk.join.err);
    assert_ok(hw_optimize_output_write(&desk.output, &desk.join.err), desk.join.err);
    const uint64_t bytes = desk.told.bytes_after;
    assert_true(desk.told.proved && bytes > 0);
    assert_int_equal(optimize_size(&desk.files, "out.parquet"), 0);
    hw_optimize_output_release(&desk.output);
    desk.output.plan = (struct hw_file_plan){0};
    assert_ok(output_make(&desk.output, &step, &desk.join.err), desk.join.err);
    assert_int_equal(optimize_size(&desk.files, "out.parquet"), bytes);
    desk_close(&desk);
}

static void what_is_dropped_is_not_there(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", NULL};
    struct output_desk desk;
    desk_open(&desk, keys, &(struct hw_optimize_options){0}, (struct hw_row_range){0, 0});
    hw_optimize_output_drop(&desk.output);
    assert_ok(hw_optimize_output_plan(&desk.output, &desk.join.err), desk.join.err);
    assert_ok(hw_optimize_output_open(&desk.output, 1000, &desk.join.err), desk.join.err);
    assert_ok(hw_optimize_output_write(&desk.output, &desk.join.err), desk.join.err);
    hw_optimize_output_drop(&desk.output);
    assert_null(desk.output.sink);
    assert_int_equal(optimize_size(&desk.files, "out.parquet"), 0);
    desk_close(&desk);
}

/* The options of the sink: what they say of what is there, and of outputs beside it. */
static struct hw_sink_options opened_with;

static enum hw_status options_take(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                   struct hw_sink **out_sink, struct hw_error *err) {
    (void)store;
    (void)key;
    (void)out_sink;
    opened_with = *options;
    return hw_fail(err, HW_EIO, "taken");
}

static void sinks_know_how_they_are_used(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", NULL};
    for (int i = 0; i < 4; i++) {
        struct output_desk desk;
        const struct hw_optimize_options options = {.overwrite = i & 1 ? HW_OVERWRITE_FAIL : HW_OVERWRITE_AUTO};
        desk_open(&desk, keys, &options, (struct hw_row_range){0, 0});
        const struct hw_store_ops *real = desk.files.files.store->ops;
        struct hw_store_ops taking = *real;
        taking.sink_open = options_take;
        desk.output.one_of_many = i & 2;
        assert_ok(hw_optimize_output_plan(&desk.output, &desk.join.err), desk.join.err);
        desk.files.files.store->ops = &taking;
        assert_int_equal(hw_optimize_output_open(&desk.output, 77, &desk.join.err), HW_EIO);
        desk.files.files.store->ops = real;
        assert_int_equal(opened_with.create_only, (i & 1) != 0);
        assert_int_equal(opened_with.one_of_many, (i & 2) != 0);
        assert_int_equal(opened_with.size_hint, 77);
        assert_null(opened_with.if_match);
        assert_string_equal(opened_with.content_type, "application/vnd.apache.parquet");
        desk_close(&desk);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const char *const keys[] = {"lake/c.pq", "lake/x/b.parquet", NULL};
    size_t failures = 0;
    struct output_desk desk;
    desk_open(&desk, keys, &(struct hw_optimize_options){.threads = 1}, (struct hw_row_range){0, 0});
    desk_survey(&desk);
    const struct hw_optimize_output fresh = desk.output;
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        desk.output = fresh;
        enum hw_status status = hw_optimize_output_plan(&desk.output, NULL);
        status = status ? status : hw_optimize_output_write(&desk.output, NULL);
        hw_optimize_output_release(&desk.output);
        hw_arena_release(&desk.arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 20);
    desk.output = fresh;
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_known_by_their_digest), cmocka_unit_test(an_output_is_planned_opened_and_written),
        cmocka_unit_test(types_of_a_table_stay),           cmocka_unit_test(nothing_is_written_without_a_sink),
        cmocka_unit_test(what_is_dropped_is_not_there),    cmocka_unit_test(sinks_know_how_they_are_used),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_output", tests, NULL, NULL);
}
