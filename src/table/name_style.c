/* SPDX-License-Identifier: Apache-2.0 */
#include "table/name_style.h"

#include "core/alloc.h"
#include "core/utf8.h"
#include "table/name_order.h"

/*
 * Ranges of large letters: every `step`-th code point from `first` on is one, and `up` more is its
 * small one. All of them take as many bytes as their small ones.
 */
static const struct {
    uint16_t first;
    uint16_t last;
    uint8_t step;
    int16_t up;
} large_letters[] = {
    {'A', 'Z', 1, 32},     {0xc0, 0xd6, 1, 32},   {0xd8, 0xde, 1, 32},   {0x100, 0x12e, 2, 1},
    {0x132, 0x136, 2, 1},  {0x139, 0x147, 2, 1},  {0x14a, 0x176, 2, 1},  {0x178, 0x178, 1, 0xff - 0x178},
    {0x179, 0x17d, 2, 1},  {0x386, 0x386, 1, 38}, {0x388, 0x38a, 1, 37}, {0x38c, 0x38c, 1, 64},
    {0x38e, 0x38f, 1, 63}, {0x391, 0x3a1, 1, 32}, {0x3a3, 0x3ab, 1, 32}, {0x400, 0x40f, 1, 80},
    {0x410, 0x42f, 1, 32},
};

/* Ranges of characters beyond ASCII that are no part of a word: controls, signs, blanks. */
static const struct {
    uint16_t first;
    uint16_t last;
} between_words[] = {{0x80, 0xa9}, {0xab, 0xb4},     {0xb6, 0xb9},     {0xbb, 0xbf},    {0xd7, 0xd7},
                     {0xf7, 0xf7}, {0x2000, 0x206f}, {0x20a0, 0x20cf}, {0x3000, 0x3003}};

/* One character of a name. */
struct letter {
    uint32_t code; /* of its small form */
    bool large;
    bool digit;
    bool between; /* it is no part of a word */
    size_t bytes;
};

static uint32_t small_of(uint32_t code) {
    for (size_t i = 0; i < COUNT_OF(large_letters); i++) {
        if (code >= large_letters[i].first && code <= large_letters[i].last &&
            (code - large_letters[i].first) % large_letters[i].step == 0) {
            return (uint32_t)((int32_t)code + large_letters[i].up);
        }
    }
    return code;
}

static bool is_between(uint32_t code) {
    if (code < 0x80) {
        return !((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'));
    }
    bool between = false;
    for (size_t i = 0; i < COUNT_OF(between_words); i++) {
        between |= code >= between_words[i].first && code <= between_words[i].last;
    }
    return between;
}

/* Looks at the character at `text`; its `bytes` are 0 at the end. What is no UTF-8 is one byte. */
static struct letter letter_at(const char *text) {
    if (*text == '\0') {
        return (struct letter){.between = true};
    }
    const size_t bytes = hw_utf8_bytes(text, strnlen(text, 4));
    if (bytes == 0) {
        return (struct letter){.code = (uint8_t)*text, .bytes = 1};
    }
    const uint32_t code = hw_utf8_code(text, bytes);
    const uint32_t small = small_of(code);
    return (struct letter){small, small != code, code >= '0' && code <= '9', is_between(code), bytes};
}

/* Appends a small letter; a large one of two bytes has a small one of two bytes. */
static size_t small_put(const struct letter *letter, const char *from, char *out) {
    if (!letter->large) {
        memcpy(out, from, letter->bytes);
    } else if (letter->bytes == 1) {
        out[0] = (char)letter->code;
    } else {
        out[0] = (char)(0xc0 | letter->code >> 6);
        out[1] = (char)(0x80 | (letter->code & 0x3f));
    }
    return letter->bytes;
}

static void lower_write(const char *name, char *out) {
    struct letter letter;
    for (; (letter = letter_at(name)).bytes > 0; name += letter.bytes) {
        out += small_put(&letter, name, out);
    }
    *out = '\0';
}

/*
 * Returns whether a word begins at `letter`: after what is no part of one, at a large letter after
 * a small one or a digit, and at the last of several large ones where a small one follows it.
 */
static bool word_begins(const struct letter *before, const struct letter *letter, const struct letter *after) {
    if (before->between || !letter->large) {
        return before->between;
    }
    const bool capital = before->large && !after->large && !after->digit && !after->between;
    return !before->large || capital;
}

static void snake_write(const char *name, char *out) {
    struct letter before = {.between = true};
    struct letter letter;
    char *at = out;
    for (; (letter = letter_at(name)).bytes > 0; name += letter.bytes) {
        const struct letter after = letter_at(name + letter.bytes);
        if (!letter.between) {
            if (word_begins(&before, &letter, &after) && at > out) {
                *at++ = '_';
            }
            at += small_put(&letter, name, at);
        }
        before = letter;
    }
    *at = '\0';
}

const char *hw_name_styled(enum hw_names_style style, const char *name, struct hw_arena *arena) {
    if (style == HW_NAMES_KEEP) {
        return name;
    }
    char *styled = hw_arena_alloc(arena, 2 * strlen(name) + 1);
    if (styled && style == HW_NAMES_LOWER) {
        lower_write(name, styled);
    } else if (styled) {
        snake_write(name, styled);
    }
    return styled;
}

/* ------ names that others refuse */

/* Finds the first two names that differ in the size of letters alone. */
static enum hw_status twins_find(const struct hw_schema *schema, const char *out_twins[2], struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_numbered_name *names = hw_arena_alloc(&arena, schema->count * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, schema->count * sizeof(*names));
    }
    for (size_t i = 0; i < schema->count; i++) {
        const char *name = schema->fields[i].name;
        names[i] = (struct hw_numbered_name){hw_name_styled(HW_NAMES_LOWER, name, &arena), i};
        if (!names[i].name) {
            return hw_fail_nomem(err, strlen(name));
        }
    }
    hw_names_sort(names, schema->count);
    const size_t twin = hw_names_twin(names, schema->count);
    if (twin > 0) {
        out_twins[0] = schema->fields[names[twin - 1].number].name;
        out_twins[1] = schema->fields[names[twin].number].name;
    }
    return HW_OK;
}

/* Returns what is odd about a name by itself; NULL where nothing is. */
static const char *oddity_of(const char *name) {
    const size_t bytes = strlen(name);
    for (size_t i = 0; i < bytes; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f) {
            return "a control character";
        }
    }
    return bytes > 0 && (name[0] == ' ' || name[bytes - 1] == ' ') ? "a blank at an end" : NULL;
}

enum hw_status hw_names_note(const struct hw_schema *schema, struct hw_notes *notes, struct hw_arena *arena,
                             struct hw_error *err) {
    const char *twins[2] = {NULL, NULL};
    char texts[2][HW_QUOTE_BYTES];
    HW_TRY(twins_find(schema, twins, err));
    if (twins[0]) {
        return hw_notes_add(notes, HW_NOTE_NAMES_ODD, arena, err,
                            "the columns %s and %s differ in the size of letters alone, which Athena, Hive and Spark "
                            "do not take; --rename gives one of them another name",
                            hw_quote(twins[0], strlen(twins[0]), texts[0], sizeof(texts[0])),
                            hw_quote(twins[1], strlen(twins[1]), texts[1], sizeof(texts[1])));
    }
    for (size_t i = 0; i < schema->count; i++) {
        const char *name = schema->fields[i].name;
        const char *oddity = oddity_of(name);
        if (oddity) {
            return hw_notes_add(notes, HW_NOTE_NAMES_ODD, arena, err,
                                "the name of the column %s has %s, which Athena, Hive and Spark do not take; "
                                "--names-style snake or --rename gives it another one",
                                hw_quote(name, strlen(name), texts[0], sizeof(texts[0])), oddity);
        }
    }
    return HW_OK;
}
