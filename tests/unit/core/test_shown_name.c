/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shown_name.h"

#include <stdio.h>

#include "core/error.h"
#include "support/rows.h"

static const struct {
    const char *path;
    const char *want;
} rows[] = {
    {"https://h/a.csv", "https://h/a.csv"},
    {"https://h/a.csv?X-Amz-Signature=s", "https://h/a.csv?..."},
    {"https://h/a.csv#s", "https://h/a.csv?..."},
    {"HTTP://h/a.csv?s", "HTTP://h/a.csv?..."},
    {"http://u:s@h/a.csv?s", "http://***@h/a.csv?..."},
    {"http://s@h", "http://***@h"},
    {"http://u:s/s@h/a.csv", "http://***@h/a.csv"},
    {"http://h/a@b.csv", "http://h/a@b.csv"},
    {"http://h/a.csv?u@s", "http://h/a.csv?..."},
    {"https://h/a.csv?...", "https://h/a.csv?..."},
    {"s3://bucket/a.csv?b", "s3://bucket/a.csv?b"},
    {"folder/what?.csv", "folder/what?.csv"},
    {"http:/h/a?b", "http:/h/a?b"},
    {"", ""},
};

static void secrets_are_left_out(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[128];
        snprintf(got, sizeof(got), HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(rows[i].path)));
        assert_row_text(rows[i].path, got, rows[i].want);
    }
}

static void errors_name_what_may_be_shown(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_object(&err, rows[i].path);
        assert_row_text(rows[i].path, err.object, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_left_out),
        cmocka_unit_test(errors_name_what_may_be_shown),
    };
    return cmocka_run_group_tests_name("core/shown_name", tests, NULL, NULL);
}
