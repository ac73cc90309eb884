/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/buffers.h"

#include <stdatomic.h>

#include "core/clock.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { PART = 8192 };

static struct hw_buffer take(struct hw_buffers *buffers, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_buffer buffer = {0};
    assert_ok(hw_buffer_take(buffers, bytes, &buffer, &err), err);
    assert_int_equal(buffer.bytes, bytes);
    memset(buffer.data, 0xa5, bytes);
    return buffer;
}

/*
 * An object takes the least of a whole part, a half of it and so on that holds it, which is kept. A
 * very small one takes what it needs.
 */
static void memory_is_counted_and_kept(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes, held, kept;
    } rows[] = {
        {"a byte", 1, 1, 0},
        {"the largest of the very small", PART / 256, PART / 256, 0},
        {"more than very small", PART / 256 + 1, PART / 128, PART / 128},
        {"an eighth", PART / 8, PART / 8, PART / 8},
        {"more than an eighth", PART / 8 + 1, PART / 4, PART / 4},
        {"more than a half", PART / 2 + 1, PART, PART},
        {"a part", PART, PART, PART},
        {"more than a part", PART + 1, PART + 1, 0},
        {"more than all", 10 * PART, 10 * PART, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_buffers buffers;
        hw_buffers_init(&buffers, PART, 3 * PART);
        struct hw_buffer buffer = take(&buffers, rows[i].bytes);
        assert_row_int(rows[i].name, buffers.synced.held_bytes, rows[i].held);
        hw_buffer_give_back(&buffers, &buffer);
        assert_row_int(rows[i].name, buffer.data == NULL && buffer.bytes == 0, true);
        hw_buffer_give_back(&buffers, &buffer);
        assert_row_int(rows[i].name, buffers.synced.held_bytes, 0);
        assert_row_int(rows[i].name, buffers.synced.kept_bytes, rows[i].kept);
        hw_buffers_release(&buffers);
    }
}

/* What is kept holds a link: pieces of very small parts that have no room for it are freed. */
static void memory_without_room_for_a_link_is_not_kept(void **state) {
    (void)state;
    static const struct {
        size_t part, bytes, kept;
    } rows[] = {{16, 1, 0}, {16, 4, 0}, {16, 5, 8}, {16, 8, 8}, {16, 9, 16}, {16, 16, 16}, {4, 4, 0}, {1, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_buffers buffers;
        hw_buffers_init(&buffers, rows[i].part, 1000);
        for (int again = 0; again < 2; again++) {
            struct hw_buffer ones[2] = {take(&buffers, rows[i].bytes), take(&buffers, rows[i].bytes)};
            hw_buffer_give_back(&buffers, &ones[0]);
            hw_buffer_give_back(&buffers, &ones[1]);
            assert_int_equal(buffers.synced.kept_bytes, 2 * rows[i].kept);
            assert_int_equal(buffers.synced.held_bytes, 0);
        }
        hw_buffers_release(&buffers);
    }
}

/* Whoever wants a size that was given back gets that memory, and no larger piece. */
static void memory_that_was_kept_is_taken_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t first, then;
        bool same;
    } rows[] = {
        {"a part", PART, PART, true},
        {"more than a half", PART, PART / 2 + 1, true},
        {"a half", PART, PART / 2, false},
        {"two small ones", PART / 16, PART / 32 + 1, true},
        {"a larger one", PART / 4, PART / 4 + 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_buffers buffers;
        hw_buffers_init(&buffers, PART, 3 * PART);
        struct hw_buffer one = take(&buffers, rows[i].first);
        const uint64_t counted = buffers.synced.held_bytes;
        const uint8_t *data = one.data;
        hw_buffer_give_back(&buffers, &one);
        struct hw_buffer two = take(&buffers, rows[i].then);
        assert_row_int(rows[i].name, two.data == data, rows[i].same);
        assert_row_int(rows[i].name, buffers.synced.kept_bytes, rows[i].same ? 0 : counted);
        hw_buffer_give_back(&buffers, &two);
        hw_buffers_release(&buffers);
    }
}

/* What is kept and what is taken stay below the limit together. */
static void kept_memory_makes_room(void **state) {
    (void)state;
    struct hw_buffers buffers;
    hw_buffers_init(&buffers, PART, 3 * PART);
    struct hw_buffer parts[3];
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        parts[i] = take(&buffers, PART);
    }
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        hw_buffer_give_back(&buffers, &parts[i]);
    }
    assert_int_equal(buffers.synced.kept_bytes, 3 * PART);
    struct hw_buffer small = take(&buffers, 1);
    assert_int_equal(buffers.synced.kept_bytes, 2 * PART);
    struct hw_buffer large = take(&buffers, 2 * PART);
    assert_int_equal(buffers.synced.kept_bytes, 0);
    hw_buffer_give_back(&buffers, &large);
    hw_buffer_give_back(&buffers, &small);
    hw_buffers_release(&buffers);
}

struct waiter {
    struct hw_buffers *buffers;
    size_t bytes;
    atomic_bool got;
};

static void *waiter_run(void *arg) {
    struct waiter *waiter = arg;
    struct hw_buffer buffer;
    if (hw_buffer_take(waiter->buffers, waiter->bytes, &buffer, NULL) == HW_OK) {
        atomic_store(&waiter->got, true);
        hw_buffer_give_back(waiter->buffers, &buffer);
    }
    return NULL;
}

/* Where there is no room a thread waits, and goes on once there is. */
static void whoever_finds_no_room_waits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
    } rows[] = {{"a part", PART}, {"a byte", 1}, {"more than all", 5 * PART}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_buffers buffers;
        struct waiter waiter = {.buffers = &buffers, .bytes = rows[i].bytes};
        pthread_t thread;
        hw_buffers_init(&buffers, PART, 2 * PART);
        struct hw_buffer one = take(&buffers, PART);
        struct hw_buffer two = take(&buffers, PART);
        assert_int_equal(pthread_create(&thread, NULL, waiter_run, &waiter), 0);
        hw_clock_sleep_ms(20);
        assert_row_int(rows[i].name, atomic_load(&waiter.got), false);
        hw_buffer_give_back(&buffers, &one);
        hw_buffer_give_back(&buffers, &two);
        pthread_join(thread, NULL);
        assert_row_int(rows[i].name, atomic_load(&waiter.got), true);
        hw_buffers_release(&buffers);
    }
}

/* Without memory nothing is held, so that nobody waits for what is not there. */
static void want_of_memory_takes_nothing(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_buffers buffers;
    struct alloc_fault fault;
    struct hw_buffer buffer = {.bytes = 77};
    hw_buffers_init(&buffers, PART, 2 * PART);
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_buffer_take(&buffers, PART, &buffer, &err), HW_ENOMEM);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(buffer.bytes, 77);
    assert_int_equal(buffers.synced.held_bytes, 0);
    hw_buffers_release(&buffers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_counted_and_kept),   cmocka_unit_test(memory_that_was_kept_is_taken_again),
        cmocka_unit_test(kept_memory_makes_room),       cmocka_unit_test(whoever_finds_no_room_waits),
        cmocka_unit_test(want_of_memory_takes_nothing), cmocka_unit_test(memory_without_room_for_a_link_is_not_kept),
    };
    return cmocka_run_group_tests_name("transfer/buffers", tests, NULL, NULL);
}
