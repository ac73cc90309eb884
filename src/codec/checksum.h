/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums that libraries compute, those that a store keeps of an object, and how sums are written
 * as text. A running sum is a function of the sum so far, which starts with 0, and of more bytes.
 */
#ifndef HW_CODEC_CHECKSUM_H
#define HW_CODEC_CHECKSUM_H

#include <hawser/io.h>

#include "core/base.h"
#include "core/view.h"

/* CRC-32 of gzip, as Parquet pages and Avro's snappy blocks use it. */
uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes);
/* CRC-32C (Castagnoli). */
uint32_t hw_crc32c(uint32_t crc, const void *data, size_t bytes);
/* XXH64, which is no running sum. */
uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed);

/* ------ checksums that a store keeps; every sum of HW_CHECKSUM_NONE is 0 */

/* Returns the name: "crc64nvme", "none". */
const char *hw_checksum_name(enum hw_checksum_kind kind);
/* Returns the sum over `bytes` more bytes. */
uint64_t hw_checksum_add(enum hw_checksum_kind kind, uint64_t sum, const void *data, size_t bytes);
/* Returns the sum of A then B, given the sum of each and the bytes of B. */
uint64_t hw_checksum_combine(enum hw_checksum_kind kind, uint64_t sum_a, uint64_t sum_b, uint64_t bytes_b);
/* Does the same for CRC-64/NVME. */
uint64_t hw_crc64nvme_combine(uint64_t crc_a, uint64_t crc_b, uint64_t bytes_b);

enum { HW_CHECKSUM_TEXT_BYTES = 13 };
/* Writes the big-endian value in base64, as S3 has it. Returns `out`. */
const char *hw_checksum_text(const struct hw_checksum *checksum, char out[HW_CHECKSUM_TEXT_BYTES]);
/* Reads what hw_checksum_text writes. False for any other text. */
HW_NODISCARD bool hw_checksum_parse(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out_checksum);

/* ------ bytes as text */

/* Writes lower-case hexadecimal digits; `out` has room for 2 * bytes + 1, NUL included. */
void hw_hex(const uint8_t *data, size_t bytes, char *out);

/* The room that the base64 of so many bytes takes, NUL included. */
#define HW_BASE64_BYTES(bytes) (((bytes) + 2) / 3 * 4 + 1)
/*
 * Writes base64 (RFC 4648, padded) of less than 1 GiB; `out` has room for HW_BASE64_BYTES(bytes).
 * Returns the length without NUL.
 */
size_t hw_base64(const uint8_t *data, size_t bytes, char *out);

#endif
