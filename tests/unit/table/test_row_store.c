/* SPDX-License-Identifier: Apache-2.0 */
#include "table/row_store.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/made_stream.h"
#include "support/slot_text.h"
#include "unit/csv/sheet.h"

enum { ROWS = 1000, KINDS = 8 };

static const struct hw_type types[KINDS] = {
    {.kind = HW_KIND_INT64}, {.kind = HW_KIND_TEXT},      {.kind = HW_KIND_BOOL}, {.kind = HW_KIND_DATE},
    {.kind = HW_KIND_UUID},  {.kind = HW_KIND_TIMESTAMP}, {.kind = HW_KIND_NULL}, {.kind = HW_KIND_DOUBLE},
};

/*
 * Row `n` of the table: what is known of it before it is stored. Every ninth value is null, of the
 * last column none.
 */
static bool null_at(size_t column, unsigned n) {
    return types[column].kind == HW_KIND_NULL || (column != KINDS - 1 && (n + column) % 9 == 0);
}

static void value_put(struct sheet *sheet, size_t column, unsigned n) {
    char text[32];
    uint8_t wide[16] = {(uint8_t)n, (uint8_t)(n >> 8), 7};
    bool flag = n % 3 == 0;
    if (null_at(column, n)) {
        sheet_put(sheet, column, NULL, 0);
    } else if (types[column].kind == HW_KIND_TEXT) {
        int bytes = snprintf(text, sizeof(text), "%.*s%u", (int)(n % 5), "xxxxx", n);
        sheet_put(sheet, column, text, n % 11 == 0 ? 0 : (size_t)bytes);
    } else if (types[column].kind == HW_KIND_BOOL) {
        sheet_put(sheet, column, &flag, 1);
    } else {
        sheet_put(sheet, column, wide, 0);
    }
}

static void sheet_fill(struct sheet *sheet, unsigned first, unsigned count) {
    for (size_t i = 0; i < KINDS; i++) {
        sheet_column(sheet, "c", types[i]);
        for (unsigned n = first; n < first + count; n++) {
            value_put(sheet, i, n);
        }
    }
}

static void same_value(const struct hw_column *got, size_t row, const struct hw_column *want, size_t want_row,
                       enum hw_kind kind) {
    assert_int_equal(kind != HW_KIND_NULL && hw_column_valid(got, row),
                     kind != HW_KIND_NULL && hw_column_valid(want, want_row));
    if (kind == HW_KIND_NULL || !hw_column_valid(want, want_row)) {
        assert_true(kind != HW_KIND_TEXT || got->offsets[row] == got->offsets[row + 1]);
        return;
    }
    if (kind == HW_KIND_TEXT) {
        size_t bytes = (size_t)(want->offsets[want_row + 1] - want->offsets[want_row]);
        assert_int_equal(got->offsets[row + 1] - got->offsets[row], bytes);
        assert_memory_equal(got->data + got->offsets[row], want->data + want->offsets[want_row], bytes);
    } else if (kind == HW_KIND_BOOL) {
        const uint8_t *a = got->values;
        const uint8_t *b = want->values;
        assert_int_equal(a[row / 8] >> row % 8 & 1, b[want_row / 8] >> want_row % 8 & 1);
    } else {
        size_t width = hw_kind_bytes(kind);
        assert_memory_equal((const char *)got->values + row * width, (const char *)want->values + want_row * width,
                            width);
    }
}

/* Stores the rows in batches, then takes every `step`-th out, from the last to the first. */
static void rows_come_out_in_any_order(void **state) {
    (void)state;
    static const size_t reversed[KINDS] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const unsigned steps[] = {1, 7, ROWS};
    struct hw_error err = HW_ERROR_INIT;
    struct sheet all = {0};
    struct hw_row_store *store;
    sheet_fill(&all, 0, ROWS);
    struct hw_batch want = sheet_batch(&all, 'x');
    assert_ok(hw_row_store_new(&all.schema, &store, &err), err);
    for (int round = 0; round < 2; round++) {
        for (unsigned first = 0; first < ROWS; first += 250) {
            struct sheet part = {0};
            sheet_fill(&part, first, 250);
            struct hw_batch batch = sheet_batch(&part, 'y');
            assert_ok(hw_row_store_add(store, &batch, reversed, &err), err);
            sheet_release(&part);
        }
        assert_int_equal(hw_row_store_rows(store), ROWS);
        assert_true(hw_row_store_held(store) > ROWS * 60);
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            uint32_t rows[ROWS];
            size_t count = 0;
            struct hw_batch got;
            for (unsigned row = ROWS; row >= steps[i]; row -= steps[i]) {
                rows[count++] = row - 1;
            }
            assert_ok(hw_row_store_gather(store, rows, count, &got, &err), err);
            assert_int_equal(got.rows, count);
            for (size_t column = 0; column < KINDS; column++) {
                size_t nulls = 0;
                for (size_t row = 0; row < count; row++) {
                    nulls += null_at(column, rows[row]);
                    same_value(&got.columns[column], row, &want.columns[column], rows[row], types[column].kind);
                }
                assert_int_equal(got.columns[column].null_count, nulls);
                assert_true(nulls > 0 || !got.columns[column].validity);
            }
        }
        hw_row_store_clear(store, round == 0 ? SIZE_MAX : 0);
        assert_int_equal(hw_row_store_rows(store), 0);
    }
    hw_row_store_free(store);
    sheet_release(&all);
}

/* Columns are chosen by their place in the batch. */
static void columns_are_chosen(void **state) {
    (void)state;
    static const size_t chosen[] = {2, 0};
    struct sheet sheet = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_store *store;
    struct hw_batch got;
    for (size_t i = 0; i < 3; i++) {
        const int64_t value = (int64_t)i;
        sheet_column(&sheet, "c", types[0]);
        sheet_put(&sheet, i, &value, 8);
    }
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    const struct hw_schema schema = {sheet.fields, 2};
    assert_ok(hw_row_store_new(&schema, &store, &err), err);
    assert_ok(hw_row_store_add(store, &batch, chosen, &err), err);
    assert_ok(hw_row_store_gather(store, (const uint32_t[]){0}, 1, &got, &err), err);
    assert_int_equal(*(const int64_t *)got.columns[0].values, 2);
    assert_int_equal(*(const int64_t *)got.columns[1].values, 0);
    hw_row_store_free(store);
    sheet_release(&sheet);
}

/* Nulls that come late: the rows before are not null. */
static void a_first_null_comes_late(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_store *store;
    struct hw_batch got;
    const int64_t values[] = {5, 6, 7};
    const uint8_t validity[] = {5};
    struct hw_field field = {.name = "c", .type = types[0]};
    const struct hw_schema schema = {&field, 1};
    const struct hw_column whole = {.values = values};
    const struct hw_column holed = {.values = values, .validity = validity, .null_count = 1};
    assert_ok(hw_row_store_new(&schema, &store, &err), err);
    assert_ok(hw_row_store_add(store, &(struct hw_batch){&schema, 3, &whole}, (const size_t[]){0}, &err), err);
    assert_ok(hw_row_store_add(store, &(struct hw_batch){&schema, 3, &holed}, (const size_t[]){0}, &err), err);
    assert_ok(hw_row_store_add(store, &(struct hw_batch){&schema, 3, &whole}, (const size_t[]){0}, &err), err);
    assert_ok(hw_row_store_gather(store, (const uint32_t[]){0, 4, 8, 3}, 4, &got, &err), err);
    assert_int_equal(got.columns[0].null_count, 1);
    assert_int_equal(got.columns[0].validity[0], 13);
    assert_ok(hw_row_store_gather(store, (const uint32_t[]){0, 8}, 2, &got, &err), err);
    assert_null(got.columns[0].validity);
    hw_row_store_free(store);
}

/* Columns whose first slot is not their buffers' first. */
static void rows_at_an_offset_are_kept(void **state) {
    (void)state;
    static const struct hw_type kinds[] = {{.kind = HW_KIND_INT64}, {.kind = HW_KIND_BOOL}, {.kind = HW_KIND_TEXT}};
    const int64_t values[] = {4, 5, 6, 7};
    const uint8_t bits[] = {0x0a}, validity[] = {0x0d}; /* the second is null */
    const int32_t offsets[] = {0, 1, 1, 3, 6};
    const struct hw_column columns[] = {
        {.values = values, .validity = validity, .null_count = 1, .offset = 1},
        {.values = bits, .offset = 1},
        {.offsets = offsets, .data = "abbccc", .offset = 1},
    };
    struct hw_field fields[] = {
        {.name = "n", .type = kinds[0]}, {.name = "b", .type = kinds[1]}, {.name = "t", .type = kinds[2]}};
    const struct hw_schema schema = {fields, 3};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_store *store;
    struct hw_batch got;
    assert_ok(hw_row_store_new(&schema, &store, &err), err);
    assert_ok(hw_row_store_add(store, &(struct hw_batch){&schema, 3, columns}, (const size_t[]){0, 1, 2}, &err), err);
    assert_ok(hw_row_store_gather(store, (const uint32_t[]){2, 1, 0}, 3, &got, &err), err);
    assert_int_equal(((const int64_t *)got.columns[0].values)[0], 7);
    assert_int_equal(((const int64_t *)got.columns[0].values)[1], 6);
    assert_int_equal(got.columns[0].validity[0], 3);
    assert_int_equal(((const uint8_t *)got.columns[1].values)[0], 5);
    assert_int_equal(got.columns[1].length, 3);
    assert_memory_equal(got.columns[2].data, "cccbb", 5);
    assert_int_equal(got.columns[2].offsets[3], 5);
    hw_row_store_free(store);
}

/* Columns of any kind but dictionaries, which stand in the middle of the batches. */
static void nested_rows_come_out_in_any_order(void **state) {
    (void)state;
    enum { NESTED_ROWS = 90, STORED = MADE_COLUMNS - 1 };
    static const size_t columns[STORED] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10};
    struct hw_field fields[STORED];
    const struct hw_schema schema = {fields, STORED};
    struct made_stream made = {.rows = NESTED_ROWS, .batch_rows = 20, .unset = 0xaa};
    struct made_stream all = {.rows = NESTED_ROWS, .batch_rows = NESTED_ROWS};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_row_store *store;
    struct hw_batch batch, want, got;
    bool more;
    made_stream_init(&made);
    made_stream_init(&all);
    assert_ok(all.base.next(&all.base, &want, &more, &err), err);
    for (size_t i = 0; i < STORED; i++) {
        fields[i] = made.schema.fields[columns[i]];
    }
    assert_ok(hw_row_store_new(&schema, &store, &err), err);
    for (int round = 0; round < 2; round++) {
        uint32_t rows[NESTED_ROWS];
        made.row = 0;
        made.over = false;
        while (made.row < made.rows) {
            assert_ok(made.base.next(&made.base, &batch, &more, &err), err);
            assert_ok(hw_row_store_add(store, &batch, columns, &err), err);
            hw_batch_release(&batch);
        }
        assert_true(hw_row_store_held(store) > NESTED_ROWS * 100);
        for (uint32_t i = 0; i < NESTED_ROWS; i++) {
            rows[i] = i * 7 % NESTED_ROWS;
        }
        assert_ok(hw_row_store_gather(store, rows, NESTED_ROWS, &got, &err), err);
        for (size_t i = 0; i < STORED; i++) {
            HW_AUTO(hw_buf) wanted = {0};
            HW_AUTO(hw_buf) gotten = {0};
            const struct hw_field *field = &fields[i];
            slots_text(field, &got.columns[i], 0, NESTED_ROWS, &gotten);
            for (size_t row = 0; row < NESTED_ROWS; row++) {
                slots_text(field, &want.columns[columns[i]], rows[row], 1, &wanted);
            }
            assert_row_bytes(field->name, gotten.data, gotten.size, wanted.data, wanted.size);
        }
        hw_row_store_clear(store, round == 0 ? SIZE_MAX : 0);
        assert_true(hw_row_store_held(store) < 10000);
    }
    hw_row_store_free(store);
    hw_batch_release(&want);
    all.base.free(&all.base);
    made.base.free(&made.base);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const size_t columns[KINDS] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct sheet sheet = {0};
    sheet_fill(&sheet, 0, 100);
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    size_t successes = 0;
    for (bool failed = true; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_row_store *store = NULL;
        struct hw_batch got;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_row_store_new(&sheet.schema, &store, &err);
        status = status == HW_OK ? hw_row_store_add(store, &batch, columns, &err) : status;
        status = status == HW_OK ? hw_row_store_gather(store, (const uint32_t[]){3, 2}, 2, &got, &err) : status;
        hw_row_store_free(store);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
    assert_in_range(successes, 10, 200);
    sheet_release(&sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_out_in_any_order),        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(a_first_null_comes_late),           cmocka_unit_test(rows_at_an_offset_are_kept),
        cmocka_unit_test(nested_rows_come_out_in_any_order), cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("table/row_store", tests, NULL, NULL);
}
