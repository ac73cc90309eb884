/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_file.h"

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
