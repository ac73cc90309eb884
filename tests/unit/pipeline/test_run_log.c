/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_log.h"

#include <stdio.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

struct lines {
    char text[2048];
};

/* Notes "level event object message|", the object without its folder. */
static void note(void *ctx, const struct hw_log_record *record) {
    struct lines *lines = ctx;
    const size_t used = strlen(lines->text);
    const char *slash = strrchr(record->object, '/');
    snprintf(lines->text + used, sizeof(lines->text) - used, "%d %s %s %s|", (int)record->level, record->event,
             slash ? slash + 1 : record->object, record->message);
    assert_int_equal(record->error != NULL, record->level == HW_LOG_ERROR);
}

static void objects_are_told(void **state) {
    (void)state;
    struct hw_error error = HW_ERROR_INIT;
    snprintf(error.message, sizeof(error.message), "bad");
    const struct {
        const char *name;
        struct hw_convert_object object;
        enum hw_log_level level;
        const char *want;
    } rows[] = {
        {"converted",
         {.source = "a", .outcome = HW_CONVERTED, .rows_in = 3, .rows_out = 2, .rejected = 1, .outputs_count = 2},
         HW_LOG_INFO,
         "3 object.done a converted: 3 rows read, 2 written, 1 rejected, 2 files|"},
        {"skipped",
         {.source = "a", .outcome = HW_SKIPPED},
         HW_LOG_DEBUG,
         "3 object.done a left alone: 0 rows read, 0 written, 0 rejected, 0 files|"},
        {"planned",
         {.source = "a", .outcome = HW_PLANNED},
         HW_LOG_INFO,
         "3 object.done a planned: 0 rows read, 0 written, 0 rejected, 0 files|"},
        {"converted, not asked for", {.source = "a", .outcome = HW_CONVERTED}, HW_LOG_WARN, ""},
        {"failed",
         {.source = "a", .outcome = HW_CONVERT_FAILED, .error = &error},
         HW_LOG_ERROR,
         "1 object.failed a bad|"},
        {"failed, not asked for", {.source = "a", .outcome = HW_CONVERT_FAILED, .error = &error}, HW_LOG_OFF, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lines lines = {""};
        const struct hw_log log = {.level = rows[i].level, .write = note, .ctx = &lines};
        hw_run_log_object(&log, &rows[i].object);
        hw_run_log_object(NULL, &rows[i].object);
        assert_row_text(rows[i].name, lines.text, rows[i].want);
    }
}

/* The first line is that of the start and the last one that of the end, whatever happens. */
static void runs_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *destination;
        enum hw_status want;
        const char *log;
    } rows[] = {
        {"good", "a.csv", "out/", HW_OK,
         "3 run.start  hawser 0.1.0, 2 threads, 64 MiB of memory|"
         "3 object.done a.csv converted: 1 row read, 1 written, 0 rejected, 1 file|"
         "3 run.end  ok: 1 object, 1 converted, 0 left alone, 0 failed|"},
        {"not found", "none.csv", "out/", HW_ENOTFOUND,
         "3 run.start  hawser 0.1.0, 2 threads, 64 MiB of memory|"
         "1 object.failed none.csv cannot open the file: No such file or directory|"
         "1 run.end  not found: 1 object, 0 converted, 0 left alone, 1 failed|"},
        {"refused before anything is done", "a.csv", "ftp://x/", HW_EUSAGE,
         "3 run.start  hawser 0.1.0, 2 threads, 64 MiB of memory|"
         "1 run.end  wrong usage: 0 objects, 0 converted, 0 left alone, 0 failed|"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "a.csv", "n\n1\n", 4);
    assert_int_equal(chdir(scratch.folder), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct lines lines = {""};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const struct hw_log log = {.level = HW_LOG_INFO, .write = note, .ctx = &lines};
        const struct hw_convert_options options = {
            .threads = 2, .memory_bytes = UINT64_C(64) << 20, .overwrite = HW_OVERWRITE_REPLACE, .log = &log};
        assert_row_int(rows[i].name, hw_convert(&rows[i].source, 1, rows[i].destination, &options, &result, &err),
                       rows[i].want);
        assert_row_text(rows[i].name, lines.text, rows[i].log);
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_told),
        cmocka_unit_test(runs_are_told),
    };
    return cmocka_run_group_tests_name("pipeline/run_log", tests, NULL, NULL);
}
