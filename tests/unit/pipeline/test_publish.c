/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a conversion: what is checked, and that its outputs become visible all together or not
 * at all.
 */
#include "pipeline/publish.h"

#include <stdio.h>

#include "fake_run.h"
#include "support/memory_io.h"

/* ------ a store of a few objects, of which each step can fail */

enum { SHELF_MAX = 4 };

struct shelf_sink {
    struct memory_sink sink;
    struct hw_sink_ops ops;
    struct shelf *shelf;
    const char *key;
};

struct shelf {
    struct hw_store base;
    struct hw_store *before; /* the fixture's */
    struct shelf_sink sinks[SHELF_MAX];
    size_t sinks_count;
    const char *there[SHELF_MAX]; /* keys of objects; NULL: none */
    const char *cannot_settle, *cannot_finish, *cannot_remove;
};

static enum hw_status shelf_fails(const char *key, const char *at, struct hw_error *err) {
    return at && strcmp(key, at) == 0 ? hw_fail(err, HW_EIO, "the store fails") : HW_OK;
}

static const char **shelf_find(struct shelf *shelf, const char *key) {
    for (size_t i = 0; i < SHELF_MAX; i++) {
        if (shelf->there[i] && strcmp(shelf->there[i], key) == 0) {
            return &shelf->there[i];
        }
    }
    return NULL;
}

static enum hw_status shelf_settle(struct hw_sink *base, struct hw_error *err) {
    const struct shelf_sink *sink = (const struct shelf_sink *)base;
    return shelf_fails(sink->key, sink->shelf->cannot_settle, err);
}

static enum hw_status shelf_finish(struct hw_sink *base, struct hw_error *err) {
    const struct shelf_sink *sink = (const struct shelf_sink *)base;
    HW_TRY(shelf_fails(sink->key, sink->shelf->cannot_finish, err));
    for (size_t i = 0; !shelf_find(sink->shelf, sink->key); i++) {
        assert_true(i < SHELF_MAX);
        sink->shelf->there[i] = sink->shelf->there[i] ? sink->shelf->there[i] : sink->key;
    }
    return HW_OK;
}

static enum hw_status shelf_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                 struct hw_sink **out_sink, struct hw_error *err) {
    struct shelf *shelf = (struct shelf *)store;
    (void)options;
    (void)err;
    assert_true(shelf->sinks_count < SHELF_MAX);
    struct shelf_sink *sink = &shelf->sinks[shelf->sinks_count++];
    *sink = (struct shelf_sink){.sink = memory_sink(0), .shelf = shelf, .key = key};
    sink->ops = *sink->sink.base.ops;
    sink->ops.settle = shelf_settle;
    sink->ops.finish = shelf_finish;
    sink->sink.base.ops = &sink->ops;
    *out_sink = &sink->sink.base;
    return HW_OK;
}

static enum hw_status shelf_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                 char out_etag[128], struct hw_error *err) {
    (void)out_info;
    (void)out_etag;
    return shelf_find((struct shelf *)store, key) ? HW_OK : hw_fail(err, HW_ENOTFOUND, "not there");
}

static enum hw_status shelf_remove(struct hw_store *store, const char *key, struct hw_error *err) {
    struct shelf *shelf = (struct shelf *)store;
    const char **object = shelf_find(shelf, key);
    HW_TRY(shelf_fails(key, shelf->cannot_remove, err));
    if (object) {
        *object = NULL;
    }
    return HW_OK;
}

/* A conversion that is read: two outputs and, where that is wanted, rejects. */
static void shelf_begin_script(struct shelf *shelf, struct fake_run *run, const char *script) {
    static const struct hw_store_ops ops = {.sink_open = shelf_open, .stat = shelf_stat, .remove = shelf_remove};
    struct hw_error err = HW_ERROR_INIT;
    fake_run_open(run);
    shelf->base = (struct hw_store){.ops = &ops, .root = "shelf/"};
    shelf->before = run->output_plan.store;
    run->output_plan.store = &shelf->base;
    run->output_plan.count = 2;
    run->reader.scripts[0] = script;
    fake_reader_init(&run->reader, 1);
    assert_ok(fake_run_begin(run, &err), err);
    fake_run_work(run);
    struct hw_workbench *bench; /* one that a worker has kept for a part that another got */
    assert_ok(hw_workbench_take(&run->conversion.benches, &bench, &err), err);
    hw_workbench_return(&run->conversion.benches, bench, true);
}

static void shelf_begin(struct shelf *shelf, struct fake_run *run, bool rejects) {
    shelf_begin_script(shelf, run, rejects ? "3 x1" : "3");
}

/* Nothing is left open of it. */
static void shelf_close(struct shelf *shelf, struct fake_run *run) {
    hw_conversion_release(&run->conversion);
    for (size_t i = 0; i < shelf->sinks_count; i++) {
        assert_true(shelf->sinks[i].sink.freed);
        hw_buf_release(&shelf->sinks[i].sink.bytes);
    }
    run->output_plan.store = shelf->before;
    fake_run_close(run);
}

/* Compares the objects that are there, in any order. */
static void shelf_holds(const char *row, struct shelf *shelf, const char *const want[SHELF_MAX]) {
    size_t there = 0, wanted = 0;
    for (size_t i = 0; i < SHELF_MAX; i++) {
        there += shelf->there[i] != NULL;
        wanted += want[i] != NULL;
        assert_row_int(row, !want[i] || shelf_find(shelf, want[i]), true);
    }
    assert_row_int(row, there, wanted);
}

#define FIRST "out/t.fake"
#define SECOND "out/t.second"
#define REJECTS "out/t.rejects.jsonl"

/* ------ what is checked before */

static void records_are_rows_or_rejects(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t records, rows, rejected, written;
        const char *says;
    } rows[] = {
        {"a record went missing", 3, 1, 1, 1, "read 3 records, made 1 row and rejected 1"},
        {"a row too many", 2, 2, 1, 2, "read 2 records, made 2 rows and rejected 1"},
        {"a row was not written", 3, 3, 0, 2, "read 3 rows, wrote 2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_output_plan output_plan = {.count = 1};
        struct hw_table_reader reader = {
            .records = rows[i].records, .rows = rows[i].rows, .rejected = rows[i].rejected};
        struct hw_conversion conversion = {.output_plan = &output_plan, .reader = &reader};
        conversion.outputs.formats[0].rows = rows[i].written;
        assert_row_int(rows[i].name, hw_publish_settle(&conversion, &err), HW_EFAILED);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, hw_publish_settle(&conversion, NULL), HW_EFAILED);
    }
}

static void an_earlier_failure_is_the_one_to_tell(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_conversion conversion = {.queue.synced = {.status = HW_EDATA, .error = HW_ERROR_INIT}};
    hw_error_set(&conversion.queue.synced.error, HW_EDATA, "a bad record");
    assert_int_equal(hw_publish_settle(&conversion, &err), HW_EDATA);
    assert_string_equal(err.message, "a bad record");
    assert_int_equal(hw_publish_settle(&conversion, NULL), HW_EDATA);
}

static void nothing_is_visible_before_all_is_settled(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum fake_call reader_fails;
        enum fake_format_call format_fails;
        const char *cannot_settle;
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"all goes well", FAKE_NONE, FAKE_FORMAT_NONE, NULL, HW_OK, ""},
        {"the source was another", FAKE_END, FAKE_FORMAT_NONE, NULL, HW_EIO, "the fake fails"},
        {"a file cannot be ended", FAKE_NONE, FAKE_FINISH, NULL, HW_EIO, "the format fails"},
        {"the first output cannot be settled", FAKE_NONE, FAKE_FORMAT_NONE, FIRST, HW_EIO, "out/t.fake: the store"},
        {"the second cannot", FAKE_NONE, FAKE_FORMAT_NONE, SECOND, HW_EIO, "out/t.second: the store"},
        {"the rejects cannot", FAKE_NONE, FAKE_FORMAT_NONE, REJECTS, HW_EIO, "the store fails"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        struct shelf shelf = {.cannot_settle = rows[i].cannot_settle};
        shelf_begin(&shelf, &run, true);
        run.reader.fails = rows[i].reader_fails;
        fake_format_script()->fails = rows[i].format_fails;
        assert_row_int(rows[i].name, hw_publish_settle(&run.conversion, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, run.conversion.benches.synced.count, rows[i].reader_fails != FAKE_NONE);
        shelf_holds(rows[i].name, &shelf, (const char *const[SHELF_MAX]){NULL});
        shelf_close(&shelf, &run);
    }
}

/* ------ all or none */

static void outputs_become_visible_together(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *before[SHELF_MAX];
        bool rejects;
        const char *cannot_finish, *cannot_remove;
        enum hw_status status;
        const char *after[SHELF_MAX];
        size_t warnings;
    } rows[] = {
        {"rows alone", {NULL}, false, NULL, NULL, HW_OK, {FIRST, SECOND}, 0},
        {"rows and rejects", {NULL}, true, NULL, NULL, HW_OK, {FIRST, SECOND, REJECTS}, 0},
        {"rejects of before go", {FIRST, REJECTS}, false, NULL, NULL, HW_OK, {FIRST, SECOND}, 0},
        {"rejects of before are replaced", {REJECTS}, true, NULL, NULL, HW_OK, {FIRST, SECOND, REJECTS}, 0},
        {"rejects of before cannot go", {REJECTS}, false, NULL, REJECTS, HW_OK, {FIRST, SECOND, REJECTS}, 1},
        {"the rejects fail", {NULL}, true, REJECTS, NULL, HW_EIO, {NULL}, 0},
        {"the rejects fail over older ones", {REJECTS}, true, REJECTS, NULL, HW_EIO, {REJECTS}, 0},
        {"the first fails", {NULL}, false, FIRST, NULL, HW_EIO, {NULL}, 0},
        {"the first fails, rejects go", {NULL}, true, FIRST, NULL, HW_EIO, {NULL}, 0},
        {"the second fails: the first goes", {NULL}, false, SECOND, NULL, HW_EIO, {NULL}, 0},
        {"the second fails: rejects go, too", {NULL}, true, SECOND, NULL, HW_EIO, {NULL}, 0},
        {"the second fails: what was there stays", {FIRST}, false, SECOND, NULL, HW_EIO, {FIRST}, 0},
        {"the second fails: rejects of before stay", {REJECTS}, true, SECOND, NULL, HW_EIO, {REJECTS}, 0},
        {"the second fails: none are taken for stale", {REJECTS}, false, SECOND, NULL, HW_EIO, {REJECTS}, 0},
        {"the first cannot go again", {NULL}, false, SECOND, FIRST, HW_EIO, {FIRST}, 0},
        {"the rejects cannot go again", {NULL}, true, FIRST, REJECTS, HW_EIO, {REJECTS}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        struct shelf shelf = {.cannot_finish = rows[i].cannot_finish, .cannot_remove = rows[i].cannot_remove};
        memcpy(shelf.there, rows[i].before, sizeof(shelf.there));
        shelf_begin(&shelf, &run, rows[i].rejects);
        run.conversion.outputs.formats[0].files[0]->fresh = !shelf_find(&shelf, FIRST);
        assert_ok(hw_publish_settle(&run.conversion, &err), err);
        assert_row_int(rows[i].name, hw_publish(&run.conversion, &err), rows[i].status);
        assert_row_text(rows[i].name, err.message, rows[i].status == HW_OK ? "" : "the store fails");
        shelf_holds(rows[i].name, &shelf, rows[i].after);
        assert_row_int(rows[i].name, run.warnings, rows[i].warnings);
        if (rows[i].warnings > 0) {
            assert_row_text(rows[i].name, run.warning,
                            "cannot remove the rejects file of an earlier run: the store fails");
        }
        shelf_close(&shelf, &run);
    }
}

/* Of a table without a good record only the rejects are published. */
static void no_good_record_publishes_the_rejects_alone(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *script;
        const char *before[SHELF_MAX];
        const char *cannot_finish;
        enum hw_status status;
        const char *says;
        const char *after[SHELF_MAX];
    } rows[] = {
        {"a good one", "1 x2", {NULL}, NULL, HW_OK, "", {NULL}},
        {"no record", "", {NULL}, NULL, HW_OK, "", {NULL}},
        {"none is good", "x2", {NULL}, NULL, HW_EDATA, "none of 2 records is good", {REJECTS}},
        {"the only one is bad", "x1", {NULL}, NULL, HW_EDATA, "none of 1 record is good", {REJECTS}},
        {"outputs of before stay", "x2", {FIRST, SECOND}, NULL, HW_EDATA, "none of 2", {FIRST, SECOND, REJECTS}},
        {"the rejects fail", "x2", {NULL}, REJECTS, HW_EIO, "the store fails", {NULL}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct fake_run run;
        struct shelf shelf = {.cannot_finish = rows[i].cannot_finish};
        memcpy(shelf.there, rows[i].before, sizeof(shelf.there));
        shelf_begin_script(&shelf, &run, rows[i].script);
        assert_ok(hw_publish_settle(&run.conversion, &err), err);
        assert_row_int(rows[i].name, hw_publish_none_good(&run.conversion, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, run.conversion.rejects.published, rows[i].status == HW_EDATA);
        shelf_holds(rows[i].name, &shelf, rows[i].after);
        shelf_close(&shelf, &run);
    }
}

/* Where records are not rejected to a file, one of that name is nobody's. */
static void without_rejects_none_are_looked_for(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct fake_run run;
    struct shelf shelf = {.there = {REJECTS}};
    shelf_begin(&shelf, &run, false);
    run.output_plan.rejects_expected = false;
    assert_ok(hw_publish_settle(&run.conversion, &err), err);
    assert_ok(hw_publish(&run.conversion, &err), err);
    shelf_holds("left", &shelf, (const char *const[SHELF_MAX]){FIRST, SECOND, REJECTS});
    shelf_close(&shelf, &run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_rows_or_rejects),
        cmocka_unit_test(an_earlier_failure_is_the_one_to_tell),
        cmocka_unit_test(nothing_is_visible_before_all_is_settled),
        cmocka_unit_test(outputs_become_visible_together),
        cmocka_unit_test(no_good_record_publishes_the_rejects_alone),
        cmocka_unit_test(without_rejects_none_are_looked_for),
    };
    return cmocka_run_group_tests_name("pipeline/publish", tests, NULL, NULL);
}
