/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pairs of several files, side by side: those of a key that stands several times in a file are
 * told apart by their order. Sources are added one after the other, and nothing but the first and
 * what is merged is kept of them. One thread at a time.
 */
#ifndef HW_OPTIMIZE_PAIR_TABLE_H
#define HW_OPTIMIZE_PAIR_TABLE_H

#include "core/buf.h"
#include "core/intern.h"
#include "optimize/pair_merger.h"

/* Start it zeroed, and release it, also where hw_pair_table_begin fails. */
struct hw_pair_table {
    struct hw_pairs_merging *merging;
    const char *before_key;
    /* Keys and values of all pairs of the first source that are in the output or may come there. */
    size_t bytes;
    /* The pairs of the first source, then those that it does not have. */
    struct hw_buf slots;
    size_t first_count;
    /* Keys, and where the pairs of each are. */
    struct hw_intern keys;
    struct hw_buf heads;
    /* Bytes of the keys that the first source does not have. */
    size_t more_bytes;
    /* There were too many of them to be told of. */
    bool more_untold;
};

void hw_pair_table_release(struct hw_pair_table *table);

/*
 * Begins with the pairs of the first source. `before_key` is put before keys in messages and where
 * they are left out; it is empty but for pairs within a schema of Arrow. Both are borrowed until
 * the release, as the merge is. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_pair_table_begin(struct hw_pair_table *table, struct hw_pairs_merging *merging,
                                                const struct hw_file_pairs *pairs, const char *before_key,
                                                struct hw_error *err);

/*
 * Adds the pairs of the next source, by its number; a source may be passed over, and has none of
 * the pairs then. Borrows the pairs for the call. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_pair_table_add(struct hw_pair_table *table, size_t source,
                                              const struct hw_file_pairs *pairs, struct hw_error *err);

/*
 * Makes the pairs of the output by the rule of the merge, in the order of the first source, once.
 * Adds those that are left out to the merge, of those that the first source does not have at most
 * HW_FILE_PAIRS_MAX. A value that grows beyond HW_FILE_PAIRS_BYTES_MAX bytes of all pairs is left
 * out too. Fails by HW_OPTIMIZE_METADATA_FAIL where anything would be left out: with HW_EDATA, or
 * the status of what cannot be written. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_pair_table_finish(struct hw_pair_table *table, struct hw_file_pairs *out_pairs,
                                                 struct hw_error *err);

#endif
