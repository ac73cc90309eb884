/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of a batch that is being made: buffers that were filled elsewhere and are moved here,
 * and the columns themselves. All of it lives as long as the batch.
 */
#ifndef HW_TABLE_BATCH_MEMORY_H
#define HW_TABLE_BATCH_MEMORY_H

#include "core/buf.h"
#include "table/owner.h"
#include "table/spare_blocks.h"

struct hw_batch_memory;

/*
 * Makes one without anything in it; it keeps a reference to the owner of the batch's schema.
 * `spare`, to which it keeps one too, gets the memory of buffers back that were exchanged; NULL: it
 * is freed.
 */
HW_NODISCARD enum hw_status hw_batch_memory_new(struct hw_owner *schema_owner, struct hw_spare_blocks *spare,
                                                struct hw_batch_memory **out_memory, struct hw_error *err);
/* Frees memory that no batch has got. Accepts NULL. */
void hw_batch_memory_free(struct hw_batch_memory *memory);
/*
 * Returns zeroed bytes for small things, as arrays of columns and bitmaps; HW_BATCH_PADDING bytes
 * behind them may be read. NULL when out of memory.
 */
HW_NODISCARD void *hw_batch_memory_alloc(struct hw_batch_memory *memory, size_t bytes);
/*
 * Takes over the memory of a buffer, which is empty afterwards, also where it fails. At least
 * HW_BATCH_PADDING bytes behind its content become readable. The content is in `*out_data`, which
 * is never NULL.
 */
HW_NODISCARD enum hw_status hw_batch_memory_move(struct hw_batch_memory *memory, struct hw_buf *buf,
                                                 const void **out_data, struct hw_error *err);
/* Gives an empty buffer the memory of an earlier batch, if one fits `bytes` bytes. */
void hw_batch_memory_room(struct hw_batch_memory *memory, size_t bytes, struct hw_buf *buf);
/*
 * Moves a buffer as well, and gives it the memory of an earlier batch for the bytes that come next,
 * if there is some.
 */
HW_NODISCARD enum hw_status hw_batch_memory_exchange(struct hw_batch_memory *memory, struct hw_buf *buf,
                                                     const void **out_data, struct hw_error *err);
/*
 * Returns the owner for the batch, whose one reference is the caller's. The last one that is given
 * back frees the memory.
 */
struct hw_owner *hw_batch_memory_owner(struct hw_batch_memory *memory);

#endif
