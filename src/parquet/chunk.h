/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One column of the row group in work: gathers the values of a page, chooses how the chunk is
 * encoded when its first page is full, and adds every finished page to the row group. Holds little
 * but the page's values and, where that was chosen, a dictionary.
 */
#ifndef HW_PARQUET_CHUNK_H
#define HW_PARQUET_CHUNK_H

#include "parquet/row_group.h"
#include "parquet/trial.h"
#include "parquet/options.h"

/* The tools of a chunk; the same for all columns of an encoder. */
struct hw_chunk_work {
    /* Every value filled in. */
    const struct hw_parquet_options *options;
    struct hw_scratch *scratch;
    struct hw_row_group *group;
};

struct hw_chunk {
    struct hw_leaf leaf;
    size_t column;
    /* The page in work has these, as all up to `validity`. */
    struct hw_values values;
    size_t rows;
    size_t nulls;
    /* A nested column has entries, each with levels. */
    size_t entries;
    /* Flat: a bit a row, once there is a null. */
    struct hw_buf validity;
    /* Nested: definition levels, a byte each. */
    struct hw_buf def;
    /* Nested: repetition levels. */
    struct hw_buf rep;
    /* Finished ones. */
    uint32_t pages;
    bool chosen;
    bool dictionary_open;
    struct hw_choice choice;
    struct hw_dictionary *dictionary;
    /* Bytes of the pages with dictionary indices. */
    uint64_t dictionary_stored;
    /* Values in them. */
    uint64_t dictionary_values;
};

/* Borrows what `leaf` refers to. `column`: which of the row group's it is. */
void hw_chunk_init(struct hw_chunk *chunk, const struct hw_leaf *leaf, size_t column);
void hw_chunk_release(struct hw_chunk *chunk);
/* Forgets everything since the last finish; the dictionary goes back to `scratch`. */
void hw_chunk_reset(struct hw_chunk *chunk, struct hw_scratch *scratch);
/* Bytes of memory, and of the page in work. */
size_t hw_chunk_held(const struct hw_chunk *chunk);
size_t hw_chunk_pending(const struct hw_chunk *chunk);
/*
 * Returns the bytes of the chunk's dictionary, with what finding its values takes for each of them.
 */
size_t hw_chunk_dictionary_bytes(const struct hw_chunk *chunk);
/* Bytes that the page in work grows by at most when these rows are added. */
size_t hw_chunk_growth(const struct hw_chunk *chunk, const struct hw_column *column, size_t from, size_t rows);

/*
 * Adds `rows` rows of the batch's column, from row `from` on. Pages end at the same rows however
 * many are added at once. HW_EDATA, naming the column, for a null where none is allowed.
 */
HW_NODISCARD enum hw_status hw_chunk_add(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                         const struct hw_column *column, size_t from, size_t rows,
                                         struct hw_error *err);
/* Ends the page in work early, where there is one; `more`: others are to come. */
HW_NODISCARD enum hw_status hw_chunk_end_page(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                              struct hw_error *err);
/* Ends the chunk: last page, dictionary page, facts. The chunk is as new. */
HW_NODISCARD enum hw_status hw_chunk_finish(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                            struct hw_error *err);

#endif
