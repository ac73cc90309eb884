/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table on its way to its outputs, without CSV: its passes, what it counts, and what is left of
 * it at each point.
 */
#include "pipeline/conversion.h"

#include "fake_run.h"
#include "support/alloc_fault.h"

/* ------ life */

static void opening_may_fail(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *partition_by; /* NULL: nothing */
        bool report, no_memory;
        enum hw_status status;
        const char *says;
        enum hw_nested_text nested;
    } rows[] = {
        {"a column that is not there", "q", false, false, HW_EDATA, "\"q\""},
        {"no memory for what a report tells", NULL, true, true, HW_ENOMEM, "out of memory"},
        {"no memory for partitions", "p", false, true, HW_ENOMEM, "out of memory"},
        {"a column that is to be flat", NULL, false, false, HW_EUSAGE, "was asked to be flat", HW_NESTED_FAIL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.options.report_path = rows[i].report ? "report.json" : NULL;
        run.options.partition_by = &rows[i].partition_by;
        run.options.partition_by_count = rows[i].partition_by != NULL;
        run.options.nested = rows[i].nested;
        fake_reader_init(&run.reader, 2);
        run.reader.fields[1].type.kind = rows[i].nested ? HW_KIND_LIST : HW_KIND_INT64;
        alloc_fault_begin(&fault, rows[i].no_memory ? 0 : SIZE_MAX);
        const enum hw_status status = hw_conversion_open(&run.conversion, &run.context, &run.reader.base, &err);
        hw_conversion_release(&run.conversion);
        assert_row_int(rows[i].name, alloc_fault_end(&fault), rows[i].no_memory);
        assert_row_int(rows[i].name, status, rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        fake_run_close(&run);
    }
}

static void a_pass_may_fail_to_begin(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum fake_call fails;
        const char *in_the_way; /* of the output; NULL: nothing */
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"the reader cannot", FAKE_BEGIN, NULL, HW_EIO, "the fake fails"},
        {"the output cannot be made", FAKE_NONE, "out/t.fake/file", HW_EUSAGE, "directory"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        if (rows[i].in_the_way) {
            scratch_write(&run.scratch, rows[i].in_the_way, "", 0);
        }
        run.reader.scripts[0] = "1";
        run.reader.fails = rows[i].fails;
        fake_reader_init(&run.reader, 1);
        assert_row_int(rows[i].name, fake_run_begin(&run, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        fake_run_close(&run);
    }
}

enum reached { ZEROED, OPENED, BEGUN, CLAIMED, WAITING, READ, REDONE, CLOSED, PUBLISHED };

/* Takes a conversion of two parts so far. Both fit their columns, unless it is to be done again. */
static void conversion_reach(struct fake_run *run, enum reached reached) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_queue_claim claims[2] = {{0}};
    run->reader.scripts[0] = "2 x1";
    run->reader.scripts[1] = reached == REDONE ? "s w2" : "s 2";
    fake_reader_init(&run->reader, 1);
    if (reached >= OPENED) {
        assert_ok(hw_conversion_open(&run->conversion, &run->context, &run->reader.base, &err), err);
    }
    if (reached >= BEGUN) {
        assert_ok(hw_conversion_begin(&run->conversion, &run->output_plan, &err), err);
    }
    for (size_t i = 0; reached >= CLAIMED && i < COUNT_OF(claims); i++) {
        assert_true(hw_conversion_claim(&run->conversion, &claims[i]));
    }
    if (reached >= WAITING) { /* the second part is made, and waits for the first */
        hw_worker_run(&run->conversion, &claims[1]);
        assert_int_equal(hw_budget_held(&run->context.queue) > 0, reached != REDONE);
    }
    if (reached >= READ) {
        hw_worker_run(&run->conversion, &claims[0]);
        assert_ok(hw_queue_status(&run->conversion.queue, &err), err);
    }
    if (reached == REDONE) {
        assert_ok(hw_conversion_redo(&run->conversion, &err), err);
    }
    if (reached >= CLOSED) {
        assert_ok(hw_outputs_close(&run->conversion.outputs, &err), err);
    }
    if (reached >= PUBLISHED) {
        assert_ok(hw_outputs_publish(&run->conversion.outputs, &err), err);
    }
    if (reached == CLAIMED || reached == WAITING) { /* nobody may be at a slot */
        const struct hw_queue_end end = {.status = HW_EIO, .error = &err};
        for (size_t i = 0; i < (reached == CLAIMED ? COUNT_OF(claims) : 1); i++) {
            hw_queue_end(&run->conversion.queue, claims[i].slot, &end);
            hw_workbenches_leave(&run->conversion.benches);
        }
    }
}

static void it_can_be_released_at_any_time(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum reached reached;
        bool there; /* the output, afterwards */
    } rows[] = {
        {"never opened", ZEROED, false}, {"opened", OPENED, false},       {"begun", BEGUN, false},
        {"claimed", CLAIMED, false},     {"pieces wait", WAITING, false}, {"read", READ, false},
        {"begun again", REDONE, false},  {"closed", CLOSED, false},       {"published", PUBLISHED, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fake_run run;
        fake_run_open(&run);
        conversion_reach(&run, rows[i].reached);
        hw_conversion_release(&run.conversion);
        assert_null(run.conversion.reader);
        assert_false(run.reader.freed); /* it is its owner's */
        assert_row_int(rows[i].name, hw_budget_held(&run.context.queue), 0);
        fake_run_holds(rows[i].name, &run, "out/t.fake", rows[i].there ? "[0 1][3 4]." : NULL);
        /* nobody has published them */
        fake_run_holds(rows[i].name, &run, "out/t.rejects.jsonl", NULL);
        if (!rows[i].there) {
            assert_string_equal(scratch_names(&run.scratch), "");
        }
        hw_conversion_release(&run.conversion); /* again: nothing */
        fake_run_close(&run);
    }
}

/* ------ the second pass */

static void what_did_not_fit_is_read_again(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.reader.scripts[0] = "s 3 x1";
    run.reader.scripts[1] = "s x1 1 w2 1";
    run.reader.scripts[2] = "s x1 2";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    assert_int_equal(run.conversion.pass, 1);
    fake_run_work(&run);
    assert_true(run.conversion.misfit);
    assert_int_equal(run.reader.base.rows, 9);
    assert_int_equal(run.context.rows_done, 9);
    assert_int_equal(run.context.bytes_done, 120);
    assert_int_equal(run.conversion.bytes_accepted, 120);
    assert_ok(hw_conversion_redo(&run.conversion, &err), err);
    assert_false(run.conversion.misfit);
    assert_int_equal(run.conversion.pass, 2);
    assert_int_equal(run.context.rows_done, 0);
    assert_int_equal(run.context.bytes_done, 0);
    assert_int_equal(run.conversion.bytes_accepted, 0);
    assert_int_equal(run.conversion.benches.synced.count, 0);
    fake_run_work(&run);
    assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
    assert_int_equal(run.context.rows_done, 9);
    assert_int_equal(run.context.bytes_done, 120);
    assert_int_equal(run.reader.passes, 2);
    assert_ok(run.conversion.rejects.sink->ops->finish(run.conversion.rejects.sink, &err), err);
    fake_run_holds("rejects", &run, "out/t.rejects.jsonl",
                   "{\"line\":4,\"offset\":30,\"reason\":\"odd\",\"column\":\"k\",\"raw\":\"bbb\"}\n"
                   "{\"line\":5,\"offset\":40,\"reason\":\"even\",\"raw\":\"bbb\"}\n"
                   "{\"line\":10,\"offset\":90,\"reason\":\"odd\",\"column\":\"k\",\"raw\":\"bbb\"}\n");
    fake_run_publish("rows", &run, "[0d 1d 2d][5d 6d 7d 8d][10d 11d].");
    fake_run_close(&run);
}

static void there_is_no_third_pass(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.reader.scripts[0] = "w1";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    fake_run_work(&run);
    assert_ok(hw_conversion_redo(&run.conversion, &err), err);
    run.reader.widened = false; /* what the reader says of its types is wrong */
    fake_run_work(&run);
    assert_true(run.conversion.misfit);
    assert_int_equal(hw_conversion_redo(&run.conversion, &err), HW_EFAILED);
    assert_non_null(strstr(err.message, "a type that was made from all values"));
    assert_int_equal(hw_conversion_redo(&run.conversion, NULL), HW_EFAILED);
    assert_int_equal(run.reader.passes, 2);
    fake_run_close(&run);
}

static void a_second_pass_may_fail_to_begin(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum fake_call fails;
        unsigned passes;
    } rows[] = {
        {"types cannot be widened", FAKE_WIDEN, 1},
        {"the reader cannot begin", FAKE_BEGIN, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.reader.scripts[0] = "w1";
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        run.reader.fails = rows[i].fails;
        assert_row_int(rows[i].name, hw_conversion_redo(&run.conversion, &err), HW_EIO);
        assert_row_text(rows[i].name, err.message, "the fake fails");
        assert_row_int(rows[i].name, run.reader.passes, rows[i].passes);
        assert_row_int(rows[i].name, run.context.rows_done, 0);
        fake_run_close(&run);
    }
}

/* ------ limits of rejects */

static void so_many_records_may_be_rejected(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *scripts[FAKE_PARTS_MAX];
        uint64_t max;
        double ratio;
        const char *says; /* NULL: it goes well */
    } rows[] = {
        {"no limit", {"x9"}, 0, 0, NULL},
        {"as many as may be", {"x2 3"}, 2, 0, NULL},
        {"one more", {"x3 3"}, 2, 0, "3 records were rejected, at most 2 may be"},
        {"one more, in two parts", {"x2 1", "s x1"}, 2, 0, "3 records were rejected, at most 2 may be"},
        {"as large a share as may be", {"x1 3"}, 0, 0.25, NULL},
        {"a larger one", {"x2 3"}, 0, 0.25, "2 of 5 records were rejected, at most 25 % may be"},
        {"a share counts at the end", {"x2 1", "s 5"}, 0, 0.25, NULL},
        {"a larger one at the end", {"5", "s x4 1"}, 0, 0.125, "4 of 10 records were rejected, at most 12.5 % may be"},
        {"a share of nothing", {"0"}, 0, 0.25, NULL},
        {"the number comes first", {"x5"}, 4, 0.5, "5 records were rejected, at most 4 may be"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.options.csv.rejects_max = rows[i].max;
        run.options.csv.rejects_max_ratio = rows[i].ratio;
        memcpy(run.reader.scripts, rows[i].scripts, sizeof(rows[i].scripts));
        fake_reader_init(&run.reader, 1);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        assert_row_int(rows[i].name, hw_queue_status(&run.conversion.queue, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        fake_run_close(&run);
    }
}

static void rejects_that_cannot_be_kept_end_it(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    scratch_write(&run.scratch, "out/t.rejects.jsonl/file", "", 0);
    run.reader.scripts[0] = "s 1 x1";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    fake_run_work(&run);
    assert_int_equal(hw_queue_status(&run.conversion.queue, &err), HW_EUSAGE);
    assert_non_null(strstr(err.message, "directory"));
    fake_run_close(&run);
}

/* ------ workers */

static void a_worker_more_takes_memory(void **state) {
    (void)state;
    struct hw_queue_claim claims[4];
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.reader.scripts[0] = run.reader.scripts[1] = run.reader.scripts[2] = "s 1";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    const struct hw_settings_object object = hw_conversion_object(&run.conversion);
    const uint64_t worker_bytes = hw_settings_worker_bytes(&run.context.settings, &object);
    /* another job's */
    assert_true(hw_budget_try(&run.context.work, FAKE_WORK_BYTES - worker_bytes));
    /* the job has paid for the first */
    assert_true(hw_conversion_claim(&run.conversion, &claims[0]));
    assert_int_equal(hw_budget_held(&run.context.work), FAKE_WORK_BYTES - worker_bytes);
    assert_true(hw_conversion_claim(&run.conversion, &claims[1]));
    assert_int_equal(hw_budget_held(&run.context.work), FAKE_WORK_BYTES);
    assert_false(hw_conversion_claim(&run.conversion, &claims[2]));
    hw_worker_run(&run.conversion, &claims[0]);
    assert_true(hw_conversion_claim(&run.conversion, &claims[2]));
    hw_worker_run(&run.conversion, &claims[2]);
    /* no part is left: nobody has entered */
    assert_false(hw_conversion_claim(&run.conversion, &claims[3]));
    assert_int_equal(run.conversion.benches.synced.workers, 1);
    hw_worker_run(&run.conversion, &claims[1]);
    assert_int_equal(run.conversion.benches.synced.workers, 0);
    assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
    hw_budget_give_back(&run.context.work, FAKE_WORK_BYTES - worker_bytes);
    fake_run_publish("three parts", &run, "[0][1][2].");
    fake_run_close(&run);
}

static void what_a_table_takes_follows_its_reader(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool sequential;
        uint64_t bytes, window_bytes;
        uint64_t want_bytes;
    } rows[] = {
        {"a text", false, 1000, 0, 1000},
        {"a stream: nobody knows how long it gets", true, 1000, 32 << 10, UINT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fake_run run;
        fake_run_open(&run);
        fake_reader_init(&run.reader, 2);
        run.reader.base.sequential = rows[i].sequential;
        run.reader.base.bytes = rows[i].bytes;
        run.reader.base.window_bytes = rows[i].window_bytes;
        run.conversion.reader = &run.reader.base;
        const struct hw_settings_object object = hw_conversion_object(&run.conversion);
        assert_row_int(rows[i].name, object.text_bytes == rows[i].want_bytes, true);
        assert_row_int(rows[i].name, object.columns, 2);
        assert_row_int(rows[i].name, object.window_bytes, rows[i].window_bytes);
        run.conversion.reader = NULL;
        fake_run_close(&run);
    }
}

/* ------ partitions */

static void partitions_leave_out_their_column(void **state) {
    (void)state;
    static const char *const by = "p";
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.options.partition_by = &by;
    run.options.partition_by_count = 1;
    run.output_plan.partitioned = run.output_plan.many = true;
    run.context.output.files_open_max = 10;
    run.context.output.files_held_max = SIZE_MAX;
    run.reader.scripts[0] = "s 4 w1";
    fake_reader_init(&run.reader, 2);
    assert_ok(fake_run_begin(&run, &err), err);
    fake_run_work(&run);
    assert_ok(hw_conversion_redo(&run.conversion, &err), err);
    assert_int_equal(run.conversion.partitioning.rest.fields[0].type.kind, HW_KIND_DOUBLE);
    fake_run_work(&run);
    assert_ok(hw_queue_status(&run.conversion.queue, &err), err);
    assert_ok(hw_outputs_close(&run.conversion.outputs, &err), err);
    assert_ok(hw_outputs_publish(&run.conversion.outputs, &err), err);
    fake_run_holds("0", &run, "out/p=0/t-00000.fake", "[0d 3d].");
    fake_run_holds("1", &run, "out/p=1/t-00000.fake", "[1d 4d].");
    fake_run_holds("2", &run, "out/p=2/t-00000.fake", "[2d].");
    fake_run_close(&run);
}

/* ------ columns for a report */

static void columns_are_described(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        bool report, dry_run, widened;
        uint64_t distinct;
        const char *min, *max; /* of "k"; NULL: there is no value */
    } rows[] = {
        {"no report", "5", false, false, false, 0, NULL, NULL},
        {"a plan", "5", true, true, false, 0, NULL, NULL},
        {"numbers", "3 2", true, false, false, 5, "0", "4"},
        {"no rows", "s", true, false, false, 0, NULL, NULL},
        {"in two passes", "3 w2", true, false, true, 5, "0.0", "4.0"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        const struct hw_convert_column *columns;
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        fake_run_open(&run);
        run.options.report_path = rows[i].report ? "report.json" : NULL;
        run.options.dry_run = rows[i].dry_run;
        run.reader.scripts[0] = rows[i].script;
        fake_reader_init(&run.reader, 2);
        assert_ok(fake_run_begin(&run, &err), err);
        fake_run_work(&run);
        if (rows[i].widened) {
            assert_ok(hw_conversion_redo(&run.conversion, &err), err);
            fake_run_work(&run);
        }
        assert_ok(hw_conversion_columns(&run.conversion, &arena, &columns, &err), err);
        assert_row_int(rows[i].name, columns != NULL, rows[i].report && !rows[i].dry_run);
        if (columns) {
            assert_row_text(rows[i].name, columns[0].name, "k");
            assert_row_text(rows[i].name, columns[1].name, "p");
            assert_row_int(rows[i].name, columns[0].type.kind, rows[i].widened ? HW_KIND_DOUBLE : HW_KIND_INT64);
            assert_row_int(rows[i].name, columns[0].nulls, 0);
            assert_row_int(rows[i].name, columns[0].distinct, rows[i].distinct);
            assert_row_text(rows[i].name, columns[0].min ? columns[0].min : "-", rows[i].min ? rows[i].min : "-");
            assert_row_text(rows[i].name, columns[0].max ? columns[0].max : "-", rows[i].max ? rows[i].max : "-");
            assert_row_int(rows[i].name, columns[0].widened_from != NULL, rows[i].widened);
            assert_row_text(rows[i].name, columns[0].misfit ? columns[0].misfit : "-", rows[i].widened ? "x" : "-");
            assert_row_int(rows[i].name, columns[0].misfit_line, rows[i].widened ? 7 : 0);
            assert_null(columns[1].widened_from);
        }
        fake_run_close(&run);
    }
}

static void columns_may_fail_to_be_described(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    fake_run_open(&run);
    run.options.report_path = "report.json";
    run.reader.scripts[0] = "3";
    fake_reader_init(&run.reader, 1);
    assert_ok(fake_run_begin(&run, &err), err);
    fake_run_work(&run);
    const struct hw_convert_column *columns;
    struct hw_arena arena = {0};
    run.reader.fails = FAKE_HISTORY;
    assert_int_equal(hw_conversion_columns(&run.conversion, &arena, &columns, &err), HW_EIO);
    hw_arena_release(&arena);
    run.reader.fails = FAKE_NONE;
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_conversion_columns(&run.conversion, &arena, &columns, &err), HW_ENOMEM);
    assert_true(alloc_fault_end(&fault));
    assert_non_null(strstr(err.message, "out of memory"));
    hw_arena_release(&arena);
    fake_run_close(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_may_fail),
        cmocka_unit_test(a_pass_may_fail_to_begin),
        cmocka_unit_test(it_can_be_released_at_any_time),
        cmocka_unit_test(what_did_not_fit_is_read_again),
        cmocka_unit_test(there_is_no_third_pass),
        cmocka_unit_test(a_second_pass_may_fail_to_begin),
        cmocka_unit_test(so_many_records_may_be_rejected),
        cmocka_unit_test(rejects_that_cannot_be_kept_end_it),
        cmocka_unit_test(a_worker_more_takes_memory),
        cmocka_unit_test(what_a_table_takes_follows_its_reader),
        cmocka_unit_test(partitions_leave_out_their_column),
        cmocka_unit_test(columns_are_described),
        cmocka_unit_test(columns_may_fail_to_be_described),
    };
    return cmocka_run_group_tests_name("pipeline/conversion", tests, NULL, NULL);
}
