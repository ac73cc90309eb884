/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/text.h"

#include "core/base.h"
#include "support/rows.h"

enum { FIELD_BYTES = 4 };

/* A text of NULL has a fault. */
static const struct {
    const char *name;
    const char *field;
    const char *text;
    const char *fault;
} rows[] = {
    {"a text", "ab\0\0", "ab", NULL},
    {"the longest one", "abc\0", "abc", NULL},
    {"none", "\0\0\0\0", "", NULL},
    {"something behind its end", "a\0\xff\xff", "a", NULL},
    {"a letter of two bytes", "\xc3\xa9\0\0", "\xc3\xa9", NULL},
    {"no end", "abcd", NULL, "does not end within its field"},
    {"half a letter", "\xc3\0\0\0", NULL, "is not UTF-8"},
};

static void texts_end_at_a_nul(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view text = HW_VIEW_INIT("as it was");
        const char *fault = hw_dbn_text_read(rows[i].field, FIELD_BYTES, &text);
        const hw_view want = hw_view_of(rows[i].text ? rows[i].text : "as it was");
        assert_row_text(rows[i].name, fault ? fault : "", rows[i].fault ? rows[i].fault : "");
        assert_row_bytes(rows[i].name, text.data, text.size, want.data, want.size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_end_at_a_nul)};
    return cmocka_run_group_tests_name("dbn/text", tests, NULL, NULL);
}
