/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written in parts, and links that are not followed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/file_sink.h"
#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { PARTS_BYTES = (3 << 20) + 17, PART_BYTES = 1 << 20, PARTS = 4 };

static uint8_t *bytes_make(void) {
    uint8_t *data = malloc(PARTS_BYTES);
    assert_non_null(data);
    for (size_t i = 0; i < PARTS_BYTES; i++) {
        data[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return data;
}

/* The order in which parts are written; UINT64_MAX: no more. */
struct parts_order {
    uint64_t numbers[PARTS + 1];
};

static struct hw_sink_part part_of(const uint8_t *data, uint64_t number) {
    const uint64_t offset = number * PART_BYTES;
    return (struct hw_sink_part){.number = number,
                                 .offset = offset,
                                 .data = data + offset,
                                 .bytes = hw_min_size(PART_BYTES, PARTS_BYTES - offset)};
}

static enum hw_status parts_publish(const char *root, const char *key, const struct hw_sink_options *options,
                                    const uint8_t *data, const struct parts_order *order, struct hw_error *err) {
    struct hw_store *store;
    struct hw_sink *sink = NULL;
    uint64_t part_bytes = PART_BYTES;
    HW_TRY(hw_store_file_open(root, NULL, &store, err));
    enum hw_status status = store->ops->sink_open(store, key, options, &sink, err);
    status = status ? status : sink->ops->parts_begin(sink, PARTS_BYTES, &part_bytes, err);
    for (const uint64_t *number = order->numbers; status == HW_OK && *number != UINT64_MAX; number++) {
        const struct hw_sink_part part = part_of(data, *number);
        status = sink->ops->part_write(sink, &part, err);
    }
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
        assert_int_equal(part_bytes, PART_BYTES);
        assert_true(status != HW_OK || (sink->written == PARTS_BYTES && sink->mtime_us > 0));
    }
    if (sink) {
        sink->ops->free(sink);
    }
    store->ops->close(store);
    return status;
}

static const struct parts_order all_parts = {{2, 0, 3, 1, UINT64_MAX}};

static void parts_come_in_any_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct parts_order order;
        size_t short_bytes; /* The system takes no more at once; 0: any number. */
        bool old;           /* An object is there. */
        bool create_only;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"in order", {{0, 1, 2, 3, UINT64_MAX}}, 0, false, false, HW_OK, ""},
        {"backwards", {{3, 2, 1, 0, UINT64_MAX}}, 0, true, false, HW_OK, ""},
        {"in any order", {{2, 0, 3, 1, UINT64_MAX}}, 100003, true, false, HW_OK, ""},
        {"new", {{2, 0, 3, 1, UINT64_MAX}}, 0, false, true, HW_OK, ""},
        {"taken", {{2, 0, 3, 1, UINT64_MAX}}, 0, true, true, HW_EEXISTS, "exists already"},
        {"none", {{UINT64_MAX}}, 0, true, false, HW_EIO, "0 bytes of 3145745 were written"},
        {"one is missing", {{0, 1, 3, UINT64_MAX}}, 0, true, false, HW_EIO, "2097169 bytes of 3145745 were written"},
        {"the last is missing", {{0, 1, 2, UINT64_MAX}}, 0, false, false, HW_EIO, "bytes of 3145745 were written"},
    };
    uint8_t *data = bytes_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_sink_options options = {.create_only = rows[i].create_only};
        if (rows[i].old) {
            scratch_write(&scratch, "x", "old", 3);
        }
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_short(rows[i].short_bytes);
        assert_row_int(rows[i].name, parts_publish(scratch.folder, "x", &options, data, &rows[i].order, &err),
                       rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, scratch_names(&scratch), rows[i].want == HW_OK || rows[i].old ? "x " : "");
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, "x", data, PARTS_BYTES), true);
        } else if (rows[i].old) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, "x", "old", 3), true);
        }
        scratch_remove(&scratch);
    }
    free(data);
}

/* A full disk is met before anything is written; a file system need not be able to take room. */
static void room_is_taken_at_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int errnum;
        bool forever;
        enum hw_status want;
    } rows[] = {
        {"full", ENOSPC, true, HW_EIO},
        {"quota", EDQUOT, true, HW_EIO},
        {"too large", EFBIG, true, HW_EIO},
        {"broken", EIO, true, HW_EIO},
        {"not supported", EOPNOTSUPP, true, HW_OK},
        {"no such call", ENOSYS, true, HW_OK},
        {"not for this file", EINVAL, true, HW_OK},
        {"interrupted", EINTR, false, HW_OK},
    };
    uint8_t *data = bytes_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_sink_options options = {0};
        (rows[i].forever ? faulty_io_start_forever : faulty_io_start)(IO_FALLOCATE, 1, rows[i].errnum);
        enum hw_status status = parts_publish(scratch.folder, "d/x", &options, data, &all_parts, &err);
        const int writes = faulty_io_calls(IO_PWRITE);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_int(rows[i].name, writes > 0, status == HW_OK);
        if (status) {
            assert_row_says(rows[i].name, err.message, "cannot take room for the file: ");
            assert_row_int(rows[i].name, err.sys_errno, rows[i].errnum);
            assert_row_text(rows[i].name, err.object, scratch_path(&scratch, "d/x"));
            assert_row_text(rows[i].name, scratch_names(&scratch), "");
        } else {
            assert_row_int(rows[i].name, scratch_holds(&scratch, "d/x", data, PARTS_BYTES), true);
        }
        scratch_remove(&scratch);
    }
    free(data);
}

static void parts_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t size; /* UINT64_MAX: the parts are not begun */
        uint64_t offset;
        size_t bytes;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"beyond the end", 10, 8, 3, HW_EIO, "beyond the 10 bytes of the file"},
        {"far beyond the end", 10, UINT64_MAX, 3, HW_EIO, "beyond the 10 bytes of the file"},
        {"not begun", UINT64_MAX, 0, 3, HW_EIO, "is beyond"},
        {"no such file", (uint64_t)INT64_MAX + 1, 0, 3, HW_ELIMIT, "no file can have"},
        {"an empty object", 0, 0, 0, HW_OK, ""},
        {"all of it", 3, 0, 3, HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_sink *sink;
        uint64_t part_bytes = 10;
        const struct hw_sink_part part = {.offset = rows[i].offset, .data = "abc", .bytes = rows[i].bytes};
        assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
        assert_ok(store->ops->sink_open(store, "x", &(struct hw_sink_options){0}, &sink, &err), err);
        const bool begun = rows[i].size != UINT64_MAX;
        enum hw_status status = begun ? sink->ops->parts_begin(sink, rows[i].size, &part_bytes, &err) : HW_OK;
        status = status ? status : sink->ops->part_write(sink, &part, &err);
        status = status ? status : sink->ops->finish(sink, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        sink->ops->free(sink);
        store->ops->close(store);
        assert_row_text(rows[i].name, scratch_names(&scratch), rows[i].want == HW_OK ? "x " : "");
        scratch_remove(&scratch);
    }
}

/* ------ links */

static void links_may_be_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *key;
        size_t kept;
        bool refused;
        enum hw_status want;
        const char *says;
        const char *written; /* where the bytes are then */
    } rows[] = {
        {"a link at the name", "in/link", 3, true, HW_EUSAGE, "is a link, which is neither followed nor replaced",
         NULL},
        {"a link that leads nowhere", "in/dangling", 3, true, HW_EUSAGE, "is a link", NULL},
        {"a folder that is a link", "in/out/x", 3, true, HW_EUSAGE, "a link stands on the way to it", NULL},
        {"one far above", "in/out/a/b/x", 3, true, HW_EUSAGE, "a link stands on the way to it", NULL},
        {"one in what is kept", "in/out/x", 7, true, HW_OK, "", "out/x"},
        {"folders are made", "in/new/deep/x", 3, true, HW_OK, "", "in/new/deep/x"},
        {"nothing is kept", "in/new/x", 0, true, HW_OK, "", "in/new/x"},
        {"a file instead of a folder", "in/file/x", 3, true, HW_EIO, "Not a directory", NULL},
        {"followed where that is not refused", "in/out/x", 3, false, HW_OK, "", "out/x"},
        {"replaced where that is not refused", "in/link", 3, false, HW_OK, "", "in/link"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_sink *sink = NULL;
        const struct hw_sink_options options = {.links_refused = rows[i].refused, .kept_bytes = rows[i].kept};
        const int files = open_files();
        scratch_write(&scratch, "in/file", "old", 3);
        scratch_write(&scratch, "out/secret", "secret", 6);
        assert_int_equal(symlink("../out", scratch_path(&scratch, "in/out")), 0);
        assert_int_equal(symlink("../out/secret", scratch_path(&scratch, "in/link")), 0);
        assert_int_equal(symlink("nowhere", scratch_path(&scratch, "in/dangling")), 0);
        assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
        enum hw_status status = store->ops->sink_open(store, rows[i].key, &options, &sink, &err);
        status = status ? status : sink->ops->write(sink, "new", 3, &err);
        status = status ? status : sink->ops->finish(sink, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (sink) {
            sink->ops->free(sink);
        }
        store->ops->close(store);
        assert_row_int(rows[i].name, scratch_holds(&scratch, "out/secret", "secret", 6), true);
        if (rows[i].written) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, rows[i].written, "new", 3), true);
        } else {
            assert_row_text(rows[i].name, scratch_names(&scratch),
                            "in/ in/dangling in/file in/link in/out out/ out/secret ");
        }
        assert_row_int(rows[i].name, open_files(), files);
        scratch_remove(&scratch);
    }
}

/* Each call fails in turn: the name holds the old bytes or all new ones, and nothing else stays. */
static void no_fault_tears_an_object_in_parts(void **state) {
    (void)state;
    const struct hw_sink_options options = {.links_refused = true};
    uint8_t *data = bytes_make();
    const int files = open_files();
    bool hit = true;
    for (int k = 1; hit; k++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        char row[64];
        scratch_write(&scratch, "d/e/x", "old", 3);
        faulty_io_start(IO_ANY, k, EIO);
        enum hw_status status = parts_publish(scratch.folder, "d/e/x", &options, data, &all_parts, &err);
        const enum io_call call = faulty_io_stop();
        hit = call != IO_ANY;
        snprintf(row, sizeof(row), "call %d (%s)", k, faulty_io_name(call));
        const bool renamed = faulty_io_calls(IO_RENAMEAT) > 0 && call != IO_RENAMEAT;
        const bool is_new = status == HW_OK || renamed;
        assert_row_int(row,
                       is_new ? scratch_holds(&scratch, "d/e/x", data, PARTS_BYTES)
                              : scratch_holds(&scratch, "d/e/x", "old", 3),
                       true);
        assert_row_text(row, scratch_names(&scratch), "d/ d/e/ d/e/x ");
        assert_row_int(row, open_files(), files);
        const bool harmless = !hit || call == IO_CLOSE || call == IO_SYNC_FILE_RANGE || call == IO_UNLINKAT;
        assert_row_int(row, harmless || status == HW_EIO, true);
        scratch_remove(&scratch);
    }
    free(data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_in_any_order),           cmocka_unit_test(room_is_taken_at_once),
        cmocka_unit_test(parts_that_cannot_be_are_refused),  cmocka_unit_test(links_may_be_refused),
        cmocka_unit_test(no_fault_tears_an_object_in_parts),
    };
    return cmocka_run_group_tests_name("store/file_sink_parts", tests, NULL, NULL);
}
