/* SPDX-License-Identifier: Apache-2.0 */
#include "core/glob.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static bool matches(const char *pattern, const char *name, bool hidden) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_glob) glob = {0};
    assert_ok(hw_glob_init(&glob, pattern, hidden, &err), err);
    return hw_glob_matches(&glob, hw_view_of(name));
}

struct row {
    const char *pattern;
    const char *name;
    bool want;
};

static void rows_compare(const struct row *rows, size_t count, bool hidden) {
    for (size_t i = 0; i < count; i++) {
        char row[256];
        snprintf(row, sizeof(row), "%.100s with %.100s", rows[i].pattern, rows[i].name);
        assert_row_int(row, matches(rows[i].pattern, rows[i].name, hidden), rows[i].want);
    }
}

/* As fnmatch of POSIX does where '/' is matched by itself alone, and bash and Python likewise. */
static const struct row plain_rows[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "a", true},
    {"a", "A", false},
    {"a", "ab", false},
    {"ab", "a", false},
    {"*", "", true},
    {"*", "abc", true},
    {"*", "a/b", false},
    {"*.csv", "a.csv", true},
    {"*.csv", "a.csv.gz", false},
    {"*.csv", "d/a.csv", false},
    {"d/*.csv", "d/a.csv", true},
    {"d/*.csv", "d/e/a.csv", false},
    {"*/*.csv", "d/a.csv", true},
    {"*/*.csv", "a.csv", false},
    {"a*b*c", "abc", true},
    {"a*b*c", "axxbxxc", true},
    {"a*b*c", "axxbxxcd", false},
    {"a*b*c", "acb", false},
    {"?", "a", true},
    {"?", "", false},
    {"?", "/", false},
    {"?", "ab", false},
    {"?", "ü", true},
    {"??", "ü", false},
    {"???", "日本語", true},
    {"a?c",
     "a\xff"
     "c",
     true},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "dx", true},
    {"[!a-c]x", "bx", false},
    {"[^a-c]x", "dx", true},
    {"[abc-]", "-", true},
    {"[-a]", "-", true},
    {"[]a]", "]", true},
    {"[!]a]", "]", false},
    {"[!]a]", "b", true},
    {"[\\]]", "]", true},
    {"[a-c0-9]", "7", true},
    {"[z-a]", "m", false},
    {"[ä-ü]", "ö", true},
    {"[ä-ü]", "o", false},
    {"a[/]b", "a/b", false},
    {"a[!x]b", "a/b", false},
    {"[[:digit:]][[:upper:]]", "7Z", true},
    {"[[:digit:]]", "x", false},
    {"[![:space:]]", " ", false},
    {"[[:alpha:]_]", "_", true},
    {"[a", "[a", true},
    {"[a", "a", false},
    {"[", "[", true},
    {"a[", "a[", true},
    {"[!", "[!", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"\\[a]", "[a]", true},
    {"a\\b", "ab", true},
    {"a\\", "a\\", true},
    {"\xdc\\\xa2", "\xdc\xa2", true},
    {"?", "\xdc\xa2", true},
};

static void shells_agree_on_these(void **state) {
    (void)state;
    rows_compare(plain_rows, COUNT_OF(plain_rows), false);
}

/* bash with globstar and Python's glob with recursive=True; gitignore for what lies below "a". */
static void two_stars_go_through_folders(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"**", "a", true},
        {"**", "a/b/c", true},
        {"**/a.csv", "a.csv", true},
        {"**/a.csv", "x/a.csv", true},
        {"**/a.csv", "x/y/a.csv", true},
        {"**/a.csv", "xa.csv", false},
        {"**/a.csv", "x/ya.csv", false},
        {"r/**/*.csv", "r/a.csv", true},
        {"r/**/*.csv", "r/x/y/a.csv", true},
        {"r/**/*.csv", "r.csv", false},
        {"r/**/*.csv", "rx/a.csv", false},
        {"r/**/z/*.csv", "r/z/a.csv", true},
        {"r/**/z/*.csv", "r/x/z/a.csv", true},
        {"r/**/z/*.csv", "r/xz/a.csv", false},
        {"a/**", "a/b", true},
        {"a/**", "a/b/c", true},
        {"a/**", "ab", false},
        {"*/**/c", "a/c", true},
        {"*/**/c", "c", false},
        {"**/**/c", "c", true},
        {"{x,y}/**/c", "y/c", true},
        {"{**/,}c", "a/b/c", true},
        /* Where stars are a part of a name, these programs take them for one: here they go on. */
        {"r/**.csv", "r/x/a.csv", true},
        {"r/a**z", "r/a/b/z", true},
        {"a**/b", "ab", false},
        {"a**/b", "ax/y/b", true},
        {"***", "a/b", true},
    };
    rows_compare(rows, COUNT_OF(rows), false);
}

/* As bash expands braces; what it leaves as it is are characters. */
static void braces_are_alternatives(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{a,b}", "a", true},
        {"{a,b}", "b", true},
        {"{a,b}", "ab", false},
        {"{a,b}", "{a,b}", false},
        {"x.{csv,tsv}.gz", "x.tsv.gz", true},
        {"x.{csv,tsv}.gz", "x.gz", false},
        {"x{,.gz}", "x", true},
        {"x{,.gz}", "x.gz", true},
        {"{a,b}{c,d}", "bc", true},
        {"{a,b}{c,d}", "ab", false},
        {"{a,{b,c}d}e", "cde", true},
        {"{a,{b,c}d}e", "ae", true},
        {"{a,{b,c}d}e", "be", false},
        {"{a,b/*}", "b/x", true},
        {"{a,b/*}", "b/x/y", false},
        {"{[ab],c}", "b", true},
        {"{[a,b]c}", "[a", true},
        {"{[a,b]c}", "b]c", true},
        {"{[a,b]c}", "ac", false},
        {"{a\\,b,c}", "a,b", true},
        {"{a\\,b,c}", "a", false},
        {"{a}", "{a}", true},
        {"{a}", "a", false},
        {"{}", "{}", true},
        {"{{a},b}", "{a}", true},
        {"{{a},b}", "b", true},
        {"{a,b", "{a,b", true},
        {"{a,{b,c}", "{a,c", true},
        {"a}b", "a}b", true},
        {"a,b", "a,b", true},
        {"\\{a,b}", "{a,b}", true},
    };
    rows_compare(rows, COUNT_OF(rows), false);
}

static void hidden_names_are_named(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"*", ".a", false},         {"*.csv", ".csv", false},    {"?a", ".a", false},   {"[.]a", ".a", false},
        {"[!x]a", ".a", false},     {".*", ".a", true},          {".a", ".a", true},    {"d/*", "d/.a", false},
        {"d/.*", "d/.a", true},     {"a*", "a.b", true},         {"**", ".a/b", false}, {"**", "a/.b/c", false},
        {"**/c", "a/.b/c", false},  {"**/.b/c", "a/.b/c", true}, {"**/.c", ".c", true}, {"{.a,b}*", ".ax", true},
        {"x/../*", "x/../a", true},
    };
    rows_compare(rows, COUNT_OF(rows), false);
    static const struct row all[] = {
        {"*", ".a", true}, {"*.csv", ".csv", true}, {"**/c", "a/.b/c", true}, {"?a", ".a", true}, {"[.]a", ".a", true},
    };
    rows_compare(all, COUNT_OF(all), true);
}

static void what_comes_before_wildcards_is_known(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *prefix;
        bool literal;
    } rows[] = {
        {"", "", true},
        {"raw/a.csv", "raw/a.csv", true},
        {"raw/*.csv", "raw/", false},
        {"raw/{a,b}", "raw/", false},
        {"raw/{a}", "raw/{a}", true},
        {"a\\*b/?", "a*b/", false},
        {"a\\*b", "a*b", true},
        {"a[b", "a[b", true},
        {"a[b]", "a", false},
        {"r/**/a", "r/", false},
        {"ü?", "ü", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_glob) glob = {0};
        assert_ok(hw_glob_init(&glob, rows[i].pattern, false, &err), err);
        assert_row_text(rows[i].pattern, glob.prefix, rows[i].prefix);
        assert_row_int(rows[i].pattern, glob.literal, rows[i].literal);
    }
}

/* Makes a pattern of `count` times the same, and then an end. */
static const char *repeated(struct hw_buf *out, const char *text, size_t count, const char *end) {
    hw_buf_clear(out);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_append_text(out, text, NULL), HW_OK);
    }
    assert_int_equal(hw_buf_append_text(out, end, NULL), HW_OK);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    return (const char *)out->data;
}

/* Backtracking would take longer than the universe lasts: the name fails to match at its end. */
static void hostile_patterns_take_bounded_time(void **state) {
    (void)state;
    HW_AUTO(hw_buf) pattern = {0};
    HW_AUTO(hw_buf) name = {0};
    const char *text = repeated(&name, "a", 4000, "");
    assert_false(matches(repeated(&pattern, "*a", 40, "b"), text, false));
    assert_true(matches(repeated(&pattern, "*a", 40, ""), text, false));
    assert_false(matches(repeated(&pattern, "**/", 1000, "b"), text, false));
    assert_false(matches(repeated(&pattern, "{a,aa,*}", 200, "b"), text, false));
    assert_false(matches(repeated(&pattern, "{", HW_GLOB_BYTES_MAX, ""), text, false));
    assert_false(matches(repeated(&pattern, "[", HW_GLOB_BYTES_MAX, ""), text, false));
}

static void limits_are_told(void **state) {
    (void)state;
    HW_AUTO(hw_buf) pattern = {0};
    const struct {
        const char *name;
        const char *text;
        size_t count;
        const char *end;
        const char *says; /* NULL: fine */
    } rows[] = {
        {"as long as can be", "a", HW_GLOB_BYTES_MAX, "", NULL},
        {"too long", "a", HW_GLOB_BYTES_MAX, "b", "has more than 4096 bytes"},
        {"as deep as can be", "{a,", 32, "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}", NULL},
        {"too deep", "{a,", 33, "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}", "more than 32 braces in each other"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_glob) glob = {0};
        const char *text = repeated(&pattern, rows[i].text, rows[i].count, rows[i].end);
        enum hw_status status = hw_glob_init(&glob, text, false, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_glob) glob = {0};
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_glob_init(&glob, "a/{b,c}*", false, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        faults += fired;
    }
    assert_true(faults >= 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shells_agree_on_these),
        cmocka_unit_test(two_stars_go_through_folders),
        cmocka_unit_test(braces_are_alternatives),
        cmocka_unit_test(hidden_names_are_named),
        cmocka_unit_test(what_comes_before_wildcards_is_known),
        cmocka_unit_test(hostile_patterns_take_bounded_time),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("core/glob", tests, NULL, NULL);
}
