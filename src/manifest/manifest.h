/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a folder tells which files runs wrote there, and from which sources. It is JSON,
 * and the last file that a run writes. Entries of earlier runs stay until their output is written
 * again. This is such a manifest as it was read: beyond HW_MANIFEST_HELD_BYTES its entries lie in a
 * file without a name, so that it takes little memory however many they are. One thread at a time
 * puts entries in; once the manifest is sealed, any number of threads may look entries up.
 */
#ifndef HW_MANIFEST_MANIFEST_H
#define HW_MANIFEST_MANIFEST_H

#include "core/record_file.h"
#include "manifest/entry.h"
#include "manifest/hash_index.h"
#include "manifest/sorter.h"

#define HW_MANIFEST_NAME "_manifest.json"
/* The names of files with the entries of a manifest begin so, and their SHA-256 follows. */
#define HW_MANIFEST_REF_PREFIX "_manifest-"
#define HW_MANIFEST_REF_FORMAT HW_MANIFEST_REF_PREFIX "%.64s.ndjson.zst"
enum {
    HW_MANIFEST_VERSION = 1,
    HW_MANIFEST_VERSION_PACKED = 2, /* the entries lie in a file of their own: packed.h */
    HW_MANIFEST_REF_BYTES = 96,
    HW_MANIFEST_HELD_BYTES = 4 << 20, /* entries that stay in memory: about 13,000 of them */
};

/* The file that has the entries of a manifest. */
struct hw_manifest_ref {
    char name[HW_MANIFEST_REF_BYTES]; /* beside the manifest; "": there is none */
    uint8_t sha256[HW_SHA256_BYTES];
    uint64_t bytes;
    uint64_t count; /* entries */
};

/* Start it zeroed. */
struct hw_manifest {
    size_t held_bytes;              /* bytes that stay in memory; 0: HW_MANIFEST_HELD_BYTES */
    uint64_t count;                 /* number of entries; once sealed, without those replaced */
    uint32_t put;                   /* number of entries that were put */
    struct hw_record_file records;  /* the entries, in the order of hw_manifest_order */
    struct hw_buf last;             /* the record of the last one of them */
    struct hw_manifest_sorter late; /* entries that came out of that order, until it is sealed */
    struct hw_siphash_key key;
    struct hw_hash_index paths;   /* finds the offset of an entry's record */
    struct hw_hash_index sources; /* finds the offset of the first record of a source */
    uint8_t *replaced;            /* a bit for each `order`: a later entry counts; or NULL */
    struct hw_manifest_ref ref;   /* the file whose entries are still to be read */
};

void hw_manifest_release(struct hw_manifest *manifest);

/* Adds an entry and copies its texts. HW_ELIMIT for more entries than 32 bits count. */
HW_NODISCARD enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                            struct hw_error *err);

/*
 * Sorts the entries and makes them ready to be looked up; of several with one path, the one that
 * was put last stays. No more can be put. On failure the manifest can only be released.
 */
HW_NODISCARD enum hw_status hw_manifest_seal(struct hw_manifest *manifest, struct hw_error *err);

/*
 * A place among the entries of a manifest, for one thread. Start it zeroed. The entry that a
 * function hands out by way of a cursor stays until the cursor moves or is released.
 */
struct hw_manifest_cursor {
    const struct hw_manifest *manifest; /* borrowed */
    /* The source and format of the entries that are handed out; NULL for any. Borrowed. */
    const char *source;
    const char *format;
    struct hw_record_reader reader;
    struct hw_manifest_entry entry;
    uint64_t at; /* the offset of the entry, by which hw_manifest_at finds it */
};

/* Goes to the beginning of the entries, in the order of hw_manifest_order. */
void hw_manifest_all(const struct hw_manifest *manifest, struct hw_manifest_cursor *cursor);

/*
 * Goes to the entries of a source in one format, in byte order of their paths. Borrows the texts.
 */
HW_NODISCARD enum hw_status hw_manifest_of(const struct hw_manifest *manifest, const char *source, const char *format,
                                           struct hw_manifest_cursor *cursor, struct hw_error *err);

/* Hands out the next entry; NULL at the end. */
HW_NODISCARD enum hw_status hw_manifest_next(struct hw_manifest_cursor *cursor,
                                             const struct hw_manifest_entry **out_entry, struct hw_error *err);

/* Hands out the entry of a path; NULL where there is none. */
HW_NODISCARD enum hw_status hw_manifest_find(const struct hw_manifest *manifest, const char *path,
                                             struct hw_manifest_cursor *cursor,
                                             const struct hw_manifest_entry **out_entry, struct hw_error *err);

/* Hands out the entry at an offset, which a cursor has told before. */
HW_NODISCARD enum hw_status hw_manifest_at(const struct hw_manifest *manifest, uint64_t at,
                                           struct hw_manifest_cursor *cursor,
                                           const struct hw_manifest_entry **out_entry, struct hw_error *err);
void hw_manifest_cursor_release(struct hw_manifest_cursor *cursor);

#endif
