/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/scan.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "support/alloc_fault.h"
#include "unit/csv/text.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 4000 };
#else
enum { ROUNDS = 20000 };
#endif

enum { LENGTHS = 301 };

static const struct hw_csv_dialect with_escape = {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'};
static const struct hw_csv_dialect with_comment = {.delimiter = ',', .quote = '"', .comment = '#', .end = '\n'};
static const struct hw_csv_dialect without_quotes = {.delimiter = ',', .end = '\n'};
static const struct hw_csv_dialect mac = {.delimiter = ';', .quote = '"', .end = '\r'};

static const struct hw_csv_dialect colons = {
    .delimiter = ':', .quote = '"', .comment = '/', .end = '\n', .delimiter_tail = {1, ":"}, .comment_tail = {1, "/"}};
static const struct hw_csv_dialect repeating = {.delimiter = 'a', .end = '\n', .delimiter_tail = {2, "ab"}};
static const struct hw_csv_dialect lenient = {.delimiter = ',', .quote = '"', .end = '\n', .quotes_lenient = true};
static const struct hw_csv_dialect lenient_colons = {
    .delimiter = ':', .quote = '"', .end = '\n', .delimiter_tail = {1, ":"}, .quotes_lenient = true};
static const struct hw_csv_dialect lenient_escape = {
    .delimiter = ',', .quote = '"', .escape = '\\', .end = '\n', .quotes_lenient = true};
static const struct hw_csv_dialect everywhere = {
    .delimiter = ',', .escape = '\\', .comment = '#', .end = '\n', .escape_everywhere = true};
static const struct hw_csv_dialect everywhere_quotes = {
    .delimiter = ',', .quote = '"', .escape = '\\', .end = '\n', .escape_everywhere = true};

static const struct hw_csv_dialect trimmed = {.delimiter = ',', .quote = '"', .end = '\n', .trim = true};
static const struct hw_csv_dialect trimmed_lenient = {
    .delimiter = ',', .quote = '"', .end = '\n', .trim = true, .quotes_lenient = true};
static const struct hw_csv_dialect trimmed_spaces = {.delimiter = ' ', .quote = '"', .end = '\n', .trim = true};
static const struct hw_csv_dialect blanks = {
    .delimiter = ' ', .quote = '"', .comment = '#', .end = '\n', .trim = true, .blanks = true};
static const struct hw_csv_dialect blanks_mac = {
    .delimiter = ' ', .quote = '"', .end = '\r', .trim = true, .blanks = true};

/* [field][field]; of each record, as they stand but NUL as @, then what is left. */
static const char *index_text(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text,
                              struct hw_buf *out) {
    const size_t tail_bytes = dialect->delimiter_tail.count;
    struct hw_error err = HW_ERROR_INIT;
    size_t end = 0;
    hw_buf_clear(out);
    for (size_t record = 0; record < index->records; record++) {
        size_t start = index->record_starts[record];
        for (; end < index->record_fields[record]; end++) {
            assert_ok(hw_buf_append_byte(out, '[', &err), err);
            for (; start < index->ends[end]; start++) {
                char byte = text.data[start];
                assert_ok(hw_buf_append_byte(out, (uint8_t)(byte == '\0' ? '@' : byte), &err), err);
            }
            assert_ok(hw_buf_append_byte(out, ']', &err), err);
            start = (size_t)index->ends[end] + 1 + tail_bytes;
        }
        assert_ok(hw_buf_append_byte(out, ';', &err), err);
    }
    assert_int_equal(index->ends_count, end);
    size_t left = text.size - index->record_starts[index->records];
    if (left > 0) {
        assert_ok(hw_buf_printf(out, &err, " %zu left", left), err);
    }
    assert_ok(hw_buf_printf(out, &err, "%s%s%s", index->open_quote ? " open" : "", index->malformed ? " malformed" : "",
                            index->ascii ? "" : " high"),
              err);
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static const struct index_row {
    const char *name;
    const struct hw_csv_dialect *dialect;
    hw_view text;
    bool at_end;
    const char *want;
    uint64_t lines;
} index_rows[] = {
    {"nothing", &text_rfc4180, HW_VIEW_INIT(""), false, "", 0},
    {"nothing, at the end", &text_rfc4180, HW_VIEW_INIT(""), true, "", 0},
    {"one record", &text_rfc4180, HW_VIEW_INIT("a,b\n"), false, "[a][b];", 1},
    {"one record, CRLF", &text_rfc4180, HW_VIEW_INIT("a,b\r\n"), false, "[a][b];", 1},
    {"no record end", &text_rfc4180, HW_VIEW_INIT("a,b"), false, " 3 left", 0},
    {"no record end, at the end", &text_rfc4180, HW_VIEW_INIT("a,b"), true, "[a][b];", 1},
    {"record end, at the end", &text_rfc4180, HW_VIEW_INIT("a,b\n"), true, "[a][b];", 1},
    {"empty fields", &text_rfc4180, HW_VIEW_INIT(",,\n"), false, "[][][];", 1},
    {"delimiter last, at the end", &text_rfc4180, HW_VIEW_INIT("a,"), true, "[a][];", 1},
    {"blank line", &text_rfc4180, HW_VIEW_INIT("a\n\nb\n"), false, "[a];[];[b];", 3},
    {"blank CRLF line", &text_rfc4180, HW_VIEW_INIT("a\r\n\r\n"), false, "[a];[];", 2},
    {"CR alone is a byte", &text_rfc4180, HW_VIEW_INIT("a\rb,c\n"), false, "[a\rb][c];", 1},
    {"two CR, one kept", &text_rfc4180, HW_VIEW_INIT("a\r\r\n"), false, "[a\r];", 1},
    {"CR before a delimiter", &text_rfc4180, HW_VIEW_INIT("a\r,b\n"), false, "[a\r][b];", 1},
    {"CR last, at the end", &text_rfc4180, HW_VIEW_INIT("a,b\r"), true, "[a][b];", 1},
    {"CR last, not at the end", &text_rfc4180, HW_VIEW_INIT("a\nb\r"), false, "[a]; 2 left", 1},
    {"two CR at the end, one kept", &text_rfc4180, HW_VIEW_INIT("a\r\r"), true, "[a\r];", 1},
    {"CR alone at the end", &text_rfc4180, HW_VIEW_INIT("a\n\r"), true, "[a];[];", 2},
    {"CR at the end in an empty field", &text_rfc4180, HW_VIEW_INIT("a,\r"), true, "[a][];", 1},
    {"CR at the end after a stray quote", &text_rfc4180, HW_VIEW_INIT("a,b\"\r"), true, "[a][b\"];", 1},
    {"CR at the end after a closing quote", &text_rfc4180, HW_VIEW_INIT("a,\"b\"\r"), true, "[a][\"b\"];", 1},
    {"CR at the end after empty quotes", &text_rfc4180, HW_VIEW_INIT("\"\"\r"), true, "[\"\"];", 1},
    {"CR at the end after NUL, no quotes", &without_quotes, HW_VIEW_INIT("\0\r"), true, "[@];", 1},
    {"comma in quotes", &text_rfc4180, HW_VIEW_INIT("\"a,b\",c\n"), false, "[\"a,b\"][c];", 1},
    {"line feed in quotes", &text_rfc4180, HW_VIEW_INIT("\"a\nb\",c\nd,e\n"), false, "[\"a\nb\"][c];[d][e];", 3},
    {"line feed in quotes, at the end", &text_rfc4180, HW_VIEW_INIT("a\nb,\"c\nd\n\""), true, "[a];[b][\"c\nd\n\"];",
     4},
    {"CRLF in quotes stays", &text_rfc4180, HW_VIEW_INIT("\"a\r\n\"\r\n"), false, "[\"a\r\n\"];", 2},
    {"doubled quotes", &text_rfc4180, HW_VIEW_INIT("\"a\"\"b\",\"\"\"\"\n"), false, "[\"a\"\"b\"][\"\"\"\"];", 1},
    {"empty quotes", &text_rfc4180, HW_VIEW_INIT("\"\",\"\"\n"), false, "[\"\"][\"\"];", 1},
    {"stray quote", &text_rfc4180, HW_VIEW_INIT("5\" pipe,b\n"), false, "[5\" pipe][b];", 1},
    {"two stray quotes with a comma", &text_rfc4180, HW_VIEW_INIT("a\"b,c\"d\n"), false, "[a\"b][c\"d];", 1},
    {"space before a quote", &text_rfc4180, HW_VIEW_INIT(" \"a\",b\n"), false, "[ \"a\"][b];", 1},
    {"bytes after a quote", &text_rfc4180, HW_VIEW_INIT("\"a\"b,c\nd,e\n"), false, "[\"a\"b][c];[d][e]; malformed", 2},
    {"space after a quote", &text_rfc4180, HW_VIEW_INIT("\"a\" ,c\n"), false, "[\"a\" ][c]; malformed", 1},
    {"quote after a quote's bytes", &text_rfc4180, HW_VIEW_INIT("\"a\"b\",c\n"), false, "[\"a\"b\"][c]; malformed", 1},
    {"CR and more after a quote", &text_rfc4180, HW_VIEW_INIT("\"a\"\r,b\n"), false, "[\"a\"\r][b]; malformed", 1},
    {"bytes after a quote, not in a record", &text_rfc4180, HW_VIEW_INIT("a\n\"b\"c"), false, "[a]; 4 left", 1},
    {"bytes after a quote, last record", &text_rfc4180, HW_VIEW_INIT("a\n\"b\"c"), true, "[a];[\"b\"c]; malformed", 2},
    {"open quote", &text_rfc4180, HW_VIEW_INIT("a\n\"b\nc"), false, "[a]; 4 left open", 1},
    {"open quote, at the end", &text_rfc4180, HW_VIEW_INIT("a\n\"b\nc\n"), true, "[a]; 5 left open", 1},
    {"a quote alone, at the end", &text_rfc4180, HW_VIEW_INIT("\""), true, " 1 left open", 0},
    {"above 0x7f", &text_rfc4180, HW_VIEW_INIT("\xc3\xa9\n"), false, "[\xc3\xa9]; high", 1},
    {"no quotes", &without_quotes, HW_VIEW_INIT("\"a,b\"\n"), false, "[\"a][b\"];", 1},
    {"escaped quote", &with_escape, HW_VIEW_INIT("\"a\\\",b\",c\n"), false, "[\"a\\\",b\"][c];", 1},
    {"escaped escape", &with_escape, HW_VIEW_INIT("\"a\\\\\",c\n"), false, "[\"a\\\\\"][c];", 1},
    {"escape outside quotes is a byte", &with_escape, HW_VIEW_INIT("a\\,b\n"), false, "[a\\][b];", 1},
    {"escape at the end", &with_escape, HW_VIEW_INIT("\"a\\"), true, " 3 left open", 0},
    {"comment", &with_comment, HW_VIEW_INIT("#a,\"b\nc,d\n"), false, "[#a,\"b];[c][d];", 2},
    {"comment sign later", &with_comment, HW_VIEW_INIT("a,#b\n"), false, "[a][#b];", 1},
    {"comment at the end", &with_comment, HW_VIEW_INIT("a\n#b,c"), true, "[a];[#b,c];", 2},
    {"a delimiter of two bytes", &colons, HW_VIEW_INIT("a::b:c::d\n"), false, "[a][b:c][d];", 1},
    {"the first two of three", &colons, HW_VIEW_INIT("a:::b\n"), false, "[a][:b];", 1},
    {"two of four", &colons, HW_VIEW_INIT("a::::b\n"), false, "[a][][b];", 1},
    {"half of it at the end of a record", &colons, HW_VIEW_INIT("a::b:\n"), false, "[a][b:];", 1},
    {"half of it at the end", &colons, HW_VIEW_INIT("a::b:"), true, "[a][b:];", 1},
    {"it last, at the end", &colons, HW_VIEW_INIT("a::"), true, "[a][];", 1},
    {"it in quotes, and after", &colons, HW_VIEW_INIT("\"a::b\"::c\n"), false, "[\"a::b\"][c];", 1},
    {"half of it after a quote", &colons, HW_VIEW_INIT("\"a\":b\n"), false, "[\"a\":b]; malformed", 1},
    {"quotes after it", &colons, HW_VIEW_INIT("a::\"b\"\"\"\r\n"), false, "[a][\"b\"\"\"];", 1},
    {"a comment of two bytes", &colons, HW_VIEW_INIT("//a::b\n/c::/\n"), false, "[//a::b];[/c][/];", 2},
    {"half of it", &colons, HW_VIEW_INIT("/"), true, "[/];", 1},
    {"a delimiter that begins within itself", &repeating, HW_VIEW_INIT("xaaabyaab\n"), false, "[xa][y][];", 1},
    {"a quote that closes nothing", &lenient, HW_VIEW_INIT("\"a \"b\" c\",d\n"), false, "[\"a \"b\" c\"][d];", 1},
    {"a delimiter behind it", &lenient, HW_VIEW_INIT("\"a\"b,c\",d\n"), false, "[\"a\"b,c\"][d];", 1},
    {"a doubled one is one", &lenient, HW_VIEW_INIT("\"a\"\",b\",d\n"), false, "[\"a\"\",b\"][d];", 1},
    {"one before a CR that ends nothing", &lenient, HW_VIEW_INIT("\"a\"\rb\"\r\n"), false, "[\"a\"\rb\"];", 1},
    {"one before a CR and a quote", &lenient, HW_VIEW_INIT("\"a\"\r\",b\n"), false, "[\"a\"\r\"][b];", 1},
    {"one before half a delimiter", &lenient_colons, HW_VIEW_INIT("\"a\":b\"::c\n"), false, "[\"a\":b\"][c];", 1},
    {"one before an escape", &lenient_escape, HW_VIEW_INIT("\"a\"\\\",b\",c\n"), false, "[\"a\"\\\",b\"][c];", 1},
    {"one that is never closed", &lenient, HW_VIEW_INIT("a\n\"b\"c\n"), true, "[a]; 5 left open", 1},
    {"one that ends the text", &lenient, HW_VIEW_INIT("\"b\"c\""), true, "[\"b\"c\"];", 1},
    {"escaped delimiter, no quotes", &everywhere, HW_VIEW_INIT("a\\,b,c\n"), false, "[a\\,b][c];", 1},
    {"escaped record end", &everywhere, HW_VIEW_INIT("a\\\nb,c\nd\n"), false, "[a\\\nb][c];[d];", 3},
    {"escaped escape, no quotes", &everywhere, HW_VIEW_INIT("a\\\\,b\n"), false, "[a\\\\][b];", 1},
    {"escape first", &everywhere, HW_VIEW_INIT("\\,a,\\\n\n"), false, "[\\,a][\\\n];", 2},
    {"escaped comment", &everywhere, HW_VIEW_INIT("\\#a\n#b\\\n"), false, "[\\#a];[#b\\];", 2},
    {"escape last, at the end", &everywhere, HW_VIEW_INIT("a,b\\"), true, "[a][b\\];", 1},
    {"escaped record end last, at the end", &everywhere, HW_VIEW_INIT("a,b\\\n"), true, "[a][b\\\n];", 2},
    {"escaped record end last, not at the end", &everywhere, HW_VIEW_INIT("a\nb\\\n"), false, "[a]; 3 left", 1},
    {"escaped CR is a byte", &everywhere, HW_VIEW_INIT("a\\\r\nb\\\\\r\n"), false, "[a\\\r];[b\\\\];", 2},
    {"escapes in and outside quotes", &everywhere_quotes, HW_VIEW_INIT("\"a\\\",\",b\\,\n"), false,
     "[\"a\\\",\"][b\\,];", 1},
    {"blanks before a quote", &trimmed, HW_VIEW_INIT("a, \t\"b,c\",d\n"), false, "[a][ \t\"b,c\"][d];", 1},
    {"they begin a record", &trimmed, HW_VIEW_INIT(" \"a,b\"\n"), false, "[ \"a,b\"];", 1},
    {"blanks behind a quote", &trimmed, HW_VIEW_INIT("\"a\" ,\"b\"\t \r\n"), false, "[\"a\" ][\"b\"\t ];", 1},
    {"blanks behind the last quote", &trimmed, HW_VIEW_INIT("\"a\" "), true, "[\"a\" ];", 1},
    {"a byte behind these", &trimmed, HW_VIEW_INIT("\"a\" b,c\n"), false, "[\"a\" b][c]; malformed", 1},
    {"a CR behind these", &trimmed, HW_VIEW_INIT("\"a\" \rb,c\n"), false, "[\"a\" \rb][c]; malformed", 1},
    {"blanks before what is no quote", &trimmed, HW_VIEW_INIT(" a\" , b\n"), false, "[ a\" ][ b];", 1},
    {"blanks and no more", &trimmed, HW_VIEW_INIT(" , \n"), false, "[ ][ ];", 1},
    {"an open quote behind a blank", &trimmed, HW_VIEW_INIT("a, \"b\n"), true, " 6 left open", 0},
    {"blanks behind a quote, lenient", &trimmed_lenient, HW_VIEW_INIT("\"a\" b\" ,c\n"), false, "[\"a\" b\" ][c];", 1},
    {"a blank that delimits is none", &trimmed_spaces, HW_VIEW_INIT(" \t\"a b\"\t c\n"), false, "[][\t\"a b\"\t][c];",
     1},
    {"a run of blanks", &blanks, HW_VIEW_INIT("a \t b\tc\n"), false, "[a][\t b][c];", 1},
    {"blanks at both ends", &blanks, HW_VIEW_INIT("  a b \t\r\nc \n"), false, "[  a][b \t];[c ];", 2},
    {"blanks at the end", &blanks, HW_VIEW_INIT("a b \r"), true, "[a][b ];", 1},
    {"a CR within a field", &blanks, HW_VIEW_INIT("a \rb\n"), false, "[a][\rb];", 1},
    {"a line of blanks", &blanks, HW_VIEW_INIT("a\n \t\nb\n"), false, "[a];[ \t];[b];", 3},
    {"quotes between blanks", &blanks, HW_VIEW_INIT(" \"a b\"  \"\"\t\n"), false, "[ \"a b\"][ \"\"\t];", 1},
    {"a byte behind a quote", &blanks, HW_VIEW_INIT("\"a\"b c\n"), false, "[\"a\"b][c]; malformed", 1},
    {"a comment with blanks", &blanks, HW_VIEW_INIT("# a b\n #c\n"), false, "[# a b];[ #c];", 2},
    {"blanks where CR ends", &blanks_mac, HW_VIEW_INIT("a  b \rc \r"), false, "[a][ b ];[c ];", 2},
    {"CR ends", &mac, HW_VIEW_INIT("a;b\rc;\"d\r\"\r"), false, "[a][b];[c][\"d\r\"];", 3},
    {"LF last where CR ends", &mac, HW_VIEW_INIT("a\rb\r\n"), true, "[a];[b];", 2},
    {"LF last where CR ends, no CR", &mac, HW_VIEW_INIT("a\rb\n"), true, "[a];[b];", 2},
    {"LF last where CR ends, open quote", &mac, HW_VIEW_INIT("a\r\"b\n"), true, "[a]; 3 left open", 1},
    {"LF is a byte where CR ends", &mac, HW_VIEW_INIT("a\n;b\r"), false, "[a\n][b];", 1},
};

static void indexes_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_buf) shown = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(index_rows); i++) {
        const struct index_row *row = &index_rows[i];
        for (size_t k = 0; k < COUNT_OF(text_around); k++) {
            hw_view text = text_put(&room, row->text, k, text_around[k]);
            assert_ok(hw_csv_index_run(&index, row->dialect, text.data, text.size, row->at_end, &err), err);
            assert_row_text(row->name, index_text(&index, row->dialect, text, &shown), row->want);
            assert_row_int(row->name, index.lines, row->lines);
            assert_ok(hw_csv_index_run_exact(&index, row->dialect, text.data, text.size, row->at_end, &err), err);
            assert_row_text(row->name, index_text(&index, row->dialect, text, &shown), row->want);
            assert_row_int(row->name, index.lines, row->lines);
        }
    }
    text_room_release(&room);
}

/* ------ the fast way and the exact one */

static void indexes_equal(const char *name, const struct hw_csv_index *a, const struct hw_csv_index *b) {
    assert_row_int(name, a->records, b->records);
    assert_row_bytes(name, a->ends, a->ends_count * sizeof(*a->ends), b->ends, b->ends_count * sizeof(*b->ends));
    assert_row_bytes(name, a->record_fields, a->records * sizeof(uint32_t), b->record_fields,
                     b->records * sizeof(uint32_t));
    assert_row_bytes(name, a->record_starts, (a->records + 1) * sizeof(uint32_t), b->record_starts,
                     (b->records + 1) * sizeof(uint32_t));
    assert_row_int(name, a->lines, b->lines);
    assert_row_int(name, a->ascii, b->ascii);
    assert_row_int(name, a->malformed, b->malformed);
    assert_row_int(name, a->open_quote, b->open_quote);
}

static void both_ways(struct text_room *room, hw_view bytes, struct dice *dice, uint64_t seed) {
    static const struct hw_csv_dialect *const dialects[] = {&text_rfc4180, &without_quotes, &mac,   &with_escape,
                                                            &with_comment, &lenient,        &colons};
    HW_AUTO(hw_csv_index) fast = {0};
    HW_AUTO(hw_csv_index) exact = {0};
    struct hw_error err = HW_ERROR_INIT;
    char name[64];
    const struct hw_csv_dialect *dialect = dialects[dice_roll(dice, 8) % COUNT_OF(dialects)];
    char around = text_around[dice_roll(dice, sizeof(text_around))];
    hw_view text = text_put(room, bytes, dice_roll(dice, 64), around);
    snprintf(name, sizeof(name), "seed %" PRIu64 ", %zu bytes", seed, bytes.size);
    for (int at_end = 0; at_end < 2; at_end++) {
        assert_ok(hw_csv_index_run(&fast, dialect, text.data, text.size, at_end, &err), err);
        assert_ok(hw_csv_index_run_exact(&exact, dialect, text.data, text.size, at_end, &err), err);
        indexes_equal(name, &fast, &exact);
    }
}

static void fast_way_equals_exact_way_at_every_length(void **state) {
    (void)state;
    struct text_room room = {0};
    char bytes[LENGTHS];
    for (uint64_t seed = 0; seed < ROUNDS / 200; seed++) {
        for (size_t size = 0; size < LENGTHS; size++) {
            struct dice dice = {seed << 32 | size};
            text_nasty(&dice, bytes, size, seed % 8);
            both_ways(&room, (hw_view){bytes, size}, &dice, dice.state);
        }
    }
    text_room_release(&room);
}

/*
 * One thing that the fast way must see, in text that gives it no other reason to start over, at
 * every place of a chunk and across its borders.
 */
static void single_oddities_are_seen_at_every_place(void **state) {
    static const char *const oddities[] = {
        "\"a\"x", "\"a\" ",    "\"a\"\rx",   "\"a\"\r,",   "\"a\"\r\r\n", "\"a\"\r\n\"b\"x", "x\"y\"",       "x\"\"",
        "\"\"x",  "\"\"\"\"x", "\"a\"\"\"x", "\"a\"\"b\"", "\"a\"",       "\"a\"\r\n",       "\"a\"\n",      "\r\n",
        "\r",     "\n\n",      "\"a\nb\"",   "\"a,b\"",    "\xc3\xa9",    "\"a\",\"b\"",     "\"a\"\n\"b\"", "\"\r\n\"",
    };
    (void)state;
    enum { PLACES = 140, TAIL_BYTES = 80 };
    struct text_room room = {0};
    char bytes[PLACES + 32 + TAIL_BYTES];
    struct dice dice = {8}; /* of dialects */
    for (size_t i = 0; i < COUNT_OF(oddities); i++) {
        for (size_t place = 0; place < PLACES; place++) {
            size_t size = place;
            memset(bytes, 'x', sizeof(bytes));
            if (place > 0) {
                bytes[place - 1] = place % 3 ? ',' : '\n';
            }
            memcpy(bytes + size, oddities[i], strlen(oddities[i]));
            size += strlen(oddities[i]);
            bytes[size] = ',';
            for (size_t tail = 0; tail < TAIL_BYTES; tail += 1 + tail / 4) {
                both_ways(&room, (hw_view){bytes, size + tail}, &dice, place << 16 | i);
            }
        }
    }
    text_room_release(&room);
}

/* A field that RFC 4180 allows, quoted or not. */
static size_t field_regular(struct dice *dice, char *out) {
    static const char inside[] = "ab,\n\r;";
    size_t used = 0;
    size_t size = dice_roll(dice, 12) ? dice_roll(dice, 9) : dice_roll(dice, 200);
    if (dice_roll(dice, 3)) {
        for (; used < size; used++) {
            out[used] = (char)('a' + dice_roll(dice, 26));
        }
        return used;
    }
    out[used++] = '"';
    for (size_t i = 0; i < size; i++) {
        if (dice_roll(dice, 4) == 0) {
            out[used++] = '"';
            out[used++] = '"';
        } else {
            out[used++] = inside[dice_roll(dice, sizeof(inside) - 1)];
        }
    }
    out[used++] = '"';
    return used;
}

/* Regular text keeps the fast way for all of it; one stray quote far behind makes it start over. */
static void fast_way_equals_exact_way_in_long_texts(void **state) {
    (void)state;
    enum { LONG_BYTES = 20000, FIELD_ROOM = 512 };
    struct text_room room = {0};
    char *bytes = malloc(LONG_BYTES + FIELD_ROOM);
    assert_non_null(bytes);
    for (uint64_t seed = 0; seed < ROUNDS / 100; seed++) {
        struct dice dice = {seed};
        size_t used = 0;
        size_t size = dice_roll(&dice, LONG_BYTES);
        while (used < size) {
            used += field_regular(&dice, bytes + used);
            size_t end = dice_roll(&dice, 8);
            if (end == 0) {
                bytes[used++] = '\r';
            }
            bytes[used++] = end < 2 ? '\n' : ',';
        }
        if (used > 0 && dice_roll(&dice, 2)) {
            bytes[dice_roll(&dice, used)] = '"';
        }
        both_ways(&room, (hw_view){bytes, used}, &dice, seed);
    }
    free(bytes);
    text_room_release(&room);
}

/* ------ the rest */

static void malformed_records_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        hw_view text;
        bool want;
        size_t at;
    } rows[] = {
        {"empty", &text_rfc4180, HW_VIEW_INIT(""), false, 0},
        {"plain", &text_rfc4180, HW_VIEW_INIT("a,b"), false, 0},
        {"quoted", &text_rfc4180, HW_VIEW_INIT("\"a\",\"b\"\"c\""), false, 0},
        {"stray quotes", &text_rfc4180, HW_VIEW_INIT("a\"b\"c,d"), false, 0},
        {"byte after", &text_rfc4180, HW_VIEW_INIT("\"a\"b,c"), true, 3},
        {"byte after, second field", &text_rfc4180, HW_VIEW_INIT("x,\"a\" ,c"), true, 5},
        {"CR and a byte after", &text_rfc4180, HW_VIEW_INIT("\"a\"\rb"), true, 4},
        {"CR after", &text_rfc4180, HW_VIEW_INIT("\"a\"\r"), false, 0},
        {"without quotes", &without_quotes, HW_VIEW_INIT("\"a\"b"), false, 0},
        {"comment", &with_comment, HW_VIEW_INIT("#\"a\"b"), false, 0},
        {"escape", &with_escape, HW_VIEW_INIT("\"a\\\"b\""), false, 0},
        {"byte after an escape's quote", &with_escape, HW_VIEW_INIT("\"a\\\"\"b"), true, 5},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t at = 0;
        assert_row_int(rows[i].name, hw_csv_record_malformed(rows[i].dialect, rows[i].text, &at), rows[i].want);
        assert_row_int(rows[i].name, at, rows[i].at);
    }
}

static void guesses_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        size_t want;
    } rows[] = {
        {"nothing", HW_VIEW_INIT(""), 0},
        {"no record end", HW_VIEW_INIT("a,b"), 3},
        {"in a field", HW_VIEW_INIT("a,b\nc,d\n"), 4},
        {"right behind a record end", HW_VIEW_INIT("\nc,d\n"), 1},
        {"the last byte ends a record", HW_VIEW_INIT("a,b\n"), 4},
        {"inside quotes", HW_VIEW_INIT("a\nb\",c\n\"d\ne\",f\n"), 7},
        {"before quotes", HW_VIEW_INIT("a,\"b\nc\"\nd\n"), 8},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_csv_guess_record_start(&text_rfc4180, rows[i].text), rows[i].want);
    }
}

/* A guess may be wrong, but it is in the text and behind a record end, or there is none. */
static void guesses_stay_in_the_text(void **state) {
    (void)state;
    char bytes[LENGTHS];
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        size_t size = text_nasty(&dice, bytes, dice_roll(&dice, LENGTHS), seed % 8);
        size_t start = hw_csv_guess_record_start(seed % 2 ? &text_rfc4180 : &with_escape, (hw_view){bytes, size});
        char name[32];
        snprintf(name, sizeof(name), "seed %" PRIu64, seed);
        assert_row_int(name, start <= size, true);
        assert_row_int(name, start == size || bytes[start - 1] == '\n', true);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    char bytes[] = "a,b\n\"c\",d\ne";
    struct text_room room = {0};
    hw_view text = text_put(&room, (hw_view){bytes, sizeof(bytes) - 1}, 0, 'x');
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        for (int exact = 0; exact < 2; exact++) {
            struct alloc_fault fault;
            struct hw_csv_index index = {0};
            struct hw_error err = HW_ERROR_INIT;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = (exact ? hw_csv_index_run_exact
                                           : hw_csv_index_run)(&index, &text_rfc4180, text.data, text.size, true, &err);
            hw_csv_index_release(&index);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
        }
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexes_by_rows),
        cmocka_unit_test(fast_way_equals_exact_way_at_every_length),
        cmocka_unit_test(single_oddities_are_seen_at_every_place),
        cmocka_unit_test(fast_way_equals_exact_way_in_long_texts),
        cmocka_unit_test(malformed_records_by_rows),
        cmocka_unit_test(guesses_by_rows),
        cmocka_unit_test(guesses_stay_in_the_text),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/scan", tests, NULL, NULL);
}
