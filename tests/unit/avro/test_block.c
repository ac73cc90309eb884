/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block.h"

#include <stdio.h>
#include <stdlib.h>

#include "avro/varint.h"
#include "support/rows.h"

/* The specification's own table, then values at the borders, worked out by hand. */
static const struct {
    const char *name;
    int64_t value;
    const char *bytes;
    size_t count;
} longs[] = {
    {"0", 0, "\x00", 1},
    {"-1", -1, "\x01", 1},
    {"1", 1, "\x02", 1},
    {"-2", -2, "\x03", 1},
    {"2", 2, "\x04", 1},
    {"-64", -64, "\x7f", 1},
    {"64", 64, "\x80\x01", 2},
    {"INT64_MAX", INT64_MAX, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    {"INT64_MIN", INT64_MIN, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
};

static size_t loop_put(uint8_t *to, int64_t value) {
    uint64_t left = value < 0 ? (uint64_t)(-(value + 1)) * 2 + 1 : (uint64_t)value * 2;
    size_t bytes = 0;
    while (left >= 128) {
        to[bytes++] = (uint8_t)(left % 128 + 128);
        left /= 128;
    }
    to[bytes++] = (uint8_t)left;
    return bytes;
}

static void longs_are_zigzag_varints(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(longs); i++) {
        uint8_t got[HW_AVRO_LONG_BYTES_MAX];
        size_t bytes = hw_avro_long_put(got, longs[i].value);
        assert_row_bytes(longs[i].name, got, bytes, longs[i].bytes, longs[i].count);
    }
}

static void longs_equal_the_plain_loop(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 300000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        /* Near every power of two first, then anything of any length. */
        int shift = i % 64;
        uint64_t near = i < 64 * 8 ? (UINT64_C(1) << shift) + (uint64_t)(i / 64) - 4 : seed >> shift;
        int64_t value = (int64_t)(i & 1 ? 0 - near : near);
        uint8_t got[HW_AVRO_LONG_BYTES_MAX], want[HW_AVRO_LONG_BYTES_MAX];
        size_t bytes = hw_avro_long_put(got, value);
        assert_row_bytes("value", got, bytes, want, loop_put(want, value));
    }
}

/* One row of one column. `value` is 16 bytes at most as the batch holds them; for text the text. */
static const struct {
    const char *name;
    enum hw_kind kind;
    hw_view value;
    hw_view want;
} values[] = {
    {"false", HW_KIND_BOOL, HW_VIEW_INIT("\x00"), HW_VIEW_INIT("\x00")},
    {"true", HW_KIND_BOOL, HW_VIEW_INIT("\x01"), HW_VIEW_INIT("\x01")},
    {"1.5", HW_KIND_DOUBLE, HW_VIEW_INIT("\x00\x00\x00\x00\x00\x00\xf8\x3f"),
     HW_VIEW_INIT("\x00\x00\x00\x00\x00\x00\xf8\x3f")},
    {"date 1", HW_KIND_DATE, HW_VIEW_INIT("\x01\x00\x00\x00"), HW_VIEW_INIT("\x02")},
    {"date -1", HW_KIND_DATE, HW_VIEW_INIT("\xff\xff\xff\xff"), HW_VIEW_INIT("\x01")},
    {"date INT32_MIN", HW_KIND_DATE, HW_VIEW_INIT("\x00\x00\x00\x80"), HW_VIEW_INIT("\xff\xff\xff\xff\x0f")},
    {"timestamp 64", HW_KIND_TIMESTAMP, HW_VIEW_INIT("\x40\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x80\x01")},
    {"decimal 0", HW_KIND_DECIMAL, HW_VIEW_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x02\x00")},
    {"decimal 1", HW_KIND_DECIMAL, HW_VIEW_INIT("\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x02\x01")},
    {"decimal 127", HW_KIND_DECIMAL, HW_VIEW_INIT("\x7f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x02\x7f")},
    {"decimal 128", HW_KIND_DECIMAL, HW_VIEW_INIT("\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x04\x00\x80")},
    {"decimal -1", HW_KIND_DECIMAL, HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x02\xff")},
    {"decimal -128", HW_KIND_DECIMAL, HW_VIEW_INIT("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x02\x80")},
    {"decimal -129", HW_KIND_DECIMAL, HW_VIEW_INIT("\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x04\xff\x7f")},
    {"decimal 2^63-1", HW_KIND_DECIMAL, HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\x7f\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x10\x7f\xff\xff\xff\xff\xff\xff\xff")},
    {"decimal 2^63", HW_KIND_DECIMAL, HW_VIEW_INIT("\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x12\x00\x80\0\0\0\0\0\0\0")},
    {"decimal -2^63", HW_KIND_DECIMAL, HW_VIEW_INIT("\0\0\0\0\0\0\0\x80\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x10\x80\0\0\0\0\0\0\0")},
    {"decimal -2^63-1", HW_KIND_DECIMAL,
     HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x12\xff\x7f\xff\xff\xff\xff\xff\xff\xff")},
    {"decimal 2^64", HW_KIND_DECIMAL, HW_VIEW_INIT("\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x12\x01\0\0\0\0\0\0\0\0")},
    {"decimal 2^71", HW_KIND_DECIMAL, HW_VIEW_INIT("\0\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x14\x00\x80\0\0\0\0\0\0\0\0")},
    {"decimal of 16 bytes", HW_KIND_DECIMAL,
     HW_VIEW_INIT("\x10\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08\x07\x06\x05\x04\x03\x02\x01"),
     HW_VIEW_INIT("\x20\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")},
    {"empty text", HW_KIND_TEXT, HW_VIEW_INIT(""), HW_VIEW_INIT("\x00")},
    {"text", HW_KIND_TEXT, HW_VIEW_INIT("foo"),
     HW_VIEW_INIT("\x06"
                  "foo")},
    {"text of 32 bytes", HW_KIND_TEXT, HW_VIEW_INIT("01234567890123456789012345678901"),
     HW_VIEW_INIT("\x40"
                  "01234567890123456789012345678901")},
    {"text of 33 bytes", HW_KIND_TEXT, HW_VIEW_INIT("012345678901234567890123456789012"),
     HW_VIEW_INIT("\x42"
                  "012345678901234567890123456789012")},
    {"text of 64 bytes", HW_KIND_TEXT, HW_VIEW_INIT("0123456789012345678901234567890101234567890123456789012345678901"),
     HW_VIEW_INIT("\x80\x01"
                  "0123456789012345678901234567890101234567890123456789012345678901")},
    {"uuid", HW_KIND_UUID, HW_VIEW_INIT("\x12\x3e\x45\x67\xe8\x9b\x12\xd3\xa4\x56\x42\x66\x14\x17\x40\x00"),
     HW_VIEW_INIT("\x48"
                  "123e4567-e89b-12d3-a456-426614174000")},
};

static void values_are_the_specifications_bytes(void **state) {
    (void)state;
    struct hw_avro_tile *tile = calloc(1, sizeof(*tile));
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        /* required; nullable without nulls; nullable, set in the bitmap; null */
        for (int form = 0; form < 4; form++) {
            char data[256] = "";
            memcpy(data, values[i].value.data, values[i].value.size);
            const int32_t offsets[2] = {0, (int32_t)values[i].value.size};
            const uint8_t validity = form == 3 ? 0xfe : 1;
            const struct hw_column column = {.null_count = form == 3,
                                             .validity = form >= 2 ? &validity : NULL,
                                             .values = data,
                                             .offsets = offsets,
                                             .data = data};
            struct hw_field field = {.name = "x", .type = {.kind = values[i].kind}, .required = form == 0};
            const struct hw_schema schema = {&field, 1};
            const struct hw_batch batch = {&schema, 1, &column};
            struct hw_avro_layout layout;
            struct hw_error err = HW_ERROR_INIT;
            char want[256] = "\x02";
            size_t want_bytes = form > 0;
            memcpy(want + want_bytes, values[i].want.data, values[i].want.size);
            want_bytes += values[i].want.size;
            assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);
            assert_ok(hw_avro_tile_fill(tile, &layout, &batch, 0, &err), err);
            assert_row_int(values[i].name, tile->rows, 1);
            assert_row_bytes(values[i].name, tile->starts[0], (size_t)(tile->ends[0] - tile->starts[0]),
                             form == 3 ? "\0" : want, form == 3 ? 1 : want_bytes);
        }
    }
    hw_avro_tile_release(tile);
    free(tile);
}

/*
 * Rows do not write into each other: the longest values of many rows, side by side, against the
 * same rows one by one.
 */
static void rows_keep_to_their_slots(void **state) {
    (void)state;
    enum { ROWS = 300 };
    static int64_t numbers[ROWS + 8];
    static int32_t offsets[ROWS + 1], days[ROWS + 16];
    static char data[ROWS * 128 + 64];
    static uint8_t validity[ROWS / 8 + 65];
    for (size_t r = 0; r < ROWS; r++) {
        numbers[r] = r % 3 ? INT64_MIN + (int64_t)r : (int64_t)r;
        days[r] = r % 2 ? INT32_MIN : (int32_t)r;
        offsets[r + 1] = offsets[r] + (int32_t)(r * 7 % 100);
        validity[r / 8] |= (uint8_t)((r % 5 != 0) << r % 8);
    }
    memset(data, 'x', sizeof(data));
    struct hw_field fields[] = {{.name = "n", .type = {.kind = HW_KIND_INT64}},
                                {.name = "t", .type = {.kind = HW_KIND_TEXT}, .required = true},
                                {.name = "d", .type = {.kind = HW_KIND_DATE}},
                                {.name = "z", .type = {.kind = HW_KIND_NULL}}};
    const struct hw_schema schema = {fields, 4};
    const struct hw_column columns[] = {{.null_count = 60, .validity = validity, .values = numbers},
                                        {.offsets = offsets, .data = data},
                                        {.values = days},
                                        {.null_count = ROWS}};
    const struct hw_batch batch = {&schema, ROWS, columns};
    struct hw_avro_tile *tile = calloc(1, sizeof(*tile));
    struct hw_avro_layout layout;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);

    size_t row = 0;
    while (row < ROWS) {
        assert_ok(hw_avro_tile_fill(tile, &layout, &batch, row, &err), err);
        assert_in_range(tile->rows, 1, HW_AVRO_TILE_ROWS);
        for (size_t r = 0; r < tile->rows; r++, row++) {
            uint8_t want[256];
            size_t bytes = 0;
            want[bytes++] = row % 5 ? 2 : 0;
            bytes += row % 5 ? loop_put(want + bytes, numbers[row]) : 0;
            size_t text_bytes = row * 7 % 100;
            bytes += loop_put(want + bytes, (int64_t)text_bytes);
            memset(want + bytes, 'x', text_bytes);
            bytes += text_bytes;
            want[bytes++] = 2;
            bytes += loop_put(want + bytes, days[row]);
            want[bytes++] = 0;
            assert_row_bytes("row", tile->starts[r], (size_t)(tile->ends[r] - tile->starts[r]), want, bytes);
        }
    }
    assert_int_equal(row, ROWS);
    hw_avro_tile_release(tile);
    free(tile);
}

static void long_texts_make_small_tiles(void **state) {
    (void)state;
    enum { ROWS = 8, TEXT = 3 << 20 };
    char *data = malloc((size_t)ROWS * TEXT + 64);
    int32_t offsets[ROWS + 1];
    for (int r = 0; r <= ROWS; r++) {
        offsets[r] = r * TEXT;
    }
    memset(data, 'y', (size_t)ROWS * TEXT + 64);
    struct hw_field field = {.name = "t", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema schema = {&field, 1};
    const struct hw_column column = {.offsets = offsets, .data = data};
    const struct hw_batch batch = {&schema, ROWS, &column};
    struct hw_avro_tile *tile = calloc(1, sizeof(*tile));
    struct hw_avro_layout layout;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);
    assert_ok(hw_avro_tile_fill(tile, &layout, &batch, 3, &err), err);
    assert_int_equal(tile->rows, 1);
    /* 2, then zigzag of 3 MiB in four bytes, then the text */
    assert_int_equal(tile->ends[0] - tile->starts[0], 1 + 4 + TEXT);
    assert_memory_equal(tile->starts[0], "\x02\x80\x80\x80\x03y", 6);
    hw_avro_tile_release(tile);
    free(tile);
    free(data);
}

static void nulls_where_none_may_be_are_named(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "a", .type = {.kind = HW_KIND_INT64}},
                                {.name = "order id", .type = {.kind = HW_KIND_INT64}, .required = true},
                                {.name = "n", .type = {.kind = HW_KIND_NULL}, .required = true}};
    const struct hw_schema schema = {fields, 3};
    const struct hw_column columns[] = {{.null_count = 1}, {.null_count = 2}, {.null_count = 5}};
    const struct hw_column good[] = {{.null_count = 1}, {.null_count = 0}, {.null_count = 5}};
    struct hw_avro_layout layout;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_avro_layout_init(&layout, &schema, &err), err);
    assert_ok(hw_avro_batch_check(&layout, &(struct hw_batch){&schema, 5, good}, &err), err);
    assert_int_equal(hw_avro_batch_check(&layout, &(struct hw_batch){&schema, 5, columns}, &err), HW_EDATA);
    assert_string_equal(err.column, "order id");
    assert_string_equal(err.message, "2 of 5 values are null in a column that is never null");
}

static void too_wide_is_a_limit(void **state) {
    (void)state;
    struct hw_avro_layout layout;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_avro_layout_init(&layout, &(struct hw_schema){NULL, INT32_MAX}, &err), HW_ELIMIT);
    assert_string_equal(err.message, "a table of 2147483647 columns is too wide");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longs_are_zigzag_varints),
        cmocka_unit_test(longs_equal_the_plain_loop),
        cmocka_unit_test(values_are_the_specifications_bytes),
        cmocka_unit_test(rows_keep_to_their_slots),
        cmocka_unit_test(long_texts_make_small_tiles),
        cmocka_unit_test(nulls_where_none_may_be_are_named),
        cmocka_unit_test(too_wide_is_a_limit),
    };
    return cmocka_run_group_tests_name("avro/block", tests, NULL, NULL);
}
