/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/value.h"

#include "support/rows.h"

static const struct hw_choice colours[] = {{"red", 1}, {"green", 2}, {"blue", 4}, {NULL, 0}};

static void sizes_counts_and_times_are_exact_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_option_type type;
        const char *text;
        enum hw_status want;
        uint64_t value;
        const char *says;
    } rows[] = {
        {"bytes", HW_OPTION_SIZE, "123", HW_OK, 123, ""},
        {"B", HW_OPTION_SIZE, "1B", HW_OK, 1, ""},
        {"binary", HW_OPTION_SIZE, "8MiB", HW_OK, 8388608, ""},
        {"binary, no B", HW_OPTION_SIZE, "8Mi", HW_OK, 8388608, ""},
        {"decimal", HW_OPTION_SIZE, "1GB", HW_OK, 1000000000, ""},
        {"a letter counts by 1000", HW_OPTION_SIZE, "512k", HW_OK, 512000, ""},
        {"case is the same", HW_OPTION_SIZE, "2gib", HW_OK, UINT64_C(2147483648), ""},
        {"tera", HW_OPTION_SIZE, "3TiB", HW_OK, UINT64_C(3298534883328), ""},
        {"largest", HW_OPTION_SIZE, "9223372036854775807", HW_OK, INT64_MAX, ""},
        {"beyond the largest", HW_OPTION_SIZE, "9223372036854775808", HW_EUSAGE, 0,
         "out of range; 0 to 9223372036854775807 bytes"},
        {"product wraps", HW_OPTION_SIZE, "99999999999TiB", HW_EUSAGE, 0, "\"99999999999TiB\" is not a size"},
        {"digits wrap", HW_OPTION_SIZE, "99999999999999999999", HW_EUSAGE, 0, "not a size"},
        {"unit alone", HW_OPTION_SIZE, "MiB", HW_EUSAGE, 0, "\"MiB\" is not a size; write it like 8MiB"},
        {"unknown unit", HW_OPTION_SIZE, "8MiX", HW_EUSAGE, 0, "not a size"},
        {"negative", HW_OPTION_SIZE, "-1", HW_EUSAGE, 0, "not a size"},
        {"space", HW_OPTION_SIZE, "8 MiB", HW_EUSAGE, 0, "not a size"},
        {"empty", HW_OPTION_SIZE, "", HW_EUSAGE, 0, "\"\" is not a size"},
        {"control bytes are shown harmless", HW_OPTION_SIZE, "8\x1b", HW_EUSAGE, 0, "\"8\\x1b\""},
        {"count", HW_OPTION_COUNT, "0042", HW_OK, 42, ""},
        {"count with a unit", HW_OPTION_COUNT, "1k", HW_EUSAGE, 0, "\"1k\" is not a whole number"},
        {"count with a point", HW_OPTION_COUNT, "1.5", HW_EUSAGE, 0, "not a whole number"},
        {"seconds", HW_OPTION_TIME, "30s", HW_OK, 30000, ""},
        {"milliseconds", HW_OPTION_TIME, "500ms", HW_OK, 500, ""},
        {"minutes", HW_OPTION_TIME, "2m", HW_OK, 120000, ""},
        {"days", HW_OPTION_TIME, "7d", HW_OK, 604800000, ""},
        {"hours", HW_OPTION_TIME, "1h", HW_OK, 3600000, ""},
        {"a number alone is seconds", HW_OPTION_TIME, "7", HW_OK, 7000, ""},
        {"unknown time unit", HW_OPTION_TIME, "3w", HW_EUSAGE, 0, "\"3w\" is not a time; write it like 30s"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_option option = {.name = "x", .type = rows[i].type, .width = sizeof(uint64_t)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        uint64_t value = 0;
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value, rows[i].value);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void numbers_keep_to_their_range_and_width(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_option option;
        const char *text;
        enum hw_status want;
        uint32_t value;
        const char *says;
    } rows[] = {
        {"widest", {.type = HW_OPTION_COUNT, .width = 4}, "4294967295", HW_OK, UINT32_MAX, ""},
        {"too wide", {.type = HW_OPTION_COUNT, .width = 4}, "4294967296", HW_EUSAGE, 0, "0 to 4294967295 is allowed"},
        {"lowest", {.type = HW_OPTION_COUNT, .width = 4, .min = 1, .max = 9}, "1", HW_OK, 1, ""},
        {"below",
         {.type = HW_OPTION_COUNT, .width = 4, .min = 1, .max = 9},
         "0",
         HW_EUSAGE,
         0,
         "\"0\" is out of range; 1 to 9"},
        {"above",
         {.type = HW_OPTION_COUNT, .width = 4, .min = 1, .max = 9},
         "10",
         HW_EUSAGE,
         0,
         "\"10\" is out of range; 1 to 9"},
        {"plus", {.type = HW_OPTION_COUNT, .width = 4, .plus = 1}, "2", HW_OK, 3, ""},
        {"plus does not wrap",
         {.type = HW_OPTION_COUNT, .width = 4, .plus = 1},
         "4294967295",
         HW_EUSAGE,
         0,
         "0 to 4294967294"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        uint32_t fields[2] = {0, 77};
        assert_row_int(rows[i].name, hw_value_parse(&rows[i].option, rows[i].text, fields, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, fields[0], rows[i].value);
        assert_row_int(rows[i].name, fields[1], 77); /* the neighbour is not touched */
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void choices_name_the_nearest(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_option_type type;
        const char *text;
        enum hw_status want;
        unsigned value;
        const char *says;
    } rows[] = {
        {"one", HW_OPTION_CHOICE, "green", HW_OK, 2, ""},
        {"near", HW_OPTION_CHOICE, "gren", HW_EUSAGE, 0, "unknown value \"gren\"; did you mean green?"},
        {"far", HW_OPTION_CHOICE, "octarine", HW_EUSAGE, 0, "unknown value \"octarine\"; known: red, green, blue"},
        {"empty", HW_OPTION_CHOICE, "", HW_EUSAGE, 0, "unknown value \"\""},
        {"two for one", HW_OPTION_CHOICE, "red,blue", HW_EUSAGE, 0, "unknown value \"red,blue\""},
        {"two", HW_OPTION_CHOICES, "red,blue", HW_OK, 5, ""},
        {"twice the same", HW_OPTION_CHOICES, "red,red", HW_OK, 1, ""},
        {"second one wrong", HW_OPTION_CHOICES, "red,bleu", HW_EUSAGE, 0, "unknown value \"bleu\"; did you mean blue?"},
        {"empty item", HW_OPTION_CHOICES, "red,", HW_EUSAGE, 0, "unknown value \"\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_option option = {.type = rows[i].type, .width = sizeof(unsigned), .choices = colours};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        unsigned value = 0;
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value, rows[i].value);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void bytes_are_one_ascii_character(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        enum hw_status want;
        char value;
        const char *says;
    } rows[] = {
        {"itself", ";", HW_OK, ';', ""},
        {"tab by name", "tab", HW_OK, '\t', ""},
        {"tab by escape", "\\t", HW_OK, '\t', ""},
        {"tab itself", "\t", HW_OK, '\t', ""},
        {"comma", "comma", HW_OK, ',', ""},
        {"pipe", "pipe", HW_OK, '|', ""},
        {"hex", "\\x01", HW_OK, 1, ""},
        {"backslash", "\\", HW_OK, '\\', ""},
        {"near a name", "tabb", HW_EUSAGE, 0, "unknown value \"tabb\"; did you mean tab?"},
        {"two", ";;", HW_EUSAGE, 0, "unknown value \";;\""},
        {"empty", "", HW_EUSAGE, 0, "unknown value \"\""},
        {"LF", "\n", HW_EUSAGE, 0, "\"\\x0a\" cannot be used"},
        {"CR", "\\x0d", HW_EUSAGE, 0, "cannot be used"},
        {"NUL", "\\x00", HW_EUSAGE, 0, "cannot be used"},
        {"not ASCII", "\\xa7", HW_EUSAGE, 0, "ASCII"},
        {"UTF-8 of two bytes", "\xc2\xa7", HW_EUSAGE, 0, "unknown value"},
        {"bad hex", "\\x1g", HW_EUSAGE, 0, "unknown value"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_option option = {.type = HW_OPTION_BYTE, .width = 1};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        char value = 0;
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value, rows[i].value);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void marks_are_bytes_by_many_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        enum hw_status want;
        const char *value;
        const char *says;
    } rows[] = {
        {"one byte", ";", HW_OK, ";", ""},
        {"by name", "tab", HW_OK, "\t", ""},
        {"hex", "\\x01", HW_OK, "\x01", ""},
        {"two", "::", HW_OK, "::", ""},
        {"eight", "<-+--+->", HW_OK, "<-+--+->", ""},
        {"letters among others", "|x|", HW_OK, "|x|", ""},
        {"UTF-8 of two bytes", "\xc2\xa6", HW_OK, "\xc2\xa6", ""},
        {"UTF-8 in hex", "\\xc2\\xA6", HW_OK, "\xc2\xa6", ""},
        {"hex within", "|\\x1f|", HW_OK, "|\x1f|", ""},
        {"a backslash", "\\", HW_OK, "\\", ""},
        {"a word of its own", "words", HW_OK, "words", ""},
        {"near it", "word", HW_EUSAGE, NULL, "did you mean words?"},
        {"near a name", "tabb", HW_EUSAGE, NULL, "unknown value \"tabb\"; did you mean tab?"},
        {"nothing but letters", "ab", HW_EUSAGE, NULL, "unknown value \"ab\""},
        {"empty", "", HW_EUSAGE, NULL, "unknown value \"\""},
        {"nine", "<-+---+->", HW_EUSAGE, NULL, "1 to 8 bytes"},
        {"an LF within", "|\n", HW_EUSAGE, NULL, "other than NUL, CR and LF"},
        {"a CR", "\\x0d", HW_EUSAGE, NULL, "cannot be used"},
        {"a NUL", "\\x00", HW_EUSAGE, NULL, "cannot be used"},
        {"a NUL within", "|\\x00|", HW_EUSAGE, NULL, "cannot be used"},
        {"no UTF-8", "\\xa7", HW_EUSAGE, NULL, "UTF-8"},
        {"bad hex", "|\\x1g", HW_EUSAGE, NULL, "unknown value"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const struct hw_choice words[] = {{"words", 0}, {NULL, 0}};
        struct hw_option option = {.type = HW_OPTION_MARK, .width = sizeof(char *), .choices = words};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        const char *value = NULL;
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value != NULL, rows[i].value != NULL);
        assert_row_text(rows[i].name, value ? value : "", rows[i].value ? rows[i].value : "");
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void limits_are_counts_or_shares(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        enum hw_status want;
        uint64_t count;
        double ratio;
        const char *says;
    } rows[] = {
        {"count", "100", HW_OK, 100, 0, ""},
        {"share", "1%", HW_OK, 0, 0.01, ""},
        {"fraction", "2.5%", HW_OK, 0, 0.025, ""},
        {"all", "100%", HW_OK, 0, 1, ""},
        {"too much", "100.1%", HW_EUSAGE, 0, 0, "\"100.1%\" is out of range"},
        {"no share", "0%", HW_EUSAGE, 0, 0, "out of range"},
        {"none", "0", HW_EUSAGE, 0, 0, "\"0\" is out of range; 1 or more"},
        {"no digits", "%", HW_EUSAGE, 0, 0, "\"%\" is neither a whole number nor a share like 1%"},
        {"point at the end", "1.%", HW_EUSAGE, 0, 0, "neither"},
        {"exponent", "1e1%", HW_EUSAGE, 0, 0, "neither"},
        {"not a number", "nan%", HW_EUSAGE, 0, 0, "neither"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_option option = {.type = HW_OPTION_LIMIT, .width = sizeof(struct hw_option_limit)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_option_limit value = {0};
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value.count, rows[i].count);
        assert_row_int(rows[i].name, value.ratio == rows[i].ratio, true);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void switches_and_texts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        enum hw_status want;
        bool value;
        const char *says;
    } rows[] = {
        {"bare", NULL, HW_OK, true, ""},
        {"true", "true", HW_OK, true, ""},
        {"yes", "yes", HW_OK, true, ""},
        {"1", "1", HW_OK, true, ""},
        {"false", "false", HW_OK, false, ""},
        {"no", "no", HW_OK, false, ""},
        {"0", "0", HW_OK, false, ""},
        {"near", "flase", HW_EUSAGE, false, "unknown value \"flase\"; did you mean false?"},
    };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_option option = {.type = HW_OPTION_FLAG, .width = sizeof(bool)};
        bool value = false;
        assert_row_int(rows[i].name, hw_value_parse(&option, rows[i].text, &value, &arena, &err), rows[i].want);
        assert_row_int(rows[i].name, value, rows[i].value);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
    struct hw_option text = {.type = HW_OPTION_TEXT, .width = sizeof(char *)};
    const char *value = NULL;
    assert_row_int("empty text", hw_value_parse(&text, "", &value, &arena, &err), HW_EUSAGE);
    assert_row_says("empty text", err.message, "empty");
    assert_row_int("no text", hw_value_parse(&text, NULL, &value, &arena, &err), HW_EUSAGE);
    assert_row_says("no text", err.message, "needs a value");
    assert_row_int("text", hw_value_parse(&text, "a,b", &value, &arena, &err), HW_OK);
    assert_row_text("text", value, "a,b");
}

static void lists_split_at_commas_and_add_up(void **state) {
    (void)state;
    struct hw_option option = {.type = HW_OPTION_LIST, .width = sizeof(struct hw_option_list)};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_option_list list = {0};
    static const char *const want[] = {"NA", "", "NULL", "-", "a,b"};
    assert_ok(hw_value_parse(&option, "NA,,NULL", &list, &arena, &err), err);
    assert_ok(hw_value_parse(&option, "-", &list, &arena, &err), err);
    assert_ok(hw_value_list_add(&list, HW_VIEW("a,b"), &arena, &err), err);
    assert_int_equal(list.count, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_row_text(want[i], list.items[i], want[i]);
    }
}

static void whole_items_keep_their_commas(void **state) {
    (void)state;
    struct hw_option option = {.type = HW_OPTION_LIST, .width = sizeof(struct hw_option_list), .whole = true};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_option_list list = {0};
    assert_ok(hw_value_parse(&option, "*.{csv,tsv}", &list, &arena, &err), err);
    assert_ok(hw_value_parse(&option, ",", &list, &arena, &err), err);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0], "*.{csv,tsv}");
    assert_string_equal(list.items[1], ",");
}

/* A list may come from a file: what it takes grows with its items, not with their square. */
static void a_long_list_takes_little_memory(void **state) {
    (void)state;
    /* An item takes its copy, and its share of rooms of 1, 2, 4 ... items. */
    enum { ITEMS = 100000, ITEM_BYTES_MAX = 16 + 4 * sizeof(char *) };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_option_list list = {0};
    for (size_t i = 0; i < ITEMS; i++) {
        assert_ok(hw_value_list_add(&list, hw_view_of(i == ITEMS - 1 ? "last" : "x"), &arena, &err), err);
    }
    assert_int_equal(list.count, ITEMS);
    assert_string_equal(list.items[0], "x");
    assert_string_equal(list.items[ITEMS - 1], "last");
    assert_true(arena.held_bytes < (size_t)ITEMS * ITEM_BYTES_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_counts_and_times_are_exact_or_refused),
        cmocka_unit_test(numbers_keep_to_their_range_and_width),
        cmocka_unit_test(choices_name_the_nearest),
        cmocka_unit_test(bytes_are_one_ascii_character),
        cmocka_unit_test(marks_are_bytes_by_many_names),
        cmocka_unit_test(limits_are_counts_or_shares),
        cmocka_unit_test(switches_and_texts),
        cmocka_unit_test(lists_split_at_commas_and_add_up),
        cmocka_unit_test(whole_items_keep_their_commas),
        cmocka_unit_test(a_long_list_takes_little_memory),
    };
    return cmocka_run_group_tests_name("cli/value", tests, NULL, NULL);
}
