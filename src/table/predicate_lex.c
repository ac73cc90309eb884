/* SPDX-License-Identifier: Apache-2.0 */
#include "table/predicate_lex.h"

/* The most bytes that an error shows on either side of its place. */
enum { SHOWN_BYTES = 40 };

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Bytes beyond ASCII are letters. */
static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || (uint8_t)byte >= 0x80;
}

static enum hw_status quoted_take(struct hw_lexer *lexer, char quote, hw_view *out_text, struct hw_error *err);
static enum hw_status bytes_take(struct hw_lexer *lexer, hw_view *out_bytes, struct hw_error *err);
static enum hw_status number_take(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err);
static enum hw_status sign_take(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err);
static void name_take(struct hw_lexer *lexer, struct hw_token *out_token);

/* Returns byte `ahead` behind the last token; 0 behind the end. */
static char peek(const struct hw_lexer *lexer, size_t ahead) {
    return ahead < lexer->size - lexer->at ? lexer->text[lexer->at + ahead] : '\0';
}

enum hw_status hw_token_next(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err) {
    while (lexer->at < lexer->size && hw_blank(lexer->text[lexer->at])) {
        lexer->at++;
    }
    struct hw_token token = {.kind = HW_TOKEN_END, .at = lexer->at};
    const char first = peek(lexer, 0);
    if (lexer->at == lexer->size) {
        *out_token = token;
        return HW_OK;
    }
    if (first == '"' || first == '\'') {
        token.kind = first == '"' ? HW_TOKEN_QUOTED : HW_TOKEN_TEXT;
        HW_TRY(quoted_take(lexer, first, &token.text, err));
    } else if ((first == 'x' || first == 'X') && peek(lexer, 1) == '\'') {
        token.kind = HW_TOKEN_BYTES;
        HW_TRY(bytes_take(lexer, &token.text, err));
    } else if (is_letter(first)) {
        name_take(lexer, &token);
    } else if (is_digit(first) || (first == '.' && is_digit(peek(lexer, 1)))) {
        HW_TRY(number_take(lexer, &token, err));
    } else {
        HW_TRY(sign_take(lexer, &token, err));
    }
    *out_token = token;
    return HW_OK;
}

static void name_take(struct hw_lexer *lexer, struct hw_token *out_token) {
    const size_t from = lexer->at;
    while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0))) {
        lexer->at++;
    }
    out_token->kind = HW_TOKEN_NAME;
    out_token->text = (hw_view){lexer->text + from, lexer->at - from};
}

/* Takes what stands in quotes; two of them within it are one. */
static enum hw_status quoted_take(struct hw_lexer *lexer, char quote, hw_view *out_text, struct hw_error *err) {
    const size_t from = lexer->at;
    char *text = hw_arena_alloc(lexer->arena, lexer->size - from + 1);
    size_t size = 0;
    if (!text) {
        return hw_fail_nomem(err, lexer->size - from + 1);
    }
    for (lexer->at++; peek(lexer, 0) != quote || peek(lexer, 1) == quote; lexer->at++) {
        if (lexer->at == lexer->size) {
            return hw_lexer_fail(lexer, from, "a quote that is not closed", err);
        }
        lexer->at += peek(lexer, 0) == quote;
        text[size++] = peek(lexer, 0);
    }
    lexer->at++;
    *out_text = (hw_view){text, size};
    return HW_OK;
}

static int hex_digit(char byte) {
    const char lower = (char)(byte | 0x20);
    return is_digit(byte) ? byte - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static enum hw_status bytes_take(struct hw_lexer *lexer, hw_view *out_bytes, struct hw_error *err) {
    const size_t from = lexer->at++;
    hw_view digits = {0};
    HW_TRY(quoted_take(lexer, '\'', &digits, err));
    char *bytes = hw_arena_alloc(lexer->arena, digits.size / 2 + 1);
    if (!bytes) {
        return hw_fail_nomem(err, digits.size / 2 + 1);
    }
    bool good = digits.size % 2 == 0;
    for (size_t i = 0; good && i < digits.size; i += 2) {
        const int high = hex_digit(digits.data[i]);
        const int low = hex_digit(digits.data[i + 1]);
        good = high >= 0 && low >= 0;
        bytes[i / 2] = (char)(good ? high * 16 + low : 0);
    }
    *out_bytes = (hw_view){bytes, digits.size / 2};
    return good ? HW_OK : hw_lexer_fail(lexer, from, "bytes have to be pairs of hexadecimal digits, as x'00ff'", err);
}

static void digits_pass(struct hw_lexer *lexer) {
    while (is_digit(peek(lexer, 0))) {
        lexer->at++;
    }
}

static enum hw_status number_take(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err) {
    const size_t from = lexer->at;
    digits_pass(lexer);
    if (peek(lexer, 0) == '.') {
        lexer->at++;
        digits_pass(lexer);
    }
    if (peek(lexer, 0) == 'e' || peek(lexer, 0) == 'E') {
        lexer->at++;
        lexer->at += peek(lexer, 0) == '+' || peek(lexer, 0) == '-';
        if (!is_digit(peek(lexer, 0))) {
            return hw_lexer_fail(lexer, from, "a number without the digits of its exponent", err);
        }
        digits_pass(lexer);
    }
    if (is_letter(peek(lexer, 0)) || peek(lexer, 0) == '.') {
        return hw_lexer_fail(lexer, from, "what begins as a number is none", err);
    }
    out_token->kind = HW_TOKEN_NUMBER;
    out_token->text = (hw_view){lexer->text + from, lexer->at - from};
    return HW_OK;
}

static enum hw_status sign_take(struct hw_lexer *lexer, struct hw_token *out_token, struct hw_error *err) {
    /* The longer ones come first. */
    static const char *const signs[] = {"!=", "<>", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "+", "-"};
    const hw_view rest = {lexer->text + lexer->at, lexer->size - lexer->at};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (hw_view_starts(rest, hw_view_of(signs[i]))) {
            out_token->kind = HW_TOKEN_SIGN;
            out_token->text = (hw_view){rest.data, strlen(signs[i])};
            lexer->at += out_token->text.size;
            return HW_OK;
        }
    }
    return hw_lexer_fail(lexer, lexer->at, "a character that no condition has", err);
}

/* ------ failures */

/* Moves a place to the beginning of a UTF-8 character. */
static size_t character_begin(const struct hw_lexer *lexer, size_t at) {
    while (at > 0 && at < lexer->size && ((uint8_t)lexer->text[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}

/* Returns how many characters are before a place. */
static size_t characters_before(const struct hw_lexer *lexer, size_t at) {
    size_t count = 0;
    for (size_t i = 0; i < at; i++) {
        count += ((uint8_t)lexer->text[i] & 0xc0) != 0x80;
    }
    return count;
}

enum hw_status hw_lexer_fail(const struct hw_lexer *lexer, size_t at, const char *reason, struct hw_error *err) {
    char before[HW_QUOTE_BYTES] = "";
    char behind[HW_QUOTE_BYTES];
    const size_t place = character_begin(lexer, at);
    const size_t from = place > SHOWN_BYTES ? character_begin(lexer, place - SHOWN_BYTES) : 0;
    const size_t end = character_begin(lexer, hw_min_size(lexer->size, place + SHOWN_BYTES));
    if (place > from) {
        hw_quote(lexer->text + from, place - from, before, sizeof(before));
    }
    hw_quote(lexer->text + place, end - place, behind, sizeof(behind));
    return hw_fail(err, HW_EUSAGE, "the condition, at character %zu: %s: %s%s>>> %s",
                   characters_before(lexer, place) + 1, reason, before, place > from ? " " : "",
                   place == lexer->size ? "end" : behind);
}
