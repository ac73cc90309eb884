/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of 64 bytes are structural: the only part of the scan that is written per instruction set.
 */
#ifndef HW_CSV_SCAN_MASKS_H
#define HW_CSV_SCAN_MASKS_H

#include "csv/dialect.h"

enum { HW_CSV_CHUNK_BYTES = 64 };

/* Bit n: byte n of the chunk is that character. */
struct hw_csv_masks {
    uint64_t quote;
    uint64_t delimiter;
    uint64_t end;
    uint64_t carriage_return;
    uint64_t high; /* above 0x7f */
};

/* Fills `out` for `chunks` chunks of 64 bytes. */
typedef void hw_csv_masks_fn(const struct hw_csv_dialect *dialect, const char *data, size_t chunks,
                             struct hw_csv_masks *out);

hw_csv_masks_fn hw_csv_masks_portable;
#if defined(__x86_64__)
hw_csv_masks_fn hw_csv_masks_avx2;
hw_csv_masks_fn hw_csv_masks_avx512;
#endif

/* The best of them for this processor. */
hw_csv_masks_fn *hw_csv_masks_best(void);

#endif
