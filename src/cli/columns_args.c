/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/columns_args.h"

static_assert(sizeof(enum hw_names_style) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(struct hw_column_rename) == 2 * sizeof(char *) &&
                  sizeof(struct hw_column_type) == 2 * sizeof(char *),
              "a pair is two texts, one after the other");

static const struct hw_choice names_style_choices[] = {
    {"keep", HW_NAMES_KEEP}, {"lower", HW_NAMES_LOWER}, {"snake", HW_NAMES_SNAKE}, {NULL, 0}};

#define COLUMNS_FIELD(field) HW_OPTION_FIELD(struct hw_columns_args, field)

static const struct hw_option columns_rows[] = {
    {.name = "select",
     .type = HW_OPTION_LIST,
     .whole = true,
     COLUMNS_FIELD(select),
     .arg = "COL,...",
     .fallback = "all",
     .help = "Takes only these columns, in this order. A name with a comma stands in double quotes. The option may be "
             "repeated."},
    {.name = "drop",
     .type = HW_OPTION_LIST,
     .whole = true,
     COLUMNS_FIELD(drop),
     .arg = "COL,...",
     .help = "Leaves out these columns. The option may be repeated."},
    {.name = "rename",
     .type = HW_OPTION_LIST,
     .whole = true,
     COLUMNS_FIELD(rename),
     .arg = "COL=NAME,...",
     .help = "Gives columns other names. The option may be repeated."},
    {.name = "names-style",
     .type = HW_OPTION_CHOICE,
     COLUMNS_FIELD(names_style),
     .choices = names_style_choices,
     .fallback = "keep",
     .help = "Writes the names of columns that --rename does not name in small letters, or as order_id: small letters "
             "and digits, with _ between words."},
    {.name = "type",
     .type = HW_OPTION_LIST,
     .whole = true,
     COLUMNS_FIELD(type),
     .arg = "COL=TYPE,...",
     .fallback = "found by the values",
     .help = "Gives columns, by the names that they are written under, these types, as int64, double, decimal(18,2), "
             "date, timestamp, text or in the words of SQL and Arrow. A value that does not fit makes its record bad. "
             "The option may be repeated."},
};

const struct hw_option_group hw_columns_option_group = {"Columns", columns_rows, COUNT_OF(columns_rows)};

/* The values of one option on their way to the library's list. */
struct reading {
    const char *option;
    const char *form; /* of one item, for messages; NULL: it is a name alone */
    struct hw_arena *arena;
    const char **items; /* of pairs, one text after the other */
    size_t count;
    size_t room;
};

static enum hw_status list_read(const struct hw_option_list *list, struct reading *reading, struct hw_error *err);

enum hw_status hw_columns_args_options(const struct hw_columns_args *args, struct hw_arena *arena,
                                       struct hw_columns_options *out_options, struct hw_error *err) {
    struct reading select = {"--select", NULL, arena, NULL, 0, 0};
    struct reading drop = {"--drop", NULL, arena, NULL, 0, 0};
    struct reading rename = {"--rename", "COL=NAME", arena, NULL, 0, 0};
    struct reading type = {"--type", "COL=TYPE", arena, NULL, 0, 0};
    HW_TRY(list_read(&args->select, &select, err));
    HW_TRY(list_read(&args->drop, &drop, err));
    HW_TRY(list_read(&args->rename, &rename, err));
    HW_TRY(list_read(&args->type, &type, err));
    *out_options = (struct hw_columns_options){
        .select = select.items,
        .select_count = select.count,
        .drop = drop.items,
        .drop_count = drop.count,
        .renames = (const struct hw_column_rename *)(const void *)rename.items,
        .renames_count = rename.count / 2,
        .types = (const struct hw_column_type *)(const void *)type.items,
        .types_count = type.count / 2,
        .names_style = args->names_style,
    };
    return HW_OK;
}

enum hw_status hw_columns_args_names(const struct hw_option_list *list, const char *option, struct hw_arena *arena,
                                     const char *const **out_names, size_t *out_count, struct hw_error *err) {
    struct reading names = {option, NULL, arena, NULL, 0, 0};
    HW_TRY(list_read(list, &names, err));
    *out_names = names.items;
    *out_count = names.count;
    return HW_OK;
}

static enum hw_status value_read(struct reading *reading, const char *value, struct hw_error *err);

static enum hw_status list_read(const struct hw_option_list *list, struct reading *reading, struct hw_error *err) {
    /* A value has at most as many texts as characters and one more, or two where it is of pairs. */
    for (size_t i = 0; i < list->count; i++) {
        reading->room += 2 * strlen(list->items[i]) + 2;
    }
    if (list->count > 0) {
        reading->items = hw_arena_alloc(reading->arena, reading->room * sizeof(*reading->items));
        if (!reading->items) {
            return hw_fail_nomem(err, reading->room * sizeof(*reading->items));
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        HW_TRY(value_read(reading, list->items[i], err));
    }
    return HW_OK;
}

static enum hw_status text_take(struct reading *reading, const char *value, const char **at, char until,
                                struct hw_error *err);

static enum hw_status value_wrong(const struct reading *reading, const char *value, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUSAGE, "%s: %s is not %s,...; a name with a comma or = stands in double quotes",
                   reading->option, hw_quote(value, strlen(value), quoted, sizeof(quoted)),
                   reading->form ? reading->form : "COL");
}

static enum hw_status value_read(struct reading *reading, const char *value, struct hw_error *err) {
    const char *at = value;
    for (bool more = true; more; at++) {
        if (reading->form) {
            HW_TRY(text_take(reading, value, &at, '=', err));
            if (*at != '=') {
                return value_wrong(reading, value, err);
            }
            at++;
        }
        HW_TRY(text_take(reading, value, &at, ',', err));
        more = *at == ',';
        if (!more && *at != '\0') {
            return value_wrong(reading, value, err);
        }
    }
    return HW_OK;
}

/* Returns the end of a text in quotes, at its last quote; NULL where there is none. */
static const char *quoted_end(const char *at) {
    for (at++; *at; at++) {
        if (*at == '"' && at[1] == '"') {
            at++;
        } else if (*at == '"') {
            return at;
        }
    }
    return NULL;
}

/* Returns the end of a text without quotes, where `until` or a comma stands outside brackets. */
static const char *plain_end(const char *at, char until) {
    size_t depth = 0;
    for (; *at && (depth > 0 || (*at != until && *at != ',')); at++) {
        depth += *at == '(' || *at == '[';
        depth -= depth > 0 && (*at == ')' || *at == ']');
    }
    return at;
}

/* Takes a text that is not empty, and goes on to what stands behind it. */
static enum hw_status text_take(struct reading *reading, const char *value, const char **at, char until,
                                struct hw_error *err) {
    const bool quoted = **at == '"';
    const char *begin = quoted ? *at + 1 : *at;
    const char *end = quoted ? quoted_end(*at) : plain_end(*at, until);
    if (!end || end == begin) {
        return value_wrong(reading, value, err);
    }
    char *text = hw_arena_strndup(reading->arena, begin, (size_t)(end - begin));
    if (!text) {
        return hw_fail_nomem(err, (size_t)(end - begin));
    }
    size_t used = 0;
    for (const char *from = text; *from; from++) {
        from += quoted && *from == '"'; /* of two quotes one is kept */
        text[used++] = *from;
    }
    text[used] = '\0';
    assert(reading->count < reading->room);
    reading->items[reading->count++] = text;
    *at = quoted ? end + 1 : end;
    return HW_OK;
}
