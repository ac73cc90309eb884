/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From rows to typed columns, a column at a time: one loop a kind, no decision per value but the
 * value's own.
 */
#ifndef HW_CSV_COLUMNS_H
#define HW_CSV_COLUMNS_H

#include "csv/parser.h"

/* One column's state from block to block. */
struct hw_csv_column_state {
    struct hw_type type;
    bool required;
    bool fixed;  /* the type was given */
    bool misfit; /* some value has not fitted: the column is only observed */
    struct hw_csv_misfit first_misfit;
    struct hw_csv_profile profile;
};

/* What the columns of one block are parsed with. */
struct hw_csv_columns {
    const struct hw_csv_parser_options *options;
    const struct hw_csv_rows *rows;
    const char *data;
    struct hw_buf *fixed; /* room for fixed-width values and validity of all columns */
    size_t fixed_used;
    struct hw_buf *text; /* room for the texts of all columns */
    size_t text_used;
    struct hw_buf *scratch; /* one unquoted field */
    struct hw_buf *wrong;   /* struct hw_csv_wrong, where the schema is fixed */
};

/* A field that is not what the given schema says. */
struct hw_csv_wrong {
    uint32_t row;
    uint32_t column;
    uint32_t offset;
    enum hw_csv_reason reason;
};

/* Bytes that `fixed` needs at most for a column of `type` with `rows` rows. */
size_t hw_csv_column_bytes(struct hw_type type, size_t rows);

/*
 * Reads one text, HW_BATCH_PADDING readable bytes after it, as a given type's parser does, to
 * `slot` (16 bytes, aligned). False where it is none, and for HW_KIND_NULL and HW_KIND_TEXT.
 */
bool hw_csv_value_parse(struct hw_type type, hw_view text, void *slot);

/* Parses column `column` of all rows. */
HW_NODISCARD enum hw_status hw_csv_column_parse(struct hw_csv_columns *columns, size_t column,
                                                struct hw_csv_column_state *state, struct hw_column *out_column,
                                                struct hw_error *err);

#endif
