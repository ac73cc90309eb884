/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compression of blocks. A table has a row for each codec, and each codec is a file; a format
 * chooses by enum. No caller sees the library behind a codec.
 */
#ifndef HW_CODEC_COMPRESSION_H
#define HW_CODEC_COMPRESSION_H

#include "core/error.h"

enum hw_codec {
    HW_CODEC_DEFAULT, /* the format's own default; never passed to the functions below */
    HW_CODEC_NONE,
    HW_CODEC_SNAPPY,
    HW_CODEC_ZSTD,
    HW_CODEC_GZIP,    /* RFC 1952, one member */
    HW_CODEC_DEFLATE, /* RFC 1951, raw */
    HW_CODEC_LZ4_RAW, /* a bare LZ4 block */
    HW_CODEC_BROTLI,
    HW_CODEC_COUNT
};

/* A level that means "the codec's default". */
#define HW_LEVEL_DEFAULT INT32_MIN
/*
 * A level that looks for few repeats, only long ones, and codes bytes by how frequent they are. It
 * is quicker than the default, and smaller where what repeats does so by chance. Only zstd has it.
 */
#define HW_LEVEL_ENTROPY (INT32_MIN + 1)
/*
 * The default for numbers of 8 bytes that are not encoded: repeats of 6 bytes are looked for, as
 * the lower bytes of doubles with few decimal places have them. Only zstd has it.
 */
#define HW_LEVEL_NUMBERS (INT32_MIN + 2)
/*
 * A level between 3 and 4 of zstd, which looks for repeats of 6 bytes in larger tables: texts get
 * smaller by it than by level 6, in a third of the time. Only zstd has it.
 */
#define HW_LEVEL_TEXT (INT32_MIN + 3)
/*
 * The level 16 of zstd with tables of 2^20 places in large blocks, which takes half of the time and
 * a quarter of the memory for 2 % more bytes. Only zstd has it.
 */
#define HW_LEVEL_OPTIMAL (INT32_MIN + 4)

/* Says how much work may be spent on blocks where no level was asked for. */
enum hw_codec_effort { HW_CODEC_NORMAL, HW_CODEC_FAST, HW_CODEC_BEST, HW_CODEC_EFFORT_COUNT };

enum { HW_CODEC_LEVELS_MAX = 6 };

/* The levels among which a caller chooses by trial, from the quickest to the smallest. */
struct hw_codec_levels {
    size_t count;
    /* Levels as hw_compressor_new takes them. The first one is for any data. */
    int levels[HW_CODEC_LEVELS_MAX];
    /* The number of HW_LEVEL_ENTROPY among them; 0 if it is not. */
    size_t entropy;
    /*
     * A bit for each level that is for numbers of 8 bytes alone, and for all other data alone. The
     * first of the former is for any such numbers. 0: all levels are for all data.
     */
    unsigned numbers;
    unsigned others;
};

/*
 * Reads "zstd", "zstd:3", "none", "uncompressed" and the like. Without a level `*out_level` is
 * HW_LEVEL_DEFAULT. HW_EUSAGE names the nearest known codec, or the levels that the codec takes.
 */
HW_NODISCARD enum hw_status hw_codec_parse(const char *text, enum hw_codec *out_codec, int *out_level,
                                           struct hw_error *err);
/* Returns the name that hw_codec_parse reads. */
const char *hw_codec_name(enum hw_codec codec);
/* Returns the levels of an effort; a level that was asked for is the only one. */
struct hw_codec_levels hw_codec_levels(enum hw_codec codec, int level, enum hw_codec_effort effort);

/* A compressor of one thread: contexts and scratch memory are reused from block to block. */
struct hw_compressor;

/*
 * Makes a compressor. `level` is HW_LEVEL_DEFAULT, one that the codec takes, or one of the others
 * with a name, where the codec has it; HW_EUSAGE otherwise.
 */
HW_NODISCARD enum hw_status hw_compressor_new(enum hw_codec codec, int level, struct hw_compressor **out_compressor,
                                              struct hw_error *err);
void hw_compressor_free(struct hw_compressor *compressor);
/* Returns the bytes that the output of a block of `bytes` has at most. */
size_t hw_compressor_bound(const struct hw_compressor *compressor, size_t bytes);
/*
 * Compresses one block into `out`, which has room for hw_compressor_bound bytes. The output depends
 * on codec, level and block alone: not on addresses, on earlier blocks, or on more room.
 */
HW_NODISCARD enum hw_status hw_compressor_run(struct hw_compressor *compressor, const void *data, size_t bytes,
                                              void *out, size_t out_capacity, size_t *out_bytes, struct hw_error *err);
/*
 * Compresses later blocks as samples of blocks of `whole_bytes`, with the parameters that the level
 * has for those; zstd's differ by size. 0: blocks are what they are.
 */
void hw_compressor_set_whole(struct hw_compressor *compressor, size_t whole_bytes);
/* Returns the bytes of memory that the compressor holds now. */
size_t hw_compressor_held(const struct hw_compressor *compressor);
/*
 * Returns the bytes of memory that a compressor of this codec and level comes to hold at most when
 * its blocks have `block_bytes`. `level` is one that hw_compressor_new accepts.
 */
size_t hw_compressor_held_max(enum hw_codec codec, int level, size_t block_bytes);

#endif
