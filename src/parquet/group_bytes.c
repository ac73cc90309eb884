/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_bytes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/io_ops.h"

/* Bytes behind a view that decoders may read. */
enum { PADDING = 64 };

#define WINDOW_BYTES_MIN HW_KIB(4)

/* Bytes of the file that are read together, for one chunk or for several. */
struct span {
    uint64_t start;
    uint64_t end;
    /* NULL until it is read; freed once no chunk uses it. */
    uint8_t *data;
    bool expected; /* it is fetched, and was not read yet */
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
    /* The bytes that it has room for; more only where a page is larger. */
    size_t window_bytes;
    /* Bytes that are fetched, and were not read yet. */
    struct hw_chunk_range expected;
};

struct hw_group_bytes {
    struct hw_source *source;
    size_t read_bytes_max; /* of one span */
    size_t window_bytes;
    bool ahead; /* Bytes are fetched before they are read. */
    atomic_uint_fast64_t read;
    struct chunk *chunks;
    size_t count;
    struct span *spans;
    size_t spans_count;
    size_t bytes_max;
    struct {
        pthread_mutex_t lock;
        size_t expected_bytes; /* of spans */
        size_t expected_next;  /* the span that will be expected next */
    } synced;                  /* guards spans as well */
};

static enum hw_status spans_make(struct hw_group_bytes *bytes, struct hw_error *err);
static void all_expect(struct hw_group_bytes *bytes);
static void all_forget(struct hw_group_bytes *bytes);
static enum hw_status span_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, hw_view *out_view,
                                struct hw_error *err);
static enum hw_status window_view(struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, size_t want,
                                  hw_view *out_view, struct hw_error *err);

enum hw_status hw_group_bytes_new(const struct hw_group_bytes_options *options, struct hw_group_bytes **out_bytes,
                                  struct hw_error *err) {
    const size_t count = options->count;
    const bool ahead = options->whole && options->source->remote;
    const size_t share = count > 0 ? options->bytes_max / count : 0;
    struct hw_group_bytes *bytes = hw_alloc_zero(1, sizeof(*bytes));
    if (!bytes) {
        return hw_fail_nomem(err, sizeof(*bytes));
    }
    pthread_mutex_init(&bytes->synced.lock, NULL);
    bytes->source = options->source;
    bytes->count = count;
    bytes->ahead = ahead;
    bytes->bytes_max = options->bytes_max;
    bytes->read_bytes_max = ahead ? HW_GROUP_READ_BYTES_REMOTE_MAX : HW_GROUP_READ_BYTES_MAX;
    /* What is fetched ahead takes as much as the window itself. */
    bytes->window_bytes = (size_t)hw_clamp(ahead ? share / 2 : share, WINDOW_BYTES_MIN, bytes->read_bytes_max);
    bytes->chunks = hw_alloc_zero(count, sizeof(*bytes->chunks));
    bytes->spans = hw_alloc_zero(count, sizeof(*bytes->spans));
    enum hw_status status = HW_OK;
    if (!bytes->chunks || !bytes->spans) {
        status = hw_fail_nomem(err, count * sizeof(*bytes->chunks));
    } else {
        for (size_t i = 0; i < count; i++) {
            bytes->chunks[i].range = options->ranges[i];
            /* A page decides how large a window gets; whoever asks for it has checked that. */
            bytes->chunks[i].window.limit = SIZE_MAX / 2;
        }
        status = spans_make(bytes, err);
    }
    if (status) {
        hw_group_bytes_free(bytes);
        return status;
    }
    all_expect(bytes);
    *out_bytes = bytes;
    return HW_OK;
}

void hw_group_bytes_free(struct hw_group_bytes *bytes) {
    if (!bytes) {
        return;
    }
    all_forget(bytes);
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
static void windows_size(struct hw_group_bytes *bytes);

static uint64_t chunk_bytes(const struct chunk *chunk) {
    return chunk->range.end - chunk->range.start;
}

/* Returns whether all chunks can be in memory together, also while some are on their way. */
static bool all_fit(const struct hw_group_bytes *bytes) {
    uint64_t left = bytes->bytes_max - bytes->bytes_max / 3;
    for (size_t i = 0; i < bytes->count; i++) {
        const uint64_t size = chunk_bytes(&bytes->chunks[i]);
        if (size > left || size > bytes->read_bytes_max) {
            return false;
        }
        left -= size;
    }
    return true;
}

/*
 * Chunks that fit into a window, or all of them if all fit, are put into spans, in the order in
 * which they lie in the file.
 */
static enum hw_status spans_make(struct hw_group_bytes *bytes, struct hw_error *err) {
    size_t small = 0;
    const uint64_t small_bytes = all_fit(bytes) ? bytes->read_bytes_max : bytes->window_bytes;
    struct chunk **order = hw_alloc_zero(bytes->count, sizeof(struct chunk *));
    if (!order) {
        return hw_fail_nomem(err, bytes->count * sizeof(struct chunk *));
    }
    for (size_t i = 0; i < bytes->count; i++) {
        struct chunk *chunk = &bytes->chunks[i];
        if (chunk_bytes(chunk) <= small_bytes) {
            order[small++] = chunk;
        }
    }
    qsort(order, small, sizeof(struct chunk *), starts_compare);
    for (size_t i = 0; i < small; i++) {
        span_join(bytes, order[i]);
    }
    hw_free(order);
    windows_size(bytes);
    return HW_OK;
}

/*
 * Columns are read side by side, so that a large chunk needs more at once than a small one: of what
 * is fetched ahead each gets a share by its size. What is on its way takes as much as the window.
 */
static void windows_size(struct hw_group_bytes *bytes) {
    uint64_t spans = 0;
    uint64_t large = 0;
    for (size_t i = 0; i < bytes->count; i++) {
        *(bytes->chunks[i].span ? &spans : &large) += chunk_bytes(&bytes->chunks[i]);
    }
    const uint64_t left = bytes->bytes_max > spans ? bytes->bytes_max - spans : 0;
    for (size_t i = 0; i < bytes->count; i++) {
        struct chunk *chunk = &bytes->chunks[i];
        const double share = (double)left / 2 * ((double)chunk_bytes(chunk) / ((double)large + 1));
        chunk->window_bytes = bytes->ahead ? (size_t)hw_clamp((uint64_t)share, WINDOW_BYTES_MIN, bytes->read_bytes_max)
                                           : bytes->window_bytes;
    }
}

/* Puts the chunk into the last span where that is near enough, else into one of its own. */
static void span_join(struct hw_group_bytes *bytes, struct chunk *chunk) {
    struct span *last = bytes->spans_count > 0 ? &bytes->spans[bytes->spans_count - 1] : NULL;
    const uint64_t end = last && last->end > chunk->range.end ? last->end : chunk->range.end;
    if (!last || chunk->range.start > last->end + HW_GROUP_GAP_BYTES || end - last->start > bytes->read_bytes_max) {
        last = &bytes->spans[bytes->spans_count++];
        last->start = chunk->range.start;
    }
    last->end = last->end > chunk->range.end ? last->end : chunk->range.end;
    last->users++;
    chunk->span = last;
}

/* ------ bytes that are fetched before they are read */

static size_t span_bytes(const struct span *span) {
    return (size_t)(span->end - span->start);
}

/* Spans are read in about the order in which they lie in the file. */
static void spans_expect_locked(struct hw_group_bytes *bytes) {
    size_t *next = &bytes->synced.expected_next;
    for (; bytes->ahead && *next < bytes->spans_count; (*next)++) {
        struct span *span = &bytes->spans[*next];
        if (bytes->synced.expected_bytes + span_bytes(span) > bytes->bytes_max / 2) {
            return;
        }
        span->expected = !span->data && span->users > 0;
        if (span->expected) {
            bytes->synced.expected_bytes += span_bytes(span);
            hw_source_expect(bytes->source, span->start, span_bytes(span));
        }
    }
}

/* Counts a span that is read, or will not be. */
static void span_arrived_locked(struct hw_group_bytes *bytes, struct span *span) {
    if (span->expected) {
        span->expected = false;
        bytes->synced.expected_bytes -= span_bytes(span);
        spans_expect_locked(bytes);
    }
}

static void span_forget_locked(struct hw_group_bytes *bytes, struct span *span) {
    if (span->expected) {
        hw_source_forget(bytes->source, span->start, span_bytes(span));
        span_arrived_locked(bytes, span);
    }
}

/* Has as many bytes fetched behind a window as were read, or as it has room for. */
static void window_expect(const struct hw_group_bytes *bytes, struct chunk *chunk, uint64_t at, size_t size) {
    const uint64_t end = at + hw_clamp(hw_max_size(chunk->window_bytes, size), 0, chunk->range.end - at);
    if (bytes->ahead && at >= chunk->expected.end && at < end) {
        chunk->expected = (struct hw_chunk_range){at, end};
        hw_source_expect(bytes->source, at, (size_t)(end - at));
    }
}

static void window_forget(const struct hw_group_bytes *bytes, struct chunk *chunk) {
    const struct hw_chunk_range range = chunk->expected;
    if (range.end > range.start) {
        hw_source_forget(bytes->source, range.start, (size_t)(range.end - range.start));
    }
    chunk->expected = (struct hw_chunk_range){0, 0};
}

static void all_expect(struct hw_group_bytes *bytes) {
    pthread_mutex_lock(&bytes->synced.lock);
    spans_expect_locked(bytes);
    pthread_mutex_unlock(&bytes->synced.lock);
    for (size_t i = 0; i < bytes->count; i++) {
        if (!bytes->chunks[i].span) {
            window_expect(bytes, &bytes->chunks[i], bytes->chunks[i].range.start, 0);
        }
    }
}

static void all_forget(struct hw_group_bytes *bytes) {
    for (size_t i = 0; i < bytes->spans_count && bytes->spans; i++) {
        if (bytes->spans[i].expected) {
            hw_source_forget(bytes->source, bytes->spans[i].start, span_bytes(&bytes->spans[i]));
        }
    }
    for (size_t i = 0; i < bytes->count && bytes->chunks; i++) {
        window_forget(bytes, &bytes->chunks[i]);
    }
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
    const size_t size = span_bytes(span);
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
    span_arrived_locked(bytes, span);
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
        window_forget(bytes, chunk);
    }
    if (end - at < want) {
        const size_t kept = (size_t)(end - at);
        /* What is on its way is taken as a whole, so that nothing is waited for that is not. */
        const uint64_t room = chunk->expected.end > end ? chunk->expected.end - at : chunk->window_bytes;
        const size_t size = (size_t)hw_clamp(room, want, chunk->range.end - at);
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
        window_expect(bytes, chunk, at + size, size - kept);
    }
    *out_view =
        (hw_view){(const char *)window->data + (at - chunk->window_at), window->size - (size_t)(at - chunk->window_at)};
    return HW_OK;
}

void hw_group_bytes_drop(struct hw_group_bytes *bytes, size_t chunk) {
    struct chunk *of = &bytes->chunks[chunk];
    hw_buf_release(&of->window);
    window_forget(bytes, of);
    if (of->span) {
        pthread_mutex_lock(&bytes->synced.lock);
        if (--of->span->users == 0) {
            hw_free(of->span->data);
            of->span->data = NULL;
            span_forget_locked(bytes, of->span);
        }
        pthread_mutex_unlock(&bytes->synced.lock);
        /* Should it be read once more, it is by windows. */
        of->span = NULL;
    }
}

void hw_group_bytes_park(struct hw_group_bytes *bytes, size_t chunk) {
    if (!bytes->ahead) {
        hw_group_bytes_drop(bytes, chunk);
    }
}

uint64_t hw_group_bytes_read(const struct hw_group_bytes *bytes) {
    return atomic_load_explicit(&bytes->read, memory_order_relaxed);
}
