/* SPDX-License-Identifier: Apache-2.0 */
/* The queue alone: items are numbers, and workers are threads that make them. */
#include "queue_desk.h"

#include <pthread.h>
#include <time.h>

#include "core/clock.h"
#include "support/alloc_fault.h"

/* ------ states */

static void every_transition_is_in_the_table(void **state) {
    (void)state;
    enum { NONE = HW_SLOT_STATE_COUNT };
    static const struct {
        const char *name;
        enum hw_slot_state from;
        int want[HW_SLOT_EVENT_COUNT]; /* claim, drop, end, accept */
    } rows[] = {
        {"waiting", HW_SLOT_WAITING, {HW_SLOT_RUNNING, NONE, NONE, NONE}},
        {"running", HW_SLOT_RUNNING, {NONE, HW_SLOT_DROPPED, HW_SLOT_DONE, NONE}},
        {"dropped", HW_SLOT_DROPPED, {NONE, HW_SLOT_DROPPED, HW_SLOT_WAITING, NONE}},
        {"done", HW_SLOT_DONE, {NONE, HW_SLOT_WAITING, NONE, HW_SLOT_ACCEPTED}},
        {"accepted", HW_SLOT_ACCEPTED, {NONE, NONE, NONE, NONE}},
    };
    assert_int_equal(sizeof(rows) / sizeof(*rows), HW_SLOT_STATE_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < HW_SLOT_EVENT_COUNT; k++) {
            assert_row_int(rows[i].name, hw_slot_next(rows[i].from, (enum hw_slot_event)k), rows[i].want[k]);
        }
    }
}

/* ------ order */

/* Three slots end in every order: what they have offered is written in theirs. */
static void items_come_out_in_the_order_of_slots(void **state) {
    (void)state;
    static const size_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct desk desk;
        desk_open(&desk, 3, 1000);
        claim_all(&desk, 3);
        hw_queue_guess(&desk.queue, 1, 100);
        hw_queue_guess(&desk.queue, 2, 200);
        for (size_t k = 3; k-- > 0;) {
            assert_int_equal(offer(&desk, k, 10 * k + 1), HW_OK);
            assert_int_equal(offer(&desk, k, 10 * k + 2), HW_OK);
        }
        assert_int_equal(desk.written_count, 2); /* the first slot has its turn */
        for (size_t k = 0; k < 3; k++) {
            assert_false(hw_queue_over(&desk.queue));
            end(&desk, orders[i][k], 100 * orders[i][k], 100);
        }
        static const uint64_t want[] = {1, 2, 11, 12, 21, 22};
        assert_int_equal(desk.written_count, COUNT_OF(want));
        assert_memory_equal(desk.written, want, sizeof(want));
        assert_int_equal(desk.accepted, 300);
        assert_true(desk.saw_last);
        assert_true(hw_queue_over(&desk.queue));
        assert_int_equal(hw_queue_status(&desk.queue, NULL), HW_OK);
        desk_close(&desk);
    }
}

/* ------ guesses */

static void guesses_are_proved_or_made_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        /* of the second slot, which begins at 100; 0: it has none when the first one ends */
        uint64_t guess;
        bool first; /* it ends before the first one */
        bool again;
    } rows[] = {
        {"right, ends first", 100, true, false}, {"right, ends second", 100, false, false},
        {"wrong, ends first", 130, true, true},  {"wrong, ends second", 130, false, true},
        {"late and right", 0, false, false},     {"no guess, ends first", 0, true, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_queue_claim claim;
        struct desk desk;
        desk_open(&desk, 2, 1000);
        claim_all(&desk, 2);
        if (rows[i].guess > 0) {
            hw_queue_guess(&desk.queue, 1, rows[i].guess);
            assert_int_equal(offer(&desk, 1, 7), HW_OK);
        }
        if (rows[i].first) {
            end(&desk, 1, rows[i].guess, 70);
            end(&desk, 0, 0, 100);
        } else {
            end(&desk, 0, 0, 100);
            if (rows[i].guess == 0) {
                hw_queue_guess(&desk.queue, 1, 100);
                assert_int_equal(offer(&desk, 1, 7), HW_OK);
            }
            assert_row_int(rows[i].name, hw_queue_wants(&desk.queue, 1), !rows[i].again);
            end(&desk, 1, rows[i].guess, 70);
        }
        assert_row_int(rows[i].name, desk.accepted, rows[i].again ? 100 : 170);
        assert_row_int(rows[i].name, desk.discarded, rows[i].again ? 70 : 0);
        assert_row_int(rows[i].name, hw_queue_over(&desk.queue), !rows[i].again);
        assert_row_int(rows[i].name, hw_queue_claim(&desk.queue, &claim), rows[i].again);
        if (rows[i].again) {
            assert_row_int(rows[i].name, claim.slot, 1);
            assert_row_int(rows[i].name, claim.start_known, true);
            assert_row_int(rows[i].name, claim.start, 100);
            assert_int_equal(offer(&desk, 1, 8), HW_OK);
            end(&desk, 1, 100, 50);
            assert_row_int(rows[i].name, desk.accepted, 150);
        }
        assert_row_int(rows[i].name, desk.written_count, 1);
        assert_row_int(rows[i].name, desk.written[0], rows[i].again ? 8 : 7);
        assert_true(hw_queue_over(&desk.queue));
        desk_close(&desk);
    }
}

/* Where a slot is exact, it does not matter where the one before it has ended. */
static void an_exact_start_is_not_proved(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, 1, 1000);
    assert_int_equal(hw_queue_add(&desk.queue, true, NULL), HW_OK);
    claim_all(&desk, 2);
    end(&desk, 1, 5, 10);
    end(&desk, 0, 0, 100);
    assert_int_equal(desk.accepted, 110);
    assert_true(hw_queue_over(&desk.queue));
    desk_close(&desk);
}

/* ------ room */

struct offering {
    struct desk *desk;
    size_t slot;
    uint64_t value;
    enum hw_status status;
};

static void *offer_main(void *arg) {
    struct offering *offering = arg;
    offering->status = offer(offering->desk, offering->slot, offering->value);
    return NULL;
}

static bool joined_in_time(pthread_t thread) {
    struct timespec until = {.tv_sec = hw_clock_now_us() / 1000000 + 10};
    if (pthread_timedjoin_np(thread, NULL, &until) == 0) {
        return true;
    }
    pthread_join(thread, NULL);
    return false;
}

/*
 * Whoever waits for room goes on when items before it are written, not only when their slot has
 * ended.
 */
static void room_in_the_budget_is_seen(void **state) {
    (void)state;
    struct desk desk;
    pthread_t thread;
    desk_open(&desk, 3, ITEM_BYTES);
    claim_all(&desk, 3);
    struct offering last = {&desk, 2, 21, HW_EFAILED};
    hw_queue_guess(&desk.queue, 1, 100);
    hw_queue_guess(&desk.queue, 2, 200);
    assert_int_equal(offer(&desk, 1, 11), HW_OK);
    assert_int_equal(pthread_create(&thread, NULL, offer_main, &last), 0);
    end(&desk, 0, 0, 100);
    hw_clock_sleep_ms(50); /* the other one waits */
    assert_int_equal(hw_budget_held(&desk.budget), ITEM_BYTES);
    assert_int_equal(desk.written_count, 0);
    assert_int_equal(offer(&desk, 1, 12), HW_OK); /* has its turn: writes what waits, then this */
    assert_true(joined_in_time(thread));
    assert_int_equal(last.status, HW_OK);
    end(&desk, 1, 100, 100);
    end(&desk, 2, 200, 100);
    static const uint64_t want[] = {11, 12, 21};
    assert_int_equal(desk.written_count, COUNT_OF(want));
    assert_memory_equal(desk.written, want, sizeof(want));
    desk_close(&desk);
}

/* An item that is larger than the budget waits for its turn, and is written then. */
static void what_never_fits_waits_for_its_turn(void **state) {
    (void)state;
    struct desk desk;
    pthread_t thread;
    desk_open(&desk, 2, ITEM_BYTES - 1);
    claim_all(&desk, 2);
    struct offering second = {&desk, 1, 11, HW_EFAILED};
    hw_queue_guess(&desk.queue, 1, 100);
    assert_int_equal(pthread_create(&thread, NULL, offer_main, &second), 0);
    hw_clock_sleep_ms(20);
    assert_int_equal(desk.written_count, 0);
    end(&desk, 0, 0, 100);
    assert_true(joined_in_time(thread));
    assert_int_equal(second.status, HW_OK);
    assert_int_equal(desk.written_count, 1);
    end(&desk, 1, 100, 100);
    desk_close(&desk);
}

/*
 * Nobody is at the slot whose turn it is: who waits for room leaves, so that it can claim that
 * slot.
 */
static void who_waits_for_an_unclaimed_turn_leaves(void **state) {
    (void)state;
    struct hw_queue_claim claim;
    struct desk desk;
    desk_open(&desk, 3, ITEM_BYTES);
    claim_all(&desk, 3);
    hw_queue_guess(&desk.queue, 1, 130); /* wrong */
    hw_queue_guess(&desk.queue, 2, 200);
    assert_int_equal(offer(&desk, 2, 21), HW_OK);
    end(&desk, 1, 130, 70);
    end(&desk, 0, 0, 100);
    assert_int_equal(offer(&desk, 2, 22), HW_ECANCELLED);
    assert_false(hw_queue_wants(&desk.queue, 2));
    end(&desk, 2, 200, 10);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 1);
    end(&desk, 1, 100, 100);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 2);
    assert_true(claim.start_known);
    assert_int_equal(claim.start, 200);
    end(&desk, 2, 200, 10);
    assert_int_equal(desk.accepted, 210);
    assert_int_equal(desk.discarded, 80);
    assert_int_equal(desk.written_count, 0);
    assert_int_equal(items_freed, 2);
    desk_close(&desk);
}

/* ------ alone */

struct lone {
    struct desk *desk;
    size_t slot;
    enum hw_status status;
};

static void *lone_main(void *arg) {
    struct lone *lone = arg;
    lone->status = hw_queue_alone(&lone->desk->queue, lone->slot, NULL);
    return NULL;
}

static void only_the_turn_goes_on_alone(void **state) {
    (void)state;
    struct desk desk;
    pthread_t thread;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    struct lone second = {&desk, 1, HW_EFAILED};
    hw_queue_guess(&desk.queue, 1, 100);
    assert_int_equal(hw_queue_alone(&desk.queue, 0, NULL), HW_OK);
    assert_int_equal(hw_queue_alone(&desk.queue, 0, NULL), HW_OK); /* it is already */
    assert_int_equal(hw_budget_held(&desk.alone), 1);
    assert_int_equal(pthread_create(&thread, NULL, lone_main, &second), 0);
    hw_clock_sleep_ms(20);
    end(&desk, 0, 0, 100); /* gives it back */
    assert_true(joined_in_time(thread));
    assert_int_equal(second.status, HW_OK);
    assert_int_equal(hw_budget_held(&desk.alone), 1);
    end(&desk, 1, 100, 100);
    assert_int_equal(hw_budget_held(&desk.alone), 0);
    desk_close(&desk);
}

struct waiter {
    struct desk *desk;
    size_t slot;
    atomic_int *known;
    enum hw_status status;
};

static void *waiter_main(void *arg) {
    struct waiter *waiter = arg;
    waiter->status = hw_queue_known(&waiter->desk->queue, waiter->slot, waiter->known, NULL);
    return NULL;
}

/* What the first slot decides, others wait for, unless the turn comes to them before. */
static void others_wait_for_what_the_first_decides(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool decides, ends, stops;
        enum hw_status want;
    } rows[] = {
        {"it decides", true, false, false, HW_OK},
        {"it ends", false, true, false, HW_OK},
        {"all is stopped", false, false, true, HW_ECANCELLED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        pthread_t thread;
        atomic_int known = 0;
        desk_open(&desk, 2, 1000);
        claim_all(&desk, 2);
        hw_queue_guess(&desk.queue, 1, 100);
        struct waiter second = {&desk, 1, &known, HW_EFAILED};
        assert_int_equal(hw_queue_known(&desk.queue, 0, &known, NULL), HW_OK);
        assert_int_equal(pthread_create(&thread, NULL, waiter_main, &second), 0);
        hw_clock_sleep_ms(20);
        atomic_store(&known, rows[i].decides);
        desk.cancelled = rows[i].stops;
        if (rows[i].ends) {
            end(&desk, 0, 0, 100);
        }
        assert_true(joined_in_time(thread));
        assert_row_int(rows[i].name, second.status, rows[i].want);
        if (!rows[i].ends) {
            end(&desk, 0, 0, 100);
        }
        end(&desk, 1, 100, 100);
        desk_close(&desk);
    }
}

/* Whoever waits lets go of its slot where nobody is at the one before, and so could decide. */
static void nobody_waits_for_a_slot_without_a_worker(void **state) {
    (void)state;
    struct desk desk;
    struct hw_queue_claim claim;
    atomic_int known = 0;
    desk_open(&desk, 3, 1000);
    claim_all(&desk, 3);
    hw_queue_guess(&desk.queue, 1, 50); /* wrong */
    end(&desk, 1, 50, 50);
    end(&desk, 0, 0, 100);
    assert_int_equal(hw_queue_known(&desk.queue, 2, &known, NULL), HW_ECANCELLED);
    end(&desk, 2, 200, 100);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 1);
    end(&desk, 1, 100, 100);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 2);
    end(&desk, 2, 200, 100);
    assert_int_equal(desk.accepted, 300);
    desk_close(&desk);
}

static void the_last_slot_is_known(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    assert_false(hw_queue_last(&desk.queue, 0));
    assert_true(hw_queue_last(&desk.queue, 1));
    desk_close(&desk);
}

/* ------ ends */

static void failures_are_told_in_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool second_first; /* the second slot, which fails, ends before the first */
        bool first_fails;
        const char *says;
        int line;
    } rows[] = {
        {"the second", false, false, "second", 103},
        {"the second, which ends first", true, false, "second", 103},
        {"both: the first counts", true, true, "first", 3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_queue_claim claim;
        struct hw_error err = HW_ERROR_INIT;
        struct desk desk;
        desk_open(&desk, 3, 1000);
        claim_all(&desk, 3);
        hw_queue_guess(&desk.queue, 1, 100);
        hw_queue_guess(&desk.queue, 2, 200);
        for (size_t k = 0; k < 2; k++) {
            if (rows[i].second_first == (k == 0)) {
                end_failed(&desk, 1, HW_EDATA, "second");
            } else if (rows[i].first_fails) {
                end_failed(&desk, 0, HW_EDATA, "first");
            } else {
                end(&desk, 0, 0, 100);
            }
        }
        assert_false(hw_queue_wants(&desk.queue, 2));
        assert_int_equal(offer(&desk, 2, 1), HW_ECANCELLED);
        end(&desk, 2, 200, 1);
        assert_false(hw_queue_claim(&desk.queue, &claim));
        assert_true(hw_queue_over(&desk.queue));
        assert_row_int(rows[i].name, hw_queue_status(&desk.queue, &err), HW_EDATA);
        assert_row_text(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.line, rows[i].line);
        assert_row_int(rows[i].name, hw_queue_status(&desk.queue, NULL), HW_EDATA);
        desk_close(&desk);
    }
}

static void a_wrong_guess_may_fail_without_harm(void **state) {
    (void)state;
    struct hw_queue_claim claim;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    hw_queue_guess(&desk.queue, 1, 130);
    end_failed(&desk, 1, HW_EDATA, "nothing here is a record");
    end(&desk, 0, 0, 100);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    end(&desk, 1, 100, 100);
    assert_int_equal(hw_queue_status(&desk.queue, NULL), HW_OK);
    assert_int_equal(desk.accepted, 200);
    desk_close(&desk);
}

static void a_failed_write_stops_everybody(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    desk.fail_at = 11;
    claim_all(&desk, 2);
    hw_queue_guess(&desk.queue, 1, 100);
    assert_int_equal(offer(&desk, 1, 11), HW_OK); /* it waits */
    end(&desk, 1, 100, 100);
    end(&desk, 0, 0, 100);
    assert_int_equal(hw_queue_status(&desk.queue, &err), HW_EIO);
    assert_string_equal(err.message, "the disk is full");
    assert_int_equal(desk.accepted, 100);
    assert_int_equal(desk.discarded, 100);
    desk_close(&desk);
}

static void a_result_that_is_refused_stops_everybody(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    end(&desk, 0, 0, 1000001);
    assert_false(hw_queue_wants(&desk.queue, 1));
    end(&desk, 1, 0, 1);
    assert_int_equal(hw_queue_status(&desk.queue, NULL), HW_EDATA);
    desk_close(&desk);
}

static void a_cancelled_run_stops_everybody(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    assert_true(hw_queue_wants(&desk.queue, 1));
    desk.cancelled = true;
    assert_false(hw_queue_wants(&desk.queue, 1));
    assert_int_equal(hw_queue_alone(&desk.queue, 0, NULL), HW_ECANCELLED);
    assert_int_equal(offer(&desk, 1, 11), HW_ECANCELLED);
    end(&desk, 0, 0, 1);
    end(&desk, 1, 1, 1);
    assert_int_equal(hw_queue_status(&desk.queue, &err), HW_ECANCELLED);
    desk_close(&desk);
}

/* Once a slot makes items void, none are written, but all results are accepted. */
static void void_items_are_not_written(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, 3, 1000);
    desk.void_from = 100;
    claim_all(&desk, 3);
    hw_queue_guess(&desk.queue, 1, 100);
    hw_queue_guess(&desk.queue, 2, 200);
    assert_int_equal(offer(&desk, 0, 1), HW_OK);
    assert_int_equal(offer(&desk, 1, 11), HW_OK);
    assert_int_equal(offer(&desk, 2, 21), HW_OK);
    end(&desk, 0, 0, 100);
    assert_true(desk.queue.unwanted);
    assert_int_equal(offer(&desk, 1, 12), HW_OK);
    end(&desk, 1, 100, 100);
    end(&desk, 2, 200, 100);
    assert_int_equal(desk.written_count, 1);
    assert_int_equal(desk.accepted, 300);
    assert_int_equal(items_freed, 3);
    assert_int_equal(hw_budget_held(&desk.budget), 0);
    desk_close(&desk);
}

static void a_cleared_queue_begins_again(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    hw_queue_guess(&desk.queue, 1, 100);
    assert_int_equal(offer(&desk, 1, 11), HW_OK);
    end(&desk, 1, 100, 7);
    end(&desk, 0, 0, 100);
    const struct hw_queue_options options = desk_options(&desk);
    hw_queue_clear(&desk.queue, &options);
    assert_int_equal(hw_queue_add(&desk.queue, true, NULL), HW_OK);
    claim_all(&desk, 1);
    end(&desk, 0, 0, 5);
    assert_int_equal(desk.accepted, 112);
    assert_true(hw_queue_over(&desk.queue));
    desk_close(&desk);
}

/* ------ one after the other */

static void slots_that_are_handed_on(void **state) {
    (void)state;
    struct hw_queue_claim claim;
    struct desk desk;
    desk_open(&desk, 0, 1000);
    struct hw_queue_options options = desk_options(&desk);
    options.sequential = true;
    hw_queue_clear(&desk.queue, &options);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 0);
    assert_false(hw_queue_claim(&desk.queue, &claim)); /* not handed on yet */
    hw_queue_hand_on(&desk.queue, false);
    assert_false(hw_queue_all_claimed(&desk.queue));
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 1);
    hw_queue_hand_on(&desk.queue, true);
    assert_false(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(offer(&desk, 1, 11), HW_OK);
    end(&desk, 1, 10, 10);
    assert_false(hw_queue_over(&desk.queue));
    assert_int_equal(offer(&desk, 0, 1), HW_OK);
    end(&desk, 0, 0, 10);
    assert_true(hw_queue_over(&desk.queue));
    static const uint64_t want[] = {1, 11};
    assert_int_equal(desk.written_count, COUNT_OF(want));
    assert_memory_equal(desk.written, want, sizeof(want));
    assert_true(desk.saw_last);
    desk_close(&desk);
}

static void in_turn_only_the_turn_is_claimed(void **state) {
    (void)state;
    struct hw_queue_claim claim;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    struct hw_queue_options options = desk_options(&desk);
    options.in_turn = true;
    hw_queue_clear(&desk.queue, &options);
    assert_int_equal(hw_queue_add(&desk.queue, true, NULL), HW_OK);
    assert_int_equal(hw_queue_add(&desk.queue, false, NULL), HW_OK);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_false(hw_queue_claim(&desk.queue, &claim));
    end(&desk, 0, 0, 10);
    assert_true(hw_queue_claim(&desk.queue, &claim));
    assert_int_equal(claim.slot, 1);
    assert_true(claim.start_known);
    end(&desk, 1, 10, 10);
    desk_close(&desk);
}

/* ------ with threads */

enum { CROWD_SLOTS = 200, CROWD_ITEMS = 5, CROWD_THREADS = 4, CROWD_UNITS = 100 };

/* Slot i has the units from 100 * i on; every third is guessed wrong at first. */
static void *crowd_main(void *arg) {
    struct desk *desk = arg;
    while (!hw_queue_over(&desk->queue)) {
        struct hw_queue_claim claim;
        if (!hw_queue_claim(&desk->queue, &claim)) {
            hw_clock_sleep_ms(1);
            continue;
        }
        const uint64_t truth = claim.slot * CROWD_UNITS;
        const bool right = claim.start_known || claim.slot % 3 != 1;
        if (!claim.start_known && claim.slot > 0) {
            hw_queue_guess(&desk->queue, claim.slot, right ? truth : truth + 1);
        }
        enum hw_status status = HW_OK;
        for (size_t i = 0; status == HW_OK && i < CROWD_ITEMS; i++) {
            status = hw_queue_wants(&desk->queue, claim.slot) ? offer(desk, claim.slot, claim.slot * CROWD_ITEMS + i)
                                                              : HW_ECANCELLED;
        }
        if (status == HW_OK && claim.slot % 50 == 49) {
            status = hw_queue_alone(&desk->queue, claim.slot, NULL);
        }
        end(desk, claim.slot, truth, CROWD_UNITS);
    }
    return NULL;
}

static void a_crowd_keeps_the_order(void **state) {
    (void)state;
    struct desk desk;
    pthread_t threads[CROWD_THREADS];
    desk_open(&desk, CROWD_SLOTS, 7 * ITEM_BYTES);
    for (size_t i = 0; i < CROWD_THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, &desk), 0);
    }
    for (size_t i = 0; i < CROWD_THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(hw_queue_status(&desk.queue, NULL), HW_OK);
    assert_int_equal(desk.written_count, CROWD_SLOTS * CROWD_ITEMS);
    for (size_t i = 0; i < desk.written_count; i++) {
        assert_int_equal(desk.written[i], i);
    }
    assert_int_equal(desk.accepted, CROWD_SLOTS * CROWD_UNITS);
    desk_close(&desk);
}

/* ------ memory */

/* Where an error cannot be kept, the queue stops with it at once; nothing is lost of it. */
static void an_error_without_memory_stops_the_queue(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct desk desk;
    desk_open(&desk, 2, 1000);
    claim_all(&desk, 2);
    hw_queue_guess(&desk.queue, 1, 100);
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    end_failed(&desk, 1, HW_EDATA, "second");
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(hw_queue_status(&desk.queue, &err), HW_EDATA);
    assert_string_equal(err.message, "second");
    end(&desk, 0, 0, 100);
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_is_in_the_table),
        cmocka_unit_test(items_come_out_in_the_order_of_slots),
        cmocka_unit_test(guesses_are_proved_or_made_again),
        cmocka_unit_test(an_exact_start_is_not_proved),
        cmocka_unit_test(room_in_the_budget_is_seen),
        cmocka_unit_test(what_never_fits_waits_for_its_turn),
        cmocka_unit_test(who_waits_for_an_unclaimed_turn_leaves),
        cmocka_unit_test(only_the_turn_goes_on_alone),
        cmocka_unit_test(others_wait_for_what_the_first_decides),
        cmocka_unit_test(nobody_waits_for_a_slot_without_a_worker),
        cmocka_unit_test(the_last_slot_is_known),
        cmocka_unit_test(failures_are_told_in_order),
        cmocka_unit_test(a_wrong_guess_may_fail_without_harm),
        cmocka_unit_test(a_failed_write_stops_everybody),
        cmocka_unit_test(a_result_that_is_refused_stops_everybody),
        cmocka_unit_test(a_cancelled_run_stops_everybody),
        cmocka_unit_test(void_items_are_not_written),
        cmocka_unit_test(a_cleared_queue_begins_again),
        cmocka_unit_test(slots_that_are_handed_on),
        cmocka_unit_test(in_turn_only_the_turn_is_claimed),
        cmocka_unit_test(a_crowd_keeps_the_order),
        cmocka_unit_test(an_error_without_memory_stops_the_queue),
    };
    return cmocka_run_group_tests_name("pipeline/queue", tests, NULL, NULL);
}
