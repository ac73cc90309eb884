/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/key_order.h"

#include <stdlib.h>

/* A value of the dictionary. */
struct key {
    /* The number of values of the page that are equal to it. */
    uint32_t count;
    /* The old index, and the new one of the key that had this index. */
    uint32_t index;
    uint32_t new_index;
    /* Its first value in the page, and the offset of that one's bytes in a text lane. */
    uint32_t from;
    size_t text_at;
};

static void keys_count(struct key *keys, const struct hw_leaf *leaf, const struct hw_values *values,
                       const uint32_t *indices);
static int key_compare(const void *a, const void *b);
static enum hw_status keys_add(struct hw_dictionary *dictionary, const struct key *keys, size_t count,
                               struct hw_dictionary_job job, bool *out_all, struct hw_error *err);

enum hw_status hw_key_order(struct hw_dictionary **dictionary, const struct hw_leaf *leaf,
                            const struct hw_values *values, uint32_t *indices, uint32_t page,
                            struct hw_scratch *scratch, struct hw_error *err) {
    const size_t count = (*dictionary)->count;
    const struct hw_dictionary_job job = {.leaf = leaf, .values = values, .bytes_limit = HW_BUF_LIMIT, .page = page};
    bool all = false;

    HW_TRY(hw_buf_resize(&scratch->trial, count * sizeof(struct key), err));
    struct key *keys = (struct key *)(void *)scratch->trial.data;
    struct hw_dictionary *ordered = hw_scratch_take_dictionary(scratch);
    if (!ordered) {
        return hw_fail_nomem(err, sizeof(*ordered));
    }
    ordered->sparse = (*dictionary)->sparse;
    keys_count(keys, leaf, values, indices);
    qsort(keys, count, sizeof(*keys), key_compare);
    enum hw_status status = keys_add(ordered, keys, count, job, &all, err);
    if (status != HW_OK || !all) {
        hw_scratch_give_dictionary(scratch, ordered);
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        keys[keys[i].index].new_index = (uint32_t)i;
    }
    for (size_t i = 0; i < values->count; i++) {
        indices[i] = keys[indices[i]].new_index;
    }
    hw_scratch_give_dictionary(scratch, *dictionary);
    *dictionary = ordered;
    return HW_OK;
}

/* Keys are numbered by their first values, so a new one is the next that is not counted yet. */
static void keys_count(struct key *keys, const struct hw_leaf *leaf, const struct hw_values *values,
                       const uint32_t *indices) {
    const uint32_t *lengths = leaf->lane == HW_LANE_TEXT ? hw_values_lengths(values) : NULL;
    size_t text_at = 0;
    size_t count = 0;

    for (size_t i = 0; i < values->count; i++) {
        struct key *key = &keys[indices[i]];
        if (indices[i] == count) {
            *key = (struct key){.index = (uint32_t)count++, .from = (uint32_t)i, .text_at = text_at};
        }
        key->count++;
        text_at += lengths ? lengths[i] : 0;
    }
}

static int key_compare(const void *a, const void *b) {
    const struct key *x = a;
    const struct key *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return x->index < y->index ? -1 : 1;
}

static enum hw_status keys_add(struct hw_dictionary *dictionary, const struct key *keys, size_t count,
                               struct hw_dictionary_job job, bool *out_all, struct hw_error *err) {
    size_t done = 1;
    uint32_t index;

    for (size_t i = 0; i < count && done == 1; i++) {
        job.from = keys[i].from;
        job.text_at = keys[i].text_at;
        job.count = 1;
        job.indices = &index;
        HW_TRY(hw_dictionary_add(dictionary, &job, &done, err));
    }
    *out_all = done == 1;
    return HW_OK;
}
