/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The metadata in the header of a file ("Object Container Files" of the specification): a map of
 * text to bytes, in which keys that begin with "avro." are Avro's own.
 */
#ifndef HW_AVRO_METADATA_H
#define HW_AVRO_METADATA_H

#include "core/buf.h"
#include "table/file_pairs.h"

/* Returns whether a key is one of Avro's own. */
bool hw_avro_key_own(hw_view key);

/*
 * Appends the pairs to `out` as entries of the map, and sets `*out_count` to their number. Those
 * are left out that do not hold, whose keys are Avro's own or no text, and whose keys have come
 * before. A pair without a value gets one of no bytes.
 */
HW_NODISCARD enum hw_status hw_avro_pairs_write(const struct hw_file_pairs *pairs, struct hw_buf *out,
                                                size_t *out_count, struct hw_error *err);

/* Appends a text or bytes as Avro has them: their length, then they themselves. */
HW_NODISCARD enum hw_status hw_avro_bytes_write(hw_view bytes, struct hw_buf *out, struct hw_error *err);

#endif
