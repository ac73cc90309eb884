/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_text.h"

#include <stdio.h>

#include "cli/text.h"
#include "cli/text_table.h"

enum { LABEL_WIDTH = 13, VALUE_CHARACTERS = 60, SMALL_BYTES = 64 };

typedef enum hw_status part_fn(const struct hw_inspected *file, size_t width, struct hw_buf *out, struct hw_error *err);

static part_fn file_put, schema_put, metadata_put, columns_put, groups_put, chunks_put, pages_put, index_put;

/* The parts in their order; the summary has no title. */
static const struct {
    unsigned show;
    const char *title;
    part_fn *put;
} parts[] = {
    {HW_SHOW_FILE, NULL, file_put},
    {HW_SHOW_SCHEMA, "schema", schema_put},
    {HW_SHOW_METADATA, "metadata", metadata_put},
    {HW_SHOW_COLUMNS, "columns", columns_put},
    {HW_SHOW_GROUPS, "row groups", groups_put},
    {HW_SHOW_CHUNKS, "chunks", chunks_put},
    {HW_SHOW_PAGES, "pages", pages_put},
    {HW_SHOW_INDEX, "index", index_put},
};

/* Whether a part has nothing to show: Avro has no row groups, and only its blocks for pages. */
static bool is_empty(const struct hw_inspected *file, unsigned part) {
    if (part == HW_SHOW_METADATA) {
        return file->metadata_count == 0;
    }
    const unsigned of_avro = HW_SHOW_FILE | HW_SHOW_SCHEMA | HW_SHOW_PAGES;
    return file->codec && (part & of_avro) == 0;
}

enum hw_status hw_inspect_text(const struct hw_inspected *file, unsigned show, size_t width, struct hw_buf *out,
                               struct hw_error *err) {
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if ((show & parts[i].show) == 0 || is_empty(file, parts[i].show)) {
            continue;
        }
        if (parts[i].title) {
            HW_TRY(hw_buf_printf(out, err, "\n%s\n", parts[i].title));
        }
        HW_TRY(parts[i].put(file, width, out, err));
    }
    return HW_OK;
}

/* ------ the summary */

static enum hw_status label_put(struct hw_buf *out, const char *label, const char *text, struct hw_error *err) {
    return hw_buf_printf(out, err, "  %-*s%s\n", LABEL_WIDTH, label, text);
}

static enum hw_status number_put(struct hw_buf *out, const char *label, int64_t number, struct hw_error *err) {
    char text[HW_TEXT_NUMBER_BYTES];
    return number < 0 ? HW_OK : label_put(out, label, hw_text_number(number, text), err);
}

/* A size, and what part of another one it is. */
static enum hw_status sizes_put(const struct hw_inspected *file, struct hw_buf *out, struct hw_error *err) {
    char size[HW_BYTES_TEXT_BYTES];
    char raw[HW_BYTES_TEXT_BYTES];
    char footer[HW_TEXT_NUMBER_BYTES];
    char text[4 * SMALL_BYTES];
    hw_text_bytes((double)file->size, size);
    snprintf(text, sizeof(text), "%s, of which the footer has %s B", size, hw_text_number(file->footer_size, footer));
    HW_TRY(label_put(out, "size", text, err));
    hw_text_bytes((double)file->compressed, size);
    hw_text_bytes((double)file->uncompressed, raw);
    snprintf(text, sizeof(text), "%s, unpacked %s", size, raw);
    return label_put(out, "data", text, err);
}

static enum hw_status avro_put(const struct hw_inspected *file, struct hw_buf *out, struct hw_error *err) {
    char size[HW_BYTES_TEXT_BYTES];
    HW_TRY(label_put(out, "format", file->format, err));
    HW_TRY(label_put(out, "codec", file->codec, err));
    HW_TRY(number_put(out, "rows", file->rows, err));
    HW_TRY(number_put(out, "blocks", file->blocks, err));
    HW_TRY(number_put(out, "columns", file->columns, err));
    HW_TRY(label_put(out, "size", hw_text_bytes((double)file->size, size), err));
    return label_put(out, "sync", file->sync, err);
}

static enum hw_status file_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                               struct hw_error *err) {
    char writer[4 * SMALL_BYTES] = "not told";
    char format[SMALL_BYTES];
    (void)width;
    if (file->codec) {
        return avro_put(file, out, err);
    }
    snprintf(format, sizeof(format), "%s, version %" PRId64, file->format, file->version);
    if (file->created_by.data) {
        hw_text_escape_view((hw_view){file->created_by.data, file->created_by.size}, writer, sizeof(writer));
    }
    HW_TRY(label_put(out, "format", format, err));
    HW_TRY(label_put(out, "written by", writer, err));
    HW_TRY(number_put(out, "rows", file->rows, err));
    HW_TRY(number_put(out, "row groups", (int64_t)file->groups_count, err));
    HW_TRY(number_put(out, "columns", file->columns, err));
    HW_TRY(sizes_put(file, out, err));
    HW_TRY(label_put(out, "page index", file->has_page_index ? "yes" : "no", err));
    return file->has_crc < 0 ? HW_OK : label_put(out, "page CRCs", file->has_crc ? "all pages" : "not all pages", err);
}

/* ------ tables */

static enum hw_status cell(struct hw_text_table *table, const char *text, struct hw_error *err) {
    return hw_text_table_cell(table, hw_view_of(text ? text : ""), err);
}

static enum hw_status value_cell(struct hw_text_table *table, const struct hw_inspect_value *value,
                                 struct hw_error *err) {
    return hw_text_table_cell(table, (hw_view){value->text ? value->text : "", value->text ? value->size : 0}, err);
}

static enum hw_status encodings_cell(struct hw_text_table *table, const char *const *names, size_t count,
                                     struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_printf(&text, err, "%s%s", i > 0 ? "," : "", names[i]));
    }
    return hw_text_table_cell(table, hw_buf_view(&text), err);
}

/* A share in percent, or a ratio; nothing where there is none. */
static enum hw_status ratio_cell(struct hw_text_table *table, int64_t part, int64_t whole, double factor,
                                 const char *unit, struct hw_error *err) {
    char text[SMALL_BYTES] = "";
    if (part >= 0 && whole > 0) {
        snprintf(text, sizeof(text), "%.1f%s", factor * (double)part / (double)whole, unit);
    }
    return cell(table, text, err);
}

static enum hw_status schema_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                 struct hw_error *err) {
    static const struct hw_text_column columns[] = {{.title = "name"},       {.title = "type"},
                                                    {.title = "repetition"}, {.title = "physical"},
                                                    {.title = "annotation"}, {.title = "id"}};
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    HW_AUTO(hw_buf) name = {0};
    for (size_t i = 0; i < file->schema_count; i++) {
        const struct hw_inspect_node *node = &file->schema[i];
        char number[SMALL_BYTES] = "";
        char physical[SMALL_BYTES] = "";
        hw_buf_clear(&name);
        HW_TRY(hw_buf_printf(&name, err, "%*s%s", (int)(2 * (node->depth - 1)), "", node->name));
        if (node->has_field_id) {
            snprintf(number, sizeof(number), "%" PRId64, node->field_id);
        }
        if (node->type_length >= 0) {
            snprintf(physical, sizeof(physical), "%s(%" PRId64 ")", node->physical, node->type_length);
        }
        HW_TRY(hw_text_table_cell(&table, hw_buf_view(&name), err));
        HW_TRY(cell(&table, node->type, err));
        HW_TRY(cell(&table, node->repetition, err));
        HW_TRY(cell(&table, physical[0] ? physical : node->physical, err));
        HW_TRY(cell(&table, node->logical ? node->logical : node->converted, err));
        HW_TRY(cell(&table, number, err));
    }
    return hw_text_table_write(&table, width, out, err);
}

/* Bytes of the file, of which people want to see the beginning. */
static enum hw_status bytes_cell(struct hw_text_table *table, const struct hw_inspect_bytes *bytes,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    const hw_view all = {bytes->data ? bytes->data : "", bytes->data ? bytes->size : 0};
    size_t shown = 0;
    for (size_t i = 0; i < VALUE_CHARACTERS && shown < all.size; i++) {
        shown += hw_max_size(hw_utf8_bytes(all.data + shown, all.size - shown), 1);
    }
    HW_TRY(hw_buf_append(&text, all.data, shown, err));
    HW_TRY(hw_buf_append_text(&text, shown < all.size ? "\xe2\x80\xa6" : "", err));
    return hw_text_table_cell(table, hw_buf_view(&text), err);
}

static enum hw_status metadata_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                   struct hw_error *err) {
    static const struct hw_text_column columns[] = {{.title = "key"}, {.title = "value"}};
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    for (size_t i = 0; i < file->metadata_count; i++) {
        HW_TRY(bytes_cell(&table, &file->metadata[i].key, err));
        HW_TRY(bytes_cell(&table, &file->metadata[i].value, err));
    }
    return hw_text_table_write(&table, width, out, err);
}

static enum hw_status columns_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                  struct hw_error *err) {
    static const struct hw_text_column columns[] = {{"column", false},    {"type", false},  {"codec", false},
                                                    {"encodings", false}, {"values", true}, {"nulls", true},
                                                    {"compressed", true}, {"share", true},  {"ratio", true},
                                                    {"min", false},       {"max", false}};
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    for (size_t i = 0; i < file->column_sums_count; i++) {
        const struct hw_inspect_column *column = &file->column_sums[i];
        HW_TRY(cell(&table, column->column, err));
        HW_TRY(cell(&table, column->type, err));
        HW_TRY(cell(&table, column->codec, err));
        HW_TRY(encodings_cell(&table, column->encodings, column->encodings_count, err));
        HW_TRY(hw_text_table_number(&table, column->values, err));
        HW_TRY(hw_text_table_number(&table, column->nulls, err));
        HW_TRY(hw_text_table_number(&table, column->compressed, err));
        HW_TRY(ratio_cell(&table, column->compressed, file->compressed, 100, "%", err));
        HW_TRY(ratio_cell(&table, column->uncompressed, column->compressed, 1, "", err));
        HW_TRY(value_cell(&table, &column->min, err));
        HW_TRY(value_cell(&table, &column->max, err));
    }
    return hw_text_table_write(&table, width, out, err);
}

static enum hw_status sorting_cell(struct hw_text_table *table, const struct hw_inspect_group *group,
                                   struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < group->sorting_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, "%s%s%s%s", i > 0 ? ", " : "", group->sorting[i].column,
                             group->sorting[i].descending ? " descending" : "",
                             group->sorting[i].nulls_first ? " nulls first" : ""));
    }
    return hw_text_table_cell(table, hw_buf_view(&text), err);
}

static enum hw_status groups_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                 struct hw_error *err) {
    static const struct hw_text_column columns[] = {{"group", true},      {"rows", true},         {"offset", true},
                                                    {"compressed", true}, {"uncompressed", true}, {"sorted by", false}};
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    for (size_t i = 0; i < file->groups_count; i++) {
        const struct hw_inspect_group *group = &file->groups[i];
        HW_TRY(hw_text_table_number(&table, (int64_t)i, err));
        HW_TRY(hw_text_table_number(&table, group->rows, err));
        HW_TRY(hw_text_table_number(&table, group->offset, err));
        HW_TRY(hw_text_table_number(&table, group->compressed, err));
        HW_TRY(hw_text_table_number(&table, group->uncompressed, err));
        HW_TRY(sorting_cell(&table, group, err));
    }
    return hw_text_table_write(&table, width, out, err);
}

/* ------ tables of what is within row groups: a row function is called for each chunk */

typedef enum hw_status chunk_fn(struct hw_text_table *table, size_t group, const struct hw_inspect_chunk *chunk,
                                struct hw_error *err);

static enum hw_status chunks_table(const struct hw_inspected *file, struct hw_text_table *table, chunk_fn *rows,
                                   size_t width, struct hw_buf *out, struct hw_error *err) {
    enum hw_status status = HW_OK;
    for (size_t i = 0; i < file->groups_count; i++) {
        for (size_t j = 0; status == HW_OK && j < file->groups[i].chunks_count; j++) {
            status = rows(table, i, &file->groups[i].chunks[j], err);
        }
    }
    status = status ? status : hw_text_table_write(table, width, out, err);
    hw_text_table_release(table);
    return status;
}

static enum hw_status place_cells(struct hw_text_table *table, size_t group, const struct hw_inspect_chunk *chunk,
                                  struct hw_error *err) {
    HW_TRY(hw_text_table_number(table, (int64_t)group, err));
    return cell(table, chunk->column, err);
}

static enum hw_status chunk_rows(struct hw_text_table *table, size_t group, const struct hw_inspect_chunk *chunk,
                                 struct hw_error *err) {
    HW_TRY(place_cells(table, group, chunk, err));
    HW_TRY(cell(table, chunk->encrypted ? "encrypted" : chunk->codec, err));
    HW_TRY(encodings_cell(table, chunk->encodings, chunk->encodings_count, err));
    HW_TRY(hw_text_table_number(table, chunk->values, err));
    HW_TRY(hw_text_table_number(table, chunk->statistics.nulls, err));
    HW_TRY(hw_text_table_number(table, chunk->offset, err));
    HW_TRY(hw_text_table_number(table, chunk->compressed, err));
    HW_TRY(hw_text_table_number(table, chunk->uncompressed, err));
    HW_TRY(value_cell(table, &chunk->statistics.min, err));
    return value_cell(table, &chunk->statistics.max, err);
}

static enum hw_status chunks_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                 struct hw_error *err) {
    static const struct hw_text_column columns[] = {{"group", true},      {"column", false},    {"codec", false},
                                                    {"encodings", false}, {"values", true},     {"nulls", true},
                                                    {"offset", true},     {"compressed", true}, {"uncompressed", true},
                                                    {"min", false},       {"max", false}};
    struct hw_text_table table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    return chunks_table(file, &table, chunk_rows, width, out, err);
}

static enum hw_status page_rows(struct hw_text_table *table, size_t group, const struct hw_inspect_chunk *chunk,
                                struct hw_error *err) {
    for (size_t i = 0; i < chunk->pages_count; i++) {
        const struct hw_inspect_page *page = &chunk->pages[i];
        HW_TRY(place_cells(table, group, chunk, err));
        HW_TRY(hw_text_table_number(table, (int64_t)i, err));
        HW_TRY(cell(table, page->kind, err));
        HW_TRY(cell(table, page->encoding, err));
        HW_TRY(hw_text_table_number(table, page->offset, err));
        HW_TRY(hw_text_table_number(table, page->header, err));
        HW_TRY(hw_text_table_number(table, page->compressed, err));
        HW_TRY(hw_text_table_number(table, page->uncompressed, err));
        HW_TRY(hw_text_table_number(table, page->values, err));
        HW_TRY(hw_text_table_number(table, page->rows, err));
        HW_TRY(hw_text_table_number(table, page->nulls, err));
        HW_TRY(cell(table, page->has_crc ? "yes" : "no", err));
    }
    return HW_OK;
}

static enum hw_status blocks_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                 struct hw_error *err) {
    static const struct hw_text_column columns[] = {
        {"block", true}, {"offset", true}, {"compressed", true}, {"rows", true}};
    HW_AUTO(hw_text_table) table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    for (size_t i = 0; i < file->block_list_count; i++) {
        HW_TRY(hw_text_table_number(&table, (int64_t)i, err));
        HW_TRY(hw_text_table_number(&table, file->block_list[i].offset, err));
        HW_TRY(hw_text_table_number(&table, file->block_list[i].compressed, err));
        HW_TRY(hw_text_table_number(&table, file->block_list[i].rows, err));
    }
    return hw_text_table_write(&table, width, out, err);
}

static enum hw_status pages_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                struct hw_error *err) {
    if (file->codec) {
        return blocks_put(file, width, out, err);
    }
    static const struct hw_text_column columns[] = {
        {"group", true},  {"column", false}, {"page", true},       {"kind", false},        {"encoding", false},
        {"offset", true}, {"header", true},  {"compressed", true}, {"uncompressed", true}, {"values", true},
        {"rows", true},   {"nulls", true},   {"crc", false}};
    struct hw_text_table table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    return chunks_table(file, &table, page_rows, width, out, err);
}

static enum hw_status index_rows(struct hw_text_table *table, size_t group, const struct hw_inspect_chunk *chunk,
                                 struct hw_error *err) {
    for (size_t i = 0; i < chunk->indexed_count; i++) {
        const struct hw_inspect_indexed *page = &chunk->indexed[i];
        HW_TRY(place_cells(table, group, chunk, err));
        HW_TRY(cell(table, chunk->boundary_order, err));
        HW_TRY(hw_text_table_number(table, page->offset, err));
        HW_TRY(hw_text_table_number(table, page->size, err));
        HW_TRY(hw_text_table_number(table, page->first_row, err));
        HW_TRY(hw_text_table_number(table, page->nulls, err));
        HW_TRY(value_cell(table, &page->min, err));
        HW_TRY(value_cell(table, &page->max, err));
    }
    return HW_OK;
}

static enum hw_status index_put(const struct hw_inspected *file, size_t width, struct hw_buf *out,
                                struct hw_error *err) {
    static const struct hw_text_column columns[] = {{"group", true},  {"column", false}, {"order", false},
                                                    {"offset", true}, {"size", true},    {"first row", true},
                                                    {"nulls", true},  {"min", false},    {"max", false}};
    struct hw_text_table table = {.columns = columns, .columns_count = COUNT_OF(columns)};
    return chunks_table(file, &table, index_rows, width, out, err);
}
