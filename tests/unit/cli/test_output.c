/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "support/rows.h"

/* What a call of `write` puts into a pipe. */
static void lines_for_people(void **state) {
    (void)state;
    struct hw_error usage = HW_ERROR_INIT;
    struct hw_error data = HW_ERROR_INIT;
    usage.status = HW_EUSAGE;
    memcpy(usage.message, "--to: wrong", sizeof("--to: wrong"));
    data.status = HW_EDATA;
    data.line = 3;
    memcpy(data.object, "a\x1b.csv", sizeof("a\x1b.csv"));
    memcpy(data.message, "ragged", sizeof("ragged"));
    const struct {
        const char *name;
        const char *about;
        const struct hw_error *error;
        const char *want;
    } rows[] = {
        {"usage of a command", "convert", &usage, "hawser: error: --to: wrong (see hawser convert --help)\n"},
        {"usage of a group", "mongo", &usage, "hawser: error: --to: wrong (see hawser mongo --help)\n"},
        {"usage without one", "", &usage, "hawser: error: --to: wrong (see hawser help)\n"},
        {"data", "convert", &data, "hawser: error: a?.csv: line 3: ragged\n"},
    };
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    const struct hw_cli cli = {.err_fd = fds[1]};
    char text[512];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_output_error(&cli, hw_view_of(rows[i].about), rows[i].error);
        ssize_t got = read(fds[0], text, sizeof(text));
        assert_row_bytes(rows[i].name, text, (size_t)got, rows[i].want, strlen(rows[i].want));
    }
    static const char note[] = "hawser: would convert \\xc2\\x9bm.csv\n";
    hw_output_note(&cli, "would convert %s", "\xc2\x9bm.csv");
    ssize_t got = read(fds[0], text, sizeof(text));
    assert_row_bytes("note", text, (size_t)got, note, strlen(note));
    close(fds[0]);
    close(fds[1]);
}

static void a_full_stdout_is_an_error(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_cli cli = {.out_fd = open("/dev/full", O_WRONLY)};
    assert_true(cli.out_fd >= 0);
    assert_int_equal(hw_output_data(&cli, HW_VIEW("x"), &err), HW_EIO);
    assert_row_says("full", err.message, "standard output: cannot write 1 byte: No space left");
    close(cli.out_fd);
}

/* What the host of a command was given. */
struct taken {
    struct hw_cli_host host;
    char data[128];
    char lines[128];
};

static enum hw_status data_take(const struct hw_cli_host *host, bool json, hw_view data, struct hw_error *err) {
    struct taken *taken = (struct taken *)(uintptr_t)host;
    (void)err;
    const size_t used = strlen(taken->data);
    snprintf(taken->data + used, sizeof(taken->data) - used, "%s%.*s", json ? "json " : "", (int)data.size, data.data);
    return HW_OK;
}

static void lines_take(const struct hw_cli_host *host, hw_view lines) {
    struct taken *taken = (struct taken *)(uintptr_t)host;
    const size_t used = strlen(taken->lines);
    snprintf(taken->lines + used, sizeof(taken->lines) - used, "%.*s", (int)lines.size, lines.data);
}

static void a_host_gets_all_of_it(void **state) {
    (void)state;
    struct taken taken = {.host = {.where = "li\x1bst:3", .data = data_take, .lines = lines_take}};
    const struct hw_cli cli = {.out_fd = -1, .err_fd = -1, .host = &taken.host};
    struct hw_error err = HW_ERROR_INIT;
    hw_error_set(&err, HW_EDATA, "ragged");
    assert_int_equal(hw_output_data(&cli, HW_VIEW("a"), NULL), HW_OK);
    assert_int_equal(hw_output_json(&cli, HW_VIEW("{}"), NULL), HW_OK);
    assert_string_equal(taken.data, "ajson {}");
    hw_output_error(&cli, HW_VIEW("cp"), &err);
    hw_output_note(&cli, "done %d", 1);
    hw_output_line(&cli, "as it is");
    assert_string_equal(taken.lines, "hawser: error: li\\x1bst:3: ragged\nhawser: li\\x1bst:3: done 1\nas it is\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_for_people),
        cmocka_unit_test(a_full_stdout_is_an_error),
        cmocka_unit_test(a_host_gets_all_of_it),
    };
    return cmocka_run_group_tests_name("cli/output", tests, NULL, NULL);
}
