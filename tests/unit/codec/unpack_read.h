/* SPDX-License-Identifier: Apache-2.0 */
/* Reads packed bytes to their end, in blocks and reads of any size. */
#ifndef HW_TESTS_UNPACK_READ_H
#define HW_TESTS_UNPACK_READ_H

#include "codec/unpack.h"
#include "core/buf.h"
#include "support/memory_io.h"

struct unpack_way {
    size_t block_bytes; /* 0: as suits the source */
    size_t read_bytes;
    int fail_on_read; /* of the source, from 1; 0: none */
};

/*
 * Appends what comes until the stream ends or fails. Where it failed, a second read must fail too.
 */
static inline enum hw_status stream_read_all(struct hw_stream *stream, size_t read_bytes, struct hw_buf *out,
                                             struct hw_error *err) {
    for (;;) {
        size_t got = SIZE_MAX;
        HW_TRY(hw_buf_reserve(out, read_bytes, err));
        enum hw_status status = stream->ops->read(stream, out->data + out->size, read_bytes, &got, err);
        if (status != HW_OK) {
            assert(got == SIZE_MAX);
            struct hw_error again = HW_ERROR_INIT;
            bool fails_again =
                stream->ops->read(stream, out->data + out->size, read_bytes, &got, &again) == HW_EFAILED &&
                strstr(again.message, "failed before") != NULL;
            assert(fails_again);
            return fails_again ? status : HW_OK;
        }
        assert(got <= read_bytes);
        if (got == 0) {
            return HW_OK;
        }
        out->size += got;
    }
}

static inline enum hw_status unpack_all(hw_view packed, enum hw_packing packing, struct unpack_way way,
                                        struct hw_buf *out, struct hw_error *err) {
    struct memory_source source = memory_source(packed, way.fail_on_read);
    struct hw_stream *stream = NULL;
    HW_TRY(hw_unpack_open(&source.base, packing, &(struct hw_unpack_options){.block_bytes = way.block_bytes}, &stream,
                          err));
    enum hw_status status = stream_read_all(stream, way.read_bytes, out, err);
    stream->ops->close(stream);
    return status;
}

/* Text that packs to about half. */
static inline void text_fill(uint8_t *out, size_t bytes, uint64_t seed) {
    for (size_t i = 0; i < bytes; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)("0123456,\n"[(seed >> 60) % 9]);
    }
}

#endif
