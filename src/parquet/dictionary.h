/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dictionary of one column chunk: distinct values in the order of their first appearance, found
 * through an open- addressing table. Start it zeroed. Clearing keeps the memory but starts with a
 * small table again, so a dictionary serves column after column.
 */
#ifndef HW_PARQUET_DICTIONARY_H
#define HW_PARQUET_DICTIONARY_H

#include "core/view.h"
#include "parquet/values.h"

/*
 * A value of a fixed or text lane. Up to 32 bytes, `words` hold all of it, so that no other memory
 * is looked at: its first and its last 8 bytes, and beyond 16 bytes the 8 after the first and the 8
 * before the last (else 0). Shorter than 8: both times all of it.
 */
struct hw_dictionary_entry {
    uint64_t words[4];
    uint32_t at; /* of its bytes in `plain` */
    uint32_t bytes;
    uint32_t hash;
    uint32_t page; /* the last one that has it */
};

struct hw_dictionary {
    struct hw_dictionary *next; /* in a list of spare ones */
    uint32_t *slots;            /* index + 1 of the value, 0: free */
    size_t slots_capacity;
    unsigned slots_bits; /* 2^bits slots are in use, 0: none yet */
    /* the caller's: most slots stay free, which is faster and takes four times the memory */
    bool sparse;
    size_t count;
    size_t capacity;
    uint64_t *words;                     /* word lanes: the values, 4-byte ones widened */
    struct hw_dictionary_entry *entries; /* fixed and text lanes */
    size_t entries_capacity;
    struct hw_buf plain; /* fixed and text lanes: the values as PLAIN encoding has them */
};

/* A run of a page's values to be looked up. */
struct hw_dictionary_job {
    const struct hw_leaf *leaf;
    const struct hw_values *values;
    size_t from; /* first value */
    size_t count;
    size_t text_at;     /* where the first one's bytes begin, text lane */
    size_t bytes_limit; /* the dictionary's PLAIN bytes may not grow beyond */
    uint32_t page;      /* what entries are marked with, from 1 */
    uint32_t *indices;  /* out: one a value */
};

void hw_dictionary_release(struct hw_dictionary *dictionary);
void hw_dictionary_clear(struct hw_dictionary *dictionary);
size_t hw_dictionary_held(const struct hw_dictionary *dictionary);
/* Bytes of its PLAIN encoding. */
size_t hw_dictionary_bytes(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf);

/*
 * Looks up each value, adds those that are new. `*out_done` is how many were, fewer than asked for
 * where the dictionary is full: it would grow beyond the limit, or its values collide so much that
 * looking up takes long.
 */
HW_NODISCARD enum hw_status hw_dictionary_add(struct hw_dictionary *dictionary, const struct hw_dictionary_job *job,
                                              size_t *out_done, struct hw_error *err);
/*
 * Drops the values from `count` on. Values can only be looked up again after hw_dictionary_clear.
 */
void hw_dictionary_truncate(struct hw_dictionary *dictionary, size_t count);
/* Least and greatest text among those that page `page` has; there is one at least. */
void hw_dictionary_range(const struct hw_dictionary *dictionary, uint32_t page, hw_view *out_least,
                         hw_view *out_greatest);
/* Appends the PLAIN encoding of all values. */
HW_NODISCARD enum hw_status hw_dictionary_encode(const struct hw_dictionary *dictionary, const struct hw_leaf *leaf,
                                                 struct hw_buf *out, struct hw_error *err);

#endif
