/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks the blocks of an Avro file ("Required Codecs" and "Optional Codecs"). */
#ifndef HW_AVRO_BLOCK_UNPACK_H
#define HW_AVRO_BLOCK_UNPACK_H

#include "avro/block_read.h"
#include "codec/decompression.h"

/* Unpacks blocks one after the other, with memory that is used again. Start it zeroed. */
struct hw_avro_unpacker {
    struct hw_decompressor *decompressor;
    struct hw_buf out;
    /* The most bytes that a block may unpack to; 0: HW_AVRO_UNPACKED_BYTES_MAX. */
    size_t bytes_max;
    /* The last block of deflate had a part of an Adler-32 behind it. */
    bool trailed;
    /* True after a failure in which the bytes were unpacked, and differ from their checksum. */
    bool checksum_differs;
};

/*
 * Unpacks a block. The bytes belong to the unpacker or, where the codec is null, to the block; they
 * stay until either is used again, and HW_AVRO_BLOCK_ROOM bytes behind them are readable. HW_EDATA
 * where the block is damaged; HW_ELIMIT where it unpacks to more than is
 * allowed, or beyond 64 MiB to more than HW_UNPACK_RATIO_MAX times as many.
 */
HW_NODISCARD enum hw_status hw_avro_unpack(struct hw_avro_unpacker *unpacker, enum hw_avro_codec codec,
                                           const struct hw_avro_stored *block, hw_view *out_bytes,
                                           struct hw_error *err);
/* Returns the bytes of memory that it holds, without those of a context. */
size_t hw_avro_unpacker_held(const struct hw_avro_unpacker *unpacker);
/* Accepts a zeroed one. */
void hw_avro_unpacker_release(struct hw_avro_unpacker *unpacker);

/* Returns whether a block of the codec has something that proves its bytes. */
static inline bool hw_avro_codec_proves(enum hw_avro_codec codec) {
    return codec == HW_AVRO_CODEC_SNAPPY || codec == HW_AVRO_CODEC_BZIP2 || codec == HW_AVRO_CODEC_XZ;
}

#endif
