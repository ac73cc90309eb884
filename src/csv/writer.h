/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table writer of CSV: files of records (csv/records.h). A compressed file is a run of gzip
 * members or zstd frames, of which the first is the header; readers take such a run for one file.
 */
#ifndef HW_CSV_WRITER_H
#define HW_CSV_WRITER_H

#include <hawser/values.h>

#include "codec/compression.h"
#include "table/writer.h"

struct hw_csv_writer_options {
    /* None, gzip or zstd; any other fails with HW_EUSAGE. HW_CODEC_DEFAULT: none. */
    enum hw_codec codec;
    int level;          /* HW_LEVEL_DEFAULT: the default of the codec */
    size_t block_bytes; /* bytes of text in a member or frame before compression; 0: 4 MiB */
    char delimiter;     /* '\0': a comma */
    bool crlf;          /* records end in CRLF, else in LF */
    /* Texts and names that begin with = + - @ tab or CR get an apostrophe, which changes them. */
    bool formula_guard;
    enum hw_binary_text binary; /* the form of binaries */
    /* The fields of structs are columns of their own (table/flatten.h); else structs are JSON. */
    bool flatten;
};

/*
 * Makes a writer. Borrows schema and sink until it is freed. `sink` is NULL for a writer that only
 * has siblings. `options` is NULL for the defaults. HW_EDATA where two columns of structs would
 * have one name.
 */
HW_NODISCARD enum hw_status hw_csv_writer_new(const struct hw_schema *schema,
                                              const struct hw_csv_writer_options *options, struct hw_sink *sink,
                                              struct hw_table_writer **out_writer, struct hw_error *err);

/* Returns the most bytes of memory that compressing takes in one encoder. */
size_t hw_csv_compressor_bytes(const struct hw_csv_writer_options *options);

#endif
