/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A column chunk that is being made: one column of the row group in work. It gathers the values of
 * a page, chooses the encoding when its first page with values is full, and adds every finished
 * page to the row group. It holds little but the values of the page in work and, if that was
 * chosen, a dictionary.
 */
#ifndef HW_PARQUET_CHUNK_H
#define HW_PARQUET_CHUNK_H

#include "parquet/indices.h"
#include "parquet/options.h"
#include "parquet/page_pack.h"
#include "parquet/row_group.h"

/* The things that all columns of an encoder share, borrowed. */
struct hw_chunk_work {
    /* The options, with no value left at 0. */
    const struct hw_parquet_options *options;
    struct hw_scratch *scratch;
    struct hw_row_group *group;
};

struct hw_chunk {
    struct hw_leaf leaf;
    /* The number of the column in the row group. */
    size_t column;

    /* The page in work: its values, rows and nulls. */
    struct hw_values values;
    size_t rows;
    size_t nulls;
    /* The entries of a nested column, each with its levels (parquet/level.h). */
    size_t entries;
    /* The validity of a flat column, a bit for each row. It is filled once there is a null. */
    struct hw_buf validity;
    /* The definition levels of a nested column, a byte each. */
    struct hw_buf def;
    /* The repetition levels of a nested column, a byte each. */
    struct hw_buf rep;

    /* The number of finished pages. */
    uint32_t pages;
    /* True once the encoding is chosen; `choice` then holds it. */
    bool chosen;
    /* True while pages are encoded with the dictionary, which may still grow. */
    bool dictionary_open;
    struct hw_choice choice;
    struct hw_page_packer packer;
    struct hw_index_widths index_widths;
    /* The dictionary, open or closed. NULL if the chunk has none. */
    struct hw_dictionary *dictionary;
    /* The stored bytes of the pages with dictionary indices. */
    uint64_t dictionary_stored;
    /* The values in these pages. */
    uint64_t dictionary_values;
};

/* Starts an empty chunk. It copies `leaf` and borrows what that refers to. */
void hw_chunk_init(struct hw_chunk *chunk, const struct hw_leaf *leaf, size_t column);
void hw_chunk_release(struct hw_chunk *chunk);
/*
 * Drops the page in work and all that is known of the chunk. Its finished pages stay in the row
 * group, the dictionary goes back to `scratch`.
 */
void hw_chunk_reset(struct hw_chunk *chunk, struct hw_scratch *scratch);
/* Returns the bytes of memory that the chunk holds. */
size_t hw_chunk_held(const struct hw_chunk *chunk);
/* Returns the most bytes of values, and the most rows, that the page in work may have. */
size_t hw_chunk_page_bytes(const struct hw_chunk *chunk, const struct hw_parquet_options *options);
size_t hw_chunk_page_rows(const struct hw_chunk *chunk, const struct hw_parquet_options *options);
/* Returns the bytes of the page in work: of its values, lengths, validity and levels. */
size_t hw_chunk_pending(const struct hw_chunk *chunk);
/*
 * Returns the bytes of the chunk's dictionary: its PLAIN encoding, and an estimate of the memory by
 * which its values are found.
 */
size_t hw_chunk_dictionary_bytes(const struct hw_chunk *chunk);
/* Returns the most bytes by which hw_chunk_pending grows when these rows are added. */
size_t hw_chunk_growth(const struct hw_chunk *chunk, const struct hw_column *column, size_t from, size_t rows);

/*
 * Adds `rows` rows of the batch's column, from row `from` on, to a leaf that is not nested. The
 * pages do not depend on how many rows are added at once. A null in a required column is HW_EDATA,
 * and the error names the column.
 */
HW_NODISCARD enum hw_status hw_chunk_add(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                         const struct hw_column *column, size_t from, size_t rows,
                                         struct hw_error *err);
/* Ends the page in work, if it has rows. `more` says whether further pages are likely. */
HW_NODISCARD enum hw_status hw_chunk_end_page(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                              struct hw_error *err);
/*
 * Ends the chunk: adds its last page and its dictionary page to the row group. The chunk is then as
 * after hw_chunk_init.
 */
HW_NODISCARD enum hw_status hw_chunk_finish(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                            struct hw_error *err);

#endif
