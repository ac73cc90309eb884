/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of files. Those of "123456789" are the check value of CRC-64/NVME in the catalogue of CRCs
 * of reveng, and what sha256sum prints; those of the long row were computed in Python.
 */
#include "pipeline/file_sums.h"

#include "core/buf.h"
#include "core/bytes_text.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

#define DIGITS "123456789"

static const struct {
    const char *name;
    const char *text;
    size_t times;
    uint64_t crc64nvme;
    const char *sha256;
} rows[] = {
    {"nothing", "", 1, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"digits", DIGITS, 1, 0xae8b14860a799888, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"},
    {"more than a block", DIGITS, 200000, 0x9c516ff903051526,
     "f2f9a1771f9142e61f2a88d1ba92166939a128c95e5d33e1b177ed222f451e94"},
};

/* A source of memory. */
struct bytes {
    struct hw_source source;
    struct hw_buf data;
    uint64_t fails_at; /* from this byte on */
    size_t reads;
};

static enum hw_status bytes_read(struct hw_source *source, uint64_t offset, void *data, size_t bytes,
                                 struct hw_error *err) {
    struct bytes *of = (struct bytes *)source;
    of->reads++;
    if (offset + bytes > of->fails_at) {
        return hw_fail(err, HW_EIO, "injected");
    }
    memcpy(data, of->data.data + offset, bytes);
    return HW_OK;
}

static const struct hw_source_ops source_ops = {.size = sizeof(source_ops), .read_at = bytes_read};

static void sums_check(const char *row, const struct hw_file_sums *sums, size_t i) {
    char hex[HW_SHA256_HEX_BYTES];
    hw_hex(sums->sha256, sizeof(sums->sha256), hex);
    assert_row_int(row, sums->bytes, strlen(rows[i].text) * rows[i].times);
    assert_true(sums->crc64nvme == rows[i].crc64nvme);
    assert_row_text(row, hex, rows[i].sha256);
}

static struct bytes bytes_make(size_t i) {
    struct bytes of = {.source.ops = &source_ops, .fails_at = UINT64_MAX};
    for (size_t n = 0; n < rows[i].times; n++) {
        assert_int_equal(hw_buf_append_text(&of.data, rows[i].text, NULL), HW_OK);
    }
    of.source.size = of.data.size;
    return of;
}

static void a_source_is_read_once(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes of = bytes_make(i);
        struct hw_file_sums sums;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_file_sums_of(&of.source, &sums, &err), err);
        sums_check(rows[i].name, &sums, i);
        assert_row_int(rows[i].name, of.reads, (of.data.size + (1 << 20) - 1) >> 20);
        hw_buf_release(&of.data);
    }
}

static void what_cannot_be_read_has_no_sums(void **state) {
    (void)state;
    struct bytes of = bytes_make(2);
    struct hw_file_sums sums = {.bytes = 7};
    struct hw_error err = HW_ERROR_INIT;
    of.fails_at = of.source.size - 1;
    assert_int_equal(hw_file_sums_of(&of.source, &sums, &err), HW_EIO);
    assert_string_equal(err.message, "injected");
    assert_int_equal(sums.bytes, 7);
    of.fails_at = UINT64_MAX;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_file_sums_of(&of.source, &sums, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    hw_buf_release(&of.data);
}

/* ------ the sink */

struct taking {
    struct hw_sink base;
    struct hw_buf data;
    size_t refuses_from; /* this write */
    size_t writes;
};

static enum hw_status taking_write(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err) {
    struct taking *taking = (struct taking *)sink;
    if (taking->writes++ >= taking->refuses_from) {
        return hw_fail(err, HW_EIO, "full");
    }
    return hw_buf_append(&taking->data, data, bytes, err);
}

static const struct hw_sink_ops taking_ops = {.size = sizeof(taking_ops), .write = taking_write};

static void a_sink_sums_what_is_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes of = bytes_make(i);
        struct taking taking = {.base.ops = &taking_ops, .refuses_from = SIZE_MAX};
        struct hw_sum_sink sum;
        assert_int_equal(hw_sum_sink_begin(&sum, &taking.base, NULL), HW_OK);
        const size_t half = of.data.size / 2;
        const uint8_t *data = of.data.data ? of.data.data : (const uint8_t *)"";
        assert_int_equal(sum.base.ops->write(&sum.base, data, half, NULL), HW_OK);
        assert_int_equal(sum.base.ops->write(&sum.base, data + half, of.data.size - half, NULL), HW_OK);
        /* A write that fails counts for nothing. */
        taking.refuses_from = 2;
        assert_int_equal(sum.base.ops->write(&sum.base, "more", 4, NULL), HW_EIO);
        hw_file_sums_end(&sum.sums);
        sums_check(rows[i].name, &sum.sums, i);
        assert_row_int(rows[i].name, sum.base.written, of.data.size);
        assert_row_bytes(rows[i].name, taking.data.data, taking.data.size, of.data.data, of.data.size);
        hw_file_sums_release(&sum.sums);
        hw_file_sums_release(&sum.sums);
        hw_buf_release(&taking.data);
        hw_buf_release(&of.data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_is_read_once),
        cmocka_unit_test(what_cannot_be_read_has_no_sums),
        cmocka_unit_test(a_sink_sums_what_is_taken),
    };
    return cmocka_run_group_tests_name("pipeline/file_sums", tests, NULL, NULL);
}
