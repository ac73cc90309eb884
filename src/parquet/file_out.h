/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a file on their way to its sink: counted, summed, and gathered so that writes are
 * few and large. Start it zeroed but for the sink; release it.
 */
#ifndef HW_PARQUET_FILE_OUT_H
#define HW_PARQUET_FILE_OUT_H

#include <hawser/io.h>

#include "parquet/footer.h"

struct hw_file_out {
    /* Borrowed. */
    struct hw_sink *sink;
    /* The bytes that are not written yet. */
    struct hw_buf gathered;
    /* The size of the file, `gathered` included, and the CRC-64/NVME of all of it. */
    uint64_t at;
    uint64_t sum;
    /* The place of the next bloom filter. */
    uint64_t bloom_at;
};

void hw_file_out_release(struct hw_file_out *out);
/* Writes the magic, unless something was written before. */
HW_NODISCARD enum hw_status hw_file_out_begin(struct hw_file_out *out, struct hw_error *err);
/*
 * Begins a row group with bloom filters, which come behind its column chunks; these have so many
 * bytes together. Other writers gather the filters of all row groups for the end of the file; here
 * none has to be kept in memory longer than the pages of its row group.
 */
void hw_file_out_blooms_begin(struct hw_file_out *out, uint64_t chunks_bytes);
/*
 * Writes a column chunk of a row group, its dictionary page first and then its data pages in their
 * order, and adds it to the footer. If it has a bloom filter, hw_file_out_bloom must write that,
 * once all chunks of the row group are written: filters in the order of their chunks.
 */
HW_NODISCARD enum hw_status hw_file_out_chunk(struct hw_file_out *out, struct hw_footer *footer,
                                              const struct hw_leaf *leaf, const struct hw_row_group *group,
                                              size_t column, enum hw_codec codec, struct hw_error *err);
/* Writes the bloom filter of a column chunk; if it has none, nothing is written. */
HW_NODISCARD enum hw_status hw_file_out_bloom(struct hw_file_out *out, const struct hw_chunk_facts *facts,
                                              struct hw_error *err);
/* Writes the indexes, the footer and the magic behind it. Nothing stays gathered. */
HW_NODISCARD enum hw_status hw_file_out_end(struct hw_file_out *out, const struct hw_footer *footer,
                                            const struct hw_tree *tree, const struct hw_parquet_options *options,
                                            struct hw_error *err);
/* Hands all that is gathered to the sink. */
HW_NODISCARD enum hw_status hw_file_out_flush(struct hw_file_out *out, struct hw_error *err);

#endif
