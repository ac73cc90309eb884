/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_guard.h"

#include <hawser/store.h>
#include <stdio.h>
#include <unistd.h>

#include "core/alloc.h"
#include "support/rows.h"
#include "support/scratch.h"

/* ------ two paths of the command line */

/*
 * Names without "://" are of files in a folder where there are: a.csv, the hard link hard.csv, the
 * links soft.csv to it and down to d, and d/b.csv.
 */
static void names_lay(const struct scratch *scratch) {
    scratch_write(scratch, "a.csv", "a\n", 2);
    scratch_write(scratch, "d/b.csv", "b\n", 2);
    assert_int_equal(link(scratch_path(scratch, "a.csv"), scratch_path(scratch, "hard.csv")), 0);
    assert_int_equal(symlink("a.csv", scratch_path(scratch, "soft.csv")), 0);
    assert_int_equal(symlink("d", scratch_path(scratch, "down")), 0);
}

static const char *name_path(const struct scratch *scratch, const char *name) {
    return strstr(name, "://") ? name : scratch_path(scratch, name);
}

static void one_object_is_refused_by_whatever_name(void **state) {
    (void)state;
    static const struct hw_store_options none = {0};
    static const struct hw_store_options other = {.endpoint_url = "http://other"};
    static const struct hw_store_options profile = {.profile = "p"};
    static const struct {
        const char *name;
        const char *output, *source;
        const struct hw_store_options *options; /* of the output; the source has none */
        bool refused;
    } rows[] = {
        {"one file", "a.csv", "a.csv", &none, true},
        {"another file", "d/b.csv", "a.csv", &none, false},
        {"a hard link", "hard.csv", "a.csv", &none, true},
        {"the source is a link", "a.csv", "soft.csv", &none, true},
        {"the output is a link, which is itself replaced", "soft.csv", "a.csv", &none, false},
        {"by way of a folder", "down/b.csv", "d/b.csv", &none, true},
        {"with dots", "d/../a.csv", "a.csv", &none, true},
        {"not there yet", "new.csv", "a.csv", &none, false},
        {"not there yet, both", "down/new.csv", "d/new.csv", &none, true},
        {"one key", "s3://bucket/a.csv", "s3://bucket/a.csv", &none, true},
        {"another key", "s3://bucket/b.csv", "s3://bucket/a.csv", &none, false},
        {"another bucket", "s3://other/a.csv", "s3://bucket/a.csv", &none, false},
        {"one key of another service", "s3://bucket/a.csv", "s3://bucket/a.csv", &other, false},
        {"one key by another profile", "s3://bucket/a.csv", "s3://bucket/a.csv", &profile, false},
        {"a file and a key", "a.csv", "s3://bucket/a.csv", &none, false},
    };
    struct scratch scratch = scratch_make();
    names_lay(&scratch);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_source_guard_place output = {"output", name_path(&scratch, rows[i].output), rows[i].options};
        const struct hw_source_guard_place source = {"schema file", name_path(&scratch, rows[i].source), &none};
        const enum hw_status status = hw_source_guard_two(&output, &source, &err);
        assert_row_int(rows[i].name, status, rows[i].refused ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].refused ? "schema file and output are the same object" : "");
        assert_row_text(rows[i].name, err.object, rows[i].refused ? output.path : "");
    }
    scratch_remove(&scratch);
}

/* ------ the plan of a run */

static void store_close(struct hw_store *store) {
    (void)store;
}

/* Sources and the target are stores that nobody opens; roots of files are the folder of a test. */
struct guard {
    struct hw_store source, target;
    struct hw_source_place place;
    struct hw_convert_options options;
    struct hw_plan plan;
};

static struct hw_store store_of(const struct hw_store_ops *ops, const char *root) {
    const bool remote = strncmp(root, "s3", 2) == 0;
    return (struct hw_store){.ops = ops, .root = root, .remote = remote, .files = !remote};
}

static void guard_open(struct guard *guard, const char *source_root, const char *target_root) {
    static const struct hw_store_ops ops = {.close = store_close};
    memset(guard, 0, sizeof(*guard));
    guard->source = store_of(&ops, source_root);
    guard->target = store_of(&ops, target_root);
    guard->place = (struct hw_source_place){.store = &guard->source, .several = true};
    guard->options.formats = HW_FORMAT_CSV;
    guard->plan = (struct hw_plan){.options = &guard->options, .target = &guard->target, .target_prefix = "out/"};
    guard->plan.sources.places = &guard->place;
    guard->plan.sources.count = 1;
    pthread_mutex_init(&guard->plan.synced.lock, NULL);
}

static void guard_close(struct guard *guard) {
    guard->plan.sources = (struct hw_sources){0};
    hw_plan_release(&guard->plan);
}

static struct hw_plan_object *guard_object(struct guard *guard, const char *key, size_t base_at) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plan_object *object;
    const struct hw_object_info info = {.key = key, .etag = ""};
    guard->place.base_at = base_at;
    assert_ok(hw_plan_object_new(&guard->plan, &guard->place, &info, &object, &err), err);
    return object;
}

/* An output could be a source only where both are files, or in one bucket of one service. */
static void overlaps_are_possible_or_not(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source, *target, *report, *endpoint;
        bool pipe;
        bool want;
    } rows[] = {
        {"both are files", "/in/", "/out/", NULL, NULL, false, true},
        {"from files to S3", "/in/", "s3://a/", NULL, NULL, false, false},
        {"from files to S3, with a report", "/in/", "s3://a/", "/x.json", NULL, false, true},
        {"from files to S3, with a report there", "/in/", "s3://a/", "s3://a/x.json", NULL, false, false},
        {"from S3 to files", "s3://a/", "/out/", NULL, NULL, false, false},
        {"one bucket", "s3://a/", "s3://a/", NULL, NULL, false, true},
        {"another bucket", "s3://a/", "s3://b/", NULL, NULL, false, false},
        {"another service", "s3://a/", "s3://a/", NULL, "http://other", false, false},
        {"the report in the bucket", "s3://a/", "/out/", "s3://a/x.json", NULL, false, true},
        {"to a pipe", "/in/", "-", NULL, NULL, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct guard guard;
        struct hw_error err = HW_ERROR_INIT;
        guard_open(&guard, rows[i].source, rows[i].target);
        guard.options.report_path = rows[i].report;
        guard.options.target_store.endpoint_url = rows[i].endpoint;
        guard.plan.target_pipe = rows[i].pipe;
        assert_ok(hw_source_guard_open(&guard.plan, &err), err);
        assert_row_int(rows[i].name, hw_source_guard_possible(&guard.plan), rows[i].want);
        guard_close(&guard);
    }
}

/* What lies in a folder of CSV outputs within the sources is no source. */
static void outputs_of_earlier_runs_are_left_out(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source, *target, *prefix, *key;
        size_t base_at;
        unsigned formats;
        bool want;
    } rows[] = {
        {"in the folder of outputs", "/", "/", "in/out/", "in/out/a.csv", 3, HW_FORMAT_CSV, true},
        {"below it", "/", "/", "in/out/", "in/out/d/a.csv", 3, HW_FORMAT_CSV, true},
        {"beside it", "/", "/", "in/out/", "in/a.csv", 3, HW_FORMAT_CSV, false},
        {"a longer name", "/", "/", "in/out/", "in/outer/a.csv", 3, HW_FORMAT_CSV, false},
        {"no CSV is written", "/", "/", "in/out/", "in/out/a.csv", 3, HW_FORMAT_PARQUET, false},
        {"the folder itself was listed", "/", "/", "in/out/", "in/out/a.csv", 7, HW_FORMAT_CSV, false},
        {"one bucket", "s3://a/", "s3://a/", "in/out/", "in/out/a.csv", 3, HW_FORMAT_CSV, true},
        {"another bucket", "s3://a/", "s3://b/", "in/out/", "in/out/a.csv", 3, HW_FORMAT_CSV, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct guard guard;
        struct hw_error err = HW_ERROR_INIT;
        bool left = !rows[i].want;
        guard_open(&guard, rows[i].source, rows[i].target);
        guard.options.formats = rows[i].formats;
        guard.plan.target_prefix = rows[i].prefix;
        assert_ok(hw_source_guard_open(&guard.plan, &err), err);
        struct hw_plan_object *object = guard_object(&guard, rows[i].key, rows[i].base_at);
        assert_ok(hw_source_guard_left_out(&guard.plan, object, NULL, &left, &err), err);
        assert_row_int(rows[i].name, left, rows[i].want);
        object->listed = false; /* what was named itself is a source */
        assert_ok(hw_source_guard_left_out(&guard.plan, object, NULL, &left, &err), err);
        assert_row_int(rows[i].name, left, false);
        hw_free(object);
        guard_close(&guard);
    }
}

/* In the folder itself the manifest tells which objects were made of its sources. */
static void what_was_made_of_a_folder_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source; /* of the entry of x.csv.gz */
        uint64_t bytes;
        const char *etag;
        int64_t mtime_us;
        const char *key;
        bool merge, named;
        unsigned formats;
        bool want;
    } rows[] = {
        {"made of a source in the folder", "s3://a/in/x.csv", 20, "e", 0, "in/x.csv.gz", false, false, HW_FORMAT_CSV,
         true},
        {"by its time", "s3://a/in/x.csv", 20, "", 7, "in/x.csv.gz", false, false, HW_FORMAT_CSV, true},
        {"made of another folder's", "s3://a/raw/x.csv", 20, "e", 0, "in/x.csv.gz", false, false, HW_FORMAT_CSV, false},
        {"another size", "s3://a/in/x.csv", 21, "e", 0, "in/x.csv.gz", false, false, HW_FORMAT_CSV, false},
        {"another version", "s3://a/in/x.csv", 20, "f", 7, "in/x.csv.gz", false, false, HW_FORMAT_CSV, false},
        {"another time", "s3://a/in/x.csv", 20, "", 8, "in/x.csv.gz", false, false, HW_FORMAT_CSV, false},
        {"another object", "s3://a/in/x.csv", 20, "e", 0, "in/y.csv.gz", false, false, HW_FORMAT_CSV, false},
        {"named itself", "s3://a/in/x.csv", 20, "e", 0, "in/x.csv.gz", false, true, HW_FORMAT_CSV, false},
        {"no CSV is written", "s3://a/in/x.csv", 20, "e", 0, "in/x.csv.gz", false, false, HW_FORMAT_AVRO, false},
        {"merged", "merged into x", 20, "e", 0, "in/x.csv.gz", true, false, HW_FORMAT_CSV, true},
        {"merged, and not now", "merged into x", 20, "e", 0, "in/x.csv.gz", false, false, HW_FORMAT_CSV, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct guard guard;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_manifest) before = {0};
        const struct hw_manifest_entry entry = {.path = "x.csv.gz",
                                                .format = "csv",
                                                .bytes = rows[i].bytes,
                                                .etag = rows[i].etag,
                                                .mtime_us = rows[i].mtime_us,
                                                .source = rows[i].source,
                                                .source_etag = "",
                                                .options = ""};
        bool left = !rows[i].want;
        assert_ok(hw_manifest_put(&before, &entry, &err), err);
        assert_ok(hw_manifest_seal(&before, &err), err);
        guard_open(&guard, "s3://a/", "s3://a/");
        guard.options.formats = rows[i].formats;
        guard.options.merge = rows[i].merge;
        guard.plan.target_prefix = "in/";
        assert_ok(hw_source_guard_open(&guard.plan, &err), err);
        struct hw_plan_object *object = guard_object(&guard, rows[i].key, 3);
        object->bytes = 20;
        object->etag = rows[i].etag[0] != '\0' ? "e" : "";
        object->mtime_us = 7;
        object->listed = !rows[i].named;
        assert_ok(hw_source_guard_left_out(&guard.plan, object, &before, &left, &err), err);
        assert_row_int(rows[i].name, left, rows[i].want);
        hw_free(object);
        guard_close(&guard);
    }
}

/* The source is a.csv; the schema file d/b.csv; the report not there yet. */
static void what_is_read_is_not_replaced(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *key;
        const char *says; /* NULL: it may be written */
    } rows[] = {
        {"another", "b.csv", NULL},
        {"the source", "a.csv", "source and output are the same object"},
        {"a hard link of it", "hard.csv", "source and output are the same object: "},
        {"a link to it", "soft.csv", NULL},
        {"the schema file", "down/b.csv", "schema file and output are the same object: "},
        {"the report", "d/report.json", "report and output are the same object"},
        {"by way of a folder", "down/report.json", "report and output are the same object: "},
    };
    struct scratch scratch = scratch_make();
    struct guard guard;
    struct hw_error none = HW_ERROR_INIT;
    char schema[600];
    char report[600];
    names_lay(&scratch);
    snprintf(schema, sizeof(schema), "%sd/b.csv", scratch.folder);
    snprintf(report, sizeof(report), "%sd/report.json", scratch.folder);
    guard_open(&guard, scratch.folder, scratch.folder);
    guard.options.csv.schema_path = schema;
    guard.options.report_path = report;
    assert_ok(hw_source_guard_open(&guard.plan, &none), none);
    struct hw_plan_object *object = guard_object(&guard, "a.csv", 0);
    assert_ok(hw_source_guard_keep(&guard.plan, object, &none), none);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_source_guard_refuse(&guard.plan, "output", rows[i].key, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, hw_source_guard_refuse(&guard.plan, "output", rows[i].key, NULL), status);
    }
    hw_free(object);
    guard_close(&guard);
    scratch_remove(&scratch);
}

/* Report and manifest, which every run writes, are looked at before anything is written. */
static void the_runs_own_files_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *source; /* a key */
        const char *report, *prefix;
        const char *says; /* NULL: all is well */
    } rows[] = {
        {"apart", "a.csv", "report.json", "", NULL},
        {"the report is a source", "a.csv", "hard.csv", "", "source and report are the same object"},
        {"the manifest is a source", "d/_manifest.json", NULL, "down/", "source and manifest are the same object"},
        {"the report is the manifest", "a.csv", "d/_manifest.json", "down/", "report and manifest are the same object"},
        {"no folder has a manifest", "d/_manifest.json", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct guard guard;
        struct hw_error err = HW_ERROR_INIT;
        char report[600];
        names_lay(&scratch);
        scratch_write(&scratch, "d/_manifest.json", "{}", 2);
        snprintf(report, sizeof(report), "%s%s", scratch.folder, rows[i].report ? rows[i].report : "");
        guard_open(&guard, scratch.folder, scratch.folder);
        guard.options.report_path = rows[i].report ? report : NULL;
        guard.plan.target_prefix = rows[i].prefix;
        assert_ok(hw_source_guard_open(&guard.plan, &err), err);
        struct hw_plan_object *object = guard_object(&guard, rows[i].source, 0);
        assert_ok(hw_source_guard_keep(&guard.plan, object, &err), err);
        assert_row_int(rows[i].name, hw_source_guard_check_own(&guard.plan, &err), rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        hw_free(object);
        guard_close(&guard);
        scratch_remove(&scratch);
    }
}

/* The outputs that an object will have are checked by their names. */
static void outputs_are_checked_before_they_are_made(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *key, *prefix;
        unsigned formats;
        bool rejects, numbered;
        const char *merge_base;
        const char *says; /* NULL: all is well */
    } rows[] = {
        {"another folder", "d/b.csv", "out/", HW_FORMAT_CSV, false, false, NULL, NULL},
        {"itself", "d/b.csv", "down/", HW_FORMAT_CSV, false, false, NULL, "source and output are the same object"},
        {"another format", "d/b.csv", "down/", HW_FORMAT_PARQUET, false, false, NULL, NULL},
        {"its rejects", "d/b.csv", "d/", HW_FORMAT_PARQUET, true, false, NULL, NULL},
        {"the rejects are a source", "d/c.rejects.jsonl", "d/", HW_FORMAT_PARQUET, true, false, "c",
         "source and rejects file are the same object"},
        {"a merge", "d/b.csv", "d/", HW_FORMAT_CSV, false, false, "b", "source and output are the same object"},
        {"a merge of another name", "d/b.csv", "d/", HW_FORMAT_CSV, false, false, "m", NULL},
        {"numbered, among the sources", "d/b.csv", "d/", HW_FORMAT_CSV, false, true, NULL,
         "the outputs would lie among the sources"},
        {"numbered, elsewhere", "d/b.csv", "out/", HW_FORMAT_CSV, false, true, NULL, NULL},
        {"numbered, no CSV", "d/b.csv", "d/", HW_FORMAT_PARQUET, false, true, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct guard guard;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_output_options output = {0};
        const struct hw_source_guard_outputs outputs = {rows[i].formats, &output};
        names_lay(&scratch);
        scratch_write(&scratch, "d/c.rejects.jsonl", "x\n", 2);
        guard_open(&guard, scratch.folder, scratch.folder);
        guard.options.csv.bad_rows_reject = rows[i].rejects;
        guard.options.max_file_bytes = rows[i].numbered;
        guard.plan.target_prefix = rows[i].prefix;
        guard.plan.merge_base = rows[i].merge_base;
        assert_ok(hw_source_guard_open(&guard.plan, &err), err);
        struct hw_plan_object *object = guard_object(&guard, rows[i].key, 2);
        assert_ok(hw_source_guard_keep(&guard.plan, object, &err), err);
        const enum hw_status status = hw_source_guard_check(&guard.plan, object, &outputs, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        hw_free(object);
        guard_close(&guard);
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_object_is_refused_by_whatever_name),
        cmocka_unit_test(overlaps_are_possible_or_not),
        cmocka_unit_test(outputs_of_earlier_runs_are_left_out),
        cmocka_unit_test(what_was_made_of_a_folder_is_left_out),
        cmocka_unit_test(what_is_read_is_not_replaced),
        cmocka_unit_test(the_runs_own_files_are_checked),
        cmocka_unit_test(outputs_are_checked_before_they_are_made),
    };
    return cmocka_run_group_tests_name("pipeline/source_guard", tests, NULL, NULL);
}
