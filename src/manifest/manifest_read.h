/* SPDX-License-Identifier: Apache-2.0 */
/* Reads manifests, entry by entry. */
#ifndef HW_MANIFEST_MANIFEST_READ_H
#define HW_MANIFEST_MANIFEST_READ_H

#include <hawser/io.h>

#include "core/stream.h"
#include "manifest/manifest.h"

/*
 * Reads a manifest's JSON from memory into `manifest`, which starts zeroed, and seals it. HW_EDATA
 * where the text is no manifest, or one of a version that is not known; `manifest` is to be
 * released then too. Where manifest->ref has a name afterwards, the entries are still to be read
 * from that file, and the manifest is not sealed.
 */
HW_NODISCARD enum hw_status hw_manifest_parse(hw_view json, struct hw_manifest *manifest, struct hw_error *err);
/* Does the same from a source, block by block. HW_ELIMIT beyond HW_MANIFEST_BYTES_MAX. */
HW_NODISCARD enum hw_status hw_manifest_load(struct hw_source *source, struct hw_manifest *manifest,
                                             struct hw_error *err);
/* Reads entries that stand one after the other as JSON objects. Does not seal the manifest. */
HW_NODISCARD enum hw_status hw_manifest_load_lines(struct hw_stream *stream, struct hw_manifest *manifest,
                                                   struct hw_error *err);

#endif
