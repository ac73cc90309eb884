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
    hw_finding_fn *found;
    void *ctx;
    struct hw_error *err;
    enum hw_verify_level level;
    /* The place; -1 and NULL where there is none. */
    int64_t row_group;
    const struct hw_read_leaf *leaf;
};

/* Tells a finding at the place. `offset` is that of the file, or -1. */
HW_NODISCARD enum hw_status hw_check_tell(struct hw_check_report *report, enum hw_severity severity, const char *code,
                                          int64_t offset, const char *format, ...) HW_PRINTF(5, 6);
/* Tells a failure as a finding: its message and its offset. */
HW_NODISCARD enum hw_status hw_check_tell_error(struct hw_check_report *report, const char *code,
                                                const struct hw_error *error);

#endif
