/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8_valid.h"

#include <stdio.h>

#include "unit/csv/text.h"

/* RFC 3629, section 4, as its grammar has it: the ranges of each byte, one row a form. */
static const struct {
    size_t bytes;
    uint8_t low[4];
    uint8_t high[4];
} forms[] = {
    {1, {0x00}, {0x7f}},
    {2, {0xc2, 0x80}, {0xdf, 0xbf}},
    {3, {0xe0, 0xa0, 0x80}, {0xe0, 0xbf, 0xbf}},
    {3, {0xe1, 0x80, 0x80}, {0xec, 0xbf, 0xbf}},
    {3, {0xed, 0x80, 0x80}, {0xed, 0x9f, 0xbf}},
    {3, {0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf}},
    {4, {0xf0, 0x90, 0x80, 0x80}, {0xf0, 0xbf, 0xbf, 0xbf}},
    {4, {0xf1, 0x80, 0x80, 0x80}, {0xf3, 0xbf, 0xbf, 0xbf}},
    {4, {0xf4, 0x80, 0x80, 0x80}, {0xf4, 0x8f, 0xbf, 0xbf}},
};

/* Bytes of the sequence that begins at `at`, 0 where none does. */
static size_t form_at(const uint8_t *at, size_t left) {
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t bytes = forms[i].bytes;
        bool fits = bytes <= left;
        for (size_t k = 0; fits && k < bytes; k++) {
            fits = at[k] >= forms[i].low[k] && at[k] <= forms[i].high[k];
        }
        if (fits) {
            return bytes;
        }
    }
    return 0;
}

static void text_check(const uint8_t *bytes, size_t size) {
    size_t want = 0;
    size_t form = 0;
    size_t at = SIZE_MAX;
    while (want < size && (form = form_at(bytes + want, size - want)) > 0) {
        want += form;
    }
    bool valid = hw_utf8_valid((hw_view){(const char *)bytes, size}, &at);
    assert_int_equal(valid, want == size);
    assert_int_equal(at, valid ? SIZE_MAX : want);
}

static void short_sequences_are_checked_all(void **state) {
    (void)state;
    uint8_t bytes[3];
    for (uint32_t n = 0; n < 1u << 24; n++) {
        bytes[0] = (uint8_t)(n >> 16);
        bytes[1] = (uint8_t)(n >> 8);
        bytes[2] = (uint8_t)n;
        if (n < 0x100) {
            text_check(bytes + 2, 1);
        }
        if (n < 0x10000) {
            text_check(bytes + 1, 2);
        }
        /* Of three bytes, the third in steps that reach both sides of every border. */
        bool border = (bytes[2] & 0x3f) == 0 || (bytes[2] & 0x3f) == 0x3f;
        if (border) {
            text_check(bytes, 3);
        }
    }
}

static void sequences_of_four_are_sampled(void **state) {
    (void)state;
    static const uint8_t tails[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (unsigned lead = 0xe0; lead < 0x100; lead++) {
        for (size_t i = 0; i < COUNT_OF(tails) * COUNT_OF(tails) * COUNT_OF(tails); i++) {
            const uint8_t bytes[] = {(uint8_t)lead, tails[i % 10], tails[i / 10 % 10], tails[i / 100]};
            text_check(bytes, sizeof(bytes));
        }
    }
}

/*
 * Valid text of all lengths, at all alignments, right before a page that faults; then with one byte
 * changed.
 */
static void long_texts_are_sampled(void **state) {
    (void)state;
    struct text_room room = {0};
    for (uint64_t seed = 0; seed < 20000; seed++) {
        struct dice dice = {seed};
        char bytes[300];
        size_t size = 0;
        size_t wanted = dice_roll(&dice, 290);
        while (size < wanted) {
            uint32_t point = (uint32_t)dice_roll(&dice, dice_roll(&dice, 2) ? 0x80 : 0x110000);
            bool surrogate = point >= 0xd800 && point < 0xe000;
            size += hw_utf8_encode(surrogate ? 'x' : point, bytes + size);
        }
        hw_view text = text_put(&room, (hw_view){bytes, size}, dice_roll(&dice, 64), '\x80');
        text_check((const uint8_t *)text.data, size);
        if (size > 0) {
            bytes[dice_roll(&dice, size)] = (char)dice_roll(&dice, 256);
            text = text_put(&room, (hw_view){bytes, size}, dice_roll(&dice, 64), '\x80');
            text_check((const uint8_t *)text.data, size);
        }
    }
    text_room_release(&room);
}

static void offsets_are_not_asked_for(void **state) {
    (void)state;
    assert_true(hw_utf8_valid(HW_VIEW(""), NULL));
    assert_true(hw_utf8_valid(HW_VIEW("\xf0\x9f\x98\x80"), NULL));
    assert_false(hw_utf8_valid(HW_VIEW("a\xff"), NULL));
}

/* RFC 3629's table, section 3: bits put in by hand. */
static void code_points_are_encoded(void **state) {
    static const struct {
        const char *name;
        uint32_t point;
        const char *want;
        size_t bytes;
    } rows[] = {
        {"NUL", 0, "\0", 1},
        {"DEL", 0x7f, "\x7f", 1},
        {"first of two", 0x80, "\xc2\x80", 2},
        {"last of two", 0x7ff, "\xdf\xbf", 2},
        {"first of three", 0x800, "\xe0\xa0\x80", 3},
        {"before the surrogates", 0xd7ff, "\xed\x9f\xbf", 3},
        {"behind the surrogates", 0xe000, "\xee\x80\x80", 3},
        {"euro", 0x20ac, "\xe2\x82\xac", 3},
        {"last of three", 0xffff, "\xef\xbf\xbf", 3},
        {"first of four", 0x10000, "\xf0\x90\x80\x80", 4},
        {"last of all", 0x10ffff, "\xf4\x8f\xbf\xbf", 4},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[4] = {0};
        assert_row_int(rows[i].name, hw_utf8_encode(rows[i].point, out), rows[i].bytes);
        assert_row_bytes(rows[i].name, out, rows[i].bytes, rows[i].want, rows[i].bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_sequences_are_checked_all), cmocka_unit_test(sequences_of_four_are_sampled),
        cmocka_unit_test(long_texts_are_sampled),          cmocka_unit_test(offsets_are_not_asked_for),
        cmocka_unit_test(code_points_are_encoded),
    };
    return cmocka_run_group_tests_name("core/utf8_valid", tests, NULL, NULL);
}
