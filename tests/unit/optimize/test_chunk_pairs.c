/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_pairs.h"

#include "core/limits.h"
#include "support/rows.h"

enum { GROUPS = 3, COLUMNS = 2 };

static const char long_value[HW_PARQUET_CHUNK_PAIRS_BYTES_MAX];

static const struct hw_parquet_pair a1[] = {{HW_VIEW_INIT("a"), HW_VIEW_INIT("1"), true}};
static const struct hw_parquet_pair a2[] = {{HW_VIEW_INIT("a"), HW_VIEW_INIT("2"), true}};
static const struct hw_parquet_pair a_empty[] = {{HW_VIEW_INIT("a"), HW_VIEW_INIT(""), true}};
static const struct hw_parquet_pair a_none[] = {{HW_VIEW_INIT("a"), HW_VIEW_INIT(""), false}};
static const struct hw_parquet_pair b1[] = {{HW_VIEW_INIT("b"), HW_VIEW_INIT("1"), true}};
static const struct hw_parquet_pair a1b1[] = {{HW_VIEW_INIT("a"), HW_VIEW_INIT("1"), true},
                                              {HW_VIEW_INIT("b"), HW_VIEW_INIT("1"), true}};
static const struct hw_parquet_pair longest[] = {{HW_VIEW_INIT("a"), {long_value, sizeof(long_value) - 1}, true}};
static const struct hw_parquet_pair too_long[] = {{HW_VIEW_INIT("ab"), {long_value, sizeof(long_value) - 1}, true}};

#define PAIRS(pairs) \
    { pairs, COUNT_OF(pairs) }

/* The pairs of column 1 in the row groups from which the rows come. */
static const struct {
    const char *name;
    struct {
        const struct hw_parquet_pair *pairs;
        size_t count;
    } groups[GROUPS];
    size_t count;
    bool masked;
    bool lost;
    bool stays; /* those of the first */
} rows[] = {
    {"no rows", {{NULL, 0}}, 0, false, false, false},
    {"none", {{NULL, 0}, {NULL, 0}}, 2, false, false, false},
    {"one chunk", {PAIRS(a1b1)}, 1, false, false, true},
    {"the same everywhere", {PAIRS(a1), PAIRS(a1), PAIRS(a1)}, 3, false, false, true},
    {"another value in the last", {PAIRS(a1), PAIRS(a1), PAIRS(a2)}, 3, false, true, false},
    {"another key", {PAIRS(a1), PAIRS(b1)}, 2, false, true, false},
    {"one more in the second", {PAIRS(a1), PAIRS(a1b1)}, 2, false, true, false},
    {"none in the second", {PAIRS(a1), {NULL, 0}}, 2, false, true, false},
    {"none in the first", {{NULL, 0}, PAIRS(a1)}, 2, false, true, false},
    {"an empty value and none", {PAIRS(a_empty), PAIRS(a_none)}, 2, false, true, false},
    {"values become null", {PAIRS(a1)}, 1, true, true, false},
    {"values become null, without pairs", {{NULL, 0}}, 1, true, false, false},
    {"as long as may be", {PAIRS(longest)}, 1, false, false, true},
    {"longer", {PAIRS(too_long)}, 1, false, true, false},
};

struct made {
    struct hw_parquet_chunk chunks[GROUPS][COLUMNS];
    struct hw_parquet_group groups[GROUPS];
    struct hw_read_file file;
    struct hw_rewrite_rows runs[GROUPS];
    struct hw_leaf leaves[COLUMNS];
    struct hw_rewrite_column columns[COLUMNS];
};

static void made_init(struct made *made, size_t row) {
    *made = (struct made){0};
    for (size_t g = 0; g < GROUPS; g++) {
        made->chunks[g][1].pairs = rows[row].groups[g].pairs;
        made->chunks[g][1].pairs_count = rows[row].groups[g].count;
        made->groups[g].chunks = made->chunks[g];
        made->groups[g].chunks_count = COLUMNS;
        made->runs[g] = (struct hw_rewrite_rows){.file = &made->file, .group = g, .count = 1};
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        made->leaves[c].column = c;
        made->columns[c].write = &made->leaves[c];
        made->columns[c].mask.def = rows[row].masked;
    }
    made->file.meta.groups = made->groups;
    made->file.meta.groups_count = GROUPS;
}

static void pairs_stay_where_all_chunks_have_them(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made made;
        bool lost;
        made_init(&made, i);
        const struct hw_parquet_chunk *found = hw_chunk_pairs_find(&made.columns[1], made.runs, rows[i].count, &lost);
        assert_row_int(rows[i].name, found != NULL, rows[i].stays);
        assert_row_int(rows[i].name, found == &made.chunks[0][1], rows[i].stays);
        assert_row_int(rows[i].name, lost, rows[i].lost);
    }
}

/* The first row group of the output has rows of the first one, the second those of all others. */
static void a_loss_in_any_row_group_is_one(void **state) {
    static const struct {
        const char *name;
        size_t row;
        bool lost;
    } losses[] = {{"the same everywhere", 3, false}, {"another value in the last", 4, true}, {"one chunk", 2, false}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(losses); i++) {
        HW_AUTO(hw_row_cuts) cuts = {0};
        const struct hw_row_cut parts[] = {{0, 1, 1}, {1, 2, 2}};
        struct made made;
        made_init(&made, losses[i].row);
        assert_int_equal(hw_buf_append(&cuts.runs, made.runs, sizeof(made.runs), NULL), HW_OK);
        assert_int_equal(hw_buf_append(&cuts.cuts, parts, sizeof(parts), NULL), HW_OK);
        assert_row_text(losses[i].name, losses[i].name, rows[losses[i].row].name);
        assert_row_int(losses[i].name, hw_chunk_pairs_lost(made.columns, COLUMNS, &cuts, false), losses[i].lost);
        assert_true(hw_chunk_pairs_lost(made.columns, COLUMNS, &cuts, true));
    }
}

/* A file may have row groups with fewer chunks than columns, which is found where they are read. */
static void a_chunk_that_is_not_there_has_no_pairs(void **state) {
    struct made made;
    bool lost = true;
    (void)state;
    made_init(&made, 2);
    made.groups[0].chunks_count = 1;
    assert_null(hw_chunk_pairs_find(&made.columns[1], made.runs, 1, &lost));
    assert_false(lost);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_stay_where_all_chunks_have_them),
        cmocka_unit_test(a_loss_in_any_row_group_is_one),
        cmocka_unit_test(a_chunk_that_is_not_there_has_no_pairs),
    };
    return cmocka_run_group_tests_name("optimize/chunk_pairs", tests, NULL, NULL);
}
