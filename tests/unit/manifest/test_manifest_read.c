/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest_read.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

#define SHA "ab00000000000000000000000000000000000000000000000000000000000001"

/* The fields of an object but for its path, as JSON. */
#define MORE_FIELDS                                                  \
    "\"format\": \"parquet\", \"size\": 9, \"rows\": 2, "            \
    "\"sha256\": \"" SHA "\", \"crc64nvme\": \"00000000000000cd\", " \
    "\"etag\": \"\", \"source\": \"in/a.csv\", \"source_size\": 7, " \
    "\"source_etag\": \"\", \"source_mtime_us\": -5, \"options\": \"ef\""
/* One whole object of a manifest, but for a last field that a row adds. */
#define FIELDS "\"path\": \"a.parquet\", " MORE_FIELDS
/* The same, of a path with a number and with signs that JSON has too. */
#define NUMBERED_FIELDS "\"path\": \"%05zu{\\\"]\\\\.avro\", " MORE_FIELDS

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
    {"cut short", "{\"hawser_manifest\": 1, \"objects\": [{\n\"path\"", HW_EDATA, "it is not a manifest: line 2", 0},
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
     "it is not a manifest: line 1", 0},
    {"a sum that is none",
     "{\"hawser_manifest\": 1, \"objects\": [{\"path\": \"a\", \"format\": \"b\", \"size\": 1, \"rows\": 1, "
     "\"sha256\": \"AB\"}]}",
     HW_EDATA, "without a sum in hex \"sha256\"", 0},
    {"a file number below 0", "{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1, \"file\": -1}]}",
     HW_EDATA, "without a number \"file\"", 0},
    {"more after the end", "{\"hawser_manifest\": 1, \"objects\": []} x", HW_EDATA, "expected its end", 0},
    {"no UTF-8", "{\"hawser_manifest\": 1, \"objects\": [\"\xff\"]}", HW_EDATA, "it is not a manifest", 0},
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
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    const struct hw_manifest_entry *entry;
    hw_manifest_all(&manifest, &cursor);
    assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
    assert_string_equal(entry->path, "a.parquet");
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
    assert_int_equal(entry->file, 0);
    hw_manifest_release(&manifest);
}

/*
 * A source that is read block by block gives what memory gives, wherever the blocks end; so do its
 * faults.
 */
static void a_source_is_read_in_blocks(void **state) {
    (void)state;
    enum { ENTRIES = 2000 }; /* more than two blocks */
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_manifest) manifest = {0};
    HW_AUTO(hw_manifest) none = {0};
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_manifest_entry *entry;
    assert_ok(hw_buf_append_text(&text, "{\"hawser_manifest\": 1, \"objects\": [", &err), err);
    for (size_t i = 0; i < ENTRIES; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%s{" NUMBERED_FIELDS ", \"rejected\": %zu, \"file\": 7}",
                                i > 0 ? "," : "", i, i),
                  err);
    }
    assert_ok(hw_buf_append_text(&text, "]}", &err), err);
    struct memory_source source = memory_source(hw_buf_view(&text), 0);
    assert_ok(hw_manifest_load(&source.base, &manifest, &err), err);
    assert_true(source.reads > 2);
    hw_manifest_all(&manifest, &cursor);
    for (size_t i = 0; i < ENTRIES; i++) {
        char path[32];
        snprintf(path, sizeof(path), "%05zu{\"]\\.avro", i);
        assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
        assert_non_null(entry);
        assert_string_equal(entry->path, path);
        assert_int_equal(entry->rejected, i);
        assert_int_equal(entry->file, 7);
    }
    assert_ok(hw_manifest_next(&cursor, &entry, &err), err);
    assert_null(entry);
    source = memory_source(hw_buf_view(&text), 2);
    assert_int_equal(hw_manifest_load(&source.base, &none, &err), HW_EIO);
}

/* A stream that gives at most `step` bytes a read, and fails once `fail_at` bytes were given. */
struct text_stream {
    struct hw_stream base;
    hw_view left;
    size_t step;
    size_t fail_at; /* SIZE_MAX: never */
};

static enum hw_status text_stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                       struct hw_error *err) {
    struct text_stream *stream = (struct text_stream *)base;
    const size_t given = hw_min_size(hw_min_size(bytes, stream->step), stream->left.size);
    if (stream->fail_at == 0) {
        return hw_fail(err, HW_EIO, "the stream broke");
    }
    memcpy(data, stream->left.data, given);
    stream->left.data += given;
    stream->left.size -= given;
    stream->fail_at -= stream->fail_at == SIZE_MAX ? 0 : hw_min_size(given, stream->fail_at);
    *out_bytes = given;
    return HW_OK;
}

static void lines_are_read_in_any_pieces(void **state) {
    (void)state;
    static const struct hw_stream_ops ops = {.read = text_stream_read};
    static const struct {
        const char *name;
        const char *text;
        size_t fail_at;
        enum hw_status want;
        size_t count;
        const char *says;
    } lines[] = {
        {"none", "", SIZE_MAX, HW_OK, 0, ""},
        {"blank lines alone", "\n \n", SIZE_MAX, HW_OK, 0, ""},
        {"one", "{" FIELDS ", \"rejected\": 1}\n", SIZE_MAX, HW_OK, 1, ""},
        {"the same path twice: the later one", "{" FIELDS ", \"rejected\": 1}\n{" FIELDS ", \"rejected\": 2}", SIZE_MAX,
         HW_OK, 1, ""},
        {"the second one lacks a field", "{" FIELDS ", \"rejected\": 1}\n{" FIELDS "}\n", SIZE_MAX, HW_EDATA, 0,
         "it is not a manifest: line 2: an object without a number \"rejected\""},
        {"cut short", "{" FIELDS ", \"rejected\": 1}\n{" FIELDS, SIZE_MAX, HW_EDATA, 0, "it is not a manifest: line 2"},
        {"the stream fails between two", "{" FIELDS ", \"rejected\": 1}\n", sizeof("{" FIELDS ", \"rejected\": 1}"),
         HW_EIO, 0, "the stream broke"},
        {"the stream fails inside one", "{" FIELDS ", \"rejected\": 1}\n", 40, HW_EIO, 0, "the stream broke"},
    };
    static const size_t steps[] = {1, 7, 4096};
    for (size_t i = 0; i < COUNT_OF(lines) * COUNT_OF(steps); i++) {
        const size_t row = i / COUNT_OF(steps);
        struct text_stream stream = {.base = {.ops = &ops},
                                     .left = hw_view_of(lines[row].text),
                                     .step = steps[i % COUNT_OF(steps)],
                                     .fail_at = lines[row].fail_at};
        HW_AUTO(hw_manifest) manifest = {0};
        struct hw_error err = HW_ERROR_INIT;
        /* A failure within a piece is met before it is given. */
        stream.step = hw_min_size(stream.step, stream.fail_at);
        assert_row_int(lines[row].name, hw_manifest_load_lines(&stream.base, &manifest, &err), lines[row].want);
        assert_row_says(lines[row].name, err.message, lines[row].says);
        assert_row_int(lines[row].name, lines[row].want == HW_OK ? manifest.count : 0, lines[row].count);
    }
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

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        HW_AUTO(hw_manifest) manifest = {0};
        enum hw_status status = hw_manifest_parse(
            HW_VIEW("{\"hawser_manifest\": 1, \"objects\": [{" FIELDS ", \"rejected\": 1}]}"), &manifest, &err);
        hw_manifest_release(&manifest);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifests_are_read_or_refused),
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(a_source_is_read_in_blocks),
        cmocka_unit_test(lines_are_read_in_any_pieces),
        cmocka_unit_test(a_giant_is_refused),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("manifest/manifest_read", tests, NULL, NULL);
}
