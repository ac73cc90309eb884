/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that a run gives to objects, and which of them cannot be together: one name twice, and
 * a file whose name is that of a folder of another one. Memory does not grow with the number of
 * names of one listing that is in order; else they are remembered as hashes. One thread at a time.
 */
#ifndef HW_TRANSFER_NAMES_H
#define HW_TRANSFER_NAMES_H

#include <locale.h>

#include "core/buf.h"
#include "core/hash_set.h"

/* Start it with the first three filled in and the rest zeroed. */
struct hw_transfer_names {
    /* Names come from several listings, so that all have to be remembered (as hashes). */
    bool several;
    /* The names are those of a bucket, where `a` and `a/b` can be together. */
    bool flat;
    /* Names come in any order. */
    bool unordered;
    /* The names so far, and where they are unordered also the folders that they need. */
    struct hw_hash_set seen;
    struct hw_hash_set folders;
    /* Set by hw_transfer_names_fold. */
    bool folded;
    locale_t locale;
    /* The last name. The names before it that it begins with are told by their lengths. */
    struct hw_buf last;
    size_t *lengths;
    size_t lengths_count;
    size_t lengths_capacity;
};

/*
 * Takes names that differ only in case for one, as some file systems do. All names are remembered
 * then. Called before the first is added.
 */
void hw_transfer_names_fold(struct hw_transfer_names *names);
/*
 * Adds a name; those of one listing come in the order of their bytes, unless they are unordered.
 * HW_EUNSUPPORTED where it cannot be together with one that was added; it is not added then.
 */
HW_NODISCARD enum hw_status hw_transfer_names_add(struct hw_transfer_names *names, const char *name,
                                                  struct hw_error *err);
/* Says that names of another listing follow. */
void hw_transfer_names_next(struct hw_transfer_names *names);
void hw_transfer_names_release(struct hw_transfer_names *names);

#endif
