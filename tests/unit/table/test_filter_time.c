/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_time.h"

#include "support/rows.h"

#define DAY INT64_C(86400000000000)
#define SECOND INT64_C(1000000000)

typedef bool read_fn(hw_view text, struct hw_literal_time *out_time);

/* Days are those of Python's datetime; beyond its years the calendar repeats in 146,097 days. */
static void texts_are_read_as_a_whole(void **state) {
    (void)state;
    static const struct {
        const char *text;
        read_fn *read;
        bool good;
        int64_t days;
        int64_t nanos;
        bool zoned;
    } rows[] = {
        {"1970-01-01", hw_literal_date, true, 0, 0, false},
        {"2024-02-29", hw_literal_date, true, 19782, 0, false},
        {"1969-12-31", hw_literal_date, true, -1, 0, false},
        {"0001-01-01", hw_literal_date, true, -719162, 0, false},
        {"0000-03-01", hw_literal_date, true, -719468, 0, false},
        {"0000-01-01", hw_literal_date, true, -719528, 0, false},
        {"9999-12-31", hw_literal_date, true, 2932896, 0, false},
        {"1900-02-29", hw_literal_date, false, 0, 0, false},
        {"2000-02-29", hw_literal_date, true, 11016, 0, false},
        {"-0001-12-31", hw_literal_date, true, -719529, 0, false},
        {"-0400-01-01", hw_literal_date, true, -719528 - 146097, 0, false},
        {"+10000-01-01", hw_literal_date, true, 2932897, 0, false},
        {"+2024-02-29", hw_literal_date, true, 19782, 0, false},
        {"+12345678-01-01", hw_literal_date, false, 0, 0, false},
        {"10000-01-01", hw_literal_date, false, 0, 0, false},
        {"2024-1-01", hw_literal_date, false, 0, 0, false},
        {"2024-00-01", hw_literal_date, false, 0, 0, false},
        {"2024-04-31", hw_literal_date, false, 0, 0, false},
        {"2024-04-00", hw_literal_date, false, 0, 0, false},
        {"2024-04-01 ", hw_literal_date, false, 0, 0, false},
        {"", hw_literal_date, false, 0, 0, false},
        {"00:00", hw_literal_time_of_day, true, 0, 0, false},
        {"23:59:59.999999999", hw_literal_time_of_day, true, 0, DAY - 1, false},
        {"12:00:00.5", hw_literal_time_of_day, true, 0, DAY / 2 + SECOND / 2, false},
        {"12:00:00.0000000001", hw_literal_time_of_day, false, 0, 0, false},
        {"12:00:60", hw_literal_time_of_day, false, 0, 0, false},
        {"12:00:", hw_literal_time_of_day, false, 0, 0, false},
        {"12:0", hw_literal_time_of_day, false, 0, 0, false},
        {"12:00Z", hw_literal_time_of_day, false, 0, 0, false},
        {"2024-02-29", hw_literal_timestamp, true, 19782, 0, false},
        {"2024-02-29T12:00", hw_literal_timestamp, true, 19782, DAY / 2, false},
        {"2024-02-29 12:00:00Z", hw_literal_timestamp, true, 19782, DAY / 2, true},
        {"2024-02-29T00:00:00+01", hw_literal_timestamp, true, 19781, DAY - 3600 * SECOND, true},
        {"2024-02-29T00:00:00-0130", hw_literal_timestamp, true, 19782, 5400 * SECOND, true},
        {"2024-02-29T00:00:00-01:30", hw_literal_timestamp, true, 19782, 5400 * SECOND, true},
        {"2024-02-29T00:00:00-01:3", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29T00:00:00-01:", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29T00:00:00+24", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29T00:00:00+01:60", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29T", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29t00:00", hw_literal_timestamp, false, 0, 0, false},
        {"2024-02-29T00:00:00ZZ", hw_literal_timestamp, false, 0, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_literal_time time = {0};
        assert_row_int(rows[i].text, rows[i].read(hw_view_of(rows[i].text), &time), rows[i].good);
        if (rows[i].good) {
            assert_row_int(rows[i].text, time.nanos == (__int128)rows[i].days * DAY + rows[i].nanos, true);
            assert_row_int(rows[i].text, time.zoned, rows[i].zoned);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_read_as_a_whole)};
    return cmocka_run_group_tests_name("table/filter_time", tests, NULL, NULL);
}
