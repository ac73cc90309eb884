/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON text of which a few values are replaced or taken out, while every other byte of it stays:
 * blanks, order, escapes, and numbers of any size, which no reader of values would keep.
 */
#ifndef HW_OPTIMIZE_JSON_EDIT_H
#define HW_OPTIMIZE_JSON_EDIT_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum hw_json_kind { HW_JSON_OBJECT, HW_JSON_LIST, HW_JSON_TEXT, HW_JSON_NUMBER, HW_JSON_WORD };

/* One value of the text. Numbers of bytes are from the beginning of the text. */
struct hw_json_node {
    enum hw_json_kind kind;
    /* True for a value that is taken out, with its key. */
    bool removed;
    /* The number of the value that has this one, and of the first one that is not in this one. */
    uint32_t parent;
    uint32_t end_node;
    /* The end of the last value in this one that was looked at, once one of them stays; else 0. */
    uint32_t kept_end;
    uint32_t begin;
    uint32_t end;
    /* The key with its quotes; both are 0 where there is none. */
    uint32_t key_begin;
    uint32_t key_end;
    /* Key and text without quotes and escapes; empty where there is none. */
    hw_view key;
    hw_view text;
    /* JSON that takes the place of key and value; NULL where they stay. */
    hw_view new_key;
    hw_view new_value;
};

struct hw_json_edit {
    hw_view text;           /* borrowed */
    struct hw_arena *arena; /* borrowed; all that is made lives there */
    struct hw_json_node *nodes;
    size_t count;
    bool edited;
};

/*
 * Reads a text. HW_EDATA where it is no JSON (RFC 8259), with the number of the byte; the words
 * NaN, Infinity and -Infinity, which Python writes, are taken as well. HW_ELIMIT beyond
 * HW_FILE_PAIRS_BYTES_MAX bytes, HW_PAIR_JSON_NODES_MAX values, or HW_PAIR_JSON_DEPTH_MAX of them
 * in each other. `out` is untouched on failure.
 */
HW_NODISCARD enum hw_status hw_json_edit_read(hw_view text, struct hw_arena *arena, struct hw_json_edit *out,
                                              struct hw_error *err);

/*
 * Functions that lead from value to value. They return NULL where there is none, also for a NULL
 * value, an object that is a list, and so on.
 */
struct hw_json_node *hw_json_first(const struct hw_json_edit *edit, const struct hw_json_node *node);
struct hw_json_node *hw_json_next(const struct hw_json_edit *edit, const struct hw_json_node *node);
/* Returns the last member of that key, which is the one that most readers take. */
struct hw_json_node *hw_json_member(const struct hw_json_edit *edit, const struct hw_json_node *object,
                                    const char *key);
/* Returns the JSON that a value was read from, borrowed; empty for NULL. */
hw_view hw_json_raw_text(const struct hw_json_edit *edit, const struct hw_json_node *node);
/* Returns whether the value is this text; false for NULL. */
bool hw_json_is(const struct hw_json_node *node, hw_view text);
/* Returns the number of an integer from -2^63 to 2^63 - 1; false for all else, and for NULL. */
bool hw_json_integer(const struct hw_json_edit *edit, const struct hw_json_node *node, int64_t *out_number);

/* Takes a value out of its object or list. The value that is the whole text stays. */
void hw_json_remove(struct hw_json_edit *edit, struct hw_json_node *node);
/* Puts JSON, which is copied, in the place of a value. Edits within that say nothing then. */
HW_NODISCARD enum hw_status hw_json_replace(struct hw_json_edit *edit, struct hw_json_node *node, hw_view json,
                                            struct hw_error *err);
/* Puts a text, UTF-8 without quotes, in the place of a value, or of a member's key. */
HW_NODISCARD enum hw_status hw_json_replace_text(struct hw_json_edit *edit, struct hw_json_node *node, hw_view text,
                                                 struct hw_error *err);
HW_NODISCARD enum hw_status hw_json_rename(struct hw_json_edit *edit, struct hw_json_node *member, hw_view key,
                                           struct hw_error *err);

/*
 * Writes the text with all edits to the arena, once. Where there are none, it is the text that was
 * read. HW_ELIMIT beyond HW_FILE_PAIRS_BYTES_MAX bytes.
 */
HW_NODISCARD enum hw_status hw_json_edit_write(struct hw_json_edit *edit, hw_view *out_text, struct hw_error *err);

#endif
