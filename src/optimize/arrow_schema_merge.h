/* SPDX-License-Identifier: Apache-2.0 */
/* The key `ARROW:schema` of several files: the schema that all of their rows fit. */
#ifndef HW_OPTIMIZE_ARROW_SCHEMA_MERGE_H
#define HW_OPTIMIZE_ARROW_SCHEMA_MERGE_H

#include "optimize/pair_merger.h"

/*
 * Makes a merger, a `make` of hw_pair_kind. Fields become nullable, at any depth, where those of
 * any source are. The metadata of the schema is merged as that of files is, and what is left out of
 * it is told with `ARROW:schema: ` before its key. All else has to be the same, however the message
 * is laid out. The value stays as it is where nothing of it changes. Beside what hw_pair_kind says,
 * fails as hw_arrow_message_decode does.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_merger_make(struct hw_pairs_merging *merging, const char *before_key,
                                                        hw_view value, struct hw_pair_merger **out_merger,
                                                        struct hw_error *err);

#endif
