/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packed.h"

#include "core/alloc.h"

enum hw_status hw_packed_init(struct hw_packed *packed, struct hw_source *source, size_t block_bytes,
                              struct hw_error *err) {
    if (block_bytes == 0) {
        block_bytes = source->remote ? HW_PACKED_BLOCK_BYTES_REMOTE : HW_PACKED_BLOCK_BYTES;
    }
    uint8_t *block = hw_alloc(block_bytes);
    if (!block) {
        return hw_fail_nomem(err, block_bytes);
    }
    *packed = (struct hw_packed){.source = source, .end = source->size, .block = block, .block_bytes = block_bytes};
    return HW_OK;
}

void hw_packed_release(struct hw_packed *packed) {
    hw_free(packed->block);
    *packed = (struct hw_packed){0};
}

enum hw_status hw_packed_fill(struct hw_packed *packed, struct hw_error *err) {
    if (hw_packed_left(packed) > 0) {
        return HW_OK;
    }
    uint64_t offset = hw_packed_offset(packed);
    size_t bytes = packed->block_bytes;
    if (packed->end - offset < bytes) {
        bytes = (size_t)(packed->end - offset);
    }
    if (bytes > 0) {
        HW_TRY(packed->source->ops->read_at(packed->source, offset, packed->block, bytes, err));
    }
    packed->offset = offset;
    packed->filled = bytes;
    packed->at = 0;
    return HW_OK;
}

void hw_packed_seek(struct hw_packed *packed, uint64_t offset) {
    assert(offset <= packed->end);
    if (offset >= packed->offset && offset - packed->offset <= packed->filled) {
        packed->at = (size_t)(offset - packed->offset);
        return;
    }
    packed->offset = offset;
    packed->filled = 0;
    packed->at = 0;
}

void hw_packed_end_at(struct hw_packed *packed, uint64_t end) {
    assert(end >= hw_packed_offset(packed) && end <= packed->source->size);
    packed->end = end;
    if (end - packed->offset < packed->filled) {
        /* the rest is read again, should the end move on */
        packed->filled = (size_t)(end - packed->offset);
    }
}

enum hw_status hw_packed_read(struct hw_packed *packed, void *data, size_t bytes, size_t *out_bytes,
                              struct hw_error *err) {
    uint8_t *out = data;
    size_t done = 0;
    while (done < bytes) {
        HW_TRY(hw_packed_fill(packed, err));
        size_t part = hw_min_size(bytes - done, hw_packed_left(packed));
        if (part == 0) {
            break;
        }
        memcpy(out + done, hw_packed_next(packed), part);
        packed->at += part;
        done += part;
    }
    *out_bytes = done;
    return HW_OK;
}
