/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of a part become batches of the table's columns, rejects, and what the
 * part's result tells. One worker's; it is kept from part to part.
 */
#ifndef HW_CSV_BLOCKS_H
#define HW_CSV_BLOCKS_H

#include "csv/parser.h"
#include "csv/table.h"
#include "csv/window.h"
#include "table/reader.h"

/* The result of a part of a CSV table. */
struct hw_csv_result {
    struct hw_part_result base;
    uint32_t first; /* inputs */
    uint32_t last;
    uint32_t input;                   /* in work: in the end the last one, or that of the error */
    uint64_t lines;                   /* physical lines of `input` that were read in this part */
    struct hw_csv_input_part *inputs; /* one for each of its inputs */
    struct hw_csv_profile *profiles;  /* one for each column of the table */
    /* struct hw_csv_first_misfit, one a column at most; only with options.history */
    struct hw_buf misfits;
    uint64_t rejected_by[HW_CSV_REASON_COUNT];
};

struct hw_csv_blocks {
    struct hw_csv_table *table;       /* borrowed */
    struct hw_cursor *cursor;         /* borrowed: its batch and its rejects are filled */
    struct hw_csv_window *window;     /* borrowed: what is parsed is consumed */
    struct hw_csv_result *result;     /* borrowed: of the part in work */
    const struct hw_csv_input *input; /* in work */
    struct hw_csv_parser *parser;
    const struct hw_csv_columns *columns; /* the parser's */
    /* of the table's columns: what the parser was told to forget */
    struct hw_csv_profile *profiles;
    struct hw_column *arranged; /* columns of the table, where the input has others */
    struct hw_buf nulls;        /* for those that it lacks */
};

/* Borrows all. On failure release all the same. */
HW_NODISCARD enum hw_status hw_csv_blocks_init(struct hw_csv_blocks *blocks, struct hw_csv_table *table,
                                               struct hw_cursor *cursor, struct hw_csv_window *window,
                                               struct hw_error *err);
void hw_csv_blocks_release(struct hw_csv_blocks *blocks);

/* Begins a part. */
void hw_csv_blocks_begin(struct hw_csv_blocks *blocks, struct hw_csv_result *result);
/* Ends it: the result (NULL: there is none) gets the profiles. */
void hw_csv_blocks_end(struct hw_csv_blocks *blocks);

/* From here on blocks are of this input. */
HW_NODISCARD enum hw_status hw_csv_blocks_set_input(struct hw_csv_blocks *blocks, const struct hw_csv_input *input,
                                                    struct hw_error *err);
/* Returns what the result tells of the input in work. */
struct hw_csv_input_part *hw_csv_blocks_part(const struct hw_csv_blocks *blocks);

/*
 * Parses the complete records among the window's first `bytes` bytes, which begin with a record,
 * and consumes them. `at_end`: the text ends there. An error's line counts from the part's start in
 * the input, its offset is the text's.
 */
HW_NODISCARD enum hw_status hw_csv_blocks_run(struct hw_csv_blocks *blocks, size_t bytes, bool at_end,
                                              size_t *out_consumed, struct hw_error *err);
/* Consumes the text's last `bytes` bytes, a record whose quote is never closed, as a bad record. */
HW_NODISCARD enum hw_status hw_csv_blocks_open_quote(struct hw_csv_blocks *blocks, size_t bytes, struct hw_error *err);

#endif
