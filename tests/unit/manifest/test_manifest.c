/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <errno.h>
#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"

static struct hw_manifest_entry entry_of(const char *source, const char *format, const char *path, uint64_t rows) {
    return (struct hw_manifest_entry){.path = path,
                                      .format = format,
                                      .rows = rows,
                                      .etag = "e\"",
                                      .source = source,
                                      .source_etag = "",
                                      .options = ""};
}

/* Finds a path, and tells its rows; SIZE_MAX: it is not there. */
static uint64_t rows_of(const struct hw_manifest *manifest, const char *path) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_manifest_entry *entry;
    assert_ok(hw_manifest_find(manifest, path, &cursor, &entry, &err), err);
    if (entry) {
        const uint64_t rows = entry->rows;
        assert_string_equal(entry->path, path);
        assert_string_equal(entry->etag, "e\"");
        assert_ok(hw_manifest_at(manifest, cursor.at, &cursor, &entry, &err), err);
        assert_string_equal(entry->path, path);
        assert_int_equal(entry->rows, rows);
    }
    return entry ? entry->rows : SIZE_MAX;
}

/*
 * Put in any order and kept wherever, entries come in their order, and a path that is there already
 * is replaced.
 */
static void entries_are_sorted_and_replaced(void **state) {
    (void)state;
    enum { ENTRIES = 500 };
    static const struct {
        const char *name;
        size_t held_bytes;
        size_t step;  /* from one to the next; has no divisor in common with their number */
        size_t times; /* that each is put */
    } rows[] = {
        {"in order, in memory", 0, 1, 1},
        {"in order, in a file", 1, 1, 1},
        {"twice, in memory", 0, 1, 2},
        {"any order, in memory", 0, 7919, 1},
        {"any order, twice", 0, 7919, 2},
        {"falling, in a file", 1, ENTRIES - 1, 1},
        {"any order, three times, in a file", 1, 7919, 3},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) manifest = {.held_bytes = rows[r].held_bytes};
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry;
        char path[32];
        for (size_t i = 0; i < rows[r].times * ENTRIES; i++) {
            snprintf(path, sizeof(path), "%04zu.avro", i * rows[r].step % ENTRIES);
            const struct hw_manifest_entry put = entry_of("in/a.csv", "avro", path, i);
            assert_ok(hw_manifest_put(&manifest, &put, &err), err);
        }
        assert_ok(hw_manifest_seal(&manifest, &err), err);
        assert_row_int(rows[r].name, manifest.count, ENTRIES);
        hw_manifest_all(&manifest, &cursor);
        for (size_t i = 0; i < ENTRIES; i++) {
            snprintf(path, sizeof(path), "%04zu.avro", i);
            assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
            assert_row_text(rows[r].name, entry->path, path);
            snprintf(path, sizeof(path), "%04zu.avro", i * rows[r].step % ENTRIES);
            assert_row_int(rows[r].name, rows_of(&manifest, path), (rows[r].times - 1) * ENTRIES + i);
        }
        assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
        assert_null(entry);
        assert_row_int(rows[r].name, rows_of(&manifest, "0000.avr") == SIZE_MAX, true);
        assert_row_int(rows[r].name, rows_of(&manifest, "") == SIZE_MAX, true);
    }
}

/* Of two sources that have a path the one counts that was put last. */
static void the_last_source_has_a_path(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *sources; /* a letter each, in the order in which they are put */
        char want;
    } rows[] = {
        {"in order", "abc", 'c'}, {"falling", "cba", 'a'}, {"the middle last", "acb", 'b'}, {"again", "abca", 'a'}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) manifest = {0};
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry;
        for (const char *at = rows[r].sources; *at; at++) {
            const char source[] = {*at, '\0'};
            const struct hw_manifest_entry put = entry_of(source, "avro", "one path", (uint64_t)*at);
            assert_ok(hw_manifest_put(&manifest, &put, &err), err);
        }
        assert_ok(hw_manifest_seal(&manifest, &err), err);
        assert_row_int(rows[r].name, manifest.count, 1);
        assert_row_int(rows[r].name, rows_of(&manifest, "one path"), rows[r].want);
        hw_manifest_all(&manifest, &cursor);
        assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
        assert_row_int(rows[r].name, entry->source[0], rows[r].want);
        assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
        assert_null(entry);
        for (const char *at = rows[r].sources; *at; at++) {
            const char source[] = {*at, '\0'};
            assert_ok(hw_manifest_of(&manifest, source, "avro", &cursor, &err), err);
            assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
            assert_row_int(rows[r].name, entry != NULL, *at == rows[r].want);
        }
    }
}

static void files_are_found_by_their_source(void **state) {
    (void)state;
    static const struct {
        const char *path, *source, *format;
    } made[] = {
        {"e", "s2", "avro"}, {"d", "s1", "parquet"}, {"c", "s1", "avro"}, {"b", "s1", "parquet"}, {"a", "s", "csv"}};
    static const struct {
        const char *source, *format, *want;
    } asked[] = {{"s1", "parquet", "bd"}, {"s1", "avro", "c"}, {"s2", "avro", "e"}, {"s", "csv", "a"},
                 {"s1", "csv", ""},       {"s0", "csv", ""},   {"s3", "csv", ""},   {"", "", ""}};
    for (size_t held_bytes = 0; held_bytes < 2; held_bytes++) {
        HW_AUTO(hw_manifest) manifest = {.held_bytes = held_bytes};
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry;
        assert_ok(hw_manifest_of(&manifest, "s1", "avro", &cursor, &err), err);
        assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
        assert_null(entry); /* of an empty one */
        for (size_t i = 0; i < COUNT_OF(made); i++) {
            const struct hw_manifest_entry put = entry_of(made[i].source, made[i].format, made[i].path, 0);
            assert_ok(hw_manifest_put(&manifest, &put, &err), err);
        }
        assert_ok(hw_manifest_seal(&manifest, &err), err);
        for (size_t i = 0; i < COUNT_OF(asked); i++) {
            char got[8] = "";
            assert_ok(hw_manifest_of(&manifest, asked[i].source, asked[i].format, &cursor, &err), err);
            for (size_t k = 0; hw_manifest_next(&cursor, &entry, &err) == HW_OK && entry; k++) {
                got[k] = entry->path[0];
            }
            assert_row_text(asked[i].source, got, asked[i].want);
        }
    }
}

static enum hw_status many_put(struct hw_manifest *manifest, size_t count, size_t step, struct hw_error *err) {
    for (size_t i = 0; i < count; i++) {
        char source[32];
        char path[32];
        snprintf(source, sizeof(source), "in/%07zu.csv", i * step % count);
        snprintf(path, sizeof(path), "%07zu.avro", i * step % count);
        const struct hw_manifest_entry entry = entry_of(source, "avro", path, i);
        HW_TRY(hw_manifest_put(manifest, &entry, err));
    }
    return hw_manifest_seal(manifest, err);
}

/* What stays in memory is as much for very many entries as for many. */
static void memory_is_bounded(void **state) {
    (void)state;
    enum { ENTRIES = 100000, HELD_BYTES = 1 << 20 };
    HW_AUTO(hw_manifest) manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(many_put(&manifest, ENTRIES, 1, &err), err);
    assert_int_equal(manifest.count, ENTRIES);
    assert_true(manifest.records.open && manifest.paths.open && manifest.sources.open);
    assert_true(manifest.records.pending.capacity + manifest.paths.pairs.capacity + manifest.last.capacity <
                HELD_BYTES);
    assert_int_equal(rows_of(&manifest, "0099999.avro"), 99999);
}

/* Where no file can be made all stays in memory; what a file cannot take or give is a fault. */
static void faults_are_told(void **state) {
    (void)state;
    enum { ENTRIES = 2000 };
    static const struct {
        const char *name;
        size_t step;
        enum io_call call;
        int errnum;
        enum hw_status want;
    } rows[] = {
        {"no file", 1, IO_OPENAT, EACCES, HW_OK},
        {"no file, any order", 7919, IO_OPENAT, EACCES, HW_OK},
        {"no room", 1, IO_WRITE, ENOSPC, HW_EIO},
        {"no reading", 1, IO_PREAD, EIO, HW_EIO},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) manifest = {.held_bytes = 1};
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry = NULL;
        faulty_io_start(rows[r].call, 1, rows[r].errnum);
        enum hw_status status = many_put(&manifest, ENTRIES, rows[r].step, &err);
        if (status == HW_OK) {
            status = hw_manifest_find(&manifest, "0000000.avro", &cursor, &entry, &err);
        }
        faulty_io_stop();
        assert_row_int(rows[r].name, status, rows[r].want);
        assert_row_int(rows[r].name, entry != NULL, rows[r].want == HW_OK);
        assert_row_int(rows[r].name, err.message[0] == '\0', rows[r].want == HW_OK);
    }
}

static enum hw_status all_do(size_t step, struct hw_error *err) {
    HW_AUTO(hw_manifest) manifest = {.held_bytes = 1};
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry twice = entry_of("in/z.csv", "avro", "0000001.avro", 0);
    const struct hw_manifest_entry *entry;
    HW_TRY(hw_manifest_put(&manifest, &twice, err));
    HW_TRY(many_put(&manifest, 20, step, err));
    HW_TRY(hw_manifest_find(&manifest, "0000002.avro", &cursor, &entry, err));
    return entry ? HW_OK : HW_EFAILED;
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const size_t steps[] = {1, 3};
    for (size_t r = 0; r < COUNT_OF(steps); r++) {
        bool failed = true;
        for (size_t successes = 0; failed; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            alloc_fault_begin(&fault, successes);
            const enum hw_status status = all_do(steps[r], &err);
            failed = alloc_fault_end(&fault);
            assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_sorted_and_replaced),
        cmocka_unit_test(the_last_source_has_a_path),
        cmocka_unit_test(files_are_found_by_their_source),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("manifest/manifest", tests, NULL, NULL);
}
