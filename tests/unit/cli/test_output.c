/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/io.h"
#include "support/corpus.h"
#include "support/rows.h"

/* A folder with an old file in it. */
static void folder_make(char *folder, char *path, size_t path_bytes) {
    memcpy(folder, "/tmp/hawser-output-XXXXXX", sizeof("/tmp/hawser-output-XXXXXX"));
    assert_non_null(mkdtemp(folder));
    snprintf(path, path_bytes, "%s/schema.json", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("old", file);
    fclose(file);
}

static size_t folder_entries(const char *folder) {
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    }
    closedir(dir);
    return count;
}

static int fail_fsync(int fd) {
    (void)fd;
    errno = EIO;
    return -1;
}

static ssize_t fail_write(int fd, const void *data, size_t bytes) {
    (void)fd, (void)data, (void)bytes;
    errno = ENOSPC;
    return -1;
}

static int fail_rename(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path) {
    (void)old_dir_fd, (void)old_path, (void)new_dir_fd, (void)new_path;
    errno = EROFS;
    return -1;
}

static void files_appear_whole_or_not_at_all(void **state) {
    (void)state;
    struct hw_io no_write = hw_io_system;
    struct hw_io no_fsync = hw_io_system;
    struct hw_io no_rename = hw_io_system;
    no_write.write = fail_write;
    no_fsync.fsync = fail_fsync;
    no_rename.renameat = fail_rename;
    const struct {
        const char *name;
        const struct hw_io *io;
        enum hw_status want;
        const char *text;
        const char *says;
    } rows[] = {
        {"written", &hw_io_system, HW_OK, "new", ""},
        {"full", &no_write, HW_EIO, "old", "No space left"},
        {"not on the disk", &no_fsync, HW_EIO, "old", "cannot bring it to the disk"},
        {"not in place", &no_rename, HW_EIO, "old", "cannot be put in place: Read-only"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        char folder[64];
        char path[128];
        folder_make(folder, path, sizeof(path));
        hw_io_set(rows[i].io);
        enum hw_status status = hw_output_file(path, HW_VIEW("new"), &err);
        hw_io_set(NULL);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].want ? path : "");
        assert_true(corpus_read(path, &text));
        assert_row_bytes(rows[i].name, text.data, text.size, rows[i].text, strlen(rows[i].text));
        assert_row_int(rows[i].name, folder_entries(folder), 1);
        unlink(path);
        rmdir(folder);
    }
}

static void a_missing_folder_is_a_fault_of_the_machine(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_output_file("/nonexistent/folder/x.json", HW_VIEW("x"), &err), HW_EIO);
    assert_int_equal(err.status, HW_EIO);
    assert_string_equal(err.object, "/nonexistent/folder/x.json");
}

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
        const struct hw_cmd *cmd;
        const struct hw_error *error;
        const char *want;
    } rows[] = {
        {"usage of a command", &hw_cmd_convert, &usage, "hawser: error: --to: wrong (see hawser convert --help)\n"},
        {"usage without one", NULL, &usage, "hawser: error: --to: wrong (see hawser help)\n"},
        {"data", &hw_cmd_convert, &data, "hawser: error: a?.csv: line 3: ragged\n"},
    };
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    const struct hw_cli cli = {.err_fd = fds[1]};
    char text[512];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_output_error(&cli, rows[i].cmd, rows[i].error);
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
    assert_row_says("full", err.message, "standard output: cannot write 1 bytes: No space left");
    close(cli.out_fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_appear_whole_or_not_at_all),
        cmocka_unit_test(a_missing_folder_is_a_fault_of_the_machine),
        cmocka_unit_test(lines_for_people),
        cmocka_unit_test(a_full_stdout_is_an_error),
    };
    return cmocka_run_group_tests_name("cli/output", tests, NULL, NULL);
}
