/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/dictionary.h"

#include "core/alloc.h"
#include "parquet/statistics.h"

enum {
    SLOTS_BITS_FIRST = 6,
    SLOTS_BITS_SMALL = 16,
    VALUES_FIRST = 16,
    PROBES_MAX = 256,
    LENGTH_BYTES = 4,
    WORD_BYTES = 8
};
/* This is 2^64 over the golden ratio. */
static const uint64_t hash_factor = UINT64_C(0x9e3779b97f4a7c15);
static const uint64_t hash_mix = UINT64_C(0xe7037ed1a0b428db);

static enum hw_status add_words4(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                 size_t *out_done, struct hw_error *err);
static enum hw_status add_words8(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                 size_t *out_done, struct hw_error *err);
static enum hw_status add_bytes(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                struct hw_error *err);
static enum hw_status make_room(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static enum hw_status slots_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static enum hw_status values_grow(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err);
static inline bool too_far(const struct hw_dictionary *dictionary, size_t home, size_t slot);
static bool bytes_fit(const struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t bytes);
static inline struct hw_dictionary_entry entry_key(const uint8_t *data, uint32_t bytes, size_t longest);
static inline bool entry_equal(const struct hw_dictionary *dictionary, const struct hw_dictionary_entry *entry,
                               struct hw_dictionary_entry key, const uint8_t *data, size_t longest);
static enum hw_status entry_append(struct hw_dictionary *dictionary, const struct hw_leaf *leaf, const uint8_t *data,
                                   uint32_t bytes, struct hw_error *err);

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
           dictionary->capacity * sizeof(*dictionary->words) +
           dictionary->entries_capacity * sizeof(*dictionary->entries) + dictionary->plain.capacity;
}

size_t hw_dictionary_bytes(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf) {
    bool words = leaf->lane == HW_LANE_WORD4 || leaf->lane == HW_LANE_WORD8;
    return words ? dictionary->count * leaf->width : dictionary->plain.size;
}

enum hw_status hw_dictionary_add(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                 size_t *out_done, struct hw_error *err) {
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
        /* The bytes of the length before a value, if it has one. */
        size_t first_at = dictionary->entries[0].at;
        dictionary->plain.size = last->at - first_at;
    }
    dictionary->count = hw_min_size(dictionary->count, count);
}

void hw_dictionary_range(const struct hw_dictionary *dictionary, uint32_t page, hw_view *out_least,
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
        if (!least.data || (prefix <= least_prefix && hw_text_compare(text, least) < 0)) {
            least = text;
            least_prefix = prefix;
        }
        if (!greatest.data || (prefix >= greatest_prefix && hw_text_compare(text, greatest) > 0)) {
            greatest = text;
            greatest_prefix = prefix;
        }
    }
    *out_least = least;
    *out_greatest = greatest;
}

enum hw_status hw_dictionary_encode(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf,
                                    struct hw_buf *out, struct hw_error *err) {
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

/* Looks up the words of a page. `width` is a constant where this is inlined. */
static inline __attribute__((always_inline)) enum hw_status add_words(struct hw_dictionary *dictionary,
                                                                      const struct hw_dictionary_job *job, size_t width,
                                                                      size_t *out_done, struct hw_error *err) {
    const uint8_t *at = job->values->data.data + job->from * width;
    uint32_t *indices = job->indices;
    const size_t values_limit = job->bytes_limit / width;
    const uint32_t *slots = dictionary->slots;
    const uint64_t *words = dictionary->words;
    unsigned shift = 64 - dictionary->slots_bits;
    size_t done = 0;

    for (; done < job->count; done++, at += width) {
        uint64_t word = width == 8 ? hw_load_le64(at) : hw_load_le32(at);
        size_t home = word * hash_factor >> shift;
        size_t slot = home;
        uint32_t held = slots[slot];
        while (held != 0 && words[held - 1] != word) {
            slot = (slot + 1) & (UINT64_MAX >> shift);
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
            shift = 64 - dictionary->slots_bits;
        }
        indices[done] = held - 1;
    }
    *out_done = done;
    return HW_OK;
}

static enum hw_status add_words4(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                 size_t *out_done, struct hw_error *err) {
    return add_words(dictionary, job, 4, out_done, err);
}

static enum hw_status add_words8(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                 size_t *out_done, struct hw_error *err) {
    return add_words(dictionary, job, 8, out_done, err);
}

/*
 * Looks up the byte strings of a page, none of which is longer than `longest`, which is a constant.
 * The shorter they are, the less there is to compare.
 */
static inline __attribute__((always_inline)) enum hw_status add_strings(struct hw_dictionary *dictionary,
                                                                        const struct hw_dictionary_job *job,
                                                                        size_t longest, size_t *out_done,
                                                                        struct hw_error *err) {
    const bool text = job->leaf->lane == HW_LANE_TEXT;
    const uint32_t *lengths = text ? hw_values_lengths(job->values) + job->from : NULL;
    const uint8_t *at = job->values->data.data + (text ? job->text_at : job->from * job->leaf->width);
    const uint32_t width = (uint32_t)job->leaf->width;
    const uint32_t page = job->page;
    uint32_t *indices = job->indices;
    uint32_t *slots = dictionary->slots;
    struct hw_dictionary_entry *entries = dictionary->entries;
    unsigned bits = dictionary->slots_bits;
    size_t done = 0;

    for (; done < job->count; done++) {
        uint32_t bytes = text ? lengths[done] : width;
        struct hw_dictionary_entry key = entry_key(at, bytes, longest);
        size_t home = key.hash >> (32 - bits);
        size_t slot = home;
        uint32_t held = slots[slot];
        while (held != 0 && !entry_equal(dictionary, &entries[held - 1], key, at, longest)) {
            slot = (slot + 1) & (((size_t)1 << bits) - 1);
            held = slots[slot];
        }
        if (HW_UNLIKELY(held == 0)) {
            if (!bytes_fit(dictionary, job, bytes) || too_far(dictionary, home, slot)) {
                break;
            }
            HW_TRY(entry_append(dictionary, job->leaf, at, bytes, err));
            slots[slot] = held = (uint32_t)dictionary->count;
            HW_TRY(make_room(dictionary, job->leaf->lane, err));
            slots = dictionary->slots;
            entries = dictionary->entries;
            bits = dictionary->slots_bits;
        }
        entries[held - 1].page = page;
        indices[done] = held - 1;
        at += bytes;
    }
    *out_done = done;
    return HW_OK;
}

static enum hw_status add_bytes(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t *out_done,
                                struct hw_error *err) {
    uint32_t longest = (uint32_t)job->leaf->width;

    if (job->leaf->lane == HW_LANE_TEXT) {
        const uint32_t *lengths = hw_values_lengths(job->values) + job->from;
        for (size_t i = 0; i < job->count; i++) {
            longest = lengths[i] > longest ? lengths[i] : longest;
        }
    }
    if (longest <= WORD_BYTES) {
        return add_strings(dictionary, job, WORD_BYTES, out_done, err);
    }
    if (longest <= 2 * WORD_BYTES) {
        return add_strings(dictionary, job, 2 * WORD_BYTES, out_done, err);
    }
    if (longest <= 4 * WORD_BYTES) {
        return add_strings(dictionary, job, 4 * WORD_BYTES, out_done, err);
    }
    return add_strings(dictionary, job, SIZE_MAX, out_done, err);
}

static bool bytes_fit(const struct hw_dictionary *dictionary, const struct hw_dictionary_job *job, size_t bytes) {
    size_t size = bytes + (job->leaf->lane == HW_LANE_TEXT ? LENGTH_BYTES : 0);
    return dictionary->plain.size <= job->bytes_limit && size <= job->bytes_limit - dictionary->plain.size;
}

/*
 * Tells whether a value is so far from its place that many must have collided, perhaps on purpose,
 * so that looking up would get slow.
 */
static inline bool too_far(const struct hw_dictionary *dictionary, size_t home, size_t slot) {
    return ((slot - home) & (((size_t)1 << dictionary->slots_bits) - 1)) > PROBES_MAX;
}

static inline uint64_t hash_fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/*
 * Makes the key of a value. Up to 32 bytes there is no branch on the length, as lengths are hard to
 * predict. It reads up to 8 bytes beyond a short value. A value's key is the same whatever
 * `longest` is.
 */
static inline __attribute__((always_inline)) struct hw_dictionary_entry entry_key(const uint8_t *data, uint32_t bytes,
                                                                                  size_t longest) {
    static const uint64_t masks[WORD_BYTES + 1] = {0,
                                                   UINT64_C(0xff),
                                                   UINT64_C(0xffff),
                                                   UINT64_C(0xffffff),
                                                   UINT64_C(0xffffffff),
                                                   UINT64_C(0xffffffffff),
                                                   UINT64_C(0xffffffffffff),
                                                   UINT64_C(0xffffffffffffff),
                                                   UINT64_MAX};
    size_t in_word = bytes < WORD_BYTES ? bytes : WORD_BYTES;
    uint64_t mask = masks[in_word];
    uint64_t first = hw_load_le64(data) & mask;
    uint64_t last = first;
    uint64_t second = 0;
    uint64_t third = 0;

    if (longest > WORD_BYTES) {
        last = hw_load_le64(data + (bytes - in_word)) & mask;
    }
    uint64_t hash = hash_fold(first ^ hash_factor, last ^ hash_mix ^ bytes);
    if (longest > 2 * WORD_BYTES) {
        uint64_t more = bytes > 2 * WORD_BYTES ? UINT64_MAX : 0;
        second = hw_load_le64(data + (WORD_BYTES & more)) & more;
        third = hw_load_le64(data + ((bytes - 2 * WORD_BYTES) & more)) & more;
        /* The mask is 0 for short values. */
        hash ^= hash_fold(second, third ^ hash_factor);
    }
    for (size_t at = 2 * WORD_BYTES; longest > 4 * WORD_BYTES && at + 2 * WORD_BYTES < bytes; at += WORD_BYTES) {
        hash = hash_fold(hash ^ hw_load_le64(data + at), hash_factor);
    }
    return (struct hw_dictionary_entry){
        .words = {first, last, second, third}, .bytes = bytes, .hash = (uint32_t)(hash >> 32 ^ hash)};
}

static inline __attribute__((always_inline)) bool entry_equal(const struct hw_dictionary *dictionary,
                                                              const struct hw_dictionary_entry *entry,
                                                              struct hw_dictionary_entry key, const uint8_t *data,
                                                              size_t longest) {
    uint64_t differ = (entry->words[0] ^ key.words[0]) | (entry->bytes ^ key.bytes);

    if (longest > WORD_BYTES) {
        differ |= entry->words[1] ^ key.words[1];
    }
    if (longest > 2 * WORD_BYTES) {
        differ |= (entry->words[2] ^ key.words[2]) | (entry->words[3] ^ key.words[3]);
    }
    if (HW_UNLIKELY(differ != 0)) {
        return false;
    }
    return longest <= 4 * WORD_BYTES || key.bytes <= 4 * WORD_BYTES ||
           memcmp(dictionary->plain.data + entry->at, data, key.bytes) == 0;
}

/*
 * Adds a value to `entries`, where there is room; the caller fills its slot. It makes the key
 * again, so that the loop can keep it in registers.
 */
static __attribute__((noinline)) enum hw_status entry_append(struct hw_dictionary *dictionary,
                                                             const struct hw_leaf *leaf, const uint8_t *data,
                                                             uint32_t bytes, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(&dictionary->plain, (size_t)LENGTH_BYTES + bytes + HW_VALUES_PADDING, err));
    if (leaf->lane == HW_LANE_TEXT) {
        hw_store_le32(dictionary->plain.data + dictionary->plain.size, bytes);
        dictionary->plain.size += LENGTH_BYTES;
    }
    struct hw_dictionary_entry *entry = &dictionary->entries[dictionary->count++];
    *entry = entry_key(data, bytes, SIZE_MAX);
    entry->at = (uint32_t)dictionary->plain.size;
    memcpy(dictionary->plain.data + dictionary->plain.size, data, bytes);
    dictionary->plain.size += bytes;
    return HW_OK;
}

/*
 * Makes room for one more value, and keeps half of the slots free, or most of them if the
 * dictionary is sparse: a value that is not found at once is a mispredicted branch, which costs
 * more than a cache miss. It is called after each new value.
 */
static enum hw_status make_room(struct hw_dictionary *dictionary, enum hw_lane lane, struct hw_error *err) {
    unsigned part_bits = !dictionary->sparse ? 1 : dictionary->slots_bits <= SLOTS_BITS_SMALL ? 3 : 2;

    if (HW_UNLIKELY(dictionary->count > (size_t)1 << (dictionary->slots_bits - part_bits))) {
        HW_TRY(slots_grow(dictionary, lane, err));
    }
    bool words = lane == HW_LANE_WORD4 || lane == HW_LANE_WORD8;
    size_t capacity = words ? dictionary->capacity : dictionary->entries_capacity;
    if (HW_UNLIKELY(dictionary->count == capacity)) {
        return values_grow(dictionary, lane, err);
    }
    return HW_OK;
}

/* Doubles the table, or starts it, and enters all values again. */
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
        size_t slot =
            words ? dictionary->words[i] * hash_factor >> (64 - bits) : dictionary->entries[i].hash >> (32 - bits);
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
