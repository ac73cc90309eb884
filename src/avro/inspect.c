/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/inspect.h"

#include "avro/block_read.h"
#include "avro/metadata.h"
#include "avro/table_schema.h"
#include "core/bytes_text.h"
#include "core/limits.h"

enum { TYPE_BYTES = 128 };

static enum hw_status schema_make(struct hw_avro_inspection *inspection, struct hw_inspected *out,
                                  struct hw_error *err);
static enum hw_status metadata_make(struct hw_avro_inspection *inspection, struct hw_inspected *out,
                                    struct hw_error *err);
static enum hw_status blocks_read(struct hw_avro_inspection *inspection, bool listed, struct hw_inspected *out,
                                  struct hw_error *err);

/* Takes memory of the arena; `out_array` is untouched where there is none. */
static enum hw_status array_take(struct hw_avro_inspection *inspection, size_t count, size_t bytes, void *out_array,
                                 struct hw_error *err) {
    size_t all;
    void *array = hw_mul(count, bytes, &all) ? hw_arena_alloc(&inspection->arena, all > 0 ? all : 1) : NULL;
    if (!array) {
        return hw_fail(err, HW_ENOMEM, "out of memory");
    }
    memset(array, 0, all);
    memcpy(out_array, &array, sizeof(array));
    return HW_OK;
}

enum hw_status hw_avro_inspect(struct hw_avro_inspection *inspection, struct hw_source *source,
                               const struct hw_inspect_options *options, struct hw_inspected *out,
                               struct hw_error *err) {
    struct hw_inspected made = {.format = "avro",
                                .size = source->size,
                                .rows = HW_INSPECT_ABSENT,
                                .version = HW_INSPECT_ABSENT,
                                .footer_size = HW_INSPECT_ABSENT,
                                .columns = HW_INSPECT_ABSENT,
                                .compressed = HW_INSPECT_ABSENT,
                                .uncompressed = HW_INSPECT_ABSENT,
                                .blocks = HW_INSPECT_ABSENT,
                                .has_crc = -1};
    char *sync;
    if (options->columns) {
        return hw_fail(err, HW_EUSAGE,
                       "an Avro file tells nothing of its columns but their types: --columns is for Parquet");
    }
    HW_TRY(hw_packed_init(&inspection->input, source, 0, err));
    HW_TRY(hw_avro_head_read(&inspection->head, &inspection->input, err));
    HW_TRY(hw_avro_table_schema(inspection->head.schema.root, &inspection->arena, &inspection->schema, err));
    HW_TRY(array_take(inspection, 2 * HW_AVRO_SYNC_BYTES + 1, 1, &sync, err));
    hw_hex(inspection->head.sync, HW_AVRO_SYNC_BYTES, sync);
    made.codec = hw_avro_codec_name(inspection->head.codec);
    made.sync = sync;
    made.avro_schema = (struct hw_inspect_bytes){inspection->head.schema_text.data, inspection->head.schema_text.size};
    HW_TRY(schema_make(inspection, &made, err));
    HW_TRY(metadata_make(inspection, &made, err));
    if (options->parts & (HW_INSPECT_ROWS | HW_INSPECT_PAGES)) {
        HW_TRY(blocks_read(inspection, options->parts & HW_INSPECT_PAGES, &made, err));
    }
    *out = made;
    return HW_OK;
}

void hw_avro_inspection_release(struct hw_avro_inspection *inspection) {
    hw_avro_head_release(&inspection->head);
    hw_packed_release(&inspection->input);
    hw_arena_release(&inspection->arena);
    *inspection = (struct hw_avro_inspection){0};
}

/* ------ the schema: a node for each field, in front of those below it */

static size_t fields_count(const struct hw_field *fields, size_t count) {
    size_t all = count;
    for (size_t i = 0; i < count; i++) {
        all += fields_count(fields[i].children, fields[i].children_count);
    }
    return all;
}

static enum hw_status nodes_make(struct hw_avro_inspection *inspection, const struct hw_field *fields, size_t count,
                                 const struct hw_inspect_node *above, struct hw_inspect_node **at,
                                 struct hw_error *err) {
    for (size_t i = 0; i < count; i++) {
        char type[TYPE_BYTES];
        struct hw_inspect_node *node = (*at)++;
        hw_type_format(fields[i].type, type, sizeof(type));
        inspection->path_bytes += (above ? strlen(above->path) : 0) + strlen(fields[i].name) + 1;
        if (inspection->path_bytes > HW_INSPECT_PATH_BYTES_MAX) {
            return hw_fail(err, HW_ELIMIT, "the paths of its schema have more than %" PRIu64 " bytes together",
                           (uint64_t)HW_INSPECT_PATH_BYTES_MAX);
        }
        node->name = fields[i].name;
        node->path = above ? hw_arena_join(&inspection->arena, above->path, ".", fields[i].name) : fields[i].name;
        node->type = hw_arena_strdup(&inspection->arena, type);
        if (!node->path || !node->type) {
            return hw_fail(err, HW_ENOMEM, "out of memory");
        }
        node->depth = above ? above->depth + 1 : 1;
        node->repetition = fields[i].required ? "required" : "optional";
        node->type_length = HW_INSPECT_ABSENT;
        node->field_id = HW_INSPECT_ABSENT;
        node->leaf = fields[i].children_count == 0;
        HW_TRY(nodes_make(inspection, fields[i].children, fields[i].children_count, node, at, err));
    }
    return HW_OK;
}

static enum hw_status schema_make(struct hw_avro_inspection *inspection, struct hw_inspected *out,
                                  struct hw_error *err) {
    const struct hw_schema *schema = &inspection->schema;
    const size_t count = fields_count(schema->fields, schema->count);
    struct hw_inspect_node *nodes;
    HW_TRY(array_take(inspection, count, sizeof(*nodes), &nodes, err));
    struct hw_inspect_node *at = nodes;
    HW_TRY(nodes_make(inspection, schema->fields, schema->count, NULL, &at, err));
    out->schema = nodes;
    out->schema_count = count;
    out->columns = 0;
    for (size_t i = 0; i < count; i++) {
        out->columns += nodes[i].leaf;
    }
    return HW_OK;
}

/* The keys of Avro's own are told as what they mean. */
static enum hw_status metadata_make(struct hw_avro_inspection *inspection, struct hw_inspected *out,
                                    struct hw_error *err) {
    const struct hw_avro_head *head = &inspection->head;
    struct hw_inspect_pair *pairs;
    size_t count = 0;
    HW_TRY(array_take(inspection, head->metadata_count, sizeof(*pairs), &pairs, err));
    for (size_t i = 0; i < head->metadata_count; i++) {
        const struct hw_key_value *entry = &head->metadata[i];
        if (!hw_avro_key_own(hw_view_of(entry->key))) {
            pairs[count].key = (struct hw_inspect_bytes){entry->key, strlen(entry->key)};
            pairs[count++].value = (struct hw_inspect_bytes){entry->value, entry->value_bytes};
        }
    }
    out->metadata = pairs;
    out->metadata_count = count;
    return HW_OK;
}

/* ------ blocks */

static enum hw_status blocks_walk(struct hw_avro_inspection *inspection, struct hw_buf *listed,
                                  struct hw_inspected *out, struct hw_error *err) {
    struct hw_avro_block_reader reader = {.head = &inspection->head, .input = &inspection->input};
    HW_AUTO(hw_avro_stored) block = {0};
    bool more = true;
    out->rows = out->blocks = 0;
    for (;;) {
        HW_TRY(hw_avro_block_next(&reader, &block, &more, err));
        if (!more) {
            return HW_OK;
        }
        if (block.count > INT64_MAX || !hw_add(out->rows, (int64_t)block.count, &out->rows)) {
            return hw_fail_at(err, HW_EDATA, block.offset, "block %" PRIu64 ": the blocks have more than 2^63 rows",
                              block.number);
        }
        out->blocks++;
        const struct hw_inspect_block told = {
            .offset = (int64_t)block.offset, .compressed = (int64_t)block.data.size, .rows = (int64_t)block.count};
        if (listed) {
            HW_TRY(hw_buf_append(listed, &told, sizeof(told), err));
        }
    }
}

static enum hw_status blocks_read(struct hw_avro_inspection *inspection, bool listed, struct hw_inspected *out,
                                  struct hw_error *err) {
    HW_AUTO(hw_buf) blocks = {0};
    struct hw_inspect_block *list;
    HW_TRY(blocks_walk(inspection, listed ? &blocks : NULL, out, err));
    HW_TRY(array_take(inspection, 1, blocks.size, &list, err));
    memcpy(list, hw_buf_view(&blocks).data, blocks.size);
    out->block_list = list;
    out->block_list_count = blocks.size / sizeof(*list);
    return HW_OK;
}
