/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pandas_edit.h"

#include "unit/optimize/edit_rows.h"

/* As pyarrow writes it. */
#define PANDAS(indexes, columns)                                                                                       \
    "{\"index_columns\": [" indexes "], \"column_indexes\": [{\"name\": null, \"field_name\": null, \"pandas_type\": " \
    "\"unicode\", \"numpy_type\": \"object\", \"metadata\": {\"encoding\": \"UTF-8\"}}], \"columns\": [" columns       \
    "], \"creator\": {\"library\": \"pyarrow\", \"version\": \"26.0.1\"}, \"pandas_version\": \"2.2.3\"}"
#define COLUMN(name, pandas_type, numpy_type) COLUMN_OF("\"" name "\"", name, pandas_type, numpy_type, "null")
#define COLUMN_OF(name, field_name, pandas_type, numpy_type, metadata)                                \
    "{\"name\": " name ", \"field_name\": \"" field_name "\", \"pandas_type\": \"" pandas_type "\", " \
    "\"numpy_type\": \"" numpy_type "\", \"metadata\": " metadata "}"
#define RANGE(start, stop, step) \
    "{\"kind\": \"range\", \"name\": null, \"start\": " start ", \"stop\": " stop ", \"step\": " step "}"

/* What a column of one type becomes, by another. */
#define RETYPED_ROW(name, type, pandas, numpy, new_pandas, new_numpy)                                         \
    {                                                                                                         \
        name, PANDAS(RANGE("0", "3", "1"), COLUMN("a", pandas, numpy) ", " COLUMN("b", pandas, numpy)),       \
            PANDAS(RANGE("0", "3", "1"), COLUMN("a", pandas, numpy) ", " COLUMN("b", new_pandas, new_numpy)), \
            CHANGES({PATH(FIELD("b")), RETYPED(type)})                                                        \
    }

static const struct edit_row type_rows[] = {
    RETYPED_ROW("float", FLOAT_TYPE, "float64", "float64", "float32", "float32"),
    RETYPED_ROW("nullable float", FLOAT_TYPE, "float64", "Float64", "float32", "Float32"),
    RETYPED_ROW("float of Arrow", FLOAT_TYPE, "float64", "double[pyarrow]", "float32", "float[pyarrow]"),
    RETYPED_ROW("objects", FLOAT_TYPE, "float64", "object", "float32", "object"),
    RETYPED_ROW("integer", INT32_TYPE, "int64", "int64", "int32", "int32"),
    RETYPED_ROW("nullable integer", INT32_TYPE, "int64", "Int64", "int32", "Int32"),
    RETYPED_ROW("integer of Arrow", INT32_TYPE, "int64", "int64[pyarrow]", "int32", "int32[pyarrow]"),
    RETYPED_ROW("integer with nulls in numpy", INT32_TYPE, "int64", "float64", "int32", "float64"),
    RETYPED_ROW("unsigned", UINT32_TYPE, "uint64", "uint64", "uint32", "uint32"),
    RETYPED_ROW("nullable unsigned", UINT32_TYPE, "uint64", "UInt64", "uint32", "UInt32"),
    RETYPED_ROW("unsigned of Arrow", UINT32_TYPE, "uint64", "uint64[pyarrow]", "uint32", "uint32[pyarrow]"),
    RETYPED_ROW("micros", TIMESTAMP_TYPE(HW_UNIT_MICROS), "datetime", "datetime64[ns]", "datetime", "datetime64[us]"),
    RETYPED_ROW("nanos", TIMESTAMP_TYPE(HW_UNIT_NANOS), "datetime", "datetime64[us]", "datetime", "datetime64[ns]"),
    RETYPED_ROW("zone", TIMESTAMP_TYPE(HW_UNIT_MICROS), "datetimetz", "datetime64[ns, UTC]", "datetimetz",
                "datetime64[us, UTC]"),
    RETYPED_ROW("timestamp of Arrow", TIMESTAMP_TYPE(HW_UNIT_MICROS), "datetime", "timestamp[ns][pyarrow]", "datetime",
                "timestamp[us][pyarrow]"),
};

static void types_are_edited(void **state) {
    (void)state;
    edit_rows_run(hw_pandas_edit, type_rows, COUNT_OF(type_rows));
}

#define DECIMAL_ROW(name, numpy, new_numpy)                                                                \
    {                                                                                                      \
        name, PANDAS("", COLUMN("a", "float64", numpy)),                                                   \
            PANDAS("", COLUMN_OF("\"a\"", "a", "decimal", new_numpy, "{\"precision\": 9, \"scale\": 2}")), \
            CHANGES({PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(9, 2))})                                       \
    }

static const struct edit_row rows[] = {
    DECIMAL_ROW("decimal", "float64", "object"),
    DECIMAL_ROW("nullable decimal", "Float64", "object"),
    DECIMAL_ROW("decimal of Arrow", "double[pyarrow]", "decimal128(9, 2)[pyarrow]"),
    {"decimals without a place for their digits",
     "{\"columns\": [{\"name\": \"a\", \"pandas_type\": \"float64\"}, {\"name\": \"b\"}]}",
     "{\"columns\": [{\"name\": \"a\", \"pandas_type\": \"decimal\"}, {\"name\": \"b\"}]}",
     CHANGES({PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(9, 2))}, {PATH(FIELD("b")), RETYPED(DECIMAL_TYPE(9, 2))})},
    {"in lists", PANDAS("", COLUMN("a", "list[list[float64]]", "object")),
     PANDAS("", COLUMN("a", "list[list[float32]]", "object")),
     CHANGES({PATH(FIELD("a"), ELEMENT, ELEMENT), RETYPED(FLOAT_TYPE)})},
    {"decimals in lists", PANDAS("", COLUMN("a", "list[float64]", "object")),
     PANDAS("", COLUMN("a", "list[decimal]", "object")),
     CHANGES({PATH(FIELD("a"), ELEMENT), RETYPED(DECIMAL_TYPE(9, 2))})},
    {"in structs", PANDAS("", COLUMN("a", "object", "object")), NULL,
     CHANGES({PATH(FIELD("a"), FIELD("b")), RETYPED(FLOAT_TYPE)})},
    {"another type than was said", PANDAS("", COLUMN("a", "bytes", "category")), NULL,
     CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)})},
    {"the same unit", PANDAS("", COLUMN("a", "datetime", "datetime64[us]") ", " COLUMN("b", "date", "object")), NULL,
     CHANGES({PATH(FIELD("a")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))},
             {PATH(FIELD("b")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))})},
    {"no unit", PANDAS("", COLUMN("a", "datetime", "datetime64[") ", " COLUMN("b", "datetime", "timestamp[]")), NULL,
     CHANGES({PATH(FIELD("a")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))},
             {PATH(FIELD("b")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))})},
    {"renamed and retyped", PANDAS("\"a\"", COLUMN("b", "int64", "int64") ", " COLUMN("a", "int64", "int64")),
     PANDAS("\"x\"", COLUMN("b", "int64", "int64") ", " COLUMN("x", "int32", "int32")),
     CHANGES({PATH(FIELD("a")), .new_name = "x", RETYPED(INT32_TYPE)})},
    {"escapes", PANDAS("\"\\u00e4\"", COLUMN("\\u00e4", "int64", "int64")),
     PANDAS("\"\xc3\xb6\"", COLUMN("\xc3\xb6", "int64", "int64")),
     CHANGES({PATH(FIELD("\xc3\xa4")), .new_name = "\xc3\xb6"})},
    {"an index without a name renamed",
     PANDAS("\"__index_level_0__\"", COLUMN_OF("null", "__index_level_0__", "int64", "int64", "null")),
     PANDAS("\"id\"", COLUMN("id", "int64", "int64")), CHANGES({PATH(FIELD("__index_level_0__")), .new_name = "id"})},
    {"a name of another column stays", PANDAS("", COLUMN_OF("\"b\"", "a", "int64", "int64", "null")),
     PANDAS("", COLUMN_OF("\"b\"", "x", "int64", "int64", "null")), CHANGES({PATH(FIELD("a")), .new_name = "x"})},
    {"without field_name", "{\"columns\":[{\"name\":\"a\",\"numpy_type\":\"int64\"}],\"index_columns\":[\"a\"]}",
     "{\"columns\":[{\"name\":\"x\",\"numpy_type\":\"int64\"}],\"index_columns\":[\"x\"]}",
     CHANGES({PATH(FIELD("a")), .new_name = "x"})},
    {"dropped", PANDAS(RANGE("0", "3", "1"), COLUMN("a", "int64", "int64") ", " COLUMN("b", "bool", "bool")),
     PANDAS(RANGE("0", "3", "1"), COLUMN("b", "bool", "bool")), CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"an index dropped",
     PANDAS("\"i\", \"j\"",
            COLUMN("a", "int64", "int64") ", " COLUMN("i", "bool", "bool") ", " COLUMN("j", "bool", "bool")),
     PANDAS("\"j\"", COLUMN("a", "int64", "int64") ", " COLUMN("j", "bool", "bool")),
     CHANGES({PATH(FIELD("i")), .dropped = true})},
    {"the only index dropped", PANDAS("\"i\"", COLUMN("i", "bool", "bool")), PANDAS("", ""),
     CHANGES({PATH(FIELD("i")), .dropped = true})},
    {"names of columns' indexes stay", PANDAS("", ""), NULL, CHANGES({PATH(FIELD("unicode")), .dropped = true})},
    {"numbers stay", "{\"columns\":[{\"name\":\"a\"}],\"attributes\":{\"x\":[1e400,-0,0.10,123456789012345678901]}}",
     "{\"columns\":[],\"attributes\":{\"x\":[1e400,-0,0.10,123456789012345678901]}}",
     CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"no such column", PANDAS("\"b\"", COLUMN("b", "int64", "int64")), NULL,
     CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"other shapes",
     "{\"columns\":[1,\"a\",{\"name\":7},{\"name\":\"a\",\"numpy_type\":1,\"pandas_type\":2}],"
     "\"index_columns\":{\"b\":null}}",
     NULL, CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("")), .dropped = true})},
    {"another shape", "[]", NULL, CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"no JSON", "{'columns':", NULL, CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA, "\"'\" in JSON"},
};

static void names_and_places_are_edited(void **state) {
    (void)state;
    edit_rows_run(hw_pandas_edit, rows, COUNT_OF(rows));
}

static void no_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].want) {
            edit_row_sweep(hw_pandas_edit, &rows[i]);
        }
    }
}

/* A RangeIndex, what is left of the value without it, and the value with one of 7, 13 and 2. */
static const struct {
    const char *name;
    const char *value;
    struct hw_pandas_range range;
    bool has;
    const char *rest; /* NULL: the same bytes */
    const char *set;  /* the same */
} ranges[] = {
    {"a range",
     PANDAS(RANGE("0", "3", "1"), COLUMN("a", "int64", "int64")),
     {0, 3, 1},
     true,
     PANDAS(RANGE("0", "0", "0"), COLUMN("a", "int64", "int64")),
     PANDAS(RANGE("7", "13", "2"), COLUMN("a", "int64", "int64"))},
    {"the same range", PANDAS(RANGE("7", "13", "2"), ""), {7, 13, 2}, true, PANDAS(RANGE("0", "0", "0"), ""), NULL},
    {"the last numbers",
     PANDAS(RANGE("9223372036854775807", "-9223372036854775808", "-1"), ""),
     {INT64_MAX, INT64_MIN, -1},
     true,
     PANDAS(RANGE("0", "0", "0"), ""),
     PANDAS(RANGE("7", "13", "2"), "")},
    {"zeros", PANDAS(RANGE("0", "-0", "0"), ""), {0, 0, 0}, true, NULL, PANDAS(RANGE("7", "13", "2"), "")},
    {"an index of a column before it",
     PANDAS("\"a\"," RANGE("1", "2", "1"), ""),
     {1, 2, 1},
     true,
     PANDAS("\"a\"," RANGE("0", "0", "0"), ""),
     PANDAS("\"a\"," RANGE("7", "13", "2"), "")},
    {"columns as indexes", PANDAS("\"a\", \"range\"", ""), {0}, false, NULL, NULL},
    {"another kind", PANDAS("{\"kind\": \"other\", \"start\": 1}", ""), {0}, false, NULL, NULL},
    {"another shape", "[]", {0}, false, NULL, NULL},
};

static void value_is(const char *name, hw_view value, const char *from, const char *want) {
    const char *text = want ? want : from;
    assert_row_bytes(name, value.data, value.size, text, strlen(text));
    assert_row_int(name, value.data == from, want == NULL);
}

static void ranges_are_told_and_set(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        const char *name = ranges[i].name;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_pandas_range range;
        hw_view value;
        bool has;
        assert_ok(hw_pandas_range_split(hw_view_of(ranges[i].value), &arena, &has, &range, &value, &err), err);
        assert_row_int(name, has, ranges[i].has);
        assert_row_int(name, has ? range.start : 0, ranges[i].range.start);
        assert_row_int(name, has ? range.stop : 0, ranges[i].range.stop);
        assert_row_int(name, has ? range.step : 0, ranges[i].range.step);
        value_is(name, value, ranges[i].value, ranges[i].rest);
        range = (struct hw_pandas_range){7, 13, 2};
        assert_ok(hw_pandas_range_set(hw_view_of(ranges[i].value), range, &arena, &value, &err), err);
        value_is(name, value, ranges[i].value, ranges[i].set);
    }
}

static const struct {
    const char *value;
    const char *says;
} no_ranges[] = {
    {PANDAS("{\"kind\": \"range\", \"stop\": 1, \"step\": 1}", ""), "no whole numbers as start, stop and step"},
    {PANDAS(RANGE("0", "null", "1"), ""), "no whole numbers as start, stop and step"},
    {PANDAS(RANGE("0", "1", "1.5"), ""), "no whole numbers as start, stop and step"},
    {PANDAS(RANGE("0", "9223372036854775808", "1"), ""), "no whole numbers as start, stop and step"},
    {PANDAS(RANGE("0", "1", "1") ", " RANGE("0", "1", "1"), ""), "two RangeIndexes"},
    {"", "ends too early"},
};

static void what_is_no_range_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(no_ranges); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_pandas_range range = {7, 13, 2};
        hw_view value = {0};
        bool has;
        const hw_view old = hw_view_of(no_ranges[i].value);
        assert_row_int(no_ranges[i].says, hw_pandas_range_set(old, range, &arena, &value, &err), HW_EDATA);
        assert_row_says(no_ranges[i].value, err.message, no_ranges[i].says);
        struct hw_error again = HW_ERROR_INIT;
        assert_row_int(no_ranges[i].says, hw_pandas_range_split(old, &arena, &has, &range, &value, &again), HW_EDATA);
        assert_row_says(no_ranges[i].value, again.message, no_ranges[i].says);
        assert_null(value.data);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_edited),
        cmocka_unit_test(names_and_places_are_edited),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(ranges_are_told_and_set),
        cmocka_unit_test(what_is_no_range_is_refused),
    };
    return cmocka_run_group_tests_name("optimize/pandas_edit", tests, NULL, NULL);
}
