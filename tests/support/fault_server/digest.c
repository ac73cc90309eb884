/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/digest.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "support/fault_server/text.h"

enum { CRC_KINDS = 3, SLICES = 8 };

static const struct digest_facts facts[DIGEST_KINDS] = {
    [DIGEST_CRC64NVME] = {"crc64nvme", "CRC64NVME", "ChecksumCRC64NVME", 8, 0x9a6c9329ac4bc9b5, false},
    [DIGEST_CRC32C] = {"crc32c", "CRC32C", "ChecksumCRC32C", 4, 0x82f63b78, true},
    [DIGEST_CRC32] = {"crc32", "CRC32", "ChecksumCRC32", 4, 0xedb88320, true},
    [DIGEST_SHA1] = {"sha1", "SHA1", "ChecksumSHA1", 20, 0, true},
    [DIGEST_SHA256] = {"sha256", "SHA256", "ChecksumSHA256", 32, 0, true},
    [DIGEST_MD5] = {"md5", "MD5", "ContentMD5", 16, 0, false},
};

/* The CRC of a byte that `slice` more bytes follow. */
static uint64_t tables[CRC_KINDS][SLICES][256];

void digest_prepare(void) {
    for (int kind = 0; kind < CRC_KINDS; kind++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            uint64_t crc = byte;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >> 1 ^ (crc & 1 ? facts[kind].polynomial : 0);
            }
            tables[kind][0][byte] = crc;
        }
        for (unsigned byte = 0; byte < 256; byte++) {
            for (int slice = 1; slice < SLICES; slice++) {
                uint64_t before = tables[kind][slice - 1][byte];
                tables[kind][slice][byte] = before >> 8 ^ tables[kind][0][before & 255];
            }
        }
    }
}

const struct digest_facts *digest_facts(enum digest_kind kind) {
    return &facts[kind];
}

enum digest_kind digest_find(const char *name) {
    for (unsigned kind = 0; kind < DIGEST_CHECKSUMS; kind++) {
        if (strcasecmp(name, facts[kind].upper) == 0) {
            return (enum digest_kind)kind;
        }
    }
    return DIGEST_NONE;
}

static const EVP_MD *openssl_kind(enum digest_kind kind) {
    return kind == DIGEST_SHA1 ? EVP_sha1() : kind == DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
}

static uint64_t crc_ones(enum digest_kind kind) {
    return facts[kind].bytes == 8 ? UINT64_MAX : UINT32_MAX;
}

void digest_begin(struct digest *digest, enum digest_kind kind) {
    *digest = (struct digest){.kind = kind};
    if (facts[kind].polynomial) {
        digest->crc = crc_ones(kind);
    } else {
        digest->context = EVP_MD_CTX_new();
        EVP_DigestInit_ex(digest->context, openssl_kind(kind), NULL);
    }
}

static uint64_t crc_add(uint64_t crc, uint64_t (*slices)[256], const uint8_t *at, size_t bytes) {
    for (; bytes >= 8; at += 8, bytes -= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        word ^= crc;
        crc = 0;
        for (int slice = 0; slice < SLICES; slice++) {
            crc ^= slices[SLICES - 1 - slice][word >> 8 * slice & 255];
        }
    }
    for (; bytes > 0; at++, bytes--) {
        crc = crc >> 8 ^ slices[0][(crc ^ *at) & 255];
    }
    return crc;
}

void digest_add(struct digest *digest, const void *data, size_t bytes) {
    if (digest->context) {
        EVP_DigestUpdate(digest->context, data, bytes);
    } else {
        digest->crc = crc_add(digest->crc, tables[digest->kind], data, bytes);
    }
}

static void crc_write(uint64_t crc, size_t bytes, uint8_t *out) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(crc >> 8 * (bytes - 1 - i));
    }
}

static uint64_t crc_read(const uint8_t *bytes, size_t count) {
    uint64_t crc = 0;
    for (size_t i = 0; i < count; i++) {
        crc = crc << 8 | bytes[i];
    }
    return crc;
}

void digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES_MAX]) {
    if (digest->context) {
        EVP_DigestFinal_ex(digest->context, out, NULL);
        EVP_MD_CTX_free(digest->context);
        digest->context = NULL;
    } else {
        crc_write(digest->crc ^ crc_ones(digest->kind), facts[digest->kind].bytes, out);
    }
}

void digest_of(enum digest_kind kind, const void *data, size_t bytes, uint8_t out[DIGEST_BYTES_MAX]) {
    struct digest digest;
    digest_begin(&digest, kind);
    digest_add(&digest, data, bytes);
    digest_end(&digest, out);
}

/* Multiplies two polynomials over GF(2) modulo that of the CRC. The highest bit is x^0. */
static uint64_t multiply(enum digest_kind kind, uint64_t a, uint64_t b) {
    uint64_t product = 0, one = (uint64_t)1 << (8 * facts[kind].bytes - 1);
    for (uint64_t bit = one; bit; bit >>= 1) {
        product ^= a & bit ? b : 0;
        b = b >> 1 ^ (b & 1 ? facts[kind].polynomial : 0);
    }
    return product;
}

void digest_join(enum digest_kind kind, uint8_t first[DIGEST_BYTES_MAX], const uint8_t second[DIGEST_BYTES_MAX],
                 uint64_t second_bytes) {
    size_t bytes = facts[kind].bytes;
    assert(bytes > 0 && facts[kind].polynomial);
    uint64_t one = (uint64_t)1 << (8 * bytes - 1);
    uint64_t shift = one, power = one >> 8; /* x^0, and x^8: one byte */
    for (uint64_t left = second_bytes; left; left >>= 1) {
        shift = left & 1 ? multiply(kind, shift, power) : shift;
        power = multiply(kind, power, power);
    }
    crc_write(multiply(kind, shift, crc_read(first, bytes)) ^ crc_read(second, bytes), bytes, first);
}
