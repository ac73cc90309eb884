/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/arrow.h>

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/owner.h"

/* An owner that counts how often it was freed. */
struct counted {
    struct hw_owner owner;
    int frees;
};

static void counted_free(struct hw_owner *owner) {
    ((struct counted *)owner)->frees++;
}

/* Buffers whose places are known; nothing of them is read. */
static const uint8_t validity[1], values[1];
static const int32_t offsets[1];
static const int64_t large_offsets[1];
static const char data[1];

static const struct hw_column full = {.null_count = 2,
                                      .validity = validity,
                                      .values = values,
                                      .offsets = offsets,
                                      .data = data,
                                      .large_offsets = large_offsets,
                                      .length = 7,
                                      .offset = 3};

/* Makes a batch of `count` columns; the reference of the owner is the caller's to drop. */
static struct hw_batch batch_of(const struct hw_schema *schema, const struct hw_column *columns, size_t rows,
                                struct counted *counted) {
    counted->frees = 0;
    hw_owner_init(&counted->owner, counted_free);
    return (struct hw_batch){.schema = schema, .rows = rows, .columns = columns, .owner = &counted->owner};
}

/* Drops the test's own reference, then releases the array: with it goes the last one. */
static void all_release(struct hw_batch *batch, struct counted *counted, struct ArrowArray *array) {
    hw_batch_release(batch);
    assert_int_equal(counted->frees, 0);
    array->release(array);
    assert_null(array->release);
    assert_int_equal(counted->frees, 1);
}

/*
 * The Arrow columnar format, "Buffer Listing for Each Layout": validity but for the null layout,
 * then offsets and data, or the values.
 */
static void kinds_have_the_buffers_of_their_layout(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        int64_t count;
        const void *second, *third;
        size_t children;
    } rows[] = {
        {"null", HW_KIND_NULL, 0, NULL, NULL, 0},
        {"bool", HW_KIND_BOOL, 2, values, NULL, 0},
        {"int8", HW_KIND_INT8, 2, values, NULL, 0},
        {"uint64", HW_KIND_UINT64, 2, values, NULL, 0},
        {"double", HW_KIND_DOUBLE, 2, values, NULL, 0},
        {"decimal256", HW_KIND_DECIMAL256, 2, values, NULL, 0},
        {"date", HW_KIND_DATE, 2, values, NULL, 0},
        {"interval", HW_KIND_INTERVAL, 2, values, NULL, 0},
        {"uuid", HW_KIND_UUID, 2, values, NULL, 0},
        {"fixed", HW_KIND_FIXED, 2, values, NULL, 0},
        {"text", HW_KIND_TEXT, 3, offsets, data, 0},
        {"binary", HW_KIND_BINARY, 3, offsets, data, 0},
        {"large text", HW_KIND_LARGE_TEXT, 3, large_offsets, data, 0},
        {"large binary", HW_KIND_LARGE_BINARY, 3, large_offsets, data, 0},
        {"list", HW_KIND_LIST, 2, offsets, NULL, 1},
        {"large list", HW_KIND_LARGE_LIST, 2, large_offsets, NULL, 1},
        {"map", HW_KIND_MAP, 2, offsets, NULL, 1},
        {"fixed list", HW_KIND_FIXED_LIST, 1, NULL, NULL, 1},
        {"struct", HW_KIND_STRUCT, 1, NULL, NULL, 1},
    };
    static const struct hw_field child = {.name = "c", .type = {.kind = HW_KIND_INT32}};
    static const struct hw_column child_column = {.values = data, .length = 21, .offset = 1};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct counted counted;
        struct ArrowArray array;
        struct hw_field field = {.name = "a",
                                 .type = {.kind = rows[i].kind, .width = 3},
                                 .children = rows[i].children > 0 ? &child : NULL,
                                 .children_count = rows[i].children};
        const struct hw_schema schema = {.fields = &field, .count = 1};
        struct hw_column column = full;
        column.children = &child_column;
        struct hw_batch batch = batch_of(&schema, &column, 4, &counted);
        assert_ok(hw_arrow_batch_export(&batch, &array, &err), err);
        const struct ArrowArray *out = array.children[0];
        assert_row_int(rows[i].name, out->n_buffers, rows[i].count);
        assert_row_int(rows[i].name, rows[i].count < 1 || out->buffers[0] == validity, true);
        assert_row_int(rows[i].name, rows[i].count < 2 || out->buffers[1] == rows[i].second, true);
        assert_row_int(rows[i].name, rows[i].count < 3 || out->buffers[2] == rows[i].third, true);
        assert_row_int(rows[i].name, out->null_count, 2);
        assert_row_int(rows[i].name, out->offset, 3);
        assert_row_int(rows[i].name, out->length, 4); /* the rows of the batch */
        assert_row_int(rows[i].name, out->n_children, rows[i].children);
        assert_row_int(rows[i].name, out->children != NULL, rows[i].children > 0);
        if (rows[i].children > 0) { /* its length is its own */
            assert_row_int(rows[i].name, out->children[0]->length, 21);
            assert_row_int(rows[i].name, out->children[0]->offset, 1);
            assert_row_int(rows[i].name, out->children[0]->buffers[1] == data, true);
        }
        assert_null(out->dictionary);
        all_release(&batch, &counted, &array);
    }
}

static void a_table_is_a_struct_of_its_columns(void **state) {
    (void)state;
    static struct hw_field fields[] = {{.name = "a", .type = {.kind = HW_KIND_INT64}},
                                       {.name = "b", .type = {.kind = HW_KIND_TEXT}},
                                       {.name = "c", .type = {.kind = HW_KIND_NULL}}};
    static const struct hw_column columns[] = {
        {.values = values}, {.offsets = offsets, .data = data}, {.null_count = 9}};
    for (size_t count = 0; count <= COUNT_OF(fields); count++) {
        struct hw_error err = HW_ERROR_INIT;
        struct counted counted;
        struct ArrowArray array;
        const struct hw_schema schema = {.fields = fields, .count = count};
        struct hw_batch batch = batch_of(&schema, columns, 9, &counted);
        assert_ok(hw_arrow_batch_export(&batch, &array, &err), err);
        assert_int_equal(array.length, 9);
        assert_int_equal(array.null_count, 0);
        assert_int_equal(array.offset, 0);
        assert_int_equal(array.n_buffers, 1);
        assert_null(array.buffers[0]); /* no row is null */
        assert_int_equal(array.n_children, count);
        assert_int_equal(array.children != NULL, count > 0);
        assert_null(array.dictionary);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(array.children[i]->length, 9);
            assert_int_equal(array.children[i]->null_count, columns[i].null_count);
        }
        all_release(&batch, &counted, &array);
    }
}

static const struct hw_field words = {.type = {.kind = HW_KIND_TEXT}};
static const struct hw_field nested_fields[] = {
    {.name = "word", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &words},
    {.name = "number", .type = {.kind = HW_KIND_INT32}},
    {.name = "flag", .type = {.kind = HW_KIND_BOOL}},
};
static struct hw_field nested_table = {
    .name = "nested", .type = {.kind = HW_KIND_STRUCT}, .children = nested_fields, .children_count = 3};
static const struct hw_schema nested_schema = {.fields = &nested_table, .count = 1};
static const struct hw_column word_column = {.offsets = offsets, .data = data, .length = 5};
static const struct hw_column nested_columns[] = {{.values = values, .length = 2, .dictionary = &word_column},
                                                  {.values = data, .length = 2},
                                                  {.values = values, .length = 2}};
static const struct hw_column nested_column = {.children = nested_columns};

static void a_dictionary_is_beside_its_indices(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct counted counted;
    struct ArrowArray array;
    struct hw_batch batch = batch_of(&nested_schema, &nested_column, 2, &counted);
    assert_ok(hw_arrow_batch_export(&batch, &array, &err), err);
    const struct ArrowArray *word = array.children[0]->children[0];
    assert_int_equal(word->n_buffers, 2);
    assert_ptr_equal(word->buffers[1], values);
    assert_int_equal(word->n_children, 0);
    assert_non_null(word->dictionary);
    assert_int_equal(word->dictionary->length, 5);
    assert_int_equal(word->dictionary->n_buffers, 3);
    assert_ptr_equal(word->dictionary->buffers[1], offsets);
    assert_ptr_equal(word->dictionary->buffers[2], data);
    all_release(&batch, &counted, &array);
}

/* "Moving an array": whoever moves a part away may release it before or after the rest. */
static void parts_may_be_moved_away(void **state) {
    (void)state;
    enum { COLUMN, CHILD, DICTIONARY, PARTS };
    static const char *const names[PARTS] = {"a column", "a child", "a dictionary"};
    for (int i = 0; i < 2 * PARTS; i++) {
        const bool first = i < PARTS;
        struct hw_error err = HW_ERROR_INIT;
        struct counted counted;
        struct ArrowArray array;
        struct hw_batch batch = batch_of(&nested_schema, &nested_column, 2, &counted);
        assert_ok(hw_arrow_batch_export(&batch, &array, &err), err);
        struct ArrowArray *const parts[PARTS] = {[COLUMN] = array.children[0],
                                                 [CHILD] = array.children[0]->children[1],
                                                 [DICTIONARY] = array.children[0]->children[0]->dictionary};
        struct ArrowArray moved = *parts[i % PARTS];
        parts[i % PARTS]->release = NULL;
        hw_batch_release(&batch);
        struct ArrowArray *const order[] = {first ? &moved : &array, first ? &array : &moved};
        order[0]->release(order[0]);
        assert_row_int(names[i % PARTS], order[0]->release != NULL, false);
        assert_row_int(names[i % PARTS], counted.frees, 0); /* the other part still keeps it */
        order[1]->release(order[1]);
        assert_row_int(names[i % PARTS], counted.frees, 1);
    }
}

/* ------ faults */

static void borrowed_batches_are_refused(void **state) {
    (void)state;
    const struct hw_batch batch = {.schema = &nested_schema, .rows = 2, .columns = &nested_column};
    struct ArrowArray array = {.length = 77};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_arrow_batch_export(&batch, &array, &err), HW_EUSAGE);
    assert_row_text("owner", err.message, "a batch whose memory is borrowed cannot be handed to another library");
    assert_int_equal(array.length, 77);
}

static void too_many_children_are_refused(void **state) {
    (void)state;
    struct hw_field wide = {.name = "w", .type = {.kind = HW_KIND_STRUCT}, .children_count = SIZE_MAX / 2};
    const struct hw_schema schema = {.fields = &wide, .count = 1};
    struct hw_error err = HW_ERROR_INIT;
    struct counted counted;
    struct ArrowArray array = {.length = 77};
    struct hw_batch batch = batch_of(&schema, &full, 2, &counted);
    assert_int_equal(hw_arrow_batch_export(&batch, &array, &err), HW_ELIMIT);
    assert_row_text("wide", err.message, "a column of 9223372036854775807 children is too wide");
    assert_int_equal(array.length, 77);
    assert_int_equal(atomic_load(&counted.owner.references), 1); /* the table's is given back */
    hw_batch_release(&batch);
    assert_int_equal(counted.frees, 1);
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct counted counted;
        struct ArrowArray array = {.length = 77};
        struct hw_batch batch = batch_of(&nested_schema, &nested_column, 2, &counted);
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_arrow_batch_export(&batch, &array, &err);
        if (status == HW_OK) {
            array.release(&array);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("memory", err.message, fired ? "out of memory" : "");
        assert_int_equal(array.length, fired ? 77 : 2);
        assert_int_equal(atomic_load(&counted.owner.references), 1);
        hw_batch_release(&batch);
        assert_int_equal(counted.frees, 1);
        faults += fired;
    }
    assert_int_equal(faults, 12); /* two for each of the six arrays */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_the_buffers_of_their_layout), cmocka_unit_test(a_table_is_a_struct_of_its_columns),
        cmocka_unit_test(a_dictionary_is_beside_its_indices),     cmocka_unit_test(parts_may_be_moved_away),
        cmocka_unit_test(borrowed_batches_are_refused),           cmocka_unit_test(too_many_children_are_refused),
        cmocka_unit_test(want_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("table/arrow_export", tests, NULL, NULL);
}
