/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An encoded row group: the finished pages of all columns in one log, and the facts of each column
 * chunk that the footer will hold. A pool keeps row groups to be used again.
 */
#ifndef HW_PARQUET_ROW_GROUP_H
#define HW_PARQUET_ROW_GROUP_H

#include "core/buf.h"
#include "parquet/encoding.h"
#include "parquet/meta_facts.h"
#include "parquet/page_log.h"
#include "parquet/statistics.h"
#include "table/writer.h"

#define HW_NO_PAGE UINT32_MAX

/* A finished data page, whose header and bytes are in the log. */
struct hw_page_facts {
    /* The offset of its header in the log. */
    uint64_t at;
    /* The bytes of its texts, without their lengths. */
    uint64_t text_bytes;
    /* The bytes in the log, header included. */
    uint32_t size;
    uint32_t rows;
    /* The entries: the rows if the column is flat, nulls included. */
    uint32_t values;
    /* The entries without a value. */
    uint32_t nulls;
    uint32_t nans;
    /* The next page of the same column, or HW_NO_PAGE. */
    uint32_t next;
    /* The offset of its minimum in the `bounds` of the row group; the maximum follows. */
    uint32_t bounds_at;
    uint8_t min_size;
    uint8_t max_size;
    /* True if both bounds are known. */
    bool bounded;
};

/* The facts of one column chunk, complete when it is finished. */
struct hw_chunk_facts {
    /* Its first and last page in `pages` of the row group, or HW_NO_PAGE. */
    uint32_t first_page;
    uint32_t last_page;
    /* True if its pages are compressed. */
    bool packed;
    /* The offset of the dictionary page in the log. */
    uint64_t dictionary_at;
    /* The bytes of the dictionary page, header included; 0 if there is none. */
    uint32_t dictionary_size;
    /* The number of data pages by encoding. */
    uint32_t pages_encoded[HW_ENCODING_COUNT];
    /* The sums of these members over the data pages; so is `text_bytes`. */
    uint64_t values;
    uint64_t nulls;
    /* The bytes of all pages before compression, and as they are stored; headers included. */
    uint64_t raw_bytes;
    uint64_t stored_bytes;
    uint64_t text_bytes;
    struct hw_bounds bounds;
    /* Its bloom filter, the header first (parquet/bloom_write.h); empty: it has none. */
    struct hw_buf bloom;
    /* Its key-value metadata, borrowed until the footer is written. */
    const struct hw_parquet_pair *pairs;
    size_t pairs_count;
};

struct hw_row_group {
    struct hw_encoded base;
    /* The pool, borrowed. */
    struct hw_row_group_pool *pool;
    /* The next one in the pool. */
    struct hw_row_group *next;
    struct hw_page_log log;
    struct hw_page_facts *pages;
    size_t pages_count;
    size_t pages_capacity;
    /* The bounds of all pages: of each its minimum, then its maximum. */
    struct hw_buf bounds;
    struct hw_chunk_facts *chunks;
    size_t chunks_count;
    /* The count of each level of each nested column, from the leaf's `counts_at` on. */
    uint64_t *level_counts;
};

/* A pool of row groups that nobody uses. Any thread may use the pool. */
struct hw_row_group_pool {
    struct hw_segment_pool *segments;
    /* The number of leaves of the table. */
    size_t columns;
    /* The number of `level_counts`. */
    size_t counts;
    struct {
        pthread_mutex_t lock;
        struct hw_row_group *free;
        size_t count;
    } synced;
};

void hw_row_group_pool_init(struct hw_row_group_pool *pool, size_t columns, size_t counts);
/* Frees the row groups. All of them must have been given back. */
void hw_row_group_pool_release(struct hw_row_group_pool *pool);

/*
 * Gives an empty row group, from the pool if that has one. `base.ops->free` returns it to the pool.
 */
HW_NODISCARD enum hw_status hw_row_group_new(struct hw_row_group_pool *pool, struct hw_row_group **out_group,
                                             struct hw_error *err);
/* Drops all pages and facts. */
void hw_row_group_clear(struct hw_row_group *group);
/* Returns the bytes of memory that the row group holds. */
size_t hw_row_group_held(const struct hw_row_group *group);
/*
 * Returns about how many bytes it takes in a file: its pages, and its part of footer and indexes.
 */
size_t hw_row_group_file_bytes(const struct hw_row_group *group);
/*
 * Appends a page, which is in the log already, to its column. `next` and the members about bounds
 * are filled in here.
 */
HW_NODISCARD enum hw_status hw_row_group_add_page(struct hw_row_group *group, size_t column,
                                                  const struct hw_page_facts *page, const struct hw_bounds *bounds,
                                                  struct hw_error *err);

#endif
