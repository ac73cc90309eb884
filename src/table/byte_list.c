/* SPDX-License-Identifier: Apache-2.0 */
#include "table/byte_list.h"

#include "core/alloc.h"

struct list_encoded {
    struct hw_encoded base;
    struct hw_byte_list list;
};

void hw_byte_list_init(struct hw_byte_list *list, struct hw_segment_pool *pool) {
    *list = (struct hw_byte_list){.pool = pool};
}

static enum hw_status segment_add(struct hw_byte_list *list, struct hw_error *err);

enum hw_status hw_byte_list_append(struct hw_byte_list *list, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;

    assert(!list->trimmed);
    while (bytes > 0) {
        size_t used = list->bytes % HW_SEGMENT_BYTES;
        if (used == 0) {
            HW_TRY(segment_add(list, err));
        }
        size_t part = hw_min_size(bytes, HW_SEGMENT_BYTES - used);
        memcpy(list->last->data + used, at, part);
        list->bytes += part;
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static enum hw_status segment_add(struct hw_byte_list *list, struct hw_error *err) {
    struct hw_segment *segment = hw_segment_take(list->pool);
    if (!segment) {
        return hw_fail_nomem(err, sizeof(*segment) + HW_SEGMENT_BYTES);
    }
    segment->next = NULL;
    *(list->last ? &list->last->next : &list->first) = segment;
    list->last = segment;
    list->held_bytes += sizeof(*segment) + HW_SEGMENT_BYTES;
    return HW_OK;
}

void hw_byte_list_release(struct hw_byte_list *list) {
    struct hw_segment *next;
    for (struct hw_segment *at = list->first; at; at = next) {
        next = at->next;
        if (!next && list->trimmed) {
            hw_free(at);
        } else {
            hw_segment_give_back(list->pool, at);
        }
    }
    hw_byte_list_init(list, list->pool);
}

/* Puts a small segment in the place of the last one if that is mostly empty. */
static enum hw_status last_trim(struct hw_byte_list *list, struct hw_error *err) {
    const size_t bytes = list->bytes % HW_SEGMENT_BYTES;
    if (bytes == 0 || bytes > HW_SEGMENT_TRIMMED_MAX) {
        return HW_OK;
    }
    struct hw_segment *small = hw_segment_trimmed(list->last, bytes);
    if (!small) {
        return hw_fail_nomem(err, sizeof(*small) + bytes);
    }
    struct hw_segment **link = &list->first;
    while (*link != list->last) {
        link = &(*link)->next;
    }
    small->next = NULL;
    hw_segment_give_back(list->pool, list->last);
    *link = list->last = small;
    list->trimmed = true;
    list->held_bytes -= HW_SEGMENT_BYTES - bytes;
    return HW_OK;
}

static void encoded_free(struct hw_encoded *base);

static const struct hw_encoded_ops encoded_ops = {encoded_free};

enum hw_status hw_byte_list_take(struct hw_byte_list *list, size_t rows, struct hw_encoded **out_encoded,
                                 struct hw_error *err) {
    struct list_encoded *encoded = hw_alloc_zero(1, sizeof(*encoded));
    if (!encoded) {
        return hw_fail_nomem(err, sizeof(*encoded));
    }
    enum hw_status status = last_trim(list, err);
    if (status != HW_OK) {
        hw_free(encoded);
        return status;
    }
    encoded->base.ops = &encoded_ops;
    encoded->base.rows = rows;
    encoded->base.held_bytes = sizeof(*encoded) + list->held_bytes;
    encoded->base.file_bytes = list->bytes;
    encoded->list = *list;
    hw_byte_list_init(list, list->pool);
    *out_encoded = &encoded->base;
    return HW_OK;
}

static void encoded_free(struct hw_encoded *base) {
    struct list_encoded *encoded = (struct list_encoded *)base;
    hw_byte_list_release(&encoded->list);
    hw_free(encoded);
}

void hw_byte_list_writer_init(struct hw_byte_list_writer *writer, const struct hw_table_writer_ops *ops,
                              struct hw_sink *sink) {
    writer->base.ops = ops;
    writer->sink = sink;
    writer->pool = hw_segment_pool_shared();
}

static const struct hw_table_writer_ops sibling_ops = {.append = hw_byte_list_writer_append,
                                                       .finish = hw_byte_list_writer_finish,
                                                       .sibling = hw_byte_list_writer_sibling,
                                                       .free = hw_byte_list_writer_free};

enum hw_status hw_byte_list_writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                           struct hw_table_writer **out_writer, struct hw_error *err) {
    const struct hw_byte_list_writer *writer = (const struct hw_byte_list_writer *)base;
    struct hw_byte_list_writer *sibling = hw_alloc_zero(1, sizeof(*sibling));

    if (!sibling) {
        return hw_fail_nomem(err, sizeof(*sibling));
    }
    hw_byte_list_writer_init(sibling, &sibling_ops, sink);
    enum hw_status status = hw_buf_append(&sibling->header, writer->header.data, writer->header.size, err);
    if (status != HW_OK) {
        hw_byte_list_writer_free(&sibling->base);
        return status;
    }
    *out_writer = &sibling->base;
    return HW_OK;
}

void hw_byte_list_writer_free(struct hw_table_writer *base) {
    struct hw_byte_list_writer *writer = (struct hw_byte_list_writer *)base;
    hw_buf_release(&writer->header);
    hw_segment_pool_unshare();
    hw_free(writer);
}

static enum hw_status header_write(struct hw_byte_list_writer *writer, struct hw_error *err);
static enum hw_status list_write(const struct hw_byte_list *list, struct hw_sink *sink, struct hw_error *err);

enum hw_status hw_byte_list_writer_append(struct hw_table_writer *base, struct hw_encoded *encoded,
                                          struct hw_error *err) {
    struct hw_byte_list_writer *writer = (struct hw_byte_list_writer *)base;

    enum hw_status status = header_write(writer, err);
    if (status == HW_OK) {
        status = list_write(&((const struct list_encoded *)encoded)->list, writer->sink, err);
    }
    if (status == HW_OK) {
        base->rows += encoded->rows;
    }
    encoded->ops->free(encoded);
    return status;
}

enum hw_status hw_byte_list_writer_finish(struct hw_table_writer *base, struct hw_error *err) {
    return header_write((struct hw_byte_list_writer *)base, err);
}

static enum hw_status header_write(struct hw_byte_list_writer *writer, struct hw_error *err) {
    if (writer->header.size == 0) {
        return HW_OK;
    }
    HW_TRY(writer->sink->ops->write(writer->sink, writer->header.data, writer->header.size, err));
    hw_buf_release(&writer->header);
    return HW_OK;
}

static enum hw_status list_write(const struct hw_byte_list *list, struct hw_sink *sink, struct hw_error *err) {
    size_t left = list->bytes;
    for (const struct hw_segment *at = list->first; at; at = at->next) {
        size_t bytes = hw_min_size(left, HW_SEGMENT_BYTES);
        HW_TRY(sink->ops->write(sink, at->data, bytes, err));
        left -= bytes;
    }
    return HW_OK;
}
