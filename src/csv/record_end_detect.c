/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/record_end_detect.h"

/* The ends that a sample has outside quotes. */
struct ends {
    size_t lf;    /* LF, also as a part of the two below */
    size_t cr;    /* CR that no LF follows */
    size_t cr_cr; /* CR CR LF */
};

static size_t quoted_skip(hw_view sample, size_t at, char quote);

/*
 * A quote opens a field only where a field can begin: the delimiter is not known yet, so behind any
 * byte that is no letter and no digit.
 */
static bool field_begins(hw_view sample, size_t at) {
    static const char before[] = ",;\t|\n\r";
    return at == 0 || (sample.data[at - 1] != '\0' && strchr(before, sample.data[at - 1]));
}

struct hw_csv_end_found hw_csv_record_end_detect(hw_view sample, char quote) {
    struct ends ends = {0};
    for (size_t i = 0; i < sample.size; i++) {
        const char byte = sample.data[i];
        if (quote != '\0' && byte == quote && field_begins(sample, i)) {
            i = quoted_skip(sample, i, quote);
        } else if (byte == '\n') {
            ends.lf++;
            ends.cr_cr += i >= 2 && sample.data[i - 1] == '\r' && sample.data[i - 2] == '\r';
        } else if (byte == '\r') {
            const char next = i + 1 < sample.size ? sample.data[i + 1] : '\r';
            ends.cr += next != '\n' && !(next == '\r' && i + 2 < sample.size && sample.data[i + 2] == '\n');
        }
    }
    /* Editors put an LF behind the last record, whatever ends the others. */
    if (ends.cr > 0 && ends.lf > 0 && sample.data[sample.size - 1] == '\n') {
        ends.lf--;
    }
    return (struct hw_csv_end_found){
        .end = ends.cr > ends.lf ? '\r' : '\n',
        .double_cr = ends.cr <= ends.lf && ends.cr_cr * 2 > ends.lf,
    };
}

/*
 * Returns the place of the quote that closes the one at `at`. Where none closes it, or something
 * else than the end of a field follows that one, it quotes nothing: returns `at`.
 */
static size_t quoted_skip(hw_view sample, size_t at, char quote) {
    static const char after[] = ",;\t|\n\r";
    for (size_t i = at + 1; i < sample.size; i++) {
        if (sample.data[i] != quote) {
            continue;
        }
        if (i + 1 < sample.size && sample.data[i + 1] == quote) {
            i++;
        } else {
            const bool closes =
                i + 1 == sample.size || (sample.data[i + 1] != '\0' && strchr(after, sample.data[i + 1]));
            return closes ? i : at;
        }
    }
    return at;
}
