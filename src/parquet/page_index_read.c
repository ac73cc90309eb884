/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_index_read.h"

#include "parquet/meta_parser.h"

static const struct hw_thrift_needs offset_needs = {
    .name = "OffsetIndex",
    .ids = HW_THRIFT_ID(1),
    .names = (const char *const[]){[1] = "page_locations"},
};
static const struct hw_thrift_needs place_needs = {
    .name = "PageLocation",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3),
    .names = (const char *const[]){[1] = "offset", "compressed_page_size", "first_row_index"},
};
static const struct hw_thrift_needs column_needs = {
    .name = "ColumnIndex",
    .ids = HW_THRIFT_ID(1) | HW_THRIFT_ID(2) | HW_THRIFT_ID(3) | HW_THRIFT_ID(4),
    .names =
        (const char *const[]){
            [1] = "null_pages", "min_values", "max_values", "boundary_order", "null_counts", [8] = "nan_counts"},
};

static void place_read(struct hw_meta_parser *parser, void *out);
static void column_read(struct hw_meta_parser *parser, struct hw_column_index *index);
static bool bools_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const bool **out,
                       size_t *out_count);
static bool views_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const hw_view **out,
                       size_t *out_count);
static bool counts_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const int64_t **out,
                        size_t *out_count);

/* ------ OffsetIndex */

enum hw_status hw_offset_index_parse(struct hw_offset_index *index, hw_view bytes, uint64_t at, struct hw_error *err) {
    struct hw_offset_index made = {0};
    struct hw_meta_parser parser;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    hw_meta_parser_init(&parser, bytes, at, &made.arena, err);
    while (hw_thrift_field(&parser.in, &field)) {
        if (field.id == 1) {
            made.pages = hw_meta_structs_read(&parser, &field, sizeof(*made.pages), place_read, &made.pages_count);
            seen |= hw_thrift_seen(&field, made.pages != NULL);
        } else {
            hw_thrift_skip(&parser.in, &field);
        }
    }
    hw_thrift_need(&parser.in, &offset_needs, seen);
    if (parser.in.status) {
        hw_offset_index_release(&made);
        hw_error_prefix(err, "offset index");
        return parser.in.status;
    }
    *index = made;
    return HW_OK;
}

void hw_offset_index_release(struct hw_offset_index *index) {
    hw_arena_release(&index->arena);
    *index = (struct hw_offset_index){0};
}

/* PageLocation */
static void place_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_page_location *place = out;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    *place = (struct hw_page_location){0};
    while (hw_thrift_field(in, &field)) {
        bool read = false;
        if (field.id == 1) {
            read = hw_thrift_read_i64(in, &field, &place->offset);
        } else if (field.id == 2) {
            read = hw_thrift_read_i32(in, &field, &place->bytes);
        } else if (field.id == 3) {
            read = hw_thrift_read_i64(in, &field, &place->first_row);
        } else {
            hw_thrift_skip(in, &field);
        }
        seen |= hw_thrift_seen(&field, read);
    }
    hw_thrift_need(in, &place_needs, seen);
}

/* ------ ColumnIndex */

enum hw_status hw_column_index_parse(struct hw_column_index *index, hw_view bytes, uint64_t at, struct hw_error *err) {
    struct hw_column_index made = {0};
    struct hw_meta_parser parser;
    hw_meta_parser_init(&parser, bytes, at, &made.arena, err);
    column_read(&parser, &made);
    if (parser.in.status) {
        hw_column_index_release(&made);
        hw_error_prefix(err, "column index");
        return parser.in.status;
    }
    *index = made;
    return HW_OK;
}

void hw_column_index_release(struct hw_column_index *index) {
    hw_arena_release(&index->arena);
    *index = (struct hw_column_index){0};
}

static void column_read(struct hw_meta_parser *parser, struct hw_column_index *index) {
    enum { FIELDS = 9 };
    struct hw_thrift_reader *in = &parser->in;
    struct hw_thrift_field field;
    size_t counts[FIELDS] = {0};
    uint32_t seen = 0;
    while (hw_thrift_field(in, &field)) {
        bool read = false;
        switch (field.id) {
        case 1:
            read = bools_read(parser, &field, &index->null_pages, &counts[1]);
            break;
        case 2:
            read = views_read(parser, &field, &index->mins, &counts[2]);
            break;
        case 3:
            read = views_read(parser, &field, &index->maxs, &counts[3]);
            break;
        case 4:
            read = hw_thrift_read_i32(in, &field, &index->order);
            break;
        case 5:
            read = counts_read(parser, &field, &index->nulls, &counts[5]);
            break;
        case 8:
            read = counts_read(parser, &field, &index->nans, &counts[8]);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
        seen |= hw_thrift_seen(&field, read);
    }
    hw_thrift_need(in, &column_needs, seen);
    for (int id = 2; id < FIELDS; id++) {
        if (id != 4 && (seen & HW_THRIFT_ID(id)) != 0 && counts[id] != counts[1]) {
            hw_thrift_reader_fail(in, HW_EDATA, "ColumnIndex has %zu of null_pages, but %zu of %s", counts[1],
                                  counts[id], column_needs.names[id]);
        }
    }
    index->pages_count = counts[1];
}

static bool bools_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const bool **out,
                       size_t *out_count) {
    struct hw_thrift_list list;
    bool *values = hw_meta_array(parser, field, sizeof(*values), &list);
    for (size_t i = 0; values && i < list.count; i++) {
        values[i] = hw_thrift_get_bool(&parser->in, &list);
    }
    *out = values;
    *out_count = values ? list.count : 0;
    return values != NULL;
}

static bool views_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const hw_view **out,
                       size_t *out_count) {
    struct hw_thrift_list list;
    hw_view *values = hw_meta_array(parser, field, sizeof(*values), &list);
    for (size_t i = 0; values && i < list.count; i++) {
        values[i] = hw_thrift_get_binary(&parser->in, &list);
    }
    *out = values;
    *out_count = values ? list.count : 0;
    return values != NULL;
}

static bool counts_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field, const int64_t **out,
                        size_t *out_count) {
    struct hw_thrift_list list;
    int64_t *values = hw_meta_array(parser, field, sizeof(*values), &list);
    for (size_t i = 0; values && i < list.count; i++) {
        values[i] = hw_thrift_get_i64(&parser->in, &list);
    }
    *out = values;
    *out_count = values ? list.count : 0;
    return values != NULL;
}
