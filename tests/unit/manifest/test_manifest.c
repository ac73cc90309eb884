/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <jansson.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "manifest/manifest_read.h"
#include "manifest/merge.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

#define SHA "ab00000000000000000000000000000000000000000000000000000000000001"
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

/* One whole object of a manifest, as text; %s is where a row breaks it. */
#define FIELDS                                                                                       \
    "\"path\": \"a.parquet\", \"format\": \"parquet\", \"size\": 9, \"rows\": 2, \"sha256\": \"" SHA \
    "\", \"crc64nvme\": \"00000000000000cd\", "                                                      \
    "\"etag\": \"\", \"source\": \"in/a.csv\", \"source_size\": 7, \"source_etag\": \"\", \"source_mtime_us\": -5, \"options\": \"ef\""

static const struct {
    const char *name;
    const char *json;
    enum hw_status want;
    const char *says;
    size_t count;
} rows[] = {
    {"one object", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1}]}", HW_OK, "", 1},
    {"no objects", "{\"hawser_manifest\": 1, \"objects\": []}", HW_OK, "", 0},
    {"what is not known is left out",
     "{\"x\": [{\"objects\": \"]}\\\"\"}], \"hawser_manifest\": 1, \"objects\": [{" FIELDS
     ", \"rejected\": 1, \"y\": {}}]}",
     HW_OK, "", 1},
    {"twice the same path: the later one",
     "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1}, {" FIELDS ", \"rejected\": 1}]}", HW_OK, "",
     1},
    {"nothing", "", HW_EDATA, "expected {\"hawser_manifest\": 1", 0},
    {"cut short", "{\"hawser_manifest\": 1, \"objects\": [{\n\"path\"", HW_EDATA, "no manifest: line 2", 0},
    {"no object", "[]", HW_EDATA, "expected {\"hawser_manifest\": 1, \"objects\": [...]}", 0},
    {"no list", "{\"hawser_manifest\": 1, \"objects\": {}}", HW_EDATA,
     "expected {\"hawser_manifest\": 1, \"objects\": [...]}", 0},
    {"a field is missing", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS "}]}", HW_EDATA,
     "without a number \"rejected\"", 0},
    {"a number that is none", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": \"1\"}]}", HW_EDATA,
     "without a number \"rejected\"", 0},
    {"a text that is none", "{\"hawser_manifest\": 1, \"objects\": [{\"path\": 1}]}", HW_EDATA,
     "without a text \"path\"", 0},
    {"a list of no objects", "{\"hawser_manifest\": 1, \"objects\": [1]}", HW_EDATA, "without a text \"path\"", 0},
    {"a key twice", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1, \"rejected\": 2}]}", HW_EDATA,
     "duplicate object key", 0},
    {"the version comes last", "{\"objects\": [], \"hawser_manifest\": 1}", HW_OK, "", 0},
    {"no version", "{\"objects\": []}", HW_EDATA, "expected {\"hawser_manifest\": 1", 0},
    {"a version that is no number", "{\"hawser_manifest\": \"1\", \"objects\": []}", HW_EDATA,
     "expected {\"hawser_manifest\": 1", 0},
    {"a later version", "{\"hawser_manifest\": 3, \"objects\": []}", HW_EDATA,
     "a manifest of version 3, where this Hawser knows 2", 0},
    {"two lists", "{\"hawser_manifest\": 1, \"objects\": [], \"objects\": []}", HW_EDATA, "expected {\"hawser_manifest",
     0},
    {"a comma too many", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1},]}", HW_EDATA,
     "no manifest: line 1", 0},
    {"a sum that is none",
     "{\"hawser_manifest\": 1, \"objects\": [{\"path\": \"a\", \"format\": \"b\", \"size\": 1, \"rows\": 1, \"sha256\": \"AB\"}]}",
     HW_EDATA, "without a sum in hex \"sha256\"", 0},
    {"a file number below 0", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1, \"file\": -1}]}",
     HW_EDATA, "without a number \"file\"", 0},
    {"more after the end", "{\"hawser_manifest\": 1, \"objects\": []} x", HW_EDATA, "expected its end", 0},
    {"no UTF-8", "{\"hawser_manifest\": 1, \"objects\": [\"\xff\"]}", HW_EDATA, "no manifest", 0},
};

static void manifests_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_manifest manifest = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_manifest_parse(hw_view_of(rows[i].json), &manifest, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, manifest.count, rows[i].count);
        }
        hw_manifest_release(&manifest);
    }
}

static void every_field_is_read(void **state) {
    (void)state;
    struct hw_manifest manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_manifest_parse(HW_VIEW("{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 11}]}"),
                                &manifest, &err),
              err);
    const struct hw_manifest_entry *entry = hw_manifest_find(&manifest, "a.parquet");
    assert_non_null(entry);
    assert_string_equal(entry->format, "parquet");
    assert_int_equal(entry->bytes, 9);
    assert_int_equal(entry->rows, 2);
    assert_int_equal(entry->sha256[0], 0xab);
    assert_int_equal(entry->sha256[HW_SHA256_BYTES - 1], 1);
    assert_int_equal(entry->crc64nvme, 0xcd);
    assert_int_equal(entry->mtime_us, 0);
    assert_string_equal(entry->etag, "");
    assert_string_equal(entry->source, "in/a.csv");
    assert_int_equal(entry->source_bytes, 7);
    assert_string_equal(entry->source_etag, "");
    assert_int_equal(entry->source_mtime_us, -5);
    assert_string_equal(entry->options, "ef");
    assert_int_equal(entry->rejected, 11);
    assert_null(hw_manifest_find(&manifest, "a.parque"));
    assert_null(hw_manifest_find(&manifest, "b"));
    hw_manifest_release(&manifest);
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

static enum hw_status parse_and_write(struct hw_error *err) {
    struct hw_manifest manifest = {0};
    HW_AUTO(hw_buf) text = {0};
    enum hw_status status = hw_manifest_parse(
        HW_VIEW("{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1}]}"), &manifest, err);
    if (status == HW_OK) {
        status = manifest_write(&manifest, NULL, &text, err);
    }
    hw_manifest_release(&manifest);
    return status;
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = parse_and_write(&err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

/* Many files of one output have a number, which is not written where there is none. */
static void files_are_numbered(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    struct hw_manifest manifest = {0};
    struct hw_manifest again = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_manifest_parse(HW_VIEW("{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1}]}"),
                                &manifest, &err),
              err);
    assert_int_equal(manifest.entries[0].file, 0);
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    assert_ok(hw_buf_end_text(&text, &err), err);
    assert_null(strstr((const char *)text.data, "\"file\""));
    struct hw_manifest_entry entry = manifest.entries[0];
    entry.path = "b";
    entry.file = 7;
    assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    hw_buf_clear(&text);
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    assert_ok(hw_manifest_parse(hw_buf_view(&text), &again, &err), err);
    assert_int_equal(hw_manifest_find(&again, "a.parquet")->file, 0);
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

/*
 * A source that is read block by block gives what memory gives, wherever the blocks end; so do its
 * faults.
 */
static void a_source_is_read_in_blocks(void **state) {
    (void)state;
    enum { ENTRIES = 2000 }; /* more than two blocks */
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) text_again = {0};
    HW_AUTO(hw_manifest) manifest = {0};
    HW_AUTO(hw_manifest) again = {0};
    HW_AUTO(hw_manifest) none = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < ENTRIES; i++) {
        char path[32];
        snprintf(path, sizeof(path), "%05zu{\"]\\.avro", i);
        const struct hw_manifest_entry entry = entry_of(path, i);
        assert_ok(hw_manifest_put(&manifest, &entry, &err), err);
    }
    assert_ok(manifest_write(&manifest, NULL, &text, &err), err);
    struct memory_source source = memory_source(hw_buf_view(&text), 0);
    assert_ok(hw_manifest_load(&source.base, &again, &err), err);
    assert_true(source.reads > 2);
    assert_ok(manifest_write(&again, NULL, &text_again, &err), err);
    assert_row_bytes("read in blocks", text_again.data, text_again.size, text.data, text.size);
    source = memory_source(hw_buf_view(&text), 2);
    assert_int_equal(hw_manifest_load(&source.base, &none, &err), HW_EIO);
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

static void a_giant_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_manifest) manifest = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "{\"objects\": [{\"path\": \"", &err), err);
    while (text.size <= HW_MANIFEST_ENTRY_BYTES_MAX + 100) {
        assert_ok(hw_buf_append_text(&text, "0123456789", &err), err);
    }
    assert_int_equal(hw_manifest_parse(hw_buf_view(&text), &manifest, &err), HW_EDATA);
    assert_non_null(strstr(err.message, "a value of more than"));
    struct memory_source source = memory_source(hw_buf_view(&text), 0);
    source.base.size = HW_MANIFEST_BYTES_MAX + 1;
    assert_int_equal(hw_manifest_load(&source.base, &manifest, &err), HW_ELIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_merged),
        cmocka_unit_test(entries_are_in_the_order_of_their_sources),
        cmocka_unit_test(a_source_is_read_in_blocks),
        cmocka_unit_test(entries_are_small),
        cmocka_unit_test(a_giant_is_refused),
        cmocka_unit_test(files_are_numbered),
        cmocka_unit_test(files_are_found_by_their_source),
        cmocka_unit_test(manifests_are_read_or_refused),
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(entries_are_sorted_and_replaced),
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
