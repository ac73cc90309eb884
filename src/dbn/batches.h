/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of one schema of a DBN file as a stream of batches, which may outlive it. */
#ifndef HW_DBN_BATCHES_H
#define HW_DBN_BATCHES_H

#include "dbn/records.h"
#include "dbn/rows.h"

struct hw_dbn_batches_options {
    /* The schema whose records are rows. */
    enum hw_dbn_schema schema;
    /* `ts_out` is set by the file. */
    struct hw_dbn_columns_options columns;
    /* The most rows of a batch. 0: 16,384. */
    size_t batch_rows;
};

/* The things that are known of what was read so far. */
struct hw_dbn_batches_facts {
    uint64_t rows;
    /* Records of types that nobody knows, which are passed over. */
    uint64_t unknown;
    /* Prices that a double cannot hold exactly. */
    uint64_t inexact;
    /* The place of the last error. */
    struct hw_dbn_fault fault;
};

struct hw_dbn_batches;

/*
 * Makes the stream of the records, which were opened and are borrowed as long as the stream. The
 * symbols are those of `symbols`, to which records of the file add; NULL: there are none. Records
 * of other schemas are passed over. An error of the stream is as hw_dbn_records_next and
 * hw_dbn_rows_add have it, with the number of the record, and `offset` in the decoded bytes.
 */
HW_NODISCARD enum hw_status hw_dbn_batches_new(struct hw_dbn_records *records, struct hw_dbn_symbol_map *symbols,
                                               const struct hw_dbn_batches_options *options,
                                               struct hw_dbn_batches **out_batches, struct hw_error *err);

/* Returns the stream. Freeing it frees the batches that were not handed out. */
struct hw_batch_stream *hw_dbn_batches_stream(struct hw_dbn_batches *batches);
const struct hw_dbn_batches_facts *hw_dbn_batches_facts(const struct hw_dbn_batches *batches);

#endif
