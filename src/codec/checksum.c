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

size_t hw_base64(const uint8_t *data, size_t bytes, char *out) {
    return (size_t)EVP_EncodeBlock((unsigned char *)out, data, (int)bytes);
}

void hw_crc64nvme_base64(uint64_t crc, char out[HW_BASE64_CRC64_BYTES]) {
    uint64_t big_endian = __builtin_bswap64(crc);
    hw_base64((const uint8_t *)&big_endian, sizeof(big_endian), out);
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
