/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRC-64/NVME: reflected, polynomial P = 0xad93d23594c93659 (0x9a6c9329ac4bc9b5 mirrored), all ones
 * in and out.
 *
 * A register holds a polynomial mirrored: bit 0 is x^63. Multiplying two of them without carry
 * (PCLMULQDQ) gives their product times x, mirrored in 128 bits. So 128 bits of message H*x^64 + L,
 * which stand D bits before others, are folded into those as H*K1 + L*K2 with K1 = x^(D+63) mod P
 * and K2 = x^(D-1) mod P: each 1 short of the distance. 128 folded bits are worth what the bytes
 * before them were worth, so the table takes it from there.
 */
#include "codec/checksum_crc64nvme.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/*
 * BITS_k: the CRC of one byte with bit 0 .. bit 7 set and k zero bytes after it: x^(8k+71) ..
 * x^(8k+64) mod P.
 */
#define BITS_0                                                                                               \
    0x7f6ef0c830358979u, 0xfedde190606b12f2u, 0xc962e5739841b68fu, 0xa61cecb46814fe75u, 0x78e0ff3b88be6f81u, \
        0xf1c1fe77117cdf02u, 0xd75adabd7a6e2d6fu, 0x9a6c9329ac4bc9b5u
#define BITS_1                                                                                               \
    0x8776a97d73bddf69u, 0x3a3474a9bfec2db9u, 0x7468e9537fd85b72u, 0xe8d1d2a6ffb0b6e4u, 0xe57a831ea7f6fea3u, \
        0xfe2c206e177a6e2du, 0xc881668f76634f31u, 0xa5dbeb4db4510d09u
#define BITS_2                                                                                               \
    0xff6e4e1f4e4038beu, 0xca05ba6dc417e217u, 0xa0d25288d0b85745u, 0x757d8342f9e73de1u, 0xeafb0685f3ce7bc2u, \
        0xe12f2b58bf0b64efu, 0xf68770e226815ab5u, 0xd9d7c79715952601u
#define BITS_3                                                                                               \
    0x8211147cbaf96306u, 0x30fb0eaa2d655567u, 0x61f61d545acaaaceu, 0xc3ec3aa8b595559cu, 0xb301530233bd3853u, \
        0x52db80573fede3cdu, 0xa5b700ae7fdbc79au, 0x7fb7270fa7201c5fu
#define BITS_4                                                                                               \
    0x373d15f784905d1eu, 0x6e7a2bef0920ba3cu, 0xdcf457de12417478u, 0x8d3189ef7c157b9bu, 0x2eba358da0bd645du, \
        0x5d746b1b417ac8bau, 0xbae8d63682f59174u, 0x41088a3e5d7cb183u
#define BITS_5                                                                                               \
    0xe9742a79ef04a5d4u, 0xe63172a0869ed8c3u, 0xf8bbc31255aa22edu, 0xc5aea077f3c3d6b1u, 0xbf8466bcbf103e09u, \
        0x4bd1eb2a26b7ef79u, 0x97a3d6544d6fdef2u, 0x1b9e8afbc2482e8fu
#define BITS_6                                                                                               \
    0xfc5d27f6bf353971u, 0xcc6369be26fde189u, 0xac1ff52f156c5079u, 0x6ce6cc0d724f3399u, 0xd9cd981ae49e6732u, \
        0x8742166691ab5d0fu, 0x3a5d0a9e7bc12975u, 0x74ba153cf78252eau
#define BITS_7                                                                                               \
    0x21e9761e252621acu, 0x43d2ec3c4a4c4358u, 0x87a5d878949886b0u, 0x3b9296a271a69e0bu, 0x77252d44e34d3c16u, \
        0xee4a5a89c69a782cu, 0xe84d9340d5a36333u, 0xe44200d2f3d1550du

/* The CRC of any byte is the sum of the CRCs of its bits. */
#define BIT_IF(i, n, bit) (((i) >> (n)) & 1 ? (bit) : UINT64_C(0))
#define ENTRY_OF(i, b0, b1, b2, b3, b4, b5, b6, b7)                                                                    \
    (BIT_IF(i, 0, b0) ^ BIT_IF(i, 1, b1) ^ BIT_IF(i, 2, b2) ^ BIT_IF(i, 3, b3) ^ BIT_IF(i, 4, b4) ^ BIT_IF(i, 5, b5) ^ \
     BIT_IF(i, 6, b6) ^ BIT_IF(i, 7, b7))
#define ENTRY(...) ENTRY_OF(__VA_ARGS__)
#define ENTRIES_4(i, ...) \
    ENTRY(i, __VA_ARGS__), ENTRY(i + 1, __VA_ARGS__), ENTRY(i + 2, __VA_ARGS__), ENTRY(i + 3, __VA_ARGS__)
#define ENTRIES_16(i, ...)                                                                   \
    ENTRIES_4(i, __VA_ARGS__), ENTRIES_4(i + 4, __VA_ARGS__), ENTRIES_4(i + 8, __VA_ARGS__), \
        ENTRIES_4(i + 12, __VA_ARGS__)
#define ENTRIES_64(i, ...)                                                                        \
    ENTRIES_16(i, __VA_ARGS__), ENTRIES_16(i + 16, __VA_ARGS__), ENTRIES_16(i + 32, __VA_ARGS__), \
        ENTRIES_16(i + 48, __VA_ARGS__)
#define ENTRIES_256(...)                                                                       \
    {                                                                                          \
        ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__), \
            ENTRIES_64(192, __VA_ARGS__)                                                       \
    }

/* tables[k][byte]: that byte's part in the CRC when k more bytes follow. */
static const uint64_t tables[8][256] = {
    ENTRIES_256(BITS_0), ENTRIES_256(BITS_1), ENTRIES_256(BITS_2), ENTRIES_256(BITS_3),
    ENTRIES_256(BITS_4), ENTRIES_256(BITS_5), ENTRIES_256(BITS_6), ENTRIES_256(BITS_7),
};

static bool table_usable(void);
static uint64_t table_update(uint64_t state, const uint8_t *data, size_t bytes);
#if defined(__x86_64__)
static bool pclmul_usable(void);
static uint64_t pclmul_update(uint64_t state, const uint8_t *data, size_t bytes);
static bool vpclmul_usable(void);
static uint64_t vpclmul_update(uint64_t state, const uint8_t *data, size_t bytes);
#endif

static const struct hw_crc64nvme_way ways[] = {
    {"table", table_usable, 0, table_update},
#if defined(__x86_64__)
    {"pclmul", pclmul_usable, 128, pclmul_update},
    {"vpclmul", vpclmul_usable, 512, vpclmul_update},
#endif
};

uint64_t hw_crc64nvme(uint64_t crc, const void *data, size_t bytes) {
    size_t way = COUNT_OF(ways) - 1;
    while (way > 0 && (bytes < ways[way].bytes_min || !ways[way].usable())) {
        way--;
    }
    return ~ways[way].update(~crc, data, bytes);
}

const struct hw_crc64nvme_way *hw_crc64nvme_ways(size_t *out_count) {
    *out_count = COUNT_OF(ways);
    return ways;
}

static bool table_usable(void) {
    return true;
}

static uint64_t table_update(uint64_t state, const uint8_t *data, size_t bytes) {
    for (; bytes >= 8; bytes -= 8, data += 8) {
        uint64_t word = state ^ hw_load_le64(data);
        state = tables[7][word & 0xff] ^ tables[6][word >> 8 & 0xff] ^ tables[5][word >> 16 & 0xff] ^
                tables[4][word >> 24 & 0xff] ^ tables[3][word >> 32 & 0xff] ^ tables[2][word >> 40 & 0xff] ^
                tables[1][word >> 48 & 0xff] ^ tables[0][word >> 56];
    }
    for (; bytes > 0; bytes--, data++) {
        state = tables[0][(state ^ *data) & 0xff] ^ (state >> 8);
    }
    return state;
}

#if defined(__x86_64__)

/* {x^(D+63) mod P, x^(D-1) mod P}, mirrored, by the distance D in bits. */
#define FOLD_128 UINT64_C(0xeadc41fd2ba3d420), UINT64_C(0x21e9761e252621ac)
#define FOLD_512 UINT64_C(0x0c32cdb31e18a84a), UINT64_C(0x62242240ace5045a)
#define FOLD_1024 UINT64_C(0xa1ca681e733f9c40), UINT64_C(0x5f852fb61e8d92dc)
#define FOLD_2048 UINT64_C(0x37ccd3e14069cabc), UINT64_C(0xa043808c0f782663)

#define TARGET_PCLMUL __attribute__((target("pclmul,sse4.1")))
#define TARGET_VPCLMUL __attribute__((target("pclmul,sse4.1,avx512f,vpclmulqdq")))

static bool pclmul_usable(void) {
    return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

static bool vpclmul_usable(void) {
    return __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx512f") && pclmul_usable();
}

TARGET_PCLMUL static inline __m128i constants(uint64_t high, uint64_t low) {
    /* the earlier 64 bits of a message lie in the low half */
    return _mm_set_epi64x((int64_t)low, (int64_t)high);
}

TARGET_PCLMUL static inline __m128i load(const uint8_t *data) {
    return _mm_loadu_si128((const __m128i *)data);
}

TARGET_PCLMUL static inline __m128i fold(__m128i from, __m128i fold_by, __m128i into) {
    __m128i high = _mm_clmulepi64_si128(from, fold_by, 0x00);
    __m128i low = _mm_clmulepi64_si128(from, fold_by, 0x11);
    return _mm_xor_si128(into, _mm_xor_si128(high, low));
}

/*
 * Folds `parts`, neighbours of 128 bits, into one, goes on over whole blocks, and leaves the rest
 * to the table.
 */
TARGET_PCLMUL static inline uint64_t finish(const __m128i *parts, size_t count, const uint8_t *data, size_t bytes) {
    const __m128i by_128 = constants(FOLD_128);
    uint8_t folded[16];

    __m128i sum = parts[0];
    for (size_t i = 1; i < count; i++) {
        sum = fold(sum, by_128, parts[i]);
    }
    for (; bytes >= 16; bytes -= 16, data += 16) {
        sum = fold(sum, by_128, load(data));
    }
    _mm_storeu_si128((__m128i *)folded, sum);
    return table_update(table_update(0, folded, sizeof(folded)), data, bytes);
}

TARGET_PCLMUL static uint64_t pclmul_update(uint64_t state, const uint8_t *data, size_t bytes) {
    const __m128i by_1024 = constants(FOLD_1024);
    __m128i parts[8]; /* eight chains hide the latency of the multiplier */

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        parts[i] = load(data + 16 * i);
    }
    parts[0] = _mm_xor_si128(parts[0], _mm_cvtsi64_si128((int64_t)state));
    for (data += 128, bytes -= 128; bytes >= 128; data += 128, bytes -= 128) {
        for (size_t i = 0; i < COUNT_OF(parts); i++) {
            parts[i] = fold(parts[i], by_1024, load(data + 16 * i));
        }
    }
    return finish(parts, COUNT_OF(parts), data, bytes);
}

TARGET_VPCLMUL static inline __m512i fold_wide(__m512i from, __m512i fold_by, __m512i into) {
    __m512i high = _mm512_clmulepi64_epi128(from, fold_by, 0x00);
    __m512i low = _mm512_clmulepi64_epi128(from, fold_by, 0x11);
    return _mm512_ternarylogic_epi64(into, high, low, 0x96); /* the sum of all three */
}

TARGET_VPCLMUL static uint64_t vpclmul_update(uint64_t state, const uint8_t *data, size_t bytes) {
    const __m512i by_2048 = _mm512_broadcast_i32x4(constants(FOLD_2048));
    const __m512i by_512 = _mm512_broadcast_i32x4(constants(FOLD_512));
    __m512i wide[4];
    __m128i parts[4];

    for (size_t i = 0; i < COUNT_OF(wide); i++) {
        wide[i] = _mm512_loadu_si512(data + 64 * i);
    }
    wide[0] = _mm512_xor_si512(wide[0], _mm512_zextsi128_si512(_mm_cvtsi64_si128((int64_t)state)));
    for (data += 256, bytes -= 256; bytes >= 256; data += 256, bytes -= 256) {
        for (size_t i = 0; i < COUNT_OF(wide); i++) {
            wide[i] = fold_wide(wide[i], by_2048, _mm512_loadu_si512(data + 64 * i));
        }
    }
    for (size_t i = 1; i < COUNT_OF(wide); i++) {
        wide[i] = fold_wide(wide[i - 1], by_512, wide[i]);
    }
    _mm512_storeu_si512(parts, wide[3]);
    return finish(parts, COUNT_OF(parts), data, bytes);
}

#endif
