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
static bool elements_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                          struct hw_parquet_meta *meta);
static bool groups_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_meta *meta);
static void group_read(struct hw_meta_parser *parser, struct hw_parquet_group *out);
static bool chunks_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_group *group);
static void sorting_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                         struct hw_parquet_group *group);
static void orders_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_meta *meta);
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
            seen |= hw_thrift_seen(&field, elements_read(parser, &field, meta));
            break;
        case 3:
            seen |= hw_thrift_seen(&field, hw_thrift_read_i64(in, &field, &meta->rows));
            break;
        case 4:
            seen |= hw_thrift_seen(&field, groups_read(parser, &field, meta));
            break;
        case 5:
            hw_meta_pairs_read(parser, &field, &meta->pairs, &meta->pairs_count);
            break;
        case 6:
            hw_thrift_read_binary(in, &field, &meta->created_by);
            break;
        case 7:
            orders_read(parser, &field, meta);
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

static bool elements_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                          struct hw_parquet_meta *meta) {
    struct hw_thrift_list list;
    struct hw_parquet_element *elements = hw_meta_array(parser, field, sizeof(*elements), &list);
    for (size_t i = 0; elements && i < list.count && hw_thrift_get_struct(&parser->in, &list); i++) {
        hw_meta_element_read(&parser->in, &elements[i]);
    }
    meta->elements = elements;
    meta->elements_count = elements ? list.count : 0;
    return elements != NULL;
}

static bool groups_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_meta *meta) {
    struct hw_thrift_list list;
    struct hw_parquet_group *groups = hw_meta_array(parser, field, sizeof(*groups), &list);
    for (size_t i = 0; groups && i < list.count && hw_thrift_get_struct(&parser->in, &list); i++) {
        group_read(parser, &groups[i]);
    }
    meta->groups = groups;
    meta->groups_count = groups ? list.count : 0;
    return groups != NULL;
}

/* RowGroup */
static void group_read(struct hw_meta_parser *parser, struct hw_parquet_group *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    *out = no_group;
    while (hw_thrift_field(in, &field)) {
        switch (field.id) {
        case 1:
            seen |= hw_thrift_seen(&field, chunks_read(parser, &field, out));
            break;
        case 2:
            seen |= hw_thrift_seen(&field, hw_thrift_read_i64(in, &field, &out->total_bytes));
            break;
        case 3:
            seen |= hw_thrift_seen(&field, hw_thrift_read_i64(in, &field, &out->rows));
            break;
        case 4:
            sorting_read(parser, &field, out);
            break;
        case 5:
            hw_thrift_read_i64(in, &field, &out->file_offset);
            break;
        case 6:
            hw_thrift_read_i64(in, &field, &out->compressed);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
    }
    hw_thrift_need(in, &group_needs, seen);
}

static bool chunks_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_group *group) {
    struct hw_thrift_list list;
    struct hw_parquet_chunk *chunks = hw_meta_array(parser, field, sizeof(*chunks), &list);
    for (size_t i = 0; chunks && i < list.count && hw_thrift_get_struct(&parser->in, &list); i++) {
        hw_meta_chunk_read(parser, &chunks[i]);
    }
    group->chunks = chunks;
    group->chunks_count = chunks ? list.count : 0;
    return chunks != NULL;
}

static void sorting_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                         struct hw_parquet_group *group) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_list list;
    struct hw_parquet_sorting *sorting = hw_meta_array(parser, field, sizeof(*sorting), &list);
    for (size_t i = 0; sorting && i < list.count && hw_thrift_get_struct(in, &list); i++) {
        struct hw_thrift_field member;
        uint32_t seen = 0;
        sorting[i] = (struct hw_parquet_sorting){0};
        while (hw_thrift_field(in, &member)) {
            bool read = false;
            if (member.id == 1) {
                read = hw_thrift_read_i32(in, &member, &sorting[i].column);
            } else if (member.id == 2) {
                read = hw_thrift_read_bool(in, &member, &sorting[i].descending);
            } else if (member.id == 3) {
                read = hw_thrift_read_bool(in, &member, &sorting[i].nulls_first);
            } else {
                hw_thrift_skip(in, &member);
            }
            seen |= hw_thrift_seen(&member, read);
        }
        hw_thrift_need(in, &sorting_needs, seen);
    }
    group->sorting = sorting;
    group->sorting_count = sorting ? list.count : 0;
}

/* ColumnOrder, a union for each column. */
static void orders_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        struct hw_parquet_meta *meta) {
    struct hw_thrift_list list;
    int *orders = hw_meta_array(parser, field, sizeof(*orders), &list);
    for (size_t i = 0; orders && i < list.count && hw_thrift_get_struct(&parser->in, &list); i++) {
        struct hw_thrift_field member;
        orders[i] = 0;
        while (hw_thrift_field(&parser->in, &member)) {
            orders[i] = member.id;
            hw_thrift_skip(&parser->in, &member);
        }
    }
    meta->column_orders = orders;
    meta->column_orders_count = orders ? list.count : 0;
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
