/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between unpack.c and the unpackers: the packed bytes, block by block, and what an unpacker
 * provides. Tests choose the size of a block; nobody else includes this.
 */
#ifndef HW_CODEC_UNPACK_STREAM_H
#define HW_CODEC_UNPACK_STREAM_H

#include "codec/unpack.h"

/*
 * Blocks in which sources are read: local ones stay in the cache, remote ones pay for each request.
 */
#define HW_PACKED_BLOCK_BYTES HW_KIB(256)
#define HW_PACKED_BLOCK_BYTES_REMOTE HW_MIB(1)

struct hw_packed { /* a window over the packed bytes of a source */
    struct hw_source *source;
    /* offset in the source behind the last packed byte: its size, unless someone says less */
    uint64_t end;
    uint8_t *block;
    size_t block_bytes; /* that fit in the block */
    uint64_t offset;    /* of the block in the source */
    size_t filled;      /* bytes in the block */
    size_t at;          /* of those, how many are behind us */
};

/* `block_bytes` 0: as suits the source. */
HW_NODISCARD enum hw_status hw_packed_init(struct hw_packed *packed, struct hw_source *source, size_t block_bytes,
                                           struct hw_error *err);
void hw_packed_release(struct hw_packed *packed);
/* Reads the next block once the last one is used up. Nothing is left after it only at the end. */
HW_NODISCARD enum hw_status hw_packed_fill(struct hw_packed *packed, struct hw_error *err);
/* Goes to any offset up to the end. */
void hw_packed_seek(struct hw_packed *packed, uint64_t offset);
/* Sets the end, anywhere from where we are to the source's size. */
void hw_packed_end_at(struct hw_packed *packed, uint64_t end);
/* Copies `bytes` bytes, fewer only at the end. */
HW_NODISCARD enum hw_status hw_packed_read(struct hw_packed *packed, void *data, size_t bytes, size_t *out_bytes,
                                           struct hw_error *err);

static inline const uint8_t *hw_packed_next(const struct hw_packed *packed) {
    return packed->block + packed->at;
}

static inline size_t hw_packed_left(const struct hw_packed *packed) {
    return packed->filled - packed->at;
}

static inline uint64_t hw_packed_offset(const struct hw_packed *packed) {
    return packed->offset + packed->at;
}

struct hw_unpacker_ops {
    enum hw_status (*open)(const struct hw_unpack_options *options, void **out_state, struct hw_error *err);
    /*
     * Takes from `packed` and puts up to `capacity` bytes (which is not 0) into `out`; none only at
     * the end of the packed bytes, and that end must be where the format allows one: HW_EDATA with
     * the packed offset otherwise.
     */
    enum hw_status (*run)(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                          struct hw_error *err);
    void (*close)(void *state);
};

extern const struct hw_unpacker_ops hw_gunzip_ops;
extern const struct hw_unpacker_ops hw_unzstd_ops;

/* hw_zip_open with blocks of `block_bytes`; 0: as suits the source. */
HW_NODISCARD enum hw_status hw_zip_open_blocks(struct hw_source *source, size_t block_bytes, struct hw_zip **out_zip,
                                               struct hw_error *err);

#endif
