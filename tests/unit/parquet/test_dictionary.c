/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/dictionary.h"

#include <stdio.h>

#include "core/alloc.h"
#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

static struct hw_field fields[] = {
    {"int64", {.kind = HW_KIND_INT64}, false},
    {"date", {.kind = HW_KIND_DATE}, false},
    {"text", {.kind = HW_KIND_TEXT}, false},
    {"uuid", {.kind = HW_KIND_UUID}, false},
};
enum { INT64, DATE, TEXT, UUID, VALUES = 5000 };

static size_t add(struct hw_dictionary *dictionary, const struct hw_leaf *leaf, const struct hw_values *values,
                  size_t limit, uint32_t *indices) {
    struct hw_dictionary_job job = {
        .leaf = leaf, .values = values, .count = values->count, .bytes_limit = limit, .page = 1, .indices = indices};
    size_t done = 0;
    assert_int_equal(hw_dictionary_add(dictionary, &job, &done, NULL), HW_OK);
    return done;
}

/* A value out of `distinct` ones, as bytes; for texts of many lengths. */
static size_t value_make(const struct hw_leaf *leaf, uint64_t value, char *out) {
    if (leaf->lane == HW_LANE_TEXT) {
        static const char filler[] = "0123456789abcdefghijklmnopqrstuvwxyz0123456789";
        size_t size = value % 45;
        memcpy(out, filler, size);
        return size + (size_t)(value % 3 ? snprintf(out + size, 24, "%" PRIu64, value) : 0);
    }
    uint64_t words[2] = {value * 977, value};
    memcpy(out, words, leaf->width);
    return leaf->width;
}

/*
 * Whatever is looked up, the dictionary's PLAIN bytes at the index are the value; equal values have
 * one index.
 */
static void assert_round_trip(const char *row, const struct hw_leaf *leaf, const struct hw_dictionary *dictionary,
                              const struct hw_values *values, const uint32_t *indices) {
    HW_AUTO(hw_buf) plain = {0};
    const uint8_t *starts[VALUES];
    uint32_t sizes[VALUES];
    size_t text_at = 0;

    assert_int_equal(hw_dictionary_encode(dictionary, leaf, &plain, NULL), HW_OK);
    assert_row_int(row, plain.size, hw_dictionary_bytes(dictionary, leaf));
    const uint8_t *at = plain.data;
    for (size_t i = 0; i < dictionary->count; i++) {
        sizes[i] = leaf->lane == HW_LANE_TEXT ? hw_load_le32(at) : (uint32_t)leaf->width;
        at += leaf->lane == HW_LANE_TEXT ? 4 : 0;
        starts[i] = at;
        at += sizes[i];
    }
    assert_true(at == plain.data + plain.size);
    for (size_t i = 0; i < values->count; i++) {
        size_t size = leaf->lane == HW_LANE_TEXT ? hw_values_lengths(values)[i] : leaf->width;
        assert_true(indices[i] < dictionary->count);
        assert_row_bytes(row, starts[indices[i]], sizes[indices[i]], values->data.data + text_at, size);
        text_at += size;
    }
    for (size_t i = 0; i < dictionary->count; i++) { /* all are different */
        for (size_t k = i + 1; k < dictionary->count && k < i + 50; k++) {
            assert_false(sizes[i] == sizes[k] && memcmp(starts[i], starts[k], sizes[i]) == 0);
        }
    }
}

static void finds_every_value_again(void **state) {
    (void)state;
    static const uint64_t distinct[] = {1, 2, 50, 3000, UINT64_MAX};
    struct hw_dictionary dictionary = {0};
    uint64_t random = 9;
    for (size_t f = 0; f < COUNT_OF(fields); f++) {
        for (size_t d = 0; d < COUNT_OF(distinct); d++) {
            struct hw_values values = {0};
            struct hw_leaf leaf;
            uint32_t indices[VALUES];
            char value[80];

            hw_leaf_init(&leaf, &fields[f]);
            hw_dictionary_clear(&dictionary); /* the same one for all lanes */
            for (size_t i = 0; i < VALUES; i++) {
                size_t size = value_make(&leaf, test_random(&random) % distinct[d], value);
                if (leaf.lane == HW_LANE_TEXT) {
                    values_put_text(&values, value, size);
                } else {
                    values_put(&values, value, size);
                }
            }
            assert_row_int(fields[f].name, add(&dictionary, &leaf, &values, SIZE_MAX / 4, indices), VALUES);
            assert_round_trip(fields[f].name, &leaf, &dictionary, &values, indices);
            hw_values_release(&values);
        }
    }
    hw_dictionary_release(&dictionary);
}

static void stops_at_its_limit(void **state) {
    (void)state;
    struct hw_dictionary dictionary = {0};
    struct hw_values values = {0};
    struct hw_leaf leaf;
    uint32_t indices[100];

    hw_leaf_init(&leaf, &fields[INT64]);
    for (int64_t i = 0; i < 100; i++) {
        values_put(&values, &(int64_t){i / 2}, 8);
    }
    assert_int_equal(add(&dictionary, &leaf, &values, 30 * 8, indices),
                     60); /* 30 values fill it; the 31st is the 61st row */
    assert_int_equal(dictionary.count, 30);
    hw_dictionary_truncate(&dictionary, 10);
    assert_int_equal(hw_dictionary_bytes(&dictionary, &leaf), 80);

    hw_dictionary_clear(&dictionary);
    hw_values_clear(&values);
    hw_leaf_init(&leaf, &fields[TEXT]);
    values_put_text(&values, "abc", 3);
    values_put_text(&values, "", 0);
    values_put_text(&values, "abcd", 4);
    assert_int_equal(add(&dictionary, &leaf, &values, 18, indices), 2); /* 7 + 4 + 8 bytes */
    assert_int_equal(hw_dictionary_bytes(&dictionary, &leaf), 11);
    hw_dictionary_truncate(&dictionary, 1);
    assert_int_equal(hw_dictionary_bytes(&dictionary, &leaf), 7);
    hw_dictionary_truncate(&dictionary, 0);
    assert_int_equal(hw_dictionary_bytes(&dictionary, &leaf), 0);
    hw_values_release(&values);
    hw_dictionary_release(&dictionary);
}

/* The inverse of the hash's factor makes values that all belong in the first slot. */
static void gives_up_on_values_made_to_collide(void **state) {
    (void)state;
    struct hw_dictionary dictionary = {0};
    struct hw_values values = {0};
    struct hw_leaf leaf;
    uint64_t factor = UINT64_C(0x9e3779b97f4a7c15), inverse = factor;
    uint32_t indices[VALUES];

    for (int i = 0; i < 6; i++) {
        inverse *= 2 - factor * inverse;
    }
    assert_true(factor * inverse == 1);
    hw_leaf_init(&leaf, &fields[INT64]);
    for (uint64_t i = 0; i < VALUES; i++) {
        values_put(&values, &(uint64_t){inverse * i}, 8);
    }
    size_t done = add(&dictionary, &leaf, &values, SIZE_MAX / 4, indices);
    assert_in_range(done, 100, 1000);
    hw_values_release(&values);
    hw_dictionary_release(&dictionary);
}

static void knows_the_range_of_a_page(void **state) {
    (void)state;
    struct hw_dictionary dictionary = {0};
    struct hw_values values = {0};
    struct hw_leaf leaf;
    uint32_t indices[8];
    hw_view least, greatest;
    static const char *const pages[2][4] = {{"m", "zz", "", "a"}, {"m", "prefix-of-8-and-b", "prefix-of-8-and-a", "m"}};

    hw_leaf_init(&leaf, &fields[TEXT]);
    for (uint32_t p = 0; p < 2; p++) {
        hw_values_clear(&values);
        for (size_t i = 0; i < 4; i++) {
            values_put_text(&values, pages[p][i], strlen(pages[p][i]));
        }
        struct hw_dictionary_job job = {
            .leaf = &leaf, .values = &values, .count = 4, .bytes_limit = 1000, .page = p + 1, .indices = indices};
        size_t done;
        assert_int_equal(hw_dictionary_add(&dictionary, &job, &done, NULL), HW_OK);
        hw_dictionary_range(&dictionary, p + 1, &least, &greatest);
        assert_true(hw_view_equal(least, hw_view_of(p == 0 ? "" : "m")));
        assert_true(hw_view_equal(greatest, hw_view_of(p == 0 ? "zz" : "prefix-of-8-and-b")));
    }
    hw_values_release(&values);
    hw_dictionary_release(&dictionary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_value_again),
        cmocka_unit_test(stops_at_its_limit),
        cmocka_unit_test(gives_up_on_values_made_to_collide),
        cmocka_unit_test(knows_the_range_of_a_page),
    };
    return cmocka_run_group_tests_name("parquet/dictionary", tests, NULL, NULL);
}
