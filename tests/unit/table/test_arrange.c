/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrange.h"

#include "support/rows.h"
#include "support/slot_text.h"

enum { ROWS = 1000 };

static void columns_go_to_their_places_and_others_are_null(void **state) {
    (void)state;
    static const int64_t values[ROWS + 8] = {7, 8};
    struct hw_field own_fields[] = {{.name = "x", .type = {.kind = HW_KIND_INT64}},
                                    {.name = "y", .type = {.kind = HW_KIND_INT64}}};
    struct hw_field table_fields[HW_KIND_COUNT + 2] = {0};
    for (size_t i = 0; i < HW_KIND_COUNT; i++) {
        table_fields[i] = (struct hw_field){
            .name = "n",
            .type = {.kind = hw_kind_is_flat((enum hw_kind)i) ? (enum hw_kind)i : HW_KIND_FIXED, .width = 100}};
    }
    table_fields[HW_KIND_COUNT] = own_fields[1];
    table_fields[HW_KIND_COUNT + 1] = own_fields[0];
    const struct hw_schema own = {.fields = own_fields, .count = 2};
    const struct hw_schema table = {.fields = table_fields, .count = COUNT_OF(table_fields)};
    const struct hw_column own_columns[] = {{.values = values}, {.values = values + 1}};
    const uint32_t places[] = {HW_KIND_COUNT + 1, HW_KIND_COUNT};
    struct hw_column columns[COUNT_OF(table_fields)];
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_nulls) nulls = {0};
    struct hw_batch out;

    for (size_t rows = 1; rows <= ROWS; rows += 333) { /* the zeros grow */
        const struct hw_batch batch = {.schema = &own, .rows = rows, .columns = own_columns};
        assert_ok(hw_batch_arrange(&batch, places, &table, columns, &nulls, &out, &err), err);
        assert_ptr_equal(out.schema, &table);
        assert_int_equal(out.rows, rows);
        assert_ptr_equal(out.columns[HW_KIND_COUNT].values, values + 1);
        assert_ptr_equal(out.columns[HW_KIND_COUNT + 1].values, values);
        for (size_t i = 0; i < HW_KIND_COUNT; i++) {
            const struct hw_column *column = &out.columns[i];
            assert_int_equal(column->null_count, rows);
            for (size_t row = 0; row < rows; row++) {
                assert_true(i == HW_KIND_NULL || !hw_column_valid(column, row));
                assert_true(i != HW_KIND_TEXT || column->offsets[row + 1] == 0);
                assert_true(i != HW_KIND_LARGE_BINARY || column->large_offsets[row + 1] == 0);
            }
            /* All that may be read beyond the last value is there. */
            assert_true(rows * hw_type_bytes(table_fields[i].type) + HW_BATCH_PADDING <= nulls.zeros.size);
        }
    }
}

/* Null structs have null fields, null lists are empty, null fixed lists have null elements. */
static void nested_columns_are_null_too(void **state) {
    (void)state;
    static const struct hw_field texts = {.name = "t", .type.kind = HW_KIND_TEXT};
    static const struct hw_field pair[] = {
        {.name = "a", .type.kind = HW_KIND_INT32},
        {.name = "l", .type.kind = HW_KIND_LIST, .children = &texts, .children_count = 1},
    };
    static const struct hw_field entries = {
        .name = "e", .type.kind = HW_KIND_STRUCT, .required = true, .children = pair, .children_count = 2};
    struct hw_field fields[] = {
        {.name = "s", .type.kind = HW_KIND_STRUCT, .children = pair, .children_count = 2},
        {.name = "m", .type.kind = HW_KIND_MAP, .children = &entries, .children_count = 1},
        {.name = "g", .type.kind = HW_KIND_LARGE_LIST, .children = &texts, .children_count = 1},
        {.name = "f", .type = {.kind = HW_KIND_FIXED_LIST, .width = 3}, .children = &pair[0], .children_count = 1},
    };
    const struct hw_schema none = {fields, 0};
    const struct hw_schema table = {fields, COUNT_OF(fields)};
    struct hw_column columns[COUNT_OF(fields)];
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_nulls) nulls = {0};
    struct hw_batch out;
    for (size_t rows = 1; rows < 20; rows += 9) {
        const struct hw_batch batch = {.schema = &none, .rows = rows};
        assert_ok(hw_batch_arrange(&batch, NULL, &table, columns, &nulls, &out, &err), err);
        for (size_t i = 0; i < COUNT_OF(fields); i++) {
            HW_AUTO(hw_buf) text = {0};
            assert_int_equal(out.columns[i].length, rows);
            slots_text(&fields[i], &out.columns[i], rows - 1, 1, &text);
            assert_row_bytes(fields[i].name, text.data, text.size, "null ", 5);
        }
        HW_AUTO(hw_buf) text = {0};
        slots_text(&pair[1], &out.columns[0].children[1], rows - 1, 1, &text);
        slots_text(&pair[0], &out.columns[3].children[0], 3 * rows - 1, 1, &text);
        assert_row_bytes("children", text.data, text.size, "null null ", 10);
        assert_int_equal(out.columns[1].children[0].length, 0);
        assert_int_equal(out.columns[2].large_offsets[rows], 0);
    }
}

static void what_cannot_be_made_is_refused(void **state) {
    (void)state;
    static const struct hw_field texts = {.name = "t", .type.kind = HW_KIND_TEXT};
    struct hw_field field = {.name = "d", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}};
    const struct hw_schema none = {&field, 0};
    const struct hw_schema table = {&field, 1};
    struct hw_column column;
    HW_AUTO(hw_nulls) nulls = {0};
    struct hw_batch out;
    struct hw_batch batch = {.schema = &none, .rows = 2};
    field.dictionary = &texts;
    assert_int_equal(hw_batch_arrange(&batch, NULL, &table, &column, &nulls, &out, NULL), HW_EUNSUPPORTED);
    batch.rows = SIZE_MAX / 8;
    assert_int_equal(hw_batch_arrange(&batch, NULL, &table, &column, &nulls, &out, NULL), HW_ELIMIT);
}

static void a_batch_without_rows_has_no_nulls(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "x", .type = {.kind = HW_KIND_TEXT}}};
    const struct hw_schema none = {.fields = fields, .count = 0};
    const struct hw_schema table = {.fields = fields, .count = 1};
    struct hw_column column;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_nulls) nulls = {0};
    struct hw_batch out;
    assert_ok(hw_batch_arrange(&(struct hw_batch){.schema = &none}, NULL, &table, &column, &nulls, &out, &err), err);
    assert_int_equal(out.columns[0].null_count, 0);
    assert_null(out.columns[0].validity);
    assert_int_equal(out.columns[0].offsets[0], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_go_to_their_places_and_others_are_null),
        cmocka_unit_test(nested_columns_are_null_too),
        cmocka_unit_test(what_cannot_be_made_is_refused),
        cmocka_unit_test(a_batch_without_rows_has_no_nulls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
