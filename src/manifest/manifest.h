/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a folder: what runs wrote there and from what. JSON, written last. Entries of
 * earlier runs stay until their output is written again. It is read and written entry by entry, and
 * kept in about 170 bytes beside each path.
 */
#ifndef HW_MANIFEST_MANIFEST_H
#define HW_MANIFEST_MANIFEST_H

#include <hawser/io.h>

#include "codec/checksum.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/error.h"
#include "core/intern.h"
#include "core/json_write.h"

#define HW_MANIFEST_NAME "_manifest.json"
#define HW_MANIFEST_REF_PREFIX "_manifest-" /* of files with the entries of a manifest */
#define HW_MANIFEST_REF_FORMAT HW_MANIFEST_REF_PREFIX "%.64s.ndjson.zst"
enum {
    HW_MANIFEST_VERSION = 1,
    HW_MANIFEST_VERSION_PACKED = 2, /* The entries lie in a file of their own: packed.h. */
    HW_MANIFEST_REF_BYTES = 96,
};

/* The file that has the entries of a manifest. */
struct hw_manifest_ref {
    char name[HW_MANIFEST_REF_BYTES]; /* beside the manifest; "": there is none */
    uint8_t sha256[HW_SHA256_BYTES];
    uint64_t bytes;
    uint64_t count; /* entries */
};

struct hw_manifest_entry { /* texts live in the manifest */
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
    uint32_t file;    /* of many that an output has: its number, from 1. 0: the only one */
    uint32_t order;   /* the manifest's own: of two with one path, the later one counts */
    bool removed;     /* of changes: the file of this sum is gone */
    bool replaced;    /* by a change, or removed; set while changes are merged */
    bool unconfirmed; /* of a run that did not end: perhaps the file is not there, or another is */
};

struct hw_manifest {
    struct hw_manifest_entry *entries; /* in byte order of their paths, once sorted */
    size_t count;
    size_t capacity;
    const struct hw_manifest_entry **by_source; /* once indexed */
    struct hw_manifest_ref ref;                 /* of entries that are to be read */
    struct hw_intern names;                     /* texts that many entries share */
    struct hw_arena arena;
};

void hw_manifest_release(struct hw_manifest *manifest);
/*
 * Appends an entry. Copies the texts. The manifest is to be sorted before anything is looked for in
 * it.
 */
HW_NODISCARD enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                            struct hw_error *err);
/* Sorts the entries; of several with one path, the one that was put last stays. */
void hw_manifest_sort(struct hw_manifest *manifest);
/* Makes hw_manifest_of possible. The manifest is sorted; nothing is put any more. */
HW_NODISCARD enum hw_status hw_manifest_index(struct hw_manifest *manifest, struct hw_error *err);
/* The entries of a source in one format, in byte order of their paths; `*out_count` of them. */
const struct hw_manifest_entry *const *hw_manifest_of(const struct hw_manifest *manifest, const char *source,
                                                      const char *format, size_t *out_count);
const struct hw_manifest_entry *hw_manifest_find(const struct hw_manifest *manifest, const char *path);
/*
 * Compares two entries as the JSON has them: by the bytes of their sources' names, then Parquet
 * before Avro before CSV, then by the bytes of their paths.
 */
int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second);
/* Writes the JSON of a manifest in the order of hw_manifest_order. */
HW_NODISCARD enum hw_status hw_manifest_write(const struct hw_manifest *manifest, struct hw_sink *sink,
                                              struct hw_error *err);

/* ------ piece by piece, for who writes it otherwise */

void hw_manifest_begin(struct hw_json_writer *json);
void hw_manifest_entry_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry);
HW_NODISCARD enum hw_status hw_manifest_end(struct hw_json_writer *json, struct hw_error *err);

#endif
