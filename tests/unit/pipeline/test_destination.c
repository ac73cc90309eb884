/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/destination.h"

#include "support/rows.h"

static void names_fill_in_what_is_open(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned asked;
        const char *compression, *csv_codec; /* as they were asked for */
        unsigned want;
        const char *want_codec; /* of CSV; "": none is told */
    } rows[] = {
        {"b.parquet", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"b.pq", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"b.AVRO", 0, NULL, NULL, HW_FORMAT_AVRO, ""},
        {"b.csv", 0, NULL, NULL, HW_FORMAT_CSV, ""},
        {"b.CSV", 0, NULL, NULL, HW_FORMAT_CSV, ""},
        {"b.tsv", 0, NULL, NULL, HW_FORMAT_CSV, ""},
        {"b.tab", 0, NULL, NULL, HW_FORMAT_CSV, ""},
        {"b.csv.gz", 0, NULL, NULL, HW_FORMAT_CSV, "gzip"},
        {"b.tsv.ZST", 0, NULL, NULL, HW_FORMAT_CSV, "zstd"},
        {"b.csv.gz", HW_FORMAT_CSV, NULL, NULL, HW_FORMAT_CSV, "gzip"},
        {"b.csv.gz", 0, NULL, "none", HW_FORMAT_CSV, "none"},
        {"b.csv.gz", 0, "gzip:9", NULL, HW_FORMAT_CSV, ""},
        {"b.csv.gz", HW_FORMAT_PARQUET, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"b.csv.gz", HW_FORMAT_CSV | HW_FORMAT_AVRO, NULL, NULL, HW_FORMAT_CSV | HW_FORMAT_AVRO, ""},
        {"b.csv.gz/", HW_FORMAT_CSV, NULL, NULL, HW_FORMAT_CSV, ""},
        {"b.csv/", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"b", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"out.2026", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"-", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
        {"b.json", 0, NULL, NULL, HW_FORMAT_PARQUET, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_destination destination = {rows[i].name, rows[i].asked};
        struct hw_convert_options options = {
            .formats = rows[i].asked, .compression = rows[i].compression, .csv_compression = rows[i].csv_codec};
        hw_destination_fill(&destination, &options);
        assert_row_int(rows[i].name, options.formats, rows[i].want);
        assert_row_text(rows[i].name, options.csv_compression ? options.csv_compression : "", rows[i].want_codec);
    }
}

/* A target that holds something or nothing, whatever the key. */
struct target {
    struct hw_store base;
    bool there;
};

static enum hw_status target_stat(struct hw_store *base, const char *key, struct hw_object_info *out_info,
                                  char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    (void)key;
    out_etag[0] = '\0';
    *out_info = (struct hw_object_info){.etag = out_etag};
    return ((struct target *)base)->there ? HW_OK : hw_fail(err, HW_ENOTFOUND, "nothing is there");
}

#define EXPANDED "where the shell has expanded a glob such as *.csv"
#define NEEDS_FOLDER "several sources need a folder as destination"
#define NOTHING "is the name of nothing that is written: choose .parquet, .avro, .csv or .tsv"

enum { CSV = HW_FORMAT_CSV, PARQUET = HW_FORMAT_PARQUET };

static const struct {
    const char *name;
    unsigned asked;
    bool there, several, merge, batches, folder, same;
    enum hw_overwrite overwrite;
    enum hw_status want;
    const char *says;
} checks[] = {
    {"b.parquet", .there = true},
    {"b.csv"},
    {"b.csv", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"B.CSV", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.tsv.gz", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.psv", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.txt", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.zip", .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.csv", .there = true, .several = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.csv", .there = true, .several = true, .merge = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.csv", .there = true, .overwrite = HW_OVERWRITE_SKIP, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.csv", PARQUET, .there = true, .want = HW_EEXISTS, .says = EXPANDED},
    {"b.csv", CSV, .there = true},
    {"b.csv", .there = true, .overwrite = HW_OVERWRITE_REPLACE},
    {"b.csv", .there = true, .batches = true},
    {"b.csv", .there = true, .same = true},
    {"b.csv", .there = true, .folder = true},
    {"b.parquet", .several = true, .want = HW_EUSAGE, .says = NEEDS_FOLDER},
    {"b.json", .several = true, .want = HW_EUSAGE, .says = NEEDS_FOLDER},
    {"b.parquet", .several = true, .merge = true},
    {"b", .several = true, .folder = true},
    {"b.json", .want = HW_EUSAGE, .says = NOTHING},
    {"b.JSON", .there = true, .want = HW_EUSAGE, .says = NOTHING},
    {"b.orc", .want = HW_EUSAGE, .says = NOTHING},
    {"b.xlsx", .want = HW_EUSAGE, .says = NOTHING},
    {"b.csv.bz2", .want = HW_EUSAGE, .says = NOTHING},
    {"b.zip", .want = HW_EUSAGE, .says = NOTHING},
    {"b.txt", .want = HW_EUSAGE, .says = NOTHING},
    {"b.parquet.gz", .want = HW_EUSAGE, .says = NOTHING},
    {"b.json", PARQUET},
    {"b.json", .folder = true},
    {"b"},
    {"out.2026"},
};

static void names_of_other_things_are_refused(void **state) {
    (void)state;
    static const struct hw_store_ops ops = {.stat = target_stat};
    static struct hw_batch_stream stream;
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct target target = {{.ops = &ops, .root = ""}, checks[i].there};
        struct hw_source_place place = {.text = checks[i].same ? checks[i].name : "a.csv",
                                        .store = &target.base,
                                        .batches = checks[i].batches ? &stream : NULL};
        const struct hw_convert_options options = {.overwrite = checks[i].overwrite, .merge = checks[i].merge};
        const struct hw_plan plan = {
            .options = &options,
            .sources = {.places = &place, .count = 1, .several = checks[i].several},
            .target = &target.base,
            .target_key = checks[i].folder ? NULL : checks[i].name,
            .target_prefix = checks[i].folder ? checks[i].name : NULL,
        };
        const struct hw_destination destination = {checks[i].name, checks[i].asked};
        assert_row_int(checks[i].name, hw_destination_check(&destination, &plan, &err), checks[i].want);
        assert_row_says(checks[i].name, err.message, checks[i].says ? checks[i].says : "");
    }
}

static void warning_keep(void *ctx, const struct hw_error *warning) {
    *(struct hw_error *)ctx = *warning;
}

static void names_that_say_something_else_are_warned_of(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned asked;
        const char *codec; /* of CSV */
        bool folder;
        const char *says; /* NULL: nothing */
        char delimiter;
    } rows[] = {
        {"b.csv", HW_FORMAT_CSV, NULL, false, NULL, ','},
        {"b.csv", HW_FORMAT_PARQUET, NULL, false, "the name says CSV, but Parquet is written, as --to asks", ','},
        {"b.parquet", HW_FORMAT_AVRO, NULL, false, "the name says Parquet, but Avro is written", ','},
        {"b.avro", HW_FORMAT_CSV, NULL, false, "the name says Avro, but CSV is written", ','},
        {"b.json", HW_FORMAT_CSV, NULL, false, "the name says a format that is not written, but CSV is", ','},
        {"b.zip", HW_FORMAT_CSV, NULL, false, "the name says ZIP, but CSV is written", ','},
        {"b.txt", HW_FORMAT_CSV, NULL, false, NULL, ','},
        {"b.txt", HW_FORMAT_PARQUET, NULL, false, "the name says text, but Parquet is written", ','},
        {"b", HW_FORMAT_AVRO, NULL, false, NULL, ','},
        {"b.csv", HW_FORMAT_PARQUET, NULL, true, NULL, ','},
        {"b.csv", 0, NULL, false, NULL, ','},
        {"b.tsv", 0, NULL, false, NULL, '\t'},
        {"b.tsv", 0, NULL, true, NULL, ','},
        {"b.TAB.gz", HW_FORMAT_CSV, "gzip", false, NULL, '\t'},
        {"b.psv", 0, NULL, false, NULL, '|'},
        {"b.csv.gz", HW_FORMAT_CSV, "gzip:9", false, NULL, ','},
        {"b.csv.gz", 0, "zstd:3", false, "the name says gzip, but --csv-codec asks for zstd:3", ','},
        {"b.csv.gz", 0, "none", false, "the name says gzip, but --csv-codec asks for none", ','},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error told = HW_ERROR_INIT;
        const struct hw_warn warn = {warning_keep, &told};
        const struct hw_convert_options options = {.csv_compression = rows[i].codec};
        const struct hw_plan plan = {.options = &options, .target_key = rows[i].folder ? NULL : rows[i].name};
        const struct hw_destination destination = {rows[i].name, rows[i].asked};
        hw_destination_warn(&destination, &plan, &warn);
        assert_row_int(rows[i].name, told.status != HW_OK, rows[i].says != NULL);
        assert_row_says(rows[i].name, told.message, rows[i].says ? rows[i].says : "");
        assert_row_text(rows[i].name, told.object, rows[i].says ? rows[i].name : "");
        assert_row_int(rows[i].name, hw_destination_delimiter(&destination, &plan), rows[i].delimiter);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_fill_in_what_is_open),
        cmocka_unit_test(names_of_other_things_are_refused),
        cmocka_unit_test(names_that_say_something_else_are_warned_of),
    };
    return cmocka_run_group_tests_name("pipeline/destination", tests, NULL, NULL);
}
