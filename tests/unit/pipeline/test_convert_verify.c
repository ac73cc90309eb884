/* SPDX-License-Identifier: Apache-2.0 */
/* Conversions that read their outputs again before they publish them. */
#include <hawser/convert.h>
#include <hawser/memory.h>

#include <stdatomic.h>

#include "conversions.h"

/* Rows of a text, of which one has the quotes, line ends and delimiters that a CSV must quote. */
#define TEXT "n,t\n1,a\n2,\"b,\"\"\n\"\n,\n4,d\n"

static struct hw_store *source_new(void) {
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    assert_ok(hw_memory_store_put(store, "a.csv", TEXT, strlen(TEXT), &err), err);
    return store;
}

/* The source is in memory, so that files are read for verification alone. */
static atomic_size_t reads;
static bool flips;

static ssize_t flipped_pread(int fd, void *data, size_t bytes, off_t offset) {
    const ssize_t got = hw_io_system.pread(fd, data, bytes, offset);
    atomic_fetch_add(&reads, 1);
    if (flips && got > 0) {
        ((uint8_t *)data)[got / 2] ^= 1;
    }
    return got;
}

struct verified_run {
    const char *name;
    enum hw_format format;
    const char *compression;
    enum hw_verify_level level;
    bool partitions;
    bool remote; /* the outputs are in a store that cannot be read before they are published */
};

static const struct verified_run runs[] = {
    {"Parquet", HW_FORMAT_PARQUET, NULL, HW_VERIFY_VALUES, false, false},
    {"Parquet, pages", HW_FORMAT_PARQUET, "snappy", HW_VERIFY_PAGES, false, false},
    {"Parquet, footer", HW_FORMAT_PARQUET, NULL, HW_VERIFY_FOOTER, false, false},
    {"Avro", HW_FORMAT_AVRO, "zstd", HW_VERIFY_VALUES, false, false},
    {"Avro without checksums", HW_FORMAT_AVRO, "none", HW_VERIFY_PAGES, false, false},
    {"CSV", HW_FORMAT_CSV, NULL, HW_VERIFY_VALUES, false, false},
    {"packed CSV", HW_FORMAT_CSV, "gzip", HW_VERIFY_VALUES, false, false},
    {"partitions", HW_FORMAT_PARQUET, NULL, HW_VERIFY_VALUES, true, false},
    {"a copy of Parquet", HW_FORMAT_PARQUET, NULL, HW_VERIFY_VALUES, false, true},
    {"a copy of CSV", HW_FORMAT_CSV, NULL, HW_VERIFY_VALUES, false, true},
    {"copies of partitions", HW_FORMAT_AVRO, NULL, HW_VERIFY_VALUES, true, true},
};

static enum hw_status run_convert(const struct verified_run *run, enum hw_verify_level level, const char *destination,
                                  struct hw_error *err) {
    static const char *const partition_by[] = {"n"};
    static const char *const source = "mem://a.csv";
    struct hw_store *store = source_new();
    struct hw_convert_result result;
    const struct hw_convert_options options = {
        .size = sizeof(options),
        .formats = run->format,
        .compression = run->compression,
        .partition_by = partition_by,
        .partition_by_count = run->partitions ? 1 : 0,
        .overwrite = HW_OVERWRITE_REPLACE,
        .memory_bytes = HW_MIB(64),
        .source_store = {.stores = &store, .stores_count = 1},
        .target_store = {.stores = &store, .stores_count = 1},
        .verify = level,
    };
    atomic_store(&reads, 0);
    const enum hw_status status = hw_convert(&source, 1, destination, &options, &result, err);
    hw_memory_store_free(store);
    return status;
}

/* A bit that is wrong when the file is read again is found, and nothing is left at the name. */
static void outputs_are_read_before_they_are_published(void **state) {
    (void)state;
    struct hw_io io = *hw_io();
    io.pread = flipped_pread;
    hw_io_set(&io);
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        const struct verified_run *run = &runs[i];
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        const char *destination = run->remote ? "mem://out/" : scratch_path(&scratch, "out/");
        flips = true;
        assert_row_int(run->name, run_convert(run, HW_VERIFY_DEFAULT, destination, &err), HW_OK);
        assert_row_int(run->name, reads, 0);
        scratch_remove(&scratch);
        scratch = scratch_make();
        destination = run->remote ? "mem://out/" : scratch_path(&scratch, "out/");
        assert_row_int(run->name, run_convert(run, run->level, destination, &err), HW_ECHECKSUM);
        assert_row_says(run->name, err.message, "does not pass --verify, and is not published");
        assert_row_text(run->name, scratch_names(&scratch), "");
        flips = false;
        assert_row_int(run->name, run_convert(run, run->level, destination, &err), HW_OK);
        assert_row_int(run->name, reads > 0, true);
        scratch_remove(&scratch);
    }
    quick_io();
}

static void an_unknown_level_is_refused(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    const enum hw_verify_level level = (enum hw_verify_level)(HW_VERIFY_VALUES + 1);
    assert_int_equal(run_convert(&runs[0], level, "mem://out/", &err), HW_EUSAGE);
    assert_row_says("level", err.message, "there is no level 4 of verification");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_read_before_they_are_published),
        cmocka_unit_test(an_unknown_level_is_refused),
    };
    quick_io();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
