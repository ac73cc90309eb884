/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_merge.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/optimize/message_text.h"
#include "unit/table/messages.h"

#define SPARK_KEY "org.apache.spark.sql.parquet.row.metadata"
#define PANDAS(start, stop) \
    "{\"index_columns\": [{\"kind\": \"range\", \"start\": " start ", \"stop\": " stop ", \"step\": 1}]}"
#define GEO(bbox) "{\"columns\": {\"g\": {\"geometry_types\": []" bbox "}}}"
#define BOX(numbers) GEO(", \"bbox\": [" numbers "]")
#define PAIR(key, value) \
    { HW_VIEW_INIT(key), HW_VIEW_INIT(value), true }
#define SOURCE(file, items, first, count, whole) \
    { (file), {(items), COUNT_OF(items), true}, (first), (count), (whole) }

/* Two files of one writer, of 2 and 3 rows. */
static const struct hw_file_pair one[] = {
    PAIR("k", "same"),
    PAIR("pandas", PANDAS("0", "2")),
    PAIR("id", "1"),
    PAIR("geo", BOX("1, 2, 3, 4")),
    PAIR("ARROW:schema", message_pandas_0_2),
    PAIR(SPARK_KEY, "{\"a\": 1}"),
};
static const struct hw_file_pair two[] = {
    PAIR("k", "same"),
    PAIR("pandas", PANDAS("2", "5")),
    PAIR("id", "2"),
    PAIR("geo", GEO("")),
    PAIR("ARROW:schema", message_pandas_2_5_more),
    PAIR(SPARK_KEY, "{\"a\":1}"),
};
static const struct hw_pairs_source both[] = {SOURCE("one", one, 0, 2, true), SOURCE("two", two, 0, 3, true)};

static void pair_is(const struct hw_file_pair *pair, const char *key, const char *value) {
    assert_row_bytes(key, pair->key.data, pair->key.size, key, strlen(key));
    assert_row_bytes(key, pair->value.data, pair->value.size, value, strlen(value));
    assert_row_int(key, pair->has_value, true);
}

static void left_out_is(const struct hw_pair_left_out *left_out, const char *key, const char *reason) {
    assert_row_bytes(key, left_out->key.data, left_out->key.size, key, strlen(key));
    assert_row_text(key, left_out->reason, reason);
}

static void pairs_that_differ_are_left_out(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs merged;
    (void)state;
    assert_ok(hw_pairs_merge(both, COUNT_OF(both), HW_OPTIMIZE_METADATA_EQUAL, &arena, &merged, &err), err);
    assert_int_equal(merged.pairs.count, 4);
    assert_true(merged.pairs.same_schema);
    pair_is(&merged.pairs.items[0], "k", "same");
    assert_ptr_equal(merged.pairs.items[0].value.data, one[0].value.data);
    pair_is(&merged.pairs.items[1], "pandas", PANDAS("0", "5"));
    pair_is(&merged.pairs.items[2], "geo", GEO(""));
    assert_true(hw_view_equal(merged.pairs.items[3].key, HW_VIEW("ARROW:schema")));
    assert_row_message("schema", merged.pairs.items[3].value, message_pandas_0_5);
    assert_int_equal(merged.left_out_count, 4);
    left_out_is(&merged.left_out[0], "id", "the sources do not agree on it");
    left_out_is(&merged.left_out[1], "geo: bbox of g", "the sources do not all have one that can be joined");
    left_out_is(&merged.left_out[2], "ARROW:schema: only", "not all of the sources have it");
    left_out_is(&merged.left_out[3], SPARK_KEY, "the sources do not agree on it");
}

static void pairs_of_the_first_stay(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs merged;
    (void)state;
    assert_ok(hw_pairs_merge(both, COUNT_OF(both), HW_OPTIMIZE_METADATA_FIRST, &arena, &merged, &err), err);
    assert_int_equal(merged.pairs.count, COUNT_OF(one));
    pair_is(&merged.pairs.items[1], "pandas", PANDAS("0", "5"));
    pair_is(&merged.pairs.items[2], "id", "1");
    pair_is(&merged.pairs.items[3], "geo", GEO(""));
    pair_is(&merged.pairs.items[5], SPARK_KEY, "{\"a\": 1}");
    assert_int_equal(merged.left_out_count, 2);
}

static void pairs_that_differ_fail(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs merged = {.left_out_count = 7};
    const struct hw_pairs_source same[] = {both[0], both[0]};
    (void)state;
    assert_int_equal(hw_pairs_merge(both, COUNT_OF(both), HW_OPTIMIZE_METADATA_FAIL, &arena, &merged, &err), HW_EDATA);
    assert_string_equal(err.message, "one and two do not agree on the key-value metadata \"id\"");
    assert_int_equal(merged.left_out_count, 7);
    /* What can be merged does not fail: twice two rows that count from 0. */
    assert_ok(hw_pairs_merge(same, COUNT_OF(same), HW_OPTIMIZE_METADATA_FAIL, &arena, &merged, &err), err);
    assert_int_equal(merged.pairs.count, COUNT_OF(one));
    pair_is(&merged.pairs.items[1], "pandas", PANDAS("0", "4"));
    assert_int_equal(merged.left_out_count, 0);
}

static void a_whole_file_keeps_its_pairs(void **state) {
    /* A range that is not that of the rows, and what cannot be read, stay as they are. */
    static const struct hw_file_pair items[] = {PAIR("pandas", PANDAS("7", "8")), PAIR("geo", "{"), PAIR("geo", "[")};
    const struct hw_pairs_source source = SOURCE("a file", items, 0, 5, true);
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs merged;
    (void)state;
    for (enum hw_optimize_metadata rule = HW_OPTIMIZE_METADATA_EQUAL; rule <= HW_OPTIMIZE_METADATA_FAIL; rule++) {
        assert_int_equal(hw_pairs_merge(&source, 1, rule, &arena, &merged, NULL), HW_OK);
        assert_int_equal(merged.left_out_count, 0);
        assert_int_equal(merged.pairs.count, COUNT_OF(items));
        assert_memory_equal(merged.pairs.items, items, sizeof(items));
    }
}

static void a_part_of_a_file_has_its_range(void **state) {
    const struct hw_pairs_source part = SOURCE("two", two, 1, 2, false);
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs merged;
    (void)state;
    for (enum hw_optimize_metadata rule = HW_OPTIMIZE_METADATA_EQUAL; rule <= HW_OPTIMIZE_METADATA_FAIL; rule++) {
        assert_int_equal(hw_pairs_merge(&part, 1, rule, &arena, &merged, NULL), HW_OK);
        assert_int_equal(merged.left_out_count, 0);
        assert_int_equal(merged.pairs.count, COUNT_OF(two));
        for (size_t i = 0; i < COUNT_OF(two); i++) {
            const bool ranged = i == 1 || i == 4;
            assert_int_equal(merged.pairs.items[i].value.data == two[i].value.data, !ranged);
        }
        pair_is(&merged.pairs.items[1], "pandas", PANDAS("3", "5"));
        assert_row_message("schema", merged.pairs.items[4].value, message_pandas_3_5_more_new);
    }
}

static void columns_have_changed_where_those_of_a_source_have(void **state) {
    const struct hw_pairs_source sources[] = {{"one", {one, COUNT_OF(one), true}, 0, 2, true},
                                              {"two", {one, COUNT_OF(one), false}, 0, 2, true}};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs merged;
    (void)state;
    assert_int_equal(hw_pairs_merge(sources, 2, HW_OPTIMIZE_METADATA_EQUAL, &arena, &merged, NULL), HW_OK);
    assert_false(merged.pairs.same_schema);
}

/* Only what differs is read, so what is the same in many files takes next to no memory. */
static void many_files_are_merged(void **state) {
    enum { FILES = 10000 };
    struct hw_pairs_source *sources = calloc(FILES, sizeof(*sources));
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs merged;
    (void)state;
    assert_non_null(sources);
    for (size_t i = 0; i < FILES; i++) {
        sources[i] = (struct hw_pairs_source)SOURCE("a file", one, 0, 2, true);
    }
    assert_ok(hw_pairs_merge(sources, FILES, HW_OPTIMIZE_METADATA_FAIL, &arena, &merged, &err), err);
    assert_int_equal(merged.pairs.count, COUNT_OF(one));
    pair_is(&merged.pairs.items[1], "pandas", PANDAS("0", "20000"));
    assert_ptr_equal(merged.pairs.items[3].value.data, one[3].value.data);
    assert_true(arena.held_bytes < HW_KIB(64));
    free(sources);
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct hw_arena arena = {0};
        struct hw_edited_pairs merged;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status =
            hw_pairs_merge(both, COUNT_OF(both), HW_OPTIMIZE_METADATA_EQUAL, &arena, &merged, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_differ_are_left_out),
        cmocka_unit_test(pairs_of_the_first_stay),
        cmocka_unit_test(pairs_that_differ_fail),
        cmocka_unit_test(a_whole_file_keeps_its_pairs),
        cmocka_unit_test(a_part_of_a_file_has_its_range),
        cmocka_unit_test(columns_have_changed_where_those_of_a_source_have),
        cmocka_unit_test(many_files_are_merged),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/pairs_merge", tests, NULL, NULL);
}
