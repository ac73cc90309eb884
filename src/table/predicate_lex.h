/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts the text of a condition into tokens. */
#ifndef HW_TABLE_PREDICATE_LEX_H
#define HW_TABLE_PREDICATE_LEX_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum hw_token_kind {
    HW_TOKEN_END,
    HW_TOKEN_NAME,   /* a bare word, which may be a keyword */
    HW_TOKEN_QUOTED, /* "a name", without its quotes */
    HW_TOKEN_NUMBER, /* digits, as they stand; a sign is a token of its own */
    HW_TOKEN_TEXT,   /* 'a text', without its quotes */
    HW_TOKEN_BYTES,  /* x'00ff', as the bytes that it stands for */
    HW_TOKEN_SIGN,   /* = != <> < <= > >= ( ) , . + - */
};

struct hw_token {
    enum hw_token_kind kind;
    hw_view text;
    /* The place of its first byte in the text. */
    size_t at;
};

struct hw_lexer {
    const char *text;
    size_t size;
    /* The place behind the last token. */
    size_t at;
    struct hw_arena *arena;
};

/*
 * Takes the next token. Its text is a view of the lexer's, or lives in the arena. HW_EUSAGE tells
 * the place of what is no token.
 */
HW_NODISCARD enum hw_status hw_token_next(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err);

/* Fails with HW_EUSAGE: tells `reason`, the place, and the text around it. */
HW_NODISCARD enum hw_status hw_lexer_fail(const struct hw_lexer *lexer, size_t at, const char *reason,
                                          struct hw_error *err);

#endif
