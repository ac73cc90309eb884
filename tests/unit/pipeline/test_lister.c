/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lister.h"

#include <unistd.h>

#include "core/clock.h"
#include "planned.h"

enum { OBJECTS_MAX = 4 };

/* What the lister told. */
struct told {
    size_t refused;
    char source[128];
    char message[256];
    atomic_size_t woken;
};

static void refused_keep(void *ctx, const char *source, const struct hw_error *error) {
    struct told *told = ctx;
    told->refused++;
    snprintf(told->source, sizeof(told->source), "%s", source);
    snprintf(told->message, sizeof(told->message), "%.200s", error->message);
}

static void wake_count(void *ctx) {
    atomic_fetch_add(&((struct told *)ctx)->woken, 1);
}

/* Takes what comes until the end, and tells how many. */
static size_t all_taken(struct hw_lister *lister) {
    struct hw_lister_work work;
    enum hw_window_state state;
    size_t taken = 0;
    while ((state = hw_lister_look(lister, &work)) != HW_WINDOW_END) {
        if (state == HW_WINDOW_OBJECT) {
            taken += work.merged ? work.merged->count : 1;
            hw_lister_take(lister);
            hw_free(work.single);
        }
    }
    return taken;
}

static const char *const unique[] = {"in/0.csv", "in/1.csv", "in/2.csv", "in/3.csv", "in/4.csv", "in/5.csv"};
static const char *const early[] = {"in/0.csv", "in/1.csv", "in/1.tsv", "in/3.csv", "in/4.csv", "in/5.csv"};
static const char *const late[] = {"in/0.csv", "in/1.csv", "in/2.csv", "in/3.csv", "in/3.tsv", "in/5.csv"};
static const char *const numbers[] = {"in/0", "in/1.txt.bin"};

/*
 * What is wrong with one of the first objects ends the run before it begins; what comes later fails
 * by itself.
 */
struct fault_row {
    const char *name;
    const char *const *names[2];
    size_t counts[2];
    enum hw_status fault; /* of the first store's listing */
    const char *target;   /* NULL: another bucket */
    bool merge;
    enum hw_status want_start, want_stop;
    const char *says; /* of the run's error */
    size_t want_taken, want_missing, want_refused;
    const char *refused_says;
};

static const struct fault_row fault_rows[] = {
    {"few", {unique}, {3}, HW_OK, NULL, false, HW_OK, HW_OK, "", 3, 0, 0, ""},
    {"many", {unique}, {6}, HW_OK, NULL, false, HW_OK, HW_OK, "", 6, 0, 0, ""},
    {"one output of two, early: it is told when they begin",
     {early},
     {6},
     HW_OK,
     NULL,
     false,
     HW_OK,
     HW_OK,
     "",
     6,
     0,
     0,
     ""},
    {"one output of two, late",
     {late},
     {6},
     HW_OK,
     NULL,
     false,
     HW_OK,
     HW_OK,
     "",
     5,
     0,
     1,
     "it and s3://source/in/3.csv would be one output"},
    {"late, but where outputs may be sources",
     {late},
     {6},
     HW_OK,
     "s3://source/",
     false,
     HW_OK,
     HW_OK,
     "",
     6,
     0,
     0,
     ""},
    {"one output of all", {late}, {6}, HW_OK, NULL, true, HW_OK, HW_OK, "", 6, 0, 0, ""},
    {"a listing fails early",
     {unique},
     {3},
     HW_EPROTOCOL,
     NULL,
     false,
     HW_EPROTOCOL,
     HW_EPROTOCOL,
     "the list ends here",
     0,
     0,
     0,
     ""},
    {"a listing fails late",
     {unique},
     {6},
     HW_EPROTOCOL,
     NULL,
     false,
     HW_OK,
     HW_EPROTOCOL,
     "the list ends here",
     6,
     0,
     0,
     ""},
    {"missing early", {numbers, unique}, {2, 6}, HW_OK, NULL, false, HW_OK, HW_OK, "", 6, 1, 0, ""},
    {"missing late",
     {unique, numbers},
     {6, 2},
     HW_OK,
     NULL,
     false,
     HW_OK,
     HW_OK,
     "",
     6,
     0,
     1,
     "found 2 objects, none is CSV, Parquet or Avro by its name"},
};
static void fault_row_run(const struct fault_row *row) {
    struct planned planned;
    struct planned_store stores[2];
    struct hw_lister lister = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct told told = {0};
    for (size_t i = 0; i < 2; i++) {
        stores[i] = (struct planned_store){.count = row->counts[i], .names = row->names[i]};
    }
    stores[0].fault = row->fault;
    planned_make(&planned, stores, row->names[1] ? 2 : 1);
    planned.options.merge = row->merge;
    planned.target.root = row->target ? row->target : planned.target.root;
    const struct hw_lister_options options = {.objects_max = OBJECTS_MAX, .refused = refused_keep, .ctx = &told};
    assert_row_int(row->name, hw_lister_start(&lister, &planned.plan, &options, &err), row->want_start);
    assert_row_int(row->name, lister.missing_count, row->want_missing);
    assert_row_int(row->name, told.refused, 0);
    if (row->want_start == HW_OK) {
        hw_lister_begin(&lister, wake_count, &told);
        assert_row_int(row->name, all_taken(&lister), row->want_taken);
    }
    assert_row_int(row->name, hw_lister_stop(&lister, &err), row->want_stop);
    assert_row_says(row->name, err.message, row->says);
    assert_row_int(row->name, told.refused, row->want_refused);
    assert_row_says(row->name, told.message, row->refused_says);
    assert_row_int(row->name, hw_lister_sums(&lister).objects >= row->want_taken + told.refused, true);
    hw_lister_release(&lister);
    hw_plan_release(&planned.plan);
}

static void faults_are_found_early_or_late(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
        fault_row_run(&fault_rows[i]);
    }
}

/* A listing that pauses before an object until another was taken. */
struct pause {
    size_t before;
    atomic_size_t taken;
    atomic_bool timed_out;
};

static void pause_before(void *ctx, size_t number) {
    struct pause *pause = ctx;
    const int64_t end_us = hw_clock_monotonic_us() + 5000000;
    while (number == pause->before && atomic_load(&pause->taken) == 0 && !atomic_load(&pause->timed_out)) {
        usleep(1000);
        atomic_store(&pause->timed_out, hw_clock_monotonic_us() > end_us);
    }
}

/*
 * The first object is taken while the listing goes on, unless an output could be a source that is
 * still to come.
 */
static void work_begins_while_the_listing_goes_on(void **state) {
    (void)state;
    static const struct {
        const char *name, *target, *report;
        size_t before;
        bool want; /* the listing came by its pause because an object was taken */
    } rows[] = {
        {"another bucket", "s3://target/", NULL, OBJECTS_MAX + 1, true},
        {"the same bucket", "s3://source/", NULL, OBJECTS_MAX + 1, false},
        {"the report in the sources' bucket", "s3://target/", "s3://source/report.json", OBJECTS_MAX + 1, false},
        {"before the window is full", "s3://target/", NULL, OBJECTS_MAX - 1, false},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct planned planned;
        struct pause pause = {.before = rows[r].before};
        struct planned_store store = {.count = 3 * OBJECTS_MAX, .before = pause_before, .ctx = &pause};
        struct hw_lister lister = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct told told = {0};
        struct hw_lister_work work;
        planned_make(&planned, &store, 1);
        planned.target.root = rows[r].target;
        planned.options.report_path = rows[r].report;
        const struct hw_lister_options options = {.objects_max = OBJECTS_MAX, .refused = refused_keep, .ctx = &told};
        if (!rows[r].want) {
            atomic_store(&pause.timed_out, true); /* so that nobody waits in vain */
        }
        assert_ok(hw_lister_start(&lister, &planned.plan, &options, &err), err);
        const bool whole = hw_lister_sums(&lister).objects == store.count;
        assert_row_int(rows[r].name, whole, !rows[r].want && rows[r].before > OBJECTS_MAX);
        hw_lister_begin(&lister, wake_count, &told);
        assert_row_int(rows[r].name, hw_lister_look(&lister, &work), HW_WINDOW_OBJECT);
        hw_lister_take(&lister);
        hw_free(work.single);
        atomic_store(&pause.taken, 1);
        assert_row_int(rows[r].name, all_taken(&lister), store.count - 1);
        assert_row_int(rows[r].name, atomic_load(&pause.timed_out), !rows[r].want);
        assert_ok(hw_lister_stop(&lister, &err), err);
        hw_lister_release(&lister);
        hw_plan_release(&planned.plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_found_early_or_late),
        cmocka_unit_test(work_begins_while_the_listing_goes_on),
    };
    return cmocka_run_group_tests_name("pipeline/lister", tests, NULL, NULL);
}
