/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/meta.h"

#include "unit/parquet/thrift_read.h"

static struct hw_field ints = {"n", {.kind = HW_KIND_INT32}, false};
static struct hw_field required = {"r", {.kind = HW_KIND_INT32}, true};
static struct hw_field doubles = {"d", {.kind = HW_KIND_DOUBLE}, false};
static struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, true};

/* By hand from parquet.thrift, PageHeader: 5 is a DataPageHeader, 7 a DictionaryPageHeader. */
static const struct {
    const char *name;
    struct hw_page_header header;
    hw_view want;
} headers[] = {
    {"a data page, whose levels are RLE",
     {.values = 3, .encoding = HW_ENCODING_DELTA_BINARY_PACKED, .raw_bytes = 14, .stored_bytes = 10, .crc = 1},
     HW_VIEW_INIT("\x15\0\x15\x1c\x15\x14\x15\2"
                  "\x1c\x15\6\x15\x0a\x15\6\x15\6\0\0")},
    {"a sum with its highest bit is a negative number",
     {.values = 1, .encoding = HW_ENCODING_PLAIN, .raw_bytes = 4, .stored_bytes = 4, .crc = UINT32_C(0x80000000)},
     HW_VIEW_INIT("\x15\0\x15\x08\x15\x08\x15\xff\xff\xff\xff\x0f"
                  "\x1c\x15\2\x15\0\x15\6\x15\6\0\0")},
    {"a dictionary page",
     {.dictionary = true, .values = 3, .encoding = HW_ENCODING_PLAIN, .raw_bytes = 26, .stored_bytes = 26, .crc = 1},
     HW_VIEW_INIT("\x15\4\x15\x34\x15\x34\x15\2"
                  "\x3c\x15\6\x15\0\0\0")},
};

static void page_headers_are_as_the_format_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_page_header_write(&headers[i].header, &out, &err), err);
        assert_row_bytes(headers[i].name, out.data, out.size, headers[i].want.data, headers[i].want.size);
    }
}

static void column_write(struct hw_field *field, const struct hw_chunk_facts *facts, const struct hw_chunk_place *place,
                         struct hw_buf *out) {
    const struct hw_schema schema = {field, 1};
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_tree_init(&tree, &schema, &err), err);
    assert_int_equal(tree.count, 1);
    hw_buf_clear(out);
    assert_ok(hw_column_meta_write(&tree.leaves[0], facts, place, out, &err), err);
    hw_tree_release(&tree);
}

#define KNOWN(bytes, is_exact) \
    { .state = HW_BOUND_KNOWN, .exact = is_exact, .size = sizeof(bytes) - 1, .data = bytes }

/* By hand from parquet.thrift, ColumnMetaData. */
static void a_column_is_as_the_format_says(void **state) {
    (void)state;
    const struct hw_chunk_facts facts = {
        .packed = true,
        .dictionary_size = 20,
        .pages_encoded = {[HW_ENCODING_RLE_DICTIONARY] = 2},
        .values = 100,
        .nulls = 7,
        .raw_bytes = 300,
        .stored_bytes = 200,
        .bounds = {.min = KNOWN("\xff\xff\xff\xff", true), .max = KNOWN("\5\0\0\0", true)},
    };
    const struct hw_chunk_place place = {.first_data_page = 50, .dictionary_page = 4, .codec = HW_CODEC_ZSTD};
    static const char want[] = "\x15\2"                 /* 1: INT32 */
                               "\x19\x35\0\6\x10"       /* 2: PLAIN, RLE, RLE_DICTIONARY */
                               "\x19\x18\1n"            /* 3: path */
                               "\x15\x0c"               /* 4: ZSTD */
                               "\x16\xc8\1\x16\xd8\4"   /* 5, 6: values, uncompressed */
                               "\x16\x90\3\x26\x64"     /* 7, 9: compressed, first data page */
                               "\x26\x08"               /* 11: dictionary page */
                               "\x1c\x36\x0e"           /* 12: statistics, 3: nulls */
                               "\x28\4\5\0\0\0"         /* 5: max_value */
                               "\x18\4\xff\xff\xff\xff" /* 6: min_value */
                               "\x11\x11\0"             /* 7, 8: both are exact */
                               "\x19\x2c"               /* 13: encoding_stats */
                               "\x15\4\x15\0\x15\2\0"
                               "\x15\0\x15\x10\x15\4\0"
                               "\x3c\x39\x26\x0e\xba\1\0" /* 16: sizes, 3: definition levels */
                               "\0";
    HW_AUTO(hw_buf) out = {0};
    column_write(&ints, &facts, &place, &out);
    assert_row_bytes("column", out.data, out.size, want, sizeof(want) - 1);
}

/* Fields 14 and 15 of ColumnMetaData, between those of before and behind. */
static void a_column_tells_of_its_filter(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t at, bytes;
        int64_t want_at, want_bytes;
    } rows[] = {{"none", 77, 0, -1, -1}, {"a filter", 5000000000, 2097168, 5000000000, 2097168}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_chunk_place place = {
            .first_data_page = 4, .bloom_at = rows[i].at, .bloom_bytes = rows[i].bytes};
        HW_AUTO(hw_buf) out = {0};
        column_write(&ints, &(struct hw_chunk_facts){.values = 9, .nulls = 4}, &place, &out);
        const struct thrift_value at = thrift_find(hw_buf_view(&out), "14");
        const struct thrift_value bytes = thrift_find(hw_buf_view(&out), "15");
        assert_row_int(rows[i].name, at.type == 0 ? -1 : at.number, rows[i].want_at);
        assert_row_int(rows[i].name, bytes.type == 0 ? -1 : bytes.number, rows[i].want_bytes);
        assert_row_int(rows[i].name, at.type, rows[i].bytes > 0 ? HW_THRIFT_I64 : 0);
        assert_row_int(rows[i].name, bytes.type, rows[i].bytes > 0 ? HW_THRIFT_I32 : 0);
        assert_row_int(rows[i].name, thrift_find(hw_buf_view(&out), "16.3.0").number, 4);
    }
}

/* Field 8 of ColumnMetaData, by hand from parquet.thrift: KeyValue has 1: key, 2: value. */
static void a_column_has_its_pairs(void **state) {
    static const struct hw_parquet_pair pairs[] = {
        {HW_VIEW_INIT("k"), HW_VIEW_INIT("value"), true},
        {HW_VIEW_INIT("e"), HW_VIEW_INIT(""), true},
        {HW_VIEW_INIT("n"), HW_VIEW_INIT(""), false},
    };
    static const char want[] = "\x19\x3c"
                               "\x18\1k\x18\5value\0"
                               "\x18\1e\x18\0\0"
                               "\x18\1n\0";
    const struct hw_chunk_facts with = {.values = 9, .pairs = pairs, .pairs_count = COUNT_OF(pairs)};
    const struct hw_chunk_place place = {.first_data_page = 4};
    HW_AUTO(hw_buf) out = {0};
    HW_AUTO(hw_buf) without = {0};
    (void)state;
    column_write(&ints, &with, &place, &out);
    column_write(&ints, &(struct hw_chunk_facts){.values = 9}, &place, &without);
    const unsigned char *at = memmem(out.data, out.size, want, sizeof(want) - 1);
    assert_non_null(at);
    assert_int_equal(out.size, without.size + sizeof(want) - 1);
    /* Field 7, a number of one byte, is before it; field 9 is two behind it. */
    assert_int_equal(at[-2], 0x16);
    assert_int_equal(at[sizeof(want) - 1], 0x16);
}

enum { ABSENT = -1 };

/* A field of ColumnMetaData by its path, of a chunk with these facts. */
static const struct {
    const char *name;
    struct hw_field *field;
    struct hw_chunk_facts facts;
    enum hw_codec codec;
    const char *path;
    int64_t want;
} columns[] = {
    {"none", &ints, {.packed = true}, HW_CODEC_NONE, "4", 0},
    {"SNAPPY", &ints, {.packed = true}, HW_CODEC_SNAPPY, "4", 1},
    {"GZIP", &ints, {.packed = true}, HW_CODEC_GZIP, "4", 2},
    {"BROTLI", &ints, {.packed = true}, HW_CODEC_BROTLI, "4", 4},
    {"ZSTD", &ints, {.packed = true}, HW_CODEC_ZSTD, "4", 6},
    {"LZ4_RAW", &ints, {.packed = true}, HW_CODEC_LZ4_RAW, "4", 7},
    {"a chunk that was not worth compressing", &ints, {.packed = false}, HW_CODEC_ZSTD, "4", 0},
    {"no dictionary, no offset of it", &ints, {0}, HW_CODEC_NONE, "11", ABSENT},
    {"no levels, no RLE", &required, {.pages_encoded = {[HW_ENCODING_PLAIN] = 1}}, HW_CODEC_NONE, "2", 1},
    {"an encoding that two pages have", &required, {.pages_encoded = {[5] = 2}}, HW_CODEC_NONE, "2.0", 5},
    {"encodings once each", &required, {.pages_encoded = {[0] = 1, [8] = 3}, .dictionary_size = 9}, 0, "2", 2},
    {"pages by encoding", &required, {.pages_encoded = {[0] = 1, [8] = 3}, .dictionary_size = 9}, 0, "13", 3},
    {"plain pages beside the dictionary",
     &required,
     {.pages_encoded = {[0] = 1}, .dictionary_size = 9},
     0,
     "13.1.1",
     0},
    {"no minimum", &ints, {.bounds.min.state = HW_BOUND_UNKNOWN}, 0, "12.6", ABSENT},
    {"no word on an absent minimum", &ints, {.bounds.min.state = HW_BOUND_UNKNOWN}, 0, "12.8", ABSENT},
    {"no maximum", &ints, {.bounds = {.min = KNOWN("\1\0\0\0", true)}}, 0, "12.5", ABSENT},
    {"no word on an absent maximum", &ints, {.bounds = {.min = KNOWN("\1\0\0\0", true)}}, 0, "12.7", ABSENT},
    {"a cut maximum", &texts, {.bounds = {.min = KNOWN("a", true), .max = KNOWN("b", false)}}, 0, "12.7", 0},
    {"a cut minimum", &texts, {.bounds = {.min = KNOWN("a", false), .max = KNOWN("b", true)}}, 0, "12.8", 0},
    {"integers have no NaN", &ints, {.bounds.nans = 0}, 0, "12.9", ABSENT},
    {"doubles count NaN", &doubles, {.bounds.nans = 5}, 0, "12.9", 5},
    {"bytes of texts", &texts, {.text_bytes = 77, .values = 9}, 0, "16.1", 77},
    {"required texts have no levels to count", &texts, {.text_bytes = 77, .values = 9}, 0, "16.3", ABSENT},
    {"required integers need no sizes", &required, {.values = 9}, 0, "16", ABSENT},
    {"optional integers have no bytes of texts", &ints, {.values = 9}, 0, "16.1", ABSENT},
    {"flat columns do not repeat", &ints, {.values = 9}, 0, "16.2", ABSENT},
    {"the nulls of a flat column", &ints, {.values = 9, .nulls = 4}, 0, "16.3.0", 4},
    {"the values of a flat column", &ints, {.values = 9, .nulls = 4}, 0, "16.3.1", 5},
};

static void columns_have_what_is_known_of_them(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        const struct hw_chunk_place place = {.first_data_page = 4, .codec = columns[i].codec};
        HW_AUTO(hw_buf) out = {0};
        column_write(columns[i].field, &columns[i].facts, &place, &out);
        struct thrift_value value = thrift_find(hw_buf_view(&out), columns[i].path);
        assert_row_int(columns[i].name, value.type == 0 ? ABSENT : value.number, columns[i].want);
    }
}

static void a_nested_column_has_its_path_and_histograms(void **state) {
    (void)state;
    struct hw_field item = {.name = "item", .type = {.kind = HW_KIND_INT32}};
    struct hw_field list = {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &item, .children_count = 1};
    const uint64_t counts[] = {10, 20, 1, 2, 3, 24}; /* repetition 0 and 1, definition 0 to 3 */
    const struct hw_chunk_place place = {.first_data_page = 4, .level_counts = counts};
    const struct hw_chunk_facts facts = {.values = 30, .nulls = 6, .pages_encoded = {[HW_ENCODING_PLAIN] = 1}};
    static const char *const names[] = {"3.0", "3.1", "3.2"}, *const path[] = {"l", "list", "element"};
    static const char *const repetition[] = {"16.2.0", "16.2.1"};
    static const char *const definition[] = {"16.3.0", "16.3.1", "16.3.2", "16.3.3"};
    HW_AUTO(hw_buf) out = {0};
    column_write(&list, &facts, &place, &out);
    hw_view meta = hw_buf_view(&out);
    assert_int_equal(thrift_find(meta, "3").number, 3);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        hw_view name = thrift_find(meta, names[i]).bytes;
        assert_row_bytes(names[i], name.data, name.size, path[i], strlen(path[i]));
    }
    assert_int_equal(thrift_find(meta, "16.2").number, COUNT_OF(repetition));
    for (size_t i = 0; i < COUNT_OF(repetition); i++) {
        assert_row_int(repetition[i], thrift_find(meta, repetition[i]).number, counts[i]);
    }
    assert_int_equal(thrift_find(meta, "16.3").number, COUNT_OF(definition));
    for (size_t i = 0; i < COUNT_OF(definition); i++) {
        assert_row_int(definition[i], thrift_find(meta, definition[i]).number, counts[COUNT_OF(repetition) + i]);
    }
}

/* By hand from parquet.thrift, FileMetaData; the schema's elements are test_schema.c's. */
#define CHECKSUM "crc64nvme=0123456789abcdef;footer=00000000"

static void a_file_says_who_made_it_and_how_it_is_sorted(void **state) {
    (void)state;
    struct hw_field fields[] = {ints, texts};
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    const struct hw_file_pair pairs[] = {{HW_VIEW_INIT("k"), HW_VIEW_INIT("\xff\0"), true},
                                         {HW_VIEW_INIT("pandas"), HW_VIEW_INIT("of other columns"), true},
                                         {HW_VIEW_INIT("hawser.checksum"), HW_VIEW_INIT("of another file"), true},
                                         {HW_VIEW_INIT("no value"), HW_VIEW_INIT(""), false}};
    const struct hw_parquet_options options = {.pairs = {pairs, COUNT_OF(pairs), false}};
    static const char tail[] = "\x19\x0c"              /* 4: no row groups */
                               "\x19\x3c"              /* 5: three key-values */
                               "\x18\1k\x18\2\xff\0\0" /* 1: key, 2: value */
                               "\x18\x08no value\0"    /* without a value */
                               "\x18\x0fhawser.checksum\x18\x2a" CHECKSUM "\0"
                               "\x18\x24hawser version 0.1.0 (build unknown)"
                               "\x19\x2c\x1c\0\0\x1c\0\0" /* 7: TYPE_ORDER twice */
                               "\0";
    struct hw_tree tree;
    struct hw_thrift thrift;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    assert_ok(hw_tree_init(&tree, &schema, &err), err);
    hw_thrift_init(&thrift, &out, &err);
    hw_file_meta_begin(&thrift, &tree, 300);
    size_t begin_bytes = out.size;
    hw_thrift_list(&thrift, 4, HW_THRIFT_STRUCT, 0);
    const size_t digits_at = hw_file_meta_end(&thrift, &tree, &options, UINT64_C(0x0123456789abcdef));
    assert_ok(thrift.status, err);
    assert_memory_equal(out.data + digits_at - strlen(";footer="), ";footer=00000000", strlen(";footer=00000000"));

    hw_view meta = hw_buf_view(&out);
    assert_int_equal(thrift_find(meta, "1").number, 1);
    assert_int_equal(thrift_find(meta, "2").number, 3); /* the root and two columns */
    assert_int_equal(thrift_find(meta, "3").number, 300);
    assert_row_bytes("from the row groups on", out.data + begin_bytes, out.size - begin_bytes, tail, sizeof(tail) - 1);
    hw_tree_release(&tree);
}

static void a_file_without_key_values_has_its_checksum(void **state) {
    (void)state;
    const struct hw_schema schema = {&ints, 1};
    const struct hw_parquet_options options = {0};
    struct hw_tree tree;
    struct hw_thrift thrift;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    assert_ok(hw_tree_init(&tree, &schema, &err), err);
    hw_thrift_init(&thrift, &out, &err);
    hw_file_meta_begin(&thrift, &tree, 0);
    hw_file_meta_end(&thrift, &tree, &options, 1);
    assert_ok(thrift.status, err);
    assert_int_equal(thrift_find(hw_buf_view(&out), "5").number, 1);
    assert_int_equal(thrift_find(hw_buf_view(&out), "6").type, HW_THRIFT_BINARY);
    hw_tree_release(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_headers_are_as_the_format_says),
        cmocka_unit_test(a_column_is_as_the_format_says),
        cmocka_unit_test(a_column_tells_of_its_filter),
        cmocka_unit_test(a_column_has_its_pairs),
        cmocka_unit_test(columns_have_what_is_known_of_them),
        cmocka_unit_test(a_nested_column_has_its_path_and_histograms),
        cmocka_unit_test(a_file_says_who_made_it_and_how_it_is_sorted),
        cmocka_unit_test(a_file_without_key_values_has_its_checksum),
    };
    return cmocka_run_group_tests_name("parquet/meta", tests, NULL, NULL);
}
