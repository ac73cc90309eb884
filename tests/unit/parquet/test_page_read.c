/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_read.h"

#include "parquet/thrift.h"
#include "support/rows.h"

/* Headers are written by the writer of Thrift, which test_thrift.c holds to the specification. */
struct spec {
    int type;
    int32_t uncompressed, compressed;
    bool no_sizes, no_struct;
    int32_t values, nulls, rows, def_bytes, rep_bytes;
};

static void v1_write(struct hw_thrift *thrift, const struct spec *spec) {
    hw_thrift_begin(thrift, 5);
    hw_thrift_i32(thrift, 1, spec->values);
    hw_thrift_i32(thrift, 2, 8);
    hw_thrift_i32(thrift, 3, 3);
    hw_thrift_i32(thrift, 4, 4);
    hw_thrift_begin(thrift, 5);
    hw_thrift_i64(thrift, 3, spec->nulls);
    hw_thrift_text(thrift, 5, "z");
    hw_thrift_text(thrift, 6, "a");
    hw_thrift_bool(thrift, 7, true);
    hw_thrift_bool(thrift, 8, false);
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}

static void v2_write(struct hw_thrift *thrift, const struct spec *spec) {
    hw_thrift_begin(thrift, 8);
    hw_thrift_i32(thrift, 1, spec->values);
    hw_thrift_i32(thrift, 2, spec->nulls);
    hw_thrift_i32(thrift, 3, spec->rows);
    hw_thrift_i32(thrift, 4, 5);
    hw_thrift_i32(thrift, 5, spec->def_bytes);
    hw_thrift_i32(thrift, 6, spec->rep_bytes);
    hw_thrift_bool(thrift, 7, false);
    hw_thrift_end(thrift);
}

static void head_write(const struct spec *spec, struct hw_buf *out) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    hw_thrift_i32(&thrift, 1, spec->type);
    if (!spec->no_sizes) {
        hw_thrift_i32(&thrift, 2, spec->uncompressed);
        hw_thrift_i32(&thrift, 3, spec->compressed);
    }
    hw_thrift_i32(&thrift, 4, -2);
    if (spec->type == 0 && !spec->no_struct) {
        v1_write(&thrift, spec);
    } else if (spec->type == 2 && !spec->no_struct) {
        hw_thrift_begin(&thrift, 7);
        hw_thrift_i32(&thrift, 1, spec->values);
        hw_thrift_i32(&thrift, 2, 2);
        hw_thrift_bool(&thrift, 3, true);
        hw_thrift_end(&thrift);
    } else if (spec->type == 3 && !spec->no_struct) {
        v2_write(&thrift, spec);
    }
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
}

static struct hw_page_head read_whole(const struct spec *spec) {
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_page_head head;
    bool more = true;
    head_write(spec, &bytes);
    assert_ok(hw_page_head_read((hw_view){(const char *)bytes.data, bytes.size}, 50, &head, &more, &err), err);
    assert_false(more);
    assert_int_equal(head.header_bytes, bytes.size);
    head.statistics.min.data = head.statistics.max.data = NULL;
    return head;
}

static void pages_of_version_1(void **state) {
    (void)state;
    struct hw_page_head head =
        read_whole(&(struct spec){.type = 0, .uncompressed = 100, .compressed = 60, .values = 9, .nulls = 2});
    assert_int_equal(head.type, HW_PAGE_DATA);
    assert_int_equal(head.uncompressed, 100);
    assert_int_equal(head.compressed, 60);
    assert_true(head.has_crc);
    assert_int_equal(head.crc, UINT32_C(0xfffffffe));
    assert_int_equal(head.values, 9);
    assert_int_equal(head.encoding, HW_ENCODING_RLE_DICTIONARY);
    assert_int_equal(head.def_encoding, HW_ENCODING_RLE);
    assert_int_equal(head.rep_encoding, HW_ENCODING_BIT_PACKED);
    assert_true(head.packed);
    assert_true(head.has_statistics);
    assert_int_equal(head.statistics.nulls, 2);
    assert_int_equal(head.statistics.distinct, HW_META_ABSENT);
    assert_int_equal(head.statistics.max.size, 1);
    assert_int_equal(head.statistics.max_exact, HW_TOLD_TRUE);
    assert_int_equal(head.statistics.min_exact, HW_TOLD_FALSE);
}

static void pages_of_version_2(void **state) {
    (void)state;
    struct hw_page_head head = read_whole(&(struct spec){.type = 3,
                                                         .uncompressed = 100,
                                                         .compressed = 60,
                                                         .values = 9,
                                                         .nulls = 2,
                                                         .rows = 4,
                                                         .def_bytes = 40,
                                                         .rep_bytes = 20});
    assert_int_equal(head.type, HW_PAGE_DATA_V2);
    assert_int_equal(head.values, 9);
    assert_int_equal(head.nulls, 2);
    assert_int_equal(head.rows, 4);
    assert_int_equal(head.def_bytes, 40);
    assert_int_equal(head.rep_bytes, 20);
    assert_int_equal(head.encoding, HW_ENCODING_DELTA_BINARY_PACKED);
    assert_false(head.packed);
    assert_false(head.has_statistics);
    assert_int_equal(head.statistics.nulls, HW_META_ABSENT);
}

static void other_pages(void **state) {
    (void)state;
    struct hw_page_head head = read_whole(&(struct spec){.type = 2, .uncompressed = 8, .compressed = 7, .values = 3});
    assert_int_equal(head.type, HW_PAGE_DICTIONARY);
    assert_int_equal(head.values, 3);
    assert_int_equal(head.encoding, HW_ENCODING_PLAIN_DICTIONARY);
    head = read_whole(&(struct spec){.type = 1, .uncompressed = 8, .compressed = 7});
    assert_int_equal(head.type, HW_PAGE_INDEX);
    assert_int_equal(head.compressed, 7);
}

static const struct {
    const char *name;
    struct spec spec;
    enum hw_status want;
    const char *says;
} wrong[] = {
    {"no sizes",
     {.type = 0, .no_sizes = true},
     HW_EDATA,
     "page header: PageHeader ends without uncompressed_page_size"},
    {"a size below zero", {.type = 0, .compressed = -1}, HW_EDATA, "compressed_page_size of PageHeader is -1"},
    {"another size below zero",
     {.type = 0, .uncompressed = -5},
     HW_EDATA,
     "uncompressed_page_size of PageHeader is -5"},
    {"values below zero", {.type = 0, .values = -1}, HW_EDATA, "num_values of DataPageHeader is -1"},
    {"entries below zero", {.type = 2, .values = -1}, HW_EDATA, "num_values of DictionaryPageHeader is -1"},
    {"nulls below zero", {.type = 3, .nulls = -1}, HW_EDATA, "num_nulls of DataPageHeaderV2 is -1"},
    {"rows below zero", {.type = 3, .rows = -1}, HW_EDATA, "num_rows of DataPageHeaderV2 is -1"},
    {"no struct of v1", {.type = 0, .no_struct = true}, HW_EDATA, "ends without data_page_header"},
    {"no struct of v2", {.type = 3, .no_struct = true}, HW_EDATA, "ends without data_page_header_v2"},
    {"no struct of a dictionary", {.type = 2, .no_struct = true}, HW_EDATA, "ends without dictionary_page_header"},
    {"levels longer than the page",
     {.type = 3, .compressed = 9, .uncompressed = 99, .def_bytes = 5, .rep_bytes = 5},
     HW_EDATA,
     "levels of 10 bytes are in a page of 9 bytes, 99 unpacked"},
    {"levels longer than the page unpacked",
     {.type = 3, .compressed = 99, .uncompressed = 9, .def_bytes = 10},
     HW_EDATA,
     "levels of 10 bytes are in a page of 99 bytes, 9 unpacked"},
    {"levels of 4 GiB", {.type = 3, .def_bytes = INT32_MAX, .rep_bytes = INT32_MAX}, HW_EDATA, "levels of 4294967294"},
    {"a type that is not known", {.type = 4}, HW_EUNSUPPORTED, "page type 4 is not known"},
    {"a type below zero", {.type = -1}, HW_EUNSUPPORTED, "page type -1 is not known"},
};

static void what_is_no_header_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_page_head head;
        bool more = false;
        head_write(&wrong[i].spec, &bytes);
        assert_row_int(wrong[i].name,
                       hw_page_head_read((hw_view){(const char *)bytes.data, bytes.size}, 50, &head, &more, &err),
                       wrong[i].want);
        assert_row_says(wrong[i].name, err.message, wrong[i].says);
        assert_row_int(wrong[i].name, err.offset > 50 && err.offset <= 50 + (int64_t)bytes.size, true);
    }
}

static void a_header_that_goes_on_asks_for_more(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    head_write(&(struct spec){.type = 0, .uncompressed = 100, .compressed = 60, .values = 9, .nulls = 2}, &bytes);
    for (size_t size = 0; size < bytes.size; size++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_page_head head;
        bool more = false;
        assert_ok(hw_page_head_read((hw_view){(const char *)bytes.data, size}, 50, &head, &more, &err), err);
        assert_true(more);
    }
}

/* The members of v1 that the struct of another type has do not count. */
static void only_the_struct_of_its_type_counts(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_thrift thrift;
    struct hw_page_head head;
    bool more;
    hw_thrift_init(&thrift, &bytes, NULL);
    hw_thrift_i32(&thrift, 1, 2);
    hw_thrift_i32(&thrift, 2, 1);
    hw_thrift_i32(&thrift, 3, 1);
    v1_write(&thrift, &(struct spec){.values = 77});
    hw_thrift_i32(&thrift, 6, 5); /* no struct: skipped */
    hw_thrift_begin(&thrift, 7);
    hw_thrift_i32(&thrift, 1, 3);
    hw_thrift_i32(&thrift, 2, 0);
    hw_thrift_end(&thrift);
    hw_thrift_end(&thrift);
    assert_ok(hw_page_head_read((hw_view){(const char *)bytes.data, bytes.size}, 0, &head, &more, &err), err);
    assert_int_equal(head.values, 3);
    assert_false(head.has_crc);
    assert_false(head.has_statistics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_version_1),
        cmocka_unit_test(pages_of_version_2),
        cmocka_unit_test(other_pages),
        cmocka_unit_test(what_is_no_header_is_named),
        cmocka_unit_test(a_header_that_goes_on_asks_for_more),
        cmocka_unit_test(only_the_struct_of_its_type_counts),
    };
    return cmocka_run_group_tests_name("parquet/page_read", tests, NULL, NULL);
}
