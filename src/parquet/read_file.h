/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is read: its footer, and what that says of its columns. */
#ifndef HW_PARQUET_READ_FILE_H
#define HW_PARQUET_READ_FILE_H

#include "parquet/file_tail.h"
#include "parquet/read_schema.h"

/* Start it zeroed. */
struct hw_read_file {
    struct hw_source *source;
    struct hw_parquet_tail tail;
    struct hw_parquet_meta meta;
    struct hw_read_schema schema;
    /* The sum of the row groups' rows, which may be more than the footer's own number. */
    uint64_t rows;
};

/*
 * Reads the footer of a source, which is borrowed, and the schema in it. Logical types that count
 * as none become notes in `notes`, which may be NULL. HW_EDATA, HW_ELIMIT and HW_EUNSUPPORTED as
 * hw_parquet_tail_read, hw_parquet_meta_parse and hw_read_schema_make have them; HW_EDATA also
 * where a row group has less than no rows. After a failure the file is released.
 */
HW_NODISCARD enum hw_status hw_read_file_open(struct hw_read_file *file, struct hw_source *source,
                                              const struct hw_read_schema_options *options, struct hw_notes *notes,
                                              struct hw_error *err);
/* The source stays open. */
void hw_read_file_release(struct hw_read_file *file);

/*
 * Reads bytes that lie between the magic at the beginning and the footer, as indexes and bloom
 * filters do, unless they came with the end of the file. `what` is what messages call them, as "the
 * offset index". `*out_bytes` is a view of the file or of memory of the arena. HW_EDATA where they
 * do not lie there, HW_ELIMIT where they are more than HW_PARQUET_INDEX_BYTES_MAX.
 */
HW_NODISCARD enum hw_status hw_read_file_bytes(const struct hw_read_file *file, int64_t at, int64_t bytes,
                                               const char *what, struct hw_arena *arena, hw_view *out_bytes,
                                               struct hw_error *err);

#endif
