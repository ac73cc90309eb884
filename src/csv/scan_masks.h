/* SPDX-License-Identifier: Apache-2.0 */
/* Makes masks that say which of 64 bytes have a meaning in a dialect. */
#ifndef HW_CSV_SCAN_MASKS_H
#define HW_CSV_SCAN_MASKS_H

#include "csv/dialect.h"

enum { HW_CSV_CHUNK_BYTES = 64 };

/* The masks of one chunk. Bit n says whether byte n of the chunk is that character. */
struct hw_csv_masks {
    uint64_t quote;
    uint64_t delimiter;
    uint64_t end;
    uint64_t carriage_return;
    uint64_t high; /* the byte is above 0x7f */
};

/* Fills `out` with the masks of `chunks` chunks that begin at `data`, which all are readable. */
typedef void hw_csv_masks_fn(const struct hw_csv_dialect *dialect, const char *data, size_t chunks,
                             struct hw_csv_masks *out);

/* These differ in the instructions that they need: none of their own, AVX2, and AVX-512BW. */
hw_csv_masks_fn hw_csv_masks_portable;
#if defined(__x86_64__)
hw_csv_masks_fn hw_csv_masks_avx2;
hw_csv_masks_fn hw_csv_masks_avx512;
#endif

/* Returns the fastest of them that this processor can run. */
hw_csv_masks_fn *hw_csv_masks_best(void);

#endif
