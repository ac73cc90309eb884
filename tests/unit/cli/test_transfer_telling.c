/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_telling.h"

#include <stdio.h>

#include "unit/cli/teller_fixture.h"

/* A run of cp whose outputs are pipes. */
struct telling_desk {
    struct teller_fixture fixture;
    struct hw_transfer_options options;
    struct hw_transfer_telling telling;
};

static void desk_start(struct telling_desk *desk, const struct hw_run_args *args) {
    static const char *const environment[] = {NULL};
    struct teller_fixture *fixture = &desk->fixture;
    assert_int_equal(pipe2(fixture->outs, O_NONBLOCK), 0);
    assert_int_equal(pipe2(fixture->errs, O_NONBLOCK), 0);
    fixture->cli = (struct hw_cli){
        .in_fd = 77, .out_fd = fixture->outs[1], .err_fd = fixture->errs[1], .environment = environment};
    fixture->call = (struct hw_cmd_call){.cli = &fixture->cli, .cmd = &hw_cmd_cp};
    fixture->args = *args;
    hw_transfer_telling_start(&desk->telling, &fixture->call, &fixture->args, &desk->options);
}

static const char *out_text(struct telling_desk *desk) {
    return teller_fixture_written(desk->fixture.outs[0]);
}

static const char *err_text(struct telling_desk *desk) {
    return teller_fixture_written(desk->fixture.errs[0]);
}

static void the_library_is_told_where_to_tell(void **state) {
    (void)state;
    struct telling_desk desk = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_transfer_result result = {0};
    desk_start(&desk, &(struct hw_run_args){0});
    assert_int_equal(desk.options.input_fd, 77);
    assert_int_equal(desk.options.output_fd, desk.fixture.outs[1]);
    assert_ptr_equal(desk.options.ctx, &desk.telling);
    assert_non_null(desk.options.cancelled);
    assert_non_null(desk.options.on_progress);
    assert_ptr_equal(desk.options.log, &desk.telling.log);
    assert_ok(hw_transfer_telling_finish(&desk.telling, &result, HW_OK, &err), err);
    teller_fixture_end(&desk.fixture);
}

static const struct hw_error refused = {.status = HW_EAUTH,
                                        .http_status = 403,
                                        .line = HW_NO_POSITION,
                                        .offset = HW_NO_POSITION,
                                        .row = HW_NO_POSITION,
                                        .message = "GetObject: refused",
                                        .s3_code = "AccessDenied",
                                        .request_id = "R1"};

static const struct {
    const char *name;
    struct hw_transfer_object object;
    struct hw_run_args args;
    bool dry_run;
    const char *out; /* the beginning of it */
    const char *err; /* a part of it; NULL: nothing is told */
} objects[] = {
    {"done", {.source = "a", .path = "b", .size = 1200}, {0}, false, "", NULL},
    {"done, in words",
     {.source = "a", .path = "b", .size = 1200},
     {.verbose = true},
     false,
     "",
     "hawser: cp a -> b (1.2 kB)\n"},
    {"done over an older version, in words",
     {.source = "a", .path = "b", .size = 1200, .delta = true, .bytes_sent = 500, .bytes_copied = 700},
     {.verbose = true},
     false,
     "",
     "hawser: cp a -> b (1.2 kB, sent: 500 B)\n"},
    {"done, in JSON",
     {.source = "a", .path = "b", .size = 1200},
     {.json = true},
     false,
     "{\"op\":\"cp\",\"source\":\"a\",\"path\":\"b\",\"size\":1200,\"status\":\"ok\"",
     NULL},
    {"removed",
     {.op = HW_TRANSFER_REMOVE, .source = "", .path = "b"},
     {.verbose = true},
     false,
     "",
     "hawser: rm b (0 B)\n"},
    {"skipped",
     {.source = "a", .path = "b", .outcome = HW_TRANSFER_SKIPPED, .reason = HW_TRANSFER_EXISTS},
     {.verbose = true},
     false,
     "",
     "hawser: cp a -> b: skipped, it is there already\n"},
    {"skipped, not asked for", {.source = "a", .path = "b", .outcome = HW_TRANSFER_SKIPPED}, {0}, false, "", NULL},
    {"planned",
     {.op = HW_TRANSFER_MOVE, .source = "a", .path = "b", .outcome = HW_TRANSFER_PLANNED},
     {0},
     true,
     "mv a b\n",
     NULL},
    {"planned without a source",
     {.op = HW_TRANSFER_REMOVE, .source = "", .path = "b", .outcome = HW_TRANSFER_PLANNED},
     {0},
     true,
     "rm b\n",
     NULL},
    {"planned, in JSON",
     {.source = "a", .path = "b", .outcome = HW_TRANSFER_PLANNED},
     {.json = true},
     true,
     "{\"op\":\"cp\",\"source\":\"a\",\"path\":\"b\",\"size\":0,\"status\":\"would\"",
     NULL},
    {"failed",
     {.source = "a", .path = "b", .outcome = HW_TRANSFER_FAILED, .error = &refused},
     {0},
     false,
     "",
     "hawser: error: a: GetObject: refused"},
    {"failed, quietly",
     {.source = "a", .path = "b", .outcome = HW_TRANSFER_FAILED, .error = &refused},
     {.quiet = true},
     false,
     "",
     "R1"},
    {"failed without a source",
     {.source = "", .path = "b", .outcome = HW_TRANSFER_FAILED, .error = &refused},
     {0},
     false,
     "",
     "hawser: error: b: GetObject: refused"},
};

static void objects_are_told_as_was_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        struct telling_desk desk = {.options = {.dry_run = objects[i].dry_run}};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_transfer_result result = {0};
        desk_start(&desk, &objects[i].args);
        desk.options.on_object(desk.options.ctx, &objects[i].object);
        const char *out = out_text(&desk);
        assert_row_int(objects[i].name, strncmp(out, objects[i].out, strlen(objects[i].out)), 0);
        assert_row_int(objects[i].name, out[0] == '\0', objects[i].out[0] == '\0');
        const char *told = err_text(&desk);
        assert_row_says(objects[i].name, told, objects[i].err ? objects[i].err : "");
        assert_row_int(objects[i].name, told[0] == '\0', objects[i].err == NULL);
        /* An error that was told leaves no success. */
        assert_row_int(objects[i].name, hw_transfer_telling_finish(&desk.telling, &result, HW_OK, &err),
                       objects[i].object.error ? HW_EPARTIAL : HW_OK);
        teller_fixture_end(&desk.fixture);
    }
}

static void warnings_are_told(void **state) {
    (void)state;
    struct telling_desk desk = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_error warning = HW_ERROR_INIT;
    const struct hw_transfer_result result = {0};
    snprintf(warning.message, sizeof(warning.message), "goes through this machine");
    desk_start(&desk, &(struct hw_run_args){.quiet = true});
    desk.options.on_warning(desk.options.ctx, &warning);
    assert_row_says("warning", err_text(&desk), "hawser: warning: goes through this machine\n");
    assert_ok(hw_transfer_telling_finish(&desk.telling, &result, HW_OK, &err), err);
    teller_fixture_end(&desk.fixture);
}

static const struct {
    const char *name;
    struct hw_transfer_result result;
    bool dry_run, move, quiet;
    enum hw_status status;
    const char *want; /* NULL: nothing is told */
    /* So many objects of 5 bytes were told of as removed. */
    unsigned removed;
    /* The service was told to have copied so many bytes of one. */
    uint64_t copied;
} sums[] = {
    {"done",
     {.objects = 2, .done = 2, .bytes = 1200000, .seconds = 0.3},
     false,
     false,
     false,
     HW_OK,
     "hawser: 2 objects"},
    {"quietly", {.objects = 2, .done = 2}, false, false, true, HW_OK, NULL},
    {"some",
     {.objects = 9, .done = 2, .skipped = 3, .failed = 1, .not_tried = 3},
     false,
     false,
     false,
     HW_EPARTIAL,
     "(skipped: 3, failed: 1, not tried: 3)"},
    {"nothing to do",
     {.objects = 6, .skipped = 6},
     false,
     false,
     false,
     HW_OK,
     "hawser: 6 objects, nothing to do (skipped: 6)\n"},
    {"no objects", {0}, false, false, false, HW_OK, "hawser: 0 objects, nothing to do\n"},
    {"all have failed",
     {.objects = 1, .failed = 1},
     false,
     false,
     false,
     HW_EIO,
     "hawser: 1 object, nothing done (failed: 1)\n"},
    {"none was tried", {.objects = 2, .not_tried = 2}, false, false, false, HW_EIO, "nothing done (not tried: 2)\n"},
    {"removed",
     {.objects = 3, .done = 2, .failed = 1, .bytes = 10, .seconds = 0.5},
     false,
     false,
     false,
     HW_EPARTIAL,
     "hawser: 2 objects removed, 10 B, 0.5 s (failed: 1)\n",
     2},
    {"removed beside what need not be copied",
     {.objects = 3, .done = 1, .skipped = 2, .bytes = 5},
     false,
     false,
     false,
     HW_OK,
     "hawser: 1 object removed, 5 B, 0.0 s (skipped: 2)\n",
     1},
    {"copied and removed",
     {.objects = 6, .done = 4, .skipped = 2, .bytes = 3010, .seconds = 2},
     false,
     false,
     false,
     HW_OK,
     "hawser: 4 objects, 3.0 kB, 1.5 kB/s, 2.0 s (skipped: 2, removed: 2)\n",
     2},
    {.name = "copied by the service in part",
     .result = {.objects = 1, .done = 1, .bytes = 3000, .seconds = 2},
     .status = HW_OK,
     .want = "hawser: 1 object, 3.0 kB (2.0 kB copied by the service), 1.5 kB/s, 2.0 s\n",
     .copied = 2000},
    {"a dry run", {.objects = 2, .done = 2}, true, false, false, HW_OK, "2 objects would be copied"},
    {"a dry run of moving", {.objects = 1, .done = 1}, true, true, false, HW_OK, "1 object would be moved"},
    {"nothing was found", {0}, false, false, false, HW_EUSAGE, NULL},
};

static void the_summary_counts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        struct telling_desk desk = {.options = {.dry_run = sums[i].dry_run, .move = sums[i].move}};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_transfer_object gone = {.op = HW_TRANSFER_REMOVE, .source = "", .path = "b", .size = 5};
        desk_start(&desk, &(struct hw_run_args){.quiet = sums[i].quiet});
        if (sums[i].copied > 0) {
            const struct hw_transfer_object made = {
                .source = "a", .path = "b", .size = 3000, .delta = true, .bytes_copied = sums[i].copied};
            desk.options.on_object(desk.options.ctx, &made);
        }
        for (unsigned n = 0; n < sums[i].removed; n++) {
            desk.options.on_object(desk.options.ctx, &gone);
        }
        assert_row_int(sums[i].name, hw_transfer_telling_finish(&desk.telling, &sums[i].result, sums[i].status, &err),
                       sums[i].status);
        const char *told = err_text(&desk);
        assert_row_says(sums[i].name, told, sums[i].want ? sums[i].want : "");
        assert_row_int(sums[i].name, told[0] == '\0', sums[i].want == NULL);
        teller_fixture_end(&desk.fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_is_told_where_to_tell),
        cmocka_unit_test(objects_are_told_as_was_asked_for),
        cmocka_unit_test(warnings_are_told),
        cmocka_unit_test(the_summary_counts),
    };
    return cmocka_run_group_tests_name("cli/transfer_telling", tests, NULL, NULL);
}
