/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the contents of buffers from outside are what their type asks for, as far as that can be
 * seen.
 */
#ifndef HW_TABLE_ARROW_CHECK_H
#define HW_TABLE_ARROW_CHECK_H

#include "core/error.h"
#include "table/batch.h"

/*
 * Checks whatever of the following the field's kind has, and that children have as many slots as
 * the column reaches to, else HW_EDATA; HW_ELIMIT where that cannot be counted. What is in the
 * children, or in a dictionary, is not looked at.
 */
HW_NODISCARD enum hw_status hw_arrow_contents_check(const struct hw_field *field, const struct hw_column *column,
                                                    struct hw_error *err);
/*
 * HW_EDATA where offsets of the column's slots fall, are negative or reach beyond `limit` (of a
 * child; INT64_MAX for bytes, whose number nobody tells). `*out_end` is where the last slot ends.
 * There is an offset at least.
 */
HW_NODISCARD enum hw_status hw_arrow_offsets_check(const struct hw_column *column, int64_t limit, int64_t *out_end,
                                                   struct hw_error *err);
/* HW_EDATA where a text that is not null is not UTF-8. */
HW_NODISCARD enum hw_status hw_arrow_texts_check(const struct hw_column *column, struct hw_error *err);
/* HW_EDATA where an index that is not null is not in its dictionary. */
HW_NODISCARD enum hw_status hw_arrow_indices_check(enum hw_kind index, const struct hw_column *column,
                                                   struct hw_error *err);
/* HW_EDATA where a decimal that is not null has more digits than its type. */
HW_NODISCARD enum hw_status hw_arrow_decimals_check(struct hw_type type, const struct hw_column *column,
                                                    struct hw_error *err);

#endif
