/* SPDX-License-Identifier: Apache-2.0 */
#include "table/column_buffer.h"

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/made_stream.h"
#include "support/rows.h"
#include "support/shaped_columns.h"
#include "support/slot_text.h"

/* Whether the buffer has these slots, `times` times. A dictionary's has those of its values. */
static void buffer_check(const char *row, struct hw_column_buffer *buffer, const struct hw_field *field,
                         const char *text, size_t times) {
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column column;
    const struct hw_field *values = field->dictionary ? field->dictionary : field;
    assert_ok(hw_column_buffer_column(buffer, &column, &err), err);
    slots_text(values, &column, 0, column.length, &got);
    for (size_t i = 0; i < times; i++) {
        assert_ok(hw_buf_append_text(&want, text, &err), err);
    }
    assert_ok(hw_buf_end_text(&got, &err), err);
    assert_ok(hw_buf_end_text(&want, &err), err);
    assert_row_text(row, (const char *)got.data, (const char *)want.data);
    assert_row_int(row, column.offset, 0);
    assert_row_int(row, column.exact, false);
}

static void columns_of_every_shape_are_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < SHAPED_COLUMNS; i++) {
        const struct shaped_column *shaped = &shaped_columns[i];
        struct hw_column_buffer *buffer;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_column_buffer_new(&shaped->field, &buffer, &err), err);
        buffer_check(shaped->name, buffer, &shaped->field, "", 0);
        for (int round = 0; round < 2; round++) {
            for (size_t times = 0; times < 11; times++) {
                assert_ok(hw_column_buffer_append(buffer, &shaped->column, 0, shaped->column.length, &err), err);
            }
            buffer_check(shaped->name, buffer, &shaped->field, shaped->text, 11);
            (round == 0 ? hw_column_buffer_clear : hw_column_buffer_trim)(buffer);
            buffer_check(shaped->name, buffer, &shaped->field, "", 0);
        }
        for (size_t slot = 0; slot < shaped->column.length; slot++) {
            assert_ok(hw_column_buffer_append(buffer, &shaped->column, slot, 1, &err), err);
        }
        buffer_check(shaped->name, buffer, &shaped->field, shaped->text, 1);
        hw_column_buffer_free(buffer);
    }
}

/* Nulls are counted as they are kept, and there is a bitmap where there are any. */
static void nulls_are_counted(void **state) {
    (void)state;
    struct made_stream made = {.rows = 1000, .batch_rows = 1000};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch batch;
    bool more;
    made_stream_init(&made);
    assert_ok(made.base.next(&made.base, &batch, &more, &err), err);
    for (size_t i = 0; i < MADE_COLUMNS; i++) {
        const struct hw_field *field = &made.schema.fields[i];
        struct hw_column_buffer *buffer;
        struct hw_column column;
        assert_ok(hw_column_buffer_new(field, &buffer, &err), err);
        assert_ok(hw_column_buffer_append(buffer, &batch.columns[i], 0, 1000, &err), err);
        assert_ok(hw_column_buffer_column(buffer, &column, &err), err);
        assert_row_int(field->name, column.null_count, batch.columns[i].null_count);
        assert_row_int(field->name, column.validity != NULL, batch.columns[i].null_count > 0);
        assert_row_int(field->name, column.length, 1000);
        hw_column_buffer_free(buffer);
    }
    hw_batch_release(&batch);
    made.base.free(&made.base);
}

/* What stands below a null: nothing of it is copied, and what is never null stays so. */
static void nothing_below_a_null_is_copied(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column_buffer *buffer;
    struct hw_column column;
    for (size_t i = 0; i < SHAPED_COLUMNS; i++) {
        const struct shaped_column *shaped = &shaped_columns[i];
        if (shaped->field.type.kind != HW_KIND_STRUCT && shaped->field.type.kind != HW_KIND_FIXED_LIST) {
            continue;
        }
        assert_ok(hw_column_buffer_new(&shaped->field, &buffer, &err), err);
        assert_ok(hw_column_buffer_append(buffer, &shaped->column, 0, 4, &err), err);
        assert_ok(hw_column_buffer_column(buffer, &column, &err), err);
        if (shaped->field.type.kind == HW_KIND_FIXED_LIST) {
            assert_int_equal(column.children[0].null_count, 2);
            assert_int_equal(((const int32_t *)column.children[0].values)[2], 0);
        } else {
            assert_int_equal(column.children[0].null_count, 0); /* it is required */
            assert_int_equal(((const int32_t *)column.children[0].values)[2], 0);
            assert_int_equal(column.children[1].null_count, 2);
            assert_int_equal(column.children[1].offsets[4], 5);
        }
        hw_column_buffer_free(buffer);
    }
}

static void offsets_of_32_bits_have_an_end(void **state) {
    (void)state;
    static const int32_t far[] = {0, INT32_MAX - 1};
    static const struct hw_field child_field = {.name = "e", .type = {.kind = HW_KIND_NULL}};
    static const struct hw_field field = {
        .name = "l", .type = {.kind = HW_KIND_LIST}, .children = &child_field, .children_count = 1};
    static const struct hw_column child = {.length = INT32_MAX};
    static const struct hw_column column = {.offsets = far, .children = &child, .length = 1};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column_buffer *buffer;
    assert_ok(hw_column_buffer_new(&field, &buffer, &err), err);
    assert_ok(hw_column_buffer_append(buffer, &column, 0, 1, &err), err);
    assert_int_equal(hw_column_buffer_append(buffer, &column, 0, 1, &err), HW_ELIMIT);
    assert_row_says("far", err.message, "offsets of 32 bits");
    hw_column_buffer_free(buffer);
}

static void memory_is_told_and_given_back(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column_buffer *buffer;
    assert_ok(hw_column_buffer_new(&shaped_columns[11].field, &buffer, &err), err);
    const size_t held = hw_column_buffer_held(buffer), used = hw_column_buffer_used(buffer);
    for (size_t i = 0; i < 1000; i++) {
        assert_ok(hw_column_buffer_append(buffer, &shaped_columns[11].column, 0, 4, &err), err);
    }
    /* 4,000 numbers and offsets, and 5,000 bytes of texts */
    assert_in_range(hw_column_buffer_used(buffer) - used, 8 * 4000 + 5000, 8 * 4000 + 5000 + 4 * 600);
    assert_true(hw_column_buffer_held(buffer) >= hw_column_buffer_used(buffer));
    hw_column_buffer_clear(buffer);
    assert_int_equal(hw_column_buffer_used(buffer), used);
    assert_in_range(hw_column_buffer_held(buffer) - held, 8 * 4000 + 5000, 4 * 8 * 4000);
    hw_column_buffer_trim(buffer);
    assert_int_equal(hw_column_buffer_held(buffer), held);
    hw_column_buffer_free(buffer);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < SHAPED_COLUMNS; i++) {
        const struct shaped_column *shaped = &shaped_columns[i];
        bool failed = true;
        for (size_t successes = 0; failed; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_column_buffer *buffer = NULL;
            struct hw_column column;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = hw_column_buffer_new(&shaped->field, &buffer, &err);
            for (int times = 0; status == HW_OK && times < 40; times++) {
                status = hw_column_buffer_append(buffer, &shaped->column, 0, shaped->column.length, &err);
            }
            status = status == HW_OK ? hw_column_buffer_column(buffer, &column, &err) : status;
            hw_column_buffer_free(buffer);
            failed = alloc_fault_end(&fault);
            assert_row_int(shaped->name, status, failed ? HW_ENOMEM : HW_OK);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_every_shape_are_kept), cmocka_unit_test(nulls_are_counted),
        cmocka_unit_test(nothing_below_a_null_is_copied),  cmocka_unit_test(offsets_of_32_bits_have_an_end),
        cmocka_unit_test(memory_is_told_and_given_back),   cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/column_buffer", tests, NULL, NULL);
}
