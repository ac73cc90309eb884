/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/pack.h"

typedef uint8_t *pack_fn(const uint32_t *values, size_t groups, uint8_t *out);

/* With a constant width the compiler unrolls this into straight shifts and stores. */
static inline __attribute__((always_inline)) uint8_t *pack_groups(const uint32_t *values, size_t groups, unsigned width,
                                                                  uint8_t *out) {
    for (size_t group = 0; group < groups; group++) {
        uint64_t word = 0;
        unsigned bits = 0;
#pragma GCC unroll 32
        for (unsigned i = 0; i < HW_PACK_GROUP; i++) {
            uint64_t value = values[i];
            word |= value << bits;
            bits += width;
            if (bits >= 64) {
                hw_store_le64(out, word);
                out += 8;
                bits -= 64;
                word = bits > 0 ? value >> (width - bits) : 0;
            }
        }
        if (bits > 0) { /* 32 * width bits are a multiple of 32 */
            hw_store_le32(out, (uint32_t)word);
            out += 4;
        }
        values += HW_PACK_GROUP;
    }
    return out;
}

#define PACK_WIDTH(width)                                                               \
    static uint8_t *pack_##width(const uint32_t *values, size_t groups, uint8_t *out) { \
        return pack_groups(values, groups, width, out);                                 \
    }
/* clang-format off */
#define PACK_WIDTHS(X)                                                      \
    X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)                \
    X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22)       \
    X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)
/* clang-format on */
PACK_WIDTHS(PACK_WIDTH)

uint8_t *hw_pack32(const uint32_t *values, size_t groups, unsigned width, uint8_t *out) {
#define PACK_ENTRY(width) [width] = pack_##width,
    static pack_fn *const by_width[33] = {PACK_WIDTHS(PACK_ENTRY)};
#undef PACK_ENTRY
    assert(width <= 32);
    return width == 0 ? out : by_width[width](values, groups, out);
}

uint8_t *hw_pack64(const uint64_t *values, unsigned width, uint8_t *out) {
    if (width <= 32) {
        uint32_t narrow[HW_PACK_GROUP];
        for (size_t i = 0; i < HW_PACK_GROUP; i++) {
            narrow[i] = (uint32_t)values[i];
        }
        return hw_pack32(narrow, 1, width, out);
    }
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < HW_PACK_GROUP; i++) {
        word |= values[i] << bits;
        bits += width;
        if (bits >= 64) {
            hw_store_le64(out, word);
            out += 8;
            bits -= 64;
            word = bits > 0 ? values[i] >> (width - bits) : 0;
        }
    }
    if (bits > 0) {
        hw_store_le32(out, (uint32_t)word);
        out += 4;
    }
    return out;
}

void hw_pack_bools(const uint8_t *bools, size_t count, uint8_t *out) {
    size_t at = 0;

    for (; at + 8 <= count; at += 8) {
        /* Gathers bit 0 of the 8 bytes in the top byte: byte i is moved to bit 56 + i. */
        *out++ = (uint8_t)(hw_load_le64(bools + at) * UINT64_C(0x0102040810204080) >> 56);
    }
    if (at < count) {
        uint8_t last = 0;
        for (size_t i = at; i < count; i++) {
            last |= (uint8_t)(bools[i] << (i - at));
        }
        *out = last;
    }
}
