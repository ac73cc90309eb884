/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_rle.h"

#include <stdio.h>

#include "unit/parquet/padded.h"

#include "parquet/rle.h"

enum { VALUES_MAX = 3000 };

/*
 * By hand from Encodings.md. The header of a run is its count shifted by one, that of packed values
 * the count of their groups of 8 with the lowest bit set.
 */
static const struct {
    const char *name;
    hw_view bytes;
    unsigned width;
    size_t count;
    uint32_t want[16];
    size_t left;
} good[] = {
    {"0 to 7 in 3 bits", HW_VIEW_INIT("\x03\x88\xc6\xfa"), 3, 8, {0, 1, 2, 3, 4, 5, 6, 7}, 0},
    {"the first of a group", HW_VIEW_INIT("\x03\x88\xc6\xfa"), 3, 3, {0, 1, 2}, 0},
    {"a run", HW_VIEW_INIT("\x08\x05"), 3, 4, {5, 5, 5, 5}, 0},
    {"a run of two bytes", HW_VIEW_INIT("\x06\x39\x05"), 11, 3, {1337, 1337, 1337}, 0},
    {"a run of four bytes", HW_VIEW_INIT("\x04\xff\xff\xff\xff"), 32, 2, {UINT32_MAX, UINT32_MAX}, 0},
    {"a run, then a group", HW_VIEW_INIT("\x06\x01\x03\xaa"), 1, 11, {1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 0},
    {"a group, then a run", HW_VIEW_INIT("\x03\xaa\x04\x01"), 1, 10, {0, 1, 0, 1, 0, 1, 0, 1, 1, 1}, 0},
    {"no bits in a run", HW_VIEW_INIT("\x06"), 0, 3, {0}, 0},
    {"no bits in a group", HW_VIEW_INIT("\x03"), 0, 8, {0}, 0},
    {"8 bits", HW_VIEW_INIT("\x03\x00\x01\x02\x03\xff\x05\x06\x07"), 8, 8, {0, 1, 2, 3, 255, 5, 6, 7}, 0},
    {"a group without its end", HW_VIEW_INIT("\x03\x88\xc6"), 3, 5, {0, 1, 2, 3, 4}, 0},
    {"a group without its end, but for a part of a value", HW_VIEW_INIT("\x03\x34\x12\xff"), 16, 1, {0x1234}, 0},
    {"the first of a group without its end", HW_VIEW_INIT("\x03\x01\x02"), 7, 1, {1}, 0},
    {"bytes behind a group", HW_VIEW_INIT("\x03\x88\xc6\xfa\x01\x02"), 3, 8, {0, 1, 2, 3, 4, 5, 6, 7}, 2},
    {"bytes behind a run", HW_VIEW_INIT("\x08\x05\x01"), 3, 4, {5, 5, 5, 5}, 1},
    {"nothing of nothing", HW_VIEW_INIT(""), 3, 0, {0}, 0},
};

static void reads_what_the_specification_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        HW_AUTO(padded) bytes = padded_copy(good[i].bytes.data, good[i].bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rle_reader reader;
        uint32_t got[16];
        uint8_t narrow[16];

        hw_rle_reader_init(&reader, padded_view(&bytes), good[i].width);
        assert_ok(hw_rle_read(&reader, got, good[i].count, &err), err);
        assert_row_bytes(good[i].name, got, good[i].count * 4, good[i].want, good[i].count * 4);
        assert_row_int(good[i].name, hw_rle_left(&reader), good[i].left);
        if (good[i].width <= 8) {
            hw_rle_reader_init(&reader, padded_view(&bytes), good[i].width);
            assert_ok(hw_rle_read_bytes(&reader, narrow, good[i].count, &err), err);
            for (size_t k = 0; k < good[i].count; k++) {
                assert_row_int(good[i].name, narrow[k], good[i].want[k]);
            }
        }
        hw_rle_reader_init(&reader, padded_view(&bytes), good[i].width);
        assert_ok(hw_rle_skip(&reader, good[i].count, &err), err);
        assert_row_int(good[i].name, hw_rle_left(&reader), good[i].left);
    }
}

static const struct {
    const char *name;
    hw_view bytes;
    unsigned width;
    size_t count;
    const char *says;
} bad[] = {
    {"nothing", HW_VIEW_INIT(""), 1, 1, "the bytes end before the last value"},
    {"a run that is too short", HW_VIEW_INIT("\x08\x01"), 1, 5, "the bytes end before the last value"},
    {"a group that is too short", HW_VIEW_INIT("\x03\xaa"), 1, 9, "the bytes end before the last value"},
    {"a group that is cut", HW_VIEW_INIT("\x05\xaa"), 1, 9, "the bytes end before the last value"},
    {"the rest of a cut group is no run", HW_VIEW_INIT("\x03\x34\x12\x02"), 16, 2, "the bytes end before"},
    {"a cut group that ends within a byte", HW_VIEW_INIT("\x03\x01\x02"), 7, 3, "the bytes end before"},
    {"a group without values", HW_VIEW_INIT("\x03"), 1, 1, "a packed run is cut before its first value"},
    {"a header that is cut", HW_VIEW_INIT("\x80"), 1, 1, "the length of a run is cut"},
    {"a header of 66 bits", HW_VIEW_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), 1, 1, "more than 64 bits"},
    {"a run of nothing", HW_VIEW_INIT("\x00\x01"), 1, 1, "a run has 0 values, but may have 1 to 2147483647"},
    {"no group", HW_VIEW_INIT("\x01\x01"), 1, 1, "a run has 0 times 8 values"},
    {"2^31 values", HW_VIEW_INIT("\x80\x80\x80\x80\x10\x01"), 1, 1, "a run has 2147483648 values"},
    {"2^28 groups", HW_VIEW_INIT("\x81\x80\x80\x80\x02\x01"), 1, 1, "a run has 268435456 times 8 values"},
    {"a value that is cut", HW_VIEW_INIT("\x02\x01"), 9, 1, "the value of a run is cut"},
    {"a value that is too large", HW_VIEW_INIT("\x02\x08"), 3, 1, "a run has the value 8, which is more than 3 bits"},
    {"a value of 32 bits that is cut", HW_VIEW_INIT("\x02\xff\xff\xff"), 32, 1, "the value of a run is cut"},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(padded) bytes = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
        struct hw_rle_reader reader;
        uint32_t got[16];
        uint8_t narrow[16];
        for (unsigned call = 0; call < 3; call++) {
            struct hw_error err = HW_ERROR_INIT;
            enum hw_status status = HW_EDATA;
            hw_rle_reader_init(&reader, padded_view(&bytes), bad[i].width);
            if (call == 0) {
                status = hw_rle_read(&reader, got, bad[i].count, &err);
            } else if (call == 1) {
                status = hw_rle_skip(&reader, bad[i].count, &err);
            } else if (bad[i].width <= 8) {
                status = hw_rle_read_bytes(&reader, narrow, bad[i].count, &err);
            } else {
                continue;
            }
            assert_row_int(bad[i].name, status, HW_EDATA);
            assert_row_says(bad[i].name, err.message, bad[i].says);
        }
    }
}

/* Encodings.md, BIT_PACKED: 0 to 7 in 3 bits, with the highest bit first. */
static void reads_levels_of_the_old_form(void **state) {
    (void)state;
    HW_AUTO(padded) bytes = padded_copy("\x05\x39\x77", 3);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    uint32_t value = 9;
    size_t run = 9;
    uint8_t got[8];

    hw_rle_reader_init_msb(&reader, padded_view(&bytes), 3);
    assert_ok(hw_rle_run_next(&reader, 8, &value, &run, &err), err);
    assert_int_equal(run, 0);
    assert_ok(hw_rle_read_bytes(&reader, got, 3, &err), err);
    assert_ok(hw_rle_skip(&reader, 1, &err), err);
    assert_ok(hw_rle_read_bytes(&reader, got + 4, 4, &err), err);
    got[3] = 3;
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(got[i], i);
    }
    assert_int_equal(hw_rle_left(&reader), 0);
    assert_int_equal(hw_rle_read_bytes(&reader, got, 1, &err), HW_EDATA);
    assert_row_says("BIT_PACKED", err.message, "the bytes end before the last value");
}

/* The values stand in the bytes of a number as long as they are, so any width can be checked. */
static void levels_of_the_old_form_have_any_width(void **state) {
    (void)state;
    uint64_t random = 11;
    for (unsigned width = 0; width <= 8; width++) {
        uint8_t want[100];
        uint8_t got[100];
        uint8_t packed[100] = {0};
        struct hw_rle_reader reader;
        for (size_t i = 0; i < sizeof(want); i++) {
            want[i] = (uint8_t)(test_random(&random) & ((1u << width) - 1));
            for (unsigned k = 0; k < width; k++) {
                size_t bit = i * width + k;
                packed[bit / 8] |= (uint8_t)((want[i] >> (width - 1 - k) & 1) << (7 - bit % 8));
            }
        }
        HW_AUTO(padded) bytes = padded_copy(packed, (sizeof(want) * width + 7) / 8);
        hw_rle_reader_init_msb(&reader, padded_view(&bytes), width);
        assert_int_equal(hw_rle_read_bytes(&reader, got, sizeof(got), NULL), HW_OK);
        assert_memory_equal(got, want, sizeof(want));
    }
}

static void runs_are_told_before_they_are_read(void **state) {
    (void)state;
    /* 5 five times, a group, 7 three times */
    HW_AUTO(padded) bytes = padded_copy("\x0a\x05\x03\x88\xc6\xfa\x06\x07", 8);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    uint32_t value = 0;
    size_t run = 0;
    uint32_t got[8];

    hw_rle_reader_init(&reader, padded_view(&bytes), 3);
    assert_ok(hw_rle_run_next(&reader, 3, &value, &run, &err), err);
    assert_int_equal(value, 5);
    assert_int_equal(run, 3);
    assert_ok(hw_rle_run_next(&reader, 100, &value, &run, &err), err);
    assert_int_equal(run, 5);
    assert_ok(hw_rle_skip(&reader, run, &err), err);
    assert_ok(hw_rle_run_next(&reader, 100, &value, &run, &err), err);
    assert_int_equal(run, 0);
    assert_ok(hw_rle_read(&reader, got, 8, &err), err);
    assert_ok(hw_rle_run_next(&reader, 100, &value, &run, &err), err);
    assert_int_equal(value, 7);
    assert_int_equal(run, 3);
    assert_ok(hw_rle_skip(&reader, 3, &err), err);
    assert_int_equal(hw_rle_run_next(&reader, 100, &value, &run, &err), HW_EDATA);
}

/* Values with runs among them, of which each is below 2^width. */
static void values_make(uint32_t *values, unsigned width, uint64_t *random) {
    uint32_t mask = width == 0 ? 0 : UINT32_MAX >> (32 - width);
    size_t at = 0;
    while (at < VALUES_MAX) {
        size_t run = test_random(random) % 3 == 0 ? test_random(random) % 200 : 1;
        uint32_t value = (uint32_t)test_random(random) & mask;
        for (size_t i = 0; i < run && at < VALUES_MAX; i++) {
            values[at++] = value;
        }
    }
}

/* Reads some, and then skips some. */
static void read_in_portions(const char *row, hw_view bytes, unsigned width, const uint32_t *want, uint64_t *random) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    uint32_t got[VALUES_MAX];
    size_t at = 0;

    hw_rle_reader_init(&reader, bytes, width);
    while (at < VALUES_MAX) {
        size_t count = hw_min_size(test_random(random) % 300, VALUES_MAX - at);
        struct hw_rle_reader again = reader;
        assert_ok(hw_rle_read(&reader, got, count, &err), err);
        assert_row_bytes(row, got, count * 4, want + at, count * 4);
        assert_ok(hw_rle_skip(&again, count, &err), err);
        assert_row_int(row, again.at - reader.at, 0);
        at += count;
        if (at + 7 < VALUES_MAX) {
            assert_ok(hw_rle_skip(&reader, 7, &err), err);
            at += 7;
        }
    }
    assert_row_int(row, hw_rle_left(&reader), 0);
}

static void what_was_written_is_read_again(void **state) {
    (void)state;
    uint64_t random = 5;
    for (unsigned width = 0; width <= 32; width++) {
        char row[32];
        uint32_t values[VALUES_MAX];
        HW_AUTO(hw_buf) written = {0};

        snprintf(row, sizeof(row), "%u bits", width);
        values_make(values, width, &random);
        assert_row_int(row, hw_rle_encode(values, VALUES_MAX, width, &written, NULL), HW_OK);
        HW_AUTO(padded) bytes = padded_copy(written.data, written.size);
        read_in_portions(row, padded_view(&bytes), width, values, &random);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_specification_says),  cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(reads_levels_of_the_old_form),       cmocka_unit_test(levels_of_the_old_form_have_any_width),
        cmocka_unit_test(runs_are_told_before_they_are_read), cmocka_unit_test(what_was_written_is_read_again),
    };
    return cmocka_run_group_tests_name("parquet/decode_rle", tests, NULL, NULL);
}
