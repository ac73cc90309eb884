/* SPDX-License-Identifier: Apache-2.0 */
/* Finds where a column chunk lies in its file, and whether its pages can be read. */
#ifndef HW_PARQUET_CHUNK_LOCATE_H
#define HW_PARQUET_CHUNK_LOCATE_H

#include "parquet/file_meta.h"
#include "parquet/group_bytes.h"
#include "parquet/read_schema.h"

/* The facts that a footer has of a chunk, once they were checked. */
struct hw_located_chunk {
    struct hw_chunk_range range;
    int32_t codec;
    /* Entries: values, nulls, and what stands for empty lists. */
    uint64_t entries;
};

/*
 * Checks the chunk of a leaf in a row group against the leaf, and against the bytes of the file in
 * front of the footer, `data_bytes`. HW_EDATA where the footer contradicts itself: a chunk that is
 * missing, of another column or type, with more bytes than there are, with other numbers of values
 * than the group has rows. HW_EUNSUPPORTED where the chunk is encrypted, in another file, or
 * compressed by a codec that cannot be read. The message does not name group and column.
 */
HW_NODISCARD enum hw_status hw_chunk_locate(const struct hw_parquet_meta *meta, const struct hw_parquet_group *group,
                                            const struct hw_read_leaf *leaf, uint64_t data_bytes,
                                            struct hw_located_chunk *out_facts, struct hw_error *err);

#endif
