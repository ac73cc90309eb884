/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_cut.h"

enum {
    /* So many characters behind the first difference decide where a cut is. */
    DIGITS = 8,
    /* Only ASCII is cut at, so that no character of UTF-8 is cut in two. */
    ASCII_END = 0x7f,
};
static_assert(HW_S3_LIST_CHARACTERS == ASCII_END + 1, "a place has each character of ASCII");

void hw_s3_list_alphabet_add(struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_page *page,
                             const char *prefix) {
    const size_t prefix_bytes = prefix ? strlen(prefix) : 0;
    for (size_t i = 0; i < page->entries_count; i++) {
        const char *key = page->entries[i].key;
        const char *text = strlen(key) > prefix_bytes ? key + prefix_bytes : "";
        for (size_t at = 0; text[at]; at++) {
            const size_t position = hw_min_size(at, HW_S3_LIST_POSITIONS - 1);
            const uint8_t c = (uint8_t)text[at];
            alphabet->has[position][c < HW_S3_LIST_CHARACTERS ? c : 0] = true;
        }
    }
}

/* The printable characters that a place is taken to have, in order. */
struct digits {
    char chars[ASCII_END];
    unsigned count;
};

static bool any(const bool *has, char first, char last) {
    bool found = false;
    for (size_t c = (uint8_t)first; c <= (uint8_t)last; c++) {
        found = found || has[c];
    }
    return found;
}

/*
 * Where there was a digit there will be others, and so with letters: those of hexadecimal numbers.
 */
static struct digits digits_of(const struct hw_s3_list_alphabet *alphabet, size_t at) {
    static const struct { char first, hex_last, last; } kinds[] = {{'0', '9', '9'}, {'A', 'F', 'Z'}, {'a', 'f', 'z'}};
    const bool *has = alphabet->has[hw_min_size(at, HW_S3_LIST_POSITIONS - 1)];
    bool all[HW_S3_LIST_CHARACTERS];
    struct digits digits = {.count = 0};
    memcpy(all, has, sizeof(all));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const bool beyond = any(has, (char)(kinds[i].hex_last + 1), kinds[i].last);
        const uint8_t last = (uint8_t)(beyond ? kinds[i].last : kinds[i].hex_last);
        if (any(has, kinds[i].first, kinds[i].last)) {
            memset(all + (uint8_t)kinds[i].first, true, (size_t)(last - (uint8_t)kinds[i].first) + 1);
        }
    }
    for (int c = ' '; c < ASCII_END; c++) {
        if (all[c]) {
            digits.chars[digits.count++] = (char)c;
        }
    }
    return digits;
}

/* The digits of the places behind the part that both ends of a gap have in common. */
struct places {
    struct digits digits[DIGITS];
};

/* Reads a text as a fraction: each character is as much as there are digits in front of it. */
static uint64_t fraction(const struct places *places, const char *text) {
    uint64_t value = 0;
    for (int i = 0; i < DIGITS; i++) {
        const struct digits *digits = &places->digits[i];
        unsigned digit = 0;
        while (*text && digit < digits->count && (uint8_t)digits->chars[digit] < (uint8_t)*text) {
            digit++;
        }
        value = value * (digits->count + 1) + digit;
        text += *text != '\0';
    }
    return value;
}

/* Writes a fraction; a place without characters ends it. */
static void fraction_write(const struct places *places, uint64_t value, char out[DIGITS + 1]) {
    memset(out, 0, DIGITS + 1);
    for (int i = DIGITS - 1; i >= 0; i--) {
        const struct digits *digits = &places->digits[i];
        const unsigned digit = (unsigned)(value % (digits->count + 1));
        value /= digits->count + 1;
        out[i] = '\0';
        if (digits->count > 0) {
            out[i] = digits->chars[digit < digits->count ? digit : digits->count - 1];
        }
    }
}

static bool between(const struct hw_s3_list_gap *gap, const struct hw_buf *cut) {
    const char *text = (const char *)cut->data;
    return strcmp(text, gap->after) > 0 && (!gap->end || strcmp(text, gap->end) < 0);
}

/* Makes the cut, and takes it back unless it lies in the gap. */
static enum hw_status cut_set(const struct hw_s3_list_gap *gap, size_t common, const char *rest, struct hw_buf *out_cut,
                              struct hw_error *err) {
    hw_buf_clear(out_cut);
    HW_TRY(hw_buf_append(out_cut, gap->after, common, err));
    HW_TRY(hw_buf_append_text(out_cut, rest, err));
    HW_TRY(hw_buf_end_text(out_cut, err));
    if (!between(gap, out_cut)) {
        hw_buf_clear(out_cut);
    }
    return HW_OK;
}

/* Returns how many bytes both ends of a gap begin with. A character of UTF-8 stays whole. */
static size_t common_bytes(const struct hw_s3_list_gap *gap) {
    size_t common = gap->prefix_bytes;
    while (gap->end && gap->after[common] && gap->after[common] == gap->end[common]) {
        common++;
    }
    while (common > gap->prefix_bytes && ((uint8_t)gap->after[common] & 0xc0) == 0x80) {
        common--;
    }
    return common;
}

/*
 * A gap as numbers: its beginning and its end, by the characters behind what they have in common.
 */
struct span {
    struct places places;
    size_t common;
    uint64_t low;
    uint64_t high;
};

/* Returns false where the gap is none, or too small to tell. */
static bool span_make(const struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_gap *gap, struct span *out) {
    uint64_t all = 1;
    if (strlen(gap->after) < gap->prefix_bytes) {
        return false;
    }
    out->common = common_bytes(gap);
    for (size_t i = 0; i < DIGITS; i++) {
        out->places.digits[i] = digits_of(alphabet, out->common - gap->prefix_bytes + i);
        all *= out->places.digits[i].count + 1;
    }
    out->low = fraction(&out->places, gap->after + out->common);
    out->high = gap->end ? fraction(&out->places, gap->end + out->common) : all - 1;
    return out->high > out->low;
}

enum hw_status hw_s3_list_cut(const struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_gap *gap,
                              unsigned part, unsigned parts, struct hw_buf *out_cut, struct hw_error *err) {
    struct span span;
    char rest[DIGITS + 1];
    hw_buf_clear(out_cut);
    if (!span_make(alphabet, gap, &span)) {
        return HW_OK;
    }
    fraction_write(&span.places, span.low + (span.high - span.low) / parts * part, rest);
    return cut_set(gap, span.common, rest, out_cut, err);
}

double hw_s3_list_left(const struct hw_s3_list_alphabet *alphabet, const struct hw_s3_list_gap *gap, const char *last) {
    struct span span;
    if (!span_make(alphabet, gap, &span) || strncmp(last, gap->after, span.common) != 0) {
        return 0;
    }
    const uint64_t at = fraction(&span.places, last + span.common);
    return at > span.low && at < span.high ? (double)(span.high - at) / (double)(at - span.low) : 0;
}

enum hw_status hw_s3_list_carry(const struct hw_s3_list_gap *gap, size_t at, struct hw_buf *out_cut,
                                struct hw_error *err) {
    hw_buf_clear(out_cut);
    if (at >= strlen(gap->after) || (uint8_t)gap->after[at] >= ASCII_END - 1 || (uint8_t)gap->after[at] < ' ') {
        return HW_OK;
    }
    const char raised[] = {(char)(gap->after[at] + 1), '\0'};
    return cut_set(gap, at, raised, out_cut, err);
}
