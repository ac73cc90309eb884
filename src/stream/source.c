/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/source.h"

#include "table/batch_check.h"

static enum hw_status batch_ask(struct hw_stream_source *source, bool *out_more, struct hw_error *err);

enum hw_status hw_stream_source_next(struct hw_stream_source *source, struct hw_error *err) {
    bool more = false;
    hw_stream_source_release(source);
    source->batches++;
    enum hw_status status = batch_ask(source, &more, err);
    if (status == HW_OK && more) {
        status = hw_batch_check(source->stream->schema, &source->batch, err);
    }
    if (status != HW_OK) {
        hw_error_prefix(err, "batch %" PRIu64, source->batches);
        hw_stream_source_release(source);
        return status;
    }
    source->ended = !more;
    return HW_OK;
}

/*
 * Asks the program, whose word is not taken for more than it says: a failure may come without an
 * error, or with a status that there is not.
 */
static enum hw_status batch_ask(struct hw_stream_source *source, bool *out_more, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_batch batch = {0};
    bool more = false;
    enum hw_status status = source->stream->next(source->stream, &batch, &more, &fault);
    if (status == HW_OK) {
        source->batch = more ? batch : (struct hw_batch){0};
        *out_more = more;
        return HW_OK;
    }
    if ((unsigned)status >= HW_STATUS_COUNT) {
        return hw_fail(err, HW_EFAILED, "the stream failed with %d, which is no status", (int)status);
    }
    return fault.status == status ? hw_error_pass(err, status, &fault) : hw_fail(err, status, "the stream failed");
}

void hw_stream_source_release(struct hw_stream_source *source) {
    hw_batch_release(&source->batch);
    source->row = 0;
}
