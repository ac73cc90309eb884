/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_dictionary.h"

#include <stdio.h>

#include "unit/parquet/texts.h"

#include "parquet/rle.h"

/* The page of x yy x zzz yy x.. of which pyarrow 26 makes indices 0 1 0 2 1, then 0 12 times. */
static const hw_view example = HW_VIEW_INIT("\x02\x03\x84\x01\x12\x00");

static void reads_texts(void **state) {
    (void)state;
    static const uint32_t offsets[] = {0, 1, 3, 6};
    HW_AUTO(padded) dictionary = padded_copy("xyyzzz", 6);
    HW_AUTO(padded) page = padded_copy(example.data, example.size);
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    const struct hw_dictionary_values values = {3, 0, (const uint8_t *)dictionary.data, offsets};

    assert_ok(hw_indices_init(&reader, padded_view(&page), &err), err);
    struct hw_decoded out = texts_out(&texts, 0);
    assert_ok(hw_indices_read(&reader, &values, 17, &out, &err), err);
    assert_int_equal(out.count, 17);
    assert_string_equal(texts_line(&texts, 17), "x|yy|x|zzz|yy|x|x|x|x|x|x|x|x|x|x|x|x|");
    assert_int_equal(hw_rle_left(&reader), 0);

    /* Texts that do not fit come with the next call. */
    assert_ok(hw_indices_init(&reader, padded_view(&page), &err), err);
    out = texts_out(&texts, 4);
    assert_ok(hw_indices_read(&reader, &values, 17, &out, &err), err);
    assert_int_equal(out.count, 3);
    assert_string_equal(texts_line(&texts, 3), "x|yy|x|");
    out = texts_out(&texts, 0);
    assert_ok(hw_indices_read(&reader, &values, 3, &out, &err), err);
    assert_string_equal(texts_line(&texts, 3), "zzz|yy|x|");
}

/* Byte k of value i is i + k. Indices are those of the example. */
static void reads_values_of_a_fixed_width(void **state) {
    (void)state;
    static const uint8_t indices[] = {0, 1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (size_t width = 1; width <= 20; width++) {
        char row[32];
        HW_AUTO(padded) dictionary = padded_room(3, width);
        HW_AUTO(padded) room = padded_room(COUNT_OF(indices), width);
        HW_AUTO(padded) page = padded_copy(example.data, example.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = {.values = (uint8_t *)room.data};
        struct hw_rle_reader reader;
        const struct hw_dictionary_values values = {3, width, (const uint8_t *)dictionary.data, NULL};

        snprintf(row, sizeof(row), "%zu bytes", width);
        for (size_t i = 0; i < 3 * width; i++) {
            dictionary.data[i] = (char)(i / width * 30 + i % width);
        }
        assert_ok(hw_indices_init(&reader, padded_view(&page), &err), err);
        assert_ok(hw_indices_read(&reader, &values, COUNT_OF(indices), &out, &err), err);
        assert_row_int(row, out.count, COUNT_OF(indices));
        for (size_t i = 0; i < COUNT_OF(indices); i++) {
            assert_row_bytes(row, room.data + i * width, width, dictionary.data + indices[i] * width, width);
        }
    }
}

static void widths_are_checked(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    HW_AUTO(padded) page = padded_copy("\x21", 1);

    assert_int_equal(hw_indices_init(&reader, (hw_view){page.data, 0}, &err), HW_EDATA);
    assert_row_says("nothing", err.message, "the width of the indices is missing");
    assert_int_equal(hw_indices_init(&reader, padded_view(&page), &err), HW_EDATA);
    assert_row_says("33 bits", err.message, "indices have 33 bits, but they have at most 32");
}

/* Runs are header and value, groups header and 8 values of 2 bits. */
static const struct {
    const char *name;
    hw_view bytes;
    size_t count;
    size_t values;
    const char *says;
} bad[] = {
    {"the last of a group", HW_VIEW_INIT("\x02\x03\x00\xc0"), 8, 3, "an index is 3, but the dictionary has 3 values"},
    {"the last of a part", HW_VIEW_INIT("\x02\x03\x00\x30"), 7, 3, "an index is 3, but the dictionary has 3 values"},
    {"the first of a group", HW_VIEW_INIT("\x02\x03\x03\x00"), 8, 3, "an index is 3, but the dictionary has 3 values"},
    {"a run", HW_VIEW_INIT("\x02\x10\x03"), 8, 3, "an index is 3, but the dictionary has 3 values"},
    {"a dictionary without values", HW_VIEW_INIT("\x00\x10"), 8, 0, "an index is 0, but the dictionary has 0 values"},
    {"2^32 - 1", HW_VIEW_INIT("\x20\x10\xff\xff\xff\xff"), 8, 3, "an index is 4294967295"},
    {"too few", HW_VIEW_INIT("\x02\x0e\x00"), 8, 3, "the bytes end before the last value"},
    {"none", HW_VIEW_INIT("\x02"), 1, 3, "the bytes end before the last value"},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    static const uint32_t offsets[] = {0, 8, 16, 24};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        for (size_t width = 0; width <= 8; width += 8) {
            HW_AUTO(padded) dictionary = padded_room(3, 8);
            HW_AUTO(padded) room = padded_room(8, 8);
            HW_AUTO(padded) page = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
            HW_AUTO(texts) texts = {{0}};
            struct hw_error err = HW_ERROR_INIT;
            struct hw_decoded out = texts_out(&texts, 0);
            struct hw_rle_reader reader;
            const uint8_t *bytes = (const uint8_t *)dictionary.data;
            const struct hw_dictionary_values values = {bad[i].values, width, bytes, offsets};

            out.values = (uint8_t *)room.data;
            assert_ok(hw_indices_init(&reader, padded_view(&page), &err), err);
            assert_row_int(bad[i].name, hw_indices_read(&reader, &values, bad[i].count, &out, &err), HW_EDATA);
            assert_row_says(bad[i].name, err.message, bad[i].says);
        }
    }
}

/* Value i is i, so the indices come back, in portions that cross runs and groups. */
static void what_was_written_is_read_again(void **state) {
    (void)state;
    enum { COUNT = 5000, VALUES = 300 };
    static uint32_t indices[COUNT];
    HW_AUTO(padded) dictionary = padded_room(VALUES, 4);
    HW_AUTO(padded) room = padded_room(COUNT, 4);
    HW_AUTO(hw_buf) written = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rle_reader reader;
    uint64_t random = 2;
    const struct hw_dictionary_values values = {VALUES, 4, (const uint8_t *)dictionary.data, NULL};

    for (uint32_t i = 0; i < VALUES; i++) {
        memcpy(dictionary.data + (size_t)i * 4, &i, 4);
    }
    for (size_t i = 0; i < COUNT; i++) {
        indices[i] = i % 900 < 400 && i > 0 ? indices[i - 1] : (uint32_t)(test_random(&random) % VALUES);
    }
    assert_ok(hw_buf_append_byte(&written, 9, &err), err);
    assert_ok(hw_rle_encode(indices, COUNT, 9, &written, &err), err);
    HW_AUTO(padded) page = padded_copy(written.data, written.size);
    assert_ok(hw_indices_init(&reader, padded_view(&page), &err), err);
    for (size_t done = 0; done < COUNT;) {
        struct hw_decoded out = {.values = (uint8_t *)room.data + done * 4};
        size_t asked = hw_min_size(test_random(&random) % 1500 + 1, COUNT - done);
        assert_ok(hw_indices_read(&reader, &values, asked, &out, &err), err);
        done += out.count;
    }
    assert_row_bytes("all", room.data, room.size, indices, sizeof(indices));
    assert_int_equal(hw_rle_left(&reader), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_texts),
        cmocka_unit_test(reads_values_of_a_fixed_width),
        cmocka_unit_test(widths_are_checked),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(what_was_written_is_read_again),
    };
    return cmocka_run_group_tests_name("parquet/decode_dictionary", tests, NULL, NULL);
}
