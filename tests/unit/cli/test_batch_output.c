/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_output.h"

#include <stdio.h>

#include "core/thread.h"
#include "support/rows.h"
#include "unit/cli/teller_fixture.h"

static const struct hw_run_args plain = {0};

/* What two commands write by turns stands together. */
static void bytes_of_a_command_stand_together(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct teller_fixture fixture;
    struct hw_batch_output output;
    teller_fixture_start(&fixture, &plain);
    hw_batch_output_init(&output, &fixture.teller);
    struct hw_batch_writer writers[] = {{.output = &output, .line = 1}, {.output = &output, .line = 2}};
    for (size_t i = 0; i < 4; i++) {
        assert_ok(hw_batch_writer_put(&writers[i % 2], false, i % 2 ? HW_VIEW("b") : HW_VIEW("a"), &err), err);
    }
    assert_string_equal(teller_fixture_written(fixture.outs[0]), "");
    hw_batch_writer_end(&writers[1]);
    assert_string_equal(teller_fixture_written(fixture.outs[0]), "bb");
    hw_batch_writer_end(&writers[0]);
    assert_string_equal(teller_fixture_written(fixture.outs[0]), "aa");
    hw_batch_output_release(&output);
    teller_fixture_end(&fixture);
}

static void lines_of_json_have_the_number(void **state) {
    (void)state;
    static const struct {
        const char *lines;
        const char *want;
    } rows[] = {
        {"{\"op\":\"cp\"}\n", "{\"line\":7,\"op\":\"cp\"}\n"},
        {"{\"a\":1}\n{\"a\":2}\n", "{\"line\":7,\"a\":1}\n{\"line\":7,\"a\":2}\n"},
        {"{}\n", "{\"line\":7}\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct teller_fixture fixture;
        struct hw_batch_output output;
        teller_fixture_start(&fixture, &plain);
        hw_batch_output_init(&output, &fixture.teller);
        struct hw_batch_writer writer = {.output = &output, .line = 7};
        assert_ok(hw_batch_writer_put(&writer, true, hw_view_of(rows[i].lines), &err), err);
        assert_row_text(rows[i].lines, teller_fixture_written(fixture.outs[0]), rows[i].want);
        hw_batch_writer_end(&writer);
        hw_batch_output_release(&output);
        teller_fixture_end(&fixture);
    }
}

struct other {
    struct hw_batch_writer writer;
    const char *block;
    size_t bytes;
};

static void *other_run(void *arg) {
    struct other *other = arg;
    assert_int_equal(hw_batch_writer_put(&other->writer, false, (hw_view){other->block, other->bytes}, NULL), HW_OK);
    hw_batch_writer_end(&other->writer);
    return NULL;
}

/* One that writes more than is kept has the output to itself; another one waits for it. */
static void much_comes_through_one_after_the_other(void **state) {
    (void)state;
    static char blocks[2][HW_BATCH_KEPT_BYTES + 1];
    static char got[2 * sizeof(blocks[0]) + 1];
    struct hw_error err = HW_ERROR_INIT;
    struct teller_fixture fixture;
    struct hw_batch_output output;
    pthread_t thread;
    FILE *file = tmpfile();
    memset(blocks[0], 'a', sizeof(blocks[0]));
    memset(blocks[1], 'b', sizeof(blocks[1]));
    teller_fixture_start(&fixture, &plain);
    fixture.cli.out_fd = fileno(file);
    hw_batch_output_init(&output, &fixture.teller);
    struct hw_batch_writer writer = {.output = &output};
    struct other other = {.writer = {.output = &output}, .block = blocks[1], .bytes = sizeof(blocks[1])};
    assert_ok(hw_batch_writer_put(&writer, false, (hw_view){blocks[0], sizeof(blocks[0])}, &err), err);
    assert_int_equal(hw_thread_start(&thread, other_run, &other), 0);
    assert_ok(hw_batch_writer_put(&writer, false, HW_VIEW("c"), &err), err);
    hw_batch_writer_end(&writer);
    pthread_join(thread, NULL);
    assert_int_equal(pread(fileno(file), got, sizeof(got), 0), sizeof(got));
    assert_memory_equal(got, blocks[0], sizeof(blocks[0]));
    assert_int_equal(got[sizeof(blocks[0])], 'c');
    assert_memory_equal(got + sizeof(blocks[0]) + 1, blocks[1], sizeof(blocks[1]));
    (void)fclose(file);
    hw_batch_output_release(&output);
    teller_fixture_end(&fixture);
}

static void a_full_output_is_told_to_all(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct teller_fixture fixture;
    struct hw_batch_output output;
    teller_fixture_start(&fixture, &plain);
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    fixture.cli.out_fd = full;
    hw_batch_output_init(&output, &fixture.teller);
    struct hw_batch_writer writers[] = {{.output = &output, .line = 1}, {.output = &output, .line = 2}};
    assert_int_equal(hw_batch_writer_put(&writers[0], true, HW_VIEW("{}\n"), &err), HW_EIO);
    assert_int_equal(hw_batch_writer_put(&writers[1], true, HW_VIEW("{}\n"), &err), HW_EIO);
    hw_batch_writer_end(&writers[0]);
    hw_batch_writer_end(&writers[1]);
    hw_batch_output_release(&output);
    close(full);
    teller_fixture_end(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_a_command_stand_together),
        cmocka_unit_test(lines_of_json_have_the_number),
        cmocka_unit_test(much_comes_through_one_after_the_other),
        cmocka_unit_test(a_full_output_is_told_to_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
