/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "core/limits.h"
#include "faulty_alloc.h"
#include "support/rows.h"
#include "unpack_read.h"

static void none_and_zip_are_no_streams(void **state) {
    (void)state;
    struct memory_source source = memory_source(HW_VIEW("a,b\n"), 0);
    static const enum hw_packing packings[] = {HW_PACKING_NONE, HW_PACKING_ZIP};
    for (size_t i = 0; i < COUNT_OF(packings); i++) {
        struct hw_stream *stream = NULL;
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_unpack_open(&source.base, packings[i], NULL, &stream, &err), HW_EUSAGE);
        assert_row_says("packing", err.message, "is not unpacked as one stream");
        assert_null(stream);
    }
}

/*
 * Blocks of RLE, 4 bytes for 128 KiB each (RFC 8878 3.1.1.2), after a header that asks for a window
 * of 128 KiB.
 */
static void zstd_of_zeros(struct hw_buf *out, size_t blocks) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append(out, "\x28\xb5\x2f\xfd\x00\x38", 6, &err), err);
    for (size_t i = 0; i < blocks; i++) {
        assert_ok(hw_buf_append(out, i + 1 == blocks ? "\x03\x00\x10" : "\x02\x00\x10", 4, &err), err);
    }
}

/* Reads to the end and throws it away; counts, and watches the memory. */
static enum hw_status count_all(hw_view packed, enum hw_packing packing, uint64_t *out_count, size_t *out_held,
                                struct hw_error *err) {
    static uint8_t out[65536];
    struct faulty_alloc counted = {0};
    const struct hw_allocator allocator = {faulty_resize, &counted};
    struct memory_source source = memory_source(packed, 0);
    struct hw_stream *stream = NULL;
    size_t got = 1;

    hw_allocator_set(&allocator);
    enum hw_status status = hw_unpack_open(&source.base, packing, NULL, &stream, err);
    for (*out_count = 0; status == HW_OK && got > 0; *out_count += got) {
        got = 0;
        status = stream->ops->read(stream, out, sizeof(out), &got, err);
    }
    stream->ops->close(stream);
    hw_allocator_set(NULL);
    *out_held = counted.held_most;
    return status;
}

static void a_zstd_bomb_is_refused_while_it_streams(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t count;
    size_t held;

    zstd_of_zeros(&packed, 8192); /* 1 GiB in 32 KiB */
    assert_int_equal(count_all(hw_buf_view(&packed), HW_PACKING_ZSTD, &count, &held, &err), HW_ELIMIT);
    assert_row_says("message", err.message, "more than 20000 times as many");
    assert_string_equal(err.object, "memory");
    /* where 64 MiB were reached, not at the end */
    assert_true(err.offset > 2048 && err.offset < 2100);
    assert_true(count <= HW_MIB(64) && count > HW_MIB(63));
}

/*
 * 128 MiB of zeros by zstd, and bytes that are skipped, so that 13,000 times as many come out as go
 * in, which is allowed; but gzip has packed them once more, to a few hundred bytes.
 */
static void the_limit_counts_from_the_outermost_bytes(void **state) {
    (void)state;
    static uint8_t out[65536];
    HW_AUTO(hw_buf) inner = {0};
    HW_AUTO(hw_buf) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_stream *streams[2];
    size_t got = 1;
    enum { SKIPPED_BYTES = 6000 };
    static const uint8_t skipped[SKIPPED_BYTES];
    /* The header of a skippable frame of 6,000 bytes. */
    assert_ok(hw_buf_append(&inner, "\x50\x2a\x4d\x18\x70\x17\0\0", 8, &err), err);
    assert_ok(hw_buf_append(&inner, skipped, SKIPPED_BYTES, &err), err);
    zstd_of_zeros(&inner, 1024); /* 128 MiB in 4 KiB */
    assert_ok(hw_buf_resize(&packed, 65536, &err), err);
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(9);
    packed.size = libdeflate_gzip_compress(compressor, inner.data, inner.size, packed.data, packed.size);
    libdeflate_free_compressor(compressor);
    assert_true(packed.size > 0 && packed.size < 200);
    struct memory_source source = memory_source(hw_buf_view(&packed), 0);
    assert_ok(hw_unpack_open(&source.base, HW_PACKING_GZIP, NULL, &streams[0], &err), err);
    const struct hw_unpack_options options = {.outer = streams[0]};
    assert_ok(hw_unpack_open_stream(streams[0], "twice", HW_PACKING_ZSTD, &options, &streams[1], &err), err);
    enum hw_status status = HW_OK;
    while (status == HW_OK && got > 0) {
        status = streams[1]->ops->read(streams[1], out, sizeof(out), &got, &err);
    }
    assert_int_equal(status, HW_ELIMIT);
    assert_row_says("message", err.message, "more than 20000 times as many");
    assert_string_equal(err.object, "twice");
    streams[1]->ops->close(streams[1]);
    streams[0]->ops->close(streams[0]);
}

static void little_may_unpack_to_much_more(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t count;
    size_t held;

    zstd_of_zeros(&packed, 512); /* 64 MiB in 2 KiB: the ratio does not count yet */
    assert_ok(count_all(hw_buf_view(&packed), HW_PACKING_ZSTD, &count, &held, &err), err);
    assert_int_equal(count, HW_MIB(64));
}

/* Deflate packs to a 1032nd at most, so no gzip is refused; it must stream in little memory. */
static void a_gib_of_zeros_in_gzip_streams_in_little_memory(void **state) {
    (void)state;
    enum { MEMBERS = 16 };
    size_t bytes = HW_MIB(64), bound = HW_MIB(1);
    uint8_t *zeros = calloc(1, bytes), *member = malloc(bound);
    HW_AUTO(hw_buf) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint64_t count;
    size_t held;

    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    size_t member_bytes = libdeflate_gzip_compress(compressor, zeros, bytes, member, bound);
    libdeflate_free_compressor(compressor);
    free(zeros);
    assert_true(member_bytes > 0);
    for (int i = 0; i < MEMBERS; i++) {
        assert_ok(hw_buf_append(&packed, member, member_bytes, &err), err);
    }
    free(member);
    assert_ok(count_all(hw_buf_view(&packed), HW_PACKING_GZIP, &count, &held, &err), err);
    assert_int_equal(count, HW_MIB(1024));
    assert_true(held < HW_MIB(1));
}

static void nothing_asked_is_nothing_read(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_stream *stream = NULL;
    uint8_t byte = 1;
    size_t got = 7;

    zstd_of_zeros(&packed, 1);
    struct memory_source source = memory_source(hw_buf_view(&packed), 0);
    assert_ok(hw_unpack_open(&source.base, HW_PACKING_ZSTD, NULL, &stream, &err), err);
    assert_ok(stream->ops->read(stream, &byte, 0, &got, &err), err);
    assert_int_equal(got, 0);
    assert_ok(stream->ops->read(stream, &byte, 1, &got, &err), err); /* it was not the end */
    assert_int_equal(got, 1);
    assert_int_equal(byte, 0);
    stream->ops->close(stream);
}

static void out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    static const enum hw_packing packings[] = {HW_PACKING_GZIP, HW_PACKING_ZSTD, HW_PACKING_BZIP2, HW_PACKING_XZ,
                                               HW_PACKING_LZ4};
    for (size_t i = 0; i < COUNT_OF(packings); i++) {
        enum hw_status status = HW_ENOMEM;
        for (size_t fail_at = 1; status != HW_OK; fail_at++) {
            struct faulty_alloc faulty = {.fail_at = fail_at};
            const struct hw_allocator allocator = {faulty_resize, &faulty};
            struct memory_source source = memory_source(HW_VIEW("x"), 0);
            struct hw_error err = HW_ERROR_INIT;
            struct hw_stream *stream = NULL;

            hw_allocator_set(&allocator);
            status = hw_unpack_open(&source.base, packings[i], NULL, &stream, &err);
            if (status == HW_OK) {
                stream->ops->close(stream);
            }
            hw_allocator_set(NULL);
            assert_int_equal(faulty.held, 0);
            assert_true(status == HW_OK || (status == HW_ENOMEM && !stream));
            assert_true(status == HW_OK || strstr(err.message, "out of memory"));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_and_zip_are_no_streams),
        cmocka_unit_test(the_limit_counts_from_the_outermost_bytes),
        cmocka_unit_test(a_zstd_bomb_is_refused_while_it_streams),
        cmocka_unit_test(little_may_unpack_to_much_more),
        cmocka_unit_test(a_gib_of_zeros_in_gzip_streams_in_little_memory),
        cmocka_unit_test(nothing_asked_is_nothing_read),
        cmocka_unit_test(out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests_name("codec/unpack", tests, NULL, NULL);
}
