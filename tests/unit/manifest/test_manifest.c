/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <jansson.h>
#include <stdio.h>

#include "core/alloc.h"
#include "manifest/manifest_read.h"
#include "manifest/merge.h"
#include "support/memory_io.h"
#include "support/rows.h"

/* Writes a manifest with changes made to it; NULL stands for none. */
static enum hw_status manifest_write(const struct hw_manifest *before, const struct hw_manifest *changes,
                                     struct hw_buf *out, struct hw_error *err) {
    struct memory_sink sink = memory_sink(0);
    HW_AUTO(hw_manifest_sorter) sorter = {0};
    HW_AUTO(hw_manifest_merge) merge = {0};
    struct hw_manifest indexed = *before;
    enum hw_status status = HW_OK;
    if (!changes) {
        status = hw_manifest_write(before, &sink.base, err);
    } else {
        indexed.by_source = NULL;
        status = hw_manifest_index(&indexed, err);
        for (size_t i = 0; status == HW_OK && i < changes->count; i++) {
            status = hw_manifest_sorter_put(&sorter, &changes->entries[i], err);
        }
        status = status ? status : hw_manifest_merge_open(&merge, &indexed, &sorter, err);
        status = status ? status : hw_manifest_merge_write(&merge, &sink.base, err);
        hw_free(indexed.by_source);
    }
    hw_buf_release(out);
    *out = sink.bytes;
    return status;
}

static struct hw_manifest_entry entry_of(const char *path, uint64_t count) {
    return (struct hw_manifest_entry){.path = path,
                                      .format = "avro",
                                      .bytes = count,
                                      .rows = count,
                                      .etag = "e\"",
                                      .source = "in/\xc3\xa4.csv",
                                      .source_etag = "",
                                      .options = ""};
}

/* Put in any order, in byte order of the paths; a path that is there already is replaced. */
static void entries_are_sorted_and_replaced(void **state) {
    (void)state;
    enum { ENTRIES = 500, STEP = 7919 };
    struct hw_manifest manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    char path[32];
    for (size_t i = 0; i < 2 * ENTRIES; i++) {
        snprintf(path, sizeof(path), "%zu.avro", i * STEP % ENTRIES);
        const struct hw_manifest_entry entry = entry_of(path, i);
        assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    }
    hw_manifest_sort(&manifest);
    assert_int_equal(manifest.count, ENTRIES);
    for (size_t i = 1; i < manifest.count; i++) {
        assert_true(strcmp(manifest.entries[i - 1].path, manifest.entries[i].path) < 0);
    }
    for (size_t i = 0; i < ENTRIES; i++) {
        snprintf(path, sizeof(path), "%zu.avro", i * STEP % ENTRIES);
        assert_int_equal(hw_manifest_find(&manifest, path)->rows, ENTRIES + i);
    }
    hw_manifest_release(&manifest);
}

/* What is written is what a JSON reader sees, and what hw_manifest_parse reads back. */
static void what_is_written_can_be_read(void **state) {
    (void)state;
    struct hw_manifest manifest = {0};
    struct hw_manifest again = {0};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) text_again = {0};
    const struct hw_manifest_entry entries[] = {entry_of("b\xff/\"quoted\".avro", 3),
                                                entry_of("a.avro", UINT64_C(1) << 60)};
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        assert_ok(hw_manifest_put(&manifest, &entries[i], &err), err);
    }
    hw_manifest_sort(&manifest);
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    json_t *objects = json_object_get(json, "objects");
    assert_int_equal(json_array_size(objects), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "hawser_manifest")), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 0), "path")), "a.avro");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(objects, 0), "size")), INT64_C(1) << 60);
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 1), "path")),
                        "b\\xff/\"quoted\".avro");
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 1), "source")), "in/\xc3\xa4.csv");
    json_decref(json);
    assert_ok(hw_manifest_parse(hw_buf_view(&text), &again, &err), err);
    assert_ok(manifest_write(&again, NULL, &text_again, &err), err);
    assert_row_bytes("read and written again", text_again.data, text_again.size, text.data, text.size);
    hw_manifest_release(&manifest);
    hw_manifest_release(&again);
}

/* Many files of one output have a number, which is not written where there is none. */
static void files_are_numbered(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    struct hw_manifest manifest = {0};
    struct hw_manifest again = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_manifest_entry entry = entry_of("a", 1);
    assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    assert_ok(hw_buf_end_text(&text, &err), err);
    assert_null(strstr((const char *)text.data, "\"file\""));
    entry.path = "b";
    entry.file = 7;
    assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    hw_buf_clear(&text);
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    assert_ok(hw_manifest_parse(hw_buf_view(&text), &again, &err), err);
    assert_int_equal(hw_manifest_find(&again, "a")->file, 0);
    assert_int_equal(hw_manifest_find(&again, "b")->file, 7);
    hw_manifest_release(&manifest);
    hw_manifest_release(&again);
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
    struct hw_manifest manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t count;
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        const struct hw_manifest_entry entry = {.path = made[i].path,
                                                .format = made[i].format,
                                                .etag = "",
                                                .source = made[i].source,
                                                .source_etag = "",
                                                .options = ""};
        assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    }
    hw_manifest_of(&manifest, "s1", "avro", &count);
    assert_int_equal(count, 0); /* not indexed */
    hw_manifest_sort(&manifest);
    assert_ok(hw_manifest_index(&manifest, &err), err);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        char got[8] = "";
        const struct hw_manifest_entry *const *entries =
            hw_manifest_of(&manifest, asked[i].source, asked[i].format, &count);
        for (size_t k = 0; k < count; k++) {
            got[k] = entries[k]->path[0];
        }
        assert_row_text(asked[i].source, got, asked[i].want);
    }
    hw_manifest_release(&manifest);
}

/* Changes on top of what is there: each row a path, which of both has it, and whether it stays. */
static void changes_are_merged(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *path;
        bool before, changed, removed;
        uint8_t sum;        /* of the change; before has 1 */
        uint64_t want_rows; /* 0: gone */
    } changes[] = {
        {"kept", "a", true, false, false, 0, 1},
        {"new", "b", false, true, false, 9, 2},
        {"replaced", "c", true, true, false, 9, 2},
        {"removed", "d", true, true, true, 1, 0},
        {"removed, but another came", "e", true, true, true, 9, 1},
        {"removed, was not there", "f", false, true, true, 1, 0},
        {"kept at the end", "g", true, false, false, 0, 1},
    };
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_manifest) before = {0};
    HW_AUTO(hw_manifest) change = {0};
    HW_AUTO(hw_manifest) after = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = COUNT_OF(changes); i-- > 0;) {
        struct hw_manifest_entry entry = entry_of(changes[i].path, 1);
        entry.sha256[0] = 1;
        if (changes[i].before) {
            assert_ok(hw_manifest_put(&before, &entry, &err), err);
        }
        entry.rows = 2;
        entry.sha256[0] = changes[i].sum;
        entry.removed = changes[i].removed;
        if (changes[i].changed) {
            assert_ok(hw_manifest_put(&change, &entry, &err), err);
        }
    }
    hw_manifest_sort(&before);
    hw_manifest_sort(&change);
    assert_ok(manifest_write(&before, &change, &text, &err), err);
    assert_ok(hw_manifest_parse(hw_buf_view(&text), &after, &err), err);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        const struct hw_manifest_entry *entry = hw_manifest_find(&after, changes[i].path);
        assert_row_int(changes[i].name, entry ? entry->rows : 0, changes[i].want_rows);
    }
}

/*
 * The order of the JSON is that of the sources' names, whatever the outputs are called: "a.b.csv",
 * "a.csv", "a/b.csv".
 */
static void entries_are_in_the_order_of_their_sources(void **state) {
    (void)state;
    static const struct {
        const char *source, *format, *path;
    } want[] = {
        {"in/a.b.csv", "parquet", "a.b.parquet"},
        {"in/a.b.csv", "avro", "a.b.avro"},
        {"in/a.csv", "parquet", "a-00000.parquet"},
        {"in/a.csv", "parquet", "a-00001.parquet"},
        {"in/a.csv", "avro", "a.avro"},
        {"in/a.csv", "csv", "a.csv"},
        {"in/a.csv", "other", "a.aaa"},
        {"in/a/b.csv", "parquet", "a/b.parquet"},
        {"in/\xc3\xa4.csv", "csv", "0.csv"},
    };
    enum { STEP = 5 }; /* has no divisor in common with the number of rows */
    struct hw_error err = HW_ERROR_INIT;
    for (size_t split = 0; split <= COUNT_OF(want); split++) {
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_manifest) before = {0};
        HW_AUTO(hw_manifest) changes = {0};
        for (size_t i = 0; i < COUNT_OF(want); i++) {
            const size_t row = i * STEP % COUNT_OF(want);
            struct hw_manifest_entry entry = entry_of(want[row].path, 1);
            entry.source = want[row].source;
            entry.format = want[row].format;
            assert_ok(hw_manifest_put(i < split ? &before : &changes, &entry, &err), err);
        }
        hw_manifest_sort(&before);
        hw_manifest_sort(&changes);
        assert_ok(manifest_write(&before, &changes, &text, &err), err);
        json_t *json = json_loadb((const char *)text.data, text.size, 0, NULL);
        const json_t *objects = json_object_get(json, "objects");
        assert_row_int("entries", json_array_size(objects), COUNT_OF(want));
        for (size_t i = 0; i < COUNT_OF(want); i++) {
            const json_t *path = json_object_get(json_array_get(objects, i), "path");
            assert_row_text(want[i].path, json_string_value(path), want[i].path);
        }
        json_decref(json);
    }
}

/* What an entry takes beside its path, where sources have many files. */
static void entries_are_small(void **state) {
    (void)state;
    enum { ENTRIES = 10000, EACH_BYTES = 200 };
    HW_AUTO(hw_manifest) manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < ENTRIES; i++) {
        char path[32];
        snprintf(path, sizeof(path), "%05zu.avro", i);
        struct hw_manifest_entry entry = entry_of(path, i);
        entry.etag = "";
        assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    }
    assert_true(ENTRIES * sizeof(struct hw_manifest_entry) + manifest.arena.held_bytes < ENTRIES * EACH_BYTES);
    hw_manifest_sort(&manifest);
    assert_int_equal(manifest.count, ENTRIES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_merged),
        cmocka_unit_test(entries_are_in_the_order_of_their_sources),
        cmocka_unit_test(entries_are_small),
        cmocka_unit_test(files_are_numbered),
        cmocka_unit_test(files_are_found_by_their_source),
        cmocka_unit_test(entries_are_sorted_and_replaced),
        cmocka_unit_test(what_is_written_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
