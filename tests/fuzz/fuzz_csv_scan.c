/* SPDX-License-Identifier: Apache-2.0 */
/* The index by masks is that of the state machine; guesses stay in the text. First byte: dialect and end of text. */
#include "csv/scan.h"

#include "fuzz/fuzz.h"

static const struct hw_csv_dialect dialects[] = {
    {.delimiter = ',', .quote = '"', .end = '\n'},
    {.delimiter = ';', .quote = '\'', .end = '\n'},
    {.delimiter = ',', .end = '\n'},
    {.delimiter = ',', .quote = '"', .end = '\r'},
    {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'},
    {.delimiter = ',', .quote = '"', .comment = '#', .end = '\n'},
    {.delimiter = ',', .quote = '"', .escape = '\\', .comment = '#', .end = '\r'},
    {.delimiter = '\t', .quote = '"', .end = '\n'},
    {.delimiter = ',', .quote = '"', .end = '\n', .quotes_lenient = true},
    {.delimiter = ':', .quote = '"', .comment = '/', .end = '\n', .delimiter_tail = {1, ":"}, .comment_tail = {1, "/"}},
    {.delimiter = 'a', .quote = '"', .end = '\n', .delimiter_tail = {2, "ab"}, .quotes_lenient = true},
    {.delimiter = ',', .escape = '\\', .comment = '#', .end = '\n', .escape_everywhere = true},
    {.delimiter = '\t', .quote = '"', .escape = '\\', .end = '\n', .double_cr = true, .escape_everywhere = true},
    {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\r', .quotes_lenient = true, .escape_everywhere = true},
};

static bool same(const uint32_t *a, const uint32_t *b, size_t count) {
    return count == 0 || memcmp(a, b, count * sizeof(*a)) == 0;
}

static void indexes_check(const struct hw_csv_index *index, const struct hw_csv_index *exact, size_t size) {
    FUZZ_CHECK(index->records == exact->records);
    FUZZ_CHECK(index->ends_count == exact->ends_count);
    FUZZ_CHECK(same(index->ends, exact->ends, exact->ends_count));
    FUZZ_CHECK(same(index->record_fields, exact->record_fields, exact->records));
    FUZZ_CHECK(same(index->record_starts, exact->record_starts, exact->records + 1));
    FUZZ_CHECK(index->lines == exact->lines);
    FUZZ_CHECK(index->ascii == exact->ascii);
    FUZZ_CHECK(index->malformed == exact->malformed);
    FUZZ_CHECK(index->open_quote == exact->open_quote);
    FUZZ_CHECK(index->record_starts[index->records] <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_csv_index) index = {0};
    HW_AUTO(hw_csv_index) exact = {0};
    uint8_t choice = fuzz_byte(&data, &size);
    const struct hw_csv_dialect *dialect = &dialects[choice % COUNT_OF(dialects)];
    hw_view text = fuzz_text(data, size);
    for (int at_end = 0; at_end < 2; at_end++) {
        FUZZ_CHECK(hw_csv_index_run(&index, dialect, text.data, size, at_end, NULL) == HW_OK);
        FUZZ_CHECK(hw_csv_index_run_exact(&exact, dialect, text.data, size, at_end, NULL) == HW_OK);
        indexes_check(&index, &exact, size);
    }
    size_t guess = hw_csv_guess_record_start(dialect, text);
    FUZZ_CHECK(guess <= size);
    FUZZ_CHECK(guess == 0 || guess == size || text.data[guess - 1] == dialect->end);
    fuzz_text_free(text);
    return 0;
}
