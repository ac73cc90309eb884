/* SPDX-License-Identifier: Apache-2.0 */
/* A line of the log as people read it on standard error. */
#ifndef HW_CLI_LOG_LINE_H
#define HW_CLI_LOG_LINE_H

#include <hawser/log.h>

#include "cli/cmd.h"

enum { HW_LOG_LINE_BYTES = 4096 };

/*
 * Writes a record as one line, without a newline and cut where it is longer than `out`:
 *
 *   2026-11-29T02:03:20Z warn request.retry GetObject s3://b/k: SlowDown, HTTP 503, try 2,
 *   next in 0.41 s, request VQ2N8P5T0C7XW1ZB
 *
 * What does not apply is left out.
 */
void hw_log_line(const struct hw_log_record *record, int64_t now_us, char out[HW_LOG_LINE_BYTES]);

/*
 * The `write` of a struct hw_log whose `ctx` is a struct hw_cli: writes the line to standard error.
 */
void hw_log_line_write(void *cli, const struct hw_log_record *record);

#endif
