/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums. Running ones take the value so far and return the next; start with 0. */
#ifndef HW_CODEC_CHECKSUM_H
#define HW_CODEC_CHECKSUM_H

#include <hawser/io.h>

#include "core/base.h"
#include "core/view.h"

/* CRC-32 of gzip, as Parquet pages and Avro's snappy blocks use it. */
uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes);

/*
 * CRC-64/NVME (reflected polynomial 0x9a6c9329ac4bc9b5, all ones in and out), as S3 uses it. PCLMUL
 * where there is one.
 */
uint64_t hw_crc64nvme(uint64_t crc, const void *data, size_t bytes);
/* The CRC of A then B from the CRC of each and the bytes of B. */
uint64_t hw_crc64nvme_combine(uint64_t crc_a, uint64_t crc_b, uint64_t bytes_b);

/* CRC-32C (Castagnoli). */
uint32_t hw_crc32c(uint32_t crc, const void *data, size_t bytes);

/* Any of the checksums that a store may keep; of HW_CHECKSUM_NONE every sum is 0. */
const char *hw_checksum_name(enum hw_checksum_kind kind); /* "crc64nvme", "none" */
uint64_t hw_checksum_add(enum hw_checksum_kind kind, uint64_t sum, const void *data, size_t bytes);
/* The sum of A then B from the sum of each and the bytes of B. */
uint64_t hw_checksum_combine(enum hw_checksum_kind kind, uint64_t sum_a, uint64_t sum_b, uint64_t bytes_b);
/* Base64 of the big-endian value, as S3 writes it. Returns `out`. */
enum { HW_CHECKSUM_TEXT_BYTES = 13 };
const char *hw_checksum_text(const struct hw_checksum *checksum, char out[HW_CHECKSUM_TEXT_BYTES]);
/* False where `text` is not what hw_checksum_text writes. */
HW_NODISCARD bool hw_checksum_parse(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out_checksum);

enum { HW_SHA256_BYTES = 32, HW_SHA256_HEX_BYTES = 65 };

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

/*
 * Base64 (RFC 4648, padded) of `bytes` bytes, below 1 GiB; `out` has room for
 * HW_BASE64_BYTES(bytes), its end NUL included. Returns the length without it.
 */
#define HW_BASE64_BYTES(bytes) (((bytes) + 2) / 3 * 4 + 1)
size_t hw_base64(const uint8_t *data, size_t bytes, char *out);

uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed);

#endif
