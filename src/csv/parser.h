/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes batches of typed columns of blocks of CSV text. One worker's; every buffer is reused from
 * block to block.
 *
 * Every value is parsed strictly. A value that does not fit the type of its column makes its record
 * bad, where that type was given. Where none was given, the column is to widen: from there on it
 * has no values, and those that it would have only go into its profile, of which the caller makes a
 * wider schema. Records that are bad for a given type are no part of any profile.
 */
#ifndef HW_CSV_PARSER_H
#define HW_CSV_PARSER_H

#include "csv/columns.h"
#include "csv/constraints.h"
#include "csv/unique.h"

struct hw_csv_parser_options {
    struct hw_csv_dialect dialect;
    /* For messages: the encoding that the text looks like. NULL: a bad record shows it itself. */
    const char *looks_like;
    uint64_t preamble_lines;        /* for messages: see csv/preamble.h */
    const struct hw_schema *schema; /* borrowed */
    /*
     * All types were given: a value that does not fit makes its record bad. Otherwise `constraints`
     * say of each column whether its type was.
     */
    bool fixed;
    /* Borrowed; NULL: there are none. */
    const struct hw_csv_constraints *constraints;
    /*
     * Borrowed: the values so far, where some column is unique. csv/checks.h says who may run then.
     */
    struct hw_csv_unique *unique;
    bool pad;                        /* a record with too few fields gets nulls */
    struct hw_csv_spelling spelling; /* how values are written; what it names is borrowed */
    const char *const *null_values;  /* borrowed; texts that are null where they have no quotes */
    size_t null_values_count;
    bool null_quoted; /* these are null in quotes too */
};

/* One block, parsed. Everything in it is borrowed from the parser until the next call. */
struct hw_csv_block {
    struct hw_batch batch; /* its columns are unspecified where the parser has misfits */
    size_t consumed;       /* bytes of the complete records */
    uint64_t lines;        /* physical lines in these bytes */
    size_t records;        /* number of rows and bad records, without blank lines and comments */
    const struct hw_csv_bad *bad;
    size_t bad_count;
    /* The misfits of this block, in columns that have had none since hw_csv_parser_forget. */
    const struct hw_csv_misfit *misfits;
    size_t misfits_count;
    bool open_quote; /* the text that is left begins a record whose quote is not closed */
};

struct hw_csv_parser;

/* Makes a parser. Copies the options, and borrows what they point to. */
HW_NODISCARD enum hw_status hw_csv_parser_new(const struct hw_csv_parser_options *options,
                                              struct hw_csv_parser **out_parser, struct hw_error *err);
void hw_csv_parser_free(struct hw_csv_parser *parser);

/*
 * Makes the parser do what a new one with `options` would do, but with the buffers that it has.
 * Where schema (by its address), constraints and `fixed` are those that it has, the next text is
 * one more of the same table: then it keeps its profiles and misfits. After a failure only
 * hw_csv_parser_free may follow.
 */
HW_NODISCARD enum hw_status hw_csv_parser_turn(struct hw_csv_parser *parser,
                                               const struct hw_csv_parser_options *options, struct hw_error *err);

/*
 * Parses the complete records of `bytes` bytes that begin with a record; HW_CSV_BLOCK_MARGIN bytes
 * are readable on both sides. `at_end`: the text ends there, so its last record needs no record
 * end. An error names the column where one is at fault.
 */
HW_NODISCARD enum hw_status hw_csv_parser_run(struct hw_csv_parser *parser, const char *data, size_t bytes, bool at_end,
                                              struct hw_csv_block *out_block, struct hw_error *err);

/*
 * Makes the next blocks end behind their `rows_max`-th row, of 1 or more, if they have as many.
 * What is not consumed then comes again. SIZE_MAX, which a new parser has: they end with their
 * complete records.
 */
void hw_csv_parser_set_rows_max(struct hw_csv_parser *parser, size_t rows_max);

/* Returns whether some value has not fitted since hw_csv_parser_forget; never with `fixed`. */
bool hw_csv_parser_misfit(const struct hw_csv_parser *parser);

/*
 * Returns the profiles of all values since hw_csv_parser_forget, one for each field of the schema.
 * They are borrowed until the next call.
 */
const struct hw_csv_profile *hw_csv_parser_profiles(struct hw_csv_parser *parser);

/* Forgets profiles and misfits. */
void hw_csv_parser_forget(struct hw_csv_parser *parser);

/* Returns the bytes of memory that the parser's buffers take. */
size_t hw_csv_parser_held(const struct hw_csv_parser *parser);

/* Returns the physical line, from 1 in the block, on which the byte at `offset` stands. */
uint64_t hw_csv_line_at(const struct hw_csv_dialect *dialect, const char *data, size_t offset);

/*
 * Fills `err` for a bad record, and returns HW_EDATA. Its line, from 1, and its offset count from
 * the start of the block.
 */
enum hw_status hw_csv_bad_fail(const struct hw_csv_bad *bad, const struct hw_csv_parser_options *options,
                               const char *data, struct hw_error *err);

#endif
