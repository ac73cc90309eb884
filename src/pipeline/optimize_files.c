/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_files.h"

#include "core/io_ops.h"

/* Sources that are open at once: few enough for any system, and more than there are threads. */
enum { OPEN_MAX = 128 };

static enum hw_status file_open(struct hw_optimize_files *files, size_t number, struct hw_error *err);
static uint64_t file_held(const struct hw_read_file *file);

enum hw_status hw_optimize_files_open(struct hw_optimize_files *files, const struct hw_optimize_source *const *sources,
                                      size_t count, uint64_t memory_bytes, size_t *out_failed, struct hw_error *err) {
    uint64_t held = 0;
    size_t bytes;
    *out_failed = count;
    hw_source_pool_init(&files->pool, OPEN_MAX);
    files->pool_ready = true;
    files->sources = sources;
    if (!hw_mul(count, sizeof(*files->files), &bytes) || !(files->files = hw_arena_alloc(&files->arena, bytes)) ||
        !(files->opened = hw_arena_alloc(&files->arena, count * sizeof(struct hw_source *)))) {
        return hw_fail_nomem(err, count);
    }
    memset(files->files, 0, bytes);
    memset(files->opened, 0, count * sizeof(struct hw_source *));
    files->count = count;
    for (size_t i = 0; i < count; i++) {
        const enum hw_status status = file_open(files, i, err);
        if (status) {
            *out_failed = i;
            return status;
        }
        held += file_held(&files->files[i]);
        if (held > memory_bytes) {
            return hw_fail(err, HW_ELIMIT,
                           "the footers of %zu of %zu sources take more than %" PRIu64
                           " MiB: give more --memory, or fewer sources at once",
                           i + 1, count, memory_bytes >> 20);
        }
    }
    return HW_OK;
}

static enum hw_status file_open(struct hw_optimize_files *files, size_t number, struct hw_error *err) {
    static const struct hw_read_schema_options schema = {HW_INT96_TEXT};
    const struct hw_optimize_source *source = files->sources[number];
    const struct hw_object_info *known = source->known.key ? &source->known : NULL;
    HW_TRY(hw_source_pool_open(&files->pool, source->at->store, source->key, known, HW_PARQUET_TAIL_BYTES,
                               &files->opened[number], err));
    return hw_read_file_open(&files->files[number], files->opened[number], &schema, NULL, err);
}

static uint64_t file_held(const struct hw_read_file *file) {
    return file->meta.arena.held_bytes + file->schema.arena.held_bytes + file->tail.bytes.capacity;
}

enum hw_status hw_optimize_files_same(const struct hw_optimize_files *files, size_t *out_failed, struct hw_error *err) {
    for (size_t i = 0; i < files->count; i++) {
        const struct hw_optimize_source *source = files->sources[i];
        const enum hw_status status = hw_store_source_same(source->at->store, source->key, files->opened[i], err);
        if (status) {
            *out_failed = i;
            return status;
        }
    }
    return HW_OK;
}

void hw_optimize_files_release(struct hw_optimize_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        hw_read_file_release(&files->files[i]);
        if (files->opened[i]) {
            files->opened[i]->ops->close(files->opened[i]);
        }
    }
    if (files->pool_ready) {
        hw_source_pool_release(&files->pool);
    }
    hw_arena_release(&files->arena);
    *files = (struct hw_optimize_files){.count = 0};
}
