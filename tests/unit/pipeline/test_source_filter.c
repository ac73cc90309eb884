/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_filter.h"

#include "support/rows.h"

#define NONE \
    { NULL }

static size_t texts_count(const char *const texts[2]) {
    return texts[0] ? texts[1] ? 2 : 1 : 0;
}

/* As rsync, git and s5cmd do, as far as they agree. */
static const struct {
    const char *name;
    const char *include[2], *exclude[2];
    bool all, named;
    const char *path;
    enum hw_source_choice want;
} rows[] = {
    {"CSV by its name", NONE, NONE, false, false, "d/a.csv", HW_SOURCE_TAKEN},
    {"no CSV by its name", NONE, NONE, false, false, "a.md", HW_SOURCE_OTHER},
    {"a text", NONE, NONE, false, false, "d/a.txt.gz", HW_SOURCE_TEXT},
    {"hidden", NONE, NONE, false, false, "d/._a.csv", HW_SOURCE_JUNK},
    {"a hidden text is junk", NONE, NONE, false, false, ".a.txt", HW_SOURCE_JUNK},
    {"hidden and no CSV", NONE, NONE, false, false, ".DS_Store", HW_SOURCE_OTHER},
    {"all files: hidden", NONE, NONE, true, false, "d/._a.csv", HW_SOURCE_TAKEN},
    {"all files: a text", NONE, NONE, true, false, "a.txt", HW_SOURCE_TAKEN},
    {"all files: no CSV", NONE, NONE, true, false, "a.md", HW_SOURCE_OTHER},
    {"a glob has named it", NONE, NONE, false, true, "_a.txt", HW_SOURCE_TAKEN},
    {"included by its last name", {"*.txt"}, NONE, false, false, "d/e/a.txt", HW_SOURCE_TAKEN},
    {"not included", {"*.txt"}, NONE, false, false, "a.csv", HW_SOURCE_FILTERED},
    {"not included, though a glob has named it", {"*.txt"}, NONE, false, true, "a.csv", HW_SOURCE_FILTERED},
    {"one of two", {"*.txt", "*.csv"}, NONE, false, false, "a.csv", HW_SOURCE_TAKEN},
    {"alternatives", {"*.{csv,txt}"}, NONE, false, false, "d/a.csv", HW_SOURCE_TAKEN},
    {"whatever it is called", {"data-?"}, NONE, false, false, "d/data-1", HW_SOURCE_TAKEN},
    {"by its path", {"d/*.csv"}, NONE, false, false, "d/a.csv", HW_SOURCE_TAKEN},
    {"by the path from the folder on", {"d/*.csv"}, NONE, false, false, "x/d/a.csv", HW_SOURCE_FILTERED},
    {"by any path", {"**/d/*.csv"}, NONE, false, false, "x/d/a.csv", HW_SOURCE_TAKEN},
    {"tied to the folder", {"/*.csv"}, NONE, false, false, "a.csv", HW_SOURCE_TAKEN},
    {"tied, and below", {"/*.csv"}, NONE, false, false, "d/a.csv", HW_SOURCE_FILTERED},
    {"nothing hidden is included", {"*.csv"}, NONE, false, false, "._a.csv", HW_SOURCE_FILTERED},
    {"nothing in hidden folders", {"*.csv"}, NONE, false, false, ".git/a.csv", HW_SOURCE_FILTERED},
    {"but where the glob says so", {"._*.csv"}, NONE, false, false, "d/._a.csv", HW_SOURCE_TAKEN},
    {"or all files are asked for", {"*.csv"}, NONE, true, false, "d/._a.csv", HW_SOURCE_TAKEN},
    {"excluded", NONE, {"a*"}, false, false, "d/a.csv", HW_SOURCE_FILTERED},
    {"excluded, and named", NONE, {"a*"}, false, true, "d/a.csv", HW_SOURCE_FILTERED},
    {"excluded before it is included", {"*.csv"}, {"a*"}, false, false, "a.csv", HW_SOURCE_FILTERED},
    {"not excluded", {"*.csv"}, {"a*"}, false, false, "b.csv", HW_SOURCE_TAKEN},
    {"excluded, all files or not", NONE, {"*"}, true, false, ".a.csv", HW_SOURCE_FILTERED},
    {"a folder excluded", NONE, {"old/"}, false, false, "old/a.csv", HW_SOURCE_FILTERED},
    {"anywhere", NONE, {"old/"}, false, false, "x/old/y/a.csv", HW_SOURCE_FILTERED},
    {"but no file of the name", NONE, {"old.csv/"}, false, false, "old.csv", HW_SOURCE_TAKEN},
    {"a tied folder", NONE, {"/old/"}, false, false, "x/old/a.csv", HW_SOURCE_TAKEN},
    {"a folder by its path", NONE, {"x/old/"}, false, false, "x/old/a.csv", HW_SOURCE_FILTERED},
    {"a folder by the path from the folder on", NONE, {"x/old/"}, false, false, "y/x/old/a.csv", HW_SOURCE_TAKEN},
    {"a name is not a folder's", NONE, {"old"}, false, false, "old/a.csv", HW_SOURCE_TAKEN},
};

static void objects_are_chosen(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_source_filter) filter = {0};
        const struct hw_convert_options options = {
            .include = rows[i].include,
            .include_count = texts_count(rows[i].include),
            .exclude = rows[i].exclude,
            .exclude_count = texts_count(rows[i].exclude),
            .all_files = rows[i].all,
        };
        assert_ok(hw_source_filter_init(&filter, &options, &err), err);
        assert_row_int(rows[i].name, hw_source_filter_choose(&filter, rows[i].path, rows[i].named), rows[i].want);
    }
}

/* Formats that are written are left out, CSV never; --from says it otherwise. */
static void formats_are_chosen_by_names(void **state) {
    (void)state;
    static const struct {
        const char *path;
        unsigned to, from;
        bool taken;
    } formats[] = {
        {"a.parquet", HW_FORMAT_PARQUET, 0, false},
        {"a.pq", HW_FORMAT_AVRO, 0, true},
        {"d/a.PARQ", HW_FORMAT_CSV, 0, true},
        {"a.avro", HW_FORMAT_PARQUET, 0, true},
        {"a.avro", HW_FORMAT_PARQUET | HW_FORMAT_AVRO, 0, false},
        {"a.csv", HW_FORMAT_CSV, 0, true},
        {"a.csv.gz", HW_FORMAT_CSV, HW_FORMAT_PARQUET, false},
        {"a.parquet", HW_FORMAT_PARQUET, HW_FORMAT_PARQUET, true},
        {"a.parquet.gz", HW_FORMAT_AVRO, 0, false},
        {"a.json", HW_FORMAT_AVRO, HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV, false},
        {"a", HW_FORMAT_AVRO, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_source_filter) filter = {0};
        const struct hw_convert_options options = {.formats = formats[i].to, .from = formats[i].from};
        assert_ok(hw_source_filter_init(&filter, &options, &err), err);
        assert_row_int(formats[i].path, hw_source_filter_choose(&filter, formats[i].path, false),
                       formats[i].taken ? HW_SOURCE_TAKEN : HW_SOURCE_OTHER);
    }
}

static void a_glob_that_cannot_be_is_told(void **state) {
    (void)state;
    char longer[5000];
    const char *globs[] = {"*", longer};
    memset(longer, '*', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    for (int exclude = 0; exclude < 2; exclude++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_source_filter) filter = {0};
        struct hw_convert_options options = {.include = globs, .include_count = exclude ? 1 : 2};
        options.exclude = exclude ? globs : NULL;
        options.exclude_count = exclude ? 2 : 0;
        assert_int_equal(hw_source_filter_init(&filter, &options, &err), HW_EUSAGE);
        assert_row_says("glob", err.message, exclude ? "--exclude: the glob" : "--include: the glob");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_chosen),
        cmocka_unit_test(formats_are_chosen_by_names),
        cmocka_unit_test(a_glob_that_cannot_be_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/source_filter", tests, NULL, NULL);
}
