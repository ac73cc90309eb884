/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums. Running ones take the value so far and return the next; start with 0. */
#ifndef HW_CODEC_CHECKSUM_H
#define HW_CODEC_CHECKSUM_H

#include "core/base.h"

/* CRC-32 of gzip, as Parquet pages and Avro's snappy blocks use it. */
uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes);

/* CRC-64/NVME (reflected polynomial 0x9a6c9329ac4bc9b5, all ones in and out), as S3 uses it. PCLMUL where there is one. */
uint64_t hw_crc64nvme(uint64_t crc, const void *data, size_t bytes);
/* The CRC of A then B from the CRC of each and the bytes of B. */
uint64_t hw_crc64nvme_combine(uint64_t crc_a, uint64_t crc_b, uint64_t bytes_b);

enum { HW_SHA256_BYTES = 32, HW_SHA256_HEX_BYTES = 65, HW_BASE64_CRC64_BYTES = 13 };

struct hw_sha256 { /* one running SHA-256 */
    void *state;
};
/* False when out of memory. */
HW_NODISCARD bool hw_sha256_init(struct hw_sha256 *sha);
void hw_sha256_update(struct hw_sha256 *sha, const void *data, size_t bytes);
/* Ends the sum; `sha` can only be released after. */
void hw_sha256_finish(struct hw_sha256 *sha, uint8_t out[HW_SHA256_BYTES]);
void hw_sha256_release(struct hw_sha256 *sha);
void hw_sha256_of(const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]);
void hw_hmac_sha256(const void *key, size_t key_bytes, const void *data, size_t bytes, uint8_t out[HW_SHA256_BYTES]);
void hw_hex(const uint8_t *data, size_t bytes, char *out); /* lower case, 2 * bytes + 1 */

/* Base64 (RFC 4648, padded) of `bytes` bytes, below 1 GiB; `out` has room for HW_BASE64_BYTES(bytes), its end NUL included. Returns the length without it. */
#define HW_BASE64_BYTES(bytes) (((bytes) + 2) / 3 * 4 + 1)
size_t hw_base64(const uint8_t *data, size_t bytes, char *out);

/* Base64 of the big-endian CRC, as the x-amz-checksum-crc64nvme header has it. */
void hw_crc64nvme_base64(uint64_t crc, char out[HW_BASE64_CRC64_BYTES]);
/* False where `text` is no base64 of 8 bytes. */
HW_NODISCARD bool hw_crc64nvme_from_base64(const char *text, uint64_t *out_crc);

uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed);

#endif
