/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes that a block becomes rest on the block, the codec and the level alone: not on where it
 * or the compressor lies, on what the compressor did before, or on what memory held.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "codec/checksum.h"
#include "codec/compression.h"
#include "core/alloc.h"
#include "support/rows.h"

#define NONE HW_LEVEL_DEFAULT

enum {
    PAGE_BYTES = 4096,
    BLOCK_BYTES_MAX = 17 * PAGE_BYTES,
    ROOM_BYTES = 2 * BLOCK_BYTES_MAX + 4 * PAGE_BYTES,
    OFFSETS = 64,
};

static const struct {
    const char *name;
    enum hw_codec codec;
    int levels[9]; /* up to one that is INT32_MAX */
} codec_rows[] = {
    {"none", HW_CODEC_NONE, {NONE, INT32_MAX}},
    {"snappy", HW_CODEC_SNAPPY, {NONE, INT32_MAX}},
    {"zstd", HW_CODEC_ZSTD, {NONE, HW_LEVEL_ENTROPY, -5, 2, 3, 6, 12, 19, INT32_MAX}},
    {"gzip", HW_CODEC_GZIP, {NONE, 0, 1, 6, 9, 12, INT32_MAX}},
    {"deflate", HW_CODEC_DEFLATE, {NONE, 0, 1, 6, 9, 12, INT32_MAX}},
    {"lz4_raw", HW_CODEC_LZ4_RAW, {NONE, 2, 3, 9, 10, 12, INT32_MAX}},
    {"brotli", HW_CODEC_BROTLI, {NONE, 0, 1, 3, 5, 9, 11, INT32_MAX}},
};

enum block_kind { BLOCK_TEXT, BLOCK_NUMBERS, BLOCK_ZEROS, BLOCK_RANDOM };

static const struct {
    const char *name;
    enum block_kind kind;
    size_t bytes;
} block_rows[] = {
    {"empty", BLOCK_TEXT, 0},         {"one byte", BLOCK_TEXT, 1},      {"16 bytes", BLOCK_TEXT, 16},
    {"17 bytes", BLOCK_ZEROS, 17},    {"little text", BLOCK_TEXT, 300}, {"text", BLOCK_TEXT, 20000},
    {"numbers", BLOCK_NUMBERS, 9000}, {"random", BLOCK_RANDOM, 5000},   {"much text", BLOCK_TEXT, BLOCK_BYTES_MAX},
};

static void block_fill(enum block_kind kind, uint8_t *out, size_t bytes, uint64_t seed) {
    for (size_t i = 0; i < bytes; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        switch (kind) {
        case BLOCK_TEXT:
            out[i] = (uint8_t) "0123,.;\n"[seed >> 61];
            break;
        case BLOCK_NUMBERS:
            out[i] = i % 8 < 3 ? (uint8_t)(seed >> 56) : 0;
            break;
        case BLOCK_ZEROS:
            out[i] = 0;
            break;
        case BLOCK_RANDOM:
            out[i] = (uint8_t)(seed >> 56);
            break;
        }
    }
}

struct same_case {
    char name[64];
    enum hw_codec codec;
    int level;
    bool slow;
    size_t bytes;
    uint8_t block[BLOCK_BYTES_MAX];
    uint8_t want[ROOM_BYTES]; /* what a new compressor makes of the block */
    size_t want_bytes;
};

static struct hw_compressor *compressor_of(const struct same_case *one) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_compressor *compressor = NULL;
    assert_ok(hw_compressor_new(one->codec, one->level, &compressor, &err), err);
    return compressor;
}

/* Compresses the case's block, which lies at `data`, into `out`, with more room than it needs. */
static void same_check(const struct same_case *one, struct hw_compressor *compressor, const uint8_t *data, uint8_t *out,
                       const char *what) {
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes = 0, room = hw_compressor_bound(compressor, one->bytes) + PAGE_BYTES;
    char name[128];
    snprintf(name, sizeof(name), "%s, %s", one->name, what);
    assert_ok(hw_compressor_run(compressor, data, one->bytes, out, room, &bytes, &err), err);
    assert_row_bytes(name, out, bytes, one->want, one->want_bytes);
}

/* Calls `check` for each codec, level and block. */
static void cases_run(void (*check)(const struct same_case *one)) {
    struct same_case *one = malloc(sizeof(*one));
    for (size_t c = 0; c < COUNT_OF(codec_rows); c++) {
        for (size_t l = 0; codec_rows[c].levels[l] != INT32_MAX; l++) {
            for (size_t b = 0; b < COUNT_OF(block_rows); b++) {
                struct hw_error err = HW_ERROR_INIT;
                one->codec = codec_rows[c].codec;
                one->level = codec_rows[c].levels[l];
                one->slow = one->level > 9;
                one->bytes = block_rows[b].bytes;
                block_fill(block_rows[b].kind, one->block, one->bytes, 1);
                snprintf(one->name, sizeof(one->name), "%s:%d %s", codec_rows[c].name, one->level, block_rows[b].name);
                if (one->slow && one->bytes > HW_KIB(32)) {
                    continue;
                }
                struct hw_compressor *compressor = compressor_of(one);
                size_t bound = hw_compressor_bound(compressor, one->bytes);
                assert_true(bound + 2 * PAGE_BYTES <= ROOM_BYTES);
                assert_ok(
                    hw_compressor_run(compressor, one->block, one->bytes, one->want, bound, &one->want_bytes, &err),
                    err);
                hw_compressor_free(compressor);
                check(one);
            }
        }
    }
    free(one);
}

/* What lies around the block is its own bytes in other places, or one byte again and again. */
static void around_fill(const struct same_case *one, uint8_t *room, size_t offset) {
    for (size_t i = 0; i < ROOM_BYTES; i++) {
        room[i] = offset % 2 && one->bytes > 0 ? one->block[(i + offset) % one->bytes] : (uint8_t)(37 * offset);
    }
}

static void lies_anywhere(const struct same_case *one) {
    uint8_t *room = aligned_alloc(PAGE_BYTES, ROOM_BYTES), *out = aligned_alloc(PAGE_BYTES, ROOM_BYTES);
    struct hw_compressor *compressor = compressor_of(one);
    for (size_t offset = 0; offset < OFFSETS; offset += one->slow ? 31 : one->level == NONE ? 1 : 7) {
        uint8_t *data = room + PAGE_BYTES - OFFSETS / 2 + offset; /* also over the end of a page */
        char what[32];
        snprintf(what, sizeof(what), "%zu bytes on", offset);
        around_fill(one, room, offset);
        memcpy(data, one->block, one->bytes);
        memset(out, (int)offset, ROOM_BYTES);
        same_check(one, compressor, data, out + (OFFSETS - offset), what);
    }
    hw_compressor_free(compressor);
    free(room);
    free(out);
}

static void a_block_may_lie_anywhere(void **state) {
    (void)state;
    cases_run(lies_anywhere);
}

/* What was compressed before lies where the block is, right before it, or elsewhere. */
static void history_runs(const struct same_case *one) {
    static const struct {
        const char *name;
        enum block_kind kind;
        size_t bytes;
        bool before; /* it ends where the block begins */
        bool fails;
    } rows[] = {
        {"after text", BLOCK_TEXT, 30000, false, false},    {"after text before it", BLOCK_TEXT, 30000, true, false},
        {"after zeros", BLOCK_ZEROS, 30000, true, false},   {"after random", BLOCK_RANDOM, 30000, false, false},
        {"after numbers", BLOCK_NUMBERS, 700, true, false}, {"after a failure", BLOCK_RANDOM, 9000, false, true},
        {"after a byte", BLOCK_TEXT, 1, true, false},       {"after nothing", BLOCK_TEXT, 0, true, false},
    };
    enum { BLOCK_AT = 30000 };
    uint8_t *room = malloc(BLOCK_AT + BLOCK_BYTES_MAX), *out = malloc(ROOM_BYTES);
    struct hw_compressor *compressor = compressor_of(one);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        uint8_t *other = room + BLOCK_AT - (rows[i].before ? rows[i].bytes : 0);
        size_t got, bound = hw_compressor_bound(compressor, rows[i].bytes);
        block_fill(rows[i].kind, other, rows[i].bytes, i % 2 + 1);
        hw_compressor_set_whole(compressor, i % 2 ? 1 << 20 : 0);
        enum hw_status status =
            hw_compressor_run(compressor, other, rows[i].bytes, out, rows[i].fails ? 5 : bound, &got, &err);
        assert_row_int(rows[i].name, status != HW_OK, rows[i].fails);
        hw_compressor_set_whole(compressor, 0);
        memcpy(room + BLOCK_AT, one->block, one->bytes);
        same_check(one, compressor, room + BLOCK_AT, out, rows[i].name);
    }
    hw_compressor_free(compressor);
    free(room);
    free(out);
}

static void a_compressor_may_have_a_history(void **state) {
    (void)state;
    cases_run(history_runs);
}

struct marked_alloc {
    int mark; /* that new memory is full of */
};

static void *marked_resize(void *ctx, void *block, size_t bytes) {
    const struct marked_alloc *marked = ctx;
    size_t had = malloc_usable_size(block);
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    uint8_t *fresh = realloc(block, bytes);
    if (fresh && bytes > had) {
        memset(fresh + had, marked->mark, bytes - had);
    }
    return fresh;
}

/*
 * zstd has its memory from malloc, which can be told to fill it, all others from our own allocator.
 */
static void memory_is_marked(const struct same_case *one) {
    static const int marks[] = {0x00, 0x01, 0x5a, 0xff};
    uint8_t *out = malloc(ROOM_BYTES);
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        struct marked_alloc marked = {marks[i]};
        const struct hw_allocator allocator = {marked_resize, &marked};
        char what[32];
        snprintf(what, sizeof(what), "in memory of %d", marks[i]);
        mallopt(M_PERTURB, marks[i]);
        hw_allocator_set(&allocator);
        struct hw_compressor *compressor = compressor_of(one);
        same_check(one, compressor, one->block, out, what);
        hw_compressor_free(compressor);
        hw_allocator_set(NULL);
        mallopt(M_PERTURB, 0);
    }
    free(out);
}

static void memory_may_have_held_anything(void **state) {
    (void)state;
    cases_run(memory_is_marked);
}

struct placed_alloc {
    uint8_t *place; /* of what is large; it is taken once at a time */
};

enum { STEP_BYTES = 1 << 16, PLACES = 32768, PLACE_BYTES_MAX = 1 << 20, PLACED_BYTES_MIN = HW_KIB(64) };

static void *placed_resize(void *ctx, void *block, size_t bytes) {
    const struct placed_alloc *placed = ctx;
    if (block != placed->place) {
        if (block || bytes < PLACED_BYTES_MIN) {
            void *fresh = bytes > 0 ? realloc(block, bytes) : NULL;
            if (bytes == 0) {
                free(block);
            }
            return fresh;
        }
        assert_true(bytes <= PLACE_BYTES_MAX);
        return placed->place;
    }
    assert_int_equal(bytes, 0);
    return NULL;
}

/* ISA-L's hash of 4 bytes: CRC-32C without its inversions, 13 bits of it. */
static uint32_t bucket_of(uint32_t word) {
    return ~hw_crc32c(UINT32_MAX, &word, sizeof(word)) % 8192;
}

/* The strings at 0, 1 and 2 come again, the last of them first, and not as the rest of another. */
static void repeating_fill(uint8_t *block, size_t bytes) {
    static const char start[] = "abcdefgh#cdefgh$bcdefgh%abcdefgh";
    block_fill(BLOCK_TEXT, block, bytes, 1);
    memcpy(block, start, sizeof(start) - 1);
}

/* The place whose address, as ISA-L takes it for data, has this hash. */
static uint8_t *place_of(uint8_t *first, uint32_t hash) {
    for (size_t i = 0; i < PLACES; i++) {
        uint8_t *place = first + i * STEP_BYTES;
        if (bucket_of((uint32_t)((uintptr_t)place >> 16)) == hash) {
            return place;
        }
    }
    fail_msg("no place has the hash %" PRIu32, hash);
    return NULL;
}

/*
 * The states lie where the hash is that of the block's first, second and third 4 bytes, and
 * elsewhere.
 */
static void a_compressor_may_lie_anywhere(void **state) {
    (void)state;
    enum { BYTES = 30000, TRIED = 4 };
    static const enum hw_codec codecs[] = {HW_CODEC_GZIP, HW_CODEC_DEFLATE};
    static uint8_t block[BYTES], out[2][2 * BYTES];
    const size_t all = (size_t)PLACES * STEP_BYTES;
    const size_t reserved = 2 * all + PLACE_BYTES_MAX;
    uint8_t *memory = mmap(NULL, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(memory != MAP_FAILED);
    /* so that the places have all hashes */
    uint8_t *first = memory + (all - (uintptr_t)memory % all);
    repeating_fill(block, BYTES);
    for (size_t c = 0; c < COUNT_OF(codecs); c++) {
        size_t bytes[2] = {0};
        for (size_t t = 0; t < TRIED; t++) {
            struct placed_alloc placed = {place_of(first, bucket_of(hw_load_le32(block + t)))};
            const struct hw_allocator allocator = {placed_resize, &placed};
            struct hw_error err = HW_ERROR_INIT;
            struct hw_compressor *compressor = NULL;
            assert_int_equal(mprotect(placed.place, PLACE_BYTES_MAX, PROT_READ | PROT_WRITE), 0);
            hw_allocator_set(&allocator);
            assert_ok(hw_compressor_new(codecs[c], NONE, &compressor, &err), err);
            assert_ok(hw_compressor_run(compressor, block, BYTES, out[t > 0], 2 * BYTES, &bytes[t > 0], &err), err);
            hw_compressor_free(compressor);
            hw_allocator_set(NULL);
            assert_row_bytes(hw_codec_name(codecs[c]), out[t > 0], bytes[t > 0], out[0], bytes[0]);
        }
    }
    munmap(memory, reserved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_may_lie_anywhere),
        cmocka_unit_test(a_compressor_may_have_a_history),
        cmocka_unit_test(memory_may_have_held_anything),
        cmocka_unit_test(a_compressor_may_lie_anywhere),
    };
    return cmocka_run_group_tests_name("codec/compression_same", tests, NULL, NULL);
}
