/* SPDX-License-Identifier: Apache-2.0 */
#include "table/column_bytes.h"

#include "support/made_stream.h"
#include "support/rows.h"
#include "support/shaped_columns.h"

static void slots_of_every_shape_are_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < SHAPED_COLUMNS; i++) {
        const struct shaped_column *shaped = &shaped_columns[i];
        const size_t slots = shaped->column.length;
        uint64_t sum = 0;
        assert_row_int(shaped->name, hw_column_bytes(&shaped->field, &shaped->column, 0, slots, UINT64_MAX),
                       shaped->bytes);
        assert_row_int(shaped->name, hw_column_bytes(&shaped->field, &shaped->column, 0, slots, shaped->bytes),
                       shaped->bytes);
        for (size_t slot = 0; slot < slots; slot++) {
            sum += hw_column_bytes(&shaped->field, &shaped->column, slot, 1, UINT64_MAX);
        }
        assert_row_int(shaped->name, sum, shaped->bytes);
        for (uint64_t limit = 0; limit < shaped->bytes; limit++) {
            const uint64_t more = hw_column_bytes(&shaped->field, &shaped->column, 0, slots, limit);
            assert_row_int(shaped->name, more > limit, true);
        }
    }
}

/* The same values, whatever lies where there is none, and in whichever dictionary they are. */
static void only_values_count(void **state) {
    (void)state;
    struct made_stream streams[2] = {{.rows = 500, .batch_rows = 500}, {.rows = 500, .batch_rows = 500, .unset = 0xff}};
    struct hw_batch batches[2];
    struct hw_error err = HW_ERROR_INIT;
    bool more;
    for (size_t i = 0; i < 2; i++) {
        made_stream_init(&streams[i]);
        streams[i].batches = i * 2; /* words in another order */
        assert_ok(streams[i].base.next(&streams[i].base, &batches[i], &more, &err), err);
    }
    for (size_t i = 0; i < MADE_COLUMNS; i++) {
        const struct hw_field *field = &streams[0].schema.fields[i];
        assert_row_int(field->name, hw_column_bytes(field, &batches[0].columns[i], 0, 500, UINT64_MAX),
                       hw_column_bytes(field, &batches[1].columns[i], 0, 500, UINT64_MAX));
    }
    for (size_t i = 0; i < 2; i++) {
        hw_batch_release(&batches[i]);
        streams[i].base.free(&streams[i].base);
    }
}

/* Dictionaries within dictionaries come to more than any memory has, null lists to any number. */
static void what_cannot_be_counted_ends_soon(void **state) {
    (void)state;
    enum { LEVELS = 60, WIDTH = 10 };
    static const uint8_t indices[WIDTH], validity[1];
    static const int32_t offsets[] = {0, WIDTH};
    static struct hw_field lists[LEVELS], dictionaries[LEVELS];
    static struct hw_column list_columns[LEVELS], dictionary_columns[LEVELS];
    static const struct hw_field byte = {.name = "e", .type = {.kind = HW_KIND_UINT8}};
    static const struct hw_column bytes = {.values = indices, .length = WIDTH};
    for (size_t i = 0; i < LEVELS; i++) {
        lists[i] = (struct hw_field){.name = "l",
                                     .type = {.kind = HW_KIND_LIST},
                                     .children = i > 0 ? &dictionaries[i - 1] : &byte,
                                     .children_count = 1};
        list_columns[i] = (struct hw_column){
            .offsets = offsets, .children = i > 0 ? &dictionary_columns[i - 1] : &bytes, .length = 1};
        dictionaries[i] = (struct hw_field){
            .name = "d", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT8}, .dictionary = &lists[i]};
        dictionary_columns[i] = (struct hw_column){.values = indices, .dictionary = &list_columns[i], .length = WIDTH};
    }
    assert_true(hw_column_bytes(&dictionaries[LEVELS - 1], &dictionary_columns[LEVELS - 1], 0, 1, 100000) > 100000);
    static struct hw_field fixed[3];
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        fixed[i] = (struct hw_field){.name = "f",
                                     .type = {.kind = HW_KIND_FIXED_LIST, .width = UINT32_MAX},
                                     .children = i > 0 ? &fixed[i - 1] : &byte,
                                     .children_count = 1};
    }
    const struct hw_column null = {.validity = validity, .null_count = 1, .length = 1};
    assert_int_equal(hw_column_bytes(&fixed[2], &null, 0, 1, 1000) > 1000, true);
    assert_int_equal(hw_column_bytes(&fixed[2], &null, 0, 1, UINT64_MAX), UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_of_every_shape_are_counted),
        cmocka_unit_test(only_values_count),
        cmocka_unit_test(what_cannot_be_counted_ends_soon),
    };
    return cmocka_run_group_tests_name("table/column_bytes", tests, NULL, NULL);
}
