/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The piece of a text that is in memory while it is read from one end to the other.
 * HW_CSV_BLOCK_MARGIN bytes around it are readable. One thread's; its buffer is kept from text to
 * text.
 */
#ifndef HW_CSV_WINDOW_H
#define HW_CSV_WINDOW_H

#include "csv/index.h"
#include "csv/text.h"

enum hw_csv_window_kind {
    HW_CSV_WINDOW_SOURCE, /* The text can be read anywhere. */
    HW_CSV_WINDOW_STREAM, /* The text comes in order. */
    HW_CSV_WINDOW_MEMORY, /* All that is wanted of the text is in the window. */
};

/* read beyond a part's end, where its last record ends as a rule */
enum { HW_CSV_LAST_RECORD_BYTES = 8 << 10 };

struct hw_csv_window {
    enum hw_csv_window_kind kind;
    struct hw_source *source;     /* of a SOURCE, borrowed */
    struct hw_csv_stream *stream; /* of a STREAM, borrowed */
    size_t remote_read_bytes;     /* that are read at once across a network */
    /* where the part ends: little beyond it is of use. UINT64_MAX: nowhere */
    uint64_t own_end;
    /* the text's end, as an offset in it; UINT64_MAX as long as it is not known */
    uint64_t text_bytes;
    uint64_t offset;   /* in the text, of the byte at `at` */
    size_t at;         /* first byte that is not consumed */
    size_t filled;     /* end of the bytes that are there */
    struct hw_buf buf; /* margin, bytes, margin */
};

void hw_csv_window_release(struct hw_csv_window *window);

/* Begins a text at `offset`, which is empty so far; the buffer stays. `own_end` is UINT64_MAX. */
void hw_csv_window_begin(struct hw_csv_window *window, enum hw_csv_window_kind kind, uint64_t offset,
                         uint64_t text_bytes);

/* Puts bytes of a text that were read before at the start of a window that has just begun. */
HW_NODISCARD enum hw_status hw_csv_window_put(struct hw_csv_window *window, const void *data, size_t bytes,
                                              struct hw_error *err);

/*
 * Reads until `wanted` bytes are there, fewer only where the text ends; or, of a SOURCE whose
 * part's end was not there yet, HW_CSV_LAST_RECORD_BYTES behind that.
 */
HW_NODISCARD enum hw_status hw_csv_window_fill(struct hw_csv_window *window, size_t wanted, struct hw_error *err);

static inline const char *hw_csv_window_data(const struct hw_csv_window *window) {
    return (const char *)window->buf.data + HW_CSV_BLOCK_MARGIN + window->at;
}

static inline size_t hw_csv_window_have(const struct hw_csv_window *window) {
    return window->filled - window->at;
}

/* Consumes bytes that are there. */
static inline void hw_csv_window_skip(struct hw_csv_window *window, size_t bytes) {
    window->at += bytes;
    window->offset += bytes;
}

#endif
