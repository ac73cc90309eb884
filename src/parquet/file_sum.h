/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checksums that a file of ours has of itself, by which every bit of it is covered: the last
 * pair of the footer's key-value metadata, `hawser.checksum`. Its value is
 *
 *   crc64nvme=<16 digits>;footer=<8 digits>
 *
 * The first is the CRC-64/NVME of all bytes before the footer. The second is the CRC-32C of the
 * footer's Thrift bytes, in which its own digits count as "00000000". Digits are hexadecimal, in
 * lower case.
 */
#ifndef HW_PARQUET_FILE_SUM_H
#define HW_PARQUET_FILE_SUM_H

#include "core/base.h"
#include "core/view.h"

#define HW_FILE_SUM_KEY "hawser.checksum"
/* The bytes of the value, those before the digits of the footer's sum, and these digits. */
enum { HW_FILE_SUM_BYTES = 42, HW_FILE_SUM_FOOTER_AT = 34, HW_FILE_SUM_FOOTER_DIGITS = 8 };

struct hw_file_sum {
    uint64_t before;
    uint32_t footer;
};

/* Writes the value, which a NUL ends. */
void hw_file_sum_write(const struct hw_file_sum *sum, char out[HW_FILE_SUM_BYTES + 1]);
/* Reads what hw_file_sum_write writes. False for any other text. */
bool hw_file_sum_read(hw_view value, struct hw_file_sum *out_sum);
/* Returns the sum of a footer whose own digits stand at `digits_at`. */
uint32_t hw_file_sum_footer(hw_view footer, size_t digits_at);
/* Returns whether the bytes of such a pair are anywhere in a footer, however damaged that is. */
bool hw_file_sum_within(hw_view footer);

#endif
