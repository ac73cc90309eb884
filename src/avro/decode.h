/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes the items of unpacked blocks, by a program, to batches. */
#ifndef HW_AVRO_DECODE_H
#define HW_AVRO_DECODE_H

#include "avro/resolve.h"
#include "core/view.h"

/* The size at which a batch is full. A single row may be larger. */
struct hw_avro_batch_size {
    size_t rows;
    size_t bytes;
};

struct hw_avro_decoder;

/* Makes the decoder of one thread. `program` is borrowed. */
HW_NODISCARD enum hw_status hw_avro_decoder_new(const struct hw_avro_program *program, struct hw_avro_batch_size size,
                                                struct hw_avro_decoder **out_decoder, struct hw_error *err);
/* Accepts NULL. */
void hw_avro_decoder_free(struct hw_avro_decoder *decoder);

/*
 * Begins with a block of `count` items, behind which HW_AVRO_BLOCK_ROOM bytes are readable; it is
 * borrowed until its last item was decoded. HW_EDATA where so many items cannot be in it.
 */
HW_NODISCARD enum hw_status hw_avro_decoder_begin(struct hw_avro_decoder *decoder, hw_view block, uint64_t count,
                                                  struct hw_error *err);
/*
 * Decodes items of the block behind the rows that are there, until the block has ended or the rows
 * make a batch, which `*out_full` tells. HW_EDATA where a value is none of its type, or the items
 * do not end where the block does: with the column, the item of the block from 0, and the byte of
 * the unpacked block. HW_ELIMIT beyond the limits of memory and of HW_AVRO_EMPTY_ITEMS_MAX. After a
 * failure only return, clear or free.
 */
HW_NODISCARD enum hw_status hw_avro_decoder_run(struct hw_avro_decoder *decoder, bool *out_full, struct hw_error *err);
/* Returns the rows that wait to be handed out. */
size_t hw_avro_decoder_rows(const struct hw_avro_decoder *decoder);
/* Returns the bytes that these take in columns. */
size_t hw_avro_decoder_used(const struct hw_avro_decoder *decoder);
/* Sets the bytes of memory that the decoder may hold; at first HW_AVRO_BATCH_BYTES_MAX. */
void hw_avro_decoder_limit(struct hw_avro_decoder *decoder, size_t bytes);
/* Returns the bytes of memory that the decoder holds. */
size_t hw_avro_decoder_held(const struct hw_avro_decoder *decoder);
/* Hands out these rows. The batch has no owner: it stays until the next call but held. */
HW_NODISCARD enum hw_status hw_avro_decoder_batch(struct hw_avro_decoder *decoder, struct hw_batch *out_batch,
                                                  struct hw_error *err);
/*
 * Marks the rows that wait, between two blocks, so that what comes of later ones can be forgotten.
 * False where that is not worth its time, since so few bytes came after the last mark.
 */
bool hw_avro_decoder_mark(struct hw_avro_decoder *decoder);
/* Forgets block and rows behind the mark, also after a failure. */
void hw_avro_decoder_return(struct hw_avro_decoder *decoder);
/* Forgets rows and block. Memory beyond `keep_bytes` is given back. */
void hw_avro_decoder_clear(struct hw_avro_decoder *decoder, size_t keep_bytes);

#endif
