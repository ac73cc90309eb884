/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect_schema.h"

#include "core/limits.h"
#include "parquet/annotation.h"
#include "parquet/element_tree.h"
#include "parquet/fact_name.h"

enum { TYPE_BYTES = 128 };

static enum hw_status node_make(struct hw_inspection *inspection, const struct hw_parquet_element *element,
                                struct hw_inspect_node *out);
static enum hw_status path_make(struct hw_inspection *inspection, const char *above, const char *name,
                                const char **out_path);
static enum hw_status type_make(struct hw_inspection *inspection, const struct hw_parquet_element *element,
                                const struct hw_read_leaf *leaf, const char **out_type);

enum hw_status hw_inspect_schema(struct hw_inspection *inspection, struct hw_inspected *out) {
    const struct hw_parquet_meta *meta = &inspection->file.meta;
    const struct hw_read_schema *schema = &inspection->file.schema;
    struct hw_element_tree tree;
    struct hw_inspect_node *nodes;
    const char **paths;
    size_t leaves = 0;

    HW_TRY(hw_element_tree_make(meta, &inspection->arena, &tree, inspection->err));
    HW_TRY(hw_inspection_array(inspection, tree.count, sizeof(*nodes), &nodes));
    HW_TRY(hw_inspection_array(inspection, schema->leaves_count, sizeof(*paths), &paths));
    nodes[0].path = "";
    for (size_t group = 0; group < tree.count; group++) {
        if (!hw_element_is_group(&tree.elements[group])) {
            continue;
        }
        for (size_t i = hw_element_first(group); i < tree.ends[group]; i = hw_element_next(&tree, i)) {
            HW_TRY(node_make(inspection, &tree.elements[i], &nodes[i]));
            HW_TRY(path_make(inspection, nodes[group].path, nodes[i].name, &nodes[i].path));
            nodes[i].depth = nodes[group].depth + 1;
        }
    }
    for (size_t i = 1; i < tree.count; i++) {
        const struct hw_read_leaf *leaf = NULL;
        if (nodes[i].leaf && leaves < schema->leaves_count) {
            leaf = &schema->leaves[leaves];
            paths[leaves++] = nodes[i].path;
        }
        HW_TRY(type_make(inspection, &tree.elements[i], leaf, &nodes[i].type));
    }
    inspection->paths = paths;
    out->schema = nodes + 1;
    out->schema_count = tree.count - 1;
    return HW_OK;
}

/* All but what depends on its place in the tree. */
static enum hw_status node_make(struct hw_inspection *inspection, const struct hw_parquet_element *element,
                                struct hw_inspect_node *out) {
    out->leaf = !hw_element_is_group(element);
    out->repetition = hw_repetition_name(element->repetition);
    out->physical = out->leaf ? hw_physical_name((enum hw_physical)element->physical) : NULL;
    out->type_length = element->physical == HW_PHYSICAL_FIXED ? element->type_length : HW_INSPECT_ABSENT;
    out->has_field_id = element->has_field_id;
    out->field_id = element->has_field_id ? element->field_id : HW_INSPECT_ABSENT;
    HW_TRY(hw_inspection_text(inspection, element->name, &out->name));
    if (element->converted != HW_CONVERTED_NONE) {
        HW_TRY(hw_inspection_name(inspection, hw_converted_name(element->converted), "converted type",
                                  element->converted, &out->converted));
    }
    if (element->logical.kind != HW_LOGICAL_NONE) {
        hw_buf_clear(&inspection->text);
        HW_TRY(hw_logical_format(&element->logical, &inspection->text, inspection->err));
        HW_TRY(hw_inspection_text(inspection, hw_buf_view(&inspection->text), &out->logical));
    }
    return HW_OK;
}

static enum hw_status path_make(struct hw_inspection *inspection, const char *above, const char *name,
                                const char **out_path) {
    assert(above && name);
    inspection->path_bytes += strlen(above) + strlen(name) + 1;
    if (inspection->path_bytes > HW_INSPECT_PATH_BYTES_MAX) {
        return hw_fail(inspection->err, HW_ELIMIT, "the paths of its schema have more than %" PRIu64 " bytes together",
                       (uint64_t)HW_INSPECT_PATH_BYTES_MAX);
    }
    const char *path = above[0] ? hw_arena_join(&inspection->arena, above, ".", name) : name;
    if (!path) {
        return hw_fail_nomem(inspection->err, strlen(above) + strlen(name) + 2);
    }
    *out_path = path;
    return HW_OK;
}

/* The repeated groups within lists and maps have no type of their own. */
static enum hw_status type_make(struct hw_inspection *inspection, const struct hw_parquet_element *element,
                                const struct hw_read_leaf *leaf, const char **out_type) {
    static const char *const words[] = {
        [HW_GROUP_IS_STRUCT] = "struct", [HW_GROUP_IS_LIST] = "list", [HW_GROUP_IS_MAP] = "map"};
    char type[TYPE_BYTES];
    const char *doubt = NULL;
    if (leaf) {
        hw_type_format(leaf->field->type, type, sizeof(type));
        return hw_inspection_text(inspection, hw_view_of(type), out_type);
    }
    if (!hw_element_is_repeated(element)) {
        *out_type = words[hw_group_annotation_of(element, &doubt)];
    }
    return HW_OK;
}
