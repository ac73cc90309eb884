/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pair_table.h"

#include "core/limits.h"

/* The number of no slot. */
static const uint32_t NONE = UINT32_MAX;

/* A pair, as far as the sources agree on it. */
struct slot {
    /* Of the first source; empty in a slot of another one. */
    struct hw_file_pair pair;
    struct hw_pair_merger *merger; /* NULL: bytes are compared */
    /* The first source that has it, and the number of those from the first on that agree. */
    size_t source;
    size_t agreeing;
    /* The next source has it too, but does not agree. */
    bool differs;
    /* The number of the key, and of the slot of its next pair. */
    uint32_t key;
    uint32_t next;
};

/* The pairs of a key. */
struct head {
    uint32_t first;
    /* The source that had the key last, and where its last pair is. */
    uint32_t last;
    size_t source;
};

static enum hw_status merger_make(struct hw_pair_table *table, struct slot *slot, struct hw_error *err);
static bool keys_align(const struct hw_pair_table *table, const struct hw_file_pairs *pairs);
static enum hw_status slot_find(struct hw_pair_table *table, size_t source, hw_view key, uint32_t *out_slot,
                                struct hw_error *err);
static enum hw_status key_slot_add(struct hw_pair_table *table, size_t source, uint32_t key, uint32_t *out_slot,
                                   struct hw_error *err);
static enum hw_status slot_add(struct hw_pair_table *table, size_t source, uint32_t key, uint32_t *out_slot,
                               struct hw_error *err);
static bool full(const struct hw_pair_table *table);
static size_t slots_count(const struct hw_pair_table *table);
static struct slot *slot_at(const struct hw_pair_table *table, size_t number);
static struct head *head_at(const struct hw_pair_table *table, size_t number);
static enum hw_status slot_meet(struct slot *slot, size_t source, const struct hw_file_pair *pair,
                                struct hw_error *err);
static bool same_bytes(hw_view a, hw_view b);

enum hw_status hw_pair_table_begin(struct hw_pair_table *table, struct hw_pairs_merging *merging,
                                   const struct hw_file_pairs *pairs, const char *before_key, struct hw_error *err) {
    table->merging = merging;
    table->before_key = before_key;
    table->first_count = pairs->count;
    for (size_t i = 0; i < pairs->count; i++) {
        uint32_t number;
        HW_TRY(slot_find(table, 0, pairs->items[i].key, &number, err));
        struct slot *slot = slot_at(table, number);
        slot->pair = pairs->items[i];
        slot->agreeing = 1;
        table->bytes += slot->pair.key.size + slot->pair.value.size;
        HW_TRY(slot->pair.has_value ? merger_make(table, slot, err) : HW_OK);
    }
    return HW_OK;
}

static enum hw_status merger_make(struct hw_pair_table *table, struct slot *slot, struct hw_error *err) {
    const struct hw_pairs_merging *merging = table->merging;
    const bool within = table->before_key[0] != '\0';
    for (size_t i = 0; i < merging->kinds_count; i++) {
        const struct hw_pair_kind *kind = &merging->kinds[i];
        if ((within && !kind->within_schemas) || !hw_view_equal(kind->key, slot->pair.key)) {
            continue;
        }
        struct hw_error why = HW_ERROR_INIT;
        const enum hw_status status =
            kind->make(table->merging, table->before_key, slot->pair.value, &slot->merger, &why);
        return status == HW_OK || hw_pair_at_fault(status) ? HW_OK : hw_error_pass(err, status, &why);
    }
    return HW_OK;
}

enum hw_status hw_pair_table_add(struct hw_pair_table *table, size_t source, const struct hw_file_pairs *pairs,
                                 struct hw_error *err) {
    const bool aligned = keys_align(table, pairs);
    for (size_t i = 0; i < pairs->count; i++) {
        uint32_t number = (uint32_t)i;
        if (!aligned) {
            HW_TRY(slot_find(table, source, pairs->items[i].key, &number, err));
        }
        if (number < table->first_count) {
            HW_TRY(slot_meet(slot_at(table, number), source, &pairs->items[i], err));
        }
    }
    return HW_OK;
}

/* Files of one writer have the same keys at the same places, so that none has to be looked for. */
static bool keys_align(const struct hw_pair_table *table, const struct hw_file_pairs *pairs) {
    bool align = pairs->count == table->first_count;
    for (size_t i = 0; align && i < pairs->count; i++) {
        align = same_bytes(pairs->items[i].key, slot_at(table, i)->pair.key);
    }
    return align;
}

/* Finds the slot of the next pair that a source has of a key; NONE where there are too many. */
static enum hw_status slot_find(struct hw_pair_table *table, size_t source, hw_view key, uint32_t *out_slot,
                                struct hw_error *err) {
    const uint32_t keys_max = full(table) ? (uint32_t)table->keys.count : UINT32_MAX - 1;
    const size_t known = table->keys.count;
    uint32_t number;
    HW_TRY(hw_intern_number(&table->keys, key, keys_max, &number, err));
    if (number == known) {
        HW_TRY(key_slot_add(table, source, number, out_slot, err));
        table->more_bytes += source > 0 && *out_slot != NONE ? key.size : 0;
        return HW_OK;
    }
    struct head *head = head_at(table, number);
    uint32_t slot = head->source == source ? slot_at(table, head->last)->next : head->first;
    if (slot == NONE) {
        HW_TRY(slot_add(table, source, number, &slot, err));
        slot_at(table, head->last)->next = slot;
    }
    if (slot != NONE) {
        head->last = slot;
        head->source = source;
    }
    *out_slot = slot;
    return HW_OK;
}

static enum hw_status key_slot_add(struct hw_pair_table *table, size_t source, uint32_t key, uint32_t *out_slot,
                                   struct hw_error *err) {
    HW_TRY(slot_add(table, source, key, out_slot, err));
    const struct head head = {*out_slot, *out_slot, source};
    return *out_slot == NONE ? HW_OK : hw_buf_append(&table->heads, &head, sizeof(head), err);
}

static enum hw_status slot_add(struct hw_pair_table *table, size_t source, uint32_t key, uint32_t *out_slot,
                               struct hw_error *err) {
    const struct slot slot = {.source = source, .key = key, .next = NONE};
    if (full(table)) {
        table->more_untold = true;
        *out_slot = NONE;
        return HW_OK;
    }
    *out_slot = (uint32_t)slots_count(table);
    return hw_buf_append(&table->slots, &slot, sizeof(slot), err);
}

/* Pairs that the first source does not have are only told of, so they need not be many. */
static bool full(const struct hw_pair_table *table) {
    return slots_count(table) >= table->first_count + HW_FILE_PAIRS_MAX || table->more_bytes > HW_FILE_PAIRS_BYTES_MAX;
}

static size_t slots_count(const struct hw_pair_table *table) {
    return table->slots.size / sizeof(struct slot);
}

static struct slot *slot_at(const struct hw_pair_table *table, size_t number) {
    return &((struct slot *)(void *)table->slots.data)[number];
}

static struct head *head_at(const struct hw_pair_table *table, size_t number) {
    return &((struct head *)(void *)table->heads.data)[number];
}

static enum hw_status slot_meet(struct slot *slot, size_t source, const struct hw_file_pair *pair,
                                struct hw_error *err) {
    bool agrees = pair->has_value == slot->pair.has_value;
    if (slot->merger && pair->has_value) {
        HW_TRY(slot->merger->add(slot->merger, source, pair->value, &agrees, err));
    } else {
        agrees = agrees && same_bytes(pair->value, slot->pair.value);
    }
    if (slot->agreeing == source) {
        slot->agreeing += agrees;
        slot->differs = !agrees;
    }
    return HW_OK;
}

/* Views of one place are the same without a look. */
static bool same_bytes(hw_view a, hw_view b) {
    return (a.data == b.data && a.size == b.size) || hw_view_equal(a, b);
}

static enum hw_status slot_finish(struct hw_pair_table *table, const struct slot *slot, struct hw_file_pair *items,
                                  size_t *count, struct hw_error *err);
static enum hw_status value_finish(const struct hw_pair_table *table, const struct slot *slot, hw_view *out_value,
                                   struct hw_error *err);
static enum hw_status more_finish(struct hw_pair_table *table, const struct slot *slot, bool last,
                                  struct hw_error *err);
static enum hw_status disagree(const struct hw_pair_table *table, const struct slot *slot, struct hw_error *err);
static enum hw_status lacks(const struct hw_pair_table *table, size_t has, size_t lacking, hw_view key,
                            struct hw_error *err);

enum hw_status hw_pair_table_finish(struct hw_pair_table *table, struct hw_file_pairs *out_pairs,
                                    struct hw_error *err) {
    struct hw_file_pair *items = hw_arena_alloc(table->merging->arena, table->first_count * sizeof(*items));
    const size_t slots = slots_count(table);
    size_t count = 0;
    if (!items) {
        return hw_fail_nomem(err, table->first_count * sizeof(*items));
    }
    for (size_t i = 0; i < slots; i++) {
        if (i < table->first_count) {
            HW_TRY(slot_finish(table, slot_at(table, i), items, &count, err));
        } else {
            HW_TRY(more_finish(table, slot_at(table, i), i + 1 == slots, err));
        }
    }
    *out_pairs = (struct hw_file_pairs){.items = items, .count = count, .same_schema = true};
    return HW_OK;
}

static enum hw_status slot_finish(struct hw_pair_table *table, const struct slot *slot, struct hw_file_pair *items,
                                  size_t *count, struct hw_error *err) {
    struct hw_pairs_merging *merging = table->merging;
    struct hw_file_pair pair = slot->pair;
    const size_t old_bytes = pair.key.size + pair.value.size;
    if (slot->agreeing < merging->count && merging->rule == HW_OPTIMIZE_METADATA_FAIL) {
        return disagree(table, slot, err);
    }
    if (slot->agreeing < merging->count && merging->rule == HW_OPTIMIZE_METADATA_EQUAL) {
        table->bytes -= old_bytes;
        return hw_pairs_left_out_add(
            &merging->left_out, table->before_key, pair.key,
            slot->differs ? "the sources do not agree on it" : "not all of the sources have it", err);
    }
    struct hw_error why = HW_ERROR_INIT;
    const enum hw_status status = slot->merger ? value_finish(table, slot, &pair.value, &why) : HW_OK;
    if (status != HW_OK && merging->rule == HW_OPTIMIZE_METADATA_FAIL) {
        char quoted[HW_QUOTE_BYTES];
        hw_error_prefix(&why, "key-value metadata %s%s", table->before_key,
                        hw_quote(pair.key.data, pair.key.size, quoted, sizeof(quoted)));
        return hw_error_pass(err, status, &why);
    }
    if (status != HW_OK) {
        table->bytes -= old_bytes;
        return hw_pairs_left_out_failed(&merging->left_out, table->before_key, pair.key, status, &why, err);
    }
    table->bytes = table->bytes - old_bytes + pair.key.size + pair.value.size;
    items[(*count)++] = pair;
    return HW_OK;
}

/* More bytes than a reader takes could not be read again, so what would make them too many goes. */
static enum hw_status value_finish(const struct hw_pair_table *table, const struct slot *slot, hw_view *out_value,
                                   struct hw_error *err) {
    const size_t old_bytes = slot->pair.value.size;
    hw_view value;
    HW_TRY(slot->merger->finish(slot->merger, slot->agreeing == table->merging->count, &value, err));
    if (value.size > old_bytes && table->bytes - old_bytes + value.size > HW_FILE_PAIRS_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "key-value metadata would have more than %" PRIu64 " bytes",
                       HW_FILE_PAIRS_BYTES_MAX);
    }
    *out_value = value;
    return HW_OK;
}

/* A pair that the first source does not have is in no output. */
static enum hw_status more_finish(struct hw_pair_table *table, const struct slot *slot, bool last,
                                  struct hw_error *err) {
    struct hw_pairs_merging *merging = table->merging;
    const hw_view key = hw_intern_key(&table->keys, slot->key);
    if (merging->rule == HW_OPTIMIZE_METADATA_FAIL) {
        return lacks(table, slot->source, 0, key, err);
    }
    return hw_pairs_left_out_add(
        &merging->left_out, table->before_key, key,
        last && table->more_untold ? "not all of the sources have it, nor have they further keys, too many to be listed"
                                   : "not all of the sources have it",
        err);
}

static enum hw_status disagree(const struct hw_pair_table *table, const struct slot *slot, struct hw_error *err) {
    const struct hw_pairs_source *sources = table->merging->sources;
    char quoted[HW_QUOTE_BYTES];
    if (!slot->differs) {
        return lacks(table, 0, slot->agreeing, slot->pair.key, err);
    }
    return hw_fail(err, HW_EDATA, "%s and %s do not agree on the key-value metadata %s%s", sources[0].name,
                   sources[slot->agreeing].name, table->before_key,
                   hw_quote(slot->pair.key.data, slot->pair.key.size, quoted, sizeof(quoted)));
}

static enum hw_status lacks(const struct hw_pair_table *table, size_t has, size_t lacking, hw_view key,
                            struct hw_error *err) {
    const struct hw_pairs_source *sources = table->merging->sources;
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EDATA, "%s has the key-value metadata %s%s, which %s does not have", sources[has].name,
                   table->before_key, hw_quote(key.data, key.size, quoted, sizeof(quoted)), sources[lacking].name);
}

void hw_pair_table_release(struct hw_pair_table *table) {
    for (size_t i = 0; i < slots_count(table); i++) {
        struct hw_pair_merger *merger = slot_at(table, i)->merger;
        if (merger && merger->release) {
            merger->release(merger);
        }
    }
    hw_buf_release(&table->slots);
    hw_buf_release(&table->heads);
    hw_intern_release(&table->keys);
    *table = (struct hw_pair_table){0};
}
