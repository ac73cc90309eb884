/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for people: names made harmless for a terminal, paragraphs wrapped, numbers shortened. */
#ifndef HW_CLI_TEXT_H
#define HW_CLI_TEXT_H

#include "core/buf.h"
#include "core/utf8.h"

/*
 * Copies a text of one line for a terminal: control characters (C0, DEL, C1) and bytes that are not
 * UTF-8 become \xHH. A text that does not fit into `out_bytes` is cut off. Returns `out`, always
 * ended with NUL.
 */
char *hw_text_escape(const char *text, char *out, size_t out_bytes);
/* Does the same for bytes that may hold NULs. */
char *hw_text_escape_view(hw_view text, char *out, size_t out_bytes);

/*
 * Appends `text`, broken at spaces so that lines keep within `width`; each line but the first is
 * indented.
 */
HW_NODISCARD enum hw_status hw_text_wrap(struct hw_buf *out, const char *text, size_t indent, size_t width,
                                         struct hw_error *err);

/* The room of the next two texts. */
enum { HW_BYTES_TEXT_BYTES = 24 };
/* Writes "999 B", "1.5 kB", "12.3 MB" or "456 GB": powers of 1000, three digits. Returns `out`. */
char *hw_text_bytes(double bytes, char *out);
/* Writes "0.4 s", "12 s", "3:05" or "1:02:03". Returns `out`. */
char *hw_text_seconds(double seconds, char *out);

#endif
