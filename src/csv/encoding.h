/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The encodings that texts may have: what names and byte order marks stand for. The names that are
 * not known here are those of iconv.
 */
#ifndef HW_CSV_ENCODING_H
#define HW_CSV_ENCODING_H

#include <iconv.h>

#include "core/error.h"

/* The way in which the bytes of a text stand for its characters. */
enum hw_csv_coding {
    HW_CSV_CODING_UTF8,
    HW_CSV_CODING_UTF16, /* little-endian where no mark says otherwise */
    HW_CSV_CODING_UTF16LE,
    HW_CSV_CODING_UTF16BE,
    HW_CSV_CODING_UTF32, /* little-endian where no mark says otherwise */
    HW_CSV_CODING_UTF32LE,
    HW_CSV_CODING_UTF32BE,
    /*
     * As the WHATWG Encoding Standard has it, also where "latin1" is asked for: the five bytes that
     * Windows leaves out are the control characters of ISO 8859-1.
     */
    HW_CSV_CODING_WINDOWS_1252,
    HW_CSV_CODING_NAMED, /* by iconv */
};

struct hw_csv_encoding {
    enum hw_csv_coding coding;
    const char *name; /* for messages, and for iconv where it is NAMED; borrowed, or a literal */
};

enum { HW_CSV_ENCODING_NAME_BYTES_MAX = 48 };

/*
 * Returns what a name stands for, in any case, and with or without - and _. NULL stands for UTF-8.
 * Whether iconv knows a name is not asked.
 */
struct hw_csv_encoding hw_csv_encoding_of(const char *name);

/*
 * Fails with HW_EUSAGE where `name`, which may be NULL, is that of no encoding. iconv is asked for
 * those that are not known here.
 */
HW_NODISCARD enum hw_status hw_csv_encoding_check(const char *name, struct hw_error *err);

/* A byte order mark. */
struct hw_csv_mark {
    size_t bytes; /* 0: there is none */
    enum hw_csv_coding coding;
};

/* Looks for a mark in the first bytes of a text, of which 4 suffice. */
struct hw_csv_mark hw_csv_mark_find(const void *data, size_t bytes);

/*
 * Decides the encoding of a text, by what was asked for (NULL: nothing) and by its mark, which
 * counts more. Fails with HW_EDATA where both name a byte order, and not the same.
 */
HW_NODISCARD enum hw_status hw_csv_encoding_decide(const char *asked, struct hw_csv_mark mark,
                                                   struct hw_csv_encoding *out_encoding, struct hw_error *err);

/*
 * Opens a converter of iconv to UTF-8, which the caller closes with iconv_close. Returns
 * (iconv_t)-1 where iconv does not know the encoding.
 */
iconv_t hw_csv_encoding_converter(const struct hw_csv_encoding *encoding);

#endif
