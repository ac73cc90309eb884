/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of a folder: what a run wrote there and from what. JSON, written last. Entries of earlier runs stay until their output is written again.
 */
#ifndef HW_MANIFEST_MANIFEST_H
#define HW_MANIFEST_MANIFEST_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/error.h"

#define HW_MANIFEST_NAME "_manifest.json"

struct hw_manifest_entry { /* texts live in the manifest */
    const char *path;      /* below the folder */
    const char *format;
    uint64_t bytes;
    uint64_t rows;
    const char *sha256;    /* hex */
    const char *crc64nvme; /* hex */
    const char *etag;      /* "" where the store has none */
    const char *source;    /* store path */
    uint64_t source_bytes;
    const char *source_etag;
    int64_t source_mtime_us;
    const char *options; /* digest of the options that shape the output */
    uint64_t rejected;
    uint64_t file; /* of many that an output has: its number, from 1. 0: the only one */
};

struct hw_manifest {
    struct hw_manifest_entry *entries;
    size_t count;
    size_t capacity;
    const struct hw_manifest_entry **by_source; /* once indexed */
    struct hw_arena arena;
};

void hw_manifest_release(struct hw_manifest *manifest);
/* Reads a manifest's JSON. HW_EDATA where it is none. */
HW_NODISCARD enum hw_status hw_manifest_parse(hw_view json, struct hw_manifest *manifest, struct hw_error *err);
/* Adds an entry, or replaces the one with its path. Copies the texts. */
HW_NODISCARD enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                            struct hw_error *err);
/* Takes an entry out; none there is no fault. */
void hw_manifest_remove(struct hw_manifest *manifest, const char *path);
/* Makes hw_manifest_of possible. Nothing is put or removed any more. */
HW_NODISCARD enum hw_status hw_manifest_index(struct hw_manifest *manifest, struct hw_error *err);
/* The entries of a source in one format, in byte order of their paths; `*out_count` of them. */
const struct hw_manifest_entry *const *hw_manifest_of(const struct hw_manifest *manifest, const char *source,
                                                      const char *format, size_t *out_count);
const struct hw_manifest_entry *hw_manifest_find(const struct hw_manifest *manifest, const char *path);
/* The JSON, entries in byte order of their paths. */
HW_NODISCARD enum hw_status hw_manifest_write(struct hw_manifest *manifest, struct hw_buf *out, struct hw_error *err);

#endif
