/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of a manifest: a file that a run wrote, and what it was made from. */
#ifndef HW_MANIFEST_ENTRY_H
#define HW_MANIFEST_ENTRY_H

#include "codec/checksum.h"
#include "core/base.h"

struct hw_manifest_entry { /* Its texts are borrowed. */
    const char *path;      /* below the folder */
    const char *format;
    uint64_t bytes;
    uint64_t rows;
    uint64_t crc64nvme;
    uint8_t sha256[HW_SHA256_BYTES];
    const char *etag;   /* "" where the store has none */
    int64_t mtime_us;   /* of the file; 0 where it is not known */
    const char *source; /* store path */
    uint64_t source_bytes;
    const char *source_etag;
    int64_t source_mtime_us;
    const char *options; /* digest of the options that shape the output */
    uint64_t rejected;
    uint32_t file;  /* of many that an output has: its number, from 1. 0: the only one */
    uint32_t order; /* given by who keeps entries: of two with one path, the later one counts */
    bool removed;   /* of changes: the file of this sum is gone */
};

/*
 * Compares two entries as the JSON has them: by the bytes of their sources' names, then Parquet
 * before Avro before CSV, then by the bytes of their paths.
 */
int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second);

/* ------ the fields of an entry and the keys that they have in JSON */

enum hw_manifest_kind {
    HW_MANIFEST_TEXT,
    HW_MANIFEST_NUMBER,
    HW_MANIFEST_NUMBER_OPTIONAL, /* is not written where it is 0 */
    HW_MANIFEST_FILE_NUMBER,     /* the same, of 32 bits */
    HW_MANIFEST_SHA256,
    HW_MANIFEST_CRC64
};

struct hw_manifest_field {
    const char *key;
    size_t at; /* in the entry */
    enum hw_manifest_kind kind;
};

enum { HW_MANIFEST_FIELDS = 15 };
extern const struct hw_manifest_field hw_manifest_fields[HW_MANIFEST_FIELDS];

static inline void *hw_manifest_field_of(struct hw_manifest_entry *entry, size_t field) {
    return (char *)entry + hw_manifest_fields[field].at;
}

static inline const void *hw_manifest_field_in(const struct hw_manifest_entry *entry, size_t field) {
    return (const char *)entry + hw_manifest_fields[field].at;
}

#endif
