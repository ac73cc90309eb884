/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/plan_pairs.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { FILES = 3, PAIRS = 3 };

#define RANGE(start, stop)                                                                             \
    "{\"index_columns\": [{\"kind\": \"range\", \"name\": null, \"start\": " start ", \"stop\": " stop \
    ", \"step\": 1}], \"columns\": []}"
#define GEO "{\"version\": \"1.1.0\", \"primary_column\": \"g\", \"columns\": {\"g\": {\"bbox\": [1, 2, 3, 4]}}}"

struct source {
    uint64_t rows;
    /* Its pairs up to the first without a key. */
    struct {
        const char *key, *value;
    } pairs[PAIRS];
};

/* The pairs of an output as text, KEY=VALUE, and those that are left out as -KEY. */
static const struct {
    const char *name;
    struct source files[FILES];
    size_t count;
    struct hw_row_range range;
    enum hw_optimize_metadata rule;
    bool masks;
    const char *digest;
    const char *want;
} rows[] = {
    {"one file", {{3, {{"a", "1"}, {"b", "2"}}}}, 1, .want = "a=1 b=2 "},
    {"the digest of an earlier run goes", {{3, {{HW_OPTIMIZE_KEY, "old"}, {"b", "2"}}}}, 1, .want = "b=2 "},
    {"the digest of this run is the last pair",
     {{3, {{HW_OPTIMIZE_KEY, "old"}, {"b", "2"}}}},
     1,
     .digest = "new",
     .want = "b=2 " HW_OPTIMIZE_KEY "=new "},
    {"digests are no pairs on which files agree or not",
     {{3, {{HW_OPTIMIZE_KEY, "old"}, {"b", "2"}}}, {3, {{"b", "2"}}}},
     2,
     .rule = HW_OPTIMIZE_METADATA_FAIL,
     .digest = "new",
     .want = "b=2 " HW_OPTIMIZE_KEY "=new "},
    {"sums of files are none either",
     {{3, {{"hawser.checksum", "1"}, {"b", "2"}}}, {3, {{"b", "2"}, {"hawser.checksum", "2"}}}},
     2,
     .rule = HW_OPTIMIZE_METADATA_FAIL,
     .want = "b=2 "},
    {"pairs that differ", {{3, {{"a", "1"}, {"b", "2"}}}, {3, {{"a", "1"}, {"b", "3"}}}}, 2, .want = "a=1 -b "},
    {"the first one's",
     {{3, {{"a", "1"}, {"b", "2"}}}, {3, {{"a", "1"}, {"b", "3"}}}},
     2,
     .rule = HW_OPTIMIZE_METADATA_FIRST,
     .want = "a=1 b=2 "},
    {"no digest and no pairs", {{3, {{NULL, NULL}}}}, 1, .want = ""},
    {"boxes show what is masked", {{3, {{"geo", GEO}, {"b", "2"}}}}, 1, .masks = true, .want = "b=2 "},
    {"boxes stay", {{3, {{"geo", GEO}}}}, 1, .want = "geo=" GEO " "},
    {"the range of all rows",
     {{3, {{"pandas", RANGE("0", "3")}}}, {4, {{"pandas", RANGE("3", "7")}}}},
     2,
     .want = "pandas=" RANGE("0", "7") " "},
    {"the range of rows in two of three files",
     {{3, {{"pandas", RANGE("0", "3")}}}, {4, {{"pandas", RANGE("3", "7")}}}, {2, {{"pandas", RANGE("7", "9")}}}},
     3,
     .range = {1, 5},
     .want = "pandas=" RANGE("1", "6") " "},
    {"the range of rows from the middle of one file on",
     {{10, {{"pandas", RANGE("100", "110")}}}},
     1,
     .range = {4, 0},
     .want = "pandas=" RANGE("104", "110") " "},
    {"the range of rows up to the middle of one file",
     {{10, {{"pandas", RANGE("100", "110")}}}},
     1,
     .range = {0, 4},
     .want = "pandas=" RANGE("100", "104") " "},
};

struct made {
    struct hw_arena arena;
    struct hw_parquet_pair pairs[FILES][PAIRS];
    struct hw_read_file files[FILES];
    const struct hw_read_file *all[FILES];
};

static void made_init(struct made *made, const struct source *sources, size_t count) {
    *made = (struct made){0};
    for (size_t f = 0; f < count; f++) {
        size_t pairs = 0;
        for (; pairs < PAIRS && sources[f].pairs[pairs].key; pairs++) {
            made->pairs[f][pairs] = (struct hw_parquet_pair){hw_view_of(sources[f].pairs[pairs].key),
                                                             hw_view_of(sources[f].pairs[pairs].value), true};
        }
        made->files[f].rows = sources[f].rows;
        made->files[f].meta.pairs = made->pairs[f];
        made->files[f].meta.pairs_count = pairs;
        made->all[f] = &made->files[f];
    }
}

static enum hw_status row_run(size_t row, struct made *made, struct hw_edited_pairs *out, struct hw_error *err) {
    static const char *const names[] = {"x", "y", "z"};
    const struct hw_plan_pairs making = {
        .files = made->all,
        .names = rows[row].rule == HW_OPTIMIZE_METADATA_FAIL ? names : NULL,
        .files_count = rows[row].count,
        .rows = rows[row].range,
        .rule = rows[row].rule,
        .masks = rows[row].masks,
        .digest = rows[row].digest,
    };
    return hw_plan_pairs_make(&making, &made->arena, out, err);
}

static void pairs_are_made(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        struct hw_edited_pairs pairs;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        made_init(&made, rows[i].files, rows[i].count);
        assert_ok(row_run(i, &made, &pairs, &err), err);
        for (size_t k = 0; k < pairs.pairs.count; k++) {
            const struct hw_file_pair *pair = &pairs.pairs.items[k];
            assert_int_equal(hw_buf_printf(&text, NULL, "%.*s=%.*s ", (int)pair->key.size, pair->key.data,
                                           (int)pair->value.size, pair->value.data),
                             HW_OK);
        }
        for (size_t k = 0; k < pairs.left_out_count; k++) {
            const hw_view key = pairs.left_out[k].key;
            assert_int_equal(hw_buf_printf(&text, NULL, "-%.*s ", (int)key.size, key.data), HW_OK);
        }
        assert_int_equal(hw_buf_end_text(&text, NULL), HW_OK);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
        hw_arena_release(&made.arena);
    }
}

static void files_that_do_not_agree_are_named(void **state) {
    static const struct source sources[] = {{3, {{"k", "1"}}}, {3, {{"k", "1"}}}, {3, {{"k", "2"}}}};
    static const char *const names[] = {"first.parquet", "second.parquet", "third.parquet"};
    struct made made;
    struct hw_edited_pairs pairs;
    struct hw_error err = HW_ERROR_INIT;
    (void)state;
    made_init(&made, sources, COUNT_OF(sources));
    const struct hw_plan_pairs making = {
        .files = made.all, .names = names, .files_count = FILES, .rule = HW_OPTIMIZE_METADATA_FAIL};
    assert_int_equal(hw_plan_pairs_make(&making, &made.arena, &pairs, &err), HW_EDATA);
    assert_row_says("differs", err.message,
                    "first.parquet and third.parquet do not agree on the key-value metadata \"k\"");
    hw_arena_release(&made.arena);
}

static void no_memory_is_told(void **state) {
    bool done = false;
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        done = false;
        for (size_t at = 0; !done; at++) {
            struct alloc_fault fault;
            struct made made;
            struct hw_edited_pairs pairs;
            made_init(&made, rows[row].files, rows[row].count);
            alloc_fault_begin(&fault, at);
            const enum hw_status status = row_run(row, &made, &pairs, NULL);
            done = !alloc_fault_end(&fault);
            assert_row_int(rows[row].name, status, done ? HW_OK : HW_ENOMEM);
            hw_arena_release(&made.arena);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_made),
        cmocka_unit_test(files_that_do_not_agree_are_named),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/plan_pairs", tests, NULL, NULL);
}
