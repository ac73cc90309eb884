/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a job: its table of states, and each transition driven once by hand. */
#include "job_desk.h"

#include <unistd.h>

#include "support/alloc_fault.h"
#include "zip_write.h"

/* ------ states */

static void every_transition_is_in_the_table(void **state) {
    (void)state;
    enum { NONE = HW_JOB_STATE_COUNT };
    static const struct {
        const char *name;
        enum hw_job_state from;
        int want[HW_JOB_EVENT_COUNT]; /* done, misfit, spilled, no memory, table end, no table */
    } rows[] = {
        {"open", HW_JOB_OPEN, {HW_JOB_SAMPLE, NONE, NONE, NONE, HW_JOB_OPEN, HW_JOB_ENDED}},
        {"sample", HW_JOB_SAMPLE, {HW_JOB_ADMIT, NONE, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"admit", HW_JOB_ADMIT, {HW_JOB_READ, NONE, NONE, HW_JOB_OPEN, HW_JOB_OPEN, NONE}},
        {"read", HW_JOB_READ, {HW_JOB_PUBLISH, HW_JOB_REDO, HW_JOB_GATHER, NONE, HW_JOB_OPEN, NONE}},
        {"redo", HW_JOB_REDO, {HW_JOB_READ, NONE, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"gather", HW_JOB_GATHER, {HW_JOB_PUBLISH, NONE, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"publish", HW_JOB_PUBLISH, {NONE, NONE, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"ended", HW_JOB_ENDED, {NONE, NONE, NONE, NONE, NONE, NONE}},
    };
    assert_int_equal(COUNT_OF(rows), HW_JOB_STATE_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < HW_JOB_EVENT_COUNT; k++) {
            assert_row_int(rows[i].name, hw_job_state_next(rows[i].from, (enum hw_job_event)k), rows[i].want[k]);
        }
    }
}

/* ------ transitions */

#define SMALL "a,b\n1,2\n3,4\n"

static const struct {
    const char *name;
    const char *text;   /* of a.csv */
    const char *before; /* of out/a.csv; NULL: there is none */
    enum hw_overwrite overwrite;
    bool dry_run, partitioned;
    void (*hook)(struct desk *desk);
    const char *trace, *told, *errors;
    const char *after; /* out/a.csv; NULL: there is none */
} tables[] = {
    {"converted", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, NULL, "SAMPLE READ ENDED", "converted a.csv 2+0", "",
     SMALL},
    {"converted over an older one", SMALL, "old", HW_OVERWRITE_REPLACE, false, false, NULL, "SAMPLE READ ENDED",
     "converted a.csv 2+0", "", SMALL},
    {"skipped", SMALL, "old", HW_OVERWRITE_SKIP, false, false, NULL, "ENDED", "skipped a.csv 0+0", "", "old"},
    {"nothing to skip", SMALL, NULL, HW_OVERWRITE_SKIP, false, false, NULL, "SAMPLE READ ENDED", "converted a.csv 2+0",
     "", SMALL},
    {"planned", SMALL, NULL, HW_OVERWRITE_REPLACE, true, false, NULL, "SAMPLE ENDED", "planned a.csv 0+0", "", NULL},
    {"it waits for memory", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, memory_is_taken,
     "SAMPLE OPEN wait SAMPLE READ ENDED", "converted a.csv 2+0", "", SMALL},
    {"it cannot be opened", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, source_is_gone, "ENDED",
     "failed a.csv 0+0", "HW_ENOTFOUND: cannot open the file", NULL},
    {"it may not be replaced", SMALL, "old", HW_OVERWRITE_FAIL, false, false, NULL, "ENDED", "failed a.csv 0+0",
     "out/a.csv is there already", "old"},
    {"its sample has no header", "", NULL, HW_OVERWRITE_REPLACE, false, false, NULL, "SAMPLE ENDED", "failed a.csv 0+0",
     "HW_EDATA: found no header", NULL},
    {"it lacks a column for partitions", SMALL, NULL, HW_OVERWRITE_REPLACE, false, true, NULL, "SAMPLE ENDED",
     "failed a.csv 0+0", "HW_EDATA: there is no column \"zz\"", NULL},
    {"it takes more memory than there is", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, columns_hold_much,
     "SAMPLE ENDED", "failed a.csv 0+0", "HW_ELIMIT: converting it takes about", NULL},
    {"it takes a little more", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, columns_hold_a_little_more,
     "SAMPLE READ ENDED", "converted a.csv 2+0", "", SMALL},
    {"it takes less than was planned", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, source_was_larger,
     "SAMPLE READ ENDED", "converted a.csv 2+0", "", SMALL},
    {"its output cannot be made", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, destination_is_a_file,
     "SAMPLE ENDED", "failed a.csv 0+0", "HW_EIO: cannot open the folder to write into", NULL},
    {"a record is bad", "a,b\n1,2\n3\n", NULL, HW_OVERWRITE_REPLACE, false, false, NULL, "SAMPLE READ ENDED",
     "failed a.csv 0+0", "HW_EDATA: found 1 field, expected 2", NULL},
    {"it cannot be published", SMALL, NULL, HW_OVERWRITE_REPLACE, false, false, output_is_in_the_way,
     "SAMPLE READ ENDED", "failed a.csv 2+0", "HW_EIO: cannot give the file its name", NULL},
    {"stopped before that", SMALL, "old", HW_OVERWRITE_REPLACE, false, false, run_is_stopped, "SAMPLE READ ENDED",
     "failed a.csv 2+0", "HW_ECANCELLED: stopped before it was done", "old"},
};

static void a_table_goes_through_its_states(void **state) {
    (void)state;
    static const char *const by = "zz";
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.overwrite = tables[i].overwrite;
        desk.options.dry_run = tables[i].dry_run;
        desk.options.partition_by = &by;
        desk.options.partition_by_count = tables[i].partitioned;
        desk.hook = tables[i].hook;
        scratch_write(&desk.scratch, "a.csv", tables[i].text, strlen(tables[i].text));
        if (tables[i].before) {
            scratch_write(&desk.scratch, "out/a.csv", tables[i].before, strlen(tables[i].before));
        }
        desk_plan(&desk, "a.csv", "out/");
        desk_run(&desk);
        assert_row_text(tables[i].name, desk.trace, tables[i].trace);
        assert_row_text(tables[i].name, desk.told, tables[i].told);
        assert_row_says(tables[i].name, desk.errors, tables[i].errors);
        assert_row_int(tables[i].name, desk.errors[0] != '\0', tables[i].errors[0] != '\0');
        if (tables[i].after) {
            assert_row_int(tables[i].name,
                           scratch_holds(&desk.scratch, "out/a.csv", tables[i].after, strlen(tables[i].after)), true);
        } else if (tables[i].hook != output_is_in_the_way) {
            assert_row_int(tables[i].name, access(scratch_path(&desk.scratch, "out/a.csv"), F_OK), -1);
        }
        /* What is not read is no work that progress waits for. */
        hw_job_free(desk.job);
        desk.job = NULL;
        const bool looked_at = strstr(tables[i].trace, "SAMPLE") != NULL;
        assert_row_int(tables[i].name, desk.context.bytes_unread, looked_at ? 0 : strlen(tables[i].text));
        desk_close(&desk);
    }
}

/* A value that the sample does not have: one in the middle of 4 MiB is not an integer. */
static void a_misfit_is_read_again(void **state) {
    (void)state;
    enum { ROWS = 400000, LATE = 120000 };
    static const struct {
        const char *name;
        void (*hook)(struct desk *desk);
        const char *trace, *told, *errors;
    } rows[] = {
        {"it widens", NULL, "SAMPLE READ READ ENDED", "converted a.csv 400000+0", ""},
        {"it cannot begin again", destination_is_gone, "SAMPLE READ ENDED", "failed a.csv 400000+0",
         "HW_EIO: cannot open the folder to write into"},
    };
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a\n", NULL), HW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(hw_buf_append_text(&text, i == LATE ? "0123x4567\n" : "123456789\n", NULL), HW_OK);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.hook = rows[i].hook;
        scratch_write(&desk.scratch, "a.csv", text.data, text.size);
        desk_plan(&desk, "a.csv", "out/");
        desk_run(&desk);
        assert_row_text(rows[i].name, desk.trace, rows[i].trace);
        assert_row_text(rows[i].name, desk.told, rows[i].told);
        assert_row_says(rows[i].name, desk.errors, rows[i].errors);
        if (!rows[i].hook) {
            assert_true(scratch_holds(&desk.scratch, "out/a.csv", text.data, text.size));
            assert_int_equal(desk.context.rows_done, ROWS);
        }
        desk_close(&desk);
    }
}

/* ------ members of a ZIP */

static const struct {
    const char *name;
    const char *members[4];
    const char *wanted; /* a glob; NULL: all */
    const char *destination;
    bool dry_run;
    void (*hook)(struct desk *desk);
    const char *trace, *told, *errors, *after;
} zips[] = {
    {"the only one",
     {"a.csv"},
     NULL,
     "out/",
     false,
     NULL,
     "SAMPLE READ ENDED",
     "converted z.zip 2+0",
     "",
     "out/ out/z.csv z.zip "},
    {"two",
     {"a.csv", "d/b.csv"},
     NULL,
     "out/",
     false,
     NULL,
     "SAMPLE READ SAMPLE READ ENDED",
     "converted z.zip#a.csv 2+0; converted z.zip#d/b.csv 2+0",
     "",
     "out/ out/z/ out/z/a.csv out/z/d/ out/z/d/b.csv z.zip "},
    {"two, planned",
     {"a.csv", "b.csv"},
     NULL,
     "out/",
     true,
     NULL,
     "SAMPLE SAMPLE ENDED",
     "planned z.zip#a.csv 0+0; planned z.zip#b.csv 0+0",
     "",
     "z.zip "},
    {"one of three is asked for",
     {"a.csv", "b.csv", "c.csv"},
     "b*",
     "out/",
     false,
     NULL,
     "SAMPLE READ ENDED",
     "converted z.zip 2+0",
     "",
     "out/ out/z.csv z.zip "},
    {"two of three",
     {"a.csv", "b.csv", "c.csv"},
     "[ac]*",
     "out/",
     false,
     NULL,
     "SAMPLE READ SAMPLE READ ENDED",
     "converted z.zip#a.csv 2+0; converted z.zip#c.csv 2+0",
     "",
     "out/ out/z/ out/z/a.csv out/z/c.csv z.zip "},
    {"none is asked for",
     {"a.csv"},
     "x*",
     "out/",
     false,
     NULL,
     "ENDED",
     "failed z.zip 0+0",
     "HW_EDATA: the ZIP has no member of the names asked for",
     "z.zip "},
    {"the second waits for memory",
     {"a.csv", "b.csv"},
     NULL,
     "out/",
     false,
     memory_is_taken,
     "SAMPLE OPEN wait SAMPLE READ SAMPLE READ ENDED",
     "converted z.zip#a.csv 2+0; converted z.zip#b.csv 2+0",
     "",
     "out/ out/z/ out/z/a.csv out/z/b.csv z.zip "},
    {"to one file",
     {"a.csv", "b.csv"},
     NULL,
     "out.csv",
     false,
     NULL,
     "ENDED",
     "failed z.zip#a.csv 0+0; failed z.zip#b.csv 0+0",
     "HW_EUSAGE: a ZIP with several members needs a folder",
     "z.zip "},
    {"one of them to one file",
     {"a.csv", "b.csv"},
     "b*",
     "out.csv",
     false,
     NULL,
     "SAMPLE READ ENDED",
     "converted z.zip 2+0",
     "",
     "out.csv z.zip "},
    {"two with one base",
     {"a.csv", "a.tsv"},
     NULL,
     "out/",
     false,
     NULL,
     "SAMPLE READ ENDED",
     "converted z.zip#a.csv 2+0; failed z.zip#a.tsv 0+0",
     "z.zip#a.csv would be one output",
     "out/ out/z/ out/z/a.csv z.zip "},
};

static void members_are_tables_of_their_own(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(zips); i++) {
        const char *const members[] = {zips[i].members[0], zips[i].members[1], zips[i].members[2], NULL};
        struct desk desk;
        desk_open(&desk);
        desk.options.csv.zip_member = zips[i].wanted;
        desk.options.dry_run = zips[i].dry_run;
        desk.hook = zips[i].hook;
        zip_write(&desk.scratch, "z.zip", members, HW_VIEW(SMALL));
        desk_plan(&desk, "z.zip", zips[i].destination);
        desk_run(&desk);
        assert_row_text(zips[i].name, desk.trace, zips[i].trace);
        assert_row_text(zips[i].name, desk.told, zips[i].told);
        assert_row_says(zips[i].name, desk.errors, zips[i].errors);
        assert_row_int(zips[i].name, desk.errors[0] != '\0', zips[i].errors[0] != '\0');
        assert_row_text(zips[i].name, scratch_names(&desk.scratch), zips[i].after);
        desk_close(&desk);
    }
}

/* A member's name never leads out of the folder that its ZIP has; the others are converted. */
static void unsafe_members_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *member;
        bool safe;
    } rows[] = {
        {"absolute", "/a.csv", false},
        {"up", "../a.csv", false},
        {"up in the middle", "d/../../a.csv", false},
        {"up at the end", "d/..", false},
        {"here", "./a.csv", false},
        {"here in the middle", "d/./a.csv", false},
        {"an empty folder", "d//a.csv", false},
        {"a backslash", "..\\a.csv", false},
        {"a line break", "a\nb.csv", false},
        {"a tab", "a\tb.csv", false},
        {"two dots in a name", "a..b.csv", true},
        {"a name that begins with dots", "..a.csv", true},
        {"three dots", "d/.../a.csv", true},
        {"letters beyond ASCII", "\xc3\xa4.csv", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const members[] = {rows[i].member, "good.csv", NULL};
        struct desk desk;
        desk_open(&desk);
        desk.options.csv.zip_member = "**"; /* whatever they are called, */
        desk.options.all_files = true;      /* and where they begin with a dot, too */
        zip_write(&desk.scratch, "z.zip", members, HW_VIEW(SMALL));
        desk_plan(&desk, "z.zip", "out/");
        desk_run(&desk);
        assert_row_text(rows[i].name, desk.trace, rows[i].safe ? "SAMPLE READ SAMPLE READ ENDED" : "SAMPLE READ ENDED");
        assert_row_says(rows[i].name, desk.told, "converted z.zip#good.csv 2+0");
        assert_row_says(rows[i].name, desk.errors, rows[i].safe ? "" : "HW_EDATA: the ZIP's member \"");
        assert_row_says(rows[i].name, desk.errors,
                        rows[i].safe ? "" : "cannot have an output: its name is unsafe for a file");
        assert_row_int(rows[i].name, desk.errors[0] != '\0', !rows[i].safe);
        assert_row_int(rows[i].name, strcmp(scratch_names(&desk.scratch), "out/ out/z/ out/z/good.csv z.zip ") == 0,
                       !rows[i].safe);
        desk_close(&desk);
    }
}

/* ------ merges */

static const struct {
    const char *name;
    const char *texts[3];
    const char *sources;
    const char *gone; /* a source that is not there any more; NULL: none */
    const char *trace, *told, *errors, *object;
    const char *after; /* of out/merged.csv */
} merges[] = {
    {"two",
     {SMALL, "a,b\n5,6\n"},
     "0.csv 1.csv",
     NULL,
     "SAMPLE READ ENDED",
     "converted 0.csv and 1 more 3+0",
     "",
     "",
     "a,b\n1,2\n3,4\n5,6\n"},
    {"three with other columns",
     {SMALL, "b,c\n6,7\n", "a\n8\n"},
     "0.csv 1.csv 2.csv",
     NULL,
     "SAMPLE READ ENDED",
     "converted 0.csv and 2 more 4+0",
     "",
     "",
     "a,b,c\n1,2,\n3,4,\n,6,7\n8,,\n"},
    {"one is gone",
     {SMALL, SMALL},
     "0.csv 1.csv",
     "1.csv",
     "SAMPLE ENDED",
     "failed 0.csv and 1 more 0+0",
     "HW_ENOTFOUND: cannot open the file",
     "1.csv",
     NULL},
    {"one has no header",
     {SMALL, ""},
     "0.csv 1.csv",
     NULL,
     "SAMPLE ENDED",
     "failed 0.csv and 1 more 0+0",
     "HW_EDATA: found no header",
     "1.csv",
     NULL},
    {"one has a bad record",
     {SMALL, "a,b\n1\n"},
     "0.csv 1.csv",
     NULL,
     "SAMPLE READ ENDED",
     "failed 0.csv and 1 more 0+0",
     "HW_EDATA: found 1 field, expected 2",
     "1.csv",
     NULL},
};

static void objects_are_merged_to_one_table(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(merges); i++) {
        struct desk desk;
        desk_open(&desk);
        desk.options.merge = true;
        for (size_t k = 0; k < COUNT_OF(merges[i].texts) && merges[i].texts[k]; k++) {
            char name[16];
            snprintf(name, sizeof(name), "%zu.csv", k);
            scratch_write(&desk.scratch, name, merges[i].texts[k], strlen(merges[i].texts[k]));
        }
        desk_plan(&desk, merges[i].sources, "out/");
        if (merges[i].gone) {
            remove(scratch_path(&desk.scratch, merges[i].gone));
        }
        desk_run(&desk);
        assert_row_text(merges[i].name, desk.trace, merges[i].trace);
        assert_row_text(merges[i].name, desk.told, merges[i].told);
        assert_row_says(merges[i].name, desk.errors, merges[i].errors);
        assert_row_says(merges[i].name, desk.errors, merges[i].object);
        if (merges[i].after) {
            assert_row_int(merges[i].name,
                           scratch_holds(&desk.scratch, "out/merged.csv", merges[i].after, strlen(merges[i].after)),
                           true);
        }
        desk_close(&desk);
    }
}

/* ------ memory */

static void a_job_may_not_be_made(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    scratch_write(&desk.scratch, "a.csv", SMALL, strlen(SMALL));
    desk_plan(&desk, "a.csv", "out/");
    struct alloc_fault fault;
    const struct hw_lister_work work = {.single = desk.job->own};
    alloc_fault_begin(&fault, 0);
    assert_null(hw_job_new(&desk.context, &work));
    assert_true(alloc_fault_end(&fault));
    hw_job_free(desk.job); /* it has opened nothing yet */
    desk.job = NULL;
    desk_close(&desk);
}

/*
 * Whatever fails, one outcome is told of the table, nothing is half there, and all memory is given
 * back.
 */
static void without_memory_an_outcome_is_told(void **state) {
    (void)state;
    bool fired = true;
    size_t failed = 0;
    for (size_t successes = 1; fired; successes++) {
        struct alloc_fault fault;
        struct desk desk;
        desk_open(&desk);
        scratch_write(&desk.scratch, "a.csv", SMALL, strlen(SMALL));
        desk_plan(&desk, "a.csv", "out/");
        struct hw_error err = HW_ERROR_INIT;
        struct hw_plan_object *again;
        const hw_view block = {(const char *)desk.job->own, hw_plan_object_bytes(desk.job->own)};
        assert_ok(hw_plan_object_copy(block, &again, &err), err);
        hw_job_free(desk.job);
        const struct hw_lister_work work = {.single = again};
        assert_true(hw_budget_try(&desk.context.work, hw_job_work_bytes(&desk.context, &work)));
        alloc_fault_begin(&fault, successes);
        /* of one allocation, which goes well */
        desk.job = hw_job_new(&desk.context, &work);
        desk_run(&desk);
        hw_job_free(desk.job);
        fired = alloc_fault_end(&fault);
        desk.job = NULL;
        if (strcmp(desk.told, "converted a.csv 2+0") == 0) {
            assert_true(scratch_holds(&desk.scratch, "out/a.csv", SMALL, strlen(SMALL)));
        } else {
            failed++;
            assert_true(fired);
            assert_int_equal(strncmp(desk.told, "failed a.csv ", 13), 0);
            assert_null(strchr(desk.told, ';'));
            assert_int_equal(strncmp(desk.errors, "HW_ENOMEM: ", 11), 0);
            assert_string_equal(scratch_names(&desk.scratch), "a.csv ");
        }
        desk_close(&desk);
    }
    assert_true(failed > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_is_in_the_table),
        cmocka_unit_test(a_table_goes_through_its_states),
        cmocka_unit_test(a_misfit_is_read_again),
        cmocka_unit_test(members_are_tables_of_their_own),
        cmocka_unit_test(unsafe_members_are_refused),
        cmocka_unit_test(objects_are_merged_to_one_table),
        cmocka_unit_test(a_job_may_not_be_made),
        cmocka_unit_test(without_memory_an_outcome_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/job", tests, NULL, NULL);
}
