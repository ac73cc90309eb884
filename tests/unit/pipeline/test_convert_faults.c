/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever fails, at whichever call: the right status, no half object at a final name, nothing left
 * behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <hawser/convert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/compression.h"
#include "conversions.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"

static const char text[] =
    "id,day,note\n1,2024-01-01,one\n2,2024-01-02,\"two\nlines\"\n3,2024-01-03\n4,2024-01-04,four\n";

/* The objects that a run over two sources makes. */
static const char *const outputs[] = {"out/a.avro",    "out/a.parquet",       "out/a.rejects.jsonl", "out/b.avro",
                                      "out/b.parquet", "out/b.rejects.jsonl", "out/_manifest.json"};
enum { OUTPUTS = COUNT_OF(outputs), MANIFEST = OUTPUTS - 1 };
#define OLD "what was there before"
#define OLD_MANIFEST "{\"hawser_manifest\": 1, \"objects\": []}\n"

static struct scratch sources_make(bool old_there) {
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor;
    uint8_t packed[1024];
    size_t bytes;
    scratch_write(&scratch, "in/a.csv", text, sizeof(text) - 1);
    assert_ok(hw_compressor_new(HW_CODEC_GZIP, HW_LEVEL_DEFAULT, &compressor, &err), err);
    assert_ok(hw_compressor_run(compressor, text, sizeof(text) - 1, packed, sizeof(packed), &bytes, &err), err);
    hw_compressor_free(compressor);
    scratch_write(&scratch, "in/b.csv.gz", packed, bytes);
    for (size_t i = 0; old_there && i < OUTPUTS; i++) {
        const char *old = i == MANIFEST ? OLD_MANIFEST : OLD;
        scratch_write(&scratch, outputs[i], old, strlen(old));
    }
    return scratch;
}

static enum hw_status sources_convert(const struct scratch *scratch, struct hw_convert_result *result,
                                      struct hw_error *err) {
    const char *source = scratch_path(scratch, "in/");
    const struct hw_convert_options options = {
        .formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
        .csv = {.bad_rows_reject = true},
        .row_group_bytes = 24,
        .threads = 1,
        .memory_bytes = 1 << 20,
        .report_path = scratch_path(scratch, "report.json"),
    };
    return hw_convert(&source, 1, scratch_path(scratch, "out/"), &options, result, err);
}

/* At each final name: nothing, or the old bytes, or a whole new object. */
static void outputs_check(const char *row, const struct scratch *scratch, bool old_there, size_t *out_new) {
    *out_new = 0;
    for (size_t i = 0; i < OUTPUTS; i++) {
        HW_AUTO(hw_buf) file = {0};
        if (!corpus_read(scratch_path(scratch, outputs[i]), &file)) {
            assert_row_int(row, old_there, false);
            continue;
        }
        if (old_there && hw_view_equal(hw_buf_view(&file), HW_VIEW(OLD))) {
            continue;
        }
        const char *name = outputs[i];
        *out_new += i != MANIFEST;
        if (strstr(name, ".parquet")) {
            assert_row_bytes(row, file.data + file.size - 4, 4, "PAR1", 4);
        } else if (strstr(name, ".avro")) {
            struct conversion_run run = {0};
            avro_rows_read(&file, &run);
            assert_row_int(row, run.avro_rows, 3);
            conversion_release(&run);
        } else {
            assert_row_int(row, file.data[file.size - 1], '\n');
        }
    }
    const char *temporary = strstr(scratch_names(scratch), ".hawser-");
    assert_row_text(row, temporary ? temporary : "", "");
}

static void run_check(const char *row, const struct scratch *scratch, bool old_there, bool failed,
                      enum hw_status status, const struct hw_convert_result *result) {
    size_t fresh;
    outputs_check(row, scratch, old_there, &fresh);
    if (!failed || status == HW_OK) {
        assert_row_int(row, status, HW_OK);
        assert_row_int(row, fresh, MANIFEST);
        assert_row_int(row, result->rows_in, result->rows_out + result->rejected);
    }
}

static const struct {
    enum io_call call;
    int errnum;
    enum hw_status want; /* beside HW_EPARTIAL, where one source of two went well */
} faults[] = {
    {IO_WRITE, ENOSPC, HW_EIO},  {IO_WRITE, EIO, HW_EIO},     {IO_FSYNC, EIO, HW_EIO}, {IO_RENAMEAT, ENOSPC, HW_EIO},
    {IO_OPENAT, EMFILE, HW_EIO}, {IO_OPENAT, EACCES, HW_EIO}, {IO_CLOSE, EIO, HW_EIO}, {IO_FSTAT, EIO, HW_EIO},
    {IO_PREAD, EIO, HW_EIO},     {IO_MKDIRAT, EROFS, HW_EIO}, {IO_READ, EIO, HW_EIO},
};

static bool fault_run(size_t fault, int at, bool forever, bool old_there) {
    char row[128];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result = {0};
    struct scratch scratch = sources_make(old_there);
    int files = open_files();
    snprintf(row, sizeof(row), "%s %d fails with %d%s%s", faulty_io_name(faults[fault].call), at, faults[fault].errnum,
             forever ? " for ever" : "", old_there ? ", old objects there" : "");
    (forever ? faulty_io_start_forever : faulty_io_start)(faults[fault].call, at, faults[fault].errnum);
    faulty_io_quick();
    enum hw_status status = sources_convert(&scratch, &result, &err);
    bool failed = faulty_io_stop() != IO_ANY;
    run_check(row, &scratch, old_there, failed, status, &result);
    assert_row_int(row, open_files(), files);
    if (status != HW_OK && status != HW_EPARTIAL) {
        assert_row_int(row, status, faults[fault].want);
        assert_row_int(row, err.message[0] != '\0', true);
    }
    scratch_remove(&scratch);
    return failed;
}

static void no_fault_of_the_disk_tears_an_object(void **state) {
    (void)state;
    for (size_t fault = 0; fault < COUNT_OF(faults); fault++) {
        for (int mode = 0; mode < 4; mode++) {
            int at = 1;
            while (fault_run(fault, at, mode & 1, mode & 2)) {
                at++;
            }
            bool used = faults[fault].call != IO_READ && !(faults[fault].call == IO_MKDIRAT && mode & 2);
            assert_row_int(faulty_io_name(faults[fault].call), at > 1, used);
        }
    }
}

/* Nothing at all is left of a source whose outputs could not all be published. */
static void a_source_is_published_as_a_whole(void **state) {
    (void)state;
    enum { RENAMES = 3 }; /* rejects, Parquet, Avro */
    for (int at = 1; at <= RENAMES; at++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result = {0};
        struct scratch scratch = sources_make(false);
        remove(scratch_path(&scratch, "in/b.csv.gz"));
        faulty_io_start(IO_RENAMEAT, at, EIO);
        faulty_io_quick();
        enum hw_status status = sources_convert(&scratch, &result, &err);
        faulty_io_stop();
        assert_int_equal(status, HW_EIO);
        assert_string_equal(scratch_names(&scratch), "in/ in/a.csv report.json ");
        scratch_remove(&scratch);
    }
}

static bool memory_run(size_t successes, bool forever, bool old_there) {
    char row[128];
    struct alloc_fault fault;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result = {0};
    struct scratch scratch = sources_make(old_there);
    int files = open_files();
    snprintf(row, sizeof(row), "no memory after %zu requests%s%s", successes, forever ? ", for ever" : "",
             old_there ? ", old objects there" : "");
    (forever ? alloc_fault_begin_forever : alloc_fault_begin)(&fault, successes);
    enum hw_status status = sources_convert(&scratch, &result, &err);
    bool failed = alloc_fault_end(&fault);
    run_check(row, &scratch, old_there, failed, status, &result);
    assert_row_int(row, open_files(), files);
    if (status != HW_OK && status != HW_EPARTIAL) {
        assert_row_int(row, status, HW_ENOMEM);
        assert_row_says(row, err.message, "out of memory");
    }
    scratch_remove(&scratch);
    return failed;
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    quick_io();
    for (int mode = 0; mode < 3; mode++) {
        size_t successes = 0;
        while (memory_run(successes, mode & 1, mode & 2)) {
            successes++;
        }
        assert_in_range(successes, 200, 100000);
    }
    hw_io_set(NULL);
}

/* Standard input and output: a temporary file lies between. */
static bool pipe_run(enum io_call call, int at, int errnum) {
    char row[128];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result = {0};
    struct scratch scratch = sources_make(false);
    const char *source = "-";
    int files = open_files();
    struct hw_convert_options options = {
        .threads = 1,
        /* the default is read from files, which may fail without harm */
        .memory_bytes = HW_MIB(64),
        .input_fd = open(scratch_path(&scratch, "in/a.csv"), O_RDONLY | O_CLOEXEC),
        .output_fd = open(scratch_path(&scratch, "result"), O_WRONLY | O_CREAT | O_CLOEXEC, 0666),
        .csv = {.bad_rows_pad = true},
    };
    snprintf(row, sizeof(row), "%s %d fails with %d", faulty_io_name(call), at, errnum);
    faulty_io_start(call, at, errnum);
    faulty_io_quick();
    enum hw_status status = hw_convert(&source, 1, "-", &options, &result, &err);
    bool failed = faulty_io_stop() != IO_ANY;
    close(options.input_fd);
    close(options.output_fd);
    assert_row_int(row, open_files(), files);
    HW_AUTO(hw_buf) file = {0};
    assert_true(corpus_read(scratch_path(&scratch, "result"), &file));
    if (failed && call != IO_CLOSE) {
        assert_row_int(row, status, HW_EIO);
        assert_row_int(row, err.message[0] != '\0', true);
        assert_row_int(row, file.size == 0 || call == IO_READ,
                       true); /* the spool file is read while the pipe is written */
    } else {
        assert_row_int(row, status, HW_OK);
        assert_row_bytes(row, file.data + file.size - 4, 4, "PAR1", 4);
    }
    scratch_remove(&scratch);
    return failed;
}

static void pipes_get_the_file_or_an_error(void **state) {
    (void)state;
    static const struct {
        enum io_call call;
        int errnum;
    } rows[] = {{IO_OPENAT, EACCES}, {IO_READ, EIO}, {IO_WRITE, ENOSPC}, {IO_PREAD, EIO}, {IO_CLOSE, EIO}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int at = 1;
        while (pipe_run(rows[i].call, at, rows[i].errnum)) {
            at++;
        }
        assert_row_int(faulty_io_name(rows[i].call), at > 1, true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_fault_of_the_disk_tears_an_object),
        cmocka_unit_test(a_source_is_published_as_a_whole),
        cmocka_unit_test(want_of_memory_leaves_nothing),
        cmocka_unit_test(pipes_get_the_file_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
