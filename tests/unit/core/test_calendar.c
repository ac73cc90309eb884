/* SPDX-License-Identifier: Apache-2.0 */
#include "core/calendar.h"

#include <stdio.h>

#include "support/rows.h"

/* By numpy.datetime64. */
static const struct {
    int64_t year, month, day;
    int64_t days;
} rows[] = {
    {1970, 1, 1, 0},
    {1969, 12, 31, -1},
    {2000, 2, 29, 11016},
    {2000, 3, 1, 11017},
    {1900, 2, 28, -25509},
    {1900, 3, 1, -25508},
    {2024, 2, 29, 19782},
    {2024, 12, 31, 20088},
    {1, 1, 1, -719162},
    {0, 1, 1, -719528},
    {0, 12, 31, -719163},
    {-1, 1, 1, -719893},
    {-4, 2, 29, -720930},
    {-400, 3, 1, -865565},
    {-401, 12, 31, -865626},
    {9999, 12, 31, 2932896},
    {1600, 2, 29, -135081},
    {20000, 1, 1, 6585322},
    {-290000, 6, 15, -106639687},
    /* Days that are counted on. */
    {1970, 1, 32, 31},
    {1970, 3, 0, 58},
};

static void days_are_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[64];
        snprintf(name, sizeof(name), "%" PRId64 "-%" PRId64 "-%" PRId64, rows[i].year, rows[i].month, rows[i].day);
        assert_row_int(name, hw_calendar_days(rows[i].year, rows[i].month, rows[i].day), rows[i].days);
    }
}

/* Each day is one more than the one before it, over two periods. */
static void days_follow_each_other(void **state) {
    int64_t days = hw_calendar_days(-400, 1, 1);
    (void)state;
    for (int64_t year = -400; year < 400; year++) {
        for (int64_t month = 1; month <= 12; month++) {
            for (int64_t day = 1; hw_calendar_has_day(year, month, day); day++) {
                assert_int_equal(hw_calendar_days(year, month, day), days);
                days++;
            }
        }
    }
    assert_int_equal(days, hw_calendar_days(400, 1, 1));
}

static void some_days_are_none(void **state) {
    static const struct {
        int64_t year, month, day;
        bool is;
    } days[] = {{2024, 2, 29, true},  {2023, 2, 29, false}, {1900, 2, 29, false}, {2000, 2, 29, true},
                {2024, 4, 31, false}, {2024, 4, 30, true},  {2024, 0, 1, false},  {2024, 13, 1, false},
                {2024, 1, 0, false},  {2024, 1, 31, true},  {2024, 1, 32, false}, {0, 2, 29, true},
                {-100, 2, 29, false}, {-4, 2, 29, true}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        char name[64];
        snprintf(name, sizeof(name), "%" PRId64 "-%" PRId64 "-%" PRId64, days[i].year, days[i].month, days[i].day);
        assert_row_int(name, hw_calendar_has_day(days[i].year, days[i].month, days[i].day), days[i].is);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted),
        cmocka_unit_test(days_follow_each_other),
        cmocka_unit_test(some_days_are_none),
    };
    return cmocka_run_group_tests_name("core/calendar", tests, NULL, NULL);
}
