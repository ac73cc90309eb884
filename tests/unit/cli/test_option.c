/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct hw_option fruit_rows[] = {
    {.name = "apple", .type = HW_OPTION_FLAG},
    {.name = "banana", .type = HW_OPTION_TEXT},
    {.name = "cherry", .type = HW_OPTION_COUNT},
};
static const struct hw_option other_rows[] = {
    {.name = "help", .type = HW_OPTION_HELP},
    {.name = "config", .type = HW_OPTION_CONFIG},
};
static const struct hw_option_group fruit = {"Fruit", fruit_rows, COUNT_OF(fruit_rows)};
static const struct hw_option_group other = {"Other", other_rows, COUNT_OF(other_rows)};

static void a_part_has_the_rows_that_it_takes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t rows;
        const char *want[COUNT_OF(fruit_rows)];
        size_t count;
    } parts[] = {
        {"all", 0, {"apple", "banana", "cherry"}, 3},
        {"all by their bits", 7, {"apple", "banana", "cherry"}, 3},
        {"the first", 1, {"apple"}, 1},
        {"the last", 4, {"cherry"}, 1},
        {"without the one in the middle", 5, {"apple", "cherry"}, 2},
        {"without the first", 6, {"banana", "cherry"}, 2},
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct hw_option_part part = {&fruit, 0, parts[i].rows};
        assert_row_int(parts[i].name, hw_option_part_count(&part), parts[i].count);
        for (size_t k = 0; k < parts[i].count; k++) {
            assert_row_text(parts[i].name, hw_option_part_at(&part, k)->name, parts[i].want[k]);
        }
    }
}

/* Parts that take some rows do not shift the options behind them. */
static void options_are_counted_over_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t base;
    } want[] = {{"banana", 8}, {"cherry", 8}, {"help", 0}, {"config", 0}, {"apple", 16}};
    const struct hw_option_part parts[] = {{&fruit, 8, 6}, {&other, 0, 0}, {&fruit, 16, 1}};
    const struct hw_option_set set = {parts, COUNT_OF(parts)};
    assert_int_equal(hw_option_count(&set), COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const struct hw_option_ref at = hw_option_at(&set, i);
        const struct hw_option_ref found = hw_option_find(&set, hw_view_of(want[i].name));
        assert_row_text(want[i].name, at.option->name, want[i].name);
        assert_row_int(want[i].name, at.base, want[i].base);
        assert_row_int(want[i].name, at.index, i);
        assert_row_int(want[i].name, found.option == at.option && found.base == at.base, true);
        assert_row_int(want[i].name, found.index, i);
    }
    assert_null(hw_option_find(&set, HW_VIEW("app")).option);
    assert_null(hw_option_find(&set, HW_VIEW("apples")).option);
    assert_null(hw_option_find(&set, HW_VIEW("")).option);
}

static void an_empty_set_has_no_options(void **state) {
    (void)state;
    const struct hw_option_set set = {NULL, 0};
    assert_int_equal(hw_option_count(&set), 0);
    assert_null(hw_option_find(&set, HW_VIEW("apple")).option);
}

static void types_say_what_an_option_takes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_option_type type;
        bool takes_value, has_field;
    } rows[] = {
        {"flag", HW_OPTION_FLAG, false, true},    {"text", HW_OPTION_TEXT, true, true},
        {"list", HW_OPTION_LIST, true, true},     {"size", HW_OPTION_SIZE, true, true},
        {"count", HW_OPTION_COUNT, true, true},   {"time", HW_OPTION_TIME, true, true},
        {"choice", HW_OPTION_CHOICE, true, true}, {"choices", HW_OPTION_CHOICES, true, true},
        {"mark", HW_OPTION_MARK, true, true},     {"byte", HW_OPTION_BYTE, true, true},
        {"limit", HW_OPTION_LIMIT, true, true},   {"config", HW_OPTION_CONFIG, true, false},
        {"help", HW_OPTION_HELP, false, false},
    };
    assert_int_equal(COUNT_OF(rows), HW_OPTION_TYPES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_option option = {.type = rows[i].type};
        assert_row_int(rows[i].name, hw_option_takes_value(&option), rows[i].takes_value);
        assert_row_int(rows[i].name, hw_option_has_field(&option), rows[i].has_field);
    }
}

static const struct hw_option_part fruit_parts[] = {{&fruit, 0, 0}};
static const struct hw_option_set fruit_set = {fruit_parts, COUNT_OF(fruit_parts)};

static void an_unknown_word_is_told_with_its_dashes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *what, *dashes, *word;
        const char *want;
    } rows[] = {
        {"near", "option", "--", "aple", "unknown option \"--aple\"; did you mean --apple?"},
        {"near, without dashes", "key", "", "chery", "unknown key \"chery\"; did you mean cherry?"},
        {"far", "option", "--", "nothing-like-it",
         "unknown option \"--nothing-like-it\"; known: --apple, --banana, --cherry"},
        {"a letter", "option", "-", "Z", "unknown option \"-Z\"; known: -apple, -banana, -cherry"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        const hw_view word = hw_view_of(rows[i].word);
        assert_row_int(rows[i].name, hw_option_unknown(&fruit_set, rows[i].what, rows[i].dashes, word, &arena, &err),
                       HW_EUSAGE);
        assert_row_text(rows[i].name, err.message, rows[i].want);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        HW_AUTO(hw_arena) arena = {0};
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_option_unknown(&fruit_set, "option", "--", HW_VIEW("aple"), &arena, &err);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_EUSAGE);
        assert_true(fired || successes > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_has_the_rows_that_it_takes),
        cmocka_unit_test(options_are_counted_over_parts),
        cmocka_unit_test(an_empty_set_has_no_options),
        cmocka_unit_test(types_say_what_an_option_takes),
        cmocka_unit_test(an_unknown_word_is_told_with_its_dashes),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("cli/option", tests, NULL, NULL);
}
