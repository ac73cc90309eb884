/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_file.h"

#include "core/limits.h"
#include "parquet/file_meta.h"

static enum hw_status start_check(struct hw_source *source, struct hw_error *err);
static enum hw_status rows_sum(const struct hw_parquet_meta *meta, uint64_t *out_rows, struct hw_error *err);

enum hw_status hw_read_file_open(struct hw_read_file *file, struct hw_source *source,
                                 const struct hw_read_schema_options *options, struct hw_notes *notes,
                                 struct hw_error *err) {
    file->source = source;
    enum hw_status status = hw_parquet_tail_read(&file->tail, source, err);
    if (status == HW_OK && !source->remote) {
        status = start_check(source, err);
    }
    if (status == HW_OK) {
        status = hw_parquet_meta_parse(&file->meta, hw_parquet_tail_footer(&file->tail), file->tail.footer_at, err);
    }
    status = status ? status : rows_sum(&file->meta, &file->rows, err);
    status = status ? status : hw_read_schema_make(&file->schema, &file->meta, options, notes, err);
    if (status) {
        hw_read_file_release(file);
    }
    return status;
}

/* Across a network that would be one more request for each file. */
static enum hw_status start_check(struct hw_source *source, struct hw_error *err) {
    uint8_t magic[HW_PARQUET_MAGIC_BYTES];
    HW_TRY(source->ops->read_at(source, 0, magic, sizeof(magic), err));
    return hw_parquet_magic(magic) == HW_PARQUET_MAGIC_PLAIN
               ? HW_OK
               : hw_fail_at(err, HW_EDATA, 0, "a Parquet file starts with PAR1, this one does not");
}

static enum hw_status rows_sum(const struct hw_parquet_meta *meta, uint64_t *out_rows, struct hw_error *err) {
    uint64_t rows = 0;
    for (size_t i = 0; i < meta->groups_count; i++) {
        const int64_t more = meta->groups[i].rows;
        if (more < 0 || !hw_add(rows, (uint64_t)more, &rows)) {
            return hw_fail(err, HW_EDATA, "row group %zu: it has %" PRId64 " rows", i, more);
        }
    }
    *out_rows = rows;
    return HW_OK;
}

void hw_read_file_release(struct hw_read_file *file) {
    hw_read_schema_release(&file->schema);
    hw_parquet_meta_release(&file->meta);
    hw_parquet_tail_release(&file->tail);
    *file = (struct hw_read_file){0};
}

enum hw_status hw_read_file_bytes(const struct hw_read_file *file, int64_t at, int64_t bytes, const char *what,
                                  struct hw_arena *arena, hw_view *out_bytes, struct hw_error *err) {
    const struct hw_parquet_tail *tail = &file->tail;
    const uint64_t end = tail->footer_at;
    if (at < HW_PARQUET_MAGIC_BYTES || bytes < 0 || (uint64_t)at > end || (uint64_t)bytes > end - (uint64_t)at) {
        return hw_fail(err, HW_EDATA,
                       "%s is to have %" PRId64 " bytes from byte %" PRId64
                       " on, but the footer begins at byte %" PRIu64,
                       what, bytes, at, end);
    }
    if ((uint64_t)at >= tail->at) {
        *out_bytes = (hw_view){(const char *)tail->bytes.data + ((uint64_t)at - tail->at), (size_t)bytes};
        return HW_OK;
    }
    if ((uint64_t)bytes > HW_PARQUET_INDEX_BYTES_MAX) {
        return hw_fail_at(err, HW_ELIMIT, at, "%s has %" PRId64 " bytes, %" PRIu64 " are the limit", what, bytes,
                          (uint64_t)HW_PARQUET_INDEX_BYTES_MAX);
    }
    char *data = hw_arena_alloc(arena, bytes > 0 ? (size_t)bytes : 1);
    if (!data) {
        return hw_fail_nomem(err, (size_t)bytes);
    }
    HW_TRY(file->source->ops->read_at(file->source, (uint64_t)at, data, (size_t)bytes, err));
    *out_bytes = (hw_view){data, (size_t)bytes};
    return HW_OK;
}
