/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_words.h"

/* A line on its way. What was read becomes words in `text`, each ended with NUL. */
struct cutter {
    hw_view line;
    size_t at;
    char *text;
    size_t used;
};

static enum hw_status word_read(struct cutter *cutter, struct hw_error *err);
static enum hw_status quoted_read(struct cutter *cutter, char quote, struct hw_error *err);
static void escaped_take(struct cutter *cutter, bool in_quotes);

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void blanks_skip(struct cutter *cutter) {
    while (cutter->at < cutter->line.size && is_blank(cutter->line.data[cutter->at])) {
        cutter->at++;
    }
}

static bool at_end(const struct cutter *cutter) {
    return cutter->at == cutter->line.size;
}

enum hw_status hw_batch_words_split(hw_view line, struct hw_arena *arena, struct hw_batch_words *out_words,
                                    struct hw_error *err) {
    /* Words have a blank between them, and a NUL takes no more room than that. */
    const size_t words_max = line.size / 2 + 1;
    struct cutter cutter = {.line = line, .text = hw_arena_alloc(arena, line.size + 1)};
    struct hw_batch_words words = {.words = hw_arena_alloc(arena, words_max * sizeof(*words.words))};
    if (!cutter.text || !words.words) {
        return hw_fail_nomem(err, words_max * sizeof(*words.words));
    }
    if (memchr(line.data, '\0', line.size)) {
        return hw_fail(err, HW_EUSAGE, "the line has a NUL in it");
    }
    blanks_skip(&cutter);
    if (!at_end(&cutter) && line.data[cutter.at] == '#') {
        cutter.at = line.size;
    }
    while (!at_end(&cutter)) {
        words.words[words.count++] = cutter.text + cutter.used;
        HW_TRY(word_read(&cutter, err));
        cutter.text[cutter.used++] = '\0';
        blanks_skip(&cutter);
    }
    *out_words = words;
    return HW_OK;
}

static enum hw_status word_read(struct cutter *cutter, struct hw_error *err) {
    while (!at_end(cutter) && !is_blank(cutter->line.data[cutter->at])) {
        const char c = cutter->line.data[cutter->at++];
        if (c == '\'' || c == '"') {
            HW_TRY(quoted_read(cutter, c, err));
        } else if (c != '\\') {
            cutter->text[cutter->used++] = c;
        } else if (at_end(cutter)) {
            return hw_fail(err, HW_EUSAGE, "a backslash ends the line, but no line goes on in the next one");
        } else {
            escaped_take(cutter, false);
        }
    }
    return HW_OK;
}

/* Reads to the quote that closes; `at` is behind the one that opens. */
static enum hw_status quoted_read(struct cutter *cutter, char quote, struct hw_error *err) {
    while (!at_end(cutter)) {
        const char c = cutter->line.data[cutter->at++];
        if (c == quote) {
            return HW_OK;
        }
        if (c == '\\' && quote == '"' && !at_end(cutter)) {
            escaped_take(cutter, true);
        } else {
            cutter->text[cutter->used++] = c;
        }
    }
    return hw_fail(err, HW_EUSAGE, "the quote %c is not closed", quote);
}

/* Takes the character behind a backslash, and in quotes the backslash too, unless it quotes it. */
static void escaped_take(struct cutter *cutter, bool in_quotes) {
    const char c = cutter->line.data[cutter->at++];
    if (in_quotes && !strchr("$`\"\\", c)) {
        cutter->text[cutter->used++] = '\\';
    }
    cutter->text[cutter->used++] = c;
}
