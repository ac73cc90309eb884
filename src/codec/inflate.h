/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inflates bytes (RFC 1951) with ISA-L as they come from a source: bare ones, as a ZIP has them, or
 * those of a gzip member. The caller owns the state of ISA-L, and has started it.
 */
#ifndef HW_CODEC_INFLATE_H
#define HW_CODEC_INFLATE_H

#include <isa-l/igzip_lib.h>

#include "codec/packed.h"

/*
 * Tells ISA-L where its output goes. Returns the room that it has there: `capacity`, but 1 GiB at
 * most, because ISA-L counts in 32 bits.
 */
static inline uint32_t hw_inflate_room(struct inflate_state *inflate, void *out, size_t capacity) {
    inflate->next_out = out;
    inflate->avail_out = (uint32_t)hw_min_size(capacity, HW_MIB(1024));
    return inflate->avail_out;
}

/*
 * Inflates until the room is full or the deflated bytes end, which `*out_end` tells. ISA-L has then
 * compared the CRC and size of a gzip member. HW_EDATA where the bytes are wrong or end too early;
 * the message begins with `format`.
 *
 * `packed` ends where bare deflated bytes end (hw_packed_end_at): ISA-L looks farther ahead than it
 * can give back when a block ends there. The bytes behind a gzip member stay.
 */
HW_NODISCARD enum hw_status hw_inflate_run(struct inflate_state *inflate, struct hw_packed *packed, const char *format,
                                           bool *out_end, struct hw_error *err);

/* Gives ISA-L the bytes that are left of the block. */
void hw_inflate_give(struct inflate_state *inflate, const struct hw_packed *packed);
/* Takes back the bytes that it did not need. */
void hw_inflate_take_back(const struct inflate_state *inflate, struct hw_packed *packed);

/* Returns words for a result of ISA-L that is not ISAL_DECOMP_OK, for a message. */
const char *hw_inflate_fault(int result);

#endif
