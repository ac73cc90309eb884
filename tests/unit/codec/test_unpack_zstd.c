/* SPDX-License-Identifier: Apache-2.0 */
/* Frames by libzstd, and by hand from RFC 8878 where it makes none such. */
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
    /* The contents of three skippable frames, the low 4 bits of four magic numbers; a window's size, an unused bit. */
    assert_true(harmless >= 3 * 5 * 8 + 4 * 4 && harmless <= 3 * 5 * 8 + 4 * 4 + 40);
    parts_release(&file);
}

/* A frame by hand: magic, descriptor 0 (window follows, nothing else), window, one last raw block of "x". */
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
    {"text after it", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "trailing text"), HW_EDATA, -1, "Unknown frame descriptor"},
    {"zeros after it", HW_VIEW_INIT(MAGIC "\0\0" X_BLOCK "\0\0\0\0\0\0\0\0"), HW_EDATA, -1, "Unknown frame descriptor"},
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
        cmocka_unit_test(a_fault_of_the_source_is_passed_on),    cmocka_unit_test(a_large_file_comes_whole),
    };
    return cmocka_run_group_tests_name("codec/unpack_zstd", tests, NULL, NULL);
}
