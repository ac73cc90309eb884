/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/arrow_zones.h"

#include "table/arrow_message.h"

struct zones {
    bool *zoned;
    size_t count;
    bool any;
};

static enum hw_status schema_look(struct zones *zones, hw_view schema, struct hw_error *err);
static hw_arrow_leaf_fn leaf_take;

enum hw_status hw_arrow_zones_find(const struct hw_parquet_meta *meta, size_t count, bool *out_zoned,
                                   struct hw_error *err) {
    struct zones zones = {.zoned = out_zoned, .count = count};
    memset(out_zoned, 0, count * sizeof(*out_zoned));
    for (size_t i = 0; i < meta->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &meta->pairs[i];
        if (pair->has_value && hw_view_equal(pair->key, HW_VIEW(HW_ARROW_SCHEMA_KEY))) {
            HW_TRY(schema_look(&zones, pair->value, err));
        }
    }
    return HW_OK;
}

static enum hw_status schema_look(struct zones *zones, hw_view schema, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_arrow_message message;
    const enum hw_status status = hw_arrow_message_decode(schema, &arena, &message, NULL);
    if (status) {
        return status == HW_ENOMEM ? hw_fail_nomem(err, schema.size) : HW_OK;
    }
    zones->any = false;
    const bool other = hw_arrow_leaves(&message, leaf_take, zones) != zones->count;
    memset(zones->zoned, true, zones->any && other ? zones->count * sizeof(*zones->zoned) : 0);
    return HW_OK;
}

static void leaf_take(void *ctx, const struct hw_flat_table *field, size_t number) {
    struct zones *zones = ctx;
    const struct hw_flat_value *type = &field->values[HW_ARROW_FIELD_TYPE];
    const bool zoned =
        hw_arrow_field_type(field) == HW_ARROW_TIMESTAMP && type->table->values[HW_ARROW_TIMESTAMP_ZONE].present;
    zones->any |= zoned;
    if (zoned && number < zones->count) {
        zones->zoned[number] = true;
    }
}
