/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_log.h"

#include "core/alloc.h"

static enum hw_status segment_add(struct hw_page_log *log, struct hw_error *err);

void hw_page_log_init(struct hw_page_log *log, struct hw_segment_pool *pool) {
    *log = (struct hw_page_log){.pool = pool};
}

void hw_page_log_release(struct hw_page_log *log) {
    hw_page_log_clear(log);
    hw_free(log->segments);
    *log = (struct hw_page_log){.pool = log->pool};
}

void hw_page_log_clear(struct hw_page_log *log) {
    if (log->trimmed > 0) {
        hw_free(log->segments[--log->count]);
    }
    for (size_t i = 0; i < log->count; i++) {
        hw_segment_give_back(log->pool, log->segments[i]);
    }
    log->count = 0;
    log->trimmed = 0;
    log->size = 0;
}

size_t hw_page_log_held(const struct hw_page_log *log) {
    size_t saved = log->trimmed > 0 ? HW_SEGMENT_BYTES - log->trimmed : 0;
    return log->count * HW_SEGMENT_BYTES - saved + log->capacity * sizeof(struct hw_segment *);
}

void hw_page_log_trim(struct hw_page_log *log) {
    size_t bytes = log->size % HW_SEGMENT_BYTES;
    assert(log->trimmed == 0);
    if (bytes == 0 || bytes > HW_SEGMENT_TRIMMED_MAX) {
        return;
    }
    struct hw_segment *segment = log->segments[log->count - 1];
    struct hw_segment *small = hw_segment_trimmed(segment, bytes);
    if (small) {
        log->segments[log->count - 1] = small;
        log->trimmed = bytes;
        hw_segment_give_back(log->pool, segment);
    }
}

enum hw_status hw_page_log_append(struct hw_page_log *log, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *from = data;

    assert(log->trimmed == 0);
    while (bytes > 0) {
        size_t used = log->size % HW_SEGMENT_BYTES;
        if (log->size == log->count * (uint64_t)HW_SEGMENT_BYTES) {
            HW_TRY(segment_add(log, err));
        }
        size_t part = hw_min_size(bytes, HW_SEGMENT_BYTES - used);
        memcpy(log->segments[log->count - 1]->data + used, from, part);
        log->size += part;
        from += part;
        bytes -= part;
    }
    return HW_OK;
}

size_t hw_page_log_read(const struct hw_page_log *log, uint64_t at, size_t bytes, const uint8_t **out_data) {
    size_t from = at % HW_SEGMENT_BYTES;

    assert(bytes > 0 && at + bytes <= log->size);
    *out_data = log->segments[at / HW_SEGMENT_BYTES]->data + from;
    return hw_min_size(bytes, HW_SEGMENT_BYTES - from);
}

static enum hw_status segment_add(struct hw_page_log *log, struct hw_error *err) {
    if (log->count == log->capacity) {
        size_t capacity = hw_max_size(log->capacity * 2, 1);
        struct hw_segment **segments = hw_realloc_array(log->segments, capacity, sizeof(struct hw_segment *));
        if (!segments) {
            return hw_fail_nomem(err, capacity * sizeof(struct hw_segment *));
        }
        log->segments = segments;
        log->capacity = capacity;
    }
    struct hw_segment *segment = hw_segment_take(log->pool);
    if (!segment) {
        return hw_fail_nomem(err, sizeof(*segment) + HW_SEGMENT_BYTES);
    }
    log->segments[log->count++] = segment;
    return HW_OK;
}
