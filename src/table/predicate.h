/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on rows, as a user writes them: the text as a tree, which knows no table yet
 * (table/filter.h).
 *
 *   condition  := and ( OR and )*
 *   and        := not ( AND not )*
 *   not        := NOT not | '(' condition ')' | test
 *   test       := column | column compare literal | literal compare column
 *               | column IS [NOT] NULL | column [NOT] IN '(' literal ( ',' literal )* ')'
 *   compare    := '=' | '!=' | '<>' | '<' | '<=' | '>' | '>='
 *   column     := name ( '.' name )*         a field of a struct is behind the point
 *   name       := a word | '"' any text, quotes doubled '"'
 *   literal    := [+-] number | 'text, quotes doubled' | x'00ff' | TRUE | FALSE
 *               | DATE 'text' | TIME 'text' | TIMESTAMP 'text'
 *
 * Keywords may have any case; a column that is called like one stands in quotes.
 */
#ifndef HW_TABLE_PREDICATE_H
#define HW_TABLE_PREDICATE_H

#include "table/predicate_lex.h"

enum hw_literal_kind {
    HW_LITERAL_NUMBER, /* the text has a sign where it is negative: "-1.5e3" */
    HW_LITERAL_TEXT,
    HW_LITERAL_BYTES,
    HW_LITERAL_TRUE,
    HW_LITERAL_FALSE,
    HW_LITERAL_DATE,
    HW_LITERAL_TIME,
    HW_LITERAL_TIMESTAMP,
};

struct hw_literal {
    enum hw_literal_kind kind;
    hw_view text;
    /* Its place in the condition. */
    size_t at;
};

enum hw_predicate_kind {
    HW_PREDICATE_AND,
    HW_PREDICATE_OR,
    HW_PREDICATE_NOT,
    HW_PREDICATE_NULL,  /* the column is null */
    HW_PREDICATE_TRUE,  /* the column, a bool, is true */
    HW_PREDICATE_LESS,  /* the column is less than the one literal */
    HW_PREDICATE_UP_TO, /* it is less or equal */
    HW_PREDICATE_IN,    /* it equals one of the literals */
};

/* A name of a path. */
struct hw_predicate_name {
    hw_view text;
    size_t at;
};

/* Other comparisons are NOT of these. */
struct hw_predicate_node {
    enum hw_predicate_kind kind;
    /* The first of the children of AND, OR and NOT, which `next` links. */
    const struct hw_predicate_node *first;
    const struct hw_predicate_node *next;
    /* The column of a test, */
    const struct hw_predicate_name *names;
    size_t names_count;
    /* and what it is compared with. */
    const struct hw_literal *literals;
    size_t literals_count;
};

/* Start it zeroed. */
struct hw_predicate {
    struct hw_arena arena;
    /* The copy of the text, for messages. */
    struct hw_lexer lexer;
    const struct hw_predicate_node *root;
};

/*
 * Reads a condition. HW_EUSAGE tells the place of what is none, HW_ELIMIT what is beyond the limits
 * of core/limits.h. After a failure `predicate` is released.
 */
HW_NODISCARD enum hw_status hw_predicate_parse(struct hw_predicate *predicate, const char *text, struct hw_error *err);
void hw_predicate_release(struct hw_predicate *predicate);

#endif
