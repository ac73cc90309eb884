/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/codepoint.h"

#include "core/view.h"
#include "support/rows.h"

static const struct {
    const char *name;
    const char *text;
    size_t at;
    size_t want;
} borders[] = {
    {"between ASCII", "abc", 2, 2},
    {"before a code point of two bytes", "a\xc3\xa9", 1, 1},
    {"inside one", "a\xc3\xa9", 2, 1},
    {"inside one of four bytes", "a\xf0\x9f\x98\x80", 4, 1},
    {"no UTF-8 stays where it is", "\x80\x80\x80\x80\x80\x80\x80", 5, 5},
};

static void cuts_at_a_border(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(borders); i++) {
        assert_row_int(borders[i].name, hw_codepoint_border(borders[i].text, borders[i].at), borders[i].want);
    }
}

/* The next code point of each, from the Unicode table. */
static const struct {
    const char *name;
    const char *text;
    const char *want; /* "": none */
} raises[] = {
    {"ASCII", "abc", "abd"},
    {"the last ASCII becomes two bytes", "a\x7f", "a\xc2\x80"},
    {"carry inside a code point", "\xc3\xbf", "\xc4\x80"},
    {"the last of two bytes becomes three", "\xdf\xbf", "\xe0\xa0\x80"},
    {"surrogates are passed over", "\xed\x9f\xbf", "\xee\x80\x80"},
    {"the last of three bytes becomes four", "\xef\xbf\xbf", "\xf0\x90\x80\x80"},
    {"the last of all is dropped", "a\xf4\x8f\xbf\xbf", "b"},
    {"several are dropped", "\xc3\xa9\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf", "\xc3\xaa"},
    {"nothing to raise", "\xf4\x8f\xbf\xbf", ""},
    {"no UTF-8: the byte is raised", "a\xfe", "a\xff"},
    {"no UTF-8: the last byte is dropped", "a\xff", "b"},
    {"overlong is no UTF-8", "\xc0\x80", "\xc0\x81"},
};

static void raises_the_last_code_point(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(raises); i++) {
        uint8_t text[16];
        size_t size = strlen(raises[i].text);
        memcpy(text, raises[i].text, size);
        size_t got = hw_codepoint_raise_last(text, size);
        assert_row_bytes(raises[i].name, text, got, raises[i].want, strlen(raises[i].want));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_at_a_border),
        cmocka_unit_test(raises_the_last_code_point),
    };
    return cmocka_run_group_tests_name("parquet/codepoint", tests, NULL, NULL);
}
