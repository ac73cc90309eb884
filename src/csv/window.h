/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The piece of a text that is in memory while the text is read from one end to the other.
 * HW_CSV_BLOCK_MARGIN bytes around it are readable. One thread's; its buffer is kept from text to
 * text.
 */
#ifndef HW_CSV_WINDOW_H
#define HW_CSV_WINDOW_H

#include "csv/index.h"
#include "csv/text.h"

enum hw_csv_window_kind {
    HW_CSV_WINDOW_SOURCE, /* the text can be read anywhere */
    HW_CSV_WINDOW_STREAM, /* the text comes in order */
    HW_CSV_WINDOW_MEMORY, /* all bytes that will be wanted are in the window */
};

/* Bytes to read beyond a part's end: its last record ends within them as a rule. */
enum { HW_CSV_LAST_RECORD_BYTES = 8 << 10 };

struct hw_csv_window {
    enum hw_csv_window_kind kind;
    struct hw_source *source;     /* borrowed; set for a SOURCE */
    struct hw_csv_stream *stream; /* borrowed; set for a STREAM */
    size_t remote_read_bytes;     /* bytes to read at once across a network */
    /*
     * The offset at which the part ends: little beyond it is of use. UINT64_MAX: no end is known.
     */
    uint64_t own_end;
    /* Length of the text, UINT64_MAX as long as it is not known. */
    uint64_t text_bytes;
    uint64_t offset;   /* offset in the text of the byte at `at` */
    size_t at;         /* index of the first byte that is not consumed */
    size_t filled;     /* index behind the last byte that is there */
    struct hw_buf buf; /* holds margin, bytes, margin; indices count from the first of the bytes */
};

void hw_csv_window_release(struct hw_csv_window *window);

/*
 * Begins a text at `offset`. The window holds no bytes then, and keeps its buffer; `own_end` is
 * UINT64_MAX. The caller sets `source` or `stream`.
 */
void hw_csv_window_begin(struct hw_csv_window *window, enum hw_csv_window_kind kind, uint64_t offset,
                         uint64_t text_bytes);

/* Puts bytes of the text that were read before into a window that has just begun. */
HW_NODISCARD enum hw_status hw_csv_window_put(struct hw_csv_window *window, const void *data, size_t bytes,
                                              struct hw_error *err);

/*
 * Reads until `wanted` bytes are there that are not consumed. It stops before that where the text
 * ends; and where the part of a SOURCE ends, it stops HW_CSV_LAST_RECORD_BYTES behind that, unless
 * all of the part was there already.
 */
HW_NODISCARD enum hw_status hw_csv_window_fill(struct hw_csv_window *window, size_t wanted, struct hw_error *err);

/* Returns the first byte that is not consumed. Valid until the window is filled again. */
static inline const char *hw_csv_window_data(const struct hw_csv_window *window) {
    return (const char *)window->buf.data + HW_CSV_BLOCK_MARGIN + window->at;
}

/* Returns the number of bytes that are there and not consumed. */
static inline size_t hw_csv_window_have(const struct hw_csv_window *window) {
    return window->filled - window->at;
}

/* Consumes `bytes` bytes, which must be there. */
static inline void hw_csv_window_skip(struct hw_csv_window *window, size_t bytes) {
    window->at += bytes;
    window->offset += bytes;
}

#endif
