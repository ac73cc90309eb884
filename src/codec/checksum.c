/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums that a library computes, and how checksums are written down. */
#include "codec/checksum.h"

#include <isa-l/crc.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <xxhash.h>

#include "codec/checksum_crc64nvme.h"
#include "core/bytes_text.h"

uint32_t hw_crc32(uint32_t crc, const void *data, size_t bytes) {
    return crc32_gzip_refl(crc, data, bytes);
}

uint32_t hw_adler32(uint32_t adler, const void *data, size_t bytes) {
    return libdeflate_adler32(adler, data, bytes);
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
    const char *algorithm;
    const char *header;
    const char *element;
    /* The size of the value. */
    unsigned bytes;
    /* A running sum; NULL for digests. */
    uint64_t (*add)(uint64_t sum, const void *data, size_t bytes);
    /* The polynomial, mirrored: the lowest bit is that of the highest power. */
    uint64_t polynomial;
    /* NULL for running sums. */
    const struct hw_digest *digest;
} kind_rows[] = {
    [HW_CHECKSUM_NONE] = {.name = "none", .algorithm = "", .header = "", .element = "", .add = none_add},
    [HW_CHECKSUM_CRC64NVME] = {"crc64nvme", "CRC64NVME", "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", 8,
                               hw_crc64nvme, UINT64_C(0x9a6c9329ac4bc9b5), NULL},
    [HW_CHECKSUM_CRC32C] = {"crc32c", "CRC32C", "x-amz-checksum-crc32c", "ChecksumCRC32C", 4, crc32c_add,
                            UINT64_C(0x82f63b78), NULL},
    [HW_CHECKSUM_CRC32] = {"crc32", "CRC32", "x-amz-checksum-crc32", "ChecksumCRC32", 4, crc32_add,
                           UINT64_C(0xedb88320), NULL},
    [HW_CHECKSUM_SHA1] = {"sha1", "SHA1", "x-amz-checksum-sha1", "ChecksumSHA1", 20, NULL, 0, &hw_digest_sha1},
    [HW_CHECKSUM_SHA256] = {"sha256", "SHA256", "x-amz-checksum-sha256", "ChecksumSHA256", 32, NULL, 0,
                            &hw_digest_sha256},
    [HW_CHECKSUM_MD5] = {"md5", "MD5", "Content-MD5", "", 16, NULL, 0, &hw_digest_md5},
};
static_assert(COUNT_OF(kind_rows) == HW_CHECKSUM_KINDS, "each kind has a row");

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

const char *hw_checksum_algorithm(enum hw_checksum_kind kind) {
    return kind_rows[kind].algorithm;
}

const char *hw_checksum_header(enum hw_checksum_kind kind) {
    return kind_rows[kind].header;
}

const char *hw_checksum_element(enum hw_checksum_kind kind) {
    return kind_rows[kind].element;
}

bool hw_checksum_is_crc(enum hw_checksum_kind kind) {
    return kind_rows[kind].polynomial != 0;
}

bool hw_checksum_equal(const struct hw_checksum *a, const struct hw_checksum *b) {
    return a->kind == b->kind && a->value == b->value && a->parts == b->parts &&
           memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}

uint64_t hw_checksum_add(enum hw_checksum_kind kind, uint64_t sum, const void *data, size_t bytes) {
    assert(kind_rows[kind].add);
    return kind_rows[kind].add(sum, data, bytes);
}

void hw_checksum_run_init(struct hw_checksum_run *run, enum hw_checksum_kind kind) {
    run->kind = kind;
    run->sum = 0;
    if (kind_rows[kind].digest) {
        kind_rows[kind].digest->init(&run->state);
    }
}

void hw_checksum_run_add(struct hw_checksum_run *run, const void *data, size_t bytes) {
    const struct kind_row *row = &kind_rows[run->kind];
    if (row->digest) {
        row->digest->add(&run->state, data, bytes);
    } else {
        run->sum = row->add(run->sum, data, bytes);
    }
}

void hw_checksum_run_final(struct hw_checksum_run *run, struct hw_checksum *out_checksum) {
    const struct kind_row *row = &kind_rows[run->kind];
    *out_checksum = (struct hw_checksum){.kind = run->kind, .value = run->sum};
    if (row->digest) {
        row->digest->final(&run->state, out_checksum->digest);
    }
}

struct hw_checksum hw_checksum_of(enum hw_checksum_kind kind, const void *data, size_t bytes) {
    struct hw_checksum_run run;
    struct hw_checksum checksum;
    hw_checksum_run_init(&run, kind);
    hw_checksum_run_add(&run, data, bytes);
    hw_checksum_run_final(&run, &checksum);
    return checksum;
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
    if (row->polynomial == 0) {
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

/* ------ values as bytes and as text */

size_t hw_checksum_bytes(const struct hw_checksum *checksum, uint8_t out[HW_CHECKSUM_DIGEST_BYTES]) {
    const struct kind_row *row = &kind_rows[checksum->kind];
    const uint64_t big_endian = __builtin_bswap64(checksum->value);
    if (row->digest) {
        memcpy(out, checksum->digest, row->bytes);
    } else {
        memcpy(out, (const uint8_t *)&big_endian + sizeof(big_endian) - row->bytes, row->bytes);
    }
    return row->bytes;
}

static void bytes_take(const struct kind_row *row, const uint8_t *bytes, struct hw_checksum *checksum) {
    if (row->digest) {
        memcpy(checksum->digest, bytes, row->bytes);
    }
    for (unsigned i = 0; !row->digest && i < row->bytes; i++) {
        checksum->value = checksum->value << 8 | bytes[i];
    }
}

void hw_checksum_compose_add(struct hw_checksum_run *run, const struct hw_checksum *part) {
    uint8_t bytes[HW_CHECKSUM_DIGEST_BYTES];
    assert(run->kind == part->kind);
    hw_checksum_run_add(run, bytes, hw_checksum_bytes(part, bytes));
}

const char *hw_checksum_text(const struct hw_checksum *checksum, char out[HW_CHECKSUM_TEXT_BYTES]) {
    uint8_t bytes[HW_CHECKSUM_DIGEST_BYTES];
    size_t length = hw_base64(bytes, hw_checksum_bytes(checksum, bytes), out);
    if (checksum->parts > 0) {
        snprintf(out + length, HW_CHECKSUM_TEXT_BYTES - length, "-%" PRIu32, checksum->parts);
    }
    return out;
}

/* Takes "-N" from the end of a text, where N has one to five digits. */
static uint32_t parts_take(hw_view *text) {
    uint32_t parts = 0;
    uint32_t unit = 1;
    size_t at = text->size;
    for (; at > 0 && text->size - at < 5 && text->data[at - 1] >= '0' && text->data[at - 1] <= '9'; at--) {
        parts += unit * (uint32_t)(text->data[at - 1] - '0');
        unit *= 10;
    }
    if (at == text->size || at == 0 || text->data[at - 1] != '-') {
        return 0;
    }
    text->size = at - 1;
    return parts;
}

bool hw_checksum_parse(enum hw_checksum_kind kind, hw_view text, struct hw_checksum *out_checksum) {
    const struct kind_row *row = &kind_rows[kind];
    struct hw_checksum checksum = {.kind = kind};
    uint8_t decoded[HW_CHECKSUM_DIGEST_BYTES + 3]; /* with the padding */
    char copy[HW_CHECKSUM_TEXT_BYTES];
    hw_view digits = text;

    checksum.parts = parts_take(&digits);
    if (row->bytes == 0 || digits.size != HW_BASE64_BYTES(row->bytes) - 1) {
        return false;
    }
    memcpy(copy, digits.data, digits.size);
    copy[digits.size] = '\0';
    if (EVP_DecodeBlock(decoded, (const unsigned char *)copy, (int)digits.size) < (int)row->bytes) {
        return false;
    }
    bytes_take(row, decoded, &checksum);
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
