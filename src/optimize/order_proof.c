/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/order_proof.h"

#include "core/alloc.h"

enum { NUMBERS_AT_ONCE = 4096 };

static enum hw_status stable_check(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                   struct hw_error *err);
static enum hw_status before_set(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                 struct hw_error *err);

void hw_order_proof_release(struct hw_order_proof *proof) {
    for (size_t i = 0; proof->before && i < proof->count; i++) {
        hw_buf_release(&proof->before[i]);
    }
    hw_free(proof->before);
    proof->before = NULL;
    hw_run_rows_bench_release(&proof->bench);
}

static enum hw_status order_wrong(struct hw_error *err) {
    return hw_fail(err, HW_EDATA, "the proof of the order of the rows fails, please report this as a bug");
}

enum hw_status hw_order_proof_group(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                    size_t *out_sorted, struct hw_error *err) {
    const bool joined = proof->sorted && proof->rows > 0;
    const size_t sorted = hw_order_marks_sorted(marks, joined ? proof->before : NULL, proof->count);
    if (proof->sorted) {
        HW_TRY(sorted < proof->count ? order_wrong(err) : stable_check(proof, marks, err));
        HW_TRY(before_set(proof, marks, err));
    }
    proof->rows += proof->count > 0 ? marks[0].rows : 0;
    *out_sorted = sorted;
    return HW_OK;
}

/* Returns whether a row is equal to the one before, which may be of the row group before. */
static bool is_equal(const struct hw_order_proof *proof, const struct hw_order_marks *marks, uint64_t row) {
    bool equal = proof->rows > 0;
    if (row > 0) {
        return hw_order_marks_equal(marks, proof->count, row);
    }
    for (size_t i = 0; i < proof->count && equal; i++) {
        equal = hw_view_equal(hw_buf_view(&marks[i].first), hw_buf_view(&proof->before[i]));
    }
    return equal;
}

static enum hw_status stable_check(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                   struct hw_error *err) {
    const uint64_t rows = marks[0].rows;
    HW_TRY(hw_run_numbers_begin(&proof->sorted->order, proof->sorted->spill, proof->rows, &proof->bench, err));
    for (uint64_t at = 0; at < rows;) {
        const size_t step = (size_t)hw_clamp(rows - at, 0, NUMBERS_AT_ONCE);
        HW_TRY(hw_run_numbers_next(step, &proof->bench, err));
        const uint64_t *numbers = (const uint64_t *)(const void *)proof->bench.numbers.data;
        for (size_t i = 0; i < step; i++) {
            if (numbers[i] <= proof->number && is_equal(proof, marks, at + i)) {
                return order_wrong(err);
            }
            proof->number = numbers[i];
        }
        at += step;
    }
    return HW_OK;
}

static enum hw_status before_set(struct hw_order_proof *proof, const struct hw_order_marks *marks,
                                 struct hw_error *err) {
    proof->before = proof->before ? proof->before : hw_alloc_zero(proof->count, sizeof(*proof->before));
    if (!proof->before) {
        return hw_fail_nomem(err, proof->count * sizeof(*proof->before));
    }
    for (size_t i = 0; i < proof->count; i++) {
        const hw_view last = hw_buf_view(&marks[i].last);
        hw_buf_clear(&proof->before[i]);
        HW_TRY(hw_buf_append(&proof->before[i], last.data, last.size, err));
    }
    return HW_OK;
}
