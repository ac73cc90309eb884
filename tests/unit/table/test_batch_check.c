/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch_check.h"

#include "support/made_stream.h"
#include "support/rows.h"
#include "support/shaped_columns.h"

static void what_is_right_is_believed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < SHAPED_COLUMNS; i++) {
        struct hw_field field = shaped_columns[i].field;
        field.name = "c";
        const struct hw_schema schema = {&field, 1};
        const struct hw_batch batch = {&schema, shaped_columns[i].column.length, &shaped_columns[i].column, NULL};
        assert_ok(hw_batch_check(&schema, &batch, &err), err);
    }
    struct made_stream made = {.rows = 1000, .batch_rows = 100, .unset = 0xee};
    made_stream_init(&made);
    for (bool more = true; more;) {
        struct hw_batch batch = {0};
        assert_ok(made.base.next(&made.base, &batch, &more, &err), err);
        if (more) {
            assert_ok(hw_batch_check(&made.schema, &batch, &err), err);
        }
        hw_batch_release(&batch);
    }
    made.base.free(&made.base);
}

/* One thing that is wrong with the batch of made_stream, of 20 rows. */
typedef void spoil_fn(struct hw_batch *batch, struct hw_column *columns);

static struct hw_column *own(const struct hw_column *column) {
    return (struct hw_column *)(uintptr_t)column;
}

static void spoil_schema(struct hw_batch *batch, struct hw_column *columns) {
    (void)columns;
    batch->schema = NULL;
}

static void spoil_count(struct hw_batch *batch, struct hw_column *columns) {
    static struct hw_schema fewer;
    (void)columns;
    fewer = (struct hw_schema){batch->schema->fields, batch->schema->count - 1};
    batch->schema = &fewer;
}

static void spoil_type(struct hw_batch *batch, struct hw_column *columns) {
    static struct hw_field fields[MADE_COLUMNS];
    static struct hw_schema other;
    (void)columns;
    memcpy(fields, batch->schema->fields, sizeof(fields));
    fields[5].type.kind = HW_KIND_INT32;
    other = (struct hw_schema){fields, MADE_COLUMNS};
    batch->schema = &other;
}

static void spoil_name(struct hw_batch *batch, struct hw_column *columns) {
    static struct hw_field fields[MADE_COLUMNS];
    static struct hw_schema other;
    (void)columns;
    memcpy(fields, batch->schema->fields, sizeof(fields));
    fields[3].name = "q";
    other = (struct hw_schema){fields, MADE_COLUMNS};
    batch->schema = &other;
}

static void spoil_columns(struct hw_batch *batch, struct hw_column *columns) {
    (void)columns;
    batch->columns = NULL;
}

static void spoil_length(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[1].length = 19;
}

static void spoil_rows(struct hw_batch *batch, struct hw_column *columns) {
    (void)columns;
    batch->rows = SIZE_MAX / 2;
}

static void spoil_offset(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[0].offset = SIZE_MAX - 5;
}

static void spoil_nulls(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[1].null_count++;
}

static void spoil_bitmap(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[2].validity = NULL;
}

static void spoil_required(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[0].validity = columns[1].validity;
    columns[0].null_count = columns[1].null_count;
}

static void spoil_values(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[3].values = NULL;
}

static void spoil_alignment(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[0].values = (const char *)columns[0].values + 1;
}

static void spoil_offsets(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[4].offsets = NULL;
}

static void spoil_width(struct hw_batch *batch, struct hw_column *columns) {
    static const int64_t offsets[32];
    (void)batch;
    columns[4].large_offsets = offsets;
}

static void spoil_falling(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    ((int32_t *)(uintptr_t)columns[4].offsets)[3] = 0;
}

static void spoil_data(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[4].data = NULL;
}

static void spoil_utf8(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    ((char *)(uintptr_t)columns[4].data)[2] = (char)0xff;
}

static void spoil_dictionary(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[6].dictionary = NULL;
}

static void spoil_index(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    ((int8_t *)(uintptr_t)columns[6].values)[0] = -1;
}

static void spoil_children(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[7].children = NULL;
}

static void spoil_reach(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    own(columns[7].children)->length--;
    own(columns[7].children)->validity = NULL;
    own(columns[7].children)->null_count = 0;
}

static void spoil_struct(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    own(columns[8].children)->length = 10;
}

static void spoil_pairs(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    own(columns[9].children)->length = 20;
    own(columns[9].children)->validity = NULL;
    own(columns[9].children)->null_count = 0;
}

static void spoil_deep(struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    own(columns[10].children->children)->offsets = NULL;
}

static void what_is_wrong_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        spoil_fn *spoil;
        enum hw_status status;
        const char *says, *column;
    } rows[] = {
        {"no schema", spoil_schema, HW_EDATA, "its schema has 0 columns, that of the table 11", ""},
        {"fewer columns", spoil_count, HW_EDATA, "its schema has 10 columns, that of the table 11", ""},
        {"another type", spoil_type, HW_EDATA, "not what the table has there", "i"},
        {"another name", spoil_name, HW_EDATA, "not what the table has there", "r"},
        {"no columns", spoil_columns, HW_EDATA, "it has no columns, its schema has 11", ""},
        {"a length of its own", spoil_length, HW_EDATA, "it has 19 slots, the batch 20 rows", "t"},
        {"too many rows", spoil_rows, HW_ELIMIT, "slots at offset 0 cannot be", "n"},
        {"too large an offset", spoil_offset, HW_ELIMIT, "20 slots at offset", "n"},
        {"a wrong count of nulls", spoil_nulls, HW_EDATA, "it says that it has 5 nulls, but its bitmap has 4", "t"},
        {"no bitmap", spoil_bitmap, HW_EDATA, "its bitmap has 0", "b"},
        {"nulls where there are none", spoil_required, HW_EDATA, "4 of 20 values are null in a column that is never",
         "n"},
        {"no values", spoil_values, HW_EDATA, "it has no values", "r"},
        {"values that are not aligned", spoil_alignment, HW_EDATA, "its values are not aligned to 8 bytes", "n"},
        {"no offsets", spoil_offsets, HW_EDATA, "it has no offsets", "p"},
        {"large offsets", spoil_width, HW_EDATA, "it has large offsets", "p"},
        {"offsets that fall", spoil_falling, HW_EDATA, "offsets are negative, or fall", "p"},
        {"no bytes", spoil_data, HW_EDATA, "its offsets reach to", "p"},
        {"no UTF-8", spoil_utf8, HW_EDATA, "is not UTF-8", "p"},
        {"no dictionary", spoil_dictionary, HW_EDATA, "it has no dictionary", "d"},
        {"a negative index", spoil_index, HW_EDATA, "index is not in its dictionary of 5 values", "d"},
        {"no children", spoil_children, HW_EDATA, "it has no children, its type has 1", "l"},
        {"lists beyond their child", spoil_reach, HW_EDATA, "offsets reach to", "l"},
        {"structs beyond their child", spoil_struct, HW_EDATA, "reaches to 20, its child has 10", "s"},
        {"lists of a length beyond their child", spoil_pairs, HW_EDATA, "reaches to 40, its child has 20", "f"},
        {"deep below", spoil_deep, HW_EDATA, "it has no offsets", "m"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made_stream made = {.rows = 20, .batch_rows = 20};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch batch;
        bool more;
        made_stream_init(&made);
        assert_ok(made.base.next(&made.base, &batch, &more, &err), err);
        struct hw_batch spoilt = batch;
        rows[i].spoil(&spoilt, own(batch.columns));
        assert_row_int(rows[i].name, hw_batch_check(&made.schema, &spoilt, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.column, rows[i].column);
        hw_batch_release(&batch);
        made.base.free(&made.base);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_is_believed),
        cmocka_unit_test(what_is_wrong_is_told),
    };
    return cmocka_run_group_tests_name("table/batch_check", tests, NULL, NULL);
}
