/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue: puts what several workers make at once back in order. It knows neither formats nor
 * files.
 *
 * Work is divided in slots, numbered from 0. Workers claim slots in order, and offer items while
 * they work on them. Exactly one slot has its turn: its items are written at once, by whoever
 * offers them, while the items of all later slots wait in memory that a budget lends. When the slot
 * whose turn it is has ended, the turn goes to the next.
 *
 * Where a slot starts may be a guess of its worker. The turn proves it: a slot must start where the
 * one before it has ended. If it does not, its items and its result are thrown away, and it is
 * claimed again, from its true start.
 *
 * Any thread may call these functions, unless one says otherwise. A queue has one lock. Whoever
 * holds it may take a budget's, and no other. Of the callbacks, only `item_free` and `discard` are
 * called while it is held.
 */
#ifndef HW_PIPELINE_QUEUE_H
#define HW_PIPELINE_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/budget.h"
#include "core/error.h"

/* An item that workers offer. Their own struct begins with it. */
struct hw_queue_item {
    struct hw_queue_item *next;
    size_t held_bytes;   /* of memory, set by who offers it */
    size_t budget_bytes; /* of these, what the queue has taken of its budget */
};

struct hw_queue_ops {
    /* Writes an item, which it takes. One at a time, in order. */
    enum hw_status (*write)(void *ctx, struct hw_queue_item *item, struct hw_error *err);
    void (*item_free)(struct hw_queue_item *item);
    /*
     * Accepts, in order, what a slot came to, and takes it. `*out_void` is set where no items are
     * wanted any more, of this slot or of later ones. `last`: no slot comes after it.
     */
    enum hw_status (*accept)(void *ctx, void *result, bool last, bool *out_void, struct hw_error *err);
    /* Takes the result (never NULL) of a slot that is thrown away. */
    void (*discard)(void *ctx, void *result);
    /*
     * Completes the error of a slot whose turn it is: only now is it known how much stands before
     * it.
     */
    void (*place_error)(void *ctx, const void *result, struct hw_error *error);
    /* Returns true where everything is to stop. */
    bool (*cancelled)(void *ctx);
};

struct hw_queue_options {
    const struct hw_queue_ops *ops;
    void *ctx;
    struct hw_budget *budget; /* for items that wait */
    struct hw_budget *alone;  /* of 1: what hw_queue_alone takes */
    /* The number of slots is not known: each is handed on by the one before it. */
    bool sequential;
    bool in_turn; /* A slot may be claimed only when it is its turn. */
};

enum hw_slot_state {
    HW_SLOT_WAITING,  /* to be claimed */
    HW_SLOT_RUNNING,  /* a worker is at it */
    HW_SLOT_DROPPED,  /* a worker is at it, but what it makes is not wanted */
    HW_SLOT_DONE,     /* it waits for its turn */
    HW_SLOT_ACCEPTED, /* it is behind the turn */
    HW_SLOT_STATE_COUNT,
};

enum hw_slot_event { HW_SLOT_CLAIM, HW_SLOT_DROP, HW_SLOT_END, HW_SLOT_ACCEPT, HW_SLOT_EVENT_COUNT };

/* Returns the state that follows, or HW_SLOT_STATE_COUNT where that event cannot be. */
enum hw_slot_state hw_slot_next(enum hw_slot_state state, enum hw_slot_event event);

enum hw_slot_start {
    HW_START_UNKNOWN,
    HW_START_GUESSED,
    HW_START_PROVED,
    HW_START_EXACT, /* It depends on no other slot. */
};

struct hw_slot {
    enum hw_slot_state state;
    enum hw_slot_start start_state;
    uint64_t start;
    uint64_t end;                       /* once it is done */
    bool alone;                         /* Its worker has taken options.alone. */
    void *result;                       /* once it is done */
    struct hw_queue_item *first, *last; /* that wait */
    struct hw_error *error;             /* NULL unless it has failed */
};

struct hw_queue {
    struct hw_queue_options options;
    /* It has failed or was cancelled: workers leave. Set under the lock, read without. */
    atomic_bool stopped;
    atomic_bool unwanted; /* No items are wanted any more. Set under the lock, read without. */
    struct {
        pthread_mutex_t lock;
        /* the turn, a failure, the end, or bytes of the budget that came back */
        pthread_cond_t moved;
        struct hw_slot *slots;
        size_t count; /* of a sequential queue: so far */
        size_t capacity;
        size_t next; /* first slot that may be waiting */
        size_t turn;
        size_t running; /* slots that workers are at */
        bool handed_on; /* Sequential: the next slot can begin. */
        bool complete;  /* The number of slots is known. */
        bool ended;     /* The turn has gone past the last slot. */
        enum hw_status status;
        struct hw_error error;
    } synced;
};

/* A slot that a worker has claimed. */
struct hw_queue_claim {
    size_t slot;
    bool start_known; /* `start` was proved: the worker must not guess */
    uint64_t start;
};

/* Borrows what the options name. */
void hw_queue_init(struct hw_queue *queue, const struct hw_queue_options *options);
/* Throws everything away. No worker may be at a slot. */
void hw_queue_release(struct hw_queue *queue);
/*
 * Throws everything away, and begins again without slots. No worker may be at a slot, and the queue
 * has not failed.
 */
void hw_queue_clear(struct hw_queue *queue, const struct hw_queue_options *options);

/*
 * Adds a slot. `exact`: where it starts depends on no other. Before any is claimed, and not to a
 * sequential queue.
 */
HW_NODISCARD enum hw_status hw_queue_add(struct hw_queue *queue, bool exact, struct hw_error *err);

/* Claims a slot. Returns false where there is none at present. */
bool hw_queue_claim(struct hw_queue *queue, struct hw_queue_claim *out_claim);
/* Returns true where every slot was claimed, so that only a wrong guess can make more work. */
bool hw_queue_all_claimed(struct hw_queue *queue);
/* Returns true once no slot is left to claim or running. */
bool hw_queue_over(struct hw_queue *queue);

/* ------ for the worker of a slot */

/* Tells where the slot starts, as its worker believes. Before anything is offered. */
void hw_queue_guess(struct hw_queue *queue, size_t slot, uint64_t start);
/* Sequential: the slot after this one can begin, or there is none (`last`). */
void hw_queue_hand_on(struct hw_queue *queue, bool last);
/* Returns false where the worker should leave its slot. */
bool hw_queue_wants(struct hw_queue *queue, size_t slot);
/*
 * Offers an item, which is taken in any case. Waits for room in the budget, or for the turn.
 * HW_ECANCELLED where the slot is not wanted any more.
 */
HW_NODISCARD enum hw_status hw_queue_offer(struct hw_queue *queue, size_t slot, struct hw_queue_item *item,
                                           struct hw_error *err);
/*
 * Waits until it is the slot's turn and options.alone is free, and takes that until the slot ends:
 * what needs more memory than workers can share may go on then. HW_ECANCELLED where the slot is not
 * wanted any more.
 */
HW_NODISCARD enum hw_status hw_queue_alone(struct hw_queue *queue, size_t slot, struct hw_error *err);

/*
 * Waits until it is the slot's turn, or `*known` is not 0 any more: for what the first worker in
 * order decides for all. HW_ECANCELLED where the slot is not wanted any more.
 */
HW_NODISCARD enum hw_status hw_queue_known(struct hw_queue *queue, size_t slot, const atomic_int *known,
                                           struct hw_error *err);
/* Returns true where it is certain that no slot comes after this one. */
bool hw_queue_last(struct hw_queue *queue, size_t slot);

/* The end of a slot, and what it came to. */
struct hw_queue_end {
    uint64_t end; /* where the slot after it must start */
    void *result; /* taken; NULL: there is none, after a failure */
    enum hw_status status;
    const struct hw_error *error; /* copied; NULL where status is HW_OK */
};
/*
 * Ends the slot. Where it is its turn, the turn goes on, and the items of the slots that follow are
 * written.
 */
void hw_queue_end(struct hw_queue *queue, size_t slot, const struct hw_queue_end *end);

/* ------ for everybody */

/* Fails, unless it has failed before: all workers are to leave. */
void hw_queue_fail(struct hw_queue *queue, enum hw_status status, const struct hw_error *error);
/* Returns what the queue has come to. No worker may be at a slot. */
HW_NODISCARD enum hw_status hw_queue_status(struct hw_queue *queue, struct hw_error *err);

#endif
