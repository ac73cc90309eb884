/* SPDX-License-Identifier: Apache-2.0 */
/* Takes secrets out of texts that came from outside, before anybody reads them. */
#ifndef HW_S3_MASK_H
#define HW_S3_MASK_H

#include "core/error.h"

/*
 * A part of a secret that is as long as this is taken out, however the rest of it was cut or
 * escaped.
 */
enum { HW_MASK_BYTES_MIN = 8 };

/*
 * Writes "***" over every part of `secret` in `text` that has HW_MASK_BYTES_MIN bytes or more, or
 * over the whole secret where it is shorter. A secret of less than four bytes is a word, not a
 * secret, and stays. Never makes `text` longer.
 */
void hw_s3_mask(char *text, const char *secret);
/* The same for every text of an error that a service can have a say in. Accepts NULL. */
void hw_s3_mask_error(struct hw_error *err, const char *secret);

#endif
