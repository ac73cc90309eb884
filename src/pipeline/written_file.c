/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/written_file.h"

#include "core/count.h"
#include "core/io.h"
#include "core/io_ops.h"
#include "core/limits.h"
#include "core/temp_file.h"
#include "pipeline/verify_format.h"
#include "store/fd_source.h"

/* Names no store that a program or a user can have. */
#define WRITTEN_ROOT "written://"

/* ------ the store of one object */

static enum hw_status written_source_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                          struct hw_source **out_source, struct hw_error *err) {
    struct hw_written_file *file = (struct hw_written_file *)store;
    (void)key;
    (void)known;
    if (file->copy_fd < 0) {
        return file->sink->ops->settled_open(file->sink, out_source, err);
    }
    return hw_fd_source_dup(file->copy_fd, file->sink->written, file->key, out_source, err);
}

static enum hw_status written_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                   char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    const struct hw_written_file *file = (const struct hw_written_file *)store;
    (void)err;
    out_etag[0] = '\0';
    *out_info = (struct hw_object_info){.key = key, .size = file->sink->written, .etag = out_etag};
    return HW_OK;
}

static const struct hw_store_ops written_ops = {
    .size = sizeof(written_ops), .stat = written_stat, .source_open = written_source_open};

enum hw_status hw_written_file_begin(struct hw_written_file *file, struct hw_sink *sink, const char *key,
                                     struct hw_error *err) {
    *file = (struct hw_written_file){
        .base = {.ops = &written_ops, .root = WRITTEN_ROOT}, .sink = sink, .key = key, .copy_fd = -1};
    return HW_SINK_HAS(sink, settled_open) ? HW_OK : hw_temp_file_open(&file->copy_fd, err);
}

enum hw_status hw_written_file_add(struct hw_written_file *file, const void *data, size_t bytes, struct hw_error *err) {
    if (file->copy_fd < 0) {
        return HW_OK;
    }
    return hw_temp_file_told(hw_io_write_all(file->copy_fd, data, bytes, err), err);
}

void hw_written_file_release(struct hw_written_file *file) {
    if (file->base.ops && file->copy_fd >= 0) {
        hw_io()->close(file->copy_fd);
    }
    *file = (struct hw_written_file){.copy_fd = -1};
}

/* ------ verification */

static enum hw_status outcome_of(const struct hw_verify_file *verify, const struct hw_written_facts *facts,
                                 struct hw_error *err);

static enum hw_status file_look(struct hw_written_file *file, const struct hw_written_options *options,
                                const struct hw_written_facts *facts, struct hw_error *err) {
    struct hw_store *const stores[] = {&file->base};
    const struct hw_store_options store = {.stores = stores,
                                           .stores_count = COUNT_OF(stores),
                                           .cancelled = options->cancelled,
                                           .cancelled_ctx = options->cancelled_ctx};
    const struct hw_verify_file_options looking = {
        .level = options->level,
        .findings_max = 1,
        .memory_bytes = options->memory_bytes,
        .page_bytes_max = hw_min_size(options->memory_bytes / 2, HW_PARQUET_PAGE_BYTES_MAX),
        .store = &store,
        .csv = facts->csv,
        .sum = true,
        .errors_only = true,
    };
    struct hw_verify_file verify = {0};
    enum hw_status status = hw_verify_file_init(&verify, &file->base, NULL, file->key, NULL, err);
    status = status ? status : hw_verify_file_run(&verify, &looking, err);
    status = status ? status : outcome_of(&verify, facts, err);
    hw_verify_file_release(&verify);
    return status;
}

enum hw_status hw_written_file_verify(struct hw_written_file *file, const struct hw_written_options *options,
                                      const struct hw_written_facts *facts, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    while (sem_wait(options->slots) != 0) {
        /* A signal has come; there is nothing else that it fails with. */
    }
    enum hw_status status = file_look(file, options, facts, &fault);
    sem_post(options->slots);
    if (status != HW_OK) {
        /* The name is that of the caller to say. */
        fault.object[0] = '\0';
        hw_error_prefix(&fault, "what was written does not pass --verify, and is not published");
    }
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* The first error is told: the file goes, and with it all that is wrong. */
static enum hw_status found_tell(const struct hw_verify_file *verify, struct hw_error *err) {
    struct hw_error found = HW_ERROR_INIT;
    hw_finding_error(hw_verify_file_finding(verify, 0), &found);
    found.status = HW_ECHECKSUM;
    return hw_error_pass(err, HW_ECHECKSUM, &found);
}

static enum hw_status outcome_of(const struct hw_verify_file *verify, const struct hw_written_facts *facts,
                                 struct hw_error *err) {
    const struct hw_verify_counts *counts = &verify->counts;
    if (counts->errors > 0) {
        return found_tell(verify, err);
    }
    if (counts->size != facts->bytes) {
        return hw_fail(err, HW_ECHECKSUM, "%s were written, and %" PRIu64 " are there", HW_COUNT(facts->bytes, "byte"),
                       counts->size);
    }
    if (counts->has_sum && counts->sum != facts->crc64nvme) {
        return hw_fail(err, HW_ECHECKSUM,
                       "the CRC-64/NVME of what is there is %016" PRIx64 ", and what was written had %016" PRIx64,
                       counts->sum, facts->crc64nvme);
    }
    if (counts->rows >= 0 && (uint64_t)counts->rows != facts->rows) {
        return hw_fail(err, HW_ECHECKSUM, "%s were written, and %" PRIi64 " are there", HW_COUNT(facts->rows, "row"),
                       counts->rows);
    }
    return HW_OK;
}
