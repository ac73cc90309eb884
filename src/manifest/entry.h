/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry of a manifest: one file that a run wrote, and what it was made from. A table of its
 * fields tells the reader and the writers of entries what the JSON has of it.
 */
#ifndef HW_MANIFEST_ENTRY_H
#define HW_MANIFEST_ENTRY_H

#include "codec/checksum_sha256.h"
#include "core/base.h"

/* The texts are borrowed. */
struct hw_manifest_entry {
    const char *path; /* below the folder */
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
    uint64_t rejected;   /* records of the source */
    uint64_t rows_limit; /* the rows behind which the source was left; 0: it was read whole */
    uint32_t file;       /* number of the file, from 1, where an output has many; 0: the only one */
    /* The rest is no part of the JSON. */
    uint32_t order; /* set by what keeps entries: of two with one path, the later one counts */
    bool removed;   /* in a list of changes: the file with this sum is gone */
    bool amends;    /* in a list of changes: it takes the place only of what it amends */
    /*
     * The CRC and the time that the entry had which is amended: a file that was made anew, be it of
     * the same bytes, has another time. One that has the new file's CRC already is amended too; one
     * of another source or with other options is not.
     */
    uint64_t amended_crc64nvme;
    int64_t amended_mtime_us;
};

/*
 * Compares two entries by their order in the JSON, as strcmp does: by the bytes of their sources'
 * names, then Parquet before Avro before CSV before any other, then by the bytes of their paths.
 */
int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second);

/* Returns whether an entry still tells of the file that an amendment was made for. */
static inline bool hw_manifest_is_amended(const struct hw_manifest_entry *entry,
                                          const struct hw_manifest_entry *change) {
    return entry->crc64nvme == change->amended_crc64nvme && entry->mtime_us == change->amended_mtime_us;
}

/* ------ its fields, in the order of the JSON */

enum hw_manifest_kind {
    HW_MANIFEST_TEXT,
    HW_MANIFEST_NUMBER,          /* of 64 bits */
    HW_MANIFEST_NUMBER_OPTIONAL, /* the same, but not written where it is 0 */
    HW_MANIFEST_FILE_NUMBER,     /* of 32 bits, not written where it is 0 */
    HW_MANIFEST_SHA256,
    HW_MANIFEST_CRC64
};

struct hw_manifest_field {
    const char *key; /* in the JSON */
    size_t at;       /* offset in the entry */
    enum hw_manifest_kind kind;
};

enum { HW_MANIFEST_FIELDS = 16 };
extern const struct hw_manifest_field hw_manifest_fields[HW_MANIFEST_FIELDS];

/* Returns where an entry has a field, to be written to. */
static inline void *hw_manifest_field_of(struct hw_manifest_entry *entry, size_t field) {
    return (char *)entry + hw_manifest_fields[field].at;
}

/* Returns where an entry has a field, to be read. */
static inline const void *hw_manifest_field_in(const struct hw_manifest_entry *entry, size_t field) {
    return (const char *)entry + hw_manifest_fields[field].at;
}

#endif
