/* SPDX-License-Identifier: Apache-2.0 */
#include "table/projection.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/rows.h"

enum { NAMES_MAX = 5 };

static size_t count_of(const char *const *names) {
    size_t count = 0;
    while (count < NAMES_MAX && names[count]) {
        count++;
    }
    return count;
}

/* Lists of names, each ended by NULL, and pairs. */
struct asked {
    const char *select[NAMES_MAX];
    const char *drop[NAMES_MAX];
    struct hw_column_rename renames[NAMES_MAX];
    struct hw_column_type types[NAMES_MAX];
    enum hw_names_style style;
    const char *add_source;
};

static struct hw_columns_options options_of(const struct asked *asked) {
    struct hw_columns_options options = {
        .select = asked->select,
        .select_count = count_of(asked->select),
        .drop = asked->drop,
        .drop_count = count_of(asked->drop),
        .renames = asked->renames,
        .types = asked->types,
        .names_style = asked->style,
        .add_source = asked->add_source,
    };
    while (options.renames_count < NAMES_MAX && asked->renames[options.renames_count].from) {
        options.renames_count++;
    }
    while (options.types_count < NAMES_MAX && asked->types[options.types_count].name) {
        options.types_count++;
    }
    return options;
}

/* ------ the options by themselves */

static void contradictions_are_refused(void **state) {
    (void)state;
    static char longest[4097], longer[4098];
    memset(longest, 'n', sizeof(longest) - 1);
    memset(longer, 'n', sizeof(longer) - 1);
    const struct {
        const char *name;
        struct asked asked;
        const char *says; /* NULL: it is right */
    } rows[] = {
        {"nothing", {.style = HW_NAMES_KEEP}, NULL},
        {"all that goes together",
         {.select = {"a", "b"},
          .renames = {{"a", "x"}},
          .types = {{"x", "text"}},
          .style = HW_NAMES_SNAKE,
          .add_source = "s"},
         NULL},
        {"columns that change names", {.renames = {{"a", "b"}, {"b", "a"}}}, NULL},
        {"selected twice", {.select = {"a", "b", "a"}}, "the column \"a\" is named twice (--select)"},
        {"dropped twice", {.drop = {"a", "a"}}, "the column \"a\" is named twice (--drop)"},
        {"renamed twice", {.renames = {{"a", "x"}, {"a", "y"}}}, "the column \"a\" is named twice (--rename)"},
        {"one name for two", {.renames = {{"a", "x"}, {"b", "x"}}}, "the column \"x\" is named twice (--rename)"},
        {"two types", {.types = {{"a", "text"}, {"a", "int64"}}}, "the column \"a\" is named twice (--type)"},
        {"selected and dropped", {.select = {"a"}, .drop = {"b"}}, "--select and --drop contradict each other"},
        {"dropped and renamed",
         {.drop = {"a"}, .renames = {{"a", "b"}}},
         "--rename gives a name to the column \"a\", which --drop leaves out"},
        {"not selected, but renamed",
         {.select = {"b"}, .renames = {{"a", "c"}}},
         "--rename gives a name to the column \"a\", which --select leaves out"},
        {"an empty name", {.select = {""}}, "\"\" is no name of a column: 1 to 4096 bytes of UTF-8 are (--select)"},
        {"an empty new name", {.renames = {{"a", ""}}}, "\"\" is no name of a column"},
        {"no new name", {.renames = {{"a", NULL}}}, "\"\" is no name of a column"},
        {"an empty name to add", {.add_source = ""}, "(--add-source)"},
        {"a name that is not UTF-8",
         {.add_source = "\xff"},
         "is no name of a column: 1 to 4096 bytes of UTF-8 are (--add-source)"},
        {"the longest name", {.add_source = longest}, NULL},
        {"a longer name", {.add_source = longer}, "is no name of a column"},
        {"a style of a later version", {.style = (enum hw_names_style)3}, "3 is no style of names"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_columns_options options = options_of(&rows[i].asked);
        assert_row_int(rows[i].name, hw_projection_check(&options, &err), rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

/* ------ sources */

/* "place:name" of each column, with - before one left out and *N behind one that is given. */
static const char *projected_text(const struct hw_projected *columns, size_t count, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < count; i++) {
        assert_ok(hw_buf_printf(out, &err, "%s%s%" PRIu32 ":%s", i > 0 ? " " : "", columns[i].left_out ? "-" : "",
                                columns[i].place, columns[i].name),
                  err);
        if (columns[i].given != HW_PROJECTED_NOT_GIVEN) {
            assert_ok(hw_buf_printf(out, &err, "*%" PRIu32, columns[i].given), err);
        }
    }
    assert_ok(hw_buf_end_text(out, &err), err);
    return (const char *)out->data;
}

static const struct {
    const char *name;
    const char *names[NAMES_MAX];
    struct asked asked;
    const char *given[NAMES_MAX];
    const char *want; /* NULL: it fails */
    const char *says;
} sources[] = {
    {"nothing asked", {"a", "b"}, {.style = HW_NAMES_KEEP}, {NULL}, "0:a 0:b", ""},
    {"selected, in another order", {"a", "b", "c"}, {.select = {"c", "a"}}, {NULL}, "1:a -0:b 0:c", ""},
    {"selected of what the source lacks", {"a"}, {.select = {"c", "a"}}, {NULL}, "1:a", ""},
    {"dropped", {"a", "b", "c"}, {.drop = {"b"}}, {NULL}, "0:a -0:b 0:c", ""},
    {"all dropped", {"a"}, {.drop = {"a"}}, {NULL}, "-0:a", ""},
    {"renamed", {"a", "b"}, {.renames = {{"b", "x"}}}, {NULL}, "0:a 0:x", ""},
    {"names exchanged", {"a", "b"}, {.renames = {{"a", "b"}, {"b", "a"}}}, {NULL}, "0:b 0:a", ""},
    {"a name of one that is left out", {"a", "b"}, {.drop = {"b"}, .renames = {{"a", "b"}}}, {NULL}, "0:b -0:b", ""},
    {"in another style", {"Order ID", "x"}, {.style = HW_NAMES_SNAKE}, {NULL}, "0:order_id 0:x", ""},
    {"a new name has no style", {"A", "B"}, {.renames = {{"A", "X"}}, .style = HW_NAMES_LOWER}, {NULL}, "0:X 0:b", ""},
    {"a name of which nothing is left", {"a", "%"}, {.style = HW_NAMES_SNAKE}, {NULL}, "0:a 0:column_2", ""},
    {"given types, by the names of the table",
     {"A", "b"},
     {.renames = {{"b", "x"}}, .style = HW_NAMES_LOWER},
     {"x", "a", "b"},
     "0:a*1 0:x*0",
     ""},
    {"a given type of one that is left out", {"a", "b"}, {.drop = {"a"}}, {"a"}, "-0:a 0:b", ""},
    {"two of one name",
     {"a", "b"},
     {.renames = {{"a", "b"}}},
     {NULL},
     NULL,
     "the columns \"a\" and \"b\" would both be called \"b\""},
    {"two of one name by their style",
     {"x", "A", "a"},
     {.style = HW_NAMES_LOWER},
     {NULL},
     NULL,
     "the columns \"A\" and \"a\" would both be called \"a\": --rename gives one of them another name"},
    {"one that is called as the added one",
     {"a", "b"},
     {.add_source = "b"},
     {NULL},
     NULL,
     "the column \"b\" would be called \"b\", as the one for the names of sources is"},
    {"one that gets the name of the added one",
     {"a"},
     {.renames = {{"a", "s"}}, .add_source = "s"},
     {NULL},
     NULL,
     "the column \"a\" would be called \"s\""},
    {"one that is left out has that name", {"a", "s"}, {.drop = {"s"}, .add_source = "s"}, {NULL}, "0:a -0:s", ""},
};

static void columns_become_those_of_the_table(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        const size_t count = count_of(sources[i].names);
        const struct hw_columns_options options = options_of(&sources[i].asked);
        struct hw_field fields[NAMES_MAX];
        struct hw_schema given = {.fields = fields, .count = count_of(sources[i].given)};
        struct hw_projected columns[NAMES_MAX];
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        for (size_t k = 0; k < given.count; k++) {
            fields[k] = (struct hw_field){.name = sources[i].given[k]};
        }
        const struct hw_projection projection = {&options, given.count > 0 ? &given : NULL};
        enum hw_status status = hw_project(&projection, sources[i].names, count, &arena, columns, &err);
        assert_row_int(sources[i].name, status, sources[i].want ? HW_OK : HW_EDATA);
        assert_row_says(sources[i].name, err.message, sources[i].says);
        if (sources[i].want) {
            assert_row_text(sources[i].name, projected_text(columns, count, &text), sources[i].want);
        }
    }
}

static void columns_that_nobody_has_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct asked asked;
        const char *given[NAMES_MAX];
        const char *says; /* NULL: all are there */
    } rows[] = {
        {"nothing asked", {.style = HW_NAMES_KEEP}, {NULL}, NULL},
        {"all are there",
         {.select = {"price", "Order ID"}, .renames = {{"price", "cost"}}, .style = HW_NAMES_SNAKE},
         {"order_id", "cost"},
         NULL},
        {"a selected one",
         {.select = {"id", "pirce"}},
         {NULL},
         "there is no column \"pirce\" to select (--select); did you mean \"price\"?"},
        {"a dropped one", {.drop = {"amount"}}, {NULL}, "there is no column \"amount\" to leave out (--drop)"},
        {"a renamed one",
         {.renames = {{"order id", "x"}}},
         {NULL},
         "there is no column \"order id\" to be renamed (--rename); did you mean \"Order ID\"?"},
        {"a given one",
         {.style = HW_NAMES_KEEP},
         {"prices"},
         "there is no column \"prices\" for which a type is given (--type or --schema); did you mean \"price\"?"},
        {"one that is given by the name that the source has",
         {.style = HW_NAMES_SNAKE},
         {"Order ID"},
         "did you mean \"order_id\"?"},
        {"a given one that is left out", {.drop = {"price"}}, {"price"}, NULL},
    };
    static const char *const names[] = {"id", "Order ID", "price"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_columns_options options = options_of(&rows[i].asked);
        struct hw_field fields[NAMES_MAX];
        struct hw_schema given = {.fields = fields, .count = count_of(rows[i].given)};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t k = 0; k < given.count; k++) {
            fields[k] = (struct hw_field){.name = rows[i].given[k]};
        }
        const struct hw_projection projection = {&options, &given};
        assert_row_int(rows[i].name, hw_projection_prove(&projection, names, COUNT_OF(names), &err),
                       rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

/* Of one source of several: what looks like a slip of the pen is told, all else may be so. */
static void slips_in_names_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *given[NAMES_MAX];
        const char *names[NAMES_MAX];
        const char *says; /* NULL: they may be so */
    } rows[] = {
        {"nothing given", {NULL}, {"a"}, NULL},
        {"all of them", {"id", "name"}, {"name", "id", "naem"}, NULL},
        {"one that is lacking", {"id", "name"}, {"id"}, NULL},
        {"a slip", {"id", "name"}, {"id", "naem"}, "there is no column \"name\", for which a type is given"},
        {"it is named", {"id", "name"}, {"id", "naem"}, "but there is \"naem\": --rename gives it that name"},
        {"other letters", {"name"}, {"NAME"}, "but there is \"NAME\""},
        {"a slip that is given itself", {"id", "name", "naem"}, {"id", "naem"}, NULL},
        {"one of another name", {"id", "name"}, {"id", "city"}, NULL},
        {"other digits", {"price_1", "2023"}, {"price_2", "2024"}, NULL},
        {"more digits", {"price_1"}, {"price_12"}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field fields[NAMES_MAX];
        struct hw_schema given = {.fields = fields, .count = count_of(rows[i].given)};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t k = 0; k < given.count; k++) {
            fields[k] = (struct hw_field){.name = rows[i].given[k]};
        }
        const struct hw_projection projection = {NULL, &given};
        assert_row_int(rows[i].name,
                       hw_projection_prove_spelling(&projection, rows[i].names, count_of(rows[i].names), &err),
                       rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

static void nothing_is_asked_by_zeros(void **state) {
    (void)state;
    static const struct hw_columns_options zeros = {0}, styled = {.names_style = HW_NAMES_LOWER};
    static const struct hw_schema empty = {0};
    assert_false(hw_projection_asks(&(struct hw_projection){NULL, NULL}));
    assert_false(hw_projection_asks(&(struct hw_projection){&zeros, &empty}));
    assert_true(hw_projection_asks(&(struct hw_projection){&styled, NULL}));
    assert_true(hw_projection_asks(&(struct hw_projection){NULL, &(struct hw_schema){.count = 1}}));
    assert_true(hw_projection_asks(&(struct hw_projection){&(struct hw_columns_options){.add_source = "s"}, NULL}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contradictions_are_refused),       cmocka_unit_test(columns_become_those_of_the_table),
        cmocka_unit_test(columns_that_nobody_has_are_told), cmocka_unit_test(slips_in_names_are_told),
        cmocka_unit_test(nothing_is_asked_by_zeros),
    };
    return cmocka_run_group_tests_name("table/projection", tests, NULL, NULL);
}
