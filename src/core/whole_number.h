/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole numbers in decimal, as options, settings, headers and documents have them: ASCII digits
 * only, with no sign and no blanks. The numbers of CSV have readers of their own (csv/number.h).
 */
#ifndef HW_CORE_WHOLE_NUMBER_H
#define HW_CORE_WHOLE_NUMBER_H

#include "core/view.h"

/*
 * Takes the digits at the front of `text` off it, and sets `*out_number` to their number. Returns
 * false, and changes neither, where there are none or the number does not fit.
 */
bool hw_whole_number_take(hw_view *text, uint64_t *out_number);

/*
 * Sets `*out_number` to the number that `text` is. Returns false, and leaves it unchanged, where
 * the text is empty, has anything but digits, or the number does not fit.
 */
bool hw_whole_number_read(hw_view text, uint64_t *out_number);

#endif
