/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/entry.h"

#include "support/rows.h"

/*
 * The rows stand in the order that is wanted: that of the bytes of the sources' names, so that
 * "a.b.csv", "a.csv" and "a/b.csv" do not follow their outputs, then of formats, then of paths.
 */
static void entries_have_an_order(void **state) {
    (void)state;
    static const struct {
        const char *source, *format, *path;
    } rows[] = {
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
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < COUNT_OF(rows); k++) {
            const struct hw_manifest_entry first = {
                .source = rows[i].source, .format = rows[i].format, .path = rows[i].path};
            const struct hw_manifest_entry second = {
                .source = rows[k].source, .format = rows[k].format, .path = rows[k].path};
            const int order = hw_manifest_order(&first, &second);
            assert_row_int(rows[i].path, (order > 0) - (order < 0), (i > k) - (i < k));
        }
    }
}

/* Each field has its place in the entry: none overlaps another. */
static void fields_lie_apart(void **state) {
    (void)state;
    static const size_t bytes[] = {
        [HW_MANIFEST_TEXT] = sizeof(char *), [HW_MANIFEST_NUMBER] = 8,  [HW_MANIFEST_NUMBER_OPTIONAL] = 8,
        [HW_MANIFEST_FILE_NUMBER] = 4,       [HW_MANIFEST_SHA256] = 32, [HW_MANIFEST_CRC64] = 8,
    };
    uint8_t used[sizeof(struct hw_manifest_entry)] = {0};
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        const struct hw_manifest_field *field = &hw_manifest_fields[i];
        for (size_t k = 0; k < bytes[field->kind]; k++) {
            assert_row_int(field->key, used[field->at + k]++, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_have_an_order),
        cmocka_unit_test(fields_lie_apart),
    };
    return cmocka_run_group_tests_name("manifest/entry", tests, NULL, NULL);
}
