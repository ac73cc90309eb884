/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_rewrite.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "parquet/bloom_read.h"
#include "parquet/leaf_raw.h"
#include "parquet/value_span.h"
#include "support/alloc_fault.h"
#include "unit/optimize/rewrite_make.h"

static const size_t sizes[] = {300, 200, SIZE_MAX};
enum { GROUPS = 2, ROWS = 500, LEAVES = 13, TEXT = 1, LIST = 7, RUNS_MAX = 4 };

static struct rewrite_made made;
static struct hw_rewrite_bench bench;
static struct hw_row_group_pool pool;
static struct hw_row_group *group;
static struct hw_chunk_learned learned;

static void open_all(void) {
    struct hw_error err = HW_ERROR_INIT;
    rewrite_open(&made, sizes, GROUPS, &(struct hw_parquet_options){.page_rows = 60}, ROWS);
    assert_int_equal(made.plan.tree.count, LEAVES);
    bench = (struct hw_rewrite_bench){0};
    assert_ok(hw_rewrite_bench_init(&bench, &made.options, &err), err);
    hw_row_group_pool_init(&pool, 1, made.plan.tree.counts);
    assert_ok(hw_row_group_new(&pool, &group, &err), err);
}

static void close_all(void) {
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
    hw_rewrite_bench_release(&bench);
    rewrite_close(&made);
}

static struct hw_chunk_rewrite chunk_of(size_t leaf, const struct hw_rewrite_rows *runs, size_t count) {
    return (struct hw_chunk_rewrite){
        .column = &made.plan.columns[leaf],
        .rows = runs,
        .rows_count = count,
        .options = &made.options,
        .memory_bytes = HW_MIB(64),
        .page_bytes_max = HW_MIB(1),
    };
}

static enum hw_status chunk_run(const struct hw_chunk_rewrite *chunk, struct hw_error *err) {
    hw_row_group_clear(group);
    return hw_chunk_rewrite(chunk, &bench, group, &learned, err);
}

static uint64_t rows_of_pages(void) {
    uint64_t rows = 0;
    for (size_t i = 0; i < group->pages_count; i++) {
        rows += group->pages[i].rows;
    }
    return rows;
}

/* The rows of a chunk are those of its runs, wherever these begin and end. */
static void chunks_have_the_rows_of_their_runs(void **state) {
    (void)state;
    const struct {
        const char *name;
        struct hw_rewrite_rows runs[RUNS_MAX];
        size_t count;
        uint64_t rows;
    } rows[] = {
        {"a whole group", {{NULL, 0, 0, 300}}, 1, 300},
        {"both groups", {{NULL, 0, 0, 300}, {NULL, 1, 0, 200}}, 2, 500},
        {"the middle of a group", {{NULL, 1, 59, 62}}, 1, 62},
        {"the end of one and the beginning of another", {{NULL, 0, 299, 1}, {NULL, 1, 0, 1}}, 2, 2},
        {"rows again and again", {{NULL, 0, 7, 10}, {NULL, 0, 7, 10}, {NULL, 1, 199, 1}, {NULL, 0, 0, 300}}, 4, 321},
        {"no rows", {{NULL, 0, 0, 0}}, 0, 0},
    };
    open_all();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_rewrite_rows runs[RUNS_MAX];
        memcpy(runs, rows[i].runs, sizeof(runs));
        for (size_t k = 0; k < RUNS_MAX; k++) {
            runs[k].file = &made.source.file;
        }
        for (size_t leaf = 0; leaf < LEAVES; leaf++) {
            struct hw_error err = HW_ERROR_INIT;
            const struct hw_chunk_rewrite chunk = chunk_of(leaf, runs, rows[i].count);
            assert_ok(chunk_run(&chunk, &err), err);
            assert_row_int(rows[i].name, rows_of_pages(), rows[i].rows);
        }
    }
    close_all();
}

/* A call that goes on where another one has ended makes what one makes that looks for its rows. */
static void rows_go_on_where_a_call_has_ended(void **state) {
    (void)state;
    open_all();
    const struct hw_rewrite_rows before = {&made.source.file, 0, 0, 131}, behind = {&made.source.file, 0, 131, 169};
    for (size_t leaf = 0; leaf < LEAVES; leaf++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) want = {0};
        const uint8_t *data;
        struct hw_chunk_rewrite chunk = chunk_of(leaf, &behind, 1);
        assert_ok(chunk_run(&chunk, &err), err);
        assert_int_equal(hw_page_log_read(&group->log, 0, (size_t)group->log.size, &data), group->log.size);
        assert_ok(hw_buf_append(&want, data, (size_t)group->log.size, &err), err);
        chunk = chunk_of(leaf, &before, 1);
        assert_ok(chunk_run(&chunk, &err), err);
        const struct hw_column_place end = learned.end;
        chunk = chunk_of(leaf, &behind, 1);
        chunk.start = &end;
        assert_ok(chunk_run(&chunk, &err), err);
        assert_int_equal(hw_page_log_read(&group->log, 0, (size_t)group->log.size, &data), group->log.size);
        assert_row_bytes("going on", data, (size_t)group->log.size, want.data, want.size);
    }
    close_all();
}

/* ------ bloom filters */

/* Asks a filter for the values of rows, in the form in which they are written. */
struct asking {
    const struct hw_narrowing *narrowing;
    hw_view filter;
    size_t asked;
    size_t missed;
};

static enum hw_status rows_ask(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct asking *asking = ctx;
    HW_TRY(hw_narrow_values(asking->narrowing, rows, err));
    for (size_t i = 0; i < rows->count; i++) {
        const hw_view value = hw_value_at(rows, i);
        asking->asked++;
        asking->missed += !hw_bloom_may_have(asking->filter, value.data, value.size);
    }
    return HW_OK;
}

static size_t absent_found(hw_view filter) {
    size_t found = 0;
    for (int i = 0; i < 1000; i++) {
        char value[32];
        const int size = snprintf(value, sizeof(value), "no such value %d", i);
        found += hw_bloom_may_have(filter, value, (size_t)size);
    }
    return found;
}

/* Checks the filter of the chunk that was made last against the rows of the source. */
static void filter_check(size_t leaf, const struct hw_rewrite_rows *runs, size_t count) {
    const struct hw_rewrite_leaf *read = made.plan.columns[leaf].leaves;
    const struct hw_buf *bytes = &group->chunks[0].bloom;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_bloom_head head;
    char path[64];
    hw_leaf_path(made.plan.columns[leaf].write, path, sizeof(path));
    assert_ok(hw_bloom_head_read(hw_buf_view(bytes), 0, &head, &err), err);
    assert_row_int(path, head.header_bytes + head.bytes, bytes->size);
    assert_row_int(path, __builtin_popcount(head.bytes), 1); /* a power of two */
    struct asking asking = {&read->narrowing, {(const char *)bytes->data + head.header_bytes, head.bytes}, 0, 0};
    for (size_t i = 0; i < count; i++) {
        struct hw_column_place end;
        assert_ok(hw_column_read_source(&runs[i], &read->read, NULL, &bench.read, rows_ask, &asking, &end, &err), err);
    }
    assert_row_int(path, asking.asked, group->chunks[0].values - group->chunks[0].nulls);
    assert_row_int(path, asking.missed, 0);
    /* About 10 of 1,000 are expected. */
    assert_row_int(path, absent_found(asking.filter) < 30, true);
}

static void filters_have_every_value(void **state) {
    (void)state;
    open_all();
    const struct hw_rewrite_rows runs[] = {{&made.source.file, 0, 250, 50, 0}, {&made.source.file, 1, 0, 200, 0}};
    size_t filters = 0;
    for (size_t leaf = 0; leaf < LEAVES; leaf++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_rewrite_column *column = &made.plan.columns[leaf];
        const struct hw_chunk_rewrite chunk = chunk_of(leaf, runs, COUNT_OF(runs));
        assert_ok(chunk_run(&chunk, &err), err);
        assert_int_equal(group->chunks[0].bloom.size, 0);
        if (column->bloom_form != HW_BLOOM_NONE) {
            column->bloom_fpp = 0.01;
            assert_ok(chunk_run(&chunk, &err), err);
            filter_check(leaf, runs, COUNT_OF(runs));
            filters++;
        }
    }
    assert_int_equal(filters, LEAVES - 1); /* all but the booleans */
    close_all();
}

/* Numbers become shorter: those of four bytes are what a reader of the output sees. */
static void filters_have_the_values_that_were_written(void **state) {
    (void)state;
    open_all();
    const struct hw_read_file *file = &made.source.file;
    const struct hw_rewrite_rows run = {file, 0, 0, 300, 0};
    const struct hw_chunk_rewrite wide = chunk_of(0, &run, 1);
    struct hw_narrowing narrowings[LEAVES] = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(chunk_run(&wide, &err), err);
    narrowings[0] = hw_narrow_decide(&learned.survey, &(struct hw_narrow_choice){.exact = true});
    assert_int_equal(narrowings[0].to, HW_NARROW_INT32);
    const struct hw_file_plan_options options = {
        .group_rows = ROWS, .group_bytes = HW_MIB(64), .narrowings = narrowings};
    hw_file_plan_release(&made.plan);
    made.plan = (struct hw_file_plan){0};
    assert_ok(hw_file_plan_make(&made.plan, &file, 1, &options, &err), err);
    made.plan.columns[0].bloom_fpp = 0.01;
    const struct hw_chunk_rewrite chunk = chunk_of(0, &run, 1);
    assert_ok(chunk_run(&chunk, &err), err);
    filter_check(0, &run, 1);
    close_all();
}

/* Rows without values have a filter that denies all of them. */
static void a_filter_of_no_values_is_empty(void **state) {
    (void)state;
    static const char want[] = "\x15\x40\x1c\x1c\0\0\x1c\x1c\0\0\x1c\x1c\0\0\0" /* numBytes 32 */
                               "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    open_all();
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_chunk_rewrite chunk = chunk_of(TEXT, NULL, 0);
    made.plan.columns[TEXT].bloom_fpp = 0.01;
    assert_ok(chunk_run(&chunk, &err), err);
    assert_row_bytes("filter", group->chunks[0].bloom.data, group->chunks[0].bloom.size, want, sizeof(want) - 1);
    close_all();
}

/* ------ sources that are not what they say */

static void a_wrong_page_is_told_with_its_place(void **state) {
    (void)state;
    open_all();
    const struct hw_rewrite_rows runs[] = {{&made.source.file, 0, 0, 300}, {&made.source.file, 1, 0, 200}};
    rewrite_spoil(&made, 1, LIST);
    for (size_t leaf = LIST - 1; leaf < LIST + 2; leaf++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_chunk_rewrite chunk = chunk_of(leaf, runs, COUNT_OF(runs));
        assert_int_equal(chunk_run(&chunk, &err), leaf == LIST ? HW_EDATA : HW_OK);
        if (leaf == LIST) {
            assert_row_says("a bit", err.message, "row group 1, column l.list.element, page ");
            assert_string_equal(err.object, "memory");
        }
    }
    close_all();
}

/* The footer says that a group has fewer rows, or more, than its chunks. */
static void rows_and_chunks_end_together(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t rows;
        size_t leaf;
    } rows[] = {{"fewer", 299, 0}, {"more", 301, 0}, {"fewer lists", 299, LIST}, {"more lists", 301, LIST}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        open_all();
        struct hw_parquet_meta *meta = &made.source.file.meta;
        struct hw_parquet_group groups[GROUPS];
        memcpy(groups, meta->groups, sizeof(groups));
        groups[0].rows = rows[i].rows;
        meta->groups = groups;
        const struct hw_rewrite_rows run = {&made.source.file, 0, 0, (uint64_t)rows[i].rows};
        const struct hw_chunk_rewrite chunk = chunk_of(rows[i].leaf, &run, 1);
        assert_row_int(rows[i].name, chunk_run(&chunk, &err), HW_EDATA);
        assert_row_says(rows[i].name, err.message, "row group 0, column ");
        close_all();
    }
}

static void pages_and_rows_have_limits(void **state) {
    (void)state;
    open_all();
    const struct hw_rewrite_rows run = {&made.source.file, 0, 0, 300};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_chunk_rewrite chunk = chunk_of(TEXT, &run, 1);
    chunk.page_bytes_max = 20;
    assert_int_equal(chunk_run(&chunk, &err), HW_ELIMIT);
    assert_row_says("a page", err.message, "row group 0, column t, page ");
    chunk = chunk_of(LIST, &run, 1);
    chunk.memory_bytes = 8;
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(chunk_run(&chunk, &err), HW_ELIMIT);
    assert_row_says("a row", err.message, " of it has more than 0 MiB, which --memory leaves for it");
    close_all();
}

/* Rows that find no room together are read in smaller steps, and make the same pages. */
static void pages_do_not_depend_on_memory(void **state) {
    (void)state;
    static const size_t memory[] = {HW_MIB(64), 8 << 10, 1 << 10, 300};
    open_all();
    const struct hw_rewrite_rows runs[] = {{&made.source.file, 0, 0, 300}, {&made.source.file, 1, 0, 200}};
    for (size_t leaf = 0; leaf < LEAVES; leaf++) {
        HW_AUTO(hw_buf) want = {0};
        for (size_t i = 0; i < COUNT_OF(memory); i++) {
            struct hw_error err = HW_ERROR_INIT;
            const uint8_t *data;
            struct hw_chunk_rewrite chunk = chunk_of(leaf, runs, COUNT_OF(runs));
            chunk.memory_bytes = memory[i];
            assert_ok(chunk_run(&chunk, &err), err);
            const size_t size = (size_t)group->log.size;
            assert_int_equal(hw_page_log_read(&group->log, 0, size, &data), size);
            if (i == 0) {
                assert_ok(hw_buf_append(&want, data, size, &err), err);
            }
            assert_row_bytes("pages", data, size, want.data, want.size);
        }
    }
    close_all();
}

/* ------ proof */

/*
 * A fault of the encoder, played by the allocator: at one of the requests for memory a byte of what
 * was read, or of what was encoded, becomes another. The product knows nothing of it.
 */
struct bit_fault {
    struct hw_allocator allocator;
    /* The requests before it, and whether it has been played. */
    size_t left;
    bool played;
    /* The buffer of the bench, and the byte in it; NULL: the last byte of the whole log. */
    const struct hw_buf *of;
    size_t at;
    uint64_t log_size;
};

static void fault_play(struct bit_fault *fault) {
    if (!fault->of) {
        if (group->log.size == fault->log_size) {
            const uint8_t *data;
            assert_int_equal(hw_page_log_read(&group->log, fault->log_size - 1, 1, &data), 1);
            group->log.segments[0]->data[fault->log_size - 1] ^= 1;
            fault->played = true;
        }
    } else if (fault->left == 0 && fault->of->size > fault->at) {
        fault->of->data[fault->at] ^= 1;
        fault->played = true;
    }
    fault->left -= fault->left > 0;
}

static void *fault_resize(void *ctx, void *block, size_t bytes) {
    struct bit_fault *fault = ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if (!fault->played) {
        fault_play(fault);
    }
    return realloc(block, bytes);
}

static enum hw_status faulty_run(const struct hw_chunk_rewrite *chunk, struct bit_fault *fault, struct hw_error *err) {
    fault->allocator = (struct hw_allocator){fault_resize, fault};
    hw_row_group_clear(group);
    hw_allocator_set(&fault->allocator);
    const enum hw_status status = hw_chunk_rewrite(chunk, &bench, group, &learned, err);
    hw_allocator_set(NULL);
    return status;
}

/* Whatever byte of the chunk is wrong in the end, the proof finds it. */
static void a_chunk_that_was_spoilt_fails_the_proof(void **state) {
    (void)state;
    open_all();
    const struct hw_rewrite_rows run = {&made.source.file, 0, 0, 300};
    for (size_t leaf = 0; leaf < LEAVES; leaf++) {
        struct hw_error err = HW_ERROR_INIT;
        char path[64];
        char says[192];
        const struct hw_chunk_rewrite chunk = chunk_of(leaf, &run, 1);
        assert_ok(chunk_run(&chunk, &err), err);
        struct bit_fault fault = {.log_size = group->log.size};
        assert_in_range(fault.log_size, 1, HW_SEGMENT_BYTES);
        assert_int_equal(faulty_run(&chunk, &fault, &err), HW_EDATA);
        assert_true(fault.played);
        hw_leaf_path(chunk.column->write, path, sizeof(path));
        snprintf(says, sizeof(says),
                 "column %s: the proof of what was encoded fails, please report this as a bug: ", path);
        assert_row_says(path, err.message, says);
        assert_int_equal(err.status, HW_EDATA);
        assert_int_equal(faulty_run(&chunk, &fault, NULL), HW_OK); /* it is played once */
    }
    close_all();
}

/* What was hashed is not what is encoded, of each stream: each request is gone through. */
static void values_that_change_on_the_way_fail_the_proof(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t leaf;
        size_t offset; /* of the buffer in the rows */
        size_t at;
        const char *says;
    } rows[] = {
        {"a number", 0, offsetof(struct hw_leaf_rows, values), 0, "the values are not those that were read"},
        {"a byte of a text", TEXT, offsetof(struct hw_leaf_rows, data), 2, "the values are not those that were read"},
        {"a length", TEXT, offsetof(struct hw_leaf_rows, offsets), 8,
         "the lengths of texts are not those that were read"},
        {"a definition level of lists", LIST, offsetof(struct hw_leaf_rows, defs), 0, "the proof of what was encoded"},
        {"a repetition level", LIST, offsetof(struct hw_leaf_rows, reps), 4, "the proof of what was encoded"},
    };
    open_all();
    const struct hw_rewrite_rows run = {&made.source.file, 0, 0, 300};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_chunk_rewrite chunk = chunk_of(rows[i].leaf, &run, 1);
        const struct hw_buf *of =
            (const struct hw_buf *)(const void *)((const char *)&bench.read.rows + rows[i].offset);
        bool found = false;
        struct bit_fault fault = {.played = true};
        for (size_t requests = 0; fault.played && !found; requests++) {
            struct hw_error err = HW_ERROR_INIT;
            hw_leaf_rows_release(&bench.read.rows);
            fault = (struct bit_fault){.left = requests, .of = of, .at = rows[i].at};
            const enum hw_status status = faulty_run(&chunk, &fault, &err);
            found = status == HW_EDATA && strstr(err.message, rows[i].says);
        }
        assert_row_int(rows[i].name, found, true);
    }
    close_all();
}

/* An output's leaf that takes other values than the source has. */
static void a_wrong_leaf_fails_the_proof(void **state) {
    (void)state;
    open_all();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_leaf wrong = made.plan.tree.leaves[0];
    const struct hw_rewrite_rows run = {&made.source.file, 0, 0, 300};
    hw_leaf_set_physical(&wrong, HW_PHYSICAL_INT32, 0); /* of 8 bytes it takes 4 */
    made.plan.columns[0].write = &wrong;
    const struct hw_chunk_rewrite chunk = chunk_of(0, &run, 1);
    assert_int_equal(chunk_run(&chunk, &err), HW_EDATA);
    assert_row_says("a leaf", err.message,
                    "column n: the proof of what was encoded fails, please report this as a bug");
    assert_row_says("a leaf", err.object, "");
    close_all();
}

/* ------ memory */

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const size_t leaves[] = {0, TEXT, LIST};
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        bool fired = true;
        size_t failures = 0;
        for (; fired; failures++) {
            struct alloc_fault fault;
            struct hw_rewrite_bench own = {0};
            open_all();
            const struct hw_rewrite_rows run = {&made.source.file, 0, 0, 300};
            const struct hw_chunk_rewrite chunk = chunk_of(leaves[i], &run, 1);
            made.plan.columns[leaves[i]].bloom_fpp = 0.01;
            alloc_fault_begin(&fault, failures);
            enum hw_status status = hw_rewrite_bench_init(&own, &made.options, NULL);
            status = status ? status : hw_chunk_rewrite(&chunk, &own, group, &learned, NULL);
            hw_rewrite_bench_release(&own);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            close_all();
        }
        assert_true(failures > 10);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_have_the_rows_of_their_runs),
        cmocka_unit_test(rows_go_on_where_a_call_has_ended),
        cmocka_unit_test(filters_have_every_value),
        cmocka_unit_test(filters_have_the_values_that_were_written),
        cmocka_unit_test(a_filter_of_no_values_is_empty),
        cmocka_unit_test(a_wrong_page_is_told_with_its_place),
        cmocka_unit_test(rows_and_chunks_end_together),
        cmocka_unit_test(pages_and_rows_have_limits),
        cmocka_unit_test(pages_do_not_depend_on_memory),
        cmocka_unit_test(a_chunk_that_was_spoilt_fails_the_proof),
        cmocka_unit_test(values_that_change_on_the_way_fail_the_proof),
        cmocka_unit_test(a_wrong_leaf_fails_the_proof),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/chunk_rewrite", tests, NULL, NULL);
}
