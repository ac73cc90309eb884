/* SPDX-License-Identifier: Apache-2.0 */
/* Findings, and files that were verified, as lines for people. */
#ifndef HW_CLI_VERIFY_TEXT_H
#define HW_CLI_VERIFY_TEXT_H

#include <hawser/verify.h>

#include "cli/option.h"
#include "core/buf.h"

enum { HW_VERIFY_TEXT_BYTES = 1536 };

/* The words of enum hw_verify_level, for options. */
extern const struct hw_choice hw_verify_level_choices[];

/* Returns a finding as an error, whose line names file, row group, column, page and byte. */
struct hw_error hw_verify_line(const char *path, const struct hw_finding *finding);
/* Returns "ok", "invalid", "unsupported" or "failed". */
const char *hw_verify_outcome_word(enum hw_verify_outcome outcome);
/* Appends what is known of a file, behind its name: " (1,000 rows, 12 pages, all with CRC)\n". */
HW_NODISCARD enum hw_status hw_verify_facts(const struct hw_verified *file, struct hw_buf *out, struct hw_error *err);

#endif
