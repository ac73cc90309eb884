/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/encoding.h"

#include "unit/parquet/values_make.h"

static const struct hw_field bools = {"b", {.kind = HW_KIND_BOOL}, true};
static const struct hw_field ints = {"i", {.kind = HW_KIND_INT32}, true};
static const struct hw_field longs = {"l", {.kind = HW_KIND_INT64}, true};
static const struct hw_field floats = {"f", {.kind = HW_KIND_FLOAT}, true};
static const struct hw_field uuids = {"u", {.kind = HW_KIND_UUID}, true};
static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};

#define UUIDS "0123456789abcdefFEDCBA9876543210"
#define LONG_TEXT "thirty-three bytes of a long text"

/*
 * The values are given as their lane has them, texts with a ',' behind each. The bytes wanted are
 * worked out from Encodings.md.
 */
static const struct {
    const char *name;
    const struct hw_field *field;
    enum hw_encoding encoding;
    hw_view values;
    hw_view want;
} rows[] = {
    {"bits, the first one lowest", &bools, HW_ENCODING_PLAIN, HW_VIEW_INIT("\1\0\1\1\0\0\0\1\1"),
     HW_VIEW_INIT("\x8d\x01")},
    {"no bools", &bools, HW_ENCODING_PLAIN, HW_VIEW_INIT(""), HW_VIEW_INIT("")},
    {"plain int32", &ints, HW_ENCODING_PLAIN, HW_VIEW_INIT("\1\0\0\0\xff\xff\xff\xff"),
     HW_VIEW_INIT("\1\0\0\0\xff\xff\xff\xff")},
    {"plain fixed", &uuids, HW_ENCODING_PLAIN, HW_VIEW_INIT(UUIDS), HW_VIEW_INIT(UUIDS)},
    {"plain texts have their length before them", &texts, HW_ENCODING_PLAIN, HW_VIEW_INIT("delta,,a,"),
     HW_VIEW_INIT("\5\0\0\0delta\0\0\0\0\1\0\0\0a")},
    {"plain texts of 15, 16, 17 and 33 bytes", &texts, HW_ENCODING_PLAIN,
     HW_VIEW_INIT("0123456789abcde,0123456789abcdef,0123456789abcdefg," LONG_TEXT ","),
     HW_VIEW_INIT("\x0f\0\0\0"
                  "0123456789abcde\x10\0\0\0"
                  "0123456789abcdef\x11\0\0\0"
                  "0123456789abcdefg\x21\0\0\0" LONG_TEXT)},
    /* length 2; run of 10: header 20, value 1 */
    {"RLE of ten bools", &bools, HW_ENCODING_RLE, HW_VIEW_INIT("\1\1\1\1\1\1\1\1\1\1"), HW_VIEW_INIT("\2\0\0\0\x14\1")},
    /* length 2; one group of 8, bit-packed: header 3 */
    {"RLE of changing bools", &bools, HW_ENCODING_RLE, HW_VIEW_INIT("\1\0\1\0\0\1"), HW_VIEW_INIT("\2\0\0\0\3\x25")},
    /* block 128, 4 miniblocks, 5 values, first 1; least delta 1, all widths 0 */
    {"delta of int32", &ints, HW_ENCODING_DELTA_BINARY_PACKED, HW_VIEW_INIT("\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0"),
     HW_VIEW_INIT("\x80\x01\x04\x05\x02\x02\0\0\0\0")},
    {"delta of int64", &longs, HW_ENCODING_DELTA_BINARY_PACKED, HW_VIEW_INIT("\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x80\x01\x04\x02\x02\x02\0\0\0\0")},
    /*
     * The example of DELTA_LENGTH_BYTE_ARRAY. Lengths 5 5 6 6: least delta 0, then 0 1 0 in 1 bit.
     */
    {"delta length", &texts, HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY, HW_VIEW_INIT("Hello,World,Foobar,ABCDEF,"),
     HW_VIEW_INIT("\x80\x01\x04\x04\x0a\x00\x01\0\0\0\x02\0\0\0HelloWorldFoobarABCDEF")},
    /* The example of BYTE_STREAM_SPLIT. */
    {"streams of bytes", &floats, HW_ENCODING_BYTE_STREAM_SPLIT,
     HW_VIEW_INIT("\xaa\xbb\xcc\xdd\x00\x11\x22\x33\xa3\xb4\xc5\xd6"),
     HW_VIEW_INIT("\xaa\x00\xa3\xbb\x11\xb4\xcc\x22\xc5\xdd\x33\xd6")},
};

static void values_fill(struct hw_values *values, const struct hw_leaf *leaf, hw_view bytes) {
    const char *end = bytes.data + bytes.size;
    for (const char *at = bytes.data; at < end;) {
        if (leaf->lane == HW_LANE_TEXT) {
            const char *comma = memchr(at, ',', (size_t)(end - at));
            values_put_text(values, at, (size_t)(comma - at));
            at = comma + 1;
        } else {
            values_put(values, at, leaf->width);
            at += leaf->width;
        }
    }
}

static void pages_are_as_the_format_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_leaf leaf;
        struct hw_values values = {0};
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_leaf_init(&leaf, rows[i].field);
        values_fill(&values, &leaf, rows[i].values);
        assert_ok(hw_buf_append_text(&out, "before", &err), err);
        assert_ok(hw_encode(rows[i].encoding, &leaf, &values, &out, &err), err);
        assert_row_bytes(rows[i].name, out.data, 6, "before", 6);
        assert_row_bytes(rows[i].name, out.data + 6, out.size - 6, rows[i].want.data, rows[i].want.size);
        hw_values_release(&values);
    }
}

static void no_room_is_an_error(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_leaf leaf;
        struct hw_values values = {0};
        HW_AUTO(hw_buf) out = {.limit = 1};
        struct hw_error err = HW_ERROR_INIT;
        if (rows[i].want.size < 2) {
            continue;
        }
        hw_leaf_init(&leaf, rows[i].field);
        values_fill(&values, &leaf, rows[i].values);
        assert_row_int(rows[i].name, hw_encode(rows[i].encoding, &leaf, &values, &out, &err), HW_ELIMIT);
        assert_row_says(rows[i].name, err.message, "limit of 1 byte");
        hw_values_release(&values);
    }
}

/* The encodings by their numbers in parquet.thrift. */
enum {
    PLAIN = 1 << 0,
    RLE = 1 << 3,
    DELTA = 1 << 5,
    DELTA_LENGTH = 1 << 6,
    PREFIXES = 1 << 7,
    DICTIONARY = 1 << 8,
    SPLIT = 1 << 9,
    OLD = PLAIN | DICTIONARY
};

/*
 * The physical types for which Encodings.md allows each encoding, but for those that common readers
 * of today do not take, which "max" adds: DELTA_BYTE_ARRAY at all, BYTE_STREAM_SPLIT for anything
 * but floats. "compat" has the encodings of format version 1.
 */
static const struct {
    const char *name;
    struct hw_type type;
    unsigned want, compat, max;
} allowed[] = {
    {"bool", {.kind = HW_KIND_BOOL}, PLAIN | RLE, PLAIN, 0},
    {"int8", {.kind = HW_KIND_INT8}, OLD | DELTA, OLD, SPLIT},
    {"int64", {.kind = HW_KIND_INT64}, OLD | DELTA, OLD, SPLIT},
    {"uint64", {.kind = HW_KIND_UINT64}, OLD | DELTA, OLD, SPLIT},
    {"date", {.kind = HW_KIND_DATE}, OLD | DELTA, OLD, SPLIT},
    {"timestamp", {.kind = HW_KIND_TIMESTAMP}, OLD | DELTA, OLD, SPLIT},
    {"9 digits", {.kind = HW_KIND_DECIMAL, .precision = 9}, OLD | DELTA, OLD, SPLIT},
    {"18 digits", {.kind = HW_KIND_DECIMAL, .precision = 18}, OLD | DELTA, OLD, SPLIT},
    {"19 digits", {.kind = HW_KIND_DECIMAL, .precision = 19}, OLD, OLD, SPLIT | PREFIXES},
    {"float", {.kind = HW_KIND_FLOAT}, OLD | SPLIT, OLD, 0},
    {"double", {.kind = HW_KIND_DOUBLE}, OLD | SPLIT, OLD, 0},
    {"half", {.kind = HW_KIND_HALF}, OLD, OLD, SPLIT | PREFIXES},
    {"uuid", {.kind = HW_KIND_UUID}, OLD, OLD, SPLIT | PREFIXES},
    {"interval", {.kind = HW_KIND_INTERVAL}, OLD, OLD, SPLIT | PREFIXES},
    {"text", {.kind = HW_KIND_TEXT}, OLD | DELTA_LENGTH, OLD, PREFIXES},
    {"binary", {.kind = HW_KIND_BINARY}, OLD | DELTA_LENGTH, OLD, PREFIXES},
};

static void leaves_have_the_encodings_that_readers_take(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(allowed); i++) {
        const struct hw_field field = {"f", allowed[i].type, false};
        struct hw_leaf leaf;
        hw_leaf_init(&leaf, &field);
        assert_row_int(allowed[i].name, hw_encodings_of(&leaf, HW_PARQUET_COMPACT), allowed[i].want);
        assert_row_int(allowed[i].name, hw_encodings_of(&leaf, HW_PARQUET_COMPAT), allowed[i].compat);
        assert_row_int(allowed[i].name, hw_encodings_of(&leaf, HW_PARQUET_MAX), allowed[i].want | allowed[i].max);
    }
}

/* Encodings.md has INT96 at none but PLAIN and the dictionary. */
static void int96_has_the_old_encodings(void **state) {
    (void)state;
    static const enum hw_parquet_encodings options[] = {HW_PARQUET_COMPACT, HW_PARQUET_COMPAT, HW_PARQUET_MAX};
    const struct hw_leaf leaf = {
        .physical = HW_PHYSICAL_INT96, .lane = HW_LANE_FIXED, .order = HW_ORDER_NONE, .width = 12};
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        assert_int_equal(hw_encodings_of(&leaf, options[i]), OLD);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_as_the_format_says),
        cmocka_unit_test(no_room_is_an_error),
        cmocka_unit_test(leaves_have_the_encodings_that_readers_take),
        cmocka_unit_test(int96_has_the_old_encodings),
    };
    return cmocka_run_group_tests_name("parquet/encoding", tests, NULL, NULL);
}
