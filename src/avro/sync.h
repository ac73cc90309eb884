/* SPDX-License-Identifier: Apache-2.0 */
/* The marker between a file's blocks, derived: the same file has the same, whoever writes it. */
#ifndef HW_AVRO_SYNC_H
#define HW_AVRO_SYNC_H

#include "core/error.h"
#include "core/view.h"

enum { HW_AVRO_SYNC_BYTES = 16 };

/*
 * Fills in the first bytes of the SHA-256 over three fields, each after its length as 8 bytes,
 * lowest first: "hawser avro sync 1", the schema's JSON text, and `identity`, which tells files of
 * one schema apart. HW_ENOMEM leaves `out` as it was.
 */
HW_NODISCARD enum hw_status hw_avro_sync_derive(hw_view schema, hw_view identity, uint8_t out[HW_AVRO_SYNC_BYTES],
                                                struct hw_error *err);

#endif
