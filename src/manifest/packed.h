/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest of very many files: its entries lie in a file of their own beside it, a JSON object a
 * line, compressed with zstd. The manifest names that file, which has its SHA-256 in its name: it
 * is written first, never changed, and removed once no manifest names it.
 */
#ifndef HW_MANIFEST_PACKED_H
#define HW_MANIFEST_PACKED_H

#include "manifest/merge.h"

enum { HW_MANIFEST_INLINE_MAX = 50000 /* entries that stand in the manifest itself */ };

/* Start it zeroed. */
struct hw_manifest_packed {
    struct hw_manifest_ref ref;
    int fd; /* of a file without a name */
    bool open;
};

/* Packs the entries that are left of a merge. */
HW_NODISCARD enum hw_status hw_manifest_pack(struct hw_manifest_merge *merge, struct hw_manifest_packed *packed,
                                             struct hw_error *err);
void hw_manifest_packed_release(struct hw_manifest_packed *packed);
/* Writes the packed entries, whose object is to be named packed->ref.name. */
HW_NODISCARD enum hw_status hw_manifest_packed_copy(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                                    struct hw_error *err);
/* Writes the manifest that names them. */
HW_NODISCARD enum hw_status hw_manifest_packed_refer(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                                     struct hw_error *err);

/*
 * Reads the entries that manifest->ref names from their object, and seals the manifest. HW_EDATA
 * where they are others than the manifest says.
 */
HW_NODISCARD enum hw_status hw_manifest_unpack(struct hw_source *source, struct hw_manifest *manifest,
                                               struct hw_error *err);

#endif
