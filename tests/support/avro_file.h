/* SPDX-License-Identifier: Apache-2.0 */
/* Avro files that are put together by hand, to the last byte. */
#ifndef HW_TESTS_AVRO_FILE_H
#define HW_TESTS_AVRO_FILE_H

#include "core/buf.h"

#define AVRO_FILE_SYNC "0123456789abcdef"

/* Appends a header; `codec` NULL leaves the codec out. */
void avro_file_begin(struct hw_buf *out, const char *schema, const char *codec);
/* Appends a block of bytes as they are stored. */
void avro_file_block(struct hw_buf *out, uint64_t count, hw_view bytes);

#endif
