/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/run.h"

#include <errno.h>

#include <jansson.h>

#include "core/clock.h"
#include "support/faulty_io.h"
#include "support/s3_fixture.h"
#include "unit/transfer/copy_desk.h"

/* ------ how a run ends */

struct ending {
    const char *name;
    enum hw_status objects[4]; /* how each ends; HW_OK: done */
    size_t count;
    const char *s3_code; /* of those that fail */
    int http_status;
    bool fail_fast;
    enum hw_status status; /* of the call itself */
    enum hw_status want;
    uint64_t failed, not_tried;
    bool stopped;
};

static const struct ending endings[] = {
    {.name = "nothing", .want = HW_OK},
    {.name = "all done", .objects = {HW_OK, HW_OK}, .count = 2, .want = HW_OK},
    {.name = "one of two", .objects = {HW_OK, HW_EIO}, .count = 2, .want = HW_EPARTIAL, .failed = 1},
    {.name = "the only one", .objects = {HW_ENETWORK}, .count = 1, .want = HW_ENETWORK, .failed = 1},
    {.name = "all: the first one counts",
     .objects = {HW_ENOTFOUND, HW_EIO},
     .count = 2,
     .want = HW_ENOTFOUND,
     .failed = 2},
    {.name = "denied, one of two",
     .objects = {HW_EAUTH, HW_OK},
     .count = 2,
     .s3_code = "AccessDenied",
     .http_status = 403,
     .want = HW_EPARTIAL,
     .failed = 1},
    {.name = "a file that may not be read",
     .objects = {HW_EAUTH, HW_OK},
     .count = 2,
     .http_status = 403,
     .want = HW_EPARTIAL,
     .failed = 1},
    {.name = "keys that are refused",
     .objects = {HW_EAUTH, HW_EAUTH, HW_EAUTH},
     .count = 3,
     .s3_code = "InvalidAccessKeyId",
     .http_status = 403,
     .want = HW_EAUTH,
     .failed = 1,
     .not_tried = 2,
     .stopped = true},
    {.name = "a signature that is refused",
     .objects = {HW_OK, HW_EAUTH},
     .count = 2,
     .s3_code = "SignatureDoesNotMatch",
     .http_status = 403,
     .want = HW_EAUTH,
     .failed = 1,
     .stopped = true},
    {.name = "a token that has expired",
     .objects = {HW_EAUTH},
     .count = 1,
     .s3_code = "ExpiredToken",
     .http_status = 400,
     .want = HW_EAUTH,
     .failed = 1,
     .stopped = true},
    {.name = "no bucket",
     .objects = {HW_ENOTFOUND, HW_ENOTFOUND},
     .count = 2,
     .s3_code = "NoSuchBucket",
     .http_status = 404,
     .want = HW_ENOTFOUND,
     .failed = 1,
     .not_tried = 1,
     .stopped = true},
    {.name = "no credentials", .objects = {HW_EAUTH}, .count = 1, .want = HW_EAUTH, .failed = 1, .stopped = true},
    {.name = "settings that cannot be",
     .objects = {HW_OK, HW_ECONFIG},
     .count = 2,
     .want = HW_ECONFIG,
     .failed = 1,
     .stopped = true},
    {.name = "a service that is not trusted",
     .objects = {HW_EUNTRUSTED, HW_EUNTRUSTED},
     .count = 2,
     .want = HW_EUNTRUSTED,
     .failed = 1,
     .not_tried = 1,
     .stopped = true},
    {.name = "fail fast",
     .objects = {HW_OK, HW_EIO},
     .count = 2,
     .fail_fast = true,
     .want = HW_EPARTIAL,
     .failed = 1,
     .stopped = true},
    {.name = "the call fails", .objects = {HW_OK}, .count = 1, .status = HW_ENOMEM, .want = HW_ENOMEM},
    {.name = "something is left undone, because all objects fail",
     .objects = {HW_EIO},
     .count = 1,
     .status = HW_EPARTIAL,
     .want = HW_EIO,
     .failed = 1},
    {.name = "something is left undone, because some objects fail",
     .objects = {HW_OK, HW_EIO},
     .count = 2,
     .status = HW_EPARTIAL,
     .want = HW_EPARTIAL,
     .failed = 1},
    {.name = "the call fails, and an object",
     .objects = {HW_EIO},
     .count = 1,
     .status = HW_ENOMEM,
     .want = HW_ENOMEM,
     .failed = 1},
};

static void tell(struct hw_transfer_run *run, const struct ending *row, enum hw_status status) {
    struct hw_error error = HW_ERROR_INIT;
    error.status = status;
    error.http_status = row->http_status;
    snprintf(error.message, sizeof(error.message), "why");
    snprintf(error.s3_code, sizeof(error.s3_code), "%s", row->s3_code ? row->s3_code : "");
    const struct hw_transfer_object object = {.source = "a",
                                              .path = "b",
                                              .size = 10,
                                              .outcome = status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE,
                                              .error = status ? &error : NULL};
    hw_transfer_run_found(run, 10);
    hw_transfer_run_tell(run, &object);
}

static void the_end_says_what_became_of_all(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        const struct ending *row = &endings[i];
        const struct hw_transfer_options options = {.fail_fast = row->fail_fast};
        struct hw_transfer_run run;
        struct hw_transfer_result result = {.objects = 99};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_transfer_run_start(&run, &options, &err), err);
        for (size_t k = 0; k < row->count; k++) {
            tell(&run, row, row->objects[k]);
        }
        assert_row_int(row->name, hw_transfer_run_stopped(&run), row->stopped);
        enum hw_status status = row->status ? hw_fail(&err, row->status, "why") : HW_OK;
        assert_row_int(row->name, hw_transfer_run_finish(&run, status, &result, &err), row->want);
        assert_row_text(row->name, err.message, row->want ? "why" : "");
        /* A failure names the object, as it is told of. */
        assert_row_text(row->name, err.object, row->want != row->status ? "a" : "");
        assert_row_int(row->name, result.objects, row->count);
        assert_row_int(row->name, result.failed, row->failed);
        assert_row_int(row->name, result.not_tried, row->not_tried);
        assert_row_int(row->name, result.bytes, 10 * result.done);
        assert_row_int(row->name, result.done + result.failed + result.not_tried, row->count);
        hw_transfer_run_release(&run);
    }
}

/* ------ sizes */

static void memory_has_room_for_some_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t memory, part, want_memory, want_part;
    } rows[] = {
        {"as asked for", HW_MIB(100), HW_MIB(10), HW_MIB(100), HW_MIB(10)},
        {"parts that fit four times", HW_MIB(40), HW_MIB(64), HW_MIB(40), HW_MIB(10)},
        {"the default size", HW_MIB(100), 0, HW_MIB(100), HW_MIB(8)},
        {"the default size in little memory", HW_MIB(16), 0, HW_MIB(16), HW_MIB(4)},
        {"hardly any memory", HW_MIB(2), HW_MIB(8), HW_MIB(2), HW_MIB(1)},
        {"small parts", HW_MIB(2), 1000, HW_MIB(2), 1000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_transfer_options options = {.memory_bytes = rows[i].memory, .part_bytes = rows[i].part};
        struct hw_transfer_run run;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_transfer_run_start(&run, &options, &err), err);
        assert_row_int(rows[i].name, run.part_bytes, rows[i].want_part);
        assert_row_int(rows[i].name, hw_engine_buffers(run.engine)->total_bytes, rows[i].want_memory);
        assert_row_int(rows[i].name, run.target_options.part_bytes, rows[i].want_part);
        assert_row_int(rows[i].name, run.source_options.connections_max, 64);
        hw_transfer_run_release(&run);
    }
}

/* ------ cancelled, and told of progress */

/* The run is cancelled in the middle of objects: the others are not begun. */
static void a_run_is_stopped_in_the_middle(void **state) {
    (void)state;
    struct desk desk;
    char key[32];
    desk_open(&desk);
    for (unsigned i = 0; i < 300; i++) {
        snprintf(key, sizeof(key), "many/%03u", i);
        desk_put(desk.stores[0], key, "bytes");
    }
    desk.cancel_after = 20;
    desk.options.source_store.connections_max = desk.options.target_store.connections_max = 2;
    desk.options.move = true;
    assert_int_equal(desk_copy(&desk, (const char *const[]){"mem://many/", NULL}, "to://"), HW_ECANCELLED);
    assert_true(desk.result.done >= 18 && desk.result.done < 60);
    assert_int_equal(desk.result.done + desk.result.failed + desk.result.not_tried, desk.result.objects);
    for (unsigned i = 0; i < 300; i++) {
        const void *data;
        size_t bytes;
        snprintf(key, sizeof(key), "many/%03u", i);
        const bool left = hw_memory_store_get(desk.stores[0], key, &data, &bytes, NULL) == HW_OK;
        const bool there = hw_memory_store_get(desk.stores[1], key + 5, &data, &bytes, NULL) == HW_OK;
        assert_row_int(key, left || there, true);
    }
    desk_close(&desk);
}

/* A read that waits until progress was told of. */
struct slow {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct hw_transfer_progress seen;
    unsigned ticks;
};

static void slow_hook(void *ctx, enum fake_call call) {
    struct slow *slow = ctx;
    pthread_mutex_lock(&slow->lock);
    while (call == FAKE_READ && slow->ticks == 0) {
        pthread_cond_wait(&slow->changed, &slow->lock);
    }
    pthread_mutex_unlock(&slow->lock);
}

static void slow_progress(void *ctx, const struct hw_transfer_progress *progress) {
    struct slow *slow = ctx;
    pthread_mutex_lock(&slow->lock);
    slow->seen = *progress;
    slow->ticks++;
    pthread_cond_broadcast(&slow->changed);
    pthread_mutex_unlock(&slow->lock);
}

static void progress_comes_by_the_clock(void **state) {
    (void)state;
    struct desk desk;
    struct slow slow = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    desk_open(&desk);
    desk.fake.version.bytes = (hw_view){"abc", 3};
    desk.fake.hook = slow_hook;
    desk.fake.hook_ctx = &slow;
    desk.options.ctx = &slow;
    desk.options.on_object = NULL;
    desk.options.cancelled = NULL;
    desk.options.on_progress = slow_progress;
    assert_ok(desk_copy(&desk, (const char *const[]){"fake://k", "mem://x"}, "to://d/"), desk.error);
    assert_int_equal(slow.seen.objects_total, 2);
    assert_int_equal(slow.seen.objects_done, 1);
    assert_int_equal(slow.seen.bytes_done, 3);
    assert_false(slow.seen.listing);
    desk_close(&desk);
}

/* ------ the report */

static void a_report_names_every_object(void **state) {
    (void)state;
    struct desk desk;
    const void *data;
    size_t bytes;
    desk_open(&desk);
    desk.options.report_path = "to://report.json";
    assert_int_equal(desk_copy(&desk, (const char *const[]){"mem://in/", "mem://q"}, "to://d/"), HW_EPARTIAL);
    assert_ok(hw_memory_store_get(desk.stores[1], "report.json", &data, &bytes, &desk.error), desk.error);
    json_t *root = json_loadb(data, bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *objects = json_object_get(root, "objects");
    assert_int_equal(json_array_size(objects), 5);
    assert_int_equal(json_integer_value(json_object_get(root, "done")), 4);
    assert_int_equal(json_integer_value(json_object_get(root, "failed")), 1);
    assert_string_equal(json_string_value(json_object_get(root, "status")), hw_status_name(HW_EPARTIAL));
    /* No service has taken part. */
    assert_int_equal(json_array_size(json_object_get(root, "requests")), 0);
    assert_true(json_is_null(json_object_get(root, "cost")));
    assert_true(json_is_null(json_object_get(root, "efficiency")));
    json_decref(root);
    desk_close(&desk);
}

/* Objects are moved all the same, but a run whose report cannot be written does not succeed. */
static void a_report_that_cannot_be_written_is_a_failure(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call; /* of the report's file */
        enum hw_status want;
    } rows[] = {{"writing", IO_WRITE, HW_EIO}, {"fsync", IO_FSYNC, HW_EIO}, {"its name", IO_RENAMEAT, HW_EIO}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.report_path = scratch_path(&desk.scratch, "report.json");
        faulty_io_start(rows[i].call, 1, ENOSPC);
        const enum hw_status status = desk_copy(&desk, (const char *const[]){"mem://in/", NULL}, "to://d/");
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, desk.error.message, "No space left on device");
        assert_row_says(rows[i].name, desk.error.object, "report.json");
        assert_row_int(rows[i].name, desk.result.done, 4);
        assert_row_text(rows[i].name, scratch_names(&desk.scratch), "");
        desk_close(&desk);
    }
}

/* Nothing is begun where the report cannot be. */
static void a_report_that_cannot_be_opened_ends_the_run(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum hw_status want;
    } rows[] = {{"nowhere://r", HW_EUSAGE}, {"to://", HW_EUSAGE}, {"/dev/full", HW_EUSAGE}, {"/proc/none/r", HW_EIO}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.report_path = rows[i].path;
        assert_row_int(rows[i].path, desk_copy(&desk, (const char *const[]){"mem://in/", NULL}, "to://d/"),
                       rows[i].want);
        assert_row_text(rows[i].path, desk_keys(desk.stores[1]), "");
        assert_row_int(rows[i].path, desk.result.objects, 0);
        desk_close(&desk);
    }
}

/* Nothing is begun with a table of prices that is none, whether there is a report or not. */
static void a_wrong_table_of_prices_ends_the_run(void **state) {
    (void)state;
    static const struct {
        const char *name, *prices, *report;
        enum hw_status want;
    } rows[] = {
        {"no table", "mem://x", "to://r", HW_ECONFIG},
        {"no table, and no report", "mem://x", NULL, HW_ECONFIG},
        {"not there", "mem://none", "to://r", HW_ENOTFOUND},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.prices_path = rows[i].prices;
        desk.options.report_path = rows[i].report;
        assert_row_int(rows[i].name, desk_copy(&desk, (const char *const[]){"mem://in/", NULL}, "to://d/"),
                       rows[i].want);
        assert_row_text(rows[i].name, desk.error.object, rows[i].prices);
        assert_row_text(rows[i].name, desk_keys(desk.stores[1]), "");
        desk_close(&desk);
    }
}

/* ------ services that refuse everything */

static const struct {
    const char *name;
    struct http_reply reply;
    enum hw_status want;
} refusals[] = {
    {"keys",
     {.status = 403, .body = "<Error><Code>InvalidAccessKeyId</Code><RequestId>R7</RequestId></Error>", .times = -1},
     HW_EAUTH},
    {"signatures", {.status = 403, .body = "<Error><Code>SignatureDoesNotMatch</Code></Error>", .times = -1}, HW_EAUTH},
    {"keys of versitygw",
     {.status = 403, .body = "<Error><Code>XAdminUserNotFound</Code></Error>", .times = -1},
     HW_EAUTH},
    {"tokens that have expired",
     {.status = 400, .body = "<Error><Code>ExpiredToken</Code></Error>", .times = -1},
     HW_EAUTH},
    {"bucket", {.status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>", .times = -1}, HW_ENOTFOUND},
};

/* A hundred objects, but only a few requests. */
static void what_all_objects_share_is_met_a_few_times(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct desk desk;
        char key[32];
        desk_open(&desk);
        struct http_server *server = http_server_start(&refusals[i].reply, 1);
        for (unsigned k = 0; k < 100; k++) {
            snprintf(key, sizeof(key), "many/%03u", k);
            desk_put(desk.stores[0], key, "bytes");
        }
        desk.options.source_store.connections_max = desk.options.target_store.connections_max = 0;
        desk.options.target_store.endpoint_url = http_server_url(server);
        desk.options.move = true;
        assert_row_int(refusals[i].name, desk_copy(&desk, (const char *const[]){"mem://many/", NULL}, "s3://bucket/"),
                       refusals[i].want);
        assert_row_int(refusals[i].name, http_server_count(server, "") <= 6, true);
        assert_row_int(refusals[i].name, desk.result.failed, 1);
        assert_row_int(refusals[i].name, desk.result.failed + desk.result.not_tried, desk.result.objects);
        assert_row_int(refusals[i].name, desk.tells, 1);
        assert_row_text(refusals[i].name, desk.error.request_id, i == 0 ? "R7" : "");
        http_server_stop(server);
        desk_close(&desk);
    }
}

/* The engine works on less at once where services of either side are asked too much. */
static void refusals_for_too_many_requests_are_counted(void **state) {
    (void)state;
    const struct http_reply busy = {.status = 503, .body = "<Error><Code>SlowDown</Code></Error>", .times = -1};
    struct http_server *server = http_server_start(&busy, 1);
    const struct hw_store_options store = {
        .endpoint_url = http_server_url(server), .attempts_max = 3, .retry_for_ms = 500};
    const struct hw_transfer_options options = {.source_store = store, .target_store = store};
    struct hw_transfer_run run;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_transfer_run_start(&run, &options, &err), err);
    struct hw_store_set *sides[] = {&run.sources, &run.targets};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        HW_AUTO(hw_location) location = {0};
        struct hw_store *bucket = NULL;
        assert_ok(hw_location_parse("s3://bucket/k", sides[i]->options, &location, &err), err);
        assert_ok(hw_store_set_get(sides[i], &location, &bucket, &err), err);
        assert_int_equal(bucket->ops->remove(bucket, "k", &err), HW_ETHROTTLED);
        assert_int_equal(atomic_load(&run.throttled), 3 * (i + 1));
    }
    assert_int_equal(hw_transfer_run_finish(&run, HW_OK, NULL, &err), HW_OK);
    hw_transfer_run_release(&run);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_says_what_became_of_all),
        cmocka_unit_test(memory_has_room_for_some_parts),
        cmocka_unit_test(a_run_is_stopped_in_the_middle),
        cmocka_unit_test(progress_comes_by_the_clock),
        cmocka_unit_test(a_report_names_every_object),
        cmocka_unit_test(a_report_that_cannot_be_written_is_a_failure),
        cmocka_unit_test(a_report_that_cannot_be_opened_ends_the_run),
        cmocka_unit_test(a_wrong_table_of_prices_ends_the_run),
        cmocka_unit_test(what_all_objects_share_is_met_a_few_times),
        cmocka_unit_test(refusals_for_too_many_requests_are_counted),
    };
    return cmocka_run_group_tests_name("transfer/run", tests, environment_set, NULL);
}
