/* SPDX-License-Identifier: Apache-2.0 */
/* Expected bytes are made by hand by the compact protocol of Thrift and by parquet.thrift. */
#include "parquet/element_copy.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

/* Fields of a SchemaElement; the head of each depends on the field before it. */
#define INT32_REQUIRED "\x15\x02\x25\x00" /* 1: type INT32, 3: repetition REQUIRED */
#define NAME_N "\x18\x01n"                /* 4 behind 3 */

static const struct hw_element_type a_float = {.physical = HW_PHYSICAL_FLOAT, .converted = HW_CONVERTED_NONE};
static const struct hw_element_type micros = {
    .physical = HW_PHYSICAL_INT64,
    .converted = HW_CONVERTED_TIMESTAMP_MICROS,
    .logical = {.kind = HW_LOGICAL_TIMESTAMP, .unit = 2, .utc = true},
};
static const struct hw_element_type local_nanos = {
    .physical = HW_PHYSICAL_INT64,
    .converted = HW_CONVERTED_NONE,
    .logical = {.kind = HW_LOGICAL_TIMESTAMP, .unit = 3},
};
static const struct hw_element_type decimal = {
    .physical = HW_PHYSICAL_INT32,
    .converted = HW_CONVERTED_DECIMAL,
    .logical = {.kind = HW_LOGICAL_DECIMAL, .precision = 9, .scale = 2},
};
static const struct hw_element_type small = {
    .physical = HW_PHYSICAL_INT32,
    .converted = HW_CONVERTED_UINT_16,
    .logical = {.kind = HW_LOGICAL_INTEGER, .bit_width = 16},
};
static const struct hw_element_type smaller = {
    .physical = HW_PHYSICAL_INT32,
    .converted = HW_CONVERTED_INT_8,
    .logical = {.kind = HW_LOGICAL_INTEGER, .bit_width = 8, .is_signed = true},
};

static const struct {
    const char *name;
    hw_view bytes;
    struct hw_element_change change;
    hw_view want;
} leaves[] = {
    {"nothing changes", HW_VIEW_INIT(INT32_REQUIRED NAME_N "\0"), {0}, HW_VIEW_INIT(INT32_REQUIRED NAME_N "\0")},
    {"nothing changes of heads of the long form, in a falling order, and twice",
     HW_VIEW_INIT("\x08\x08\x01n\x05\x02\x02\x05\x06\x00\x05\x06\x02\0"),
     {0},
     HW_VIEW_INIT("\x08\x08\x01n\x05\x02\x02\x05\x06\x00\x05\x06\x02\0")},
    {"a name", HW_VIEW_INIT(INT32_REQUIRED NAME_N "\0"), {.name = "nn"}, HW_VIEW_INIT(INT32_REQUIRED "\x18\x02nn\0")},
    {"a name without bytes",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\0"),
     {.name = ""},
     HW_VIEW_INIT(INT32_REQUIRED "\x18\x00\0")},
    /* 9: field_id 7; 10: a LogicalType 21 that has a list of two bytes in it */
    {"a name beside a logical type of later",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\x55\x0e\x1c\x0c\x2a\x19\x23\x01\x02\0\0\0"),
     {.name = "m"},
     HW_VIEW_INIT(INT32_REQUIRED "\x18\x01m\x55\x0e\x1c\x0c\x2a\x19\x23\x01\x02\0\0\0")},
    /* 11: true, 12: false, 13: a double, 40: a text, 1000: a map without entries */
    {"a name before fields of later",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\x71\x12\x17\1\2\3\4\5\6\7\x08\x08\x50\2hi\x0b\xd0\x0f\0\0"),
     {.name = "m"},
     HW_VIEW_INIT(INT32_REQUIRED "\x18\x01m\x71\x12\x17\1\2\3\4\5\6\7\x08\x08\x50\2hi\x0b\xd0\x0f\0\0")},
    /* 4, then 3 and 1 in the long form */
    {"a name where fields fall",
     HW_VIEW_INIT("\x48\x01n\x05\x06\x02\x05\x02\x0c\0"),
     {.name = "m"},
     HW_VIEW_INIT("\x15\x0c\x25\x02\x18\x01m\0")},
    /* 1: INT64, and once more: BYTE_ARRAY; 4: "n", and once more: "o" */
    {"the last of fields with the same number counts",
     HW_VIEW_INIT("\x15\x04\x05\x02\x0c\x25\x00\x18\x01n\x08\x08\x01o\x55\x02\x05\x12\x04\0"),
     {.name = "m"},
     HW_VIEW_INIT("\x15\x0c\x25\x00\x18\x01m\x55\x04\0")},
    {"the last name counts where the type changes",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\x08\x08\x01o\0"),
     {.type = &a_float},
     HW_VIEW_INIT("\x15\x08\x25\x00\x18\x01o\0")},
    /* 0, in the long form, and -1 */
    {"numbers below 1 are left out",
     HW_VIEW_INIT("\x05\x00\x02\x05\x01\x02\x05\x02\x02\x25\x00\x18\x01n\0"),
     {.name = "m"},
     HW_VIEW_INIT(INT32_REQUIRED "\x18\x01m\0")},
    /* 6: INT_16, 7: scale 1, 8: precision 5, 9: field_id 3, 10: INTEGER(8: 16 bits, signed) */
    {"a type without annotations takes those of before away",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\x25\x20\x15\x02\x15\x0a\x15\x06\x1c\xac\x13\x10\x11\0\0\0"),
     {.type = &a_float},
     HW_VIEW_INIT("\x15\x08\x25\x00\x18\x01n\x55\x06\0")},
    /* 2: type_length 16 */
    {"a type of fixed bytes loses their number",
     HW_VIEW_INIT("\x15\x0e\x15\x20\x15\x00\x18\x01n\0"),
     {.type = &a_float},
     HW_VIEW_INIT("\x15\x08\x25\x00\x18\x01n\0")},
    /* 6: TIMESTAMP_MICROS, 10: TIMESTAMP(8: 1: true, 2: 2: {}) */
    {"microseconds, and a name",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\x55\x06\0"),
     {.type = &micros, .name = "at"},
     HW_VIEW_INIT("\x15\x04\x25\x00\x18\x02"
                  "at\x25\x14\x35\x06\x1c\x8c\x11\x1c\x2c\0\0\0\0\0")},
    {"nanoseconds without a zone",
     HW_VIEW_INIT(INT32_REQUIRED NAME_N "\0"),
     {.type = &local_nanos},
     HW_VIEW_INIT("\x15\x04\x25\x00\x18\x01n\x6c\x8c\x12\x1c\x3c\0\0\0\0\0")},
    /* 6: DECIMAL, 7: 2, 8: 9, 10: DECIMAL(5: 1: scale 2, 2: precision 9) */
    {"a decimal",
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01n\0"),
     {.type = &decimal},
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01n\x25\x0a\x15\x04\x15\x12\x2c\x5c\x15\x04\x15\x12\0\0\0")},
    /* 6: UINT_16, 10: INTEGER(10: 1: 16 as a byte, 2: false) */
    {"an unsigned integer",
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01n\0"),
     {.type = &small},
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01n\x25\x18\x4c\xac\x13\x10\x12\0\0\0")},
    {"a signed integer",
     HW_VIEW_INIT("\x15\x04\x25\x02\x18\x01n\0"),
     {.type = &smaller},
     HW_VIEW_INIT("\x15\x02\x25\x02\x18\x01n\x25\x1e\x4c\xac\x13\x08\x11\0\0\0")},
};

static void what_does_not_change_stays_byte_by_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_thrift thrift;
        const struct hw_parquet_element element = {.bytes = leaves[i].bytes, .name = HW_VIEW("n")};
        hw_thrift_init(&thrift, &out, &err);
        hw_element_copy(&element, &leaves[i].change, 0, &thrift);
        assert_ok(thrift.status, err);
        assert_row_bytes(leaves[i].name, out.data, out.size, leaves[i].want.data, leaves[i].want.size);
    }
}

/* 3: OPTIONAL, 4: "g", 5: the children, 6: LIST, 10: LIST */
static const struct {
    const char *name;
    size_t children;
    const struct hw_element_change *change;
    hw_view want;
} groups[] = {
    {"as many children", 3, NULL, HW_VIEW_INIT("\x35\x02\x18\x01g\x15\x06\x15\x06\x4c\x3c\0\0\0")},
    {"fewer children", 2, NULL, HW_VIEW_INIT("\x35\x02\x18\x01g\x15\x04\x15\x06\x4c\x3c\0\0\0")},
    {"fewer children and a name", 1, &(const struct hw_element_change){.name = "h"},
     HW_VIEW_INIT("\x35\x02\x18\x01h\x15\x02\x15\x06\x4c\x3c\0\0\0")},
};

static void groups_tell_the_children_that_they_have(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_thrift thrift;
        const struct hw_parquet_element element = {
            .bytes = groups[0].want, .name = HW_VIEW("g"), .physical = -1, .children_count = 3};
        hw_thrift_init(&thrift, &out, NULL);
        hw_element_copy(&element, groups[i].change, groups[i].children, &thrift);
        assert_row_int(groups[i].name, thrift.status, HW_OK);
        assert_row_bytes(groups[i].name, out.data, out.size, groups[i].want.data, groups[i].want.size);
    }
}

/* Fields from number 5 on, each an integer, behind the name: a change keeps them all, or fails. */
static void fields_have_a_limit(void **state) {
    (void)state;
    static const struct hw_element_change change = {.name = "m"};
    static const struct {
        size_t count;
        enum hw_status want, unchanged;
    } rows[] = {{31, HW_OK, HW_OK}, {32, HW_ELIMIT, HW_OK}, {60, HW_ELIMIT, HW_OK}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) bytes = {0}, out = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_thrift thrift;
        assert_ok(hw_buf_append(&bytes, "\x48\x01n", 3, &err), err);
        for (size_t field = 0; field < rows[i].count; field++) {
            assert_ok(hw_buf_append(&bytes, "\x15\x02", 2, &err), err);
        }
        assert_ok(hw_buf_append_byte(&bytes, 0, &err), err);
        const struct hw_parquet_element element = {.bytes = hw_buf_view(&bytes), .name = HW_VIEW("n")};
        hw_thrift_init(&thrift, &out, &err);
        hw_element_copy(&element, &change, 0, &thrift);
        assert_int_equal(thrift.status, rows[i].want);
        bytes.data[2] = 'm';
        if (rows[i].want == HW_OK) {
            assert_row_bytes("all fields", out.data, out.size, bytes.data, bytes.size);
        } else {
            assert_string_equal(err.message, "column \"n\" cannot be changed: its schema has more than 32 fields");
            assert_int_equal(out.size, 0);
        }
        /* A failure is not told twice, and nothing follows it. */
        hw_element_copy(&element, &change, 0, &thrift);
        assert_int_equal(thrift.status, rows[i].want);
        hw_buf_clear(&out);
        hw_thrift_init(&thrift, &out, &err);
        hw_element_copy(&element, NULL, 0, &thrift);
        assert_int_equal(thrift.status, rows[i].unchanged);
        assert_int_equal(out.size, bytes.size);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        struct hw_buf out = {0};
        struct alloc_fault fault;
        struct hw_thrift thrift;
        const struct hw_parquet_element element = {.bytes = leaves[i].bytes};
        alloc_fault_begin(&fault, 0);
        hw_thrift_init(&thrift, &out, NULL);
        hw_element_copy(&element, &leaves[i].change, 0, &thrift);
        assert_row_int(leaves[i].name, alloc_fault_end(&fault), true);
        assert_row_int(leaves[i].name, thrift.status, HW_ENOMEM);
        hw_buf_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_change_stays_byte_by_byte),
        cmocka_unit_test(groups_tell_the_children_that_they_have),
        cmocka_unit_test(fields_have_a_limit),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/element_copy", tests, NULL, NULL);
}
