/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_bytes.h"

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum { FILE_BYTES = 20 << 20 };

/* The byte at a place of the file is known from the place. */
static uint8_t byte_at(uint64_t at) {
    return (uint8_t)(at * 2654435761u >> 24);
}

static struct hw_buf file;

static int file_make(void **state) {
    (void)state;
    assert_int_equal(hw_buf_resize(&file, FILE_BYTES, NULL), HW_OK);
    for (size_t i = 0; i < FILE_BYTES; i++) {
        file.data[i] = byte_at(i);
    }
    return 0;
}

static int file_free(void **state) {
    (void)state;
    hw_buf_release(&file);
    return 0;
}

static struct hw_group_bytes_options options_of(struct memory_source *source, const struct hw_chunk_range *ranges,
                                                size_t count, size_t bytes_max) {
    return (struct hw_group_bytes_options){
        .source = &source->base, .ranges = ranges, .count = count, .bytes_max = bytes_max};
}

static void view_check(struct hw_group_bytes *bytes, size_t chunk, uint64_t at, size_t want, size_t least) {
    struct hw_error err = HW_ERROR_INIT;
    hw_view view;
    assert_ok(hw_group_bytes_at(bytes, chunk, at, want, &view, &err), err);
    assert_true(view.size >= least);
    for (size_t i = 0; i < view.size; i++) {
        assert_int_equal((uint8_t)view.data[i], byte_at(at + i));
    }
}

static const struct {
    const char *name;
    struct hw_chunk_range ranges[3];
    size_t count;
    size_t bytes_max;
    int reads;
    uint64_t bytes;
    bool remote, whole;
} rows[] = {
    {"neighbours come with one read", {{4, 100}, {100, 300}, {300, 1000}}, 3, HW_MIB(8), 1, 996},
    {"a gap of less than 64 KiB is read over", {{4, 100}, {65000, 65100}}, 2, HW_MIB(8), 1, 65096},
    {"a larger one is not", {{4, 100}, {66000, 66100}}, 2, HW_MIB(8), 2, 196},
    {"the order of columns need not be that of the file", {{300, 1000}, {4, 100}, {100, 300}}, 3, HW_MIB(8), 1, 996},
    {"chunks may share bytes", {{4, 100}, {50, 300}, {60, 70}}, 3, HW_MIB(8), 1, 296},
    {"one read has at most 8 MiB",
     {{0, 6 << 20}, {6 << 20, 12 << 20}, {12 << 20, 14 << 20}},
     3,
     HW_MIB(24),
     2,
     14 << 20},
    {"across a network too, unless all of it is wanted",
     {{0, 6 << 20}, {6 << 20, 12 << 20}, {12 << 20, 14 << 20}},
     3,
     HW_MIB(24),
     2,
     14 << 20,
     true,
     false},
    {"then one read is many requests",
     {{0, 6 << 20}, {6 << 20, 12 << 20}, {12 << 20, 14 << 20}},
     3,
     HW_MIB(24),
     1,
     14 << 20,
     true,
     true},
    {"a chunk may be empty", {{4, 4}, {4, 100}}, 2, HW_MIB(8), 1, 96},
};

static void chunks_that_lie_close_are_read_at_once(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_bytes *bytes;
        struct hw_group_bytes_options options = options_of(&source, rows[i].ranges, rows[i].count, rows[i].bytes_max);
        source.base.remote = rows[i].remote;
        options.whole = rows[i].whole;
        assert_ok(hw_group_bytes_new(&options, &bytes, &err), err);
        assert_row_int(rows[i].name, source.reads, 0);
        for (size_t chunk = 0; chunk < rows[i].count; chunk++) {
            const struct hw_chunk_range range = rows[i].ranges[chunk];
            view_check(bytes, chunk, range.start, 8, 0);
            view_check(bytes, chunk, range.end, 8, 0);
        }
        assert_row_int(rows[i].name, source.reads, rows[i].reads);
        assert_row_int(rows[i].name, hw_group_bytes_read(bytes), rows[i].bytes);
        hw_group_bytes_free(bytes);
    }
}

/* A window moves on by what is asked for, and keeps what it has of that. */
static void a_large_chunk_is_read_by_windows(void **state) {
    (void)state;
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_group_bytes *bytes;
    const struct hw_chunk_range range = {4, FILE_BYTES};
    const struct hw_group_bytes_options options = options_of(&source, &range, 1, HW_MIB(1));
    assert_ok(hw_group_bytes_new(&options, &bytes, &err), err);
    view_check(bytes, 0, 4, 100, HW_MIB(1));
    view_check(bytes, 0, 50, HW_KIB(500), HW_KIB(500));
    assert_int_equal(source.reads, 1);
    view_check(bytes, 0, 4 + HW_MIB(1) - 10, 100, 100);
    assert_int_equal(source.reads, 2);
    assert_int_equal(hw_group_bytes_read(bytes), HW_MIB(2) - 10);
    view_check(bytes, 0, 4 + HW_MIB(1), HW_MIB(3), HW_MIB(3));
    assert_int_equal(source.reads, 3);
    view_check(bytes, 0, FILE_BYTES - 5, 100, 5);
    view_check(bytes, 0, 4, 10, 10);
    assert_int_equal(source.reads, 5);
    hw_group_bytes_free(bytes);
}

static void what_was_dropped_is_read_once_more(void **state) {
    (void)state;
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_group_bytes *bytes;
    const struct hw_chunk_range ranges[] = {{4, 100}, {100, 200}};
    const struct hw_group_bytes_options options = options_of(&source, ranges, 2, HW_MIB(1));
    assert_ok(hw_group_bytes_new(&options, &bytes, &err), err);
    view_check(bytes, 0, 4, 10, 96);
    hw_group_bytes_drop(bytes, 0);
    view_check(bytes, 1, 100, 10, 100);
    assert_int_equal(source.reads, 1);
    hw_group_bytes_drop(bytes, 1);
    view_check(bytes, 1, 150, 10, 50);
    view_check(bytes, 0, 4, 10, 96);
    assert_int_equal(source.reads, 3);
    hw_group_bytes_free(bytes);
    hw_group_bytes_free(NULL);
}

/* A source across a network, which keeps what it is told to expect. */
struct told_source {
    struct memory_source memory;
    struct hw_source_ops ops;
    uint64_t expected; /* bytes that are expected, and neither read nor forgotten */
    uint64_t expected_most;
};

static struct told_source *told_of(struct hw_source *base) {
    return (struct told_source *)(void *)base;
}

static void told_expect(struct hw_source *base, uint64_t offset, size_t bytes) {
    struct told_source *told = told_of(base);
    assert_true(offset + bytes <= base->size);
    told->expected += bytes;
    told->expected_most = told->expected > told->expected_most ? told->expected : told->expected_most;
}

static void told_forget(struct hw_source *base, uint64_t offset, size_t bytes) {
    (void)offset;
    told_of(base)->expected -= bytes;
}

static void told_make(struct told_source *told) {
    *told = (struct told_source){.memory = memory_source(hw_buf_view(&file), 0)};
    told->ops = *told->memory.base.ops;
    told->ops.size = sizeof(told->ops);
    told->ops.expect = told_expect;
    told->ops.forget = told_forget;
    told->memory.base.ops = &told->ops;
    told->memory.base.remote = true;
}

/* Bytes are fetched before they are read, as far as there is memory for them. */
static void bytes_are_expected_across_a_network(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_chunk_range ranges[2];
        size_t bytes_max;
        bool whole;
        uint64_t expected; /* once the group is open */
        uint64_t after;    /* once the first chunk was read, so that more is expected */
    } told[] = {
        {"all fit", {{0, 1 << 20}, {4 << 20, 5 << 20}}, HW_MIB(8), true, HW_MIB(2), HW_MIB(2)},
        {"not all of it is wanted", {{0, 1 << 20}, {4 << 20, 5 << 20}}, HW_MIB(8), false, 0, 0},
        {"half of the memory", {{0, 6 << 20}, {6 << 20, 12 << 20}}, HW_MIB(4), true, HW_MIB(2), HW_MIB(3)},
        {"by size", {{0, 12 << 20}, {12 << 20, 16 << 20}}, HW_MIB(4), true, HW_MIB(2), HW_KIB(512 * 7)},
    };
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        struct told_source source;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_bytes *bytes;
        told_make(&source);
        struct hw_group_bytes_options options = options_of(&source.memory, told[i].ranges, 2, told[i].bytes_max);
        options.whole = told[i].whole;
        assert_ok(hw_group_bytes_new(&options, &bytes, &err), err);
        /* Shares are divided by a number, so that some bytes may be missing. */
        assert_row_int(told[i].name, (source.expected + 8) >> 4, told[i].expected >> 4);
        view_check(bytes, 0, told[i].ranges[0].start, 100, 100);
        assert_row_int(told[i].name, (source.expected_most + 8) >> 4, told[i].after >> 4);
        hw_group_bytes_park(bytes, 0);
        hw_group_bytes_free(bytes);
    }
}

static void a_read_that_fails_says_so(void **state) {
    (void)state;
    const struct hw_chunk_range ranges[] = {{4, 100}, {100, FILE_BYTES}};
    for (size_t chunk = 0; chunk < 2; chunk++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 1);
        struct hw_group_bytes *bytes;
        hw_view view;
        const struct hw_group_bytes_options options = options_of(&source, ranges, 2, HW_MIB(1));
        assert_int_equal(hw_group_bytes_new(&options, &bytes, NULL), HW_OK);
        assert_int_equal(hw_group_bytes_at(bytes, chunk, ranges[chunk].start, 10, &view, NULL), HW_EIO);
        view_check(bytes, chunk, ranges[chunk].start, 10, 10);
        hw_group_bytes_free(bytes);
    }
}

static enum hw_status read_all(size_t successes, bool *out_fired) {
    const struct hw_chunk_range ranges[] = {{4, 100}, {100, FILE_BYTES}};
    struct memory_source source = memory_source(hw_buf_view(&file), 0);
    struct hw_group_bytes *bytes;
    struct alloc_fault fault;
    hw_view view;
    alloc_fault_begin(&fault, successes);
    const struct hw_group_bytes_options options = options_of(&source, ranges, 2, HW_MIB(1));
    enum hw_status status = hw_group_bytes_new(&options, &bytes, NULL);
    if (status == HW_OK) {
        status = hw_group_bytes_at(bytes, 0, 4, 10, &view, NULL);
        status = status ? status : hw_group_bytes_at(bytes, 1, 100, 10, &view, NULL);
        hw_group_bytes_free(bytes);
    }
    *out_fired = alloc_fault_end(&fault);
    return status;
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        const enum hw_status status = read_all(failures, &fired);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_that_lie_close_are_read_at_once),
        cmocka_unit_test(a_large_chunk_is_read_by_windows),
        cmocka_unit_test(what_was_dropped_is_read_once_more),
        cmocka_unit_test(bytes_are_expected_across_a_network),
        cmocka_unit_test(a_read_that_fails_says_so),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/group_bytes", tests, file_make, file_free);
}
