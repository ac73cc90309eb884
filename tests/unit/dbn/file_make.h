/* SPDX-License-Identifier: Apache-2.0 */
/* DBN files for tests: metadata and records in memory, which come in pieces. */
#ifndef HW_TESTS_DBN_FILE_MAKE_H
#define HW_TESTS_DBN_FILE_MAKE_H

#include "core/buf.h"
#include "core/stream.h"
#include "dbn/records.h"
#include "support/rows.h"
#include "unit/dbn/metadata_files.h"

enum { MBO_BYTES = 56, TRADE_BYTES = 48, ORDERS_1 = 0, ORDERS_2 = 4, MIXED_2 = 6 };

/* Bytes that come in pieces, of so many bytes each. */
struct pieces {
    struct hw_stream base;
    const uint8_t *bytes;
    size_t size;
    size_t piece;
    size_t at;
    /* The read at which it fails; 0: none. */
    size_t fails_at;
    size_t reads;
};

static inline enum hw_status pieces_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                         struct hw_error *err) {
    struct pieces *pieces = (struct pieces *)base;
    const size_t step = hw_min_size(hw_min_size(bytes, pieces->piece), pieces->size - pieces->at);
    if (++pieces->reads == pieces->fails_at) {
        return hw_fail(err, HW_EIO, "the disk");
    }
    if (step > 0) {
        memcpy(data, pieces->bytes + pieces->at, step);
    }
    pieces->at += step;
    *out_bytes = step;
    return HW_OK;
}

static inline struct pieces pieces_of(const struct hw_buf *bytes, size_t piece) {
    static const struct hw_stream_ops ops = {pieces_read, NULL};
    return (struct pieces){.base.ops = &ops, .bytes = bytes->data, .size = bytes->size, .piece = piece};
}

static inline void put(struct hw_buf *bytes, const void *data, size_t size) {
    assert_int_equal(hw_buf_append(bytes, data, size, NULL), HW_OK);
}

/* A record of zeros with a header. */
static inline void record_put(struct hw_buf *bytes, uint8_t rtype, size_t size) {
    uint8_t record[HW_DBN_RECORD_BYTES_MAX] = {(uint8_t)(size / HW_DBN_LENGTH_UNIT), rtype};
    put(bytes, record, size);
}

static inline void head_put(struct hw_buf *bytes, size_t file) {
    put(bytes, metadata_files[file].bytes, metadata_files[file].size);
}

#endif
