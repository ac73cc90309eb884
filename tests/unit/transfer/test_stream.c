/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/stream.h"

#include <stdio.h>
#include <hawser/memory.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/transfer/fake_store.h"
#include "unit/transfer/stream_run.h"

enum { BYTES_MAX = 64 * 1000 };

static uint8_t bytes[2][BYTES_MAX];

static int bytes_make(void **state) {
    (void)state;
    for (size_t i = 0; i < BYTES_MAX; i++) {
        bytes[0][i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
        bytes[1][i] = (uint8_t)~bytes[0][i];
    }
    return 0;
}

static hw_view object_of(size_t which, size_t size) {
    return (hw_view){(const char *)bytes[which], size};
}

static void published_check(const char *row, const struct fake_store *target, hw_view want) {
    assert_row_int(row, target->published != NULL, true);
    assert_row_bytes(row, target->published, target->published_bytes, want.data, want.size);
}

struct sizes {
    const char *name;
    size_t bytes;
    int reads;
    int writes;
    int begins;
};

static const struct sizes sizes[] = {
    {"empty", 0, 0, 1, 0},
    {"a byte", 1, 1, 1, 0},
    {"less than a part", 999, 1, 1, 0},
    {"a part", 1000, 1, 1, 0},
    {"a part and a byte", 1001, 2, 2, 1},
    {"two parts", 2000, 2, 2, 1},
    {"many parts", 63999, 64, 64, 1},
};

static void objects_of_any_size_arrive(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (unsigned connections = 1; connections <= 9; connections += 4) {
            struct fake_store source, target;
            fake_store_init(&source, "from://");
            fake_store_init(&target, "to://");
            const hw_view object = object_of(0, sizes[i].bytes);
            source.version = (struct fake_version){.bytes = object, .etag = "e", .mtime_us = 77};
            struct stream_run run = {.source = &source.base, .target = &target.base, .connections = connections};
            assert_ok(stream_move(&run), run.error);
            published_check(sizes[i].name, &target, object);
            assert_row_int(sizes[i].name, run.stream.size, sizes[i].bytes);
            assert_row_int(sizes[i].name, run.bytes_moved, sizes[i].bytes);
            assert_row_int(sizes[i].name, run.stream.mtime_us, 77);
            assert_row_text(sizes[i].name, run.stream.etag, "e");
            assert_row_int(sizes[i].name, source.calls[FAKE_OPEN], 1);
            assert_row_int(sizes[i].name, source.calls[FAKE_READ], sizes[i].reads);
            assert_row_int(sizes[i].name, target.calls[FAKE_WRITE], sizes[i].writes);
            assert_row_int(sizes[i].name, target.calls[FAKE_BEGIN], sizes[i].begins);
            assert_row_int(sizes[i].name, target.sink_options.size_hint, sizes[i].bytes);
            assert_row_text(sizes[i].name, target.sink_options.content_type, "text/csv");
            fake_store_check(sizes[i].name, &source, &target);
            fake_store_release(&source);
            fake_store_release(&target);
        }
    }
}

/* What a listing says of the size is no more than a guess. */
static void a_listing_may_be_wrong(void **state) {
    (void)state;
    static const uint64_t listed[] = {0, 1, 500, 999, 1000, 1001, 5000, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (size_t k = 0; k < COUNT_OF(listed); k++) {
            struct fake_store source, target;
            const struct hw_object_info known = {"k", listed[k], 0, "e"};
            fake_store_init(&source, "from://");
            fake_store_init(&target, "to://");
            const hw_view object = object_of(0, sizes[i].bytes);
            source.version = (struct fake_version){.bytes = object, .etag = "e"};
            struct stream_run run = {.source = &source.base, .target = &target.base, .known = &known};
            assert_ok(stream_move(&run), run.error);
            published_check(sizes[i].name, &target, object);
            assert_row_int(sizes[i].name, run.stream.size, sizes[i].bytes);
            fake_store_check(sizes[i].name, &source, &target);
            fake_store_release(&source);
            fake_store_release(&target);
        }
    }
}

/* What lies behind the operations that a program knew is not looked at. */
static void sinks_of_older_programs_are_written_in_order(void **state) {
    (void)state;
    struct fake_store source, target;
    fake_store_init(&source, "from://");
    fake_store_init(&target, "to://");
    source.version.bytes = object_of(0, 31001);
    target.old = true;
    struct stream_run run = {.source = &source.base, .target = &target.base};
    assert_ok(stream_move(&run), run.error);
    published_check("old", &target, source.version.bytes);
    assert_int_equal(target.calls[FAKE_BEGIN], 0);
    fake_store_check("old", &source, &target);
    fake_store_release(&source);
    fake_store_release(&target);
}

/* Where one side knows no parts, the bytes are read and written one after the other. */
static void what_is_in_order_stays_in_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool remote;
        bool plain;
        uint64_t part_bytes_min;
        enum hw_checksum_kind kind;
        bool in_order;
    } rows[] = {
        {"parts", false, false, 0, HW_CHECKSUM_NONE, false},
        {"a source in order", true, false, 0, HW_CHECKSUM_NONE, true},
        {"a sink in order", false, true, 0, HW_CHECKSUM_NONE, true},
        {"both", true, true, 0, HW_CHECKSUM_CRC32C, true},
        {"a sink that wants larger parts", false, false, 3001, HW_CHECKSUM_CRC64NVME, false},
        {"larger parts in order", true, false, 3001, HW_CHECKSUM_NONE, true},
        {"a part that is all", false, false, 100000, HW_CHECKSUM_CRC32, false},
        {"a digest", false, false, 0, HW_CHECKSUM_SHA256, false},
        {"a digest and larger parts", false, false, 3001, HW_CHECKSUM_SHA1, false},
        {"a digest to a sink in order", false, true, 0, HW_CHECKSUM_MD5, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fake_store source, target;
        fake_store_init(&source, "from://");
        fake_store_init(&target, "to://");
        const hw_view object = object_of(0, 31001);
        source.version =
            (struct fake_version){.bytes = object, .checksum = hw_checksum_of(rows[i].kind, object.data, object.size)};
        source.remote = rows[i].remote;
        target.plain = rows[i].plain;
        target.part_bytes_min = rows[i].part_bytes_min;
        struct stream_run run = {.source = &source.base, .target = &target.base};
        assert_ok(stream_move(&run), run.error);
        published_check(rows[i].name, &target, object);
        assert_row_int(rows[i].name, source.read_back && rows[i].in_order, false);
        assert_row_int(rows[i].name, run.stream.proved_by, rows[i].kind);
        fake_store_check(rows[i].name, &source, &target);
        fake_store_release(&source);
        fake_store_release(&target);
    }
}

/* An object whose bytes differ from its checksum is begun three times, and never published. */
static void a_checksum_that_differs_is_not_published(void **state) {
    (void)state;
    static const enum hw_checksum_kind kinds[] = {HW_CHECKSUM_CRC64NVME, HW_CHECKSUM_CRC32C, HW_CHECKSUM_CRC32,
                                                  HW_CHECKSUM_SHA256,    HW_CHECKSUM_SHA1,   HW_CHECKSUM_MD5};
    static const size_t wholes[] = {700, 5001};
    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(wholes); i++) {
        struct fake_store source, target;
        const enum hw_checksum_kind kind = kinds[i / COUNT_OF(wholes)];
        const char *row = hw_checksum_name(kind);
        fake_store_init(&source, "from://");
        fake_store_init(&target, "to://");
        const hw_view object = object_of(0, wholes[i % COUNT_OF(wholes)]);
        source.version =
            (struct fake_version){.bytes = object, .checksum = hw_checksum_of(kind, object.data, object.size - 1)};
        struct stream_run run = {.source = &source.base, .target = &target.base};
        assert_row_int(row, stream_move(&run), HW_ECHECKSUM);
        assert_row_says(row, run.error.message, row);
        assert_row_int(row, source.calls[FAKE_OPEN], 3);
        assert_row_int(row, target.published == NULL, true);
        fake_store_check(row, &source, &target);
        fake_store_release(&source);
        fake_store_release(&target);
    }
}

/* ------ other versions */

struct change {
    const char *name;
    struct fake_fault fault; /* of the source; the next version comes with it */
    size_t next;             /* its size; 0: there is no other version */
    enum hw_status want;
    int opens;
};

/* One whole version arrives, or none: never parts of two. */
static void a_replaced_object_is_begun_anew(void **state) {
    (void)state;
    static const struct change rows[] = {
        {"another version at the second part", {FAKE_READ, 2, 1, HW_ECHANGED}, 7001, HW_OK, 2},
        {"at the last part", {FAKE_READ, 8, 1, HW_ECHANGED}, 8000, HW_OK, 2},
        {"at the first part", {FAKE_READ, 1, 1, HW_ECHANGED}, 7001, HW_OK, 2},
        {"at the checksum", {FAKE_CHECKSUM, 1, 1, HW_ECHANGED}, 7001, HW_OK, 2},
        {"a small one", {FAKE_READ, 3, 1, HW_ECHANGED}, 10, HW_OK, 2},
        {"a large one", {FAKE_READ, 3, 1, HW_ECHANGED}, 60000, HW_OK, 2},
        {"a damaged read", {FAKE_READ, 3, 1, HW_ECHECKSUM}, 0, HW_OK, 2},
        {"twice", {FAKE_CHECKSUM, 1, 2, HW_ECHANGED}, 7001, HW_OK, 3},
        {"each time", {FAKE_CHECKSUM, 1, 9, HW_ECHANGED}, 7001, HW_ECHANGED, 3},
        {"a network that fails is not begun anew", {FAKE_READ, 3, 1, HW_ENETWORK}, 0, HW_ENETWORK, 1},
        {"removed meanwhile", {FAKE_READ, 3, 1, HW_ENOTFOUND}, 0, HW_ENOTFOUND, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned connections = 1; connections <= 9; connections += 8) {
            const struct hw_object_info known = {"k", 7500, 0, "e"};
            struct fake_store source, target;
            fake_store_init(&source, "from://");
            fake_store_init(&target, "to://");
            source.version = (struct fake_version){.bytes = object_of(0, 7500), .etag = "e"};
            source.next = (struct fake_version){.etag = "f"};
            source.next.bytes = rows[i].next > 0 ? object_of(1, rows[i].next) : (hw_view){NULL, 0};
            source.fault = rows[i].fault;
            struct stream_run run = {
                .source = &source.base, .target = &target.base, .known = &known, .connections = connections};
            assert_row_int(rows[i].name, stream_move(&run), rows[i].want);
            assert_row_int(rows[i].name, source.calls[FAKE_OPEN], rows[i].opens);
            if (rows[i].want == HW_OK) {
                published_check(rows[i].name, &target, rows[i].next > 0 ? source.next.bytes : source.version.bytes);
                assert_row_int(rows[i].name, run.stream.size, target.published_bytes);
                assert_row_text(rows[i].name, run.stream.etag, rows[i].next > 0 ? "f" : "e");
            } else {
                assert_row_int(rows[i].name, target.published == NULL, true);
            }
            fake_store_check(rows[i].name, &source, &target);
            fake_store_release(&source);
            fake_store_release(&target);
        }
    }
}

/* A plan is of one version, and no other one takes its place. */
static void no_other_version_than_the_planned_one_is_moved(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_object_info known;
        struct fake_fault fault;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"it is there", {"k", 7500, 7, "e"}, {0}, HW_OK, ""},
        {"it is damaged once", {"k", 7500, 7, "e"}, {FAKE_READ, 3, 1, HW_ECHECKSUM}, HW_OK, ""},
        {"it was replaced", {"k", 7500, 7, "d"}, {0}, HW_ECHANGED, "the plan does not hold any more: the source"},
        {"it has another size", {"k", 7501, 7, "e"}, {0}, HW_ECHANGED, "the source was changed"},
        {"it has no ETag, and another time", {"k", 7500, 6, ""}, {0}, HW_ECHANGED, "the source was changed"},
        {"it is replaced meanwhile",
         {"k", 7500, 7, "e"},
         {FAKE_READ, 3, 1, HW_ECHANGED},
         HW_ECHANGED,
         "the fake store fails"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fake_store source, target;
        fake_store_init(&source, "from://");
        fake_store_init(&target, "to://");
        source.version = (struct fake_version){.bytes = object_of(0, 7500), .etag = "e", .mtime_us = 7};
        source.next = (struct fake_version){.bytes = object_of(1, 7500), .etag = "f"};
        source.next = rows[i].want ? source.next : source.version;
        source.fault = rows[i].fault;
        struct stream_run run = {
            .source = &source.base, .target = &target.base, .known = &rows[i].known, .as_planned = true};
        /* With more of them another part may find the new version before the fault is told. */
        run.connections = 1;
        assert_row_int(rows[i].name, stream_move(&run), rows[i].want);
        assert_row_says(rows[i].name, run.error.message, rows[i].says);
        assert_row_int(rows[i].name, target.published != NULL, rows[i].want == HW_OK);
        fake_store_release(&source);
        fake_store_release(&target);
    }
}

/* An open upload may be to blame for the failure of the first try, an unfinished file is not. */
static void a_second_try_takes_up_no_upload(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *etag; /* of the source */
        int faults;       /* at the checksum */
        bool files;       /* The target is a folder. */
        bool taken_up;
    } rows[] = {
        {"at first", "e", 0, false, true},       {"then", "e", 1, false, false},
        {"a file at first", "e", 0, true, true}, {"a file then", "e", 1, true, true},
        {"of no version", "", 0, false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fake_store source, target;
        fake_store_init(&source, "from://");
        fake_store_init(&target, "to://");
        source.version = (struct fake_version){.bytes = object_of(0, 7500), .etag = rows[i].etag};
        source.fault = (struct fake_fault){FAKE_CHECKSUM, 1, rows[i].faults, HW_ECHANGED};
        target.base.files = rows[i].files;
        struct stream_run run = {.source = &source.base, .target = &target.base};
        assert_ok(stream_move(&run), run.error);
        assert_row_int(rows[i].name, target.sink_options.resume_id != NULL, rows[i].taken_up);
        fake_store_check(rows[i].name, &source, &target);
        fake_store_release(&source);
        fake_store_release(&target);
    }
}

/* A local file that never stays as it is cannot be read: no service is to blame. */
static void a_file_that_is_written_all_the_time_is_local(void **state) {
    (void)state;
    struct fake_store source, target;
    fake_store_init(&source, "");
    fake_store_init(&target, "to://");
    source.base.files = true;
    source.version = (struct fake_version){.bytes = object_of(0, 7500), .etag = "e"};
    source.fault = (struct fake_fault){FAKE_READ, 1, 99, HW_ECHANGED};
    struct stream_run run = {.source = &source.base, .target = &target.base};
    assert_int_equal(stream_move(&run), HW_EIO);
    assert_int_equal(run.error.status, HW_EIO);
    assert_int_equal(source.calls[FAKE_OPEN], 3);
    assert_null(target.published);
    fake_store_release(&source);
    fake_store_release(&target);
}

/* ------ faults */

/* Nothing stands at the name, parts under way are waited for, and all is released. */
static void faults_publish_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        bool plain;
        struct fake_fault source, target;
        enum hw_status want;
    } rows[] = {
        {"not there", 10, false, {FAKE_OPEN, 1, 9, HW_ENOTFOUND}, {0}, HW_ENOTFOUND},
        {"the first read", 9000, false, {FAKE_READ, 1, 1, HW_EIO}, {0}, HW_EIO},
        {"a later read", 9000, false, {FAKE_READ, 5, 1, HW_EIO}, {0}, HW_EIO},
        {"all later reads", 9000, false, {FAKE_READ, 2, 99, HW_EIO}, {0}, HW_EIO},
        {"the checksum", 9000, false, {FAKE_CHECKSUM, 1, 1, HW_ESERVER}, {0}, HW_ESERVER},
        {"the sink", 9000, false, {0}, {FAKE_SINK_OPEN, 1, 1, HW_EUSAGE}, HW_EUSAGE},
        {"the beginning of the parts", 9000, false, {0}, {FAKE_BEGIN, 1, 1, HW_EAUTH}, HW_EAUTH},
        {"the first part", 9000, false, {0}, {FAKE_WRITE, 1, 1, HW_ESERVER}, HW_ESERVER},
        {"a part", 9000, false, {0}, {FAKE_WRITE, 4, 1, HW_ESERVER}, HW_ESERVER},
        {"all parts", 60000, false, {0}, {FAKE_WRITE, 1, 999, HW_ENETWORK}, HW_ENETWORK},
        {"the last part", 9000, false, {0}, {FAKE_WRITE, 9, 1, HW_EIO}, HW_EIO},
        {"a write in order", 9000, true, {0}, {FAKE_WRITE, 4, 1, HW_EIO}, HW_EIO},
        {"the end", 9000, false, {0}, {FAKE_FINISH, 1, 1, HW_EEXISTS}, HW_EEXISTS},
        {"the write of a small one", 10, false, {0}, {FAKE_WRITE, 1, 1, HW_EIO}, HW_EIO},
        {"the end of a small one", 10, false, {0}, {FAKE_FINISH, 1, 1, HW_EEXISTS}, HW_EEXISTS},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned connections = 1; connections <= 9; connections += 8) {
            struct fake_store source, target;
            fake_store_init(&source, "from://");
            fake_store_init(&target, "to://");
            source.version.bytes = object_of(0, rows[i].bytes);
            source.fault = rows[i].source;
            target.fault = rows[i].target;
            target.plain = rows[i].plain;
            struct stream_run run = {.source = &source.base, .target = &target.base, .connections = connections};
            assert_row_int(rows[i].name, stream_move(&run), rows[i].want);
            assert_row_int(rows[i].name, target.published == NULL, true);
            assert_row_int(rows[i].name, source.calls[FAKE_CLOSE], rows[i].source.call == FAKE_OPEN ? 0 : 1);
            assert_row_int(rows[i].name, target.calls[FAKE_FREE],
                           target.calls[FAKE_SINK_OPEN] > 0 ? rows[i].target.call != FAKE_SINK_OPEN : 0);
            assert_row_int(rows[i].name, target.frees_too_early, 0);
            /* No part begins after one has failed: only those that were under way can have run. */
            if (rows[i].target.call == FAKE_WRITE) {
                assert_row_int(rows[i].name, target.calls[FAKE_WRITE] < rows[i].target.at + (int)connections + 1, true);
            }
            fake_store_release(&source);
            fake_store_release(&target);
        }
    }
}

/* Whichever allocation fails, nothing is published, and nothing is lost. */
static void want_of_memory_publishes_nothing(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *source = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &source, &err), err);
    assert_ok(hw_memory_store_lend(source, "k", bytes[0], 3500, &err), err);
    for (; status == HW_ENOMEM && allowed < 200; allowed++) {
        struct hw_store *target = NULL;
        struct alloc_fault fault;
        const void *data;
        size_t got;
        struct stream_run run = {.source = source, .connections = 1};
        alloc_fault_begin(&fault, allowed);
        status = hw_memory_store_new("to://", NULL, &target, NULL);
        run.target = target;
        status = status ? status : stream_move(&run);
        const bool there = target && hw_memory_store_get(target, "t", &data, &got, NULL) == HW_OK;
        assert_int_equal(there, status == HW_OK);
        hw_memory_store_free(target);
        alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 10);
    hw_memory_store_free(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_any_size_arrive),
        cmocka_unit_test(a_listing_may_be_wrong),
        cmocka_unit_test(what_is_in_order_stays_in_order),
        cmocka_unit_test(a_checksum_that_differs_is_not_published),
        cmocka_unit_test(a_replaced_object_is_begun_anew),
        cmocka_unit_test(no_other_version_than_the_planned_one_is_moved),
        cmocka_unit_test(a_second_try_takes_up_no_upload),
        cmocka_unit_test(a_file_that_is_written_all_the_time_is_local),
        cmocka_unit_test(faults_publish_nothing),
        cmocka_unit_test(want_of_memory_publishes_nothing),
        cmocka_unit_test(sinks_of_older_programs_are_written_in_order),
    };
    return cmocka_run_group_tests_name("transfer/stream", tests, bytes_make, NULL);
}
