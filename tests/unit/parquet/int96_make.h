/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files with columns of INT96, which Hawser does not make of tables: their writer gets fixed values
 * of 12 bytes, and afterwards the footer is told that they are INT96.
 */
#ifndef HW_TESTS_INT96_MAKE_H
#define HW_TESTS_INT96_MAKE_H

#include "core/buf.h"
#include "parquet/int96.h"
#include "support/rows.h"

/*
 * Makes INT96 of all columns of 12 bytes in a file. Its encodings have to be those of INT96, PLAIN
 * and dictionaries (HW_PARQUET_COMPAT).
 */
static inline void int96_make(struct hw_buf *file) {
    /* FIXED_LEN_BYTE_ARRAY is 7, and INT96 is 3; Thrift writes twice that. */
    static const uint8_t element[] = {0x15, 14, 0x15, 24}, chunk[] = {0x15, 14, 0x19};
    assert_true(file->size > 12);
    const size_t bytes = hw_load_le32(file->data + file->size - 8);
    assert_true(bytes <= file->size - 8);
    uint8_t *footer = file->data + file->size - 8 - bytes;
    for (size_t i = 0; i + sizeof(element) <= bytes; i++) {
        if (memcmp(footer + i, element, sizeof(element)) == 0 || memcmp(footer + i, chunk, sizeof(chunk)) == 0) {
            footer[i + 1] = 6;
        }
    }
}

#endif
