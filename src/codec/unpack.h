/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed input, which is known by its first bytes: gzip (of several members) and zstd (several
 * frames, skippable ones too) unpack as one stream in bounded memory; a ZIP has members of its own
 * (unpack_zip.h). An input that is cut or corrupt is HW_EDATA with the packed offset, never a
 * silent end.
 */
#ifndef HW_CODEC_UNPACK_H
#define HW_CODEC_UNPACK_H

#include <hawser/io.h>

#include "core/error.h"
#include "core/stream.h"

enum hw_packing { HW_PACKING_NONE, HW_PACKING_GZIP, HW_PACKING_ZSTD, HW_PACKING_ZIP };

/*
 * Returns what the first bytes of an object show; 4 of them suffice, and an object may have fewer.
 * A zstd skippable frame counts as zstd.
 */
enum hw_packing hw_packing_detect(const void *data, size_t bytes);
/* Returns the name for messages: "gzip", "none". */
const char *hw_packing_name(enum hw_packing packing);

struct hw_unpack_options {
    size_t block_bytes; /* in which the source is read; 0: as suits the source */
    /* A zstd frame that asks for a larger window is HW_ELIMIT. 0: HW_ZSTD_WINDOW_LOG_MAX. */
    uint64_t window_bytes_max;
};

/*
 * Opens the unpacked bytes of `source` (gzip or zstd; HW_EUSAGE for any other packing), which is
 * borrowed until the stream is closed and read in order. `options` NULL: all 0. Once a read of the
 * stream has failed, every later one fails with HW_EFAILED.
 */
HW_NODISCARD enum hw_status hw_unpack_open(struct hw_source *source, enum hw_packing packing,
                                           const struct hw_unpack_options *options, struct hw_stream **out_stream,
                                           struct hw_error *err);

#endif
