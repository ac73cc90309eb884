/* SPDX-License-Identifier: Apache-2.0 */
/* Dictionaries, distinct values and JSON; test_verify.c has the other checks of values. */
#include "parquet/values_check.h"

#include "support/alloc_fault.h"
#include "unit/parquet/verify_make.h"

/* The values "a" and "b" as PLAIN, and the levels of two values and a null. */
#define TWO_TEXTS "\1\0\0\0a\1\0\0\0b"
#define LEVELS "\2\0\0\0\3\x1a"

static struct page dictionary_of(const char *body, size_t bytes, uint32_t values) {
    struct page page = page_of(body, bytes);
    page.type = HW_PAGE_DICTIONARY;
    page.values = values;
    return page;
}

#define DICTIONARY_OF(text, values) dictionary_of(text, sizeof(text) - 1, values)

/* Writes a dictionary page, and one of indices: a width and a run of 8 that are bit-packed. */
static void pages_write(struct hw_buf *pages, const struct page *dictionary, char width, char packed) {
    const char body[] = {2, 0, 0, 0, 3, 0x1a, width, 3, packed, 0};
    struct page page = page_of(body, sizeof(body) - (width == 2 ? 0 : 1));
    page.encoding = HW_ENCODING_RLE_DICTIONARY;
    page_write(pages, dictionary);
    page_write(pages, &page);
}

static void write_dictionary(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page dictionary = DICTIONARY_OF(TWO_TEXTS, 2);
    pages_write(pages, &dictionary, 1, 2);
}
static void write_far_index(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page dictionary = DICTIONARY_OF(TWO_TEXTS, 2);
    pages_write(pages, &dictionary, 2, 0x0c);
}
static void write_cut_dictionary(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page dictionary = DICTIONARY_OF("\1\0\0\0a\x7f\0\0\0b", 2);
    pages_write(pages, &dictionary, 1, 2);
}
static void write_dictionary_no_utf8(struct hw_buf *pages, struct made_facts *facts) {
    (void)facts;
    const struct page dictionary = DICTIONARY_OF("\1\0\0\0a\1\0\0\0\xff", 2);
    pages_write(pages, &dictionary, 1, 2);
}
static void write_dictionary_bounds(struct hw_buf *pages, struct made_facts *facts) {
    facts->ordered = true;
    facts->max = "a";
    write_dictionary(pages, facts);
}

static void write_distinct(struct hw_buf *pages, struct made_facts *facts) {
    facts->distinct = 2;
    page_write(pages, &good_page);
}
static void write_more_distinct(struct hw_buf *pages, struct made_facts *facts) {
    facts->distinct = 3;
    page_write(pages, &good_page);
}
static void write_no_distinct(struct hw_buf *pages, struct made_facts *facts) {
    facts->distinct = 0;
    page_write(pages, &good_page);
}
static void write_many_distinct(struct hw_buf *pages, struct made_facts *facts) {
    facts->distinct = (1 << 20) + 1;
    page_write(pages, &good_page);
}
static void write_same_twice(struct hw_buf *pages, struct made_facts *facts) {
    const struct page page = PAGE_OF(LEVELS "\1\0\0\0a\1\0\0\0a");
    facts->distinct = 1;
    facts->max = "a";
    page_write(pages, &page);
}
static void write_damaged_distinct(struct hw_buf *pages, struct made_facts *facts) {
    const struct page page = PAGE_OF(LEVELS "\1\0\0\0a\x7f\0\0\0b");
    facts->distinct = 7;
    page_write(pages, &page);
}

static void write_json(struct hw_buf *pages, struct made_facts *facts) {
    const struct page page = PAGE_OF(LEVELS "\1\0\0\0"
                                            "1"
                                            "\2\0\0\0{}");
    facts->logical = HW_LOGICAL_JSON;
    facts->min = "1";
    facts->max = "{}";
    page_write(pages, &page);
}
static void write_no_json(struct hw_buf *pages, struct made_facts *facts) {
    facts->logical = HW_LOGICAL_JSON;
    page_write(pages, &good_page);
}

#define UNLISTED "warning page.encoding 1 s.t 1: it has the encoding RLE_DICTIONARY, which the footer does not list\n"

/* The first row group has the texts "a" and "b" too. */
#define NO_JSON(group) "warning value.json " group " s.t 0: a value is no JSON: invalid token near 'a'"

static const struct verify_row rows[] = {
    {"a dictionary", write_dictionary, HW_VERIFY_VALUES, UNLISTED},
    {"an index beyond it", write_far_index, HW_VERIFY_VALUES, UNLISTED "error dictionary.index 1 s.t 1: "},
    {"an index beyond it at the level of pages", write_far_index, HW_VERIFY_PAGES, UNLISTED},
    {"a dictionary that was cut", write_cut_dictionary, HW_VERIFY_VALUES,
     "error value.decode 1 s.t 0: a text has 127 bytes, but 1 are left\n" UNLISTED},
    {"a dictionary that is no UTF-8", write_dictionary_no_utf8, HW_VERIFY_VALUES,
     "error value.utf8 1 s.t 0: a text is not UTF-8\n" UNLISTED},
    {"bounds of what is in a dictionary", write_dictionary_bounds, HW_VERIFY_VALUES,
     UNLISTED "error stats.max 1 s.t -1: the maximum of the statistics is a, but there is a value above it"},
    {"distinct values", write_distinct, HW_VERIFY_VALUES, ""},
    {"too many distinct values", write_more_distinct, HW_VERIFY_VALUES,
     "error stats.distinct 1 s.t -1: the statistics tell of 3 distinct values, but there are 2"},
    {"too many distinct values at the level of pages", write_more_distinct, HW_VERIFY_PAGES, ""},
    {"no distinct values", write_no_distinct, HW_VERIFY_VALUES,
     "error stats.distinct 1 s.t -1: the statistics tell of 0 distinct values, but there are 2"},
    {"more than are counted", write_many_distinct, HW_VERIFY_VALUES, ""},
    {"the same value twice", write_same_twice, HW_VERIFY_VALUES, ""},
    {"a damaged page says nothing of all values", write_damaged_distinct, HW_VERIFY_VALUES,
     "error value.decode 1 s.t 0: "},
    {"JSON", write_json, HW_VERIFY_VALUES, NO_JSON("0")},
    {"what is no JSON is told once a chunk", write_no_json, HW_VERIFY_VALUES, NO_JSON("0") "\n" NO_JSON("1")},
    {"what is no JSON at the level of pages", write_no_json, HW_VERIFY_PAGES, ""},
};

static void values_have_findings(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        verify_row_check(&rows[i]);
    }
}

static enum hw_status finding_count(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)finding, (void)err;
    ++*(size_t *)ctx;
    return HW_OK;
}

/* Where memory is missing, the call says so, or tells nothing that is not so. */
static void missing_memory_makes_no_findings(void **state) {
    (void)state;
    HW_AUTO(hw_buf) pages = {0};
    HW_AUTO(hw_buf) file = {0};
    struct made_facts facts = made_facts;
    struct alloc_fault fault;
    const struct hw_parquet_verify_options options = {
        .level = HW_VERIFY_VALUES, .memory_bytes = 1 << 20, .page_bytes_max = 1 << 20};
    write_same_twice(&pages, &facts);
    facts.pages = hw_buf_view(&pages);
    file_make(&file, &facts);
    for (size_t successes = 0, fired = 1; fired; successes++) {
        struct memory_source source = memory_source(hw_buf_view(&file), 0);
        struct hw_parquet_verified verified;
        struct hw_error err = HW_ERROR_INIT;
        size_t findings = 0;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status =
            hw_parquet_verify(&source.base, &options, finding_count, &findings, &verified, &err);
        fired = alloc_fault_end(&fault);
        assert_true(status == HW_OK || status == HW_ENOMEM);
        assert_int_equal(findings, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_findings),
        cmocka_unit_test(missing_memory_makes_no_findings),
    };
    return cmocka_run_group_tests_name("parquet/values_check", tests, NULL, NULL);
}
