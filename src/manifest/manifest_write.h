/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the JSON of a manifest, at once or entry by entry. */
#ifndef HW_MANIFEST_MANIFEST_WRITE_H
#define HW_MANIFEST_MANIFEST_WRITE_H

#include <hawser/io.h>

#include "core/json_write.h"
#include "manifest/entry.h"

/* Writes the JSON of a manifest of these entries, in the order of hw_manifest_order. */
HW_NODISCARD enum hw_status hw_manifest_write(const struct hw_manifest_entry *entries, size_t count,
                                              struct hw_sink *sink, struct hw_error *err);

/* ------ entry by entry, which come in the order of hw_manifest_order */

void hw_manifest_begin(struct hw_json_writer *json);
void hw_manifest_entry_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry);
/* Ends the JSON, and tells the first fault that there was since its beginning. */
HW_NODISCARD enum hw_status hw_manifest_end(struct hw_json_writer *json, struct hw_error *err);

#endif
