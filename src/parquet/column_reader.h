/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The column chunk of a leaf, read row by row: levels and values of as many rows as are asked for,
 * wherever pages end. Its memory is a page, a dictionary and what was asked for. It can go back to
 * an earlier row, and let go of its page in between.
 */
#ifndef HW_PARQUET_COLUMN_READER_H
#define HW_PARQUET_COLUMN_READER_H

#include "parquet/column_dictionary.h"
#include "parquet/page_levels.h"

/* Entries whose levels are decoded, and whose values are not. */
enum { HW_COLUMN_PENDING_MAX = 1024 };

/* A place between two rows. */
struct hw_column_place {
    struct hw_page_place page;
    /* Entries of that page, and of the chunk, that lie before it. */
    uint64_t in_page;
    uint64_t in_chunk;
};

struct hw_pending_levels {
    uint8_t reps[HW_COLUMN_PENDING_MAX];
    uint8_t defs[HW_COLUMN_PENDING_MAX];
};

enum hw_page_state {
    HW_PAGE_NONE,
    /* Its bytes are there; levels and values begin anew. */
    HW_PAGE_AT_HAND,
    /* Levels and values are at the reader's place. */
    HW_PAGE_READY,
};

enum hw_dictionary_state {
    /* The chunk's first page has not been looked at. */
    HW_DICTIONARY_UNKNOWN,
    HW_DICTIONARY_NONE,
    HW_DICTIONARY_LOADED,
};

struct hw_column_reader {
    const struct hw_read_leaf *leaf;
    struct hw_page_reader pages;
    /* The entries of the chunk, as the footer has them. */
    uint64_t entries;
    /* The place of the next entry that has not been decoded. */
    struct hw_column_place place;
    /* The page in work. */
    enum hw_page_state state;
    struct hw_page page;
    struct hw_page_levels levels;
    /* All entries of the page have the leaf's highest definition level: none is null. */
    bool full_levels;
    struct hw_value_reader values;
    /*
     * Levels of the page that were decoded ahead; a column that repeats needs them to find rows.
     * NULL until then.
     */
    struct hw_pending_levels *pending;
    size_t pending_at;
    size_t pending_count;
    enum hw_dictionary_state dictionary_state;
    struct hw_column_dictionary dictionary;
};

/* A column chunk; all is borrowed until the reader is released. */
struct hw_column_chunk {
    const struct hw_read_leaf *leaf;
    struct hw_page_chunk pages;
    uint64_t entries;
};

/* Begins with the chunk's first row. Nothing is read yet. */
void hw_column_reader_init(struct hw_column_reader *reader, const struct hw_column_chunk *chunk);
void hw_column_reader_release(struct hw_column_reader *reader);
/*
 * Reads `rows` rows into `out`, which is emptied before. Where they come to more than about
 * `bytes_max` bytes, `*out_full` is set and `out` is void: the caller goes back and asks for fewer
 * rows. HW_EDATA where the chunk has fewer rows, or a page is damaged; the error tells the
 * page and its offset.
 */
HW_NODISCARD enum hw_status hw_column_reader_read(struct hw_column_reader *reader, size_t rows, size_t bytes_max,
                                                  struct hw_leaf_rows *out, bool *out_full, struct hw_error *err);
/* Goes over rows without reading their values. */
HW_NODISCARD enum hw_status hw_column_reader_skip(struct hw_column_reader *reader, uint64_t rows, struct hw_error *err);
/* Returns the place of the next row. */
struct hw_column_place hw_column_reader_place(const struct hw_column_reader *reader);
/* Goes to a place where the reader has been. Its page is read once more, when it is needed. */
void hw_column_reader_go(struct hw_column_reader *reader, struct hw_column_place place);
/* Lets go of the page, its buffers, and the dictionary; the reader stays where it is. */
void hw_column_reader_park(struct hw_column_reader *reader);
/* Checks that no entry is left once all rows were read: HW_EDATA where there is. */
HW_NODISCARD enum hw_status hw_column_reader_end(const struct hw_column_reader *reader, struct hw_error *err);
/*
 * Says in an error which column chunk it is about; its message may begin with a page already.
 * Returns `status`, and does nothing where that is HW_OK.
 */
enum hw_status hw_column_chunk_named(const struct hw_read_leaf *leaf, size_t group, enum hw_status status,
                                     struct hw_error *err);
/* Returns the bytes of memory that it holds. */
size_t hw_column_reader_held(const struct hw_column_reader *reader);

#endif
