/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/columns.h"

#include "core/limits.h"
#include "support/rows.h"
#include "support/slot_text.h"

static const struct hw_field below[] = {{.name = "x", .type.kind = HW_KIND_INT32, .required = true}};
static const struct hw_key_value is_union[] = {{HW_META_UNION, "1", 1}};
static const struct hw_field members[] = {{.name = "member0", .type.kind = HW_KIND_INT32},
                                          {.name = "member1", .type.kind = HW_KIND_BOOL}};
static struct hw_field fields[] = {
    {.name = "a", .type.kind = HW_KIND_INT64, .required = true},
    {.name = "b", .type.kind = HW_KIND_TEXT},
    {.name = "c", .type.kind = HW_KIND_STRUCT, .children = below, .children_count = 1},
    {.name = "d", .type.kind = HW_KIND_STRUCT, .required = true, .children = below, .children_count = 1},
    {.name = "e", .type.kind = HW_KIND_LIST, .required = true, .children = below, .children_count = 1},
    {.name = "f",
     .type.kind = HW_KIND_STRUCT,
     .required = true,
     .children = members,
     .children_count = 2,
     .metadata = is_union,
     .metadata_count = 1},
    {.name = "g", .type.kind = HW_KIND_NULL},
    {.name = "h", .type.kind = HW_KIND_BOOL, .required = true},
};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};

static void columns_make(struct hw_avro_columns *columns, struct hw_error *err) {
    *columns = (struct hw_avro_columns){0};
    assert_ok(hw_avro_columns_init(columns, &schema, err), *err);
    columns->err = err;
}

static void columns_have_shapes(void **state) {
    (void)state;
    static const enum hw_avro_shape want[] = {
        HW_AVRO_SHAPE_STRUCT, HW_AVRO_SHAPE_VALUES,  HW_AVRO_SHAPE_BYTES, HW_AVRO_SHAPE_COUNTED, HW_AVRO_SHAPE_STRUCT,
        HW_AVRO_SHAPE_LIST,   HW_AVRO_SHAPE_COUNTED, HW_AVRO_SHAPE_NONE,  HW_AVRO_SHAPE_VALUES,
    };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_columns) columns = {0};
    columns_make(&columns, &err);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_row_int(i > 0 ? fields[i - 1].name : "table", columns.items[i].shape, want[i]);
    }
    /* The children of a column have numbers in a row, and know it. */
    assert_int_equal(columns.items[6].children_count, 2);
    assert_int_equal(columns.items[columns.items[6].first_child + 1].parent, 6);
}

static void a_table_may_have_nothing_but_nulls(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_columns) columns = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_batch batch;
    columns_make(&columns, &err);
    assert_ok(hw_avro_columns_batch(&columns, 2, &batch, &err), err);
    for (size_t i = 0; i < schema.count; i++) {
        slots_text(&fields[i], &batch.columns[i], 0, 2, &text);
    }
    assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
    assert_string_equal((const char *)text.data,
                        "0 0 null null null null {0} {0} [] [] {null null} {null null} null null "
                        "false false ");
    assert_int_equal(batch.columns[1].null_count, 2);
    /* 8; 4 + 1; 1 + 4; 4; 4; 4 + 1 and 1 + 1; nothing; 1. An item of the list has 4. */
    assert_int_equal(columns.row_bytes, 8 + 5 + 5 + 4 + 4 + 7 + 1);
    assert_int_equal(columns.items[5].item_bytes, 4);
}

static void bits_are_packed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_columns) columns = {0};
    struct hw_batch batch;
    columns_make(&columns, &err);
    struct hw_avro_column *bools = &columns.items[8];
    struct hw_avro_column *texts = &columns.items[2];
    for (size_t i = 0; i < 13; i++) {
        assert_true(hw_avro_column_room(&columns, bools));
        bools->values[bools->slots++] = i % 3 == 0;
        assert_true(hw_avro_column_null(&columns, texts));
        texts->valid[i] = i == 12;
    }
    assert_ok(hw_avro_columns_batch(&columns, 13, &batch, &err), err);
    /* Bits 0, 3, 6, 9 and 12, the lowest first. */
    assert_memory_equal(batch.columns[7].values, "\x49\x12", 2);
    assert_memory_equal(batch.columns[1].validity, "\x00\x10", 2);
    assert_int_equal(batch.columns[1].null_count, 12);
}

static void what_was_behind_catches_up(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_columns) columns = {0};
    columns_make(&columns, &err);
    struct hw_avro_column *optional = &columns.items[3];
    struct hw_avro_column *child = &columns.items[optional->first_child];
    assert_true(hw_avro_column_pad(&columns, optional, 5));
    assert_int_equal(child->slots, 0);
    assert_true(optional->behind);
    assert_true(hw_avro_column_catch_up(&columns, optional, optional->slots));
    assert_int_equal(child->slots, 5);
    assert_false(optional->behind);
    /* A struct that is never null has no slots of its own. */
    struct hw_avro_column *required = &columns.items[4];
    assert_true(hw_avro_column_pad(&columns, required, 3));
    assert_int_equal(columns.items[required->first_child].slots, 3);
    hw_avro_columns_clear(&columns);
    assert_int_equal(child->slots, 0);
    assert_true(columns.held_bytes > 0);
    hw_avro_columns_trim(&columns);
    assert_int_equal(columns.held_bytes, 0);
}

static void memory_has_a_limit(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_columns) columns = {0};
    columns_make(&columns, &err);
    assert_false(hw_avro_column_grow(&columns, &columns.items[1], HW_AVRO_BATCH_BYTES_MAX / 8 + 1));
    assert_int_equal(err.status, HW_ELIMIT);
    assert_string_equal(err.message,
                        "a row takes more than the 1073741824 bytes in columns that --memory leaves for it");
    assert_false(hw_avro_column_data_grow(&columns, &columns.items[2], HW_AVRO_BATCH_BYTES_MAX + 1));
    columns.held_bytes = HW_AVRO_BATCH_BYTES_MAX - 100;
    assert_false(hw_avro_column_room(&columns, &columns.items[1]));
    assert_false(hw_avro_column_data_room(&columns, &columns.items[2], 1));
    struct hw_batch batch;
    assert_int_equal(hw_avro_columns_batch(&columns, 100, &batch, &err), HW_ELIMIT);
    columns.held_bytes = 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_shapes), cmocka_unit_test(a_table_may_have_nothing_but_nulls),
        cmocka_unit_test(bits_are_packed),     cmocka_unit_test(what_was_behind_catches_up),
        cmocka_unit_test(memory_has_a_limit),
    };
    return cmocka_run_group_tests_name("avro/columns", tests, NULL, NULL);
}
