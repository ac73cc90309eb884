/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file needs to be closed, kept small from row group to row group: each column's
 * ColumnMetaData, ColumnIndex and OffsetIndex as the bytes that they will be. The indexes come
 * behind the last row group, so their offsets are only known at the end.
 */
#ifndef HW_PARQUET_FOOTER_H
#define HW_PARQUET_FOOTER_H

#include "parquet/meta.h"

struct hw_footer {
    /* a struct column_entry and its ColumnMetaData, column after column */
    struct hw_buf columns;
    struct hw_buf column_indexes; /* one after the other, row group by row group */
    struct hw_buf offset_indexes;
    struct hw_buf row_groups; /* struct row_group_entry each */
    size_t row_groups_count;
};

/* Where bytes of the file go. */
struct hw_footer_out {
    enum hw_status (*write)(void *ctx, const void *data, size_t bytes, struct hw_error *err);
    void *ctx;
};

void hw_footer_release(struct hw_footer *footer);
size_t hw_footer_held(const struct hw_footer *footer);
/* Notes a column chunk of the row group that hw_footer_add_row_group will name next. */
HW_NODISCARD enum hw_status hw_footer_add_chunk(struct hw_footer *footer, const struct hw_leaf *leaf,
                                                const struct hw_row_group *group, size_t column,
                                                const struct hw_chunk_place *place, struct hw_error *err);
/* `at`: where its first page lies. */
HW_NODISCARD enum hw_status hw_footer_add_row_group(struct hw_footer *footer, const struct hw_row_group *group,
                                                    uint64_t at, struct hw_error *err);
/*
 * Writes all indexes, then FileMetaData, its length and the magic; `at` is the file's size before.
 */
HW_NODISCARD enum hw_status hw_footer_write(const struct hw_footer *footer, const struct hw_tree *tree,
                                            const struct hw_parquet_options *options, uint64_t at,
                                            const struct hw_footer_out *out, struct hw_error *err);

#endif
