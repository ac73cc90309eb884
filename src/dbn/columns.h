/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a table that is made of the records of one schema. */
#ifndef HW_DBN_COLUMNS_H
#define HW_DBN_COLUMNS_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "dbn/layout.h"

/* The forms of prices. */
enum hw_dbn_prices {
    HW_DBN_PRICES_DOUBLE,  /* the double that is nearest to the price, as (double)raw / 1e9 */
    HW_DBN_PRICES_FIXED,   /* 64 bits as they are stored, in units of 1e-9 */
    HW_DBN_PRICES_DECIMAL, /* decimal(18,9); prices of 1e9 and more do not fit */
};

/* Undefined values that become null. */
enum hw_dbn_undefined {
    HW_DBN_UNDEFINED_NULL, /* prices and times */
    HW_DBN_UNDEFINED_ALL,  /* quantities too */
    HW_DBN_UNDEFINED_KEEP, /* none; only with fixed prices and raw times */
};

struct hw_dbn_columns_options {
    enum hw_dbn_prices prices;
    /* Times are 64 bits without a sign, as they are stored. */
    bool raw_times;
    enum hw_dbn_undefined undefined;
    /* Records end with the time at which they were sent. */
    bool ts_out;
    /* The last column is the symbol of the instrument. */
    bool symbol;
};

/* The way from the bytes of a record to a value of a column. */
enum hw_dbn_form {
    HW_DBN_FORM_COPY,    /* the bytes as they are */
    HW_DBN_FORM_DOUBLE,  /* of a price */
    HW_DBN_FORM_DECIMAL, /* of a price: the same bytes, if they fit */
    HW_DBN_FORM_NANOS,   /* of a time: the same bytes, if they fit */
    HW_DBN_FORM_CHAR,    /* a text of one character, or none */
    HW_DBN_FORM_TEXT,    /* a text of several */
    HW_DBN_FORM_SYMBOL   /* a text that the record does not have */
};

struct hw_dbn_column {
    enum hw_dbn_form form;
    uint16_t offset; /* of the field in a record */
    uint8_t bytes;   /* of the field */
    /* Values of these bytes are null, where `nullable` is set. */
    bool nullable;
    uint64_t undefined;
};

/* Everything lives in the arena that was given. */
struct hw_dbn_columns {
    const struct hw_dbn_layout *layout;
    struct hw_schema schema;
    const struct hw_dbn_column *items;
    size_t count;
};

/*
 * Makes the columns: the timestamp by which files are sorted, ts_event, rtype, publisher_id and
 * instrument_id, those of the layout, ts_out, symbol. Columns are required unless they may have
 * nulls. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_dbn_columns_make(struct hw_dbn_columns *columns, const struct hw_dbn_layout *layout,
                                                const struct hw_dbn_columns_options *options, struct hw_arena *arena,
                                                struct hw_error *err);

#endif
