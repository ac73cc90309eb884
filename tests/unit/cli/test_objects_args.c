/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/rows.h"

static const struct {
    int64_t us;
    const char *text;
} times[] = {
    {0, ""},
    {1, "1970/01/01 00:00:00"},
    {INT64_C(1795267245999999), "2026/11/21 13:20:45"},
};

static void times_are_those_of_s5cmd(void **state) {
    (void)state;
    char text[HW_OBJECTS_TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        assert_string_equal(hw_objects_time(times[i].us, text), times[i].text);
    }
}

static void sizes_are_exact_or_for_people(void **state) {
    (void)state;
    struct hw_objects_args args = {0};
    const struct hw_objects_call call = {.args = &args};
    char text[HW_OBJECTS_TEXT_BYTES];
    assert_string_equal(hw_objects_bytes(&call, UINT64_MAX, text), "18446744073709551615");
    args.humanize = true;
    assert_string_equal(hw_objects_bytes(&call, 1500, text), "1.5 kB");
}

static void options_are_handed_on(void **state) {
    (void)state;
    const struct hw_objects_args args = {
        .raw = true, .all_versions = true, .store.both.region = "r", .write.request_payer = 1};
    const struct hw_cli cli = {0};
    const struct hw_cmd_call call = {.cli = &cli};
    struct hw_objects_call objects = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_objects_call_begin(&objects, &call, &args, &err), err);
    assert_true(objects.options.raw && objects.options.all_versions);
    assert_string_equal(objects.options.store.region, "r");
    assert_ptr_equal(objects.options.store.log, &objects.log);
    assert_non_null(objects.options.store.cancelled);
    assert_true(objects.options.store.s3->request_payer);
    assert_int_equal(hw_objects_call_end(&objects, HW_EAUTH, NULL), HW_EAUTH);
}

static void a_key_that_is_not_there_is_said(void **state) {
    (void)state;
    const struct hw_objects_args args = {.write.sse_c_source_path = "tests/none"};
    const struct hw_cli cli = {0};
    const struct hw_cmd_call call = {.cli = &cli};
    struct hw_objects_call objects = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_objects_call_begin(&objects, &call, &args, &err), HW_ENOTFOUND);
    assert_int_equal(hw_objects_call_end(&objects, HW_ENOTFOUND, &err), HW_ENOTFOUND);
}

/* Lines in both forms, as a pipe gets them. */
static void lines_are_written_at_the_end(void **state) {
    (void)state;
    static const char want[] = "{\"at\":\"1970-01-01T00:00:01Z\",\"none\":null}\na\\x0ab\n";
    const struct hw_objects_args args = {0};
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    const struct hw_cli cli = {.out_fd = pipes[1], .err_fd = -1};
    const struct hw_cmd_call call = {.cli = &cli};
    struct hw_objects_call objects = {0};
    struct hw_error err = HW_ERROR_INIT;
    char got[256] = "";
    assert_ok(hw_objects_call_begin(&objects, &call, &args, &err), err);
    struct hw_json_writer json = hw_objects_json(&objects);
    hw_objects_json_time(&json, "at", 1000000);
    hw_objects_json_time(&json, "none", 0);
    assert_ok(hw_objects_json_end(&objects, &json, &err), err);
    assert_ok(hw_objects_name(&objects, "a\nb", &err), err);
    assert_ok(hw_buf_append_byte(&objects.lines, '\n', &err), err);
    assert_ok(hw_objects_line(&objects, &err), err);
    assert_int_equal(hw_objects_call_end(&objects, HW_EPARTIAL, &err), HW_EPARTIAL);
    assert_int_equal(read(pipes[0], got, sizeof(got) - 1), sizeof(want) - 1);
    assert_string_equal(got, want);
    close(pipes[0]);
    close(pipes[1]);
}

static void many_lines_are_written_before_the_end(void **state) {
    (void)state;
    const struct hw_objects_args args = {0};
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    const struct hw_cli cli = {.out_fd = full};
    const struct hw_cmd_call call = {.cli = &cli};
    struct hw_objects_call objects = {0};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    unsigned lines = 0;
    assert_ok(hw_objects_call_begin(&objects, &call, &args, &err), err);
    for (; status == HW_OK && lines < 100000; lines++) {
        assert_ok(hw_buf_append_text(&objects.lines, "a line of output\n", &err), err);
        status = hw_objects_line(&objects, &err);
    }
    assert_int_equal(status, HW_EIO);
    assert_true(lines > 1000);
    /* What could not be written is no second failure, nor is it success. */
    assert_int_equal(hw_objects_call_end(&objects, HW_OK, &err), HW_EIO);
    close(full);
}

static void what_is_done_is_told(void **state) {
    (void)state;
    static const struct {
        bool json, quiet;
        const char *out, *errors;
    } rows[] = {
        {false, false, "", "hawser: made s3://b\n"},
        {false, true, "", ""},
        {true, false, "{\"op\":\"mb\",\"path\":\"s3://b\",\"status\":\"ok\"}\n", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_objects_args args = {.json = rows[i].json, .run.quiet = rows[i].quiet};
        const struct hw_cmd cmd = {.name = "mb"};
        int out[2], errors[2];
        char got[2][128] = {"", ""};
        assert_int_equal(pipe(out) + pipe(errors), 0);
        const struct hw_cli cli = {.out_fd = out[1], .err_fd = errors[1]};
        const struct hw_cmd_call call = {.cli = &cli, .cmd = &cmd};
        struct hw_objects_call objects = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_objects_call_begin(&objects, &call, &args, &err), err);
        enum hw_status status = hw_objects_done(&objects, "made", "s3://b", &err);
        assert_int_equal(hw_objects_call_end(&objects, status, &err), HW_OK);
        close(out[1]);
        close(errors[1]);
        assert_true(read(out[0], got[0], sizeof(got[0]) - 1) >= 0 && read(errors[0], got[1], sizeof(got[1]) - 1) >= 0);
        assert_string_equal(got[0], rows[i].out);
        assert_string_equal(got[1], rows[i].errors);
        close(out[0]);
        close(errors[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_s5cmd),     cmocka_unit_test(sizes_are_exact_or_for_people),
        cmocka_unit_test(options_are_handed_on),        cmocka_unit_test(a_key_that_is_not_there_is_said),
        cmocka_unit_test(lines_are_written_at_the_end), cmocka_unit_test(many_lines_are_written_before_the_end),
        cmocka_unit_test(what_is_done_is_told),
    };
    return cmocka_run_group_tests_name("cli/objects_args", tests, NULL, NULL);
}
