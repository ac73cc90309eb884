/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look-ups by rows, and against the sequence-by-sequence way, whose own rules test_utf8.c has.
 */
#include "core/utf8_lookup.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/utf8_valid.h"
#include "support/rows.h"

enum { TEXT_BYTES_MAX = 320, STEP_BYTES = 64 };

/* Bytes before a page that faults: reading beyond the text kills the test. */
static char *guarded_end(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED && page >= 2 * TEXT_BYTES_MAX);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    return pages + page;
}

static void guarded_free(char *end) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap(end - page, 2 * page);
}

static uint64_t random_next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void ways_agree(hw_view text, const char *row) {
    size_t want_at = SIZE_MAX;
    size_t at = SIZE_MAX;
    bool want = hw_utf8_valid_exact(text, &want_at);
    assert_row_int(row, hw_utf8_lookup_valid(text), want);
    assert_row_int(row, hw_utf8_valid(text, &at), want);
    assert_row_int(row, at, want_at);
}

/* RFC 3629, section 3 and 4: what is a sequence and what is not, by hand. */
static void sequences_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view bytes;
        bool want;
    } rows[] = {
        {"nothing", HW_VIEW_INIT(""), true},
        {"NUL", HW_VIEW_INIT("\0"), true},
        {"first of two bytes", HW_VIEW_INIT("\xc2\x80"), true},
        {"last of two bytes", HW_VIEW_INIT("\xdf\xbf"), true},
        {"first of three bytes", HW_VIEW_INIT("\xe0\xa0\x80"), true},
        {"before the surrogates", HW_VIEW_INIT("\xed\x9f\xbf"), true},
        {"behind the surrogates", HW_VIEW_INIT("\xee\x80\x80"), true},
        {"last of three bytes", HW_VIEW_INIT("\xef\xbf\xbf"), true},
        {"first of four bytes", HW_VIEW_INIT("\xf0\x90\x80\x80"), true},
        {"U+10FFFF", HW_VIEW_INIT("\xf4\x8f\xbf\xbf"), true},
        {"a continuation alone", HW_VIEW_INIT("\x80"), false},
        {"one continuation too many", HW_VIEW_INIT("\xc2\x80\x80"), false},
        {"two for what takes one", HW_VIEW_INIT("\xc1\xbf"), false},
        {"three for what takes two", HW_VIEW_INIT("\xe0\x9f\xbf"), false},
        {"four for what takes three", HW_VIEW_INIT("\xf0\x8f\xbf\xbf"), false},
        {"first surrogate", HW_VIEW_INIT("\xed\xa0\x80"), false},
        {"last surrogate", HW_VIEW_INIT("\xed\xbf\xbf"), false},
        {"above U+10FFFF", HW_VIEW_INIT("\xf4\x90\x80\x80"), false},
        {"f5 leads nothing", HW_VIEW_INIT("\xf5\x80\x80\x80"), false},
        {"ff leads nothing", HW_VIEW_INIT("\xff\x80\x80\x80"), false},
        {"two bytes cut", HW_VIEW_INIT("\xc2"), false},
        {"three bytes cut", HW_VIEW_INIT("\xe2\x82"), false},
        {"four bytes cut", HW_VIEW_INIT("\xf0\x9f\x98"), false},
    };
    (void)state;
    char text[3 * STEP_BYTES];
    if (!hw_utf8_lookup_usable()) {
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t before = 0; before + rows[i].bytes.size < sizeof(text); before++) {
            memset(text, 'a', sizeof(text));
            memcpy(text + before, rows[i].bytes.data, rows[i].bytes.size);
            assert_row_int(rows[i].name, hw_utf8_lookup_valid((hw_view){text, sizeof(text)}), rows[i].want);
            hw_view cut = {text, before + rows[i].bytes.size};
            assert_row_int(rows[i].name, hw_utf8_lookup_valid(cut), rows[i].want);
        }
    }
}

/* Each side of each bound of RFC 3629's table. */
static const uint8_t bounds[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
                                 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};

/* All runs of four such bytes, across the bounds of the vectors and at the text's end. */
static void runs_of_bounds(void **state) {
    (void)state;
    static const size_t places[] = {0, 29, 31, 61, 63, 92};
    static const size_t all = COUNT_OF(bounds) * COUNT_OF(bounds) * COUNT_OF(bounds) * COUNT_OF(bounds);
    char text[96];
    if (!hw_utf8_lookup_usable()) {
        skip();
    }
    for (size_t place = 0; place < COUNT_OF(places); place++) {
        memset(text, 'a', sizeof(text));
        for (size_t run = 0; run < all; run++) {
            char row[64];
            size_t left = run;
            for (size_t i = 0; i < 4; i++) {
                text[places[place] + i] = (char)bounds[left % COUNT_OF(bounds)];
                left /= COUNT_OF(bounds);
            }
            hw_view view = {text, sizeof(text)};
            if (hw_utf8_lookup_valid(view) != hw_utf8_valid_exact(view, NULL)) {
                snprintf(row, sizeof(row), "run %zu at %zu", run, places[place]);
                ways_agree(view, row);
            }
        }
    }
}

/* Sequences of all lengths; `ascii` of 16 are ASCII. Returns the bytes, at most `bytes_max`. */
static size_t text_make(char *out, size_t bytes_max, unsigned ascii, uint64_t *seed) {
    size_t bytes = 0;
    while (bytes + 4 <= bytes_max) {
        static const struct {
            uint32_t low;
            uint32_t span;
        } ranges[] = {{0x80, 0x780}, {0x800, 0xd000}, {0xe000, 0x2000}, {0x10000, 0x100000}};
        size_t range = random_next(seed) % COUNT_OF(ranges);
        uint32_t code_point = ranges[range].low + (uint32_t)(random_next(seed) % ranges[range].span);
        if (random_next(seed) % 16 < ascii) {
            code_point = (uint32_t)(random_next(seed) % 0x80);
        }
        bytes += hw_utf8_encode(code_point, out + bytes);
    }
    return bytes;
}

static void random_texts(void **state) {
    (void)state;
    static const unsigned ascii[] = {0, 8, 15, 16};
    char *end = guarded_end();
    uint64_t seed = 7;
    size_t invalid = 0;
    if (!hw_utf8_lookup_usable()) {
        skip();
    }
    for (size_t round = 0; round < 20000; round++) {
        char made[TEXT_BYTES_MAX];
        char row[64];
        size_t bytes = text_make(made, random_next(&seed) % TEXT_BYTES_MAX, ascii[round % COUNT_OF(ascii)], &seed);
        char *text = end - bytes; /* every alignment comes */
        memcpy(text, made, bytes);
        snprintf(row, sizeof(row), "round %zu, %zu bytes", round, bytes);
        assert_row_int(row, hw_utf8_lookup_valid((hw_view){text, bytes}), true);
        ways_agree((hw_view){text, bytes}, row);
        if (bytes > 0) {
            text[random_next(&seed) % bytes] = (char)random_next(&seed);
            ways_agree((hw_view){text, bytes}, row);
            invalid += !hw_utf8_valid_exact((hw_view){text, bytes}, NULL);
        }
    }
    assert_true(invalid > 2000);
    guarded_free(end);
}

/* Each sequence cut at each byte, where the text ends at each place of a step. */
static void cut_texts(void **state) {
    (void)state;
    static const hw_view sequences[] = {HW_VIEW_INIT("\xc3\xa9"), HW_VIEW_INIT("\xe2\x82\xac"),
                                        HW_VIEW_INIT("\xf0\x9f\x98\x80")};
    char *end = guarded_end();
    if (!hw_utf8_lookup_usable()) {
        skip();
    }
    for (size_t before = 0; before <= 2 * STEP_BYTES; before++) {
        for (size_t i = 0; i < COUNT_OF(sequences); i++) {
            for (size_t kept = 1; kept <= sequences[i].size; kept++) {
                char row[64];
                char *text = end - before - kept;
                memset(text, 'a', before);
                memcpy(text + before, sequences[i].data, kept);
                snprintf(row, sizeof(row), "%zu bytes, then %zu of %zu", before, kept, sequences[i].size);
                assert_row_int(row, hw_utf8_lookup_valid((hw_view){text, before + kept}), kept == sequences[i].size);
                ways_agree((hw_view){text, before + kept}, row);
            }
        }
    }
    guarded_free(end);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_by_rows),
        cmocka_unit_test(runs_of_bounds),
        cmocka_unit_test(random_texts),
        cmocka_unit_test(cut_texts),
    };
    return cmocka_run_group_tests_name("core/utf8_lookup", tests, NULL, NULL);
}
