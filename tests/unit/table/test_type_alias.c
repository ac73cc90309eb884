/* SPDX-License-Identifier: Apache-2.0 */
#include "table/type_alias.h"

#include <hawser/table.h>

#include "support/rows.h"

/* Each spelling with the type that SQL, Arrow, Postgres, DuckDB or Spark mean by it. */
static void spellings_are_types(void **state) {
    (void)state;
    static const struct {
        const char *spelling;
        const char *type; /* as hw_type_format writes it */
    } rows[] = {
        {"bool", "boolean"},
        {"BOOLEAN", "boolean"},
        {"int", "int64"},
        {"INTEGER", "int64"},
        {"BigInt", "int64"},
        {"long", "int64"},
        {" int64 ", "int64"},
        {"smallint", "int16"},
        {"tinyint", "int8"},
        {"int32", "int32"},
        {"double", "double"},
        {"DOUBLE  PRECISION", "double"},
        {"float64", "double"},
        {"float8", "double"},
        {"float", "float"},
        {"float32", "float"},
        {"real", "float"},
        {"decimal(18, 2)", "decimal(18,2)"},
        {"DECIMAL( 18 , 2 )", "decimal(18,2)"},
        {"numeric(18,2)", "decimal(18,2)"},
        {"NUMBER(9)", "decimal(9,0)"},
        {"decimal(9)", "decimal(9,0)"},
        {"decimal128(38, 10)", "decimal(38,10)"},
        {"date", "date"},
        {"date32", "date"},
        {"date32[day]", "date"},
        {"date64", "date(ms)"},
        {"timestamp", "timestamp(us)"},
        {"datetime", "timestamp(us)"},
        {"timestamp[us]", "timestamp(us)"},
        {"timestamp[ns]", "timestamp(ns)"},
        {"timestamp(9)", "timestamp(ns)"},
        {"TIMESTAMP_NS", "timestamp(ns)"},
        {"timestamp(3)", "timestamp(ms)"},
        {"timestamptz", "timestamp(us, UTC)"},
        {"timestamp with time zone", "timestamp(us, UTC)"},
        {"TIMESTAMP(6) WITH TIME ZONE", "timestamp(us, UTC)"},
        {"timestamp(9) with time zone", "timestamp(ns, UTC)"},
        {"timestamp(us,UTC)", "timestamp(us, UTC)"},
        {"timestamp[us, tz=UTC]", "timestamp(us, UTC)"},
        {"timestamp[ns, tz=UTC]", "timestamp(ns, UTC)"},
        {"string", "text"},
        {"VARCHAR", "text"},
        {"utf8", "text"},
        {"character varying", "text"},
        {"large_string", "large_text"},
        {"guid", "uuid"},
        {"uuid", "uuid"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_type type;
        char text[64];
        assert_ok(hw_type_parse(rows[i].spelling, &type, &err), err);
        hw_type_format(type, text, sizeof(text));
        assert_row_text(rows[i].spelling, text, rows[i].type);
    }
}

/* A text that is too long for any type is none, wherever it grows. */
static void long_texts_are_no_types(void **state) {
    (void)state;
    static const char *const rows[] = {
        "timestamp with time zone and more of it than any type that there is",
        "decimal(00000000000000000000000000000000000000000000000000005)",
        "number(00000000000000000000000000000000000000000000000000000,2)",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_TYPE_TEXT_BYTES] = "untouched";
        assert_row_int(rows[i], hw_type_alias_resolve(rows[i], out), false);
        assert_row_text(rows[i], out, "untouched");
    }
}

static void words_are_offered(void **state) {
    (void)state;
    struct hw_nearest_search search = {.word = HW_VIEW_INIT("varchat")};
    hw_type_alias_offer(&search);
    assert_non_null(search.best.data);
    assert_string_equal(search.best.data, "varchar");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_are_types),
        cmocka_unit_test(long_texts_are_no_types),
        cmocka_unit_test(words_are_offered),
    };
    return cmocka_run_group_tests_name("table/type_alias", tests, NULL, NULL);
}
