/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that are written in other ways than csv/number.h, csv/datetime.h and csv/profile.h say:
 * formats of dates, other words for booleans, a comma for the point of a number, and separators of
 * thousands. They are brought into the common form, which the parsers of columns read. Nothing
 * here keeps a state or changes what it is given.
 */
#ifndef HW_CSV_SPELLING_H
#define HW_CSV_SPELLING_H

#include "csv/profile.h"

struct hw_csv_words {
    const char *const *texts; /* borrowed */
    size_t count;
};

/* The way in which the values of a column are written. All zero: the common form. */
struct hw_csv_spelling {
    /* Blanks and tabs around a field without quotes are no part of it. */
    bool trim;
    struct hw_csv_words true_values; /* besides "true" */
    struct hw_csv_words false_values;
    /* A comma stands for the point of numbers, and a point stands for nothing. */
    bool decimal_comma;
    /* Stands between groups of three digits before the point. '\0': nothing does. */
    char thousands;
    /* Formats of csv/time_format.h, in the place of the common forms; NULL: the common forms. */
    const char *date_format;
    const char *timestamp_format;
};

/* Room for a value in the common form: numbers have at most 1,000 bytes. */
enum { HW_CSV_SPELLED_BYTES = 1000 + 64 };

/* Returns the spelling that the options ask for. Borrows their texts. */
struct hw_csv_spelling hw_csv_spelling_of(const struct hw_csv_options *options);

/* Returns whether the spelling is the common form. */
bool hw_csv_spelling_is_common(const struct hw_csv_spelling *spelling);

/*
 * Checks a spelling; `typed`: types are given, not found by values. Fails with HW_EUSAGE where a
 * word is both true and false, where a separator of thousands could be a part of a number, and for
 * formats that hw_csv_time_format_check refuses or that numbers could be of while types are found;
 * with HW_ELIMIT where there are too many words.
 */
HW_NODISCARD enum hw_status hw_csv_spelling_check(const struct hw_csv_spelling *spelling, bool typed,
                                                  struct hw_error *err);

/*
 * Returns the spelling of a column whose type is found by its values: without the formats that
 * numbers could be of.
 */
struct hw_csv_spelling hw_csv_spelling_inferred(const struct hw_csv_spelling *spelling);

/*
 * Gives a value of a column of `kind`, after which HW_BATCH_PADDING bytes are readable, in the
 * common form: as `text` itself or in `room`. Returns false where it cannot be a value of that
 * kind.
 */
bool hw_csv_spelling_read(const struct hw_csv_spelling *spelling, enum hw_kind kind, hw_view text,
                          char room[HW_CSV_SPELLED_BYTES], hw_view *out_value);

/* Does hw_csv_profile_observe for a value that is written so. */
void hw_csv_spelling_observe(const struct hw_csv_spelling *spelling, hw_view text, struct hw_csv_profile *profile);

#endif
