/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/resolve.h"

#include "support/avro_rows.h"
#include "support/rows.h"

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"r\",\"fields\":[" fields "]}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define WITH(name, type, more) "{\"name\":\"" name "\",\"type\":" type "," more "}"
#define ENUM(symbols, more) "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[" symbols "]" more "}"

/* "Schema Resolution" of the specification, rule by rule. */
static const struct {
    const char *name;
    const char *writer;
    const char *reader;
    hw_view bytes;
    uint64_t count;
    const char *want;
} rows[] = {
    {"int to long", "\"int\"", "\"long\"", HW_VIEW_INIT("\x01"), 1, "18446744073709551615"},
    {"int to float", "\"int\"", "\"float\"", HW_VIEW_INIT("\x02"), 1, "x0000803f"},
    {"int to double", "\"int\"", "\"double\"", HW_VIEW_INIT("\x02"), 1, "x000000000000f03f"},
    {"long to float", "\"long\"", "\"float\"", HW_VIEW_INIT("\x02"), 1, "x0000803f"},
    {"long to double", "\"long\"", "\"double\"", HW_VIEW_INIT("\x02"), 1, "x000000000000f03f"},
    {"float to double", "\"float\"", "\"double\"", HW_VIEW_INIT("\x00\x00\xc0\x3f"), 1, "x000000000000f83f"},
    {"string to bytes", "\"string\"", "\"bytes\"", HW_VIEW_INIT("\x02x"), 1, "'x'"},
    {"bytes to string", "\"bytes\"", "\"string\"", HW_VIEW_INIT("\x02x"), 1, "'x'"},
    {"an optional int to an optional long", "[\"null\",\"int\"]", "[\"long\",\"null\"]", HW_VIEW_INIT("\x02\x02\x00"),
     2, "1|null"},
    {"fields in another order", RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"string\"")),
     RECORD(FIELD("b", "\"string\"") "," FIELD("a", "\"int\"")), HW_VIEW_INIT("\x02\x02x"), 1, "'x' 1"},
    {"a field that is not asked for", RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"string\"")),
     RECORD(FIELD("b", "\"string\"")), HW_VIEW_INIT("\x02\x02x"), 1, "'x'"},
    {"a field by its alias", RECORD(FIELD("a", "\"int\"")), RECORD(WITH("z", "\"int\"", "\"aliases\":[\"y\",\"a\"]")),
     HW_VIEW_INIT("\x02"), 1, "1"},
    {"its name counts more than the alias of another", RECORD(FIELD("a", "\"int\"")),
     RECORD(FIELD("a", "\"int\"") "," WITH("z", "\"int\"", "\"aliases\":[\"a\"],\"default\":9")), HW_VIEW_INIT("\x02"),
     1, "1 9"},
    {"defaults", RECORD(FIELD("a", "\"int\"")),
     RECORD(WITH("s", "\"string\"", "\"default\":\"x\"") "," FIELD("a", "\"int\"") "," WITH(
         "l", "{\"type\":\"array\",\"items\":\"int\"}", "\"default\":[1,2]") "," WITH("n", "[\"null\",\"int\"]",
                                                                                      "\"default\":null")),
     HW_VIEW_INIT("\x02\x04"), 2, "'x' 1 [1 2] null|'x' 2 [1 2] null"},
    {"the default of a record", RECORD(FIELD("a", "\"int\"")),
     RECORD(WITH("s",
                 "{\"type\":\"record\",\"name\":\"s\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"y\","
                 "\"type\":\"string\",\"default\":\"q\"}]}",
                 "\"default\":{\"x\":3}")),
     HW_VIEW_INIT("\x02"), 1, "{3 'q'}"},
    {"enums of other symbols", ENUM("\"A\",\"B\"", ""), ENUM("\"B\",\"A\",\"C\"", ""), HW_VIEW_INIT("\x00\x02"), 2,
     "'A'|'B'"},
    {"the default of an enum", ENUM("\"A\",\"B\"", ""), ENUM("\"A\",\"C\"", ",\"default\":\"C\""),
     HW_VIEW_INIT("\x00\x02"), 2, "'A'|'C'"},
    {"records of another namespace", "{\"type\":\"record\",\"name\":\"n.r\",\"fields\":[" FIELD("a", "\"int\"") "]}",
     "{\"type\":\"record\",\"name\":\"m.r\",\"fields\":[" FIELD("a", "\"int\"") "]}", HW_VIEW_INIT("\x02"), 1, "1"},
    {"a record by its alias", "{\"type\":\"record\",\"name\":\"q\",\"fields\":[" FIELD("a", "\"int\"") "]}",
     "{\"type\":\"record\",\"name\":\"m.r\",\"aliases\":[\"x.q\"],\"fields\":[" FIELD("a", "\"int\"") "]}",
     HW_VIEW_INIT("\x02"), 1, "1"},
    {"items of an array", "{\"type\":\"array\",\"items\":\"int\"}",
     "{\"type\":\"array\",\"items\":[\"null\",\"long\"]}", HW_VIEW_INIT("\x04\x02\x04\x00"), 1, "[1 2]"},
    {"values of a map", "{\"type\":\"map\",\"values\":\"int\"}", "{\"type\":\"map\",\"values\":\"long\"}",
     HW_VIEW_INIT("\x02\x02k\x04\x00"), 1, "[{'k' 2}]"},
    {"what is no union for a union", "\"int\"", "[\"null\",\"string\",\"int\"]", HW_VIEW_INIT("\x02"), 1, "{null 1}"},
    {"the first branch that matches", "\"int\"", "[\"string\",\"double\",\"long\"]", HW_VIEW_INIT("\x02"), 1,
     "{null x000000000000f03f null}"},
    {"a branch of the same kind before it", "\"int\"", "[\"double\",\"int\"]", HW_VIEW_INIT("\x02"), 1, "{null 1}"},
    {"a union for what is none", "[\"int\",\"long\"]", "\"long\"", HW_VIEW_INIT("\x00\x02\x02\x04"), 2, "1|2"},
    {"a union for an optional one", "[\"int\",\"null\",\"long\"]", "[\"null\",\"long\"]",
     HW_VIEW_INIT("\x00\x02\x02\x04\x04"), 3, "1|null|2"},
    {"a union for another one", "[\"int\",\"string\"]", "[\"string\",\"long\"]", HW_VIEW_INIT("\x00\x02\x02\x02x"), 2,
     "{null 1}|{'x' null}"},
    {"the branches of one union stay what they are", "[\"long\",\"int\"]", NULL, HW_VIEW_INIT("\x02\x02\x00\x04"), 2,
     "{null 1}|{2 null}"},
    {"an optional record", "[\"null\"," RECORD(FIELD("a", "\"int\"")) "]",
     "[\"null\"," RECORD(FIELD("a", "\"long\"")) "]", HW_VIEW_INIT("\x02\x02\x00"), 2, "{1}|null"},
    {"a logical type that one side does not have", "\"int\"", "{\"type\":\"int\",\"logicalType\":\"date\"}",
     HW_VIEW_INIT("\x02"), 1, "x01000000"},
    {"a decimal of more digits", "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":1}",
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,\"scale\":1}", HW_VIEW_INIT("\x02\x01"), 1,
     "x01000000000000000000000000000000"},
    {"rows of defaults alone", RECORD(""), RECORD(WITH("a", "\"int\"", "\"default\":5")), HW_VIEW_INIT(""), 2, "5|5"},
};

static void values_are_read_as_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct avro_rows given = {rows[i].writer, rows[i].reader, rows[i].bytes, rows[i].count, 0};
        const enum hw_status status = avro_rows_text(&given, &text, &err);
        assert_row_text(rows[i].name, err.message, "");
        assert_row_int(rows[i].name, status, HW_OK);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
    }
}

static const struct {
    const char *name;
    const char *writer;
    const char *reader;
    hw_view bytes;
    const char *says;
    const char *column;
} faults[] = {
    {"other types", "\"int\"", "\"string\"", HW_VIEW_INIT(""), "the file has int, which cannot be read as string", ""},
    {"no narrower ones", "\"long\"", "\"int\"", HW_VIEW_INIT(""), "the file has long, which cannot be read as int", ""},
    {"a field of another type", RECORD(FIELD("price", "\"string\"")), RECORD(FIELD("price", "\"double\"")),
     HW_VIEW_INIT(""), "the file has string, which cannot be read as double", "price"},
    {"a field without values", RECORD(FIELD("a", "\"int\"")), RECORD(FIELD("b", "\"int\"")), HW_VIEW_INIT(""),
     "the file has no such field, and the schema asked for no default", "b"},
    {"a default of another type", RECORD(""), RECORD(WITH("b", "\"int\"", "\"default\":\"x\"")), HW_VIEW_INIT(""),
     "a default of the Avro schema is no value of type int", "b"},
    {"other names", RECORD(""), "{\"type\":\"record\",\"name\":\"q\",\"fields\":[]}", HW_VIEW_INIT(""),
     "the file has record r, which cannot be read as record q", ""},
    {"fixed values of other sizes", "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2}",
     "{\"type\":\"fixed\",\"name\":\"f\",\"size\":3}", HW_VIEW_INIT(""), "cannot be read as fixed f", ""},
    {"no branch for it", "\"string\"", "[\"null\",\"int\"]", HW_VIEW_INIT(""), "cannot be read as union", ""},
    {"items of other types", "{\"type\":\"array\",\"items\":\"int\"}", "{\"type\":\"array\",\"items\":\"string\"}",
     HW_VIEW_INIT(""), "the file has array, which cannot be read as array", ""},
    {"other units", "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
     "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", HW_VIEW_INIT(""), "cannot be read as long", ""},
    {"another scale", "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":1}",
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":2}", HW_VIEW_INIT(""),
     "cannot be read as bytes", ""},
    {"fewer digits", "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4,\"scale\":1}",
     "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":3,\"scale\":1}", HW_VIEW_INIT(""),
     "cannot be read as bytes", ""},
    /* Of a union, only values of the branch are at fault. */
    {"a branch that was not asked for", "[\"null\",\"int\"]", "\"int\"", HW_VIEW_INIT("\x00"),
     "the file has null, which cannot be read as int", "value"},
    {"a branch without match", "[\"string\",\"int\"]", "[\"null\",\"int\"]", HW_VIEW_INIT("\x00\x02x"),
     "the file has string, which cannot be read as union", "value"},
    {"a symbol that was not asked for", ENUM("\"A\",\"B\"", ""), ENUM("\"A\"", ""), HW_VIEW_INIT("\x02"),
     "symbol 1 of an enum is not in the schema asked for", "value"},
};

static void what_does_not_match_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const struct avro_rows given = {faults[i].writer, faults[i].reader, faults[i].bytes, faults[i].bytes.size > 0,
                                        0};
        assert_row_int(faults[i].name, avro_rows_text(&given, &text, &err), HW_EDATA);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_text(faults[i].name, err.column, faults[i].column);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_as_asked_for),
        cmocka_unit_test(what_does_not_match_is_refused),
    };
    return cmocka_run_group_tests_name("avro/resolve", tests, NULL, NULL);
}
