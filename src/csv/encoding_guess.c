/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/encoding_guess.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>

#include "csv/encoding.h"

enum { SAMPLE_BYTES_MAX = 64 << 10, WIDE_BYTES_MAX = 4 << 10, RANGES_MAX = 5 };

/* Counts of the characters beyond ASCII of a sample. */
struct counts {
    size_t all;
    size_t common;
};

struct candidate;
typedef struct counts count_fn(const struct candidate *candidate, hw_view sample);

static count_fn letters_count;
static count_fn pairs_count;

/* Inclusive; bytes of an encoding of one byte a character, pairs of one of two. */
struct range {
    uint16_t first;
    uint16_t last;
};

struct candidate {
    const char *name;
    count_fn *count;
    struct range common[RANGES_MAX]; /* letters, or pairs that are common in texts */
    bool separate;                   /* its letters do not stand beside those of ASCII in a word */
    struct range upper;              /* capitals, where `separate` */
    uint8_t trail_min;               /* of the second byte of common pairs */
};

/*
 * At a tie the first one counts. The letters are those of the code pages; the common pairs are the
 * kana and the first level of ideographs or the syllables, which the standards have put first.
 */
static const struct candidate candidates[] = {
    {"windows-1252",
     letters_count,
     {{0x8a, 0x8a}, {0x8c, 0x8e}, {0x9a, 0x9f}, {0xc0, 0xd6}, {0xd8, 0xff}},
     false,
     {0, 0},
     0},
    {"windows-1250",
     letters_count,
     {{0x8a, 0x8f}, {0x9a, 0x9f}, {0xa3, 0xa5}, {0xb3, 0xbf}, {0xc0, 0xfe}},
     false,
     {0, 0},
     0},
    {"windows-1251", letters_count, {{0xc0, 0xff}, {0xa8, 0xa8}, {0xb8, 0xb8}}, true, {0xc0, 0xdf}, 0},
    {"koi8-r", letters_count, {{0xc0, 0xff}, {0xa3, 0xa3}, {0xb3, 0xb3}}, true, {0xe0, 0xff}, 0},
    {"shift-jis",
     pairs_count,
     {{0x8140, 0x81ac}, {0x824f, 0x82f1}, {0x8340, 0x8396}, {0x889f, 0x9872}},
     false,
     {0, 0},
     0x40},
    {"cp932",
     pairs_count,
     {{0x8140, 0x81ac}, {0x824f, 0x82f1}, {0x8340, 0x8396}, {0x889f, 0x9872}},
     false,
     {0, 0},
     0x40},
    {"euc-kr", pairs_count, {{0xa1a1, 0xa3fe}, {0xb0a1, 0xc8fe}}, false, {0, 0}, 0xa1},
    {"euc-jp",
     pairs_count,
     {{0xa1a1, 0xa3fe}, {0xa4a1, 0xa4f3}, {0xa5a1, 0xa5f6}, {0xb0a1, 0xcfd3}},
     false,
     {0, 0},
     0xa1},
    {"big5", pairs_count, {{0xa140, 0xa3bf}, {0xa440, 0xc67e}}, false, {0, 0}, 0x40},
    {"gbk", pairs_count, {{0xa1a1, 0xa3fe}, {0xb0a1, 0xd7f9}}, false, {0, 0}, 0xa1},
};

static bool sample_valid(const char *name, hw_view sample);

const char *hw_csv_encoding_guess(hw_view sample) {
    const char *best = candidates[0].name;
    struct counts most = {1, 0};
    sample.size = hw_min_size(sample.size, SAMPLE_BYTES_MAX);
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        const struct counts counts = candidates[i].count(&candidates[i], sample);
        const bool better = counts.common * most.all > most.common * counts.all;
        if (better && sample_valid(candidates[i].name, sample)) {
            best = candidates[i].name;
            most = counts;
        }
    }
    return best;
}

/* Returns whether all of the sample, which may end within a character, is of an encoding. */
static bool sample_valid(const char *name, hw_view sample) {
    const struct hw_csv_encoding encoding = hw_csv_encoding_of(name);
    char text[4096];
    if (encoding.coding != HW_CSV_CODING_NAMED) {
        return true;
    }
    iconv_t converter = hw_csv_encoding_converter(&encoding);
    if (converter == (iconv_t)-1) {
        return false;
    }
    char *in = (char *)(uintptr_t)sample.data; /* iconv does not write there */
    size_t in_bytes = sample.size;
    int fault = E2BIG;
    while (fault == E2BIG) {
        char *out = text;
        size_t out_bytes = sizeof(text);
        fault = iconv(converter, &in, &in_bytes, &out, &out_bytes) == (size_t)-1 ? errno : 0;
    }
    iconv_close(converter);
    return fault == 0 || fault == EINVAL;
}

static bool in_ranges(const struct range *ranges, unsigned code) {
    for (size_t i = 0; i < RANGES_MAX; i++) {
        if (ranges[i].first != 0 && code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool high(uint8_t byte) {
    return byte >= 0x80;
}

/* Returns whether a byte is a quote, a dash or another mark that all Windows code pages have. */
static bool mark_common(uint8_t byte) {
    return byte == 0x80 || byte == 0x82 || byte == 0x84 || byte == 0x85 || (byte >= 0x91 && byte <= 0x97) ||
           byte == 0x99 || byte == 0xa0 || byte == 0xa9 || byte == 0xab || byte == 0xae || byte == 0xb0 ||
           byte == 0xb7 || byte == 0xbb;
}

/* Returns whether a byte is ¡ £ § or ¿ of windows-1252, which stand before words and numbers. */
static bool sign_common(uint8_t byte) {
    return byte == 0xa1 || byte == 0xa3 || byte == 0xa7 || byte == 0xbf;
}

/*
 * Letters of Latin are single ones in words of ASCII; those of Cyrillic make words of their own, of
 * which only the first is a capital.
 */
static bool letter_common(const struct candidate *candidate, uint8_t before, uint8_t byte, uint8_t after) {
    if (!in_ranges(candidate->common, byte)) {
        return mark_common(byte) || (sign_common(byte) && !isalpha(before));
    }
    if (!candidate->separate) {
        return !(high(before) && high(after));
    }
    const bool capital = byte >= candidate->upper.first && byte <= candidate->upper.last;
    return !isalpha(before) && !isalpha(after) && !(capital && high(before));
}

static struct counts letters_count(const struct candidate *candidate, hw_view sample) {
    struct counts counts = {0};
    const uint8_t *data = (const uint8_t *)sample.data;
    for (size_t i = 0; i < sample.size; i++) {
        if (high(data[i])) {
            const uint8_t before = i > 0 ? data[i - 1] : ' ';
            const uint8_t after = i + 1 < sample.size ? data[i + 1] : ' ';
            counts.common += letter_common(candidate, before, data[i], after);
            counts.all++;
        }
    }
    return counts;
}

static struct counts pairs_count(const struct candidate *candidate, hw_view sample) {
    struct counts counts = {0};
    const uint8_t *data = (const uint8_t *)sample.data;
    for (size_t i = 0; i + 1 < sample.size; i++) {
        if (high(data[i])) {
            const unsigned pair = (unsigned)data[i] << 8 | data[i + 1];
            counts.common += data[i + 1] >= candidate->trail_min && in_ranges(candidate->common, pair);
            counts.all++;
            i++;
        }
    }
    return counts;
}

const char *hw_csv_encoding_guess_wide(hw_view head) {
    const size_t bytes = hw_min_size(head.size, WIDE_BYTES_MAX) / 2 * 2;
    size_t nuls[2] = {0};  /* at even and odd places */
    size_t lines[2] = {0}; /* units of a line feed, big-endian and little-endian */
    size_t line_feeds = 0;
    for (size_t i = 0; i < bytes; i++) {
        nuls[i % 2] += head.data[i] == '\0';
        line_feeds += head.data[i] == '\n';
    }
    for (size_t i = 0; i < bytes; i += 2) {
        lines[0] += head.data[i] == '\0' && head.data[i + 1] == '\n';
        lines[1] += head.data[i] == '\n' && head.data[i + 1] == '\0';
    }
    static const char *const names[] = {"utf-16be", "utf-16le"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const bool often = nuls[i] > 0 && nuls[i] >= bytes / 20 && nuls[1 - i] <= nuls[i] / 8;
        if (often && (lines[i] > 0 || line_feeds == 0)) {
            return names[i];
        }
    }
    return NULL;
}
