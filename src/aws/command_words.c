/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/command_words.h"

#include "core/alloc.h"

void hw_command_words_release(struct hw_command_words *words) {
    hw_buf_release(&words->texts);
    hw_free(words->list);
    *words = (struct hw_command_words){0};
}

/* Where the next byte stands. */
enum place { BETWEEN_WORDS, IN_WORD, IN_SINGLE_QUOTES, IN_DOUBLE_QUOTES };

struct split {
    struct hw_buf *texts;
    size_t count;
    enum place place;
};

static enum hw_status byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err);
static enum hw_status list_make(struct hw_command_words *words, struct hw_error *err);

enum hw_status hw_command_words_split(hw_view text, struct hw_command_words *out_words, struct hw_error *err) {
    HW_AUTO(hw_command_words) words = {0};
    struct split split = {.texts = &words.texts};

    while (text.size > 0) {
        size_t taken = 0;
        HW_TRY(byte_take(&split, text, &taken, err));
        text.data += taken;
        text.size -= taken;
    }
    if (split.place == IN_SINGLE_QUOTES || split.place == IN_DOUBLE_QUOTES) {
        return hw_fail(err, HW_ECONFIG, "the command has a quote that is not closed");
    }
    if (split.place == IN_WORD) {
        HW_TRY(hw_buf_append_byte(&words.texts, '\0', err));
        split.count++;
    }
    words.count = split.count;
    if (words.count == 0) {
        return hw_fail(err, HW_ECONFIG, "the command is empty");
    }
    HW_TRY(list_make(&words, err));
    *out_words = words;
    words = (struct hw_command_words){0};
    return HW_OK;
}

static enum hw_status plain_byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err);
static enum hw_status quoted_byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err);

/* Takes one byte of the command, or a backslash and what it protects. */
static enum hw_status byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err) {
    const bool quoted = split->place == IN_SINGLE_QUOTES || split->place == IN_DOUBLE_QUOTES;
    *out_taken = 1;
    return quoted ? quoted_byte_take(split, rest, out_taken, err) : plain_byte_take(split, rest, out_taken, err);
}

static enum hw_status plain_byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err) {
    const char byte = rest.data[0];
    if (hw_blank(byte)) {
        const bool ends_word = split->place == IN_WORD;
        split->place = BETWEEN_WORDS;
        split->count += ends_word;
        return ends_word ? hw_buf_append_byte(split->texts, '\0', err) : HW_OK;
    }
    split->place = byte == '\'' ? IN_SINGLE_QUOTES : byte == '"' ? IN_DOUBLE_QUOTES : IN_WORD;
    if (split->place != IN_WORD) {
        return HW_OK;
    }
    if (byte != '\\') {
        return hw_buf_append_byte(split->texts, (uint8_t)byte, err);
    }
    if (rest.size == 1) {
        return hw_fail(err, HW_ECONFIG, "the command ends with a backslash");
    }
    *out_taken = 2;
    return hw_buf_append_byte(split->texts, (uint8_t)rest.data[1], err);
}

static enum hw_status quoted_byte_take(struct split *split, hw_view rest, size_t *out_taken, struct hw_error *err) {
    const char quote = split->place == IN_SINGLE_QUOTES ? '\'' : '"';
    const char byte = rest.data[0];
    if (byte == quote) {
        split->place = IN_WORD;
        return HW_OK;
    }
    const bool protects =
        quote == '"' && byte == '\\' && rest.size > 1 && (rest.data[1] == '"' || rest.data[1] == '\\');
    *out_taken = protects ? 2 : 1;
    return hw_buf_append_byte(split->texts, (uint8_t)rest.data[protects ? 1 : 0], err);
}

static enum hw_status list_make(struct hw_command_words *words, struct hw_error *err) {
    words->list = hw_alloc_zero(words->count + 1, sizeof(*words->list));
    if (!words->list) {
        return hw_fail_nomem(err, (words->count + 1) * sizeof(*words->list));
    }
    char *at = (char *)words->texts.data;
    for (size_t i = 0; i < words->count; i++) {
        words->list[i] = at;
        at += strlen(at) + 1;
    }
    return HW_OK;
}
