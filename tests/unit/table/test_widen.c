/* SPDX-License-Identifier: Apache-2.0 */
#include "table/widen.h"

#include "support/rows.h"

enum { TYPES_MAX = 4, TEXT_BYTES = 64 };

/* Types, and the one that they have in common; "": there is none. */
static const struct {
    const char *types[TYPES_MAX];
    const char *common;
} rows[] = {
    {{"int8", "int8"}, "int8"},
    {{"int8", "int16"}, "int16"},
    {{"int32", "int64", "int8"}, "int64"},
    {{"uint8", "uint32"}, "uint32"},
    {{"uint8", "int8"}, "int16"},
    {{"uint8", "int16"}, "int16"},
    {{"uint16", "int8"}, "int32"},
    {{"uint16", "int32"}, "int32"},
    {{"uint32", "int8"}, "int64"},
    {{"uint32", "int64"}, "int64"},
    {{"uint8", "int8", "uint16"}, "int32"},
    {{"uint8", "int8", "uint32"}, "int64"},
    {{"uint64", "uint8"}, "uint64"},
    {{"uint64", "int8"}, "decimal(20,0)"},
    {{"uint64", "int64"}, "decimal(20,0)"},
    {{"uint64", "uint32", "int8"}, "decimal(20,0)"},
    {{"uint64", "int64", "int8", "int64"}, "decimal(20,0)"},
    {{"decimal(9,2)", "decimal(9,2)"}, "decimal(9,2)"},
    {{"decimal(9,2)", "decimal(7,4)"}, "decimal(11,4)"},
    {{"decimal(38,0)", "decimal(38,38)"}, "decimal256(76,38)"},
    {{"decimal(38,0)", "decimal256(50,39)"}, ""},
    {{"decimal(38,0)", "decimal(10,10)", "decimal256(40,0)"}, "decimal256(50,10)"},
    {{"decimal(2,2)", "decimal(3,3)"}, "decimal(3,3)"},
    {{"decimal32(5,2)", "decimal64(12,1)"}, "decimal(13,2)"},
    {{"int8", "decimal(4,2)"}, "decimal(5,2)"},
    {{"int32", "decimal(5,2)"}, "decimal(12,2)"},
    {{"uint16", "decimal(3,3)"}, "decimal(8,3)"},
    {{"int64", "decimal(30,2)"}, "decimal(30,2)"},
    {{"int64", "decimal(38,38)"}, "decimal256(57,38)"},
    {{"uint64", "decimal(5,2)", "int64"}, "decimal(22,2)"},
    {{"uint32", "int32", "decimal(5,2)"}, "decimal(12,2)"},
    {{"half", "half"}, "half"},
    {{"half", "float"}, "float"},
    {{"half", "double"}, "double"},
    {{"float", "double"}, "double"},
    {{"half", "int8"}, "float"},
    {{"float", "int16"}, "float"},
    {{"float", "uint16", "int16"}, "float"},
    {{"float", "int32"}, "double"},
    {{"half", "uint32"}, "double"},
    {{"double", "int8"}, "double"},
    {{"double", "int64"}, "double"},
    {{"float", "uint64", "int64"}, "double"},
    {{"float", "half", "int16", "int32"}, "double"},
    {{"double", "decimal(5,2)"}, ""},
    {{"int8", "double", "decimal(5,2)"}, ""},
    {{"date", "date"}, "date"},
    {{"date", "timestamp(ms)"}, "timestamp(ms)"},
    {{"date", "timestamp(us)", "timestamp(ns)"}, "timestamp(ns)"},
    {{"date", "timestamp(us, UTC)"}, ""},
    {{"timestamp(ms)", "timestamp(us)"}, "timestamp(us)"},
    {{"timestamp(ms)", "timestamp(s)"}, "timestamp(ms)"},
    {{"timestamp(ms, UTC)", "timestamp(ns, UTC)"}, "timestamp(ns, UTC)"},
    {{"timestamp(ms, UTC)", "timestamp(ms)"}, ""},
    {{"time(ms)", "time(us)"}, "time(us)"},
    {{"time(ms)", "time(ns)", "time(us)"}, "time(ns)"},
    {{"time(s)", "time(ms)"}, "time(ms)"},
    {{"time(us, UTC)", "time(us)"}, ""},
    {{"time(us)", "timestamp(us)"}, ""},
    {{"text", "enum"}, "text"},
    {{"json", "enum"}, "text"},
    {{"json", "json"}, "json"},
    {{"enum", "json", "text"}, "text"},
    {{"binary", "bson"}, "binary"},
    {{"fixed(4)", "fixed(4)"}, "fixed(4)"},
    {{"fixed(4)", "fixed(5)"}, "binary"},
    {{"fixed(4)", "bson", "binary"}, "binary"},
    {{"uuid", "uuid"}, "uuid"},
    {{"uuid", "fixed(16)"}, ""},
    {{"text", "binary"}, ""},
    {{"text", "int8"}, ""},
    {{"boolean", "int8"}, ""},
    {{"boolean", "boolean"}, "boolean"},
    {{"interval", "interval"}, "interval"},
    {{"interval", "int8"}, ""},
    {{"null", "null"}, "null"},
    {{"null", "int8"}, "int8"},
    {{"null", "uint64", "int8"}, "decimal(20,0)"},
    {{"null", "uuid"}, "uuid"},
};

static struct hw_type type_of(const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_type type = {.kind = HW_KIND_NULL};
    if (strcmp(text, "null") != 0) {
        assert_ok(hw_type_parse(text, &type, &err), err);
    }
    return type;
}

/* Adds the types in the order that counts down from `order`. */
static bool types_add(const struct hw_type *types, size_t count, size_t order, struct hw_widening *out) {
    struct hw_type left[TYPES_MAX];
    memcpy(left, types, sizeof(left));
    for (size_t i = 0; i < count; i++) {
        const size_t at = order % (count - i);
        order /= count - i;
        const struct hw_type type = left[at];
        left[at] = left[count - i - 1];
        if (i == 0) {
            *out = hw_widening_begin(type);
        } else if (!hw_widening_add(out, type)) {
            return false;
        }
    }
    return true;
}

static void types_have_one_in_common_in_whatever_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_type types[TYPES_MAX];
        const char *name = rows[i].types[1];
        size_t count = 0;
        size_t orders = 1;
        for (; count < TYPES_MAX && rows[i].types[count]; count++) {
            types[count] = type_of(rows[i].types[count]);
            orders *= count + 1;
        }
        for (size_t order = 0; order < orders; order++) {
            struct hw_widening widening;
            char text[TEXT_BYTES] = "";
            if (types_add(types, count, order, &widening)) {
                hw_type_format(widening.type, text, sizeof(text));
            }
            assert_row_text(name, text, rows[i].common);
        }
    }
}

static void what_does_not_fit_changes_nothing(void **state) {
    (void)state;
    struct hw_widening widening = hw_widening_begin(type_of("decimal(38,0)"));
    char text[TEXT_BYTES];
    assert_false(hw_widening_add(&widening, type_of("decimal256(39,39)")));
    assert_true(hw_widening_add(&widening, type_of("decimal(38,38)")));
    hw_type_format(widening.type, text, sizeof(text));
    assert_string_equal(text, "decimal256(76,38)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_one_in_common_in_whatever_order),
        cmocka_unit_test(what_does_not_fit_changes_nothing),
    };
    return cmocka_run_group_tests_name("table/widen", tests, NULL, NULL);
}
