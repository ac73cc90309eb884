/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_source.h"

#include "support/rows.h"

/* More than a segment of the log, so that both parts go over a border. */
enum {
    PAGES_BYTES = HW_SEGMENT_BYTES + 1000,
    DICTIONARY_BYTES = HW_SEGMENT_BYTES,
    ALL_BYTES = PAGES_BYTES + DICTIONARY_BYTES
};

/* What is at a place of the log, and so of the chunk. */
static uint8_t log_byte(size_t at) {
    return (uint8_t)(at * 31 ^ at >> 8);
}

static uint8_t chunk_byte(size_t at, size_t dictionary) {
    return log_byte(at < dictionary ? PAGES_BYTES + at : at - dictionary);
}

struct made {
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_chunk_source source;
    uint8_t bytes[ALL_BYTES];
};
static struct made made;

static void made_open(size_t dictionary) {
    struct hw_error err = HW_ERROR_INIT;
    hw_row_group_pool_init(&made.pool, 1, 0);
    assert_ok(hw_row_group_new(&made.pool, &made.group, &err), err);
    for (size_t i = 0; i < ALL_BYTES; i++) {
        made.bytes[i] = log_byte(i);
    }
    assert_ok(hw_page_log_append(&made.group->log, made.bytes, PAGES_BYTES + dictionary, &err), err);
    made.group->chunks[0].dictionary_at = PAGES_BYTES;
    made.group->chunks[0].dictionary_size = (uint32_t)dictionary;
    made.group->chunks[0].stored_bytes = PAGES_BYTES + dictionary;
    hw_chunk_source_init(&made.source, made.group);
}

static void made_close(void) {
    made.source.base.ops->close(&made.source.base);
    made.group->base.ops->free(&made.group->base);
    hw_row_group_pool_release(&made.pool);
}

static enum hw_status bytes_read(uint64_t at, size_t bytes, struct hw_error *err) {
    return made.source.base.ops->read_at(&made.source.base, at, made.bytes, bytes, err);
}

static void a_chunk_is_read_as_it_will_be_in_the_file(void **state) {
    (void)state;
    static const size_t dictionaries[] = {0, 1, 17, DICTIONARY_BYTES};
    for (size_t i = 0; i < COUNT_OF(dictionaries); i++) {
        const size_t dictionary = dictionaries[i], size = PAGES_BYTES + dictionary;
        const size_t places[] = {0, 1, 16, 17, 18, dictionary, HW_SEGMENT_BYTES - 1, PAGES_BYTES, size - 1, size};
        made_open(dictionary);
        assert_int_equal(made.source.base.size, size);
        for (size_t from = 0; from < COUNT_OF(places); from++) {
            for (size_t to = from; to < COUNT_OF(places); to++) {
                struct hw_error err = HW_ERROR_INIT;
                const size_t begin = hw_min_size(places[from], places[to]), end = hw_max_size(places[from], places[to]);
                if (end > size) {
                    continue;
                }
                assert_ok(bytes_read(begin, end - begin, &err), err);
                for (size_t k = begin; k < end; k++) {
                    assert_int_equal(made.bytes[k - begin], chunk_byte(k, dictionary));
                }
            }
        }
        made_close();
    }
}

static void reads_stay_within_the_chunk(void **state) {
    (void)state;
    static const struct {
        uint64_t at;
        size_t bytes;
    } beyond[] = {{ALL_BYTES, 1},  {ALL_BYTES - 1, 2}, {ALL_BYTES + 1, 0},
                  {UINT64_MAX, 1}, {0, ALL_BYTES + 1}, {1, SIZE_MAX}};
    made_open(DICTIONARY_BYTES);
    for (size_t i = 0; i < COUNT_OF(beyond); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(bytes_read(beyond[i].at, beyond[i].bytes, &err), HW_EIO);
        assert_string_equal(err.message, "a read goes beyond the column chunk");
    }
    made_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chunk_is_read_as_it_will_be_in_the_file),
        cmocka_unit_test(reads_stay_within_the_chunk),
    };
    return cmocka_run_group_tests_name("optimize/chunk_source", tests, NULL, NULL);
}
