/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/corpus.h"
#include "support/rows.h"

/* Bytes by hand from parquet.thrift. A header of a filter of 64 bytes: */
#define BLOCK "\x1c\x1c\x00\x00"
#define OTHER "\x1c\x2c\x00\x00"

static const struct {
    const char *name;
    hw_view bytes;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"all that writers write", HW_VIEW_INIT("\x15\x80\x01" BLOCK BLOCK BLOCK "\x00"), HW_OK, ""},
    {"no size", HW_VIEW_INIT("\x2c\x1c\x00\x00" BLOCK BLOCK "\x00"), HW_EDATA,
     "bloom filter: BloomFilterHeader ends without numBytes"},
    {"no compression", HW_VIEW_INIT("\x15\x80\x01" BLOCK BLOCK "\x00"), HW_EDATA, "ends without compression"},
    {"an empty choice", HW_VIEW_INIT("\x15\x80\x01\x1c\x00" BLOCK BLOCK "\x00"), HW_EUNSUPPORTED,
     "its algorithm is not known"},
    {"another algorithm", HW_VIEW_INIT("\x15\x80\x01" OTHER BLOCK BLOCK "\x00"), HW_EUNSUPPORTED,
     "its algorithm is not known"},
    {"another hash", HW_VIEW_INIT("\x15\x80\x01" BLOCK OTHER BLOCK "\x00"), HW_EUNSUPPORTED, "its hash is not known"},
    {"a compression", HW_VIEW_INIT("\x15\x80\x01" BLOCK BLOCK OTHER "\x00"), HW_EUNSUPPORTED,
     "its compression is not known"},
    {"no bytes", HW_VIEW_INIT("\x15\x00" BLOCK BLOCK BLOCK "\x00"), HW_EDATA,
     "0 bytes are no number of whole blocks of 32"},
    {"less than none", HW_VIEW_INIT("\x15\x3f" BLOCK BLOCK BLOCK "\x00"), HW_EDATA, "-32 bytes are no number"},
    {"half a block", HW_VIEW_INIT("\x15\x60" BLOCK BLOCK BLOCK "\x00"), HW_EDATA, "48 bytes are no number"},
    {"128 MiB", HW_VIEW_INIT("\x15\x80\x80\x80\x80\x01" BLOCK BLOCK BLOCK "\x00"), HW_OK, ""},
    {"a block more", HW_VIEW_INIT("\x15\xc0\x80\x80\x80\x01" BLOCK BLOCK BLOCK "\x00"), HW_ELIMIT,
     "it has 134217760 bytes, 134217728 are the limit"},
    {"no end", HW_VIEW_INIT("\x15\x80\x01" BLOCK), HW_EDATA, "the bytes end within a struct"},
};

static void headers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_bloom_head head = {0};
        assert_row_int(rows[i].name, hw_bloom_head_read(rows[i].bytes, 10, &head, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, head.header_bytes, rows[i].bytes.size);
        }
    }
}

/*
 * XXH64 of "" is 0xef46db3751d8e999 (its specification), of 3 blocks it is in block 2. The bits of
 * its words are the upper 5 of 0x51d8e999 * salt, calculated by hand.
 */
static void a_value_needs_all_of_its_bits(void **state) {
    (void)state;
    static const uint8_t bits[8] = {29, 0, 25, 28, 14, 22, 29, 30};
    uint8_t filter[3 * 32] = {0};
    hw_view view = {(const char *)filter, sizeof(filter)};
    assert_false(hw_bloom_may_have(view, "", 0));
    for (size_t i = 0; i < 8; i++) {
        filter[64 + 4 * i + bits[i] / 8] |= (uint8_t)(1 << bits[i] % 8);
        assert_int_equal(hw_bloom_may_have(view, "", 0), i == 7);
    }
    assert_false(hw_bloom_may_have(view, "a", 1));
}

static void a_filter_of_parquet_java(void **state) {
    (void)state;
    static const char *const there[] = {"hello", "parquet", "bloom", "filter"};
    const char *path = corpus_path("parquet/data/bloom_filter.xxhash.bin");
    if (!path) {
        corpus_skip("parquet/data/bloom_filter.xxhash.bin");
    }
    HW_AUTO(hw_buf) file = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_bloom_head head;
    assert_true(corpus_read(path, &file));
    assert_ok(hw_bloom_head_read(hw_buf_view(&file), 0, &head, &err), err);
    assert_int_equal(head.header_bytes + head.bytes, file.size);
    hw_view filter = {(const char *)file.data + head.header_bytes, head.bytes};
    for (size_t i = 0; i < COUNT_OF(there); i++) {
        assert_true(hw_bloom_may_have(filter, there[i], strlen(there[i])));
    }
    assert_false(hw_bloom_may_have(filter, "hello parquet", 13));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(a_value_needs_all_of_its_bits),
        cmocka_unit_test(a_filter_of_parquet_java),
    };
    return cmocka_run_group_tests_name("parquet/bloom_read", tests, NULL, NULL);
}
