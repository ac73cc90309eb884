/* SPDX-License-Identifier: Apache-2.0 */
/* Reads rows as lines of JSON. */
#ifndef HW_TESTS_ROWS_READ_H
#define HW_TESTS_ROWS_READ_H

#include "pipeline/open_rows.h"
#include "support/rows.h"
#include "table/row_json.h"

/* Reads all rows, as lines of JSON. */
static inline enum hw_status rows_read(const char *source, const struct hw_open_rows_options *given, struct hw_buf *out,
                                       struct hw_error *err) {
    const struct hw_csv_options csv = {0};
    const struct hw_store_options store = {0};
    struct hw_open_rows_options options = *given;
    struct hw_opened_rows rows = {0};
    options.csv = &csv;
    options.store = &store;
    options.input_fd = -1;
    enum hw_status status = hw_open_rows(&rows, source, &options, err);
    for (bool more = status == HW_OK; more;) {
        status = hw_opened_rows_next(&rows, &more, err);
        more = more && status == HW_OK;
        for (size_t row = rows.begin; more && row < rows.end; row++) {
            assert_int_equal(hw_row_json_append(HW_BINARY_HEX, &rows.batch, row, out, NULL), HW_OK);
        }
    }
    hw_opened_rows_release(&rows);
    return status;
}

/* Checks that rows are what is wanted. */
static inline void rows_check(const char *name, const char *source, const struct hw_open_rows_options *options,
                              const char *want) {
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(rows_read(source, options, &out, &err), err);
    assert_row_bytes(name, out.data, out.size, want, strlen(want));
    hw_buf_release(&out);
}

#endif
