/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/stream.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"
#include "transfer/source.h"

/* An object that is replaced, or whose bytes differ from its checksum, is begun so often. */
enum { TRIES_MAX = 3 };

/* One try to move an object. */
struct attempt {
    struct hw_stream *stream;
    struct hw_transfer_source source;
    /* The first part, which came when the source was opened; given back once it is written. */
    struct hw_buffer first;
    size_t first_bytes;
    struct hw_sink *sink;

    /* The parts of an object that has several. */
    uint64_t part_bytes;
    uint64_t parts_count;
    /*
     * The checksum that the source's store keeps, and that of the bytes that come: the sum of each
     * part if it is a CRC, else a digest, for which they come in order.
     */
    struct hw_checksum kept;
    uint64_t *sums;
    struct hw_checksum_run digest;
};

static enum hw_status attempt_run(struct attempt *attempt, struct hw_error *err);
static enum hw_status move(struct attempt *attempt, struct hw_error *err);
static enum hw_status move_whole(struct attempt *attempt, struct hw_error *err);
static enum hw_status move_parts(struct attempt *attempt, struct hw_error *err);
static enum hw_status part_move(void *ctx, uint64_t number, struct hw_error *err);
static enum hw_status whole_compare(struct attempt *attempt, struct hw_error *err);

static struct hw_buffers *buffers_of(const struct hw_stream *stream) {
    return hw_engine_buffers(stream->run->engine);
}

enum hw_status hw_stream_run(struct hw_stream *stream, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_ECHANGED;
    for (unsigned tries = 0; tries < TRIES_MAX && (status == HW_ECHANGED || status == HW_ECHECKSUM); tries++) {
        struct attempt attempt = {.stream = stream};
        fault = (struct hw_error)HW_ERROR_INIT;
        status = attempt_run(&attempt, &fault);
        /* Another version than the listed one was met. */
        stream->known = NULL;
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* The first part is as large as the object is known to be, or a whole part. */
static size_t first_part_bytes(const struct hw_stream *stream) {
    const uint64_t part_bytes = stream->run->part_bytes;
    const uint64_t known = stream->known && stream->known->size > 0 ? stream->known->size : part_bytes;
    return (size_t)(known < part_bytes ? known : part_bytes);
}

static enum hw_status attempt_run(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    struct hw_buffers *buffers = buffers_of(stream);
    HW_TRY(hw_buffer_take(buffers, first_part_bytes(stream), &attempt->first, err));
    enum hw_status status = hw_transfer_source_open(&attempt->source, stream->source_store, stream->source_key,
                                                    stream->known, &attempt->first, &attempt->first_bytes, err);
    if (status == HW_OK) {
        status = move(attempt, err);
        hw_transfer_source_release(&attempt->source);
    }
    hw_buffer_give_back(buffers, &attempt->first);
    return status;
}

static enum hw_status move(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    struct hw_store *store = stream->target_store;
    const struct hw_transfer_source *source = &attempt->source;
    stream->size = source->size;
    stream->mtime_us = source->mtime_us;
    snprintf(stream->etag, sizeof(stream->etag), "%s", source->etag);
    stream->sink.size_hint = source->size;
    HW_TRY(store->ops->sink_open(store, stream->target_key, &stream->sink, &attempt->sink, err));
    const bool whole = attempt->first_bytes == source->size;
    enum hw_status status = whole ? move_whole(attempt, err) : move_parts(attempt, err);
    status = status ? status : attempt->sink->ops->finish(attempt->sink, err);
    attempt->sink->ops->free(attempt->sink);
    return status;
}

/* The object is all there. */
static enum hw_status move_whole(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    HW_TRY(attempt->sink->ops->write(attempt->sink, attempt->first.data, attempt->first_bytes, err));
    stream->proved_by = attempt->source.proved_by;
    hw_transfer_run_moved(stream->run, attempt->first_bytes);
    return HW_OK;
}

/* ------ parts */

/* Returns whether the checksum is one that cannot be made of those of the parts. */
static bool is_digest(enum hw_checksum_kind kind) {
    return kind != HW_CHECKSUM_NONE && !hw_checksum_is_crc(kind);
}

/* Sinks that know no parts are written in order. */
static bool in_order(const struct attempt *attempt) {
    return attempt->source.in_order || !attempt->sink->ops->parts_begin || is_digest(attempt->kept.kind);
}

static enum hw_status move_parts(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    struct hw_sink *sink = attempt->sink;
    const uint64_t size = attempt->source.size;
    attempt->part_bytes = stream->run->part_bytes;
    HW_TRY(hw_transfer_source_checksum(&attempt->source, &attempt->kept, err));
    hw_checksum_run_init(&attempt->digest, attempt->kept.kind);
    if (sink->ops->parts_begin) {
        HW_TRY(sink->ops->parts_begin(sink, size, &attempt->part_bytes, err));
    }
    attempt->parts_count = size / attempt->part_bytes + (size % attempt->part_bytes != 0);
    if (attempt->first_bytes != attempt->part_bytes) {
        /* The parts have another size than the first one that came. */
        hw_buffer_give_back(buffers_of(stream), &attempt->first);
    }
    attempt->sums = hw_alloc_zero(attempt->parts_count, sizeof(*attempt->sums));
    if (!attempt->sums) {
        return hw_fail_nomem(err, attempt->parts_count * sizeof(*attempt->sums));
    }
    struct hw_engine_parts parts = {
        .count = attempt->parts_count,
        .run = part_move,
        .ctx = attempt,
        .at_once_max = in_order(attempt) ? 1 : 0,
    };
    enum hw_status status = hw_engine_parts_run(stream->run->engine, &parts, err);
    status = status ? status : whole_compare(attempt, err);
    hw_free(attempt->sums);
    return status;
}

static uint64_t bytes_of_part(const struct attempt *attempt, uint64_t number) {
    const uint64_t left = attempt->source.size - number * attempt->part_bytes;
    return left < attempt->part_bytes ? left : attempt->part_bytes;
}

/* Sums a part for the comparison with the checksum of the source's store. */
static void part_sum(struct attempt *attempt, const struct hw_sink_part *part) {
    const enum hw_checksum_kind kind = attempt->kept.kind;
    if (kind == HW_CHECKSUM_CRC64NVME) {
        attempt->sums[part->number] = part->crc64nvme;
    } else if (is_digest(kind)) {
        hw_checksum_run_add(&attempt->digest, part->data, part->bytes);
    } else {
        attempt->sums[part->number] = hw_checksum_add(kind, 0, part->data, part->bytes);
    }
}

/* Sums a part while it is in the processor's cache, and writes it. */
static enum hw_status part_write(struct attempt *attempt, uint64_t number, const struct hw_buffer *buffer,
                                 struct hw_error *err) {
    struct hw_sink *sink = attempt->sink;
    const struct hw_sink_part part = {
        .number = number,
        .offset = number * attempt->part_bytes,
        .data = buffer->data,
        .bytes = buffer->bytes,
        .crc64nvme = hw_crc64nvme(0, buffer->data, buffer->bytes),
    };
    part_sum(attempt, &part);
    HW_TRY(sink->ops->part_write ? sink->ops->part_write(sink, &part, err)
                                 : sink->ops->write(sink, part.data, part.bytes, err));
    hw_transfer_run_moved(attempt->stream->run, part.bytes);
    return HW_OK;
}

static enum hw_status part_move(void *ctx, uint64_t number, struct hw_error *err) {
    struct attempt *attempt = ctx;
    struct hw_buffers *buffers = buffers_of(attempt->stream);
    struct hw_buffer buffer = {0};
    enum hw_status status = HW_OK;
    if (number == 0 && attempt->first.data) {
        buffer = attempt->first;
        attempt->first = (struct hw_buffer){0};
    } else {
        HW_TRY(hw_buffer_take(buffers, (size_t)bytes_of_part(attempt, number), &buffer, err));
        status =
            hw_transfer_source_read(&attempt->source, number * attempt->part_bytes, buffer.data, buffer.bytes, err);
    }
    status = status ? status : part_write(attempt, number, &buffer, err);
    hw_buffer_give_back(buffers, &buffer);
    return status;
}

/* Returns the checksum of all the bytes that came. */
static struct hw_checksum whole_checksum(struct attempt *attempt) {
    const enum hw_checksum_kind kind = attempt->kept.kind;
    struct hw_checksum whole = {.kind = kind, .value = attempt->sums[0]};
    if (is_digest(kind)) {
        hw_checksum_run_final(&attempt->digest, &whole);
        return whole;
    }
    for (uint64_t i = 1; i < attempt->parts_count; i++) {
        whole.value = hw_checksum_combine(kind, whole.value, attempt->sums[i], bytes_of_part(attempt, i));
    }
    return whole;
}

static enum hw_status whole_compare(struct attempt *attempt, struct hw_error *err) {
    const struct hw_checksum *kept = &attempt->kept;
    const struct hw_checksum got = whole_checksum(attempt);
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (hw_checksum_equal(&got, kept)) {
        attempt->stream->proved_by = kept->kind;
        return HW_OK;
    }
    return hw_fail(err, HW_ECHECKSUM, "the bytes that came have the %s %s, the store says %s",
                   hw_checksum_name(got.kind), hw_checksum_text(&got, texts[0]), hw_checksum_text(kept, texts[1]));
}
