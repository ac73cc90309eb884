/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step_nested.h"

#include "support/avro_rows.h"
#include "support/rows.h"

#define RECORD(name, fields) "{\"type\":\"record\",\"name\":\"" name "\",\"fields\":[" fields "]}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define ARRAY(items) "{\"type\":\"array\",\"items\":" items "}"
#define MAP(values) "{\"type\":\"map\",\"values\":" values "}"
#define FIXED(size) "{\"type\":\"fixed\",\"name\":\"f\",\"size\":" #size "}"

/* Records of a field of every type, and an int as the last. */
#define FLAT_FIELDS                                                                                    \
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"null\"},{\"name\":\"b" \
    "\",\"type\":\"boolean\"},{\"name\":\"c\",\"type\":\"int\"},{\"name\":\"d\",\"type\":\"long\"},{"  \
    "\"name\":\"e\",\"type\":\"float\"},{\"name\":\"f\",\"type\":\"double\"},{\"name\":\"g\",\"type\"" \
    ":\"bytes\"},{\"name\":\"h\",\"type\":\"string\"},{\"name\":\"x\",\"type\":\"int\"}]}"
#define NESTED_FIELDS                                                                                  \
    "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":{\"type\":\"fixed\",\"n" \
    "ame\":\"f\",\"size\":2}},{\"name\":\"b\",\"type\":{\"type\":\"enum\",\"name\":\"e\",\"symbols\":" \
    "[\"A\"]}},{\"name\":\"c\",\"type\":{\"type\":\"array\",\"items\":\"string\"}},{\"name\":\"d\",\"" \
    "type\":{\"type\":\"map\",\"values\":\"double\"}},{\"name\":\"e1\",\"type\":{\"type\":\"record\"," \
    "\"name\":\"s\",\"fields\":[{\"name\":\"z\",\"type\":\"long\"}]}},{\"name\":\"u\",\"type\":[\"nul" \
    "l\",\"string\",\"int\"]},{\"name\":\"x\",\"type\":\"int\"}]}"

/* "Complex Types" of the specification. A reader's schema leaves fields out. */
static const struct {
    const char *name;
    const char *writer;
    const char *reader;
    hw_view bytes;
    uint64_t count;
    const char *want;
} rows[] = {
    {"blocks of an array, one of a negative count", ARRAY("\"int\""), NULL,
     HW_VIEW_INIT("\x02\x02\x03\x04\x04\x06\x04\x08\x0a\x00\x00"), 2, "[1 2 3 4 5]|[]"},
    {"an array of nulls", ARRAY("\"null\""), NULL, HW_VIEW_INIT("\x06\x00"), 1, "[null null null]"},
    {"arrays of arrays", ARRAY(ARRAY("\"int\"")), NULL,
     HW_VIEW_INIT("\x04\x02\x02\x00\x00\x00\x02\x04\x04\x06\x00\x00"), 2, "[[1] []]|[[2 3]]"},
    {"an array that may be null", "[\"null\"," ARRAY("\"int\"") "]", NULL, HW_VIEW_INIT("\x02\x02\x02\x00\x00\x02\x00"),
     3, "[1]|null|[]"},
    {"a map", MAP("\"int\""), NULL, HW_VIEW_INIT("\x02\x02\x61\x02\x02\x02\x61\x04\x00\x00"), 2,
     "[{'a' 1} {'a' 2}]|[]"},
    {"a map of what may be null", MAP("[\"null\",\"int\"]"), NULL, HW_VIEW_INIT("\x04\x02\x61\x00\x02\x62\x02\x04\x00"),
     1, "[{'a' null} {'b' 2}]"},
    {"records within records", RECORD("r", FIELD("a", RECORD("s", FIELD("b", "\"int\"") "," FIELD("c", "\"int\"")))),
     NULL, HW_VIEW_INIT("\x02\x04\x06\x08"), 2, "{1 2}|{3 4}"},
    {"a record that may be null falls behind and catches up",
     RECORD("r", FIELD("a", "[\"null\"," RECORD(
                                "s", FIELD("b", "\"int\"") "," FIELD("c", RECORD("t", FIELD("d", "\"string\"")))) "]")),
     NULL, HW_VIEW_INIT("\x00\x02\x02\x02\x78\x00\x00\x02\x04\x02\x79\x00"), 6,
     "null|{1 {'x'}}|null|null|{2 {'y'}}|null"},
    {"optional records within optional records",
     RECORD("r",
            FIELD("a", "[\"null\"," RECORD("s", FIELD("b", "[\"null\"," RECORD("t", FIELD("c", "\"int\"")) "]")) "]")),
     NULL, HW_VIEW_INIT("\x00\x02\x00\x02\x02\x02\x00\x02\x02\x04"), 5, "null|{null}|{{1}}|null|{{2}}"},
    {"an optional list of optional records",
     "[\"null\"," ARRAY("[\"null\"," RECORD("s", FIELD("b", "\"int\"")) "]") "]", NULL,
     HW_VIEW_INIT("\x02\x04\x02\x02\x00\x00\x00\x02\x02\x02\x04\x00"), 3, "[{1} null]|null|[{2}]"},
    {"a union", "[\"int\",\"string\"]", NULL, HW_VIEW_INIT("\x00\x02\x02\x02\x78\x00\x04"), 3,
     "{1 null}|{null 'x'}|{2 null}"},
    {"a union with null", "[\"int\",\"null\",\"string\"]", NULL, HW_VIEW_INIT("\x00\x02\x02\x04\x02\x78"), 3,
     "{1 null}|null|{null 'x'}"},
    {"a union of records and lists", "[\"null\"," RECORD("s", FIELD("b", "\"int\"")) "," ARRAY("\"int\"") "]", NULL,
     HW_VIEW_INIT("\x04\x02\x02\x00\x00\x02\x04\x04\x00\x02\x06"), 5,
     "{null [1]}|null|{{2} null}|{null []}|{{3} null}"},
    {"branches without bytes", "[" RECORD("s", "") "," RECORD("t", "") ",\"null\"]", NULL, HW_VIEW_INIT("\x02\x00\x04"),
     3, "{null {}}|{{} null}|null"},
    {"a fixed value without bytes that may be null", "[\"null\"," FIXED(0) "]", NULL, HW_VIEW_INIT("\x02\x00\x02"), 3,
     "x|null|x"},
    {"fixed values without bytes in a list", ARRAY(FIXED(0)), NULL, HW_VIEW_INIT("\x04\x00"), 1, "[x x]"},
    {"a union of one branch", "[\"int\"]", NULL, HW_VIEW_INIT("\x00\x02"), 1, "1"},
    {"a union of nulls", "[\"null\"]", NULL, HW_VIEW_INIT("\x00\x00"), 2, "null|null"},
    {"a branch in two bytes", "[\"int\",\"string\"]", NULL, HW_VIEW_INIT("\x80\x00\x02"), 1, "{1 null}"},
    {"a branch in two bytes, optional", "[\"null\",\"int\"]", NULL, HW_VIEW_INIT("\x82\x00\x02\x80\x00"), 2, "1|null"},
    {"pairs that are a map",
     "{\"type\":\"array\",\"logicalType\":\"map\",\"items\":" RECORD(
         "p", FIELD("key", "\"int\"") "," FIELD("value", "\"string\"")) "}",
     NULL, HW_VIEW_INIT("\x02\x02\x02\x78\x00"), 1, "[{1 'x'}]"},
    {"fields of all types are left out", FLAT_FIELDS, RECORD("r", FIELD("x", "\"int\"")),
     HW_VIEW_INIT("\x01\xfe\xff\x03\x04"
                  "1234"
                  "12345678"
                  "\x04"
                  "ab"
                  "\x02"
                  "c"
                  "\x0e"),
     1, "7"},
    {"fields with members are left out", NESTED_FIELDS, RECORD("r", FIELD("x", "\"int\"")),
     HW_VIEW_INIT("12"
                  "\x00"
                  "\x02\x02"
                  "k"
                  "\x01\x04\x02"
                  "m"
                  "\x00"
                  "\x02\x02"
                  "k"
                  "12345678"
                  "\x00"
                  "\x80\x01"
                  "\x02\x02"
                  "v"
                  "\x0e"),
     1, "7"},
};

static void items_become_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t batch = 0; batch <= 1; batch++) {
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) text = {0};
            const struct avro_rows given = {rows[i].writer, rows[i].reader, rows[i].bytes, rows[i].count, batch};
            assert_ok(avro_rows_text(&given, &text, &err), err);
            /* The values are the same whether they come in one batch or in many. */
            char *all = (char *)text.data;
            for (char *two = strstr(all, "//"); two; two = strstr(all, "//")) {
                *two = '|';
                memmove(two + 1, two + 2, strlen(two + 2) + 1);
            }
            assert_row_text(rows[i].name, all, rows[i].want);
        }
    }
}

static const struct {
    const char *name;
    const char *writer;
    const char *reader;
    hw_view bytes;
    const char *says;
} faults[] = {
    {"a branch that is not there", "[\"null\",\"int\",\"string\"]", NULL, HW_VIEW_INIT("\x06"),
     "branch 3 of a union of 3"},
    {"a negative branch", "[\"null\",\"int\",\"string\"]", NULL, HW_VIEW_INIT("\x01"), "branch -1 of a union of 3"},
    {"a branch that is cut", "[\"null\",\"int\",\"string\"]", NULL, HW_VIEW_INIT("\x80"), "ends within a value"},
    {"an array without end", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x02\x02"), "ends within a value"},
    {"a count that is cut", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x80"), "ends within a value"},
    {"a size that is cut", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x01\x80"), "ends within a value"},
    {"more items than bytes", ARRAY("\"double\""), NULL,
     HW_VIEW_INIT("\x04"
                  "12345678"
                  "\x00"),
     "an array or map of 2 items in 0 bytes, where 9 are left"},
    {"the most items", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x02\x00"),
     "9223372036854775808 items in 1 bytes"},
    {"a negative size", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x01\x01\x02\x00"),
     "1 items in 18446744073709551615 bytes"},
    {"a size beyond the block", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x01\x08\x02\x00"),
     "1 items in 4 bytes, where 2"},
    {"a size that is wrong", ARRAY("\"int\""), NULL, HW_VIEW_INIT("\x01\x04\x02\x00\x00"),
     "says that it has 2 bytes, and has 1"},
    {"more items without bytes than are allowed", ARRAY("\"null\""), NULL, HW_VIEW_INIT("\x82\x80\x80\x01\x00"),
     "an array or map of 1048577 items"},
    {"a key that is no text", MAP("\"int\""), NULL, HW_VIEW_INIT("\x02\x02\xff\x02\x00"), "not UTF-8"},
    {"what is left out is cut: bytes", RECORD("r", FIELD("a", "[\"null\",\"double\"]")), RECORD("r", ""),
     HW_VIEW_INIT("\x02"
                  "1234567"),
     "ends within a value"},
    {"what is left out is cut: a number", RECORD("r", FIELD("a", "\"long\"")), RECORD("r", ""), HW_VIEW_INIT("\x80"),
     "ends within a value"},
    {"what is left out is cut: a text", RECORD("r", FIELD("a", "\"string\"")), RECORD("r", ""), HW_VIEW_INIT("\x02"),
     "ends within a value"},
    {"what is left out is cut: a branch", RECORD("r", FIELD("a", "[\"null\",\"int\"]")), RECORD("r", ""),
     HW_VIEW_INIT("\x04"), "branch 2 of a union of 2"},
    {"what is left out is cut: an array", RECORD("r", FIELD("a", ARRAY("\"int\""))), RECORD("r", ""),
     HW_VIEW_INIT("\x01\x04\x02"), "in 2 bytes, where 1 are left"},
};

static void what_is_no_item_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct avro_rows given = {faults[i].writer, faults[i].reader, faults[i].bytes, 1, 0};
        assert_row_int(faults[i].name, avro_rows_text(&given, &text, &err), HW_EDATA);
        assert_row_says(faults[i].name, err.message, faults[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_become_rows),
        cmocka_unit_test(what_is_no_item_is_refused),
    };
    return cmocka_run_group_tests_name("avro/step_nested", tests, NULL, NULL);
}
