/* SPDX-License-Identifier: Apache-2.0 */
/* Reads texts in other encodings as streams of UTF-8, by iconv. */
#ifndef HW_CSV_TRANSCODE_H
#define HW_CSV_TRANSCODE_H

#include "core/stream.h"
#include "csv/encoding.h"

/*
 * Opens `from`, which is borrowed until the new stream is closed, as UTF-8. The first `skip` bytes,
 * a byte order mark, are left out. HW_EUSAGE where iconv does not know the encoding. Reading fails
 * with HW_EDATA and the offset of the first byte that is no character of the encoding, or of one
 * that the end of the text cuts. It takes 128 KiB of memory, however long the text is.
 */
HW_NODISCARD enum hw_status hw_transcode_open(struct hw_stream *from, const struct hw_csv_encoding *encoding,
                                              size_t skip, struct hw_stream **out_stream, struct hw_error *err);

#endif
