/* SPDX-License-Identifier: Apache-2.0 */
#include "core/object_name.h"

#include "support/rows.h"

static void names_say_formats(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_name_format format;
        const char *base, *ending, *codec;
        char delimiter;
    } rows[] = {
        {"a.csv", HW_NAME_CSV, "a", ".csv", "", ','},
        {"A.CSV", HW_NAME_CSV, "A", ".CSV", "", ','},
        {"a.tsv", HW_NAME_CSV, "a", ".tsv", "", '\t'},
        {"a.tab", HW_NAME_CSV, "a", ".tab", "", '\t'},
        {"a.psv", HW_NAME_CSV, "a", ".psv", "", '|'},
        {"a.csv.gz", HW_NAME_CSV, "a", ".csv.gz", "gzip", ','},
        {"a.Csv.GZIP", HW_NAME_CSV, "a", ".Csv.GZIP", "gzip", ','},
        {"a.tsv.zst", HW_NAME_CSV, "a", ".tsv.zst", "zstd", '\t'},
        {"a.tab.zstd", HW_NAME_CSV, "a", ".tab.zstd", "zstd", '\t'},
        {"a.txt", HW_NAME_TEXT, "a", ".txt", "", 0},
        {"a.txt.gz", HW_NAME_TEXT, "a", ".txt.gz", "gzip", 0},
        {"a.zip", HW_NAME_ZIP, "a", ".zip", "", 0},
        {"a.csv.Zip", HW_NAME_ZIP, "a", ".csv.Zip", "", 0},
        {"a.parquet", HW_NAME_PARQUET, "a", ".parquet", "", 0},
        {"a.PARQUET", HW_NAME_PARQUET, "a", ".PARQUET", "", 0},
        {"a.pq", HW_NAME_PARQUET, "a", ".pq", "", 0},
        {"a.avro", HW_NAME_AVRO, "a", ".avro", "", 0},
        {"a.json", HW_NAME_FOREIGN, "a.json", ".json", "", 0},
        {"a.csv.bz2", HW_NAME_CSV_READ, "a", ".csv.bz2", "", ','},
        {"a.tsv.XZ", HW_NAME_CSV_READ, "a", ".tsv.XZ", "", '\t'},
        {"a.csv.lz4", HW_NAME_CSV_READ, "a", ".csv.lz4", "", ','},
        {"a.csv.gz.gz", HW_NAME_CSV_READ, "a", ".csv.gz.gz", "", ','},
        {"a.tsv.bz2.Zst.xz", HW_NAME_CSV_READ, "a", ".tsv.bz2.Zst.xz", "", '\t'},
        {"a.csv.gz.zip", HW_NAME_ZIP, "a", ".csv.gz.zip", "", 0},
        {"a.parquet.gz.gz", HW_NAME_FOREIGN, "a.parquet", ".gz.gz", "", 0},
        {".gz.gz", HW_NAME_FOREIGN, ".gz", ".gz", "", 0},
        {"a.txt.bz2", HW_NAME_TEXT, "a", ".txt.bz2", "", 0},
        {"a.bz2", HW_NAME_FOREIGN, "a", ".bz2", "", 0},
        {"a.XLSX", HW_NAME_FOREIGN, "a.XLSX", ".XLSX", "", 0},
        {"a.gz", HW_NAME_FOREIGN, "a", ".gz", "", 0},
        {"a.parquet.gz", HW_NAME_FOREIGN, "a.parquet", ".gz", "", 0},
        {"a", HW_NAME_UNKNOWN, "a", "", "", 0},
        {"out.2026", HW_NAME_UNKNOWN, "out.2026", "", "", 0},
        {"acsv", HW_NAME_UNKNOWN, "acsv", "", "", 0},
        {".csv", HW_NAME_UNKNOWN, ".csv", "", "", 0},
        {"d/.csv", HW_NAME_UNKNOWN, "d/.csv", "", "", 0},
        {"d.csv/a", HW_NAME_UNKNOWN, "d.csv/a", "", "", 0},
        {"d.csv/", HW_NAME_UNKNOWN, "d.csv/", "", "", 0},
        {"", HW_NAME_UNKNOWN, "", "", "", 0},
        {"-", HW_NAME_UNKNOWN, "-", "", "", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_name_facts facts = hw_name_look(rows[i].name);
        assert_row_int(rows[i].name, facts.format, rows[i].format);
        assert_row_bytes(rows[i].name, facts.base.data, facts.base.size, rows[i].base, strlen(rows[i].base));
        assert_row_bytes(rows[i].name, facts.ending.data, facts.ending.size, rows[i].ending, strlen(rows[i].ending));
        assert_row_text(rows[i].name, facts.codec ? facts.codec : "", rows[i].codec);
        assert_row_int(rows[i].name, facts.delimiter, rows[i].delimiter);
    }
}

static void sources_of_folders_have_such_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool csv, text;
    } rows[] = {
        {"a.csv", true, false},   {"a.PSV.gz", true, false},  {"a.zip", true, false},      {"a.ZIP", true, false},
        {"a.txt", false, true},   {"a.TXT.zst", false, true}, {"a.txt.zip", true, false},  {"a.gz", false, false},
        {"a.json", false, false}, {"csv", false, false},      {"a.csv.bak", false, false}, {".csv", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_name_is_csv(rows[i].name), rows[i].csv);
        assert_row_int(rows[i].name, hw_name_is_text(rows[i].name), rows[i].text);
    }
}

static void junk_is_known_by_its_names(void **state) {
    (void)state;
    static const struct {
        const char *path;
        bool want;
    } rows[] = {
        {"a.csv", false},
        {"d/a.csv", false},
        {".a.csv", true},
        {"._a.csv", true},
        {"_a.csv", true},
        {"~$a.csv", true},
        {"~a.csv", false},
        {"a_b.csv", false},
        {"a.~$b", false},
        {"__MACOSX/a.csv", true},
        {"__MACOSX/._a.csv", true},
        {"d/__MACOSX/a.csv", true},
        {"d/.git/a.csv", true},
        {"d/_temporary/0/a.csv", true},
        {"d/~$x/a.csv", true},
        {"_day=1/a.csv", false},
        {"_day=1/_a.csv", true},
        {"./a.csv", false},
        {"../a.csv", false},
        {"d//a.csv", false},
        {"...", true},
        {"", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].path, hw_name_is_junk(rows[i].path), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_formats),
        cmocka_unit_test(sources_of_folders_have_such_names),
        cmocka_unit_test(junk_is_known_by_its_names),
    };
    return cmocka_run_group_tests_name("core/object_name", tests, NULL, NULL);
}
