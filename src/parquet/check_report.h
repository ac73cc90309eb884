/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the findings of a check, with the place where the check is. */
#ifndef HW_PARQUET_CHECK_REPORT_H
#define HW_PARQUET_CHECK_REPORT_H

#include <hawser/verify.h>

#include "parquet/read_file.h"

enum { HW_CHECK_PATH_BYTES = 1024 };

struct hw_check_report {
    /* The file, as far as it has been read. */
    struct hw_read_file file;
    /* The first bytes of the file. */
    uint8_t start[HW_PARQUET_MAGIC_BYTES];
    hw_finding_fn *found;
    void *ctx;
    struct hw_error *err;
    enum hw_verify_level level;
    /* The CRC-64/NVME that the file says its bytes before the footer have, if it says one. */
    bool has_sum;
    uint64_t sum_before;
    /* The place, of which a finding has what is known; -1 and NULL where there is none. */
    int64_t row_group;
    const struct hw_read_leaf *leaf;
    int64_t page;
    /* The first thing that cannot be read, and why; HW_OK: all can. */
    enum hw_status unread;
    struct hw_error unread_error;
    /* The pages that were read. */
    uint64_t pages;
    uint64_t pages_without_crc;
};

/* Returns a report of the level of footers, without a file and without a place. */
struct hw_check_report hw_check_report_new(hw_finding_fn *found, void *ctx, struct hw_error *err);
/* Tells a finding at the place. `offset` is that of the file, or -1. */
HW_NODISCARD enum hw_status hw_check_tell(struct hw_check_report *report, enum hw_severity severity, const char *code,
                                          int64_t offset, const char *format, ...) HW_PRINTF(5, 6);
/* Returns whether a failure says that the file is wrong. Others are those of reading it. */
bool hw_check_is_finding(enum hw_status status);
/* Keeps a failure that says what cannot be read, with the place; the check goes on. */
void hw_check_unread(struct hw_check_report *report, enum hw_status status, const struct hw_error *error);
/* Tells a failure as a finding: its message and its offset. */
HW_NODISCARD enum hw_status hw_check_tell_error(struct hw_check_report *report, const char *code,
                                                const struct hw_error *error);

#endif
