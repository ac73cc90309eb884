/* SPDX-License-Identifier: Apache-2.0 */
#include "store/source_pool.h"

#include <hawser/memory.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/crew.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { SOURCES_MAX = 12, OBJECT_BYTES = 64, KEY_BYTES = 8, READS = 3000, THREADS = 6, YIELDS = 3 };

/* A store in memory that counts the sources that it opens, and may refuse them. */
struct desk {
    struct hw_store *store;
    struct hw_source_pool pool;
    struct hw_source *sources[SOURCES_MAX];
    struct hw_error err;
};

static struct counting {
    const struct hw_store_ops *real;
    struct hw_store_ops ops;
    atomic_int opened;
    /* Sources that were closed while they were read. */
    atomic_int torn;
    enum hw_status refuses;
} counting;

/* A source that is slow, so that reads of others come between, and notes if it is closed in one. */
struct slow_source {
    struct hw_source base;
    struct hw_source *inner;
    atomic_int reads;
};

static enum hw_status slow_read(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                struct hw_error *err) {
    struct slow_source *source = (struct slow_source *)base;
    atomic_fetch_add(&source->reads, 1);
    for (int i = 0; i < YIELDS; i++) {
        sched_yield();
    }
    const enum hw_status status = source->inner->ops->read_at(source->inner, offset, data, bytes, err);
    atomic_fetch_sub(&source->reads, 1);
    return status;
}

static void slow_close(struct hw_source *base) {
    struct slow_source *source = (struct slow_source *)base;
    atomic_fetch_add(&counting.torn, source->reads > 0);
    source->inner->ops->close(source->inner);
    hw_free(source);
}

static const struct hw_source_ops slow_ops = {.size = sizeof(slow_ops), .read_at = slow_read, .close = slow_close};

static enum hw_status counted_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                   struct hw_source **out_source, struct hw_error *err) {
    if (counting.refuses) {
        return hw_fail(err, counting.refuses, "injected");
    }
    atomic_fetch_add(&counting.opened, 1);
    struct slow_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    const enum hw_status status = counting.real->source_open(store, key, known, &source->inner, err);
    if (status) {
        hw_free(source);
        return status;
    }
    source->base = *source->inner;
    source->base.ops = &slow_ops;
    *out_source = &source->base;
    return HW_OK;
}

static const char *key_of(size_t number, char key[KEY_BYTES]) {
    snprintf(key, KEY_BYTES, "o%zu", number);
    return key;
}

/* The bytes of an object are letters that say which one it is. */
static void object_put(struct desk *desk, size_t number, int version) {
    char key[KEY_BYTES], data[OBJECT_BYTES];
    memset(data, 'a' + (int)number + version, sizeof(data));
    assert_ok(hw_memory_store_put(desk->store, key_of(number, key), data, sizeof(data), &desk->err), desk->err);
}

static enum hw_status source_open(struct desk *desk, size_t number, struct hw_error *err) {
    char key[KEY_BYTES];
    return hw_source_pool_open(&desk->pool, desk->store, key_of(number, key), NULL, OBJECT_BYTES,
                               &desk->sources[number], err);
}

static void desk_init(struct desk *desk, size_t count, size_t open_max) {
    *desk = (struct desk){.err = HW_ERROR_INIT};
    assert_ok(hw_memory_store_new("mem://", NULL, &desk->store, &desk->err), desk->err);
    counting = (struct counting){.real = desk->store->ops, .ops = *desk->store->ops};
    counting.ops.source_open = counted_open;
    desk->store->ops = &counting.ops;
    hw_source_pool_init(&desk->pool, open_max);
    for (size_t i = 0; i < count; i++) {
        object_put(desk, i, 0);
        assert_ok(source_open(desk, i, &desk->err), desk->err);
    }
}

static void desk_release(struct desk *desk) {
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        if (desk->sources[i]) {
            desk->sources[i]->ops->close(desk->sources[i]);
        }
    }
    assert_int_equal(desk->pool.synced.open, 0);
    assert_int_equal(counting.torn, 0);
    assert_null(desk->pool.synced.oldest);
    hw_source_pool_release(&desk->pool);
    desk->store->ops = counting.real;
    hw_memory_store_free(desk->store);
}

static enum hw_status source_read(struct desk *desk, size_t number, char *out, struct hw_error *err) {
    return desk->sources[number]->ops->read_at(desk->sources[number], OBJECT_BYTES - 1, out, 1, err);
}

/* ------ which ones are open */

/* Sources are opened in their order, then read; digits are their numbers. */
static const struct {
    const char *name;
    size_t count, open_max;
    const char *reads;
    int opened;
} orders[] = {
    {"all fit", 3, 3, "012210", 3},
    {"there is room for more", 2, 9, "0101", 2},
    {"one at once", 3, 1, "", 3},
    {"one at once, each in turn", 3, 1, "012", 6},
    {"one at once, the last again", 3, 1, "222", 3},
    {"those that are open", 4, 2, "2323", 4},
    {"one that is closed", 3, 2, "0", 4},
    {"the one that was read least goes", 3, 2, "1020", 5},
    {"the one that was read last stays", 3, 2, "10101", 4},
    {"each in turn is the worst", 3, 2, "012012", 9},
};

static void few_are_open_at_once(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct desk desk;
        desk_init(&desk, orders[i].count, orders[i].open_max);
        for (const char *at = orders[i].reads; *at; at++) {
            char byte;
            assert_ok(source_read(&desk, (size_t)(*at - '0'), &byte, &desk.err), desk.err);
            assert_row_int(orders[i].name, byte, 'a' + (*at - '0'));
            assert_true(desk.pool.synced.open <= orders[i].open_max);
        }
        assert_row_int(orders[i].name, counting.opened, orders[i].opened);
        assert_row_int(orders[i].name, desk.pool.synced.open, hw_min_size(orders[i].count, orders[i].open_max));
        desk_release(&desk);
    }
}

static void facts_are_those_of_the_object(void **state) {
    (void)state;
    struct desk desk;
    desk_init(&desk, 2, 1);
    const struct hw_object_info known = {.key = "o1", .size = OBJECT_BYTES, .etag = desk.sources[1]->etag};
    assert_string_equal(desk.sources[0]->name, "mem://o0");
    assert_int_equal(desk.sources[0]->size, OBJECT_BYTES);
    assert_string_not_equal(desk.sources[0]->etag, "");
    assert_ok(hw_source_pool_open(&desk.pool, desk.store, "o1", &known, 1, &desk.sources[2], &desk.err), desk.err);
    assert_string_equal(desk.sources[2]->etag, desk.sources[1]->etag);
    desk_release(&desk);
}

/* ------ faults */

static const struct {
    const char *name;
    /* The source is closed meanwhile, for another one. */
    bool closed;
    enum { STAYS, CHANGES, GOES, REFUSED } object;
    enum hw_status want;
    const char *says;
} faults[] = {
    {"a closed one that is the same", true, STAYS, HW_OK, ""},
    {"a closed one that has changed", true, CHANGES, HW_ECHANGED, "has changed"},
    {"an open one is that of its version", false, CHANGES, HW_OK, ""},
    {"a closed one that is gone", true, GOES, HW_ENOTFOUND, ""},
    {"an open one that is gone", false, GOES, HW_OK, ""},
    {"a store that fails", true, REFUSED, HW_EIO, "injected"},
    {"a store that fails, and is not asked", false, REFUSED, HW_OK, ""},
};

static void a_source_is_one_version(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct desk desk;
        char byte = 0;
        desk_init(&desk, 2, 1);
        if (!faults[i].closed) {
            assert_ok(source_read(&desk, 0, &byte, &desk.err), desk.err);
        }
        if (faults[i].object == CHANGES) {
            object_put(&desk, 0, 9);
        } else if (faults[i].object == GOES) {
            assert_ok(desk.store->ops->remove(desk.store, "o0", &desk.err), desk.err);
        }
        counting.refuses = faults[i].object == REFUSED ? HW_EIO : HW_OK;
        assert_row_int(faults[i].name, source_read(&desk, 0, &byte, &desk.err), faults[i].want);
        counting.refuses = HW_OK;
        assert_row_says(faults[i].name, faults[i].want ? desk.err.message : "", faults[i].says);
        /* Others are read as before. */
        assert_ok(source_read(&desk, 1, &byte, &desk.err), desk.err);
        assert_row_int(faults[i].name, byte, 'b');
        desk_release(&desk);
    }
}

static void what_cannot_be_opened_is_told(void **state) {
    (void)state;
    struct desk desk;
    desk_init(&desk, 1, 1);
    assert_int_equal(hw_source_pool_open(&desk.pool, desk.store, "none", NULL, 1, &desk.sources[1], &desk.err),
                     HW_ENOTFOUND);
    assert_null(desk.sources[1]);
    counting.refuses = HW_EAUTH;
    assert_int_equal(source_open(&desk, 1, &desk.err), HW_EAUTH);
    assert_string_equal(desk.err.message, "injected");
    counting.refuses = HW_OK;
    desk_release(&desk);
}

/* A read that fails is no longer under way, so that its source can make room. */
static void a_read_that_fails_leaves_room(void **state) {
    (void)state;
    struct desk desk;
    char bytes[2];
    desk_init(&desk, 2, 1);
    for (int i = 0; i < 2; i++) {
        struct hw_source *source = desk.sources[0];
        assert_int_equal(source->ops->read_at(source, OBJECT_BYTES - 1, bytes, 2, &desk.err), HW_EIO);
        assert_ok(source_read(&desk, 1, bytes, &desk.err), desk.err);
    }
    desk_release(&desk);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    size_t failures = 0;
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        struct desk desk;
        desk_init(&desk, 1, 1);
        object_put(&desk, 1, 0);
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = source_open(&desk, 1, NULL);
        if (desk.sources[1]) {
            desk.sources[1]->ops->close(desk.sources[1]);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        desk.sources[1] = NULL;
        desk_release(&desk);
    }
    assert_true(failures > 4);
}

/* ------ threads */

struct reading {
    struct desk *desk;
    atomic_int wrong;
};

static void one_read(void *ctx, size_t item, size_t member) {
    struct reading *reading = ctx;
    const size_t number = item * 7919 % SOURCES_MAX;
    char byte = 0;
    (void)member;
    const enum hw_status status = source_read(reading->desk, number, &byte, NULL);
    atomic_fetch_add(&reading->wrong, status != HW_OK || byte != 'a' + (int)number);
}

/* There are fewer places than threads, so that reads wait for each other. */
static void threads_wait_for_a_place(void **state) {
    (void)state;
    for (size_t open_max = 1; open_max < 4; open_max++) {
        struct desk desk;
        struct hw_crew *crew;
        desk_init(&desk, SOURCES_MAX, open_max);
        assert_ok(hw_crew_new(THREADS, &crew, &desk.err), desk.err);
        struct reading reading = {.desk = &desk};
        hw_crew_run(crew, READS, one_read, &reading);
        hw_crew_free(crew);
        assert_int_equal(reading.wrong, 0);
        assert_int_equal(desk.pool.synced.open, open_max);
        desk_release(&desk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_are_open_at_once),          cmocka_unit_test(facts_are_those_of_the_object),
        cmocka_unit_test(a_source_is_one_version),       cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(a_read_that_fails_leaves_room), cmocka_unit_test(memory_runs_out_without_harm),
        cmocka_unit_test(threads_wait_for_a_place),
    };
    return cmocka_run_group_tests_name("store/source_pool", tests, NULL, NULL);
}
