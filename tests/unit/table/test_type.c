/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/table.h>

#include "support/rows.h"
#include "table/batch.h"
#include "table/schema.h"

static const struct type_row {
    const char *text;
    struct hw_type type;
    size_t bytes; /* of a value, as batch.h has it */
} type_rows[] = {
    {"null", {.kind = HW_KIND_NULL}, 0},
    {"boolean", {.kind = HW_KIND_BOOL}, 0},
    {"int64", {.kind = HW_KIND_INT64}, 8},
    {"double", {.kind = HW_KIND_DOUBLE}, 8},
    {"decimal(1,0)", {.kind = HW_KIND_DECIMAL, .precision = 1}, 16},
    {"decimal(12,2)", {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2}, 16},
    {"decimal(38,38)", {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 38}, 16},
    {"date", {.kind = HW_KIND_DATE}, 4},
    {"timestamp(us)", {.kind = HW_KIND_TIMESTAMP}, 8},
    {"timestamp(ns)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, 8},
    {"timestamp(us, UTC)", {.kind = HW_KIND_TIMESTAMP, .utc = true}, 8},
    {"timestamp(ns, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}, 8},
    {"text", {.kind = HW_KIND_TEXT}, 0},
    {"uuid", {.kind = HW_KIND_UUID}, 16},
};

static void types_are_written_and_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        const struct type_row *row = &type_rows[i];
        char text[64];
        struct hw_type type;
        struct hw_error err = HW_ERROR_INIT;
        hw_type_format(row->type, text, sizeof(text));
        assert_row_text(row->text, text, row->text);
        assert_ok(hw_type_parse(row->text, &type, &err), err);
        assert_row_int(row->text, hw_type_equal(type, row->type), true);
        assert_row_int(row->text, hw_kind_bytes(type.kind), row->bytes);
    }
}

static void only_equal_types_are_equal(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        for (size_t k = 0; k < COUNT_OF(type_rows); k++) {
            assert_row_int(type_rows[i].text, hw_type_equal(type_rows[i].type, type_rows[k].type), i == k);
        }
    }
    /* What a kind does not have is no difference. */
    assert_true(hw_type_equal((struct hw_type){.kind = HW_KIND_TEXT, .precision = 3},
                              (struct hw_type){.kind = HW_KIND_TEXT, .utc = true}));
}

static void other_texts_are_refused(void **state) {
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"", "unknown type \"\""},
        {"int46", "unknown type \"int46\", did you mean \"int64\"?"},
        {"Text", "unknown type \"Text\", did you mean \"text\"?"},
        {"te\033xt\n", "unknown type \"te\\x1bxt\\x0a\", did you mean \"text\"?"},
        {"strange things", "unknown type \"strange things\""},
        {"timestamp(us,UTC)", "unknown type \"timestamp(us,UTC)\", did you mean \"timestamp(us, UTC)\"?"},
        {"timestamp(ms)", "unknown type \"timestamp(ms)\", did you mean \"timestamp(us)\"?"},
        {"int64 ", "unknown type \"int64 \", did you mean \"int64\"?"},
        {"decimal", "unknown type \"decimal\""},
        {"decimal(", "type \"decimal(\" is not decimal(PRECISION,SCALE)"},
        {"decimal()", "type \"decimal()\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5)", "type \"decimal(5)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2", "type \"decimal(5,2\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2))", "type \"decimal(5,2))\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2)x)", "type \"decimal(5,2)x)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,2,)", "type \"decimal(5,2,)\" is not decimal(PRECISION,SCALE)"},
        {"decimal( 5,2)", "type \"decimal( 5,2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,+2)", "type \"decimal(5,+2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(-5,2)", "type \"decimal(-5,2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(0,0)", "type \"decimal(0,0)\": precision is 1 to 38, scale at most the precision"},
        {"decimal(39,2)", "type \"decimal(39,2)\": precision is 1 to 38, scale at most the precision"},
        {"decimal(138,2)", "type \"decimal(138,2)\" is not decimal(PRECISION,SCALE)"},
        {"decimal(5,6)", "type \"decimal(5,6)\": precision is 1 to 38, scale at most the precision"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_type type = {.kind = HW_KIND_UUID};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].text, hw_type_parse(rows[i].text, &type, &err), HW_ECONFIG);
        assert_row_text(rows[i].text, err.message, rows[i].says);
        assert_row_int(rows[i].text, type.kind, HW_KIND_UUID);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_written_and_read),
        cmocka_unit_test(only_equal_types_are_equal),
        cmocka_unit_test(other_texts_are_refused),
    };
    return cmocka_run_group_tests_name("table/type", tests, NULL, NULL);
}
