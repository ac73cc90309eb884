/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect.h"

#include "parquet/inspect_chunk.h"
#include "parquet/inspect_pages.h"
#include "parquet/inspect_schema.h"
#include "parquet/read_columns.h"

static void file_tell(const struct hw_inspection *inspection, struct hw_inspected *out);
static enum hw_status leaves_choose(struct hw_inspection *inspection, const char *list);
static enum hw_status metadata_make(struct hw_inspection *inspection, struct hw_inspected *out);
static enum hw_status groups_make(struct hw_inspection *inspection, unsigned parts, struct hw_inspected *out);
static enum hw_status columns_make(struct hw_inspection *inspection, struct hw_inspected *out);

enum hw_status hw_parquet_inspect(struct hw_inspection *inspection, struct hw_source *source,
                                  const struct hw_inspect_options *options, struct hw_inspected *out,
                                  struct hw_error *err) {
    const struct hw_read_schema_options schema_options = {.int96 = HW_INT96_NANOS};
    struct hw_inspected made = {.format = "parquet", .size = source->size, .blocks = HW_INSPECT_ABSENT, .has_crc = -1};
    HW_TRY(hw_read_file_open(&inspection->file, source, &schema_options, NULL, err));
    inspection->err = err;
    file_tell(inspection, &made);
    HW_TRY(hw_inspect_schema(inspection, &made));
    HW_TRY(leaves_choose(inspection, options->columns));
    HW_TRY(metadata_make(inspection, &made));
    HW_TRY(groups_make(inspection, options->parts, &made));
    HW_TRY(columns_make(inspection, &made));
    *out = made;
    return HW_OK;
}

void hw_inspection_release(struct hw_inspection *inspection) {
    hw_read_file_release(&inspection->file);
    hw_buf_release(&inspection->text);
    hw_arena_release(&inspection->arena);
    *inspection = (struct hw_inspection){0};
}

/* Sums stay below 2^63: what would go beyond that is no size of anything. */
static void size_add(int64_t *sum, int64_t more) {
    int64_t both;
    if (more > 0 && hw_add(*sum, more, &both)) {
        *sum = both;
    }
}

static void file_tell(const struct hw_inspection *inspection, struct hw_inspected *out) {
    const struct hw_parquet_meta *meta = &inspection->file.meta;
    out->rows = (int64_t)inspection->file.rows;
    out->version = meta->version;
    out->created_by = (struct hw_inspect_bytes){meta->created_by.data, meta->created_by.size};
    out->footer_size = inspection->file.tail.footer_bytes;
    out->columns = (int64_t)inspection->file.schema.leaves_count;
    for (size_t i = 0; i < meta->groups_count; i++) {
        for (size_t j = 0; j < meta->groups[i].chunks_count; j++) {
            const struct hw_parquet_chunk *chunk = &meta->groups[i].chunks[j];
            size_add(&out->compressed, chunk->compressed);
            size_add(&out->uncompressed, chunk->uncompressed);
            out->has_page_index |= chunk->offset_index_offset >= 0 || chunk->column_index_offset >= 0;
        }
    }
}

static enum hw_status leaves_choose(struct hw_inspection *inspection, const char *list) {
    const struct hw_read_schema *schema = &inspection->file.schema;
    HW_AUTO(hw_read_columns) columns = {0};
    HW_AUTO(hw_selection) selection = {0};
    size_t *chosen;
    HW_TRY(hw_selection_make(&selection, &schema->schema, list, inspection->err));
    HW_TRY(hw_read_columns_make(&columns, schema, &selection, inspection->err));
    HW_TRY(hw_inspection_array(inspection, columns.leaves_count, sizeof(*chosen), &chosen));
    for (size_t i = 0; i < columns.leaves_count; i++) {
        chosen[i] = columns.leaves[i].column;
    }
    inspection->chosen = chosen;
    inspection->chosen_count = columns.leaves_count;
    return HW_OK;
}

static enum hw_status metadata_make(struct hw_inspection *inspection, struct hw_inspected *out) {
    const struct hw_parquet_meta *meta = &inspection->file.meta;
    struct hw_inspect_pair *pairs;
    HW_TRY(hw_inspection_array(inspection, meta->pairs_count, sizeof(*pairs), &pairs));
    for (size_t i = 0; i < meta->pairs_count; i++) {
        pairs[i].key = (struct hw_inspect_bytes){meta->pairs[i].key.data, meta->pairs[i].key.size};
        pairs[i].value = (struct hw_inspect_bytes){meta->pairs[i].value.data, meta->pairs[i].value.size};
    }
    out->metadata = pairs;
    out->metadata_count = meta->pairs_count;
    return HW_OK;
}

/* ------ row groups */

static enum hw_status group_make(struct hw_inspection *inspection, const struct hw_parquet_group *group, unsigned parts,
                                 struct hw_inspect_group *out);
static enum hw_status chunk_make(struct hw_inspection *inspection, const struct hw_parquet_group *group, size_t leaf,
                                 unsigned parts, struct hw_inspect_chunk *out);
static enum hw_status sorting_make(struct hw_inspection *inspection, const struct hw_parquet_group *group,
                                   struct hw_inspect_group *out);

static void crcs_add(const struct hw_inspect_group *group, int *has_crc) {
    for (size_t i = 0; i < group->chunks_count; i++) {
        for (size_t j = 0; j < group->chunks[i].pages_count; j++) {
            *has_crc = *has_crc != 0 && group->chunks[i].pages[j].has_crc;
        }
    }
}

static enum hw_status groups_make(struct hw_inspection *inspection, unsigned parts, struct hw_inspected *out) {
    const struct hw_parquet_meta *meta = &inspection->file.meta;
    struct hw_inspect_group *groups;
    HW_TRY(hw_inspection_array(inspection, meta->groups_count, sizeof(*groups), &groups));
    for (size_t i = 0; i < meta->groups_count; i++) {
        if (meta->groups[i].chunks_count != inspection->file.schema.leaves_count) {
            return hw_fail(inspection->err, HW_EDATA, "row group %zu: it has %zu column chunks, the schema %zu columns",
                           i, meta->groups[i].chunks_count, inspection->file.schema.leaves_count);
        }
    }
    for (size_t i = 0; i < meta->groups_count; i++) {
        enum hw_status status = group_make(inspection, &meta->groups[i], parts, &groups[i]);
        if (status) {
            hw_error_join(inspection->err, ", ", "row group %zu", i);
            return status;
        }
        crcs_add(&groups[i], &out->has_crc);
    }
    out->groups = groups;
    out->groups_count = meta->groups_count;
    return HW_OK;
}

static enum hw_status group_make(struct hw_inspection *inspection, const struct hw_parquet_group *group, unsigned parts,
                                 struct hw_inspect_group *out) {
    struct hw_inspect_chunk *chunks;
    out->rows = group->rows;
    out->offset = group->file_offset;
    for (size_t i = 0; i < group->chunks_count; i++) {
        const int64_t start = hw_parquet_chunk_start(&group->chunks[i]);
        const bool first = start >= 0 && (out->offset <= 0 || start < out->offset);
        out->offset = group->file_offset <= 0 && first ? start : out->offset;
        size_add(&out->compressed, group->chunks[i].compressed);
        size_add(&out->uncompressed, group->chunks[i].uncompressed);
    }
    HW_TRY(hw_inspection_array(inspection, inspection->chosen_count, sizeof(*chunks), &chunks));
    for (size_t i = 0; i < inspection->chosen_count; i++) {
        const size_t leaf = inspection->chosen[i];
        enum hw_status status = chunk_make(inspection, group, leaf, parts, &chunks[i]);
        if (status) {
            hw_error_join(inspection->err, inspection->in_page ? ", " : ": ", "column %s", inspection->paths[leaf]);
            return status;
        }
    }
    out->chunks = chunks;
    out->chunks_count = inspection->chosen_count;
    return sorting_make(inspection, group, out);
}

static enum hw_status chunk_make(struct hw_inspection *inspection, const struct hw_parquet_group *group, size_t leaf,
                                 unsigned parts, struct hw_inspect_chunk *out) {
    const struct hw_read_leaf *schema_leaf = &inspection->file.schema.leaves[leaf];
    const struct hw_parquet_chunk *chunk = &group->chunks[schema_leaf->column];
    HW_TRY(hw_inspect_chunk(inspection, chunk, leaf, out));
    if (parts & HW_INSPECT_PAGES) {
        HW_TRY(hw_inspect_pages(inspection, group, schema_leaf, out));
    }
    if (parts & HW_INSPECT_INDEX) {
        HW_TRY(hw_inspect_index(inspection, chunk, schema_leaf, out));
    }
    return HW_OK;
}

static enum hw_status sorting_make(struct hw_inspection *inspection, const struct hw_parquet_group *group,
                                   struct hw_inspect_group *out) {
    struct hw_inspect_sorting *sorting;
    HW_TRY(hw_inspection_array(inspection, group->sorting_count, sizeof(*sorting), &sorting));
    for (size_t i = 0; i < group->sorting_count; i++) {
        const int32_t column = group->sorting[i].column;
        const bool known = column >= 0 && (size_t)column < inspection->file.schema.leaves_count;
        HW_TRY(hw_inspection_name(inspection, known ? inspection->paths[column] : NULL, "column", column,
                                  &sorting[i].column));
        sorting[i].descending = group->sorting[i].descending;
        sorting[i].nulls_first = group->sorting[i].nulls_first;
    }
    out->sorting = sorting;
    out->sorting_count = group->sorting_count;
    return HW_OK;
}

static enum hw_status columns_make(struct hw_inspection *inspection, struct hw_inspected *out) {
    struct hw_inspect_column *columns;
    HW_TRY(hw_inspection_array(inspection, inspection->chosen_count, sizeof(*columns), &columns));
    for (size_t i = 0; i < inspection->chosen_count; i++) {
        HW_TRY(hw_inspect_column(inspection, inspection->chosen[i], &columns[i]));
    }
    out->column_sums = columns;
    out->column_sums_count = inspection->chosen_count;
    return HW_OK;
}
