/* SPDX-License-Identifier: Apache-2.0 */
/* Streams are made by liblzma. */
#include "codec/unpack.h"

#include <stdlib.h>
#include <lzma.h>

#include "unpack_parts.h"

static void put_packed(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    const size_t room = lzma_stream_buffer_bound(bytes);
    size_t size = 0;
    assert_ok(hw_buf_reserve(out, room, &err), err);
    assert_int_equal(
        lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, data, bytes, out->data + out->size, &size, room), LZMA_OK);
    out->size += size;
}

/* Several streams, one of them empty, the last one before padding. */
static struct parts_file small_file_make(void) {
    struct parts_file file = {.packing = HW_PACKING_XZ};
    static const size_t sizes[] = {700, 0, 40, 300};
    uint8_t text[700];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        text_fill(text, sizes[i], i + 1);
        put_packed(&file.packed, text, sizes[i]);
        put(&file.plain, text, sizes[i]);
        parts_end(&file);
    }
    put(&file.packed, "\0\0\0\0", 4);
    return file;
}

static void parts_come_whole_wherever_blocks_end(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_come_whole(&file);
    parts_release(&file);
}

static void a_cut_file_never_seems_whole(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_are_missed(&file, "xz: cut inside a stream");
    parts_release(&file);
}

static void a_wrong_bit_never_changes_the_bytes(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    size_t harmless = parts_with_wrong_bits(&file, true, "xz: ");
    /* Nothing but the padding is without a check: the first byte of it. */
    assert_true(harmless <= 8);
    parts_release(&file);
}

static void each_fault_is_named(void **state) {
    (void)state;
    HW_AUTO(hw_buf) one = {0};
    put_packed(&one, "123456789", 9);
    static const struct {
        const char *name;
        hw_view packed; /* NULL: digits that are packed */
        hw_view behind;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"one", {0}, HW_VIEW_INIT(""), HW_OK, ""},
        {"a newline behind it", {0}, HW_VIEW_INIT("\n"), HW_OK, ""},
        {"text behind it", {0}, HW_VIEW_INIT("trailing text"), HW_EDATA, "xz: after a member, these bytes begin"},
        {"no bytes", {"", 0}, HW_VIEW_INIT(""), HW_EDATA, "xz: cut inside a stream"},
        {"text", {"id,name\n1,Ann\n2,Bob\n", 20}, HW_VIEW_INIT(""), HW_EDATA, "xz: corrupt: "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 0; block < 3; block++) {
            HW_AUTO(hw_buf) packed = {0};
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct unpack_way way = {block, 1000, 0};
            const hw_view front = rows[i].packed.data ? rows[i].packed : hw_buf_view(&one);
            put(&packed, front.data, front.size);
            put(&packed, rows[i].behind.data, rows[i].behind.size);
            enum hw_status status = unpack_all(hw_buf_view(&packed), HW_PACKING_XZ, way, &got, &err);
            assert_row_int(rows[i].name, status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            if (status == HW_OK) {
                assert_row_bytes(rows[i].name, got.data, got.size, "123456789", 9);
            }
        }
    }
}

static void put_window(struct hw_buf *out, uint32_t window_bytes) {
    struct hw_error err = HW_ERROR_INIT;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 0));
    options.dict_size = window_bytes;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    const size_t room = lzma_stream_buffer_bound(1);
    size_t size = 0;
    assert_ok(hw_buf_reserve(out, room, &err), err);
    assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, (const uint8_t *)"x", 1,
                                               out->data + out->size, &size, room),
                     LZMA_OK);
    out->size += size;
}

/* A dictionary has the limit of zstd's window; a later stream that of the first one. */
static void dictionaries_have_a_limit(void **state) {
    (void)state;
    enum { MIB = 1 << 20 };
    static const struct {
        const char *name;
        uint32_t window_bytes;
        uint64_t window_bytes_max;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"128 MiB", 128u * MIB, 0, HW_OK, ""},
        {"192 MiB", 192u * MIB, 0, HW_ELIMIT,
         "xz: a stream asks for a dictionary of 192 MiB, more than the 128 MiB that "
         "are allowed"},
        {"8 MiB of 8", 8u * MIB, 8 * MIB, HW_OK, ""},
        {"64 MiB of 8", 64u * MIB, 8 * MIB, HW_ELIMIT,
         "more than the 8 MiB that the first stream of the file asks for"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) packed = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_stream *stream;
        char byte;
        size_t got = 0;
        put_window(&packed, rows[i].window_bytes);
        const uint64_t asked =
            hw_unpack_window_bytes(HW_PACKING_XZ, packed.data, hw_min_size(packed.size, HW_PACKING_HEAD_BYTES));
        assert_row_int(rows[i].name, asked >= rows[i].window_bytes && asked < rows[i].window_bytes + MIB, true);
        struct memory_source source = memory_source(hw_buf_view(&packed), 0);
        const struct hw_unpack_options options = {.window_bytes_max = rows[i].window_bytes_max};
        assert_ok(hw_unpack_open(&source.base, HW_PACKING_XZ, &options, &stream, &err), err);
        assert_row_int(rows[i].name, stream->ops->read(stream, &byte, 1, &got, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        stream->ops->close(stream);
    }
}

/* Section 2.2 of the format: zeros, a multiple of four, between streams. */
static void streams_follow_behind_padding(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    put_packed(&packed, "1234", 4);
    put(&packed, "\0\0\0\0\0\0\0\0", 8);
    put_packed(&packed, "56789", 5);
    assert_ok(unpack_all(hw_buf_view(&packed), HW_PACKING_XZ, (struct unpack_way){3, 1000, 0}, &got, &err), err);
    assert_row_bytes("both", got.data, got.size, "123456789", 9);
}

static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    HW_AUTO(hw_buf) packed = {0};
    put_packed(&packed, "123456789", 9);
    for (int read = 1; read <= 2; read++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct unpack_way way = {10, 1000, read};
        assert_int_equal(unpack_all(hw_buf_view(&packed), HW_PACKING_XZ, way, &got, &err), HW_EIO);
        assert_string_equal(err.message, "injected");
    }
}

/* Larger than any window and any buffer, two streams, odd sizes everywhere. */
static void a_large_file_comes_whole(void **state) {
    (void)state;
    enum { BYTES = 3000000, FIRST = 2222222 };
    static const struct unpack_way ways[] = {{0, 65536, 0}, {0, 1 << 23, 0}, {4093, 7919, 0}};
    uint8_t *plain = malloc(BYTES);
    HW_AUTO(hw_buf) packed = {0};
    text_fill(plain, BYTES, 9);
    put_packed(&packed, plain, FIRST);
    put_packed(&packed, plain + FIRST, BYTES - FIRST);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(unpack_all(hw_buf_view(&packed), HW_PACKING_XZ, ways[i], &got, &err), err);
        assert_row_bytes("plain", got.data, got.size, plain, BYTES);
    }
    free(plain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_whole_wherever_blocks_end),
        cmocka_unit_test(a_cut_file_never_seems_whole),
        cmocka_unit_test(a_wrong_bit_never_changes_the_bytes),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(dictionaries_have_a_limit),
        cmocka_unit_test(streams_follow_behind_padding),
        cmocka_unit_test(a_fault_of_the_source_is_passed_on),
        cmocka_unit_test(a_large_file_comes_whole),
    };
    return cmocka_run_group_tests_name("codec/unpack_xz", tests, NULL, NULL);
}
