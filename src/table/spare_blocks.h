/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that batches have given back, for those that come after them: what was freed would have to
 * be asked of the system again, page by page. Any thread may call these functions.
 */
#ifndef HW_TABLE_SPARE_BLOCKS_H
#define HW_TABLE_SPARE_BLOCKS_H

#include "core/buf.h"
#include "table/owner.h"

struct hw_spare_blocks;

/* Makes a store of at most `bytes_max` bytes. The one reference to its owner is the caller's. */
HW_NODISCARD enum hw_status hw_spare_blocks_new(size_t bytes_max, struct hw_spare_blocks **out_blocks,
                                                struct hw_error *err);
/* Returns the owner: whoever may still give blocks back keeps a reference to it. */
struct hw_owner *hw_spare_blocks_owner(struct hw_spare_blocks *blocks);
/* Takes over a block of hw_alloc. What was given back longest ago goes where there is no room. */
void hw_spare_blocks_give(struct hw_spare_blocks *blocks, uint8_t *data, size_t capacity);
/*
 * Gives an empty buffer the smallest block of at least `capacity` bytes, but of at most twice as
 * many. Without one it stays as it is.
 */
void hw_spare_blocks_take(struct hw_spare_blocks *blocks, size_t capacity, struct hw_buf *buf);

#endif
