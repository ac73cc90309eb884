/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out whether an object still is the one that was looked at before. */
#ifndef HW_TRANSFER_FACTS_HOLD_H
#define HW_TRANSFER_FACTS_HOLD_H

#include "store/store.h"

/*
 * Looks at an object and compares it with its earlier facts; NULL: there was none. Objects with an
 * ETag are the same if that and their size are, others if size and time are. HW_ECHANGED where it
 * is another one; `side` names it in the error.
 */
HW_NODISCARD enum hw_status hw_facts_hold(struct hw_store *store, const char *key, const struct hw_object_info *facts,
                                          const char *side, struct hw_error *err);
/* Compares facts of an object with earlier ones, by the same rule. */
HW_NODISCARD enum hw_status hw_facts_compare(const struct hw_object_info *facts, const struct hw_object_info *now,
                                             const char *side, struct hw_error *err);

#endif
