/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that a run gives to objects, and which of them cannot be together: one name twice, and
 * a file whose name is that of a folder of another one. Memory does not grow with the number of
 * names of one listing. One thread at a time.
 */
#ifndef HW_TRANSFER_NAMES_H
#define HW_TRANSFER_NAMES_H

#include "core/buf.h"
#include "core/hash_set.h"

/* Start it with the first two filled in and the rest zeroed. */
struct hw_transfer_names {
    /* Names come from several listings, so that all have to be remembered (as hashes). */
    bool several;
    /* The names are those of a bucket, where `a` and `a/b` can be together. */
    bool flat;
    struct hw_hash_set seen;
    /* The last name. The names before it that it begins with are told by their lengths. */
    struct hw_buf last;
    size_t *lengths;
    size_t lengths_count;
    size_t lengths_capacity;
};

/*
 * Adds a name; those of one listing come in the order of their bytes.
 * HW_EUNSUPPORTED where it cannot be together with one that was added; it is not added then.
 */
HW_NODISCARD enum hw_status hw_transfer_names_add(struct hw_transfer_names *names, const char *name,
                                                  struct hw_error *err);
/* Says that names of another listing follow. */
void hw_transfer_names_next(struct hw_transfer_names *names);
void hw_transfer_names_release(struct hw_transfer_names *names);

#endif
