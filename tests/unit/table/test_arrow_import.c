/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_import.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "table/batch.h"
#include "unit/table/arrow_make.h"

/*
 * A table of a list of texts, a struct of an int64 and a dictionary, and a fixed list of bools,
 * four rows of which the first is left out by an offset:
 *
 *   list    [a, b]  null  []  [é]
 *   struct  {1, x}  {2, null}  null  {4, y}
 *   fixed   [1, 0]  [1, 1]  null  [0, 1]
 */
enum { LIST, STRUCT, FIXED, ROOT, TEXT, NUMBER, WORD, BOOL, VALUES, NODES };
static struct made_schema schemas[NODES];
static struct made_array arrays[NODES];
static int released;
static const uint8_t list_valid = 0x0d, struct_valid = 0x0b, word_valid = 0x09, fixed_valid = 0x0b, bools = 0x8d;
static const int32_t list_offsets[] = {0, 2, 2, 2, 3};
static const int32_t text_offsets[] = {0, 1, 2, 4};
static const char texts[] = "ab\xc3\xa9";
static const int64_t numbers[] = {1, 2, 3, 4};
static const uint16_t words[] = {0, 0xffff, 0, 1}; /* a null's index may be anything */
static const int64_t value_offsets[] = {0, 1, 2};
static const char value_texts[] = "xy";

static void table_make(void) {
    static const struct {
        const char *format, *name;
        int parent;
        int64_t length, buffers;
        const void *at[3];
    } nodes[NODES] = {
        [ROOT] = {"+s", "", -1, 3, 1, {0}},
        [LIST] = {"+l", "list", ROOT, 4, 2, {&list_valid, list_offsets}},
        [STRUCT] = {"+s", "struct", ROOT, 4, 1, {&struct_valid}},
        [FIXED] = {"+w:2", "fixed", ROOT, 4, 1, {&fixed_valid}},
        [TEXT] = {"u", "item", LIST, 3, 3, {NULL, text_offsets, texts}},
        [NUMBER] = {"l", "number", STRUCT, 4, 2, {NULL, numbers}},
        [WORD] = {"S", "word", STRUCT, 4, 2, {&word_valid, words}},
        [BOOL] = {"b", "item", FIXED, 8, 2, {NULL, &bools}},
        [VALUES] = {"U", "", -1, 2, 3, {NULL, value_offsets, value_texts}},
    };
    for (int i = 0; i < NODES; i++) {
        made_schema_init(&schemas[i], nodes[i].format, nodes[i].name);
        made_array_init(&arrays[i], nodes[i].length, nodes[i].buffers);
        arrays[i].node.null_count = -1;
        memcpy(arrays[i].buffers, nodes[i].at, sizeof(nodes[i].at));
    }
    for (int i = 0; i < NODES; i++) {
        if (nodes[i].parent >= 0) {
            made_schema_add(&schemas[nodes[i].parent], &schemas[i].node);
            made_array_add(&arrays[nodes[i].parent], &arrays[i].node);
        }
    }
    schemas[WORD].node.dictionary = &schemas[VALUES].node;
    arrays[WORD].node.dictionary = &arrays[VALUES].node;
    arrays[ROOT].node.offset = 1;
    arrays[ROOT].node.private_data = &released;
    released = 0;
}

static void a_table_is_taken_where_it_lies(void **state) {
    (void)state;
    struct hw_batch batch;
    struct hw_error err = HW_ERROR_INIT;
    table_make();
    assert_ok(hw_arrow_batch_import(&schemas[ROOT].node, &arrays[ROOT].node, &batch, &err), err);
    assert_null(arrays[ROOT].node.release);
    assert_non_null(schemas[ROOT].node.release); /* only read */
    assert_int_equal(batch.rows, 3);
    assert_int_equal(batch.schema->count, 3);
    const struct hw_column *list = &batch.columns[LIST];
    assert_int_equal(list->length, 3);
    assert_int_equal(list->offset, 1);
    assert_int_equal(list->null_count, 1);
    assert_true(list->exact);
    assert_ptr_equal(list->offsets, list_offsets);
    assert_ptr_equal(list->validity, &list_valid);
    assert_false(hw_column_valid(list, 0));
    assert_true(hw_column_valid(list, 1));
    assert_ptr_equal(list->children->data, texts);
    assert_int_equal(list->children->length, 3);
    const struct hw_column *structs = &batch.columns[STRUCT];
    assert_int_equal(structs->null_count, 1);
    assert_ptr_equal(structs->children[0].values, numbers);
    assert_int_equal(structs->children[0].length, 4); /* counts from the struct's slot 0 */
    const struct hw_column *word = &structs->children[1];
    assert_int_equal(word->null_count, 2);
    assert_int_equal(hw_dictionary_slot(HW_KIND_UINT16, word, 3), 1);
    assert_ptr_equal(word->dictionary->data, value_texts);
    assert_int_equal(hw_column_begin(word->dictionary, 1), 1);
    assert_ptr_equal(batch.columns[FIXED].children->values, &bools);

    /* Out again: the same buffers, and the owner lives as long as any array of it does. */
    struct ArrowArray out;
    assert_ok(hw_arrow_batch_export(&batch, &out, &err), err);
    hw_batch_release(&batch);
    assert_int_equal(released, 0);
    assert_int_equal(out.length, 3);
    assert_int_equal(out.offset, 0);
    assert_int_equal(out.n_children, 3);
    assert_int_equal(out.children[LIST]->offset, 1);
    assert_int_equal(out.children[LIST]->null_count, 1);
    assert_ptr_equal(out.children[LIST]->buffers[1], list_offsets);
    assert_ptr_equal(out.children[LIST]->children[0]->buffers[2], texts);
    assert_int_equal(out.children[LIST]->children[0]->n_buffers, 3);
    struct ArrowArray moved = *out.children[STRUCT];
    out.children[STRUCT]->release = NULL;
    out.release(&out);
    assert_null(out.release);
    assert_int_equal(released, 0);
    assert_ptr_equal(moved.children[1]->dictionary->buffers[1], value_offsets);
    assert_ptr_equal(moved.children[1]->buffers[1], words);
    moved.release(&moved);
    assert_int_equal(released, 1);
}

static void borrowed_batches_are_not_handed_on(void **state) {
    (void)state;
    struct hw_schema none = {0};
    struct hw_batch batch = {.schema = &none};
    struct ArrowArray out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_arrow_batch_export(&batch, &out, &err), HW_EUSAGE);
    assert_row_says("owner", err.message, "a batch whose memory is borrowed cannot be handed to another library");
    assert_null(out.release);
}

/* A batch's columns have the table's rows and no others: nulls before and after do not count. */
static void columns_are_cut_to_the_rows(void **state) {
    (void)state;
    struct hw_batch batch;
    struct hw_error err = HW_ERROR_INIT;
    table_make();
    arrays[ROOT].node.offset = 3;
    arrays[ROOT].node.length = 1;
    assert_ok(hw_arrow_batch_import(&schemas[ROOT].node, &arrays[ROOT].node, &batch, &err), err);
    assert_int_equal(batch.rows, 1);
    for (size_t i = 0; i < batch.schema->count; i++) {
        assert_int_equal(batch.columns[i].offset, 3);
        assert_int_equal(batch.columns[i].length, 1);
        assert_int_equal(batch.columns[i].null_count, 0);
        assert_null(batch.columns[i].validity);
    }
    hw_batch_release(&batch);
}

/* 100 has more than two digits; what stands behind a null does not matter. */
static void decimals_have_their_digits(void **state) {
    (void)state;
    static const int32_t decimals[] = {99, 100, -99, -100};
    static const uint8_t valid[] = {0x0f, 0x05, 0x0d};
    static struct made_schema root, decimal;
    static struct made_array rows, values;
    for (size_t i = 0; i < sizeof(valid); i++) {
        struct hw_batch batch = {0};
        struct hw_error err = HW_ERROR_INIT;
        made_schema_init(&root, "+s", "");
        made_schema_add(&root, made_schema_init(&decimal, "d:2,1,32", "d"));
        made_array_init(&rows, 4, 1);
        made_array_add(&rows, made_array_init(&values, 4, 2));
        values.node.null_count = -1;
        values.buffers[0] = &valid[i];
        values.buffers[1] = decimals;
        enum hw_status status = hw_arrow_batch_import(&root.node, &rows.node, &batch, &err);
        assert_int_equal(status, i == 1 ? HW_OK : HW_EDATA);
        assert_row_text("digits", err.message, i == 1 ? "" : "an Arrow decimal has more than its 2 digits");
        if (status == HW_OK) {
            hw_batch_release(&batch);
        }
    }
}

/* Arrays without slots may have no buffers at all. */
static void nothing_needs_no_buffers(void **state) {
    (void)state;
    struct hw_batch batch;
    struct hw_error err = HW_ERROR_INIT;
    table_make();
    for (int i = 0; i < NODES; i++) {
        arrays[i].node.length = 0;
        arrays[i].node.offset = i == TEXT ? 5 : 0;
        memset(arrays[i].buffers, 0, sizeof(arrays[i].buffers));
    }
    assert_ok(hw_arrow_batch_import(&schemas[ROOT].node, &arrays[ROOT].node, &batch, &err), err);
    assert_int_equal(batch.rows, 0);
    assert_int_equal(hw_column_begin(&batch.columns[LIST], batch.columns[LIST].offset), 0);
    const struct hw_column *text = batch.columns[LIST].children;
    assert_int_equal(hw_column_begin(text, text->offset), 0);
    assert_non_null(text->data);
    hw_batch_release(&batch);
    assert_int_equal(released, 1);
}

static void unaligned_bytes_are_taken(void **state) {
    (void)state;
    static const char bytes[] = "xab";
    static struct made_schema root, fixed;
    static struct made_array rows, values;
    struct hw_batch batch;
    struct hw_error err = HW_ERROR_INIT;
    made_schema_init(&root, "+s", NULL); /* a name may be missing */
    made_schema_add(&root, made_schema_init(&fixed, "w:2", "f"));
    made_array_init(&rows, 1, 1);
    made_array_add(&rows, made_array_init(&values, 1, 2));
    values.buffers[1] = bytes + 1;
    assert_ok(hw_arrow_batch_import(&root.node, &rows.node, &batch, &err), err);
    assert_ptr_equal(batch.columns[0].values, bytes + 1);
    hw_batch_release(&batch);
}

/* What an array says of itself. */
static void shape_spoil(int how) {
    switch (how) {
    case 0:
        arrays[ROOT].node.release = NULL;
        break;
    case 1:
        arrays[LIST].node.release = NULL;
        break;
    case 2:
        arrays[ROOT].children[0] = NULL;
        break;
    case 3:
        arrays[NUMBER].node.length = -1;
        break;
    case 4:
        arrays[NUMBER].node.offset = -1;
        break;
    case 5:
        arrays[NUMBER].node.null_count = -2;
        break;
    case 6:
        arrays[NUMBER].node.null_count = 5;
        break;
    case 7:
        arrays[NUMBER].node.offset = INT64_MAX;
        break;
    case 8:
        arrays[NUMBER].node.length = INT64_MAX / 8;
        break;
    case 9:
        arrays[NUMBER].node.n_buffers = 3;
        break;
    case 10:
        arrays[NUMBER].node.buffers = NULL;
        break;
    case 11:
        arrays[NUMBER].buffers[1] = NULL;
        break;
    case 12:
        arrays[NUMBER].buffers[1] = (const char *)numbers + 1;
        break;
    case 13:
        arrays[LIST].node.n_children = 0;
        break;
    case 14:
        arrays[LIST].node.children = NULL;
        break;
    case 15:
        arrays[WORD].node.dictionary = NULL;
        break;
    case 16:
        arrays[NUMBER].node.dictionary = &arrays[VALUES].node;
        break;
    default:
        fail();
    }
}

/* What is in its buffers, and how that fits others. */
static void contents_spoil(int how) {
    static const int32_t falling[] = {0, 2, 1, 2, 3}, negative[] = {-1, 0, 0, 0, 0}, far[] = {0, 2, 2, 2, 4};
    static const char latin[] = "ab\xe9\xe9";
    static const uint16_t beyond[] = {0, 0, 0, 2};
    static const int16_t minus[] = {-1, 0, 0, 0};
    switch (how) {
    case 17:
        arrays[LIST].node.null_count = 2;
        break;
    case 18:
        arrays[NUMBER].node.null_count = 1;
        break;
    case 19:
        arrays[LIST].buffers[1] = falling;
        break;
    case 20:
        arrays[LIST].buffers[1] = negative;
        break;
    case 21:
        arrays[LIST].buffers[1] = far;
        break;
    case 22:
        arrays[TEXT].buffers[2] = NULL;
        break;
    case 23:
        arrays[TEXT].buffers[2] = latin;
        break;
    case 24:
        arrays[WORD].buffers[1] = beyond;
        break;
    case 25:
        arrays[WORD].buffers[1] = minus;
        break;
    case 26:
        arrays[NUMBER].node.length = 3;
        break;
    case 27:
        arrays[BOOL].node.length = 7;
        break;
    case 28:
        arrays[ROOT].buffers[0] = &word_valid;
        break;
    case 29:
        arrays[ROOT].node.length = 4;
        break;
    case 30:
        arrays[TEXT].buffers[1] = NULL;
        break;
    case 31:
        arrays[LIST].node.n_children = -1;
        break;
    default:
        fail();
    }
}

static void what_is_wrong_is_refused(void **state) {
    (void)state;
    static const struct {
        enum hw_status status;
        const char *column, *says;
    } rows[] = {
        {HW_EDATA, "", "an Arrow array has been released already"},
        {HW_EDATA, "list", "an Arrow array has been released already"},
        {HW_EDATA, "list", "an Arrow array has been released already"},
        {HW_EDATA, "number", "an Arrow array has length -1, offset 0, -1 nulls"},
        {HW_EDATA, "number", "an Arrow array has length 4, offset -1, -1 nulls"},
        {HW_EDATA, "number", "an Arrow array has length 4, offset 0, -2 nulls"},
        {HW_EDATA, "number", "an Arrow array has length 4, offset 0, 5 nulls"},
        {HW_ELIMIT, "number", "an Arrow array of length 4 at offset 9223372036854775807 cannot be"},
        {HW_ELIMIT, "number", "an Arrow array of length 1152921504606846975 at offset 0 cannot be"},
        {HW_EDATA, "number", "an Arrow array has 3 buffers, its type has 2"},
        {HW_EDATA, "number", "an Arrow array has 2 buffers, its type has 2"},
        {HW_EDATA, "number", "an Arrow array of 4 has no buffer 1"},
        {HW_EUNSUPPORTED, "number", "an Arrow buffer is not aligned to 8 bytes"},
        {HW_EDATA, "list", "an Arrow array has 0 children, its type has 1"},
        {HW_EDATA, "list", "an Arrow array has 1 children, its type has 1"},
        {HW_EDATA, "word", "an Arrow array lacks a dictionary, its type has one"},
        {HW_EDATA, "number", "an Arrow array has a dictionary, its type has none"},
        {HW_EDATA, "list", "an Arrow array says that it has 2 nulls, but its bitmap has 1"},
        {HW_EDATA, "number", "an Arrow array says that it has 1 null, but its bitmap has 0"},
        {HW_EDATA, "list", "Arrow offsets are negative, or fall"},
        {HW_EDATA, "list", "Arrow offsets are negative, or fall"},
        {HW_EDATA, "list", "Arrow offsets reach to 4, there are 3"},
        {HW_EDATA, "item", "an Arrow array has no buffer 2, its offsets reach to 4"},
        {HW_EDATA, "item", "an Arrow text is not UTF-8: \"\xe9\xe9\""},
        {HW_EDATA, "word", "an Arrow index is not in its dictionary of 2 values"},
        {HW_EDATA, "word", "an Arrow index is not in its dictionary of 2 values"},
        {HW_EDATA, "struct", "an Arrow array reaches to 4, its child has 3"},
        {HW_EDATA, "fixed", "an Arrow array reaches to 8, its child has 7"},
        {HW_EDATA, "", "2 rows of an Arrow table are null"},
        {HW_EDATA, "", "an Arrow array reaches to 5, its child has 4"},
        {HW_EDATA, "item", "an Arrow array of 3 has no buffer 1"},
        {HW_EDATA, "list", "an Arrow array has -1 children, its type has 1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[16];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch batch = {0};
        snprintf(name, sizeof(name), "row %zu", i);
        table_make();
        (i < 17 ? shape_spoil : contents_spoil)((int)i);
        assert_row_int(name, hw_arrow_batch_import(&schemas[ROOT].node, &arrays[ROOT].node, &batch, &err),
                       rows[i].status);
        assert_row_says(name, err.message, rows[i].says);
        assert_row_text(name, err.column, rows[i].column);
        assert_null(batch.owner);
        assert_int_equal(released, 0); /* still the caller's */
        assert_row_int(name, arrays[ROOT].node.release == NULL, i == 0);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_batch batch = {0};
        struct ArrowArray out = {0};
        struct hw_error err = HW_ERROR_INIT;
        table_make();
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_arrow_batch_import(&schemas[ROOT].node, &arrays[ROOT].node, &batch, &err);
        if (status == HW_OK) {
            status = hw_arrow_batch_export(&batch, &out, &err);
            hw_batch_release(&batch);
            if (out.release) {
                out.release(&out);
            }
            assert_int_equal(released, 1);
        } else {
            assert_int_equal(released, 0);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_taken_where_it_lies), cmocka_unit_test(borrowed_batches_are_not_handed_on),
        cmocka_unit_test(nothing_needs_no_buffers),       cmocka_unit_test(unaligned_bytes_are_taken),
        cmocka_unit_test(columns_are_cut_to_the_rows),    cmocka_unit_test(decimals_have_their_digits),
        cmocka_unit_test(what_is_wrong_is_refused),       cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("table/arrow_import", tests, NULL, NULL);
}
