/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker hands on: some rows, encoded for every output, and the records that were rejected among them. */
#ifndef HW_PIPELINE_PIECE_H
#define HW_PIPELINE_PIECE_H

#include "core/buf.h"
#include "csv/parser.h"
#include "pipeline/output.h"

/* Rows that go to one file of every output. */
struct hw_piece_part {
    struct hw_piece_part *next;
    struct hw_encoded *encoded[HW_OUTPUT_FORMATS_MAX]; /* one an output */
    char partition[];                                  /* its path; "" where rows are not partitioned */
};

struct hw_piece {
    struct hw_piece *next;
    struct hw_piece_part *first, *last; /* parts; none where there are no rows */
    uint64_t rows;
    uint64_t rejected;
    struct hw_buf rejects; /* struct hw_reject and its text, one after the other */
    size_t held_bytes;
    size_t budget_bytes; /* of these, what was taken from the budget */
};

/* One rejected record, as pieces carry it; `bytes` bytes of raw text follow. Positions count from the start of the span. */
struct hw_reject {
    uint64_t line;   /* from 0 */
    uint64_t offset; /* in the whole text */
    uint32_t bytes;
    uint32_t column; /* UINT32_MAX: none */
    enum hw_csv_reason reason;
};

void hw_piece_free(struct hw_piece *piece);

/* Adds a part without anything in it. */
HW_NODISCARD enum hw_status hw_piece_add(struct hw_piece *piece, const char *partition, struct hw_piece_part **out_part,
                                         struct hw_error *err);

/* Adds a bad record of a block to the piece. `line` and `offset` are those of the block's first byte. */
HW_NODISCARD enum hw_status hw_piece_reject(struct hw_piece *piece, const struct hw_csv_bad *bad, const char *data,
                                            uint64_t line, uint64_t offset, struct hw_error *err);

/* Appends the rejects as JSON lines; `lines` is the number of physical lines before the span. */
HW_NODISCARD enum hw_status hw_piece_rejects_json(const struct hw_piece *piece, const struct hw_schema *schema,
                                                  uint64_t lines, struct hw_buf *out, struct hw_error *err);

#endif
