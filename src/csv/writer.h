/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV files (csv/records.h). Compressed ones are a run of gzip members or zstd frames, the header
 * the first of them: readers take such a run for one file.
 */
#ifndef HW_CSV_WRITER_H
#define HW_CSV_WRITER_H

#include "codec/compression.h"
#include "table/writer.h"

struct hw_csv_writer_options {
    enum hw_codec codec; /* HW_CODEC_DEFAULT: none. none, gzip, zstd; else HW_EUSAGE */
    int level;           /* HW_LEVEL_DEFAULT: the codec's */
    size_t block_bytes;  /* text of a member or frame before compression, 0: 4 MiB */
    char delimiter;      /* '\0': a comma */
    bool crlf;           /* records end in CRLF, else in LF */
    /* changes texts and names that begin with = + - @ tab or CR: they get an apostrophe */
    bool formula_guard;
};

/* Borrows schema and sink (NULL: for siblings only) until free; `options` NULL: the defaults. */
HW_NODISCARD enum hw_status hw_csv_writer_new(const struct hw_schema *schema,
                                              const struct hw_csv_writer_options *options, struct hw_sink *sink,
                                              struct hw_table_writer **out_writer, struct hw_error *err);

/* Returns the bytes of memory that compressing takes in one encoder at most. */
size_t hw_csv_compressor_bytes(const struct hw_csv_writer_options *options);

#endif
