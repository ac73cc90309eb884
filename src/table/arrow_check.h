/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks the contents of buffers that come from outside against their type, as far as that can be
 * done: nobody tells how many bytes a buffer has.
 */
#ifndef HW_TABLE_ARROW_CHECK_H
#define HW_TABLE_ARROW_CHECK_H

#include "core/error.h"
#include "table/batch.h"

/*
 * Checks what the field's kind has of the following, and that children have as many slots as the
 * column reaches to. Fails with HW_EDATA, and with HW_ELIMIT where the slots cannot be counted.
 * Neither the values of children nor those of a dictionary are looked at.
 */
HW_NODISCARD enum hw_status hw_arrow_contents_check(const struct hw_field *field, const struct hw_column *column,
                                                    struct hw_error *err);
/*
 * Fails with HW_EDATA where offsets of the column's slots fall, are negative or reach beyond
 * `limit`, the length of a child; INT64_MAX for bytes, whose number is not known. `*out_end` is
 * where the last slot ends. The column must have at least one offset.
 */
HW_NODISCARD enum hw_status hw_arrow_offsets_check(const struct hw_column *column, int64_t limit, int64_t *out_end,
                                                   struct hw_error *err);

/* Fails with HW_EDATA where a text that is not null is not UTF-8. */
HW_NODISCARD enum hw_status hw_arrow_texts_check(const struct hw_column *column, struct hw_error *err);

/* Fails with HW_EDATA where an index that is not null is not in its dictionary. */
HW_NODISCARD enum hw_status hw_arrow_indices_check(enum hw_kind index, const struct hw_column *column,
                                                   struct hw_error *err);

/* Fails with HW_EDATA where a decimal that is not null has more digits than its type allows. */
HW_NODISCARD enum hw_status hw_arrow_decimals_check(struct hw_type type, const struct hw_column *column,
                                                    struct hw_error *err);

#endif
