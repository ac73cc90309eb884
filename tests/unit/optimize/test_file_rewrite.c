/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/file_rewrite.h"

#include "optimize/sort_columns.h"
#include "parquet/bloom_read.h"
#include "support/alloc_fault.h"
#include "unit/optimize/rewrite_make.h"

static const size_t sizes[] = {400, 150, 350, SIZE_MAX};
enum { GROUPS = 3, ROWS = 900 };

static struct rewrite_made made;

static void open_made(uint64_t group_rows) {
    rewrite_open(&made, sizes, GROUPS, &(struct hw_parquet_options){.page_rows = 60}, group_rows);
    assert_int_equal(made.source.rows, ROWS);
}

static void outputs_have_the_rows_of_the_source(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t group_rows;
        size_t groups;
    } rows[] = {
        {"one group of all", ROWS, 1},
        {"groups that go over those of the source", 350, 3},
        {"small groups", 97, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        open_made(rows[i].group_rows);
        const struct hw_file_rewrite rewrite = rewrite_of(&made);
        assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
        assert_row_int(rows[i].name, made.bytes, made.sink.bytes.size);
        assert_row_int(rows[i].name, made.sink.finished, false);
        assert_row_int(rows[i].name, made.sink.freed, false);
        rewrite_check(rows[i].name, &made, rows[i].groups);
        rewrite_close(&made);
    }
}

/* The sums of columns are those that the footer of the output has. */
static void columns_are_summed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    open_made(350);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
    struct memory_source output = memory_source(hw_buf_view(&made.sink.bytes), 0);
    assert_ok(hw_read_file_open(&file, &output.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    for (size_t column = 0; column < made.plan.tree.count; column++) {
        struct hw_rewritten_column want = {0};
        for (size_t group = 0; group < file.meta.groups_count; group++) {
            const struct hw_parquet_chunk *chunk = &file.meta.groups[group].chunks[column];
            want.stored_bytes += (uint64_t)chunk->compressed;
            want.raw_bytes += (uint64_t)chunk->uncompressed;
            want.dictionaries += chunk->dictionary_offset > 0;
            want.packed_chunks += chunk->codec == HW_PAGE_CODEC_ZSTD;
            for (size_t i = 0; i < chunk->encoding_counts_count; i++) {
                const struct hw_page_encoding_count *count = &chunk->encoding_counts[i];
                want.pages_encoded[count->encoding] += count->page_type == HW_PAGE_DATA ? (uint64_t)count->pages : 0;
            }
        }
        assert_memory_equal(&made.columns[column], &want, offsetof(struct hw_rewritten_column, survey));
    }
    hw_read_file_release(&file);
    rewrite_close(&made);
}

/* Gives filters to all columns that may have some, or to every other one. */
static void blooms_ask(size_t step) {
    for (size_t i = 0; i < made.plan.tree.count; i += step) {
        struct hw_rewrite_column *column = &made.plan.columns[i];
        column->bloom_fpp = column->bloom_form != HW_BLOOM_NONE ? 0.01 : 0;
    }
}

/* Checks that from a place on the filters of a row group follow each other. Returns their end. */
static int64_t filters_follow(const struct hw_parquet_group *group, int64_t at) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t column = 0; column < group->chunks_count; column++) {
        const struct hw_parquet_chunk *chunk = &group->chunks[column];
        struct hw_bloom_head head;
        if (made.plan.columns[column].bloom_fpp == 0) {
            assert_int_equal(chunk->bloom_offset, HW_META_ABSENT);
            assert_int_equal(chunk->bloom_bytes, HW_META_ABSENT);
            continue;
        }
        assert_int_equal(chunk->bloom_offset, at);
        const hw_view bytes = {(const char *)made.sink.bytes.data + at, (size_t)chunk->bloom_bytes};
        assert_ok(hw_bloom_head_read(bytes, (uint64_t)at, &head, &err), err);
        assert_int_equal(head.header_bytes + head.bytes, chunk->bloom_bytes);
        at += chunk->bloom_bytes;
    }
    return at;
}

static void filters_lie_behind_the_chunks_of_their_row_group(void **state) {
    (void)state;
    for (size_t step = 1; step < 4; step++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_read_file file = {0};
        open_made(350);
        blooms_ask(step);
        const struct hw_file_rewrite rewrite = rewrite_of(&made);
        assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
        struct memory_source output = memory_source(hw_buf_view(&made.sink.bytes), 0);
        assert_ok(hw_read_file_open(&file, &output.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
        int64_t at = 4;
        for (size_t group = 0; group < file.meta.groups_count; group++) {
            const struct hw_parquet_group *chunks = &file.meta.groups[group];
            for (size_t column = 0; column < chunks->chunks_count; column++) {
                assert_int_equal(hw_parquet_chunk_start(&chunks->chunks[column]), at);
                at += chunks->chunks[column].compressed;
            }
            at = filters_follow(chunks, at);
        }
        rewrite_check("with filters", &made, 3);
        hw_read_file_release(&file);
        rewrite_close(&made);
    }
}

enum { PAIRS_GROUPS = 3 };

/* Column 0 gets pairs in the first and the last row group of the source, column 1 in all. */
static void pairs_give(struct hw_read_file *file) {
    static const struct hw_parquet_pair pairs[] = {{HW_VIEW_INIT("key"), HW_VIEW_INIT("value"), true},
                                                   {HW_VIEW_INIT("alone"), HW_VIEW_INIT(""), false}};
    static struct hw_parquet_chunk chunks[PAIRS_GROUPS][REWRITE_LEAVES_MAX];
    static struct hw_parquet_group groups[PAIRS_GROUPS];
    assert_int_equal(file->meta.groups_count, PAIRS_GROUPS);
    for (size_t group = 0; group < PAIRS_GROUPS; group++) {
        groups[group] = file->meta.groups[group];
        memcpy(chunks[group], groups[group].chunks, groups[group].chunks_count * sizeof(**chunks));
        groups[group].chunks = chunks[group];
        for (size_t column = 0; column < 2; column++) {
            const bool has = column == 1 || group != 1;
            chunks[group][column].pairs = has ? pairs : NULL;
            chunks[group][column].pairs_count = has ? COUNT_OF(pairs) : 0;
        }
    }
    file->meta.groups = groups;
}

/* Row group 1 of the output has rows of all three of the source. */
static void metadata_of_chunks_stays_where_it_holds(void **state) {
    static const size_t want[][2] = {{2, 2}, {0, 2}, {2, 2}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    (void)state;
    open_made(350);
    pairs_give(&made.source.file);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
    struct memory_source output = memory_source(hw_buf_view(&made.sink.bytes), 0);
    assert_ok(hw_read_file_open(&file, &output.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    assert_int_equal(file.meta.groups_count, COUNT_OF(want));
    for (size_t group = 0; group < COUNT_OF(want); group++) {
        for (size_t column = 0; column < 2; column++) {
            const struct hw_parquet_chunk *chunk = &file.meta.groups[group].chunks[column];
            assert_int_equal(chunk->pairs_count, want[group][column]);
            if (chunk->pairs_count > 0) {
                assert_true(hw_view_equal(chunk->pairs[0].key, HW_VIEW("key")));
                assert_true(hw_view_equal(chunk->pairs[0].value, HW_VIEW("value")));
                assert_false(chunk->pairs[1].has_value);
            }
        }
        assert_int_equal(file.meta.groups[group].chunks[2].pairs_count, 0);
    }
    hw_read_file_release(&file);
    rewrite_close(&made);
}

static void bytes_do_not_depend_on_threads_and_memory(void **state) {
    (void)state;
    static const struct {
        size_t threads, memory_bytes;
    } rows[] = {{1, HW_MIB(64)}, {2, HW_MIB(64)}, {4, HW_MIB(64)}, {1, 64 << 10}, {3, 192 << 10}};
    HW_AUTO(hw_buf) want = {0};
    open_made(350);
    blooms_ask(2);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew = NULL;
        struct hw_file_rewrite rewrite = rewrite_of(&made);
        assert_ok(rows[i].threads > 1 ? hw_crew_new(rows[i].threads, &crew, &err) : HW_OK, err);
        rewrite.crew = crew;
        rewrite.memory_bytes = rows[i].memory_bytes;
        assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
        if (i == 0) {
            assert_ok(hw_buf_append(&want, made.sink.bytes.data, made.sink.bytes.size, &err), err);
        }
        assert_row_bytes("bytes", made.sink.bytes.data, made.sink.bytes.size, want.data, want.size);
        hw_crew_free(crew);
    }
    rewrite_check("the last one", &made, 3);
    rewrite_close(&made);
}

/* Rows of two sources follow each other. */
static void several_sources_make_one_output(void **state) {
    (void)state;
    static struct rewrite_made other;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_file_plan_options options = {.group_rows = 500, .group_bytes = HW_MIB(64)};
    open_made(ROWS);
    rewrite_open(&other, sizes, 2, NULL, ROWS);
    const struct hw_read_file *files[] = {&made.source.file, &other.source.file};
    hw_file_plan_release(&made.plan);
    made.plan = (struct hw_file_plan){0};
    assert_ok(hw_file_plan_make(&made.plan, files, COUNT_OF(files), &options, &err), err);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
    /* What is expected is the text of one after the other. */
    for (size_t i = 0; i < other.source.rows; i++) {
        const hw_view row = read_made_text(&other.source, i, 1);
        assert_ok(hw_buf_append(&made.source.text, row.data, row.size, &err), err);
        made.source.ends[made.source.rows++] = made.source.text.size;
    }
    rewrite_check("two sources", &made, 3);
    rewrite_close(&other);
    rewrite_close(&made);
}

static bool cancels_soon(void *ctx) {
    size_t *left = ctx;
    return *left == 0 || (*left)-- == 0;
}

/* ------ sorted rows */

/* Plans the output anew, sorted by a column from above. "n" has the number of the row times 7. */
static struct hw_file_rewrite sorted_of(const char *column) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_read_file *files[] = {&made.source.file};
    const struct hw_optimize_sort name = {column, true};
    const struct hw_file_plan_options options = {
        .group_rows = 350, .group_bytes = HW_MIB(64), .sort = &name, .sort_count = 1};
    hw_file_plan_release(&made.plan);
    made.plan = (struct hw_file_plan){0};
    assert_ok(hw_file_plan_make(&made.plan, files, 1, &options, &err), err);
    struct hw_file_rewrite rewrite = rewrite_of(&made);
    rewrite.keys = made.plan.sort;
    rewrite.keys_count = made.plan.sort_count;
    rewrite.sorts = made.plan.sorts;
    return rewrite;
}

/* Turns over what is expected: the last row becomes the first one. */
static void expected_reverse(void) {
    struct hw_buf text = {0};
    size_t ends[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        const hw_view row = read_made_text(&made.source, ROWS - 1 - i, 1);
        assert_int_equal(hw_buf_append(&text, row.data, row.size, NULL), HW_OK);
        ends[i] = text.size;
    }
    hw_buf_release(&made.source.text);
    made.source.text = text;
    memcpy(made.source.ends, ends, sizeof(ends));
}

/* By which columns each row group says that it is sorted, as "0:desc | ". */
static void sorting_check(const char *name, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    struct memory_source output = memory_source(hw_buf_view(&made.sink.bytes), 0);
    HW_AUTO(hw_buf) got = {0};
    assert_ok(hw_read_file_open(&file, &output.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    for (size_t group = 0; group < file.meta.groups_count; group++) {
        for (size_t i = 0; i < file.meta.groups[group].sorting_count; i++) {
            const struct hw_parquet_sorting *sorting = &file.meta.groups[group].sorting[i];
            assert_ok(hw_buf_printf(&got, &err, "%d%s%s ", sorting->column, sorting->descending ? ":desc" : "",
                                    sorting->nulls_first ? ":first" : ""),
                      err);
        }
        assert_ok(hw_buf_append_text(&got, "| ", &err), err);
    }
    assert_ok(hw_buf_end_text(&got, &err), err);
    assert_row_text(name, (const char *)got.data, want);
    hw_read_file_release(&file);
}

static void rows_are_sorted_for_any_threads_and_memory(void **state) {
    (void)state;
    static const struct {
        size_t threads, memory_bytes;
    } rows[] = {{1, HW_MIB(64)}, {4, HW_MIB(64)}, {1, 192 << 10}, {2, 384 << 10}};
    HW_AUTO(hw_buf) want = {0};
    open_made(350);
    expected_reverse();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew = NULL;
        struct hw_file_rewrite rewrite = sorted_of("n");
        assert_ok(rows[i].threads > 1 ? hw_crew_new(rows[i].threads, &crew, &err) : HW_OK, err);
        rewrite.crew = crew;
        rewrite.memory_bytes = rows[i].memory_bytes;
        assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
        if (i == 0) {
            assert_ok(hw_buf_append(&want, made.sink.bytes.data, made.sink.bytes.size, &err), err);
        }
        assert_row_bytes("bytes", made.sink.bytes.data, made.sink.bytes.size, want.data, want.size);
        assert_int_equal(made.columns[0].groups_sorted, 3);
        assert_int_equal(made.columns[1].groups_sorted, 0);
        assert_int_equal(made.columns[0].survey.values, ROWS);
        sorting_check("sorted", "0:desc | 0:desc | 0:desc | ");
        rewrite_check("sorted", &made, 3);
        hw_crew_free(crew);
    }
    rewrite_close(&made);
}

/* Each row group tells what is true of it, as far as the sources have said it. */
static void what_sources_say_is_proved(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_parquet_sorting says[2];
        size_t count;
        const char *want;
        uint64_t groups_sorted;
    } rows[] = {
        {"nothing", {{0}}, 0, "| | | ", 0},
        {"what is true", {{0, false, false}}, 1, "0 | 0 | 0 | ", 3},
        {"nulls of which there are none", {{0, false, true}}, 1, "0:first | 0:first | 0:first | ", 3},
        {"a second one that decides nothing",
         {{0, false, false}, {1, true, false}},
         2,
         "0 1:desc | 0 1:desc | 0 1:desc | ",
         3},
        {"what is false", {{0, true, false}}, 1, "| | | ", 0},
        {"false, and then true", {{1, false, false}, {0, false, false}}, 2, "| | | ", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_parquet_group groups[GROUPS];
        open_made(350);
        const struct hw_parquet_group *own = made.source.file.meta.groups;
        memcpy(groups, own, sizeof(groups));
        for (size_t group = 0; group < GROUPS; group++) {
            groups[group].sorting = rows[i].says;
            groups[group].sorting_count = rows[i].count;
        }
        made.source.file.meta.groups = groups;
        const struct hw_read_file *files[] = {&made.source.file};
        const struct hw_file_plan_options options = {.group_rows = 350, .group_bytes = HW_MIB(64)};
        hw_file_plan_release(&made.plan);
        made.plan = (struct hw_file_plan){0};
        assert_ok(hw_file_plan_make(&made.plan, files, 1, &options, &err), err);
        struct hw_file_rewrite rewrite = rewrite_of(&made);
        rewrite.keys = made.plan.sort;
        rewrite.keys_count = made.plan.sort_count;
        assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
        sorting_check(rows[i].name, rows[i].want);
        assert_row_int(rows[i].name, made.columns[0].groups_sorted, rows[i].groups_sorted);
        rewrite_check(rows[i].name, &made, 3);
        made.source.file.meta.groups = own;
        rewrite_close(&made);
    }
}

static void sorted_rows_may_fail_too(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    open_made(350);
    struct hw_file_rewrite rewrite = sorted_of("n");
    rewrite_spoil(&made, 1, 1);
    assert_int_equal(rewrite_run(&made, &rewrite, 0, &err), HW_EDATA);
    assert_row_says("a bit", err.message, "row group 1, column t, page ");
    size_t left = 0;
    rewrite.cancelled = cancels_soon;
    rewrite.ctx = &left;
    assert_int_equal(rewrite_run(&made, &rewrite, 0, &err), HW_ECANCELLED);
    rewrite_close(&made);
}

static void a_file_without_rows_becomes_one(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    rewrite_open(&made, sizes, 0, NULL, 100);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
    rewrite_check("no rows", &made, 0);
    rewrite_close(&made);
}

/* Of several row groups that fail the first one is told, whichever thread had it. */
static void the_first_row_group_that_fails_is_told(void **state) {
    (void)state;
    static const size_t threads[] = {1, 2, 4};
    open_made(350);
    rewrite_spoil(&made, 1, 1);
    rewrite_spoil(&made, 2, 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew = NULL;
        struct hw_file_rewrite rewrite = rewrite_of(&made);
        assert_ok(threads[i] > 1 ? hw_crew_new(threads[i], &crew, &err) : HW_OK, err);
        rewrite.crew = crew;
        assert_int_equal(rewrite_run(&made, &rewrite, 0, &err), HW_EDATA);
        assert_row_says("the first", err.message, "row group 1, column t, page ");
        assert_string_equal(err.object, "memory");
        hw_crew_free(crew);
    }
    rewrite_close(&made);
}

static void a_sink_that_fails_is_told(void **state) {
    (void)state;
    enum hw_status status = HW_EIO;
    int writes = 0;
    open_made(200);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    while (status) {
        struct hw_error err = HW_ERROR_INIT;
        status = rewrite_run(&made, &rewrite, ++writes, &err);
        assert_int_equal(status, made.sink.writes < writes ? HW_OK : HW_EIO);
        assert_string_equal(err.message, status ? "injected" : "");
    }
    /* Each of five row groups, and the footer. */
    assert_in_range(writes, 6, 20);
    rewrite_close(&made);
}

/* A source that fails at one of its reads. */
static void a_source_that_fails_is_told(void **state) {
    (void)state;
    enum hw_status status = HW_EIO;
    int reads = 0;
    open_made(350);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    while (status) {
        struct hw_error err = HW_ERROR_INIT;
        made.source.source.reads = 0;
        made.source.source.fail_on_read = ++reads;
        status = rewrite_run(&made, &rewrite, 0, &err);
        assert_int_equal(status, made.source.source.reads < reads ? HW_OK : HW_EIO);
        if (status) {
            assert_row_says("a read", err.message, "injected");
            assert_row_says("a read", err.message, "row group ");
        }
    }
    assert_true(reads > 20);
    rewrite_close(&made);
}

static void it_can_be_cancelled(void **state) {
    (void)state;
    static const size_t asked[] = {0, 1, 20};
    open_made(350);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        size_t left = asked[i];
        struct hw_error err = HW_ERROR_INIT;
        struct hw_file_rewrite rewrite = rewrite_of(&made);
        rewrite.cancelled = cancels_soon;
        rewrite.ctx = &left;
        assert_int_equal(rewrite_run(&made, &rewrite, 0, &err), HW_ECANCELLED);
        assert_string_equal(err.message, "stopped before it was done");
        /* Nothing is written of a row group that is not whole. */
        assert_int_equal(made.sink.writes, asked[i] / made.plan.tree.count);
    }
    size_t left = SIZE_MAX;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_file_rewrite rewrite = rewrite_of(&made);
    rewrite.cancelled = cancels_soon;
    rewrite.ctx = &left;
    assert_ok(rewrite_run(&made, &rewrite, 0, &err), err);
    rewrite_close(&made);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const size_t few[] = {40, 20, SIZE_MAX};
    bool fired = true;
    size_t failures = 0;
    rewrite_open(&made, few, 2, NULL, 50);
    const struct hw_file_rewrite rewrite = rewrite_of(&made);
    for (; fired; failures++) {
        struct alloc_fault fault;
        made.sink = memory_sink(0);
        assert_int_equal(hw_buf_reserve(&made.sink.bytes, HW_MIB(1), NULL), HW_OK);
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_file_rewrite(&rewrite, made.columns, &made.bytes, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        if (fired) {
            hw_buf_release(&made.sink.bytes);
        }
    }
    assert_true(failures > 100);
    rewrite_check("all memory", &made, 2);
    rewrite_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_have_the_rows_of_the_source),
        cmocka_unit_test(columns_are_summed),
        cmocka_unit_test(filters_lie_behind_the_chunks_of_their_row_group),
        cmocka_unit_test(metadata_of_chunks_stays_where_it_holds),
        cmocka_unit_test(bytes_do_not_depend_on_threads_and_memory),
        cmocka_unit_test(several_sources_make_one_output),
        cmocka_unit_test(rows_are_sorted_for_any_threads_and_memory),
        cmocka_unit_test(what_sources_say_is_proved),
        cmocka_unit_test(sorted_rows_may_fail_too),
        cmocka_unit_test(a_file_without_rows_becomes_one),
        cmocka_unit_test(the_first_row_group_that_fails_is_told),
        cmocka_unit_test(a_sink_that_fails_is_told),
        cmocka_unit_test(a_source_that_fails_is_told),
        cmocka_unit_test(it_can_be_cancelled),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/file_rewrite", tests, NULL, NULL);
}
