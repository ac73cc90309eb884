/* SPDX-License-Identifier: Apache-2.0 */
/* Members are put together by hand from RFC 1952, their bodies by libdeflate. */
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

#include "unpack_parts.h"

enum { FTEXT = 1, FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };
enum { SMALL_PADDING = 5 };

static void put_le(struct hw_buf *out, uint32_t value, size_t bytes) {
    uint8_t text[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    put(out, text, bytes);
}

static void put_member(struct hw_buf *out, uint8_t flags, const void *data, size_t bytes, int level) {
    size_t start = out->size;
    const uint8_t head[10] = {0x1f, 0x8b, 8, flags, 0x78, 0x56, 0x34, 0x12, 2, 3};
    put(out, head, sizeof(head));
    if (flags & FEXTRA) {
        put(out,
            "\x07\x00"
            "AB\x03\x00xyz",
            9);
    }
    if (flags & FNAME) {
        put(out, "orders.csv", 11);
    }
    if (flags & FCOMMENT) {
        put(out, "made by hand", 13);
    }
    if (flags & FHCRC) {
        put_le(out, libdeflate_crc32(0, out->data + start, out->size - start), 2);
    }
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    size_t bound = libdeflate_deflate_compress_bound(compressor, bytes);
    uint8_t *body = malloc(bound);
    put(out, body, libdeflate_deflate_compress(compressor, data, bytes, body, bound));
    free(body);
    libdeflate_free_compressor(compressor);
    put_le(out, libdeflate_crc32(0, data, bytes), 4);
    put_le(out, (uint32_t)bytes, 4);
}

/*
 * A file that has it all: members with every header field, of each kind of block, an empty last
 * one, padding.
 */
static struct parts_file small_file_make(void) {
    struct parts_file file = {.packing = HW_PACKING_GZIP};
    uint8_t text[700];
    static const struct {
        uint8_t flags;
        size_t bytes;
        int level;
    } members[] = {
        {FTEXT | FHCRC | FEXTRA | FNAME | FCOMMENT, 700, 6}, /* dynamic codes */
        {FNAME, 40, 0},                                      /* stored */
        {FHCRC, 9, 6},                                       /* fixed codes */
        {0, 0, 6},                                           /* empty */
    };
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        text_fill(text, members[i].bytes, i + 1);
        put_member(&file.packed, members[i].flags, text, members[i].bytes, members[i].level);
        put(&file.plain, text, members[i].bytes);
        parts_end(&file);
    }
    put(&file.packed, "\0\0\0\0\0", SMALL_PADDING);
    return file;
}

static void members_come_whole_wherever_blocks_end(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_come_whole(&file);
    parts_release(&file);
}

static void a_cut_file_never_seems_whole(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    parts_are_missed(&file, "gzip: cut inside a member's");
    parts_release(&file);
}

static void a_wrong_bit_never_changes_the_bytes(void **state) {
    (void)state;
    struct parts_file file = small_file_make();
    size_t harmless = parts_with_wrong_bits(&file, false, "gzip: ");
    /*
     * Nothing guards these bits: in the two members without a header CRC the flag FTEXT, 4 bytes of
     * time, 1 of flags and 1 of the system; the 10 letters of one name; in each member the bits
     * behind the last code that fill up a byte, which deflate does not read; and the first byte of
     * the padding, which becomes a few bytes that are left out.
     */
    assert_true(harmless <= 2 * (1 + 6 * 8) + 10 * 8 + file.count * 7 + 8 && harmless >= 2 * (1 + 6 * 8));
    parts_release(&file);
}

/*
 * Members of "123456789" and of nothing, changed at one place. The trailer is CRC and size,
 * little-endian.
 */
#define HEAD "\x1f\x8b\x08\x00\0\0\0\0\x00\x03"
#define NO_BYTES "\x03\x00"
#define DIGITS             \
    "\x01\x09\x00\xf6\xff" \
    "123456789"
#define DIGITS_END "\x26\x39\xf4\xcb\x09\0\0\0"
#define NO_BYTES_END "\0\0\0\0\0\0\0\0"

static const struct {
    const char *name;
    hw_view packed;
    enum hw_status want;
    int64_t want_offset; /* -1: inside of data, where ISA-L is up to 8 bytes ahead */
    const char *says;
    hw_view plain;
} rows[] = {
    {"one member", HW_VIEW_INIT(HEAD DIGITS DIGITS_END), HW_OK, -1, "", HW_VIEW_INIT("123456789")},
    {"an empty one", HW_VIEW_INIT(HEAD NO_BYTES NO_BYTES_END), HW_OK, -1, "", HW_VIEW_INIT("")},
    {"an empty one between", HW_VIEW_INIT(HEAD DIGITS DIGITS_END HEAD NO_BYTES NO_BYTES_END HEAD DIGITS DIGITS_END),
     HW_OK, -1, "", HW_VIEW_INIT("123456789123456789")},
    {"padding", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\0\0\0"), HW_OK, -1, "", HW_VIEW_INIT("123456789")},
    {"no bytes", HW_VIEW_INIT(""), HW_EDATA, 0, "cut inside a member's header", HW_VIEW_INIT("")},
    {"only magic", HW_VIEW_INIT("\x1f\x8b"), HW_EDATA, 2, "cut inside a member's header", HW_VIEW_INIT("")},
    {"no magic", HW_VIEW_INIT("\x1f\x8c\x08\x00\0\0\0\0\x00\x03"), HW_EDATA, 0, "invalid header: these bytes begin no",
     HW_VIEW_INIT("")},
    {"another method", HW_VIEW_INIT("\x1f\x8b\x07\x00\0\0\0\0\x00\x03"), HW_EDATA, 0, "the method is not deflate",
     HW_VIEW_INIT("")},
    {"a reserved flag", HW_VIEW_INIT("\x1f\x8b\x08\x20\0\0\0\0\x00\x03" DIGITS DIGITS_END), HW_EDATA, 0,
     "reserved flags are set", HW_VIEW_INIT("")},
    {"the header's CRC differs", HW_VIEW_INIT("\x1f\x8b\x08\x02\0\0\0\0\x00\x03\x00\x00" DIGITS DIGITS_END), HW_EDATA,
     0, "invalid header: the stored CRC", HW_VIEW_INIT("")},
    {"the CRC differs", HW_VIEW_INIT(HEAD DIGITS "\x26\x39\xf4\xca\x09\0\0\0"), HW_EDATA, 32,
     "corrupt: the stored CRC or size differs", HW_VIEW_INIT("")},
    {"the size differs", HW_VIEW_INIT(HEAD DIGITS "\x26\x39\xf4\xcb\x0a\0\0\0"), HW_EDATA, 32,
     "corrupt: the stored CRC or size differs", HW_VIEW_INIT("")},
    {"the second member's CRC differs", HW_VIEW_INIT(HEAD NO_BYTES NO_BYTES_END HEAD DIGITS "\0\0\0\0\x09\0\0\0"),
     HW_EDATA, 52, "corrupt: the stored CRC or size differs", HW_VIEW_INIT("")},
    {"a block of no type", HW_VIEW_INIT(HEAD "\x07\x00"), HW_EDATA, -1, "corrupt: a block of no known type",
     HW_VIEW_INIT("")},
    {"a reference before the start", HW_VIEW_INIT(HEAD "\x03\x02\x00\x00\x00"), HW_EDATA, -1,
     "corrupt: a reference to before the start", HW_VIEW_INIT("")},
    {"text after it", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "trailing text"), HW_EDATA, 32,
     "these bytes begin no gzip member", HW_VIEW_INIT("")},
    {"a newline after it, which gzip(1) ignores too", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\n"), HW_OK, -1, "",
     HW_VIEW_INIT("123456789")},
    {"a line of Windows after it", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\r\n\x1a"), HW_OK, -1, "",
     HW_VIEW_INIT("123456789")},
    {"less than a header after it", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\x1f\x8b"), HW_EDATA, 34,
     "cut inside a member's header", HW_VIEW_INIT("")},
    {"text after the padding", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\0\0x"), HW_EDATA, 34, "garbage after the padding",
     HW_VIEW_INIT("")},
    {"a member after the padding", HW_VIEW_INIT(HEAD DIGITS DIGITS_END "\0" HEAD DIGITS DIGITS_END), HW_EDATA, 33,
     "garbage after the padding", HW_VIEW_INIT("")},
};

static void each_fault_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 0; block < 3; block++) {
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct unpack_way way = {block, 1000, 0};
            enum hw_status status = unpack_all(rows[i].packed, HW_PACKING_GZIP, way, &got, &err);
            assert_row_int(rows[i].name, status, rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            if (rows[i].want == HW_OK) {
                assert_row_bytes(rows[i].name, got.data, got.size, rows[i].plain.data, rows[i].plain.size);
            } else if (rows[i].want_offset >= 0) {
                assert_row_int(rows[i].name, err.offset, rows[i].want_offset);
            }
        }
    }
}

static void a_fault_of_the_source_is_passed_on(void **state) {
    (void)state;
    for (int read = 1; read <= 4; read++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct unpack_way way = {10, 1000, read};
        assert_int_equal(unpack_all(rows[0].packed, HW_PACKING_GZIP, way, &got, &err), HW_EIO);
        assert_string_equal(err.message, "injected");
        assert_string_equal(err.object, "memory");
        assert_int_equal(err.offset, 10 * (read - 1));
    }
}

/* Larger than any window and any buffer, several members, odd sizes everywhere. */
static void a_large_file_comes_whole(void **state) {
    (void)state;
    enum { BYTES = 5000000, FIRST = 3333333 };
    static const struct unpack_way ways[] = {{0, 65536, 0}, {0, 1 << 23, 0}, {4093, 7919, 0}, {65536, 131, 0}};
    uint8_t *plain = malloc(BYTES);
    HW_AUTO(hw_buf) packed = {0};
    text_fill(plain, BYTES, 9);
    memcpy(plain + 1000000, plain + 980000, 20000); /* far references */
    put_member(&packed, FNAME, plain, FIRST, 6);
    put_member(&packed, 0, plain + FIRST, BYTES - FIRST, 1);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(unpack_all(hw_buf_view(&packed), HW_PACKING_GZIP, ways[i], &got, &err), err);
        assert_row_bytes("plain", got.data, got.size, plain, BYTES);
    }
    free(plain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_whole_wherever_blocks_end), cmocka_unit_test(a_cut_file_never_seems_whole),
        cmocka_unit_test(a_wrong_bit_never_changes_the_bytes),    cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(a_fault_of_the_source_is_passed_on),     cmocka_unit_test(a_large_file_comes_whole),
    };
    return cmocka_run_group_tests_name("codec/unpack_gzip", tests, NULL, NULL);
}
