/* SPDX-License-Identifier: Apache-2.0 */
/* The table that files with schemas of their own make together: what its cursors share. */
#ifndef HW_ROWS_TABLE_H
#define HW_ROWS_TABLE_H

#include "rows/metadata.h"
#include "rows/where.h"
#include "table/projection.h"
#include "table/reader.h"
#include "table/row_file.h"

struct hw_rows_options {
    const struct hw_row_format *format;
    /* The choice of columns, borrowed. */
    const struct hw_columns_options *columns;
    /* The columns to take, as table/selection.h has lists of them; NULL: all. */
    const char *column_list;
    /* The condition on rows, as text; NULL: all are taken. */
    const char *where;
    /* The form of timestamps without a unit. */
    enum hw_int96 int96;
    /* The most rows of the table; 0: all. */
    uint64_t rows_max;
    /* A part of the table has about so many bytes in memory, unless one of a file has more. */
    uint64_t part_bytes;
    /* The most memory that a cursor takes. */
    size_t memory_bytes;
    size_t page_bytes_max;
    /* The source of the only object where it is open already, borrowed; else NULL. */
    struct hw_source *source;
};

/* A file that is open. */
struct hw_rows_file {
    struct hw_source *source;
    struct hw_row_file *file;
    bool borrowed; /* the source */
};

/* One of the objects of the table. */
struct hw_rows_object {
    const char *name; /* borrowed from the objects */
    uint64_t bytes;
    bool remote;
    /* Stays open where the table has no other object, and is then what all cursors read. */
    struct hw_rows_file open;
    /* Its keys describe columns as this reader has them (struct hw_row_file). */
    bool same_schema;
    /* Holds what follows. */
    struct hw_arena arena;
    /* The columns of the file, and those of them that are taken, under their names in the table. */
    struct hw_schema schema;
    struct hw_selection selection;
    /* The columns that the options may name, as the file has them. */
    const char **names;
    size_t names_count;
    /* The condition, where there is one. */
    struct hw_rows_where where;
    /*
     * For each of the selection the place that was asked for, and its number in the table, or
     * HW_ARRANGE_LEFT_OUT where it has nothing but nulls, which the table has by itself.
     */
    uint32_t *orders;
    uint32_t *places;
    /* The bytes of a row, in those of its columns that the table has with wider types. */
    size_t cast_bytes;
    struct hw_row_part *parts;
    size_t parts_count;
    /* Rows that were accepted. */
    uint64_t rows;
};

/* A part of the table: parts of one file that follow each other. */
struct hw_rows_part {
    size_t object;
    size_t first;
    size_t count;
};

struct hw_rows_table {
    struct hw_rows_options options;
    const struct hw_table_objects *objects;
    /* The condition, where there is one. */
    struct hw_predicate predicate;
    struct hw_rows_object *items;
    size_t count;
    /* The form of timestamps of this pass. */
    enum hw_int96 int96;
    /* Holds the schema. */
    struct hw_arena arena;
    struct hw_schema schema;
    /* The table has a column with the names of sources behind those of the files. */
    bool added;
    /* Each batch of the only file is one of the table, column by column. */
    bool whole;
    struct hw_rows_part *parts;
    size_t parts_count;
    struct hw_notes notes;
    /* The key-value metadata of all files, and what is kept of it. */
    struct hw_rows_metadata metadata;
    struct hw_file_pairs pairs;
    /* Rows that were accepted. */
    uint64_t rows;
};

/* Opens the file of an object. The caller closes it. Safe from any thread. */
HW_NODISCARD enum hw_status hw_rows_file_open(const struct hw_rows_table *table, size_t object,
                                              struct hw_rows_file *out_file, struct hw_error *err);
/* Accepts one that is not open. */
void hw_rows_file_close(struct hw_rows_file *file);

/*
 * Makes the table of the objects, which are borrowed as all that the options refer to is. Messages
 * call its single object `name`; NULL: the objects' own names.
 */
HW_NODISCARD enum hw_status hw_rows_table_init(struct hw_rows_table *table, const struct hw_table_objects *objects,
                                               const struct hw_rows_options *options, struct hw_error *err);
void hw_rows_table_release(struct hw_rows_table *table);
/* Looks at an object: its columns, and the parts of its file. Safe from any thread, once each. */
HW_NODISCARD enum hw_status hw_rows_table_look(struct hw_rows_table *table, size_t object, struct hw_error *err);
/* Makes the schema of the table of those of its objects. */
HW_NODISCARD enum hw_status hw_rows_table_decide(struct hw_rows_table *table, struct hw_error *err);
/* Cuts the table in parts. */
HW_NODISCARD enum hw_status hw_rows_table_cut(struct hw_rows_table *table, struct hw_error *err);
/*
 * Looks at all objects again, for timestamps in microseconds. HW_EDATA where that was done before.
 */
HW_NODISCARD enum hw_status hw_rows_table_widen(struct hw_rows_table *table, struct hw_error *err);

#endif
