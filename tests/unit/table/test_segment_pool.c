/* SPDX-License-Identifier: Apache-2.0 */
#include "table/segment_pool.h"

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/* A segment that was given back is the next one to be taken. */
static void segments_are_used_again(void **state) {
    (void)state;
    struct hw_segment_pool pool;
    hw_segment_pool_init(&pool);
    struct hw_segment *first = hw_segment_take(&pool);
    struct hw_segment *second = hw_segment_take(&pool);
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(pool.synced.count, 0);
    hw_segment_give_back(&pool, first);
    hw_segment_give_back(&pool, second);
    assert_int_equal(pool.synced.count, 2);
    assert_ptr_equal(hw_segment_take(&pool), second);
    assert_ptr_equal(hw_segment_take(&pool), first);
    hw_segment_give_back(&pool, first);
    hw_segment_give_back(&pool, second);
    hw_segment_pool_release(&pool);
}

static void a_pool_keeps_so_many_and_no_more(void **state) {
    (void)state;
    struct hw_segment_pool pool;
    struct hw_segment *segments[100];
    hw_segment_pool_init(&pool);
    for (size_t i = 0; i < COUNT_OF(segments); i++) {
        segments[i] = hw_segment_take(&pool);
        assert_non_null(segments[i]);
    }
    for (size_t i = 0; i < COUNT_OF(segments); i++) {
        hw_segment_give_back(&pool, segments[i]);
    }
    assert_int_equal(pool.synced.count, 64);
    hw_segment_pool_release(&pool);
}

static void a_small_copy_has_the_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
    } rows[] = {{"a byte", 1}, {"half", HW_SEGMENT_TRIMMED_MAX}};
    struct hw_segment_pool pool;
    hw_segment_pool_init(&pool);
    struct hw_segment *segment = hw_segment_take(&pool);
    assert_non_null(segment);
    for (size_t i = 0; i < HW_SEGMENT_BYTES; i++) {
        segment->data[i] = (uint8_t)(i * 2654435761u >> 13);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_segment *small = hw_segment_trimmed(segment, rows[i].bytes);
        assert_non_null(small);
        assert_row_bytes(rows[i].name, small->data, rows[i].bytes, segment->data, rows[i].bytes);
        hw_free(small);
    }
    hw_segment_give_back(&pool, segment);
    hw_segment_pool_release(&pool);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct hw_segment_pool pool;
    struct alloc_fault fault;
    hw_segment_pool_init(&pool);
    alloc_fault_begin(&fault, 1);
    struct hw_segment *segment = hw_segment_take(&pool);
    assert_non_null(segment);
    assert_null(hw_segment_trimmed(segment, 1));
    hw_segment_give_back(&pool, segment);
    hw_segment_pool_release(&pool);
    assert_true(alloc_fault_end(&fault));

    hw_segment_pool_init(&pool);
    alloc_fault_begin(&fault, 0);
    assert_null(hw_segment_take(&pool));
    hw_segment_pool_release(&pool);
    assert_true(alloc_fault_end(&fault));
}

static void writers_share_a_pool(void **state) {
    (void)state;
    struct hw_segment_pool *one = hw_segment_pool_shared();
    struct hw_segment_pool *other = hw_segment_pool_shared();
    struct hw_segment *segment = hw_segment_take(one);
    assert_ptr_equal(one, other);
    assert_non_null(segment);
    hw_segment_give_back(one, segment);
    hw_segment_pool_unshare();
    assert_int_equal(other->synced.count, 1);
    hw_segment_pool_unshare();
    /* The last one has released it. */
    assert_int_equal(hw_segment_pool_shared()->synced.count, 0);
    hw_segment_pool_unshare();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_used_again),    cmocka_unit_test(a_pool_keeps_so_many_and_no_more),
        cmocka_unit_test(a_small_copy_has_the_bytes), cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(writers_share_a_pool),
    };
    return cmocka_run_group_tests_name("table/segment_pool", tests, NULL, NULL);
}
