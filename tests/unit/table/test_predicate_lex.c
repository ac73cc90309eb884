/* SPDX-License-Identifier: Apache-2.0 */
#include "table/predicate_lex.h"

#include <stdio.h>

#include "support/rows.h"

/* Tokens as they are shown: the letter of the kind, the place, the text. */
static void shown(struct hw_lexer *lexer, char *out, size_t out_bytes) {
    struct hw_token token = {.kind = HW_TOKEN_SIGN};
    size_t used = 0;
    out[0] = '\0';
    while (token.kind != HW_TOKEN_END) {
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_token_next(lexer, &token, &err), err);
        const int size = token.kind == HW_TOKEN_END ? 0 : (int)token.text.size;
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%c%zu:%.*s", used > 0 ? " " : "",
                                 "EWQNTXS"[token.kind], token.at, size, size > 0 ? token.text.data : "");
    }
}

static void texts_are_cut_into_tokens(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *tokens;
    } rows[] = {
        {"", "E0:"},
        {" \t\r\n", "E4:"},
        {"a_1.b", "W0:a_1 S3:. W4:b E5:"},
        {"\"a\"\"b\"=1", "Q0:a\"b S6:= N7:1 E8:"},
        {"'it''s'", "T0:it's E7:"},
        {"''", "T0: E2:"},
        {"x'4a4B'", "X0:JK E7:"},
        {"x 'a'", "W0:x T2:a E5:"},
        {"1 .5 1.5e-3 1E+2 7.", "N0:1 N2:.5 N5:1.5e-3 N12:1E+2 N17:7. E19:"},
        {"<= >= <> != < > = ( ) , + -", "S0:<= S3:>= S6:<> S9:!= S12:< S14:> S16:= S18:( S20:) S22:, S24:+ S26:- E27:"},
        {"\xc3\xa4=1", "W0:\xc3\xa4 S2:= N3:1 E4:"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_lexer lexer = {rows[i].text, strlen(rows[i].text), 0, &arena};
        char got[256];
        shown(&lexer, got, sizeof(got));
        assert_row_text(rows[i].text, got, rows[i].tokens);
    }
}

static void places_count_characters(void **state) {
    (void)state;
    static const char text[] =
        "\xc3\xa4\xc3\xb6 and something long before it that is cut away = ; and more behind it all the way";
    const struct hw_lexer lexer = {text, sizeof(text) - 1, 0, NULL};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_lexer_fail(&lexer, (size_t)(strchr(text, ';') - text), "a reason", &err), HW_EUSAGE);
    assert_string_equal(err.message, "the condition, at character 52: a reason: "
                                     "\"thing long before it that is cut away = \" "
                                     ">>> \"; and more behind it all the way\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_cut_into_tokens),
        cmocka_unit_test(places_count_characters),
    };
    return cmocka_run_group_tests_name("table/predicate_lex", tests, NULL, NULL);
}
