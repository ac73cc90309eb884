/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decoder.h"

#include <stdio.h>

#include "unit/parquet/texts.h"

/* The table of Encodings.md: a letter a type, from BOOLEAN to FIXED_LEN_BYTE_ARRAY. */
static void encodings_are_for_the_types_of_the_specification(void **state) {
    (void)state;
    static const char *const rows[] = {
        [HW_ENCODING_PLAIN] = "yyyyyyyy",
        [1] = "nnnnnnnn",
        [HW_ENCODING_PLAIN_DICTIONARY] = "nyyyyyyy",
        [HW_ENCODING_RLE] = "ynnnnnnn",
        [HW_ENCODING_BIT_PACKED] = "nnnnnnnn",
        [HW_ENCODING_DELTA_BINARY_PACKED] = "nyynnnnn",
        [HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY] = "nnnnnnyn",
        [HW_ENCODING_DELTA_BYTE_ARRAY] = "nnnnnnyy",
        [HW_ENCODING_RLE_DICTIONARY] = "nyyyyyyy",
        [HW_ENCODING_BYTE_STREAM_SPLIT] = "nyynyyny",
        [HW_ENCODING_COUNT] = "nnnnnnnn",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned type = 0; type < HW_PHYSICAL_COUNT; type++) {
            char row[32];
            snprintf(row, sizeof(row), "encoding %zu, type %u", i, type);
            assert_row_int(row, hw_encoding_fits((int32_t)i, (enum hw_physical)type), rows[i][type] == 'y');
        }
    }
    assert_false(hw_encoding_fits(-1, HW_PHYSICAL_INT32));
    assert_false(hw_encoding_fits(INT32_MAX, HW_PHYSICAL_INT32));
}

static const uint8_t dictionary_bytes[4 * 4 + HW_DECODED_PADDING] = {7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0};
static const struct hw_dictionary_values dictionary = {3, 4, dictionary_bytes, NULL};

/* Pages of values of a fixed width. Those of pyarrow were written by it (26). */
static const struct {
    const char *name;
    struct hw_decoded_kind kind;
    int32_t encoding;
    hw_view bytes;
    size_t count;
    hw_view want;
} pages[] = {
    {"PLAIN",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_PLAIN,
     HW_VIEW_INIT("\1\0\0\0\2\0\0\0"),
     2,
     HW_VIEW_INIT("\1\0\0\0\2\0\0\0")},
    {"PLAIN of BOOLEAN, pyarrow",
     {HW_PHYSICAL_BOOLEAN, 1},
     HW_ENCODING_PLAIN,
     HW_VIEW_INIT("\x8d\x01"),
     9,
     HW_VIEW_INIT("\1\0\1\1\0\0\0\1\1")},
    {"RLE, pyarrow: 1 20 times, 0 1 0 1 1",
     {HW_PHYSICAL_BOOLEAN, 1},
     HW_ENCODING_RLE,
     HW_VIEW_INIT("\4\0\0\0\x28\x01\x03\x1a"),
     25,
     HW_VIEW_INIT("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\0\1\0\1\1")},
    {"PLAIN_DICTIONARY",
     {HW_PHYSICAL_FLOAT, 4},
     HW_ENCODING_PLAIN_DICTIONARY,
     HW_VIEW_INIT("\x02\x03\x24\0"),
     3,
     HW_VIEW_INIT("\7\0\0\0\10\0\0\0\11\0\0\0")},
    {"RLE_DICTIONARY",
     {HW_PHYSICAL_FLOAT, 4},
     HW_ENCODING_RLE_DICTIONARY,
     HW_VIEW_INIT("\x02\x03\x24\0"),
     3,
     HW_VIEW_INIT("\7\0\0\0\10\0\0\0\11\0\0\0")},
    {"DELTA_BINARY_PACKED of INT32",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_DELTA_BINARY_PACKED,
     HW_VIEW_INIT("\x80\x01\x04\x03\x02\x02\0\0\0\0"),
     3,
     HW_VIEW_INIT("\1\0\0\0\2\0\0\0\3\0\0\0")},
    {"DELTA_BINARY_PACKED of INT64",
     {HW_PHYSICAL_INT64, 8},
     HW_ENCODING_DELTA_BINARY_PACKED,
     HW_VIEW_INIT("\x80\x01\x04\x02\x02\x02\0\0\0\0"),
     2,
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0")},
    {"DELTA_BYTE_ARRAY of FIXED_LEN_BYTE_ARRAY, pyarrow",
     {HW_PHYSICAL_FIXED, 4},
     HW_ENCODING_DELTA_BYTE_ARRAY,
     HW_VIEW_INIT("\x80\x01\x04\x04\x00\x05\x03\x00\x00\x00\x25\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x80\x01\x04\x04\x08\x03\x03\x00\x00\x00\x48\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "abcdxyzzzzz"),
     4,
     HW_VIEW_INIT("abcdabxyabxzzzzz")},
    {"BYTE_STREAM_SPLIT, pyarrow",
     {HW_PHYSICAL_FIXED, 3},
     HW_ENCODING_BYTE_STREAM_SPLIT,
     HW_VIEW_INIT("adgbehcfi"),
     3,
     HW_VIEW_INIT("abcdefghi")},
    {"no value and no byte",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_DELTA_BINARY_PACKED,
     HW_VIEW_INIT(""),
     0,
     HW_VIEW_INIT("")},
    {"no value",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_DELTA_BINARY_PACKED,
     HW_VIEW_INIT("\x80\x01\x04\x00\x00"),
     0,
     HW_VIEW_INIT("")},
};

/* As where all of a chunk is null: a width, and nothing that it is the width of. */
static void no_values_need_no_dictionary(void **state) {
    (void)state;
    HW_AUTO(padded) bytes = padded_copy("\0", 1);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_decoder decoder;
    const struct hw_decoded_kind kind = {HW_PHYSICAL_INT32, 4};
    const struct hw_decoder_page page = {.encoding = HW_ENCODING_RLE_DICTIONARY, .bytes = padded_view(&bytes)};
    assert_ok(hw_decoder_begin(&decoder, &kind, &page, &err), err);
    assert_ok(hw_decoder_end(&decoder, &err), err);
}

static struct hw_decoder_page page_of(size_t i, const struct padded *bytes, struct hw_buf *scratch) {
    return (struct hw_decoder_page){
        .encoding = pages[i].encoding,
        .count = pages[i].count,
        .bytes = padded_view(bytes),
        .dictionary = &dictionary,
        .scratch = scratch,
    };
}

static void pages_are_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        HW_AUTO(padded) bytes = padded_copy(pages[i].bytes.data, pages[i].bytes.size);
        HW_AUTO(padded) room = padded_room(pages[i].count, pages[i].kind.width);
        HW_AUTO(hw_buf) scratch = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = {.values = (uint8_t *)room.data};
        const struct hw_decoder_page page = page_of(i, &bytes, &scratch);
        struct hw_decoder decoder;

        assert_ok(hw_decoder_begin(&decoder, &pages[i].kind, &page, &err), err);
        assert_ok(hw_decoder_read(&decoder, pages[i].count + 5, &out, &err), err);
        assert_row_int(pages[i].name, out.count, pages[i].count);
        assert_row_bytes(pages[i].name, room.data, room.size, pages[i].want.data, pages[i].want.size);
        assert_ok(hw_decoder_end(&decoder, &err), err);
        assert_ok(hw_decoder_read(&decoder, 5, &out, &err), err);
        assert_row_int(pages[i].name, out.count, 0);
    }
}

/* A copy stays where it is while the other one goes on. */
static void decoders_may_be_copied_and_skip(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        const size_t width = pages[i].kind.width;
        HW_AUTO(padded) bytes = padded_copy(pages[i].bytes.data, pages[i].bytes.size);
        HW_AUTO(padded) room = padded_room(1, width);
        HW_AUTO(hw_buf) scratch = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = {.values = (uint8_t *)room.data};
        const struct hw_decoder_page page = page_of(i, &bytes, &scratch);
        struct hw_decoder decoder;

        assert_ok(hw_decoder_begin(&decoder, &pages[i].kind, &page, &err), err);
        for (size_t k = 0; k < pages[i].count; k++) {
            struct hw_decoder again = decoder;
            assert_ok(hw_decoder_skip(&again, pages[i].count - k, &err), err);
            assert_ok(hw_decoder_end(&again, &err), err);
            assert_row_int(pages[i].name, hw_decoder_end(&decoder, NULL), HW_EDATA);
            assert_ok(hw_decoder_read(&decoder, 1, &out, &err), err);
            assert_row_bytes(pages[i].name, room.data, width, pages[i].want.data + k * width, width);
        }
        assert_ok(hw_decoder_skip(&decoder, 0, &err), err);
        assert_row_int(pages[i].name, hw_decoder_skip(&decoder, 1, &err), HW_EDATA);
        assert_row_says(pages[i].name, err.message, "1 values are to be passed over, but it has 0 left");
    }
}

static const struct {
    const char *name;
    int32_t encoding;
    hw_view bytes;
    size_t count;
    const char *want;
} texts_pages[] = {
    {"PLAIN, pyarrow", HW_ENCODING_PLAIN, HW_VIEW_INIT("\0\0\0\0\1\0\0\0a\2\0\0\0bc"), 3, "|a|bc|"},
    {"DELTA_LENGTH_BYTE_ARRAY, pyarrow", HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY,
     HW_VIEW_INIT("\x80\x01\x04\x04\x0a\x00\x01\x00\x00\x00\x02\x00\x00\x00HelloWorldFoobarABCDEF"), 4,
     "Hello|World|Foobar|ABCDEF|"},
    {"DELTA_BYTE_ARRAY, pyarrow", HW_ENCODING_DELTA_BYTE_ARRAY,
     HW_VIEW_INIT("\x80\x01\x04\x06\x00\x05\x03\x00\x00\x00\x8d\x31\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x80\x01\x04\x06\x08\x09\x04\x00\x00\x00\x93\x04\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                  "\x00\x00"
                  "axislebabbleyhoodb"),
     6, "axis|axle|babble|babyhood||b|"},
    {"RLE_DICTIONARY, pyarrow", HW_ENCODING_RLE_DICTIONARY, HW_VIEW_INIT("\x02\x03\x84\x01\x12\x00"), 17,
     "x|yy|x|zzz|yy|x|x|x|x|x|x|x|x|x|x|x|x|"},
};

static void pages_of_texts_are_read(void **state) {
    (void)state;
    static const uint32_t offsets[] = {0, 1, 3, 6};
    static const struct hw_decoded_kind kind = {HW_PHYSICAL_BYTE_ARRAY, 0};
    for (size_t i = 0; i < COUNT_OF(texts_pages); i++) {
        HW_AUTO(padded) words = padded_copy("xyyzzz", 6);
        HW_AUTO(padded) bytes = padded_copy(texts_pages[i].bytes.data, texts_pages[i].bytes.size);
        HW_AUTO(hw_buf) scratch = {0};
        HW_AUTO(texts) texts = {{0}};
        const struct hw_dictionary_values values = {3, 0, (const uint8_t *)words.data, offsets};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = texts_out(&texts, 0);
        struct hw_decoder decoder;
        const struct hw_decoder_page page = {.encoding = texts_pages[i].encoding,
                                             .count = texts_pages[i].count,
                                             .bytes = padded_view(&bytes),
                                             .dictionary = &values,
                                             .scratch = &scratch};

        assert_ok(hw_decoder_begin(&decoder, &kind, &page, &err), err);
        struct hw_decoder again = decoder;
        assert_ok(hw_decoder_read(&decoder, 100, &out, &err), err);
        assert_row_int(texts_pages[i].name, out.count, texts_pages[i].count);
        assert_row_text(texts_pages[i].name, texts_line(&texts, out.count), texts_pages[i].want);
        assert_ok(hw_decoder_end(&decoder, &err), err);
        assert_ok(hw_decoder_skip(&again, texts_pages[i].count, &err), err);
        assert_ok(hw_decoder_end(&again, &err), err);
    }
}

static const struct {
    const char *name;
    struct hw_decoded_kind kind;
    int32_t encoding;
    bool no_dictionary;
    hw_view bytes;
    size_t count;
    enum hw_status want;
    const char *says;
} bad[] = {
    {"encoding 1",
     {HW_PHYSICAL_INT32, 4},
     1,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EUNSUPPORTED,
     "its values have encoding 1, which is not known"},
    {"encoding -1", {HW_PHYSICAL_INT32, 4}, -1, false, HW_VIEW_INIT(""), 1, HW_EUNSUPPORTED, "encoding -1"},
    {"encoding 10", {HW_PHYSICAL_INT32, 4}, 10, false, HW_VIEW_INIT(""), 1, HW_EUNSUPPORTED, "encoding 10"},
    {"no type for it",
     {HW_PHYSICAL_BYTE_ARRAY, 0},
     HW_ENCODING_DELTA_BINARY_PACKED,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "its values are of type BYTE_ARRAY, which cannot have the encoding DELTA_BINARY_PACKED"},
    {"BIT_PACKED",
     {HW_PHYSICAL_BOOLEAN, 1},
     HW_ENCODING_BIT_PACKED,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "its values are of type BOOLEAN, which cannot have the encoding BIT_PACKED"},
    {"no dictionary",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_RLE_DICTIONARY,
     true,
     HW_VIEW_INIT("\0"),
     1,
     HW_EDATA,
     "RLE_DICTIONARY: its column chunk has no dictionary"},
    {"no width",
     {HW_PHYSICAL_INT32, 4},
     HW_ENCODING_PLAIN_DICTIONARY,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "PLAIN_DICTIONARY: the width of the indices is missing"},
    {"no length of runs",
     {HW_PHYSICAL_BOOLEAN, 1},
     HW_ENCODING_RLE,
     false,
     HW_VIEW_INIT("\1\0\0"),
     1,
     HW_EDATA,
     "RLE: the length of its runs is cut"},
    {"runs that are cut",
     {HW_PHYSICAL_BOOLEAN, 1},
     HW_ENCODING_RLE,
     false,
     HW_VIEW_INIT("\3\0\0\0\2\1"),
     1,
     HW_EDATA,
     "RLE: its runs take 3 bytes, but 2 are there"},
    {"no header",
     {HW_PHYSICAL_INT64, 8},
     HW_ENCODING_DELTA_BINARY_PACKED,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "DELTA_BINARY_PACKED: the size of blocks is cut"},
    {"no lengths",
     {HW_PHYSICAL_BYTE_ARRAY, 0},
     HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "DELTA_LENGTH_BYTE_ARRAY: the size of blocks is cut"},
    {"no prefixes",
     {HW_PHYSICAL_FIXED, 4},
     HW_ENCODING_DELTA_BYTE_ARRAY,
     false,
     HW_VIEW_INIT(""),
     1,
     HW_EDATA,
     "DELTA_BYTE_ARRAY: the size of blocks is cut"},
    {"no streams",
     {HW_PHYSICAL_DOUBLE, 8},
     HW_ENCODING_BYTE_STREAM_SPLIT,
     false,
     HW_VIEW_INIT("1234567"),
     1,
     HW_EDATA,
     "BYTE_STREAM_SPLIT: 1 values of 8 bytes do not take the 7 bytes that are there"},
};

static void names_what_cannot_be_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(padded) bytes = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
        HW_AUTO(hw_buf) scratch = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoder decoder;
        const struct hw_decoder_page page = {.encoding = bad[i].encoding,
                                             .count = bad[i].count,
                                             .bytes = padded_view(&bytes),
                                             .dictionary = bad[i].no_dictionary ? NULL : &dictionary,
                                             .scratch = &scratch};
        assert_row_int(bad[i].name, hw_decoder_begin(&decoder, &bad[i].kind, &page, &err), bad[i].want);
        assert_row_says(bad[i].name, err.message, bad[i].says);
    }
}

/* Each page of above with a byte more; those that say themselves how long they are refuse it. */
static void bytes_behind_the_last_value_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        HW_AUTO(padded) longer = padded_room(pages[i].bytes.size + 2, 1);
        memcpy(longer.data, pages[i].bytes.data, pages[i].bytes.size);
        HW_AUTO(padded) bytes = padded_copy(longer.data, longer.size);
        HW_AUTO(hw_buf) scratch = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_decoder_page page = page_of(i, &bytes, &scratch);
        struct hw_decoder decoder;

        if (pages[i].encoding == HW_ENCODING_BYTE_STREAM_SPLIT || pages[i].bytes.size == 0) {
            assert_row_int(pages[i].name, hw_decoder_begin(&decoder, &pages[i].kind, &page, &err), HW_EDATA);
            continue;
        }
        assert_ok(hw_decoder_begin(&decoder, &pages[i].kind, &page, &err), err);
        assert_ok(hw_decoder_skip(&decoder, pages[i].count, &err), err);
        assert_row_int(pages[i].name, hw_decoder_end(&decoder, &err), HW_EDATA);
        assert_row_says(pages[i].name, err.message, "2 bytes are left behind its last value");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_for_the_types_of_the_specification),
        cmocka_unit_test(pages_are_read),
        cmocka_unit_test(no_values_need_no_dictionary),
        cmocka_unit_test(decoders_may_be_copied_and_skip),
        cmocka_unit_test(pages_of_texts_are_read),
        cmocka_unit_test(names_what_cannot_be_read),
        cmocka_unit_test(bytes_behind_the_last_value_are_found),
    };
    return cmocka_run_group_tests_name("parquet/decoder", tests, NULL, NULL);
}
