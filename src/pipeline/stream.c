/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stream.h"

#include "core/limits.h"
#include "pipeline/span.h"

enum { INDEX_BYTES = 256 << 10 };

static enum hw_status span_fill(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_span *span,
                                size_t *out_bytes, bool *out_end, struct hw_error *err);

void hw_stream_run(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_bench *bench = NULL;
    struct hw_span span = *claimed;
    size_t bytes = 0;
    bool end = false;
    enum hw_status status = hw_bench_take(conversion, &bench, &err);
    if (status == HW_OK) {
        status = span_fill(conversion, bench, &span, &bytes, &end, &err);
    }
    pthread_mutex_lock(&conversion->shared_state.lock);
    conversion->shared_state.stream_busy = false;
    conversion->shared_state.stream_ended = end || status != HW_OK;
    pthread_mutex_unlock(&conversion->shared_state.lock);
    conversion->shared->wake(conversion->shared->wake_ctx);
    if (status != HW_OK) {
        hw_span_end(&span, conversion, number, bench, status, &err);
        return;
    }
    hw_span_run_memory(conversion, number, &span, bench, bytes);
}

/* Bytes of `text` that are complete records, found block by block from a record's start. */
static enum hw_status complete_bytes(const struct hw_conversion *conversion, hw_view text, size_t *out_bytes,
                                     struct hw_error *err) {
    HW_AUTO(hw_csv_index) index = {0};
    size_t done = 0;
    size_t block = INDEX_BYTES;
    while (done < text.size) {
        size_t bytes = hw_min_size(text.size - done, block);
        HW_TRY(hw_csv_index_run(&index, &conversion->texts->items[0].dialect, text.data + done, bytes, false, err));
        size_t consumed = index.record_starts[index.records];
        if (consumed == 0 && bytes == text.size - done) {
            break;
        }
        block = consumed > 0 ? INDEX_BYTES : block * 2;
        done += consumed;
    }
    *out_bytes = done;
    return HW_OK;
}

/* Opens the text where that is still to be done, and leaves out what stands before its first row. */
static enum hw_status stream_start(struct hw_conversion *conversion, struct hw_buf *text, bool *out_end,
                                   struct hw_error *err) {
    if (conversion->stream.text) {
        return HW_OK;
    }
    HW_TRY(hw_input_open(&conversion->stream_input, &conversion->stream, err));
    size_t body = (size_t)conversion->texts->items[0].body_offset;
    HW_TRY(hw_input_read(&conversion->stream, body, text, out_end, err));
    text->size = HW_CSV_BLOCK_MARGIN;
    conversion->stream_offset = body;
    return HW_OK;
}

static enum hw_status span_fill(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_span *span,
                                size_t *out_bytes, bool *out_end, struct hw_error *err) {
    struct hw_buf *text = &bench->text;
    size_t wanted = (size_t)conversion->shared->stream_span_bytes;
    HW_TRY(hw_buf_resize(text, HW_CSV_BLOCK_MARGIN, err));
    memset(text->data, 0, HW_CSV_BLOCK_MARGIN);
    HW_TRY(stream_start(conversion, text, out_end, err));
    HW_TRY(hw_buf_append(text, conversion->stream_rest.data, conversion->stream_rest.size, err));
    hw_buf_clear(&conversion->stream_rest);

    size_t have = 0;
    size_t complete = 0;
    while (complete == 0 && !*out_end) {
        size_t more = wanted > have ? wanted - have : have; /* doubled: what is there is indexed again each time */
        HW_TRY(hw_input_read(&conversion->stream, more, text, out_end, err));
        HW_TRY(hw_buf_reserve(text, HW_CSV_BLOCK_MARGIN, err));
        have = text->size - HW_CSV_BLOCK_MARGIN;
        HW_TRY(complete_bytes(conversion, (hw_view){(const char *)text->data + HW_CSV_BLOCK_MARGIN, have}, &complete,
                              err));
        if (complete == 0 && !*out_end && have > HW_CSV_RECORD_BYTES_MAX) {
            hw_error_set_at(err, HW_ELIMIT, (int64_t)conversion->stream_offset,
                            "a record is longer than %" PRIu64 " bytes: is a quote never closed?",
                            (uint64_t)HW_CSV_RECORD_BYTES_MAX);
            if (err) {
                err->line = 1;
            }
            return HW_ELIMIT;
        }
    }
    have = text->size - HW_CSV_BLOCK_MARGIN;
    size_t bytes = *out_end ? have : complete;
    HW_TRY(hw_buf_append(&conversion->stream_rest, text->data + HW_CSV_BLOCK_MARGIN + bytes, have - bytes, err));
    HW_TRY(hw_buf_reserve(text, HW_CSV_BLOCK_MARGIN, err));
    memset(text->data + text->size, 0, HW_CSV_BLOCK_MARGIN);
    span->begin = span->start = conversion->stream_offset;
    conversion->stream_offset += bytes;
    *out_bytes = bytes;
    return HW_OK;
}
