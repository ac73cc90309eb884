/* SPDX-License-Identifier: Apache-2.0 */
#include "table/flatten.h"

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/value_json.h"

/* id, p? {q, r? {s}, l []} */
static const struct hw_field s_field = {.name = "s", .type = {.kind = HW_KIND_INT8}, .required = true};
static const struct hw_field item = {.name = "element", .type = {.kind = HW_KIND_INT8}};
static const struct hw_field p_fields[] = {
    {.name = "q", .type = {.kind = HW_KIND_INT8}, .required = true},
    {.name = "r", .type = {.kind = HW_KIND_STRUCT}, .children = &s_field, .children_count = 1},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &item, .children_count = 1},
};
static struct hw_field fields[] = {
    {.name = "id", .type = {.kind = HW_KIND_INT8}, .required = true},
    {.name = "p", .type = {.kind = HW_KIND_STRUCT}, .children = p_fields, .children_count = 3},
};
static const struct hw_schema table = {fields, 2};

static void structs_become_columns(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        bool required;
    } rows[] = {
        {"id", HW_KIND_INT8, true},
        {"p.q", HW_KIND_INT8, false},
        {"p.r.s", HW_KIND_INT8, false},
        {"p.l", HW_KIND_LIST, false},
    };
    struct hw_flat flat = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_flat_make(&flat, &table, &err), err);
    assert_int_equal(flat.schema.count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].name, flat.schema.fields[i].name, rows[i].name);
        assert_row_int(rows[i].name, flat.schema.fields[i].type.kind, rows[i].kind);
        assert_row_int(rows[i].name, flat.schema.fields[i].required, rows[i].required);
    }
    assert_true(hw_schema_is_nested(&table));
    assert_true(hw_schema_is_nested(&flat.schema));
    assert_false(hw_schema_is_nested(&(struct hw_schema){fields, 1}));
    hw_flat_release(&flat);
}

static void two_columns_of_one_name_are_refused(void **state) {
    (void)state;
    struct hw_field twins[] = {fields[1], {.name = "p.q", .type = {.kind = HW_KIND_INT8}}};
    struct hw_flat flat = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_flat_make(&flat, &(struct hw_schema){twins, COUNT_OF(twins)}, &err), HW_EDATA);
    assert_row_says("twins", err.message, "two columns would be called \"p.q\"");
    assert_null(flat.schema.fields);
}

static void a_schema_is_proved_flat(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_schema_prove_flat(&(struct hw_schema){fields, 1}, &err), err);
    assert_int_equal(hw_schema_prove_flat(&table, &err), HW_EUSAGE);
    assert_row_says("nested", err.message, "the column is nested, and CSV was asked to be flat");
    assert_string_equal(err.column, "p");
}

/* Three rows, where p has a slot before its first and is null in the second, and r in the third. */
static void nulls_of_structs_are_those_of_their_fields(void **state) {
    (void)state;
    static const int8_t numbers[] = {10, 11, 12, 13, 14, 15};
    static const uint8_t p_valid[] = {0x0b};
    static const uint8_t r_valid[] = {0x0c};
    static const int32_t offsets[] = {0, 0, 2, 3, 3};
    static const char *const want[][4] = {
        {"10", "12", "13", "[11,12]"}, {"11", "null", "null", "null"}, {"12", "14", "null", "[]"}};
    const struct hw_column s_column = {.values = numbers + 1, .length = 5};
    const struct hw_column item_column = {.values = numbers + 1, .length = 3};
    const struct hw_column p_columns[] = {
        {.values = numbers, .offset = 1, .length = 4},
        {.validity = r_valid, .null_count = 2, .children = &s_column, .offset = 1, .length = 4},
        {.offsets = offsets, .children = &item_column, .length = 4},
    };
    const struct hw_column columns[] = {
        {.values = numbers}, {.validity = p_valid, .null_count = 1, .children = p_columns, .offset = 1, .length = 3}};
    const struct hw_batch batch = {&table, 3, columns, NULL};
    struct hw_flat flat = {0};
    struct hw_arena arena = {0};
    struct hw_batch got;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_flat_make(&flat, &table, &err), err);
    assert_ok(hw_flat_apply(&flat, &batch, &arena, &got, &err), err);
    for (size_t row = 0; row < 3; row++) {
        for (size_t i = 0; i < 4; i++) {
            struct hw_buf out = {0};
            assert_ok(hw_value_json_append(HW_BINARY_HEX, &got.schema->fields[i], &got.columns[i], row, &out, &err),
                      err);
            assert_row_bytes(want[row][i], out.data, out.size, want[row][i], strlen(want[row][i]));
            hw_buf_release(&out);
        }
    }
    assert_int_equal(got.columns[1].null_count, 1);
    assert_int_equal(got.columns[2].null_count, 2);
    hw_arena_release(&arena);
    hw_flat_release(&flat);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_flat flat = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_flat_make(&flat, &table, NULL);
        hw_flat_release(&flat);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structs_become_columns),       cmocka_unit_test(two_columns_of_one_name_are_refused),
        cmocka_unit_test(a_schema_is_proved_flat),      cmocka_unit_test(nulls_of_structs_are_those_of_their_fields),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/flatten", tests, NULL, NULL);
}
