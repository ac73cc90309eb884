/* SPDX-License-Identifier: Apache-2.0 */
/* Sources with columns of the same names get one set of types: `one_schema`. */
#include <stdio.h>
#include <stdlib.h>

#include <hawser/convert.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "zip_write.h"

enum { SOURCES_MAX = 5, LINES_MAX = 16, LINE_BYTES = 256, TEXT_BYTES = LINES_MAX * LINE_BYTES };

/* What a run has told of its objects. */
struct told {
    const struct scratch *scratch;
    char lines[LINES_MAX][LINE_BYTES];
    size_t count;
    size_t warnings;
    char text[TEXT_BYTES]; /* the lines in order: "a.csv converted v double; b.csv skipped" */
};

static void object_keep(void *ctx, const struct hw_convert_object *object) {
    static const char *const outcomes[] = {"converted", "skipped", "planned", "failed"};
    struct told *told = ctx;
    assert_true(told->count < LINES_MAX);
    char *line = told->lines[told->count++];
    const char *name = object->source + strlen(told->scratch->folder);
    size_t used = (size_t)snprintf(line, LINE_BYTES, "%s %s", name + strlen("in/"), outcomes[object->outcome]);
    const bool typed = object->schema && object->outcome != HW_CONVERT_FAILED;
    for (size_t i = 0; typed && i < object->schema->count; i++) {
        char type[64];
        hw_type_format(object->schema->fields[i].type, type, sizeof(type));
        used += (size_t)snprintf(line + used, LINE_BYTES - used, "%s%s %s", i > 0 ? ", " : " ",
                                 object->schema->fields[i].name, type);
    }
    assert_false(object->restarted);
}

static void warning_count(void *ctx, const struct hw_error *warning) {
    (void)warning;
    ((struct told *)ctx)->warnings++;
}

static int line_compare(const void *a, const void *b) {
    return strcmp(a, b);
}

/* Converts the folder in/ to out/. */
static enum hw_status folder_convert(const struct scratch *scratch, const struct hw_convert_options *options,
                                     struct told *told, struct hw_convert_result *result, struct hw_error *err) {
    const char *const sources[] = {scratch_path(scratch, "in/")};
    struct hw_convert_options own = *options;
    *told = (struct told){.scratch = scratch};
    own.one_schema = true;
    own.on_object = object_keep;
    own.on_warning = warning_count;
    own.ctx = told;
    const enum hw_status status = hw_convert(sources, 1, scratch_path(scratch, "out/"), &own, result, err);
    qsort(told->lines, told->count, LINE_BYTES, line_compare);
    for (size_t i = 0, used = 0; i < told->count; i++) {
        used += (size_t)snprintf(told->text + used, TEXT_BYTES - used, "%s%s", i > 0 ? "; " : "", told->lines[i]);
    }
    return status;
}

struct source {
    const char *name;
    const char *text;
};

static void sources_write(const struct scratch *scratch, const struct source sources[SOURCES_MAX]) {
    for (size_t i = 0; i < SOURCES_MAX && sources[i].name; i++) {
        char name[64];
        snprintf(name, sizeof(name), "in/%s", sources[i].name);
        scratch_write(scratch, name, sources[i].text, strlen(sources[i].text));
    }
}

/* ------ types */

static const char *const yes = "1";
static const char *const no = "0";
static const struct {
    const char *name;
    struct hw_csv_options csv;
    struct source sources[SOURCES_MAX];
    const char *want;
} groups[] = {
    {"integers and doubles",
     {0},
     {{"a.csv", "v\n1\n"}, {"b.csv", "v\n1.5\n"}},
     "a.csv converted v double; b.csv converted v double"},
    {"an order of its own",
     {0},
     {{"a.csv", "v,w\n1,x\n"}, {"b.csv", "w,v\n2,1.5\n"}},
     "a.csv converted v double, w text; b.csv converted w text, v double"},
    {"other names are another group",
     {0},
     {{"a.csv", "v\n1\n"}, {"b.csv", "V\n1.5\n"}, {"c.csv", "v,w\nx,1\n"}},
     "a.csv converted v int64; b.csv converted V double; c.csv converted v text, w int64"},
    {"nulls, and digits of all",
     {0},
     {{"a.csv", "v\n5\n"}, {"b.csv", "v\n1.25\n"}, {"c.csv", "v\n\"\"\n"}, {"d.csv", "v\n12345678901234567.8\n"}},
     "a.csv converted v decimal(19,2); b.csv converted v decimal(19,2); c.csv converted v decimal(19,2); "
     "d.csv converted v decimal(19,2)"},
    {"no values", {0}, {{"a.csv", "v\n"}, {"b.csv", "v\n\n"}}, "a.csv converted v null; b.csv converted v null"},
    {"a date and a time",
     {0},
     {{"a.csv", "v\n2024-02-29\n"}, {"b.csv", "v\n2024-02-29 10:00:00\n"}},
     "a.csv converted v timestamp(us); b.csv converted v timestamp(us)"},
    {"local times and UTC",
     {0},
     {{"a.csv", "v\n2024-02-29T10:00:00Z\n"}, {"b.csv", "v\n2024-02-29 10:00:00\n"}},
     "a.csv converted v text; b.csv converted v text"},
    {"ids with exponents",
     {0},
     {{"a.csv", "v\n7e1\n"}, {"b.csv", "v\n8\n"}},
     "a.csv converted v text; b.csv converted v text"},
    {"words that are numbers too",
     {.true_values = &yes, .true_values_count = 1, .false_values = &no, .false_values_count = 1},
     {{"a.csv", "v\n1\n0\n"}, {"b.csv", "v\n5\n"}},
     "a.csv converted v int64; b.csv converted v int64"},
    {"decimal places, preferred",
     {.decimals = HW_CSV_DECIMALS_PREFER},
     {{"a.csv", "v\n1.50\n"}, {"b.csv", "v\ninf\n0.25\n"}},
     "a.csv converted v double; b.csv converted v double"},
    {"bad records are left out",
     {.bad_rows_reject = true},
     {{"a.csv", "v\n1\n"}, {"b.csv", "v\nx,y\n2\n"}},
     "a.csv converted v int64; b.csv converted v int64"},
    {"what fails is left out, and told once",
     {0},
     {{"a.csv", "v\n1\n"}, {"b.csv", "v\nx\ny,z\n"}, {"c.csv", ""}},
     "a.csv converted v int64; b.csv failed; c.csv failed"},
    {"two for one output fail once",
     {0},
     {{"a.csv", "v\n1\n"}, {"b.csv", "v\nx\n"}, {"b.tsv", "v\ny\n"}},
     "a.csv converted v int64; b.csv failed; b.tsv failed"},
    {"every column is text",
     {.types = HW_CSV_TYPES_TEXT},
     {{"a.csv", "v\n1\n"}, {"b.csv", "v\n\n"}},
     "a.csv converted v text; b.csv converted v text"},
};

static void the_types_hold_for_all_sources_of_a_group(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        for (uint32_t threads = 1; threads <= 4; threads += 3) {
            struct scratch scratch = scratch_make();
            struct hw_convert_result result;
            struct hw_error err = HW_ERROR_INIT;
            struct told told;
            sources_write(&scratch, groups[i].sources);
            const bool fails = strstr(groups[i].want, "failed") != NULL;
            const enum hw_status status = folder_convert(
                &scratch, &(struct hw_convert_options){.csv = groups[i].csv, .threads = threads}, &told, &result, &err);
            assert_row_int(groups[i].name, status, fails ? HW_EPARTIAL : HW_OK);
            assert_row_text(groups[i].name, told.text, groups[i].want);
            assert_row_int(groups[i].name, told.warnings, 0);
            assert_row_int(groups[i].name, result.objects, told.count);
            scratch_remove(&scratch);
        }
    }
}

/*
 * Values that no sample shows, in columns in whose sample is one value again and again. They have a
 * type that holds what follows, but not together with what another source has.
 */
static void values_beyond_a_sample_count(void **state) {
    (void)state;
    enum { ROWS = 40000, LATE = 30000 };
    static const struct {
        const char *name;
        const char *common, *late; /* of a.csv */
        const char *other;         /* of b.csv */
        enum hw_csv_decimals decimals;
        const char *type;
    } rows[] = {
        {"empty texts, then a word", "\"\"", "word", "5", HW_CSV_DECIMALS_EXACT, "text"},
        {"empty texts, then a number", "\"\"", "12", "5", HW_CSV_DECIMALS_EXACT, "int64"},
        {"ids with exponents, then a word", "713752e1", "word", "0.5", HW_CSV_DECIMALS_EXACT, "text"},
        {"ids with exponents alone", "713752e1", "713752e2", "0.5", HW_CSV_DECIMALS_EXACT, "double"},
        {"nan, then a word", "nan", "word", "0.5", HW_CSV_DECIMALS_EXACT, "text"},
        {"nan alone", "nan", "nan", "0.5", HW_CSV_DECIMALS_EXACT, "double"},
        {"never decimal, then a word", "0.1234567890123456789", "word", "0.5", HW_CSV_DECIMALS_NEVER, "text"},
        {"places as many, beside inf", "10.50", "20.25", "inf", HW_CSV_DECIMALS_PREFER, "double"},
        {"places as many, then fewer", "10.50", "20.2", "0.25", HW_CSV_DECIMALS_PREFER, "double"},
        {"integers, then a longer one", "1", "1234567", "0.1234567890123456789", HW_CSV_DECIMALS_EXACT,
         "decimal(26,19)"},
        {"doubles, then more places", "1.5", "1.0625", "1234567890123456789.5", HW_CSV_DECIMALS_EXACT, "decimal(23,4)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        struct told told;
        char want[LINE_BYTES];
        HW_AUTO(hw_buf) text = {0};
        assert_int_equal(hw_buf_append_text(&text, "v,n\n", NULL), HW_OK);
        for (size_t k = 0; k < ROWS; k++) {
            assert_int_equal(hw_buf_printf(&text, NULL, "%s,%zu\n", k == LATE ? rows[i].late : rows[i].common, k),
                             HW_OK);
        }
        scratch_write(&scratch, "in/a.csv", text.data, text.size);
        hw_buf_clear(&text);
        assert_int_equal(hw_buf_printf(&text, NULL, "v,n\n%s,1\n", rows[i].other), HW_OK);
        scratch_write(&scratch, "in/b.csv", text.data, text.size);
        const struct hw_convert_options options = {.csv.decimals = rows[i].decimals, .threads = 2};
        assert_row_int(rows[i].name, folder_convert(&scratch, &options, &told, &result, &err), HW_OK);
        snprintf(want, sizeof(want), "a.csv converted v %s, n int64; b.csv converted v %s, n int64", rows[i].type,
                 rows[i].type);
        assert_row_text(rows[i].name, told.text, want);
        assert_row_int(rows[i].name, result.rows_out, ROWS + 1);
        scratch_remove(&scratch);
    }
}

static void members_of_a_zip_are_sources(void **state) {
    (void)state;
    static const char *const members[] = {"x.csv", "y.csv", NULL};
    struct scratch scratch = scratch_make();
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    zip_write(&scratch, "in/m.zip", members, HW_VIEW("v\n1\n"));
    scratch_write(&scratch, "in/a.csv", "v\n0.5\n", 6);
    assert_ok(folder_convert(&scratch, &(struct hw_convert_options){0}, &told, &result, &err), err);
    assert_string_equal(told.text, "a.csv converted v double; m.zip#x.csv converted v double; "
                                   "m.zip#y.csv converted v double");
    zip_write(&scratch, "in/m.zip", members, HW_VIEW("v\n1\n2,3\n"));
    assert_int_equal(folder_convert(&scratch, &(struct hw_convert_options){0}, &told, &result, &err), HW_EPARTIAL);
    assert_string_equal(told.text, "a.csv skipped; m.zip#x.csv failed; m.zip#y.csv failed");
    scratch_remove(&scratch);
}

/* ------ runs after each other */

static void outputs_with_other_types_are_made_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source, *text; /* written first, or removed where the text is empty */
        struct hw_convert_options options;
        const char *want;
    } steps[] = {
        {"the first run", "in/a.csv", "v\n1\n", {0}, "a.csv converted v int64"},
        {"nothing new", NULL, NULL, {0}, "a.csv skipped"},
        {"a new source of the same type", "in/b.csv", "v\n2\n", {0}, "a.csv skipped; b.csv converted v int64"},
        {"one of another group", "in/c.csv", "w\nx\n", {0}, "a.csv skipped; b.csv skipped; c.csv converted w text"},
        {"one that asks for another type, only planned",
         "in/d.csv",
         "v\n0.5\n",
         {.dry_run = true},
         "a.csv planned v double; b.csv planned v double; c.csv skipped; d.csv planned v double"},
        {"and left alone where it is there",
         NULL,
         NULL,
         {.overwrite = HW_OVERWRITE_SKIP},
         "a.csv skipped; b.csv skipped; c.csv skipped; d.csv converted v double"},
        {"and made",
         NULL,
         NULL,
         {0},
         "a.csv converted v double; b.csv converted v double; c.csv skipped; d.csv skipped"},
        {"nothing new again", NULL, NULL, {0}, "a.csv skipped; b.csv skipped; c.csv skipped; d.csv skipped"},
        {"it is gone", "in/d.csv", "", {0}, "a.csv converted v int64; b.csv converted v int64; c.csv skipped"},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        struct told told;
        if (steps[i].source && steps[i].text[0] == '\0') {
            assert_int_equal(remove(scratch_path(&scratch, steps[i].source)), 0);
        } else if (steps[i].source) {
            scratch_write(&scratch, steps[i].source, steps[i].text, strlen(steps[i].text));
        }
        assert_row_int(steps[i].name, folder_convert(&scratch, &steps[i].options, &told, &result, &err), HW_OK);
        assert_row_text(steps[i].name, told.text, steps[i].want);
    }
    scratch_remove(&scratch);
}

/* ------ what is refused, and what changes nothing */

static void standard_input_comes_only_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options options;
        enum hw_status want;
    } rows[] = {
        {"of two sources", {.one_schema = true}, HW_EUSAGE},
        {"of a merge", {.one_schema = true, .merge = true}, HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_options options = rows[i].options;
        scratch_write(&scratch, "a.csv", "v\n1\n", 4);
        FILE *file = fopen(scratch_path(&scratch, "a.csv"), "re");
        const char *const sources[] = {scratch_path(&scratch, "a.csv"), "-"};
        assert_non_null(file);
        options.input_fd = fileno(file);
        assert_row_int(rows[i].name, hw_convert(sources, 2, scratch_path(&scratch, "out/"), &options, &result, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want ? "standard input comes only once" : "");
        fclose(file);
        scratch_remove(&scratch);
    }
}

/* Makes a.csv another file once z.csv has failed, which is read after it, and only once. */
static void source_change(void *ctx, const struct hw_convert_object *object) {
    const struct told *told = ctx;
    if (strstr(object->source, "z.csv")) {
        scratch_write(told->scratch, "in/a.csv", "v\nlate\n", 7);
    }
    object_keep(ctx, object);
}

static void a_source_that_changes_in_between_fails(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told = {.scratch = &scratch};
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    const char *const sources[] = {scratch_path(&scratch, "in/")};
    const struct hw_convert_options options = {
        .one_schema = true, .threads = 1, .jobs = 1, .on_object = source_change, .ctx = &told};
    scratch_write(&scratch, "in/a.csv", "v\n1\n", 4);
    scratch_write(&scratch, "in/b.csv", "v\n0.5\n", 6);
    scratch_write(&scratch, "in/z.csv", "", 0);
    assert_int_equal(hw_convert(sources, 1, scratch_path(&scratch, "out/"), &options, &result, &err), HW_EPARTIAL);
    assert_int_equal(told.count, 3);
    assert_string_equal(told.lines[0], "z.csv failed");
    assert_string_equal(told.lines[1], "a.csv failed");
    assert_string_equal(told.lines[2], "b.csv converted v double");
    scratch_remove(&scratch);
}

/* What numbered files and partitions have of earlier types goes. */
static void many_files_have_the_types_of_the_last_run(void **state) {
    (void)state;
    static const char *const by_day[] = {"d"};
    static const struct hw_convert_options ways[] = {
        {.max_file_bytes = HW_MIB(1)},
        {.partition_by = by_day, .partition_by_count = 1},
    };
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct scratch scratch = scratch_make();
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        struct told told;
        scratch_write(&scratch, "in/a.csv", "d,v\n7,1\n", 8);
        assert_ok(folder_convert(&scratch, &ways[i], &told, &result, &err), err);
        assert_string_equal(told.text, "a.csv converted d int64, v int64");
        scratch_write(&scratch, "in/b.csv", "d,v\n7,0.5\n", 10);
        assert_ok(folder_convert(&scratch, &ways[i], &told, &result, &err), err);
        assert_string_equal(told.text, "a.csv converted d int64, v double; b.csv converted d int64, v double");
        assert_ok(folder_convert(&scratch, &ways[i], &told, &result, &err), err);
        assert_string_equal(told.text, "a.csv skipped; b.csv skipped");
        assert_int_equal(told.warnings, 0);
        scratch_remove(&scratch);
    }
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void a_run_that_is_stopped_makes_nothing(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    scratch_write(&scratch, "in/a.csv", "v\n1\n", 4);
    const struct hw_convert_options options = {.cancelled = always};
    assert_int_equal(folder_convert(&scratch, &options, &told, &result, &err), HW_ECANCELLED);
    assert_null(strstr(scratch_names(&scratch), "parquet"));
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_types_hold_for_all_sources_of_a_group),
        cmocka_unit_test(values_beyond_a_sample_count),
        cmocka_unit_test(members_of_a_zip_are_sources),
        cmocka_unit_test(outputs_with_other_types_are_made_again),
        cmocka_unit_test(a_source_that_changes_in_between_fails),
        cmocka_unit_test(many_files_have_the_types_of_the_last_run),
        cmocka_unit_test(standard_input_comes_only_once),
        cmocka_unit_test(a_run_that_is_stopped_makes_nothing),
    };
    return cmocka_run_group_tests_name("pipeline/convert_one_schema", tests, NULL, NULL);
}
