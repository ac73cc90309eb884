/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/stream.h"

#include "core/limits.h"
#include "pipeline/span.h"

enum { INDEX_BYTES = 256 << 10 };

/* A span to be filled. */
struct filling {
    struct hw_conversion *conversion;
    struct hw_bench *bench;
    size_t number;
    struct hw_span span;
    size_t bytes; /* of complete records that lie in the bench's text */
    bool end;     /* of the text */
};

static enum hw_status span_fill(struct filling *filling, struct hw_error *err);

void hw_stream_run(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed) {
    struct hw_error err = HW_ERROR_INIT;
    struct filling filling = {.conversion = conversion, .number = number, .span = *claimed};
    enum hw_status status = hw_bench_take(conversion, &filling.bench, &err);
    if (status == HW_OK) {
        status = span_fill(&filling, &err);
    }
    pthread_mutex_lock(&conversion->shared_state.lock);
    conversion->shared_state.stream_busy = false;
    conversion->shared_state.stream_ended = filling.end || status != HW_OK;
    pthread_mutex_unlock(&conversion->shared_state.lock);
    conversion->shared->wake(conversion->shared->wake_ctx);
    if (status != HW_OK) {
        hw_span_end(&filling.span, conversion, number, filling.bench, status, &err);
        return;
    }
    hw_span_run_memory(conversion, number, &filling.span, filling.bench, filling.bytes);
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

/* A record of more than `have` bytes: goes on where it may be so long, alone where workers do not share so much. */
static enum hw_status record_allow(struct filling *filling, size_t have, struct hw_error *err) {
    const struct hw_settings *settings = &filling->conversion->shared->settings;
    if (have >= settings->record_bytes_max) {
        if (err) {
            hw_settings_record_fail(settings, filling->conversion->stream_offset, err);
            err->line = 1;
        }
        return HW_ELIMIT;
    }
    if (2 * have > hw_max_size(settings->record_bytes_shared, settings->stream_span_bytes) && !filling->span.alone) {
        HW_TRY(hw_conversion_alone(filling->conversion, filling->number, err));
        filling->span.alone = true;
    }
    return HW_OK;
}

static enum hw_status span_fill(struct filling *filling, struct hw_error *err) {
    struct hw_conversion *conversion = filling->conversion;
    struct hw_buf *text = &filling->bench->text;
    size_t wanted = (size_t)conversion->shared->settings.stream_span_bytes;
    HW_TRY(hw_buf_resize(text, HW_CSV_BLOCK_MARGIN, err));
    memset(text->data, 0, HW_CSV_BLOCK_MARGIN);
    HW_TRY(stream_start(conversion, text, &filling->end, err));
    HW_TRY(hw_buf_append(text, conversion->stream_rest.data, conversion->stream_rest.size, err));
    hw_buf_clear(&conversion->stream_rest);

    size_t have = 0;
    size_t complete = 0;
    while (complete == 0 && !filling->end) {
        size_t more = wanted > have ? wanted - have : have; /* doubled: what is there is indexed again each time */
        HW_TRY(hw_input_read(&conversion->stream, more, text, &filling->end, err));
        HW_TRY(hw_buf_reserve(text, HW_CSV_BLOCK_MARGIN, err));
        have = text->size - HW_CSV_BLOCK_MARGIN;
        HW_TRY(complete_bytes(conversion, (hw_view){(const char *)text->data + HW_CSV_BLOCK_MARGIN, have}, &complete,
                              err));
        if (complete == 0 && !filling->end) {
            HW_TRY(record_allow(filling, have, err));
        }
    }
    have = text->size - HW_CSV_BLOCK_MARGIN;
    size_t bytes = filling->end ? have : complete;
    HW_TRY(hw_buf_append(&conversion->stream_rest, text->data + HW_CSV_BLOCK_MARGIN + bytes, have - bytes, err));
    HW_TRY(hw_buf_reserve(text, HW_CSV_BLOCK_MARGIN, err));
    memset(text->data + text->size, 0, HW_CSV_BLOCK_MARGIN);
    filling->span.begin = filling->span.start = conversion->stream_offset;
    conversion->stream_offset += bytes;
    filling->bytes = bytes;
    return HW_OK;
}
