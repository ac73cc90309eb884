/* SPDX-License-Identifier: Apache-2.0 */
#include "table/segments.h"

#include "core/alloc.h"

enum { SEGMENT_BYTES = 1 << 20 }; /* one write to the sink */

struct hw_segment {
    struct hw_segment *next;
    size_t size;
    uint8_t bytes[SEGMENT_BYTES - 2 * sizeof(void *)];
};

struct segments_encoded {
    struct hw_encoded base;
    struct hw_segments segments;
};

static struct hw_segment *segment_add(struct hw_segments *segments);

enum hw_status hw_segments_append(struct hw_segments *segments, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;

    while (bytes > 0) {
        struct hw_segment *last = segments->last;
        if (!last || last->size == sizeof(last->bytes)) {
            last = segment_add(segments);
            if (!last) {
                return hw_fail_nomem(err, sizeof(*last));
            }
        }
        size_t part = hw_min_size(bytes, sizeof(last->bytes) - last->size);
        memcpy(last->bytes + last->size, at, part);
        last->size += part;
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static struct hw_segment *segment_add(struct hw_segments *segments) {
    struct hw_segment *segment = hw_alloc(sizeof(*segment));
    if (segment) {
        segment->next = NULL;
        segment->size = 0;
        *(segments->last ? &segments->last->next : &segments->first) = segment;
        segments->last = segment;
        segments->held_bytes += sizeof(*segment);
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

static void encoded_free(struct hw_encoded *base);

static const struct hw_encoded_ops encoded_ops = {encoded_free};

enum hw_status hw_segments_take(struct hw_segments *segments, size_t rows, struct hw_encoded **out_encoded,
                                struct hw_error *err) {
    struct segments_encoded *encoded = hw_alloc_zero(1, sizeof(*encoded));
    if (!encoded) {
        return hw_fail_nomem(err, sizeof(*encoded));
    }
    encoded->base.ops = &encoded_ops;
    encoded->base.rows = rows;
    encoded->base.held_bytes = sizeof(*encoded) + segments->held_bytes;
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
