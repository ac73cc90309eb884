/* SPDX-License-Identifier: Apache-2.0 */
#include "store/path_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "support/rows.h"
#include "support/scratch.h"

static const struct {
    const char *name;
    hw_view text;
    bool nul;
    const char *want; /* the paths, each with a ';' behind it */
    const char *says; /* NULL: fine */
} rows[] = {
    {"nothing", HW_VIEW_INIT(""), false, "", NULL},
    {"lines", HW_VIEW_INIT("a.csv\nd/b.csv\n"), false, "a.csv;d/b.csv;", NULL},
    {"no line end at the end", HW_VIEW_INIT("a.csv\nb.csv"), false, "a.csv;b.csv;", NULL},
    {"lines of Windows",
     HW_VIEW_INIT("\xef\xbb\xbf"
                  "a.csv\r\n\r\nb.csv\r\n"),
     false, "a.csv;b.csv;", NULL},
    {"empty lines", HW_VIEW_INIT("\n\na\n\n"), false, "a;", NULL},
    {"nothing is taken off", HW_VIEW_INIT(" a b \n#c\n*.csv\n;\n"), false, " a b ;#c;*.csv;;;", NULL},
    {"a CR inside", HW_VIEW_INIT("a\rb\n"), false, "a\rb;", NULL},
    {"a NUL", HW_VIEW_INIT("a\nb\0c\n"), false, "", "line 2 holds a NUL: --from0"},
    {"by NUL", HW_VIEW_INIT("a\nb\0c\r\0\0d"), true, "a\nb;c\r;d;", NULL},
};

static const struct hw_store_options stores = {0};

static void paths_compare(size_t i, enum hw_status status, struct hw_path_list *list, const struct hw_error *err) {
    HW_AUTO(hw_buf) got = {0};
    assert_row_int(rows[i].name, status, rows[i].says ? HW_EDATA : HW_OK);
    assert_row_says(rows[i].name, err->message, rows[i].says ? rows[i].says : "");
    for (size_t k = 0; k < list->count; k++) {
        assert_int_equal(hw_buf_printf(&got, NULL, "%s;", list->paths[k]), HW_OK);
    }
    assert_row_bytes(rows[i].name, got.data, got.size, rows[i].want, strlen(rows[i].want));
    hw_free(list->paths);
}

static void a_line_is_a_path(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_path_list list = {0};
        HW_AUTO(hw_arena) arena = {0};
        scratch_write(&scratch, "list", rows[i].text.data, rows[i].text.size);
        const struct hw_path_list_params options = {
            .path = scratch_path(&scratch, "list"), .nul = rows[i].nul, .store = &stores};
        paths_compare(i, hw_path_list_read(&options, &arena, &list, &err), &list, &err);
    }
    scratch_remove(&scratch);
}

static void standard_input_is_a_list_too(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int fds[2];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_path_list list = {0};
        HW_AUTO(hw_arena) arena = {0};
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(write(fds[1], rows[i].text.data, rows[i].text.size), rows[i].text.size);
        close(fds[1]);
        const struct hw_path_list_params options = {.path = "-", .nul = rows[i].nul, .input_fd = fds[0]};
        paths_compare(i, hw_path_list_read(&options, &arena, &list, &err), &list, &err);
        close(fds[0]);
    }
}

static void what_is_no_list_is_told(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_path_list list = {0};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_path_list_params options = {.path = scratch_path(&scratch, "none"), .store = &stores};
    assert_int_equal(hw_path_list_read(&options, &arena, &list, &err), HW_ENOTFOUND);
    assert_string_equal(err.object, options.path);
    int fd = open(scratch_path(&scratch, "large"), O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)HW_SOURCE_LIST_BYTES_MAX + 1), 0);
    close(fd);
    options.path = scratch_path(&scratch, "large");
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(hw_path_list_read(&options, &arena, &list, &err), HW_ELIMIT);
    options.input_fd = open(options.path, O_RDONLY);
    options.path = "-";
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(hw_path_list_read(&options, &arena, &list, &err), HW_ELIMIT);
    assert_row_says("limit", err.message, "more than 64 MiB");
    close(options.input_fd);
    assert_null(list.paths);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_path),
        cmocka_unit_test(standard_input_is_a_list_too),
        cmocka_unit_test(what_is_no_list_is_told),
    };
    return cmocka_run_group_tests_name("store/path_list", tests, NULL, NULL);
}
