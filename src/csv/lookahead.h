/* SPDX-License-Identifier: Apache-2.0 */
/* A stream whose first bytes can be looked at before it is read. */
#ifndef HW_CSV_LOOKAHEAD_H
#define HW_CSV_LOOKAHEAD_H

#include "core/stream.h"
#include "core/view.h"

enum { HW_CSV_LOOKAHEAD_BYTES = 2048 };

/*
 * Opens `from`, which is borrowed until the new stream is closed, and reads its first bytes:
 * HW_CSV_LOOKAHEAD_BYTES, or all where it has fewer. `*out_head` shows them, as long as the stream
 * is open; reading it gives them once more.
 */
HW_NODISCARD enum hw_status hw_csv_lookahead_open(struct hw_stream *from, struct hw_stream **out_stream,
                                                  hw_view *out_head, struct hw_error *err);

#endif
