/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of batches that end early, or should: freed, stopped, out of memory, not as stored. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "codec/checksum.h"
#include "csv_reading.h"
#include "support/alloc_fault.h"
#include "support/http_server.h"
#include "support/s3_fixture.h"
#include "zip_write.h"

static int open_files(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

static void a_stream_may_be_freed_at_any_time(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    csv_numbers_write(&scratch, 100000);
    const int files = open_files();
    for (size_t batches = 0; batches < 8; batches++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_stream *stream;
        const struct hw_csv_read_options options = {.input_fd = -1};
        assert_ok(hw_csv_read(scratch_path(&scratch, "in.csv"), &options, &stream, &err), err);
        for (size_t i = 0; i < batches; i++) {
            struct hw_batch batch = {0};
            bool more;
            assert_ok(stream->next(stream, &batch, &more, &err), err);
            hw_batch_release(&batch);
        }
        stream->free(stream);
        assert_int_equal(open_files(), files);
    }
    scratch_remove(&scratch);
}

static void a_file_that_changes_is_no_table(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    enum hw_status status = HW_OK;
    bool more = true;
    csv_numbers_write(&scratch, 3000000);
    const struct hw_csv_read_options options = {.input_fd = -1};
    assert_ok(hw_csv_read(scratch_path(&scratch, "in.csv"), &options, &stream, &err), err);
    for (size_t i = 0; more && status == HW_OK; i++) {
        struct hw_batch batch = {0};
        status = stream->next(stream, &batch, &more, &err);
        hw_batch_release(&batch);
        if (i == 0) {
            const int fd = open(scratch_path(&scratch, "in.csv"), O_WRONLY | O_APPEND | O_CLOEXEC);
            assert_int_equal(write(fd, "1,x\n", 4), 4);
            close(fd);
        }
    }
    assert_int_equal(status, HW_ECHANGED);
    stream->free(stream);
    scratch_remove(&scratch);
}

struct stop {
    size_t after; /* questions */
    size_t asked;
};

static bool stop_asked(void *ctx) {
    struct stop *stop = ctx;
    return stop->asked++ == stop->after;
}

/* Whenever it is told to stop, while types are found and while rows are read. */
static void reading_stops_when_asked_to(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    enum hw_status status = HW_ECANCELLED;
    size_t opened = 0, unopened = 0;
    csv_numbers_write(&scratch, 100000);
    for (size_t after = 0; status != HW_OK; after++) {
        struct stop stop = {.after = after};
        const struct hw_csv_read_options options = {.source_store = {.cancelled = stop_asked, .cancelled_ctx = &stop},
                                                    .input_fd = -1};
        struct csv_reading reading = csv_read_all(scratch_path(&scratch, "in.csv"), &options, false);
        status = reading.status;
        assert_true(status == HW_OK || status == HW_ECANCELLED);
        opened += status != HW_OK && reading.opened;
        unopened += !reading.opened;
        csv_reading_release(&reading);
    }
    assert_true(opened > 3 && unopened > 3);
    scratch_remove(&scratch);
}

/* One way to be out of memory; without a reading where there is enough for all. */
static bool memory_run(const struct scratch *scratch, const char *name, size_t successes) {
    struct alloc_fault fault;
    const struct hw_csv_read_options options = {
        .csv = {.bad_rows_reject = true, .null_values = (const char *[]){"NA"}, .null_values_count = 1},
        .input_fd = -1,
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream = NULL;
    bool more = true;
    const int files = open_files();
    alloc_fault_begin(&fault, successes);
    enum hw_status status = hw_csv_read(scratch_path(scratch, name), &options, &stream, &err);
    const bool opened = status == HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch = {0};
        status = stream->next(stream, &batch, &more, &err);
        hw_batch_release(&batch);
    }
    if (opened) {
        stream->free(stream);
    }
    const bool failed = alloc_fault_end(&fault);
    assert_row_int(name, opened, stream != NULL);
    assert_row_int(name, status, failed ? HW_ENOMEM : HW_OK);
    assert_row_says(name, err.message, failed ? "out of memory" : "");
    assert_row_int(name, open_files(), files);
    return failed;
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    static const char *const names[] = {"in.csv", "in.csv.gz", "in.zip"};
    static const char *const members[] = {"a.csv", NULL};
    const hw_view text = HW_VIEW("id,name\n1,a\n2,NA\n3\nx,\"b\"\"c\"\n");
    struct scratch scratch = scratch_make();
    csv_file_write(&scratch, names[0], PLAIN, text);
    csv_file_write(&scratch, names[1], GZIP, text);
    zip_write(&scratch, names[2], members, text);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t successes = 0;
        while (memory_run(&scratch, names[i], successes)) {
            successes++;
        }
        assert_in_range(successes, 30, 10000);
    }
    scratch_remove(&scratch);
}

/* The end of the stream comes only where the bytes were those of the store. */
static void bytes_are_compared_with_the_store(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "n\n", NULL), HW_OK);
    for (unsigned i = 0; i < 60000; i++) {
        assert_int_equal(hw_buf_printf(&text, NULL, "%u\n", i), HW_OK);
    }
    const struct hw_checksum checksum = {HW_CHECKSUM_CRC64NVME,
                                         hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, text.data, text.size)};
    for (int flipped = 0; flipped < 2; flipped++) {
        char head[512];
        char sum[HW_CHECKSUM_TEXT_BYTES];
        text.data[text.size / 2] ^= (uint8_t)flipped;
        snprintf(head, sizeof(head), "ETag: \"e\"\r\nx-amz-checksum-crc64nvme: %s\r\nContent-Length: %zu\r\n",
                 hw_checksum_text(&checksum, sum), text.size);
        const struct http_reply script[] = {
            {.match = "HEAD ", .times = -1, .status = 200, .headers = head},
            {.times = -1,
             .status = 200,
             .headers = "ETag: \"e\"\r\n",
             .body = (const char *)text.data,
             .body_bytes = text.size,
             .ranged = true},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_csv_read_options options = {
            .source_store = {.endpoint_url = http_server_url(server), .part_bytes = 64 << 10}, .input_fd = -1};
        struct csv_reading reading = csv_read_all("s3://bucket/in.csv", &options, false);
        assert_int_equal(reading.status, flipped ? HW_ECHECKSUM : HW_OK);
        assert_true(reading.opened);
        csv_reading_release(&reading);
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_may_be_freed_at_any_time), cmocka_unit_test(a_file_that_changes_is_no_table),
        cmocka_unit_test(reading_stops_when_asked_to),       cmocka_unit_test(want_of_memory_leaves_nothing),
        cmocka_unit_test(bytes_are_compared_with_the_store),
    };
    return cmocka_run_group_tests_name("pipeline/csv_read_faults", tests, environment_set, NULL);
}
