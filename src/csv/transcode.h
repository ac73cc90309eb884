/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in other encodings as UTF-8 streams. */
#ifndef HW_CSV_TRANSCODE_H
#define HW_CSV_TRANSCODE_H

#include <hawser/csv.h>

#include "core/stream.h"

/*
 * Opens `from` (borrowed until closed) as UTF-8. UTF-16: byte order by its mark, which is dropped,
 * little-endian without one; half a pair or half a unit is HW_EDATA with its offset. Latin-1: every
 * byte is its code point.
 */
HW_NODISCARD enum hw_status hw_transcode_open(struct hw_stream *from, enum hw_csv_encoding encoding,
                                              struct hw_stream **out_stream, struct hw_error *err);

#endif
