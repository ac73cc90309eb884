/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listing that is read entry by entry, while a thread of its own fetches what follows. So two of
 * them can be compared, however long they are. One thread at a time reads.
 */
#ifndef HW_TRANSFER_LISTING_H
#define HW_TRANSFER_LISTING_H

#include "objects/expand.h"

struct hw_listing;

/* Starts to list what a folder or a prefix has. `expand` and `filter` are borrowed. */
HW_NODISCARD enum hw_status hw_listing_start(const struct hw_expand *expand, const struct hw_filter *filter,
                                             struct hw_listing **out_listing, struct hw_error *err);
/*
 * Hands out the next object, which stays until the next call; at the end its name is NULL. A
 * listing that fails does so in place of its end, and so does one that is not in the order of its
 * keys, because two of those cannot be compared. None at all is no fault.
 */
HW_NODISCARD enum hw_status hw_listing_next(struct hw_listing *listing, struct hw_expanded *out_object,
                                            struct hw_error *err);
/*
 * Returns, once the end was handed out, whether there was any object, also one that was filtered
 * out.
 */
bool hw_listing_some(const struct hw_listing *listing);
/* Ends the listing, also in the middle, and frees it. Accepts NULL. */
void hw_listing_free(struct hw_listing *listing);

#endif
