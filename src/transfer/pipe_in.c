/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/pipe_in.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/io.h"
#include "objects/content_type.h"

enum { READ_BYTES = 256 * 1024 };

static enum hw_status bytes_move(struct hw_transfer_run *run, struct hw_sink *sink, uint8_t *data,
                                 struct hw_error *err) {
    const struct hw_io_stop stop = {run->options->cancelled, run->options->ctx};
    size_t bytes;
    do {
        HW_TRY(hw_io_readable_wait(run->options->input_fd, &stop, err));
        HW_TRY(hw_io_read_once(run->options->input_fd, data, READ_BYTES, &bytes, err));
        if (bytes > 0) {
            HW_TRY(sink->ops->write(sink, data, bytes, err));
            hw_transfer_run_moved(run, bytes);
        }
    } while (bytes > 0);
    return sink->ops->finish(sink, err);
}

static enum hw_status object_write(struct hw_transfer_run *run, const struct hw_target *target, uint64_t *out_size,
                                   struct hw_error *err) {
    const struct hw_transfer_options *options = run->options;
    const struct hw_sink_options sink_options = {
        .content_type = hw_content_type(target->key),
        .write = options->write,
        .create_only = options->no_clobber,
        .links_refused = true,
        .kept_bytes = target->kept_bytes,
        .proven = true,
    };
    struct hw_sink *sink;
    HW_TRY(target->store->ops->sink_open(target->store, target->key, &sink_options, &sink, err));
    uint8_t *data = hw_alloc(READ_BYTES);
    enum hw_status status = data ? bytes_move(run, sink, data, err) : hw_fail_nomem(err, READ_BYTES);
    *out_size = sink->written;
    hw_free(data);
    sink->ops->free(sink);
    return status;
}

void hw_transfer_pipe_in(struct hw_transfer_run *run, const struct hw_target *target) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error error = HW_ERROR_INIT;
    const char *path = hw_arena_join(&arena, target->store->root, target->key);
    struct hw_transfer_object told = {
        .op = HW_TRANSFER_COPY, .source = "-", .path = path ? path : target->key, .outcome = HW_TRANSFER_PLANNED};
    const int64_t started_us = hw_clock_monotonic_us();
    if (!run->options->dry_run) {
        const enum hw_status status = object_write(run, target, &told.size, &error);
        told.outcome = status ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE;
        told.error = status ? &error : NULL;
    }
    told.seconds = (double)(hw_clock_monotonic_us() - started_us) / 1e6;
    hw_transfer_run_tell(run, &told);
}
