/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an object of the destination still is what the manifest tells of it. */
#ifndef HW_PIPELINE_SAME_OUTPUT_H
#define HW_PIPELINE_SAME_OUTPUT_H

#include "manifest/manifest.h"
#include "store/store.h"

/*
 * Compares the object at `key` with the entry that tells of it: by size and ETag, or where the
 * store has none by the time of its last change; only where that is not known or another, and
 * `read`, by its SHA-256. HW_ENOTFOUND where no object is there. Any thread.
 */
HW_NODISCARD enum hw_status hw_same_output(struct hw_store *store, const char *key,
                                           const struct hw_manifest_entry *entry, bool read, bool *out_same,
                                           struct hw_error *err);

/* Does the same for an object that is open, with what it was when it was opened. */
HW_NODISCARD enum hw_status hw_same_source(struct hw_source *source, const struct hw_manifest_entry *entry, bool read,
                                           bool *out_same, struct hw_error *err);
/* Compares size and SHA-256 alone: also of an object that lies elsewhere. */
HW_NODISCARD enum hw_status hw_same_bytes(struct hw_source *source, const struct hw_manifest_entry *entry,
                                          bool *out_same, struct hw_error *err);

#endif
