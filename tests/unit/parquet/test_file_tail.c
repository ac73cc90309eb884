/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_tail.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/corpus.h"
#include "support/memory_io.h"
#include "support/rows.h"

static const struct {
    const char *name;
    hw_view file;
    int fail_on_read;
    enum hw_status want;
    int64_t want_offset;
    const char *says;
} rows[] = {
    {"a footer of one byte", HW_VIEW_INIT("PAR1\0\1\0\0\0PAR1"), 0, HW_OK, -1, ""},
    {"no byte of a footer", HW_VIEW_INIT("PAR1\0\0\0\0PAR1"), 0, HW_OK, -1, ""},
    {"nothing", {"", 0}, 0, HW_EDATA, -1, "0 bytes are too few for a Parquet file"},
    {"a byte less than any file", HW_VIEW_INIT("PAR1\0\0\0PAR1"), 0, HW_EDATA, -1, "11 bytes are too few"},
    {"another magic", HW_VIEW_INIT("PAR1\0\1\0\0\0PAR2"), 0, HW_EDATA, 9, "does not end with PAR1"},
    {"the footer begins in the magic", HW_VIEW_INIT("PAR1\0\2\0\0\0PAR1"), 0, HW_EDATA, 5,
     "the footer is to have 2 bytes, but only 1 are before its length"},
    {"a length of 4 GiB - 1", HW_VIEW_INIT("PAR1\0\377\377\377\377PAR1"), 0, HW_EDATA, 5, "4294967295 bytes"},
    {"a read that fails", HW_VIEW_INIT("PAR1\0\1\0\0\0PAR1"), 1, HW_EIO, -1, ""},
    {"GCM", HW_VIEW_INIT("PAR1\x1c\x1c\x00\x00\x00\5\0\0\0PARE"), 0, HW_EUNSUPPORTED, 4,
     "the footer is encrypted with AES_GCM_V1, and"},
    {"GCM and CTR", HW_VIEW_INIT("PAR1\x1c\x2c\x00\x00\x00\5\0\0\0PARE"), 0, HW_EUNSUPPORTED, 4, "AES_GCM_CTR_V1"},
    {"another algorithm", HW_VIEW_INIT("PAR1\x1c\x3c\x00\x00\x00\5\0\0\0PARE"), 0, HW_EUNSUPPORTED, 4,
     "encrypted with an unknown algorithm"},
    {"no algorithm", HW_VIEW_INIT("PAR1\x00\1\0\0\0PARE"), 0, HW_EUNSUPPORTED, 4, "an unknown algorithm"},
    {"no Thrift", HW_VIEW_INIT("PAR1\xff\1\0\0\0PARE"), 0, HW_EUNSUPPORTED, 4, "an unknown algorithm"},
};

static void the_footer_is_found_or_the_fault_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_source source = memory_source(rows[i].file, rows[i].fail_on_read);
        HW_AUTO(hw_parquet_tail) tail = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_parquet_tail_read(&tail, &source.base, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want != HW_EIO) {
            assert_row_int(rows[i].name, err.offset, rows[i].want_offset);
        }
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, tail.footer_at, 4);
            assert_row_int(rows[i].name, tail.footer_bytes, rows[i].file.size - 12);
        } else {
            assert_row_int(rows[i].name, tail.bytes.size, 0);
        }
    }
}

static const struct {
    const char *name;
    size_t before, footer;
    int reads;
} sizes[] = {
    {"all of it is the tail", 0, HW_PARQUET_TAIL_BYTES - 12, 1},
    {"the footer is all of the tail", 100, HW_PARQUET_TAIL_BYTES - 8, 1},
    {"a byte more", 100, HW_PARQUET_TAIL_BYTES - 7, 2},
    {"much more", 100, 5 * HW_PARQUET_TAIL_BYTES, 2},
    {"far from the beginning", 900000, 10, 1},
};

/* A file of which each byte of the footer tells its place. */
static void file_make(size_t before, size_t footer, struct hw_buf *out) {
    assert_int_equal(hw_buf_resize(out, 4 + before + footer + 8, NULL), HW_OK);
    memset(out->data, 'x', out->size);
    memcpy(out->data, "PAR1", 4);
    for (size_t i = 0; i < footer; i++) {
        out->data[4 + before + i] = (uint8_t)(i * 31 >> 3);
    }
    hw_store_le32(out->data + out->size - 8, (uint32_t)footer);
    memcpy(out->data + out->size - 4, "PAR1", 4);
}

static void a_long_footer_takes_a_second_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        HW_AUTO(hw_buf) file = {0};
        HW_AUTO(hw_parquet_tail) tail = {0};
        struct hw_error err = HW_ERROR_INIT;
        file_make(sizes[i].before, sizes[i].footer, &file);
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        assert_ok(hw_parquet_tail_read(&tail, &source.base, &err), err);
        hw_view footer = hw_parquet_tail_footer(&tail);
        assert_row_int(sizes[i].name, source.reads, sizes[i].reads);
        assert_row_int(sizes[i].name, tail.footer_at, 4 + sizes[i].before);
        assert_row_bytes(sizes[i].name, footer.data, footer.size, file.data + 4 + sizes[i].before, sizes[i].footer);
        assert_row_bytes(sizes[i].name, tail.bytes.data, tail.bytes.size, file.data + tail.at, file.size - tail.at);
    }
}

static void the_second_read_may_fail(void **state) {
    (void)state;
    HW_AUTO(hw_buf) file = {0};
    struct hw_parquet_tail tail = {0};
    file_make(10, 2 * HW_PARQUET_TAIL_BYTES, &file);
    struct memory_source source = memory_source(hw_buf_view(&file), 2);
    assert_int_equal(hw_parquet_tail_read(&tail, &source.base, NULL), HW_EIO);
    assert_null(tail.bytes.data);
}

/* A file that is as large as it says, but has no memory behind all of it. */
static enum hw_status sparse_read_at(struct hw_source *source, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    (void)err;
    memset(data, 0, bytes);
    assert_true(offset + bytes == source->size);
    hw_store_le32((uint8_t *)data + bytes - 8, (uint32_t)HW_PARQUET_FOOTER_BYTES_MAX + 1);
    memcpy((uint8_t *)data + bytes - 4, "PAR1", 4);
    return HW_OK;
}

static void a_footer_beyond_the_limit_is_not_read(void **state) {
    (void)state;
    const struct hw_source_ops ops = {.size = sizeof(ops), .read_at = sparse_read_at};
    struct hw_source source = {.ops = &ops, .size = HW_MIB(1000)};
    struct hw_parquet_tail tail = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_parquet_tail_read(&tail, &source, &err), HW_ELIMIT);
    assert_row_says("limit", err.message, "the footer has 268435457 bytes, 268435456 are the limit");
}

static void magics(void **state) {
    (void)state;
    assert_int_equal(hw_parquet_magic("PAR1"), HW_PARQUET_MAGIC_PLAIN);
    assert_int_equal(hw_parquet_magic("PARE"), HW_PARQUET_MAGIC_ENCRYPTED);
    assert_int_equal(hw_parquet_magic("PAR2"), HW_PARQUET_MAGIC_NONE);
}

static const struct {
    const char *name;
    const char *says;
} encrypted[] = {
    {"uniform_encryption", "AES_GCM_V1"},
    {"encrypt_columns_and_footer_ctr", "AES_GCM_CTR_V1"},
};

static void encrypted_files_of_other_writers(void **state) {
    (void)state;
    const char *found = corpus_path("parquet/data");
    if (!found) {
        corpus_skip("parquet/data");
    }
    for (size_t i = 0; i < COUNT_OF(encrypted); i++) {
        HW_AUTO(hw_buf) file = {0};
        struct hw_parquet_tail tail = {0};
        struct hw_error err = HW_ERROR_INIT;
        char path[1100];
        snprintf(path, sizeof(path), "%s/%s.parquet.encrypted", corpus_path("parquet/data"), encrypted[i].name);
        assert_true(corpus_read(path, &file));
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        assert_row_int(encrypted[i].name, hw_parquet_tail_read(&tail, &source.base, &err), HW_EUNSUPPORTED);
        assert_row_says(encrypted[i].name, err.message, encrypted[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_footer_is_found_or_the_fault_is_named),
        cmocka_unit_test(a_long_footer_takes_a_second_read),
        cmocka_unit_test(the_second_read_may_fail),
        cmocka_unit_test(a_footer_beyond_the_limit_is_not_read),
        cmocka_unit_test(magics),
        cmocka_unit_test(encrypted_files_of_other_writers),
    };
    return cmocka_run_group_tests_name("parquet/file_tail", tests, NULL, NULL);
}
