/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_join.h"

#include <stdio.h>

#include "unit/pipeline/join_desk.h"

enum { KEYS_MAX = 5, PARTS_MAX = 40 };

static const struct hw_column_rename renames[] = {{"n", "number"}};
static const char *const no_column[] = {"none"};

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

/* Adds to the desk's files those that these tests have beside. */
static void files_fill(struct optimize_desk *files) {
    optimize_desk_fill(files);
    join_other_make(files, "other.parquet");
    join_other_make(files, "other2.parquet");
    optimize_make(files, "empty.parquet", 0, 0);
    optimize_make(files, "empty2.parquet", 0, 0);
}

static struct hw_optimize_join join_of(struct join_desk *desk, const struct hw_optimize_join_listener *listener) {
    return (struct hw_optimize_join){
        .work = &desk->work,
        .crew = desk->crew,
        .sources = desk->sources,
        .count = desk->count,
        .listener = listener,
    };
}

static void told_check(const char *row, struct optimize_desk *files, const char *says) {
    assert_int_equal(hw_buf_end_text(&files->told, NULL), HW_OK);
    assert_row_says(row, (const char *)files->told.data, says);
}

/* ------ one output of all sources */

static const struct {
    const char *name;
    const char *keys[KEYS_MAX];
    const char *target;
    struct hw_optimize_options options;
    struct join_faults faults;
    enum hw_status refuses; /* of the listener */
    enum hw_status want;
    const char *says; /* of what is told */
    bool written;
} alls[] = {
    {.name = "three files",
     .keys = {"a.parquet", "lake/c.pq", "lake/x/b.parquet"},
     .says = "mem://a.parquet mem://out.parquet rewritten HW_OK rows 3001 groups 7-1 proved\n"
             "  of mem://a.parquet mem://lake/c.pq mem://lake/x/b.parquet\n",
     .written = true},
    {.name = "the order is theirs",
     .keys = {"lake/x/b.parquet", "a.parquet"},
     .says = "mem://lake/x/b.parquet mem://out.parquet rewritten HW_OK rows 3000 groups 6-1 proved\n"
             "  of mem://lake/x/b.parquet mem://a.parquet\n",
     .written = true},
    {.name = "one file",
     .keys = {"lake/c.pq"},
     .says = "mem://lake/c.pq mem://out.parquet rewritten HW_OK rows 1 groups 1-1 proved\n  of mem://lake/c.pq\n",
     .written = true},
    {.name = "files without rows are sources too",
     .keys = {"empty.parquet", "empty2.parquet"},
     .says = "mem://empty.parquet mem://out.parquet rewritten HW_OK rows 0 groups 0-0 proved\n"
             "  of mem://empty.parquet mem://empty2.parquet\n",
     .written = true},
    {.name = "row groups of a few rows",
     .keys = {"lake/x/b.parquet", "lake/c.pq"},
     .options = {.row_group_rows = 300},
     .says = "rewritten HW_OK rows 1001 groups 2-4 proved",
     .written = true},
    {.name = "columns that are chosen and renamed",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.columns = {.renames = renames, .renames_count = 1}},
     .says = "rewritten HW_OK rows 2001 groups 6-1 proved",
     .written = true},
    {.name = "other columns",
     .keys = {"a.parquet", "lake/c.pq", "other.parquet"},
     .says = "mem://other.parquet - failed HW_EDATA rows 0 groups 0-0\n"
             "  of mem://a.parquet mem://lake/c.pq mem://other.parquet: it has 1 column, and mem://a.parquet has 3\n"},
    {.name = "a file that is not there",
     .keys = {"a.parquet", "none.parquet"},
     .says = "mem://none.parquet - failed HW_ENOTFOUND rows 0 groups 0-0\n"},
    {.name = "a page that is spoilt",
     .keys = {"a.parquet", "spoilt.parquet"},
     .says = "failed HW_EDATA rows 0 groups 0-0\n  of mem://a.parquet mem://spoilt.parquet: row group 0"},
    {.name = "footers that do not fit",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.memory_bytes = 1000},
     .says = "mem://a.parquet - failed HW_ELIMIT"},
    {.name = "what is there is skipped",
     .keys = {"a.parquet", "lake/c.pq"},
     .target = "mem://there.parquet",
     .options = {.overwrite = HW_OVERWRITE_SKIP},
     .says = "mem://a.parquet mem://there.parquet skipped HW_OK rows 0 groups 0-0\n"
             "  of mem://a.parquet mem://lake/c.pq\n"},
    {.name = "nothing is there to be skipped",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.overwrite = HW_OVERWRITE_SKIP},
     .says = "rewritten HW_OK rows 2001",
     .written = true},
    {.name = "what is there is in the way",
     .keys = {"a.parquet", "lake/c.pq"},
     .target = "mem://there.parquet",
     .options = {.overwrite = HW_OVERWRITE_FAIL},
     .says = "failed HW_EEXISTS rows 0 groups 0-0\n  of mem://a.parquet mem://lake/c.pq: exists already"},
    {.name = "a place that cannot be looked at",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.overwrite = HW_OVERWRITE_SKIP},
     .faults = {.stat_at = 1},
     .says = "failed HW_EIO"},
    {.name = "a target that cannot be opened",
     .keys = {"a.parquet", "lake/c.pq"},
     .faults = {.sink_at = 1},
     .says = "failed HW_EAUTH rows 0 groups 0-0\n  of mem://a.parquet mem://lake/c.pq: injected"},
    {.name = "a target that cannot be settled",
     .keys = {"a.parquet", "lake/c.pq"},
     .faults = {.settle_at = 1},
     .says = "failed HW_EIO"},
    {.name = "a target that cannot be finished",
     .keys = {"a.parquet", "lake/c.pq"},
     .faults = {.finish_at = 1},
     .says = "failed HW_EIO rows 0 groups 0-0\n  of mem://a.parquet mem://lake/c.pq: injected\n"},
    {.name = "a source that has changed",
     .keys = {"a.parquet", "lake/c.pq"},
     .faults = {.stat_at = 2, .newer = "lake/c.pq"},
     .says = "mem://lake/c.pq - failed HW_ECHANGED rows 0 groups 0-0\n"},
    {.name = "a dry run",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.dry_run = true},
     .says = "mem://a.parquet mem://out.parquet planned HW_OK rows 2001 groups 6-1 proved\n"},
    {.name = "a column that is not there ends the call",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.columns = {.select = no_column, .select_count = 1}},
     .want = HW_EUSAGE,
     .says = ""},
    {.name = "a call that is cancelled",
     .keys = {"a.parquet", "lake/c.pq"},
     .options = {.source_store = {.cancelled = always}},
     .want = HW_ECANCELLED,
     .says = ""},
    {.name = "a listener that wants no output",
     .keys = {"a.parquet", "lake/c.pq"},
     .refuses = HW_EFAILED,
     .want = HW_EFAILED,
     .says = "",
     .written = true},
    {.name = "a listener that wants no failure",
     .keys = {"a.parquet", "other.parquet"},
     .refuses = HW_EFAILED,
     .want = HW_EFAILED,
     .says = ""},
};

static void all_sources_become_one(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(alls); i++) {
        struct optimize_desk files;
        struct join_desk desk;
        files_fill(&files);
        const struct hw_optimize_join_listener listener = {&files, join_told};
        join_desk_open(&desk, &files, alls[i].target ? alls[i].target : "mem://out.parquet", &alls[i].options);
        join_desk_add_all(&desk, alls[i].keys);
        const struct hw_optimize_join join = join_of(&desk, &listener);
        files.refuses = alls[i].refuses;
        join_faults_begin(files.files.store, alls[i].faults);
        assert_row_int(alls[i].name, hw_optimize_join_all(&join, &desk.err), alls[i].want);
        join_faults_end();
        assert_row_text(alls[i].name, desk.err.object,
                        alls[i].want == HW_EUSAGE || alls[i].want == HW_ECANCELLED ? "mem://a.parquet" : "");
        told_check(alls[i].name, &files, alls[i].says);
        assert_row_int(alls[i].name, optimize_size(&files, "out.parquet") > 0, alls[i].written);
        join_desk_close(&desk);
        optimize_desk_release(&files);
    }
}

/* ------ outputs of about one size */

#define AB \
    { "a.parquet", "lake/x/b.parquet" }

static const struct {
    const char *name;
    const char *keys[KEYS_MAX];
    uint64_t bytes;
    struct hw_optimize_options options;
    struct join_faults faults;
    const char *others[2]; /* that the folder has; they are there */
    bool nowhere;          /* There is no target. */
    bool stay;
    enum hw_status want;
    const char *says;
    size_t parts; /* that are there then; PARTS_MAX: two or more */
} folders[] = {
    {.name = "files that fit together",
     .keys = AB,
     .bytes = HW_MIB(1),
     .says = "mem://a.parquet mem://out/part-00000.parquet rewritten HW_OK rows 3000 groups 6-1 proved\n"
             "  of mem://a.parquet mem://lake/x/b.parquet\n",
     .parts = 1},
    {.name = "a file that is not too large", .keys = {"a.parquet"}, .bytes = HW_MIB(1), .stay = true, .says = ""},
    {.name = "files without rows stay as they are",
     .keys = {"empty.parquet", "empty2.parquet"},
     .bytes = HW_MIB(1),
     .stay = true,
     .says = ""},
    {.name = "a file that is too large",
     .keys = {"a.parquet"},
     .bytes = 200,
     .says = "mem://a.parquet mem://out/part-00001.parquet rewritten",
     .parts = PARTS_MAX},
    {.name = "other columns are other files",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet", "other2.parquet"},
     .bytes = HW_MIB(1),
     .says = "mem://other.parquet mem://out/part-00001.parquet rewritten HW_OK rows 6 groups 2-1 proved\n"
             "  of mem://other.parquet mem://other2.parquet\n",
     .parts = 2},
    {.name = "files of others, which stay, get numbers too",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet"},
     .bytes = HW_MIB(1),
     .says = "mem://other.parquet mem://out/part-00001.parquet rewritten HW_OK rows 3 groups 1-1 proved\n",
     .parts = 2},
    {.name = "no target",
     .keys = AB,
     .bytes = HW_MIB(1),
     .options = {.dry_run = true},
     .nowhere = true,
     .says = "mem://a.parquet - planned HW_OK rows 3000 groups 6-1 proved\n"},
    {.name = "a dry run",
     .keys = AB,
     .bytes = HW_MIB(1),
     .options = {.dry_run = true},
     .says = "mem://a.parquet mem://out/part-00000.parquet planned HW_OK rows 3000 groups 6-1 proved\n"},
    {.name = "a file that would stay beside the outputs",
     .keys = AB,
     .bytes = HW_MIB(1),
     .others = {"out/old.parquet"},
     .says =
         "failed HW_EEXISTS rows 0 groups 0-0\n  of mem://a.parquet mem://lake/x/b.parquet: nothing of its folder is "
         "written: the target has out/old.parquet, which this run would not write"},
    {.name = "a file that would stay beside copies",
     .keys = {"a.parquet"},
     .bytes = HW_MIB(1),
     .others = {"out/old.parquet"},
     .says = "failed HW_EEXISTS"},
    {.name = "a copy that is there",
     .keys = {"a.parquet"},
     .bytes = HW_MIB(1),
     .others = {"out/a.parquet"},
     .stay = true,
     .says = ""},
    {.name = "an output that is there is replaced",
     .keys = AB,
     .bytes = HW_MIB(1),
     .others = {"out/part-00000.parquet"},
     .says = "rewritten HW_OK rows 3000",
     .parts = 1},
    {.name = "an output that is there is in the way",
     .keys = AB,
     .bytes = HW_MIB(1),
     .others = {"out/part-00000.parquet"},
     .options = {.overwrite = HW_OVERWRITE_FAIL},
     .says =
         "failed HW_EEXISTS rows 0 groups 0-0\n  of mem://a.parquet mem://lake/x/b.parquet: nothing of its folder is "
         "written: exists already",
     .parts = 1},
    {.name = "all outputs are there, and are skipped",
     .keys = AB,
     .bytes = HW_MIB(1),
     .others = {"out/part-00000.parquet"},
     .options = {.overwrite = HW_OVERWRITE_SKIP},
     .says = "mem://a.parquet mem://out/part-00000.parquet skipped HW_OK rows 0 groups 0-0\n  of mem://a.parquet",
     .parts = 1},
    {.name = "some outputs are there, and none can be skipped",
     .keys = {"a.parquet"},
     .bytes = 200,
     .others = {"out/part-00000.parquet"},
     .options = {.overwrite = HW_OVERWRITE_SKIP},
     .says = "written: mem://out/part-00000.parquet is there, and other outputs are not",
     .parts = 1},
    {.name = "a file that is not there",
     .keys = {"a.parquet", "none.parquet"},
     .bytes = HW_MIB(1),
     .says = "mem://none.parquet - failed HW_ENOTFOUND"},
    {.name = "a page that is spoilt",
     .keys = {"a.parquet", "spoilt.parquet"},
     .bytes = HW_MIB(1),
     .says = "failed HW_EDATA rows 0 groups 0-0\n  of mem://a.parquet mem://spoilt.parquet: nothing of its folder"},
    {.name = "the second output cannot be opened",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet"},
     .bytes = HW_MIB(1),
     .faults = {.sink_at = 2},
     .says = "nothing of its folder is written: injected"},
    {.name = "the second output cannot be settled",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet"},
     .bytes = HW_MIB(1),
     .faults = {.settle_at = 2},
     .says = "nothing of its folder is written: injected"},
    {.name = "a source has changed",
     .keys = AB,
     .bytes = HW_MIB(1),
     .faults = {.stat_at = 1, .newer = "a.parquet"},
     .says = "mem://a.parquet - failed HW_ECHANGED"},
    {.name = "the first output cannot get its name",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet"},
     .bytes = HW_MIB(1),
     .faults = {.finish_at = 1},
     .says = "mem://lake/x/b.parquet: nothing of its folder is written: injected"},
    {.name = "the second output cannot get its name",
     .keys = {"a.parquet", "other.parquet", "lake/x/b.parquet"},
     .bytes = HW_MIB(1),
     .faults = {.finish_at = 2},
     .says = "mem://lake/x/b.parquet: though 1 output of its folder is there, mem://out/part-00001.parquet is not: "
             "injected",
     .parts = 1},
    {.name = "a column that is not there ends the call",
     .keys = AB,
     .bytes = HW_MIB(1),
     .options = {.columns = {.select = no_column, .select_count = 1}},
     .want = HW_EUSAGE,
     .says = ""},
    {.name = "a call that is cancelled",
     .keys = AB,
     .bytes = HW_MIB(1),
     .options = {.source_store = {.cancelled = always}},
     .want = HW_ECANCELLED,
     .says = ""},
};

/* Counts the outputs that are there, from the first number on. */
static size_t parts_count(const struct optimize_desk *files) {
    size_t count = 0;
    char key[32];
    for (;; count++) {
        snprintf(key, sizeof(key), "out/part-%05zu.parquet", count);
        if (optimize_size(files, key) == 0) {
            return count;
        }
    }
}

static void folder_run(size_t row, struct optimize_desk *files, struct join_desk *desk) {
    const struct hw_optimize_join_listener listener = {files, join_told};
    struct hw_optimize_join join = join_of(desk, &listener);
    bool stay = false;
    join.others = folders[row].others;
    while (join.others_count < COUNT_OF(folders[row].others) && join.others[join.others_count]) {
        desk_put_text(&files->files, join.others[join.others_count++], "something");
    }
    join_faults_begin(files->files.store, folders[row].faults);
    assert_row_int(folders[row].name, hw_optimize_join_folder(&join, folders[row].bytes, &stay, &desk->err),
                   folders[row].want);
    join_faults_end();
    assert_row_int(folders[row].name, stay, folders[row].stay);
}

static void a_folder_becomes_parts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        struct optimize_desk files;
        struct join_desk desk;
        struct hw_optimize_options options = folders[i].options;
        files_fill(&files);
        options.target_bytes = folders[i].bytes;
        join_desk_open(&desk, &files, folders[i].nowhere ? NULL : "mem://out/", &options);
        join_desk_add_all(&desk, folders[i].keys);
        folder_run(i, &files, &desk);
        told_check(folders[i].name, &files, folders[i].says);
        const size_t parts = parts_count(&files);
        assert_row_int(folders[i].name, parts,
                       folders[i].parts == PARTS_MAX ? hw_max_size(parts, 2) : folders[i].parts);
        join_desk_close(&desk);
        optimize_desk_release(&files);
    }
}

/* ------ outputs of outputs */

static void rows_compare(const struct optimize_desk *files, const char *one, const char *other) {
    HW_AUTO(hw_buf) first = {0};
    optimize_copy(files, one, &first);
    optimize_check_bytes("again", files, other, hw_buf_view(&first));
}

/* Parts that were made stay as they are; with force, and of other options, they are joined. */
static void parts_are_known_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *digest;
        bool force, stay;
    } runs[] = {
        {"the same options", JOIN_DIGEST, false, true},
        {"other options", "of another test", false, false},
        {"force", JOIN_DIGEST, true, false},
    };
    struct optimize_desk files;
    struct join_desk desk;
    bool stay;
    files_fill(&files);
    const struct hw_optimize_join_listener listener = {&files, join_told};
    const struct hw_optimize_options options = {.target_bytes = 400};
    join_desk_open(&desk, &files, "mem://out/", &options);
    join_desk_add(&desk, "a.parquet");
    const struct hw_optimize_join join = join_of(&desk, &listener);
    assert_ok(hw_optimize_join_folder(&join, options.target_bytes, &stay, &desk.err), desk.err);
    join_desk_close(&desk);
    assert_true(parts_count(&files) > 1);
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        const struct hw_optimize_options again = {.target_bytes = HW_MIB(1), .force = runs[i].force};
        join_desk_open(&desk, &files, "mem://again/", &again);
        desk.work.digest = runs[i].digest;
        join_desk_add(&desk, "out/part-00000.parquet");
        join_desk_add(&desk, "out/part-00001.parquet");
        const struct hw_optimize_join other = join_of(&desk, &listener);
        assert_ok(hw_optimize_join_folder(&other, again.target_bytes, &stay, &desk.err), desk.err);
        assert_row_int(runs[i].name, stay, runs[i].stay);
        join_desk_close(&desk);
    }
    optimize_desk_release(&files);
}

/* Parts of a part are joined to the same bytes that one run makes, whatever the threads. */
static void threads_make_no_difference(void **state) {
    (void)state;
    struct optimize_desk files;
    files_fill(&files);
    const struct hw_optimize_join_listener listener = {&files, join_told};
    static const char *const targets[] = {"mem://one.parquet", "mem://many.parquet"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct join_desk desk;
        const struct hw_optimize_options options = {.threads = i == 0 ? 1 : 7, .row_group_rows = 300};
        join_desk_open(&desk, &files, targets[i], &options);
        join_desk_add(&desk, "a.parquet");
        join_desk_add(&desk, "lake/x/b.parquet");
        const struct hw_optimize_join join = join_of(&desk, &listener);
        assert_ok(hw_optimize_join_all(&join, &desk.err), desk.err);
        join_desk_close(&desk);
    }
    rows_compare(&files, "one.parquet", "many.parquet");
    optimize_desk_release(&files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sources_become_one),
        cmocka_unit_test(a_folder_becomes_parts),
        cmocka_unit_test(parts_are_known_again),
        cmocka_unit_test(threads_make_no_difference),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_join", tests, NULL, NULL);
}
