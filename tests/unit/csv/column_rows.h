/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts, the types that their columns are parsed as and the values that they make, for
 * test_columns.c; by the rules, worked out by hand.
 */
#ifndef HW_TESTS_CSV_COLUMN_ROWS_H
#define HW_TESTS_CSV_COLUMN_ROWS_H

#include "unit/csv/types.h"

static const struct column_row {
    const char *name;
    const char *types[FIELDS_MAX];
    hw_view text;
    const char *want; /* NULL: something misfits */
    const struct hw_csv_dialect *dialect;
    bool nulls; /* null_values count */
} column_rows[] = {
    {"integers",
     {"int64", "int64"},
     HW_VIEW_INIT("1,-2\n,9223372036854775807\n"),
     "1|-2\n~|9223372036854775807\n",
     NULL,
     false},
    {"quoted integers", {"int64"}, HW_VIEW_INIT("\"1\"\n\"\"\n"), "1\n~\n", NULL, false},
    {"doubles", {"double"}, HW_VIEW_INIT("1.5\n-0\ninf\n7\n"), "1.5\n-0\ninf\n7\n", NULL, false},
    {"an integer that a double cannot keep", {"double"}, HW_VIEW_INIT("9007199254740993\n"), NULL, NULL, false},
    {"decimals", {"decimal(5,2)"}, HW_VIEW_INIT("1.5\n-123.45\n0\n"), "150\n-12345\n0\n", NULL, false},
    {"a decimal too long", {"decimal(5,2)"}, HW_VIEW_INIT("1234.5\n"), NULL, NULL, false},
    {"a decimal too fine", {"decimal(5,2)"}, HW_VIEW_INIT("1.555\n"), NULL, NULL, false},
    {"a decimal that would lose its sign", {"decimal(5,2)"}, HW_VIEW_INIT("-0.00\n"), NULL, NULL, false},
    {"booleans", {"boolean"}, HW_VIEW_INIT("true\nFALSE\n\n\"True\"\n"), "T\nF\n~\nT\n", NULL, false},
    {"a number is no boolean", {"boolean"}, HW_VIEW_INIT("1\n"), NULL, NULL, false},
    {"dates", {"date"}, HW_VIEW_INIT("1970-01-02\n1969-12-31\n"), "1\n-1\n", NULL, false},
    {"timestamps",
     {"timestamp(us)"},
     HW_VIEW_INIT("1970-01-01 00:00:01\n1970-01-02\n"),
     "1000000\n86400000000\n",
     NULL,
     false},
    {"nanoseconds",
     {"timestamp(ns)"},
     HW_VIEW_INIT("1970-01-01T00:00:00.000000001\n1970-01-02\n"),
     "1\n86400000000000\n",
     NULL,
     false},
    {"too fine for microseconds", {"timestamp(us)"}, HW_VIEW_INIT("1970-01-01T00:00:00.0000001\n"), NULL, NULL, false},
    {"too far for nanoseconds", {"timestamp(ns)"}, HW_VIEW_INIT("9999-01-01T00:00:00\n"), NULL, NULL, false},
    {"UTC", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01T01:00:00+01:00\n"), "0\n", NULL, false},
    {"UTC without zone", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01T01:00:00\n"), NULL, NULL, false},
    {"a date is no instant", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01\n"), NULL, NULL, false},
    {"zone in a column without", {"timestamp(us)"}, HW_VIEW_INIT("1970-01-01T01:00:00Z\n"), NULL, NULL, false},
    {"UUIDs",
     {"uuid"},
     HW_VIEW_INIT("00112233-4455-6677-8899-AABBCCDDEEFF\n"),
     "00112233445566778899aabbccddeeff\n",
     NULL,
     false},
    {"texts", {"text", "text"}, HW_VIEW_INIT("x,\" y\"\n,\"\"\n"), "\"x\"|\" y\"\n~|\"\"\n", NULL, false},
    {"texts in quotes",
     {"text"},
     HW_VIEW_INIT("\"a\"\"b\"\n\"\"\"\"\n\"\"\"x\"\n\"a,\r\nb\"\n"),
     "\"a\"b\"\n\"\"\"\n\"\"x\"\n\"a,\r\nb\"\n",
     NULL,
     false},
    {"texts with stray quotes",
     {"text"},
     HW_VIEW_INIT("5\" pipe\n \"x\"\n"),
     "\"5\" pipe\"\n\" \"x\"\"\n",
     NULL,
     false},
    {"texts longer than a word",
     {"text"},
     HW_VIEW_INIT("0123456789abcdef0123456789abcdef0123456789abcdef\nx\n"),
     "\"0123456789abcdef0123456789abcdef0123456789abcdef\"\n\"x\"\n",
     NULL,
     false},
    {"escapes",
     {"text"},
     HW_VIEW_INIT("\"a\\\"b\\\\c\\-\"\n\"a\"\"b\"\n\\x\n"),
     "\"a\"b\\c-\"\n\"a\"b\"\n\"\\x\"\n",
     &with_escape,
     false},
    {"escaped numbers", {"int64"}, HW_VIEW_INIT("\"\\-12\"\n"), "-12\n", &with_escape, false},
    {"null values",
     {"int64", "text"},
     HW_VIEW_INIT("NA,-\n1,\"NA\"\n-,NAN\n"),
     "~|~\n1|\"NA\"\n~|\"NAN\"\n",
     NULL,
     true},
    {"NaN of the common null values",
     {"int64", "double", "boolean", "date"},
     HW_VIEW_INIT("NaN,NaN,NaN,NaN\n1,2.5,true,1970-01-02\n"),
     "~|~|~|~\n1|2.5|T|1\n",
     NULL,
     true},
    {"NaN among texts", {"text"}, HW_VIEW_INIT("NaN\nx\nN/A\n"), "\"NaN\"\n\"x\"\n~\n", NULL, true},
    {"NaN in quotes is no null value", {"double"}, HW_VIEW_INIT("\"NaN\"\n"), "nan\n", NULL, true},
    {"NaN is a misfit of nulls", {"null"}, HW_VIEW_INIT("NaN\n"), NULL, NULL, true},
    {"null values never match quotes", {"text"}, HW_VIEW_INIT("\"x\"\n"), "\"x\"\n", NULL, true},
    {"a null value in quotes is a misfit", {"int64"}, HW_VIEW_INIT("\"NA\"\n"), NULL, NULL, true},
    {"nulls only", {"null", "null"}, HW_VIEW_INIT(",\n,\n"), "~|~\n~|~\n", NULL, false},
    {"empty quotes are a misfit of nulls", {"null"}, HW_VIEW_INIT("\"\"\n"), NULL, NULL, false},
    {"any value is a misfit of nulls", {"null"}, HW_VIEW_INIT("x\n"), NULL, NULL, false},
};

#endif
