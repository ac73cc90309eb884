/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digests that S3 knows: CRCs by tables, the others by OpenSSL. CRCs of two texts can be
 * combined to that of both, as S3 does with those of parts.
 */
#ifndef FAULT_SERVER_DIGEST_H
#define FAULT_SERVER_DIGEST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum digest_kind {
    DIGEST_CRC64NVME,
    DIGEST_CRC32C,
    DIGEST_CRC32,
    DIGEST_SHA1,
    DIGEST_SHA256,
    DIGEST_CHECKSUMS, /* the kinds before this one have an x-amz-checksum header */
    DIGEST_MD5 = DIGEST_CHECKSUMS,
    DIGEST_KINDS,
    DIGEST_NONE = DIGEST_KINDS
};

enum { DIGEST_BYTES_MAX = 32, DIGEST_TEXT_MAX = 48 };

struct digest_facts {
    const char *name;    /* as in x-amz-checksum-<name> */
    const char *upper;   /* as in x-amz-checksum-algorithm */
    const char *element; /* as in XML */
    size_t bytes;
    uint64_t polynomial; /* of a CRC, reflected; 0 for others */
    bool composite;      /* an object of parts may have the digest of its parts' digests */
};

struct digest {
    enum digest_kind kind;
    uint64_t crc;
    EVP_MD_CTX *context;
};

/* Makes the tables of the CRCs. To be called once, before any other function. */
void digest_prepare(void);
const struct digest_facts *digest_facts(enum digest_kind kind);
/* Returns the kind of a name in any case ("CRC32", "crc32"), DIGEST_NONE where there is none. */
enum digest_kind digest_find(const char *name);

void digest_begin(struct digest *digest, enum digest_kind kind);
void digest_add(struct digest *digest, const void *data, size_t bytes);
/* Ends it and writes its bytes, big-endian. */
void digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES_MAX]);
/* Writes the digest of a block. */
void digest_of(enum digest_kind kind, const void *data, size_t bytes, uint8_t out[DIGEST_BYTES_MAX]);

/* Puts the CRC of a text and the following one in the place of the first's. */
void digest_join(enum digest_kind kind, uint8_t first[DIGEST_BYTES_MAX], const uint8_t second[DIGEST_BYTES_MAX],
                 uint64_t second_bytes);

#endif
