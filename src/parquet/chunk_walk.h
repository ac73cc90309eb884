/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a column chunk that is checked, as they were found. */
#ifndef HW_PARQUET_CHUNK_WALK_H
#define HW_PARQUET_CHUNK_WALK_H

#include "parquet/check_report.h"
#include "parquet/chunk_locate.h"
#include "parquet/page_levels.h"

/* A data page. */
struct hw_page_found {
    uint64_t at;
    /* With the header. */
    uint64_t bytes;
    size_t number;
    /* True: page and levels are good, so that the members below are known. */
    bool good;
    /* The rows of the chunk before it; known if all pages before it are good too. */
    uint64_t first_row;
    uint64_t rows;
    uint64_t entries;
    /* Entries that have values. */
    uint64_t values;
};

/* Looks at the values of pages that are good, as parquet/values_check.h does. */
struct hw_page_visitor {
    enum hw_status (*dictionary)(void *ctx, const struct hw_page *page);
    /* `levels` and `values` are as they begin. */
    enum hw_status (*page)(void *ctx, const struct hw_page *page, const struct hw_page_levels *levels, hw_view values,
                           const struct hw_page_found *found);
    void *ctx;
};

struct hw_chunk_walk {
    struct hw_check_report *report;
    const struct hw_read_leaf *leaf;
    const struct hw_parquet_chunk *chunk;
    const struct hw_parquet_group *group;
    struct hw_located_chunk facts;
    struct hw_page_reader reader;
    /* The chunk has a dictionary page, which is good. */
    bool dictionary;
    /* The data pages, each a struct hw_page_found. */
    struct hw_buf found;
    uint64_t entries;
    uint64_t rows;
    /* A page is not good, so that nothing is said of all together. */
    bool damaged;
    /* A header is not good: there may be more pages than were found. */
    bool cut;
    /* NULL: values are not looked at. */
    const struct hw_page_visitor *visitor;
};

/*
 * Looks at all pages of the chunk, and at what the footer says of them together. The reader, and
 * what says which chunk it is, are set.
 */
HW_NODISCARD enum hw_status hw_chunk_walk(struct hw_chunk_walk *walk);
void hw_chunk_walk_release(struct hw_chunk_walk *walk);

/* Returns the data pages, and their number. */
const struct hw_page_found *hw_chunk_walk_found(const struct hw_chunk_walk *walk, size_t *out_count);

#endif
