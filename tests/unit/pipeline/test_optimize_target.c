/* SPDX-License-Identifier: Apache-2.0 */
/* Where outputs go, and what stands in their way. */
#include "pipeline/optimize_target.h"

#include <stdio.h>
#include <unistd.h>

#include "support/scratch.h"
#include "unit/pipeline/optimize_desk.h"

enum { SOURCES_MAX = 3 };

static const struct {
    const char *name;
    const char *destination;
    bool several;
    enum hw_status want;
    const char *says;
    /* One of these is expected. */
    const char *prefix, *key;
} targets[] = {
    {"an object", "mem://b/a.parquet", false, HW_OK, "", NULL, "b/a.parquet"},
    {"a folder", "mem://b/", false, HW_OK, "", "b/", NULL},
    {"a folder of several", "mem://b/", true, HW_OK, "", "b/", NULL},
    {"the root", "mem://", true, HW_OK, "", "", NULL},
    {"an object of several", "mem://b", true, HW_EUSAGE,
     "several sources need a folder as destination: end \"mem://b\"", NULL, NULL},
    {"none", NULL, true, HW_OK, "", NULL, NULL},
    {"standard output", "-", false, HW_EUSAGE, "cannot be written to standard output", NULL, NULL},
    {"the web", "https://example.com/", false, HW_EUSAGE, "https", NULL, NULL},
    {"a store that nobody has", "other://b/", false, HW_EUSAGE, "other", NULL, NULL},
};

static void text_check(const char *row, const char *got, const char *want) {
    assert_row_int(row, got != NULL, want != NULL);
    assert_row_text(row, got ? got : "", want ? want : "");
}

static void targets_are_objects_or_folders(void **state) {
    (void)state;
    struct optimize_desk desk;
    optimize_desk_init(&desk);
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        const struct hw_optimize_options options = {.target_store = {.stores = &desk.files.store, .stores_count = 1}};
        struct hw_optimize_target target = {0};
        struct hw_error err = HW_ERROR_INIT;
        const char *name = targets[i].name;
        assert_row_int(name,
                       hw_optimize_target_open(&target, targets[i].destination, targets[i].several, &options, &err),
                       targets[i].want);
        assert_row_says(name, err.message, targets[i].says);
        if (targets[i].want == HW_OK) {
            text_check(name, target.prefix, targets[i].prefix);
            text_check(name, target.key, targets[i].key);
            assert_row_int(name, target.store != NULL, targets[i].destination != NULL);
        }
        hw_optimize_target_release(&target);
    }
    optimize_desk_release(&desk);
}

/* What files cannot have is found before anything is read. */
static void write_options_are_those_of_the_store(void **state) {
    (void)state;
    struct optimize_desk desk;
    const struct hw_write_options write = {.acl = "a\n"};
    const struct hw_optimize_options options = {.write = &write};
    static const char *const sources[] = {"mem://none.parquet", NULL};
    optimize_desk_init(&desk);
    assert_int_equal(optimize_run(&desk, sources, "mem://out.parquet", &options), HW_EUSAGE);
    assert_row_says("an ACL", desk.err.message, "the ACL");
    optimize_desk_release(&desk);
}

#define DONE " rewritten HW_OK rows 1000 groups 1-1 proved\n"

static const struct {
    const char *name;
    const char *sources[SOURCES_MAX];
    const char *target;
    const char *report;
    enum hw_status want;
    const char *says;
    const char *told;
} runs[] = {
    {"the path below the folder is kept",
     {"mem://lake/"},
     "mem://out/",
     NULL,
     HW_OK,
     "",
     "mem://lake/a.parquet mem://out/a.parquet" DONE "mem://lake/small/a.parquet mem://out/small/a.parquet" DONE},
    {"so is that of a glob",
     {"mem://lake/*/a.parquet"},
     "mem://out/",
     NULL,
     HW_OK,
     "",
     "mem://lake/small/a.parquet mem://out/small/a.parquet" DONE},
    {"outputs inside of the folder are no sources",
     {"mem://lake/"},
     "mem://lake/small/",
     NULL,
     HW_OK,
     "",
     "mem://lake/a.parquet mem://lake/small/a.parquet" DONE},
    {"outputs inside of the folder of a glob are none either",
     {"mem://lake/**.parquet"},
     "mem://lake/small/",
     NULL,
     HW_OK,
     "",
     "mem://lake/a.parquet mem://lake/small/a.parquet" DONE},
    {"a file that is named is a source wherever it lies",
     {"mem://lake/small/a.parquet"},
     "mem://lake/small/",
     NULL,
     HW_OK,
     "",
     "mem://lake/small/a.parquet mem://lake/small/a.parquet" DONE},
    {"a folder inside of the target",
     {"mem://lake/small/"},
     "mem://lake/",
     NULL,
     HW_OK,
     "",
     "mem://lake/small/a.parquet mem://lake/a.parquet" DONE},
    {"two sources of one name",
     {"mem://lake/a.parquet", "mem://lake/small/a.parquet"},
     "mem://out/",
     NULL,
     HW_EPARTIAL,
     "1 of 2 files could not be optimised",
     "mem://lake/a.parquet mem://out/a.parquet" DONE
     "mem://lake/small/a.parquet mem://out/a.parquet failed HW_EEXISTS rows 0 groups 0-0\n"},
    {"a report in the place of a source",
     {"mem://lake/a.parquet"},
     "mem://out/",
     "mem://lake/a.parquet",
     HW_EUSAGE,
     "source and report are the same object",
     ""},
    {"a report in the place of an output",
     {"mem://lake/a.parquet"},
     "mem://out/",
     "mem://out/a.parquet",
     HW_EUSAGE,
     "output and report are the same object",
     ""},
    {"a report beside them",
     {"mem://lake/a.parquet"},
     "mem://out/",
     "mem://out/b.json",
     HW_OK,
     "",
     "mem://lake/a.parquet mem://out/a.parquet" DONE},
};

static void outputs_have_their_places(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        struct optimize_desk desk;
        HW_AUTO(hw_buf) before = {0};
        const struct hw_optimize_options options = {.report_path = runs[i].report, .force = true};
        optimize_desk_init(&desk);
        optimize_make(&desk, "lake/a.parquet", 1000, 0);
        optimize_copy(&desk, "lake/a.parquet", &before);
        desk_put(&desk.files, "lake/small/a.parquet", before.data, before.size);
        assert_row_int(runs[i].name, optimize_run(&desk, runs[i].sources, runs[i].target, &options), runs[i].want);
        assert_row_says(runs[i].name, desk.err.message, runs[i].says);
        optimize_check_told(runs[i].name, &desk, runs[i].told);
        if (runs[i].want == HW_EUSAGE) {
            optimize_check_bytes(runs[i].name, &desk, "lake/a.parquet", hw_buf_view(&before));
        }
        optimize_desk_release(&desk);
    }
}

/* What is put aside lies where the output will, if that is a local file. */
static void places_have_folders(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool files;
        const char *output, *linked;
        const char *want; /* NULL: none */
    } rows[] = {
        {"a path", true, "/lake/x/a.parquet", NULL, "/lake/x"},
        {"a path that is not absolute", true, "x/a.parquet", NULL, "x"},
        {"a name", true, "a.parquet", NULL, "."},
        {"in the root", true, "/a.parquet", NULL, "/"},
        {"a link", true, "/lake/a.parquet", "/disk/b.parquet", "/disk"},
        {"an object", false, "s3://lake/x/a.parquet", NULL, NULL},
        {"no output", true, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store store = {.files = rows[i].files};
        const struct hw_optimize_target target = {.store = &store};
        const struct hw_optimize_place place = {.output = rows[i].output, .linked = rows[i].linked};
        const char *folder = "";
        assert_ok(hw_optimize_place_folder(&target, &place, &arena, &folder, &err), err);
        text_check(rows[i].name, folder, rows[i].want);
    }
}

/* A local file is the same by whatever path, and a folder is one without a slash too. */
static void local_files_are_known_by_any_path(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct optimize_desk desk;
    HW_AUTO(hw_buf) bytes = {0};
    static const struct {
        const char *name, *target, *outcome;
    } rows[] = {
        {"by its name", "a.parquet", "/a.parquet rewritten"},
        {"to its folder", "", "/a.parquet rewritten"},
        {"by a link to its folder", "link/a.parquet", "/link/a.parquet rewritten"},
    };
    optimize_desk_init(&desk);
    optimize_make(&desk, "a.parquet", 1000, 0);
    optimize_copy(&desk, "a.parquet", &bytes);
    assert_int_equal(symlink(".", scratch_path(&scratch, "link")), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char source[512], target[512];
        const char *const sources[] = {source, NULL};
        scratch_write(&scratch, "a.parquet", bytes.data, bytes.size);
        snprintf(source, sizeof(source), "%s", scratch_path(&scratch, "a.parquet"));
        snprintf(target, sizeof(target), "%s", scratch_path(&scratch, rows[i].target));
        /* In place nothing stands in the way. */
        const struct hw_optimize_options options = {.overwrite = HW_OVERWRITE_FAIL};
        assert_ok(optimize_run(&desk, sources, target, &options), desk.err);
        assert_ok(hw_buf_append_byte(&desk.told, '\0', &desk.err), desk.err);
        assert_row_says(rows[i].name, (const char *)desk.told.data, rows[i].outcome);
        assert_row_int(rows[i].name, scratch_holds(&scratch, "a.parquet", bytes.data, bytes.size), false);
    }
    optimize_desk_release(&desk);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_objects_or_folders),    cmocka_unit_test(write_options_are_those_of_the_store),
        cmocka_unit_test(outputs_have_their_places),         cmocka_unit_test(places_have_folders),
        cmocka_unit_test(local_files_are_known_by_any_path),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_target", tests, NULL, NULL);
}
