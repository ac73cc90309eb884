/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "parquet/bloom_read.h"
#include "support/alloc_fault.h"
#include "support/corpus.h"
#include "support/rows.h"

/* Below the part that any filter with a value is wrong about, so that none is halved. */
static const double never = 1e-30;

/* A filter that is finished: its header, and its bits. */
struct made {
    struct hw_buf bytes;
    hw_view bits;
};

static void made_end(struct hw_bloom *bloom, double fpp, struct made *made) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_bloom_head head;
    *made = (struct made){0};
    assert_ok(hw_bloom_end(bloom, fpp, &made->bytes, &err), err);
    assert_ok(hw_bloom_head_read(hw_buf_view(&made->bytes), 0, &head, &err), err);
    assert_int_equal(head.header_bytes + head.bytes, made->bytes.size);
    made->bits = (hw_view){(const char *)made->bytes.data + head.header_bytes, head.bytes};
}

static void numbers_add(struct hw_bloom *bloom, uint64_t from, uint64_t count) {
    for (uint64_t i = from; i < from + count; i++) {
        hw_bloom_add(bloom, &i, sizeof(i));
    }
}

/* ------ sizes */

/*
 * The sum over Poisson's distribution of (1 - (31/32)^i)^8, calculated in Python with 60 digits:
 * the least power of two of blocks at which it is at most the probability. In the comments, the sum
 * at that size, and at half of it.
 */
static const struct {
    const char *name;
    uint64_t values;
    double fpp;
    size_t blocks;
} sizes[] = {
    {"no values", 0, 0.01, 1},
    {"a value", 1, 0.01, 1},
    {"the most of a block", 24, 0.01, 1},               /* 9.420e-03 */
    {"one more", 25, 0.01, 2},                          /* 3.7e-4, 1.136e-02 */
    {"the most of two", 48, 0.01, 2},                   /* 9.420e-03 */
    {"a thousand", 1000, 0.01, 64},                     /* 1.167e-03, 3.010e-02 */
    {"one in a thousand", 1000, 0.001, 128},            /* 3.194e-05, 1.167e-03 */
    {"one in ten", 1000, 0.1, 32},                      /* 3.010e-02, 3.078e-01 */
    {"one in two", 1000, 0.5, 16},                      /* 3.078e-01, 8.512e-01 */
    {"nearly all", 1000, 0.999, 4},                     /* 9.968e-01, 1.000e+00 */
    {"the formula would say half", 100000, 0.01, 8192}, /* 3.285e-04, 1.019e-02 */
    {"a row group", 1048576, 0.01, 65536},              /* 1.316e-03, 3.321e-02 */
    {"one in a million", 1048576, 1e-6, 524288},        /* 4.075e-08, 1.052e-06 */
    {"much room for a value", 1, 1e-15, 1024},          /* 9.858e-16, 2.169e-15 */
    {"the most that is allowed", 100000000, 0.01, 4194304},
    {"more than that", 102000000, 0.01, 4194304}, /* 1.001e-02 */
    {"any number", UINT64_MAX, 0.01, 4194304},
    {"a probability that none has", 1, 1e-300, 4194304},
};

static void filters_begin_large_enough(void **state) {
    (void)state;
    assert_int_equal(4194304 * UINT64_C(32), HW_PARQUET_BLOOM_BYTES_MAX);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_row_int(sizes[i].name, hw_bloom_blocks_for(sizes[i].values, sizes[i].fpp), sizes[i].blocks);
    }
}

/* ------ the filters of others */

/* The bits that arrow-rs has as those which parquet-java makes of "a0" to "a9", in one block. */
static void a_block_is_that_of_parquet_java(void **state) {
    (void)state;
    static const uint8_t want[32] = {200, 1,   80, 20, 64, 68, 8,  109, 6, 37, 4,   67, 144, 80, 96, 32,
                                     8,   132, 43, 33, 0,  5,  99, 65,  2, 0,  224, 44, 64,  78, 96, 4};
    HW_AUTO(hw_bloom) bloom = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct made made;
    assert_ok(hw_bloom_begin(&bloom, 10, 0.01, &err), err);
    for (int i = 0; i < 10; i++) {
        const char value[2] = {'a', (char)('0' + i)};
        hw_bloom_add(&bloom, value, sizeof(value));
    }
    made_end(&bloom, 0.01, &made);
    assert_row_bytes("a block", made.bits.data, made.bits.size, want, sizeof(want));
    hw_buf_release(&made.bytes);
}

/* Its header too: numBytes, then the choices BLOCK, XXHASH and UNCOMPRESSED. */
static void a_file_is_that_of_parquet_java(void **state) {
    (void)state;
    static const char *const there[] = {"hello", "parquet", "bloom", "filter"};
    const char *path = corpus_path("parquet/data/bloom_filter.xxhash.bin");
    if (!path) {
        corpus_skip("parquet/data/bloom_filter.xxhash.bin");
    }
    HW_AUTO(hw_buf) file = {0};
    HW_AUTO(hw_bloom) bloom = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct made made;
    assert_true(corpus_read(path, &file));
    assert_ok(hw_bloom_begin(&bloom, 700, 0.01, &err), err);
    assert_int_equal(bloom.blocks, 32);
    for (size_t i = 0; i < COUNT_OF(there); i++) {
        hw_bloom_add(&bloom, there[i], strlen(there[i]));
    }
    made_end(&bloom, never, &made);
    assert_row_bytes("file", made.bytes.data, made.bytes.size, file.data, file.size);
    hw_buf_release(&made.bytes);
}

/* ------ halving */

/* Few values of many: what is left is the filter that had so few blocks from the beginning. */
static void halves_are_filters_of_half_as_many_blocks(void **state) {
    (void)state;
    static const struct {
        uint64_t room, values;
    } rows[] = {{1000000, 1}, {1000000, 30}, {1000000, 3000}, {100000, 40000}, {100000, 100000}, {1000, 0}};
    HW_AUTO(hw_bloom) bloom = {0};
    HW_AUTO(hw_bloom) direct = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[64];
        struct hw_error err = HW_ERROR_INIT;
        struct made made, want;
        snprintf(name, sizeof(name), "%" PRIu64 " of %" PRIu64, rows[i].values, rows[i].room);
        assert_ok(hw_bloom_begin(&bloom, rows[i].room, 0.01, &err), err);
        for (int again = 0; again < 3; again++) { /* values that come again change nothing */
            numbers_add(&bloom, 0, rows[i].values);
        }
        made_end(&bloom, 0.01, &made);
        /* So many values need so many blocks at least; one time in two it is the next number. */
        const size_t blocks = made.bits.size / 32;
        const size_t expected = hw_bloom_blocks_for(rows[i].values, 0.01);
        assert_row_int(name, blocks == expected || 2 * blocks == expected, true);
        /* A filter of that size: a block has room for 24 values. */
        assert_ok(hw_bloom_begin(&direct, 24 * blocks, 0.01, &err), err);
        assert_row_int(name, direct.blocks, blocks);
        numbers_add(&direct, 0, rows[i].values);
        made_end(&direct, never, &want);
        assert_row_bytes(name, made.bytes.data, made.bytes.size, want.bytes.data, want.bytes.size);
        hw_buf_release(&made.bytes);
        hw_buf_release(&want.bytes);
    }
}

/* Of values that are not there, counted: the part about which the filter is wrong. */
static double wrong_part(hw_view bits, uint64_t from, uint64_t count) {
    uint64_t wrong = 0;
    for (uint64_t i = from; i < from + count; i++) {
        wrong += hw_bloom_may_have(bits, &i, sizeof(i));
    }
    return (double)wrong / (double)count;
}

/* A filter promises what was asked, and half of it would not. */
static void filters_are_as_right_as_was_asked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t values;
        double fpp;
    } rows[] = {
        {"one in a hundred", 2000, 0.01},  {"nearly the next size", 3000, 0.01}, {"one in ten", 2000, 0.1},
        {"one in a thousand", 5000, 1e-3}, {"seven of ten", 2000, 0.7},          {"many", 60000, 0.02},
    };
    enum { ASKED = 200000, ROOM = 150000 };
    HW_AUTO(hw_bloom) bloom = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct made made, half;
        assert_ok(hw_bloom_begin(&bloom, ROOM, rows[i].fpp, &err), err);
        numbers_add(&bloom, 0, rows[i].values);
        made_end(&bloom, rows[i].fpp, &made);
        assert_row_int(rows[i].name, wrong_part(made.bits, 0, rows[i].values) == 1, true);
        /* What is counted of so many is off by a tenth at most. */
        assert_row_int(rows[i].name, wrong_part(made.bits, 1 << 30, ASKED) <= 1.1 * rows[i].fpp, true);
        /* A little more is allowed, until it is halved. */
        double allowed = rows[i].fpp;
        while (bloom.bits.size == made.bits.size) {
            allowed *= 1.01;
            made_end(&bloom, allowed, &half);
            hw_buf_release(&half.bytes);
        }
        assert_row_int(rows[i].name, bloom.bits.size, made.bits.size / 2);
        const hw_view bits = hw_buf_view(&bloom.bits);
        assert_row_int(rows[i].name, wrong_part(bits, 1 << 30, ASKED) >= 0.9 * rows[i].fpp, true);
        hw_buf_release(&made.bytes);
    }
}

/* A filter that is used again has nothing of what it had. */
static void a_filter_begins_empty(void **state) {
    (void)state;
    static const uint8_t empty[32] = {0};
    HW_AUTO(hw_bloom) bloom = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct made made;
    assert_ok(hw_bloom_begin(&bloom, 1000, 0.01, &err), err);
    numbers_add(&bloom, 0, 1000);
    assert_ok(hw_bloom_begin(&bloom, 5000, 0.01, &err), err);
    made_end(&bloom, 0.01, &made);
    assert_row_bytes("empty", made.bits.data, made.bits.size, empty, sizeof(empty));
    hw_buf_release(&made.bytes);
}

static enum hw_status filter_make(struct hw_bloom *bloom, struct hw_buf *out) {
    HW_TRY(hw_bloom_begin(bloom, 1000, 0.01, NULL));
    numbers_add(bloom, 0, 10);
    return hw_bloom_end(bloom, 0.01, out, NULL);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_bloom bloom = {0};
        struct hw_buf out = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = filter_make(&bloom, &out);
        hw_bloom_release(&bloom);
        hw_buf_release(&out);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_begin_large_enough),
        cmocka_unit_test(a_block_is_that_of_parquet_java),
        cmocka_unit_test(a_file_is_that_of_parquet_java),
        cmocka_unit_test(halves_are_filters_of_half_as_many_blocks),
        cmocka_unit_test(filters_are_as_right_as_was_asked),
        cmocka_unit_test(a_filter_begins_empty),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/bloom_write", tests, NULL, NULL);
}
