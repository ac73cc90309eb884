/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_bytes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"

/* Bytes behind a view that decoders may read. */
enum { PADDING = 64 };

#define WINDOW_BYTES_MIN HW_KIB(4)

/* Bytes of the file that are read together, for one chunk or for several. */
struct span {
    uint64_t start;
    uint64_t end;
    /* NULL until it is read; freed once no chunk uses it. */
    uint8_t *data;
    /* The chunks that have not been dropped. */
    size_t users;
};

struct chunk {
    struct hw_chunk_range range;
    /* NULL: the chunk has windows of its own. */
    struct span *span;
    /* The window: bytes from `window_at` on. */
    uint64_t window_at;
    struct hw_buf window;
};

struct hw_group_bytes {
    struct hw_source *source;
    size_t window_bytes;
    atomic_uint_fast64_t read;
    struct chunk *chunks;
    size_t count;
    struct span *spans;
    size_t spans_count;
    struct {
        pthread_mutex_t lock;
    } synced; /* guards the data and users of spans */
};

static enum hw_status spans_make(struct hw_group_bytes *bytes, struct hw_error *err);
static enum hw_status span_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, hw_view *out_view,
                                struct hw_error *err);
static enum hw_status window_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, size_t want,
                                  hw_view *out_view, struct hw_error *err);

enum hw_status hw_group_bytes_new(struct hw_source *source, const struct hw_chunk_range *ranges, size_t count,
                                  size_t bytes_max, struct hw_group_bytes **out_bytes, struct hw_error *err) {
    struct hw_group_bytes *bytes = hw_alloc_zero(1, sizeof(*bytes));
    if (!bytes) {
        return hw_fail_nomem(err, sizeof(*bytes));
    }
    pthread_mutex_init(&bytes->synced.lock, NULL);
    bytes->source = source;
    bytes->count = count;
    bytes->window_bytes =
        (size_t)hw_clamp(count > 0 ? bytes_max / count : 0, WINDOW_BYTES_MIN, HW_GROUP_READ_BYTES_MAX);
    bytes->chunks = hw_alloc_zero(count, sizeof(*bytes->chunks));
    bytes->spans = hw_alloc_zero(count, sizeof(*bytes->spans));
    enum hw_status status = HW_OK;
    if (!bytes->chunks || !bytes->spans) {
        status = hw_fail_nomem(err, count * sizeof(*bytes->chunks));
    } else {
        for (size_t i = 0; i < count; i++) {
            bytes->chunks[i].range = ranges[i];
            /* A page decides how large a window gets; whoever asks for it has checked that. */
            bytes->chunks[i].window.limit = SIZE_MAX / 2;
        }
        status = spans_make(bytes, err);
    }
    if (status) {
        hw_group_bytes_free(bytes);
        return status;
    }
    *out_bytes = bytes;
    return HW_OK;
}

void hw_group_bytes_free(struct hw_group_bytes *bytes) {
    if (!bytes) {
        return;
    }
    for (size_t i = 0; i < bytes->count && bytes->chunks; i++) {
        hw_buf_release(&bytes->chunks[i].window);
    }
    for (size_t i = 0; i < bytes->spans_count && bytes->spans; i++) {
        hw_free(bytes->spans[i].data);
    }
    pthread_mutex_destroy(&bytes->synced.lock);
    hw_free(bytes->chunks);
    hw_free(bytes->spans);
    hw_free(bytes);
}

/* ------ spans */

static int starts_compare(const void *a, const void *b) {
    const uint64_t one = (*(struct chunk *const *)a)->range.start;
    const uint64_t other = (*(struct chunk *const *)b)->range.start;
    return one < other ? -1 : one > other;
}

static void span_join(struct hw_group_bytes *bytes, struct chunk *chunk);

/* Chunks that fit into a window are put into spans, in the order in which they lie in the file. */
static enum hw_status spans_make(struct hw_group_bytes *bytes, struct hw_error *err) {
    size_t small = 0;
    struct chunk **order = hw_alloc_zero(bytes->count, sizeof(struct chunk *));
    if (!order) {
        return hw_fail_nomem(err, bytes->count * sizeof(struct chunk *));
    }
    for (size_t i = 0; i < bytes->count; i++) {
        struct chunk *chunk = &bytes->chunks[i];
        if (chunk->range.end - chunk->range.start <= bytes->window_bytes) {
            order[small++] = chunk;
        }
    }
    qsort(order, small, sizeof(struct chunk *), starts_compare);
    for (size_t i = 0; i < small; i++) {
        span_join(bytes, order[i]);
    }
    hw_free(order);
    return HW_OK;
}

/* Puts the chunk into the last span where that is near enough, else into one of its own. */
static void span_join(struct hw_group_bytes *bytes, struct chunk *chunk) {
    struct span *last = bytes->spans_count > 0 ? &bytes->spans[bytes->spans_count - 1] : NULL;
    const uint64_t end = last && last->end > chunk->range.end ? last->end : chunk->range.end;
    if (!last || chunk->range.start > last->end + HW_GROUP_GAP_BYTES || end - last->start > HW_GROUP_READ_BYTES_MAX) {
        last = &bytes->spans[bytes->spans_count++];
        last->start = chunk->range.start;
    }
    last->end = last->end > chunk->range.end ? last->end : chunk->range.end;
    last->users++;
    chunk->span = last;
}

/* ------ bytes */

enum hw_status hw_group_bytes_at(struct hw_group_bytes *bytes, size_t chunk, uint64_t at, size_t want,
                                 hw_view *out_view, struct hw_error *err) {
    struct chunk *of = &bytes->chunks[chunk];
    const uint64_t left = of->range.end - at;
    want = left < want ? (size_t)left : want;
    return of->span ? span_view(bytes, of, at, out_view, err) : window_view(bytes, of, at, want, out_view, err);
}

static enum hw_status span_read_locked(struct hw_group_bytes *bytes, struct span *span, struct hw_error *err);

static enum hw_status span_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, hw_view *out_view,
                                struct hw_error *err) {
    struct span *span = chunk->span;
    pthread_mutex_lock(&bytes->synced.lock);
    enum hw_status status = span->data ? HW_OK : span_read_locked(bytes, span, err);
    pthread_mutex_unlock(&bytes->synced.lock);
    HW_TRY(status);
    *out_view = (hw_view){(const char *)span->data + (at - span->start), (size_t)(chunk->range.end - at)};
    return HW_OK;
}

static enum hw_status span_read_locked(struct hw_group_bytes *bytes, struct span *span, struct hw_error *err) {
    const size_t size = (size_t)(span->end - span->start);
    uint8_t *data = hw_alloc(size + PADDING);
    if (!data) {
        return hw_fail_nomem(err, size + PADDING);
    }
    enum hw_status status = bytes->source->ops->read_at(bytes->source, span->start, data, size, err);
    if (status) {
        hw_free(data);
        return status;
    }
    memset(data + size, 0, PADDING);
    atomic_fetch_add_explicit(&bytes->read, size, memory_order_relaxed);
    span->data = data;
    return HW_OK;
}

/* Moves the window on: bytes that it has already are kept, others are read behind them. */
static enum hw_status window_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, size_t want,
                                  hw_view *out_view, struct hw_error *err) {
    struct hw_buf *window = &chunk->window;
    uint64_t end = chunk->window_at + window->size;
    if (at < chunk->window_at || at > end) {
        window->size = 0;
        chunk->window_at = end = at;
    }
    if (end - at < want) {
        const size_t kept = (size_t)(end - at);
        const size_t size = (size_t)hw_clamp(bytes->window_bytes, want, chunk->range.end - at);
        if (kept > 0) {
            memmove(window->data, window->data + (at - chunk->window_at), kept);
        }
        window->size = kept;
        chunk->window_at = at;
        HW_TRY(hw_buf_reserve(window, size - kept + PADDING, err));
        HW_TRY(bytes->source->ops->read_at(bytes->source, end, window->data + kept, size - kept, err));
        memset(window->data + size, 0, PADDING);
        window->size = size;
        atomic_fetch_add_explicit(&bytes->read, size - kept, memory_order_relaxed);
    }
    *out_view =
        (hw_view){(const char *)window->data + (at - chunk->window_at), window->size - (size_t)(at - chunk->window_at)};
    return HW_OK;
}

void hw_group_bytes_drop(struct hw_group_bytes *bytes, size_t chunk) {
    struct chunk *of = &bytes->chunks[chunk];
    hw_buf_release(&of->window);
    if (of->span) {
        pthread_mutex_lock(&bytes->synced.lock);
        if (--of->span->users == 0) {
            hw_free(of->span->data);
            of->span->data = NULL;
        }
        pthread_mutex_unlock(&bytes->synced.lock);
        /* Should it be read once more, it is by windows. */
        of->span = NULL;
    }
}

uint64_t hw_group_bytes_read(const struct hw_group_bytes *bytes) {
    return atomic_load_explicit(&bytes->read, memory_order_relaxed);
}
