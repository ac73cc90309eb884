/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/queue.h"

#include "core/alloc.h"
#include "core/clock.h"

enum {
    BUDGET_ASK_US = 50000, /* bytes that another queue gives back are seen so much later at most */
    ALONE_ASK_US = 100000, /* the same for a stop, and for what another queue has alone */
    KNOWN_ASK_US = 5000,   /* the same for a stop, and for what another worker has decided */
    SLOTS_MIN = 16,
};

/* ------ states */

enum hw_slot_state hw_slot_next(enum hw_slot_state state, enum hw_slot_event event) {
    enum { NONE = HW_SLOT_STATE_COUNT };
    static const uint8_t next[HW_SLOT_STATE_COUNT][HW_SLOT_EVENT_COUNT] = {
        /*                    claim            drop             end              accept           */
        [HW_SLOT_WAITING] = {HW_SLOT_RUNNING, NONE, NONE, NONE},
        [HW_SLOT_RUNNING] = {NONE, HW_SLOT_DROPPED, HW_SLOT_DONE, NONE},
        [HW_SLOT_DROPPED] = {NONE, HW_SLOT_DROPPED, HW_SLOT_WAITING, NONE},
        [HW_SLOT_DONE] = {NONE, HW_SLOT_WAITING, NONE, HW_SLOT_ACCEPTED},
        [HW_SLOT_ACCEPTED] = {NONE, NONE, NONE, NONE},
    };
    return (enum hw_slot_state)next[state][event];
}

static void stop_locked(struct hw_queue *queue, enum hw_status status, const struct hw_error *error) {
    if (!queue->stopped) {
        queue->synced.status = status;
        queue->synced.error = *error;
        queue->stopped = true;
    }
    pthread_cond_broadcast(&queue->synced.moved);
}

/*
 * Takes a slot to its next state. What the table does not allow is a fault of the program, and
 * stops the queue.
 */
static bool slot_move_locked(struct hw_queue *queue, size_t number, enum hw_slot_event event) {
    struct hw_slot *slot = &queue->synced.slots[number];
    const enum hw_slot_state next = hw_slot_next(slot->state, event);
    if (next == HW_SLOT_STATE_COUNT) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_set(&err, HW_EFAILED, "a part in state %d met event %d: this is a fault of the program",
                     (int)slot->state, (int)event);
        stop_locked(queue, HW_EFAILED, &err);
        return false;
    }
    slot->state = next;
    return true;
}

/* ------ life */

void hw_queue_init(struct hw_queue *queue, const struct hw_queue_options *options) {
    *queue = (struct hw_queue){.options = *options};
    queue->synced.handed_on = options->sequential;
    queue->synced.complete = !options->sequential;
    pthread_mutex_init(&queue->synced.lock, NULL);
    hw_clock_cond_init(&queue->synced.moved);
}

static void items_drop(struct hw_queue *queue, struct hw_slot *slot) {
    while (slot->first) {
        struct hw_queue_item *item = slot->first;
        slot->first = item->next;
        hw_budget_give_back(queue->options.budget, item->budget_bytes);
        queue->options.ops->item_free(item);
    }
    slot->last = NULL;
}

static void slots_drop(struct hw_queue *queue) {
    for (size_t i = 0; i < queue->synced.count; i++) {
        struct hw_slot *slot = &queue->synced.slots[i];
        items_drop(queue, slot);
        if (slot->result) {
            queue->options.ops->discard(queue->options.ctx, slot->result);
        }
        hw_free(slot->error);
    }
    queue->synced.count = 0;
}

void hw_queue_release(struct hw_queue *queue) {
    if (!queue->options.ops) {
        return;
    }
    slots_drop(queue);
    hw_free(queue->synced.slots);
    pthread_cond_destroy(&queue->synced.moved);
    pthread_mutex_destroy(&queue->synced.lock);
    *queue = (struct hw_queue){0};
}

void hw_queue_clear(struct hw_queue *queue, const struct hw_queue_options *options) {
    slots_drop(queue);
    queue->options = *options;
    queue->unwanted = false;
    queue->synced.next = queue->synced.turn = 0;
    queue->synced.handed_on = options->sequential;
    queue->synced.complete = !options->sequential;
    queue->synced.ended = false;
}

/* ------ claims */

static enum hw_status slot_add_locked(struct hw_queue *queue, const struct hw_slot *slot, struct hw_error *err) {
    if (queue->synced.count == queue->synced.capacity) {
        const size_t capacity = hw_max_size(SLOTS_MIN, queue->synced.capacity * 2);
        struct hw_slot *slots = hw_realloc_array(queue->synced.slots, capacity, sizeof(*slots));
        if (!slots) {
            return hw_fail_nomem(err, capacity * sizeof(*slots));
        }
        queue->synced.slots = slots;
        queue->synced.capacity = capacity;
    }
    queue->synced.slots[queue->synced.count++] = *slot;
    return HW_OK;
}

enum hw_status hw_queue_add(struct hw_queue *queue, bool exact, struct hw_error *err) {
    const struct hw_slot slot = {.start_state = exact ? HW_START_EXACT : HW_START_UNKNOWN};
    pthread_mutex_lock(&queue->synced.lock);
    enum hw_status status = slot_add_locked(queue, &slot, err);
    pthread_mutex_unlock(&queue->synced.lock);
    return status;
}

/* Makes the next slot of a sequential queue, where it can begin. */
static bool next_make_locked(struct hw_queue *queue) {
    const struct hw_slot slot = {.start_state = HW_START_EXACT};
    struct hw_error err = HW_ERROR_INIT;
    if (!queue->synced.handed_on) {
        return false;
    }
    enum hw_status status = slot_add_locked(queue, &slot, &err);
    if (status != HW_OK) {
        stop_locked(queue, status, &err);
        return false;
    }
    queue->synced.handed_on = false;
    return true;
}

static bool claim_locked(struct hw_queue *queue, struct hw_queue_claim *out_claim) {
    size_t i = queue->synced.next;
    while (i < queue->synced.count && queue->synced.slots[i].state != HW_SLOT_WAITING) {
        i++;
    }
    queue->synced.next = i;
    if (queue->options.in_turn && i != queue->synced.turn) {
        return false;
    }
    if (i == queue->synced.count && !next_make_locked(queue)) {
        return false;
    }
    const struct hw_slot *slot = &queue->synced.slots[i];
    *out_claim =
        (struct hw_queue_claim){.slot = i, .start_known = slot->start_state == HW_START_PROVED, .start = slot->start};
    queue->synced.next = i + 1;
    queue->synced.running++;
    return slot_move_locked(queue, i, HW_SLOT_CLAIM);
}

bool hw_queue_claim(struct hw_queue *queue, struct hw_queue_claim *out_claim) {
    pthread_mutex_lock(&queue->synced.lock);
    const bool claimed = !queue->stopped && !queue->synced.ended && claim_locked(queue, out_claim);
    pthread_mutex_unlock(&queue->synced.lock);
    return claimed;
}

bool hw_queue_all_claimed(struct hw_queue *queue) {
    pthread_mutex_lock(&queue->synced.lock);
    const bool all = queue->stopped || (queue->synced.complete && queue->synced.next >= queue->synced.count);
    pthread_mutex_unlock(&queue->synced.lock);
    return all;
}

bool hw_queue_over(struct hw_queue *queue) {
    pthread_mutex_lock(&queue->synced.lock);
    const bool over = queue->synced.running == 0 && (queue->stopped || queue->synced.ended);
    pthread_mutex_unlock(&queue->synced.lock);
    return over;
}

void hw_queue_hand_on(struct hw_queue *queue, bool last) {
    pthread_mutex_lock(&queue->synced.lock);
    queue->synced.handed_on = !last;
    queue->synced.complete = last;
    pthread_mutex_unlock(&queue->synced.lock);
}

/* ------ starts */

/* Throws away what a slot has made, so that it is claimed again. */
static void slot_reset_locked(struct hw_queue *queue, size_t number) {
    struct hw_slot *slot = &queue->synced.slots[number];
    items_drop(queue, slot);
    if (slot->result) {
        queue->options.ops->discard(queue->options.ctx, slot->result);
    }
    hw_free(slot->error);
    slot->result = NULL;
    slot->error = NULL;
    if (slot->start_state == HW_START_GUESSED) {
        slot->start_state = HW_START_UNKNOWN;
    }
    queue->synced.next = hw_min_size(queue->synced.next, number);
}

/* The turn has come to `start`: the slot there starts at it, or is made again. */
static void start_prove_locked(struct hw_queue *queue, size_t number, uint64_t start) {
    struct hw_slot *slot = &queue->synced.slots[number];
    const bool guessed = slot->start_state == HW_START_GUESSED;
    const bool right = guessed && slot->start == start;
    if (slot->start_state >= HW_START_PROVED || (slot->state == HW_SLOT_RUNNING && !guessed)) {
        return; /* a guess that is still to come is proved when it comes */
    }
    slot->start_state = HW_START_PROVED;
    slot->start = start;
    if (right || slot->state == HW_SLOT_WAITING) {
        return;
    }
    const bool done = slot->state == HW_SLOT_DONE;
    if (slot_move_locked(queue, number, HW_SLOT_DROP) && done) {
        slot_reset_locked(queue, number);
    }
}

void hw_queue_guess(struct hw_queue *queue, size_t number, uint64_t start) {
    pthread_mutex_lock(&queue->synced.lock);
    struct hw_slot *slot = &queue->synced.slots[number];
    if (slot->start_state == HW_START_UNKNOWN) {
        slot->start_state = HW_START_GUESSED;
        slot->start = start;
        if (queue->synced.turn == number && number > 0) {
            start_prove_locked(queue, number, queue->synced.slots[number - 1].end);
        }
    }
    pthread_mutex_unlock(&queue->synced.lock);
}

/* ------ items */

bool hw_queue_wants(struct hw_queue *queue, size_t number) {
    if (queue->options.ops->cancelled(queue->options.ctx)) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_set(&err, HW_ECANCELLED, "stopped before it was done");
        hw_queue_fail(queue, HW_ECANCELLED, &err);
        return false;
    }
    if (queue->stopped) {
        return false;
    }
    pthread_mutex_lock(&queue->synced.lock);
    const bool wanted = queue->synced.slots[number].state == HW_SLOT_RUNNING;
    pthread_mutex_unlock(&queue->synced.lock);
    return wanted;
}

/*
 * Writes an item, and gives back what it has taken of the budget. Only the worker whose turn it is
 * comes here.
 */
static enum hw_status item_write(struct hw_queue *queue, struct hw_queue_item *item, struct hw_error *err) {
    const size_t budget_bytes = item->budget_bytes;
    enum hw_status status = queue->options.ops->write(queue->options.ctx, item, err);
    hw_budget_give_back(queue->options.budget, budget_bytes);
    return status;
}

/* Writes what waits in a slot whose turn it is. The lock is let go while an item is written. */
static enum hw_status items_write_locked(struct hw_queue *queue, size_t number, struct hw_error *err) {
    enum hw_status status = HW_OK;
    struct hw_queue_item *item;
    while (status == HW_OK && (item = queue->synced.slots[number].first) != NULL) {
        struct hw_slot *slot = &queue->synced.slots[number];
        slot->first = item->next;
        slot->last = slot->first ? slot->last : NULL;
        pthread_mutex_unlock(&queue->synced.lock);
        status = item_write(queue, item, err);
        pthread_mutex_lock(&queue->synced.lock);
        pthread_cond_broadcast(&queue->synced.moved); /* bytes of the budget have come back */
    }
    return status;
}

/*
 * Returns true where nobody is at the slot whose turn it is: whoever waits for the turn must go and
 * claim it.
 */
static bool turn_unclaimed_locked(const struct hw_queue *queue) {
    const size_t turn = queue->synced.turn;
    return turn < queue->synced.count && queue->synced.slots[turn].state == HW_SLOT_WAITING;
}

/* Waits for room in the budget, or for the turn. False where the slot's worker must leave. */
static bool room_wait_locked(struct hw_queue *queue, size_t number, size_t bytes) {
    while (!queue->stopped && queue->synced.turn != number) {
        if (queue->synced.slots[number].state != HW_SLOT_RUNNING) {
            return false;
        }
        if (hw_budget_try(queue->options.budget, bytes)) {
            return true;
        }
        if (turn_unclaimed_locked(queue)) {
            slot_move_locked(queue, number, HW_SLOT_DROP);
            return false;
        }
        hw_clock_cond_wait(&queue->synced.moved, &queue->synced.lock, BUDGET_ASK_US);
    }
    return !queue->stopped && queue->synced.slots[number].state == HW_SLOT_RUNNING;
}

static enum hw_status left(struct hw_error *err) {
    return hw_fail(err, HW_ECANCELLED, "stopped");
}

enum hw_status hw_queue_offer(struct hw_queue *queue, size_t number, struct hw_queue_item *item, struct hw_error *err) {
    pthread_mutex_lock(&queue->synced.lock);
    const bool wanted = room_wait_locked(queue, number, item->held_bytes);
    const bool turn = queue->synced.turn == number;
    enum hw_status status = wanted ? HW_OK : left(err);
    item->budget_bytes = wanted && !turn ? item->held_bytes : 0;
    item->next = NULL;
    if (wanted && !turn && !queue->unwanted) {
        struct hw_slot *slot = &queue->synced.slots[number];
        *(slot->last ? &slot->last->next : &slot->first) = item;
        slot->last = item;
        item = NULL;
    } else if (wanted && turn && !queue->unwanted) {
        status = items_write_locked(queue, number, err);
    }
    const bool write = status == HW_OK && item && !queue->unwanted;
    pthread_mutex_unlock(&queue->synced.lock);
    if (write) {
        return item_write(queue, item, err);
    }
    if (item) {
        hw_budget_give_back(queue->options.budget, item->budget_bytes);
        queue->options.ops->item_free(item);
    }
    return status;
}

enum hw_status hw_queue_alone(struct hw_queue *queue, size_t number, struct hw_error *err) {
    bool alone = false;
    while (!alone && hw_queue_wants(queue, number)) {
        pthread_mutex_lock(&queue->synced.lock);
        struct hw_slot *slot = &queue->synced.slots[number];
        const bool turn = queue->synced.turn == number;
        alone = slot->alone || (turn && hw_budget_try(queue->options.alone, 1));
        slot->alone = alone;
        if (!turn && turn_unclaimed_locked(queue)) {
            slot_move_locked(queue, number, HW_SLOT_DROP);
        } else if (!alone) {
            hw_clock_cond_wait(&queue->synced.moved, &queue->synced.lock, ALONE_ASK_US);
        }
        pthread_mutex_unlock(&queue->synced.lock);
    }
    return alone ? HW_OK : left(err);
}

enum hw_status hw_queue_known(struct hw_queue *queue, size_t number, const atomic_int *known, struct hw_error *err) {
    bool goes_on = false;
    while (!goes_on && hw_queue_wants(queue, number)) {
        pthread_mutex_lock(&queue->synced.lock);
        goes_on = queue->synced.turn == number || atomic_load(known) != 0;
        if (!goes_on && turn_unclaimed_locked(queue)) {
            slot_move_locked(queue, number, HW_SLOT_DROP);
        } else if (!goes_on) {
            hw_clock_cond_wait(&queue->synced.moved, &queue->synced.lock, KNOWN_ASK_US);
        }
        pthread_mutex_unlock(&queue->synced.lock);
    }
    return goes_on ? HW_OK : left(err);
}

bool hw_queue_last(struct hw_queue *queue, size_t number) {
    pthread_mutex_lock(&queue->synced.lock);
    const bool last = queue->synced.complete && number + 1 == queue->synced.count;
    pthread_mutex_unlock(&queue->synced.lock);
    return last;
}

/* ------ ends */

/* Takes a slot that has its turn, and is done, behind the turn. False where the turn stays. */
static bool slot_accept_locked(struct hw_queue *queue, size_t number) {
    const struct hw_queue_ops *ops = queue->options.ops;
    const bool last = queue->synced.complete && number + 1 == queue->synced.count;
    struct hw_slot *slot = &queue->synced.slots[number];
    struct hw_error err = HW_ERROR_INIT;
    bool unwanted = queue->unwanted;
    enum hw_status status = HW_OK;
    if (slot->error) {
        err = *slot->error;
        status = err.status;
    } else if (!unwanted) {
        status = items_write_locked(queue, number, &err);
    }
    slot = &queue->synced.slots[number]; /* slots may have moved meanwhile */
    void *result = slot->result;
    slot->result = NULL;
    pthread_mutex_unlock(&queue->synced.lock);
    if (status == HW_OK) {
        status = ops->accept(queue->options.ctx, result, last, &unwanted, &err);
    } else if (result) {
        ops->place_error(queue->options.ctx, result, &err);
        ops->discard(queue->options.ctx, result);
    }
    pthread_mutex_lock(&queue->synced.lock);
    queue->unwanted = unwanted;
    if (status != HW_OK) {
        stop_locked(queue, status, &err);
        return false;
    }
    return slot_move_locked(queue, number, HW_SLOT_ACCEPT);
}

/* The slot whose turn it is may be done: takes the turn on, as far as slots are. */
static void turn_advance_locked(struct hw_queue *queue) {
    while (!queue->stopped && queue->synced.turn < queue->synced.count) {
        const size_t number = queue->synced.turn;
        if (queue->synced.slots[number].state != HW_SLOT_DONE || !slot_accept_locked(queue, number)) {
            return;
        }
        items_drop(queue, &queue->synced.slots[number]);
        queue->synced.turn = number + 1;
        queue->synced.ended = queue->synced.complete && number + 1 == queue->synced.count;
        if (number + 1 < queue->synced.count) {
            start_prove_locked(queue, number + 1, queue->synced.slots[number].end);
        }
        pthread_cond_broadcast(&queue->synced.moved);
    }
}

/* Keeps a slot's error; where there is no memory to keep it, the queue stops with it at once. */
static void error_keep_locked(struct hw_queue *queue, struct hw_slot *slot, const struct hw_queue_end *end) {
    slot->error = hw_alloc(sizeof(*slot->error));
    if (slot->error) {
        *slot->error = *end->error;
        slot->error->status = end->status;
    } else {
        stop_locked(queue, end->status, end->error);
    }
}

void hw_queue_end(struct hw_queue *queue, size_t number, const struct hw_queue_end *end) {
    pthread_mutex_lock(&queue->synced.lock);
    struct hw_slot *slot = &queue->synced.slots[number];
    queue->synced.running--;
    if (slot->alone) {
        hw_budget_give_back(queue->options.alone, 1);
        slot->alone = false;
    }
    slot->result = end->result;
    slot->end = end->end;
    if (end->status != HW_OK) {
        error_keep_locked(queue, slot, end);
    }
    slot_move_locked(queue, number, HW_SLOT_END);
    if (slot->state == HW_SLOT_WAITING) {
        slot_reset_locked(queue, number);
    }
    if (queue->synced.turn == number) {
        turn_advance_locked(queue);
    }
    pthread_cond_broadcast(&queue->synced.moved);
    pthread_mutex_unlock(&queue->synced.lock);
}

void hw_queue_fail(struct hw_queue *queue, enum hw_status status, const struct hw_error *error) {
    pthread_mutex_lock(&queue->synced.lock);
    stop_locked(queue, status, error);
    pthread_mutex_unlock(&queue->synced.lock);
}

enum hw_status hw_queue_status(struct hw_queue *queue, struct hw_error *err) {
    return queue->synced.status == HW_OK ? HW_OK : hw_error_pass(err, queue->synced.status, &queue->synced.error);
}
