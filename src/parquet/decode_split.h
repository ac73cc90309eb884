/* SPDX-License-Identifier: Apache-2.0 */
/* Reads BYTE_STREAM_SPLIT (Encodings.md, 9); parquet/split.h writes it. */
#ifndef HW_PARQUET_DECODE_SPLIT_H
#define HW_PARQUET_DECODE_SPLIT_H

#include "core/error.h"
#include "core/view.h"

/* Plain data, which may be copied. */
struct hw_split_reader {
    const uint8_t *start;
    /* Values of the page, and how many were read. */
    size_t count;
    size_t at;
    size_t width;
};

/* HW_EDATA unless there are exactly count * width bytes. */
HW_NODISCARD enum hw_status hw_split_reader_init(struct hw_split_reader *reader, hw_view bytes, size_t count,
                                                 size_t width, struct hw_error *err);
/* Reads `count` values, of which there must be so many. */
void hw_split_read(struct hw_split_reader *reader, uint8_t *out, size_t count);

#endif
