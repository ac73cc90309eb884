/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed bytes of a source, which are read block by block. Every unpacker takes its input from
 * here, so that a source is read in blocks that suit it. One thread at a time.
 */
#ifndef HW_CODEC_PACKED_H
#define HW_CODEC_PACKED_H

#include <hawser/io.h>

#include "core/error.h"

/*
 * The blocks in which sources are read. A local one is small enough to stay in the cache, a remote
 * one large enough to be worth a request.
 */
#define HW_PACKED_BLOCK_BYTES HW_KIB(256)
#define HW_PACKED_BLOCK_BYTES_REMOTE HW_MIB(1)

/* One block of a source, and the place in it up to which an unpacker has taken the bytes. */
struct hw_packed {
    struct hw_source *source; /* borrowed */
    /* The offset in the source behind the last packed byte: its size, unless somebody set less. */
    uint64_t end;
    uint8_t *block;     /* owned */
    size_t block_bytes; /* room of the block */
    uint64_t offset;    /* offset of the block in the source */
    size_t filled;      /* bytes of the block that were read from the source */
    size_t at;          /* bytes of those that were taken */
};

/*
 * Starts at the first byte of `source`, which is borrowed until the release. `block_bytes` 0 takes
 * the block that suits the source. HW_ENOMEM leaves nothing to be released.
 */
HW_NODISCARD enum hw_status hw_packed_init(struct hw_packed *packed, struct hw_source *source, size_t block_bytes,
                                           struct hw_error *err);
void hw_packed_release(struct hw_packed *packed);
/* Reads the next block once the last one is used up. Afterwards nothing is left only at the end. */
HW_NODISCARD enum hw_status hw_packed_fill(struct hw_packed *packed, struct hw_error *err);
/* Goes to any offset up to the end. Reads nothing. */
void hw_packed_seek(struct hw_packed *packed, uint64_t offset);
/* Sets the end to any offset from the current one to the source's size. */
void hw_packed_end_at(struct hw_packed *packed, uint64_t end);
/* Copies the next `bytes` bytes to `data`; fewer, which `*out_bytes` tells, only at the end. */
HW_NODISCARD enum hw_status hw_packed_read(struct hw_packed *packed, void *data, size_t bytes, size_t *out_bytes,
                                           struct hw_error *err);

/* Returns the next byte of the block; hw_packed_left tells how many follow. */
static inline const uint8_t *hw_packed_next(const struct hw_packed *packed) {
    return packed->block + packed->at;
}

/* Returns how many bytes of the block are not taken yet. */
static inline size_t hw_packed_left(const struct hw_packed *packed) {
    return packed->filled - packed->at;
}

/* Returns the offset of the next byte in the source. */
static inline uint64_t hw_packed_offset(const struct hw_packed *packed) {
    return packed->offset + packed->at;
}

#endif
