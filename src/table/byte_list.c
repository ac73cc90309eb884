/* SPDX-License-Identifier: Apache-2.0 */
#include "table/byte_list.h"

#include "core/alloc.h"

enum { BLOCK_BYTES = 1 << 20 }; /* one write to the sink */

struct hw_byte_block {
    struct hw_byte_block *next;
    size_t size;
    uint8_t bytes[];
};

static const size_t block_room = BLOCK_BYTES - sizeof(struct hw_byte_block);

struct list_encoded {
    struct hw_encoded base;
    struct hw_byte_list list;
};

static struct hw_byte_block *block_add(struct hw_byte_list *list);

enum hw_status hw_byte_list_append(struct hw_byte_list *list, const void *data, size_t bytes, struct hw_error *err) {
    const uint8_t *at = data;

    while (bytes > 0) {
        struct hw_byte_block *last = list->last;
        if (!last || last->size == block_room) {
            last = block_add(list);
            if (!last) {
                return hw_fail_nomem(err, BLOCK_BYTES);
            }
        }
        size_t part = hw_min_size(bytes, block_room - last->size);
        memcpy(last->bytes + last->size, at, part);
        last->size += part;
        list->bytes += part;
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static struct hw_byte_block *block_add(struct hw_byte_list *list) {
    struct hw_byte_block *block = hw_alloc(BLOCK_BYTES);
    if (block) {
        block->next = NULL;
        block->size = 0;
        *(list->last ? &list->last->next : &list->first) = block;
        list->last = block;
        list->held_bytes += BLOCK_BYTES;
    }
    return block;
}

void hw_byte_list_release(struct hw_byte_list *list) {
    struct hw_byte_block *next;
    for (struct hw_byte_block *at = list->first; at; at = next) {
        next = at->next;
        hw_free(at);
    }
    *list = (struct hw_byte_list){0};
}

/*
 * Gives back the memory that the last block does not use, as thousands of small pieces may wait.
 */
static enum hw_status last_shrink(struct hw_byte_list *list, struct hw_error *err) {
    struct hw_byte_block *last = list->last;
    size_t bytes = last ? sizeof(*last) + last->size : BLOCK_BYTES;
    if (bytes > BLOCK_BYTES / 2) {
        return HW_OK;
    }
    struct hw_byte_block **link = &list->first;
    while (*link != last) {
        link = &(*link)->next;
    }
    struct hw_byte_block *shrunk = hw_realloc(last, bytes);
    if (!shrunk) {
        return hw_fail_nomem(err, bytes);
    }
    *link = list->last = shrunk;
    list->held_bytes -= BLOCK_BYTES - bytes;
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
    enum hw_status status = last_shrink(list, err);
    if (status != HW_OK) {
        hw_free(encoded);
        return status;
    }
    encoded->base.ops = &encoded_ops;
    encoded->base.rows = rows;
    encoded->base.held_bytes = sizeof(*encoded) + list->held_bytes;
    encoded->base.file_bytes = list->bytes;
    encoded->list = *list;
    *list = (struct hw_byte_list){0};
    *out_encoded = &encoded->base;
    return HW_OK;
}

static void encoded_free(struct hw_encoded *base) {
    struct list_encoded *encoded = (struct list_encoded *)base;
    hw_byte_list_release(&encoded->list);
    hw_free(encoded);
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
    sibling->base.ops = &sibling_ops;
    sibling->sink = sink;
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
    for (const struct hw_byte_block *at = list->first; at; at = at->next) {
        HW_TRY(sink->ops->write(sink, at->bytes, at->size, err));
    }
    return HW_OK;
}
