/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/row_group.h"

#include "support/rows.h"
#include "unit/codec/faulty_alloc.h"

enum { COLUMNS = 3, COUNTS = 7, POOL_GROUPS = 8 };

static struct hw_bounds bounds_of(const char *min, const char *max) {
    struct hw_bounds bounds = {0};
    bounds.min = (struct hw_bound){.state = min ? HW_BOUND_KNOWN : HW_BOUND_NONE};
    bounds.max = (struct hw_bound){.state = max ? HW_BOUND_KNOWN : HW_BOUND_UNKNOWN};
    if (min) {
        bounds.min.size = (uint8_t)strlen(min);
        memcpy(bounds.min.data, min, strlen(min));
    }
    if (max) {
        bounds.max.size = (uint8_t)strlen(max);
        memcpy(bounds.max.data, max, strlen(max));
    }
    return bounds;
}

/* Pages of all columns as they come, and the page of the same column that follows each. */
static const struct {
    const char *name;
    size_t column;
    const char *min, *max; /* NULL: not known */
    uint32_t next;
    uint32_t bounds_at;
    bool bounded;
} pages[] = {
    {"the first of column 1", 1, "a", "ccc", 2, 0, true},
    {"the first of column 0", 0, "", "z", 4, 4, true},
    {"the second of column 1", 1, NULL, "d", 3, 5, false},
    {"the third of column 1", 1, "b", NULL, HW_NO_PAGE, 5, false},
    {"the second of column 0", 0, "xy", "xyz", HW_NO_PAGE, 5, true},
};

static void pages_are_listed_by_column(void **state) {
    (void)state;
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_error err = HW_ERROR_INIT;
    hw_row_group_pool_init(&pool, COLUMNS, COUNTS);
    assert_ok(hw_row_group_new(&pool, &group, &err), err);
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        const struct hw_bounds bounds = bounds_of(pages[i].min, pages[i].max);
        const struct hw_page_facts page = {.at = i * 100, .size = 100, .rows = (uint32_t)i + 1, .next = 77};
        assert_ok(hw_row_group_add_page(group, pages[i].column, &page, &bounds, &err), err);
    }
    assert_int_equal(group->pages_count, COUNT_OF(pages));
    assert_row_bytes("bounds", group->bounds.data, group->bounds.size,
                     "acccz"
                     "xyxyz",
                     10);
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        const struct hw_page_facts *page = &group->pages[i];
        assert_row_int(pages[i].name, page->at, i * 100);
        assert_row_int(pages[i].name, page->rows, i + 1);
        assert_row_int(pages[i].name, page->next, pages[i].next);
        assert_row_int(pages[i].name, page->bounds_at, pages[i].bounds_at);
        assert_row_int(pages[i].name, page->bounded, pages[i].bounded);
        assert_row_int(pages[i].name, page->min_size, pages[i].bounded ? strlen(pages[i].min) : 0);
        assert_row_int(pages[i].name, page->max_size, pages[i].bounded ? strlen(pages[i].max) : 0);
    }
    static const uint32_t first[COLUMNS] = {1, 0, HW_NO_PAGE}, last[COLUMNS] = {4, 3, HW_NO_PAGE};
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_int_equal(group->chunks[i].first_page, first[i]);
        assert_int_equal(group->chunks[i].last_page, last[i]);
    }
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
}

/* Fills every part of a row group. */
static void group_fill(struct hw_row_group *group) {
    const struct hw_bounds bounds = bounds_of("min", "max");
    struct hw_error err = HW_ERROR_INIT;
    group->base.rows = 5;
    group->level_counts[COUNTS - 1] = 9;
    group->chunks[0].values = 4;
    assert_ok(hw_buf_append(&group->chunks[COLUMNS - 1].bloom, "filter", 6, &err), err);
    assert_ok(hw_page_log_append(&group->log, "page", 4, &err), err);
    assert_ok(hw_row_group_add_page(group, 0, &(struct hw_page_facts){.size = 4}, &bounds, &err), err);
}

static void assert_empty(const struct hw_row_group *group) {
    assert_int_equal(group->base.rows, 0);
    assert_int_equal(group->pages_count, 0);
    assert_int_equal(group->bounds.size, 0);
    assert_int_equal(group->log.size, 0);
    assert_int_equal(group->chunks_count, COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_int_equal(group->chunks[i].first_page, HW_NO_PAGE);
        assert_int_equal(group->chunks[i].last_page, HW_NO_PAGE);
        assert_int_equal(group->chunks[i].values, 0);
        assert_int_equal(group->chunks[i].bloom.size, 0);
        assert_int_equal(group->chunks[i].bloom.capacity, 0); /* one may have 128 MiB */
    }
    for (size_t i = 0; i < COUNTS; i++) {
        assert_int_equal(group->level_counts[i], 0);
    }
}

static void the_pool_gives_row_groups_again_empty(void **state) {
    (void)state;
    struct faulty_alloc faulty = {0};
    struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_row_group_pool pool;
    struct hw_row_group *groups[POOL_GROUPS + 2], *again;
    struct hw_error err = HW_ERROR_INIT;
    hw_allocator_set(&allocator);
    hw_row_group_pool_init(&pool, COLUMNS, COUNTS);
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        assert_ok(hw_row_group_new(&pool, &groups[i], &err), err);
        assert_empty(groups[i]);
        group_fill(groups[i]);
    }
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        groups[i]->base.ops->free(&groups[i]->base);
        assert_int_equal(pool.synced.count, hw_min_size(i + 1, POOL_GROUPS));
    }
    size_t requests = faulty.requests;
    assert_ok(hw_row_group_new(&pool, &again, &err), err);
    assert_ptr_equal(again, groups[POOL_GROUPS - 1]);
    assert_empty(again);
    group_fill(again);
    /* The segment comes from a pool too, and a filter from none. */
    assert_int_equal(faulty.requests, requests + 1);
    assert_int_equal(pool.synced.count, POOL_GROUPS - 1);
    hw_row_group_clear(again);
    assert_empty(again);
    again->base.ops->free(&again->base);
    hw_row_group_pool_release(&pool);
    hw_allocator_set(NULL);
    assert_int_equal(faulty.held, 0);
}

/* Held bytes are those that the allocator gave, but for its own roundings. */
static void sizes_are_those_of_pages_and_footer(void **state) {
    (void)state;
    enum { PAGE_BYTES = 1000, PAGES = 50 };
    struct faulty_alloc faulty = {0};
    struct hw_allocator allocator = {faulty_resize, &faulty};
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_error err = HW_ERROR_INIT;
    const uint8_t bytes[PAGE_BYTES] = {0};
    const struct hw_bounds bounds = bounds_of("12345678", "87654321");
    hw_allocator_set(&allocator);
    hw_row_group_pool_init(&pool, COLUMNS, COUNTS);
    assert_ok(hw_row_group_new(&pool, &group, &err), err);
    size_t empty = hw_row_group_file_bytes(group);
    for (size_t i = 0; i < PAGES; i++) {
        assert_ok(hw_page_log_append(&group->log, bytes, PAGE_BYTES, &err), err);
        assert_ok(hw_row_group_add_page(group, i % COLUMNS, &(struct hw_page_facts){.size = PAGE_BYTES}, &bounds, &err),
                  err);
    }
    size_t page_bytes = (hw_row_group_file_bytes(group) - empty) / PAGES;
    size_t before = hw_row_group_file_bytes(group);
    assert_ok(hw_buf_append(&group->chunks[1].bloom, bytes, PAGE_BYTES, &err), err);
    assert_int_equal(hw_row_group_file_bytes(group), before + PAGE_BYTES);
    /*
     * A page has two bounds of 8 bytes with their lengths, and about 12 bytes of PageLocation. The
     * statistics may have the bounds once more.
     */
    assert_in_range(page_bytes, PAGE_BYTES + 18 + 12, PAGE_BYTES + 2 * 18 + 40);
    assert_in_range(hw_row_group_held(group), faulty.held - 1000, faulty.held);
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
    hw_allocator_set(NULL);
}

static enum hw_status group_make(struct hw_row_group_pool *pool, struct hw_row_group **out_group,
                                 struct hw_error *err) {
    const struct hw_bounds bounds = bounds_of("min", "max");
    HW_TRY(hw_row_group_new(pool, out_group, err));
    for (size_t i = 0; i < 20; i++) {
        HW_TRY(hw_row_group_add_page(*out_group, i % COLUMNS, &(struct hw_page_facts){.size = 4}, &bounds, err));
    }
    return HW_OK;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t n;
    for (n = 1; status != HW_OK; n++) {
        struct faulty_alloc faulty = {.fail_at = n};
        struct hw_allocator allocator = {faulty_resize, &faulty};
        struct hw_row_group_pool pool;
        struct hw_row_group *group = NULL;
        struct hw_error err = HW_ERROR_INIT;
        hw_allocator_set(&allocator);
        hw_row_group_pool_init(&pool, COLUMNS, COUNTS);
        status = group_make(&pool, &group, &err);
        assert_int_equal(status, n <= faulty.requests ? HW_ENOMEM : HW_OK);
        if (group) {
            group->base.ops->free(&group->base);
        }
        hw_row_group_pool_release(&pool);
        hw_allocator_set(NULL);
        assert_int_equal(faulty.held, 0);
    }
    assert_in_range(n, 5, 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_listed_by_column),
        cmocka_unit_test(the_pool_gives_row_groups_again_empty),
        cmocka_unit_test(sizes_are_those_of_pages_and_footer),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("parquet/row_group", tests, NULL, NULL);
}
