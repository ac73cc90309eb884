/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifest of very many files keeps its entries in a file of their own beside it: one JSON
 * object on each line, compressed with zstd. That file has its SHA-256 in its name. It is written
 * before the manifest that names it, never changed, and removed once no manifest names it.
 */
#ifndef HW_MANIFEST_PACKED_H
#define HW_MANIFEST_PACKED_H

#include "manifest/merge.h"

/* So many entries still stand in the manifest itself. */
enum { HW_MANIFEST_INLINE_MAX = 50000 };

/* Packed entries on their way to their place. Start it zeroed. */
struct hw_manifest_packed {
    struct hw_manifest_ref ref;
    int fd; /* a file without a name, which has them */
    bool open;
};

/* Packs the entries that a merge has not handed out yet. */
HW_NODISCARD enum hw_status hw_manifest_pack(struct hw_manifest_merge *merge, struct hw_manifest_packed *packed,
                                             struct hw_error *err);
void hw_manifest_packed_release(struct hw_manifest_packed *packed);
/* Writes the packed entries to a sink, whose object is to have the name packed->ref.name. */
HW_NODISCARD enum hw_status hw_manifest_packed_copy(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                                    struct hw_error *err);
/* Writes the manifest that names them. */
HW_NODISCARD enum hw_status hw_manifest_packed_refer(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                                     struct hw_error *err);

/*
 * Reads the entries that manifest->ref names from their file, and seals the manifest. HW_EDATA
 * where the file is another one than the manifest says.
 */
HW_NODISCARD enum hw_status hw_manifest_unpack(struct hw_source *source, struct hw_manifest *manifest,
                                               struct hw_error *err);

#endif
