/* SPDX-License-Identifier: Apache-2.0 */
/*
 * However a text is cut in spans, and by however many threads: the same rows, rejects and errors.
 */
#include <stdlib.h>

#include "conversions.h"

#ifdef HW_SANITIZED
enum { RANDOM_TEXTS = 100 };
#else
enum { RANDOM_TEXTS = 500 };
#endif
enum { THREADS_MAX = 4 };

/* Texts that make a guess about quotes go wrong. */
static const struct {
    const char *name;
    const char *text;
} texts[] = {
    {"plain", "a,b\n1,2\n3,4\n5,6\n"},
    {"no record end at the end", "a,b\n1,2\n3,4"},
    {"a line break in every field", "a,b\n\"1\n1\",\"2\n2\"\n\"3\n3\",\"4\n4\"\n\"5\n5\",\"6\n6\"\n"},
    {"nothing but line breaks in quotes", "a,b\n\"\n\n\n\n\n\n\n\n\",\"\n\n\n\n\n\"\n1,2\n"},
    {"records inside quotes", "a,b\n1,\"x,y\n7,8\n9,10\n\"\n3,\"\n11,12\n13,14\n15,16\n17,18\n\"\n5,6\n"},
    {"quoted records inside quotes",
     "a,b\n1,\"x\n\"\"7\"\",\"\"8\"\"\n\"\"9\"\",\"\"10\"\"\n\"\n\"3\",\"\n\"\"11\"\",\"\"12\"\"\n\"\n5,6\n"},
    {"doubled quotes", "a,b\n\"\"\"\",\"\"\"\"\"\"\n\"\"\"\n\"\"\",\"\n\"\"\n\"\n\"\",\"\"\n"},
    {"empty quotes and line breaks", "a,b\n\"\",\"\"\n\"\n\",\"\n\"\n\"\",\"\n\"\n\"\n\",\"\"\n"},
    {"CRLF", "a,b\r\n1,\"x\r\ny\"\r\n\"\r\n\",\"\r\n7,8\r\n\"\r\n3,4\r\n"},
    {"CRLF and LF", "a,b\r\n1,2\n3,4\r\n\"\r\",\"\n\"\n5,\"\r\n\"\r\n"},
    {"CR at a field's end", "a,b\n1,2\r\n3,\"4\r\"\n5\r,6\n\"\r\n\",\r\n"},
    {"quotes in plain fields", "a,b\n1\"1,2\"2\n3\"\"3,4\"\nx\"y\"z,\"\"\n5,6\"\n"},
    {"one record longer than every span",
     "a,b\n1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nxxxxxxxxx\n,,,\n1,2\n\"\n3,4\n"},
    {"blank lines", "a,b\n\n\n1,2\n\n\n3,4\n\n\n"},
    {"blank lines, one column", "a\n\n1\n\n\n2\n\n"},
    {"one column of quotes", "a\n\"\n\"\n\"\"\"\"\n\"\"\n\"\n\n\n\"\nx\n"},
    {"header alone", "a,b\n"},
    {"a header of several lines", "\"a\nb\",\"c\n1,2\nd\"\n1,2\n\"\n\",3\n"},
    {"a byte order mark", "\xef\xbb\xbf"
                          "a,b\n1,\"\n2\"\n3,4\n"},
    {"letters beyond ASCII", "a,b\n\xc3\xa4,\"\xe2\x82\xac\n\"\n\xf0\x9f\x98\x80,\"\xc3\xa4,\n\"\n1,2\n"},
    {"ragged", "a,b\n1\n1,2\n1,2,3\n\"\n\",2\n\"x\n1,2,3\n\"\n3,4\n,\n"},
    {"bytes after a closing quote", "a,b\n1,2\n\"x\"y,2\n\"x\n\"\n\"\"\",3\n5,6\n"},
    {"bytes that are no UTF-8", "a,b\n1,2\n\xff,2\n\"\n\xfe\n\",3\n5,6\n"},
    {"a quote that is never closed", "a,b\n1,2\n3,\"4\n5,6\n7,8\n9,10\n"},
    {"a quote that is never closed, in the last field", "a,b\n1,\"2\n\"\n3,\"\n\"\n5,\""},
    {"a bad record, then quotes", "a,b\n1,2\n3\n5,\"\n6,7\n\"\n8,9,10\n\"\n\",\"\n\"\n"},
    {"types that change", "a,b\n1,1\n2,2.5\n3,\"\n4\"\n2024-01-01,true\n,\n"},
};

static const struct {
    const char *name;
    struct hw_csv_options csv;
} modes[] = {
    {"fail", {0}},
    {"reject", {.bad_rows_reject = true}},
    {"pad", {.bad_rows_pad = true, .bad_rows_reject = true}},
    {"no header, text", {.header = HW_CSV_HEADER_NO, .types = HW_CSV_TYPES_TEXT, .bad_rows_reject = true}},
};

static struct conversion_run text_run(const struct scratch *scratch, const struct hw_csv_options *csv,
                                      uint64_t span_bytes, uint32_t threads) {
    return convert_to_rows(
        scratch, "in.csv",
        &(struct hw_convert_options){.csv = *csv, .row_group_bytes = span_bytes, .threads = threads});
}

/* Returns where the first record of a text ends. */
static uint64_t record_bytes(hw_view text) {
    bool quoted = false;
    size_t at = 0;
    for (bool ended = false; at < text.size && !ended; at++) {
        quoted ^= text.data[at] == '"';
        ended = text.data[at] == '\n' && !quoted;
    }
    return at;
}

static uint64_t spans_of(uint64_t bytes, uint64_t span_bytes) {
    return (bytes + span_bytes - 1) / span_bytes;
}

/*
 * Whether spans of so many bytes are others than those that are a byte smaller: the cuts that
 * csv/cuts makes rest on the number of spans alone, and on whether the first record is a header.
 */
static bool cuts_are_new(hw_view text, uint64_t span_bytes) {
    const uint64_t bytes = text.size;
    const uint64_t rows = bytes - record_bytes(text);
    return span_bytes == 1 || spans_of(bytes, span_bytes) != spans_of(bytes, span_bytes - 1) ||
           spans_of(rows, span_bytes) != spans_of(rows, span_bytes - 1);
}

static void cut_check(const struct scratch *scratch, const char *row, size_t mode, uint64_t span_bytes,
                      uint32_t threads, const struct conversion_run *whole) {
    char name[256];
    snprintf(name, sizeof(name), "%s, %s, spans of %" PRIu64 ", %u threads", row, modes[mode].name, span_bytes,
             threads);
    struct conversion_run run = text_run(scratch, &modes[mode].csv, span_bytes, threads);
    assert_same_run(name, &run, whole);
    conversion_release(&run);
}

/*
 * Cuts a text at every byte, then in fewer spans, each time elsewhere. `all` is to try every number
 * of threads that can have a span each; else the numbers take turns.
 */
static void cuts_check(const char *row, hw_view text, size_t mode, bool all) {
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in.csv", text.data, text.size);
    struct conversion_run whole = text_run(&scratch, &modes[mode].csv, 0, 1);
    for (uint64_t span = 1, tries = mode; span <= text.size; span++) {
        const uint32_t most = (uint32_t)hw_min_size(spans_of(text.size, span), THREADS_MAX);
        if (!cuts_are_new(text, span)) {
            continue;
        }
        for (uint32_t threads = 1; all && threads <= most; threads++) {
            cut_check(&scratch, row, mode, span, threads, &whole);
        }
        if (!all) {
            cut_check(&scratch, row, mode, span, (uint32_t)(tries++ % most + 1), &whole);
        }
    }
    conversion_release(&whole);
    scratch_remove(&scratch);
}

static void rows_do_not_depend_on_cuts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        for (size_t mode = 0; mode < COUNT_OF(modes); mode++) {
            cuts_check(texts[i].name, hw_view_of(texts[i].text), mode, true);
        }
    }
}

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Texts of pieces that are likely to make trouble together. */
static void rows_do_not_depend_on_cuts_of_random_texts(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "1",     "x",      ",",       ",",   ",",    "\n",       "\n", "\n",    "\r\n",          "\"",  "\"", "\"\"",
        "\",\"", "\"\n\"", "\",\n\"", "2.5", "\n\n", "\xc3\xa4", "\r", "1,2\n", "\"a\",\"b\"\n", "\xff"};
    enum { PIECES = 60 };
    for (uint64_t seed = 1; seed <= RANDOM_TEXTS; seed++) {
        char text[1024] = "a,b\n";
        char name[64];
        uint64_t random = seed;
        size_t count = 1 + next_random(&random) % PIECES;
        for (size_t i = 0; i < count; i++) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof(text) - used, "%s", pieces[next_random(&random) % COUNT_OF(pieces)]);
        }
        snprintf(name, sizeof(name), "random text %" PRIu64, seed);
        cuts_check(name, hw_view_of(text), seed % COUNT_OF(modes), false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_do_not_depend_on_cuts),
        cmocka_unit_test(rows_do_not_depend_on_cuts_of_random_texts),
    };
    quick_io();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
