/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/window.h"

void hw_csv_window_release(struct hw_csv_window *window) {
    hw_buf_release(&window->buf);
}

void hw_csv_window_begin(struct hw_csv_window *window, enum hw_csv_window_kind kind, uint64_t offset,
                         uint64_t text_bytes) {
    *window = (struct hw_csv_window){
        .kind = kind,
        .own_end = UINT64_MAX,
        .text_bytes = text_bytes,
        .offset = offset,
        .buf = window->buf,
    };
}

/*
 * Moves the bytes that are not consumed to the buffer's start, and makes room for `bytes` more
 * behind them.
 */
static enum hw_status room_make(struct hw_csv_window *window, size_t bytes, struct hw_error *err) {
    const size_t have = hw_csv_window_have(window);
    if (have > 0 && window->at > 0) {
        memmove(window->buf.data + HW_CSV_BLOCK_MARGIN, hw_csv_window_data(window), have);
    }
    window->at = 0;
    window->filled = have;
    HW_TRY(hw_buf_resize(&window->buf, have + bytes + 2 * HW_CSV_BLOCK_MARGIN, err));
    return HW_OK;
}

/*
 * Sets the margins to zeros. They may hold anything, but memory that nobody has written must not be
 * read.
 */
static void margins_clear(struct hw_csv_window *window) {
    memset(window->buf.data, 0, HW_CSV_BLOCK_MARGIN);
    memset(window->buf.data + HW_CSV_BLOCK_MARGIN + window->filled, 0, HW_CSV_BLOCK_MARGIN);
}

enum hw_status hw_csv_window_put(struct hw_csv_window *window, const void *data, size_t bytes, struct hw_error *err) {
    HW_TRY(room_make(window, bytes, err));
    if (bytes > 0) {
        memcpy(window->buf.data + HW_CSV_BLOCK_MARGIN, data, bytes);
    }
    window->filled = bytes;
    margins_clear(window);
    return HW_OK;
}

/*
 * Returns the number of bytes to read at once, which is large across a network. Others read the
 * bytes beyond the part: of those it counts only as many as the last record may take.
 */
static size_t read_bytes(const struct hw_csv_window *window, size_t wanted) {
    const size_t have = hw_csv_window_have(window);
    const uint64_t at = window->offset + have;
    const size_t room = window->source->remote ? hw_max_size(wanted, window->remote_read_bytes) : wanted;
    const size_t bytes = room - have;
    if (at >= window->own_end) {
        return wanted - have;
    }
    const uint64_t own = window->own_end - at;
    return own < bytes && bytes - own > HW_CSV_LAST_RECORD_BYTES ? (size_t)own + HW_CSV_LAST_RECORD_BYTES : bytes;
}

static enum hw_status source_fill(struct hw_csv_window *window, size_t wanted, struct hw_error *err) {
    const size_t have = hw_csv_window_have(window);
    const uint64_t left = window->text_bytes - window->offset - have;
    const size_t bytes = hw_min_size(read_bytes(window, wanted), left);
    HW_TRY(room_make(window, bytes, err));
    char *to = (char *)window->buf.data + HW_CSV_BLOCK_MARGIN + have;
    HW_TRY(window->source->ops->read_at(window->source, window->offset + have, to, bytes, err));
    window->filled = have + bytes;
    return HW_OK;
}

static enum hw_status stream_fill(struct hw_csv_window *window, size_t wanted, struct hw_error *err) {
    const size_t have = hw_csv_window_have(window);
    bool end = false;
    HW_TRY(room_make(window, 0, err));
    window->buf.size = HW_CSV_BLOCK_MARGIN + have;
    HW_TRY(hw_csv_stream_read(window->stream, wanted - have, &window->buf, &end, err));
    window->filled = window->buf.size - HW_CSV_BLOCK_MARGIN;
    HW_TRY(hw_buf_resize(&window->buf, window->buf.size + HW_CSV_BLOCK_MARGIN, err));
    if (end) {
        window->text_bytes = window->offset + window->filled;
    }
    return HW_OK;
}

enum hw_status hw_csv_window_fill(struct hw_csv_window *window, size_t wanted, struct hw_error *err) {
    const size_t have = hw_csv_window_have(window);
    if (have >= wanted || window->kind == HW_CSV_WINDOW_MEMORY || window->text_bytes - window->offset == have) {
        return HW_OK;
    }
    HW_TRY(window->kind == HW_CSV_WINDOW_SOURCE ? source_fill(window, wanted, err) : stream_fill(window, wanted, err));
    margins_clear(window);
    return HW_OK;
}
