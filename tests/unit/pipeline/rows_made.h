/* SPDX-License-Identifier: Apache-2.0 */
/* Files of every format that hw_convert makes, and the rows that come back of them. */
#ifndef HW_TESTS_ROWS_MADE_H
#define HW_TESTS_ROWS_MADE_H

#include <hawser/convert.h>
#include <stdio.h>

#include "rows_read.h"
#include "support/scratch.h"

/*
 * Makes a file of a CSV text, of the format that `made_name` says, and gives it a name that says
 * nothing.
 */
static inline const char *rows_make(const struct scratch *scratch, const char *csv, const char *made_name) {
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    scratch_write(scratch, "in.csv", csv, strlen(csv));
    const char *source = scratch_path(scratch, "in.csv");
    const char *made = scratch_path(scratch, made_name);
    const char *path = scratch_path(scratch, "out.data");
    assert_ok(hw_convert(&source, 1, made, NULL, &result, &err), err);
    assert_int_equal(rename(made, path), 0);
    return path;
}

static const struct {
    const char *name;
    struct hw_open_rows_options options;
    const char *want;
} rows_made[] = {
    {"all",
     {.rows_max = UINT64_MAX},
     "{\"id\":1,\"t\":\"a\",\"d\":\"2024-02-29\"}\n{\"id\":2,\"t\":null,\"d\":null}\n"
     "{\"id\":3,\"t\":\"c\",\"d\":\"1969-12-31\"}\n"},
    {"the first", {.rows_max = 1}, "{\"id\":1,\"t\":\"a\",\"d\":\"2024-02-29\"}\n"},
    {"none", {.rows_max = 0}, ""},
    {"behind the first", {.skip = 1, .rows_max = 1, .columns = "t,id"}, "{\"t\":null,\"id\":2}\n"},
    {"the last", {.skip = 2, .rows_max = UINT64_MAX, .columns = "id"}, "{\"id\":3}\n"},
    {"behind the last", {.skip = 3, .rows_max = 1}, ""},
    {"far behind it", {.skip = UINT64_MAX, .rows_max = UINT64_MAX}, ""},
    {"little memory", {.rows_max = 1, .columns = "id", .memory_bytes = HW_MIB(16), .threads = 1}, "{\"id\":1}\n"},
};

/* Checks which rows and columns come of such a file. */
static inline void rows_made_check(const char *made_name) {
    struct scratch scratch = scratch_make();
    const char *path = rows_make(&scratch, "id,t,d\n1,a,2024-02-29\n2,,\n3,c,1969-12-31\n", made_name);
    for (size_t i = 0; i < COUNT_OF(rows_made); i++) {
        rows_check(rows_made[i].name, path, &rows_made[i].options, rows_made[i].want);
    }
    scratch_remove(&scratch);
}

#endif
