/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a manifest, entry by entry. */
#ifndef HW_MANIFEST_MANIFEST_READ_H
#define HW_MANIFEST_MANIFEST_READ_H

#include <hawser/io.h>

#include "manifest/manifest.h"

/*
 * Reads a manifest's JSON from memory or from a source, and seals it. HW_EDATA where it is none, or
 * one of a version that is not known; what is in `manifest` then is to be released. Where
 * manifest->ref has a name the entries are to be read from there, and it is not sealed yet.
 */
HW_NODISCARD enum hw_status hw_manifest_parse(hw_view json, struct hw_manifest *manifest, struct hw_error *err);
HW_NODISCARD enum hw_status hw_manifest_load(struct hw_source *source, struct hw_manifest *manifest,
                                             struct hw_error *err);
/* Reads entries that stand one after the other, as JSON, and seals nothing. */
HW_NODISCARD enum hw_status hw_manifest_load_lines(struct hw_stream *stream, struct hw_manifest *manifest,
                                                   struct hw_error *err);

#endif
