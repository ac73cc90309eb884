/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a format that only tests have, as source objects in memory. The text of a file is its
 * columns, then a semicolon and the rows of each part:
 *
 *   "a b;3;2"    the columns a and b of int64, a part of 3 rows and one of 2
 *   "a/t;1"      the column a of texts; other letters stand for other types:
 *                h int16, d double, n nulls, m and u timestamps of milli- and nanoseconds, l and L
 *                lists of int64 and of texts, which have no rows
 *   "a;1|k=v"    metadata with the key k and the value v; more pairs may follow
 *   "a!;1"       a column that cannot be read with HW_INT96_AUTO
 *
 * The value of column c in row r of the file is 10 * r + c, or that as text. In "a/x" it is a
 * timestamp of 2^62 + 10 * r + c milliseconds; "a/y" and "a/z" are integers, to which 2^53 + 1 and
 * 2^53 - 50 are added.
 */
#ifndef HW_TESTS_MADE_FILES_H
#define HW_TESTS_MADE_FILES_H

#include <stdatomic.h>

#include "rows/table.h"

enum { MADE_FILES_MAX = 4, MADE_COLUMNS_MAX = 8, MADE_PARTS_MAX = 8, MADE_PAIRS_MAX = 4 };

struct made_files {
    struct hw_table_objects base;
    const char *names[MADE_FILES_MAX];
    const char *texts[MADE_FILES_MAX];
    bool once;
    atomic_int open; /* sources and files that are open */
    atomic_int opens;
};

extern const struct hw_row_format made_format;

/* Makes objects of the texts, up to the first NULL; they are called "0.made" and so on. */
void made_files_init(struct made_files *files, const char *const texts[MADE_FILES_MAX]);

#endif
