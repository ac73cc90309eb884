/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packed input: gzip (several members), zstd (several and skippable frames) and ZIP, known by their
 * magic bytes, unpacked as a stream in bounded memory. A cut or corrupt input is HW_EDATA with the
 * packed offset, never a silent end.
 */
#ifndef HW_CODEC_UNPACK_H
#define HW_CODEC_UNPACK_H

#include <hawser/io.h>

#include "core/error.h"
#include "core/stream.h"

enum hw_packing { HW_PACKING_NONE, HW_PACKING_GZIP, HW_PACKING_ZSTD, HW_PACKING_ZIP };

/*
 * What the first bytes of an object (as many as there are, 4 suffice) say. A zstd skippable frame
 * counts as zstd.
 */
enum hw_packing hw_packing_detect(const void *data, size_t bytes);
const char *hw_packing_name(enum hw_packing packing);

enum { HW_PACKING_HEAD_BYTES = 18 }; /* what a zstd frame's header has at most */
/*
 * Returns the bytes of the window that the zstd frame which begins with `data` asks for; 0 where it
 * does not tell.
 */
uint64_t hw_unpack_window_bytes(const void *data, size_t bytes);

struct hw_unpack_options {
    size_t block_bytes; /* in which the source is read; 0: as suits the source */
    /* a zstd frame that asks for a larger window is HW_ELIMIT; 0: HW_ZSTD_WINDOW_LOG_MAX */
    uint64_t window_bytes_max;
};

/*
 * Opens the unpacked bytes of `source` (gzip or zstd), which is borrowed until the stream is
 * closed. Reads the source in order. `options` NULL: all 0.
 */
HW_NODISCARD enum hw_status hw_unpack_open(struct hw_source *source, enum hw_packing packing,
                                           const struct hw_unpack_options *options, struct hw_stream **out_stream,
                                           struct hw_error *err);

/* The members of a ZIP that are files, in directory order. */
struct hw_zip;
struct hw_zip_member {
    const char *name; /* UTF-8, as the directory has it; hostile until checked */
    uint64_t size;    /* unpacked, as the directory claims */
    uint32_t crc32;
};

/*
 * Opens the directory; `source` is borrowed until hw_zip_close. Encrypted members are HW_EDATA when
 * opened.
 */
HW_NODISCARD enum hw_status hw_zip_open(struct hw_source *source, struct hw_zip **out_zip, struct hw_error *err);
size_t hw_zip_count(const struct hw_zip *zip);
const struct hw_zip_member *hw_zip_member(const struct hw_zip *zip, size_t index);
/*
 * Opens a member (stored or deflated). One open member a hw_zip at a time; size and CRC are checked
 * at its end.
 */
HW_NODISCARD enum hw_status hw_zip_member_open(struct hw_zip *zip, size_t index, struct hw_stream **out_stream,
                                               struct hw_error *err);
void hw_zip_close(struct hw_zip *zip);

#endif
