/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/meta_chunk.h"

#include "parquet/statistics_read.h"
#include "parquet/thrift_type.h"

static const struct hw_thrift_needs chunk_needs = {
    .name = "ColumnMetaData",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4) | HW_THRIFT_ID(5) | HW_THRIFT_ID(6) |
           HW_THRIFT_ID(7) | HW_THRIFT_ID(9),
    .names = (const char *const[]){[1] = "type",
                                   "encodings",
                                   "path_in_schema",
                                   "codec",
                                   "num_values",
                                   "total_uncompressed_size",
                                   "total_compressed_size",
                                   [9] = "data_page_offset"},
};
static const struct hw_thrift_needs encoding_count_needs = {
    .name = "PageEncodingStats",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3),
    .names = (const char *const[]){[1] = "page_type", "encoding", "count"},
};

/* A chunk of which the footer tells nothing. */
static const struct hw_parquet_chunk no_chunk = {
    .physical = -1,
    .codec = -1,
    .index_page_offset = HW_META_ABSENT,
    .dictionary_offset = HW_META_ABSENT,
    .bloom_offset = HW_META_ABSENT,
    .bloom_bytes = HW_META_ABSENT,
    .offset_index_offset = HW_META_ABSENT,
    .offset_index_bytes = HW_META_ABSENT,
    .column_index_offset = HW_META_ABSENT,
    .column_index_bytes = HW_META_ABSENT,
    .statistics = HW_NO_STATISTICS,
};

static void chunk_meta_read(struct hw_meta_parser *parser, struct hw_parquet_chunk *out);
static void chunk_extra_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                             struct hw_parquet_chunk *out);
static bool encodings_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                           struct hw_parquet_chunk *chunk);
static bool path_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                      struct hw_parquet_chunk *chunk);
static void encoding_count_read(struct hw_meta_parser *parser, void *out);

void hw_meta_chunk_read(struct hw_meta_parser *parser, struct hw_parquet_chunk *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_field field;
    *out = no_chunk;
    while (hw_thrift_field(in, &field)) {
        switch (field.id) {
        case 1:
            hw_thrift_read_binary(in, &field, &out->file_path);
            break;
        case 3:
            if (hw_thrift_read_struct(in, &field)) {
                chunk_meta_read(parser, out);
            }
            break;
        case 4:
            hw_thrift_read_i64(in, &field, &out->offset_index_offset);
            break;
        case 5:
            hw_thrift_read_i64(in, &field, &out->offset_index_bytes);
            break;
        case 6:
            hw_thrift_read_i64(in, &field, &out->column_index_offset);
            break;
        case 7:
            hw_thrift_read_i64(in, &field, &out->column_index_bytes);
            break;
        case 8:
            out->encrypted |= field.type == HW_THRIFT_STRUCT;
            hw_thrift_skip(in, &field);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
    }
}

/* ColumnMetaData */
static void chunk_meta_read(struct hw_meta_parser *parser, struct hw_parquet_chunk *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    out->has_meta = true;
    while (hw_thrift_field(in, &field)) {
        bool read = false;
        switch (field.id) {
        case 1:
            read = hw_thrift_read_i32(in, &field, &out->physical);
            break;
        case 2:
            read = encodings_read(parser, &field, out);
            break;
        case 3:
            read = path_read(parser, &field, out);
            break;
        case 4:
            read = hw_thrift_read_i32(in, &field, &out->codec);
            break;
        case 5:
            read = hw_thrift_read_i64(in, &field, &out->values);
            break;
        case 6:
            read = hw_thrift_read_i64(in, &field, &out->uncompressed);
            break;
        case 7:
            read = hw_thrift_read_i64(in, &field, &out->compressed);
            break;
        case 8:
            hw_meta_pairs_read(parser, &field, &out->pairs, &out->pairs_count);
            break;
        case 9:
            read = hw_thrift_read_i64(in, &field, &out->data_offset);
            break;
        default:
            chunk_extra_read(parser, &field, out);
        }
        seen |= hw_thrift_seen(&field, read);
    }
    hw_thrift_need(in, &chunk_needs, seen);
}

/* Those fields of ColumnMetaData that it need not have. */
static void chunk_extra_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                             struct hw_parquet_chunk *out) {
    struct hw_thrift_reader *in = &parser->in;
    switch (field->id) {
    case 10:
        hw_thrift_read_i64(in, field, &out->index_page_offset);
        break;
    case 11:
        hw_thrift_read_i64(in, field, &out->dictionary_offset);
        break;
    case 12:
        out->has_statistics |= hw_statistics_read(in, field, &out->statistics);
        break;
    case 13:
        out->encoding_counts = hw_meta_structs_read(parser, field, sizeof(*out->encoding_counts), encoding_count_read,
                                                    &out->encoding_counts_count);
        break;
    case 14:
        hw_thrift_read_i64(in, field, &out->bloom_offset);
        break;
    case 15:
        hw_thrift_read_i64(in, field, &out->bloom_bytes);
        break;
    default:
        hw_thrift_skip(in, field);
    }
}

static bool encodings_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                           struct hw_parquet_chunk *chunk) {
    struct hw_thrift_list list;
    int32_t *encodings = hw_meta_array(parser, field, sizeof(*encodings), &list);
    for (size_t i = 0; encodings && i < list.count; i++) {
        encodings[i] = hw_thrift_get_i32(&parser->in, &list);
    }
    chunk->encodings = encodings;
    chunk->encodings_count = encodings ? list.count : 0;
    return encodings != NULL;
}

static bool path_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                      struct hw_parquet_chunk *chunk) {
    struct hw_thrift_list list;
    hw_view *path = hw_meta_array(parser, field, sizeof(*path), &list);
    for (size_t i = 0; path && i < list.count; i++) {
        path[i] = hw_thrift_get_binary(&parser->in, &list);
    }
    chunk->path = path;
    chunk->path_count = path ? list.count : 0;
    return path != NULL;
}

/* PageEncodingStats */
static void encoding_count_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_page_encoding_count *count = out;
    struct hw_thrift_field member;
    uint32_t seen = 0;
    *count = (struct hw_page_encoding_count){0};
    int32_t *const members[] = {NULL, &count->page_type, &count->encoding, &count->pages};
    while (hw_thrift_field(in, &member)) {
        if (member.id >= 1 && member.id <= 3) {
            seen |= hw_thrift_seen(&member, hw_thrift_read_i32(in, &member, members[member.id]));
        } else {
            hw_thrift_skip(in, &member);
        }
    }
    hw_thrift_need(in, &encoding_count_needs, seen);
}
