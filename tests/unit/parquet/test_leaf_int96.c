/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_int96.h"

#include "leaf_make.h"

#define FAR_NANOS(text) text " is outside of the years 1677 to 2262 of timestamp(ns)"
#define FAR_MICROS(text) text " is too far from 1970 for timestamp(us)"
#define FINER(text) text " is finer than the microseconds of timestamp(us)"

/*
 * The first values are those of parquet-testing's int96_from_spark.parquet, with what its README
 * says that they are. The others are encoded, and their texts made, by Python's integers and dates.
 */
static const struct {
    const char *bytes;
    const char *text;
    int64_t nanos, micros;
    const char *not_nanos, *not_micros;
} rows[] = {
    {"\x00\x2a\x1e\xd9\x63\x43\x00\x00\x97\x8a\x25\x00", "2024-01-01T20:34:56.123456000", 1704141296123456000,
     1704141296123456, NULL, NULL},
    {"\x00\xe0\x29\x92\xd2\x09\x00\x00\x2c\xfe\x51\x00", "9999-12-31T03:00:00.000000000", 0, 253402225200000000,
     FAR_NANOS("9999-12-31T03:00:00.000000000"), NULL},
    {"\x00\x60\xb9\xc7\x6e\xe2\xff\xff\xa8\xab\xb0\xf9", "+290000-12-30T23:00:00.000000000", 0, 9089380393200000000,
     FAR_NANOS("+290000-12-30T23:00:00.000000000"), NULL},

    {"\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x3d\x25\x00", "1970-01-01T00:00:00.000000000", 0, 0, NULL, NULL},
    {"\xff\xff\x4e\x91\x94\x4e\x00\x00\x8b\x3d\x25\x00", "1969-12-31T23:59:59.999999999", -1, 0, NULL,
     FINER("1969-12-31T23:59:59.999999999")},
    {"\xff\xff\x4e\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", "2262-04-11T23:47:16.854775807", INT64_MAX, 0, NULL,
     FINER("2262-04-11T23:47:16.854775807")},
    {"\x00\x00\x4f\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", "2262-04-11T23:47:16.854775808", 0, 0,
     FAR_NANOS("2262-04-11T23:47:16.854775808"), FINER("2262-04-11T23:47:16.854775808")},
    {"\x00\x00\x00\xaf\xb1\x00\x00\x00\x8c\x9c\x23\x00", "1677-09-21T00:12:43.145224192", INT64_MIN, 0, NULL,
     FINER("1677-09-21T00:12:43.145224192")},
    {"\xff\xff\xff\xae\xb1\x00\x00\x00\x8c\x9c\x23\x00", "1677-09-21T00:12:43.145224191", 0, 0,
     FAR_NANOS("1677-09-21T00:12:43.145224191"), FINER("1677-09-21T00:12:43.145224191")},
    {"\x9c\xff\x4e\x91\x94\x4e\x00\x00\x2c\xfe\x51\x00", "9999-12-31T23:59:59.999999900", 0, 0,
     FAR_NANOS("9999-12-31T23:59:59.999999900"), FINER("9999-12-31T23:59:59.999999900")},
    {"\x18\xfc\x4e\x91\x94\x4e\x00\x00\x2c\xfe\x51\x00", "9999-12-31T23:59:59.999999000", 0, 253402300799999999,
     FAR_NANOS("9999-12-31T23:59:59.999999000"), NULL},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", "-4713-11-23T23:59:59.999999999", 0, 0,
     FAR_NANOS("-4713-11-23T23:59:59.999999999"), FINER("-4713-11-23T23:59:59.999999999")},
    {"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "-4713-11-24T00:00:00.000000000", 0, -210866803200000000,
     FAR_NANOS("-4713-11-24T00:00:00.000000000"), NULL},
    {"\x18\xfc\xc6\x83\x25\x0d\x00\x00\x83\x25\x82\x06", "+294247-01-10T04:00:54.775807000", 0, INT64_MAX,
     FAR_NANOS("+294247-01-10T04:00:54.775807000"), NULL},
    {"\x00\x00\xc7\x83\x25\x0d\x00\x00\x83\x25\x82\x06", "+294247-01-10T04:00:54.775808000", 0, 0,
     FAR_NANOS("+294247-01-10T04:00:54.775808000"), FAR_MICROS("+294247-01-10T04:00:54.775808000")},
    {"\x00\x00\x88\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9", "-290308-12-21T19:59:05.224192000", 0, INT64_MIN,
     FAR_NANOS("-290308-12-21T19:59:05.224192000"), NULL},
    {"\x00\x00\x88\x0d\x6f\x41\x00\x00\x08\x18\xa3\xf9", "+287564-12-03T04:00:54.775808000", 0, 9012505233654775808,
     FAR_NANOS("+287564-12-03T04:00:54.775808000"), NULL},
    {"\x18\xfc\x87\x0d\x6f\x41\x00\x00\x08\x18\xa3\xf9", "-296990-11-15T19:59:05.224191000", 0, 0,
     FAR_NANOS("-296990-11-15T19:59:05.224191000"), FAR_MICROS("-296990-11-15T19:59:05.224191000")},
    {"\xff\xff\x4e\x91\x94\x4e\x00\x00\xff\xff\xff\x7f", "+5874898-06-03T23:59:59.999999999", 0, 0,
     FAR_NANOS("+5874898-06-03T23:59:59.999999999"), FINER("+5874898-06-03T23:59:59.999999999")},
    {"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80", "-5884323-05-15T00:00:00.000000000", 0, 0,
     FAR_NANOS("-5884323-05-15T00:00:00.000000000"), FAR_MICROS("-5884323-05-15T00:00:00.000000000")},
    {"\xff\xff\xff\xff\xff\xff\xff\x7f\x8c\x3d\x25\x00", "2262-04-11T23:47:16.854775807", INT64_MAX, 0, NULL,
     FINER("2262-04-11T23:47:16.854775807")},
};

static void timestamps_are_told_as_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf_made made;
        struct hw_leaf_rows out = {0};
        struct hw_error err = HW_ERROR_INIT;
        leaf_make(&made, HW_PHYSICAL_INT96, 12, HW_LEAF_INT96_TEXT, (struct hw_type){.kind = HW_KIND_TEXT});
        assert_ok(leaf_convert(&made, rows[i].bytes, 12, &out, &err), err);
        assert_int_equal(out.count, 1);
        assert_row_bytes(rows[i].text, out.data.data, out.data.size, rows[i].text, strlen(rows[i].text));
        hw_leaf_rows_release(&out);
    }
}

static void convert_row(size_t i, enum hw_time_unit unit, int64_t want, const char *says) {
    struct leaf_made made;
    struct hw_leaf_rows out = {0};
    struct hw_error err = HW_ERROR_INIT;
    leaf_make(&made, HW_PHYSICAL_INT96, 12, HW_LEAF_INT96, (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = unit});
    const enum hw_status status = leaf_convert(&made, rows[i].bytes, 12, &out, &err);
    assert_row_int(rows[i].text, status, says ? HW_EDATA : HW_OK);
    assert_row_text(rows[i].text, err.message, says ? says : "");
    assert_ptr_equal(err.hint, says ? HW_INT96_HINT : NULL);
    assert_row_int(rows[i].text, out.count, says ? 0 : 1);
    if (status == HW_OK) {
        assert_row_int(rows[i].text, hw_load_le64(out.values.data), want);
    }
    hw_leaf_rows_release(&out);
}

static void nanoseconds_reach_from_1677_to_2262(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        convert_row(i, HW_UNIT_NANOS, rows[i].nanos, rows[i].not_nanos);
    }
}

static void microseconds_reach_far(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        convert_row(i, HW_UNIT_MICROS, rows[i].micros, rows[i].not_micros);
    }
}

static void errors_may_be_left_out(void **state) {
    (void)state;
    struct leaf_made made;
    struct hw_leaf_rows out = {0};
    leaf_make(&made, HW_PHYSICAL_INT96, 12, HW_LEAF_INT96,
              (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS});
    uint8_t data[12 + HW_DECODED_PADDING] = {0};
    const struct hw_leaf_values values = {.count = 1, .data = data};
    assert_int_equal(hw_leaf_rows_clear(&out, 8, NULL), HW_OK);
    assert_int_equal(hw_leaf_convert(&made.leaf, &values, &out, NULL), HW_EDATA);
    hw_leaf_rows_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_are_told_as_they_are),
        cmocka_unit_test(nanoseconds_reach_from_1677_to_2262),
        cmocka_unit_test(microseconds_reach_far),
        cmocka_unit_test(errors_may_be_left_out),
    };
    return cmocka_run_group_tests_name("parquet/leaf_int96", tests, NULL, NULL);
}
