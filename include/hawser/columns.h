/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing, naming and typing the columns of a table. */
#ifndef HAWSER_COLUMNS_H
#define HAWSER_COLUMNS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_names_style {
    HW_NAMES_KEEP,
    /** Letters become small ones. */
    HW_NAMES_LOWER,
    /** "Order ID" and "orderId" become "order_id": small letters, digits, and _ between words. */
    HW_NAMES_SNAKE
};

/** A column, and the name that it gets. */
struct hw_column_rename {
    const char *from;
    const char *to;
};

/** A column, and the type that it has, in any spelling that hw_type_parse takes. */
struct hw_column_type {
    const char *name;
    const char *type;
};

/**
 * The choice of columns, their names and types. {0} takes all of them as they are.
 *
 * `select`, `drop` and `renames` name columns as the source has them, or as `csv.names` calls them.
 * Everything else names them as they are written: `types`, the schema file, `partition_by`, and all
 * that is told of a conversion. HW_EUSAGE where a list names a column twice, or two lists
 * contradict each other. HW_EDATA where a source lacks a column that is named, or where two columns
 * would have one name; of several sources only that one fails. In a merge it is enough that one
 * source has the column.
 */
struct hw_columns_options {
    /** The columns to write, in this order. NULL: all. Values of others are not looked at. */
    const char *const *select;
    size_t select_count;
    const char *const *drop; /**< Columns to leave out; not together with `select`. */
    size_t drop_count;
    const struct hw_column_rename *renames;
    size_t renames_count;
    /** Types of columns; the others are inferred. They count more than those of a schema file. */
    const struct hw_column_type *types;
    size_t types_count;
    /** The way in which columns are called that `renames` does not name. */
    enum hw_names_style names_style;
    /**
     * A text column of this name comes after all others, with the name of the source of each row:
     * its path, and for one of several members of a ZIP "a.zip#jan.csv". NULL: none. hw_convert
     * alone takes it.
     */
    const char *add_source;
    const void *reserved[2]; /**< NULL. Later versions may give them a meaning. */
};

#ifdef __cplusplus
}
#endif

#endif
