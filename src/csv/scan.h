/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structural index of a block of CSV text: where fields and records end. Two ways lead to the
 * same index: SIMD masks over 64 bytes at a time, right for text whose quotes follow RFC 4180, and
 * an exact state machine for what does not. The SIMD way proves, 64 bytes at a time, that quotes
 * stand only where RFC 4180 has them; a block with any other is done again by the state machine.
 *
 * The state machine's rules, beyond RFC 4180: a quote inside a field that does not begin with one
 * is an ordinary byte; bytes between a closing quote and the next delimiter make the record bad.
 */
#ifndef HW_CSV_SCAN_H
#define HW_CSV_SCAN_H

#include "core/error.h"
#include "csv/dialect.h"

/* Bytes that must be readable (any value) before and after a block. */
enum { HW_CSV_BLOCK_MARGIN = 64 };

struct hw_csv_index {
    uint32_t *ends; /* offset of the byte after each field */
    size_t ends_count;
    size_t ends_capacity;
    uint32_t *record_fields; /* for each record: index in `ends` after its last field */
    uint32_t *record_starts; /* for each record and one beyond: offset of its first byte */
    size_t records;
    size_t records_capacity;
    uint64_t lines;  /* physical lines that end in the records */
    bool ascii;      /* no byte of the block is above 0x7f */
    bool malformed;  /* some record has bytes after a closing quote; see hw_csv_record_malformed */
    bool open_quote; /* the bytes after the last record hold a quote that is not closed */
};

void hw_csv_index_release(struct hw_csv_index *index);

/*
 * Indexes `bytes` bytes (below 2 GiB) from the start of a record. Complete records only: what
 * follows the last record end is left for the next call, unless `at_end`, where the end of the text
 * closes the last record; a quote that is open there makes it no record (`open_quote`). Blank lines
 * are records of one empty field.
 */
HW_NODISCARD enum hw_status hw_csv_index_run(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                             const char *data, size_t bytes, bool at_end, struct hw_error *err);

/* Makes room for that many more field ends and records. */
HW_NODISCARD enum hw_status hw_csv_index_reserve(struct hw_csv_index *index, size_t ends, size_t records,
                                                 struct hw_error *err);

/* The same by the state machine alone: what every index must equal. */
HW_NODISCARD enum hw_status hw_csv_index_run_exact(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                                   const char *data, size_t bytes, bool at_end, struct hw_error *err);

/*
 * True where the record `text` (without its end) has bytes after a closing quote; `*out_at` is the
 * offset of the first.
 */
bool hw_csv_record_malformed(const struct hw_csv_dialect *dialect, hw_view text, size_t *out_at);

/*
 * Guesses where the first record begins that starts in `text`, a cut-out whose first byte may stand
 * anywhere, in quotes or not. Returns its offset, or text.size where none begins. A guess: whoever
 * uses it proves it by the record that ends there.
 */
size_t hw_csv_guess_record_start(const struct hw_csv_dialect *dialect, hw_view text);

#endif
