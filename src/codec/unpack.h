/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed input unpacks as one stream in bounded memory: gzip and bzip2 (of several members), zstd
 * and lz4 (several frames, skippable ones too) and xz (several streams). A ZIP has members of its
 * own (unpack_zip.h). An input that is cut or corrupt is HW_EDATA with the packed offset, never a
 * silent end.
 */
#ifndef HW_CODEC_UNPACK_H
#define HW_CODEC_UNPACK_H

#include <hawser/io.h>

#include "codec/packing.h"
#include "core/error.h"
#include "core/stream.h"

/*
 * Returns the bytes of memory that unpacking takes, as far as the first HW_PACKING_HEAD_BYTES or
 * fewer of the packed bytes tell; 0 where they do not, or where it is so little that nobody counts
 * it. It may be far more than the limit, which is for the opening to say.
 */
uint64_t hw_unpack_window_bytes(enum hw_packing packing, const void *head, size_t bytes);

struct hw_unpack_options {
    size_t block_bytes; /* in which the source is read; 0: as suits the source */
    /* A window that asks for more is HW_ELIMIT. 0: HW_ZSTD_WINDOW_LOG_MAX. */
    uint64_t window_bytes_max;
    /*
     * The unpacked stream whose bytes are packed once more, borrowed; NULL: there is none. The
     * limit of how much so many packed bytes may yield counts from the outermost of them.
     */
    const struct hw_stream *outer;
};

/*
 * Opens the unpacked bytes of `source` (HW_EUSAGE for a packing that is not one stream), which is
 * borrowed until the stream is closed and read in order. `options` NULL: all 0. Once a read of the
 * stream has failed, every later one fails with HW_EFAILED.
 */
HW_NODISCARD enum hw_status hw_unpack_open(struct hw_source *source, enum hw_packing packing,
                                           const struct hw_unpack_options *options, struct hw_stream **out_stream,
                                           struct hw_error *err);
/* Does the same for packed bytes that come as a stream; `name` is that of the object, borrowed. */
HW_NODISCARD enum hw_status hw_unpack_open_stream(struct hw_stream *from, const char *name, enum hw_packing packing,
                                                  const struct hw_unpack_options *options,
                                                  struct hw_stream **out_stream, struct hw_error *err);
/*
 * Returns how many bytes behind the last member were left out so far, because they are too few to
 * be one; they were not all zeros. `stream` is one that was opened here.
 */
size_t hw_unpack_garbage_bytes(const struct hw_stream *stream);

#endif
