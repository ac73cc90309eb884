/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in fields of fixed length: they end before the first NUL, which there has to be. */
#ifndef HW_DBN_TEXT_H
#define HW_DBN_TEXT_H

#include "core/view.h"

/*
 * Reads the text of a field. Returns NULL, or what is wrong with it in words that follow its name,
 * as "is not UTF-8"; `*out_text` is set only without a fault.
 */
const char *hw_dbn_text_read(const void *field, size_t bytes, hw_view *out_text);

#endif
