/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table that CSV inputs make together: its columns, their types, and the parts in which it is
 * read. Cursors read it without a lock, since nothing that they need changes while a pass lasts.
 */
#ifndef HW_CSV_TABLE_H
#define HW_CSV_TABLE_H

#include "csv/cuts.h"
#include "csv/choice.h"
#include "csv/type_groups.h"
#include "csv/unique.h"

struct hw_csv_table_options {
    const struct hw_csv_options *csv; /* borrowed */
    /* Inputs are merged, so a message that names a line names its input too. */
    bool several;
    bool history; /* the first value that made a column widen is kept */
    /*
     * A pass only shows what all values are: hw_csv_table_widen then gives the types that hold for
     * them. Before, a column has a type by which every value shows what it is.
     */
    bool survey;
    /*
     * Borrowed; NULL: there are none. A survey adds its values to them (hw_csv_table_tell);
     * otherwise types are those of the table's group.
     */
    struct hw_csv_type_groups *groups;
    uint64_t rows_max;      /* the table ends after so many rows; 0: with its inputs */
    uint64_t part_bytes;    /* the most bytes of rows in a part */
    uint64_t portion_bytes; /* bytes of text in a part, where the table is a stream */
    /*
     * A part of a stream is in memory as a whole, so that other workers can go on with the stream.
     */
    bool portion_held;
    size_t remote_read_bytes;  /* bytes to read at once across a network */
    uint64_t record_bytes_max; /* a longer record fails with HW_ELIMIT */
    /* A longer record is read by one worker at a time: HW_CURSOR_LARGE. */
    uint64_t record_bytes_shared;
    struct hw_budget *budget; /* borrowed; pays for the values of unique columns */
};

/*
 * The stream of a table that cannot be cut. The cursor that reads a portion has it for itself
 * meanwhile.
 */
struct hw_csv_table_stream {
    /* The table keeps the text, once it has taken it from its object; before, `source` is NULL. */
    struct hw_csv_text text;
    struct hw_csv_stream stream;
    struct hw_buf rest; /* bytes that were read beyond the end of the last portion */
    uint64_t offset;    /* offset of `rest` in the text */
    bool ended;         /* all of the text was read, so nothing but `rest` is left */
};

/* The first value that did not fit its column's type, so that the type widens. */
struct hw_csv_first_misfit {
    /*
     * Physical line, from 1 where the value's part of the input begins. 0: there is no such value.
     */
    uint64_t line;
    uint64_t offset;
    uint32_t input;
    uint32_t column; /* its number in the table */
    uint32_t bytes;  /* length of the value */
    char value[64];  /* its first bytes */
};

struct hw_csv_table {
    struct hw_csv_table_options options;
    struct hw_csv_inputs inputs;
    struct hw_arena arena;
    struct hw_csv_layout layout;     /* the table's columns; dialects and bodies are the inputs' */
    struct hw_csv_profile *profiles; /* values of the sample, and of each part that was accepted */
    /* One for each column; both are NULL without options.history. */
    struct hw_type *types_sampled;
    struct hw_csv_first_misfit *misfits;
    uint64_t rows;      /* rows accepted in this pass */
    bool streamed;      /* the only input cannot be cut, so parts come one after the other */
    struct hw_buf cuts; /* a struct hw_csv_part for each part; empty where streamed */
    struct hw_csv_table_stream stream;
    /*
     * The values of unique columns. Where there is such a column, parts are read in their order, so
     * that one worker at a time has this.
     */
    struct hw_csv_unique unique;
};

/*
 * Makes the table's columns and decides their types, once all inputs were looked at. The table must
 * be released after a failure too.
 */
HW_NODISCARD enum hw_status hw_csv_table_decide(struct hw_csv_table *table, struct hw_error *err);

/* Begins a pass: cuts the parts, or goes back to the stream's start. Forgets the parts accepted. */
HW_NODISCARD enum hw_status hw_csv_table_begin(struct hw_csv_table *table, struct hw_error *err);

/* Gives the columns types that hold every value of the profiles. */
HW_NODISCARD enum hw_status hw_csv_table_widen(struct hw_csv_table *table, struct hw_error *err);

/* Adds the values of a survey, which has ended, to the groups of the options, if there are any. */
HW_NODISCARD enum hw_status hw_csv_table_tell(const struct hw_csv_table *table, struct hw_error *err);
void hw_csv_table_release(struct hw_csv_table *table);

#endif
