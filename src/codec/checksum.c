/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums that a library computes, and how checksums are written down. */
#include "codec/checksum.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>
#include <xxhash.h>

uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes) {
    return crc32_gzip_refl(crc, data, bytes);
}

uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed) {
    return XXH64(data, bytes, seed);
}

void hw_hex(const uint8_t *data, size_t bytes, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * bytes] = '\0';
}

void hw_crc64nvme_base64(uint64_t crc, char out[HW_BASE64_CRC64_BYTES]) {
    uint64_t big_endian = __builtin_bswap64(crc);
    EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)&big_endian, sizeof(big_endian));
}

bool hw_crc64nvme_from_base64(const char *text, uint64_t *out_crc) {
    uint8_t decoded[9]; /* 8 and the padding */
    char again[HW_BASE64_CRC64_BYTES];

    if (strlen(text) != HW_BASE64_CRC64_BYTES - 1 ||
        EVP_DecodeBlock(decoded, (const unsigned char *)text, HW_BASE64_CRC64_BYTES - 1) != sizeof(decoded)) {
        return false;
    }
    /* OpenSSL lets blanks and stray bits pass; only the text that we would write ourselves is right. */
    uint64_t crc = __builtin_bswap64(hw_load_le64(decoded));
    hw_crc64nvme_base64(crc, again);
    if (strcmp(again, text) != 0) {
        return false;
    }
    *out_crc = crc;
    return true;
}

size_t hw_base64(const uint8_t *data, size_t bytes, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = 0;
    for (size_t i = 0; i < bytes; i += 3) {
        size_t left = hw_min_size(bytes - i, 3);
        uint32_t group = (uint32_t)data[i] << 16;
        group |= left > 1 ? (uint32_t)data[i + 1] << 8 : 0;
        group |= left > 2 ? data[i + 2] : 0;
        out[used++] = digits[group >> 18];
        out[used++] = digits[group >> 12 & 63];
        out[used++] = left > 1 ? digits[group >> 6 & 63] : '=';
        out[used++] = left > 2 ? digits[group & 63] : '=';
    }
    out[used] = '\0';
    return used;
}
