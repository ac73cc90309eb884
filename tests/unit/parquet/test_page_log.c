/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_log.h"

#include "core/alloc.h"
#include "unit/parquet/decode.h"

enum { PIECES = 40, PIECE_MAX = 100000 };

/* Pieces cross the borders of segments; all bytes come back, from where the log said. */
static void gives_back_what_was_put(void **state) {
    (void)state;
    struct hw_segment_pool pool;
    struct hw_page_log log;
    uint64_t random = 10, at[PIECES + 1] = {0};
    uint8_t *piece = hw_alloc(PIECE_MAX);
    size_t segments = 0;

    hw_segment_pool_init(&pool);
    hw_page_log_init(&log, &pool);
    for (int round = 0; round < 2; round++) { /* the second time with used segments */
        for (size_t i = 0; i < PIECES; i++) {
            size_t size = test_random(&random) % PIECE_MAX;
            memset(piece, (int)(i + 1), size);
            assert_int_equal(hw_page_log_append(&log, piece, size, NULL), HW_OK);
            at[i + 1] = log.size;
            assert_int_equal(log.size, at[i] + size);
        }
        for (size_t i = 0; i < PIECES; i++) {
            for (uint64_t pos = at[i]; pos < at[i + 1];) {
                const uint8_t *data;
                size_t got = hw_page_log_read(&log, pos, (size_t)(at[i + 1] - pos), &data);
                assert_in_range(got, 1, at[i + 1] - pos);
                for (size_t k = 0; k < got; k++) {
                    assert_int_equal(data[k], i + 1);
                }
                pos += got;
            }
        }
        segments = hw_max_size(segments, log.count);
        assert_true(hw_page_log_held(&log) >= log.size);
        hw_page_log_clear(&log);
        assert_int_equal(log.size, 0);
        assert_int_equal(pool.synced.count, segments);
    }
    hw_page_log_release(&log);
    hw_segment_pool_release(&pool);
    hw_free(piece);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_put),
    };
    return cmocka_run_group_tests_name("parquet/page_log", tests, NULL, NULL);
}
