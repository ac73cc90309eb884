/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest_write.h"

#include <jansson.h>

#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

static struct hw_manifest_entry entry_of(const char *source, const char *format, const char *path) {
    return (struct hw_manifest_entry){
        .path = path, .format = format, .etag = "", .source = source, .source_etag = "", .options = ""};
}

/* Writes entries as JSON, which another reader reads. */
static json_t *written(const struct hw_manifest_entry *entries, size_t count) {
    struct memory_sink sink = memory_sink(0);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_manifest_write(entries, count, &sink.base, &err), err);
    json_t *json = json_loadb((const char *)sink.bytes.data, sink.bytes.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_int_equal(json_object_size(json), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "hawser_manifest")), 1);
    hw_buf_release(&sink.bytes);
    return json;
}

/* The whole of an entry, field by field, as docs/convert.md tells of it. */
static void every_field_is_written(void **state) {
    (void)state;
    static const struct hw_manifest_entry entry = {
        .path = "b\xff/\"quoted\".avro",
        .format = "avro",
        .bytes = UINT64_C(1) << 60,
        .rows = 2,
        .crc64nvme = 0xcd,
        .sha256 = {0xab, [HW_SHA256_BYTES - 1] = 1},
        .etag = "e\"",
        .mtime_us = 3,
        .source = "in/\xc3\xa4.csv",
        .source_bytes = 4,
        .source_etag = "s",
        .source_mtime_us = -5,
        .options = "ef",
        .rejected = 6,
        .file = 7,
    };
    static const struct {
        const char *key, *text;
        int64_t number;
    } want[] = {
        {"path", "b\\xff/\"quoted\".avro", 0},
        {"format", "avro", 0},
        {"size", NULL, INT64_C(1) << 60},
        {"rows", NULL, 2},
        {"sha256", "ab00000000000000000000000000000000000000000000000000000000000001", 0},
        {"crc64nvme", "00000000000000cd", 0},
        {"etag", "e\"", 0},
        {"mtime_us", NULL, 3},
        {"source", "in/\xc3\xa4.csv", 0},
        {"source_size", NULL, 4},
        {"source_etag", "s", 0},
        {"source_mtime_us", NULL, -5},
        {"options", "ef", 0},
        {"rejected", NULL, 6},
        {"file", NULL, 7},
    };
    json_t *json = written(&entry, 1);
    const json_t *object = json_array_get(json_object_get(json, "objects"), 0);
    assert_int_equal(json_object_size(object), COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const json_t *value = json_object_get(object, want[i].key);
        if (want[i].text) {
            assert_row_text(want[i].key, json_string_value(value), want[i].text);
        } else {
            assert_row_int(want[i].key, json_is_integer(value), true);
            assert_row_int(want[i].key, json_integer_value(value), want[i].number);
        }
    }
    json_decref(json);
}

/* The number of a file, its time and its limit are not written where there are none. */
static void what_is_not_known_is_left_out(void **state) {
    (void)state;
    const struct hw_manifest_entry entry = entry_of("in/a.csv", "avro", "a.avro");
    json_t *json = written(&entry, 1);
    const json_t *object = json_array_get(json_object_get(json, "objects"), 0);
    assert_int_equal(json_object_size(object), HW_MANIFEST_FIELDS - 3);
    assert_null(json_object_get(object, "file"));
    assert_null(json_object_get(object, "mtime_us"));
    assert_null(json_object_get(object, "rows_limit"));
    json_decref(json);
    json = written(NULL, 0);
    assert_int_equal(json_array_size(json_object_get(json, "objects")), 0);
    json_decref(json);
}

/* Entries come in the order of their sources, whatever the order in which they are given. */
static void entries_are_in_the_order_of_their_sources(void **state) {
    (void)state;
    const struct hw_manifest_entry entries[] = {
        entry_of("in/b.csv", "parquet", "0.parquet"),
        entry_of("in/a.csv", "avro", "a.avro"),
        entry_of("in/a.csv", "parquet", "a-2.parquet"),
        entry_of("in/a.csv", "parquet", "a-1.parquet"),
    };
    static const char *const want[] = {"a-1.parquet", "a-2.parquet", "a.avro", "0.parquet"};
    json_t *json = written(entries, COUNT_OF(entries));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const json_t *object = json_array_get(json_object_get(json, "objects"), i);
        assert_row_text(want[i], json_string_value(json_object_get(object, "path")), want[i]);
    }
    json_decref(json);
}

static void faults_are_told(void **state) {
    (void)state;
    const struct hw_manifest_entry entries[] = {entry_of("b", "avro", "b"), entry_of("a", "avro", "a")};
    struct hw_error err = HW_ERROR_INIT;
    struct memory_sink broken = memory_sink(1);
    assert_int_equal(hw_manifest_write(entries, COUNT_OF(entries), &broken.base, &err), HW_EIO);
    hw_buf_release(&broken.bytes);
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct memory_sink sink = memory_sink(0);
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_manifest_write(entries, COUNT_OF(entries), &sink.base, &err);
        hw_buf_release(&sink.bytes);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_written),
        cmocka_unit_test(what_is_not_known_is_left_out),
        cmocka_unit_test(entries_are_in_the_order_of_their_sources),
        cmocka_unit_test(faults_are_told),
    };
    return cmocka_run_group_tests_name("manifest/manifest_write", tests, NULL, NULL);
}
