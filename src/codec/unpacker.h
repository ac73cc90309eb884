/* SPDX-License-Identifier: Apache-2.0 */
/* One way to unpack a stream, as the table in unpack.c knows it. Each unpacker is a file. */
#ifndef HW_CODEC_UNPACKER_H
#define HW_CODEC_UNPACKER_H

#include "codec/packed.h"

struct hw_unpacker_ops {
    /*
     * Returns the bytes of memory that unpacking takes, most of it for the window, by the first
     * HW_PACKING_HEAD_BYTES or fewer of the packed bytes; 0 where these do not tell. NULL: so
     * little that nobody counts it.
     */
    uint64_t (*window_bytes)(const void *head, size_t bytes);
    /*
     * Makes what an unpacker keeps from call to call. A format with a window refuses one of more
     * than `window_bytes_max`; 0 stands for HW_ZSTD_WINDOW_LOG_MAX.
     */
    enum hw_status (*open)(uint64_t window_bytes_max, void **out_state, struct hw_error *err);
    /*
     * Takes from `packed` and puts up to `capacity` bytes (which is not 0) into `out`. It puts none
     * only at the end of the packed bytes, where the format allows an end; HW_EDATA with the packed
     * offset where it does not.
     */
    enum hw_status (*run)(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                          struct hw_error *err);
    void (*close)(void *state);
};

#endif
