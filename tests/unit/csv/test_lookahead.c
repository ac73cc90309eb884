/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/lookahead.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { TEXT_BYTES_MAX = 3 * HW_CSV_LOOKAHEAD_BYTES };

/* A stream of counted bytes, some at a time, that fails where it has given `fail_at`. */
struct counted {
    struct hw_stream base;
    size_t bytes;
    size_t at_once;
    size_t fail_at;
    size_t given;
};

static enum hw_status counted_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                   struct hw_error *err) {
    struct counted *counted = (struct counted *)base;
    if (counted->given >= counted->fail_at) {
        return hw_fail(err, HW_EIO, "injected");
    }
    const size_t got = hw_min_size(hw_min_size(bytes, counted->at_once), counted->bytes - counted->given);
    for (size_t i = 0; i < got; i++) {
        ((uint8_t *)data)[i] = (uint8_t)((counted->given + i) % 251);
    }
    counted->given += got;
    *out_bytes = got;
    return HW_OK;
}

static const struct hw_stream_ops counted_ops = {counted_read, NULL};

static void bytes_are_shown_and_given(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, HW_CSV_LOOKAHEAD_BYTES - 1, HW_CSV_LOOKAHEAD_BYTES, TEXT_BYTES_MAX};
    static const size_t pieces[] = {1, 700, 100000};
    for (size_t i = 0; i < COUNT_OF(sizes) * COUNT_OF(pieces); i++) {
        struct counted counted = {
            {&counted_ops}, sizes[i / COUNT_OF(pieces)], pieces[i % COUNT_OF(pieces)], SIZE_MAX, 0};
        struct hw_error err = HW_ERROR_INIT;
        uint8_t got[TEXT_BYTES_MAX + 1];
        struct hw_stream *stream;
        hw_view head;
        size_t used = 0;
        size_t piece = 1;
        char name[64];
        snprintf(name, sizeof(name), "%zu bytes, %zu at once", counted.bytes, counted.at_once);
        assert_ok(hw_csv_lookahead_open(&counted.base, &stream, &head, &err), err);
        assert_row_int(name, head.size, hw_min_size(counted.bytes, HW_CSV_LOOKAHEAD_BYTES));
        while (piece > 0) {
            assert_ok(stream->ops->read(stream, got + used, hw_min_size(sizeof(got) - used, 333), &piece, &err), err);
            used += piece;
        }
        assert_row_int(name, used, counted.bytes);
        assert_row_bytes(name, head.data, head.size, got, head.size);
        for (size_t k = 0; k < used; k++) {
            assert_row_int(name, got[k], k % 251);
        }
        stream->ops->close(stream);
    }
}

static void failures_are_passed_on(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct alloc_fault fault;
    struct hw_stream *stream = NULL;
    hw_view head = {"untouched", 9};
    struct counted counted = {{&counted_ops}, 1000, 100, 300, 0};
    assert_int_equal(hw_csv_lookahead_open(&counted.base, &stream, &head, &err), HW_EIO);
    counted.fail_at = SIZE_MAX;
    alloc_fault_begin(&fault, 0);
    enum hw_status status = hw_csv_lookahead_open(&counted.base, &stream, &head, &err);
    alloc_fault_end(&fault);
    assert_int_equal(status, HW_ENOMEM);
    assert_true(stream == NULL && head.size == 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_shown_and_given),
        cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests_name("csv/lookahead", tests, NULL, NULL);
}
