/* SPDX-License-Identifier: Apache-2.0 */
/* What one compression codec provides to the table in compression.c. Nobody else includes this. */
#ifndef HW_CODEC_CODEC_H
#define HW_CODEC_CODEC_H

#include "codec/compression.h"
#include "core/view.h"

#define HW_CODEC_HELD_SMALL HW_KIB(512)

struct hw_codec_ops {
    /* Makes what is reused from block to block; `level` is one that the codec takes. */
    enum hw_status (*open)(int level, void **out_state, struct hw_error *err);
    void (*close)(void *state);
    /* Bytes that the output of `bytes` can have at most. */
    size_t (*bound)(size_t bytes);
    /*
     * Compresses a block; its data is never NULL. HW_ELIMIT for a block that the codec cannot hold.
     */
    enum hw_status (*run)(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                          struct hw_error *err);
    /* Bytes of memory that the state holds now. */
    size_t (*held)(const void *state);
    /* See hw_compressor_set_light. NULL: the codec has no such way. */
    bool (*set_light)(void *state, bool light);
    /*
     * Returns the bytes of memory that a state of this level holds at most when its blocks have
     * `block_bytes`. NULL: less than HW_CODEC_HELD_SMALL.
     */
    size_t (*held_max)(int level, size_t block_bytes);
};

struct hw_codec_row {
    const char *name;
    const char *aliases[2]; /* NULL: none */
    bool has_levels;
    int level_min;
    int level_max;
    int level_default;
    const struct hw_codec_ops *ops;
    /* where no level is asked for; NULL: `ops` at `level_default` */
    const struct hw_codec_ops *default_ops;
};

extern const struct hw_codec_ops hw_snappy_ops;
extern const struct hw_codec_ops hw_zstd_ops;
extern const struct hw_codec_ops hw_gzip_ops;
extern const struct hw_codec_ops hw_deflate_ops;
extern const struct hw_codec_ops hw_igzip_gzip_ops;
extern const struct hw_codec_ops hw_igzip_deflate_ops;
extern const struct hw_codec_ops hw_lz4_ops;
extern const struct hw_codec_ops hw_brotli_ops;

#endif
