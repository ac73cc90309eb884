/* SPDX-License-Identifier: Apache-2.0 */
/* Frames by libzstd, and by hand from RFC 8878 where it makes none such. */
#include "codec/unpack_zstd.h"

#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "unpack_parts.h"

static void put_frame(struct hw_buf *out, const void *data, size_t bytes, bool states_size) {
    struct hw_error err = HW_ERROR_INIT;
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t bound = ZSTD_compressBound(bytes);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, states_size);
    assert_ok(hw_buf_reserve(out, bound, &err), err);
    size_t got = ZSTD_compress2(context, out->data + out->size, bound, data, bytes);
    assert_false(ZSTD_isError(got));
    out->size += got;
    ZSTD_freeCCtx(context);
}

/* Skippable frames first, between and last, frames with and without size, an empty one. */
static struct parts_file small_file_make(void) {
    struct parts_file file = {.packing = HW_PACKING_ZSTD};
    enum part { SKIPPABLE, SKIPPABLE_EMPTY, WITH_SIZE, WITHOUT_SIZE };
    static const struct {
        enum part part;
        size_t bytes;
    } parts[] = {
        {SKIPPABLE, 5},      {WITH_SIZE, 700}, {SKIPPABLE, 5}, {SKIPPABLE_EMPTY, 0},
        {WITHOUT_SIZE, 300}, {WITH_SIZE, 0},   {SKIPPABLE, 5},
    };
    uint8_t text[700];
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].part == SKIPPABLE) {
            put(&file.packed, "\x53\x2a\x4d\x18\x05\0\0\0hello", 13);
        } else if (parts[i].part == SKIPPABLE_EMPTY) {
            put(&file.packed, "\x50\x2a\x4d\x18\0\0\0\0", 8);
        } else {
            text_fill(text, parts[i].bytes, i + 1);
            put_frame(&file.packed, text, parts[i].bytes, parts[i].part == WITH_SIZE);
            put(&file.plain, text, parts[i].bytes);
        }
        parts_end(&file);
    }
    return file;
}

static void frames_come_whole_wherever_blocks_end(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_come_whole(&file);
    parts_release(&file);
}

static void a_cut_file_never_seems_whole(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_are_missed(&file, "zstd: cut inside a frame");
    parts_release(&file);
}

/* Frames have checksums here; so what a wrong bit can do unseen is change what is skipped. */
static void a_wrong_bit_never_changes_the_bytes(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    size_t harmless = parts_with_wrong_bits(&file, true, "zstd: ");
    /*
     * The contents of three skippable frames, the low 4 bits of four magic numbers; a window's
     * size, an unused bit.
     */
    assert_true(harmless >= 3 * 5 * 8 + 4 * 4 && harmless <= 3 * 5 * 8 + 4 * 4 + 40);
    parts_release(&file);
}

/*
 * A frame by hand: magic, descriptor 0 (window follows, nothing else), window, one last raw block
 * of "x".
 */
#define MAGIC "\x28\xb5\x2f\xfd"
#define X_BLOCK "\x09\0\0x"
/* The same with a dictionary's number, 7. */
#define WITH_DICTIONARY MAGIC "\x01\x00\x07" X_BLOCK

static const struct {
    const char *name;
    hw_view packed;
    enum hw_status want;
    int64_t want_offset;
    const char *says;
} rows[] = {
    {"a frame", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK), HW_OK, -1, ""},
    {"the largest window, 128 MiB", HW_VIEW_INIT(MAGIC "\0\x88" X_BLOCK), HW_OK, -1, ""},
    {"a larger one", HW_VIEW_INIT(MAGIC "\0\x89" X_BLOCK), HW_ELIMIT, -1,
     "asks for a window of more than the 128 MiB that are allowed"},
    {"the largest that can be written", HW_VIEW_INIT(MAGIC "\0\xff" X_BLOCK), HW_ELIMIT, -1, "a window of more than"},
    {"a skippable frame before it", HW_VIEW_INIT("\x5f\x2a\x4d\x18\x01\0\0\0?" MAGIC "\0\0" X_BLOCK), HW_OK, -1, ""},
    {"a skippable frame longer than the file", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "\x5f\x2a\x4d\x18\xff\xff\xff\xff?"),
     HW_EDATA, 19, "zstd: cut inside a frame"},
    {"no bytes", HW_VIEW_INIT(""), HW_EDATA, 0, "zstd: cut inside a frame"},
    {"not zstd", HW_VIEW_INIT("a,b,c,d,e,f\n"), HW_EDATA, -1, "zstd: corrupt: Unknown frame descriptor"},
    {"text after it", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "trailing text"), HW_EDATA, 10,
     "zstd: after a member, these bytes"},
    {"zeros after it", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "\0\0\0\0\0\0\0\0\0\0\0\0"), HW_OK, -1, ""},
    {"a newline after it", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "\n"), HW_OK, -1, ""},
    {"a block of the reserved type",
     HW_VIEW_INIT(MAGIC "\0\0"
                        "\x0f\0\0x"),
     HW_EDATA, -1, "zstd: corrupt: "},
    {"the reserved bit of the descriptor", HW_VIEW_INIT(MAGIC "\x08\0" X_BLOCK), HW_EDATA, -1, "zstd: corrupt: "},
    {"a dictionary", HW_VIEW_INIT(WITH_DICTIONARY), HW_EDATA, -1, "zstd: corrupt: Dictionary mismatch"},
    {"fewer bytes than stated", HW_VIEW_INIT(MAGIC "\x20\x02" X_BLOCK), HW_EDATA, -1, "zstd: corrupt: "},
    {"the checksum differs", HW_VIEW_INIT(MAGIC "\x04\0" X_BLOCK "\0\0\0\0"), HW_EDATA, -1, "zstd: corrupt: "},
};

static void each_fault_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 0; block < 3; block++) {
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct unpack_way way = {block, 1000, 0};
            enum hw_status status = unpack_all(rows[i].packed, HW_PACKING_ZSTD, way, &got, &err);
            assert_row_int(rows[i].name, status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            if (rows[i].want == HW_OK) {
                assert_row_bytes(rows[i].name, got.data, got.size, "x", 1);
            } else if (rows[i].want_offset >= 0) {
                assert_row_int(rows[i].name, err.offset, rows[i].want_offset);
            }
        }
    }
}

/* RFC 8878 3.1.1.1.2: the window is 2^(10 + e) and m eighths more, of a byte that is e << 3 | m. */
static const struct {
    const char *name;
    hw_view packed;
    uint64_t window_bytes_max;
    enum hw_status want;
    const char *says;
} window_rows[] = {
    {"1 KiB of 1 KiB", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK), HW_KIB(1), HW_OK, ""},
    {"8 MiB of 8 MiB", HW_VIEW_INIT(MAGIC "\0\x68" X_BLOCK), HW_MIB(8), HW_OK, ""},
    {"9 MiB of 8 MiB", HW_VIEW_INIT(MAGIC "\0\x69" X_BLOCK), HW_MIB(8), HW_ELIMIT,
     "zstd: a frame asks for a window of more than the 8 MiB that the first frame of the file asks for"},
    {"16 MiB of 8 MiB", HW_VIEW_INIT(MAGIC "\0\x70" X_BLOCK), HW_MIB(8), HW_ELIMIT,
     "more than the 8 MiB that the first"},
    {"8 MiB of 9 MiB, which counts as 8", HW_VIEW_INIT(MAGIC "\0\x68" X_BLOCK), HW_MIB(9), HW_OK, ""},
    {"9 MiB of 16 MiB", HW_VIEW_INIT(MAGIC "\0\x69" X_BLOCK), HW_MIB(16), HW_OK, ""},
    {"64 MiB of 64 MiB", HW_VIEW_INIT(MAGIC "\0\x80" X_BLOCK), HW_MIB(64), HW_OK, ""},
    {"72 MiB of 64 MiB", HW_VIEW_INIT(MAGIC "\0\x81" X_BLOCK), HW_MIB(64), HW_ELIMIT,
     "more than the 64 MiB that the first"},
    {"128 MiB of anything", HW_VIEW_INIT(MAGIC "\0\x88" X_BLOCK), 0, HW_OK, ""},
    {"144 MiB of any length", HW_VIEW_INIT(MAGIC "\0\x89" X_BLOCK), UINT64_MAX, HW_ELIMIT,
     "more than the 128 MiB that are allowed"},
    {"the second frame asks for more", HW_VIEW_INIT(MAGIC "\0\x68" X_BLOCK MAGIC "\0\x69" X_BLOCK), HW_MIB(8),
     HW_ELIMIT, "more than the 8 MiB that the first frame"},
};

static void windows_stay_within_what_is_allowed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(window_rows); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_stream *stream = NULL;
        struct memory_source source = memory_source(window_rows[i].packed, 0);
        const struct hw_unpack_options options = {.window_bytes_max = window_rows[i].window_bytes_max};
        assert_ok(hw_unpack_open(&source.base, HW_PACKING_ZSTD, &options, &stream, &err), err);
        enum hw_status status = stream_read_all(stream, 1000, &got, &err);
        stream->ops->close(stream);
        assert_row_int(window_rows[i].name, status, window_rows[i].want);
        assert_row_says(window_rows[i].name, err.message, window_rows[i].says);
    }
}

static void the_head_of_a_frame_tells_its_window(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view head;
        uint64_t want;
    } heads[] = {
        {"1 KiB", HW_VIEW_INIT(MAGIC "\0\0"), HW_KIB(1)},
        {"1 KiB and 7 eighths", HW_VIEW_INIT(MAGIC "\0\x07"), 1024 + 7 * 128},
        {"8 MiB", HW_VIEW_INIT(MAGIC "\0\x68" X_BLOCK), HW_MIB(8)},
        {"9 MiB", HW_VIEW_INIT(MAGIC "\0\x69" X_BLOCK), HW_MIB(9)},
        {"128 MiB", HW_VIEW_INIT(MAGIC "\0\x88" X_BLOCK), HW_MIB(128)},
        {"2 GiB, which is refused later", HW_VIEW_INIT(MAGIC "\0\xa8" X_BLOCK), HW_MIB(2048)},
        /* 3.1.1.1.1.2: no window is written, it is the size of the content. */
        {"a single segment of 200 bytes", HW_VIEW_INIT(MAGIC "\x20\xc8"), 200},
        {"a single segment of 256 + 0x1234 bytes", HW_VIEW_INIT(MAGIC "\x60\x34\x12"), 256 + 0x1234},
        {"a single segment of 0x05000000 bytes", HW_VIEW_INIT(MAGIC "\xa0\0\0\0\x05"), 0x05000000},
        {"a single segment of 2^33 bytes", HW_VIEW_INIT(MAGIC "\xe0\0\0\0\0\x02\0\0\0"), UINT64_C(1) << 33},
        {"the longest head: window, dictionary, size", HW_VIEW_INIT(MAGIC "\xc3\x68\1\2\3\4\0\0\0\0\1\0\0\0"),
         HW_MIB(8)},
        {"a head that is cut", HW_VIEW_INIT(MAGIC "\0"), 0},
        {"a single segment that is cut", HW_VIEW_INIT(MAGIC "\xa0\0\0"), 0},
        {"the magic alone", HW_VIEW_INIT(MAGIC), 0},
        {"half of the magic", HW_VIEW_INIT("\x28\xb5"), 0},
        {"nothing", HW_VIEW_INIT(""), 0},
        {"a skippable frame", HW_VIEW_INIT("\x53\x2a\x4d\x18\x05\0\0\0hello"), 0},
        {"text", HW_VIEW_INIT("a,b,c\n1,2,3\n4,5,6\n"), 0},
        {"gzip", HW_VIEW_INIT("\x1f\x8b\x08\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0"), 0},
        {"the reserved bit of the descriptor", HW_VIEW_INIT(MAGIC "\x08\x68"), 0},
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        assert_row_int(heads[i].name, heads[i].head.size <= HW_PACKING_HEAD_BYTES || heads[i].want == 0, true);
        assert_row_int(heads[i].name, hw_unpack_window_bytes(HW_PACKING_ZSTD, heads[i].head.data, heads[i].head.size),
                       heads[i].want);
    }
}

static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    for (int read = 1; read <= 5; read++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct unpack_way way = {2, 1000, read};
        assert_int_equal(unpack_all(rows[0].packed, HW_PACKING_ZSTD, way, &got, &err), HW_EIO);
        assert_string_equal(err.message, "injected");
        assert_string_equal(err.object, "memory");
        assert_int_equal(err.offset, 2 * (read - 1));
    }
}

static void a_large_file_comes_whole(void **state) {
    (void)state;
    enum { BYTES = 5000000, FIRST = 3333333 };
    static const struct unpack_way ways[] = {{0, 65536, 0}, {0, 1 << 23, 0}, {4093, 7919, 0}, {65536, 131, 0}};
    uint8_t *plain = malloc(BYTES);
    HW_AUTO(hw_buf) packed = {0};
    text_fill(plain, BYTES, 9);
    memcpy(plain + 4000000, plain, 300000); /* far references */
    put_frame(&packed, plain, FIRST, true);
    put_frame(&packed, plain + FIRST, BYTES - FIRST, false);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(unpack_all(hw_buf_view(&packed), HW_PACKING_ZSTD, ways[i], &got, &err), err);
        assert_row_bytes("plain", got.data, got.size, plain, BYTES);
    }
    free(plain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_whole_wherever_blocks_end), cmocka_unit_test(a_cut_file_never_seems_whole),
        cmocka_unit_test(a_wrong_bit_never_changes_the_bytes),   cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(windows_stay_within_what_is_allowed),   cmocka_unit_test(the_head_of_a_frame_tells_its_window),
        cmocka_unit_test(a_fault_of_the_source_is_passed_on),    cmocka_unit_test(a_large_file_comes_whole),
    };
    return cmocka_run_group_tests_name("codec/unpack_zstd", tests, NULL, NULL);
}
