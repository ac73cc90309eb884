/* SPDX-License-Identifier: Apache-2.0 */
/* Reads texts in other encodings as streams of UTF-8. */
#ifndef HW_CSV_TRANSCODE_H
#define HW_CSV_TRANSCODE_H

#include <hawser/csv.h>

#include "core/stream.h"

/*
 * Opens `from`, which is borrowed until the new stream is closed, as UTF-8. UTF-16 has the byte
 * order of its mark, which is dropped, or is little-endian without one; reading fails with HW_EDATA
 * and the offset at half a surrogate pair or half a unit. Each byte of Latin-1 is its code point.
 */
HW_NODISCARD enum hw_status hw_transcode_open(struct hw_stream *from, enum hw_csv_encoding encoding,
                                              struct hw_stream **out_stream, struct hw_error *err);

#endif
