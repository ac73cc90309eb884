/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decompression of blocks whose size is known, as pages of Parquet and blocks of Avro are. The twin
 * of codec/compression.h; streams are unpacked by codec/unpack.h.
 */
#ifndef HW_CODEC_DECOMPRESSION_H
#define HW_CODEC_DECOMPRESSION_H

#include "codec/compression.h"
#include "core/buf.h"

/* Decompressors of one thread: contexts are made when they are first needed, and used again. */
struct hw_decompressor;

HW_NODISCARD enum hw_status hw_decompressor_new(struct hw_decompressor **out_decompressor, struct hw_error *err);
/* Accepts NULL. */
void hw_decompressor_free(struct hw_decompressor *decompressor);
/*
 * Decompresses one block to exactly `out_bytes` bytes. The block may be of several gzip members, or
 * of several zstd frames; a zlib frame is taken for gzip. HW_EDATA where it is damaged, has no byte
 * or some behind its end, or makes fewer or more bytes; the message says which, and more of it as
 * far as the codec tells it. What is in `out` then is unspecified.
 */
HW_NODISCARD enum hw_status hw_decompressor_run(struct hw_decompressor *decompressor, enum hw_codec codec,
                                                hw_view block, void *out, size_t out_bytes, struct hw_error *err);
/*
 * Does the same for what Parquet calls LZ4, as Hadoop frames it: a big-endian size, then pieces of
 * their own size and an LZ4 block until they come to that; once or more. What is not framed so to
 * its last byte is taken for a frame of liblz4, or for a bare block.
 */
HW_NODISCARD enum hw_status hw_decompressor_run_lz4_hadoop(struct hw_decompressor *decompressor, hw_view block,
                                                           void *out, size_t out_bytes, struct hw_error *err);
/*
 * Decompresses one block whose size is not known, as Avro's: `out` is emptied and filled, up to its
 * limit, beyond which HW_ELIMIT. HW_CODEC_LZ4_RAW, of whose blocks it cannot be told whether they
 * are damaged or large, is HW_EUNSUPPORTED.
 */
HW_NODISCARD enum hw_status hw_decompressor_run_unsized(struct hw_decompressor *decompressor, enum hw_codec codec,
                                                        hw_view block, struct hw_buf *out, struct hw_error *err);

#endif
