/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a folder tells which files runs wrote there, and from which sources. It is JSON,
 * and the last file that a run writes. Entries of earlier runs stay until their output is written
 * again. It is read and written entry by entry, and takes about 170 bytes beside each path in
 * memory. One thread at a time.
 */
#ifndef HW_MANIFEST_MANIFEST_H
#define HW_MANIFEST_MANIFEST_H

#include <hawser/io.h>

#include "codec/checksum_sha256.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/error.h"
#include "core/intern.h"
#include "core/json_write.h"
#include "manifest/entry.h"

#define HW_MANIFEST_NAME "_manifest.json"
/* The names of files with the entries of a manifest begin so, and their SHA-256 follows. */
#define HW_MANIFEST_REF_PREFIX "_manifest-"
#define HW_MANIFEST_REF_FORMAT HW_MANIFEST_REF_PREFIX "%.64s.ndjson.zst"
enum {
    HW_MANIFEST_VERSION = 1,
    HW_MANIFEST_VERSION_PACKED = 2, /* the entries lie in a file of their own: packed.h */
    HW_MANIFEST_REF_BYTES = 96,
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
    struct hw_manifest_entry *entries; /* in byte order of their paths, once sorted */
    size_t count;
    size_t capacity;
    const struct hw_manifest_entry **by_source; /* in their order in the JSON, once indexed */
    struct hw_manifest_ref ref;                 /* the file whose entries are still to be read */
    struct hw_intern names;                     /* texts that many entries share */
    struct hw_arena arena;
};

void hw_manifest_release(struct hw_manifest *manifest);
/*
 * Appends an entry and copies its texts. Afterwards the manifest is sorted before it is searched.
 * HW_ELIMIT for more entries than 32 bits count.
 */
HW_NODISCARD enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                            struct hw_error *err);
/* Sorts the entries; of several with one path, the one that was put last stays. */
void hw_manifest_sort(struct hw_manifest *manifest);
/* Makes hw_manifest_of possible, once. The manifest is sorted, and gets no more entries. */
HW_NODISCARD enum hw_status hw_manifest_index(struct hw_manifest *manifest, struct hw_error *err);
/* Returns the `*out_count` entries of a source in one format, in byte order of their paths. */
const struct hw_manifest_entry *const *hw_manifest_of(const struct hw_manifest *manifest, const char *source,
                                                      const char *format, size_t *out_count);
/* Returns the entry of a path; NULL where there is none. */
const struct hw_manifest_entry *hw_manifest_find(const struct hw_manifest *manifest, const char *path);
/*
 * Compares two entries by their order in the JSON, as strcmp does: by the bytes of their sources'
 * names, then Parquet before Avro before CSV before any other, then by the bytes of their paths.
 */
int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second);
/* Writes the JSON of a manifest in the order of hw_manifest_order. */
HW_NODISCARD enum hw_status hw_manifest_write(const struct hw_manifest *manifest, struct hw_sink *sink,
                                              struct hw_error *err);

/* ------ the JSON piece by piece, for entries that are not in memory at once */

/* Writes all that stands before the entries. */
void hw_manifest_begin(struct hw_json_writer *json);
/* Writes one entry. */
void hw_manifest_entry_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry);
/* Writes the end. Fails with the first failure of all calls before. */
HW_NODISCARD enum hw_status hw_manifest_end(struct hw_json_writer *json, struct hw_error *err);

#endif
