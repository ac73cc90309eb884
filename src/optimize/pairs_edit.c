/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_edit.h"

#include "core/limits.h"
#include "optimize/arrow_schema_edit.h"
#include "optimize/geo_edit.h"
#include "optimize/pandas_edit.h"
#include "optimize/spark_edit.h"
#include "table/arrow_message.h"

/* The pairs on their way. */
struct walk {
    /* Edits the pairs of a schema of Arrow. It is the first member, by which the walk is found. */
    struct hw_pair_editor editor;
    struct hw_changed_node root;
    struct hw_arena *arena;
    /* Keys and values of all pairs that are in the output or may come to be there. */
    size_t bytes;
    struct hw_pairs_left_out left_out;
};

static size_t bytes_count(const struct hw_file_pairs *pairs);
static enum hw_status pair_edit(struct walk *walk, struct hw_file_pair *pair, bool *out_stays, struct hw_error *err);
static enum hw_status value_edit(struct walk *walk, const struct hw_file_pair *pair, hw_view *out_value,
                                 struct hw_error *err);
static enum hw_status inner_edit(struct hw_pair_editor *editor, struct hw_file_pair *pair, bool *out_stays,
                                 struct hw_error *err);
static enum hw_status by_table_edit(struct walk *walk, const struct hw_file_pair *pair, hw_view *out_value,
                                    struct hw_error *err);
static enum hw_status schema_refuse(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                                    hw_view *out_value, struct hw_error *err);

/* What is edited by its key, beside ARROW:schema, which may have the same in itself. */
static const struct {
    hw_view key;
    enum hw_status (*edit)(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                           hw_view *out_value, struct hw_error *err);
} keys[] = {
    {HW_VIEW_INIT("pandas"), hw_pandas_edit},
    {HW_VIEW_INIT("org.apache.spark.sql.parquet.row.metadata"), hw_spark_edit},
    {HW_VIEW_INIT("geo"), hw_geo_edit},
    {HW_VIEW_INIT("parquet.avro.schema"), schema_refuse},
    {HW_VIEW_INIT("avro.schema"), schema_refuse},
    {HW_VIEW_INIT("iceberg.schema"), schema_refuse},
};

static const hw_view arrow_key = HW_VIEW_INIT(HW_ARROW_SCHEMA_KEY);

enum hw_status hw_pairs_edit(const struct hw_file_pairs *pairs, const struct hw_column_change *changes,
                             size_t changes_count, struct hw_arena *arena, struct hw_edited_pairs *out,
                             struct hw_error *err) {
    struct walk walk = {
        .editor = {inner_edit}, .arena = arena, .bytes = bytes_count(pairs), .left_out = {.arena = arena}};
    struct hw_edited_pairs edited = {.pairs = {.count = 0, .same_schema = true}};
    HW_TRY(hw_changed_root(changes, changes_count, arena, &walk.root, err));
    struct hw_file_pair *items = hw_arena_alloc(arena, pairs->count * sizeof(*items));
    if (!items) {
        return hw_fail_nomem(err, pairs->count * sizeof(*items));
    }
    for (size_t i = 0; i < pairs->count; i++) {
        struct hw_file_pair pair = pairs->items[i];
        bool stays = true;
        HW_TRY(changes_count > 0 ? pair_edit(&walk, &pair, &stays, err) : HW_OK);
        if (stays) {
            items[edited.pairs.count++] = pair;
        }
    }
    edited.pairs.items = items;
    HW_TRY(hw_pairs_left_out_items(&walk.left_out, &edited.left_out, err));
    edited.left_out_count = walk.left_out.count;
    *out = edited;
    return HW_OK;
}

static size_t bytes_count(const struct hw_file_pairs *pairs) {
    size_t bytes = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        bytes += pairs->items[i].key.size + pairs->items[i].value.size;
    }
    return bytes;
}

static enum hw_status pair_edit(struct walk *walk, struct hw_file_pair *pair, bool *out_stays, struct hw_error *err) {
    struct hw_error why = HW_ERROR_INIT;
    hw_view value = pair->value;
    const enum hw_status status = pair->has_value ? value_edit(walk, pair, &value, &why) : HW_OK;
    if (status != HW_OK) {
        *out_stays = false;
        walk->bytes -= pair->key.size + pair->value.size;
        return hw_pairs_left_out_failed(&walk->left_out, "", pair->key, status, &why, err);
    }
    walk->bytes = walk->bytes - pair->value.size + value.size;
    pair->value = value;
    return HW_OK;
}

/* More bytes than a reader takes could not be read again, so what would make them too many goes. */
static enum hw_status value_edit(struct walk *walk, const struct hw_file_pair *pair, hw_view *out_value,
                                 struct hw_error *err) {
    hw_view value = pair->value;
    if (hw_view_equal(pair->key, arrow_key)) {
        HW_TRY(hw_arrow_schema_edit(pair->value, &walk->root, &walk->editor, walk->arena, &value, err));
    } else {
        HW_TRY(by_table_edit(walk, pair, &value, err));
    }
    if (value.size > pair->value.size && walk->bytes - pair->value.size + value.size > HW_FILE_PAIRS_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "key-value metadata would have more than %" PRIu64 " bytes",
                       HW_FILE_PAIRS_BYTES_MAX);
    }
    *out_value = value;
    return HW_OK;
}

static enum hw_status by_table_edit(struct walk *walk, const struct hw_file_pair *pair, hw_view *out_value,
                                    struct hw_error *err) {
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (hw_view_equal(pair->key, keys[i].key)) {
            return keys[i].edit(pair->value, &walk->root, walk->arena, out_value, err);
        }
    }
    return HW_OK;
}

static enum hw_status schema_refuse(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                                    hw_view *out_value, struct hw_error *err) {
    (void)value;
    (void)root;
    (void)arena;
    (void)out_value;
    return hw_fail(err, HW_EUNSUPPORTED, "it is the schema of columns that have changed");
}

static enum hw_status inner_edit(struct hw_pair_editor *editor, struct hw_file_pair *pair, bool *out_stays,
                                 struct hw_error *err) {
    struct walk *walk = (struct walk *)editor;
    struct hw_error why = HW_ERROR_INIT;
    const enum hw_status status = pair->has_value ? by_table_edit(walk, pair, &pair->value, &why) : HW_OK;
    *out_stays = status == HW_OK;
    if (status == HW_OK) {
        return HW_OK;
    }
    return hw_pairs_left_out_failed(&walk->left_out, HW_ARROW_SCHEMA_KEY ": ", pair->key, status, &why, err);
}
