/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/rewrite_column.h"

/* Where the output has a column nullable that a source has not, levels count one more of them. */
static void levels_lift(const uint8_t *lifted, struct hw_leaf_rows *rows) {
    for (size_t i = 0; lifted && i < rows->defs.size; i++) {
        rows->defs.data[i] = lifted[rows->defs.data[i]];
    }
}

enum hw_status hw_rows_shape(const struct hw_rows_shaping *shaping, uint64_t row, struct hw_leaf_rows *rows,
                             struct hw_error *err) {
    const struct hw_rewrite_column *column = shaping->column;
    const struct hw_narrowing *narrowing = &shaping->leaf->narrowing;
    const bool widens = hw_narrow_widens(narrowing);
    levels_lift(shaping->leaf->lifted, rows);
    HW_TRY(column->mask.def > 0 ? hw_mask_rows(&column->mask, column->write->def_max, rows, err) : HW_OK);
    if (shaping->survey) {
        hw_narrow_survey_add(shaping->survey, rows, row);
    }
    if (widens) {
        shaping->see(shaping->ctx, rows);
    }
    HW_TRY(hw_narrow_values(narrowing, rows, err));
    if (!widens) {
        shaping->see(shaping->ctx, rows);
    }
    return HW_OK;
}
