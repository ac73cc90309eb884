/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/lookahead.h"

#include "core/alloc.h"

struct lookahead {
    struct hw_stream base;
    struct hw_stream *from;
    size_t at; /* bytes of the head that were handed out */
    size_t filled;
    char head[HW_CSV_LOOKAHEAD_BYTES];
};

static enum hw_status lookahead_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                     struct hw_error *err) {
    struct lookahead *ahead = (struct lookahead *)base;
    if (ahead->at == ahead->filled) {
        return ahead->from->ops->read(ahead->from, data, bytes, out_bytes, err);
    }
    const size_t got = hw_min_size(bytes, ahead->filled - ahead->at);
    memcpy(data, ahead->head + ahead->at, got);
    ahead->at += got;
    *out_bytes = got;
    return HW_OK;
}

static void lookahead_close(struct hw_stream *base) {
    hw_free(base);
}

static const struct hw_stream_ops lookahead_ops = {lookahead_read, lookahead_close};

enum hw_status hw_csv_lookahead_open(struct hw_stream *from, struct hw_stream **out_stream, hw_view *out_head,
                                     struct hw_error *err) {
    struct lookahead *ahead = hw_alloc_zero(1, sizeof(*ahead));
    enum hw_status status = ahead ? HW_OK : hw_fail_nomem(err, sizeof(*ahead));
    size_t got = 1;
    while (status == HW_OK && got > 0 && ahead->filled < sizeof(ahead->head)) {
        status = from->ops->read(from, ahead->head + ahead->filled, sizeof(ahead->head) - ahead->filled, &got, err);
        ahead->filled += status == HW_OK ? got : 0;
    }
    if (status != HW_OK) {
        hw_free(ahead);
        return status;
    }
    ahead->base.ops = &lookahead_ops;
    ahead->from = from;
    *out_head = (hw_view){ahead->head, ahead->filled};
    *out_stream = &ahead->base;
    return HW_OK;
}
