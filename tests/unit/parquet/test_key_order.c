/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/key_order.h"

#include "parquet/encoding.h"
#include "unit/codec/faulty_alloc.h"
#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

enum { VALUES_MAX = 16 };

static const struct hw_field ints = {"n", {.kind = HW_KIND_INT32}, true};
static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};
static const struct hw_field halves = {"h", {.kind = HW_KIND_HALF}, true};

/* Digits are the values: numbers, texts of as many bytes, or two bytes. By hand. */
static const struct {
    const char *name;
    const char *values;
    const char *want;
    const char *indices;
} rows[] = {
    {"the last is the most frequent", "123333", "312", "120000"},
    {"equally frequent ones stay", "2112", "21", "0110"},
    {"some equally frequent", "123423", "2314", "201301"},
    {"one value", "555", "5", "000"},
    {"already in order", "1112", "12", "0001"},
};

static void put_digit(struct hw_values *values, const struct hw_leaf *leaf, char digit) {
    const uint32_t number = (uint32_t)(digit - '0');
    if (leaf->lane == HW_LANE_TEXT) {
        values_put_text(values, "abcdefghi", number);
    } else {
        values_put(values, &number, leaf->width);
    }
}

static void look_up(struct hw_dictionary *dictionary, const struct hw_leaf *leaf, const struct hw_values *values,
                    uint32_t *indices) {
    const struct hw_dictionary_job job = {
        .leaf = leaf, .values = values, .count = values->count, .bytes_limit = 1 << 20, .page = 1, .indices = indices};
    size_t done = 0;
    assert_int_equal(hw_dictionary_add(dictionary, &job, &done, NULL), HW_OK);
    assert_int_equal(done, values->count);
}

/* A page with its dictionary. */
struct page {
    struct hw_leaf leaf;
    struct hw_values values;
    struct hw_scratch scratch;
    struct hw_dictionary *dictionary;
    uint32_t indices[VALUES_MAX];
};

static void page_open(struct page *page, const struct hw_field *field, const char *digits) {
    static const struct hw_parquet_options options = {.codec = HW_CODEC_NONE};
    *page = (struct page){0};
    hw_leaf_init(&page->leaf, field);
    assert_int_equal(hw_scratch_init(&page->scratch, &options, NULL), HW_OK);
    for (const char *at = digits; *at; at++) {
        put_digit(&page->values, &page->leaf, *at);
    }
    page->dictionary = hw_scratch_take_dictionary(&page->scratch);
    assert_non_null(page->dictionary);
    look_up(page->dictionary, &page->leaf, &page->values, page->indices);
}

static void page_close(struct page *page) {
    hw_scratch_give_dictionary(&page->scratch, page->dictionary);
    hw_scratch_release(&page->scratch);
    hw_values_release(&page->values);
}

static void page_check(struct page *page, size_t row) {
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    struct hw_values keys = {0};
    uint32_t again[VALUES_MAX];
    for (const char *at = rows[row].want; *at; at++) {
        put_digit(&keys, &page->leaf, *at);
    }
    assert_int_equal(hw_encode(HW_ENCODING_PLAIN, &page->leaf, &keys, &want, NULL), HW_OK);
    assert_int_equal(hw_dictionary_encode(page->dictionary, &page->leaf, &got, NULL), HW_OK);
    assert_row_bytes(rows[row].name, got.data, got.size, want.data, want.size);
    for (size_t i = 0; i < page->values.count; i++) {
        assert_row_int(rows[row].name, page->indices[i], rows[row].indices[i] - '0');
    }
    /* Values are found where they are now. */
    look_up(page->dictionary, &page->leaf, &page->values, again);
    assert_row_bytes(rows[row].name, again, page->values.count * sizeof(*again), page->indices,
                     page->values.count * sizeof(*again));
    assert_row_int(rows[row].name, page->dictionary->count, strlen(rows[row].want));
    hw_values_release(&keys);
}

static void frequent_values_come_first(void **state) {
    (void)state;
    static const struct hw_field *const of[] = {&ints, &texts, &halves};
    for (size_t i = 0; i < COUNT_OF(of) * COUNT_OF(rows); i++) {
        const size_t row = i % COUNT_OF(rows);
        struct page page;
        struct hw_error err = HW_ERROR_INIT;
        page_open(&page, of[i / COUNT_OF(rows)], rows[row].values);
        page.dictionary->sparse = row % 2 == 1;
        assert_ok(hw_key_order(&page.dictionary, &page.leaf, &page.values, page.indices, 3, &page.scratch, &err), err);
        page_check(&page, row);
        assert_row_int(rows[row].name, page.dictionary->sparse, row % 2 == 1);
        page_close(&page);
    }
}

/* The bounds of the page are those of the entries that have its number. */
static void entries_have_the_number_of_the_page(void **state) {
    (void)state;
    struct page page;
    struct hw_error err = HW_ERROR_INIT;
    hw_view least, greatest;
    page_open(&page, &texts, "123333");
    assert_ok(hw_key_order(&page.dictionary, &page.leaf, &page.values, page.indices, 7, &page.scratch, &err), err);
    hw_dictionary_range(page.dictionary, 7, &least, &greatest);
    assert_row_bytes("least", least.data, least.size, "a", 1);
    assert_row_bytes("greatest", greatest.data, greatest.size, "abc", 3);
    page_close(&page);
}

static void a_failure_leaves_all_as_it_was(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t n;
    for (n = 1; status != HW_OK; n++) {
        struct page page;
        struct hw_error err = HW_ERROR_INIT;
        page_open(&page, &texts, "123333");
        struct hw_dictionary *before = page.dictionary;
        struct faulty_alloc faulty = {.fail_at = n};
        struct hw_allocator allocator = {faulty_resize, &faulty};
        hw_allocator_set(&allocator);
        status = hw_key_order(&page.dictionary, &page.leaf, &page.values, page.indices, 1, &page.scratch, &err);
        hw_allocator_set(NULL);
        assert_int_equal(status, n <= faulty.requests ? HW_ENOMEM : HW_OK);
        assert_int_equal(page.dictionary == before, status != HW_OK);
        assert_int_equal(page.indices[0], status != HW_OK ? 0 : 1);
        page_close(&page);
    }
    assert_in_range(n, 4, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequent_values_come_first),
        cmocka_unit_test(entries_have_the_number_of_the_page),
        cmocka_unit_test(a_failure_leaves_all_as_it_was),
    };
    return cmocka_run_group_tests_name("parquet/key_order", tests, NULL, NULL);
}
