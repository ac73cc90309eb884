/* SPDX-License-Identifier: Apache-2.0 */
/* When a run tells of its progress, and what it tells. */
#include <errno.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conversions.h"
#include "core/clock.h"

enum { SOURCES = 200, ROWS = 200000 };

/* A clock that moves on by a step whenever somebody looks at it. */
struct ticks {
    atomic_int_fast64_t now_us;
    int64_t step_us;
};

static int64_t ticks_us(void *ctx) {
    struct ticks *ticks = ctx;
    return atomic_fetch_add(&ticks->now_us, ticks->step_us);
}

static void ticks_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    (void)ms; /* nobody sleeps in a run of local files */
}

/* What progress has told. */
struct told {
    size_t calls;
    size_t beyond; /* calls in which more was done than there is */
    uint64_t rows; /* that there are */
    bool restarted;
};

static void progress_keep(void *ctx, const struct hw_convert_progress *progress) {
    struct told *told = ctx;
    told->calls++;
    told->beyond += progress->bytes_done > progress->bytes_total || progress->rows_done > told->rows;
}

static void object_restarted(void *ctx, const struct hw_convert_object *object) {
    ((struct told *)ctx)->restarted |= object->restarted;
}

static struct told run(const struct scratch *scratch, const char *source, uint64_t rows_count, int64_t step_us,
                       struct hw_convert_options options) {
    struct ticks ticks = {.step_us = step_us};
    struct told told = {.rows = rows_count};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result = {0};
    const char *path = scratch_path(scratch, source);
    options.overwrite = HW_OVERWRITE_REPLACE;
    options.on_progress = progress_keep;
    options.on_object = object_restarted;
    options.ctx = &told;
    quick_io();
    hw_clock_set(&(struct hw_clock){ticks_us, ticks_us, ticks_sleep, &ticks});
    enum hw_status status = hw_convert(&path, 1, scratch_path(scratch, "out/"), &options, &result, &err);
    hw_clock_set(NULL);
    hw_io_set(NULL);
    assert_row_text(source, status == HW_OK ? "" : err.message, "");
    return told;
}

/* Progress comes by the clock, and by nothing else: objects that end wake nobody to tell it. */
static void progress_comes_by_the_clock(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t step_us;
        size_t calls_min;
        size_t calls_max;
    } rows[] = {
        {"every look at the clock is a second later", 1000000, 5, SIZE_MAX},
        {"time stands still", 0, 0, 0},
    };
    struct scratch scratch = scratch_make();
    for (unsigned i = 0; i < SOURCES; i++) {
        char name[32];
        snprintf(name, sizeof(name), "in/%u.csv", i);
        scratch_write(&scratch, name, "a,b\n1,2\n", 8);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct told told = run(&scratch, "in/", SOURCES, rows[i].step_us, (struct hw_convert_options){.threads = 2});
        assert_row_int(rows[i].name, told.calls >= rows[i].calls_min, true);
        assert_row_int(rows[i].name, told.calls <= rows[i].calls_max, true);
    }
    scratch_remove(&scratch);
}

/* One value, where no sample is taken, is no number. */
static void widen_write(struct hw_buf *text, unsigned i) {
    bool late = i == ROWS / 16 * 9;
    assert_int_equal(hw_buf_printf(text, NULL, "%u,%s\n", i, late ? "late" : "7"), HW_OK);
}

static void nothing_is_counted_twice(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *encoding;
        uint64_t row_group_bytes;
        uint32_t threads;
    } rows[] = {
        {"a column widens", NULL, 0, 1},
        {"the same in many spans", NULL, 10000, 4},
        {"the same of a stream", "latin1", 50000, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        HW_AUTO(hw_buf) text = {0};
        assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
        for (unsigned k = 0; k < ROWS; k++) {
            widen_write(&text, k);
        }
        scratch_write(&scratch, "in.csv", text.data, text.size);
        struct told told = run(&scratch, "in.csv", ROWS, 1000000,
                               (struct hw_convert_options){.csv.encoding = rows[i].encoding,
                                                           .row_group_bytes = rows[i].row_group_bytes,
                                                           .threads = rows[i].threads});
        assert_row_int(rows[i].name, told.restarted, true);
        /* A busy machine may tell of the beginning only, and never of more than there is. */
        assert_row_int(rows[i].name, told.calls > 0, true);
        assert_row_int(rows[i].name, told.beyond, 0);
        scratch_remove(&scratch);
    }
}

/* The outcomes of a run, in the order in which they were told. */
struct outcomes {
    size_t count;
    size_t late; /* outcomes of an object that is before one that was told already */
    unsigned last;
    size_t failed;
    size_t skipped;
};

static void outcome_keep(void *ctx, const struct hw_convert_object *object) {
    struct outcomes *told = ctx;
    const unsigned number = (unsigned)strtoul(strrchr(object->source, '/') + 1, NULL, 10);
    told->late += told->count > 0 && number < told->last;
    told->last = number;
    told->count++;
    told->failed += object->outcome == HW_CONVERT_FAILED;
    told->skipped += object->outcome == HW_SKIPPED;
}

/* Makes so many sources: each `large`th is much longer than others, each `bad`th has a fault. */
static void sources_make(const struct scratch *scratch, unsigned count, unsigned large, unsigned bad) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
    for (unsigned k = 0; k < ROWS; k++) {
        assert_int_equal(hw_buf_printf(&text, NULL, "%u,x\n", k), HW_OK);
    }
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        const bool faulty = bad > 0 && i % bad == bad - 1;
        const char *small = faulty ? "a,b\n1\n" : "a,b\n1,2\n";
        snprintf(name, sizeof(name), "in/%05u.csv", i);
        if (large > 0 && i % large == 0) {
            scratch_write(scratch, name, text.data, text.size);
        } else {
            scratch_write(scratch, name, small, strlen(small));
        }
    }
}

/* Whatever ends first, objects of a dry run are told in the order of the sources. */
static void a_dry_run_tells_in_order(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    const char *source = scratch_path(&scratch, "in/");
    const char *target = scratch_path(&scratch, "out/");
    sources_make(&scratch, 120, 10, 0);
    scratch_write(&scratch, "in/00055.csv", "PK\3\4", 4);
    const struct hw_convert_options before = {.exclude = (const char *const[]){"*5.csv"}, .exclude_count = 1};
    quick_io();
    assert_ok(hw_convert(&source, 1, target, &before, &result, &err), err);
    for (uint32_t threads = 1; threads <= 8; threads++) {
        struct outcomes told = {0};
        const struct hw_convert_options options = {
            .threads = threads, .jobs = 20, .dry_run = true, .on_object = outcome_keep, .ctx = &told};
        assert_int_equal(hw_convert(&source, 1, target, &options, &result, &err), HW_EPARTIAL);
        assert_int_equal(told.count, 120);
        assert_int_equal(told.late, 0);
        assert_int_equal(told.failed, 1);
        assert_int_equal(told.skipped, 108);
    }
    hw_io_set(NULL);
    scratch_remove(&scratch);
}

/* Of ten sources the 4th and the 8th have a fault. */
static void errors_end_a_run(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t errors_max;
        uint32_t jobs; /* 0: 1 job and 1 thread, so that it is known what was begun */
        bool merge;
        enum hw_status want;
        size_t objects;
        size_t failed;
        size_t not_tried;
    } rows[] = {
        {"all are tried", 0, 0, false, HW_EPARTIAL, 10, 2, 0},
        {"the first fault", 1, 0, false, HW_EPARTIAL, 4, 1, 6},
        {"the second fault", 2, 0, false, HW_EPARTIAL, 8, 2, 2},
        {"there are not so many", 3, 0, false, HW_EPARTIAL, 10, 2, 0},
        {"a merge", 1, 0, true, HW_EDATA, 1, 1, 0},
        {"several at once", 1, 8, false, HW_EPARTIAL, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct outcomes told = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const char *source = scratch_path(&scratch, "in/");
        const char *target = scratch_path(&scratch, "out/");
        struct hw_convert_options options = {.threads = rows[i].jobs + !rows[i].jobs,
                                             .jobs = rows[i].jobs + !rows[i].jobs,
                                             .merge = rows[i].merge,
                                             .errors_max = rows[i].errors_max,
                                             .on_object = outcome_keep,
                                             .ctx = &told};
        sources_make(&scratch, 10, 0, 4);
        quick_io();
        assert_row_int(rows[i].name, hw_convert(&source, 1, target, &options, &result, &err), rows[i].want);
        assert_row_int(rows[i].name, result.objects, told.count);
        assert_row_int(rows[i].name, rows[i].merge ? 10 : result.objects + result.not_tried, 10);
        if (rows[i].jobs == 0) {
            assert_row_int(rows[i].name, result.objects, rows[i].objects);
            assert_row_int(rows[i].name, result.failed, rows[i].failed);
            assert_row_int(rows[i].name, result.not_tried, rows[i].not_tried);
        }
        /* What was done is in the manifest: the next run leaves it alone, and does the rest. */
        const uint64_t converted = result.converted;
        told = (struct outcomes){0};
        options.errors_max = 0;
        options.merge = false;
        assert_row_int(rows[i].name, hw_convert(&source, 1, target, &options, &result, &err), HW_EPARTIAL);
        assert_row_int(rows[i].name, told.skipped, converted);
        assert_row_int(rows[i].name, told.count, 10);
        hw_io_set(NULL);
        scratch_remove(&scratch);
    }
}

/* A disk on which every fsync takes a while, and one of them may fail. */
static struct {
    struct hw_io io;
    atomic_int fsyncs;
    atomic_int under_way;
    atomic_int together; /* the most that were under way at once */
    int fails_at;        /* the number of the fsync of a file that fails; 0: none */
} disk;

static int disk_fsync(int fd) {
    struct stat info;
    const int together = atomic_fetch_add(&disk.under_way, 1) + 1;
    int most = atomic_load(&disk.together);
    while (most < together && !atomic_compare_exchange_weak(&disk.together, &most, together)) {
    }
    usleep(20000);
    atomic_fetch_sub(&disk.under_way, 1);
    const bool file = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (file && atomic_fetch_add(&disk.fsyncs, 1) + 1 == disk.fails_at) {
        errno = EIO;
        return -1;
    }
    return 0;
}

/*
 * While up to 16 files are flushed, workers go on, and each may flush what is above a folder that
 * it makes. A file that cannot be flushed fails alone.
 */
static void many_files_are_flushed_at_once(void **state) {
    (void)state;
    enum { FILES = 40 };
    static const struct {
        const char *name;
        uint32_t threads, jobs;
        int together_min, together_max;
        int fails_at;
        enum hw_status want;
    } rows[] = {
        {"one thread", 1, 0, 4, 17, 0, HW_OK},
        {"two threads", 2, 0, 4, 18, 0, HW_OK},
        {"one job", 1, 1, 1, 1, 0, HW_OK},
        {"as many jobs as asked for", 2, 3, 2, 3, 0, HW_OK},
        {"one file cannot be flushed", 1, 0, 4, 17, 7, HW_EPARTIAL},
        {"the first cannot", 2, 0, 4, 18, 1, HW_EPARTIAL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct outcomes told = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const char *source = scratch_path(&scratch, "in/");
        const char *target = scratch_path(&scratch, "out/");
        const struct hw_convert_options options = {.threads = rows[i].threads,
                                                   .jobs = rows[i].jobs,
                                                   .memory_bytes = HW_MIB(256),
                                                   .on_object = outcome_keep,
                                                   .ctx = &told};
        const size_t failed = rows[i].fails_at > 0;
        sources_make(&scratch, FILES, 0, 0);
        disk.io = hw_io_system;
        disk.io.fsync = disk_fsync;
        disk.fails_at = rows[i].fails_at;
        atomic_store(&disk.fsyncs, 0);
        atomic_store(&disk.together, 0);
        hw_io_set(&disk.io);
        assert_row_int(rows[i].name, hw_convert(&source, 1, target, &options, &result, &err), rows[i].want);
        quick_io();
        assert_row_int(rows[i].name, atomic_load(&disk.together) >= rows[i].together_min, true);
        assert_row_int(rows[i].name, atomic_load(&disk.together) <= rows[i].together_max, true);
        assert_row_int(rows[i].name, told.failed, failed);
        assert_row_int(rows[i].name, result.converted, FILES - failed);
        assert_row_int(rows[i].name, rows[i].jobs != 1 || told.late == 0, true);
        assert_row_int(rows[i].name, strstr(scratch_names(&scratch), ".part ") == NULL, true);
        /* The manifest tells of those that are there, and of no other. */
        told = (struct outcomes){0};
        assert_row_int(rows[i].name, hw_convert(&source, 1, target, &options, &result, &err), HW_OK);
        assert_row_int(rows[i].name, told.skipped, FILES - failed);
        assert_row_int(rows[i].name, result.converted, failed);
        hw_io_set(NULL);
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_comes_by_the_clock),    cmocka_unit_test(nothing_is_counted_twice),
        cmocka_unit_test(a_dry_run_tells_in_order),       cmocka_unit_test(errors_end_a_run),
        cmocka_unit_test(many_files_are_flushed_at_once),
    };
    return cmocka_run_group_tests_name("pipeline/run", tests, NULL, NULL);
}
