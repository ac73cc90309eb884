/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of CSV text become batches of typed columns. One worker's; every buffer is reused from
 * block to block.
 *
 * Every value is parsed strictly. Where a value does not fit its column's type, either the column
 * widens (no schema was given): its batch is void from there on, and the rest of the column only
 * goes into its profile, from which a wider schema is made; or (a schema was given) its record is
 * bad.
 */
#ifndef HW_CSV_PARSER_H
#define HW_CSV_PARSER_H

#include "csv/columns.h"
#include "csv/constraints.h"
#include "csv/unique.h"

struct hw_csv_parser_options {
    struct hw_csv_dialect dialect;
    const struct hw_schema *schema; /* borrowed */
    /* the schema was given: what does not fit makes the record bad */
    bool fixed;
    const struct hw_csv_constraints *constraints; /* borrowed; NULL: none. Only with `fixed` */
    struct hw_csv_unique
        /*
         * borrowed: the values so far, where some column is unique. See csv/checks.h for who may
         * run then
         */
        *unique;
    bool pad;                       /* records with too few fields get nulls */
    const char *const *null_values; /* borrowed */
    size_t null_values_count;
};

/* One block, parsed. Everything is borrowed from the parser until the next call. */
struct hw_csv_block {
    struct hw_batch batch; /* its columns are unspecified where the parser has misfits */
    size_t consumed;       /* bytes of the complete records */
    uint64_t lines;        /* physical lines in them */
    size_t records;        /* rows and bad ones, without blank lines and comments */
    const struct hw_csv_bad *bad;
    size_t bad_count;
    const struct hw_csv_misfit
        /* of columns that fitted before this block, since the last hw_csv_parser_forget */
        *misfits;
    size_t misfits_count;
    bool open_quote; /* the text that is left begins a record whose quote is not closed */
};

struct hw_csv_parser;

HW_NODISCARD enum hw_status hw_csv_parser_new(const struct hw_csv_parser_options *options,
                                              struct hw_csv_parser **out_parser, struct hw_error *err);
void hw_csv_parser_free(struct hw_csv_parser *parser);

/*
 * From here on the parser does what one made with `options` would do, its buffers kept. With the
 * same schema (the same address) and the same constraints it also keeps what its columns have been:
 * another text of the same table. On failure only hw_csv_parser_free may follow.
 */
HW_NODISCARD enum hw_status hw_csv_parser_turn(struct hw_csv_parser *parser,
                                               const struct hw_csv_parser_options *options, struct hw_error *err);

/*
 * Parses the complete records of `bytes` bytes that begin with a record; HW_CSV_BLOCK_MARGIN bytes
 * are readable on both sides. `at_end`: the text ends there, its last record needs no record end.
 */
HW_NODISCARD enum hw_status hw_csv_parser_run(struct hw_csv_parser *parser, const char *data, size_t bytes, bool at_end,
                                              struct hw_csv_block *out_block, struct hw_error *err);

/* True once some value has not fitted (never with `fixed`). */
bool hw_csv_parser_misfit(const struct hw_csv_parser *parser);
/* What the columns have been since the last hw_csv_parser_forget, one a field of the schema. */
const struct hw_csv_profile *hw_csv_parser_profiles(struct hw_csv_parser *parser);
void hw_csv_parser_forget(struct hw_csv_parser *parser);
/* Memory in use. */
size_t hw_csv_parser_held(const struct hw_csv_parser *parser);

/* Number of the physical line, from 1 within the block, at which `offset` stands. */
uint64_t hw_csv_line_at(const struct hw_csv_dialect *dialect, const char *data, size_t offset);

/* Fills `err` for a bad record, positions relative to the block: line from 1, offset from 0. */
enum hw_status hw_csv_bad_fail(const struct hw_csv_bad *bad, const struct hw_csv_parser_options *options,
                               const char *data, struct hw_error *err);

#endif
