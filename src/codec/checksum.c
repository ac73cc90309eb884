/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums that a library computes, and how checksums are written down. */
#include "codec/checksum.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include "codec/checksum_crc64nvme.h"

uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes) {
    return crc32_gzip_refl(crc, data, bytes);
}

uint32_t hw_crc32c(uint32_t crc, const void *data, size_t bytes) {
    const uint8_t *at = data;
    crc = ~crc;
    while (bytes > 0) { /* the library counts in int, and takes no const */
        const size_t step = hw_min_size(bytes, 1 << 30);
        crc = crc32_iscsi((unsigned char *)(uintptr_t)at, (int)step, crc);
        at += step;
        bytes -= step;
    }
    return ~crc;
}

uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed) {
    return XXH64(data, bytes, seed);
}

/* ------ checksums that a store keeps */

static uint64_t none_add(uint64_t sum, const void *data, size_t bytes);
static uint64_t crc32c_add(uint64_t sum, const void *data, size_t bytes);
static uint64_t crc32_add(uint64_t sum, const void *data, size_t bytes);

static const struct kind_row {
    const char *name;
    uint64_t (*add)(uint64_t sum, const void *data, size_t bytes);
    unsigned bytes;      /* of the value */
    uint64_t polynomial; /* mirrored: the lowest bit is that of the highest power */
} kind_rows[] = {
    [HW_CHECKSUM_NONE] = {"none", none_add, 0, 0},
    [HW_CHECKSUM_CRC64NVME] = {"crc64nvme", hw_crc64nvme, 8, UINT64_C(0x9a6c9329ac4bc9b5)},
    [HW_CHECKSUM_CRC32C] = {"crc32c", crc32c_add, 4, UINT64_C(0x82f63b78)},
    [HW_CHECKSUM_CRC32] = {"crc32", crc32_add, 4, UINT64_C(0xedb88320)},
};

static uint64_t none_add(uint64_t sum, const void *data, size_t bytes) {
    (void)data;
    (void)bytes;
    return sum;
}

static uint64_t crc32c_add(uint64_t sum, const void *data, size_t bytes) {
    return hw_crc32c((uint32_t)sum, data, bytes);
}

static uint64_t crc32_add(uint64_t sum, const void *data, size_t bytes) {
    return hw_crc32((uint32_t)sum, data, bytes);
}

const char *hw_checksum_name(enum hw_checksum_kind kind) {
    return kind_rows[kind].name;
}

uint64_t hw_checksum_add(enum hw_checksum_kind kind, uint64_t sum, const void *data, size_t bytes) {
    return kind_rows[kind].add(sum, data, bytes);
}

/* a * b mod P, mirrored. */
static uint64_t multiply(const struct kind_row *row, uint64_t a, uint64_t b) {
    uint64_t product = 0;
    for (unsigned bit = 8 * row->bytes; bit-- > 0;) { /* the highest bit is x^0 */
        product ^= (a >> bit) & 1 ? b : 0;
        b = (b >> 1) ^ (b & 1 ? row->polynomial : 0); /* b * x */
    }
    return product;
}

/*
 * The ones in and out cancel: what remains is CRC(A) times x^(8 * bytes_b), by repeated squaring.
 */
uint64_t hw_checksum_combine(enum hw_checksum_kind kind, uint64_t sum_a, uint64_t sum_b, uint64_t bytes_b) {
    const struct kind_row *row = &kind_rows[kind];
    if (row->bytes == 0) {
        return 0;
    }
    uint64_t power = UINT64_C(1) << (8 * row->bytes - 1 - 8); /* x^8, mirrored */
    uint64_t shifted = sum_a;
    for (uint64_t left = bytes_b; left > 0; left >>= 1) {
        if (left & 1) {
            shifted = multiply(row, shifted, power);
        }
        power = multiply(row, power, power);
    }
    return shifted ^ sum_b;
}

uint64_t hw_crc64nvme_combine(uint64_t crc_a, uint64_t crc_b, uint64_t bytes_b) {
    return hw_checksum_combine(HW_CHECKSUM_CRC64NVME, crc_a, crc_b, bytes_b);
}

const char *hw_checksum_text(const struct hw_checksum *checksum, char out[HW_CHECKSUM_TEXT_BYTES]) {
    const unsigned bytes = kind_rows[checksum->kind].bytes;
    uint64_t big_endian = __builtin_bswap64(checksum->value);
    hw_base64((const uint8_t *)&big_endian + sizeof(big_endian) - bytes, bytes, out);
    return out;
}

bool hw_checksum_parse(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out_checksum) {
    const unsigned bytes = kind_rows[kind].bytes;
    struct hw_checksum checksum = {.kind = kind};
    uint8_t decoded[9]; /* 8 and the padding */
    char copy[HW_CHECKSUM_TEXT_BYTES];

    if (text.size != HW_BASE64_BYTES(bytes) - 1) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if (EVP_DecodeBlock(decoded, (const unsigned char *)copy, (int)text.size) < (int)bytes) {
        return false;
    }
    for (unsigned i = 0; i < bytes; i++) {
        checksum.value = checksum.value << 8 | decoded[i];
    }
    /*
     * OpenSSL lets blanks and stray bits pass; only the text that we would write ourselves is
     * right.
     */
    if (!hw_view_equal(text, hw_view_of(hw_checksum_text(&checksum, copy)))) {
        return false;
    }
    *out_checksum = checksum;
    return true;
}

void hw_hex(const uint8_t *data, size_t bytes, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * bytes] = '\0';
}

size_t hw_base64(const uint8_t *data, size_t bytes, char *out) {
    return (size_t)EVP_EncodeBlock((unsigned char *)out, data, (int)bytes);
}
