/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deflated bytes (RFC 1951) by ISA-L, block by block: bare ones as in a ZIP, or those of a gzip
 * member.
 */
#ifndef HW_CODEC_INFLATE_H
#define HW_CODEC_INFLATE_H

#include <isa-l/igzip_lib.h>

#include "codec/unpack_stream.h"

/*
 * Says where output goes; of `capacity` at most 1 GiB, because ISA-L counts in 32 bits. Returns how
 * much that is.
 */
static inline uint32_t hw_inflate_room(struct inflate_state *inflate, void *out, size_t capacity) {
    inflate->next_out = out;
    inflate->avail_out = (uint32_t)hw_min_size(capacity, HW_MIB(1024));
    return inflate->avail_out;
}

/*
 * Inflates until there is no more room, or `*out_end`: all output has come, and has the gzip
 * member's CRC and size where there is a member. HW_EDATA, beginning with `format`, where the bytes
 * are wrong or end too early.
 */
HW_NODISCARD enum hw_status hw_inflate_run(struct inflate_state *inflate, struct hw_packed *packed, const char *format,
                                           bool *out_end, struct hw_error *err);

/* Lets ISA-L read what is left of the block, and takes back what it did not need. */
void hw_inflate_give(struct inflate_state *inflate, const struct hw_packed *packed);
void hw_inflate_take_back(const struct inflate_state *inflate, struct hw_packed *packed);

/* What ISA-L means by a result below 0. */
const char *hw_inflate_fault(int result);

#endif
