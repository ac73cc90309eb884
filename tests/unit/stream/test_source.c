/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/source.h"

#include "support/made_stream.h"
#include "support/rows.h"

static void batches_come_one_after_the_other(void **state) {
    (void)state;
    for (int borrowed = 0; borrowed < 2; borrowed++) {
        struct made_stream made = {.rows = 25, .batch_rows = 10, .borrowed = borrowed != 0};
        struct hw_error err = HW_ERROR_INIT;
        static const size_t rows[] = {10, 10, 5, 0};
        made_stream_init(&made);
        struct hw_stream_source source = {.stream = &made.base};
        assert_int_equal(hw_stream_source_left(&source), 0);
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            assert_ok(hw_stream_source_next(&source, &err), err);
            assert_int_equal(hw_stream_source_left(&source), rows[i]);
            assert_int_equal(source.ended, rows[i] == 0);
            assert_int_equal(source.batches, i + 1);
            assert_int_equal(atomic_load(&made.alive), rows[i] > 0);
            source.row = rows[i];
            assert_int_equal(hw_stream_source_left(&source), 0);
        }
        hw_stream_source_release(&source);
        made.base.free(&made.base);
        assert_false(made.misused);
        assert_int_equal(atomic_load(&made.alive), 0);
    }
}

static void spoil(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[1].length += made->batches == 2;
}

static void failures_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t fails_at;
        enum hw_status failure;
        bool silent, spoilt;
        enum hw_status status;
        const char *message, *column;
    } rows[] = {
        {"the first", 1, HW_EIO, false, false, HW_EIO, "batch 1: the well is dry", ""},
        {"the third", 3, HW_ENETWORK, false, false, HW_ENETWORK, "batch 3: the well is dry", ""},
        {"without an error", 2, HW_ENOMEM, true, false, HW_ENOMEM, "batch 2: the stream failed", ""},
        {"without a status", 2, (enum hw_status)1000, true, false, HW_EFAILED,
         "batch 2: the stream failed with 1000, which is no status", ""},
        {"a batch that is wrong", 0, HW_OK, false, true, HW_EDATA, "batch 2: it has 11 slots, the batch 10 rows", "t"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made_stream made = {.rows = 100,
                                   .batch_rows = 10,
                                   .fails_at = rows[i].fails_at,
                                   .failure = rows[i].failure,
                                   .silent = rows[i].silent,
                                   .spoil = rows[i].spoilt ? spoil : NULL};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = HW_OK;
        made_stream_init(&made);
        struct hw_stream_source source = {.stream = &made.base};
        while (status == HW_OK && !source.ended) {
            status = hw_stream_source_next(&source, &err);
        }
        assert_row_int(rows[i].name, status, rows[i].status);
        assert_row_int(rows[i].name, err.status, rows[i].status);
        assert_row_text(rows[i].name, err.message, rows[i].message);
        assert_row_text(rows[i].name, err.column, rows[i].column);
        assert_row_int(rows[i].name, hw_stream_source_left(&source), 0);
        assert_row_int(rows[i].name, atomic_load(&made.alive), 0);
        made.base.free(&made.base);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_come_one_after_the_other),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests_name("stream/source", tests, NULL, NULL);
}
