/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums that libraries compute, those that a store keeps of an object, and how sums are written
 * as text. A running sum is a function of the sum so far, which starts with 0, and of more bytes.
 */
#ifndef HW_CODEC_CHECKSUM_H
#define HW_CODEC_CHECKSUM_H

#include <hawser/io.h>

#include "codec/checksum_digest.h"
#include "core/base.h"
#include "core/view.h"

/* CRC-32 of gzip, as Parquet pages and Avro's snappy blocks use it. */
uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes);
/* Adler-32 of zlib (RFC 1950); the sum of no bytes is 1. */
uint32_t hw_adler32(uint32_t adler, const void *data, size_t bytes);
/* CRC-32C (Castagnoli). */
uint32_t hw_crc32c(uint32_t crc, const void *data, size_t bytes);
/* XXH64, which is no running sum. */
uint64_t hw_xxh64(const void *data, size_t bytes, uint64_t seed);

/* ------ checksums that a store keeps; every sum of HW_CHECKSUM_NONE is 0 */

/* Returns the name for messages: "crc64nvme", "none". */
const char *hw_checksum_name(enum hw_checksum_kind kind);
/* Returns the name as S3 has it, "SHA256"; "" for HW_CHECKSUM_NONE. */
const char *hw_checksum_algorithm(enum hw_checksum_kind kind);
/*
 * Returns the header of a request that brings the checksum of its body: "x-amz-checksum-sha256",
 * "Content-MD5"; "" for HW_CHECKSUM_NONE.
 */
const char *hw_checksum_header(enum hw_checksum_kind kind);
/* Returns the XML element, "ChecksumSHA256"; "" where S3 has none (HW_CHECKSUM_MD5). */
const char *hw_checksum_element(enum hw_checksum_kind kind);
/* Returns whether the checksum of a whole can be made of those of its parts. */
bool hw_checksum_is_crc(enum hw_checksum_kind kind);
/* Returns whether two checksums are of one kind and have one value. */
bool hw_checksum_equal(const struct hw_checksum *a, const struct hw_checksum *b);

/* Returns the sum over `bytes` more bytes; of a CRC or HW_CHECKSUM_NONE. */
uint64_t hw_checksum_add(enum hw_checksum_kind kind, uint64_t sum, const void *data, size_t bytes);
/* Returns the sum of A then B, given the sum of each and the bytes of B. 0 unless it is a CRC. */
uint64_t hw_checksum_combine(enum hw_checksum_kind kind, uint64_t sum_a, uint64_t sum_b, uint64_t bytes_b);
/* Does the same for CRC-64/NVME. */
uint64_t hw_crc64nvme_combine(uint64_t crc_a, uint64_t crc_b, uint64_t bytes_b);

/* A checksum of any kind over bytes that come one after the other. It owns nothing. */
struct hw_checksum_run {
    enum hw_checksum_kind kind;
    uint64_t sum;
    union hw_digest_state state;
};
void hw_checksum_run_init(struct hw_checksum_run *run, enum hw_checksum_kind kind);
void hw_checksum_run_add(struct hw_checksum_run *run, const void *data, size_t bytes);
/* Ends the checksum; afterwards the run can only be begun anew. */
void hw_checksum_run_final(struct hw_checksum_run *run, struct hw_checksum *out_checksum);
/* Returns the checksum of bytes that are all there. */
struct hw_checksum hw_checksum_of(enum hw_checksum_kind kind, const void *data, size_t bytes);
/*
 * Adds the checksum of a part to a run of the same kind. The run's end is the COMPOSITE checksum of
 * an upload, once `parts` is set to their number.
 */
void hw_checksum_compose_add(struct hw_checksum_run *run, const struct hw_checksum *part);

/* Writes the value, big-endian, and returns its size. */
size_t hw_checksum_bytes(const struct hw_checksum *checksum, uint8_t out[HW_CHECKSUM_DIGEST_BYTES]);

/* The room for a digest in base64, "-10000" and NUL. */
enum { HW_CHECKSUM_TEXT_BYTES = 56 };
/*
 * Writes the value in base64, with "-N" behind it if it is of N parts, as S3 has it. Returns `out`.
 */
const char *hw_checksum_text(const struct hw_checksum *checksum, char out[HW_CHECKSUM_TEXT_BYTES]);
/* Reads what hw_checksum_text writes. False for any other text. */
HW_NODISCARD bool hw_checksum_parse(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out_checksum);

#endif
