/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checksum of an object whose parts come in any order. A CRC is combined from those of the
 * parts. A digest, as MD5 or SHA-256, takes the parts in turn: each then waits, with its buffer,
 * for those before it.
 */
#ifndef HW_TRANSFER_PARTS_SUM_H
#define HW_TRANSFER_PARTS_SUM_H

#include <hawser/io.h>

#include "codec/checksum.h"
#include "core/error.h"
#include "transfer/buffers.h"
#include "transfer/in_turn.h"

struct hw_parts_sum {
    /* The checksum that the whole object has to have; its kind may be none. */
    struct hw_checksum wanted;
    uint64_t size;
    uint64_t part_bytes;
    uint64_t parts_count;
    /* The CRC of each part; NULL for digests. */
    uint64_t *crcs;
    /* The digest so far, and whose turn it is to take a buffer, and to be added. */
    struct hw_checksum_run run;
    struct hw_in_turn takes;
    struct hw_in_turn adds;
};

/* Starts the sum of `size` bytes in parts of `part_bytes`. A sum is released on failure too. */
HW_NODISCARD enum hw_status hw_parts_sum_init(struct hw_parts_sum *sum, const struct hw_checksum *wanted, uint64_t size,
                                              uint64_t part_bytes, struct hw_error *err);
void hw_parts_sum_release(struct hw_parts_sum *sum);

/* Returns the bytes of a part. */
size_t hw_parts_sum_bytes(const struct hw_parts_sum *sum, uint64_t number);
/*
 * Takes the buffer for a part. Where parts have to be added in turn they get their buffers in turn
 * too, so that none waits for one that has no room. Parts that have theirs already do not call it.
 */
HW_NODISCARD enum hw_status hw_parts_sum_buffer(struct hw_parts_sum *sum, uint64_t number, struct hw_buffers *buffers,
                                                struct hw_buffer *out_buffer, struct hw_error *err);
/* Says that a part has brought its buffer along. */
void hw_parts_sum_has_buffer(struct hw_parts_sum *sum, uint64_t number);
/*
 * Adds the bytes of a part. `crc64nvme` is theirs, which the caller knows already. HW_ECANCELLED
 * after hw_parts_sum_break.
 */
HW_NODISCARD enum hw_status hw_parts_sum_add(struct hw_parts_sum *sum, uint64_t number, const struct hw_buffer *bytes,
                                             uint64_t crc64nvme, struct hw_error *err);
/* Says that a part has failed, so that no other one waits for it. */
void hw_parts_sum_break(struct hw_parts_sum *sum);
/*
 * Compares the sum of all parts with the one that is wanted. A difference is HW_ECHECKSUM. None
 * wanted is no fault.
 */
HW_NODISCARD enum hw_status hw_parts_sum_compare(struct hw_parts_sum *sum, struct hw_error *err);

/* Fails with HW_ECHECKSUM, and names both checksums, unless they are the same. */
HW_NODISCARD enum hw_status hw_checksums_compare(const struct hw_checksum *got, const struct hw_checksum *wanted,
                                                 struct hw_error *err);

#endif
