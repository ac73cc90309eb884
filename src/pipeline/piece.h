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

/* One rejected record, as pieces carry it; `bytes` bytes of raw text follow. */
struct hw_reject {
    uint64_t line;   /* from 0, where the text's part in the span starts */
    uint64_t offset; /* in the whole text */
    uint32_t text;   /* number of the text */
    uint32_t bytes;
    uint32_t column; /* UINT32_MAX: none */
    enum hw_csv_reason reason;
};

void hw_piece_free(struct hw_piece *piece);

/* Adds a part without anything in it. */
HW_NODISCARD enum hw_status hw_piece_add(struct hw_piece *piece, const char *partition, struct hw_piece_part **out_part,
                                         struct hw_error *err);

/* Where the first byte of a block stands. */
struct hw_piece_place {
    uint32_t text;   /* number of the text */
    uint64_t line;   /* from 0, where the text's part in the span starts */
    uint64_t offset; /* in the whole text */
};

/* Adds a bad record of the block at `place` to the piece. `bad->column` is one of the table. */
HW_NODISCARD enum hw_status hw_piece_reject(struct hw_piece *piece, const struct hw_csv_bad *bad, const char *data,
                                            const struct hw_piece_place *place, struct hw_error *err);

/* Appends a reject as a JSON line; its own line counts from 0 where the text starts. `source`: the text's name, NULL: the line does not tell. */
HW_NODISCARD enum hw_status hw_reject_json(const struct hw_reject *reject, hw_view raw, const struct hw_schema *schema,
                                           const char *source, struct hw_buf *out, struct hw_error *err);

#endif
