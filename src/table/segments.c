/* SPDX-License-Identifier: Apache-2.0 */
#include "table/segments.h"

#include "core/alloc.h"

enum { SEGMENT_BYTES = 1 << 20 }; /* one write to the sink */

struct hw_segment {
    struct hw_segment *next;
    size_t size;
    uint8_t bytes[];
};

static const size_t segment_room = SEGMENT_BYTES - sizeof(struct hw_segment);

struct segments_encoded {
    struct hw_encoded base;
    struct hw_segments segments;
};

static struct hw_segment *segment_add(struct hw_segments *segments);

enum hw_status hw_segments_append(struct hw_segments *segments, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;

    while (bytes > 0) {
        struct hw_segment *last = segments->last;
        if (!last || last->size == segment_room) {
            last = segment_add(segments);
            if (!last) {
                return hw_fail_nomem(err, SEGMENT_BYTES);
            }
        }
        size_t part = hw_min_size(bytes, segment_room - last->size);
        memcpy(last->bytes + last->size, at, part);
        last->size += part;
        segments->bytes += part;
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static struct hw_segment *segment_add(struct hw_segments *segments) {
    struct hw_segment *segment = hw_alloc(SEGMENT_BYTES);
    if (segment) {
        segment->next = NULL;
        segment->size = 0;
        *(segments->last ? &segments->last->next : &segments->first) = segment;
        segments->last = segment;
        segments->held_bytes += SEGMENT_BYTES;
    }
    return segment;
}

void hw_segments_release(struct hw_segments *segments) {
    struct hw_segment *next;
    for (struct hw_segment *at = segments->first; at; at = next) {
        next = at->next;
        hw_free(at);
    }
    *segments = (struct hw_segments){0};
}

/*
 * Gives back the memory that the last segment does not use, as thousands of small pieces may wait.
 */
static enum hw_status last_shrink(struct hw_segments *segments, struct hw_error *err) {
    struct hw_segment *last = segments->last;
    size_t bytes = last ? sizeof(*last) + last->size : SEGMENT_BYTES;
    if (bytes > SEGMENT_BYTES / 2) {
        return HW_OK;
    }
    struct hw_segment **link = &segments->first;
    while (*link != last) {
        link = &(*link)->next;
    }
    struct hw_segment *shrunk = hw_realloc(last, bytes);
    if (!shrunk) {
        return hw_fail_nomem(err, bytes);
    }
    *link = segments->last = shrunk;
    segments->held_bytes -= SEGMENT_BYTES - bytes;
    return HW_OK;
}

static void encoded_free(struct hw_encoded *base);

static const struct hw_encoded_ops encoded_ops = {encoded_free};

enum hw_status hw_segments_take(struct hw_segments *segments, size_t rows, struct hw_encoded **out_encoded,
                                struct hw_error *err) {
    struct segments_encoded *encoded = hw_alloc_zero(1, sizeof(*encoded));
    if (!encoded) {
        return hw_fail_nomem(err, sizeof(*encoded));
    }
    enum hw_status status = last_shrink(segments, err);
    if (status != HW_OK) {
        hw_free(encoded);
        return status;
    }
    encoded->base.ops = &encoded_ops;
    encoded->base.rows = rows;
    encoded->base.held_bytes = sizeof(*encoded) + segments->held_bytes;
    encoded->base.file_bytes = segments->bytes;
    encoded->segments = *segments;
    *segments = (struct hw_segments){0};
    *out_encoded = &encoded->base;
    return HW_OK;
}

static void encoded_free(struct hw_encoded *base) {
    struct segments_encoded *encoded = (struct segments_encoded *)base;
    hw_segments_release(&encoded->segments);
    hw_free(encoded);
}

static const struct hw_table_writer_ops sibling_ops = {.append = hw_segments_writer_append,
                                                       .finish = hw_segments_writer_finish,
                                                       .sibling = hw_segments_writer_sibling,
                                                       .free = hw_segments_writer_free};

enum hw_status hw_segments_writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                          struct hw_table_writer **out_writer, struct hw_error *err) {
    const struct hw_segments_writer *writer = (const struct hw_segments_writer *)base;
    struct hw_segments_writer *sibling = hw_alloc_zero(1, sizeof(*sibling));

    if (!sibling) {
        return hw_fail_nomem(err, sizeof(*sibling));
    }
    sibling->base.ops = &sibling_ops;
    sibling->sink = sink;
    enum hw_status status = hw_buf_append(&sibling->header, writer->header.data, writer->header.size, err);
    if (status != HW_OK) {
        hw_segments_writer_free(&sibling->base);
        return status;
    }
    *out_writer = &sibling->base;
    return HW_OK;
}

void hw_segments_writer_free(struct hw_table_writer *base) {
    struct hw_segments_writer *writer = (struct hw_segments_writer *)base;
    hw_buf_release(&writer->header);
    hw_free(writer);
}

static enum hw_status header_write(struct hw_segments_writer *writer, struct hw_error *err);
static enum hw_status segments_write(const struct hw_segments *segments, struct hw_sink *sink, struct hw_error *err);

enum hw_status hw_segments_writer_append(struct hw_table_writer *base, struct hw_encoded *encoded,
                                         struct hw_error *err) {
    struct hw_segments_writer *writer = (struct hw_segments_writer *)base;

    enum hw_status status = header_write(writer, err);
    if (status == HW_OK) {
        status = segments_write(&((const struct segments_encoded *)encoded)->segments, writer->sink, err);
    }
    if (status == HW_OK) {
        base->rows += encoded->rows;
    }
    encoded->ops->free(encoded);
    return status;
}

enum hw_status hw_segments_writer_finish(struct hw_table_writer *base, struct hw_error *err) {
    return header_write((struct hw_segments_writer *)base, err);
}

static enum hw_status header_write(struct hw_segments_writer *writer, struct hw_error *err) {
    if (writer->header.size == 0) {
        return HW_OK;
    }
    HW_TRY(writer->sink->ops->write(writer->sink, writer->header.data, writer->header.size, err));
    hw_buf_release(&writer->header);
    return HW_OK;
}

static enum hw_status segments_write(const struct hw_segments *segments, struct hw_sink *sink, struct hw_error *err) {
    for (const struct hw_segment *at = segments->first; at; at = at->next) {
        HW_TRY(sink->ops->write(sink, at->bytes, at->size, err));
    }
    return HW_OK;
}
