/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/footer.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "parquet/file_sum.h"
#include "parquet/page_index.h"

enum { PART_BYTES = 1 << 20, ORDINAL_MAX = INT16_MAX };

struct column_entry {
    /* The bytes of ColumnMetaData that follow the entry. */
    uint32_t meta_bytes;
    uint32_t column_index_bytes;
    uint32_t offset_index_bytes;
};

struct row_group_entry {
    uint64_t rows;
    uint64_t at;
    uint64_t raw_bytes;
    uint64_t stored_bytes;
    /* The end of its sorting columns among those of all row groups. */
    size_t sortings_end;
};

/* FileMetaData that is being written. Its bytes leave as soon as there are many. */
struct footer_part {
    const struct hw_footer_out *out;
    struct hw_buf bytes;
    struct hw_thrift thrift;
    uint64_t written;
    /* The CRC-32C of what was written. */
    uint32_t sum;
};

/* The offsets of the next indexes, and the next entry in `columns`. */
struct footer_cursor {
    uint64_t column_index_at;
    uint64_t offset_index_at;
    const uint8_t *entry;
};

static enum hw_status row_groups_write(const struct hw_footer *footer, const struct hw_tree *tree, uint64_t at,
                                       struct footer_part *part, struct hw_error *err);
static void chunk_write(struct footer_cursor *cursor, struct hw_thrift *thrift);
static void sorting_write(const struct hw_footer *footer, size_t begin, size_t end, struct hw_thrift *thrift);
static enum hw_status meta_end(struct footer_part *part, const struct hw_tree *tree,
                               const struct hw_parquet_options *options, uint64_t sum);
static enum hw_status part_flush(struct footer_part *part, size_t least, struct hw_error *err);

void hw_footer_release(struct hw_footer *footer) {
    hw_buf_release(&footer->columns);
    hw_buf_release(&footer->column_indexes);
    hw_buf_release(&footer->offset_indexes);
    hw_buf_release(&footer->row_groups);
    hw_buf_release(&footer->sortings);
    footer->row_groups_count = 0;
}

size_t hw_footer_held(const struct hw_footer *footer) {
    return footer->columns.capacity + footer->column_indexes.capacity + footer->offset_indexes.capacity +
           footer->row_groups.capacity + footer->sortings.capacity;
}

enum hw_status hw_footer_add_chunk(struct hw_footer *footer, const struct hw_leaf *leaf,
                                   const struct hw_row_group *group, size_t column, const struct hw_chunk_place *place,
                                   struct hw_error *err) {
    struct column_entry entry;
    size_t entry_at = footer->columns.size;
    size_t column_index_at = footer->column_indexes.size;
    size_t offset_index_at = footer->offset_indexes.size;

    HW_TRY(hw_buf_resize(&footer->columns, entry_at + sizeof(entry), err));
    HW_TRY(hw_column_meta_write(leaf, &group->chunks[column], place, &footer->columns, err));
    HW_TRY(hw_column_index_write(leaf, group, column, &footer->column_indexes, err));
    HW_TRY(hw_offset_index_write(leaf, group, column, place->first_data_page, &footer->offset_indexes, err));
    entry.meta_bytes = (uint32_t)(footer->columns.size - entry_at - sizeof(entry));
    entry.column_index_bytes = (uint32_t)(footer->column_indexes.size - column_index_at);
    entry.offset_index_bytes = (uint32_t)(footer->offset_indexes.size - offset_index_at);
    memcpy(footer->columns.data + entry_at, &entry, sizeof(entry));
    footer->raw_bytes += group->chunks[column].raw_bytes;
    footer->stored_bytes += group->chunks[column].stored_bytes;
    return HW_OK;
}

enum hw_status hw_footer_add_sorting(struct hw_footer *footer, const struct hw_parquet_sorting *sorting, size_t count,
                                     struct hw_error *err) {
    return hw_buf_append(&footer->sortings, sorting, count * sizeof(*sorting), err);
}

enum hw_status hw_footer_add_row_group(struct hw_footer *footer, uint64_t rows, uint64_t at, struct hw_error *err) {
    const struct row_group_entry entry = {
        .rows = rows,
        .at = at,
        .raw_bytes = footer->raw_bytes,
        .stored_bytes = footer->stored_bytes,
        .sortings_end = footer->sortings.size / sizeof(struct hw_parquet_sorting),
    };

    HW_TRY(hw_buf_append(&footer->row_groups, &entry, sizeof(entry), err));
    footer->row_groups_count++;
    footer->raw_bytes = footer->stored_bytes = 0;
    return HW_OK;
}

enum hw_status hw_footer_write(const struct hw_footer *footer, const struct hw_tree *tree,
                               const struct hw_parquet_options *options, uint64_t at, const struct hw_footer_out *out,
                               struct hw_error *err) {
    struct footer_part part = {.out = out};
    uint64_t rows = 0;
    uint8_t tail[8];

    HW_TRY(out->write(out->ctx, footer->column_indexes.data, footer->column_indexes.size, err));
    HW_TRY(out->write(out->ctx, footer->offset_indexes.data, footer->offset_indexes.size, err));
    for (size_t i = 0; i < footer->row_groups_count; i++) {
        struct row_group_entry entry;
        memcpy(&entry, footer->row_groups.data + i * sizeof(entry), sizeof(entry));
        rows += entry.rows;
    }
    const uint64_t sum = *out->sum;
    hw_thrift_init(&part.thrift, &part.bytes, err);
    hw_file_meta_begin(&part.thrift, tree, rows);
    enum hw_status status = row_groups_write(footer, tree, at, &part, err);
    if (status == HW_OK) {
        status = meta_end(&part, tree, options, sum);
    }
    if (status == HW_OK) {
        status = part_flush(&part, 1, err);
    }
    hw_buf_release(&part.bytes);
    HW_TRY(status);
    if (part.written > INT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "a footer of %" PRIu64 " bytes is more than readers take", part.written);
    }
    hw_store_le32(tail, (uint32_t)part.written);
    memcpy(tail + 4, "PAR1", 4);
    return out->write(out->ctx, tail, sizeof(tail), err);
}

static enum hw_status row_groups_write(const struct hw_footer *footer, const struct hw_tree *tree, uint64_t at,
                                       struct footer_part *part, struct hw_error *err) {
    struct hw_thrift *thrift = &part->thrift;
    size_t sortings = 0;
    struct footer_cursor cursor = {
        .column_index_at = at,
        .offset_index_at = at + footer->column_indexes.size,
        .entry = footer->columns.data,
    };

    hw_thrift_list(thrift, 4, HW_THRIFT_STRUCT, footer->row_groups_count);
    for (size_t i = 0; i < footer->row_groups_count; i++) {
        struct row_group_entry entry;
        memcpy(&entry, footer->row_groups.data + i * sizeof(entry), sizeof(entry));
        hw_thrift_put_begin(thrift);
        hw_thrift_list(thrift, 1, HW_THRIFT_STRUCT, tree->count);
        for (size_t column = 0; column < tree->count; column++) {
            chunk_write(&cursor, thrift);
            HW_TRY(thrift->status);
            HW_TRY(part_flush(part, PART_BYTES, err));
        }
        hw_thrift_i64(thrift, 2, (int64_t)entry.raw_bytes);
        hw_thrift_i64(thrift, 3, (int64_t)entry.rows);
        sorting_write(footer, sortings, entry.sortings_end, thrift);
        sortings = entry.sortings_end;
        hw_thrift_i64(thrift, 5, (int64_t)entry.at);
        hw_thrift_i64(thrift, 6, (int64_t)entry.stored_bytes);
        if (i <= ORDINAL_MAX) {
            hw_thrift_i16(thrift, 7, (int16_t)i);
        }
        hw_thrift_end(thrift);
    }
    return thrift->status;
}

/* Writes the list of SortingColumn of a row group, if it is sorted. */
static void sorting_write(const struct hw_footer *footer, size_t begin, size_t end, struct hw_thrift *thrift) {
    const struct hw_parquet_sorting *sorting = (const struct hw_parquet_sorting *)(const void *)footer->sortings.data;
    if (begin == end) {
        return;
    }
    hw_thrift_list(thrift, 4, HW_THRIFT_STRUCT, end - begin);
    for (size_t i = begin; i < end; i++) {
        hw_thrift_put_begin(thrift);
        hw_thrift_i32(thrift, 1, sorting[i].column);
        hw_thrift_bool(thrift, 2, sorting[i].descending);
        hw_thrift_bool(thrift, 3, sorting[i].nulls_first);
        hw_thrift_end(thrift);
    }
}

/* Writes a ColumnChunk. */
static void chunk_write(struct footer_cursor *cursor, struct hw_thrift *thrift) {
    struct column_entry entry;

    memcpy(&entry, cursor->entry, sizeof(entry));
    hw_thrift_put_begin(thrift);
    /* This is file_offset, which is deprecated. */
    hw_thrift_i64(thrift, 2, 0);
    hw_thrift_raw_field(thrift, 3, HW_THRIFT_STRUCT);
    hw_thrift_put_raw(thrift, cursor->entry + sizeof(entry), entry.meta_bytes);
    hw_thrift_i64(thrift, 4, (int64_t)cursor->offset_index_at);
    hw_thrift_i32(thrift, 5, (int32_t)entry.offset_index_bytes);
    if (entry.column_index_bytes > 0) {
        hw_thrift_i64(thrift, 6, (int64_t)cursor->column_index_at);
        hw_thrift_i32(thrift, 7, (int32_t)entry.column_index_bytes);
    }
    hw_thrift_end(thrift);
    cursor->entry += sizeof(entry) + entry.meta_bytes;
    cursor->column_index_at += entry.column_index_bytes;
    cursor->offset_index_at += entry.offset_index_bytes;
}

/* Writes the end of FileMetaData, and puts the sum of all of its bytes in its place. */
static enum hw_status meta_end(struct footer_part *part, const struct hw_tree *tree,
                               const struct hw_parquet_options *options, uint64_t sum) {
    char digits[HW_FILE_SUM_FOOTER_DIGITS + 1];
    const size_t digits_at = hw_file_meta_end(&part->thrift, tree, options, sum);
    HW_TRY(part->thrift.status);
    snprintf(digits, sizeof(digits), "%08" PRIx32, hw_crc32c(part->sum, part->bytes.data, part->bytes.size));
    memcpy(part->bytes.data + digits_at, digits, HW_FILE_SUM_FOOTER_DIGITS);
    return HW_OK;
}

/* Writes the bytes that have gathered, if they are at least `least`. */
static enum hw_status part_flush(struct footer_part *part, size_t least, struct hw_error *err) {
    if (part->bytes.size < least) {
        return HW_OK;
    }
    HW_TRY(part->out->write(part->out->ctx, part->bytes.data, part->bytes.size, err));
    part->written += part->bytes.size;
    part->sum = hw_crc32c(part->sum, part->bytes.data, part->bytes.size);
    hw_buf_clear(&part->bytes);
    return HW_OK;
}
