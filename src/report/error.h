/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of an error, as every report and every line of --json has it. */
#ifndef HW_REPORT_ERROR_H
#define HW_REPORT_ERROR_H

#include "core/error.h"
#include "core/json_write.h"

/* An error as one line has room. */
enum { HW_REPORT_ERROR_BYTES = 1536 };

/*
 * Writes the key "error": what is known of the error on its own, and all of it as one line, which
 * is that of standard error. NULL is written as null.
 */
void hw_report_error(struct hw_json_writer *json, const struct hw_error *error);
/* Writes a text; one that is NULL or empty is written as null. */
void hw_report_word(struct hw_json_writer *json, const char *key, const char *word);

#endif
