/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that goes from batch to batch. */
#include "table/spare_blocks.h"

#include "core/alloc.h"
#include "support/rows.h"

enum { BYTES_MAX = 1000 };

static struct hw_spare_blocks *blocks_make(const size_t *sizes, size_t count) {
    struct hw_spare_blocks *blocks = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_spare_blocks_new(BYTES_MAX, &blocks, &err), err);
    for (size_t i = 0; i < count && sizes[i] > 0; i++) {
        hw_spare_blocks_give(blocks, hw_alloc(sizes[i]), sizes[i]);
    }
    return blocks;
}

static void the_smallest_that_fits_is_taken(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t given[5];
        size_t wanted;
        size_t want; /* 0: there is none */
    } rows[] = {
        {"none was given", {0}, 10, 0},
        {"as large", {100}, 100, 100},
        {"larger", {150}, 100, 150},
        {"smaller", {99}, 100, 0},
        {"more than twice as large", {202}, 100, 0},
        {"the smallest of several", {190, 120, 160}, 100, 120},
        {"one beyond what is kept", {1001}, 1000, 0},
        {"what came first goes", {600, 500}, 600, 0},
        {"what came last stays", {600, 500}, 500, 500},
        {"as many as there is room for", {300, 400, 301}, 300, 301},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_spare_blocks *blocks = blocks_make(rows[i].given, COUNT_OF(rows[i].given));
        struct hw_buf buf = {.limit = 7};
        hw_spare_blocks_take(blocks, rows[i].wanted, &buf);
        assert_row_int(rows[i].name, buf.capacity, rows[i].want);
        assert_row_int(rows[i].name, buf.data != NULL, rows[i].want > 0);
        assert_row_int(rows[i].name, buf.size, 0);
        assert_row_int(rows[i].name, buf.limit, 7);
        hw_free(buf.data);
        hw_owner_drop(hw_spare_blocks_owner(blocks));
    }
}

/* Very many small ones do not make a list that is searched for long. */
static void the_number_is_limited(void **state) {
    (void)state;
    struct hw_spare_blocks *blocks = blocks_make(NULL, 0);
    size_t taken = 0;
    struct hw_buf buf = {0};
    for (size_t i = 0; i < 600; i++) {
        hw_spare_blocks_give(blocks, hw_alloc(1), 1);
    }
    hw_spare_blocks_give(blocks, NULL, 0);
    for (bool more = true; more; taken += more) {
        buf = (struct hw_buf){0};
        hw_spare_blocks_take(blocks, 1, &buf);
        more = buf.data != NULL;
        hw_free(buf.data);
    }
    assert_int_equal(taken, 256);
    hw_owner_drop(hw_spare_blocks_owner(blocks));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_that_fits_is_taken),
        cmocka_unit_test(the_number_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
