/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch.h"

#include <stdio.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "unit/cli/teller_fixture.h"

enum { LINES = 100 };

struct fixture {
    struct scratch scratch;
    struct teller_fixture told;
    struct hw_batch_options options;
};

/* A list of copies of one file to names of their own, one of which has no source. */
static void fixture_start(struct fixture *fixture, unsigned jobs, size_t bad) {
    static const struct hw_run_args plain = {0};
    HW_AUTO(hw_buf) list = {0};
    fixture->scratch = scratch_make();
    scratch_write(&fixture->scratch, "a", "hello", 5);
    for (size_t i = 1; i <= LINES; i++) {
        const char *folder = fixture->scratch.folder;
        assert_int_equal(
            hw_buf_printf(&list, NULL, "cp %s%s %sout/%zu\n# %zu\n", folder, i == bad ? "none" : "a", folder, i, i),
            HW_OK);
    }
    scratch_write(&fixture->scratch, "list", list.data, list.size);
    teller_fixture_start(&fixture->told, &plain);
    fixture->told.call.cmd = &hw_cmd_run;
    fixture->told.call.commands = &hw_commands_all;
    fixture->options = (struct hw_batch_options){
        .call = &fixture->told.call,
        .name = "list",
        .fd = open(scratch_path(&fixture->scratch, "list"), O_RDONLY | O_CLOEXEC),
        .means = hw_batch_means(jobs, 0, 0),
    };
    assert_true(fixture->options.fd >= 0);
}

static void fixture_end(struct fixture *fixture) {
    close(fixture->options.fd);
    teller_fixture_end(&fixture->told);
    scratch_remove(&fixture->scratch);
}

static void every_line_is_run_once(void **state) {
    (void)state;
    static const unsigned jobs[] = {1, 3, 32};
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        struct fixture fixture;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_result result;
        fixture_start(&fixture, jobs[i], 0);
        assert_ok(hw_batch_run(&fixture.options, &fixture.told.teller, &result, &err), err);
        assert_int_equal(result.lines, LINES);
        assert_int_equal(result.failed + result.not_run, 0);
        assert_int_equal(result.sums.done, LINES);
        assert_int_equal(result.sums.bytes, 5 * LINES);
        for (size_t line = 1; line <= LINES; line += LINES - 1) {
            char name[32];
            snprintf(name, sizeof(name), "out/%zu", line);
            assert_true(scratch_holds(&fixture.scratch, name, "hello", 5));
        }
        fixture_end(&fixture);
    }
}

static void one_that_fails_does_not_stop_the_others(void **state) {
    (void)state;
    struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_result result;
    fixture_start(&fixture, 4, 10);
    assert_ok(hw_batch_run(&fixture.options, &fixture.told.teller, &result, &err), err);
    assert_int_equal(result.lines, LINES);
    assert_int_equal(result.failed, 1);
    assert_int_equal(result.exit_code, 6);
    assert_int_equal(result.sums.done, LINES - 1);
    /* The tenth command stands in line 19, for each has a comment behind it. */
    assert_row_says("number", teller_fixture_written(fixture.told.errs[0]), "hawser: error: list:19: ");
    fixture_end(&fixture);
}

static void fail_fast_begins_no_other(void **state) {
    (void)state;
    struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_result result;
    fixture_start(&fixture, 1, 10);
    fixture.options.fail_fast = true;
    assert_ok(hw_batch_run(&fixture.options, &fixture.told.teller, &result, &err), err);
    assert_int_equal(result.sums.done, 9);
    assert_int_equal(result.failed, 1);
    assert_true(result.lines + result.not_run < LINES);
    fixture_end(&fixture);
}

static void a_list_that_cannot_be_read_ends_the_batch(void **state) {
    (void)state;
    struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_result result;
    fixture_start(&fixture, 1, 0);
    close(fixture.options.fd);
    fixture.options.fd = open(fixture.scratch.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(hw_batch_run(&fixture.options, &fixture.told.teller, &result, &err), HW_EIO);
    assert_int_equal(result.lines, 0);
    fixture_end(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_run_once),
        cmocka_unit_test(one_that_fails_does_not_stop_the_others),
        cmocka_unit_test(fail_fast_begins_no_other),
        cmocka_unit_test(a_list_that_cannot_be_read_ends_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
