/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derives the marker between the blocks of a file from its schema and identity, so that whoever
 * writes the same file writes the same bytes.
 */
#ifndef HW_AVRO_SYNC_H
#define HW_AVRO_SYNC_H

#include "core/error.h"
#include "core/view.h"

enum { HW_AVRO_SYNC_BYTES = 16 };

/*
 * Fills `out` with the first bytes of a SHA-256 over three texts: "hawser avro sync 1", the JSON
 * text of the schema, and `identity`, which tells files of one schema apart. Each text comes after
 * its length in 8 bytes, the lowest first. HW_ENOMEM leaves `out` as it was.
 */
HW_NODISCARD enum hw_status hw_avro_sync_derive(hw_view schema, hw_view identity, uint8_t out[HW_AVRO_SYNC_BYTES],
                                                struct hw_error *err);

#endif
