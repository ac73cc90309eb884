/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue at a desk: its items are numbers, and the desk keeps what was written, accepted and
 * thrown away.
 */
#ifndef HW_TESTS_QUEUE_DESK_H
#define HW_TESTS_QUEUE_DESK_H

#include "pipeline/queue.h"

#include <stdlib.h>

#include "support/rows.h"

enum { WRITTEN_MAX = 4096, ITEM_BYTES = 10 };

struct item {
    struct hw_queue_item base;
    uint64_t value;
};

/* What a slot came to: how far it has read. */
struct result {
    uint64_t units;
};

/* A queue, and what was done with it. */
struct desk {
    struct hw_queue queue;
    struct hw_budget budget;
    struct hw_budget alone;
    uint64_t written[WRITTEN_MAX];
    size_t written_count;
    uint64_t accepted; /* units */
    uint64_t discarded;
    uint64_t void_from; /* units from which on no items are wanted; 0: never */
    uint64_t fail_at;   /* the item that cannot be written; 0: none */
    atomic_bool cancelled;
    bool saw_last;
};

static atomic_size_t items_freed;

static inline enum hw_status item_write(void *ctx, struct hw_queue_item *item, struct hw_error *err) {
    struct desk *desk = ctx;
    const uint64_t value = ((struct item *)item)->value;
    free(item);
    if (desk->fail_at == value && value != 0) {
        return hw_fail(err, HW_EIO, "the disk is full");
    }
    assert_true(desk->written_count < WRITTEN_MAX);
    desk->written[desk->written_count++] = value;
    return HW_OK;
}

static inline void item_free(struct hw_queue_item *item) {
    atomic_fetch_add(&items_freed, 1);
    free(item);
}

static inline enum hw_status result_accept(void *ctx, void *result, bool last, bool *out_void, struct hw_error *err) {
    struct desk *desk = ctx;
    desk->accepted += ((struct result *)result)->units;
    desk->saw_last |= last;
    *out_void |= desk->void_from > 0 && desk->accepted >= desk->void_from;
    free(result);
    return desk->accepted > 1000000 ? hw_fail(err, HW_EDATA, "too much") : HW_OK;
}

static inline void result_discard(void *ctx, void *result) {
    ((struct desk *)ctx)->discarded += ((struct result *)result)->units;
    free(result);
}

static inline void error_place(void *ctx, const void *result, struct hw_error *error) {
    (void)result;
    error->line += (int64_t)((struct desk *)ctx)->accepted;
}

static inline bool desk_cancelled(void *ctx) {
    return ((struct desk *)ctx)->cancelled;
}

static const struct hw_queue_ops ops = {item_write,     item_free,   result_accept,
                                        result_discard, error_place, desk_cancelled};

static inline struct hw_queue_options desk_options(struct desk *desk) {
    return (struct hw_queue_options){.ops = &ops, .ctx = desk, .budget = &desk->budget, .alone = &desk->alone};
}

static inline void desk_open(struct desk *desk, size_t slots, uint64_t budget_bytes) {
    *desk = (struct desk){0};
    atomic_store(&items_freed, 0);
    hw_budget_init(&desk->budget, budget_bytes);
    hw_budget_init(&desk->alone, 1);
    const struct hw_queue_options options = desk_options(desk);
    hw_queue_init(&desk->queue, &options);
    for (size_t i = 0; i < slots; i++) {
        assert_int_equal(hw_queue_add(&desk->queue, i == 0, NULL), HW_OK);
    }
}

/* Everything that was lent is given back. */
static inline void desk_close(struct desk *desk) {
    hw_queue_release(&desk->queue);
    assert_int_equal(hw_budget_held(&desk->budget), 0);
    assert_int_equal(hw_budget_held(&desk->alone), 0);
    hw_budget_release(&desk->budget);
    hw_budget_release(&desk->alone);
}

static inline enum hw_status offer(struct desk *desk, size_t slot, uint64_t value) {
    struct item *item = calloc(1, sizeof(*item));
    assert_non_null(item);
    item->base.held_bytes = ITEM_BYTES;
    item->value = value;
    return hw_queue_offer(&desk->queue, slot, &item->base, NULL);
}

static inline void claim_all(struct desk *desk, size_t slots) {
    struct hw_queue_claim claim;
    for (size_t i = 0; i < slots; i++) {
        assert_true(hw_queue_claim(&desk->queue, &claim));
        assert_int_equal(claim.slot, i);
        assert_false(claim.start_known);
    }
    assert_true(hw_queue_all_claimed(&desk->queue)); /* also before anybody has asked in vain */
    assert_false(hw_queue_claim(&desk->queue, &claim));
}

/* Ends a slot that has read the units from `start` on. */
static inline void end(struct desk *desk, size_t slot, uint64_t start, uint64_t units) {
    struct result *result = calloc(1, sizeof(*result));
    assert_non_null(result);
    result->units = units;
    hw_queue_end(&desk->queue, slot, &(struct hw_queue_end){.end = start + units, .result = result});
}

static inline void end_failed(struct desk *desk, size_t slot, enum hw_status status, const char *message) {
    struct hw_error error = HW_ERROR_INIT;
    struct result *result = calloc(1, sizeof(*result));
    assert_non_null(result);
    hw_error_set(&error, status, "%s", message);
    error.line = 3;
    hw_queue_end(&desk->queue, slot, &(struct hw_queue_end){.result = result, .status = status, .error = &error});
}

#endif
