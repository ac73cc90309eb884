/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the CSV tables of source objects: one object gives a table for each text in it, and several
 * objects give one table that is merged.
 */
#ifndef HW_CSV_TABLES_H
#define HW_CSV_TABLES_H

#include "csv/choice.h"
#include "table/reader.h"

struct hw_budget;
struct hw_csv_type_groups;
struct hw_left_out;

/* Options for reading the tables. Everything is borrowed. */
struct hw_csv_tables_options {
    const struct hw_csv_options *csv;
    struct hw_csv_choice choice;  /* what is asked of the columns */
    uint64_t rows_max;            /* a table ends after so many rows; 0: with its texts */
    bool all_members;             /* hidden and temporary members are tables too, and texts */
    struct hw_left_out *left_out; /* counts members that are no tables; NULL: nobody does */
    bool merged;                  /* all objects make one table, even if there is only one */
    bool checksums;               /* texts are compared with the checksums of their stores */
    bool history;                 /* the first value that made a column widen is kept */
    /*
     * The tables are read for what their values are (survey in struct hw_csv_table_options), unless
     * they have more bytes than this. 0: there is no survey.
     */
    uint64_t survey_bytes_max;
    struct hw_csv_type_groups *groups; /* as in struct hw_csv_table_options */
    uint64_t part_bytes;               /* bytes in a part of a text that can be cut */
    uint64_t portion_bytes;            /* bytes in a part of a text that comes as a stream */
    /* Each worker has the memory to hold a part of a stream as a whole. */
    bool portion_held;
    size_t remote_read_bytes;  /* bytes to read at once across a network */
    uint64_t record_bytes_max; /* a longer record fails with HW_ELIMIT */
    /* A longer record is read by one worker at a time: HW_CURSOR_LARGE. */
    uint64_t record_bytes_shared;
    /*
     * In a merge, remote objects of at most `kept_object_bytes_max` bytes stay open until they are
     * read, as many as have `kept_bytes_max` bytes together.
     */
    uint64_t kept_object_bytes_max;
    uint64_t kept_bytes_max;
    struct hw_budget *budget; /* pays for the values of unique columns */
};

/* Makes the set of tables in the objects. Borrows the objects and all that the options name. */
HW_NODISCARD enum hw_status hw_csv_tables_new(const struct hw_table_objects *objects,
                                              const struct hw_csv_tables_options *options,
                                              struct hw_table_set **out_set, struct hw_error *err);

#endif
