/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_json.h"

#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/utf8.h"

static void file_write(struct hw_json_writer *json, const struct hw_inspected *file);
static void node_write(struct hw_json_writer *json, const struct hw_inspect_node *node);
static void bytes_write(struct hw_json_writer *json, const char *key, const char *base64_key,
                        const struct hw_inspect_bytes *bytes);
static void metadata_write(struct hw_json_writer *json, const struct hw_inspected *file);
static void group_write(struct hw_json_writer *json, const struct hw_inspect_group *group, size_t index, unsigned show);
static void column_write(struct hw_json_writer *json, const struct hw_inspect_column *column);

/* The parts that stand within row groups, and those that stand within their chunks. */
enum {
    IN_CHUNKS = HW_SHOW_PAGES | HW_SHOW_INDEX,
    SHOWS_CHUNKS = HW_SHOW_CHUNKS | IN_CHUNKS,
    SHOWS_GROUPS = HW_SHOW_GROUPS | SHOWS_CHUNKS
};

static void number_write(struct hw_json_writer *json, const char *key, int64_t number) {
    if (number != HW_INSPECT_ABSENT) {
        hw_json_number(json, key, number);
    }
}

static void text_write(struct hw_json_writer *json, const char *key, const char *text) {
    if (text) {
        hw_json_text(json, key, text);
    }
}

static void told_write(struct hw_json_writer *json, const char *key, int told) {
    if (told >= 0) {
        hw_json_bool(json, key, told != 0);
    }
}

static void value_write(struct hw_json_writer *json, const char *key, const struct hw_inspect_value *value) {
    const hw_view text = {value->text, value->size};
    if (value->text && value->quoted) {
        hw_json_view(json, key, text);
    } else if (value->text) {
        hw_json_raw(json, key, text);
    }
}

static void texts_write(struct hw_json_writer *json, const char *key, const char *const *texts, size_t count) {
    hw_json_list_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        hw_json_text(json, NULL, texts[i]);
    }
    hw_json_list_end(json);
}

static bool is_avro(const struct hw_inspected *file) {
    return file->avro_schema.data != NULL;
}

static void blocks_write(struct hw_json_writer *json, const struct hw_inspected *file) {
    hw_json_list_begin(json, "pages");
    for (size_t i = 0; i < file->block_list_count; i++) {
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "kind", "block");
        hw_json_number(json, "offset", file->block_list[i].offset);
        hw_json_number(json, "compressed", file->block_list[i].compressed);
        hw_json_number(json, "rows", file->block_list[i].rows);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

void hw_inspect_json(struct hw_json_writer *json, const struct hw_inspected *file, unsigned show) {
    hw_json_text(json, "format", file->format);
    hw_json_count(json, "size", file->size);
    if (show & HW_SHOW_FILE) {
        file_write(json, file);
    }
    if (show & HW_SHOW_SCHEMA) {
        hw_json_list_begin(json, "schema");
        for (size_t i = 0; i < file->schema_count; i++) {
            node_write(json, &file->schema[i]);
        }
        hw_json_list_end(json);
        bytes_write(json, "avro_schema", "avro_schema_base64", &file->avro_schema);
    }
    if (show & HW_SHOW_METADATA) {
        metadata_write(json, file);
    }
    if (is_avro(file)) {
        if (show & HW_SHOW_PAGES) {
            blocks_write(json, file);
        }
        return;
    }
    if (show & SHOWS_GROUPS) {
        hw_json_list_begin(json, "groups");
        for (size_t i = 0; i < file->groups_count; i++) {
            group_write(json, &file->groups[i], i, show);
        }
        hw_json_list_end(json);
    }
    if (show & HW_SHOW_COLUMNS) {
        hw_json_list_begin(json, "column_sums");
        for (size_t i = 0; i < file->column_sums_count; i++) {
            column_write(json, &file->column_sums[i]);
        }
        hw_json_list_end(json);
    }
}

static void file_write(struct hw_json_writer *json, const struct hw_inspected *file) {
    text_write(json, "codec", file->codec);
    number_write(json, "rows", file->rows);
    number_write(json, "blocks", is_avro(file) ? file->blocks : HW_INSPECT_ABSENT);
    text_write(json, "sync", file->sync);
    number_write(json, "version", file->version);
    if (file->created_by.data) {
        hw_json_view(json, "created_by", (hw_view){file->created_by.data, file->created_by.size});
    }
    number_write(json, "footer_size", file->footer_size);
    number_write(json, "row_groups", is_avro(file) ? HW_INSPECT_ABSENT : (int64_t)file->groups_count);
    number_write(json, "columns", file->columns);
    number_write(json, "compressed", file->compressed);
    number_write(json, "uncompressed", file->uncompressed);
    told_write(json, "has_page_index", is_avro(file) ? -1 : file->has_page_index);
    told_write(json, "has_crc", file->has_crc);
}

static void node_write(struct hw_json_writer *json, const struct hw_inspect_node *node) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "path", node->path);
    hw_json_text(json, "name", node->name);
    hw_json_count(json, "depth", node->depth);
    text_write(json, "repetition", node->repetition);
    text_write(json, "physical", node->physical);
    number_write(json, "type_length", node->type_length);
    text_write(json, "logical", node->logical);
    text_write(json, "converted", node->converted);
    if (node->has_field_id) {
        hw_json_number(json, "field_id", node->field_id);
    }
    text_write(json, "type", node->type);
    hw_json_bool(json, "leaf", node->leaf);
    hw_json_object_end(json);
}

/* Writes bytes of a file: those that are no text in base64, under a key that says so. */
static void bytes_write(struct hw_json_writer *json, const char *key, const char *base64_key,
                        const struct hw_inspect_bytes *bytes) {
    if (!bytes->data) {
        return;
    }
    if (hw_utf8_all(bytes->data, bytes->size)) {
        hw_json_view(json, key, (hw_view){bytes->data, bytes->size});
        return;
    }
    char *text = hw_alloc(HW_BASE64_BYTES(bytes->size));
    if (!text) {
        json->status = json->status ? json->status : hw_fail_nomem(&json->error, HW_BASE64_BYTES(bytes->size));
        return;
    }
    hw_base64((const uint8_t *)bytes->data, bytes->size, text);
    hw_json_text(json, base64_key, text);
    hw_free(text);
}

static void metadata_write(struct hw_json_writer *json, const struct hw_inspected *file) {
    hw_json_list_begin(json, "metadata");
    for (size_t i = 0; i < file->metadata_count; i++) {
        hw_json_object_begin(json, NULL);
        bytes_write(json, "key", "key_base64", &file->metadata[i].key);
        bytes_write(json, "value", "value_base64", &file->metadata[i].value);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

/* ------ row groups */

static void chunk_write(struct hw_json_writer *json, const struct hw_inspect_chunk *chunk, unsigned show);
static void statistics_write(struct hw_json_writer *json, const struct hw_inspect_statistics *statistics);
static void page_write(struct hw_json_writer *json, const struct hw_inspect_page *page);
static void indexed_write(struct hw_json_writer *json, const struct hw_inspect_indexed *page);

static void group_write(struct hw_json_writer *json, const struct hw_inspect_group *group, size_t index,
                        unsigned show) {
    hw_json_object_begin(json, NULL);
    hw_json_count(json, "index", index);
    number_write(json, "rows", group->rows);
    number_write(json, "offset", group->offset);
    number_write(json, "compressed", group->compressed);
    number_write(json, "uncompressed", group->uncompressed);
    if (group->sorting_count > 0) {
        hw_json_list_begin(json, "sorting");
        for (size_t i = 0; i < group->sorting_count; i++) {
            hw_json_object_begin(json, NULL);
            hw_json_text(json, "column", group->sorting[i].column);
            hw_json_bool(json, "descending", group->sorting[i].descending);
            hw_json_bool(json, "nulls_first", group->sorting[i].nulls_first);
            hw_json_object_end(json);
        }
        hw_json_list_end(json);
    }
    if (show & SHOWS_CHUNKS) {
        hw_json_list_begin(json, "chunks");
        for (size_t i = 0; i < group->chunks_count; i++) {
            chunk_write(json, &group->chunks[i], show);
        }
        hw_json_list_end(json);
    }
    hw_json_object_end(json);
}

static void chunk_write(struct hw_json_writer *json, const struct hw_inspect_chunk *chunk, unsigned show) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "column", chunk->column);
    text_write(json, "physical", chunk->physical);
    text_write(json, "codec", chunk->codec);
    texts_write(json, "encodings", chunk->encodings, chunk->encodings_count);
    if (chunk->encrypted) {
        hw_json_bool(json, "encrypted", true);
    }
    number_write(json, "values", chunk->values);
    number_write(json, "offset", chunk->offset);
    number_write(json, "compressed", chunk->compressed);
    number_write(json, "uncompressed", chunk->uncompressed);
    number_write(json, "dictionary_offset", chunk->dictionary_offset);
    number_write(json, "data_offset", chunk->data_offset);
    if (chunk->has_statistics) {
        statistics_write(json, &chunk->statistics);
    }
    number_write(json, "column_index_offset", chunk->column_index_offset);
    number_write(json, "offset_index_offset", chunk->offset_index_offset);
    number_write(json, "bloom_offset", chunk->bloom_offset);
    number_write(json, "bloom_size", chunk->bloom_size);
    if (show & HW_SHOW_PAGES) {
        hw_json_list_begin(json, "pages");
        for (size_t i = 0; i < chunk->pages_count; i++) {
            page_write(json, &chunk->pages[i]);
        }
        hw_json_list_end(json);
    }
    if ((show & HW_SHOW_INDEX) && chunk->indexed) {
        text_write(json, "boundary_order", chunk->boundary_order);
        hw_json_list_begin(json, "index");
        for (size_t i = 0; i < chunk->indexed_count; i++) {
            indexed_write(json, &chunk->indexed[i]);
        }
        hw_json_list_end(json);
    }
    hw_json_object_end(json);
}

static void statistics_write(struct hw_json_writer *json, const struct hw_inspect_statistics *statistics) {
    hw_json_object_begin(json, "statistics");
    number_write(json, "nulls", statistics->nulls);
    number_write(json, "distinct", statistics->distinct);
    number_write(json, "nans", statistics->nans);
    value_write(json, "min", &statistics->min);
    value_write(json, "max", &statistics->max);
    told_write(json, "min_exact", statistics->min_exact);
    told_write(json, "max_exact", statistics->max_exact);
    hw_json_object_end(json);
}

static void page_write(struct hw_json_writer *json, const struct hw_inspect_page *page) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "kind", page->kind);
    number_write(json, "offset", page->offset);
    number_write(json, "header", page->header);
    number_write(json, "compressed", page->compressed);
    number_write(json, "uncompressed", page->uncompressed);
    number_write(json, "values", page->values);
    number_write(json, "rows", page->rows);
    number_write(json, "nulls", page->nulls);
    text_write(json, "encoding", page->encoding);
    hw_json_text(json, "crc", page->has_crc ? "present" : "absent");
    number_write(json, "first_row", page->first_row);
    hw_json_object_end(json);
}

static void indexed_write(struct hw_json_writer *json, const struct hw_inspect_indexed *page) {
    hw_json_object_begin(json, NULL);
    number_write(json, "offset", page->offset);
    number_write(json, "size", page->size);
    number_write(json, "first_row", page->first_row);
    hw_json_bool(json, "null_page", page->null_page);
    number_write(json, "nulls", page->nulls);
    number_write(json, "nans", page->nans);
    value_write(json, "min", &page->min);
    value_write(json, "max", &page->max);
    hw_json_object_end(json);
}

static void column_write(struct hw_json_writer *json, const struct hw_inspect_column *column) {
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "column", column->column);
    text_write(json, "type", column->type);
    text_write(json, "codec", column->codec);
    texts_write(json, "encodings", column->encodings, column->encodings_count);
    number_write(json, "values", column->values);
    number_write(json, "nulls", column->nulls);
    number_write(json, "compressed", column->compressed);
    number_write(json, "uncompressed", column->uncompressed);
    value_write(json, "min", &column->min);
    value_write(json, "max", &column->max);
    hw_json_object_end(json);
}
