/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes batches of the table's columns of the blocks of a part, and rejects, and adds both up in
 * the part's result. One worker's; it is kept from part to part.
 */
#ifndef HW_CSV_BLOCKS_H
#define HW_CSV_BLOCKS_H

#include "csv/parser.h"
#include "csv/table.h"
#include "csv/window.h"
#include "table/arrange.h"
#include "table/constant.h"
#include "table/reader.h"

/* The result of a part of a CSV table. */
struct hw_csv_result {
    struct hw_part_result base;
    uint32_t first; /* the part's first input */
    uint32_t last;  /* its last input */
    /* The input in work: once the part has ended, its last one, or the one with the error. */
    uint32_t input;
    uint64_t lines;                   /* physical lines of `input` that were read in this part */
    bool cut_short;                   /* the table had enough rows, so not all of it was read */
    struct hw_csv_input_part *inputs; /* one for each of the part's inputs */
    struct hw_csv_profile *profiles;  /* one for each column of the table */
    /* Holds struct hw_csv_first_misfit, at most one a column; empty without options.history. */
    struct hw_buf misfits;
    uint64_t rejected_by[HW_CSV_REASON_COUNT]; /* rejected records by their reason */
};

struct hw_csv_blocks {
    struct hw_csv_table *table;       /* borrowed */
    struct hw_cursor *cursor;         /* borrowed; its batch and its rejects are filled */
    struct hw_csv_window *window;     /* borrowed; bytes that are parsed are consumed */
    struct hw_csv_result *result;     /* borrowed; the result of the part in work */
    const struct hw_csv_input *input; /* the input in work */
    struct hw_csv_parser *parser;
    const struct hw_csv_columns *columns; /* the columns that the parser makes */
    /* One for each column of the table: the values that the parser was told to forget. */
    struct hw_csv_profile *profiles;
    struct hw_column *arranged; /* the table's columns, where the input has others */
    struct hw_nulls nulls;      /* for the columns that the input lacks */
    /* The batch of the last block, where it is handed out in slices, and its rows that were. */
    struct hw_batch whole;
    size_t sliced;
    struct hw_column *slice;   /* room for the columns of a slice */
    struct hw_constant source; /* the added column of the name of the input in work */
    uint64_t rows_left;        /* rows that the table still takes */
};

/* Borrows all. Must be released after a failure too. */
HW_NODISCARD enum hw_status hw_csv_blocks_init(struct hw_csv_blocks *blocks, struct hw_csv_table *table,
                                               struct hw_cursor *cursor, struct hw_csv_window *window,
                                               struct hw_error *err);
void hw_csv_blocks_release(struct hw_csv_blocks *blocks);

/* Begins a part, whose blocks are added up in `result`. */
void hw_csv_blocks_begin(struct hw_csv_blocks *blocks, struct hw_csv_result *result);
/*
 * Ends the part, and gives its result the profiles. Without a part it only forgets what it has
 * seen.
 */
void hw_csv_blocks_end(struct hw_csv_blocks *blocks);

/* Makes `input` the one that the following blocks belong to. */
HW_NODISCARD enum hw_status hw_csv_blocks_set_input(struct hw_csv_blocks *blocks, const struct hw_csv_input *input,
                                                    struct hw_error *err);
/* Returns the place of the input in work in the result. */
struct hw_csv_input_part *hw_csv_blocks_part(const struct hw_csv_blocks *blocks);

/* Returns whether the table has as many rows as it takes. */
bool hw_csv_blocks_full(const struct hw_csv_blocks *blocks);

/*
 * Parses the complete records among the window's first `bytes` bytes, which begin with a record,
 * and consumes them. `at_end`: the text ends there. The line of an error counts from where the part
 * begins in the input, its offset from where the text begins.
 */
HW_NODISCARD enum hw_status hw_csv_blocks_run(struct hw_csv_blocks *blocks, size_t bytes, bool at_end,
                                              size_t *out_consumed, struct hw_error *err);
/*
 * Makes the cursor's batch the next rows of the last block, where a column is added for the names
 * of sources. Returns false where none are left.
 */
HW_NODISCARD enum hw_status hw_csv_blocks_slice(struct hw_csv_blocks *blocks, bool *out_more, struct hw_error *err);
/* Consumes the text's last `bytes` bytes, a record whose quote is never closed, as a bad record. */
HW_NODISCARD enum hw_status hw_csv_blocks_open_quote(struct hw_csv_blocks *blocks, size_t bytes, struct hw_error *err);

#endif
