/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packed.h"

#include "core/alloc.h"

static enum hw_status block_make(struct hw_packed *packed, size_t block_bytes, struct hw_error *err);

enum hw_status hw_packed_init(struct hw_packed *packed, struct hw_source *source, size_t block_bytes,
                              struct hw_error *err) {
    if (block_bytes == 0) {
        block_bytes = source->remote ? HW_PACKED_BLOCK_BYTES_REMOTE : HW_PACKED_BLOCK_BYTES;
    }
    HW_TRY(block_make(packed, block_bytes, err));
    packed->source = source;
    packed->name = source->name;
    packed->end = source->size;
    return HW_OK;
}

enum hw_status hw_packed_init_stream(struct hw_packed *packed, struct hw_stream *stream, const char *name,
                                     size_t block_bytes, struct hw_error *err) {
    HW_TRY(block_make(packed, block_bytes ? block_bytes : HW_PACKED_BLOCK_BYTES, err));
    packed->stream = stream;
    packed->name = name;
    packed->end = UINT64_MAX;
    return HW_OK;
}

static enum hw_status block_make(struct hw_packed *packed, size_t block_bytes, struct hw_error *err) {
    size_t room = 0;
    uint8_t *block = hw_add(block_bytes, HW_PACKED_PEEK_BYTES, &room) ? hw_alloc(room) : NULL;
    if (!block) {
        return hw_fail_nomem(err, block_bytes);
    }
    *packed = (struct hw_packed){.block = block, .block_bytes = block_bytes};
    return HW_OK;
}

void hw_packed_release(struct hw_packed *packed) {
    hw_free(packed->block);
    *packed = (struct hw_packed){0};
}

static enum hw_status block_read(struct hw_packed *packed, size_t place, size_t *out_bytes, struct hw_error *err);

enum hw_status hw_packed_fill(struct hw_packed *packed, struct hw_error *err) {
    if (hw_packed_left(packed) > 0) {
        return HW_OK;
    }
    size_t bytes;
    HW_TRY(block_read(packed, 0, &bytes, err));
    packed->offset += packed->filled;
    packed->filled = bytes;
    packed->at = 0;
    return HW_OK;
}

/* Reads what follows the bytes of the block to `place` in it, as much as is read at once. */
static enum hw_status block_read(struct hw_packed *packed, size_t place, size_t *out_bytes, struct hw_error *err) {
    if (packed->stream) {
        return packed->stream->ops->read(packed->stream, packed->block + place, packed->block_bytes, out_bytes, err);
    }
    const uint64_t offset = packed->offset + packed->filled;
    const size_t bytes = (size_t)hw_clamp(packed->end - offset, 0, packed->block_bytes);
    if (bytes > 0) {
        HW_TRY(packed->source->ops->read_at(packed->source, offset, packed->block + place, bytes, err));
    }
    *out_bytes = bytes;
    return HW_OK;
}

enum hw_status hw_packed_peek(struct hw_packed *packed, size_t bytes, struct hw_error *err) {
    assert(bytes <= HW_PACKED_PEEK_BYTES);
    while (hw_packed_left(packed) < bytes) {
        const size_t left = hw_packed_left(packed);
        size_t got;
        memmove(packed->block, hw_packed_next(packed), left);
        packed->offset += packed->at;
        packed->filled = left;
        packed->at = 0;
        HW_TRY(block_read(packed, left, &got, err));
        if (got == 0) {
            break;
        }
        packed->filled += got;
    }
    return HW_OK;
}

static enum hw_status zeros_take(struct hw_packed *packed, struct hw_error *err);

enum hw_status hw_packed_more(struct hw_packed *packed, enum hw_packing packing, bool *out_more, struct hw_error *err) {
    HW_TRY(hw_packed_peek(packed, HW_PACKED_PEEK_BYTES, err));
    const bool padded = hw_packed_left(packed) > 0 && *hw_packed_next(packed) == 0;
    if (padded) {
        HW_TRY(zeros_take(packed, err));
        HW_TRY(hw_packed_peek(packed, HW_PACKED_PEEK_BYTES, err));
    }
    const size_t left = hw_packed_left(packed);
    const bool begins = left > 0 && hw_packing_begins(packing, hw_packed_next(packed), left);
    if (left > 0 && padded && !(begins && packing == HW_PACKING_XZ)) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "%s: garbage after the padding of the last member",
                          hw_packing_name(packing));
    }
    if (!begins && left > HW_PACKED_GARBAGE_BYTES_MAX) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed),
                          "%s: after a member, these bytes begin no %s member, and they are too many to be left out",
                          hw_packing_name(packing), hw_packing_name(packing));
    }
    if (!begins) {
        packed->garbage_bytes += left;
        packed->at += left;
    }
    *out_more = begins;
    return HW_OK;
}

/* Takes all zeros that come next. */
static enum hw_status zeros_take(struct hw_packed *packed, struct hw_error *err) {
    do {
        while (hw_packed_left(packed) > 0 && *hw_packed_next(packed) == 0) {
            packed->at++;
        }
        if (hw_packed_left(packed) > 0) {
            return HW_OK;
        }
        HW_TRY(hw_packed_fill(packed, err));
    } while (hw_packed_left(packed) > 0);
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

/* Whether a message begins with the name of a packing, or a part of it behind a colon does. */
static bool message_names(const char *message, const char *name) {
    const size_t bytes = strlen(name);
    for (const char *at = strstr(message, name); at; at = strstr(at + 1, name)) {
        if (at[bytes] == ':' && (at == message || (at > message + 1 && memcmp(at - 2, ": ", 2) == 0))) {
            return true;
        }
    }
    return false;
}

bool hw_packed_is_fault(const struct hw_error *fault) {
    bool named = false;
    for (enum hw_packing packing = HW_PACKING_GZIP; packing <= HW_PACKING_LZ4; packing++) {
        named = named || message_names(fault->message, hw_packing_name(packing));
    }
    return named;
}

bool hw_packed_was_cut(const struct hw_error *fault) {
    return strstr(fault->message, ": " HW_PACKED_CUT) != NULL;
}
