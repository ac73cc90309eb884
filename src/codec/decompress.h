/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to decompress blocks, as the table in decompression.c knows it. Each is a file,
 * decompress_*.
 */
#ifndef HW_CODEC_DECOMPRESS_H
#define HW_CODEC_DECOMPRESS_H

#include "core/error.h"
#include "core/view.h"

struct hw_decompress_ops {
    /* Makes what is used again from block to block. NULL: there is nothing to keep. */
    enum hw_status (*open)(void **out_state, struct hw_error *err);
    void (*close)(void *state);
    /*
     * Decompresses a block, which has a byte or more, to where `capacity` bytes have room. HW_EDATA
     * where it is damaged or has bytes behind its end; HW_ELIMIT, with no message that counts,
     * where it makes more than `capacity` bytes.
     */
    enum hw_status (*run)(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                          struct hw_error *err);
};

#endif
