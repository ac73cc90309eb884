/* SPDX-License-Identifier: Apache-2.0 */
#include "table/predicate.h"

#include <strings.h>

#include "core/limits.h"

struct parser {
    struct hw_arena *arena;
    struct hw_lexer *lexer;
    /* The token in front. */
    struct hw_token token;
    size_t depth;
};

typedef struct hw_predicate_node node;

static enum hw_status advance(struct parser *parser, struct hw_error *err) {
    return hw_token_next(parser->lexer, &parser->token, err);
}

static enum hw_status fail(const struct parser *parser, const char *reason, struct hw_error *err) {
    return hw_lexer_fail(parser->lexer, parser->token.at, reason, err);
}

static bool is_word(const struct hw_token *token, const char *word) {
    return token->kind == HW_TOKEN_NAME && token->text.size == strlen(word) &&
           strncasecmp(token->text.data, word, token->text.size) == 0;
}

static bool is_sign(const struct hw_token *token, const char *sign) {
    return token->kind == HW_TOKEN_SIGN && hw_view_equal(token->text, hw_view_of(sign));
}

/* Sets `*out_taken` to whether the token in front is the word, and goes over it if so. */
static enum hw_status word_take(struct parser *parser, const char *word, bool *out_taken, struct hw_error *err) {
    *out_taken = is_word(&parser->token, word);
    return *out_taken ? advance(parser, err) : HW_OK;
}

static enum hw_status sign_need(struct parser *parser, const char *sign, const char *reason, struct hw_error *err) {
    return is_sign(&parser->token, sign) ? advance(parser, err) : fail(parser, reason, err);
}

static enum hw_status node_new(struct parser *parser, node **out_node, const node *like, struct hw_error *err) {
    node *made = hw_arena_alloc(parser->arena, sizeof(*made));
    if (!made) {
        return hw_fail_nomem(err, sizeof(*made));
    }
    *made = *like;
    *out_node = made;
    return HW_OK;
}

/* ------ and, or, not */

static enum hw_status condition_parse(struct parser *parser, node **out_node, struct hw_error *err);
static enum hw_status text_keep(struct hw_predicate *predicate, const char *text, struct hw_error *err);

enum hw_status hw_predicate_parse(struct hw_predicate *predicate, const char *text, struct hw_error *err) {
    struct parser parser = {.arena = &predicate->arena, .lexer = &predicate->lexer};
    node *root = NULL;
    enum hw_status status = text_keep(predicate, text, err);
    status = status ? status : advance(&parser, err);
    status = status ? status : condition_parse(&parser, &root, err);
    if (status == HW_OK && parser.token.kind != HW_TOKEN_END) {
        status = fail(&parser, "AND, OR or the end of the condition has to follow", err);
    }
    if (status != HW_OK) {
        hw_predicate_release(predicate);
        return status;
    }
    predicate->root = root;
    return HW_OK;
}

void hw_predicate_release(struct hw_predicate *predicate) {
    hw_arena_release(&predicate->arena);
    *predicate = (struct hw_predicate){0};
}

static enum hw_status text_keep(struct hw_predicate *predicate, const char *text, struct hw_error *err) {
    const size_t size = strlen(text);
    if (size > HW_WHERE_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "the condition has %zu bytes, %" PRIu64 " are the limit", size,
                       (uint64_t)HW_WHERE_BYTES_MAX);
    }
    const char *copy = hw_arena_strndup(&predicate->arena, text, size);
    if (!copy) {
        return hw_fail_nomem(err, size);
    }
    predicate->lexer = (struct hw_lexer){.text = copy, .size = size, .arena = &predicate->arena};
    return HW_OK;
}

typedef enum hw_status parse_fn(struct parser *parser, node **out_node, struct hw_error *err);

/* Reads operands with a word between them; one alone is what it is. */
static enum hw_status chain_parse(struct parser *parser, enum hw_predicate_kind kind, parse_fn *operand,
                                  node **out_node, struct hw_error *err) {
    const char *word = kind == HW_PREDICATE_AND ? "and" : "or";
    node *first;
    bool more;
    HW_TRY(operand(parser, &first, err));
    HW_TRY(word_take(parser, word, &more, err));
    if (!more) {
        *out_node = first;
        return HW_OK;
    }
    node *last = first;
    while (more) {
        node *next;
        HW_TRY(operand(parser, &next, err));
        last->next = next;
        last = next;
        HW_TRY(word_take(parser, word, &more, err));
    }
    return node_new(parser, out_node, &(node){.kind = kind, .first = first}, err);
}

static enum hw_status not_parse(struct parser *parser, node **out_node, struct hw_error *err);

static enum hw_status and_parse(struct parser *parser, node **out_node, struct hw_error *err) {
    return chain_parse(parser, HW_PREDICATE_AND, not_parse, out_node, err);
}

static enum hw_status condition_parse(struct parser *parser, node **out_node, struct hw_error *err) {
    return chain_parse(parser, HW_PREDICATE_OR, and_parse, out_node, err);
}

static enum hw_status negate(struct parser *parser, bool negated, node **inout_node, struct hw_error *err) {
    return negated ? node_new(parser, inout_node, &(node){.kind = HW_PREDICATE_NOT, .first = *inout_node}, err) : HW_OK;
}

static enum hw_status test_parse(struct parser *parser, node **out_node, struct hw_error *err);

static enum hw_status not_parse(struct parser *parser, node **out_node, struct hw_error *err) {
    bool negated;
    if (++parser->depth > HW_WHERE_DEPTH_MAX) {
        return hw_fail(err, HW_ELIMIT, "the condition has more than %u conditions within each other",
                       HW_WHERE_DEPTH_MAX);
    }
    HW_TRY(word_take(parser, "not", &negated, err));
    if (negated) {
        HW_TRY(not_parse(parser, out_node, err));
        HW_TRY(negate(parser, true, out_node, err));
    } else if (is_sign(&parser->token, "(")) {
        HW_TRY(advance(parser, err));
        HW_TRY(condition_parse(parser, out_node, err));
        HW_TRY(sign_need(parser, ")", "a parenthesis is not closed here", err));
    } else {
        HW_TRY(test_parse(parser, out_node, err));
    }
    parser->depth--;
    return HW_OK;
}

/* ------ literals */

static const struct {
    const char *word;
    enum hw_literal_kind kind;
    /* A text has to follow. */
    bool text;
} literal_words[] = {
    {"true", HW_LITERAL_TRUE, false}, {"false", HW_LITERAL_FALSE, false},        {"date", HW_LITERAL_DATE, true},
    {"time", HW_LITERAL_TIME, true},  {"timestamp", HW_LITERAL_TIMESTAMP, true},
};

static bool literal_word(const struct parser *parser, size_t *out_number) {
    for (size_t i = 0; i < COUNT_OF(literal_words); i++) {
        if (is_word(&parser->token, literal_words[i].word)) {
            *out_number = i;
            return true;
        }
    }
    return false;
}

/* Columns may be called date, time and timestamp: then no text follows. */
static bool text_follows(const struct parser *parser) {
    struct hw_lexer ahead = *parser->lexer;
    while (ahead.at < ahead.size && hw_blank(ahead.text[ahead.at])) {
        ahead.at++;
    }
    return ahead.at < ahead.size && ahead.text[ahead.at] == '\'';
}

static bool is_literal(const struct parser *parser) {
    size_t number;
    switch (parser->token.kind) {
    case HW_TOKEN_NUMBER:
    case HW_TOKEN_TEXT:
    case HW_TOKEN_BYTES:
        return true;
    case HW_TOKEN_SIGN:
        return is_sign(&parser->token, "-") || is_sign(&parser->token, "+");
    default:
        return literal_word(parser, &number) && (!literal_words[number].text || text_follows(parser));
    }
}

static enum hw_status number_parse(struct parser *parser, struct hw_literal *out, struct hw_error *err) {
    const size_t at = parser->token.at;
    const bool negative = is_sign(&parser->token, "-");
    if (parser->token.kind == HW_TOKEN_SIGN) {
        HW_TRY(advance(parser, err));
    }
    if (parser->token.kind != HW_TOKEN_NUMBER) {
        return fail(parser, "a number has to follow the sign", err);
    }
    const hw_view digits = parser->token.text;
    char *text = hw_arena_alloc(parser->arena, digits.size + 1);
    if (!text) {
        return hw_fail_nomem(err, digits.size + 1);
    }
    text[0] = '-';
    memcpy(text + negative, digits.data, digits.size);
    *out = (struct hw_literal){HW_LITERAL_NUMBER, {text, digits.size + negative}, at};
    return advance(parser, err);
}

static enum hw_status literal_parse(struct parser *parser, struct hw_literal *out, struct hw_error *err) {
    size_t number = 0;
    const size_t at = parser->token.at;
    if (!is_literal(parser)) {
        return fail(parser,
                    is_word(&parser->token, "null") ? "nothing equals NULL, which IS NULL asks for"
                                                    : "a number, a 'text', TRUE or FALSE has to follow",
                    err);
    }
    if (parser->token.kind == HW_TOKEN_NUMBER || parser->token.kind == HW_TOKEN_SIGN) {
        return number_parse(parser, out, err);
    }
    if (literal_word(parser, &number)) {
        const bool text = literal_words[number].text;
        HW_TRY(text ? advance(parser, err) : HW_OK);
        *out = (struct hw_literal){literal_words[number].kind, parser->token.text, at};
        return advance(parser, err);
    }
    const bool bytes = parser->token.kind == HW_TOKEN_BYTES;
    *out = (struct hw_literal){bytes ? HW_LITERAL_BYTES : HW_LITERAL_TEXT, parser->token.text, at};
    return advance(parser, err);
}

/* ------ columns */

static bool is_name(const struct hw_token *token) {
    static const char *const keywords[] = {"and", "or", "not", "is", "in", "null"};
    bool keyword = false;
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        keyword |= is_word(token, keywords[i]);
    }
    return token->kind == HW_TOKEN_QUOTED || (token->kind == HW_TOKEN_NAME && !keyword);
}

/* Reads the path of a column into `out`, whose kind stays. */
static enum hw_status column_parse(struct parser *parser, node *out, struct hw_error *err) {
    struct hw_predicate_name names[HW_TABLE_DEPTH_MAX];
    size_t count = 0;
    bool more = true;
    while (more) {
        if (!is_name(&parser->token)) {
            return fail(parser, "the name of a column has to follow", err);
        }
        if (count == COUNT_OF(names)) {
            return fail(parser, "a column cannot be so deep", err);
        }
        names[count++] = (struct hw_predicate_name){parser->token.text, parser->token.at};
        HW_TRY(advance(parser, err));
        more = is_sign(&parser->token, ".");
        HW_TRY(more ? advance(parser, err) : HW_OK);
    }
    struct hw_predicate_name *kept = hw_arena_alloc(parser->arena, count * sizeof(*kept));
    if (!kept) {
        return hw_fail_nomem(err, count * sizeof(*kept));
    }
    memcpy(kept, names, count * sizeof(*kept));
    out->names = kept;
    out->names_count = count;
    return HW_OK;
}

/* ------ tests */

/* A comparison, as a column and a literal have it, and as a literal and a column do. */
static const struct comparison {
    const char *sign;
    enum hw_predicate_kind kind;
    bool negated;
    enum hw_predicate_kind turned;
    bool turned_negated;
} comparisons[] = {
    {"=", HW_PREDICATE_IN, false, HW_PREDICATE_IN, false},
    {"!=", HW_PREDICATE_IN, true, HW_PREDICATE_IN, true},
    {"<>", HW_PREDICATE_IN, true, HW_PREDICATE_IN, true},
    {"<", HW_PREDICATE_LESS, false, HW_PREDICATE_UP_TO, true},
    {"<=", HW_PREDICATE_UP_TO, false, HW_PREDICATE_LESS, true},
    {">", HW_PREDICATE_UP_TO, true, HW_PREDICATE_LESS, false},
    {">=", HW_PREDICATE_LESS, true, HW_PREDICATE_UP_TO, false},
};

static const struct comparison *comparison_of(const struct hw_token *token) {
    for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
        if (is_sign(token, comparisons[i].sign)) {
            return &comparisons[i];
        }
    }
    return NULL;
}

static enum hw_status literal_keep(struct parser *parser, node *out, const struct hw_literal *literal,
                                   struct hw_error *err) {
    struct hw_literal *kept = hw_arena_alloc(parser->arena, sizeof(*kept));
    if (!kept) {
        return hw_fail_nomem(err, sizeof(*kept));
    }
    *kept = *literal;
    out->literals = kept;
    out->literals_count = 1;
    return HW_OK;
}

static enum hw_status turned_parse(struct parser *parser, node **out_node, struct hw_error *err) {
    node test = {0};
    struct hw_literal literal;
    HW_TRY(literal_parse(parser, &literal, err));
    const struct comparison *comparison = comparison_of(&parser->token);
    if (!comparison) {
        return fail(parser, "a comparison with a column has to follow", err);
    }
    HW_TRY(advance(parser, err));
    if (is_literal(parser)) {
        return fail(parser, "a column has to be compared, not two values", err);
    }
    test.kind = comparison->turned;
    HW_TRY(column_parse(parser, &test, err));
    HW_TRY(literal_keep(parser, &test, &literal, err));
    HW_TRY(node_new(parser, out_node, &test, err));
    return negate(parser, comparison->turned_negated, out_node, err);
}

static enum hw_status compare_parse(struct parser *parser, const struct comparison *comparison, node *test,
                                    node **out_node, struct hw_error *err);
static enum hw_status null_parse(struct parser *parser, node *test, node **out_node, struct hw_error *err);
static enum hw_status in_parse(struct parser *parser, bool negated, node *test, node **out_node, struct hw_error *err);

static enum hw_status test_parse(struct parser *parser, node **out_node, struct hw_error *err) {
    node test = {.kind = HW_PREDICATE_TRUE};
    bool negated;
    bool taken;
    if (is_literal(parser)) {
        return turned_parse(parser, out_node, err);
    }
    HW_TRY(column_parse(parser, &test, err));
    const struct comparison *comparison = comparison_of(&parser->token);
    if (comparison) {
        HW_TRY(advance(parser, err));
        return compare_parse(parser, comparison, &test, out_node, err);
    }
    HW_TRY(word_take(parser, "is", &taken, err));
    if (taken) {
        return null_parse(parser, &test, out_node, err);
    }
    HW_TRY(word_take(parser, "not", &negated, err));
    HW_TRY(word_take(parser, "in", &taken, err));
    if (taken) {
        return in_parse(parser, negated, &test, out_node, err);
    }
    return negated ? fail(parser, "IN has to follow NOT here", err) : node_new(parser, out_node, &test, err);
}

static enum hw_status compare_parse(struct parser *parser, const struct comparison *comparison, node *test,
                                    node **out_node, struct hw_error *err) {
    struct hw_literal literal;
    if (is_name(&parser->token) && !is_literal(parser)) {
        return fail(parser, "a column can be compared with a value only, and a text has to stand in single quotes",
                    err);
    }
    HW_TRY(literal_parse(parser, &literal, err));
    HW_TRY(literal_keep(parser, test, &literal, err));
    test->kind = comparison->kind;
    HW_TRY(node_new(parser, out_node, test, err));
    return negate(parser, comparison->negated, out_node, err);
}

static enum hw_status null_parse(struct parser *parser, node *test, node **out_node, struct hw_error *err) {
    bool negated;
    bool taken;
    HW_TRY(word_take(parser, "not", &negated, err));
    HW_TRY(word_take(parser, "null", &taken, err));
    if (!taken) {
        return fail(parser, "NULL has to follow IS", err);
    }
    test->kind = HW_PREDICATE_NULL;
    HW_TRY(node_new(parser, out_node, test, err));
    return negate(parser, negated, out_node, err);
}

/* Literals on their way. */
struct literal_list {
    struct hw_literal *items;
    size_t count;
    size_t room;
};

static enum hw_status literal_add(struct parser *parser, struct literal_list *list, struct hw_error *err) {
    if (list->count == list->room) {
        const size_t room = list->room > 0 ? 2 * list->room : 8;
        struct hw_literal *items = hw_arena_alloc(parser->arena, room * sizeof(*items));
        if (!items) {
            return hw_fail_nomem(err, room * sizeof(*items));
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof(*items));
        }
        list->items = items;
        list->room = room;
    }
    HW_TRY(literal_parse(parser, &list->items[list->count], err));
    list->count++;
    return HW_OK;
}

static enum hw_status in_parse(struct parser *parser, bool negated, node *test, node **out_node, struct hw_error *err) {
    struct literal_list list = {0};
    HW_TRY(sign_need(parser, "(", "IN needs a list in parentheses", err));
    HW_TRY(literal_add(parser, &list, err));
    while (is_sign(&parser->token, ",")) {
        HW_TRY(advance(parser, err));
        HW_TRY(literal_add(parser, &list, err));
    }
    HW_TRY(sign_need(parser, ")", "a comma or a parenthesis has to follow in the list", err));
    test->kind = HW_PREDICATE_IN;
    test->literals = list.items;
    test->literals_count = list.count;
    HW_TRY(node_new(parser, out_node, test, err));
    return negate(parser, negated, out_node, err);
}
