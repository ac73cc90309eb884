/* SPDX-License-Identifier: Apache-2.0 */
/* Deflated bytes are by libdeflate, and by hand from RFC 1951 where they are wrong. */
#include "codec/inflate.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "core/buf.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "unit/codec/unpack_read.h"

#define BEHIND "behind"

/* Appends `bytes` bytes of text, deflated; level 0 stores them. */
static void put_deflated(struct hw_buf *out, const uint8_t *text, size_t bytes, int level) {
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(level);
    struct hw_error err = HW_ERROR_INIT;
    const size_t bound = libdeflate_deflate_compress_bound(compressor, bytes);
    assert_ok(hw_buf_reserve(out, bound, &err), err);
    const size_t got = libdeflate_deflate_compress(compressor, text, bytes, out->data + out->size, bound);
    libdeflate_free_compressor(compressor);
    assert_true(got > 0);
    out->size += got;
}

/* Appends what stands behind the deflated bytes of a gzip member (RFC 1952 2.3.1). */
static void put_trailer(struct hw_buf *out, const uint8_t *text, uint32_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    const uint32_t crc32 = libdeflate_crc32(0, text, bytes);
    assert_ok(hw_buf_append(out, &crc32, sizeof(crc32), &err), err);
    assert_ok(hw_buf_append(out, &bytes, sizeof(bytes), &err), err);
}

/* Inflates with room for `room` bytes at a time, to the end of bare bytes or of a gzip member. */
static enum hw_status inflate_all(struct hw_packed *packed, bool member, size_t room, struct hw_buf *out,
                                  struct hw_error *err) {
    struct inflate_state inflate;
    bool end = false;
    isal_inflate_init(&inflate);
    inflate.crc_flag = member ? ISAL_GZIP_NO_HDR_VER : ISAL_DEFLATE;
    while (!end) {
        HW_TRY(hw_buf_reserve(out, room, err));
        const uint32_t given = hw_inflate_room(&inflate, out->data + out->size, room);
        HW_TRY(hw_inflate_run(&inflate, packed, "zip", &end, err));
        assert_true(end || inflate.avail_out == 0);
        out->size += given - inflate.avail_out;
    }
    return HW_OK;
}

/* Bytes behind the end stay: the offset is where the deflated ones, or the member, end. */
static void bytes_come_whole_wherever_blocks_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool member;
        size_t bytes;
        int level;
    } rows[] = {
        {"stored", false, 700, 0},
        {"fixed codes", false, 9, 6},
        {"dynamic codes", false, 700, 6},
        {"nothing", false, 0, 6},
        {"a member, stored", true, 700, 0},
        {"a member, fixed codes", true, 9, 6},
        {"a member, dynamic codes", true, 700, 6},
        {"a member of nothing", true, 0, 6},
    };
    static const size_t rooms[] = {1, 7, 4096};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) deflated = {0};
        struct hw_error err = HW_ERROR_INIT;
        uint8_t text[700];
        text_fill(text, rows[i].bytes, i + 1);
        put_deflated(&deflated, text, rows[i].bytes, rows[i].level);
        if (rows[i].member) {
            put_trailer(&deflated, text, (uint32_t)rows[i].bytes);
        }
        const size_t end = deflated.size;
        assert_ok(hw_buf_append_text(&deflated, BEHIND, &err), err);
        for (size_t k = 0; k < deflated.size * COUNT_OF(rooms); k++) {
            HW_AUTO(hw_buf) got = {0};
            struct memory_source source = memory_source(hw_buf_view(&deflated), 0);
            struct hw_packed packed;
            assert_ok(hw_packed_init(&packed, &source.base, 1 + k / COUNT_OF(rooms), &err), err);
            hw_packed_end_at(&packed, rows[i].member ? deflated.size : end);
            assert_ok(inflate_all(&packed, rows[i].member, rooms[k % COUNT_OF(rooms)], &got, &err), err);
            assert_row_bytes(rows[i].name, got.data, got.size, text, rows[i].bytes);
            assert_row_int(rows[i].name, hw_packed_offset(&packed), end);
            hw_packed_release(&packed);
        }
    }
}

/* One wrong bit in any byte of the trailer is found. */
static void the_sum_of_a_member_is_compared(void **state) {
    (void)state;
    static const uint8_t text[] = "0,1,2\n";
    HW_AUTO(hw_buf) deflated = {0};
    put_deflated(&deflated, text, sizeof(text), 6);
    const size_t trailer_at = deflated.size;
    put_trailer(&deflated, text, sizeof(text));
    for (size_t at = trailer_at; at < deflated.size; at++) {
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct memory_source source = memory_source(hw_buf_view(&deflated), 0);
        struct hw_packed packed;
        deflated.data[at] ^= 1;
        assert_ok(hw_packed_init(&packed, &source.base, 5, &err), err);
        assert_int_equal(inflate_all(&packed, true, 64, &got, &err), HW_EDATA);
        assert_string_equal(err.message, "zip: corrupt: the stored CRC or size differs");
        deflated.data[at] ^= 1;
        hw_packed_release(&packed);
    }
}

/*
 * A block begins with the bit that marks the last one and two bits of its type, lowest bit first;
 * codes follow with their highest bit first (RFC 1951 3.1.1 and 3.2.3).
 */
static void wrong_bytes_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view deflated;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"a block of type 3", HW_VIEW_INIT("\x07\0\0"), HW_EDATA, "zip: corrupt: a block of no known type"},
        {"a length that is not its complement", HW_VIEW_INIT("\x01\x05\0\0\0hello"), HW_EDATA, "zip: corrupt: "},
        {"code 286 of the fixed ones", HW_VIEW_INIT("\x1b\x03\0"), HW_EDATA,
         "zip: corrupt: a code that stands for nothing"},
        {"3 bytes from 1 before the start", HW_VIEW_INIT("\x03\x02\0"), HW_EDATA,
         "zip: corrupt: a reference to before the start"},
        {"nothing", HW_VIEW_INIT(""), HW_EDATA, "zip: cut inside a member's data"},
        {"the head of a block alone", HW_VIEW_INIT("\x01\x05"), HW_EDATA, "zip: cut inside a member's data"},
        {"a stored block that is cut", HW_VIEW_INIT("\x01\x05\0\xfa\xffhell"), HW_EDATA,
         "zip: cut inside a member's data"},
        {"no last block", HW_VIEW_INIT("\0\x01\0\xfe\xffh"), HW_EDATA, "zip: cut inside a member's data"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 1; block <= 16; block += 5) {
            HW_AUTO(hw_buf) got = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct memory_source source = memory_source(rows[i].deflated, 0);
            struct hw_packed packed;
            assert_ok(hw_packed_init(&packed, &source.base, block, &err), err);
            assert_row_int(rows[i].name, inflate_all(&packed, false, 64, &got, &err), rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_int(rows[i].name, err.offset >= 0 && err.offset <= (int64_t)rows[i].deflated.size, true);
            hw_packed_release(&packed);
        }
    }
}

static void a_source_that_fails_is_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) got = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct memory_source source = memory_source(HW_VIEW("\x01\x05\0\xfa\xffhello"), 2);
    struct hw_packed packed;
    assert_ok(hw_packed_init(&packed, &source.base, 4, &err), err);
    assert_int_equal(inflate_all(&packed, false, 64, &got, &err), HW_EIO);
    hw_packed_release(&packed);
}

/* ISA-L counts in 32 bits. */
static void the_room_has_a_bound(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t capacity;
        uint32_t want;
    } rows[] = {
        {"none", 0, 0},
        {"some", 12, 12},
        {"the most", UINT64_C(1) << 30, 1u << 30},
        {"more", (UINT64_C(1) << 30) + 1, 1u << 30},
        {"more than 32 bits", (UINT64_C(1) << 32) + 5, 1u << 30},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct inflate_state inflate;
        uint8_t out[1];
        isal_inflate_init(&inflate);
        assert_row_int(rows[i].name, hw_inflate_room(&inflate, out, rows[i].capacity), rows[i].want);
        assert_row_int(rows[i].name, inflate.avail_out, rows[i].want);
        assert_ptr_equal(inflate.next_out, out);
    }
}

static void every_fault_has_words(void **state) {
    (void)state;
    static const struct {
        int result;
        const char *want;
    } rows[] = {
        {ISAL_INVALID_BLOCK, "block"},  {ISAL_INVALID_SYMBOL, "code"},        {ISAL_INVALID_LOOKBACK, "reference"},
        {ISAL_INVALID_WRAPPER, "gzip"}, {ISAL_UNSUPPORTED_METHOD, "deflate"}, {ISAL_INCORRECT_CHECKSUM, "CRC"},
        {-1000, "unknown fault"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_says(rows[i].want, hw_inflate_fault(rows[i].result), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_whole_wherever_blocks_end),
        cmocka_unit_test(the_sum_of_a_member_is_compared),
        cmocka_unit_test(wrong_bytes_are_told_with_their_place),
        cmocka_unit_test(a_source_that_fails_is_told),
        cmocka_unit_test(the_room_has_a_bound),
        cmocka_unit_test(every_fault_has_words),
    };
    return cmocka_run_group_tests_name("codec/inflate", tests, NULL, NULL);
}
