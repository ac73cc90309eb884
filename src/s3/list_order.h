/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts the entries of a listing in order, for directory buckets, which list in none. Entries that
 * do not fit into little memory wait in a file without a name. One thread at a time.
 */
#ifndef HW_S3_LIST_ORDER_H
#define HW_S3_LIST_ORDER_H

#include "core/record_sorter.h"
#include "s3/list_page.h"

/* Start it with the first two, and the rest zeroed. */
struct hw_s3_list_order {
    /* Entries that do not begin with it are left out. Borrowed. */
    const char *prefix;
    /* Objects up to this key are left out; NULL for none. Borrowed. */
    const char *start_after;
    struct hw_record_sorter records;
    /* The entry that was put last. */
    struct hw_buf record;
};

/* Adds an entry, and copies its texts: a hw_s3_entry_fn for a `struct hw_s3_list_order *`. */
HW_NODISCARD enum hw_status hw_s3_list_order_put(void *order, const struct hw_s3_entry *entry, struct hw_error *err);
/*
 * Calls `each` for all entries, in the order of the bytes of their keys. HW_EPROTOCOL if a key
 * comes twice.
 */
HW_NODISCARD enum hw_status hw_s3_list_order_hand_out(struct hw_s3_list_order *order, hw_s3_entry_fn *each, void *ctx,
                                                      struct hw_error *err);
void hw_s3_list_order_release(struct hw_s3_list_order *order);

#endif
