/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CSV tables of source objects: of one object a table for each text in it, of several objects
 * one that is merged.
 */
#ifndef HW_CSV_TABLES_H
#define HW_CSV_TABLES_H

#include "csv/schema_file.h"
#include "table/reader.h"

struct hw_budget;

/* Options for reading the tables. Everything is borrowed. */
struct hw_csv_tables_options {
    const struct hw_csv_options *csv;
    const struct hw_schema_file *given; /* NULL: types are inferred */
    bool merged;                        /* All objects make one table, be it a single object. */
    /* Texts are compared with the checksums that their stores keep. */
    bool checksums;
    bool history;           /* The first value that made a column widen is kept. */
    uint64_t part_bytes;    /* of text that can be cut, of a part */
    uint64_t portion_bytes; /* of text that comes as a stream, of a part */
    /* There is memory for such a part as a whole in each worker. */
    bool portion_held;
    size_t remote_read_bytes; /* that are read at once across a network */
    uint64_t record_bytes_max;
    uint64_t record_bytes_shared;
    /*
     * Small remote objects of a merge, of at most so many bytes each, stay open until they are
     * read.
     */
    uint64_t kept_object_bytes_max;
    uint64_t kept_bytes_max;
    struct hw_budget *budget; /* It pays for the values of unique columns. */
};

/* Makes the set of tables in the objects. These and what the options name are borrowed. */
HW_NODISCARD enum hw_status hw_csv_tables_new(const struct hw_table_objects *objects,
                                              const struct hw_csv_tables_options *options,
                                              struct hw_table_set **out_set, struct hw_error *err);

#endif
