/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dictionary of one column chunk: its distinct values in the order of their first appearance,
 * found through a hash table with open addressing. Start it zeroed. Clearing keeps the memory but
 * starts with a small table again, so that one dictionary serves column after column.
 */
#ifndef HW_PARQUET_DICTIONARY_H
#define HW_PARQUET_DICTIONARY_H

#include "core/view.h"
#include "parquet/values.h"

/* A value of a fixed or text lane. */
struct hw_dictionary_entry {
    /*
     * The first and the last 8 bytes of the value; then, if it has more than 16, the 8 after the
     * first and the 8 before the last, else 0. Of a value below 8 bytes the first two hold all of
     * it. So a value of up to 32 bytes is compared without a look at other memory.
     */
    uint64_t words[4];
    /* The offset of its bytes in `plain`. */
    uint32_t at;
    uint32_t bytes;
    uint32_t hash;
    /* The last page that has the value. */
    uint32_t page;
};

struct hw_dictionary {
    /* The next one in a list of spare dictionaries. */
    struct hw_dictionary *next;
    /* The hash table: each slot holds a value's index + 1, or 0 if it is free. */
    uint32_t *slots;
    size_t slots_capacity;
    /* The table uses 2^slots_bits slots; 0 means that there is no table yet. */
    unsigned slots_bits;
    /* Set by the caller: most slots stay free, which is faster and takes four times the memory. */
    bool sparse;
    size_t count;
    size_t capacity;
    /* The values of a word lane; those of 4 bytes are widened. */
    uint64_t *words;
    /* The values of a fixed or text lane. */
    struct hw_dictionary_entry *entries;
    size_t entries_capacity;
    /* The values of a fixed or text lane in PLAIN encoding. */
    struct hw_buf plain;
};

/* A run of a page's values that are to be looked up. */
struct hw_dictionary_job {
    const struct hw_leaf *leaf;
    const struct hw_values *values;
    /* The first value of the run. */
    size_t from;
    size_t count;
    /* The offset of the first value's bytes in a text lane. */
    size_t text_at;
    /* The most bytes that the PLAIN encoding of the dictionary may have. */
    size_t bytes_limit;
    /* The number of the page, from 1, with which entries are marked. */
    uint32_t page;
    /* The result: the index of each value. */
    uint32_t *indices;
};

void hw_dictionary_release(struct hw_dictionary *dictionary);
/* Empties it and keeps the memory. */
void hw_dictionary_clear(struct hw_dictionary *dictionary);
/* Returns the bytes of memory that it holds. */
size_t hw_dictionary_held(const struct hw_dictionary *dictionary);
/* Returns the bytes of its PLAIN encoding. */
size_t hw_dictionary_bytes(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf);

/*
 * Looks up the values of the run and adds those that are new. `*out_done` is the number of values
 * that got an index. It is lower than asked for if the dictionary is full: if it would grow beyond
 * the limit, or if so many values collide that looking them up takes long.
 */
HW_NODISCARD enum hw_status hw_dictionary_add(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                              size_t *out_done, struct hw_error *err);
/*
 * Drops the values from index `count` on. Values can only be looked up again after
 * hw_dictionary_clear.
 */
void hw_dictionary_truncate(struct hw_dictionary *dictionary, size_t count);
/* Tells the least and the greatest text that page `page` has. It must have one. */
void hw_dictionary_range(const struct hw_dictionary *dictionary, uint32_t page, hw_view *out_least,
                         hw_view *out_greatest);
/* Appends the PLAIN encoding of all values. */
HW_NODISCARD enum hw_status hw_dictionary_encode(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf,
                                                 struct hw_buf *out, struct hw_error *err);

#endif
