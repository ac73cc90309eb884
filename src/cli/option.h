/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as tables. A row says how an option is called, what it takes and which field of the
 * command's arguments it fills; parsing, help, man pages and completions all come from the same
 * rows.
 *
 * Values come in four layers: config file, the command's section of it, environment, command line.
 * A later layer replaces what an earlier one said, lists too; within one layer a repeated list
 * option adds to it.
 */
#ifndef HW_CLI_OPTION_H
#define HW_CLI_OPTION_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum hw_option_type {
    HW_OPTION_FLAG,    /* bool */
    HW_OPTION_TEXT,    /* const char * */
    HW_OPTION_LIST,    /* struct hw_option_list; items between commas */
    HW_OPTION_SIZE,    /* unsigned integer, bytes: 8MiB, 1GB */
    HW_OPTION_COUNT,   /* unsigned integer */
    HW_OPTION_TIME,    /* int64_t, milliseconds: 30s, 500ms, 2m */
    HW_OPTION_CHOICE,  /* bool, unsigned or an enum: the value of one choice */
    HW_OPTION_CHOICES, /* unsigned: the values of choices between commas, combined with | */
    HW_OPTION_BYTE,    /* char: itself, a name (tab) or \xHH */
    HW_OPTION_LIMIT,   /* struct hw_option_limit: 100 or 1% */
    HW_OPTION_CONFIG,  /* no field: the config file; not allowed inside it */
    HW_OPTION_HELP,    /* no field: on the command line only, and told by the call */
    HW_OPTION_TYPES
};

struct hw_option_list {
    const char *const *items;
    size_t count;
    /* The items, to be written to; there is room up to the next power of two. */
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
    const char *arg; /* what stands for the value in help; NULL for flags and choices */
    const struct hw_choice *choices;
    uint64_t min;
    uint64_t max;         /* 0: as much as the field holds */
    unsigned plus;        /* added to a number before it is stored: --retries 2 makes 3 attempts */
    const char *fallback; /* what holds without the option, for help; NULL: nothing to say */
    const char *help;
};

/* Fills offset and width of a row: HW_OPTION_FIELD(struct convert_args, quiet). */
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
    /* The group's struct is here in the command's arguments. */
    size_t base;
    /* The command has these rows of the group: bit i stands for row i. 0: all. */
    uint32_t rows;
};

/* Returns how many rows of the group the command has. */
size_t hw_option_part_count(const struct hw_option_part *part);
/* Returns one of them; `index` is below the count. */
const struct hw_option *hw_option_part_at(const struct hw_option_part *part, size_t index);

struct hw_option_set {
    const struct hw_option_part *parts;
    size_t count;
};

/* One option of a set, counted over all groups. */
struct hw_option_ref {
    const struct hw_option *option; /* NULL: no such option */
    size_t base;
    size_t index;
};

size_t hw_option_count(const struct hw_option_set *set);
/* `index` is below the count. */
struct hw_option_ref hw_option_at(const struct hw_option_set *set, size_t index);
struct hw_option_ref hw_option_find(const struct hw_option_set *set, hw_view name);
/* False for switches, which need no value. */
bool hw_option_takes_value(const struct hw_option *option);
/*
 * False for --help and --config, which fill no field and are for the command line, the latter for a
 * variable too.
 */
bool hw_option_has_field(const struct hw_option *option);

/*
 * Fails with HW_EUSAGE: `unknown <what> "<dashes>word"`, and the nearest option's name with the
 * same dashes.
 */
HW_NODISCARD enum hw_status hw_option_unknown(const struct hw_option_set *set, const char *what, const char *dashes,
                                              hw_view word, struct hw_arena *arena, struct hw_error *err);

enum hw_option_layer { HW_LAYER_NONE, HW_LAYER_CONFIG, HW_LAYER_SECTION, HW_LAYER_ENVIRONMENT, HW_LAYER_COMMAND_LINE };

/* Fills the arguments of one call. */
struct hw_option_filler {
    const struct hw_option_set *set;
    struct hw_arena *arena; /* lists and copies live here */
    void *args;
    uint8_t *layers; /* one per option: enum hw_option_layer of who set it last */
};

/*
 * Gives an option that has a field a value; NULL stands for a switch without one. HW_EUSAGE says
 * what is wrong with the value.
 */
HW_NODISCARD enum hw_status hw_option_fill(struct hw_option_filler *filler, struct hw_option_ref ref,
                                           enum hw_option_layer layer, const char *value, struct hw_error *err);
/* Adds one item to a list as it is, commas and all. */
HW_NODISCARD enum hw_status hw_option_add(struct hw_option_filler *filler, struct hw_option_ref ref,
                                          enum hw_option_layer layer, const char *item, struct hw_error *err);

#endif
