/* SPDX-License-Identifier: Apache-2.0 */
/* The place that decoders put the values of a page to, and how they put texts there. */
#ifndef HW_PARQUET_DECODED_H
#define HW_PARQUET_DECODED_H

#include "core/buf.h"
#include "parquet/format.h"

/* The form of a column's values in the file. */
struct hw_decoded_kind {
    enum hw_physical physical;
    /*
     * The bytes of a value, of which there are some; 0 for BYTE_ARRAY alone, 1 for BOOLEAN, which
     * becomes a byte of 0 or 1.
     */
    size_t width;
};

/*
 * The place that values are decoded to, from one call to the next. `values` is for those of a fixed
 * width. Values of BYTE_ARRAY are appended to `data`, and the sum of the bytes in `data` behind
 * each of them is put into `ends`.
 */
struct hw_decoded {
    /*
     * Room for as many values as are asked for, and for HW_DECODED_PADDING bytes more; aligned as
     * integers of their width are.
     */
    uint8_t *values;
    struct hw_buf *data;
    int32_t *ends;
    /*
     * Once `data` has so many bytes, no further value is read; at least one is. At most 2^31 - 1.
     */
    size_t data_bytes_max;
    /* Set by a call: how many values it has read. */
    size_t count;
};

/* Bytes behind the values that decoders may write, and bytes behind those of a page or a
 * dictionary that they may read. */
enum { HW_DECODED_PADDING = 64 };

/* Texts that decoders take at once. */
enum { HW_DECODED_TEXTS = 256 };

/*
 * Takes as many of `count` texts as are to be read: puts the ends of these behind those of the
 * `out->count` values that were read before, and makes room in `data` for their bytes and for
 * HW_DECODED_PADDING more. `*out_bytes` is the sum of their bytes, `*out_count` how many they are,
 * which is 0 where `data` is full. The caller puts the bytes there, and adds to both sizes.
 * HW_ELIMIT where `data` would have more bytes than its limit, or 2^31.
 */
HW_NODISCARD enum hw_status hw_decoded_make_room(struct hw_decoded *out, const uint32_t *lengths, size_t count,
                                                 size_t *out_count, size_t *out_bytes, struct hw_error *err);

/*
 * Copies a text in steps of 32 bytes, because few texts have more, and returns its end. Up to 32
 * bytes more than it has are read, and written behind it. What is read behind the text may lie
 * where it is copied to.
 */
static inline uint8_t *hw_decoded_copy(uint8_t *to, const uint8_t *from, size_t bytes) {
    uint8_t step[32];
    size_t at = 0;
    do {
        memcpy(step, from + at, sizeof(step));
        memcpy(to + at, step, sizeof(step));
        at += sizeof(step);
    } while (HW_UNLIKELY(at < bytes));
    return to + bytes;
}

#endif
