/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/portion.h"

#include "csv/scan.h"

enum { INDEX_BYTES = 256 << 10 };

/* Opens the text, and leaves out what stands before its first row. */
static enum hw_status stream_open(struct hw_csv_table *table, struct hw_error *err) {
    struct hw_csv_table_stream *stream = &table->stream;
    const size_t body = (size_t)table->inputs.items[0].body_offset;
    HW_TRY(hw_csv_stream_open(&stream->text, &stream->stream, err));
    HW_TRY(hw_csv_stream_read(&stream->stream, body, &stream->rest, &stream->ended, err));
    hw_buf_clear(&stream->rest);
    stream->offset = body;
    return HW_OK;
}

enum hw_status hw_csv_portion_begin(struct hw_csv_table *table, struct hw_csv_window *window, struct hw_error *err) {
    struct hw_csv_table_stream *stream = &table->stream;
    if (!stream->stream.text) {
        HW_TRY(stream_open(table, err));
    }
    const uint64_t text_bytes = stream->ended ? stream->offset + stream->rest.size : UINT64_MAX;
    hw_csv_window_begin(window, HW_CSV_WINDOW_STREAM, stream->offset, text_bytes);
    window->stream = &stream->stream;
    return hw_csv_window_put(window, stream->rest.data, stream->rest.size, err);
}

/*
 * Returns whether every record end of the dialect in `text`, which begins with a record, ends one:
 * no quote stands there, nor anything else that could make it a byte of a value.
 */
static bool ends_are_plain(const struct hw_csv_dialect *dialect, hw_view text) {
    return dialect->escape == '\0' && dialect->comment == '\0' &&
           (dialect->quote == '\0' || !memchr(text.data, dialect->quote, text.size));
}

/* Returns how many bytes of `text` there are up to its last record end, this included. */
static size_t plain_bytes(const struct hw_csv_dialect *dialect, hw_view text) {
    size_t bytes = text.size;
    while (bytes > 0 && text.data[bytes - 1] != dialect->end) {
        bytes--;
    }
    return bytes;
}

/*
 * Finds how many bytes of `text`, which begins with a record, are complete records, block by block.
 * Most blocks of most tables have no quote, and need no index.
 */
static enum hw_status complete_bytes(const struct hw_csv_dialect *dialect, hw_view text, size_t *out_bytes,
                                     struct hw_error *err) {
    HW_AUTO(hw_csv_index) index = {0};
    size_t done = 0;
    size_t block = INDEX_BYTES;
    while (done < text.size) {
        const hw_view part = {text.data + done, hw_min_size(text.size - done, block)};
        size_t consumed;
        if (ends_are_plain(dialect, part)) {
            consumed = plain_bytes(dialect, part);
        } else {
            HW_TRY(hw_csv_index_run(&index, dialect, part.data, part.size, false, err));
            consumed = index.record_starts[index.records];
        }
        if (consumed == 0 && part.size == text.size - done) {
            break;
        }
        block = consumed > 0 ? INDEX_BYTES : block * 2;
        done += consumed;
    }
    *out_bytes = done;
    return HW_OK;
}

enum hw_status hw_csv_portion_hold(struct hw_csv_table *table, struct hw_csv_window *window, size_t bytes,
                                   size_t *out_bytes, struct hw_error *err) {
    HW_TRY(hw_csv_window_fill(window, bytes, err));
    const size_t have = hw_min_size(hw_csv_window_have(window), bytes);
    if (window->text_bytes - window->offset == have) {
        *out_bytes = have;
        return HW_OK;
    }
    const hw_view text = {hw_csv_window_data(window), have};
    return complete_bytes(&table->inputs.items[0].form->dialect, text, out_bytes, err);
}

enum hw_status hw_csv_portion_hand_on(struct hw_csv_table *table, struct hw_csv_window *window, size_t bytes,
                                      struct hw_error *err) {
    struct hw_csv_table_stream *stream = &table->stream;
    const size_t rest = hw_csv_window_have(window) - bytes;
    hw_buf_clear(&stream->rest);
    HW_TRY(hw_buf_append(&stream->rest, hw_csv_window_data(window) + bytes, rest, err));
    stream->offset = window->offset + bytes;
    stream->ended = window->text_bytes != UINT64_MAX;
    window->kind = HW_CSV_WINDOW_MEMORY;
    window->filled = window->at + bytes;
    window->text_bytes = window->offset + bytes;
    return HW_OK;
}
