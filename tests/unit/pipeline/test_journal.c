/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/journal.h"

#include <errno.h>
#include <hawser/store.h>
#include <jansson.h>
#include <stdio.h>

#include "store/store_file.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/scratch.h"
#include "support/rows.h"

/* The first 16 digits that sha256sum has of the sources' names. */
#define A_HASH "4f7b28df7242a191" /* in/a.csv */
#define B_HASH "6be69e0db6f42e53" /* in/b.csv */

struct bench {
    struct scratch scratch;
    struct hw_store *store;
    struct hw_journals journals;
};

static void bench_open(struct bench *bench) {
    struct hw_error err = HW_ERROR_INIT;
    bench->scratch = scratch_make();
    assert_ok(hw_store_file_open(bench->scratch.folder, &(struct hw_store_options){0}, &bench->store, &err), err);
}

/* Finds what is there by now. */
static void bench_find(struct bench *bench) {
    struct hw_error err = HW_ERROR_INIT;
    hw_journals_release(&bench->journals);
    assert_ok(hw_journals_open(&bench->journals, bench->store, "out/", &err), err);
}

static void bench_close(struct bench *bench) {
    hw_journals_release(&bench->journals);
    hw_store_close(bench->store);
    scratch_remove(&bench->scratch);
}

static struct hw_manifest_entry entry_of(const char *path) {
    return (struct hw_manifest_entry){
        .path = path, .format = "parquet", .etag = "", .source = "in/a.csv", .source_etag = "", .options = ""};
}

static enum hw_status journal_write(struct bench *bench, const char *source, size_t *out_number, struct hw_error *err) {
    const struct hw_manifest_entry files[] = {entry_of("a-00001.parquet"), entry_of("a-00000.parquet")};
    return hw_journals_write(&bench->journals, source, files, COUNT_OF(files), out_number, err);
}

/* A journal is a manifest of the files, under a name that tells of its source. */
static void a_journal_is_a_manifest(void **state) {
    (void)state;
    static const struct { const char *source, *hash; } rows[] = {{"in/a.csv", A_HASH}, {"in/b.csv", B_HASH}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench = {0};
        struct hw_error err = HW_ERROR_INIT;
        char name[200];
        size_t number = 9;
        unsigned random;
        int end = 0;
        bench_open(&bench);
        bench_find(&bench);
        assert_ok(journal_write(&bench, rows[i].source, &number, &err), err);
        assert_int_equal(number, 0);
        snprintf(name, sizeof(name), "%s", strchr(scratch_names(&bench.scratch), ' ') + 1);
        name[strcspn(name, " ")] = '\0';
        assert_row_int(name, strncmp(name, "out/_hawser_journal-", 20), 0);
        assert_row_int(name, strncmp(name + 20, rows[i].hash, 16), 0);
        assert_row_int(name, sscanf(name + 36, "-%8x.json%n", &random, &end), 1);
        assert_row_int(name, strlen(name), 36 + 1 + 8 + strlen(".json"));
        json_t *json = json_load_file(scratch_path(&bench.scratch, name), JSON_REJECT_DUPLICATES, NULL);
        const json_t *objects = json_object_get(json, "objects");
        assert_int_equal(json_array_size(objects), 2);
        for (size_t k = 0; k < 2; k++) {
            const char *path = json_string_value(json_object_get(json_array_get(objects, k), "path"));
            assert_row_text(name, path, k == 0 ? "a-00000.parquet" : "a-00001.parquet");
        }
        json_decref(json);
        bench_close(&bench);
    }
}

/* Whatever lies in the folder, a source has the journals that are named after it. */
static void journals_are_found_by_their_source(void **state) {
    (void)state;
    static const char *const names[] = {"_hawser_journal-" A_HASH "-00000001.json",
                                        "_hawser_journal-" A_HASH "-00000002.json",
                                        "_hawser_journal-0000000000000000-00000001.json",
                                        "_hawser_journal-ffffffffffffffff-00000001.json",
                                        "_hawser_journal",
                                        "_manifest.json",
                                        "a.parquet"};
    static const struct {
        const char *source;
        size_t want_first, want;
    } rows[] = {{"in/a.csv", 1, 2}, {"in/b.csv", 3, 0}, {"", 4, 0}};
    struct bench bench = {0};
    size_t first;
    bench_open(&bench);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[100];
        snprintf(path, sizeof(path), "out/%s", names[i]);
        scratch_write(&bench.scratch, path, "x", 1);
    }
    bench_find(&bench);
    assert_int_equal(bench.journals.left.count, 4);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].source, hw_journals_of(&bench.journals, rows[i].source, &first), rows[i].want);
        assert_row_int(rows[i].source, rows[i].want == 0 || first == rows[i].want_first, true);
    }
    bench_close(&bench);
}

/* A journal that was left is read, as far as it can be taken for one. */
static void what_was_left_is_read(void **state) {
    (void)state;
    enum how { AS_IT_IS, GONE, CUT, EMPTY, UNREADABLE };
    static const struct {
        const char *name;
        enum how how;
        enum hw_status want;
        uint64_t count;
    } rows[] = {
        {"as it is", AS_IT_IS, HW_OK, 2},
        {"gone", GONE, HW_OK, 0},
        {"cut off", CUT, HW_OK, 0},
        {"empty", EMPTY, HW_OK, 0},
        {"unreadable", UNREADABLE, HW_EIO, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench = {0};
        HW_AUTO(hw_manifest) files = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t number;
        size_t first;
        bench_open(&bench);
        bench_find(&bench);
        assert_ok(journal_write(&bench, "in/a.csv", &number, &err), err);
        const char *key = bench.journals.own.items[0].key;
        char name[200];
        snprintf(name, sizeof(name), "%s", key);
        bench_find(&bench);
        assert_row_int(rows[i].name, hw_journals_of(&bench.journals, "in/a.csv", &first), 1);
        if (rows[i].how == GONE) {
            assert_int_equal(remove(scratch_path(&bench.scratch, name)), 0);
        } else if (rows[i].how == CUT || rows[i].how == EMPTY) {
            scratch_write(&bench.scratch, name, "{\"hawser_manifest\": 1", rows[i].how == CUT ? 21 : 0);
        }
        faulty_io_start(IO_PREAD, rows[i].how == UNREADABLE, EIO);
        assert_row_int(rows[i].name, hw_journals_load(&bench.journals, first, &files, &err), rows[i].want);
        faulty_io_stop();
        assert_row_int(rows[i].name, files.count, rows[i].count);
        assert_row_int(rows[i].name, strstr(err.object, "_hawser_journal-") != NULL, rows[i].want != HW_OK);
        bench_close(&bench);
    }
}

/* Only what is settled goes, of our own and of those that were left. */
static void what_is_settled_goes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool own, left_a, left_b; /* settled */
    } rows[] = {{"none", false, false, false},
                {"our own", true, false, false},
                {"one that was left", false, true, false},
                {"the other", false, false, true},
                {"all", true, true, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t number;
        bench_open(&bench);
        scratch_write(&bench.scratch, "out/_hawser_journal-" A_HASH "-00000001.json", "x", 1);
        scratch_write(&bench.scratch, "out/_hawser_journal-" B_HASH "-00000001.json", "x", 1);
        bench_find(&bench);
        assert_ok(journal_write(&bench, "in/c.csv", &number, &err), err);
        if (rows[i].own) {
            hw_journals_settle(&bench.journals, number);
        }
        if (rows[i].left_a) {
            hw_journals_settle_left(&bench.journals, "in/a.csv");
        }
        if (rows[i].left_b) {
            hw_journals_settle_left(&bench.journals, "in/b.csv");
        }
        hw_journals_remove(&bench.journals);
        const char *names = scratch_names(&bench.scratch);
        assert_row_int(rows[i].name, strstr(names, A_HASH) == NULL, rows[i].left_a);
        assert_row_int(rows[i].name, strstr(names, B_HASH) == NULL, rows[i].left_b);
        bench_find(&bench);
        const size_t left = 3u - rows[i].own - rows[i].left_a - rows[i].left_b;
        assert_row_int(rows[i].name, bench.journals.left.count, left);
        bench_close(&bench);
    }
}

/* A journal that cannot be written is a fault: nothing is published then. */
static void a_journal_that_cannot_be_written_is_told(void **state) {
    (void)state;
    struct bench bench = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t number;
    bench_open(&bench);
    bench_find(&bench);
    faulty_io_start(IO_WRITE, 1, ENOSPC);
    assert_int_equal(journal_write(&bench, "in/a.csv", &number, &err), HW_EIO);
    faulty_io_stop();
    assert_non_null(strstr(err.message, "the journal of what is about to be published: "));
    hw_journals_remove(&bench.journals);
    assert_null(strstr(scratch_names(&bench.scratch), "journal"));
    bench_close(&bench);
}

static enum hw_status nothing_listed(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                     struct hw_error *err) {
    (void)store, (void)prefix, (void)each, (void)ctx;
    return hw_fail(err, HW_ENOTFOUND, "there is no such place");
}

/* A folder that is not there will be made; no run makes a bucket. */
static void a_bucket_that_is_not_there_is_told(void **state) {
    (void)state;
    static const struct hw_store_ops ops = {.size = sizeof(ops), .list = nothing_listed};
    for (int remote = 0; remote < 2; remote++) {
        struct hw_store store = {.ops = &ops, .root = "", .remote = remote};
        struct hw_journals journals;
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_journals_open(&journals, &store, "out/", &err), remote ? HW_ENOTFOUND : HW_OK);
        assert_row_says("told", err.message, remote ? "there is no such place" : "");
        hw_journals_release(&journals);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    struct bench bench = {0};
    bench_open(&bench);
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        size_t number;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_journals_open(&bench.journals, bench.store, "out/", &err);
        status = status == HW_OK ? journal_write(&bench, "in/a.csv", &number, &err) : status;
        hw_journals_release(&bench.journals);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_journal_is_a_manifest),
        cmocka_unit_test(journals_are_found_by_their_source),
        cmocka_unit_test(what_was_left_is_read),
        cmocka_unit_test(what_is_settled_goes),
        cmocka_unit_test(a_journal_that_cannot_be_written_is_told),
        cmocka_unit_test(a_bucket_that_is_not_there_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/journal", tests, NULL, NULL);
}
