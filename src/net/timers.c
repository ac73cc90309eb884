/* SPDX-License-Identifier: Apache-2.0 */
#include "net/timers.h"

/* Makes the later of two heaps the first child of the other, which is returned. */
static struct hw_timer *meld(struct hw_timer *a, struct hw_timer *b) {
    if (!a || !b) {
        return a ? a : b;
    }
    struct hw_timer *first = a->due_us <= b->due_us ? a : b;
    struct hw_timer *later = first == a ? b : a;
    later->sibling = first->child;
    if (later->sibling) {
        later->sibling->before = later;
    }
    later->before = first;
    first->child = later;
    first->sibling = first->before = NULL;
    return first;
}

/*
 * Makes one heap of the children of a node: first of each two neighbours, then of all pairs. The
 * two passes are what keeps later removals cheap.
 */
static struct hw_timer *children_meld(struct hw_timer *child) {
    struct hw_timer *pairs = NULL;
    while (child) {
        struct hw_timer *second = child->sibling;
        struct hw_timer *rest = second ? second->sibling : NULL;
        child->sibling = child->before = NULL;
        if (second) {
            second->sibling = second->before = NULL;
        }
        struct hw_timer *pair = meld(child, second);
        pair->sibling = pairs;
        pairs = pair;
        child = rest;
    }
    struct hw_timer *heap = NULL;
    while (pairs) {
        struct hw_timer *rest = pairs->sibling;
        pairs->sibling = NULL;
        heap = meld(heap, pairs);
        pairs = rest;
    }
    return heap;
}

void hw_timers_set(struct hw_timers *timers, struct hw_timer *timer, int64_t due_us) {
    hw_timers_clear(timers, timer);
    timer->due_us = due_us;
    timer->is_set = true;
    timer->child = timer->sibling = timer->before = NULL;
    timers->root = meld(timers->root, timer);
}

void hw_timers_clear(struct hw_timers *timers, struct hw_timer *timer) {
    if (!timer->is_set) {
        return;
    }
    timer->is_set = false;
    struct hw_timer *children = children_meld(timer->child);
    if (timers->root == timer) {
        timers->root = children;
        return;
    }
    if (timer->before->child == timer) {
        timer->before->child = timer->sibling;
    } else {
        timer->before->sibling = timer->sibling;
    }
    if (timer->sibling) {
        timer->sibling->before = timer->before;
    }
    timers->root = meld(timers->root, children);
}

struct hw_timer *hw_timers_first(const struct hw_timers *timers) {
    return timers->root;
}
