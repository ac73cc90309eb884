/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/dictionary.h"

#include "core/alloc.h"
#include "parquet/statistics.h"

enum { SLOTS_BITS_FIRST = 6, VALUES_FIRST = 16, PROBES_MAX = 256, LENGTH_BYTES = 4 };
static const uint64_t hash_factor = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 over the golden ratio */
static const uint64_t hash_mix = UINT64_C(0xe7037ed1a0b428db);

static enum hw_status add_words4(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                 struct hw_error *err);
static enum hw_status add_words8(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                 struct hw_error *err);
static enum hw_status add_bytes(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                struct hw_error *err);
static enum hw_status make_room(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static enum hw_status slots_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static enum hw_status values_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static inline bool too_far(const struct hw_dictionary *dictionary, size_t home, size_t slot);
static inline bool entry_equal(const struct hw_dictionary *dictionary, const struct hw_dictionary_entry *entry,
                        const struct hw_dictionary_entry *key, const uint8_t *data);
static inline void entry_key(struct hw_dictionary_entry *key, const uint8_t *data, uint32_t bytes);
static enum hw_status entry_append(struct hw_dictionary *dictionary, const struct hw_leaf *leaf, struct hw_dictionary_entry *key,
                                   const uint8_t *data, struct hw_error *err);

void hw_dictionary_release(struct hw_dictionary *dictionary) {
    hw_free(dictionary->slots);
    hw_free(dictionary->words);
    hw_free(dictionary->entries);
    hw_buf_release(&dictionary->plain);
    *dictionary = (struct hw_dictionary){0};
}

void hw_dictionary_clear(struct hw_dictionary *dictionary) {
    dictionary->slots_bits = 0;
    dictionary->count = 0;
    hw_buf_clear(&dictionary->plain);
}

size_t hw_dictionary_held(const struct hw_dictionary *dictionary) {
    return sizeof(*dictionary) + dictionary->slots_capacity * sizeof(*dictionary->slots) +
           dictionary->capacity * sizeof(*dictionary->words) + dictionary->entries_capacity * sizeof(*dictionary->entries) +
           dictionary->plain.capacity;
}

size_t hw_dictionary_bytes(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf) {
    bool words = leaf->lane == HW_LANE_WORD4 || leaf->lane == HW_LANE_WORD8;
    return words ? dictionary->count * leaf->width : dictionary->plain.size;
}

enum hw_status hw_dictionary_add(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                 struct hw_error *err) {
    if (dictionary->slots_bits == 0) {
        HW_TRY(slots_grow(dictionary, job->leaf->lane, err));
    }
    switch (job->leaf->lane) {
    case HW_LANE_WORD4:
        return add_words4(dictionary, job, out_done, err);
    case HW_LANE_WORD8:
        return add_words8(dictionary, job, out_done, err);
    default:
        return add_bytes(dictionary, job, out_done, err);
    }
}

void hw_dictionary_truncate(struct hw_dictionary *dictionary, size_t count) {
    if (count < dictionary->count && dictionary->plain.size > 0) {
        const struct hw_dictionary_entry *last = &dictionary->entries[count];
        size_t first_at = dictionary->entries[0].at; /* what stands before a value's bytes: its length, or nothing */
        dictionary->plain.size = last->at - first_at;
    }
    dictionary->count = hw_min_size(dictionary->count, count);
}

void hw_dictionary_range(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf, uint32_t page, hw_view *out_least,
                         hw_view *out_greatest) {
    const char *plain = (const char *)dictionary->plain.data;
    hw_view least = {0};
    hw_view greatest = {0};
    uint64_t least_prefix = UINT64_MAX;
    uint64_t greatest_prefix = 0;

    for (size_t i = 0; i < dictionary->count; i++) {
        const struct hw_dictionary_entry *entry = &dictionary->entries[i];
        if (entry->page != page) {
            continue;
        }
        hw_view text = {plain + entry->at, entry->bytes};
        uint64_t prefix = hw_text_prefix(text.data, text.size);
        if (!least.data ||
            (prefix <= least_prefix && hw_bound_compare(leaf, text.data, text.size, least.data, least.size) < 0)) {
            least = text;
            least_prefix = prefix;
        }
        if (!greatest.data ||
            (prefix >= greatest_prefix && hw_bound_compare(leaf, text.data, text.size, greatest.data, greatest.size) > 0)) {
            greatest = text;
            greatest_prefix = prefix;
        }
    }
    *out_least = least;
    *out_greatest = greatest;
}

enum hw_status hw_dictionary_encode(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf, struct hw_buf *out,
                                    struct hw_error *err) {
    if (leaf->lane == HW_LANE_WORD8) {
        return hw_buf_append(out, dictionary->words, dictionary->count * sizeof(*dictionary->words), err);
    }
    if (leaf->lane != HW_LANE_WORD4) {
        return hw_buf_append(out, dictionary->plain.data, dictionary->plain.size, err);
    }
    HW_TRY(hw_buf_reserve(out, dictionary->count * sizeof(uint32_t), err));
    for (size_t i = 0; i < dictionary->count; i++) {
        hw_store_le32(out->data + out->size + i * sizeof(uint32_t), (uint32_t)dictionary->words[i]);
    }
    out->size += dictionary->count * sizeof(uint32_t);
    return HW_OK;
}

/* The loop over a page's words: `width` is a constant where it is inlined. */
static inline __attribute__((always_inline)) enum hw_status add_words(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                                                      size_t width, size_t *out_done, struct hw_error *err) {
    const uint8_t *at = job->values->data.data + job->from * width;
    uint32_t *indices = job->indices;
    const size_t values_limit = job->bytes_limit / width;
    const uint32_t *slots = dictionary->slots;
    const uint64_t *words = dictionary->words;
    unsigned bits = dictionary->slots_bits;
    size_t done = 0;

    for (; done < job->count; done++, at += width) {
        uint64_t word = width == 8 ? hw_load_le64(at) : hw_load_le32(at);
        size_t home = word * hash_factor >> (64 - bits);
        size_t slot = home;
        uint32_t held = slots[slot];
        while (held != 0 && words[held - 1] != word) {
            slot = (slot + 1) & (((size_t)1 << bits) - 1);
            held = slots[slot];
        }
        if (HW_UNLIKELY(held == 0)) {
            if (dictionary->count >= values_limit || too_far(dictionary, home, slot)) {
                break;
            }
            dictionary->words[dictionary->count++] = word;
            dictionary->slots[slot] = held = (uint32_t)dictionary->count;
            HW_TRY(make_room(dictionary, job->leaf->lane, err));
            slots = dictionary->slots;
            words = dictionary->words;
            bits = dictionary->slots_bits;
        }
        indices[done] = held - 1;
    }
    *out_done = done;
    return HW_OK;
}

static enum hw_status add_words4(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                 struct hw_error *err) {
    return add_words(dictionary, job, 4, out_done, err);
}

static enum hw_status add_words8(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                 struct hw_error *err) {
    return add_words(dictionary, job, 8, out_done, err);
}

static enum hw_status add_bytes(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                struct hw_error *err) {
    const bool text = job->leaf->lane == HW_LANE_TEXT;
    const uint32_t *lengths = text ? hw_values_lengths(job->values) + job->from : NULL;
    const uint8_t *at = job->values->data.data + (text ? job->text_at : job->from * job->leaf->width);
    uint32_t *indices = job->indices;
    size_t done = 0;

    for (; done < job->count; done++) {
        struct hw_dictionary_entry key;
        entry_key(&key, at, text ? lengths[done] : (uint32_t)job->leaf->width);
        size_t home = key.hash >> (32 - dictionary->slots_bits);
        size_t slot = home;
        uint32_t held = dictionary->slots[slot];
        while (held != 0 && !entry_equal(dictionary, &dictionary->entries[held - 1], &key, at)) {
            slot = (slot + 1) & (((size_t)1 << dictionary->slots_bits) - 1);
            held = dictionary->slots[slot];
        }
        if (HW_UNLIKELY(held == 0)) {
            size_t size = key.bytes + (text ? LENGTH_BYTES : 0);
            size_t old_size = dictionary->plain.size;
            if (old_size > job->bytes_limit || size > job->bytes_limit - old_size || too_far(dictionary, home, slot)) {
                break;
            }
            HW_TRY(entry_append(dictionary, job->leaf, &key, at, err));
            dictionary->slots[slot] = held = (uint32_t)dictionary->count;
            HW_TRY(make_room(dictionary, job->leaf->lane, err));
        }
        dictionary->entries[held - 1].page = job->page;
        indices[done] = held - 1;
        at += key.bytes;
    }
    *out_done = done;
    return HW_OK;
}

/* A value this far from where it belongs comes from a crowd that collides, on purpose maybe: looking up would get slow. */
static inline bool too_far(const struct hw_dictionary *dictionary, size_t home, size_t slot) {
    return ((slot - home) & (((size_t)1 << dictionary->slots_bits) - 1)) > PROBES_MAX;
}

static inline uint64_t hash_fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Reads up to 8 bytes beyond a short value. */
static inline void entry_key(struct hw_dictionary_entry *key, const uint8_t *data, uint32_t bytes) {
    uint64_t head = hw_load_le64(data);
    uint64_t tail = 0;

    if (bytes < 8) {
        head = bytes == 0 ? 0 : head & UINT64_MAX >> (64 - 8 * bytes);
    } else {
        tail = hw_load_le64(data + bytes - 8);
    }
    uint64_t hash = hash_fold(head ^ hash_factor, tail ^ hash_mix ^ bytes);
    for (uint32_t at = 8; at + 8 < bytes; at += 8) {
        hash = hash_fold(hash ^ hw_load_le64(data + at), hash_factor);
    }
    *key = (struct hw_dictionary_entry){.head = head, .tail = tail, .bytes = bytes, .hash = (uint32_t)(hash >> 32 ^ hash)};
}

static inline __attribute__((always_inline)) bool entry_equal(const struct hw_dictionary *dictionary,
                                                              const struct hw_dictionary_entry *entry,
                                                              const struct hw_dictionary_entry *key, const uint8_t *data) {
    if (entry->head != key->head || entry->tail != key->tail || entry->bytes != key->bytes) {
        return false;
    }
    const uint8_t *own = dictionary->plain.data + entry->at;
    for (uint32_t at = 8; at + 8 < key->bytes; at += 8) {
        if (hw_load_le64(own + at) != hw_load_le64(data + at)) {
            return false;
        }
    }
    return true;
}

/* Room for it in `entries` has been made. Its slot is the caller's part. */
static enum hw_status entry_append(struct hw_dictionary *dictionary, const struct hw_leaf *leaf, struct hw_dictionary_entry *key,
                                   const uint8_t *data, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(&dictionary->plain, LENGTH_BYTES + key->bytes + HW_VALUES_PADDING, err));
    if (leaf->lane == HW_LANE_TEXT) {
        hw_store_le32(dictionary->plain.data + dictionary->plain.size, key->bytes);
        dictionary->plain.size += LENGTH_BYTES;
    }
    key->at = (uint32_t)dictionary->plain.size;
    memcpy(dictionary->plain.data + dictionary->plain.size, data, key->bytes);
    dictionary->plain.size += key->bytes;
    dictionary->entries[dictionary->count++] = *key;
    return HW_OK;
}

/* After each new value: keeps half of the slots free, and room for one value more. */
static enum hw_status make_room(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err) {
    if (HW_UNLIKELY(dictionary->count * 2 > (size_t)1 << dictionary->slots_bits)) {
        HW_TRY(slots_grow(dictionary, lane, err));
    }
    bool words = lane == HW_LANE_WORD4 || lane == HW_LANE_WORD8;
    size_t capacity = words ? dictionary->capacity : dictionary->entries_capacity;
    if (HW_UNLIKELY(dictionary->count == capacity)) {
        return values_grow(dictionary, lane, err);
    }
    return HW_OK;
}

/* Doubles the table, or starts it, and files all values again. */
static enum hw_status slots_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err) {
    unsigned bits = dictionary->slots_bits == 0 ? SLOTS_BITS_FIRST : dictionary->slots_bits + 1;
    size_t size = (size_t)1 << bits;
    bool words = lane == HW_LANE_WORD4 || lane == HW_LANE_WORD8;

    if (dictionary->slots_bits == 0) {
        HW_TRY(values_grow(dictionary, lane, err));
    }
    if (size > dictionary->slots_capacity) {
        uint32_t *slots = hw_realloc_array(dictionary->slots, size, sizeof(*slots));
        if (!slots) {
            return hw_fail_nomem(err, size * sizeof(*slots));
        }
        dictionary->slots = slots;
        dictionary->slots_capacity = size;
    }
    memset(dictionary->slots, 0, size * sizeof(*dictionary->slots));
    dictionary->slots_bits = bits;
    for (size_t i = 0; i < dictionary->count; i++) {
        size_t slot = words ? dictionary->words[i] * hash_factor >> (64 - bits) : dictionary->entries[i].hash >> (32 - bits);
        while (dictionary->slots[slot] != 0) {
            slot = (slot + 1) & (size - 1);
        }
        dictionary->slots[slot] = (uint32_t)i + 1;
    }
    return HW_OK;
}

static enum hw_status values_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err) {
    bool words = lane == HW_LANE_WORD4 || lane == HW_LANE_WORD8;
    size_t capacity = words ? dictionary->capacity : dictionary->entries_capacity;
    size_t size = words ? sizeof(*dictionary->words) : sizeof(*dictionary->entries);

    if (dictionary->count < capacity) {
        return HW_OK;
    }
    capacity = hw_max_size(capacity * 2, VALUES_FIRST);
    void *grown = hw_realloc_array(words ? (void *)dictionary->words : (void *)dictionary->entries, capacity, size);
    if (!grown) {
        return hw_fail_nomem(err, capacity * size);
    }
    if (words) {
        dictionary->words = grown;
        dictionary->capacity = capacity;
    } else {
        dictionary->entries = grown;
        dictionary->entries_capacity = capacity;
    }
    return HW_OK;
}
