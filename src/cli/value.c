/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cli/unknown.h"
#include "core/utf8.h"
#include "core/whole_number.h"

enum { MARK_BYTES_MAX = 8 };

/* One value on its way into its field. */
struct value {
    const struct hw_option *option;
    const char *text; /* NULL: a switch without a value */
    void *field;
    struct hw_arena *arena;
};

typedef enum hw_status value_parse_fn(const struct value *value, struct hw_error *err);

static value_parse_fn parse_flag, parse_text, parse_list, parse_size, parse_count, parse_time, parse_choice,
    parse_choices, parse_byte, parse_mark, parse_limit;

static value_parse_fn *const parsers[] = {
    [HW_OPTION_FLAG] = parse_flag,     [HW_OPTION_TEXT] = parse_text,       [HW_OPTION_LIST] = parse_list,
    [HW_OPTION_SIZE] = parse_size,     [HW_OPTION_COUNT] = parse_count,     [HW_OPTION_TIME] = parse_time,
    [HW_OPTION_CHOICE] = parse_choice, [HW_OPTION_CHOICES] = parse_choices, [HW_OPTION_BYTE] = parse_byte,
    [HW_OPTION_MARK] = parse_mark,     [HW_OPTION_LIMIT] = parse_limit,
};
static_assert(COUNT_OF(parsers) == HW_OPTION_CONFIG && HW_OPTION_HELP + 1 == HW_OPTION_TYPES,
              "there is one parser for each type that has a field");

static const struct hw_choice switch_choices[] = {
    {"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0}, {"1", 1}, {"0", 0}, {NULL, 0},
};

/* Bytes that a shell makes awkward to write. */
static const struct hw_choice byte_choices[] = {
    {"tab", '\t'},  {"\\t", '\t'}, {"comma", ','},      {"semicolon", ';'},    {"pipe", '|'},          {"colon", ':'},
    {"space", ' '}, {"hash", '#'}, {"backslash", '\\'}, {"double-quote", '"'}, {"single-quote", '\''}, {NULL, 0},
};

struct unit {
    const char *name;
    uint64_t factor;
};

/* An i in the unit counts by 1024, none by 1000. Upper or lower case is the same. */
static const struct unit size_units[] = {
    {"", 1},
    {"B", 1},
    {"k", 1000},
    {"kB", 1000},
    {"KiB", UINT64_C(1) << 10},
    {"Ki", UINT64_C(1) << 10},
    {"M", 1000000},
    {"MB", 1000000},
    {"MiB", UINT64_C(1) << 20},
    {"Mi", UINT64_C(1) << 20},
    {"G", 1000000000},
    {"GB", 1000000000},
    {"GiB", UINT64_C(1) << 30},
    {"Gi", UINT64_C(1) << 30},
    {"T", UINT64_C(1000000000000)},
    {"TB", UINT64_C(1000000000000)},
    {"TiB", UINT64_C(1) << 40},
    {"Ti", UINT64_C(1) << 40},
};

static const struct unit time_units[] = {{"", 1000},     {"ms", 1},      {"s", 1000},    {"m", 60000},
                                         {"min", 60000}, {"h", 3600000}, {"d", 86400000}};

static const char *quoted(const char *text, char *out);
static bool number_read(const char *text, const struct unit *units, size_t units_count, uint64_t *out_number);
static enum hw_status number_store(const struct value *value, uint64_t number, struct hw_error *err);
static const struct hw_choice *choice_find(const struct hw_choice *choices, hw_view name);
static enum hw_status choice_fail(const struct value *value, const struct hw_choice *choices, hw_view name,
                                  struct hw_error *err);
static hw_view item_next(const char **at);
static bool byte_read(const char *text, char *out_byte);
static bool percent_read(const char *text, double *out_ratio);

enum hw_status hw_value_parse(const struct hw_option *option, const char *value, void *field, struct hw_arena *arena,
                              struct hw_error *err) {
    assert(hw_option_has_field(option));
    if (!value && hw_option_takes_value(option)) {
        return hw_fail(err, HW_EUSAGE, "needs a value");
    }
    return parsers[option->type](&(struct value){option, value, field, arena}, err);
}

static enum hw_status parse_flag(const struct value *value, struct hw_error *err) {
    bool on = true;
    if (value->text) {
        const struct hw_choice *choice = choice_find(switch_choices, hw_view_of(value->text));
        if (!choice) {
            return choice_fail(value, switch_choices, hw_view_of(value->text), err);
        }
        on = choice->value != 0;
    }
    memcpy(value->field, &on, sizeof(on));
    return HW_OK;
}

static enum hw_status parse_text(const struct value *value, struct hw_error *err) {
    if (value->text[0] == '\0') {
        return hw_fail(err, HW_EUSAGE, "the value \"\" is empty");
    }
    memcpy(value->field, &value->text, sizeof(value->text));
    return HW_OK;
}

static enum hw_status parse_list(const struct value *value, struct hw_error *err) {
    const char *at = value->text;
    if (value->option->whole) {
        return hw_value_list_add(value->field, hw_view_of(at), value->arena, err);
    }
    while (at) {
        HW_TRY(hw_value_list_add(value->field, item_next(&at), value->arena, err));
    }
    return HW_OK;
}

/*
 * The room doubles whenever it is full, which it is at each power of two: a list may have as many
 * items as a file.
 */
enum hw_status hw_value_list_add(struct hw_option_list *list, hw_view item, struct hw_arena *arena,
                                 struct hw_error *err) {
    bool full = (list->count & (list->count - 1)) == 0;
    size_t bytes = full ? hw_max_size(1, 2 * list->count) * sizeof(*list->items) : 0;
    const char **items = full ? hw_arena_alloc(arena, bytes) : list->room;
    char *copy = hw_arena_strndup(arena, item.data, item.size);
    if (!items || !copy) {
        return hw_fail_nomem(err, bytes + item.size);
    }
    if (full && list->count > 0) {
        memcpy(items, list->items, list->count * sizeof(*items));
    }
    items[list->count] = copy;
    *list = (struct hw_option_list){items, list->count + 1, items};
    return HW_OK;
}

static enum hw_status parse_size(const struct value *value, struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    uint64_t bytes;
    if (!number_read(value->text, size_units, COUNT_OF(size_units), &bytes)) {
        return hw_fail(err, HW_EUSAGE, "%s is not a size; write it like 8MiB, 1GB or 512k", quoted(value->text, quote));
    }
    return number_store(value, bytes, err);
}

static enum hw_status parse_count(const struct value *value, struct hw_error *err) {
    static const struct unit plain[] = {{"", 1}};
    char quote[HW_QUOTE_BYTES];
    uint64_t count;
    if (!number_read(value->text, plain, COUNT_OF(plain), &count)) {
        return hw_fail(err, HW_EUSAGE, "%s is not a whole number", quoted(value->text, quote));
    }
    return number_store(value, count, err);
}

static enum hw_status parse_time(const struct value *value, struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    uint64_t ms;
    if (!number_read(value->text, time_units, COUNT_OF(time_units), &ms)) {
        return hw_fail(err, HW_EUSAGE, "%s is not a time; write it like 30s, 500ms or 2m", quoted(value->text, quote));
    }
    return number_store(value, ms, err);
}

static enum hw_status parse_choice(const struct value *value, struct hw_error *err) {
    const struct hw_choice *choice = choice_find(value->option->choices, hw_view_of(value->text));
    if (!choice) {
        return choice_fail(value, value->option->choices, hw_view_of(value->text), err);
    }
    if (value->option->width == sizeof(bool)) {
        bool on = choice->value != 0;
        memcpy(value->field, &on, sizeof(on));
    } else {
        memcpy(value->field, &choice->value, sizeof(choice->value));
    }
    return HW_OK;
}

static enum hw_status parse_choices(const struct value *value, struct hw_error *err) {
    unsigned mask;
    const char *at = value->text;
    memcpy(&mask, value->field, sizeof(mask));
    while (at) {
        hw_view name = item_next(&at);
        const struct hw_choice *choice = choice_find(value->option->choices, name);
        if (!choice) {
            return choice_fail(value, value->option->choices, name, err);
        }
        mask |= choice->value;
    }
    memcpy(value->field, &mask, sizeof(mask));
    return HW_OK;
}

static enum hw_status parse_byte(const struct value *value, struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    char byte;
    if (!byte_read(value->text, &byte)) {
        return choice_fail(value, byte_choices, hw_view_of(value->text), err);
    }
    if (byte == '\0' || byte == '\r' || byte == '\n' || (unsigned char)byte >= 0x80) {
        return hw_fail(err, HW_EUSAGE, "%s cannot be used: an ASCII character other than NUL, CR and LF is needed",
                       quoted(value->text, quote));
    }
    memcpy(value->field, &byte, sizeof(byte));
    return HW_OK;
}

static size_t mark_read(const char *text, char out[MARK_BYTES_MAX + 1]);

static enum hw_status parse_mark(const struct value *value, struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    char mark[MARK_BYTES_MAX + 1] = "";
    const struct hw_choice *words = value->option->choices;
    const struct hw_choice *word = words ? choice_find(words, hw_view_of(value->text)) : NULL;
    if (word) {
        memcpy(value->field, &word->name, sizeof(word->name));
        return HW_OK;
    }
    const size_t bytes = mark_read(value->text, mark);
    const size_t letters = strspn(mark, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (bytes == 0 || (bytes > 1 && letters == bytes)) {
        return choice_fail(value, byte_choices, hw_view_of(value->text), err);
    }
    if (bytes > MARK_BYTES_MAX || strlen(mark) != bytes || strpbrk(mark, "\r\n") || !hw_utf8_all(mark, bytes)) {
        return hw_fail(err, HW_EUSAGE, "%s cannot be used: 1 to %d bytes of UTF-8 other than NUL, CR and LF are needed",
                       quoted(value->text, quote), MARK_BYTES_MAX);
    }
    const char *copy = hw_arena_strndup(value->arena, mark, bytes);
    if (!copy) {
        return hw_fail_nomem(err, bytes);
    }
    memcpy(value->field, &copy, sizeof(copy));
    return HW_OK;
}

static enum hw_status parse_limit(const struct value *value, struct hw_error *err) {
    static const struct unit plain[] = {{"", 1}};
    char quote[HW_QUOTE_BYTES];
    struct hw_option_limit limit = {0};
    if (!percent_read(value->text, &limit.ratio) && !number_read(value->text, plain, COUNT_OF(plain), &limit.count)) {
        return hw_fail(err, HW_EUSAGE, "%s is neither a whole number nor a share like 1%%", quoted(value->text, quote));
    }
    if (limit.count == 0 && !(limit.ratio > 0 && limit.ratio <= 1)) {
        return hw_fail(err, HW_EUSAGE, "%s is out of range; 1 or more, or more than 0%% up to 100%%, is allowed",
                       quoted(value->text, quote));
    }
    memcpy(value->field, &limit, sizeof(limit));
    return HW_OK;
}

static const char *quoted(const char *text, char *out) {
    return hw_quote(text, strlen(text), out, HW_QUOTE_BYTES);
}

/* Digits and one of the units; false also where the product does not fit. */
static bool number_read(const char *text, const struct unit *units, size_t units_count, uint64_t *out_number) {
    uint64_t number;
    hw_view unit = hw_view_of(text);
    if (!hw_whole_number_take(&unit, &number)) {
        return false;
    }
    for (size_t i = 0; i < units_count; i++) {
        if (strcasecmp(unit.data, units[i].name) == 0) {
            return hw_mul(number, units[i].factor, out_number);
        }
    }
    return false;
}

enum { HW_SIZE_TEXT_BYTES = 32 };

/* Writes the least that an option takes, as people would give it: "16MiB", "1". */
static const char *least_text(const struct hw_option *option, char *out) {
    const bool mebibytes = option->type == HW_OPTION_SIZE && option->min > 0 && option->min % HW_MIB(1) == 0;
    snprintf(out, HW_SIZE_TEXT_BYTES, "%" PRIu64 "%s", mebibytes ? option->min / HW_MIB(1) : option->min,
             mebibytes ? "MiB" : "");
    return out;
}

static enum hw_status number_store(const struct value *value, uint64_t number, struct hw_error *err) {
    const struct hw_option *option = value->option;
    char quote[HW_QUOTE_BYTES];
    uint64_t widest = option->width == sizeof(uint32_t) ? UINT32_MAX : INT64_MAX;
    uint64_t max = option->max ? option->max : widest - option->plus;
    if (number < option->min && option->max == 0) {
        char least[HW_SIZE_TEXT_BYTES];
        return hw_fail(err, HW_EUSAGE, "%s is out of range; the least is %s", quoted(value->text, quote),
                       least_text(option, least));
    }
    if (number < option->min || number > max) {
        const char *unit = option->type == HW_OPTION_SIZE ? " bytes" : option->type == HW_OPTION_TIME ? " ms" : "";
        return hw_fail(err, HW_EUSAGE, "%s is out of range; %" PRIu64 " to %" PRIu64 "%s is allowed",
                       quoted(value->text, quote), option->min, max, unit);
    }
    uint64_t stored = number + option->plus;
    /* Little-endian: the low bytes come first. */
    memcpy(value->field, &stored, option->width);
    return HW_OK;
}

static const struct hw_choice *choice_find(const struct hw_choice *choices, hw_view name) {
    for (; choices->name; choices++) {
        if (hw_view_equal(hw_view_of(choices->name), name)) {
            return choices;
        }
    }
    return NULL;
}

static enum hw_status choice_fail(const struct value *value, const struct hw_choice *choices, hw_view name,
                                  struct hw_error *err) {
    static const struct hw_choice none[] = {{NULL, 0}};
    /* A mark may have words of its own besides the names of bytes. */
    const struct hw_choice *own = value->option->choices;
    const struct hw_choice *tables[] = {choices, own && own != choices ? own : none};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        for (const struct hw_choice *choice = tables[i]; choice->name; choice++) {
            count++;
        }
    }
    const char **names = hw_arena_alloc(value->arena, count * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, count * sizeof(*names));
    }
    count = 0;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        for (const struct hw_choice *choice = tables[i]; choice->name; choice++) {
            names[count++] = choice->name;
        }
    }
    return hw_fail_unknown(err, "value", name, names, count);
}

/* The text up to the next comma; `*at` is NULL after the last. */
static hw_view item_next(const char **at) {
    const char *start = *at;
    const char *comma = strchr(start, ',');
    *at = comma ? comma + 1 : NULL;
    return comma ? (hw_view){start, (size_t)(comma - start)} : hw_view_of(start);
}

static bool byte_read(const char *text, char *out_byte) {
    const struct hw_choice *named = choice_find(byte_choices, hw_view_of(text));
    if (named) {
        *out_byte = (char)named->value;
        return true;
    }
    if (text[0] != '\0' && text[1] == '\0') {
        *out_byte = text[0];
        return true;
    }
    if (strlen(text) == 4 && text[0] == '\\' && text[1] == 'x' && strspn(text + 2, "0123456789abcdefABCDEF") == 2) {
        *out_byte = (char)strtoul(text + 2, NULL, 16);
        return true;
    }
    return false;
}

/*
 * Reads characters and bytes that are written as \xHH, or the name of one. Returns their number, 0
 * where a name is none; beyond MARK_BYTES_MAX they are not read.
 */
static size_t mark_read(const char *text, char out[MARK_BYTES_MAX + 1]) {
    size_t bytes = 0;
    if (byte_read(text, &out[0])) {
        return 1;
    }
    for (const char *at = text; *at != '\0' && bytes < MARK_BYTES_MAX; bytes++) {
        const bool code = at[0] == '\\' && at[1] == 'x';
        const bool hex = code && strspn(at + 2, "0123456789abcdefABCDEF") >= 2;
        if (code && !hex) {
            return 0;
        }
        const char digits[] = {hex ? at[2] : '0', hex ? at[3] : '0', '\0'};
        out[bytes] = hex ? (char)strtoul(digits, NULL, 16) : at[0];
        at += hex ? 4 : 1;
        if (*at != '\0' && bytes + 1 == MARK_BYTES_MAX) {
            return MARK_BYTES_MAX + 1;
        }
    }
    return bytes;
}

/* "2.5%": digits, at most one point, a percent sign. */
static bool percent_read(const char *text, double *out_ratio) {
    size_t whole = strspn(text, "0123456789");
    const char *at = text + whole;
    if (whole > 0 && *at == '.') {
        size_t fraction = strspn(at + 1, "0123456789");
        at += fraction > 0 ? fraction + 1 : 0;
    }
    if (whole == 0 || strcmp(at, "%") != 0) {
        return false;
    }
    *out_ratio = strtod(text, NULL) / 100;
    return true;
}
