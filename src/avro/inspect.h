/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers the facts that an Avro file tells of itself, for hawser/inspect.h. */
#ifndef HW_AVRO_INSPECT_H
#define HW_AVRO_INSPECT_H

#include <hawser/inspect.h>

#include "avro/file_head.h"

/* Start it zeroed. Facts are in the arena, or in the header. */
struct hw_avro_inspection {
    struct hw_packed input;
    struct hw_avro_head head;
    struct hw_schema schema;
    struct hw_arena arena;
    /* The bytes of all paths of the schema. */
    size_t path_bytes;
};

/*
 * Reads what `options` asks for of a source, which must live as long as the inspection, and fills
 * in `out` but for its path; it lives as long as the inspection too. Rows and blocks are counted
 * where HW_INSPECT_ROWS or HW_INSPECT_PAGES asks for them: the whole file is read for that. The
 * errors are those of hw_avro_head_read and hw_avro_block_next. Release it on failure too.
 */
HW_NODISCARD enum hw_status hw_avro_inspect(struct hw_avro_inspection *inspection, struct hw_source *source,
                                            const struct hw_inspect_options *options, struct hw_inspected *out,
                                            struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_inspection_release(struct hw_avro_inspection *inspection);

#endif
