/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/mask.h"

enum hw_status hw_mask_rows(const struct hw_mask *mask, uint8_t def_max, struct hw_leaf_rows *rows,
                            struct hw_error *err) {
    const uint8_t null = (uint8_t)(mask->def - 1);
    const size_t count = rows->entries;
    const bool written_out = rows->defs.size > 0;
    const int32_t zero = 0;
    size_t kept = 0;
    HW_TRY(hw_buf_resize(&rows->defs, count, err));
    for (size_t i = 0; i < count; i++) {
        const uint8_t rep = rows->reps.size > 0 ? rows->reps.data[i] : 0;
        const uint8_t def = written_out ? rows->defs.data[i] : def_max;
        if (rep > mask->rep) {
            continue;
        }
        rows->defs.data[kept] = def < null ? def : null;
        if (rows->reps.size > 0) {
            rows->reps.data[kept] = rep;
        }
        kept++;
    }
    rows->entries = kept;
    rows->defs.size = kept;
    rows->reps.size = rows->reps.size > 0 ? kept : 0;
    rows->count = 0;
    hw_buf_clear(&rows->values);
    hw_buf_clear(&rows->data);
    hw_buf_clear(&rows->offsets);
    return hw_buf_append(&rows->offsets, &zero, sizeof(zero), err);
}
