/* SPDX-License-Identifier: Apache-2.0 */
/* Takes secrets out of texts that came from outside, before anybody reads them. */
#ifndef HW_CORE_MASK_H
#define HW_CORE_MASK_H

#include "core/error.h"

/*
 * The length from which a part of a secret is taken out, however the rest of the secret was cut off
 * or escaped.
 */
enum { HW_MASK_BYTES_MIN = 8 };

/*
 * Puts "***" in the place of every part of `secret` in `text` that has HW_MASK_BYTES_MIN bytes or
 * more. A shorter secret is taken out as a whole, but one of less than four bytes stays: it is a
 * word, not a secret. `text` never gets longer.
 */
void hw_mask(char *text, const char *secret);
/* Does the same to every text of an error that may hold words of a service. Accepts NULL. */
void hw_mask_error(struct hw_error *err, const char *secret);

#endif
