/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads an Avro file as a stream of batches: from a source, or from a stream that has each byte
 * once. Batches end in the same places whatever the number of threads.
 */
#ifndef HW_AVRO_FILE_READER_H
#define HW_AVRO_FILE_READER_H

#include <hawser/batch.h>

#include "avro/file_head.h"
#include "table/selection.h"

/* The header of a file, and what was read with it. Start it zeroed. */
struct hw_avro_container {
    /* NULL for a stream. */
    struct hw_source *source;
    struct hw_packed input;
    /* Rows are being read of a stream, which has them once. */
    bool taken;
    struct hw_avro_head head;
    /* The columns of the file. */
    struct hw_schema schema;
    struct hw_arena arena;
};

/*
 * Reads the header of a file, from a source that is borrowed until the release. The release is due
 * on failure too.
 */
HW_NODISCARD enum hw_status hw_avro_container_open(struct hw_avro_container *file, struct hw_source *source,
                                                   struct hw_error *err);
/* Does the same for a stream; `name` is borrowed. */
HW_NODISCARD enum hw_status hw_avro_container_open_stream(struct hw_avro_container *file, struct hw_stream *stream,
                                                          const char *name, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_container_release(struct hw_avro_container *file);

/* Some blocks of a file, which lie behind each other. */
struct hw_avro_range {
    /* The offset of the first one, and the one behind the last one. */
    uint64_t offset;
    uint64_t end;
    /* The number of the first one, and that of its first row. */
    uint64_t block;
    uint64_t row;
};

struct hw_avro_reader_options {
    /* The columns, as hw_selection_make takes them; NULL: all. */
    const char *columns;
    /* The same as a selection of the columns of the file; NULL: `columns` says. */
    const struct hw_selection *selection;
    /* The blocks of a source; an end of 0: all. */
    struct hw_avro_range range;
    /* The JSON of the schema as which the rows are read; no data: that of the file. */
    hw_view reader_schema;
    /* Threads that decode blocks, the caller's among them. 0 stands for 1. */
    size_t threads;
    /* The most memory. 0: 256 MiB. */
    size_t memory_bytes;
    /* The most bytes that a block may unpack to. 0: HW_AVRO_UNPACKED_BYTES_MAX. */
    size_t unpacked_bytes_max;
    /* The most rows of a batch. 0: 65,536. */
    size_t batch_rows;
    /* Rows that are left out at the beginning, and the most rows after them; 0: all. */
    uint64_t skip;
    uint64_t limit;
};

/*
 * Makes a stream of the rows of a file, which is borrowed. Several of one source may be read at
 * once; of a stream only one can be made, HW_EUSAGE. Options are borrowed for the call. Besides
 * what its parts say (avro/resolve.h, table/selection.h), reading fails with HW_EDATA where a block
 * is damaged, after all rows before it, and with HW_ELIMIT where one unpacks to more than the
 * memory allows. Errors have the name, and block, row and byte of the file.
 */
HW_NODISCARD enum hw_status hw_avro_reader_new(struct hw_avro_container *file,
                                               const struct hw_avro_reader_options *options,
                                               struct hw_batch_stream **out_stream, struct hw_error *err);

#endif
