/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/record.h"

#include "support/rows.h"

/* Every field comes back, bytes that are no text of JSON too. */
static void every_field_comes_back(void **state) {
    (void)state;
    const struct hw_manifest_entry want = {
        .path = "a\xff\n.parquet",
        .format = "parquet",
        .bytes = 1,
        .rows = UINT64_MAX,
        .crc64nvme = 3,
        .sha256 = {4, 5},
        .etag = "",
        .mtime_us = -6,
        .source = "in/a.csv",
        .source_bytes = 7,
        .source_etag = "etag",
        .source_mtime_us = 8,
        .options = "digest",
        .rejected = 9,
        .file = 10,
        .order = 11,
        .removed = true,
    };
    HW_AUTO(hw_buf) record = {0};
    struct hw_error err = HW_ERROR_INIT;
    /* it need not lie at an address of its own */
    assert_ok(hw_buf_append(&record, "odd", 3, &err), err);
    assert_ok(hw_manifest_record_write(&want, &record, &err), err);
    const struct hw_manifest_entry got = hw_manifest_record_read((const char *)record.data + 3);
    const char *const texts[][2] = {{got.path, want.path},       {got.format, want.format},
                                    {got.etag, want.etag},       {got.source, want.source},
                                    {got.options, want.options}, {got.source_etag, want.source_etag}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_row_text(texts[i][1], texts[i][0], texts[i][1]);
        assert_ptr_not_equal(texts[i][0], texts[i][1]);
    }
    assert_int_equal(got.bytes, 1);
    assert_int_equal(got.rows, UINT64_MAX);
    assert_int_equal(got.crc64nvme, 3);
    assert_memory_equal(got.sha256, want.sha256, sizeof(got.sha256));
    assert_int_equal(got.mtime_us, -6);
    assert_int_equal(got.source_bytes, 7);
    assert_int_equal(got.source_mtime_us, 8);
    assert_int_equal(got.rejected, 9);
    assert_int_equal(got.file, 10);
    assert_int_equal(got.order, 11);
    assert_true(got.removed);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_field_comes_back)};
    return cmocka_run_group_tests_name("manifest/record", tests, NULL, NULL);
}
