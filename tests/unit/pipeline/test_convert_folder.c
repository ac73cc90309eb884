/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run may write, replace or remove in a folder that others, and runs that did not end, have
 * written to.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conversions.h"
#include "manifest/manifest.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"

#define FIRST "id,kind\n1,a\n2,b\n3,c\n"
#define SECOND "id,kind\n1,a\n4,d\n5,b\n6,e\n"
#define THIRD "id,kind\n7,a\n8,f\n"

struct told {
    size_t warnings;
    struct hw_error warning; /* the last one */
    size_t failed;
    struct hw_error object_err;
};

static void warning_count(void *ctx, const struct hw_error *warning) {
    struct told *told = ctx;
    told->warnings++;
    told->warning = *warning;
}

static void object_note(void *ctx, const struct hw_convert_object *object) {
    struct told *told = ctx;
    if (object->error) {
        told->failed++;
        told->object_err = *object->error;
    }
}

static void text_write(const struct scratch *scratch, const char *name, const char *text) {
    scratch_write(scratch, name, text, strlen(text));
}

/* Converts in/<name> to CSV in out/, partitioned by kind. */
static enum hw_status part_convert(const struct scratch *scratch, const char *name, struct told *told,
                                   struct hw_error *err) {
    static const char *const kind = "kind";
    const char *source = scratch_path(scratch, name);
    struct hw_convert_result result;
    const struct hw_convert_options options = {
        .formats = HW_FORMAT_CSV,
        .partition_by = &kind,
        .partition_by_count = 1,
        .threads = 1,
        .memory_bytes = 1 << 20,
        .on_warning = warning_count,
        .on_object = object_note,
        .ctx = told,
    };
    *told = (struct told){.warning = HW_ERROR_INIT, .object_err = HW_ERROR_INIT};
    return hw_convert(&source, 1, scratch_path(scratch, "out/"), &options, &result, err);
}

static int letters_compare(const void *a, const void *b) {
    return *(const char *)a - *(const char *)b;
}

/* The ids in all files of all partitions, each a digit, sorted. */
static const char *rows_there(const struct scratch *scratch) {
    static char ids[256];
    char names[8192];
    size_t count = 0;
    snprintf(names, sizeof(names), "%s", scratch_names(scratch));
    for (char *name = names, *end; (end = strchr(name, ' ')); name = end + 1) {
        *end = '\0';
        HW_AUTO(hw_buf) file = {0};
        if (strncmp(name, "out/", 4) != 0 || !strstr(name, ".csv")) {
            continue;
        }
        assert_true(corpus_read(scratch_path(scratch, name), &file));
        for (size_t i = strlen("id\n"); i < file.size && count < sizeof(ids) - 1; i++) {
            if (file.data[i] != '\n') {
                ids[count++] = (char)file.data[i];
            }
        }
    }
    qsort(ids, count, 1, letters_compare);
    ids[count] = '\0';
    return ids;
}

/*
 * From some call on, every call to the system fails, as for a process that is killed there: nothing
 * is cleaned up. The source has changed before that run and changes again after it. The next run
 * leaves its rows, and no others.
 */
static bool killed_run(int at, const char *next, const char *want) {
    char row[64];
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    struct scratch scratch = scratch_make();
    snprintf(row, sizeof(row), "killed at call %d, then row %c", at, next[8]);
    text_write(&scratch, "in/a.csv", FIRST);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_string_equal(rows_there(&scratch), "123");
    text_write(&scratch, "in/a.csv", SECOND);
    faulty_io_start_forever(IO_ANY, at, EIO);
    faulty_io_quick();
    enum hw_status status = part_convert(&scratch, "in/a.csv", &told, &err);
    bool failed = faulty_io_stop() != IO_ANY;
    assert_row_int(row, failed || status == HW_OK, true);
    text_write(&scratch, "in/a.csv", next);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_row_text(row, rows_there(&scratch), want);
    assert_row_int(row, told.warnings, 0);
    assert_row_text(row, strstr(scratch_names(&scratch), HW_MANIFEST_NAME) ? "" : "no manifest", "");
    assert_row_text(row, strstr(scratch_names(&scratch), "_hawser_journal") ? scratch_names(&scratch) : "", "");
    scratch_remove(&scratch);
    return failed;
}

static void a_killed_run_leaves_no_rows(void **state) {
    (void)state;
    quick_io();
    int at = 1;
    while (killed_run(at, THIRD, "78")) {
        at++;
    }
    assert_in_range(at, 50, 2000);
    for (at = 1; killed_run(at, SECOND, "1456"); at++) {
    }
    hw_io_set(NULL);
}

/* Two kills in a row, with files of both of them left. */
static void two_killed_runs_leave_no_rows(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    for (int at = 1; at < 8; at++) {
        struct scratch scratch = scratch_make();
        static const char *const sources[] = {SECOND, "id,kind\n9,d\n8,g\n"};
        text_write(&scratch, "in/a.csv", FIRST);
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        for (size_t i = 0; i < COUNT_OF(sources); i++) {
            text_write(&scratch, "in/a.csv", sources[i]);
            faulty_io_start_forever(IO_RENAMEAT, i == 0 ? 6 : at, EIO);
            faulty_io_quick();
            (void)!part_convert(&scratch, "in/a.csv", &told, &err);
            faulty_io_stop();
        }
        text_write(&scratch, "in/a.csv", THIRD);
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        assert_row_text("two kills", rows_there(&scratch), "78");
        scratch_remove(&scratch);
    }
}

/* The manifest's only entry for a file of in/a.csv is made to tell of another. */
static void entry_change(const struct scratch *scratch, const char *path, const char *key, const char *value) {
    json_t *manifest = json_load_file(scratch_path(scratch, "out/_manifest.json"), 0, NULL);
    json_t *objects = json_object_get(manifest, "objects");
    for (size_t i = 0; i < json_array_size(objects); i++) {
        json_t *object = json_array_get(objects, i);
        if (strcmp(json_string_value(json_object_get(object, "path")), path) == 0) {
            json_object_set_new(object, key, json_string(value));
        }
    }
    assert_int_equal(json_dump_file(manifest, scratch_path(scratch, "out/_manifest.json"), 0), 0);
    json_decref(manifest);
}

#define B_FILE "out/kind=b/a-00000.csv"

/* What stands in the place of a stale file before the run that would remove it. */
static const struct {
    const char *name;
    const char *path; /* that the manifest tells of; NULL: the true one */
    const char *file; /* that must stay, or go, with this text; NULL: the stale one */
    const char *text; /* NULL: what the first run wrote */
    bool link;        /* a folder on the way is a link that leads outside */
    bool touched;     /* its time of change is another */
    bool stays;
    const char *says;
} stale_rows[] = {
    {"what was written", NULL, NULL, NULL, false, false, false, ""},
    {"with another time of change", NULL, NULL, NULL, false, true, false, ""},
    {"of the same size, but other bytes", NULL, NULL, "id\n9\n", false, true, true, "is another by now: it stays"},
    {"of another size", NULL, NULL, "mine", false, false, true, "is another by now: it stays"},
    {"a name that is none of ours", "notes.txt", "out/notes.txt", "id\n2\n", false, false, true, ""},
    {"the stem of another source", "kind=b/ab-00000.csv", "out/kind=b/ab-00000.csv", "id\n2\n", false, false, true, ""},
    {"without a number", "kind=b/a.csv", "out/kind=b/a.csv", "id\n2\n", false, false, true, ""},
    {"a folder that is no partition", "b/a-00000.csv", "out/b/a-00000.csv", "id\n2\n", false, false, true, ""},
    {"outside", "../kind=b/a-00000.csv", "kind=b/a-00000.csv", "id\n2\n", false, false, true, ""},
    {"another extension", "kind=b/a-00000.parquet", "out/kind=b/a-00000.parquet", "id\n2\n", false, false, true, ""},
    {"behind a link", NULL, "elsewhere/a-00000.csv", "id\n2\n", true, false, true, "a link leads to it: it stays"},
};

static void only_what_is_proved_ours_goes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stale_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct told told;
        struct scratch scratch = scratch_make();
        const char *file = stale_rows[i].file ? stale_rows[i].file : B_FILE;
        text_write(&scratch, "in/a.csv", FIRST);
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        if (stale_rows[i].link) {
            char to[1024];
            snprintf(to, sizeof(to), "%s", scratch_path(&scratch, "elsewhere"));
            assert_int_equal(remove(scratch_path(&scratch, B_FILE)) | rmdir(scratch_path(&scratch, "out/kind=b")), 0);
            text_write(&scratch, file, stale_rows[i].text);
            assert_int_equal(symlink(to, scratch_path(&scratch, "out/kind=b")), 0);
        } else if (stale_rows[i].text) {
            text_write(&scratch, file, stale_rows[i].text);
        }
        if (stale_rows[i].touched) {
            const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
            assert_int_equal(utimensat(AT_FDCWD, scratch_path(&scratch, file), times, 0), 0);
        }
        if (stale_rows[i].path) {
            entry_change(&scratch, "kind=b/a-00000.csv", "path", stale_rows[i].path);
        }
        text_write(&scratch, "in/a.csv", THIRD);
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        const char *text = stale_rows[i].text ? stale_rows[i].text : "id\n2\n";
        assert_row_int(stale_rows[i].name, scratch_holds(&scratch, file, text, strlen(text)), stale_rows[i].stays);
        assert_row_int(stale_rows[i].name, told.warnings, stale_rows[i].says[0] != '\0');
        assert_row_says(stale_rows[i].name, told.warning.message, stale_rows[i].says);
        scratch_remove(&scratch);
    }
}

/* While one run converts, another one ends in the same folder. */
/*
 * Rows that no source has any more: the run has not done what it was asked for, and the next one
 * tries again.
 */
static void what_cannot_be_removed_is_no_success(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    struct scratch scratch = scratch_make();
    text_write(&scratch, "in/a.csv", FIRST);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    text_write(&scratch, "in/a.csv", SECOND);
    faulty_io_start_forever(IO_UNLINKAT, 1, EACCES);
    enum hw_status status = part_convert(&scratch, "in/a.csv", &told, &err);
    faulty_io_stop();
    assert_int_equal(status, HW_EPARTIAL);
    assert_row_says("the run", err.message, "1 file of an earlier run could not be removed");
    assert_row_says("the file", told.warning.message, "cannot remove what an earlier run made of this source");
    assert_string_equal(rows_there(&scratch), "13456");
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_string_equal(rows_there(&scratch), "1456");
    scratch_remove(&scratch);
}

static void a_lost_manifest_is_told_of(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    struct scratch scratch = scratch_make();
    text_write(&scratch, "in/a.csv", FIRST);
    text_write(&scratch, "out/kind=c/b-00000.csv", "9\n"); /* another source's */
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_int_equal(told.warnings, 0);
    assert_int_equal(unlink(scratch_path(&scratch, "out/_manifest.json")), 0);
    text_write(&scratch, "in/a.csv", SECOND);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_int_equal(told.warnings, 1);
    assert_row_says("how many", told.warning.message, "1 file here is named like outputs of these sources");
    assert_row_says("which", told.warning.object, "out/kind=c/a-00000.csv");
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_int_equal(told.warnings, 0);
    scratch_remove(&scratch);
}

struct other_run {
    const struct scratch *scratch;
    const char *source;
    enum hw_status status;
};

static void other_run(void *ctx, const struct hw_convert_object *object) {
    struct other_run *other = ctx;
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    (void)object;
    other->status = part_convert(other->scratch, other->source, &told, &err);
}

static void runs_at_once_keep_each_others_entries(void **state) {
    (void)state;
    static const char *const kind = "kind";
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    struct told told;
    struct scratch scratch = scratch_make();
    struct other_run other = {.scratch = &scratch, .source = "in/b.csv", .status = HW_EFAILED};
    const struct hw_convert_options options = {.formats = HW_FORMAT_CSV,
                                               .partition_by = &kind,
                                               .partition_by_count = 1,
                                               .on_object = other_run,
                                               .ctx = &other};
    text_write(&scratch, "in/a.csv", FIRST);
    text_write(&scratch, "in/b.csv", "id,kind\n8,a\n9,z\n");
    char source[1024];
    snprintf(source, sizeof(source), "%s", scratch_path(&scratch, "in/a.csv"));
    assert_ok(hw_convert(&(const char *){source}, 1, scratch_path(&scratch, "out/"), &options, &result, &err), err);
    assert_ok(other.status, err);
    assert_string_equal(rows_there(&scratch), "12389");
    /* Entries of both are there: what b.csv has no more, goes. */
    text_write(&scratch, "in/b.csv", "id,kind\n7,a\n");
    assert_ok(part_convert(&scratch, "in/b.csv", &told, &err), err);
    assert_string_equal(rows_there(&scratch), "1237");
    text_write(&scratch, "in/a.csv", THIRD);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_string_equal(rows_there(&scratch), "778");
    scratch_remove(&scratch);
}

/*
 * Everything that a run writes, where it is one of the files that the run reads, or that it writes
 * too.
 */
static const struct {
    const char *name;
    const char *sources[2];
    const char *destination;
    const char *report;
    const char *schema;
    bool rejects;
    enum hw_status want;
    const char *says[2];
} overlaps[] = {
    {"report is the source",
     {"in/a.csv"},
     "out/",
     "in/a.csv",
     NULL,
     false,
     HW_EUSAGE,
     {"source and report", "in/a.csv"}},
    {"report is the source by another way",
     {"in/a.csv"},
     "out/",
     "link/a.csv",
     NULL,
     false,
     HW_EUSAGE,
     {"source and report", "link/a.csv"}},
    {"report is an output",
     {"in/a.csv"},
     "out/",
     "out/a.parquet",
     NULL,
     false,
     HW_EUSAGE,
     {"report and output", "out/a.parquet"}},
    {"report is the only output",
     {"in/a.csv"},
     "o.parquet",
     "o.parquet",
     NULL,
     false,
     HW_EUSAGE,
     {"report and output", "o.parquet"}},
    {"report is the manifest",
     {"in/a.csv"},
     "out/",
     "out/_manifest.json",
     NULL,
     false,
     HW_EUSAGE,
     {"report and manifest", "_manifest"}},
    {"report is the rejects file",
     {"in/a.csv"},
     "out/",
     "out/a.rejects.jsonl",
     NULL,
     true,
     HW_EUSAGE,
     {"report and rejects file", "a.rejects"}},
    {"report is the schema file",
     {"in/a.csv"},
     "out/",
     "s.json",
     "s.json",
     false,
     HW_EUSAGE,
     {"schema file and report", "s.json"}},
    {"output is the schema file",
     {"in/a.csv"},
     "s.json",
     NULL,
     "s.json",
     false,
     HW_EUSAGE,
     {"schema file and output", "s.json"}},
    {"a source is the manifest",
     {"in/a.csv", "in/_manifest.json"},
     "in/",
     NULL,
     NULL,
     false,
     HW_EUSAGE,
     {"source and manifest", "_manifest"}},
    {"a source is the rejects file",
     {"in/a.csv", "in/a.rejects.jsonl"},
     "in/",
     NULL,
     NULL,
     true,
     HW_EUSAGE,
     {"source and rejects file", "a.rejects"}},
    {"no rejects, no rejects file", {"in/x.csv", "in/a.rejects.jsonl"}, "out/", NULL, NULL, false, HW_OK, {"", ""}},
    {"a report beside it", {"in/a.csv"}, "out/", "out/report.json", NULL, true, HW_OK, {"", ""}},
};

static void nothing_that_is_read_is_written(void **state) {
    (void)state;
    static const char schema[] =
        "{\"columns\": [{\"name\": \"id\", \"type\": \"int64\"}, {\"name\": \"kind\", \"type\": \"text\"}]}";
    for (size_t i = 0; i < COUNT_OF(overlaps); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        char paths[5][1024] = {{0}};
        const char *sources[2] = {paths[0], paths[1]};
        static const struct {
            const char *name, *text;
        } inputs[] = {{"in/a.csv", FIRST},
                      {"in/x.csv", FIRST},
                      {"in/_manifest.json", "{\"hawser_manifest\": 1, \"objects\": []}\n"},
                      {"in/a.rejects.jsonl", FIRST}};
        for (size_t k = 0; k < COUNT_OF(inputs); k++) {
            text_write(&scratch, inputs[k].name, inputs[k].text);
        }
        text_write(&scratch, "s.json", schema);
        snprintf(paths[0], sizeof(paths[0]), "%s", scratch_path(&scratch, "in"));
        assert_int_equal(symlink(paths[0], scratch_path(&scratch, "link")), 0);
        size_t count = 0;
        for (; count < 2 && overlaps[i].sources[count]; count++) {
            snprintf(paths[count], sizeof(paths[count]), "%s%s", scratch.folder, overlaps[i].sources[count]);
        }
        snprintf(paths[2], sizeof(paths[2]), "%s%s", scratch.folder, overlaps[i].destination);
        snprintf(paths[3], sizeof(paths[3]), "%s%s", scratch.folder, overlaps[i].report ? overlaps[i].report : "");
        snprintf(paths[4], sizeof(paths[4]), "%s%s", scratch.folder, overlaps[i].schema ? overlaps[i].schema : "");
        const struct hw_convert_options options = {
            .formats = HW_FORMAT_PARQUET,
            .csv = {.bad_rows_reject = overlaps[i].rejects, .schema_path = overlaps[i].schema ? paths[4] : NULL},
            .report_path = overlaps[i].report ? paths[3] : NULL,
        };
        assert_row_int(overlaps[i].name, hw_convert(sources, count, paths[2], &options, &result, &err),
                       overlaps[i].want);
        char line[2048];
        hw_error_format(&err, line, sizeof(line));
        assert_row_says(overlaps[i].name, line, overlaps[i].says[0]);
        assert_row_says(overlaps[i].name, line, overlaps[i].says[1]);
        for (size_t k = 0; k < COUNT_OF(inputs); k++) {
            const char *text = inputs[k].text;
            assert_row_int(overlaps[i].name, scratch_holds(&scratch, inputs[k].name, text, strlen(text)), true);
        }
        assert_row_int(overlaps[i].name, scratch_holds(&scratch, "s.json", schema, strlen(schema)), true);
        if (overlaps[i].want != HW_OK) {
            assert_row_text(overlaps[i].name, strstr(scratch_names(&scratch), "out/") ? "work was done" : "", "");
        }
        scratch_remove(&scratch);
    }
}

static void a_report_that_cannot_be_written_is_found_first(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    text_write(&scratch, "in/a.csv", FIRST);
    char source[1024];
    snprintf(source, sizeof(source), "%s", scratch_path(&scratch, "in/a.csv"));
    const struct hw_convert_options options = {.report_path = scratch_path(&scratch, "in/a.csv/report.json")};
    assert_int_equal(hw_convert(&(const char *){source}, 1, scratch_path(&scratch, "out/"), &options, &result, &err),
                     HW_EIO);
    assert_string_equal(scratch_names(&scratch), "in/ in/a.csv ");
    scratch_remove(&scratch);
}

/* "Left alone" wants the very file that was written. */
static void what_is_damaged_is_made_again(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    text_write(&scratch, "in/a.csv", FIRST);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    struct stat before, after;
    assert_int_equal(stat(scratch_path(&scratch, B_FILE), &before), 0);
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_int_equal(stat(scratch_path(&scratch, B_FILE), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* left alone */
    text_write(&scratch, B_FILE, "id\n3\n");       /* as long as it was */
    assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
    assert_true(scratch_holds(&scratch, B_FILE, "id\n2\n", 5));
    scratch_remove(&scratch);
}

/*
 * Memory runs out at any moment, also while the manifest is read: what it lists is never forgotten.
 */
static void want_of_memory_forgets_nothing(void **state) {
    (void)state;
    quick_io();
    size_t successes = 0;
    for (bool failed = true; failed; successes++) {
        char row[64];
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct told told;
        struct scratch scratch = scratch_make();
        snprintf(row, sizeof(row), "no memory after %zu requests", successes);
        text_write(&scratch, "in/a.csv", FIRST);
        text_write(&scratch, "in/b.csv", "id,kind\n9,z\n");
        assert_ok(part_convert(&scratch, "in/b.csv", &told, &err), err);
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        text_write(&scratch, "in/a.csv", SECOND);
        alloc_fault_begin(&fault, successes);
        (void)!part_convert(&scratch, "in/a.csv", &told, &err);
        failed = alloc_fault_end(&fault);
        text_write(&scratch, "in/a.csv", THIRD);
        text_write(&scratch, "in/b.csv", "id,kind\n0,y\n");
        assert_ok(part_convert(&scratch, "in/a.csv", &told, &err), err);
        assert_ok(part_convert(&scratch, "in/b.csv", &told, &err), err);
        assert_row_text(row, rows_there(&scratch), "078");
        scratch_remove(&scratch);
    }
    assert_in_range(successes, 200, 100000);
    hw_io_set(NULL);
}

/* Lets one request fail after the first object: the one for the next object's job. */
static void memory_take(void *ctx, const struct hw_convert_object *object) {
    if (object->outcome == HW_CONVERTED) {
        alloc_fault_begin(ctx, 0);
    }
}

/*
 * The run itself fails, for want of memory; what it has published until then is in the manifest and
 * the report.
 */
static void a_run_that_fails_keeps_its_books(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    struct alloc_fault fault;
    text_write(&scratch, "in/a.csv", FIRST);
    text_write(&scratch, "in/b.csv", FIRST);
    char source[1024];
    char report[1024];
    snprintf(source, sizeof(source), "%s", scratch_path(&scratch, "in/"));
    snprintf(report, sizeof(report), "%s", scratch_path(&scratch, "report.json"));
    const struct hw_convert_options options = {
        .threads = 1, .jobs = 1, .report_path = report, .on_object = memory_take, .ctx = &fault};
    enum hw_status status =
        hw_convert(&(const char *){source}, 1, scratch_path(&scratch, "out/"), &options, &result, &err);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_int_equal(result.objects, 1);
    static const char *const books[] = {"out/_manifest.json", "report.json"};
    for (size_t i = 0; i < COUNT_OF(books); i++) {
        json_t *json = json_load_file(scratch_path(&scratch, books[i]), 0, NULL);
        assert_row_int(books[i], json_array_size(json_object_get(json, "objects")), 1);
        json_decref(json);
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_run_leaves_no_rows),
        cmocka_unit_test(two_killed_runs_leave_no_rows),
        cmocka_unit_test(only_what_is_proved_ours_goes),
        cmocka_unit_test(what_cannot_be_removed_is_no_success),
        cmocka_unit_test(a_lost_manifest_is_told_of),
        cmocka_unit_test(runs_at_once_keep_each_others_entries),
        cmocka_unit_test(nothing_that_is_read_is_written),
        cmocka_unit_test(a_report_that_cannot_be_written_is_found_first),
        cmocka_unit_test(what_is_damaged_is_made_again),
        cmocka_unit_test(want_of_memory_forgets_nothing),
        cmocka_unit_test(a_run_that_fails_keeps_its_books),
    };
    return cmocka_run_group_tests_name("pipeline/convert_folder", tests, NULL, NULL);
}
