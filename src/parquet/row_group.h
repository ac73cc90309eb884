/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An encoded row group: the finished pages of all columns in one log, what the footer will say of
 * each column, a pool to reuse them.
 */
#ifndef HW_PARQUET_ROW_GROUP_H
#define HW_PARQUET_ROW_GROUP_H

#include "parquet/encoding.h"
#include "parquet/page_log.h"
#include "parquet/statistics.h"
#include "table/writer.h"

#define HW_PAGE_NONE UINT32_MAX

/* A finished data page; its header and bytes lie in the log. */
struct hw_page {
    uint64_t at;         /* in the log */
    uint64_t text_bytes; /* of its texts, without lengths */
    uint32_t size;       /* header included */
    uint32_t rows;
    uint32_t values; /* entries: rows where the column is flat, nulls included */
    uint32_t nulls;  /* entries without a value */
    uint32_t nans;
    uint32_t next;      /* page of the same column, or HW_PAGE_NONE */
    uint32_t bounds_at; /* in `bounds`: min, then max */
    uint8_t min_size;
    uint8_t max_size;
    bool bounded; /* both bounds are known */
};

/* What is known of one column chunk when it is finished. */
struct hw_chunk_facts {
    uint32_t first_page;
    uint32_t last_page;
    bool packed;                               /* its pages are compressed */
    uint64_t dictionary_at;                    /* in the log */
    uint32_t dictionary_size;                  /* header included; 0: none */
    uint32_t pages_encoded[HW_ENCODING_COUNT]; /* data pages by encoding */
    uint64_t values;
    uint64_t nulls;
    uint64_t raw_bytes;    /* before compression, headers included */
    uint64_t stored_bytes; /* as in the file, headers included */
    uint64_t text_bytes;
    struct hw_bounds bounds;
};

struct hw_row_group {
    struct hw_encoded base;
    struct hw_row_group_pool *pool; /* borrowed */
    struct hw_row_group *next;      /* in the pool */
    struct hw_page_log log;
    struct hw_page *pages;
    size_t pages_count;
    size_t pages_capacity;
    struct hw_buf bounds; /* of all pages */
    struct hw_chunk_facts *chunks;
    size_t chunks_count;
    /* of nested columns: how often each level is there; a leaf knows where */
    uint64_t *level_counts;
};

/* Row groups that nobody uses. Safe from any thread. */
struct hw_row_group_pool {
    struct hw_segment_pool segments;
    size_t columns; /* leaves of the table */
    size_t counts;  /* of levels, all leaves together */
    struct {
        pthread_mutex_t lock;
        struct hw_row_group *free;
        size_t count;
    } synced;
};

void hw_row_group_pool_init(struct hw_row_group_pool *pool, size_t columns, size_t counts);
void hw_row_group_pool_release(struct hw_row_group_pool *pool);

/* An empty row group; free it by its ops, which return it to the pool. */
HW_NODISCARD enum hw_status hw_row_group_new(struct hw_row_group_pool *pool, struct hw_row_group **out_group,
                                             struct hw_error *err);
/* Drops all pages. */
void hw_row_group_clear(struct hw_row_group *group);
size_t hw_row_group_held(const struct hw_row_group *group);
/* About what it takes in a file: its pages, and what the footer says of them. */
size_t hw_row_group_file_bytes(const struct hw_row_group *group);
/* Appends a page to its column; its `next` and bounds are filled in here. */
HW_NODISCARD enum hw_status hw_row_group_add_page(struct hw_row_group *group, size_t column, const struct hw_page *page,
                                                  const struct hw_bounds *bounds, struct hw_error *err);

#endif
