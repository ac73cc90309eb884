/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/summed_source.h"

#include "codec/checksum.h"
#include "core/io_ops.h"

/* What is read at once of bytes that nobody has read. */
#define REST_BYTES HW_MIB(1)

struct range {
    uint64_t start;
    uint64_t end;
    uint64_t sum;
};

static enum hw_status summed_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    struct hw_summed_source *source = (struct hw_summed_source *)base;
    if (offset >= source->known_at && offset + bytes <= source->known_at + source->known.size) {
        memcpy(data, source->known.data + (offset - source->known_at), bytes);
    } else {
        HW_TRY(source->inner->ops->read_at(source->inner, offset, data, bytes, err));
        source->bytes_read += bytes;
        source->reads++;
    }
    return hw_summed_source_add(source, offset, (hw_view){data, bytes}, err);
}

/* Whoever has opened the source closes it. */
static void summed_close(struct hw_source *base) {
    (void)base;
}

static void summed_expect(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_source_expect(((struct hw_summed_source *)base)->inner, offset, bytes);
}

static void summed_forget(struct hw_source *base, uint64_t offset, size_t bytes) {
    hw_source_forget(((struct hw_summed_source *)base)->inner, offset, bytes);
}

static const struct hw_source_ops summed_ops = {
    .size = sizeof(summed_ops),
    .read_at = summed_read_at,
    .close = summed_close,
    .expect = summed_expect,
    .forget = summed_forget,
};

void hw_summed_source_init(struct hw_summed_source *source, struct hw_source *inner) {
    *source = (struct hw_summed_source){.base = *inner, .inner = inner};
    source->base.ops = &summed_ops;
}

void hw_summed_source_release(struct hw_summed_source *source) {
    hw_buf_release(&source->ranges);
}

void hw_summed_source_know(struct hw_summed_source *source, uint64_t at, hw_view bytes) {
    source->known = bytes;
    source->known_at = at;
}

void hw_summed_source_begin(struct hw_summed_source *source, uint64_t end) {
    source->end = end;
}

static struct range *ranges_of(const struct hw_summed_source *source) {
    return (struct range *)(void *)source->ranges.data;
}

static size_t ranges_count(const struct hw_summed_source *source) {
    return source->ranges.size / sizeof(struct range);
}

/* Returns the number of ranges that begin at or before `at`. */
static size_t ranges_before(const struct hw_summed_source *source, uint64_t at) {
    size_t low = 0;
    size_t high = ranges_count(source);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ranges_of(source)[middle].start <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Inserts a range as number `index`. */
static enum hw_status range_insert(struct hw_summed_source *source, size_t index, const struct range *range,
                                   struct hw_error *err) {
    const size_t behind = ranges_count(source) - index;
    HW_TRY(hw_buf_resize(&source->ranges, source->ranges.size + sizeof(*range), err));
    struct range *ranges = ranges_of(source);
    memmove(&ranges[index + 1], &ranges[index], behind * sizeof(*range));
    ranges[index] = *range;
    return HW_OK;
}

enum hw_status hw_summed_source_add(struct hw_summed_source *source, uint64_t at, hw_view bytes, struct hw_error *err) {
    const uint64_t start = at;
    const uint64_t end = at + bytes.size < source->end ? at + bytes.size : source->end;
    while (at < end) {
        const size_t index = ranges_before(source, at);
        struct range *before = index > 0 ? &ranges_of(source)[index - 1] : NULL;
        if (before && before->end > at) {
            at = before->end;
            continue;
        }
        const bool last = index == ranges_count(source);
        const uint64_t stop = last || ranges_of(source)[index].start > end ? end : ranges_of(source)[index].start;
        const void *data = bytes.data + (at - start);
        if (before && before->end == at) {
            before->sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, before->sum, data, (size_t)(stop - at));
            before->end = stop;
        } else {
            const uint64_t sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, data, (size_t)(stop - at));
            HW_TRY(range_insert(source, index, &(struct range){at, stop, sum}, err));
        }
        at = stop;
    }
    return HW_OK;
}

/* Reads the bytes from `at` on up to the next range. */
static enum hw_status rest_read(struct hw_summed_source *source, uint64_t at, struct hw_buf *room,
                                struct hw_error *err) {
    const size_t index = ranges_before(source, at);
    const uint64_t next = index < ranges_count(source) ? ranges_of(source)[index].start : source->end;
    while (at < next) {
        const size_t bytes = (size_t)hw_clamp(next - at, 0, REST_BYTES);
        HW_TRY(hw_buf_resize(room, bytes, err));
        HW_TRY(source->base.ops->read_at(&source->base, at, room->data, bytes, err));
        at += bytes;
    }
    return HW_OK;
}

enum hw_status hw_summed_source_finish(struct hw_summed_source *source, uint64_t *out_sum, struct hw_error *err) {
    HW_AUTO(hw_buf) room = {0};
    uint64_t sum = 0;
    for (uint64_t at = 0; at < source->end;) {
        const size_t before = ranges_before(source, at);
        const uint64_t known = before > 0 ? ranges_of(source)[before - 1].end : 0;
        if (known > at) {
            at = known;
        } else {
            HW_TRY(rest_read(source, at, &room, err));
        }
    }
    for (size_t i = 0; i < ranges_count(source); i++) {
        const struct range *range = &ranges_of(source)[i];
        sum = hw_checksum_combine(HW_CHECKSUM_CRC64NVME, sum, range->sum, range->end - range->start);
    }
    *out_sum = sum;
    return HW_OK;
}
