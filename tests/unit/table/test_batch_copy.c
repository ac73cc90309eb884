/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_copy.h"

#include "core/buf.h"
#include "support/all_kinds.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/shared_schema.h"

/* ------ values as text, read as the layout of Arrow has them */

static void put(struct hw_buf *out, const char *text) {
    assert_int_equal(hw_buf_append_text(out, text, NULL), HW_OK);
}

static void value_put(const struct hw_field *field, const struct hw_column *column, size_t slot, struct hw_buf *out);

static void elements_put(const struct hw_field *field, const struct hw_column *column, size_t begin, size_t end,
                         struct hw_buf *out) {
    put(out, "[");
    for (size_t i = begin; i < end; i++) {
        put(out, i > begin ? " " : "");
        value_put(&field->children[0], &column->children[0], i, out);
    }
    put(out, "]");
}

static void struct_put(const struct hw_field *field, const struct hw_column *column, size_t at, struct hw_buf *out) {
    put(out, "{");
    for (size_t i = 0; i < field->children_count; i++) {
        put(out, i > 0 ? " " : "");
        value_put(&field->children[i], &column->children[i], at, out);
    }
    put(out, "}");
}

static void fixed_put(struct hw_type type, const struct hw_column *column, size_t at, struct hw_buf *out) {
    const size_t width = hw_type_bytes(type);
    const uint8_t *bytes = (const uint8_t *)column->values + at * width;
    int32_t number;
    if (type.kind == HW_KIND_INT32) {
        memcpy(&number, bytes, sizeof(number));
        assert_int_equal(hw_buf_printf(out, NULL, "%" PRId32, number), HW_OK);
        return;
    }
    put(out, "x");
    for (size_t i = 0; i < width; i++) {
        assert_int_equal(hw_buf_printf(out, NULL, "%02x", bytes[i]), HW_OK);
    }
}

/* Appends slot `slot` of the column; `~` stands for a null. */
static void value_put(const struct hw_field *field, const struct hw_column *column, size_t slot, struct hw_buf *out) {
    const enum hw_kind kind = field->type.kind;
    const size_t at = column->offset + slot;
    if (kind == HW_KIND_NULL || !hw_column_valid(column, slot)) {
        put(out, "~");
    } else if (kind == HW_KIND_BOOL) {
        put(out, ((const uint8_t *)column->values)[at / 8] >> at % 8 & 1 ? "yes" : "no");
    } else if (kind == HW_KIND_STRUCT) {
        struct_put(field, column, at, out);
    } else if (kind == HW_KIND_FIXED_LIST) {
        elements_put(field, column, at * field->type.width, (at + 1) * field->type.width, out);
    } else if (kind == HW_KIND_DICTIONARY) {
        value_put(field->dictionary, column->dictionary, hw_dictionary_slot(field->type.index, column, at), out);
    } else if (hw_kind_is_bytes(kind)) {
        const size_t begin = hw_column_begin(column, at);
        const size_t bytes = hw_column_begin(column, at + 1) - begin;
        assert_int_equal(hw_buf_append(out, column->data + begin, bytes, NULL), HW_OK);
    } else if (!hw_kind_is_flat(kind)) {
        elements_put(field, column, hw_column_begin(column, at), hw_column_begin(column, at + 1), out);
    } else {
        fixed_put(field->type, column, at, out);
    }
}

/* Appends a line for each row. */
static void rows_put(const struct hw_batch *batch, size_t first, size_t rows, struct hw_buf *out) {
    for (size_t row = first; row < first + rows; row++) {
        for (size_t i = 0; i < batch->schema->count; i++) {
            put(out, i > 0 ? "," : "");
            value_put(&batch->schema->fields[i], &batch->columns[i], row, out);
        }
        put(out, "\n");
    }
}

/* ------ what a copy promises of its memory */

static void buffer_check(const char *row, const void *buffer, size_t bytes) {
    static const uint8_t zeros[HW_BATCH_PADDING];
    assert_row_int(row, buffer != NULL, true);
    assert_row_int(row, (uintptr_t)buffer % HW_BATCH_ALIGNMENT, 0);
    assert_row_bytes(row, (const uint8_t *)buffer + bytes, sizeof(zeros), zeros, sizeof(zeros));
}

static void column_check(const char *row, const struct hw_field *field, const struct hw_column *column, size_t slots) {
    const enum hw_kind kind = field->type.kind;
    const bool large = hw_kind_is_large(kind);
    const bool listed = !hw_kind_is_flat(kind) && kind != HW_KIND_STRUCT && kind != HW_KIND_FIXED_LIST;
    const bool offsets = hw_kind_is_bytes(kind) || (listed && kind != HW_KIND_DICTIONARY);
    size_t below = kind == HW_KIND_FIXED_LIST ? slots * field->type.width : slots;
    size_t nulls = 0;
    assert_row_int(row, column->offset, 0);
    assert_row_int(row, column->length, slots);
    assert_row_int(row, column->exact, false);
    for (size_t i = 0; i < slots; i++) {
        nulls += kind == HW_KIND_NULL || !hw_column_valid(column, i);
    }
    assert_row_int(row, column->null_count, nulls);
    assert_row_int(row, column->validity != NULL, nulls > 0 && kind != HW_KIND_NULL);
    if (column->validity) {
        buffer_check(row, column->validity, (slots + 7) / 8);
    }
    if (offsets) {
        assert_row_int(row, hw_column_begin(column, 0), 0);
        buffer_check(row, large ? (const void *)column->large_offsets : column->offsets, (slots + 1) * (large ? 8 : 4));
        below = hw_column_begin(column, slots);
    }
    if (hw_kind_is_bytes(kind)) {
        buffer_check(row, column->data, below);
    } else if (kind == HW_KIND_BOOL) {
        buffer_check(row, column->values, (slots + 7) / 8);
    } else if (kind == HW_KIND_DICTIONARY) {
        buffer_check(row, column->values, slots * hw_kind_bytes(field->type.index));
        column_check(row, field->dictionary, column->dictionary, column->dictionary->length);
    } else if (hw_kind_is_flat(kind) && kind != HW_KIND_NULL) {
        buffer_check(row, column->values, slots * hw_type_bytes(field->type));
    }
    for (size_t i = 0; i < field->children_count; i++) {
        column_check(row, &field->children[i], &column->children[i], below);
    }
}

static void copy_check(const char *row, const struct hw_batch *copy, const char *want) {
    HW_AUTO(hw_buf) text = {0};
    rows_put(copy, 0, copy->rows, &text);
    assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
    assert_row_text(row, (const char *)text.data, want);
    for (size_t i = 0; i < copy->schema->count; i++) {
        column_check(row, &copy->schema->fields[i], &copy->columns[i], copy->rows);
    }
}

/* ------ basic kinds: any rows of a table, whose memory is gone when they are read */

static void rows_of_basic_kinds_outlive_their_source(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t first;
        size_t rows;
    } rows[] = {
        {"all", 0, 1000},         {"a byte of bits", 8, 8},      {"within a byte", 3, 2},       {"over bytes", 5, 9},
        {"over words", 63, 66},   {"the last", 999, 1},          {"none, at the end", 1000, 0}, {"none", 0, 0},
        {"to the end", 137, 863}, {"one of the middle", 500, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_shared_schema *schema;
        struct all_kinds table = {0};
        struct hw_batch copy;
        HW_AUTO(hw_buf) want = {0};
        all_kinds_fill(&table, 7, 0, 1000, 0xa5);
        rows_put(&table.batch, rows[i].first, rows[i].rows, &want);
        assert_int_equal(hw_buf_end_text(&want, NULL), HW_OK);
        assert_ok(hw_shared_schema_dup(&all_kinds_schema, &schema, &err), err);
        table.batch.schema = &schema->schema;
        assert_ok(hw_batch_copy(&table.batch, rows[i].first, rows[i].rows, &schema->owner, &copy, &err), err);
        hw_owner_drop(&schema->owner);
        all_kinds_release(&table);
        copy_check(rows[i].name, &copy, (const char *)want.data);
        hw_batch_release(&copy);
    }
}

/* ------ other kinds */

static const int32_t numbers[] = {-1, -2, 10, 11, 12, 13, 14, 15, 16, 17};
static const uint8_t third_null[] = {0xfb}, second_null[] = {0xfd}, alternate[] = {0x55, 0x55};
static const int32_t list_offsets[] = {0, 1, 3, 3, 6, 8}, word_offsets[] = {0, 3, 6, 6, 11};
static const int64_t large_offsets[] = {0, 1, 3, 3, 6, 8}, large_words[] = {0, 3, 6, 6, 11};
static const char words[] = "onetwothree";
static const uint8_t indices[] = {9, 2, 0, 3, 2};
static const char bytes[] = "abcdefghijkl";

static const struct hw_field number = {.name = "n", .type.kind = HW_KIND_INT32};
static const struct hw_field bit = {.name = "b", .type.kind = HW_KIND_BOOL};
static const struct hw_field word = {.name = "w", .type.kind = HW_KIND_TEXT};
static const struct hw_field pair[] = {{.name = "k", .type.kind = HW_KIND_TEXT, .required = true},
                                       {.name = "v", .type.kind = HW_KIND_INT32}};
static const struct hw_field entry = {
    .name = "e", .type.kind = HW_KIND_STRUCT, .required = true, .children = pair, .children_count = 2};
static const struct hw_field list = {.name = "l", .type.kind = HW_KIND_LIST, .children = &number, .children_count = 1};
static const struct hw_field empty_lists = {
    .name = "f", .type = {.kind = HW_KIND_FIXED_LIST, .width = 0}, .children = &number, .children_count = 1};

/* From its third on: 10 to 17. */
static const struct hw_column number_column = {.values = numbers, .length = 8, .offset = 2};
static const struct hw_column bit_column = {.values = alternate, .length = 8, .offset = 1};
/* Of four, the third is null, and so is what the validity says. */
static const struct hw_column word_column = {
    .null_count = 1, .validity = third_null, .offsets = word_offsets, .data = words, .length = 4};
static const struct hw_column key_columns[] = {{.offsets = word_offsets, .data = words, .length = 4},
                                               {.values = numbers, .length = 4, .offset = 2}};
static const struct hw_column entry_column = {.length = 4, .children = key_columns};
static const struct hw_column shifted_pair[] = {{.offsets = word_offsets, .data = words, .length = 4},
                                                {.values = numbers, .length = 5, .offset = 4}};
static const struct hw_column list_column = {
    .null_count = 1, .validity = third_null, .offsets = list_offsets, .length = 5, .children = &number_column};

#define FIELD(...)               \
    &(const struct hw_field) {   \
        .name = "x", __VA_ARGS__ \
    }
#define COLUMN(...)             \
    &(const struct hw_column) { \
        __VA_ARGS__             \
    }

static const struct {
    const char *name;
    const struct hw_field *field;
    const struct hw_column *column;
    size_t first;
    size_t rows;
    const char *want;
} rows[] = {
    {"bits at an offset", &bit, COLUMN(.values = alternate, .offset = 3), 1, 4, "yes\nno\nyes\nno\n"},
    {"numbers at an offset", &number, &number_column, 3, 2, "13\n14\n"},
    {"nulls before what is copied", &number, COLUMN(.null_count = 1, .validity = second_null, .values = numbers), 2, 3,
     "10\n11\n12\n"},
    {"texts from their middle", &word, &word_column, 1, 3, "two\n~\nthree\n"},
    {"binaries", FIELD(.type.kind = HW_KIND_BINARY), COLUMN(.offsets = word_offsets, .data = words), 0, 2,
     "one\ntwo\n"},
    {"large texts", FIELD(.type.kind = HW_KIND_LARGE_TEXT),
     COLUMN(.large_offsets = large_words, .data = words, .offset = 1), 0, 3, "two\n\nthree\n"},
    {"large binaries", FIELD(.type.kind = HW_KIND_LARGE_BINARY), COLUMN(.large_offsets = large_words, .data = words), 3,
     1, "three\n"},
    {"texts without rows or buffers", &word, COLUMN(0), 0, 0, ""},
    {"fixed bytes", FIELD(.type = {.kind = HW_KIND_FIXED, .width = 3}), COLUMN(.values = bytes, .offset = 1), 1, 2,
     "x676869\nx6a6b6c\n"},
    {"fixed bytes, none of them", FIELD(.type = {.kind = HW_KIND_FIXED, .width = 0}), COLUMN(.values = ""), 0, 2,
     "x\nx\n"},
    {"nulls", FIELD(.type.kind = HW_KIND_NULL), COLUMN(.null_count = 9), 4, 2, "~\n~\n"},
    {"256 bits", FIELD(.type = {.kind = HW_KIND_DECIMAL256, .precision = 76}), COLUMN(.values = numbers), 0, 1,
     "xfffffffffeffffff0a0000000b0000000c0000000d0000000e0000000f000000\n"},
    {"lists", &list, &list_column, 0, 4, "[10]\n[11 12]\n~\n[13 14 15]\n"},
    {"lists from their middle", &list, COLUMN(.offsets = list_offsets, .offset = 1, .children = &number_column), 2, 2,
     "[13 14 15]\n[16 17]\n"},
    {"lists without rows or offsets", &list, COLUMN(.children = &number_column), 0, 0, ""},
    {"large lists", FIELD(.type.kind = HW_KIND_LARGE_LIST, .children = &bit, .children_count = 1),
     COLUMN(.large_offsets = large_offsets, .children = &bit_column), 3, 2, "[yes no yes]\n[no yes]\n"},
    {"fixed lists", FIELD(.type = {.kind = HW_KIND_FIXED_LIST, .width = 2}, .children = &number, .children_count = 1),
     COLUMN(.null_count = 1, .validity = third_null, .offset = 1, .children = &number_column), 0, 3,
     "[12 13]\n~\n[16 17]\n"},
    {"fixed lists of nothing", &empty_lists, COLUMN(.children = &number_column), 0, 2, "[]\n[]\n"},
    {"structs", &entry, COLUMN(.offset = 1, .children = shifted_pair), 0, 3, "{two 13}\n{ 14}\n{three 15}\n"},
    {"structs of no fields", FIELD(.type.kind = HW_KIND_STRUCT), COLUMN(.null_count = 1, .validity = second_null), 0, 2,
     "{}\n~\n"},
    {"maps", FIELD(.type.kind = HW_KIND_MAP, .children = &entry, .children_count = 1),
     COLUMN(.offsets = list_offsets, .children = &entry_column), 1, 2, "[{two 11} { 12}]\n[]\n"},
    {"a dictionary", FIELD(.type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT8}, .dictionary = &word),
     COLUMN(.values = indices, .offset = 1, .dictionary = &word_column), 0, 4, "~\none\nthree\n~\n"},
    {"a dictionary at an offset",
     FIELD(.type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT8}, .dictionary = &number),
     COLUMN(.values = indices, .dictionary = &number_column), 1, 3, "12\n10\n13\n"},
    {"lists of lists", FIELD(.type.kind = HW_KIND_LIST, .children = &list, .children_count = 1),
     COLUMN(.offsets = list_offsets, .children = &list_column), 1, 2, "[[11 12] ~]\n[]\n"},
};

static void rows_of_other_kinds_are_as_they_were(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field field = *rows[i].field;
        struct hw_shared_schema *schema;
        struct hw_batch copy;
        assert_ok(hw_shared_schema_dup(&(struct hw_schema){&field, 1}, &schema, &err), err);
        const struct hw_batch batch = {
            .schema = &schema->schema, .rows = rows[i].first + rows[i].rows, .columns = rows[i].column};
        assert_ok(hw_batch_copy(&batch, rows[i].first, rows[i].rows, &schema->owner, &copy, &err), err);
        copy_check(rows[i].name, &copy, rows[i].want);
        hw_batch_release(&copy);
        hw_owner_drop(&schema->owner);
    }
}

/* ------ ranges: each kind of above as often as it has rows, without those that are left out */

static void ranges_are_copied_one_after_the_other(void **state) {
    (void)state;
    static const struct hw_row_range ranges[] = {{0, 1}, {3, 0}, {4, 3}, {63, 66}, {500, 137}, {999, 1}};
    struct hw_error err = HW_ERROR_INIT;
    struct all_kinds table = {0};
    struct hw_batch copy;
    HW_AUTO(hw_buf) want = {0};
    all_kinds_fill(&table, 7, 0, 1000, 0xa5);
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        rows_put(&table.batch, ranges[i].first, ranges[i].count, &want);
    }
    assert_int_equal(hw_buf_end_text(&want, NULL), HW_OK);
    assert_ok(hw_batch_copy_ranges(&table.batch, ranges, COUNT_OF(ranges), NULL, &copy, &err), err);
    all_kinds_release(&table);
    copy.schema = &all_kinds_schema;
    copy_check("ranges", &copy, (const char *)want.data);
    hw_batch_release(&copy);
}

/* Every second row, which leaves ranges of children that do not touch. */
static void ranges_reach_into_children(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field field = *rows[i].field;
        const struct hw_schema schema = {&field, 1};
        const struct hw_batch batch = {
            .schema = &schema, .rows = rows[i].first + rows[i].rows, .columns = rows[i].column};
        struct hw_row_range ranges[4];
        struct hw_batch copy;
        HW_AUTO(hw_buf) want = {0};
        size_t count = 0;
        for (size_t row = rows[i].first; row < batch.rows; row += 2) {
            rows_put(&batch, row, 1, &want);
            ranges[count++] = (struct hw_row_range){row, 1};
        }
        assert_int_equal(hw_buf_end_text(&want, NULL), HW_OK);
        assert_ok(hw_batch_copy_ranges(&batch, ranges, count, NULL, &copy, &err), err);
        copy_check(rows[i].name, &copy, (const char *)want.data);
        hw_batch_release(&copy);
    }
}

/* ------ what cannot be */

static void copies_that_cannot_be_are_refused(void **state) {
    (void)state;
    const struct hw_field nothing = {.name = "n", .type.kind = HW_KIND_NULL};
    const struct hw_field wide = {.name = "w",
                                  .type = {.kind = HW_KIND_FIXED_LIST, .width = UINT32_MAX},
                                  .children = &nothing,
                                  .children_count = 1};
    const struct hw_column none = {0};
    struct hw_field longs[] = {{.name = "a", .type.kind = HW_KIND_INT64}, {.name = "b", .type.kind = HW_KIND_INT64}};
    struct hw_field lists[] = {wide};
    const struct hw_column empty[] = {{.children = &none}, {.children = &none}};
    const struct {
        const char *name;
        struct hw_schema schema;
        size_t rows;
    } limits[] = {
        {"too many values", {longs, 1}, SIZE_MAX / 8 + 1},
        {"one value less, and what lies behind", {longs, 1}, SIZE_MAX / 8},
        {"too many values together", {longs, 2}, SIZE_MAX / 16 + 1},
        {"too many elements, whose type takes nothing", {lists, 1}, SIZE_MAX / 1024},
    };
    struct hw_shared_schema *owner = hw_shared_schema_new();
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch copy = {.rows = 77};
        const struct hw_batch batch = {.schema = &limits[i].schema, .rows = limits[i].rows, .columns = empty};
        assert_row_int(limits[i].name, hw_batch_copy(&batch, 0, batch.rows, &owner->owner, &copy, &err), HW_ELIMIT);
        assert_row_says(limits[i].name, err.message, "rows cannot be so large");
        assert_row_int(limits[i].name, copy.rows, 77);
    }
    hw_owner_drop(&owner->owner);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field field = number;
    struct hw_shared_schema *schema;
    struct hw_batch copy = {0};
    struct alloc_fault fault;
    const struct hw_column column = number_column;
    assert_ok(hw_shared_schema_dup(&(struct hw_schema){&field, 1}, &schema, &err), err);
    const struct hw_batch batch = {.schema = &schema->schema, .rows = 8, .columns = &column};
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = hw_batch_copy(&batch, 0, 8, &schema->owner, &copy, &err);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_null(copy.owner);
    hw_owner_drop(&schema->owner); /* the only reference: a leak is seen by the sanitizer */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_basic_kinds_outlive_their_source),
        cmocka_unit_test(rows_of_other_kinds_are_as_they_were),
        cmocka_unit_test(ranges_are_copied_one_after_the_other),
        cmocka_unit_test(ranges_reach_into_children),
        cmocka_unit_test(copies_that_cannot_be_are_refused),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("table/batch_copy", tests, NULL, NULL);
}
