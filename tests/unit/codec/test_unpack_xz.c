/* SPDX-License-Identifier: Apache-2.0 */
/* Streams are made by liblzma. */
#include "codec/unpack.h"

#include <lzma.h>

#include "unpack_members.h"

static void put_packed(struct hw_buf *out, const void *data, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    const size_t room = lzma_stream_buffer_bound(bytes);
    size_t size = 0;
    assert_ok(hw_buf_reserve(out, room, &err), err);
    assert_int_equal(
        lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, data, bytes, out->data + out->size, &size, room), LZMA_OK);
    out->size += size;
}

static const struct members_format format = {
    .packing = HW_PACKING_XZ,
    .name = "xz",
    .member = "stream",
    .put = put_packed,
    .checked = true,
    /* Nothing but the padding is without a check: the first byte of it. */
    .harmless_max = 8,
};

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

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMBERS_TESTS,
        cmocka_unit_test(dictionaries_have_a_limit),
        cmocka_unit_test(streams_follow_behind_padding),
    };
    return cmocka_run_group_tests_name("codec/unpack_xz", tests, NULL, NULL);
}
