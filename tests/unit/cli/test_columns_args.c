/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/columns_args.h"

#include "core/buf.h"
#include "support/rows.h"

/* "a|b" of names, "a=x|b=y" of pairs. */
static const char *list_text(const char *const *texts, size_t count, bool pairs, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(out);
    for (size_t i = 0; i < count; i++) {
        const char *before = i == 0 ? "" : pairs && i % 2 == 1 ? "=" : "|";
        assert_ok(hw_buf_printf(out, &err, "%s%s", before, texts[i]), err);
    }
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static const struct {
    const char *name;
    const char *values[2];
    const char *want; /* NULL: it is refused */
    bool pairs;
} rows[] = {
    {"one", {"a"}, "a", false},
    {"several", {"a,b c,d"}, "a|b c|d", false},
    {"given again", {"a", "b,c"}, "a|b|c", false},
    {"in quotes", {"\"a,b\",c"}, "a,b|c", false},
    {"with quotes inside", {"\"a\"\"b\""}, "a\"b", false},
    {"a quote that begins nothing", {"a\"b"}, "a\"b", false},
    {"brackets keep together", {"price (EUR,net),b"}, "price (EUR,net)|b", false},
    {"a bracket that closes nothing", {"a),b"}, "a)|b", false},
    {"an = in a name", {"a=b"}, "a=b", false},
    {"empty", {""}, NULL, false},
    {"an empty one among others", {"a,,b"}, NULL, false},
    {"a comma at the end", {"a,"}, NULL, false},
    {"quotes around nothing", {"\"\""}, NULL, false},
    {"quotes that do not close", {"\"a,b"}, NULL, false},
    {"more behind quotes", {"\"a\"b"}, NULL, false},
    {"a pair", {"a=x"}, "a=x", true},
    {"pairs", {"a=x,b c=y", "d=z"}, "a=x|b c=y|d=z", true},
    {"pairs in quotes", {"\"a=,b\"=\"x,y\",c=z"}, "a=,b=x,y|c=z", true},
    {"a type with a comma",
     {"a=decimal(18, 2),b=timestamp[us, tz=UTC]"},
     "a=decimal(18, 2)|b=timestamp[us, tz=UTC]",
     true},
    {"no pair", {"a"}, NULL, true},
    {"no pair among pairs", {"a,b=c"}, NULL, true},
    {"no name", {"=x"}, NULL, true},
    {"no second", {"a="}, NULL, true},
};

static void values_are_lists_of_columns(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_option_list list = {rows[i].values, rows[i].values[1] ? 2 : 1, NULL};
        struct hw_columns_args args = {0};
        struct hw_columns_options options = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        *(rows[i].pairs ? &args.rename : &args.select) = list;
        *(rows[i].pairs ? &args.type : &args.drop) = list;
        assert_row_int(rows[i].name, hw_columns_args_options(&args, &arena, &options, &err),
                       rows[i].want ? HW_OK : HW_EUSAGE);
        if (!rows[i].want) {
            assert_row_says(rows[i].name, err.message, rows[i].pairs ? "--rename: " : "--select: ");
            assert_row_says(rows[i].name, err.message, rows[i].pairs ? "is not COL=NAME,..." : "is not COL,...");
            continue;
        }
        if (rows[i].pairs) {
            const char *const *renames = (const char *const *)(const void *)options.renames;
            const char *const *types = (const char *const *)(const void *)options.types;
            assert_row_text(rows[i].name, list_text(renames, 2 * options.renames_count, true, &text), rows[i].want);
            assert_row_text(rows[i].name, list_text(types, 2 * options.types_count, true, &text), rows[i].want);
        } else {
            assert_row_text(rows[i].name, list_text(options.select, options.select_count, false, &text), rows[i].want);
            assert_row_text(rows[i].name, list_text(options.drop, options.drop_count, false, &text), rows[i].want);
        }
    }
}

static void nothing_given_is_nothing_asked(void **state) {
    (void)state;
    const struct hw_columns_args args = {.names_style = HW_NAMES_SNAKE};
    struct hw_columns_options options = {.select_count = 9};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(hw_columns_args_options(&args, &arena, &options, &err), err);
    assert_int_equal(options.select_count + options.drop_count + options.renames_count + options.types_count, 0);
    assert_int_equal(options.names_style, HW_NAMES_SNAKE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_lists_of_columns),
        cmocka_unit_test(nothing_given_is_nothing_asked),
    };
    return cmocka_run_group_tests_name("cli/columns_args", tests, NULL, NULL);
}
