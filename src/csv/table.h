/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table that CSV inputs make together: its columns, their types, and the parts in which it is
 * read. What cursors need of it does not change while a pass lasts.
 */
#ifndef HW_CSV_TABLE_H
#define HW_CSV_TABLE_H

#include "csv/cuts.h"
#include "csv/schema_file.h"
#include "csv/unique.h"

struct hw_csv_table_options {
    const struct hw_csv_options *csv;   /* borrowed */
    const struct hw_schema_file *given; /* borrowed; NULL: types are inferred */
    /* Inputs are merged: what names a line names its input, too. */
    bool several;
    bool history;           /* The first value that made a column widen is kept. */
    uint64_t part_bytes;    /* of the rows of a part, at most */
    uint64_t portion_bytes; /* of the text of a part, where the table is a stream */
    /* Such a part is in memory as a whole, so that other workers can go on with the stream. */
    bool portion_held;
    size_t remote_read_bytes;  /* that are read at once across a network */
    uint64_t record_bytes_max; /* A longer record is HW_ELIMIT. */
    /* Longer ones are read by one worker at a time: HW_CURSOR_LARGE. */
    uint64_t record_bytes_shared;
    struct hw_budget *budget; /* borrowed: it pays for the values of unique columns */
};

/*
 * The stream of a table that cannot be cut. Whoever reads a portion of it has all of it meanwhile.
 */
struct hw_csv_table_stream {
    /* taken from its object as long as the table is there; no source: not yet */
    struct hw_csv_text text;
    struct hw_csv_stream stream;
    struct hw_buf rest; /* bytes that were read after the last portion's end */
    uint64_t offset;    /* of `rest` in the text */
    bool ended;         /* All of the text was read: what is left of it is `rest`. */
};

/* The first value that did not fit a column's type, which is why that widens. */
struct hw_csv_first_misfit {
    uint64_t line; /* physical, from 1, where its part of the input begins. 0: there is none. */
    uint64_t offset;
    uint32_t input;
    uint32_t column; /* of the table */
    uint32_t bytes;
    char value[64]; /* its first bytes */
};

struct hw_csv_table {
    struct hw_csv_table_options options;
    struct hw_csv_inputs inputs;
    struct hw_arena arena;
    struct hw_csv_layout layout;     /* the table's columns; dialects and bodies are the inputs' */
    struct hw_csv_profile *profiles; /* of the sample, then of every part that was accepted */
    /* one a column; NULL without options.history, as the next one */
    struct hw_type *types_sampled;
    struct hw_csv_first_misfit *misfits;
    bool streamed;      /* A single input that cannot be cut: its parts come one after the other. */
    struct hw_buf cuts; /* struct hw_csv_part, one a part; none where it is streamed */
    struct hw_csv_table_stream stream;
    /*
     * The values of unique columns. Parts are read in their order where there is one: one worker at
     * a time has it.
     */
    struct hw_csv_unique unique;
};

/*
 * Makes the table's columns and decides their types, once all inputs were looked at. On failure
 * release all the same.
 */
HW_NODISCARD enum hw_status hw_csv_table_decide(struct hw_csv_table *table, struct hw_error *err);
/* Begins a pass: cuts the parts, or goes back to the stream's start. Forgets what was accepted. */
HW_NODISCARD enum hw_status hw_csv_table_begin(struct hw_csv_table *table, struct hw_error *err);
/* Gives the columns types that hold every value of the profiles. */
HW_NODISCARD enum hw_status hw_csv_table_widen(struct hw_csv_table *table, struct hw_error *err);
void hw_csv_table_release(struct hw_csv_table *table);

#endif
