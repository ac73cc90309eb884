/* SPDX-License-Identifier: Apache-2.0 */
/* Reports that several calls write together. Those of one call are in test_run.c. */
#include "transfer/run_report.h"

#include <errno.h>

#include <jansson.h>
#include <pthread.h>

#include "support/faulty_io.h"
#include "unit/transfer/copy_desk.h"

static json_t *report_read(struct desk *desk, const char *key) {
    const void *data;
    size_t bytes;
    assert_ok(hw_memory_store_get(desk->stores[1], key, &data, &bytes, &desk->error), desk->error);
    json_t *root = json_loadb(data, bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

static json_int_t number_of(const json_t *root, const char *key) {
    return json_integer_value(json_object_get(root, key));
}

/* Opens a report of several calls, which the options of the desk then name. */
static enum hw_status report_open(struct desk *desk, const char *path) {
    desk->options.report_path = path;
    const enum hw_status status = hw_transfer_report_open(&desk->options, &desk->options.report, &desk->error);
    desk->options.report_path = NULL;
    return status;
}

static enum hw_status copy(struct desk *desk, const char *source, const char *target) {
    return hw_copy(&source, 1, target, &desk->options, &desk->result, &desk->error);
}

static void several_calls_write_one_report(void **state) {
    (void)state;
    struct desk desk;
    struct hw_error warning = HW_ERROR_INIT;
    const char *const gone = "to://d/a";
    desk_open(&desk);
    assert_ok(report_open(&desk, "to://report.json"), desk.error);
    assert_ok(copy(&desk, "mem://in/", "to://d/"), desk.error);
    assert_int_equal(copy(&desk, "mem://q", "to://d/"), HW_ENOTFOUND);
    /* One of them has a report of its own too. */
    desk.options.report_path = "to://own.json";
    assert_ok(hw_remove(&gone, 1, &desk.options, &desk.result, &desk.error), desk.error);
    hw_error_set(&warning, HW_EFAILED, "of the program");
    hw_transfer_report_warn(desk.options.report, &warning);
    assert_ok(hw_transfer_report_finish(desk.options.report, HW_EPARTIAL, &desk.error), desk.error);
    hw_transfer_report_free(desk.options.report);

    json_t *root = report_read(&desk, "report.json");
    const json_t *objects = json_object_get(root, "objects");
    const json_t *ways = json_object_get(root, "ways");
    assert_int_equal(json_array_size(objects), 6);
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 5), "op")), "rm");
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "warnings"), 0)), "of the program");
    assert_string_equal(json_string_value(json_object_get(root, "status")), hw_status_name(HW_EPARTIAL));
    assert_int_equal(number_of(root, "objects_total"), 6);
    assert_int_equal(number_of(root, "done"), 5);
    assert_int_equal(number_of(root, "failed"), 1);
    /* 1, 33, 0 and 0 bytes were copied, and the first was removed. */
    assert_int_equal(number_of(root, "bytes"), 35);
    assert_int_equal(number_of(json_object_get(ways, "through"), "objects"), 4);
    assert_int_equal(number_of(json_object_get(ways, "through"), "bytes"), 34);
    json_decref(root);
    root = report_read(&desk, "own.json");
    assert_int_equal(json_array_size(json_object_get(root, "objects")), 1);
    assert_int_equal(number_of(root, "done"), 1);
    json_decref(root);
    desk_close(&desk);
}

struct caller {
    pthread_t thread;
    const struct desk *desk;
    char target[32];
};

static void *caller_run(void *arg) {
    const struct caller *caller = arg;
    struct hw_transfer_options options = caller->desk->options;
    struct hw_error err = HW_ERROR_INIT;
    const char *const source = "mem://in/";
    options.on_object = NULL;
    assert_ok(hw_copy(&source, 1, caller->target, &options, NULL, &err), err);
    return NULL;
}

static void calls_may_run_at_once(void **state) {
    (void)state;
    struct desk desk;
    struct caller callers[8];
    desk_open(&desk);
    assert_ok(report_open(&desk, "to://report.json"), desk.error);
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        callers[i].desk = &desk;
        snprintf(callers[i].target, sizeof(callers[i].target), "to://%zu/", i);
        assert_int_equal(pthread_create(&callers[i].thread, NULL, caller_run, &callers[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        pthread_join(callers[i].thread, NULL);
    }
    assert_ok(hw_transfer_report_finish(desk.options.report, HW_OK, &desk.error), desk.error);
    hw_transfer_report_free(desk.options.report);
    json_t *root = report_read(&desk, "report.json");
    assert_int_equal(json_array_size(json_object_get(root, "objects")), 4 * COUNT_OF(callers));
    assert_int_equal(number_of(root, "done"), 4 * COUNT_OF(callers));
    json_decref(root);
    desk_close(&desk);
}

static void what_cannot_be_opened_is_told(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {NULL, HW_EUSAGE, "option report_path is missing"},
        {"nowhere://r", HW_EUSAGE, "unknown scheme"},
        {"/proc/none/r", HW_EIO, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        assert_row_int(rows[i].says, report_open(&desk, rows[i].path), rows[i].want);
        assert_row_says(rows[i].says, desk.error.message, rows[i].says);
        assert_null(desk.options.report);
        desk_close(&desk);
    }
}

/* The calls succeed; whoever finishes the report is told. */
static void what_cannot_be_written_is_told_at_the_end(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_ok(report_open(&desk, scratch_path(&desk.scratch, "report.json")), desk.error);
    assert_ok(copy(&desk, "mem://in/", "to://d/"), desk.error);
    faulty_io_start(IO_FSYNC, 1, ENOSPC);
    const enum hw_status status = hw_transfer_report_finish(desk.options.report, HW_OK, &desk.error);
    faulty_io_stop();
    hw_transfer_report_free(desk.options.report);
    assert_int_equal(status, HW_EIO);
    assert_row_says("object", desk.error.object, "report.json");
    assert_string_equal(scratch_names(&desk.scratch), "");
    desk_close(&desk);
}

static void what_is_not_finished_leaves_nothing(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    assert_ok(report_open(&desk, scratch_path(&desk.scratch, "report.json")), desk.error);
    assert_ok(copy(&desk, "mem://in/", "to://d/"), desk.error);
    hw_transfer_report_free(desk.options.report);
    hw_transfer_report_free(NULL);
    hw_transfer_report_warn(NULL, &desk.error);
    assert_string_equal(scratch_names(&desk.scratch), "");
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_calls_write_one_report),
        cmocka_unit_test(calls_may_run_at_once),
        cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(what_cannot_be_written_is_told_at_the_end),
        cmocka_unit_test(what_is_not_finished_leaves_nothing),
    };
    return cmocka_run_group_tests_name("transfer/run_report", tests, NULL, NULL);
}
