/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_bytes.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "unit/csv/sheet.h"

static const struct hw_type types[] = {
    {.kind = HW_KIND_INT64}, {.kind = HW_KIND_TEXT},      {.kind = HW_KIND_BOOL}, {.kind = HW_KIND_DATE},
    {.kind = HW_KIND_UUID},  {.kind = HW_KIND_TIMESTAMP}, {.kind = HW_KIND_NULL}, {.kind = HW_KIND_DOUBLE},
};

/* Every third value is null where the sheet has nulls. */
static void sheet_fill(struct sheet *sheet, unsigned rows, bool nulls) {
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        sheet_column(sheet, "c", types[i]);
        for (unsigned row = 0; row < rows; row++) {
            char text[32];
            const uint8_t wide[16] = {(uint8_t)row, (uint8_t)i, 7};
            const bool flag = row % 3 == 0;
            const int bytes = snprintf(text, sizeof(text), "%.*s%u", (int)(row % 5), "xxxxx", row);
            if (types[i].kind == HW_KIND_NULL || (nulls && (row + i) % 3 == 0)) {
                sheet_put(sheet, i, NULL, 0);
            } else if (types[i].kind == HW_KIND_TEXT) {
                sheet_put(sheet, i, text, row % 4 == 0 ? 0 : (size_t)bytes);
            } else if (types[i].kind == HW_KIND_BOOL) {
                sheet_put(sheet, i, &flag, 1);
            } else {
                sheet_put(sheet, i, wide, 0);
            }
        }
    }
}

static void same_value(const char *name, const struct hw_column *got, const struct hw_column *want, size_t row,
                       enum hw_kind kind) {
    if (kind == HW_KIND_NULL) {
        return;
    }
    assert_row_int(name, hw_column_valid(got, row), hw_column_valid(want, row));
    if (!hw_column_valid(want, row)) {
        return;
    }
    if (kind == HW_KIND_TEXT) {
        assert_row_bytes(name, got->data + got->offsets[row], (size_t)(got->offsets[row + 1] - got->offsets[row]),
                         want->data + want->offsets[row], (size_t)(want->offsets[row + 1] - want->offsets[row]));
    } else if (kind == HW_KIND_BOOL) {
        const uint8_t *a = got->values;
        const uint8_t *b = want->values;
        assert_row_int(name, a[row / 8] >> row % 8 & 1, b[row / 8] >> row % 8 & 1);
    } else {
        const size_t width = hw_kind_bytes(kind);
        assert_row_bytes(name, (const char *)got->values + row * width, width, (const char *)want->values + row * width,
                         width);
    }
}

static void batches_come_back(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned rows;
        bool nulls;
    } rows[] = {
        {"one row", 1, false},
        {"one row with nulls", 1, true},
        {"some rows", 100, false},
        {"some rows with nulls", 100, true},
        {"whole bytes of bits", 64, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column columns[COUNT_OF(types)];
        struct sheet sheet = {0};
        struct hw_batch got;
        sheet_fill(&sheet, rows[i].rows, rows[i].nulls);
        const struct hw_batch want = sheet_batch(&sheet, 'x');
        assert_true(hw_batch_bytes_can(want.schema));
        assert_ok(hw_batch_bytes_append(&want, &bytes, &err), err);
        assert_row_int(rows[i].name, bytes.size % HW_BATCH_BYTES_ALIGNMENT, 0);
        assert_ok(hw_batch_bytes_read(want.schema, hw_buf_view(&bytes), columns, &got, &err), err);
        assert_row_int(rows[i].name, got.rows, rows[i].rows);
        for (size_t k = 0; k < COUNT_OF(types); k++) {
            assert_row_int(rows[i].name, got.columns[k].null_count, want.columns[k].null_count);
            for (size_t row = 0; row < got.rows; row++) {
                same_value(rows[i].name, &got.columns[k], &want.columns[k], row, types[k].kind);
            }
        }
        sheet_release(&sheet);
    }
}

/* Wherever the texts of a slice begin, those of the form begin at 0. */
static void texts_of_a_slice_come_back(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field field = {.name = "t", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema schema = {&field, 1};
    const int32_t offsets[] = {3, 5, 5, 6};
    const struct hw_column column = {.offsets = offsets, .data = "abcdef", .length = 3};
    struct hw_column columns[1];
    struct hw_batch got;
    assert_ok(hw_batch_bytes_append(&(struct hw_batch){&schema, 3, &column}, &bytes, &err), err);
    assert_ok(hw_batch_bytes_read(&schema, hw_buf_view(&bytes), columns, &got, &err), err);
    assert_memory_equal(got.columns[0].offsets, ((const int32_t[]){0, 2, 2, 3}), 4 * sizeof(int32_t));
    assert_memory_equal(got.columns[0].data, "def", 3);
}

static void other_bytes_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column columns[COUNT_OF(types)];
    struct sheet sheet = {0};
    struct hw_batch got;
    sheet_fill(&sheet, 20, true);
    const struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_batch_bytes_append(&batch, &bytes, &err), err);
    for (size_t size = 0; size < bytes.size; size += HW_BATCH_BYTES_ALIGNMENT) {
        const hw_view part = {(const char *)bytes.data, size};
        assert_int_equal(hw_batch_bytes_read(batch.schema, part, columns, &got, &err), HW_EFAILED);
        assert_non_null(strstr(err.message, "are not what was written"));
    }
    assert_ok(hw_buf_append(&bytes, "8 bytes ", 8, &err), err);
    assert_int_equal(hw_batch_bytes_read(batch.schema, hw_buf_view(&bytes), columns, &got, &err), HW_EFAILED);
    hw_store_le64(bytes.data, UINT64_MAX);
    assert_int_equal(hw_batch_bytes_read(batch.schema, hw_buf_view(&bytes), columns, &got, &err), HW_EFAILED);
    sheet_release(&sheet);
}

static void only_basic_kinds_have_a_form(void **state) {
    (void)state;
    struct hw_field fields[] = {{.name = "a", .type = {.kind = HW_KIND_UUID}},
                                {.name = "b", .type = {.kind = HW_KIND_LIST}}};
    assert_true(hw_batch_bytes_can(&(struct hw_schema){fields, 1}));
    assert_false(hw_batch_bytes_can(&(struct hw_schema){fields, 2}));
}

static void memory_may_be_out(void **state) {
    (void)state;
    struct sheet sheet = {0};
    sheet_fill(&sheet, 100, true);
    const struct hw_batch batch = sheet_batch(&sheet, 'x');
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_batch_bytes_append(&batch, &bytes, &err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
    sheet_release(&sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_come_back),       cmocka_unit_test(texts_of_a_slice_come_back),
        cmocka_unit_test(other_bytes_are_refused), cmocka_unit_test(only_basic_kinds_have_a_form),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("table/batch_bytes", tests, NULL, NULL);
}
