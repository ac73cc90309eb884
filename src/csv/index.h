/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structural index of a block of CSV text: where its fields and records end. csv/scan.h makes
 * it, csv/rows.h makes rows of it. One worker's; its arrays are reused from block to block.
 */
#ifndef HW_CSV_INDEX_H
#define HW_CSV_INDEX_H

#include "core/error.h"

/* Bytes before and after a block that must be readable, whatever their values. */
enum { HW_CSV_BLOCK_MARGIN = 64 };

/* Start it zeroed. Offsets count from the first byte of the block. */
struct hw_csv_index {
    uint32_t *ends; /* for each field: offset of the byte after it */
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

/* Frees the arrays and leaves the index zeroed. */
void hw_csv_index_release(struct hw_csv_index *index);

/* Takes all fields and records out and keeps the room for them. */
void hw_csv_index_clear(struct hw_csv_index *index);

/*
 * Makes room for that many more field ends and records. On failure the index is as it was, but some
 * of its arrays may have more room.
 */
HW_NODISCARD enum hw_status hw_csv_index_reserve(struct hw_csv_index *index, size_t ends, size_t records,
                                                 struct hw_error *err);

#endif
