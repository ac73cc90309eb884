/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in which one CSV text is written. csv/dialect_detect.h finds it; everything that reads
 * the text is told it.
 */
#ifndef HW_CSV_DIALECT_H
#define HW_CSV_DIALECT_H

#include "core/base.h"

struct hw_csv_dialect {
    char delimiter;
    /* '\0' where nothing quotes. */
    char quote;
    /* Inside quotes it takes the next byte as it is. '\0' where nothing does. */
    char escape;
    /* Records that begin with this byte are left out. '\0' where there are none. */
    char comment;
    /* '\n', then a '\r' right before it belongs to the record end too; or '\r'. */
    char end;
    bool double_cr;        /* two '\r' before a '\n' belong to the record end */
    size_t prefix;         /* bytes before the first record: byte order mark and skipped lines */
    uint64_t prefix_lines; /* physical lines in the prefix */
};

#endif
