/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/content_type.h"

#include "support/rows.h"

#define UNKNOWN "application/octet-stream"

/* The types are those that the IANA registry, or what a format's own page says, has. */
static void the_ending_tells_the_type(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *want;
    } rows[] = {
        {"a.csv", "text/csv"},
        {"a.json", "application/json"},
        {"a.txt", "text/plain"},
        {"a.html", "text/html"},
        {"a.parquet", "application/vnd.apache.parquet"},
        {"a.avro", "application/vnd.apache.avro"},
        {"a.arrow", "application/vnd.apache.arrow.file"},
        {"a.arrows", "application/vnd.apache.arrow.stream"},
        {"a.xml", "application/xml"},
        {"a.pdf", "application/pdf"},
        {"a.png", "image/png"},
        {"a.jpg", "image/jpeg"},
        {"a.js", "text/javascript"},
        {"a.gz", "application/gzip"},
        {"a.zst", "application/zstd"},
        {"a.zip", "application/zip"},
        {"a.md", "text/markdown"},
        {"a.tsv", "text/tab-separated-values"},
        {"a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"a.CSV", "text/csv"},
        {"a.Parquet", "application/vnd.apache.parquet"},
        {"d.csv/a.json", "application/json"},
        {"a.csv.gz", "application/gzip"},
        {".csv", "text/csv"},
        {"d/.csv", "text/csv"},
        {"a.unknown", UNKNOWN},
        {"a.csvx", UNKNOWN},
        {"a.cs", UNKNOWN},
        {"csv", UNKNOWN},
        {"a.", UNKNOWN},
        {"", UNKNOWN},
        {"d.csv/a", UNKNOWN},
        {"d.csv/", UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].name, hw_content_type(rows[i].name), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_ending_tells_the_type)};
    return cmocka_run_group_tests_name("objects/content_type", tests, NULL, NULL);
}
