/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_source.h"

static void log_read(const struct hw_page_log *log, uint64_t at, uint8_t *out, size_t bytes) {
    while (bytes > 0) {
        const uint8_t *data;
        const size_t part = hw_page_log_read(log, at, bytes, &data);
        memcpy(out, data, part);
        at += part;
        out += part;
        bytes -= part;
    }
}

/* In the log the dictionary page lies behind the data pages. */
static enum hw_status chunk_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                    struct hw_error *err) {
    const struct hw_row_group *group = ((const struct hw_chunk_source *)base)->group;
    const struct hw_chunk_facts *facts = &group->chunks[0];
    const size_t dictionary = facts->dictionary_size;
    uint8_t *out = data;
    if (offset > base->size || bytes > base->size - offset) {
        return hw_fail(err, HW_EIO, "a read goes beyond the column chunk");
    }
    if (offset < dictionary && bytes > 0) {
        const size_t part = hw_min_size(bytes, dictionary - (size_t)offset);
        log_read(&group->log, facts->dictionary_at + offset, out, part);
        out += part;
        offset += part;
        bytes -= part;
    }
    log_read(&group->log, offset - dictionary, out, bytes);
    return HW_OK;
}

/* Whoever has the row group frees it. */
static void chunk_close(struct hw_source *base) {
    (void)base;
}

static const struct hw_source_ops chunk_ops = {
    .size = sizeof(chunk_ops),
    .read_at = chunk_read_at,
    .close = chunk_close,
};

void hw_chunk_source_init(struct hw_chunk_source *source, const struct hw_row_group *group) {
    *source = (struct hw_chunk_source){
        .base = {.ops = &chunk_ops, .size = group->chunks[0].stored_bytes, .name = "the new column chunk", .etag = ""},
        .group = group,
    };
}
