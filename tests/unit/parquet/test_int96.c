/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/int96.h"

#include "decode.h"
#include "support/rows.h"
#include "table/print.h"

enum { ROUNDS = 20000 };
enum {
    NO_TIME = 1 << HW_INT96_NO_TIME,
    BEYOND_MICROS = 1 << HW_INT96_BEYOND_MICROS,
    BEYOND_NANOS = 1 << HW_INT96_BEYOND_NANOS,
    HAS_NANOS = 1 << HW_INT96_HAS_NANOS,
};

/* Bytes, facts and timestamps by the integers of Python, which have no end. */
static const struct {
    const char *name, *bytes;
    unsigned facts;
    /* The units that it fits, micro- and nanoseconds, and what it is in these. */
    const char *fits;
    int64_t micros, nanos;
} rows[] = {
    {"1970", "\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x3d\x25\x00", 0, "mn", 0, 0},
    {"a nanosecond before 1970", "\xff\xff\x4e\x91\x94\x4e\x00\x00\x8b\x3d\x25\x00", HAS_NANOS, "n", 0, -1},
    {"a microsecond before 1970", "\x18\xfc\x4e\x91\x94\x4e\x00\x00\x8b\x3d\x25\x00", 0, "mn", -1, -1000},
    {"a nanosecond after 1970", "\x01\x00\x00\x00\x00\x00\x00\x00\x8c\x3d\x25\x00", HAS_NANOS, "n", 0, 1},
    {"2024-02-29T12:00", "\x00\x80\xa7\x48\x4a\x27\x00\x00\xd2\x8a\x25\x00", 0, "mn", 1709208000000000,
     1709208000000000000},
    {"the greatest nanosecond", "\xff\xff\x4e\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", BEYOND_NANOS | HAS_NANOS, "n", 0,
     INT64_MAX},
    {"a nanosecond behind the greatest", "\x00\x00\x4f\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", BEYOND_NANOS | HAS_NANOS,
     "", 0, 0},
    {"the greatest microsecond of nanoseconds", "\xd8\xfc\x4e\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", 0, "mn",
     9223372036854775, 9223372036854775000},
    {"a microsecond behind it", "\xc0\x00\x4f\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", BEYOND_NANOS, "m", 9223372036854776,
     0},
    {"the greatest nanosecond but one", "\xfe\xff\x4e\xe2\xe2\x4d\x00\x00\x8b\xde\x26\x00", HAS_NANOS, "n", 0,
     9223372036854775806},
    {"the least nanosecond but one", "\x01\x00\x00\xaf\xb1\x00\x00\x00\x8c\x9c\x23\x00", BEYOND_NANOS | HAS_NANOS, "n",
     0, -9223372036854775807},
    {"the least nanosecond but two", "\x02\x00\x00\xaf\xb1\x00\x00\x00\x8c\x9c\x23\x00", HAS_NANOS, "n", 0,
     -9223372036854775806},
    {"the greatest microsecond but one", "\x30\xf8\xc6\x83\x25\x0d\x00\x00\x83\x25\x82\x06", BEYOND_NANOS, "m",
     9223372036854775806, 0},
    {"the least microsecond but one", "\xe8\x03\x88\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9", BEYOND_MICROS | BEYOND_NANOS,
     "m", -9223372036854775807, 0},
    {"the least microsecond but two", "\xd0\x07\x88\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9", BEYOND_NANOS, "m",
     -9223372036854775806, 0},
    {"the least nanosecond", "\x00\x00\x00\xaf\xb1\x00\x00\x00\x8c\x9c\x23\x00", BEYOND_NANOS | HAS_NANOS, "n", 0,
     INT64_MIN},
    {"a nanosecond before the least", "\xff\xff\xff\xae\xb1\x00\x00\x00\x8c\x9c\x23\x00", BEYOND_NANOS | HAS_NANOS, "",
     0, 0},
    {"the least microsecond of nanoseconds", "\x28\x03\x00\xaf\xb1\x00\x00\x00\x8c\x9c\x23\x00", 0, "mn",
     -9223372036854775, -9223372036854775000},
    {"a microsecond before it", "\x40\xff\xff\xae\xb1\x00\x00\x00\x8c\x9c\x23\x00", BEYOND_NANOS, "m",
     -9223372036854776, 0},
    {"the greatest microsecond", "\x18\xfc\xc6\x83\x25\x0d\x00\x00\x83\x25\x82\x06", BEYOND_MICROS | BEYOND_NANOS, "m",
     INT64_MAX, 0},
    {"a nanosecond behind the greatest microsecond", "\x19\xfc\xc6\x83\x25\x0d\x00\x00\x83\x25\x82\x06",
     BEYOND_MICROS | BEYOND_NANOS | HAS_NANOS, "", 0, 0},
    {"a microsecond behind the greatest", "\x00\x00\xc7\x83\x25\x0d\x00\x00\x83\x25\x82\x06",
     BEYOND_MICROS | BEYOND_NANOS, "", 0, 0},
    {"the least microsecond", "\x00\x00\x88\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9", BEYOND_MICROS | BEYOND_NANOS, "m",
     INT64_MIN, 0},
    {"a nanosecond before the least microsecond", "\xff\xff\x87\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9",
     BEYOND_MICROS | BEYOND_NANOS | HAS_NANOS, "", 0, 0},
    {"a microsecond before the least", "\x18\xfc\x87\x0d\x6f\x41\x00\x00\x94\x55\xc8\xf9", BEYOND_MICROS | BEYOND_NANOS,
     "", 0, 0},
    {"the Julian day 0", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", BEYOND_NANOS, "m", -210866803200000000, 0},
    {"the last day", "\xff\xff\x4e\x91\x94\x4e\x00\x00\xff\xff\xff\x7f", BEYOND_MICROS | BEYOND_NANOS | HAS_NANOS, "",
     0, 0},
    {"the first day", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80", BEYOND_MICROS | BEYOND_NANOS, "", 0, 0},
    {"the last nanosecond of a day", "\xff\xff\x4e\x91\x94\x4e\x00\x00\x8c\x3d\x25\x00", HAS_NANOS, "n", 0,
     86399999999999},
    {"a whole day", "\x00\x00\x4f\x91\x94\x4e\x00\x00\x8c\x3d\x25\x00", NO_TIME, "", 0, 0},
    {"a time of -1", "\xff\xff\xff\xff\xff\xff\xff\xff\x8c\x3d\x25\x00", NO_TIME, "", 0, 0},
    {"the greatest time", "\xff\xff\xff\xff\xff\xff\xff\x7f\x8c\x3d\x25\x00", NO_TIME, "", 0, 0},
    {"the least time", "\x00\x00\x00\x00\x00\x00\x00\x80\x8c\x3d\x25\x00", NO_TIME, "", 0, 0},
};

static const uint8_t *value_of(size_t row) {
    return (const uint8_t *)rows[row].bytes;
}

static void facts_are_those_of_the_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_int96_facts(value_of(i)), rows[i].facts);
    }
}

/* Checks what a value is in a unit, and that it comes back from there. */
static void unit_check(size_t row, int64_t nanos, bool fits, int64_t want) {
    int64_t got = 42;
    uint8_t back[HW_INT96_BYTES];
    assert_row_int(rows[row].name, hw_int96_get(value_of(row), nanos, &got), fits);
    assert_row_int(rows[row].name, got, fits ? want : 42);
    if (fits) {
        hw_int96_put(want, nanos, back);
        assert_row_bytes(rows[row].name, back, sizeof(back), rows[row].bytes, sizeof(back));
    }
}

static void units_are_those_of_the_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unit_check(i, HW_INT96_IN_MICROS, strchr(rows[i].fits, 'm'), rows[i].micros);
        unit_check(i, HW_INT96_IN_NANOS, strchr(rows[i].fits, 'n'), rows[i].nanos);
    }
}

/* Every 64 bits are a timestamp, whose value comes back, with the day that division gives. */
static void all_timestamps_come_back(void **state) {
    (void)state;
    static const int64_t units[] = {HW_INT96_IN_MICROS, HW_INT96_IN_NANOS};
    uint64_t random = 5;
    for (size_t i = 0; i < ROUNDS; i++) {
        const int64_t nanos = units[i % COUNT_OF(units)];
        const int64_t want = (int64_t)test_random(&random) >> (test_random(&random) % 60);
        const __int128 exact = (__int128)want * nanos;
        uint8_t value[HW_INT96_BYTES];
        int64_t got;
        hw_int96_put(want, nanos, value);
        assert_true(hw_int96_get(value, nanos, &got));
        assert_int_equal(got, want);
        assert_true(hw_int96_exact(value) == exact);
        assert_true(hw_int96_days(value) == (int64_t)((exact - hw_int96_time(value)) / HW_INT96_DAY_NANOS));
        assert_in_range(hw_int96_time(value), 0, HW_INT96_DAY_NANOS - 1);
    }
}

/* The last one is of int96_from_spark.parquet of parquet-testing, with what its README says. */
static void any_value_is_printed(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *want;
    } texts[] = {
        {"\xff\xff\x4e\x91\x94\x4e\x00\x00\x8b\x3d\x25\x00", "1969-12-31T23:59:59.999999999"},
        {"\x00\x00\x4f\x91\x94\x4e\x00\x00\x8c\x3d\x25\x00", "1970-01-02T00:00:00.000000000"},
        {"\x00\x60\xb9\xc7\x6e\xe2\xff\xff\xa8\xab\xb0\xf9", "+290000-12-30T23:00:00.000000000"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char text[HW_PRINT_BYTES];
        *hw_int96_print(text, (const uint8_t *)texts[i].bytes) = '\0';
        assert_string_equal(text, texts[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_those_of_the_bytes),
        cmocka_unit_test(units_are_those_of_the_bytes),
        cmocka_unit_test(all_timestamps_come_back),
        cmocka_unit_test(any_value_is_printed),
    };
    return cmocka_run_group_tests_name("parquet/int96", tests, NULL, NULL);
}
