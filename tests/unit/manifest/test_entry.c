/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/entry.h"

#include "support/rows.h"

#define AT(field) offsetof(struct hw_manifest_entry, field)

/*
 * The fields of manifests that are in folders already, which must stay readable: their keys, in
 * their order, and the kinds of their values.
 */
static const struct {
    const char *key;
    size_t at;
    enum hw_manifest_kind kind;
} rows[] = {
    {"path", AT(path), HW_MANIFEST_TEXT},
    {"format", AT(format), HW_MANIFEST_TEXT},
    {"size", AT(bytes), HW_MANIFEST_NUMBER},
    {"rows", AT(rows), HW_MANIFEST_NUMBER},
    {"sha256", AT(sha256), HW_MANIFEST_SHA256},
    {"crc64nvme", AT(crc64nvme), HW_MANIFEST_CRC64},
    {"etag", AT(etag), HW_MANIFEST_TEXT},
    {"mtime_us", AT(mtime_us), HW_MANIFEST_NUMBER_OPTIONAL},
    {"source", AT(source), HW_MANIFEST_TEXT},
    {"source_size", AT(source_bytes), HW_MANIFEST_NUMBER},
    {"source_etag", AT(source_etag), HW_MANIFEST_TEXT},
    {"source_mtime_us", AT(source_mtime_us), HW_MANIFEST_NUMBER},
    {"options", AT(options), HW_MANIFEST_TEXT},
    {"rejected", AT(rejected), HW_MANIFEST_NUMBER},
    {"rows_limit", AT(rows_limit), HW_MANIFEST_NUMBER_OPTIONAL},
    {"file", AT(file), HW_MANIFEST_FILE_NUMBER},
};
static_assert(COUNT_OF(rows) == HW_MANIFEST_FIELDS, "one row a field");

static void fields_are_those_of_manifests_that_exist(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].key, hw_manifest_fields[i].key, rows[i].key);
        assert_row_int(rows[i].key, hw_manifest_fields[i].at, rows[i].at);
        assert_row_int(rows[i].key, hw_manifest_fields[i].kind, rows[i].kind);
    }
}

/* Each field fills bytes of its own: none is left out, and none is told twice. */
static void fields_share_no_bytes(void **state) {
    (void)state;
    static const size_t widths[] = {
        [HW_MANIFEST_TEXT] = sizeof(char *),
        [HW_MANIFEST_NUMBER] = sizeof(uint64_t),
        [HW_MANIFEST_NUMBER_OPTIONAL] = sizeof(int64_t),
        [HW_MANIFEST_FILE_NUMBER] = sizeof(uint32_t),
        [HW_MANIFEST_SHA256] = HW_SHA256_BYTES,
        [HW_MANIFEST_CRC64] = sizeof(uint64_t),
    };
    struct hw_manifest_entry entry = {0};
    const uint8_t *bytes = (const uint8_t *)&entry;
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        uint8_t *field = hw_manifest_field_of(&entry, i);
        assert_ptr_equal(hw_manifest_field_in(&entry, i), field);
        for (size_t k = 0; k < widths[hw_manifest_fields[i].kind]; k++) {
            assert_row_int(rows[i].key, field[k], 0);
            field[k] = 1;
        }
    }
    for (size_t i = 0; i < AT(order); i++) {
        assert_int_equal(bytes[i], 1);
    }
    assert_int_equal(entry.order, 0);
}

/*
 * The rows stand in the order that is wanted: that of the bytes of the sources' names, so that
 * "a.b.csv", "a.csv" and "a/b.csv" do not follow their outputs, then of formats, then of paths.
 */
static void entries_have_an_order(void **state) {
    (void)state;
    static const struct {
        const char *source, *format, *path;
    } ordered[] = {
        {"in/a.b.csv", "parquet", "a.b.parquet"},
        {"in/a.b.csv", "avro", "a.b.avro"},
        {"in/a.csv", "parquet", "a-00000.parquet"},
        {"in/a.csv", "parquet", "a-00001.parquet"},
        {"in/a.csv", "avro", "a.avro"},
        {"in/a.csv", "csv", "a.csv"},
        {"in/a.csv", "arrow", "a.zzz"},
        {"in/a.csv", "other", "a.aaa"},
        {"in/a/b.csv", "parquet", "a/b.parquet"},
        {"in/\xc3\xa4.csv", "csv", "0.csv"},
    };
    for (size_t i = 0; i < COUNT_OF(ordered); i++) {
        for (size_t k = 0; k < COUNT_OF(ordered); k++) {
            const struct hw_manifest_entry first = {
                .source = ordered[i].source, .format = ordered[i].format, .path = ordered[i].path};
            const struct hw_manifest_entry second = {
                .source = ordered[k].source, .format = ordered[k].format, .path = ordered[k].path};
            const int order = hw_manifest_order(&first, &second);
            assert_row_int(ordered[i].path, (order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_those_of_manifests_that_exist),
        cmocka_unit_test(fields_share_no_bytes),
        cmocka_unit_test(entries_have_an_order),
    };
    return cmocka_run_group_tests_name("manifest/entry", tests, NULL, NULL);
}
