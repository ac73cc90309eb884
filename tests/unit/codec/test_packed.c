/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packed.h"

#include <stdlib.h>

#include "faulty_alloc.h"
#include "support/memory_io.h"
#include "support/rows.h"

/* The text whose bytes say where they stand. */
#define DIGITS HW_VIEW("0123456789")
enum { BLOCK_BYTES = 4 };

static struct hw_packed packed_open(struct memory_source *source, size_t block_bytes) {
    struct hw_packed packed;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_packed_init(&packed, &source->base, block_bytes, &err), err);
    return packed;
}

static void remote_sources_are_read_in_larger_blocks(void **state) {
    (void)state;
    enum { BYTES = 1 << 20 };
    for (int remote = 0; remote < 2; remote++) {
        uint8_t *zeros = calloc(1, BYTES);
        zeros[0] = 'x';
        struct memory_source source = memory_source((hw_view){(const char *)zeros, BYTES}, 0);
        struct hw_packed packed;
        struct hw_error err = HW_ERROR_INIT;
        source.base.remote = remote;
        assert_ok(hw_packed_init(&packed, &source.base, 0, &err), err);
        assert_ok(hw_packed_fill(&packed, &err), err);
        assert_int_equal(hw_packed_left(&packed), remote ? BYTES : BYTES / 4);
        hw_packed_release(&packed);
        free(zeros);
    }
}

static void blocks_come_one_after_the_other(void **state) {
    (void)state;
    static const char *const want[] = {"0123", "4567", "89", ""};
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_ok(hw_packed_fill(&packed, &err), err);
        assert_row_bytes(want[i], hw_packed_next(&packed), hw_packed_left(&packed), want[i], strlen(want[i]));
        assert_row_int(want[i], hw_packed_offset(&packed), hw_min_size(BLOCK_BYTES * i, 10));
        packed.at += hw_packed_left(&packed) > 0;
        assert_ok(hw_packed_fill(&packed, &err), err); /* reads nothing while bytes are left */
        assert_row_int(want[i], source.reads, hw_min_size(i + 1, 3));
        packed.at = packed.filled;
    }
    hw_packed_release(&packed);
}

/* Each row seeks, then reads on an end that was set before. */
static void reads_go_from_any_place_to_the_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t seek, end;
        size_t bytes;
        const char *want;
        int reads; /* of the source */
    } rows[] = {
        {"all in several blocks", 0, 10, 10, "0123456789", 2},
        {"more than there is", 0, 10, 99, "0123456789", 2},
        {"inside the block that is there", 3, 10, 1, "3", 0},
        {"behind the block that is there", 4, 10, 2, "45", 1},
        {"far behind it", 8, 10, 2, "89", 1},
        {"at the end", 10, 10, 5, "", 0},
        {"an end inside the block that is there", 1, 3, 9, "12", 0},
        {"an end in the middle of a later block", 2, 6, 9, "2345", 1},
        {"an end that is reached", 6, 6, 9, "", 0},
        {"no bytes", 2, 10, 0, "", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_source source = memory_source(DIGITS, 0);
        struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
        struct hw_error err = HW_ERROR_INIT;
        char got[16];
        size_t got_bytes = SIZE_MAX;
        assert_ok(hw_packed_fill(&packed, &err), err);
        hw_packed_end_at(&packed, rows[i].end);
        hw_packed_seek(&packed, rows[i].seek);
        source.reads = 0;
        assert_ok(hw_packed_read(&packed, got, rows[i].bytes, &got_bytes, &err), err);
        assert_row_bytes(rows[i].name, got, got_bytes, rows[i].want, strlen(rows[i].want));
        assert_row_int(rows[i].name, hw_packed_offset(&packed), rows[i].seek + got_bytes);
        assert_row_int(rows[i].name, source.reads, rows[i].reads);
        hw_packed_release(&packed);
    }
}

/* A member of an archive sets an end, and the next one sets it farther on. */
static void an_end_can_move_on(void **state) {
    (void)state;
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    char got[16];
    size_t got_bytes;
    assert_ok(hw_packed_fill(&packed, &err), err);
    hw_packed_end_at(&packed, 2);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("before", got, got_bytes, "01", 2);
    hw_packed_end_at(&packed, 10);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("after", got, got_bytes, "23456789", 8);
    hw_packed_release(&packed);
}

static void a_failed_read_is_told_and_can_be_repeated(void **state) {
    (void)state;
    struct memory_source source = memory_source(DIGITS, 2);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    char got[16];
    size_t got_bytes = SIZE_MAX;
    assert_int_equal(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), HW_EIO);
    assert_true(got_bytes == SIZE_MAX);
    assert_int_equal(hw_packed_offset(&packed), BLOCK_BYTES);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("the rest", got, got_bytes, "456789", 6);
    hw_packed_release(&packed);
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    struct faulty_alloc faulty = {.fail_at = 1};
    const struct hw_allocator allocator = {faulty_resize, &faulty};
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = {.at = 7};
    struct hw_error err = HW_ERROR_INIT;
    hw_allocator_set(&allocator);
    enum hw_status status = hw_packed_init(&packed, &source.base, BLOCK_BYTES, &err);
    hw_allocator_set(NULL);
    assert_int_equal(status, HW_ENOMEM);
    assert_string_equal(err.message, "out of memory asking for 4 bytes");
    assert_int_equal(packed.at, 7);
}

/* A stream over bytes, `at_once` at a time. */
struct view_stream {
    struct hw_stream base;
    hw_view bytes;
    size_t at_once;
};

static enum hw_status view_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                struct hw_error *err) {
    struct view_stream *stream = (struct view_stream *)base;
    const size_t got = hw_min_size(hw_min_size(bytes, stream->at_once), stream->bytes.size);
    (void)err;
    memcpy(data, stream->bytes.data, got);
    stream->bytes.data += got;
    stream->bytes.size -= got;
    *out_bytes = got;
    return HW_OK;
}

static const struct hw_stream_ops view_ops = {view_read, NULL};

static void a_stream_is_read_as_a_source_is(void **state) {
    (void)state;
    struct view_stream stream = {{&view_ops}, DIGITS, 3};
    struct hw_packed packed;
    struct hw_error err = HW_ERROR_INIT;
    char got[16];
    size_t bytes;
    assert_ok(hw_packed_init_stream(&packed, &stream.base, "name", BLOCK_BYTES, &err), err);
    assert_string_equal(packed.name, "name");
    assert_ok(hw_packed_read(&packed, got, 5, &bytes, &err), err);
    assert_row_bytes("first", got, bytes, "01234", 5);
    assert_int_equal(hw_packed_offset(&packed), 5);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &bytes, &err), err);
    assert_row_bytes("rest", got, bytes, "56789", 5);
    hw_packed_release(&packed);
}

static void a_peek_takes_nothing(void **state) {
    (void)state;
    for (size_t block = 1; block <= 12; block++) {
        for (size_t taken = 0; taken <= 10; taken++) {
            struct memory_source source = memory_source(DIGITS, 0);
            struct hw_packed packed = packed_open(&source, block);
            struct hw_error err = HW_ERROR_INIT;
            char got[16];
            size_t bytes;
            assert_ok(hw_packed_read(&packed, got, taken, &bytes, &err), err);
            assert_ok(hw_packed_peek(&packed, 7, &err), err);
            assert_true(hw_packed_left(&packed) >= hw_min_size(7, 10 - taken));
            assert_int_equal(hw_packed_offset(&packed), taken);
            assert_ok(hw_packed_read(&packed, got, sizeof(got), &bytes, &err), err);
            assert_row_bytes("rest", got, bytes, DIGITS.data + taken, 10 - taken);
            hw_packed_release(&packed);
        }
    }
}

static void what_follows_a_member_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_packing packing;
        hw_view rest;
        enum hw_status want;
        bool more;
        size_t garbage;
        int64_t offset;
        const char *says;
    } rows[] = {
        {"nothing", HW_PACKING_GZIP, HW_VIEW_INIT(""), HW_OK, false, 0, -1, ""},
        {"a member", HW_PACKING_GZIP, HW_VIEW_INIT("\x1f\x8b\x08"), HW_OK, true, 0, -1, ""},
        {"a cut magic", HW_PACKING_GZIP, HW_VIEW_INIT("\x1f"), HW_OK, true, 0, -1, ""},
        {"a newline", HW_PACKING_GZIP, HW_VIEW_INIT("\n"), HW_OK, false, 1, -1, ""},
        {"eight bytes", HW_PACKING_BZIP2, HW_VIEW_INIT("12345678"), HW_OK, false, 8, -1, ""},
        {"nine bytes", HW_PACKING_ZSTD, HW_VIEW_INIT("123456789"), HW_EDATA, false, 0, 0,
         "zstd: after a member, these bytes begin no zstd member, and they are too many to be left out"},
        {"a member of another packing", HW_PACKING_LZ4, HW_VIEW_INIT("\x1f\x8b\x08\0\0\0\0\0\0\3\3"), HW_EDATA, false,
         0, 0, "lz4: after a member"},
        {"zeros", HW_PACKING_LZ4, HW_VIEW_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_OK, false, 0, -1, ""},
        {"a byte behind zeros", HW_PACKING_GZIP, HW_VIEW_INIT("\0\0x"), HW_EDATA, false, 0, 2,
         "gzip: garbage after the padding of the last member"},
        {"a member behind zeros", HW_PACKING_GZIP, HW_VIEW_INIT("\0\0\x1f\x8b\x08"), HW_EDATA, false, 0, 2,
         "garbage after the padding"},
        {"a stream of xz behind zeros", HW_PACKING_XZ, HW_VIEW_INIT("\0\0\0\0\xfd\x37zXZ\0"), HW_OK, true, 0, -1, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t block = 1; block < 5; block++) {
            struct memory_source source = memory_source(rows[i].rest, 0);
            struct hw_packed packed = packed_open(&source, block);
            struct hw_error err = HW_ERROR_INIT;
            bool more = false;
            assert_row_int(rows[i].name, hw_packed_more(&packed, rows[i].packing, &more, &err), rows[i].want);
            assert_row_int(rows[i].name, more, rows[i].more);
            assert_row_int(rows[i].name, packed.garbage_bytes, rows[i].garbage);
            assert_row_int(rows[i].name, err.offset, rows[i].offset);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            hw_packed_release(&packed);
        }
    }
}

/* The messages are those of unpackers; another text may have the words too. */
static void a_cut_is_told_from_other_faults(void **state) {
    (void)state;
    static const struct {
        const char *message;
        bool unpacking;
        bool cut;
    } rows[] = {
        {"gzip: " HW_PACKED_CUT " a member's data", true, true},
        {"lz4: " HW_PACKED_CUT " a frame", true, true},
        {"gzip: corrupt: the stored CRC or size differs", true, false},
        {"zip: encrypted", true, false},
        {"member \"a.zip\": zip: CRC error", true, false},
        {"member \"a.zip\": found no header", false, false},
        {"zipped", false, false},
        {"gunzip: x", false, false},
        {"none: of these", false, false},
        {"the field \"" HW_PACKED_CUT "\" is no number", false, false},
        {"", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error fault = HW_ERROR_INIT;
        hw_error_set(&fault, HW_EDATA, "%s", rows[i].message);
        assert_row_int(rows[i].message, hw_packed_is_fault(&fault), rows[i].unpacking);
        assert_row_int(rows[i].message, hw_packed_was_cut(&fault), rows[i].cut);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_read_as_a_source_is),
        cmocka_unit_test(a_peek_takes_nothing),
        cmocka_unit_test(what_follows_a_member_is_told),
        cmocka_unit_test(remote_sources_are_read_in_larger_blocks),
        cmocka_unit_test(blocks_come_one_after_the_other),
        cmocka_unit_test(reads_go_from_any_place_to_the_end),
        cmocka_unit_test(an_end_can_move_on),
        cmocka_unit_test(a_failed_read_is_told_and_can_be_repeated),
        cmocka_unit_test(want_of_memory_leaves_nothing),
        cmocka_unit_test(a_cut_is_told_from_other_faults),
    };
    return cmocka_run_group_tests_name("codec/packed", tests, NULL, NULL);
}
