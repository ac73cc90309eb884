/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of objects say which format an object has, how it is packed, and whether it is something
 * that people never meant to be data. Upper and lower case are the same.
 */
#ifndef HW_CORE_OBJECT_NAME_H
#define HW_CORE_OBJECT_NAME_H

#include "core/view.h"

enum hw_name_format {
    HW_NAME_UNKNOWN, /* The name has no ending, or one that nobody knows. */
    HW_NAME_PARQUET,
    HW_NAME_AVRO,
    HW_NAME_CSV,
    HW_NAME_CSV_READ, /* CSV that is packed in a way in which it is only read: .csv.bz2 */
    HW_NAME_TEXT,     /* .txt: CSV or prose */
    HW_NAME_ZIP,
    HW_NAME_FOREIGN, /* a format that is not written, or one that is packed in a way that is not */
};

/* The facts that one name tells. */
struct hw_name_facts {
    enum hw_name_format format;
    hw_view base;      /* the name without what names of its format end in, ".csv.gz" */
    hw_view ending;    /* what it ends in: all behind `base`, or else the ending that is known */
    const char *codec; /* of packed CSV: "gzip" or "zstd"; NULL: it is not packed so */
    char delimiter;    /* of CSV: ',', tab or '|'; 0 for all other formats */
};

/* Returns what a name or the last name of a path says. Views are of `name`. */
struct hw_name_facts hw_name_look(const char *name);

/* Returns whether an object is CSV by its name, packed or not, or a ZIP. A text is not. */
bool hw_name_is_csv(const char *name);

/* Returns whether an object is a text by its name, packed or not. */
bool hw_name_is_text(const char *name);

/*
 * Returns whether one of the names of a path is that of junk: hidden and temporary ones begin with
 * '.', '_' or "~$", as do the folder "__MACOSX" and its files. The folders of a partition may begin
 * with '_': "_day=1".
 */
bool hw_name_is_junk(const char *path);

#endif
