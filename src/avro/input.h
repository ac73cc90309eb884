/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what lies around the blocks of an Avro file, as it comes from a source or a stream. */
#ifndef HW_AVRO_INPUT_H
#define HW_AVRO_INPUT_H

#include "codec/packed.h"
#include "core/buf.h"

/* Errors of these functions are HW_EDATA, with the offset in the file. `thing` is what is read. */

/* Reads a long. */
HW_NODISCARD enum hw_status hw_avro_input_long(struct hw_packed *input, const char *thing, int64_t *out_value,
                                               struct hw_error *err);
/* Reads exactly `bytes` bytes. */
HW_NODISCARD enum hw_status hw_avro_input_bytes(struct hw_packed *input, const char *thing, void *out, size_t bytes,
                                                struct hw_error *err);
/*
 * Reads `bytes` bytes to the buffer, in place of what it holds. Where the input has fewer, no more
 * memory is taken than for twice of what it has.
 */
HW_NODISCARD enum hw_status hw_avro_input_buf(struct hw_packed *input, const char *thing, struct hw_buf *out,
                                              size_t bytes, struct hw_error *err);

#endif
