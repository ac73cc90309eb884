/* SPDX-License-Identifier: Apache-2.0 */
/* Files verified as what their bytes say that they are, with what is counted of them. */
#include "pipeline/verify_format.h"

#include <errno.h>

#include "codec/checksum.h"
#include "core/limits.h"
#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/scratch.h"
#include "unit/pipeline/verify_desk.h"

#define TEXT "id,t\n1,a\n2,b\n"

/* Starts with what all rows share. */
static struct hw_verify_file_options options_of(const struct hw_store_options *store, enum hw_verify_level level) {
    return (struct hw_verify_file_options){.level = level,
                                           .findings_max = 10,
                                           .memory_bytes = HW_MIB(16),
                                           .page_bytes_max = HW_PARQUET_PAGE_BYTES_MAX,
                                           .store = store};
}

static void copy_as(struct verify_desk *desk, const char *key, const char *copy) {
    const void *data;
    size_t size;
    assert_ok(hw_memory_store_get(desk->store, key, &data, &size, &desk->err), desk->err);
    desk_put(desk, copy, data, size);
}

static void objects_put(struct verify_desk *desk) {
    verify_desk_init(desk);
    desk_make(desk, "mem://a.parquet", TEXT);
    desk_make(desk, "mem://a.avro", TEXT);
    desk_put_text(desk, "a.csv", TEXT);
    copy_as(desk, "a.parquet", "parquet.data");
    copy_as(desk, "a.parquet", "parquet.csv");
    copy_as(desk, "a.avro", "avro.data");
    copy_as(desk, "a.avro", "avro.parquet");
    copy_as(desk, "a.csv", "csv.parquet");
    copy_as(desk, "a.csv", "csv.avro");
    copy_as(desk, "a.csv", "csv.data");
    desk_flip(desk, "a.parquet", "begin.parquet", 0);
    desk_flip(desk, "a.parquet", "begin.data", 0);
    desk_flip(desk, "a.parquet", "end.parquet", -1);
    desk_put_text(desk, "short.parquet", "PAR");
    desk_put_text(desk, "short.csv", "a\n1");
}

static void files_are_what_their_bytes_say(void **state) {
    (void)state;
    static const struct {
        const char *key;
        enum hw_verify_level level;
        const char *format;
        const char *findings;
        int64_t rows;
    } rows[] = {
        {"a.parquet", HW_VERIFY_PAGES, "parquet", "", 2},
        {"parquet.data", HW_VERIFY_PAGES, "parquet", "", 2},
        {"parquet.csv", HW_VERIFY_FOOTER, "parquet", "", 2},
        {"a.avro", HW_VERIFY_PAGES, "avro", "avro.unproved@-1 ", 2},
        {"a.avro", HW_VERIFY_FOOTER, "avro", "", -1},
        {"avro.data", HW_VERIFY_FOOTER, "avro", "", -1},
        {"avro.parquet", HW_VERIFY_FOOTER, "avro", "", -1},
        {"a.csv", HW_VERIFY_PAGES, "csv", "", 2},
        {"a.csv", HW_VERIFY_FOOTER, "csv", "", -1},
        {"csv.data", HW_VERIFY_VALUES, "csv", "", 2},
        {"csv.parquet", HW_VERIFY_PAGES, "parquet", "footer.magic@9 ", -1},
        {"csv.avro", HW_VERIFY_FOOTER, "avro", "avro.header@0 ", -1},
        {"begin.parquet", HW_VERIFY_FOOTER, "parquet", "footer.magic@0 ", 2},
        {"begin.data", HW_VERIFY_FOOTER, "csv", "", -1},
        {"short.parquet", HW_VERIFY_FOOTER, "parquet", "footer.magic@-1 ", -1},
        {"short.csv", HW_VERIFY_VALUES, "csv", "", 1},
    };
    struct verify_desk desk;
    objects_put(&desk);
    const struct hw_store_options store = verify_desk_store(&desk);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) findings = {0};
        struct hw_verify_file file = {0};
        const struct hw_verify_file_options options = options_of(&store, rows[i].level);
        assert_ok(hw_verify_file_init(&file, desk.store, NULL, rows[i].key, NULL, &desk.err), desk.err);
        assert_ok(hw_verify_file_run(&file, &options, &desk.err), desk.err);
        assert_row_text(rows[i].key, file.counts.format, rows[i].format);
        findings_list(&file, &findings);
        assert_row_text(rows[i].key, (const char *)findings.data, rows[i].findings);
        assert_row_int(rows[i].key, file.counts.rows, rows[i].rows);
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* The sum of all bytes is known where it is asked for and all bytes are read. */
static void sums_are_those_of_all_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *key;
        enum hw_verify_level level;
        const char *columns;
        bool sum;
        bool want;
    } rows[] = {
        {"of Parquet", "a.parquet", HW_VERIFY_PAGES, NULL, true, true},
        {"of Avro", "a.avro", HW_VERIFY_PAGES, NULL, true, true},
        {"of CSV", "a.csv", HW_VERIFY_VALUES, NULL, true, true},
        {"of CSV that nobody asks for", "a.csv", HW_VERIFY_VALUES, NULL, false, false},
        {"of the end alone", "a.parquet", HW_VERIFY_FOOTER, NULL, true, false},
        {"of the header alone", "a.avro", HW_VERIFY_FOOTER, NULL, true, false},
        {"of some columns", "a.parquet", HW_VERIFY_PAGES, "id", true, false},
    };
    struct verify_desk desk;
    objects_put(&desk);
    const struct hw_store_options store = verify_desk_store(&desk);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_verify_file file = {0};
        const void *data;
        size_t size;
        struct hw_verify_file_options options = options_of(&store, rows[i].level);
        options.columns = rows[i].columns;
        options.sum = rows[i].sum;
        assert_ok(hw_verify_file_init(&file, desk.store, NULL, rows[i].key, NULL, &desk.err), desk.err);
        assert_ok(hw_verify_file_run(&file, &options, &desk.err), desk.err);
        assert_ok(hw_memory_store_get(desk.store, rows[i].key, &data, &size, &desk.err), desk.err);
        assert_row_int(rows[i].name, file.counts.size, size);
        assert_row_int(rows[i].name, file.counts.has_sum, rows[i].want);
        if (rows[i].want) {
            assert_row_int(rows[i].name, file.counts.sum, hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, data, size));
        }
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* Columns are those of Parquet. */
static void columns_of_other_formats_are_refused(void **state) {
    (void)state;
    static const char *const keys[] = {"a.avro", "a.csv"};
    struct verify_desk desk;
    objects_put(&desk);
    const struct hw_store_options store = verify_desk_store(&desk);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct hw_verify_file file = {0};
        struct hw_verify_file_options options = options_of(&store, HW_VERIFY_PAGES);
        options.columns = "id";
        assert_ok(hw_verify_file_init(&file, desk.store, NULL, keys[i], NULL, &desk.err), desk.err);
        assert_row_int(keys[i], hw_verify_file_run(&file, &options, &desk.err), HW_EUSAGE);
        assert_row_says(keys[i], desk.err.message, "--columns is for Parquet");
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* What an opening was told of the object, for one that the store of a desk makes. */
static struct {
    const struct hw_store_ops *ops;
    const char *etag;
} watched;

static enum hw_status open_watch(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                 struct hw_source **out_source, struct hw_error *err) {
    watched.etag = known ? known->etag : NULL;
    return watched.ops->source_open(store, key, known, out_source, err);
}

/* What a listing has told pins the version that is opened. */
static void what_is_known_is_handed_on(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", "a.csv"};
    struct verify_desk desk;
    objects_put(&desk);
    const struct hw_store_options store = verify_desk_store(&desk);
    const struct hw_verify_file_options options = options_of(&store, HW_VERIFY_FOOTER);
    watched.ops = desk.store->ops;
    struct hw_store_ops ops = *watched.ops;
    ops.source_open = open_watch;
    desk.store->ops = &ops;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct hw_object_info info = {.key = keys[i], .etag = "\"7\"", .size = 1};
        for (int listed = 0; listed < 2; listed++) {
            struct hw_verify_file file = {0};
            watched.etag = NULL;
            assert_ok(hw_verify_file_init(&file, desk.store, NULL, keys[i], listed ? &info : NULL, &desk.err),
                      desk.err);
            assert_ok(hw_verify_file_run(&file, &options, &desk.err), desk.err);
            assert_row_text(keys[i], watched.etag ? watched.etag : "none", listed ? "\"7\"" : "none");
            hw_verify_file_release(&file);
        }
    }
    desk.store->ops = watched.ops;
    verify_desk_release(&desk);
}

static void files_that_are_not_there_are_told(void **state) {
    (void)state;
    static const char *const keys[] = {"none.parquet", "none.csv"};
    struct verify_desk desk;
    objects_put(&desk);
    const struct hw_store_options store = verify_desk_store(&desk);
    const struct hw_verify_file_options options = options_of(&store, HW_VERIFY_FOOTER);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct hw_verify_file file = {0};
        assert_ok(hw_verify_file_init(&file, desk.store, NULL, keys[i], NULL, &desk.err), desk.err);
        assert_row_int(keys[i], hw_verify_file_run(&file, &options, &desk.err), HW_ENOTFOUND);
        assert_null(file.counts.format);
        hw_verify_file_release(&file);
    }
    verify_desk_release(&desk);
}

/* Whichever read fails, the file has failed with it, and nothing is found for that. */
static void failures_of_reading_are_told(void **state) {
    (void)state;
    static const struct {
        const char *key;
        int reads_least; /* with those of the sum */
    } rows[] = {{"a.parquet", 1}, {"parquet.data", 2}, {"a.avro", 2}, {"a.csv", 3}};
    struct scratch scratch = scratch_make();
    struct verify_desk desk;
    struct hw_store *folder;
    const struct hw_store_options none = {0};
    struct hw_verify_file_options options = options_of(&none, HW_VERIFY_PAGES);
    objects_put(&desk);
    options.sum = true;
    assert_ok(hw_store_file_open(scratch_path(&scratch, ""), NULL, &folder, &desk.err), desk.err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const void *data;
        size_t size;
        int failures = 0;
        assert_ok(hw_memory_store_get(desk.store, rows[i].key, &data, &size, &desk.err), desk.err);
        scratch_write(&scratch, rows[i].key, data, size);
        for (enum io_call fired = IO_PREAD; fired == IO_PREAD; failures++) {
            struct hw_error err = HW_ERROR_INIT;
            struct hw_verify_file file = {0};
            assert_ok(hw_verify_file_init(&file, folder, scratch_path(&scratch, rows[i].key), rows[i].key, NULL, &err),
                      err);
            faulty_io_start(IO_PREAD, failures + 1, EIO);
            const enum hw_status status = hw_verify_file_run(&file, &options, &err);
            fired = faulty_io_stop();
            assert_row_int(rows[i].key, status, fired == IO_PREAD ? HW_EIO : HW_OK);
            assert_row_int(rows[i].key, file.counts.errors, 0);
            hw_verify_file_release(&file);
        }
        assert_row_int(rows[i].key, failures > rows[i].reads_least, true);
    }
    hw_store_close(folder);
    verify_desk_release(&desk);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_what_their_bytes_say),       cmocka_unit_test(sums_are_those_of_all_bytes),
        cmocka_unit_test(columns_of_other_formats_are_refused), cmocka_unit_test(what_is_known_is_handed_on),
        cmocka_unit_test(files_that_are_not_there_are_told),    cmocka_unit_test(failures_of_reading_are_told),
    };
    return cmocka_run_group_tests_name("pipeline/verify_format", tests, NULL, NULL);
}
