/* SPDX-License-Identifier: Apache-2.0 */
#include "net/date.h"

#include "support/rows.h"

enum { UNTOUCHED = -7 };

/* A text and its time, as `date -u -d TEXT +%s` tells it; UNTOUCHED: it is none. */
struct date {
    const char *text;
    int64_t want_s;
};

static void dates_check(const struct date *dates, size_t count, bool (*parse)(hw_view text, int64_t *out_us)) {
    for (size_t i = 0; i < count; i++) {
        const bool good = dates[i].want_s != UNTOUCHED;
        int64_t us = UNTOUCHED;
        assert_row_int(dates[i].text, parse(hw_view_of(dates[i].text), &us), good);
        assert_row_int(dates[i].text, us, good ? dates[i].want_s * 1000000 : UNTOUCHED);
    }
}

static void dates_of_headers_are_read_or_refused(void **state) {
    (void)state;
    static const struct date dates[] = {
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Wed, 01 Mar 2000 00:00:00 GMT", 951868800},
        {"Thu, 29 Feb 2024 23:59:59 GMT", 1709251199},
        {"Sat, 21 Nov 2026 13:20:45 GMT", 1795267245},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228800},
        {"Wed, 31 Dec 1969 23:59:59 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13:20:45 UTC", UNTOUCHED},
        {"Sat, 21 Nox 2026 13:20:45 GMT", UNTOUCHED},
        {"Sat, 00 Nov 2026 13:20:45 GMT", UNTOUCHED},
        {"Sat, 32 Nov 2026 13:20:45 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 24:20:45 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13:60:45 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13:20:61 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13-20:45 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13:20-45 GMT", UNTOUCHED},
        {"Sat; 21 Nov 2026 13:20:45 GMT", UNTOUCHED},
        {"Sat, +1 Nov 2026 13:20:45 GMT", UNTOUCHED},
        {"Sat, 21 Nov 2026 13:20:45 GMT ", UNTOUCHED},
        {"Saturday, 21-Nov-26 13:20:45 GMT", UNTOUCHED},
        {"", UNTOUCHED},
    };
    dates_check(dates, COUNT_OF(dates), hw_http_date_parse);
}

static void timestamps_are_read_or_refused(void **state) {
    (void)state;
    static const struct date dates[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2024-02-29T23:59:59Z", 1709251199},
        {"2026-11-21T13:20:45.0Z", 1795267245},
        {"2026-11-21T13:20:45.000Z", 1795267245},
        {"2026-11-21T13:20:45.Z", UNTOUCHED},
        {"2026-11-21T13:20:45,000Z", UNTOUCHED},
        {"2026-11-21T13:20:45.0a0Z", UNTOUCHED},
        {"2026-11-21T13:20:45.000", UNTOUCHED},
        {"2026-11-21 13:20:45Z", UNTOUCHED},
        {"2026/11-21T13:20:45Z", UNTOUCHED},
        {"2026-11/21T13:20:45Z", UNTOUCHED},
        {"2026-11-21T13-20:45Z", UNTOUCHED},
        {"2026-11-21T13:20-45Z", UNTOUCHED},
        {"2026-13-21T13:20:45Z", UNTOUCHED},
        {"2026-11-21T13:20:45+01:00", UNTOUCHED},
        {"2026-11-21T13:20Z", UNTOUCHED},
        {"", UNTOUCHED},
    };
    dates_check(dates, COUNT_OF(dates), hw_http_timestamp_parse);
}

static void fractions_have_microseconds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t want_us;
    } fractions[] = {
        {"1970-01-01T00:00:01.25Z", 1250000},
        {"1970-01-01T00:00:01.000001Z", 1000001},
        {"1970-01-01T00:00:01.2500009Z", 1250000},
        {"1970-01-01T00:00:01.999999999999Z", 1999999},
    };
    for (size_t i = 0; i < COUNT_OF(fractions); i++) {
        int64_t us = UNTOUCHED;
        assert_row_int(fractions[i].text, hw_http_timestamp_parse(hw_view_of(fractions[i].text), &us), true);
        assert_row_int(fractions[i].text, us, fractions[i].want_us);
    }
}

/* The texts are Python's email.utils.formatdate(t, usegmt=True). */
static void dates_are_written_as_http_has_them(void **state) {
    (void)state;
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {784111777999999, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {1709210096000000, "Thu, 29 Feb 2024 12:34:56 GMT"},
        {253402300799000000, "Fri, 31 Dec 9999 23:59:59 GMT"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HW_HTTP_DATE_BYTES];
        int64_t back;
        assert_row_text(rows[i].text, hw_http_date_text(rows[i].us, text), rows[i].text);
        assert_row_int(rows[i].text, hw_http_date_parse(hw_view_of(text), &back), true);
        assert_row_int(rows[i].text, back, rows[i].us / 1000000 * 1000000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_written_as_http_has_them),
        cmocka_unit_test(dates_of_headers_are_read_or_refused),
        cmocka_unit_test(timestamps_are_read_or_refused),
        cmocka_unit_test(fractions_have_microseconds),
    };
    return cmocka_run_group_tests_name("net/date", tests, NULL, NULL);
}
