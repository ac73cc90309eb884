/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/indices.h"

#include "parquet/pack.h"
#include "parquet/rle.h"

/* Whole bytes that leave more than this of narrow indices are not worth unpacking them. */
static const double whole_worth = 0.98;

static enum hw_status whole_try(const struct hw_indices *indices, struct hw_scratch *scratch, bool *out_whole,
                                struct hw_error *err);

static unsigned narrow_bits(const struct hw_indices *indices) {
    return hw_bit_width(indices->keys - 1);
}

static unsigned whole_bytes(const struct hw_indices *indices) {
    return (narrow_bits(indices) + 7) / 8;
}

bool hw_indices_whole_pays(double whole_bytes, double narrow_bytes) {
    return whole_bytes < whole_worth * narrow_bytes;
}

enum hw_status hw_indices_encode(const struct hw_indices *indices, bool whole, struct hw_buf *out,
                                 struct hw_error *err) {
    const unsigned width = whole ? 8 * whole_bytes(indices) : narrow_bits(indices);

    HW_TRY(hw_buf_append_byte(out, (uint8_t)width, err));
    return hw_rle_encode(indices->values, indices->count, width, out, err);
}

enum hw_status hw_indices_put(struct hw_index_widths *widths, const struct hw_indices *indices,
                              struct hw_scratch *scratch, bool packs, bool *out_whole, struct hw_error *err) {
    const unsigned bytes = whole_bytes(indices);
    const bool possible = packs && bytes * 8 > narrow_bits(indices);

    if (possible && (widths->tried >> bytes & 1) == 0) {
        bool whole;
        HW_TRY(whole_try(indices, scratch, &whole, err));
        widths->tried |= (uint8_t)(1u << bytes);
        widths->whole |= (uint8_t)(whole << bytes);
    }
    *out_whole = possible && (widths->whole >> bytes & 1) != 0;
    return hw_indices_encode(indices, *out_whole, &scratch->page, err);
}

static enum hw_status whole_try(const struct hw_indices *indices, struct hw_scratch *scratch, bool *out_whole,
                                struct hw_error *err) {
    size_t bytes[2];

    for (unsigned whole = 0; whole < 2; whole++) {
        hw_buf_clear(&scratch->trial);
        HW_TRY(hw_indices_encode(indices, whole != 0, &scratch->trial, err));
        HW_TRY(hw_scratch_pack(scratch, hw_buf_view(&scratch->trial), 0, err));
        bytes[whole] = hw_min_size(scratch->trial.size, scratch->packed.size);
    }
    if (scratch->steps.entropy > 0) {
        HW_TRY(hw_scratch_pack(scratch, hw_buf_view(&scratch->trial), scratch->steps.entropy, err));
        bytes[1] = hw_min_size(bytes[1], scratch->packed.size);
    }
    *out_whole = hw_indices_whole_pays((double)bytes[1], (double)bytes[0]);
    return HW_OK;
}
