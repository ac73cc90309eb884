/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One compression codec, as the table in compression.c knows it. Only that table and the codecs
 * include this.
 */
#ifndef HW_CODEC_CODEC_H
#define HW_CODEC_CODEC_H

#include "core/error.h"
#include "core/view.h"

/* The states of most codecs hold less memory than this. */
#define HW_CODEC_HELD_SMALL HW_KIB(512)

struct hw_codec_ops {
    /* Makes the state that is reused from block to block; `level` is one that the codec takes. */
    enum hw_status (*open)(int level, void **out_state, struct hw_error *err);
    void (*close)(void *state);
    /* Returns the bytes that the output of a block of `bytes` has at most. */
    size_t (*bound)(size_t bytes);
    /* Compresses a block, whose data is never NULL. HW_ELIMIT where the codec cannot hold it. */
    enum hw_status (*run)(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                          struct hw_error *err);
    /* Returns the bytes of memory that the state holds now. */
    size_t (*held)(const void *state);
    /* Does the work of hw_compressor_set_whole. NULL: the codec does not look at a block's size. */
    void (*set_whole)(void *state, size_t whole_bytes);
    /*
     * Returns the bytes of memory that a state of this level holds at most when its blocks have
     * `block_bytes`. NULL: less than HW_CODEC_HELD_SMALL.
     */
    size_t (*held_max)(int level, size_t block_bytes);
};

extern const struct hw_codec_ops hw_snappy_ops;
extern const struct hw_codec_ops hw_zstd_ops;
extern const struct hw_codec_ops hw_zstd_default_ops;
extern const struct hw_codec_ops hw_zstd_entropy_ops;
extern const struct hw_codec_ops hw_zstd_numbers_ops;
extern const struct hw_codec_ops hw_zstd_text_ops;
extern const struct hw_codec_ops hw_zstd_optimal_ops;
extern const struct hw_codec_ops hw_gzip_ops;
extern const struct hw_codec_ops hw_deflate_ops;
extern const struct hw_codec_ops hw_igzip_gzip_ops;
extern const struct hw_codec_ops hw_igzip_deflate_ops;
extern const struct hw_codec_ops hw_lz4_ops;
extern const struct hw_codec_ops hw_brotli_ops;

#endif
