/* SPDX-License-Identifier: Apache-2.0 */
/* Several calls of hw_optimize one after the other, many files in one, and how calls end. */
#include <hawser/optimize.h>

#include <stdio.h>

#include "parquet/read_file.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "unit/pipeline/optimize_desk.h"

static const char *const texts[] = {"t"};
static const char *const words[] = {"word"};
static const struct hw_optimize_sort by_text[] = {{"t", true}};
static const struct hw_column_rename new_name[] = {{"t", "u"}};
static const struct hw_optimize_bloom of_texts[] = {{"t", 0.001}};

/*
 * A second run with the same options leaves alone what the first has made, whatever threads and
 * memory are.
 */
static void what_was_done_is_left_alone(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) first = {0};
    static const char *const sources[] = {"mem://a.parquet", NULL};
    static const struct {
        const char *name;
        struct hw_optimize_options options;
        const char *outcome;
    } rows[] = {
        {"the same options", {0}, "already"},
        {"other threads and memory", {.threads = 1, .memory_bytes = HW_MIB(8)}, "already"},
        {"a dry run", {.dry_run = true}, "already"},
        {"force", {.force = true}, "rewritten"},
        {"another effort", {.effort = HW_EFFORT_FAST}, "kept"},
        {"timestamps", {.size = sizeof(struct hw_optimize_options), .int96 = HW_OPTIMIZE_INT96_TIMESTAMP}, "kept"},
        {"a codec", {.compression = "zstd:1"}, "rewritten"},
        {"other encodings", {.encodings = HW_ENCODINGS_COMPAT}, "kept"},
        {"other row groups", {.row_group_rows = 100}, "kept"},
        {"other bytes of row groups", {.row_group_bytes = 1000}, "kept"},
        {"other columns", {.columns = {.drop = texts, .drop_count = 1}}, "rewritten"},
        {"other names", {.columns = {.renames = new_name, .renames_count = 1}}, "rewritten"},
        {"filters", {.bloom = of_texts, .bloom_count = 1}, "rewritten"},
        {"an order", {.sort = by_text, .sort_count = 1}, "rewritten"},
        {"a choice of columns", {.columns = {.select = texts, .select_count = 1}}, "rewritten"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        optimize_desk_fill(&desk);
        assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
        optimize_copy(&desk, "a.parquet", &first);
        assert_ok(optimize_run(&desk, sources, sources[0], &rows[i].options), desk.err);
        assert_ok(hw_buf_append_byte(&desk.told, '\0', &desk.err), desk.err);
        assert_row_says(rows[i].name, (const char *)desk.told.data, rows[i].outcome);
        if (strcmp(rows[i].outcome, "rewritten") != 0) {
            optimize_check_bytes(rows[i].name, &desk, "a.parquet", hw_buf_view(&first));
        }
        /* The digest of other options is another one. */
        if (rows[i].options.columns.drop_count > 0 || rows[i].options.sort_count > 0) {
            assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
            assert_ok(hw_buf_append_byte(&desk.told, '\0', &desk.err), desk.err);
            assert_row_says(rows[i].name, (const char *)desk.told.data, " kept HW_OK ");
        }
        optimize_desk_release(&desk);
    }
}

enum { DESK_COLUMNS = 3 };

/* Lists the bytes of the filters of a file, of each row group in turn: "0 47 0 | 0 47 0 ". */
static void filters_list(const struct optimize_desk *desk, const char *key, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_read_file file = {0};
    HW_AUTO(hw_buf) bytes = {0};
    optimize_copy(desk, key, &bytes);
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    hw_buf_clear(out);
    assert_ok(hw_read_file_open(&file, &source.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    for (size_t i = 0; i < file.meta.groups_count; i++) {
        assert_ok(hw_buf_append_text(out, i > 0 ? "| " : "", &err), err);
        assert_int_equal(file.meta.groups[i].chunks_count, DESK_COLUMNS);
        for (size_t c = 0; c < DESK_COLUMNS; c++) {
            const int64_t size = file.meta.groups[i].chunks[c].bloom_bytes;
            assert_ok(hw_buf_printf(out, &err, "%" PRId64 " ", size == HW_META_ABSENT ? 0 : size), err);
        }
    }
    assert_ok(hw_buf_append_byte(out, '\0', &err), err);
    hw_read_file_release(&file);
}

/*
 * A block of 32 bytes holds 7 texts, its header has 15. What a source has, its output has, with row
 * groups cut anew; the texts of all of them are there for hw_verify.
 */
static void filters_come_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_optimize_options options;
        const char *want;
    } rows[] = {
        {"none", {.force = true}, "0 0 0 "},
        {"asked for", {.bloom = of_texts, .bloom_count = 1}, "0 47 0 "},
        {"made again", {.force = true}, "0 47 0 "},
        {"in smaller row groups", {.force = true, .row_group_rows = 900}, "0 47 0 | 0 47 0 | 0 47 0 "},
        {"in a dry run", {.force = true, .dry_run = true}, "0 47 0 | 0 47 0 | 0 47 0 "},
        {"of a column with a new name", {.columns = {.renames = new_name, .renames_count = 1}}, "0 47 0 "},
    };
    struct optimize_desk desk;
    static const char *const sources[] = {"mem://a.parquet", NULL};
    HW_AUTO(hw_buf) got = {0};
    optimize_desk_fill(&desk);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_ok(optimize_run(&desk, sources, sources[0], &rows[i].options), desk.err);
        filters_list(&desk, "a.parquet", &got);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        assert_ok(desk_verify(&desk.files, sources, &(struct hw_verify_options){.level = HW_VERIFY_VALUES}),
                  desk.files.err);
        assert_ok(hw_buf_append_byte(&desk.files.told, '\0', &desk.err), desk.err);
        assert_row_text(rows[i].name, (const char *)desk.files.told.data,
                        "mem://a.parquet parquet ok HW_OK errors 0 warnings 0 rows 2000\n");
    }
    optimize_desk_release(&desk);
}

/* Elsewhere an output that was made before is a copy. */
static void what_was_done_is_copied_elsewhere(void **state) {
    (void)state;
    struct optimize_desk desk;
    HW_AUTO(hw_buf) first = {0};
    static const char *const sources[] = {"mem://a.parquet", NULL};
    optimize_desk_fill(&desk);
    assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), desk.err);
    optimize_copy(&desk, "a.parquet", &first);
    assert_ok(optimize_run(&desk, sources, "mem://copy.parquet", &(struct hw_optimize_options){0}), desk.err);
    optimize_check_told("a copy", &desk, "mem://a.parquet mem://copy.parquet already HW_OK rows 2000 groups 1-1\n");
    optimize_check_bytes("a copy", &desk, "copy.parquet", hw_buf_view(&first));
    optimize_desk_release(&desk);
}

/* More files than are found at once are told in the order of the listing. */
static void many_files_are_told_in_their_order(void **state) {
    (void)state;
    enum { FILES = 150 };
    struct optimize_desk desk;
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) one = {0};
    static const char *const sources[] = {"mem://many/", NULL};
    optimize_desk_init(&desk);
    optimize_make(&desk, "one.parquet", 3, 0);
    optimize_copy(&desk, "one.parquet", &one);
    for (int i = 0; i < FILES; i++) {
        char key[32];
        snprintf(key, sizeof(key), "many/%03d.parquet", i);
        desk_put(&desk.files, key, one.data, i % 50 == 49 ? 3 : one.size);
        assert_ok(hw_buf_printf(&want, &desk.err, "mem://%s mem://out/%03d.parquet %s\n", key, i,
                                i % 50 == 49 ? "failed HW_EDATA rows 0 groups 0-0"
                                             : "rewritten HW_OK rows 3 groups 1-1 proved"),
                  desk.err);
    }
    assert_ok(hw_buf_append_byte(&want, '\0', &desk.err), desk.err);
    const struct hw_optimize_options options = {.threads = 3, .force = true};
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EPARTIAL);
    assert_string_equal(desk.err.message, "3 of 150 files could not be optimised");
    optimize_check_told("many", &desk, (const char *)want.data);
    optimize_desk_release(&desk);
}

/* A file that the options do not fit ends the call; what was done beside it is told. */
static void what_was_done_is_told_though_the_call_ends(void **state) {
    (void)state;
    struct optimize_desk desk;
    static const char *const sources[] = {"mem://lake/", NULL};
    const struct hw_optimize_options options = {.columns = {.drop = words, .drop_count = 1}};
    optimize_desk_init(&desk);
    desk_make(&desk.files, "mem://lake/1.parquet", "word,n\na,1\n");
    desk_make(&desk.files, "mem://lake/2.parquet", "text,n\na,1\n");
    desk_make(&desk.files, "mem://lake/3.parquet", "word,n\na,1\n");
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &options), HW_EUSAGE);
    assert_row_says("a column", desk.err.message, "--drop names the column \"word\", which is not there");
    assert_string_equal(desk.err.object, "mem://lake/2.parquet");
    optimize_check_told("others", &desk,
                        "mem://lake/1.parquet mem://out/1.parquet rewritten HW_OK rows 1 groups 1-1 proved\n"
                        "mem://lake/3.parquet mem://out/3.parquet rewritten HW_OK rows 1 groups 1-1 proved\n");
    assert_int_equal(desk.sums.files, 2);
    optimize_desk_release(&desk);
}

static void a_listener_can_end_a_call(void **state) {
    (void)state;
    struct optimize_desk desk;
    static const char *const sources[] = {"mem://a.parquet", "mem://lake/c.pq", NULL};
    optimize_desk_fill(&desk);
    desk.refuses = HW_EIO;
    assert_int_equal(optimize_run(&desk, sources, "mem://out/", &(struct hw_optimize_options){0}), HW_EIO);
    assert_string_equal(desk.err.message, "no file is wanted");
    assert_int_equal(desk.sums.files, 1);
    optimize_desk_release(&desk);
}

/* The short call has the defaults, here with local files. */
static void one_file_has_a_call_of_its_own(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_optimize_file("/nowhere/a.parquet", "/nowhere/b.parquet", &err), HW_ENOTFOUND);
    assert_int_equal(hw_optimize_file("/nowhere/a.parquet", NULL, &err), HW_EUSAGE);
}

/* Sums are set also where the options are refused. */
static void sums_are_set_in_any_case(void **state) {
    (void)state;
    struct hw_optimize_sums sums;
    const char *source = "mem://a.parquet";
    memset(&sums, 0x55, sizeof(sums));
    const struct hw_optimize_options options = {.size = 8};
    assert_int_equal(hw_optimize(&source, 1, NULL, &options, NULL, &sums, NULL), HW_EUSAGE);
    static const struct hw_optimize_sums none;
    assert_memory_equal(&sums, &none, sizeof(sums));
}

/* Wherever memory is missing, the call says so, or has done without; the source stays whole. */
static void missing_memory_ends_a_call(void **state) {
    (void)state;
    static const char *const source = "mem://a.parquet";
    size_t failures = 0;
    for (bool fired = true; fired; failures++) {
        struct optimize_desk desk;
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) before = {0};
        optimize_desk_init(&desk);
        optimize_make(&desk, "a.parquet", 30, 0);
        optimize_copy(&desk, "a.parquet", &before);
        const struct hw_optimize_options options = {.size = sizeof(options),
                                                    .bloom = of_texts,
                                                    .bloom_count = 1,
                                                    .threads = 1,
                                                    .force = true,
                                                    .report_path = "mem://r.json",
                                                    .source_store = {.stores = &desk.files.store, .stores_count = 1},
                                                    .target_store = {.stores = &desk.files.store, .stores_count = 1}};
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_optimize(&source, 1, source, &options, NULL, NULL, &err);
        fired = alloc_fault_end(&fault);
        if (status) {
            assert_int_equal(status, HW_ENOMEM);
            assert_int_equal(optimize_size(&desk, "r.json"), 0);
        }
        assert_true(optimize_size(&desk, "a.parquet") > 0);
        optimize_desk_release(&desk);
    }
    assert_true(failures > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_done_is_left_alone),
        cmocka_unit_test(filters_come_again),
        cmocka_unit_test(what_was_done_is_copied_elsewhere),
        cmocka_unit_test(many_files_are_told_in_their_order),
        cmocka_unit_test(what_was_done_is_told_though_the_call_ends),
        cmocka_unit_test(a_listener_can_end_a_call),
        cmocka_unit_test(one_file_has_a_call_of_its_own),
        cmocka_unit_test(sums_are_set_in_any_case),
        cmocka_unit_test(missing_memory_ends_a_call),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_runs", tests, NULL, NULL);
}
