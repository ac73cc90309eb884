/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/time_format.h"

#include <stdio.h>
#include <time.h>

#include "csv/datetime.h"
#include "support/rows.h"
#include "unit/csv/field.h"

static void texts_by_rows(void **state) {
    static const struct {
        const char *format;
        const char *text;
        const char *want; /* NULL: it is not of the format */
    } rows[] = {
        {"%d/%m/%Y", "31/12/2024", "2024-12-31"},
        {"%d/%m/%Y", "1/2/2024", "2024-02-01"},
        {"%d/%m/%Y", "31/12/24", NULL},
        {"%d/%m/%Y", "31/12/20245", NULL},
        {"%d/%m/%Y", "31.12.2024", NULL},
        {"%d/%m/%Y", "/12/2024", NULL},
        {"%d/%m/%Y", "031/12/2024", NULL},
        {"%d/%m/%Y", "31/12/2024 ", NULL},
        {"%d/%m/%Y", "", NULL},
        {"%m/%d/%Y", "12/31/2024", "2024-12-31"},
        {"%D", "12/31/24", "2024-12-31"},
        {"%d.%m.%y", "01.02.68", "2068-02-01"},
        {"%d.%m.%y", "01.02.69", "1969-02-01"},
        {"%d.%m.%y", "01.02.9", NULL},
        {"%d-%b-%Y", "05-Mar-2024", "2024-03-05"},
        {"%d-%b-%Y", "05-MARCH-2024", "2024-03-05"},
        {"%e %B %Y", "5 may 2024", "2024-05-05"},
        {"%B %d, %Y", "September 30, 2024", "2024-09-30"},
        {"%b %d, %Y", "Sept 30, 2024", NULL},
        {"%d-%b-%Y", "05-Mrz-2024", NULL},
        {"%d-%b-%Y", "05-Ma-2024", NULL},
        {"%Y%m%d", "20241231", "2024-12-31"},
        {"%F", "2024-12-31", "2024-12-31"},
        {"100%% %F", "100% 2024-12-31", "2024-12-31"},
        {"%d/%m/%Y %H:%M", "31/12/2024 9:05", "2024-12-31T09:05:00"},
        {"%d/%m/%Y %T", "31/12/2024 23:59:58", "2024-12-31T23:59:58"},
        {"%F %R", "2024-12-31 23:59", "2024-12-31T23:59:00"},
        {"%F %T.%f", "2024-12-31 23:59:58.125", "2024-12-31T23:59:58.125"},
        {"%F %T,%f", "2024-12-31 23:59:58,123456789", "2024-12-31T23:59:58.123456789"},
        {"%F %T,%f", "2024-12-31 23:59:58,1234567891", NULL},
        {"%F %T,%f", "2024-12-31 23:59:58,", NULL},
        {"%F %T%z", "2024-12-31 23:59:58+01:00", "2024-12-31T23:59:58+01:00"},
        {"%F %T %z", "2024-12-31 23:59:58 -0530", "2024-12-31T23:59:58-0530"},
        {"%d/%b/%Y:%T %z", "10/Oct/2000:13:55:36 -0700", "2000-10-10T13:55:36-0700"},
        {"%F %I:%M %p", "2024-12-31 12:05 AM", "2024-12-31T00:05:00"},
        {"%F %I:%M %p", "2024-12-31 12:05 pm", "2024-12-31T12:05:00"},
        {"%F %I:%M%p", "2024-12-31 1:05PM", "2024-12-31T13:05:00"},
        {"%F %I:%M %p", "2024-12-31 13:05 PM", NULL},
        {"%F %I:%M %p", "2024-12-31 0:05 PM", NULL},
        {"%F %I:%M %p", "2024-12-31 1:05 XM", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char room[HW_CSV_TIME_BYTES];
        struct hw_error err = HW_ERROR_INIT;
        hw_view value;
        const size_t size = strlen(rows[i].text);
        const bool clock = rows[i].want && strchr(rows[i].want, 'T');
        const enum hw_csv_time_kind kind = clock ? HW_CSV_TIME_TIMESTAMP : HW_CSV_TIME_DATE;
        if (rows[i].want) {
            assert_ok(hw_csv_time_format_check(rows[i].format, kind, &err), err);
        }
        hw_view text = {field_put(*state, rows[i].text, size, i), size};
        assert_row_int(rows[i].text, hw_csv_time_read(rows[i].format, text, room, &value), rows[i].want != NULL);
        if (rows[i].want) {
            assert_row_bytes(rows[i].text, value.data, value.size, rows[i].want, strlen(rows[i].want));
        }
    }
}

/* What strftime prints comes back, for each directive that both have. */
static void texts_of_strftime_come_back(void **state) {
    static const char *const formats[] = {
        "%d/%m/%Y %H:%M:%S", "%m/%d/%y %I:%M:%S %p", "%e %b %Y %T", "%B %d, %Y %H.%M.%S", "%F %T",
        "%D %R:%S",          "%Y%m%d%H%M%S",
    };
    /* Through a pointer, as the compiler cannot check formats of a table. */
    size_t (*const print)(char *, size_t, const char *, const struct tm *) = strftime;
    struct dice dice = {11};
    for (int i = 0; i < 20000; i++) {
        const time_t moment = (time_t)(dice_u64(&dice) % UINT64_C(3124224000)); /* 1970 to 2068 */
        const char *format = formats[dice_roll(&dice, COUNT_OF(formats))];
        char text[64];
        char room[HW_CSV_TIME_BYTES];
        struct tm parts;
        struct hw_timestamp got = {0};
        hw_view value;
        gmtime_r(&moment, &parts);
        size_t size = print(text, sizeof(text), format, &parts);
        hw_view view = {field_put(*state, text + (text[0] == ' '), size - (text[0] == ' '), 0),
                        size - (text[0] == ' ')};
        assert_row_int(text, hw_csv_time_read(format, view, room, &value), true);
        assert_row_int(text, hw_parse_timestamp(value.data, value.size, &got), true);
        assert_row_int(text, got.micros, (int64_t)moment * 1000000);
    }
}

static void formats_by_rows(void **state) {
    static const struct {
        const char *format;
        enum hw_csv_time_kind kind;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"%d/%m/%Y", HW_CSV_TIME_DATE, HW_OK, ""},
        {"%D", HW_CSV_TIME_DATE, HW_OK, ""},
        {"%F %T.%f%z", HW_CSV_TIME_TIMESTAMP, HW_OK, ""},
        {"%d/%m", HW_CSV_TIME_DATE, HW_EUSAGE, "has no year"},
        {"%Y", HW_CSV_TIME_DATE, HW_EUSAGE, "has no month"},
        {"%F", HW_CSV_TIME_TIMESTAMP, HW_EUSAGE, "has no hour"},
        {"%F %d", HW_CSV_TIME_DATE, HW_EUSAGE, "has the day twice"},
        {"%F %H", HW_CSV_TIME_DATE, HW_EUSAGE, "has the hour, which is no part of a date"},
        {"%F %z", HW_CSV_TIME_DATE, HW_EUSAGE, "has the zone, which is no part of a date"},
        {"%d/%m/%Q", HW_CSV_TIME_DATE, HW_EUSAGE, "one of the letters"},
        {"%d/%m/%Y %", HW_CSV_TIME_DATE, HW_EUSAGE, "one of the letters"},
        {"", HW_CSV_TIME_DATE, HW_EUSAGE, "has no year"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].format, hw_csv_time_format_check(rows[i].format, rows[i].kind, &err), rows[i].want);
        assert_row_says(rows[i].format, err.message, rows[i].says);
    }
    char format[202];
    struct hw_error err = HW_ERROR_INIT;
    snprintf(format, sizeof(format), "%%F%0198d", 0);
    assert_ok(hw_csv_time_format_check(format, HW_CSV_TIME_DATE, &err), err);
    snprintf(format, sizeof(format), "%%F%0199d", 0);
    assert_int_equal(hw_csv_time_format_check(format, HW_CSV_TIME_DATE, &err), HW_EUSAGE);
}

static void numeric_formats_are_known(void **state) {
    (void)state;
    assert_true(hw_csv_time_format_numeric("%Y%m%d"));
    assert_true(hw_csv_time_format_numeric("%y%m%d%H%M%S%f"));
    assert_true(hw_csv_time_format_numeric("0%Y%m%d"));
    assert_false(hw_csv_time_format_numeric("%Y-%m-%d"));
    assert_false(hw_csv_time_format_numeric("%d%b%Y"));
    assert_false(hw_csv_time_format_numeric("%F"));
    assert_false(hw_csv_time_format_numeric("%%%Y%m%d"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_by_rows),
        cmocka_unit_test(texts_of_strftime_come_back),
        cmocka_unit_test(formats_by_rows),
        cmocka_unit_test(numeric_formats_are_known),
    };
    return cmocka_run_group_tests_name("csv/time_format", tests, field_room_setup, field_room_teardown);
}
