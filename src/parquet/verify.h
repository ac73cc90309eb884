/* SPDX-License-Identifier: Apache-2.0 */
/* Verifies a Parquet file, for hawser/verify.h. */
#ifndef HW_PARQUET_VERIFY_H
#define HW_PARQUET_VERIFY_H

#include <stdbool.h>

#include <hawser/io.h>
#include <hawser/verify.h>

struct hw_parquet_verify_options {
    enum hw_verify_level level;
    /* The columns that are looked at, a list as table/selection.h has it; NULL: all. */
    const char *columns;
    /* The most bytes of pages and windows, except for single large pages. */
    size_t memory_bytes;
    size_t page_bytes_max;
    /* The sum of the whole file is asked for; it is known where all of its bytes are read. */
    bool sum;
};

/* The sums of a check. */
struct hw_parquet_verified {
    int64_t rows; /* -1: the footer cannot be read */
    uint64_t pages;
    uint64_t pages_without_crc;
    uint64_t bytes_read;
    uint64_t reads;
    /* The CRC-64/NVME of the file, if it is known. */
    bool has_sum;
    uint64_t sum;
};

/*
 * Verifies the file, and tells `found` of all that is wrong. A file with hawser.checksum is held to
 * it: at level footer to the sum of the footer, at the others to both, unless columns are chosen.
 *
 * HW_OK: all was looked at. HW_EUNSUPPORTED or HW_ELIMIT: something cannot be read, the rest was
 * looked at. HW_EUSAGE for a column that is not there. Other failures are those of reading, and
 * that of `found`. `out` is set in any case, as far as the check has come.
 */
HW_NODISCARD enum hw_status hw_parquet_verify(struct hw_source *source, const struct hw_parquet_verify_options *options,
                                              hw_finding_fn *found, void *ctx, struct hw_parquet_verified *out,
                                              struct hw_error *err);

#endif
