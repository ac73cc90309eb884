/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/stream.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_crc64nvme.h"
#include "core/io_ops.h"
#include "store/store_s3.h"
#include "transfer/delta.h"
#include "transfer/facts_hold.h"
#include "transfer/kept.h"
#include "transfer/parts_sum.h"
#include "transfer/sidecar.h"
#include "transfer/source.h"

/* An object that is replaced, or whose bytes differ from its checksum, is begun so often. */
enum { TRIES_MAX = 3 };
/* A larger file is flushed by itself. */
#define TOGETHER_BYTES_MAX HW_MIB(1)

/* One try to move an object. */
struct attempt {
    struct hw_stream *stream;
    struct hw_transfer_source source;
    /* The first part, which came when the source was opened; given back once it is written. */
    struct hw_buffer first;
    size_t first_bytes;
    struct hw_sink *sink;
    struct hw_buf resume_id;
    struct hw_kept kept;
    struct hw_delta delta;
    /* The sink has failed so that the parts which the service has copied may be to blame. */
    atomic_bool sink_failed;
    /* It is not the first one. */
    bool again;

    /* The checksum of its sidecar; none where that is not looked at. */
    struct hw_checksum sidecar;
    /* The sum of the parts of an object that has several. */
    struct hw_parts_sum sum;
};

static enum hw_status attempt_run(struct attempt *attempt, struct hw_error *err);
static enum hw_status move(struct attempt *attempt, struct hw_error *err);
static enum hw_status move_whole(struct attempt *attempt, struct hw_error *err);
static enum hw_status move_parts(struct attempt *attempt, struct hw_error *err);
static enum hw_status part_move(void *ctx, uint64_t number, struct hw_error *err);
static bool another_try(enum hw_status status);

static struct hw_buffers *buffers_of(const struct hw_stream *stream) {
    return hw_engine_buffers(stream->run->engine);
}

/* ------ an older version at the target */

static struct hw_delta_place place_of(const struct hw_stream *stream) {
    return (struct hw_delta_place){stream->run, stream->target_store, stream->target_key};
}

static bool delta_possible(const struct hw_stream *stream) {
    return hw_store_s3_client(stream->target_store) && !stream->sink.create_only;
}

static enum hw_status delta_offer(struct attempt *attempt, struct hw_error *err) {
    const struct hw_delta_place place = place_of(attempt->stream);
    return attempt->stream->delta ? hw_delta_offer(&attempt->delta, &place, attempt->sink, err) : HW_OK;
}

/* Tells what has come of the older version, once the object is there. */
static void delta_settle(struct attempt *attempt) {
    struct hw_stream *stream = attempt->stream;
    const struct hw_delta_place place = place_of(stream);
    stream->delta = attempt->delta.offered;
    if (stream->delta) {
        hw_delta_settle(&place, attempt->sink, &stream->bytes_sent, &stream->bytes_copied);
    }
}

/* Parts that the service has copied are not tried again where they may be to blame. */
static void delta_end(struct attempt *attempt, enum hw_status status, const struct hw_error *fault) {
    struct hw_stream *stream = attempt->stream;
    const struct hw_delta_place place = place_of(stream);
    if (status && attempt->delta.offered && atomic_load(&attempt->sink_failed)) {
        hw_delta_again(&place, fault);
        stream->delta = false;
    }
    hw_delta_release(&attempt->delta);
}

static bool another_try(enum hw_status status) {
    return status == HW_ECHANGED || status == HW_ECHECKSUM;
}

enum hw_status hw_stream_run(struct hw_stream *stream, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_ECHANGED;
    bool other_planned = false;
    const struct hw_write_options *write = stream->sink.write;
    stream->delta = stream->run->options->delta && delta_possible(stream);
    for (unsigned tries = 0; tries < TRIES_MAX && another_try(status) && !other_planned; tries++) {
        struct attempt attempt = {.stream = stream, .source.version_id = stream->source_version, .again = tries > 0};
        fault = (struct hw_error)HW_ERROR_INIT;
        stream->sink.write = write;
        status = attempt_run(&attempt, &fault);
        hw_buf_release(&attempt.resume_id);
        hw_kept_release(&attempt.kept);
        delta_end(&attempt, status, &fault);
        /* Another version than the listed one was met. */
        const bool replaced = status == HW_ECHANGED && !atomic_load(&attempt.sink_failed);
        other_planned = replaced && stream->as_planned;
        if (status == HW_ECHANGED && !stream->as_planned) {
            stream->known = NULL;
        }
    }
    stream->sink.write = write;
    if (status == HW_ECHANGED && stream->source_store->files && !stream->as_planned) {
        /* Somebody writes to the local file all the time. */
        status = fault.status = HW_EIO;
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

/* Reads the sidecar of the object, if it is to be compared with one and is none itself. */
static enum hw_status sidecar_find(struct attempt *attempt, struct hw_error *err) {
    const struct hw_stream *stream = attempt->stream;
    if (!stream->run->options->sidecar || hw_sidecar_is(stream->source_key)) {
        return HW_OK;
    }
    return hw_sidecar_read(stream->source_store, stream->source_key, &attempt->sidecar, err);
}

/*
 * Names the version that is moved, if its store names versions: an unfinished target of another one
 * is of no use.
 */
static enum hw_status resume_id_make(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    const struct hw_transfer_source *source = &attempt->source;
    stream->sink.resume_id = NULL;
    /* An upload that was taken up may be to blame for the failure of the first try. */
    const bool blamed = attempt->again && !stream->target_store->files;
    if (blamed || (source->etag[0] == '\0' && !stream->source_store->files)) {
        return HW_OK;
    }
    hw_buf_clear(&attempt->resume_id);
    HW_TRY(hw_buf_printf(&attempt->resume_id, err, "%s%s %s %" PRId64, stream->source_store->root, stream->source_key,
                         source->etag, source->mtime_us));
    stream->sink.resume_id = (const char *)attempt->resume_id.data;
    return HW_OK;
}

/* Flushing a small file takes longer than writing it, so many are flushed at once. */
static bool published_together(const struct attempt *attempt) {
    const struct hw_stream *stream = attempt->stream;
    const uint64_t size = attempt->source.size;
    return stream->publisher && stream->target_store->files && size <= TOGETHER_BYTES_MAX &&
           attempt->first_bytes == size;
}

/* The source is open now, and may have been replaced since the plan was made. */
static enum hw_status plan_hold(const struct attempt *attempt, struct hw_error *err) {
    const struct hw_transfer_source *source = &attempt->source;
    char etag[HW_S3_ETAG_BYTES];
    hw_s3_etag_bare(source->etag, etag);
    const struct hw_object_info now = {.size = source->size, .mtime_us = source->mtime_us, .etag = etag};
    return attempt->stream->as_planned ? hw_facts_compare(attempt->stream->known, &now, "source", err) : HW_OK;
}

static enum hw_status move(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    HW_TRY(plan_hold(attempt, err));
    HW_TRY(sidecar_find(attempt, err));
    struct hw_store *store = stream->target_store;
    const struct hw_transfer_source *source = &attempt->source;
    stream->size = source->size;
    stream->mtime_us = source->mtime_us;
    snprintf(stream->etag, sizeof(stream->etag), "%s", source->etag);
    stream->sink.size_hint = source->size;
    HW_TRY(resume_id_make(attempt, err));
    HW_TRY(hw_kept_load(&attempt->kept, source, store, stream->run->options->preserve, &stream->sink, err));
    const bool together = published_together(attempt);
    stream->sink.one_of_many = together;
    stream->sink.sync = together ? hw_publisher_sync(stream->publisher) : NULL;
    HW_TRY(store->ops->sink_open(store, stream->target_key, &stream->sink, &attempt->sink, err));
    const bool whole = attempt->first_bytes == source->size;
    enum hw_status status = whole ? move_whole(attempt, err) : move_parts(attempt, err);
    if (status == HW_OK && together) {
        status = attempt->sink->ops->settle(attempt->sink, err);
        stream->settled = status ? NULL : attempt->sink;
    } else if (status == HW_OK) {
        status = attempt->sink->ops->finish(attempt->sink, err);
        atomic_store(&attempt->sink_failed, another_try(status));
        if (status == HW_OK) {
            delta_settle(attempt);
        }
    }
    if (!stream->settled) {
        attempt->sink->ops->free(attempt->sink);
    }
    if (status == HW_ECHECKSUM && attempt->sidecar.kind) {
        hw_error_prefix(err, "compared with its sidecar");
    }
    return status;
}

static enum hw_status sidecar_prove(const struct attempt *attempt, struct hw_error *err) {
    if (!attempt->sidecar.kind) {
        return HW_OK;
    }
    const struct hw_checksum found = hw_checksum_of(attempt->sidecar.kind, attempt->first.data, attempt->first_bytes);
    return hw_checksums_compare(&found, &attempt->sidecar, err);
}

/* The buffer of an object that is published with others is given back before. */
static enum hw_status whole_write(struct attempt *attempt, struct hw_error *err) {
    struct hw_sink *sink = attempt->sink;
    const bool borrows = HW_SINK_HAS(sink, whole_write) && !attempt->stream->sink.one_of_many;
    return borrows ? sink->ops->whole_write(sink, attempt->first.data, attempt->first_bytes, err)
                   : sink->ops->write(sink, attempt->first.data, attempt->first_bytes, err);
}

/* The object is all there. */
static enum hw_status move_whole(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    HW_TRY(hw_transfer_source_prove(&attempt->source, attempt->first.data, attempt->first_bytes, err));
    HW_TRY(sidecar_prove(attempt, err));
    HW_TRY(whole_write(attempt, err));
    stream->proved_by = attempt->sidecar.kind ? attempt->sidecar.kind : attempt->source.proved.kind;
    hw_transfer_run_moved(stream->run, attempt->first_bytes);
    return HW_OK;
}

/* ------ parts */

static bool takes_parts(const struct hw_sink *sink) {
    return HW_SINK_HAS(sink, part_write) && HW_SINK_HAS(sink, parts_begin);
}

/* Sinks that know no parts are written in order. */
static bool in_order(const struct attempt *attempt) {
    return attempt->source.in_order || !takes_parts(attempt->sink);
}

static enum hw_status move_parts(struct attempt *attempt, struct hw_error *err) {
    struct hw_stream *stream = attempt->stream;
    struct hw_sink *sink = attempt->sink;
    const uint64_t size = attempt->source.size;
    uint64_t part_bytes = stream->run->part_bytes;
    struct hw_checksum wanted;
    if (attempt->sidecar.kind) {
        wanted = attempt->sidecar;
    } else {
        HW_TRY(hw_transfer_source_checksum(&attempt->source, &wanted, err));
    }
    if (takes_parts(sink)) {
        HW_TRY(delta_offer(attempt, err));
        HW_TRY(sink->ops->parts_begin(sink, size, &part_bytes, err));
    }
    if (attempt->first_bytes != part_bytes) {
        /* The parts have another size than the first one that came. */
        hw_buffer_give_back(buffers_of(stream), &attempt->first);
    }
    enum hw_status status = hw_parts_sum_init(&attempt->sum, &wanted, size, part_bytes, err);
    struct hw_engine_parts parts = {
        .count = attempt->sum.parts_count,
        .run = part_move,
        .ctx = attempt,
        .at_once_max = in_order(attempt) ? 1 : 0,
    };
    status = status ? status : hw_engine_parts_run(stream->run->engine, &parts, err);
    status = status ? status : hw_parts_sum_compare(&attempt->sum, err);
    stream->proved_by = status ? HW_CHECKSUM_NONE : wanted.kind;
    hw_parts_sum_release(&attempt->sum);
    return status;
}

static struct hw_sink_part part_of(const struct attempt *attempt, uint64_t number, const struct hw_buffer *buffer) {
    return (struct hw_sink_part){
        .number = number,
        .offset = number * attempt->sum.part_bytes,
        .data = buffer->data,
        .bytes = buffer->bytes,
    };
}

/*
 * Brings the bytes of a part: those that came when the source was opened, those that an earlier run
 * has left at the target, where `*out_there` is true, or those of the source.
 */
static enum hw_status part_bring(struct attempt *attempt, uint64_t number, struct hw_buffer *buffer, bool *out_there,
                                 struct hw_error *err) {
    struct hw_sink *sink = attempt->sink;
    if (number == 0 && attempt->first.data) {
        *buffer = attempt->first;
        attempt->first = (struct hw_buffer){0};
        hw_parts_sum_has_buffer(&attempt->sum, number);
        return HW_OK;
    }
    HW_TRY(hw_parts_sum_buffer(&attempt->sum, number, buffers_of(attempt->stream), buffer, err));
    const struct hw_sink_part part = part_of(attempt, number, buffer);
    if (HW_SINK_HAS(sink, part_read)) {
        HW_TRY(sink->ops->part_read(sink, &part, buffer->data, out_there, err));
    }
    struct hw_transfer_run *run = attempt->stream->run;
    const struct hw_transfer_reads reads = {hw_engine_buffers(run->engine), &run->hedge};
    return *out_there ? HW_OK : hw_transfer_source_read(&attempt->source, &reads, part.offset, buffer, err);
}

/* Sums a part while it is in the processor's cache, and writes it. */
static enum hw_status part_write(struct attempt *attempt, uint64_t number, const struct hw_buffer *buffer, bool there,
                                 struct hw_error *err) {
    struct hw_sink *sink = attempt->sink;
    struct hw_sink_part part = part_of(attempt, number, buffer);
    part.crc64nvme = hw_crc64nvme(0, buffer->data, buffer->bytes);
    HW_TRY(hw_parts_sum_add(&attempt->sum, number, buffer, part.crc64nvme, err));
    if (!there) {
        const enum hw_status status = takes_parts(sink) ? sink->ops->part_write(sink, &part, err)
                                                        : sink->ops->write(sink, part.data, part.bytes, err);
        if (another_try(status)) {
            atomic_store(&attempt->sink_failed, true);
        }
        HW_TRY(status);
    }
    hw_transfer_run_moved(attempt->stream->run, part.bytes);
    return HW_OK;
}

static enum hw_status part_move(void *ctx, uint64_t number, struct hw_error *err) {
    struct attempt *attempt = ctx;
    struct hw_buffer buffer = {0};
    bool there = false;
    enum hw_status status = part_bring(attempt, number, &buffer, &there, err);
    status = status ? status : part_write(attempt, number, &buffer, there, err);
    if (status) {
        hw_parts_sum_break(&attempt->sum);
    }
    hw_buffer_give_back(buffers_of(attempt->stream), &buffer);
    return status;
}
