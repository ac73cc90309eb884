/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/file_sums.h"

#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"

enum { READ_BYTES = 1 << 20 };

enum hw_status hw_file_sums_begin(struct hw_file_sums *sums, struct hw_error *err) {
    *sums = (struct hw_file_sums){0};
    return hw_sha256_init(&sums->running) ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a SHA-256");
}

void hw_file_sums_add(struct hw_file_sums *sums, const void *data, size_t bytes) {
    hw_sha256_update(&sums->running, data, bytes);
    sums->crc64nvme = hw_crc64nvme(sums->crc64nvme, data, bytes);
    sums->bytes += bytes;
}

void hw_file_sums_end(struct hw_file_sums *sums) {
    hw_sha256_finish(&sums->running, sums->sha256);
}

void hw_file_sums_release(struct hw_file_sums *sums) {
    hw_sha256_release(&sums->running);
    sums->running = (struct hw_sha256){0};
}

enum hw_status hw_file_sums_of(struct hw_source *source, struct hw_file_sums *out_sums, struct hw_error *err) {
    struct hw_file_sums sums;
    uint8_t *block = hw_alloc(READ_BYTES);
    enum hw_status status = block ? HW_OK : hw_fail_nomem(err, READ_BYTES);
    if (status == HW_OK) {
        status = hw_file_sums_begin(&sums, err);
    }
    if (status) {
        hw_free(block);
        return status;
    }
    while (status == HW_OK && sums.bytes < source->size) {
        const size_t bytes = (size_t)hw_clamp(source->size - sums.bytes, 0, READ_BYTES);
        status = source->ops->read_at(source, sums.bytes, block, bytes, err);
        hw_file_sums_add(&sums, block, status == HW_OK ? bytes : 0);
    }
    if (status == HW_OK) {
        hw_file_sums_end(&sums);
    }
    hw_file_sums_release(&sums);
    hw_free(block);
    HW_TRY(status);
    *out_sums = sums;
    return HW_OK;
}

/* ------ the sink */

static enum hw_status sum_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct hw_sum_sink *sum = (struct hw_sum_sink *)base;
    HW_TRY(sum->sink->ops->write(sum->sink, data, bytes, err));
    hw_file_sums_add(&sum->sums, data, bytes);
    base->written += bytes;
    return HW_OK;
}

enum hw_status hw_sum_sink_begin(struct hw_sum_sink *sum, struct hw_sink *sink, struct hw_error *err) {
    static const struct hw_sink_ops ops = {.size = sizeof(ops), .write = sum_write};
    *sum = (struct hw_sum_sink){.base = {.ops = &ops, .etag = ""}, .sink = sink};
    return hw_file_sums_begin(&sum->sums, err);
}
