/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/hash_index.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io.h"
#include "core/temp_file.h"

enum {
    BUCKET_BITS = 12, /* of a hash's first: pairs that have them in common lie together */
    BUCKETS = 1 << BUCKET_BITS,
    LOOK_PAIRS = 128, /* that are read at once while one is looked for */
};

struct pair {
    struct hw_hash128 hash;
    uint64_t number;
};

void hw_hash_index_release(struct hw_hash_index *index) {
    if (index->open) {
        hw_io()->close(index->fd);
    }
    hw_buf_release(&index->pairs);
    hw_free(index->begins);
    *index = (struct hw_hash_index){0};
}

static size_t held_max(const struct hw_hash_index *index) {
    return index->held_max > 0 ? index->held_max : HW_HASH_INDEX_HELD_MAX;
}

static struct pair *pairs_held(const struct hw_hash_index *index) {
    return (struct pair *)(void *)index->pairs.data;
}

static size_t bucket_of(struct hw_hash128 hash) {
    return (size_t)(hash.words[0] >> (64 - BUCKET_BITS));
}

/* ------ adding */

/* Brings what is in memory into the file. Where none can be made, all stays in memory. */
static enum hw_status pairs_flush(struct hw_hash_index *index, struct hw_error *err) {
    if (!index->open) {
        index->open = hw_temp_file_open(&index->fd, NULL) == HW_OK;
        index->unwritable = !index->open;
    }
    if (index->unwritable || index->pairs.size == 0) {
        return HW_OK;
    }
    HW_TRY(hw_temp_file_told(hw_io_write_all(index->fd, index->pairs.data, index->pairs.size, err), err));
    hw_buf_clear(&index->pairs);
    return HW_OK;
}

enum hw_status hw_hash_index_put(struct hw_hash_index *index, struct hw_hash128 hash, uint64_t number,
                                 struct hw_error *err) {
    const struct pair pair = {hash, number};
    if (index->pairs.size >= held_max(index) * sizeof(pair) && !index->unwritable) {
        HW_TRY(pairs_flush(index, err));
    }
    HW_TRY(hw_buf_append(&index->pairs, &pair, sizeof(pair), err));
    index->count++;
    return HW_OK;
}

/* ------ sealing */

/* Compares the hashes of two pairs. */
static int pairs_compare(const void *a, const void *b) {
    const uint64_t *first = ((const struct pair *)a)->hash.words;
    const uint64_t *second = ((const struct pair *)b)->hash.words;
    const size_t word = first[0] == second[0]; /* the first in which they can differ */
    return (first[word] > second[word]) - (first[word] < second[word]);
}

static void pairs_sort(struct pair *pairs, size_t count) {
    if (count > 1) {
        qsort(pairs, count, sizeof(*pairs), pairs_compare);
    }
}

/* Gives pairs of one hash the number that is to be found. */
static enum hw_status twins_settle(struct pair *pairs, size_t count, const struct hw_hash_index_twins *twins,
                                   struct hw_error *err) {
    uint64_t found = pairs[0].number;
    for (size_t i = 1; i < count; i++) {
        HW_TRY(twins->choose(twins->ctx, found, pairs[i].number, &found, err));
    }
    for (size_t i = 0; i < count; i++) {
        pairs[i].number = found;
    }
    return HW_OK;
}

/* Sorts pairs, and settles those that have a hash in common. */
static enum hw_status pairs_settle(struct pair *pairs, size_t count, const struct hw_hash_index_twins *twins,
                                   struct hw_error *err) {
    pairs_sort(pairs, count);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && pairs_compare(&pairs[first], &pairs[end]) == 0;) {
            end++;
        }
        if (end - first > 1) {
            assert(twins);
            HW_TRY(twins_settle(&pairs[first], end - first, twins, err));
        }
    }
    return HW_OK;
}

/* A file of pairs on its way from the order in which they came to buckets. */
struct sealing {
    struct hw_hash_index *index;
    int fd;         /* of the file with the buckets */
    uint64_t *next; /* one a bucket: where its next pair goes */
};

static enum hw_status buckets_size(struct sealing *sealing, struct hw_error *err);
static enum hw_status buckets_fill(struct sealing *sealing, struct hw_error *err);
static enum hw_status buckets_settle(const struct sealing *sealing, const struct hw_hash_index_twins *twins,
                                     struct hw_error *err);

static enum hw_status file_seal(struct hw_hash_index *index, const struct hw_hash_index_twins *twins,
                                struct hw_error *err) {
    struct sealing sealing = {.index = index};
    HW_TRY(pairs_flush(index, err));
    index->begins = hw_alloc_zero(BUCKETS + 1, sizeof(*index->begins));
    sealing.next = hw_alloc_zero(BUCKETS, sizeof(*sealing.next));
    enum hw_status status = index->begins && sealing.next ? HW_OK : hw_fail_nomem(err, BUCKETS * sizeof(uint64_t));
    if (status == HW_OK) {
        status = hw_temp_file_open(&sealing.fd, err);
    }
    if (status == HW_OK) {
        status = buckets_size(&sealing, err);
        status = status == HW_OK ? buckets_fill(&sealing, err) : status;
        hw_io()->close(index->fd);
        index->fd = sealing.fd;
        status = status == HW_OK ? buckets_settle(&sealing, twins, err) : status;
    }
    hw_free(sealing.next);
    hw_buf_release(&index->pairs);
    return status;
}

enum hw_status hw_hash_index_seal(struct hw_hash_index *index, const struct hw_hash_index_twins *twins,
                                  struct hw_error *err) {
    return index->open ? file_seal(index, twins, err)
                       : pairs_settle(pairs_held(index), (size_t)index->count, twins, err);
}

/* Reads pairs of the file to memory. */
static enum hw_status pairs_load(struct hw_hash_index *index, uint64_t first, uint64_t count, struct hw_error *err) {
    HW_TRY(hw_buf_resize(&index->pairs, (size_t)count * sizeof(struct pair), err));
    return hw_io_pread_all(index->fd, index->pairs.data, index->pairs.size, first * sizeof(struct pair), err);
}

static enum hw_status buckets_size(struct sealing *sealing, struct hw_error *err) {
    struct hw_hash_index *index = sealing->index;
    for (uint64_t at = 0; at < index->count; at += held_max(index)) {
        const size_t count = (size_t)hw_min_size(held_max(index), index->count - at);
        HW_TRY(pairs_load(index, at, count, err));
        for (size_t i = 0; i < count; i++) {
            index->begins[bucket_of(pairs_held(index)[i].hash) + 1]++;
        }
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        index->begins[i + 1] += index->begins[i];
        sealing->next[i] = index->begins[i];
    }
    return HW_OK;
}

/* Writes what is in memory, sorted, to the buckets. */
static enum hw_status pairs_spread(struct sealing *sealing, size_t count, struct hw_error *err) {
    const struct pair *pairs = pairs_held(sealing->index);
    for (size_t i = 0, end; i < count; i = end) {
        const size_t bucket = bucket_of(pairs[i].hash);
        for (end = i + 1; end < count && bucket_of(pairs[end].hash) == bucket;) {
            end++;
        }
        enum hw_status status = hw_io_pwrite_all(sealing->fd, &pairs[i], (end - i) * sizeof(*pairs),
                                                 sealing->next[bucket] * sizeof(*pairs), err);
        HW_TRY(hw_temp_file_told(status, err));
        sealing->next[bucket] += end - i;
    }
    return HW_OK;
}

static enum hw_status buckets_fill(struct sealing *sealing, struct hw_error *err) {
    struct hw_hash_index *index = sealing->index;
    for (uint64_t at = 0; at < index->count; at += held_max(index)) {
        const size_t count = (size_t)hw_min_size(held_max(index), index->count - at);
        HW_TRY(pairs_load(index, at, count, err));
        pairs_sort(pairs_held(index), count);
        HW_TRY(pairs_spread(sealing, count, err));
    }
    return HW_OK;
}

/* Settles one bucket after the other, in the file. */
static enum hw_status buckets_settle(const struct sealing *sealing, const struct hw_hash_index_twins *twins,
                                     struct hw_error *err) {
    struct hw_hash_index *index = sealing->index;
    for (size_t i = 0; i < BUCKETS; i++) {
        const uint64_t first = index->begins[i];
        const size_t count = (size_t)(index->begins[i + 1] - first);
        HW_TRY(pairs_load(index, first, count, err));
        HW_TRY(pairs_settle(pairs_held(index), count, twins, err));
        enum hw_status status =
            hw_io_pwrite_all(index->fd, index->pairs.data, index->pairs.size, first * sizeof(struct pair), err);
        HW_TRY(hw_temp_file_told(status, err));
    }
    return HW_OK;
}

/* ------ looking up */

static bool pair_find(const struct pair *pairs, size_t count, struct hw_hash128 hash, uint64_t *out_number) {
    const struct pair wanted = {hash, 0};
    const struct pair *found = count > 0 ? bsearch(&wanted, pairs, count, sizeof(*pairs), pairs_compare) : NULL;
    if (found) {
        *out_number = found->number;
    }
    return found != NULL;
}

enum hw_status hw_hash_index_find(const struct hw_hash_index *index, struct hw_hash128 hash, bool *out_there,
                                  uint64_t *out_number, struct hw_error *err) {
    struct pair pairs[LOOK_PAIRS];
    bool there = false;
    if (!index->open) {
        *out_there = pair_find(pairs_held(index), (size_t)index->count, hash, out_number);
        return HW_OK;
    }
    const uint64_t end = index->begins[bucket_of(hash) + 1];
    for (uint64_t at = index->begins[bucket_of(hash)]; at < end && !there; at += LOOK_PAIRS) {
        const size_t count = (size_t)hw_min_size(LOOK_PAIRS, end - at);
        HW_TRY(hw_io_pread_all(index->fd, pairs, count * sizeof(*pairs), at * sizeof(*pairs), err));
        there = pair_find(pairs, count, hash, out_number);
    }
    *out_there = there;
    return HW_OK;
}
