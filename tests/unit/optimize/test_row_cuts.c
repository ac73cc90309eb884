/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/row_cuts.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { FILES_MAX = 3, GROUPS_MAX = 4, COLUMNS = 3 };

/* A row group of a source: its rows, and what a row of each column takes. */
struct group {
    int64_t rows;
    int64_t column_bytes[COLUMNS];
};

struct sources {
    struct hw_parquet_chunk chunks[FILES_MAX][GROUPS_MAX][COLUMNS];
    struct hw_parquet_group groups[FILES_MAX][GROUPS_MAX];
    struct hw_read_file files[FILES_MAX];
    const struct hw_read_file *list[FILES_MAX];
};

static const struct row {
    const char *name;
    uint64_t group_rows, group_bytes;
    /* Files of groups; none has more than those that have rows or bytes. */
    struct group files[FILES_MAX][GROUPS_MAX];
    size_t groups[FILES_MAX];
    /* "file.group first+count" of each run; row groups are divided by "|". */
    const char *want;
    bool sorted;
} rows[] = {
    {"a group as it is", 100, HW_MIB(1), {{{50, {1, 1, 1}}}}, {1}, "0.0 0+50 | "},
    {"by rows", 20, HW_MIB(1), {{{50, {1, 1, 1}}}}, {1}, "0.0 0+20 | 0.0 20+20 | 0.0 40+10 | "},
    {"by rows that come out even", 25, HW_MIB(1), {{{50, {1, 1, 1}}}}, {1}, "0.0 0+25 | 0.0 25+25 | "},
    {"one row each", 1, HW_MIB(1), {{{3, {1, 1, 1}}}}, {1}, "0.0 0+1 | 0.0 1+1 | 0.0 2+1 | "},
    {"groups are joined",
     100,
     HW_MIB(1),
     {{{40, {1, 1, 1}}, {30, {1, 1, 1}}, {50, {1, 1, 1}}}},
     {3},
     "0.0 0+40 0.1 0+30 0.2 0+30 | 0.2 30+20 | "},
    {"files are joined",
     100,
     HW_MIB(1),
     {{{40, {1, 1, 1}}}, {{30, {1, 1, 1}}, {50, {1, 1, 1}}}, {{5, {1, 1, 1}}}},
     {1, 2, 1},
     "0.0 0+40 1.0 0+30 1.1 0+30 | 1.1 30+20 2.0 0+5 | "},
    {"groups without rows are none",
     100,
     HW_MIB(1),
     {{{0, {0}}, {10, {1, 1, 1}}, {0, {0}}}, {{0, {0}}}, {{10, {1, 1, 1}}, {0, {0}}}},
     {3, 1, 2},
     "0.1 0+10 2.0 0+10 | "},
    {"no rows at all", 100, HW_MIB(1), {{{0, {0}}}, {{0, {0}}}}, {1, 1}, ""},
    {"no groups at all", 100, HW_MIB(1), {{{0}}}, {0}, ""},
    /* Columns 0 and 2 are written: a row has 4 bytes. */
    {"by bytes of the columns that are written",
     100,
     40,
     {{{25, {1, 1000, 3}}}},
     {1},
     "0.0 0+10 | 0.0 10+10 | 0.0 20+5 | "},
    {"by bytes, not quite full", 100, 43, {{{25, {1, 0, 3}}}}, {1}, "0.0 0+10 | 0.0 10+10 | 0.0 20+5 | "},
    {"by rows or bytes, whichever is first",
     8,
     40,
     {{{20, {1, 0, 3}}, {4, {10, 0, 10}}}},
     {2},
     "0.0 0+8 | 0.0 8+8 | 0.0 16+4 0.1 0+1 | 0.1 1+2 | 0.1 3+1 | "},
    {"a row that is larger than the limit", 100, 40, {{{3, {50, 0, 0}}}}, {1}, "0.0 0+1 | 0.0 1+1 | 0.0 2+1 | "},
    {"a large row behind small ones",
     100,
     40,
     {{{5, {1, 0, 1}}, {1, {50, 0, 0}}, {2, {1, 0, 1}}}},
     {3},
     "0.0 0+5 | 0.1 0+1 | 0.2 0+2 | "},
    {"rows without bytes", 100, 40, {{{150, {0, 7, 0}}}}, {1}, "0.0 0+100 | 0.0 100+50 | "},
    {"bytes of less than none count as none", 100, 40, {{{150, {-5, 7, 0}}}}, {1}, "0.0 0+100 | 0.0 100+50 | "},
    /* Rows of 4 bytes and of 16: 8 on average, so that each group has 5 of them. */
    {"sorted rows have as many bytes as all have on average",
     100,
     40,
     {{{8, {1, 1000, 3}}, {4, {8, 0, 8}}}},
     {2},
     "0.0 0+5 | 0.0 5+3 0.1 0+2 | 0.1 2+2 | ",
     true},
    {"sorted rows without bytes", 100, 40, {{{0, {0}}, {150, {0, 7, 0}}}}, {2}, "0.1 0+100 | 0.1 100+50 | ", true},
};

static void sources_make(struct sources *sources, const struct row *row) {
    *sources = (struct sources){0};
    for (size_t f = 0; f < FILES_MAX; f++) {
        sources->files[f].meta.groups = sources->groups[f];
        sources->files[f].meta.groups_count = row->groups[f];
        sources->list[f] = &sources->files[f];
        for (size_t g = 0; g < row->groups[f]; g++) {
            const struct group *group = &row->files[f][g];
            sources->groups[f][g] = (struct hw_parquet_group){
                .chunks = sources->chunks[f][g], .chunks_count = COLUMNS, .rows = group->rows};
            for (size_t c = 0; c < COLUMNS; c++) {
                sources->chunks[f][g][c].compressed = group->column_bytes[c] * group->rows;
            }
        }
    }
}

/* The leaves that are written: numbers 0 and 2, and one that no row group has. */
static const struct hw_rewrite_leaf leaves[] = {{.read.column = 2}, {.read.column = 0}, {.read.column = COLUMNS}};
static const struct hw_rewrite_column columns[] = {
    {.leaves = &leaves[0]}, {.leaves = &leaves[1]}, {.leaves = &leaves[2]}};

static enum hw_status cuts_make(struct hw_row_cuts *cuts, const struct sources *sources, const struct row *row,
                                struct hw_error *err) {
    const struct hw_row_cuts_options options = {
        .files = sources->list,
        .files_count = FILES_MAX,
        .columns = columns,
        .columns_count = COUNT_OF(columns),
        .group_rows = row->group_rows,
        .group_bytes = row->group_bytes,
        .sorted = row->sorted,
    };
    *cuts = (struct hw_row_cuts){0};
    return hw_row_cuts_make(cuts, &options, err);
}

static void cuts_text(const struct hw_row_cuts *cuts, const struct sources *sources, struct hw_buf *out) {
    for (size_t i = 0; i < hw_row_cuts_count(cuts); i++) {
        const struct hw_row_cut *cut = hw_row_cut_at(cuts, i);
        const struct hw_rewrite_rows *runs = hw_row_cut_runs(cuts, cut);
        uint64_t all = 0;
        for (size_t k = 0; k < cut->count; k++) {
            all += runs[k].count;
            assert_int_equal(hw_buf_printf(out, NULL, "%zu.%zu %" PRIu64 "+%" PRIu64 " ",
                                           (size_t)(runs[k].file - sources->files), runs[k].group, runs[k].first,
                                           runs[k].count),
                             HW_OK);
        }
        assert_int_equal(cut->rows, all);
        assert_int_equal(hw_buf_append_text(out, "| ", NULL), HW_OK);
    }
}

static void row_groups_end_where_the_options_say(void **state) {
    (void)state;
    static struct sources sources;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_row_cuts cuts;
        HW_AUTO(hw_buf) text = {0};
        sources_make(&sources, &rows[i]);
        assert_ok(cuts_make(&cuts, &sources, &rows[i], &err), err);
        cuts_text(&cuts, &sources, &text);
        assert_ok(hw_buf_append_byte(&text, '\0', &err), err);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
        hw_row_cuts_release(&cuts);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static struct sources sources;
    bool fired = true;
    sources_make(&sources, &rows[3]);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_row_cuts cuts;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = cuts_make(&cuts, &sources, &rows[3], NULL);
        hw_row_cuts_release(&cuts);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_groups_end_where_the_options_say),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/row_cuts", tests, NULL, NULL);
}
