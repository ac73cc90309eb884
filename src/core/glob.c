/* SPDX-License-Identifier: Apache-2.0 */
#include "core/glob.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/limits.h"
#include "core/utf8.h"

/* A byte that is no character has a code of its own, behind those of all characters. */
#define CODE_BYTES 0x110000u

enum op_kind {
    OP_CHARACTER, /* the character `code` */
    OP_ANY,       /* one character but '/' */
    OP_SET,       /* one character but '/' of the `count` ranges that follow, or of none of them */
    OP_RANGE,     /* the characters from `code` to `last`; only behind a set */
    OP_STAR,      /* any characters but '/' */
    OP_STARS,     /* any characters */
    OP_FOLDERS,   /* any characters and a '/', or nothing where a name begins */
    OP_FORK,      /* what follows, or what stands at `target` */
    OP_JUMP,      /* what stands at `target` */
    OP_END,       /* the end of the name */
};

struct hw_glob_op {
    enum op_kind kind;
    uint32_t code;
    uint32_t last;
    uint16_t target;
    uint16_t count;
    bool negated;
};

/* One step for each byte, and two for each comma between braces: the numbers of steps fit. */
static_assert(2 * HW_GLOB_BYTES_MAX + 1 <= UINT16_MAX, "steps have numbers of 16 bits");

static uint32_t code_next(hw_view text, size_t *at) {
    const size_t bytes = hw_utf8_bytes(text.data + *at, text.size - *at);
    const uint32_t code = bytes > 0 ? hw_utf8_code(text.data + *at, bytes) : CODE_BYTES + (unsigned char)text.data[*at];
    *at += bytes > 0 ? bytes : 1;
    return code;
}

/* ------ making a pattern ready */

struct parser {
    hw_view pattern;
    size_t at;
    struct hw_glob *glob;
    struct hw_buf prefix;
    bool wild; /* A step came that is no plain character: the prefix has ended. */
};

static enum hw_status sequence_parse(struct parser *parser, size_t end, size_t depth, struct hw_error *err);

static enum hw_status room_make(struct hw_glob *glob, size_t pattern_bytes, struct hw_error *err) {
    const size_t steps = 2 * pattern_bytes + 1;
    glob->ops = hw_alloc_zero(steps, sizeof(*glob->ops));
    glob->now = hw_alloc_zero(steps, sizeof(*glob->now));
    glob->next = hw_alloc_zero(steps, sizeof(*glob->next));
    /* A step is opened by at most two others: it may lie there twice. */
    glob->open = hw_alloc_zero(2 * steps, sizeof(*glob->open));
    glob->seen = hw_alloc_zero(steps, sizeof(*glob->seen));
    return glob->ops && glob->now && glob->next && glob->open && glob->seen
               ? HW_OK
               : hw_fail_nomem(err, steps * sizeof(*glob->ops));
}

static struct hw_glob_op *op_add(struct parser *parser, enum op_kind kind) {
    struct hw_glob_op *op = &parser->glob->ops[parser->glob->count++];
    parser->wild |= kind != OP_CHARACTER && kind != OP_END;
    *op = (struct hw_glob_op){.kind = kind};
    return op;
}

enum hw_status hw_glob_init(struct hw_glob *glob, const char *pattern, bool hidden, struct hw_error *err) {
    HW_AUTO(hw_glob) made = {.hidden = hidden};
    struct parser parser = {.pattern = hw_view_of(pattern), .glob = &made};
    char quoted[HW_QUOTE_BYTES];
    if (parser.pattern.size > HW_GLOB_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "the glob %s has more than %u bytes",
                       hw_quote(pattern, parser.pattern.size, quoted, sizeof(quoted)), HW_GLOB_BYTES_MAX);
    }
    HW_TRY(room_make(&made, parser.pattern.size, err));
    enum hw_status status = sequence_parse(&parser, parser.pattern.size, 0, err);
    if (status == HW_OK) {
        op_add(&parser, OP_END);
        made.literal = !parser.wild;
        status = hw_buf_end_text(&parser.prefix, err);
    }
    if (status != HW_OK) {
        hw_buf_release(&parser.prefix);
        return status;
    }
    made.prefix = (char *)parser.prefix.data;
    *glob = made;
    made = (struct hw_glob){0};
    return HW_OK;
}

void hw_glob_release(struct hw_glob *glob) {
    hw_free(glob->ops);
    hw_free(glob->now);
    hw_free(glob->next);
    hw_free(glob->open);
    hw_free(glob->seen);
    hw_free(glob->prefix);
    *glob = (struct hw_glob){0};
}

static enum hw_status characters_parse(struct parser *parser, size_t end, struct hw_error *err);
static bool set_parse(struct parser *parser, size_t end);
static void stars_parse(struct parser *parser);
static size_t braces_end(hw_view pattern, size_t at);
static enum hw_status braces_parse(struct parser *parser, size_t end, size_t depth, struct hw_error *err);

/* Parses one pattern after the other, up to `end`. */
static enum hw_status sequence_parse(struct parser *parser, size_t end, size_t depth, struct hw_error *err) {
    while (parser->at < end) {
        const char byte = parser->pattern.data[parser->at];
        const size_t close = byte == '{' ? braces_end(parser->pattern, parser->at) : 0;
        if (close > 0) {
            HW_TRY(braces_parse(parser, close, depth + 1, err));
        } else if (byte == '*') {
            stars_parse(parser);
        } else if (byte == '?') {
            op_add(parser, OP_ANY);
            parser->at++;
        } else if (byte != '[' || !set_parse(parser, end)) {
            HW_TRY(characters_parse(parser, end, err));
        }
    }
    return HW_OK;
}

/*
 * Parses characters that stand for themselves, as many as there are. They are taken as those of a
 * name only when no backslash is between their bytes any more.
 */
static enum hw_status characters_parse(struct parser *parser, size_t end, struct hw_error *err) {
    HW_AUTO(hw_buf) run = {0};
    const hw_view pattern = parser->pattern;
    do {
        parser->at += pattern.data[parser->at] == '\\' && parser->at + 1 < pattern.size;
        HW_TRY(hw_buf_append_byte(&run, (uint8_t)pattern.data[parser->at++], err));
    } while (parser->at < end && !strchr("*?[{", pattern.data[parser->at]));
    if (!parser->wild) {
        HW_TRY(hw_buf_append(&parser->prefix, run.data, run.size, err));
    }
    for (size_t at = 0; at < run.size;) {
        const uint32_t code = code_next(hw_buf_view(&run), &at);
        op_add(parser, OP_CHARACTER)->code = code;
    }
    return HW_OK;
}

/* "*", "**" and "**" with the '/' behind it. */
static void stars_parse(struct parser *parser) {
    const hw_view pattern = parser->pattern;
    size_t stars = 0;
    while (parser->at < pattern.size && pattern.data[parser->at] == '*') {
        parser->at++;
        stars++;
    }
    const bool folders = stars > 1 && parser->at < pattern.size && pattern.data[parser->at] == '/';
    parser->at += folders;
    op_add(parser, folders ? OP_FOLDERS : stars > 1 ? OP_STARS : OP_STAR);
}

/* The names of POSIX, with the first and the last character of each of their ranges. */
static const struct {
    hw_view name;
    const char *ranges;
} classes[] = {
    {HW_VIEW_INIT("[:alnum:]"), "09AZaz"},   {HW_VIEW_INIT("[:alpha:]"), "AZaz"},
    {HW_VIEW_INIT("[:blank:]"), "  \t\t"},   {HW_VIEW_INIT("[:digit:]"), "09"},
    {HW_VIEW_INIT("[:lower:]"), "az"},       {HW_VIEW_INIT("[:space:]"), "  \t\r"},
    {HW_VIEW_INIT("[:punct:]"), "!/:@[`{~"}, {HW_VIEW_INIT("[:upper:]"), "AZ"},
    {HW_VIEW_INIT("[:xdigit:]"), "09AFaf"},  {HW_VIEW_INIT("[:graph:]"), "!~"},
    {HW_VIEW_INIT("[:print:]"), " ~"},       {HW_VIEW_INIT("[:cntrl:]"), "\1\37\177\177"},
};

static void range_add(struct parser *parser, struct hw_glob_op *set, uint32_t first, uint32_t last) {
    struct hw_glob_op *range = op_add(parser, OP_RANGE);
    range->code = first;
    range->last = last;
    set->count++;
}

/* Adds the ranges of the class that stands here. */
static bool class_parse(struct parser *parser, struct hw_glob_op *set) {
    const hw_view rest = {parser->pattern.data + parser->at, parser->pattern.size - parser->at};
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        if (!hw_view_starts(rest, classes[i].name)) {
            continue;
        }
        for (const char *range = classes[i].ranges; *range; range += 2) {
            range_add(parser, set, (unsigned char)range[0], (unsigned char)range[1]);
        }
        parser->at += classes[i].name.size;
        return true;
    }
    return false;
}

/* Reads one character of a set, which may have a backslash before it. */
static uint32_t member_next(struct parser *parser) {
    parser->at += parser->pattern.data[parser->at] == '\\' && parser->at + 1 < parser->pattern.size;
    return code_next(parser->pattern, &parser->at);
}

/* Adds a character, or a range of them. */
static void members_parse(struct parser *parser, struct hw_glob_op *set) {
    const hw_view pattern = parser->pattern;
    const uint32_t first = member_next(parser);
    const size_t at = parser->at;
    if (at + 1 < pattern.size && pattern.data[at] == '-' && pattern.data[at + 1] != ']') {
        parser->at++;
        range_add(parser, set, first, member_next(parser));
    } else {
        range_add(parser, set, first, first);
    }
}

/*
 * Parses a set. Where it is not closed before `end`, nothing has changed: the bracket is a
 * character.
 */
static bool set_parse(struct parser *parser, size_t end) {
    const struct parser before = *parser;
    const size_t count = parser->glob->count;
    const hw_view pattern = {parser->pattern.data, end};
    parser->pattern = pattern;
    struct hw_glob_op *set = op_add(parser, OP_SET);
    parser->at++;
    if (parser->at < pattern.size && (pattern.data[parser->at] == '!' || pattern.data[parser->at] == '^')) {
        set->negated = true;
        parser->at++;
    }
    /* A bracket that would close an empty set is the first of its characters. */
    for (bool first = true; parser->at < pattern.size && (first || pattern.data[parser->at] != ']'); first = false) {
        if (!class_parse(parser, set)) {
            members_parse(parser, set);
        }
    }
    if (parser->at < pattern.size) {
        parser->at++;
        parser->pattern = before.pattern;
        return true;
    }
    *parser = before;
    parser->glob->count = count;
    return false;
}

/* Returns where the next byte that is not escaped stands, from `at` on. */
static size_t plain_next(hw_view pattern, size_t at) {
    return pattern.data[at] == '\\' ? at + 2 : at + 1;
}

/* Returns where braces that have a comma are closed; 0: they have none, or are never closed. */
static size_t braces_end(hw_view pattern, size_t at) {
    size_t depth = 0;
    bool comma = false;
    for (; at < pattern.size; at = plain_next(pattern, at)) {
        const char byte = pattern.data[at];
        depth += byte == '{';
        comma |= byte == ',' && depth == 1;
        if (byte == '}' && --depth == 0) {
            return comma ? at : 0;
        }
    }
    return 0;
}

/* Returns where the alternative that begins at `at` ends: at its comma, or where braces close. */
static size_t alternative_end(hw_view pattern, size_t at, size_t close) {
    size_t depth = 0;
    for (; at < close && (pattern.data[at] != ',' || depth > 0); at = plain_next(pattern, at)) {
        depth += pattern.data[at] == '{';
        depth -= pattern.data[at] == '}' && depth > 0;
    }
    return hw_min_size(at, close);
}

/*
 * Parses alternatives: a fork before each but the last leads to the next one, and a jump behind it
 * to the end of all. Until that is known, each jump has the number of the jump before it.
 */
static enum hw_status braces_parse(struct parser *parser, size_t end, size_t depth, struct hw_error *err) {
    struct hw_glob *glob = parser->glob;
    uint16_t jumps = 0;
    if (depth > HW_GLOB_DEPTH_MAX) {
        return hw_fail(err, HW_EUSAGE, "a glob has more than %u braces in each other", HW_GLOB_DEPTH_MAX);
    }
    parser->wild = true;
    for (bool more = true; more;) {
        const size_t close = alternative_end(parser->pattern, parser->at + 1, end);
        more = close < end;
        const size_t fork = glob->count;
        if (more) {
            op_add(parser, OP_FORK);
        }
        parser->at++;
        HW_TRY(sequence_parse(parser, close, depth, err));
        parser->at = close;
        if (more) {
            op_add(parser, OP_JUMP)->target = jumps;
            jumps = (uint16_t)(glob->count - 1);
            glob->ops[fork].target = (uint16_t)glob->count;
        }
    }
    parser->at = end + 1;
    while (jumps > 0) {
        const uint16_t before = glob->ops[jumps].target;
        glob->ops[jumps].target = (uint16_t)glob->count;
        jumps = before;
    }
    return HW_OK;
}

/* ------ matching */

/* The place in the name between the last character and the next one. */
struct place {
    bool start; /* A name begins here: nothing or a '/' stands before it. */
    bool dot;   /* The next character is a '.'. */
};

/* Adds a step to a list, with all that it leads to without a character. */
static size_t step_add(struct hw_glob *glob, uint16_t *list, size_t count, size_t step, struct place place) {
    const bool hides = place.start && place.dot && !glob->hidden;
    size_t open = 0;
    glob->open[open++] = (uint16_t)step;
    while (open > 0) {
        const uint16_t at = glob->open[--open];
        const struct hw_glob_op *op = &glob->ops[at];
        if (glob->seen[at] == glob->number) {
            continue;
        }
        glob->seen[at] = glob->number;
        const bool wild = op->kind != OP_CHARACTER && op->kind != OP_END;
        const bool stars = op->kind == OP_STAR || op->kind == OP_STARS;
        if (op->kind == OP_FORK || op->kind == OP_JUMP) {
            glob->open[open++] = op->target;
        } else if (!wild || !hides) {
            list[count++] = at;
        }
        if (op->kind == OP_FORK || (stars && !hides) || (op->kind == OP_FOLDERS && place.start)) {
            glob->open[open++] = (uint16_t)(at + 1);
        }
    }
    return count;
}

static bool set_has(const struct hw_glob_op *set, uint32_t code) {
    bool found = false;
    for (size_t i = 1; i <= set->count; i++) {
        found |= code >= set[i].code && code <= set[i].last;
    }
    return code != '/' && found != set->negated;
}

/* Sets the step that a character leads to from this one. False: it leads to none. */
static bool step_take(const struct hw_glob_op *ops, size_t step, uint32_t code, size_t *out_step) {
    const struct hw_glob_op *op = &ops[step];
    switch (op->kind) {
    case OP_CHARACTER:
        *out_step = step + 1;
        return code == op->code;
    case OP_ANY:
        *out_step = step + 1;
        return code != '/';
    case OP_SET:
        *out_step = step + 1 + op->count;
        return set_has(op, code);
    case OP_STAR:
        *out_step = step;
        return code != '/';
    case OP_STARS:
    case OP_FOLDERS:
        *out_step = step;
        return true;
    default:
        return false;
    }
}

/* Steps have not been seen at any character to come. */
static void numbers_begin(struct hw_glob *glob, size_t name_bytes) {
    if (glob->number > UINT32_MAX / 2 - name_bytes) {
        memset(glob->seen, 0, glob->count * sizeof(*glob->seen));
        glob->number = 0;
    }
    glob->number++;
}

bool hw_glob_matches(struct hw_glob *glob, hw_view name) {
    struct place place = {true, name.size > 0 && name.data[0] == '.'};
    if (name.size > UINT32_MAX / 4) {
        return false;
    }
    numbers_begin(glob, name.size);
    size_t count = step_add(glob, glob->now, 0, 0, place);
    for (size_t at = 0; at < name.size && count > 0;) {
        const uint32_t code = code_next(name, &at);
        size_t next = 0;
        place = (struct place){code == '/', at < name.size && name.data[at] == '.'};
        glob->number++;
        for (size_t i = 0; i < count; i++) {
            size_t step;
            if (step_take(glob->ops, glob->now[i], code, &step)) {
                next = step_add(glob, glob->next, next, step, place);
            }
        }
        uint16_t *list = glob->now;
        glob->now = glob->next;
        glob->next = list;
        count = next;
    }
    bool matches = false;
    for (size_t i = 0; i < count; i++) {
        matches |= glob->ops[glob->now[i]].kind == OP_END;
    }
    return matches;
}
