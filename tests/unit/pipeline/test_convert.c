/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hw_convert as its callers see it: which objects are made, replaced, left alone, and what is told
 * about them.
 */
#include <fcntl.h>
#include <hawser/convert.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "conversions.h"
#include "zip_write.h"

#define GOOD "a,b\n1,x\n2,y\n"
#define RAGGED "a,b\n1,x\n2\n"

/* What a run told of its objects. */
struct told {
    size_t converted, skipped, planned, failed;
    struct hw_convert_result result;
    struct hw_error err;
    struct hw_error object_err; /* of the last one that failed */
    size_t warnings;
    struct hw_error warning; /* the last one */
};

static void object_count(void *ctx, const struct hw_convert_object *object) {
    struct told *told = ctx;
    told->converted += object->outcome == HW_CONVERTED;
    told->skipped += object->outcome == HW_SKIPPED;
    told->planned += object->outcome == HW_PLANNED;
    told->failed += object->outcome == HW_CONVERT_FAILED;
    if (object->error) {
        told->object_err = *object->error;
    }
}

static void warning_count(void *ctx, const struct hw_error *warning) {
    struct told *told = ctx;
    told->warnings++;
    told->warning = *warning;
}

/* Converts up to three sources, paths below the scratch folder; NULL: no more. */
static enum hw_status convert(const struct scratch *scratch, const char *const *sources, const char *destination,
                              const struct hw_convert_options *options, struct told *told) {
    enum { SOURCES_MAX = 3 };
    char paths[SOURCES_MAX][1024];
    const char *pointers[SOURCES_MAX];
    struct hw_convert_options own = *options;
    size_t count = 0;
    *told = (struct told){.err = HW_ERROR_INIT, .object_err = HW_ERROR_INIT};
    own.on_object = object_count;
    own.on_warning = warning_count;
    own.ctx = told;
    for (; count < SOURCES_MAX && sources[count]; count++) {
        snprintf(paths[count], sizeof(paths[count]), "%s%s", scratch->folder, sources[count]);
        pointers[count] = paths[count];
    }
    return hw_convert(pointers, count, scratch_path(scratch, destination), &own, &told->result, &told->err);
}

#define SOURCES(...) ((const char *const[]){__VA_ARGS__, NULL, NULL, NULL})
#define assert_converts(call, told) assert_ok(call, (told).err)

static void text_write(const struct scratch *scratch, const char *name, const char *text) {
    scratch_write(scratch, name, text, strlen(text));
}

static void paths_below_a_folder_are_kept(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "in/a.csv", GOOD);
    text_write(&scratch, "in/x/y/b.TSV", "a\tb\n1\t2\n");
    text_write(&scratch, "in/x/notes.md", "no table");
    text_write(&scratch, "in/x/.hidden.csv", GOOD);
    assert_converts(convert(&scratch, SOURCES("in/"), "out/",
                            &(struct hw_convert_options){.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO}, &told),
                    told);
    assert_true(strstr(scratch_names(&scratch), "out/ out/_manifest.json out/a.avro out/a.parquet out/x/ "));
    assert_true(strstr(scratch_names(&scratch), "out/x/y/ out/x/y/b.avro out/x/y/b.parquet "));
    assert_null(strstr(scratch_names(&scratch), "notes.parquet"));
    scratch_remove(&scratch);
}

static void a_folder_may_be_source_and_destination(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "d/a.csv", GOOD);
    text_write(&scratch, "d/b.csv", RAGGED);
    const struct hw_convert_options options = {.csv = {.bad_rows_reject = true}};
    assert_converts(convert(&scratch, SOURCES("d/"), "d/", &options, &told), told);
    assert_string_equal(scratch_names(&scratch),
                        "d/ d/_manifest.json d/a.csv d/a.parquet d/b.csv d/b.parquet d/b.rejects.jsonl ");
    assert_converts(convert(&scratch, SOURCES("d"), "d", &options, &told), told);
    assert_int_equal(told.skipped, 2);
    scratch_remove(&scratch);
}

static void a_file_is_not_its_own_destination(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "d/a.csv", GOOD);
    assert_int_equal(convert(&scratch, SOURCES("d/a.csv"), "d/../d/a.csv", &(struct hw_convert_options){0}, &told),
                     HW_EUSAGE);
    assert_true(strstr(told.err.message, "source and output are the same object"));
    assert_int_equal(convert(&scratch, SOURCES("d/a.csv"), "d/a.csv", &(struct hw_convert_options){0}, &told),
                     HW_EUSAGE);
    assert_true(scratch_holds(&scratch, "d/a.csv", GOOD, strlen(GOOD)));
    assert_string_equal(scratch_names(&scratch), "d/ d/a.csv ");
    scratch_remove(&scratch);
}

static void rejects_of_an_earlier_run_go(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    const struct hw_convert_options reject = {.csv = {.bad_rows_reject = true}};
    text_write(&scratch, "a.csv", RAGGED);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &reject, &told), told);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "b.parquet", &reject, &told), told);
    assert_string_equal(scratch_names(&scratch),
                        "a.csv b.parquet b.rejects.jsonl out/ out/_manifest.json out/a.parquet out/a.rejects.jsonl ");
    text_write(&scratch, "a.csv", GOOD);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &reject, &told), told);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "b.parquet", &reject, &told), told);
    assert_string_equal(scratch_names(&scratch), "a.csv b.parquet out/ out/_manifest.json out/a.parquet ");
    text_write(&scratch, "b.rejects.jsonl", "mine");
    assert_converts(convert(&scratch, SOURCES("a.csv"), "b.parquet", &(struct hw_convert_options){0}, &told), told);
    /* Nothing tells that it is ours. */
    assert_true(scratch_holds(&scratch, "b.rejects.jsonl", "mine", 4));
    text_write(&scratch, "out/a.rejects.jsonl", "mine");
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &(struct hw_convert_options){0}, &told), told);
    assert_true(scratch_holds(&scratch, "out/a.rejects.jsonl", "mine",
                              4)); /* who does not ask for rejects loses no file of that name */
    scratch_remove(&scratch);
}

/* Where the manifest tells of them, rejects go with whatever options the rows are made again. */
static void told_rejects_go_without_being_asked_for(void **state) {
    (void)state;
    static const char *const by_a[] = {"a"};
    static const struct {
        const char *name;
        struct hw_convert_options first, then;
        const char *want;
    } rows[] = {
        {"one file", {0}, {0}, "a.csv out/ out/_manifest.json out/a.parquet "},
        {"numbered files",
         {.max_file_bytes = 1 << 20},
         {.max_file_bytes = 1 << 20},
         "a.csv out/ out/_manifest.json out/a-00000.parquet "},
        {"numbered files, then one", {.max_file_bytes = 1 << 20}, {0}, "a.csv out/ out/_manifest.json out/a.parquet "},
        {"partitions",
         {.partition_by = by_a, .partition_by_count = 1},
         {.partition_by = by_a, .partition_by_count = 1},
         NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_convert_options reject = rows[i].first;
        struct told told;
        reject.csv.bad_rows_reject = true;
        text_write(&scratch, "a.csv", RAGGED);
        assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &reject, &told), told);
        assert_row_says(rows[i].name, scratch_names(&scratch), "out/a.rejects.jsonl");
        text_write(&scratch, "a.csv", GOOD);
        assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &rows[i].then, &told), told);
        assert_row_int(rows[i].name, strstr(scratch_names(&scratch), "rejects") == NULL, true);
        if (rows[i].want) {
            assert_row_text(rows[i].name, scratch_names(&scratch), rows[i].want);
        }
        scratch_remove(&scratch);
    }
}

/* A source that is written to while it is read. */
struct meddler {
    char *path;
    atomic_int asked;
};

static bool meddle(void *ctx) {
    struct meddler *meddler = ctx;
    if (atomic_fetch_add(&meddler->asked, 1) == 3) {
        int fd = open(meddler->path, O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_int_equal(write(fd, "1,1\n", 4), 4);
        close(fd);
    }
    return false;
}

static void a_source_that_changes_is_refused(void **state) {
    (void)state;
    enum { BYTES = 4 << 20 };
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct scratch scratch = scratch_make();
        char *text = malloc(BYTES + 4);
        memcpy(text, "a,b\n", 4);
        for (size_t i = 4; i < BYTES; i += 4) {
            memcpy(text + i, "1,2\n", 4);
        }
        scratch_write(&scratch, "a.csv", text, BYTES);
        free(text);
        struct meddler meddler = {.path = strdup(scratch_path(&scratch, "a.csv"))};
        const char *source = meddler.path;
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_convert_options options = {.threads = threads,
                                                   .row_group_bytes = 1 << 20,
                                                   .cancelled = meddle,
                                                   .ctx = &meddler,
                                                   .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO};
        enum hw_status status = hw_convert(&source, 1, scratch_path(&scratch, "out/"), &options, &result, &err);
        assert_int_equal(status, HW_ECHANGED);
        assert_true(strstr(err.object, "a.csv"));
        assert_string_equal(scratch_names(&scratch), "a.csv ");
        free(meddler.path);
        scratch_remove(&scratch);
    }
}

static bool asked_often(void *ctx) {
    return atomic_fetch_add((atomic_int *)ctx, 1) >= 5;
}

static void a_stop_leaves_nothing(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct scratch scratch = scratch_make();
        struct hw_convert_result result;
        struct hw_error err = HW_ERROR_INIT;
        atomic_int asked = 0;
        for (int i = 0; i < 20; i++) {
            char name[32];
            snprintf(name, sizeof(name), "in/%d.csv", i);
            text_write(&scratch, name, GOOD);
        }
        const char *source = scratch_path(&scratch, "in/");
        const struct hw_convert_options options = {
            .threads = threads, .row_group_bytes = 1, .cancelled = asked_often, .ctx = &asked};
        assert_int_equal(hw_convert(&source, 1, scratch_path(&scratch, "out/"), &options, &result, &err),
                         HW_ECANCELLED);
        assert_in_range(result.converted, 0, 19);
        assert_null(strstr(scratch_names(&scratch), ".hawser-"));
        scratch_remove(&scratch);
    }
}

/* The first span fails while rows of later ones are queued. */
static void a_failure_drops_what_is_queued(void **state) {
    (void)state;
    enum { ROWS = 4000, RUNS = 40 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(hw_buf_printf(&text, NULL, i == ROWS / 4 ? "%d\n" : "%d,some words\n", i), HW_OK);
    }
    scratch_write(&scratch, "a.csv", text.data, text.size);
    for (int i = 0; i < RUNS; i++) {
        struct told told;
        const struct hw_convert_options options = {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
                                                   .threads = 4,
                                                   .row_group_bytes = text.size / 5,
                                                   .row_group_rows = 100};
        assert_int_equal(convert(&scratch, SOURCES("a.csv"), "out/", &options, &told), HW_EDATA);
        assert_int_equal(told.err.line, ROWS / 4 + 2);
        assert_string_equal(scratch_names(&scratch), "a.csv ");
    }
    scratch_remove(&scratch);
}

static int64_t changed_at(const struct scratch *scratch, const char *name) {
    struct stat info;
    assert_int_equal(stat(scratch_path(scratch, name), &info), 0);
    return (int64_t)info.st_ino * 1000000000 + info.st_mtim.tv_nsec;
}

static void what_is_current_is_left_alone(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    const struct hw_convert_options both = {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO};
    const struct hw_convert_options snappy = {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO, .compression = "snappy"};
    text_write(&scratch, "in/a.csv", GOOD);
    text_write(&scratch, "in/b.csv", GOOD);
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &both, &told), told);
    assert_int_equal(told.converted, 2);
    int64_t parquet = changed_at(&scratch, "out/a.parquet");
    int64_t avro = changed_at(&scratch, "out/a.avro");

    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &both, &told), told);
    assert_int_equal(told.skipped, 2);
    remove(scratch_path(&scratch, "out/a.avro")); /* one of two is gone: that one is made */
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &both, &told), told);
    assert_int_equal(told.converted, 1);
    assert_int_equal(told.skipped, 1);
    assert_true(changed_at(&scratch, "out/a.parquet") == parquet);
    assert_true(changed_at(&scratch, "out/a.avro") != avro);

    text_write(&scratch, "in/a.csv", GOOD "3,z\n"); /* another source */
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &both, &told), told);
    assert_int_equal(told.converted, 1);
    assert_int_equal(told.result.rows_out, 3);
    /* other options */
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &snappy, &told), told);
    assert_int_equal(told.converted, 2);
    text_write(&scratch, "out/b.parquet", "cut short"); /* not what the manifest says */
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &snappy, &told), told);
    assert_int_equal(told.converted, 1);
    scratch_remove(&scratch);
}

/* The same --compression means Parquet's codec with both formats and Avro's with Avro alone. */
static void a_codec_counts_for_the_format_that_it_is_meant_for(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "a.csv", GOOD);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/",
                            &(struct hw_convert_options){.formats = HW_FORMAT_AVRO, .compression = "zstd"}, &told),
                    told);
    const struct hw_convert_options both = {.formats = HW_FORMAT_AVRO | HW_FORMAT_PARQUET, .compression = "zstd"};
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &both, &told), told);
    HW_AUTO(hw_buf) file = {0};
    assert_true(corpus_read(scratch_path(&scratch, "out/a.avro"), &file));
    assert_non_null(memmem(file.data, file.size, "deflate", 7));
    scratch_remove(&scratch);
}

static void overwrite_rules(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_overwrite overwrite;
        enum hw_status want;
        bool replaced;
    } rows[] = {
        {"auto", HW_OVERWRITE_AUTO, HW_OK, true},
        {"skip", HW_OVERWRITE_SKIP, HW_OK, false},
        {"replace", HW_OVERWRITE_REPLACE, HW_OK, true},
        {"fail", HW_OVERWRITE_FAIL, HW_EEXISTS, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct told told;
        text_write(&scratch, "a.csv", GOOD);
        text_write(&scratch, "out/a.parquet", "old");
        text_write(&scratch, "b.parquet", "old");
        const struct hw_convert_options options = {.overwrite = rows[i].overwrite};
        assert_row_int(rows[i].name, convert(&scratch, SOURCES("a.csv"), "out/", &options, &told), rows[i].want);
        assert_row_int(rows[i].name, convert(&scratch, SOURCES("a.csv"), "b.parquet", &options, &told), rows[i].want);
        assert_row_int(rows[i].name, scratch_holds(&scratch, "out/a.parquet", "old", 3), !rows[i].replaced);
        assert_row_int(rows[i].name, scratch_holds(&scratch, "b.parquet", "old", 3), !rows[i].replaced);
        /* With nothing there all four write. */
        assert_row_int(rows[i].name, convert(&scratch, SOURCES("a.csv"), "new/", &options, &told), HW_OK);
        assert_row_int(rows[i].name, told.converted, 1);
        /* One of two formats there. */
        const struct hw_convert_options both = {.overwrite = rows[i].overwrite,
                                                .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO};
        assert_row_int(rows[i].name, convert(&scratch, SOURCES("a.csv"), "out/", &both, &told), rows[i].want);
        assert_row_int(rows[i].name, access(scratch_path(&scratch, "out/a.avro"), F_OK) == 0, rows[i].want == HW_OK);
        scratch_remove(&scratch);
    }
}

/* Which outputs a set of sources has, or why none. */
static const struct {
    const char *name;
    const char *sources[4];
    const char *destination;
    enum hw_status want;
    const char *says;
    const char *made; /* below the destination */
} plans[] = {
    {"several sources", {"in/a.csv", "in/x/b.csv"}, "out/", HW_OK, "", "_manifest.json a.parquet b.parquet "},
    {"a glob", {"in/*.csv"}, "out/", HW_OK, "", "_manifest.json a.parquet "},
    {"a glob of any name", {"in/*.dat"}, "out/", HW_OK, "", "_manifest.json t.dat.parquet "},
    {"a glob that is a name", {"in/[1].csv"}, "out/", HW_OK, "", "[1].parquet _manifest.json "},
    {"a glob through folders", {"in/**/*.csv"}, "out/", HW_OK, "", "_manifest.json a.parquet x/ x/b.parquet "},
    {"a glob of folders", {"in/[x]/"}, "out/", HW_OK, "", "_manifest.json x/ x/a.parquet x/b.parquet "},
    {"a glob of alternatives", {"in/{a.csv,*.dat}"}, "out/", HW_OK, "", "_manifest.json a.parquet t.dat.parquet "},
    {"a glob for nothing", {"in/*.none"}, "out/", HW_ENOTFOUND, "found no objects", ""},
    {"a folder without CSV", {"empty/"}, "out/", HW_ENOTFOUND, "none is CSV or Avro by its name", ""},
    {"a source that is not there", {"in/none.csv"}, "out/", HW_ENOTFOUND, "No such file", ""},
    {"one there, one not",
     {"in/a.csv", "in/none.csv"},
     "out/",
     HW_EPARTIAL,
     "1 of 2 objects failed",
     "_manifest.json a.parquet "},
    {"several for one file", {"in/a.csv", "in/x/b.csv"}, "out.parquet", HW_EUSAGE, "several sources need a folder", ""},
    {"a folder for one file", {"in/x/"}, "out.parquet", HW_EUSAGE, "several sources need a folder", ""},
    {"two with one name", {"in/a.csv", "in/x/a.tsv.gz"}, "out/", HW_EUSAGE, "would be one output", ""},
    {"the same twice", {"in/a.csv", "in/a.csv"}, "out/", HW_EUSAGE, "would be one output", ""},
    {"a file in a folder that is not there", {"in/a.csv"}, "none/a.parquet", HW_ENOTFOUND, "does not exist", ""},
    {"a ZIP of one", {"zip/one.zip"}, "out/", HW_OK, "", "_manifest.json one.parquet "},
    {"a ZIP of two", {"zip/two.zip"}, "out/", HW_OK, "", "_manifest.json two/ two/m.parquet two/n/ two/n/o.parquet "},
    {"a ZIP of two for one file", {"zip/two.zip"}, "out.parquet", HW_EUSAGE, "needs a folder", ""},
    {"a ZIP whose members have one output",
     {"zip/same.zip"},
     "out/",
     HW_EPARTIAL,
     "1 of 2 objects failed",
     "_manifest.json same/ same/m.parquet "},
    {"a ZIP without files", {"zip/none.zip"}, "out/", HW_EDATA, "a ZIP without files", ""},
    {"no table", {"empty/no.txt"}, "out/", HW_EDATA, "found no header", ""},
};

static void sources_make(const struct scratch *scratch) {
    const hw_view good = HW_VIEW(GOOD);
    text_write(scratch, "in/a.csv", GOOD);
    text_write(scratch, "in/t.dat", GOOD);
    text_write(scratch, "in/x/b.csv", GOOD);
    text_write(scratch, "in/x/a.tsv.gz", GOOD);
    text_write(scratch, "empty/readme.md", "");
    zip_write(scratch, "zip/one.zip", (const char *const[]){"m.csv", NULL}, good);
    zip_write(scratch, "zip/two.zip", (const char *const[]){"m.csv", "n/o.csv", NULL}, good);
    zip_write(scratch, "zip/same.zip", (const char *const[]){"m.csv", "m.tsv", NULL}, good);
    zip_write(scratch, "zip/none.zip", (const char *const[]){NULL}, good);
}

/* What lies in a folder, each name followed by a space. */
static void names_below(const struct scratch *scratch, const char *folder, char *out, size_t out_bytes) {
    size_t used = 0;
    out[0] = '\0';
    for (const char *name = scratch_names(scratch); *name; name += strcspn(name, " ") + 1) {
        int bytes = (int)strcspn(name, " ") - (int)strlen(folder);
        if (bytes > 0 && strncmp(name, folder, strlen(folder)) == 0) {
            used += (size_t)snprintf(out + used, out_bytes - used, "%.*s ", bytes, name + strlen(folder));
        }
    }
}

static void sources_have_these_outputs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        struct scratch scratch = scratch_make();
        struct told told;
        sources_make(&scratch);
        if (strstr(plans[i].name, "a name")) {
            text_write(&scratch, "in/[1].csv", GOOD);
        }
        if (strstr(plans[i].name, "no table")) {
            text_write(&scratch, "empty/no.txt", "");
        }
        assert_row_int(plans[i].name,
                       convert(&scratch, plans[i].sources, plans[i].destination,
                               &(struct hw_convert_options){.threads = 1}, &told),
                       plans[i].want);
        assert_row_says(plans[i].name, told.err.message, plans[i].says);
        char made[4096];
        names_below(&scratch, "out/", made, sizeof(made));
        assert_row_text(plans[i].name, made, plans[i].made);
        scratch_remove(&scratch);
    }
}

/* The member of the ZIP must not take the place of the file, whichever comes first. */
static void a_member_does_not_take_the_place_of_a_file(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    sources_make(&scratch);
    remove(scratch_path(&scratch, "zip/none.zip"));
    remove(scratch_path(&scratch, "zip/same.zip"));
    text_write(&scratch, "zip/two/m.csv", "a,b\n1,2\n4,5\n7,8\n");
    assert_int_equal(convert(&scratch, SOURCES("zip/"), "out/", &(struct hw_convert_options){0}, &told), HW_EPARTIAL);
    assert_int_equal(told.failed, 1);
    assert_int_equal(told.object_err.status, HW_EUSAGE);
    const bool member_last = strstr(told.object_err.object, "zip/two.zip#m.csv") != NULL;
    assert_true(strstr(told.object_err.message,
                       member_last ? "zip/two/m.csv would be one output" : "zip/two.zip#m.csv would be one output"));
    assert_int_equal(told.result.rows_out, 2 + 2 + 3); /* one.zip, the other member, the file */
    scratch_remove(&scratch);
}

static void a_dry_run_writes_nothing(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "in/a.csv", GOOD);
    text_write(&scratch, "in/x/b.csv", RAGGED);
    const struct hw_convert_options options = {.dry_run = true, .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO};
    assert_converts(convert(&scratch, SOURCES("in/"), "deep/out/", &options, &told), told);
    assert_int_equal(told.planned, 2);
    assert_string_equal(scratch_names(&scratch), "in/ in/a.csv in/x/ in/x/b.csv ");
    scratch_remove(&scratch);
}

static void the_limit_of_rejects(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t max;
        double ratio;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"no limit", 0, 0, HW_OK, ""},
        {"as many as may be", 3, 0, HW_OK, ""},
        {"one too many", 2, 0, HW_EDATA, "3 records were rejected, at most 2 may be"},
        {"the share that may be", 0, 0.3, HW_OK, ""},
        {"above the share", 0, 0.29, HW_EDATA, "3 of 10 records were rejected, at most 29 % may be"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct told told;
        text_write(&scratch, "a.csv", "a,b\n1,1\n2\n3,3\n4,4\n5\n6,6\n7,7\n8,8\n9\n10,10\n");
        const struct hw_convert_options options = {
            .row_group_bytes = 5,
            .csv = {.bad_rows_reject = true, .rejects_max = rows[i].max, .rejects_max_ratio = rows[i].ratio}};
        assert_row_int(rows[i].name, convert(&scratch, SOURCES("a.csv"), "out/", &options, &told), rows[i].want);
        assert_row_says(rows[i].name, told.err.message, rows[i].says);
        assert_row_int(rows[i].name, access(scratch_path(&scratch, "out/a.parquet"), F_OK) == 0, rows[i].want == HW_OK);
        assert_row_int(rows[i].name, access(scratch_path(&scratch, "out/a.rejects.jsonl"), F_OK) == 0,
                       rows[i].want == HW_OK);
        scratch_remove(&scratch);
    }
}

static json_t *json_read(const struct scratch *scratch, const char *name) {
    HW_AUTO(hw_buf) text = {0};
    assert_true(corpus_read(scratch_path(scratch, name), &text));
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static void the_manifest_keeps_what_earlier_runs_made(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    const struct hw_convert_options options = {0};
    text_write(&scratch, "a.csv", GOOD);
    text_write(&scratch, "b.csv", GOOD "3,z\n");
    assert_converts(convert(&scratch, SOURCES("b.csv"), "out/", &options, &told), told);
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &options, &told), told);
    json_t *manifest = json_read(&scratch, "out/_manifest.json");
    json_t *objects = json_object_get(manifest, "objects");
    assert_int_equal(json_array_size(objects), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 0), "path")), "a.parquet");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(objects, 0), "rows")), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(objects, 1), "path")), "b.parquet");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(objects, 1), "rows")), 3);
    json_decref(manifest);

    /*
     * What lists the files of earlier runs is not thrown away unasked; what is lost by that is
     * told.
     */
    static const char *const broken[] = {"{\"objects\": [{\"path\"", "", "{\"hawser_manifest\": 2, \"objects\": []}"};
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        text_write(&scratch, "out/_manifest.json", broken[i]);
        assert_row_int(broken[i], convert(&scratch, SOURCES("a.csv"), "out/", &options, &told), HW_EDATA);
        assert_row_says(broken[i], told.err.message, "--overwrite replace does without it");
        assert_row_int(broken[i], scratch_holds(&scratch, "out/_manifest.json", broken[i], strlen(broken[i])), true);
    }
    const struct hw_convert_options replacing = {.overwrite = HW_OVERWRITE_REPLACE};
    assert_converts(convert(&scratch, SOURCES("a.csv"), "out/", &replacing, &told), told);
    assert_int_equal(told.converted, 1);
    assert_int_equal(told.warnings, 1);
    assert_non_null(strstr(told.warning.message, "the manifest is made anew"));
    manifest = json_read(&scratch, "out/_manifest.json");
    assert_int_equal(json_array_size(json_object_get(manifest, "objects")), 1);
    json_decref(manifest);
    scratch_remove(&scratch);
}

static void a_report_at_a_path(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told;
    text_write(&scratch, "a\xff.csv", RAGGED); /* a name that is no UTF-8 */
    text_write(&scratch, "b.csv", "");
    struct hw_convert_options options = {.csv = {.bad_rows_reject = true},
                                         .report_path = scratch_path(&scratch, "deep/report.json")};
    assert_int_equal(convert(&scratch, SOURCES("a\xff.csv", "b.csv", "none.csv"), "out/", &options, &told),
                     HW_EPARTIAL);
    json_t *report = json_read(&scratch, "deep/report.json");
    assert_int_equal(json_integer_value(json_object_get(report, "objects_total")), 3);
    assert_int_equal(json_integer_value(json_object_get(report, "converted")), 1);
    assert_int_equal(json_integer_value(json_object_get(report, "failed")), 2);
    assert_int_equal(json_integer_value(json_object_get(report, "rejected")), 1);
    json_decref(report);
    json_t *manifest = json_read(&scratch, "out/_manifest.json");
    json_t *entry = json_array_get(json_object_get(manifest, "objects"), 0);
    assert_string_equal(json_string_value(json_object_get(entry, "path")), "a\\xff.parquet");
    json_decref(manifest);
    options.report_path = NULL;
    assert_int_equal(convert(&scratch, SOURCES("a\xff.csv"), "out/", &options, &told), HW_OK);
    scratch_remove(&scratch);
}

static void a_pipe_takes_one_format_and_one_source(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    const char *source = scratch_path(&scratch, "a.csv");
    text_write(&scratch, "a.csv", GOOD);
    int fd = open(scratch_path(&scratch, "result"), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    struct hw_convert_options options = {.formats = HW_FORMAT_AVRO, .output_fd = fd};
    assert_ok(hw_convert(&source, 1, "-", &options, &result, &err), err);
    char magic[4];
    assert_int_equal(pread(fd, magic, 4, 0), 4);
    assert_memory_equal(magic, "Obj\1", 4);
    assert_int_equal(lseek(fd, 0, SEEK_END), result.bytes_out);
    options.formats |= HW_FORMAT_PARQUET;
    assert_int_equal(hw_convert(&source, 1, "-", &options, &result, &err), HW_EUSAGE);
    options.formats = HW_FORMAT_AVRO;
    options.csv.bad_rows_reject = true;
    assert_int_equal(hw_convert(&source, 1, "-", &options, &result, &err), HW_EUSAGE);
    assert_int_equal(hw_convert(&source, 0, "-", &options, &result, &err), HW_EUSAGE);
    assert_string_equal(err.message, "no source is named");
    close(fd);
    scratch_remove(&scratch);
}

static void thousands_of_small_objects(void **state) {
    (void)state;
    enum { FILES = 3000 };
    struct scratch scratch = scratch_make();
    struct told told;
    for (int i = 0; i < FILES; i++) {
        char name[64];
        snprintf(name, sizeof(name), "in/%d/%d.csv", i % 10, i);
        text_write(&scratch, name, GOOD);
    }
    quick_io();
    int64_t start_us = hw_clock_monotonic_us();
    assert_converts(convert(&scratch, SOURCES("in/"), "out/", &(struct hw_convert_options){.threads = 4}, &told), told);
    int64_t took_us = hw_clock_monotonic_us() - start_us;
    hw_io_set(NULL);
    assert_int_equal(told.converted, FILES);
    assert_int_equal(told.result.rows_out, 2 * FILES);
    json_t *manifest = json_read(&scratch, "out/_manifest.json");
    assert_int_equal(json_array_size(json_object_get(manifest, "objects")), FILES);
    json_decref(manifest);
    print_message("%d files: %.2f s\n", FILES, (double)took_us / 1e6);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_below_a_folder_are_kept),
        cmocka_unit_test(a_folder_may_be_source_and_destination),
        cmocka_unit_test(a_file_is_not_its_own_destination),
        cmocka_unit_test(rejects_of_an_earlier_run_go),
        cmocka_unit_test(told_rejects_go_without_being_asked_for),
        cmocka_unit_test(a_source_that_changes_is_refused),
        cmocka_unit_test(a_stop_leaves_nothing),
        cmocka_unit_test(a_failure_drops_what_is_queued),
        cmocka_unit_test(what_is_current_is_left_alone),
        cmocka_unit_test(a_codec_counts_for_the_format_that_it_is_meant_for),
        cmocka_unit_test(overwrite_rules),
        cmocka_unit_test(sources_have_these_outputs),
        cmocka_unit_test(a_member_does_not_take_the_place_of_a_file),
        cmocka_unit_test(a_dry_run_writes_nothing),
        cmocka_unit_test(the_limit_of_rejects),
        cmocka_unit_test(the_manifest_keeps_what_earlier_runs_made),
        cmocka_unit_test(a_report_at_a_path),
        cmocka_unit_test(a_pipe_takes_one_format_and_one_source),
        cmocka_unit_test(thousands_of_small_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
