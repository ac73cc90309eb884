/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/spelling.h"

#include "core/error.h"
#include "core/limits.h"
#include "csv/datetime.h"
#include "csv/time_format.h"
#include "table/batch.h"

enum { NUMBER_BYTES_MAX = HW_CSV_SPELLED_BYTES - HW_BATCH_PADDING, GROUP_DIGITS = 3 };

static bool has_words(const struct hw_csv_spelling *spelling);
static bool words_have(const struct hw_csv_words *words, hw_view text);
static enum hw_status format_check(const char *format, enum hw_csv_time_kind kind, bool typed, struct hw_error *err);
static bool bool_read(const struct hw_csv_spelling *spelling, hw_view text, hw_view *out_value);
static bool date_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                      hw_view *out_value);
static bool timestamp_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                           hw_view *out_value);
static bool number_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                        hw_view *out_value);
static size_t whole_read(const struct hw_csv_spelling *spelling, hw_view text, char *out, size_t *out_used);
static bool digit(char byte);

struct hw_csv_spelling hw_csv_spelling_of(const struct hw_csv_options *options) {
    return (struct hw_csv_spelling){
        .trim = options->trim,
        .true_values = {options->true_values, options->true_values_count},
        .false_values = {options->false_values, options->false_values_count},
        .decimal_comma = options->decimal_comma,
        .thousands = options->thousands,
        .date_format = options->date_format,
        .timestamp_format = options->timestamp_format,
    };
}

bool hw_csv_spelling_is_common(const struct hw_csv_spelling *spelling) {
    return !spelling->trim && !has_words(spelling) && !spelling->decimal_comma && spelling->thousands == '\0' &&
           !spelling->date_format && !spelling->timestamp_format;
}

static bool has_words(const struct hw_csv_spelling *spelling) {
    return spelling->true_values.count + spelling->false_values.count > 0;
}

enum hw_status hw_csv_spelling_check(const struct hw_csv_spelling *spelling, bool typed, struct hw_error *err) {
    static const char separators[] = ",.' _";
    char quoted[HW_QUOTE_BYTES];
    const char point = spelling->decimal_comma ? ',' : '.';
    const size_t words = hw_max_size(spelling->true_values.count, spelling->false_values.count);
    if (words > HW_CSV_WORDS_MAX) {
        return hw_fail(err, HW_ELIMIT, "%zu words are true or false, at most %u are taken", words, HW_CSV_WORDS_MAX);
    }
    for (size_t i = 0; i < spelling->true_values.count; i++) {
        const char *word = spelling->true_values.texts[i];
        if (words_have(&spelling->false_values, hw_view_of(word))) {
            return hw_fail(err, HW_EUSAGE, "%s is a word for both true and false",
                           hw_quote(word, strlen(word), quoted, sizeof(quoted)));
        }
    }
    if (spelling->thousands == point) {
        return hw_fail(err, HW_EUSAGE, "thousands are separated by '%c', which is the point of numbers", point);
    }
    if (spelling->thousands != '\0' && !strchr(separators, spelling->thousands)) {
        return hw_fail(err, HW_EUSAGE, "thousands are separated by %s, expected a comma, a point, ', a space or _",
                       hw_quote(&spelling->thousands, 1, quoted, sizeof(quoted)));
    }
    HW_TRY(format_check(spelling->date_format, HW_CSV_TIME_DATE, typed, err));
    return format_check(spelling->timestamp_format, HW_CSV_TIME_TIMESTAMP, typed, err);
}

static enum hw_status format_check(const char *format, enum hw_csv_time_kind kind, bool typed, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (!format) {
        return HW_OK;
    }
    HW_TRY(hw_csv_time_format_check(format, kind, err));
    if (!typed && hw_csv_time_format_numeric(format)) {
        return hw_fail(err, HW_EUSAGE,
                       "numbers could be of the format %s: it needs a schema file or --type, to say which columns are",
                       hw_quote(format, strlen(format), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

struct hw_csv_spelling hw_csv_spelling_inferred(const struct hw_csv_spelling *spelling) {
    struct hw_csv_spelling inferred = *spelling;
    const bool date = spelling->date_format && hw_csv_time_format_numeric(spelling->date_format);
    const bool timestamp = spelling->timestamp_format && hw_csv_time_format_numeric(spelling->timestamp_format);
    inferred.date_format = date ? NULL : spelling->date_format;
    inferred.timestamp_format = timestamp ? NULL : spelling->timestamp_format;
    return inferred;
}

static bool words_have(const struct hw_csv_words *words, hw_view text) {
    for (size_t i = 0; i < words->count; i++) {
        if (hw_view_equal(hw_view_of(words->texts[i]), text)) {
            return true;
        }
    }
    return false;
}

bool hw_csv_spelling_read(const struct hw_csv_spelling *spelling, enum hw_kind kind, hw_view text,
                          char room[HW_CSV_SPELLED_BYTES], hw_view *out_value) {
    switch (kind) {
    case HW_KIND_BOOL:
        return bool_read(spelling, text, out_value);
    case HW_KIND_INT64:
    case HW_KIND_DOUBLE:
    case HW_KIND_DECIMAL:
        return number_read(spelling, text, room, out_value);
    case HW_KIND_DATE:
        return date_read(spelling, text, room, out_value);
    case HW_KIND_TIMESTAMP:
        return timestamp_read(spelling, text, room, out_value);
    default:
        *out_value = text;
        return true;
    }
}

static bool date_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                      hw_view *out_value) {
    *out_value = text;
    return !spelling->date_format || hw_csv_time_read(spelling->date_format, text, room, out_value);
}

/* Dates stand among timestamps too. The common form of either counts where it has no format. */
static bool timestamp_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                           hw_view *out_value) {
    const char *const formats[] = {spelling->timestamp_format, spelling->date_format};
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (formats[i] && hw_csv_time_read(formats[i], text, room, out_value)) {
            return true;
        }
    }
    *out_value = text;
    return text.size == HW_DATE_BYTES ? !spelling->date_format : !spelling->timestamp_format;
}

static bool bool_read(const struct hw_csv_spelling *spelling, hw_view text, hw_view *out_value) {
    /* What stands behind the words is only read, as a field's surroundings are. */
    static const char words[2][8 + HW_BATCH_PADDING] = {"false", "true"};
    bool truth = words_have(&spelling->true_values, text);
    if (!truth && !words_have(&spelling->false_values, text) && !hw_csv_parse_bool(text, &truth)) {
        return false;
    }
    *out_value = hw_view_of(words[truth]);
    return true;
}

/*
 * Copies a number without separators and with a point. What stands behind the digits before the
 * point is copied as it is, for the parser to judge, but for marks that the spelling has used up.
 */
static bool number_read(const struct hw_csv_spelling *spelling, hw_view text, char room[HW_CSV_SPELLED_BYTES],
                        hw_view *out_value) {
    if (!spelling->decimal_comma && spelling->thousands == '\0') {
        *out_value = text;
        return true;
    }
    size_t used;
    if (text.size > NUMBER_BYTES_MAX) {
        return false;
    }
    size_t at = whole_read(spelling, text, room, &used);
    if (at == SIZE_MAX) {
        return false;
    }
    if (at < text.size && text.data[at] == (spelling->decimal_comma ? ',' : '.')) {
        room[used++] = '.';
        at++;
    }
    for (; at < text.size; at++) {
        const char byte = text.data[at];
        if (byte == '.' || byte == ',' || byte == spelling->thousands) {
            return false;
        }
        room[used++] = byte;
    }
    memset(room + used, 0, HW_BATCH_PADDING);
    *out_value = (hw_view){room, used};
    return true;
}

/*
 * Copies the sign and the digits before the point without separators, which stand between groups of
 * three. Returns the bytes that were read, SIZE_MAX where a group is too short or too long.
 */
static size_t whole_read(const struct hw_csv_spelling *spelling, hw_view text, char *out, size_t *out_used) {
    size_t at = 0;
    size_t used = 0;
    size_t group = 0;
    bool grouped = false;
    if (text.size > 0 && text.data[0] == '-') {
        out[used++] = text.data[at++];
    }
    for (; at < text.size && (digit(text.data[at]) || text.data[at] == spelling->thousands); at++) {
        if (digit(text.data[at])) {
            out[used++] = text.data[at];
            group++;
            continue;
        }
        if (group == 0 || group > GROUP_DIGITS || (grouped && group != GROUP_DIGITS)) {
            return SIZE_MAX;
        }
        grouped = true;
        group = 0;
    }
    *out_used = used;
    return grouped && group != GROUP_DIGITS ? SIZE_MAX : at;
}

static bool digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Adds a date or timestamp where these have formats. Returns false where the text is neither. */
static bool time_observe(const struct hw_csv_spelling *spelling, hw_view text, struct hw_csv_profile *profile) {
    char room[HW_CSV_SPELLED_BYTES];
    hw_view value = text;
    int32_t days;
    struct hw_timestamp timestamp;
    const bool common_date = spelling->date_format && hw_parse_date(text.data, text.size, &days);
    const bool common_timestamp = spelling->timestamp_format && hw_parse_timestamp(text.data, text.size, &timestamp);
    if ((spelling->date_format || spelling->timestamp_format) && timestamp_read(spelling, text, room, &value) &&
        value.data == room) {
        hw_csv_profile_observe(profile, value);
        return true;
    }
    profile->seen |= common_date || common_timestamp ? HW_SEEN_TEXT | HW_SEEN_PROSE : 0;
    return common_date || common_timestamp;
}

void hw_csv_spelling_observe(const struct hw_csv_spelling *spelling, hw_view text, struct hw_csv_profile *profile) {
    char room[HW_CSV_SPELLED_BYTES];
    hw_view value;
    double number;
    struct hw_digits digits;
    if (has_words(spelling)) {
        profile->seen |= bool_read(spelling, text, &value) ? HW_SEEN_WORD : HW_SEEN_OTHER;
    }
    if (time_observe(spelling, text, profile)) {
        return;
    }
    if (number_read(spelling, text, room, &value)) {
        hw_csv_profile_observe(profile, value);
        return;
    }
    /* A number of the common form is none here, but 2024-01-01 00:00:00.5 is what it is. */
    if (hw_number_classify(text.data, text.size, &number, &digits) != HW_NUMBER_NOT) {
        profile->seen |= HW_SEEN_TEXT | HW_SEEN_PROSE;
        return;
    }
    hw_csv_profile_observe(profile, text);
}
