/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: places where a file is not as its format, or as the file itself, says that it is. */
#ifndef HAWSER_VERIFY_H
#define HAWSER_VERIFY_H

#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The part of a file that is looked at. */
enum hw_verify_level {
    HW_VERIFY_FOOTER, /**< The facts at its end, without any page. */
    HW_VERIFY_PAGES,  /**< Every byte, but no value. */
    HW_VERIFY_VALUES  /**< Every value, and whether statistics are true. */
};

enum hw_severity {
    HW_SEVERITY_ERROR,   /**< The file is wrong. */
    HW_SEVERITY_WARNING, /**< Readers may stumble over it, or the format does not define it. */
    HW_SEVERITY_INFO     /**< Worth knowing. */
};

/** A finding. Its texts are borrowed for the call that hands it out. */
struct hw_finding {
    enum hw_verify_level level;
    enum hw_severity severity;
    const char *code;    /**< A word that stays the same between versions: "footer.magic". */
    const char *message; /**< A sentence for people. */
    int64_t row_group;   /**< -1: the finding is of none, or nobody knows; so below. */
    const char *column;  /**< The path of the column, "a.b"; NULL. */
    int64_t page;        /**< Counted from 0 in its column chunk, the dictionary page too; -1. */
    int64_t offset;      /**< The byte of the file; -1. */
};
/** Takes a finding. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_finding_fn(void *ctx, const struct hw_finding *finding, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
