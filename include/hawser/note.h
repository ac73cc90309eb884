/* SPDX-License-Identifier: Apache-2.0 */
/* Notes: things to know of how a source was read, though they stop nothing. */
#ifndef HAWSER_NOTE_H
#define HAWSER_NOTE_H

#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every kind of note, in one table: X(name, word for machines). */
#define HW_NOTE_TABLE(X)                            \
    /* The first record is data, not names. */      \
    X(HW_NOTE_NO_HEADER, "no_header")               \
    /* The first record may be data, or names. */   \
    X(HW_NOTE_HEADER_DOUBTFUL, "header_doubtful")   \
    /* Two delimiters fit equally well. */          \
    X(HW_NOTE_DELIMITER_TIE, "delimiter_tie")       \
    /* The object came from another address. */     \
    X(HW_NOTE_REDIRECTED, "redirected")             \
    /* The text lacks columns of the table. */      \
    X(HW_NOTE_COLUMNS_LACKING, "columns_lacking")   \
    /* Words for null make columns text. */         \
    X(HW_NOTE_NULL_WORDS, "null_words")             \
    /* Other programs do not take the names. */     \
    X(HW_NOTE_NAMES_ODD, "names_odd")               \
    /* Blanks separate fields, or may do so. */     \
    X(HW_NOTE_DELIMITER_BLANKS, "delimiter_blanks") \
    /* A logical type counts as none. */            \
    X(HW_NOTE_SCHEMA_LOGICAL, "schema_logical")     \
    /* Key-value metadata is not kept. */           \
    X(HW_NOTE_METADATA_LEFT, "metadata_left")

enum hw_note_kind {
#define HW_NOTE_ENUM(name, word) name,
    HW_NOTE_TABLE(HW_NOTE_ENUM)
#undef HW_NOTE_ENUM
        HW_NOTE_KIND_COUNT
};

/** A note on one text or, in a merge, on several. */
struct hw_note {
    enum hw_note_kind kind;
    uint64_t texts;     /**< The number of texts that it holds for. */
    const char *source; /**< The first of them. */
    const char *text;   /**< A sentence about that one, with the option that would change it. */
};

/** Returns the word of a kind, for example "no_header". Never NULL. */
HW_API const char *hw_note_word(enum hw_note_kind kind);

#ifdef __cplusplus
}
#endif

#endif
