/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/encoding_guess.h"

#include <stdlib.h>

#include "support/rows.h"

/* Words of eight languages, as Python's codecs write them. */
static const struct {
    const char *name;
    const char *want;
    hw_view sample;
} guess_rows[] = {
    {"German", "windows-1252", HW_VIEW_INIT("id,stadt\n1,M\xfcnchen\n2,K\xf6ln\n3,D\xfcsseldorf\n4,Gro\xdf-Gerau\n")},
    {"German, capitals", "windows-1252",
     HW_VIEW_INIT("ort\nSTRA\xdf"
                  "E\n\xd6STERREICH\n\xdc"
                  "BERGR\xd6\xdf"
                  "E\n")},
    {"French", "windows-1252",
     HW_VIEW_INIT("nom,ville\nZo\xe9,Orl\xe9"
                  "ans\nFran\xe7ois,Besan\xe7on\nNo\xebl,L\x92Ha\xff\n")},
    {"French, two accents", "windows-1252",
     HW_VIEW_INIT("a\ncr\xe9\xe9"
                  "e\nagr\xe9\xe9"
                  "e\n")},
    {"Spanish", "windows-1252",
     HW_VIEW_INIT("pregunta\n\xbfQu\xe9 d\xed"
                  "a es ma\xf1"
                  "ana?\n\xa1S\xed!\nni\xf1o\n")},
    {"a price", "windows-1252", HW_VIEW_INIT("a,b\n1,5 \x80\n2,7 \xa3\n")},
    {"one word", "windows-1252", HW_VIEW_INIT("a\ncaf\xe9s\n")},
    {"quotes", "windows-1252", HW_VIEW_INIT("a\n\x93It\x92s\x94\n")},
    {"Polish", "windows-1250",
     HW_VIEW_INIT("miasto\n\xa3\xf3"
                  "d\x9f\nGda\xf1sk\nkrzes\xb3o\n\xbf\xf3\xb3ty\n\x9cwi\xeata\n")},
    {"Polish, a letter within a word", "windows-1250",
     HW_VIEW_INIT("a\nmo\xbf"
                  "e\n")},
    {"Russian", "windows-1251",
     HW_VIEW_INIT("\xe3\xee\xf0\xee\xe4,\xf1\xf2\xf0\xe0\xed\xe0\n\xcc\xee\xf1\xea\xe2\xe0,\xd0\xee\xf1\xf1\xe8"
                  "\xff\n\xd1\xe0\xed\xea\xf2-\xcf\xe5\xf2\xe5\xf0\xe1\xf3\xf0\xe3,\xd0\xee\xf1\xf1\xe8\xff\n"
                  "\xca\xe0\xe7\xe0\xed\xfc,\xe8 \xe4\xf0\xf3\xe3\xe8\xe5\n")},
    {"Russian, koi8", "koi8-r",
     HW_VIEW_INIT("\xc7\xcf\xd2\xcf\xc4,\xd3\xd4\xd2\xc1\xce\xc1\n\xed\xcf\xd3\xcb\xd7\xc1,\xf2\xcf\xd3\xd3\xc9"
                  "\xd1\n\xf3\xc1\xce\xcb\xd4-\xf0\xc5\xd4\xc5\xd2\xc2\xd5\xd2\xc7,\xf2\xcf\xd3\xd3\xc9\xd1\n"
                  "\xeb\xc1\xda\xc1\xce\xd8,\xc9 \xc4\xd2\xd5\xc7\xc9\xc5\n")},
    {"Japanese", "shift-jis",
     HW_VIEW_INIT("\x93s\x8es,\x8d\x91\n\x93\x8c\x8b\x9e,\x93\xfa\x96{\n\x91\xe5\x8d\xe3,\x93\xfa\x96{\n\x83"
                  "R\x83\x93\x83s\x83\x85\x81[\x83^,\x82\xb1\x82\xea\x82\xcd\x83"
                  "e\x83X\x83g\x82\xc5\x82\xb7\n")},
    {"Japanese, names", "shift-jis",
     HW_VIEW_INIT("\x8e\x81\x96\xbc\n\x93"
                  "c\x92\x86\x91\xbe\x98Y\n\x97\xe9\x96\xd8\x88\xea\x98Y\n\x8d\xb2\x93\xa1\x89\xd4\x8eq\n")},
    {"Japanese, what Windows has more", "cp932",
     HW_VIEW_INIT("\x8f\xa4\x95i\n\x87@\x94\xd4\x96\xda\x82\xcc\x8f\xa4\x95i\n\x87\x8a\x83"
                  "e\x83X\x83g\n\x93"
                  "d\x98"
                  "b\n")},
    {"Japanese, EUC", "euc-jp",
     HW_VIEW_INIT("\xc5\xd4\xbb\xd4,\xb9\xf1\n\xc5\xec\xb5\xfe,\xc6\xfc\xcb\xdc\n\xc2\xe7\xba\xe5,\xa4\xb3\xa4"
                  "\xec\xa4\xcf\xa5\xc6\xa5\xb9\xa5\xc8\xa4\xc7\xa4\xb9\n")},
    {"Chinese, simplified", "gbk",
     HW_VIEW_INIT("\xb3\xc7\xca\xd0,\xb9\xfa\xbc\xd2\n\xb1\xb1\xbe\xa9,\xd6\xd0\xb9\xfa\n\xc9\xcf\xba\xa3,\xd6"
                  "\xd0\xb9\xfa\n\xca\xfd\xbe\xdd,\xd5\xe2\xca\xc7\xd2\xbb\xb8\xf6\xb2\xe2\xca\xd4\xce\xc4\xbc"
                  "\xfe\n")},
    {"Chinese, traditional", "big5",
     HW_VIEW_INIT("\xab\xb0\xa5\xab,\xb0\xea\xae"
                  "a\n\xbbO\xa5_,\xbbO\xc6W\n\xb0\xaa\xb6\xaf,\xbbO\xc6W\n\xb8\xea\xae\xc6,\xb3o\xacO\xa4@\xad"
                  "\xd3\xb4\xfa\xb8\xd5\xc0\xc9\xae\xd7\n")},
    {"Korean", "euc-kr",
     HW_VIEW_INIT("\xb5\xb5\xbd\xc3,\xb3\xaa\xb6\xf3\n\xbc\xad\xbf\xef,\xb4\xeb\xc7\xd1\xb9\xce\xb1\xb9\n\xba"
                  "\xce\xbb\xea,\xb4\xeb\xc7\xd1\xb9\xce\xb1\xb9\n\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4,\xc5"
                  "\xd7\xbd\xba\xc6\xae \xc6\xc4\xc0\xcf\xc0\xd4\xb4\xcf\xb4\xd9\n")},
    {"nothing beyond ASCII", "windows-1252", HW_VIEW_INIT("a,b\n")},
    {"nothing", "windows-1252", HW_VIEW_INIT("")},
};

static void the_likeliest_encoding_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(guess_rows); i++) {
        assert_row_text(guess_rows[i].name, hw_csv_encoding_guess(guess_rows[i].sample), guess_rows[i].want);
    }
}

/* A sample ends anywhere: in an exact copy, so that reading behind it is found. */
static void a_sample_may_end_within_a_character(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(guess_rows); i++) {
        const hw_view whole = guess_rows[i].sample;
        for (size_t cut = 1; cut <= 2 && whole.size > 20; cut++) {
            char *bytes = malloc(whole.size - cut);
            assert_non_null(bytes);
            memcpy(bytes, whole.data, whole.size - cut);
            assert_row_text(guess_rows[i].name, hw_csv_encoding_guess((hw_view){bytes, whole.size - cut}),
                            guess_rows[i].want);
            free(bytes);
        }
    }
}

static void utf16_without_a_mark_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view head;
        const char *want; /* NULL: it is no UTF-16 */
    } rows[] = {
        {"little-endian", HW_VIEW_INIT("a\0,\0b\0\n\0001\0,\0002\0\n\0"), "utf-16le"},
        {"big-endian", HW_VIEW_INIT("\0a\0,\0b\0\n\0001\0,\0002\0\n"), "utf-16be"},
        {"Russian", HW_VIEW_INIT("\x13\x04\x3e\x04\x40\x04\x3e\x04\x34\x04,\0\x1c\x04\n\0"), "utf-16le"},
        {"Chinese, whose one has a NUL too", HW_VIEW_INIT("\x00\x4e,\0\x2d\x4e\n\0\x0a\x4e,\0\n\0a\0b\0c\0d\0e\0f\0"),
         "utf-16le"},
        {"one record", HW_VIEW_INIT("a\0,\0b\0"), "utf-16le"},
        {"half a unit at the end", HW_VIEW_INIT("a\0,\0b\0\n\0c"), "utf-16le"},
        {"text", HW_VIEW_INIT("a,b\n1,2\n"), NULL},
        {"nothing", HW_VIEW_INIT(""), NULL},
        {"a byte", HW_VIEW_INIT("\0"), NULL},
        {"a NUL in a value", HW_VIEW_INIT("id,name\n1,A\0nn\n2,Bob\n"), NULL},
        {"NULs that have no line with them", HW_VIEW_INIT("a,\0,\n1,\0,\n2,\0,\n"), NULL},
        {"UTF-32", HW_VIEW_INIT("a\0\0\0\n\0\0\0b\0\0\0\n\0\0\0"), NULL},
        {"zeros", HW_VIEW_INIT("\0\0\0\0\0\0\0\0"), NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *got = hw_csv_encoding_guess_wide(rows[i].head);
        assert_row_text(rows[i].name, got ? got : "none", rows[i].want ? rows[i].want : "none");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_likeliest_encoding_is_named),
        cmocka_unit_test(a_sample_may_end_within_a_character),
        cmocka_unit_test(utf16_without_a_mark_is_seen),
    };
    return cmocka_run_group_tests_name("csv/encoding_guess", tests, NULL, NULL);
}
