/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/arrow_schema_merge.h"

#include "optimize/pair_table.h"
#include "table/arrow_message.h"

struct schema_merger {
    struct hw_pair_merger base;
    struct hw_pairs_merging *merging;
    /* Of the first source; fields become nullable as those of others are. */
    hw_view value;
    struct hw_arrow_message message;
    struct hw_file_pairs pairs;
    /* The pairs that the schemas have. */
    struct hw_pair_table table;
    bool edited;
};

static enum hw_status pairs_read(const struct hw_arrow_message *message, struct hw_arena *arena,
                                 struct hw_file_pairs *out_pairs, struct hw_error *err);
static enum hw_status schema_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                                 struct hw_error *err);
static bool fields_unite(struct hw_flat_value *fields, struct hw_flat_value *others);
static bool field_unite(struct hw_flat_table *field, struct hw_flat_table *other);
static enum hw_status schema_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err);
static bool pairs_stay(const struct hw_file_pairs *pairs, const struct hw_file_pairs *merged);
static void pairs_set(struct hw_flat_value *metadata, const struct hw_file_pairs *pairs);
static void schema_release(struct hw_pair_merger *base);

enum hw_status hw_arrow_schema_merger_make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                                           struct hw_pair_merger **out_merger, struct hw_error *err) {
    struct schema_merger *merger = hw_arena_alloc(merging->arena, sizeof(*merger));
    (void)before_key;
    if (!merger) {
        return hw_fail_nomem(err, sizeof(*merger));
    }
    *merger =
        (struct schema_merger){.base = {schema_add, schema_finish, schema_release}, .merging = merging, .value = value};
    HW_TRY(hw_arrow_message_decode(value, merging->arena, &merger->message, err));
    HW_TRY(pairs_read(&merger->message, merging->arena, &merger->pairs, err));
    const enum hw_status status =
        hw_pair_table_begin(&merger->table, merging, &merger->pairs, HW_ARROW_SCHEMA_KEY ": ", err);
    if (status != HW_OK) {
        schema_release(&merger->base);
        return status;
    }
    *out_merger = &merger->base;
    return HW_OK;
}

static enum hw_status pairs_read(const struct hw_arrow_message *message, struct hw_arena *arena,
                                 struct hw_file_pairs *out_pairs, struct hw_error *err) {
    const struct hw_flat_value *metadata = &message->schema->values[HW_ARROW_SCHEMA_METADATA];
    const size_t count = metadata->present ? metadata->tables.count : 0;
    struct hw_file_pair *items = hw_arena_alloc(arena, count * sizeof(*items));
    if (!items) {
        return hw_fail_nomem(err, count * sizeof(*items));
    }
    for (size_t i = 0; i < count; i++) {
        const struct hw_flat_value *values = metadata->tables.items[i]->values;
        items[i] = (struct hw_file_pair){values[HW_ARROW_PAIR_KEY].bytes, values[HW_ARROW_PAIR_VALUE].bytes,
                                         values[HW_ARROW_PAIR_VALUE].present};
    }
    *out_pairs = (struct hw_file_pairs){items, count, true};
    return HW_OK;
}

static enum hw_status schema_add(struct hw_pair_merger *base, size_t source, hw_view value, bool *out_agrees,
                                 struct hw_error *err) {
    struct schema_merger *merger = (struct schema_merger *)base;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_arrow_message other;
    struct hw_file_pairs pairs;
    struct hw_error why = HW_ERROR_INIT;
    if (hw_view_equal(value, merger->value)) {
        *out_agrees = true;
        return hw_pair_table_add(&merger->table, source, &merger->pairs, err);
    }
    const enum hw_status status = hw_arrow_message_decode(value, &arena, &other, &why);
    if (status != HW_OK) {
        *out_agrees = false;
        return hw_pair_at_fault(status) ? HW_OK : hw_error_pass(err, status, &why);
    }
    HW_TRY(pairs_read(&other, &arena, &pairs, err));
    HW_TRY(hw_pair_table_add(&merger->table, source, &pairs, err));
    struct hw_flat_value *values = merger->message.schema->values;
    struct hw_flat_value *others = other.schema->values;
    merger->edited |= fields_unite(&values[HW_ARROW_SCHEMA_FIELDS], &others[HW_ARROW_SCHEMA_FIELDS]);
    others[HW_ARROW_SCHEMA_METADATA] = values[HW_ARROW_SCHEMA_METADATA];
    *out_agrees = hw_flat_equal(merger->message.root, other.root) && hw_view_equal(merger->message.rest, other.rest);
    return HW_OK;
}

/*
 * Makes fields nullable where those at their place are, and those like them; returns whether any of
 * `fields` has changed. Names and types are compared later: that values may be null is never false.
 */
static bool fields_unite(struct hw_flat_value *fields, struct hw_flat_value *others) {
    const size_t count =
        fields->present && others->present ? hw_min_size(fields->tables.count, others->tables.count) : 0;
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        changed |= field_unite(fields->tables.items[i], others->tables.items[i]);
    }
    return changed;
}

static bool field_unite(struct hw_flat_table *field, struct hw_flat_table *other) {
    const struct hw_flat_value *nullable = &field->values[HW_ARROW_FIELD_NULLABLE];
    const struct hw_flat_value *other_nullable = &other->values[HW_ARROW_FIELD_NULLABLE];
    const bool changes =
        !(nullable->present && nullable->number != 0) && other_nullable->present && other_nullable->number != 0;
    if (changes) {
        hw_flat_number_set(field, HW_ARROW_FIELD_NULLABLE, 1);
    }
    /* One that is not present is false, so what is left to differ says the same. */
    other->values[HW_ARROW_FIELD_NULLABLE] = *nullable;
    return fields_unite(&field->values[HW_ARROW_FIELD_CHILDREN], &other->values[HW_ARROW_FIELD_CHILDREN]) || changes;
}

static enum hw_status schema_finish(struct hw_pair_merger *base, bool agree, hw_view *out_value, struct hw_error *err) {
    struct schema_merger *merger = (struct schema_merger *)base;
    struct hw_file_pairs pairs;
    (void)agree;
    HW_TRY(hw_pair_table_finish(&merger->table, &pairs, err));
    if (!merger->edited && pairs_stay(&merger->pairs, &pairs)) {
        *out_value = merger->value;
        return HW_OK;
    }
    pairs_set(&merger->message.schema->values[HW_ARROW_SCHEMA_METADATA], &pairs);
    return hw_arrow_message_encode(&merger->message, merger->merging->arena, out_value, err);
}

static bool pairs_stay(const struct hw_file_pairs *pairs, const struct hw_file_pairs *merged) {
    bool stay = merged->count == pairs->count;
    for (size_t i = 0; stay && i < pairs->count; i++) {
        stay = merged->items[i].value.data == pairs->items[i].value.data;
    }
    return stay;
}

/* What is left of the pairs has room in the tables that there are. */
static void pairs_set(struct hw_flat_value *metadata, const struct hw_file_pairs *pairs) {
    for (size_t i = 0; i < pairs->count; i++) {
        struct hw_flat_value *values = metadata->tables.items[i]->values;
        values[HW_ARROW_PAIR_KEY].present = pairs->items[i].key.data != NULL;
        values[HW_ARROW_PAIR_KEY].bytes = pairs->items[i].key;
        values[HW_ARROW_PAIR_VALUE].present = pairs->items[i].has_value;
        values[HW_ARROW_PAIR_VALUE].bytes = pairs->items[i].value;
    }
    if (metadata->present) {
        metadata->tables.count = pairs->count;
    }
}

static void schema_release(struct hw_pair_merger *base) {
    hw_pair_table_release(&((struct schema_merger *)base)->table);
}
