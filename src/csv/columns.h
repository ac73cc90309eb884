/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes typed columns of rows, a column at a time: one loop for each kind, in which nothing is
 * decided for a single value but by the value itself. One worker's.
 */
#ifndef HW_CSV_COLUMNS_H
#define HW_CSV_COLUMNS_H

#include "csv/field.h"
#include "csv/nulls.h"
#include "csv/profile.h"
#include "csv/spelling.h"
#include "table/batch.h"

/* The first field of a column that does not fit the column's type. */
struct hw_csv_misfit {
    uint32_t column;
    uint32_t offset; /* offset of the field's first byte in the block */
    uint32_t bytes;  /* length of the field as it stands, quotes included */
};

/* The state of one column from block to block. */
struct hw_csv_column_state {
    struct hw_type type;
    bool required;
    /* A schema gave the type: a value that does not fit it makes its record bad. */
    bool type_given;
    /* Some value has not fitted, which is `first_misfit`: the column is only observed. */
    bool misfit;
    struct hw_csv_misfit first_misfit;
    struct hw_csv_profile profile;
    const struct hw_csv_spelling *spelling; /* borrowed; NULL: the common form */
    const struct hw_csv_nulls *nulls;       /* borrowed; NULL: only an empty field is null */
};

/*
 * The input of the columns of one block, and the buffers in which they come to lie. The caller
 * begins each block with both `..._used` at 0. Borrows all.
 */
struct hw_csv_block_columns {
    const struct hw_csv_dialect *dialect;
    const struct hw_csv_rows *rows;
    const char *data;
    struct hw_buf *values; /* values and validity of all columns; of texts, the offsets */
    size_t values_used;
    struct hw_buf *text; /* the bytes of all texts */
    size_t text_used;
    struct hw_buf *scratch; /* one unquoted field */
    struct hw_buf *wrong;   /* a struct hw_csv_wrong for each field that makes its record bad */
};

/* Returns the most bytes of `values` that a column of `type` with `rows` rows takes. */
size_t hw_csv_column_bytes(struct hw_type type, size_t rows);

/*
 * Reads one text, after which HW_BATCH_PADDING bytes are readable, as the parser of a given type
 * does. Writes the value to `slot`, 16 aligned bytes. Returns false where the text is no value of
 * the type, and always for HW_KIND_NULL and HW_KIND_TEXT.
 */
bool hw_csv_value_parse(struct hw_type type, hw_view text, void *slot);

/*
 * Parses column `column` of all rows. The values stay in the buffers of `columns`, which must have
 * the room beforehand: hw_csv_column_bytes in `values`; in `text` as many bytes as the block has,
 * and HW_BATCH_PADDING more. Where the state has a misfit, from before or by this call, the
 * values of `*out_column` are unspecified, and what the rows hold only goes into the profile.
 */
HW_NODISCARD enum hw_status hw_csv_column_parse(struct hw_csv_block_columns *columns, size_t column,
                                                struct hw_csv_column_state *state, struct hw_column *out_column,
                                                struct hw_error *err);

#endif
