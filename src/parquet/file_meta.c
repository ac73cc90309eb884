/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/file_meta.h"

#include "parquet/meta_chunk.h"
#include "parquet/meta_element.h"
#include "parquet/meta_parser.h"

static const struct hw_thrift_needs file_needs = {
    .name = "FileMetaData",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4),
    .names = (const char *const[]){[1] = "version", "schema", "num_rows", "row_groups"},
};
static const struct hw_thrift_needs group_needs = {
    .name = "RowGroup",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3),
    .names = (const char *const[]){[1] = "columns", "total_byte_size", "num_rows"},
};
static const struct hw_thrift_needs sorting_needs = {
    .name = "SortingColumn",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3),
    .names = (const char *const[]){[1] = "column_idx", "descending", "nulls_first"},
};

static const struct hw_parquet_group no_group = {.file_offset = HW_META_ABSENT, .compressed = HW_META_ABSENT};

static const char unknown_algorithm[] = "an unknown algorithm";

static void file_read(struct hw_meta_parser *parser, struct hw_parquet_meta *meta);
static void element_read(struct hw_meta_parser *parser, void *out);
static void group_read(struct hw_meta_parser *parser, void *out);
static void chunk_read(struct hw_meta_parser *parser, void *out);
static void sorting_read(struct hw_meta_parser *parser, void *out);
static void order_read(struct hw_meta_parser *parser, void *out);
static const char *encryption_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field);

enum hw_status hw_parquet_meta_parse(struct hw_parquet_meta *meta, hw_view footer, uint64_t at, struct hw_error *err) {
    struct hw_parquet_meta made = {.encryption = ""};
    struct hw_meta_parser parser;
    hw_meta_parser_init(&parser, footer, at, &made.arena, err);
    file_read(&parser, &made);
    if (parser.in.status) {
        hw_arena_release(&made.arena);
        hw_error_prefix(err, "footer");
        return parser.in.status;
    }
    made.trailing = footer.size - hw_thrift_reader_used(&parser.in);
    *meta = made;
    return HW_OK;
}

void hw_parquet_meta_release(struct hw_parquet_meta *meta) {
    hw_arena_release(&meta->arena);
    *meta = (struct hw_parquet_meta){0};
}

const char *hw_parquet_footer_encryption(hw_view footer) {
    struct hw_thrift_reader in;
    struct hw_thrift_field field = {0};
    hw_thrift_reader_init(&in, footer, 0, NULL);
    while (hw_thrift_field(&in, &field) && field.id != 1) {
        hw_thrift_skip(&in, &field);
    }
    const char *name = in.status == HW_OK && field.id == 1 ? encryption_read(&in, &field) : "";
    return name[0] ? name : unknown_algorithm;
}

int64_t hw_parquet_chunk_start(const struct hw_parquet_chunk *chunk) {
    enum { MAGIC_BYTES = 4 };
    int64_t start = HW_META_ABSENT;
    if (chunk->data_offset >= MAGIC_BYTES) {
        start = chunk->data_offset;
    }
    if (chunk->dictionary_offset >= MAGIC_BYTES && (start == HW_META_ABSENT || chunk->dictionary_offset < start)) {
        start = chunk->dictionary_offset;
    }
    return start;
}

/* FileMetaData */
static void file_read(struct hw_meta_parser *parser, struct hw_parquet_meta *meta) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    while (hw_thrift_field(in, &field)) {
        switch (field.id) {
        case 1:
            seen |= hw_thrift_seen(&field, hw_thrift_read_i32(in, &field, &meta->version));
            break;
        case 2:
            meta->elements =
                hw_meta_structs_read(parser, &field, sizeof(*meta->elements), element_read, &meta->elements_count);
            seen |= hw_thrift_seen(&field, meta->elements != NULL);
            break;
        case 3:
            seen |= hw_thrift_seen(&field, hw_thrift_read_i64(in, &field, &meta->rows));
            break;
        case 4:
            meta->groups = hw_meta_structs_read(parser, &field, sizeof(*meta->groups), group_read, &meta->groups_count);
            seen |= hw_thrift_seen(&field, meta->groups != NULL);
            break;
        case 5:
            hw_meta_pairs_read(parser, &field, &meta->pairs, &meta->pairs_count);
            break;
        case 6:
            hw_thrift_read_binary(in, &field, &meta->created_by);
            break;
        case 7:
            meta->column_orders = hw_meta_structs_read(parser, &field, sizeof(*meta->column_orders), order_read,
                                                       &meta->column_orders_count);
            break;
        case 8:
            meta->encryption = encryption_read(in, &field);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
    }
    hw_thrift_need(in, &file_needs, seen);
}

static void element_read(struct hw_meta_parser *parser, void *out) {
    hw_meta_element_read(&parser->in, out);
}

/* RowGroup */
static void group_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_parquet_group *group = out;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    *group = no_group;
    while (hw_thrift_field(in, &field)) {
        bool read = false;
        switch (field.id) {
        case 1:
            group->chunks =
                hw_meta_structs_read(parser, &field, sizeof(*group->chunks), chunk_read, &group->chunks_count);
            read = group->chunks != NULL;
            break;
        case 2:
            read = hw_thrift_read_i64(in, &field, &group->total_bytes);
            break;
        case 3:
            read = hw_thrift_read_i64(in, &field, &group->rows);
            break;
        case 4:
            group->sorting =
                hw_meta_structs_read(parser, &field, sizeof(*group->sorting), sorting_read, &group->sorting_count);
            break;
        case 5:
            hw_thrift_read_i64(in, &field, &group->file_offset);
            break;
        case 6:
            hw_thrift_read_i64(in, &field, &group->compressed);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
        seen |= hw_thrift_seen(&field, read);
    }
    hw_thrift_need(in, &group_needs, seen);
}

static void chunk_read(struct hw_meta_parser *parser, void *out) {
    hw_meta_chunk_read(parser, out);
}

/* SortingColumn */
static void sorting_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_parquet_sorting *sorting = out;
    struct hw_thrift_field member;
    uint32_t seen = 0;
    *sorting = (struct hw_parquet_sorting){0};
    while (hw_thrift_field(in, &member)) {
        bool read = false;
        if (member.id == 1) {
            read = hw_thrift_read_i32(in, &member, &sorting->column);
        } else if (member.id == 2) {
            read = hw_thrift_read_bool(in, &member, &sorting->descending);
        } else if (member.id == 3) {
            read = hw_thrift_read_bool(in, &member, &sorting->nulls_first);
        } else {
            hw_thrift_skip(in, &member);
        }
        seen |= hw_thrift_seen(&member, read);
    }
    hw_thrift_need(in, &sorting_needs, seen);
}

/* ColumnOrder, a union: its field is what it is. */
static void order_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_field member;
    int order = 0;
    while (hw_thrift_field(&parser->in, &member)) {
        order = member.id;
        hw_thrift_skip(&parser->in, &member);
    }
    memcpy(out, &order, sizeof(order));
}

/* EncryptionAlgorithm, a union. */
static const char *encryption_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field) {
    static const char *const names[] = {[1] = "AES_GCM_V1", [2] = "AES_GCM_CTR_V1"};
    const char *name = unknown_algorithm;
    struct hw_thrift_field member;
    if (!hw_thrift_read_struct(in, field)) {
        return "";
    }
    while (hw_thrift_field(in, &member)) {
        if (member.id >= 1 && member.id < (int)COUNT_OF(names)) {
            name = names[member.id];
        }
        hw_thrift_skip(in, &member);
    }
    return name;
}
