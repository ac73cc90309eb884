/* SPDX-License-Identifier: Apache-2.0 */
#include "table/projection.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/intern.h"
#include "core/limits.h"
#include "core/nearest.h"
#include "core/utf8.h"
#include "table/name_order.h"
#include "table/name_style.h"

static const struct hw_columns_options no_options = {0};

static const struct hw_columns_options *options_of(const struct hw_projection *projection) {
    return projection->options ? projection->options : &no_options;
}

/* A list of names, which lie `stride` bytes from each other. */
struct names {
    const char *first;
    size_t stride;
    size_t count;
};

#define NAMES_OF(list, member, count) \
    ((struct names){(list) ? (const char *)&(list)->member : NULL, sizeof(*(list)), (list) ? (count) : 0})
#define NAMES_PLAIN(list, count) ((struct names){(const char *)(list), sizeof(const char *), (count)})

static const char *name_at(const struct names *names, size_t number) {
    const char *name;
    memcpy(&name, names->first + number * names->stride, sizeof(name)); /* allowed: a pointer */
    return name;
}

/*
 * Returns the number of a name, SIZE_MAX where it is not there. `*at` is where it looks first: two
 * lists have the same order nearly always, and 16,384 names must not be compared with as many.
 */
static size_t name_find(const struct names *names, const char *name, size_t *at) {
    for (size_t i = 0; i < names->count; i++) {
        const size_t number = (*at + i) % names->count;
        if (strcmp(name_at(names, number), name) == 0) {
            *at = number + 1;
            return number;
        }
    }
    return SIZE_MAX;
}

/* ------ the options by themselves */

static enum hw_status names_check(const char *option, const struct names *names, struct hw_error *err);
static enum hw_status renames_check(const struct hw_columns_options *options, struct hw_error *err);

enum hw_status hw_projection_check(const struct hw_columns_options *options, struct hw_error *err) {
    const struct {
        const char *option;
        struct names names;
    } lists[] = {
        {"--select", NAMES_PLAIN(options->select, options->select_count)},
        {"--drop", NAMES_PLAIN(options->drop, options->drop_count)},
        {"--rename", NAMES_OF(options->renames, from, options->renames_count)},
        {"--rename", NAMES_OF(options->renames, to, options->renames_count)},
        {"--type", NAMES_OF(options->types, name, options->types_count)},
        {"--add-source", NAMES_PLAIN(&options->add_source, options->add_source ? 1 : 0)},
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        HW_TRY(names_check(lists[i].option, &lists[i].names, err));
    }
    if (options->select_count > 0 && options->drop_count > 0) {
        return hw_fail(err, HW_EUSAGE, "--select and --drop contradict each other: what is not selected is left out");
    }
    if ((unsigned)options->names_style > HW_NAMES_SNAKE) {
        return hw_fail(err, HW_EUSAGE, "%d is no style of names", (int)options->names_style);
    }
    return renames_check(options, err);
}

/* No name is there twice, and all can be names of columns. */
static enum hw_status names_check(const char *option, const struct names *names, struct hw_error *err) {
    HW_AUTO(hw_intern) seen = {0};
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < names->count; i++) {
        const char *name = name_at(names, i);
        const size_t bytes = name ? strnlen(name, HW_CSV_NAME_BYTES_MAX + 1) : 0;
        uint32_t number;
        hw_quote(name ? name : "", bytes, quoted, sizeof(quoted));
        if (bytes == 0 || bytes > HW_CSV_NAME_BYTES_MAX || !hw_utf8_all(name, bytes)) {
            return hw_fail(err, HW_EUSAGE, "%s is no name of a column: 1 to %u bytes of UTF-8 are (%s)", quoted,
                           HW_CSV_NAME_BYTES_MAX, option);
        }
        HW_TRY(hw_intern_number(&seen, (hw_view){name, bytes}, UINT32_MAX, &number, err));
        if (number < i) {
            return hw_fail(err, HW_EUSAGE, "the column %s is named twice (%s)", quoted, option);
        }
    }
    return HW_OK;
}

/* A column that is left out cannot have another name. */
static enum hw_status renames_check(const struct hw_columns_options *options, struct hw_error *err) {
    const struct names select = NAMES_PLAIN(options->select, options->select_count);
    const struct names drop = NAMES_PLAIN(options->drop, options->drop_count);
    char quoted[HW_QUOTE_BYTES];
    size_t at = 0;
    for (size_t i = 0; i < options->renames_count; i++) {
        const char *from = options->renames[i].from;
        const bool dropped = name_find(&drop, from, &at) != SIZE_MAX;
        const bool passed_over = select.count > 0 && name_find(&select, from, &at) == SIZE_MAX;
        if (dropped || passed_over) {
            return hw_fail(err, HW_EUSAGE, "--rename gives a name to the column %s, which %s leaves out",
                           hw_quote(from, strlen(from), quoted, sizeof(quoted)), dropped ? "--drop" : "--select");
        }
    }
    return HW_OK;
}

/* ------ one source */

bool hw_projection_asks(const struct hw_projection *projection) {
    const struct hw_columns_options *options = options_of(projection);
    const bool names = options->select_count + options->drop_count + options->renames_count > 0;
    return names || options->names_style != HW_NAMES_KEEP || options->add_source ||
           (projection->given && projection->given->count > 0);
}

/* The places at which the columns of a source are looked for. */
struct hints {
    size_t select, drop, rename, given;
};

static enum hw_status name_make(const struct hw_columns_options *options, const char *name, size_t number,
                                struct hints *hints, struct hw_arena *arena, const char **out_name,
                                struct hw_error *err);
static enum hw_status names_differ(const struct hw_columns_options *options, const char *const *names,
                                   const struct hw_projected *columns, size_t count, struct hw_error *err);

enum hw_status hw_project(const struct hw_projection *projection, const char *const *names, size_t count,
                          struct hw_arena *arena, struct hw_projected *out, struct hw_error *err) {
    const struct hw_columns_options *options = options_of(projection);
    const struct names select = NAMES_PLAIN(options->select, options->select_count);
    const struct names drop = NAMES_PLAIN(options->drop, options->drop_count);
    const struct hw_schema none = {0};
    const struct hw_schema *types = projection->given ? projection->given : &none;
    const struct names given = NAMES_OF(types->fields, name, types->count);
    struct hints hints = {0};
    for (size_t i = 0; i < count; i++) {
        struct hw_projected column = {.given = HW_PROJECTED_NOT_GIVEN};
        const size_t place = name_find(&select, names[i], &hints.select);
        column.left_out = select.count > 0 ? place == SIZE_MAX : name_find(&drop, names[i], &hints.drop) != SIZE_MAX;
        column.place = select.count > 0 && !column.left_out ? (uint32_t)place : 0;
        HW_TRY(name_make(options, names[i], i, &hints, arena, &column.name, err));
        const size_t type = name_find(&given, column.name, &hints.given);
        column.given = type == SIZE_MAX || column.left_out ? HW_PROJECTED_NOT_GIVEN : (uint32_t)type;
        out[i] = column;
    }
    return names_differ(options, names, out, count, err);
}

/* Makes the name that column `number` of a source has in the table. */
static enum hw_status name_make(const struct hw_columns_options *options, const char *name, size_t number,
                                struct hints *hints, struct hw_arena *arena, const char **out_name,
                                struct hw_error *err) {
    const struct names renamed = NAMES_OF(options->renames, from, options->renames_count);
    const size_t rename = name_find(&renamed, name, &hints->rename);
    if (rename < renamed.count) {
        *out_name = options->renames[rename].to;
        return HW_OK;
    }
    const char *made = hw_name_styled(options->names_style, name, arena);
    if (made && made[0] == '\0') {
        char text[32];
        snprintf(text, sizeof(text), "column_%zu", number + 1);
        made = hw_arena_strdup(arena, text);
    }
    *out_name = made ? made : *out_name;
    return made ? HW_OK : hw_fail_nomem(err, strlen(name));
}

static enum hw_status names_equal(const struct hw_columns_options *options, const char *first, const char *second,
                                  const char *name, struct hw_error *err) {
    char texts[3][HW_QUOTE_BYTES];
    hw_quote(first, strlen(first), texts[0], sizeof(texts[0]));
    hw_quote(name, strlen(name), texts[1], sizeof(texts[1]));
    if (!second) {
        return hw_fail(err, HW_EDATA,
                       "the column %s would be called %s, as the one for the names of sources is: "
                       "--add-source takes another name",
                       texts[0], texts[1]);
    }
    return hw_fail(err, HW_EDATA, "the columns %s and %s would both be called %s%s", texts[0],
                   hw_quote(second, strlen(second), texts[2], sizeof(texts[2])), texts[1],
                   options->names_style != HW_NAMES_KEEP ? ": --rename gives one of them another name" : "");
}

/* Fails where two columns that are taken have one name, or one has that of the added column. */
static enum hw_status names_differ(const struct hw_columns_options *options, const char *const *names,
                                   const struct hw_projected *columns, size_t count, struct hw_error *err) {
    const bool as_they_are = options->names_style == HW_NAMES_KEEP && options->renames_count == 0;
    size_t taken = 0;
    for (size_t i = 0; options->add_source && i < count; i++) {
        if (!columns[i].left_out && strcmp(columns[i].name, options->add_source) == 0) {
            return names_equal(options, names[i], NULL, options->add_source, err);
        }
    }
    if (as_they_are) { /* sources have no name twice */
        return HW_OK;
    }
    struct hw_numbered_name *sorted = hw_realloc_array(NULL, count, sizeof(*sorted));
    if (!sorted) {
        return hw_fail_nomem(err, count * sizeof(*sorted));
    }
    for (size_t i = 0; i < count; i++) {
        if (!columns[i].left_out) {
            sorted[taken++] = (struct hw_numbered_name){columns[i].name, i};
        }
    }
    hw_names_sort(sorted, taken);
    const size_t twin = hw_names_twin(sorted, taken);
    enum hw_status status = twin == 0 ? HW_OK
                                      : names_equal(options, names[sorted[twin - 1].number], names[sorted[twin].number],
                                                    sorted[twin].name, err);
    hw_free(sorted);
    return status;
}

/* ------ all sources of a table */

/* Fails for the first of `wanted` that is not among the names `there`. */
static enum hw_status names_prove(const struct names *wanted, const struct names *there, const char *what,
                                  struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    size_t at = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        const char *name = name_at(wanted, i);
        struct hw_nearest_search search = {.word = hw_view_of(name)};
        if (name_find(there, name, &at) != SIZE_MAX) {
            continue;
        }
        for (size_t k = 0; k < there->count; k++) {
            hw_nearest_offer(&search, hw_view_of(name_at(there, k)));
        }
        hw_error_set(err, HW_EDATA, "there is no column %s %s%s%s%s",
                     hw_quote(name, strlen(name), quoted, sizeof(quoted)), what,
                     search.best.data ? "; did you mean \"" : "", search.best.data ? search.best.data : "",
                     search.best.data ? "\"?" : "");
        return HW_EDATA;
    }
    return HW_OK;
}

enum hw_status hw_projection_prove(const struct hw_projection *projection, const char *const *names, size_t count,
                                   struct hw_error *err) {
    const struct hw_columns_options *options = options_of(projection);
    const struct names there = NAMES_PLAIN(names, count);
    const struct names select = NAMES_PLAIN(options->select, options->select_count);
    const struct names drop = NAMES_PLAIN(options->drop, options->drop_count);
    const struct names renamed = NAMES_OF(options->renames, from, options->renames_count);
    HW_TRY(names_prove(&select, &there, "to select (--select)", err));
    HW_TRY(names_prove(&drop, &there, "to leave out (--drop)", err));
    HW_TRY(names_prove(&renamed, &there, "to be renamed (--rename)", err));
    if (!projection->given || projection->given->count == 0) {
        return HW_OK;
    }
    HW_AUTO(hw_arena) arena = {0};
    struct hints hints = {0};
    const char **made = hw_arena_alloc(&arena, count * sizeof(*made));
    if (!made) {
        return hw_fail_nomem(err, count * sizeof(*made));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(name_make(options, names[i], i, &hints, &arena, &made[i], err));
    }
    const struct names given = NAMES_OF(projection->given->fields, name, projection->given->count);
    const struct names tables = NAMES_PLAIN(made, count);
    return names_prove(&given, &tables, "for which a type is given (--type or --schema)", err);
}

static enum hw_status spelling_fail(const char *given, const char *name, struct hw_error *err) {
    char texts[2][HW_QUOTE_BYTES];
    return hw_fail(err, HW_EDATA,
                   "there is no column %s, for which a type is given (--type or --schema), but there is %s: --rename "
                   "gives it that name if it is the same, a type that is given for it too says that it is not",
                   hw_quote(given, strlen(given), texts[0], sizeof(texts[0])),
                   hw_quote(name, strlen(name), texts[1], sizeof(texts[1])));
}

/* Returns whether two names differ in more than digits: price_1 is no slip for price_2. */
static bool letters_differ(const char *a, const char *b) {
    while (*a != '\0' || *b != '\0') {
        a += strspn(a, "0123456789");
        b += strspn(b, "0123456789");
        if (*a != *b) {
            return true;
        }
        a += *a != '\0';
        b += *b != '\0';
    }
    return false;
}

enum hw_status hw_projection_prove_spelling(const struct hw_projection *projection, const char *const *names,
                                            size_t count, struct hw_error *err) {
    const struct hw_schema none = {0};
    const struct hw_schema *types = projection->given ? projection->given : &none;
    const struct names given = NAMES_OF(types->fields, name, types->count);
    const struct names there = NAMES_PLAIN(names, count);
    HW_AUTO(hw_arena) arena = {0};
    const char **others = hw_arena_alloc(&arena, count * sizeof(*others));
    size_t others_count = 0;
    size_t at = 0;
    if (!others) {
        return hw_fail_nomem(err, count * sizeof(*others));
    }
    for (size_t i = 0; given.count > 0 && i < count; i++) {
        others[others_count] = names[i];
        others_count += name_find(&given, names[i], &at) == SIZE_MAX;
    }
    for (size_t i = 0; others_count > 0 && i < given.count; i++) {
        const char *name = name_at(&given, i);
        struct hw_nearest_search search = {.word = hw_view_of(name)};
        if (name_find(&there, name, &at) != SIZE_MAX) {
            continue;
        }
        for (size_t k = 0; k < others_count; k++) {
            if (letters_differ(name, others[k])) {
                hw_nearest_offer(&search, hw_view_of(others[k]));
            }
        }
        if (search.best.data) {
            return spelling_fail(name, search.best.data, err);
        }
    }
    return HW_OK;
}
