/* SPDX-License-Identifier: Apache-2.0 */
/* A footer of one row group with columns "c" and "i", an INT32, whose facts tests set. */
#ifndef HW_TESTS_PRUNE_MAKE_H
#define HW_TESTS_PRUNE_MAKE_H

#include "parquet/prune.h"
#include "parquet/statistics_read.h"
#include "parquet/thrift.h"
#include "support/rows.h"

enum { PRUNE_ROWS = 100, PRUNE_CHUNK_BYTES = 1000, PRUNE_FOOTER_AT = 100000 };

struct prune_made {
    struct hw_parquet_element elements[3];
    hw_view paths[2];
    struct hw_parquet_chunk chunks[2];
    struct hw_parquet_group group;
    int orders[2];
    struct hw_read_file file;
    struct hw_predicate predicate;
    struct hw_filter filter;
    struct hw_arena arena;
};

/* An element that is an optional leaf. */
#define PRUNE_LEAF(number, converted_) \
    .physical = (number), .repetition = HW_REPETITION_OPTIONAL, .converted = (converted_)

static inline void prune_chunk(struct prune_made *made, size_t column) {
    made->paths[column] = made->elements[column + 1].name;
    made->chunks[column] = (struct hw_parquet_chunk){
        .has_meta = true,
        .physical = made->elements[column + 1].physical,
        .path = &made->paths[column],
        .path_count = 1,
        .values = PRUNE_ROWS,
        .compressed = PRUNE_CHUNK_BYTES,
        .uncompressed = PRUNE_CHUNK_BYTES,
        .data_offset = 4,
        .dictionary_offset = HW_META_ABSENT,
        .bloom_offset = HW_META_ABSENT,
        .bloom_bytes = HW_META_ABSENT,
        .offset_index_offset = HW_META_ABSENT,
        .column_index_offset = HW_META_ABSENT,
        .has_statistics = true,
        .statistics = HW_NO_STATISTICS,
    };
    made->orders[column] = 1;
}

/* Makes all but the facts, which tests set before prune_bind. */
static inline void prune_make(struct prune_made *made, const struct hw_parquet_element *leaf) {
    *made = (struct prune_made){0};
    made->elements[0] = (struct hw_parquet_element){.name = HW_VIEW("schema"),
                                                    .physical = -1,
                                                    .repetition = -1,
                                                    .children_count = 2,
                                                    .converted = HW_CONVERTED_NONE};
    made->elements[1] = *leaf;
    made->elements[1].name = HW_VIEW("c");
    made->elements[2] =
        (struct hw_parquet_element){.name = HW_VIEW("i"), PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)};
    prune_chunk(made, 0);
    prune_chunk(made, 1);
    made->group = (struct hw_parquet_group){.chunks = made->chunks, .chunks_count = 2, .rows = PRUNE_ROWS};
    made->file.meta = (struct hw_parquet_meta){
        .rows = PRUNE_ROWS,
        .elements = made->elements,
        .elements_count = 3,
        .groups = &made->group,
        .groups_count = 1,
        .column_orders = made->orders,
        .column_orders_count = 2,
        .encryption = "",
    };
    made->file.tail.at = 4;
    made->file.tail.footer_at = PRUNE_FOOTER_AT;
}

static inline void prune_bind(struct prune_made *made, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_read_schema_options options = {0};
    assert_ok(hw_read_schema_make(&made->file.schema, &made->file.meta, &options, NULL, &err), err);
    assert_ok(hw_predicate_parse(&made->predicate, text, &err), err);
    assert_ok(hw_filter_make(&made->filter, &made->predicate, &made->file.schema.schema, &err), err);
}

/* Returns the rows that are left, and releases all. */
static inline size_t prune_rows(struct prune_made *made, char *out_ranges, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_pruned_rows rows;
    size_t count = 0;
    size_t used = 0;
    out_ranges[0] = '\0';
    assert_ok(hw_parquet_prune(&made->file, 0, &made->filter, &made->arena, &rows, &err), err);
    for (size_t i = 0; i < rows.count; i++) {
        count += rows.ranges[i].count;
        used += (size_t)snprintf(out_ranges + used, bytes - used, "%s%zu+%zu", i > 0 ? " " : "", rows.ranges[i].first,
                                 rows.ranges[i].count);
    }
    hw_arena_release(&made->arena);
    hw_filter_release(&made->filter);
    hw_predicate_release(&made->predicate);
    hw_read_schema_release(&made->file.schema);
    hw_buf_release(&made->file.tail.bytes);
    return count;
}

#endif
