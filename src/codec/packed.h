/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packed bytes of a source or a stream, which are read block by block. Every unpacker takes its
 * input from here, so that a source is read in blocks that suit it. One thread at a time.
 */
#ifndef HW_CODEC_PACKED_H
#define HW_CODEC_PACKED_H

#include <hawser/io.h>

#include "codec/packing.h"
#include "core/error.h"
#include "core/stream.h"

/*
 * The blocks in which sources are read. A local one is small enough to stay in the cache, a remote
 * one large enough to be worth a request.
 */
#define HW_PACKED_BLOCK_BYTES HW_KIB(256)
#define HW_PACKED_BLOCK_BYTES_REMOTE HW_MIB(1)

/* The words of a message, behind the name of the packing, where packed bytes end too early. */
#define HW_PACKED_CUT "cut inside"

enum {
    /* Bytes that hw_packed_peek can bring together. */
    HW_PACKED_PEEK_BYTES = 16,
    /*
     * So few bytes behind the last member are left out, since no member of any packing is so short:
     * a newline that an editor or a shell has appended, and nothing that was damaged.
     */
    HW_PACKED_GARBAGE_BYTES_MAX = 8,
};

/* One block of what is read, and the place in it up to which an unpacker has taken the bytes. */
struct hw_packed {
    struct hw_source *source; /* borrowed; NULL where a stream is read */
    struct hw_stream *stream; /* borrowed; NULL where a source is read */
    const char *name;         /* of the object, for messages; borrowed */
    /*
     * The offset behind the last packed byte: the size of the source, unless somebody set less;
     * UINT64_MAX for a stream.
     */
    uint64_t end;
    uint8_t *block;     /* owned; it has room for block_bytes and those that wait for a peek */
    size_t block_bytes; /* bytes to read at once */
    uint64_t offset;    /* offset of the block */
    size_t filled;      /* bytes that are in the block */
    size_t at;          /* bytes of those that were taken */
    /* Bytes behind the last member that were left out; never zeros. */
    size_t garbage_bytes;
};

/*
 * Starts at the first byte of `source`, which is borrowed until the release. `block_bytes` 0 takes
 * the block that suits the source. HW_ENOMEM leaves nothing to be released.
 */
HW_NODISCARD enum hw_status hw_packed_init(struct hw_packed *packed, struct hw_source *source, size_t block_bytes,
                                           struct hw_error *err);
/*
 * Does the same for a stream, which is borrowed too, as it is: its next byte has offset 0. `name`
 * is that of the object, and is borrowed. Neither hw_packed_seek nor hw_packed_end_at may follow.
 */
HW_NODISCARD enum hw_status hw_packed_init_stream(struct hw_packed *packed, struct hw_stream *stream, const char *name,
                                                  size_t block_bytes, struct hw_error *err);
void hw_packed_release(struct hw_packed *packed);
/* Reads the next block once the last one is used up. Afterwards nothing is left only at the end. */
HW_NODISCARD enum hw_status hw_packed_fill(struct hw_packed *packed, struct hw_error *err);
/*
 * Brings the next `bytes` bytes into the block, HW_PACKED_PEEK_BYTES at most, and takes none. Fewer
 * are left afterwards only at the end.
 */
HW_NODISCARD enum hw_status hw_packed_peek(struct hw_packed *packed, size_t bytes, struct hw_error *err);
/*
 * Tells whether a member follows where one of the packing has ended. Where none does, it takes what
 * is left: zeros, with which tapes and block devices pad, or up to HW_PACKED_GARBAGE_BYTES_MAX
 * other bytes, which `garbage_bytes` counts. HW_EDATA with the offset where it is more: it may be a
 * damaged member. Only xz has members behind zeros (section 2.2 of its format).
 */
HW_NODISCARD enum hw_status hw_packed_more(struct hw_packed *packed, enum hw_packing packing, bool *out_more,
                                           struct hw_error *err);
/* Goes to any offset up to the end. Reads nothing. */
void hw_packed_seek(struct hw_packed *packed, uint64_t offset);
/* Sets the end to any offset from the current one to the source's size. */
void hw_packed_end_at(struct hw_packed *packed, uint64_t end);
/* Copies the next `bytes` bytes to `data`; fewer, which `*out_bytes` tells, only at the end. */
HW_NODISCARD enum hw_status hw_packed_read(struct hw_packed *packed, void *data, size_t bytes, size_t *out_bytes,
                                           struct hw_error *err);

/*
 * Returns whether a fault is one of unpacking: its message begins with the name of the packing, or
 * has it behind the name of a member.
 */
bool hw_packed_is_fault(const struct hw_error *fault);
/* Returns whether a fault of unpacking is that the packed bytes end too early. */
bool hw_packed_was_cut(const struct hw_error *fault);

/* Returns the next byte of the block; hw_packed_left tells how many follow. */
static inline const uint8_t *hw_packed_next(const struct hw_packed *packed) {
    return packed->block + packed->at;
}

/* Returns how many bytes of the block are not taken yet. */
static inline size_t hw_packed_left(const struct hw_packed *packed) {
    return packed->filled - packed->at;
}

/* Returns the offset of the next byte in the source or stream. */
static inline uint64_t hw_packed_offset(const struct hw_packed *packed) {
    return packed->offset + packed->at;
}

#endif
