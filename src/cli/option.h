/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as tables. A row says how an option is called, what it takes and which field of the
 * command's arguments it fills; parsing, help, man pages and completions all come from the same
 * rows.
 */
#ifndef HW_CLI_OPTION_H
#define HW_CLI_OPTION_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum hw_option_type {
    HW_OPTION_FLAG,    /* bool */
    HW_OPTION_TEXT,    /* const char * */
    HW_OPTION_LIST,    /* struct hw_option_list; items between commas, unless `whole` */
    HW_OPTION_SIZE,    /* unsigned integer, bytes: 8MiB, 1GB */
    HW_OPTION_COUNT,   /* unsigned integer */
    HW_OPTION_TIME,    /* int64_t, milliseconds: 30s, 500ms, 2m */
    HW_OPTION_CHOICE,  /* bool, unsigned or an enum: the value of one choice */
    HW_OPTION_CHOICES, /* unsigned: the values of choices between commas, combined with | */
    HW_OPTION_BYTE,    /* char: itself, a name (tab) or \xHH */
    HW_OPTION_MARK,    /* const char *: 1 to 8 such bytes, UTF-8 too, or the name of a choice */
    HW_OPTION_LIMIT,   /* struct hw_option_limit: 100 or 1% */
    HW_OPTION_CONFIG,  /* no field: the config file; not allowed inside it */
    HW_OPTION_HELP,    /* no field: on the command line only, and told by the call */
    HW_OPTION_TYPES
};

struct hw_option_list {
    const char *const *items;
    size_t count;
    /* The same items, to be written to. There is room up to the next power of two. */
    const char **room;
};

struct hw_option_limit {
    uint64_t count; /* 0: not given as a count */
    double ratio;   /* 0..1; 0: not given as a share */
};

/* One value that a choice can have. Tables of them end with a NULL name. */
struct hw_choice {
    const char *name;
    unsigned value;
};

struct hw_option {
    const char *name; /* without the dashes */
    char letter;      /* short form; 0: none */
    enum hw_option_type type;
    size_t offset;   /* of the field, in the struct that the group stands for */
    size_t width;    /* of the field, bytes */
    const char *arg; /* placeholder of the value in help; NULL for flags and choices */
    const struct hw_choice *choices;
    uint64_t min;
    uint64_t max;         /* 0: as much as the field holds */
    unsigned plus;        /* added to a number before it is stored: --retries 2 makes 3 attempts */
    bool whole;           /* of a list: a value is one item, with the commas that it has */
    const char *fallback; /* the default, for help; NULL: nothing to say */
    const char *help;
};

/* Sets offset and width of a row: HW_OPTION_FIELD(struct convert_args, quiet). */
#define HW_OPTION_FIELD(type, field) .offset = offsetof(type, field), .width = sizeof(((type *)0)->field)

/* Rows that belong together, all for one struct. */
struct hw_option_group {
    const char *title;
    const struct hw_option *options;
    size_t count;
};

/* A group in a command. */
struct hw_option_part {
    const struct hw_option_group *group;
    size_t base;   /* offset of the group's struct in the command's arguments */
    uint32_t rows; /* bit i: the command has row i of the group; 0: it has all */
};

/* Returns how many rows of the group the command has. */
size_t hw_option_part_count(const struct hw_option_part *part);
/* Returns one of them; `index` is below the count. */
const struct hw_option *hw_option_part_at(const struct hw_option_part *part, size_t index);

/* All options of a command. */
struct hw_option_set {
    const struct hw_option_part *parts;
    size_t count;
};

/* One option of a set, counted over all groups. */
struct hw_option_ref {
    const struct hw_option *option; /* NULL: no such option */
    size_t base;                    /* of its part */
    size_t index;                   /* in the set */
};

/* Returns how many options the set has. */
size_t hw_option_count(const struct hw_option_set *set);
/* Returns one of them; `index` is below the count. */
struct hw_option_ref hw_option_at(const struct hw_option_set *set, size_t index);
/* Returns the option of this name, which has no dashes. */
struct hw_option_ref hw_option_find(const struct hw_option_set *set, hw_view name);
/* Returns whether an option needs a value; switches do not. */
bool hw_option_takes_value(const struct hw_option *option);
/*
 * Returns whether an option fills a field. --help and --config do not: they stand on the command
 * line, or --config in a variable, and never in a config file.
 */
bool hw_option_has_field(const struct hw_option *option);

/*
 * Fails with HW_EUSAGE: `unknown <what> "<dashes>word"`, and the nearest option's name with the
 * same dashes.
 */
HW_NODISCARD enum hw_status hw_option_unknown(const struct hw_option_set *set, const char *what, const char *dashes,
                                              hw_view word, struct hw_arena *arena, struct hw_error *err);

#endif
