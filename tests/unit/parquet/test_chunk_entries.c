/* SPDX-License-Identifier: Apache-2.0 */
/* Pages are held to those that hw_chunk_add and hw_chunk_nested_add make of the same rows. */
#include "parquet/chunk_entries.h"

#include "parquet/chunk_nested.h"
#include "parquet/tree.h"
#include "support/alloc_fault.h"
#include "unit/parquet/chunk_make.h"

enum { ROWS = 1000, WIDTH_MAX = 8, TEXT_MAX = 6, ELEMENTS_MAX = 4 * ROWS, LONG_ROW = 500, LONG_ELEMENTS = 700 };

/* Slots of a column as a batch has them: every second distinct value comes back soon. */
struct slots {
    uint8_t values[ELEMENTS_MAX * WIDTH_MAX + HW_BATCH_PADDING];
    int32_t offsets[ELEMENTS_MAX + 1];
    uint8_t validity[ELEMENTS_MAX / 8 + 1];
    bool valid[ELEMENTS_MAX];
    size_t width;
    size_t nulls;
    size_t count;
};

static uint8_t slot_byte(size_t slot, size_t at) {
    return (uint8_t)((slot % 2 ? slot % 9 : slot * 40503) >> at % 3 ^ at);
}

/* `width` 0: texts, whose lengths change. Each fifth slot is null where `nulls` says so. */
static void slots_fill(struct slots *slots, size_t count, size_t width, bool nulls) {
    *slots = (struct slots){.width = width, .count = count};
    for (size_t i = 0; i < count; i++) {
        slots->valid[i] = !nulls || i % 5 != 3;
        slots->nulls += !slots->valid[i];
        slots->validity[i / 8] |= (uint8_t)(slots->valid[i] << i % 8);
        const size_t bytes = width ? width : slots->valid[i] ? i % TEXT_MAX : 0;
        slots->offsets[i + 1] = slots->offsets[i] + (int32_t)bytes;
        for (size_t k = 0; k < bytes; k++) {
            slots->values[(size_t)slots->offsets[i] + k] = slot_byte(i, k);
        }
    }
}

static struct hw_column slots_column(struct slots *slots) {
    return (struct hw_column){
        .length = slots->count,
        .null_count = slots->nulls,
        .validity = slots->nulls > 0 ? slots->validity : NULL,
        .values = slots->width ? slots->values : NULL,
        .offsets = slots->width ? NULL : slots->offsets,
        .data = slots->width ? NULL : (const char *)slots->values,
    };
}

/* Adds the value of a slot to rows that are read. */
static void value_add(struct hw_leaf_rows *rows, const struct slots *slots, size_t slot, bool bits) {
    const uint8_t *at = slots->values + slots->offsets[slot];
    const hw_view text = {(const char *)at, (size_t)(slots->offsets[slot + 1] - slots->offsets[slot])};
    const uint8_t bit = (slots->values[slot / 8] >> slot % 8 & 1) != 0;
    if (slots->width == 0) {
        assert_int_equal(hw_leaf_rows_text(rows, text, NULL), HW_OK);
        return;
    }
    assert_int_equal(hw_buf_append(&rows->values, bits ? &bit : at, slots->width, NULL), HW_OK);
    rows->count++;
}

/* ------ flat columns */

static const struct flat {
    const char *name;
    struct hw_type type;
    size_t width;
    bool nulls;
    /* 0: the default of the bench. */
    size_t page_rows, page_bytes;
    size_t pages;
} flats[] = {
    {"booleans", {.kind = HW_KIND_BOOL}, 1, false, 300, 0, 4},
    {"booleans and nulls", {.kind = HW_KIND_BOOL}, 1, true, 300, 0, 4},
    {"booleans by bytes", {.kind = HW_KIND_BOOL}, 1, false, 0, 250, 4},
    {"four bytes", {.kind = HW_KIND_INT32}, 4, false, 128, 0, 8},
    {"four bytes and nulls", {.kind = HW_KIND_INT32}, 4, true, 128, 0, 8},
    {"four bytes by bytes", {.kind = HW_KIND_INT32}, 4, false, 0, 403, 10},
    /* 80 values are 100 rows, behind which is no null. */
    {"four bytes and nulls by bytes", {.kind = HW_KIND_INT32}, 4, true, 0, 320, 10},
    {"eight bytes", {.kind = HW_KIND_INT64}, 8, false, 999, 0, 2},
    {"eight bytes and nulls", {.kind = HW_KIND_INT64}, 8, true, 64, 640, 16},
    {"fixed bytes", {.kind = HW_KIND_FIXED, .width = 3}, 3, false, 128, 0, 8},
    {"fixed bytes and nulls", {.kind = HW_KIND_FIXED, .width = 3}, 3, true, 128, 0, 8},
    {"a page for each value", {.kind = HW_KIND_FIXED, .width = 3}, 3, false, 0, 2, ROWS},
    {"texts", {.kind = HW_KIND_TEXT}, 0, false, 128, 0, 8},
    {"texts and nulls", {.kind = HW_KIND_TEXT}, 0, true, 128, 0, 8},
    /* Six texts take 6 * 4 + 15 bytes; 150 of them make a page, and 100 are left. */
    {"texts by bytes", {.kind = HW_KIND_TEXT}, 0, false, 0, 975, 7},
    {"a page of all", {.kind = HW_KIND_TEXT}, 0, true, 0, 0, 1},
    {"a page for each row", {.kind = HW_KIND_INT64}, 8, true, 1, 0, ROWS},
};

/* Fills in rows that are read, as a reader does, from row `from` on. */
static void flat_rows(struct hw_leaf_rows *rows, const struct slots *slots, bool bits, size_t from, size_t count,
                      bool all_levels) {
    bool null = all_levels;
    assert_int_equal(hw_leaf_rows_clear(rows, slots->width, NULL), HW_OK);
    rows->rows = rows->entries = count;
    for (size_t i = from; i < from + count; i++) {
        null |= !slots->valid[i];
    }
    for (size_t i = from; i < from + count; i++) {
        if (null) {
            assert_int_equal(hw_buf_append_byte(&rows->defs, slots->valid[i], NULL), HW_OK);
        }
        if (slots->valid[i]) {
            value_add(rows, slots, i, bits);
        }
    }
}

static struct bench *bench_new(struct bench *bench, const struct hw_field *field, size_t page_rows, size_t page_bytes) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_parquet_options options = {.page_rows = page_rows, .page_bytes = page_bytes};
    assert_ok(bench_open(bench, field, options, &err), err);
    return bench;
}

static void pages_compare(const char *name, const struct bench *got, const struct bench *want) {
    const struct hw_row_group *a = got->group, *b = want->group;
    assert_row_bytes(name, bench_log(got).data, bench_log(got).size, bench_log(want).data, bench_log(want).size);
    assert_row_int(name, a->pages_count, b->pages_count);
    for (size_t i = 0; i < a->pages_count; i++) {
        assert_row_int(name, a->pages[i].at, b->pages[i].at);
        assert_row_int(name, a->pages[i].rows, b->pages[i].rows);
        assert_row_int(name, a->pages[i].values, b->pages[i].values);
        assert_row_int(name, a->pages[i].nulls, b->pages[i].nulls);
        assert_row_int(name, a->pages[i].text_bytes, b->pages[i].text_bytes);
        assert_row_int(name, a->pages[i].next, b->pages[i].next);
        assert_row_int(name, a->pages[i].bounded, b->pages[i].bounded);
    }
    assert_row_bytes(name, a->bounds.data, a->bounds.size, b->bounds.data, b->bounds.size);
    assert_row_int(name, a->chunks[0].values, b->chunks[0].values);
    assert_row_int(name, a->chunks[0].nulls, b->chunks[0].nulls);
    assert_row_int(name, a->chunks[0].text_bytes, b->chunks[0].text_bytes);
    assert_row_int(name, a->chunks[0].stored_bytes, b->chunks[0].stored_bytes);
    assert_row_int(name, a->chunks[0].dictionary_size, b->chunks[0].dictionary_size);
}

static void flat_run(const struct flat *flat, struct slots *slots, size_t step, bool all_levels,
                     const struct bench *want) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_field field = {.name = "a", .type = flat->type, .required = !flat->nulls};
    struct bench bench;
    struct hw_leaf_rows rows = {0};
    bench_new(&bench, &field, flat->page_rows, flat->page_bytes);
    /* A leaf that can be null has levels. */
    bench.chunk.leaf.def_max = flat->nulls;
    for (size_t at = 0; at < ROWS; at += step) {
        flat_rows(&rows, slots, flat->type.kind == HW_KIND_BOOL, at, hw_min_size(step, ROWS - at),
                  all_levels && flat->nulls);
        assert_ok(hw_chunk_add_entries(&bench.chunk, &bench.work, &rows, &err), err);
    }
    assert_ok(hw_chunk_finish(&bench.chunk, &bench.work, &err), err);
    pages_compare(flat->name, &bench, want);
    hw_leaf_rows_release(&rows);
    bench_close(&bench);
}

static void flat_pages_are_those_of_batches(void **state) {
    (void)state;
    static const size_t steps[] = {1, 7, 333, ROWS};
    static struct slots slots;
    for (size_t i = 0; i < COUNT_OF(flats); i++) {
        const struct flat *flat = &flats[i];
        const struct hw_field field = {.name = "a", .type = flat->type, .required = !flat->nulls};
        struct hw_error err = HW_ERROR_INIT;
        struct bench want;
        slots_fill(&slots, ROWS, flat->width, flat->nulls);
        const struct hw_column column = slots_column(&slots);
        bench_new(&want, &field, flat->page_rows, flat->page_bytes);
        assert_ok(bench_run(&want, &column, ROWS, ROWS, &err), err);
        assert_row_int(flat->name, want.group->pages_count, flat->pages);
        for (size_t k = 0; k < COUNT_OF(steps); k++) {
            flat_run(flat, &slots, steps[k], false, &want);
            flat_run(flat, &slots, steps[k], true, &want);
        }
        bench_close(&want);
    }
}

/* ------ nested columns */

/* Lists, or structs, of the slots of a column. */
struct nested {
    struct slots slots;
    struct hw_field fields[2];
    struct hw_schema schema;
    struct hw_tree tree;
    int32_t offsets[ROWS + 1];
    uint8_t validity[ROWS / 8 + 1];
    bool valid[ROWS];
    struct hw_column columns[2];
    bool list;
};

/* Lists of 0 to 3 elements, of which one is long; each seventh row is null. */
static void nested_make(struct nested *nested, struct hw_type type, size_t width, bool list) {
    struct hw_error err = HW_ERROR_INIT;
    size_t nulls = 0;
    *nested = (struct nested){.list = list};
    for (size_t row = 0; row < ROWS; row++) {
        nested->valid[row] = row % 7 != 6;
        nulls += !nested->valid[row];
        nested->validity[row / 8] |= (uint8_t)(nested->valid[row] << row % 8);
        const size_t elements = !list ? 1 : !nested->valid[row] ? 0 : row == LONG_ROW ? LONG_ELEMENTS : row % 4;
        nested->offsets[row + 1] = nested->offsets[row] + (int32_t)elements;
    }
    slots_fill(&nested->slots, (size_t)nested->offsets[ROWS], width, true);
    nested->columns[1] = slots_column(&nested->slots);
    nested->columns[0] = (struct hw_column){.length = ROWS,
                                            .null_count = nulls,
                                            .validity = nested->validity,
                                            .offsets = list ? nested->offsets : NULL,
                                            .children = &nested->columns[1]};
    nested->fields[1] = (struct hw_field){.name = "x", .type = type};
    nested->fields[0] = (struct hw_field){.name = "l",
                                          .type.kind = list ? HW_KIND_LIST : HW_KIND_STRUCT,
                                          .children = &nested->fields[1],
                                          .children_count = 1};
    nested->schema = (struct hw_schema){nested->fields, 1};
    assert_ok(hw_tree_init(&nested->tree, &nested->schema, &err), err);
    assert_int_equal(nested->tree.count, 1);
}

static void levels_put(struct hw_leaf_rows *rows, uint8_t def, uint8_t rep, bool repeats) {
    assert_int_equal(hw_buf_append_byte(&rows->defs, def, NULL), HW_OK);
    if (repeats) {
        assert_int_equal(hw_buf_append_byte(&rows->reps, rep, NULL), HW_OK);
    }
    rows->entries++;
}

/* Adds a row with its levels. Definition levels: null list 0, no element 1, null 2, value 3. */
static void nested_row(struct hw_leaf_rows *rows, const struct nested *nested, size_t row) {
    const size_t begin = (size_t)nested->offsets[row], end = (size_t)nested->offsets[row + 1];
    if (!nested->valid[row] || begin == end) {
        levels_put(rows, nested->valid[row], 0, nested->list);
        return;
    }
    for (size_t i = begin; i < end; i++) {
        const uint8_t def = (uint8_t)(1 + nested->list + nested->slots.valid[i]);
        levels_put(rows, def, i > begin, nested->list);
        if (nested->slots.valid[i]) {
            value_add(rows, &nested->slots, i, false);
        }
    }
}

static void nested_rows(struct hw_leaf_rows *rows, const struct nested *nested, size_t from, size_t count) {
    assert_int_equal(hw_leaf_rows_clear(rows, nested->slots.width, NULL), HW_OK);
    rows->rows = count;
    for (size_t row = from; row < from + count; row++) {
        nested_row(rows, nested, row);
    }
    /* A reader leaves the levels of leaves that do not repeat out where all are the highest. */
    if (!nested->list && rows->count == rows->entries) {
        hw_buf_clear(&rows->defs);
    }
}

static void nested_bench(struct bench *bench, const struct nested *nested, size_t page_rows, size_t page_bytes) {
    bench_new(bench, &nested->fields[1], page_rows, page_bytes);
    bench->group->base.ops->free(&bench->group->base);
    hw_row_group_pool_release(&bench->pool);
    hw_row_group_pool_init(&bench->pool, 1, nested->tree.counts);
    assert_int_equal(hw_row_group_new(&bench->pool, &bench->group, NULL), HW_OK);
    bench->work.group = bench->group;
    hw_chunk_init(&bench->chunk, &nested->tree.leaves[0], 0);
}

static enum hw_status nested_add(struct bench *bench, const struct nested *nested, size_t step, struct hw_error *err) {
    struct hw_leaf_rows rows = {0};
    enum hw_status status = HW_OK;
    for (size_t at = 0; status == HW_OK && at < ROWS; at += step) {
        nested_rows(&rows, nested, at, hw_min_size(step, ROWS - at));
        status = hw_chunk_add_entries(&bench->chunk, &bench->work, &rows, err);
    }
    hw_leaf_rows_release(&rows);
    return status ? status : hw_chunk_finish(&bench->chunk, &bench->work, err);
}

static const struct {
    const char *name;
    struct hw_type type;
    size_t width;
    bool list;
} nests[] = {
    {"lists of integers", {.kind = HW_KIND_INT64}, 8, true},
    {"lists of texts", {.kind = HW_KIND_TEXT}, 0, true},
    {"lists of fixed bytes", {.kind = HW_KIND_FIXED, .width = 3}, 3, true},
    {"structs of integers", {.kind = HW_KIND_INT32}, 4, false},
    {"structs of texts", {.kind = HW_KIND_TEXT}, 0, false},
};

static void nested_pages_are_those_of_batches(void **state) {
    (void)state;
    static const size_t steps[] = {1, 3, 333, ROWS};
    static struct nested nested;
    for (size_t i = 0; i < COUNT_OF(nests); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct bench want;
        nested_make(&nested, nests[i].type, nests[i].width, nests[i].list);
        nested_bench(&want, &nested, 128, 0);
        assert_ok(hw_chunk_nested_add(&want.chunk, &want.work, &nested.columns[0], 0, ROWS, &err), err);
        assert_ok(hw_chunk_finish(&want.chunk, &want.work, &err), err);
        assert_row_int(nests[i].name, want.group->pages_count, (ROWS + 127) / 128);
        for (size_t k = 0; k < COUNT_OF(steps); k++) {
            struct bench bench;
            nested_bench(&bench, &nested, 128, 0);
            assert_ok(nested_add(&bench, &nested, steps[k], &err), err);
            pages_compare(nests[i].name, &bench, &want);
            for (size_t level = 0; level < nested.tree.counts; level++) {
                assert_row_int(nests[i].name, bench.group->level_counts[level], want.group->level_counts[level]);
            }
            bench_close(&bench);
        }
        bench_close(&want);
        hw_tree_release(&nested.tree);
    }
}

/* Returns what a row takes in a page: its values, and two bytes of levels for each entry. */
static size_t row_bytes(const struct nested *nested, size_t row) {
    struct hw_leaf_rows rows = {0};
    nested_rows(&rows, nested, row, 1);
    const size_t bytes = nested->slots.width ? rows.values.size : rows.data.size + rows.count * sizeof(uint32_t);
    const size_t all = bytes + 2 * rows.entries;
    hw_leaf_rows_release(&rows);
    return all;
}

/* A page takes rows as long as they fit, and one that is too large for any page. */
static void nested_pages_end_by_bytes(void **state) {
    (void)state;
    enum { PAGE_BYTES = 500 };
    static const size_t steps[] = {1, 3, 333, ROWS};
    static struct nested nested;
    for (size_t i = 0; i < COUNT_OF(nests); i++) {
        nested_make(&nested, nests[i].type, nests[i].width, nests[i].list);
        for (size_t k = 0; k < COUNT_OF(steps); k++) {
            struct hw_error err = HW_ERROR_INIT;
            struct bench bench;
            size_t row = 0;
            nested_bench(&bench, &nested, 0, PAGE_BYTES);
            assert_ok(nested_add(&bench, &nested, steps[k], &err), err);
            assert_row_int(nests[i].name, bench.group->pages_count > 3, true);
            for (size_t page = 0; page < bench.group->pages_count; page++) {
                size_t taken = row_bytes(&nested, row++), rows = 1;
                while (row < ROWS && taken + row_bytes(&nested, row) <= PAGE_BYTES) {
                    taken += row_bytes(&nested, row++);
                    rows++;
                }
                assert_row_int(nests[i].name, bench.group->pages[page].rows, rows);
            }
            assert_row_int(nests[i].name, row, ROWS);
            bench_close(&bench);
        }
        hw_tree_release(&nested.tree);
    }
}

/* ------ failures */

static void a_required_column_has_no_nulls(void **state) {
    (void)state;
    static struct slots slots;
    const struct hw_field field = {.name = "a", .type.kind = HW_KIND_INT32, .required = true};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_leaf_rows rows = {0};
    struct bench bench;
    slots_fill(&slots, ROWS, 4, true);
    flat_rows(&rows, &slots, false, 0, 10, false);
    bench_new(&bench, &field, 0, 0);
    assert_int_equal(bench.chunk.leaf.def_max, 0);
    assert_int_equal(hw_chunk_add_entries(&bench.chunk, &bench.work, &rows, &err), HW_EDATA);
    assert_string_equal(err.message, "a null in a column that is required");
    hw_leaf_rows_release(&rows);
    bench_close(&bench);
}

/* A page counts its entries in 32 bits; so many are not made here, but said to be there. */
static void a_page_has_a_limit_of_entries(void **state) {
    (void)state;
    static struct nested nested;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_leaf_rows rows = {0};
    struct bench bench;
    nested_make(&nested, nests[0].type, nests[0].width, true);
    nested_rows(&rows, &nested, 2, 2); /* lists of 2 and of 3 */
    nested_bench(&bench, &nested, 0, 0);
    bench.chunk.entries = INT32_MAX - 4;
    assert_int_equal(hw_chunk_add_entries(&bench.chunk, &bench.work, &rows, &err), HW_ELIMIT);
    assert_string_equal(err.message, "2 rows with 5 values are too many for a page");
    hw_leaf_rows_release(&rows);
    bench_close(&bench);
    hw_tree_release(&nested.tree);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static struct nested nested;
    nested_make(&nested, nests[1].type, nests[1].width, true);
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        struct hw_leaf_rows rows = {0};
        struct alloc_fault fault;
        struct bench bench;
        nested_rows(&rows, &nested, 0, ROWS);
        nested_bench(&bench, &nested, 128, 0);
        alloc_fault_begin(&fault, failures);
        enum hw_status status = hw_chunk_add_entries(&bench.chunk, &bench.work, &rows, NULL);
        status = status ? status : hw_chunk_finish(&bench.chunk, &bench.work, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_leaf_rows_release(&rows);
        bench_close(&bench);
    }
    assert_true(failures > 5);
    hw_tree_release(&nested.tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_pages_are_those_of_batches), cmocka_unit_test(nested_pages_are_those_of_batches),
        cmocka_unit_test(nested_pages_end_by_bytes),       cmocka_unit_test(a_required_column_has_no_nulls),
        cmocka_unit_test(a_page_has_a_limit_of_entries),   cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/chunk_entries", tests, NULL, NULL);
}
