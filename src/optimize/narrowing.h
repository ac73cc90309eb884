/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Narrower types for a column: which ones hold every value of it exactly, and the values in such a
 * type, and back. Values of a survey count all, whatever statistics say.
 */
#ifndef HW_OPTIMIZE_NARROWING_H
#define HW_OPTIMIZE_NARROWING_H

#include "parquet/element_copy.h"
#include "parquet/int96.h"
#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The narrower forms of a column's values. */
enum hw_narrow {
    HW_NARROW_NONE,
    /* DOUBLE to FLOAT. */
    HW_NARROW_FLOAT,
    /* INT64 to INT32, signed and not. */
    HW_NARROW_INT32,
    HW_NARROW_UINT32,
    /* DOUBLE to DECIMAL on INT32 or INT64. */
    HW_NARROW_DECIMAL,
    /*
     * DECIMAL on bytes to DECIMAL on INT32 or INT64: the type stays, and no option asks for it. The
     * length of the bytes is no part of a value.
     */
    HW_NARROW_STORAGE,
    /*
     * INT96 to TIMESTAMP on INT64, of micro- or nanoseconds. INT96 has no zone, and the timestamp
     * is a local one, as readers take INT96.
     */
    HW_NARROW_MICROS,
    HW_NARROW_NANOS,
    HW_NARROW_COUNT
};

struct hw_narrowing {
    enum hw_narrow to;
    /* The most that a value may be off, as a part of it, with HW_NARROW_FLOAT; 0: not at all. */
    double tolerance;
    /* The digits of a decimal, and those behind the point. */
    int32_t precision;
    int32_t scale;
    /* The bytes of a value, before and after; 0 before: bytes of any number. */
    size_t width_before;
    size_t width_after;
};

/* Which narrower types are asked for, beside those that are always taken. */
struct hw_narrow_choice {
    /* FLOAT, INT32 and UINT32 where they are exact. */
    bool exact;
    /* Then DECIMAL. */
    bool decimals;
    /* FLOAT where no value is more off; 0: only where it is exact. */
    double tolerance;
    /* TIMESTAMP for INT96. It alone counts for INT96, and for nothing else. */
    bool int96;
};

enum { HW_NARROW_SCALES = 9, HW_NARROW_DIGITS_MAX = 15 };

/* The first INT96 of which a fact is so, and its row. */
struct hw_narrow_instant {
    uint8_t value[HW_INT96_BYTES];
    uint64_t row;
};

/*
 * The values of one column, in as many files as there are. Start it zeroed but for the first two.
 */
struct hw_narrow_survey {
    const struct hw_read_leaf *leaf;
    /* The types that are asked for; of others no more is looked at than costs little. */
    struct hw_narrow_choice choice;
    uint64_t values;
    /* DOUBLE: a value is no float; the most that one is off, as a part of it. */
    bool no_float;
    double error_most;
    /* The first value that is more off than the choice's tolerance, and its row. */
    double misfit;
    uint64_t misfit_row;
    /* Bit s: every value is a decimal of s digits behind the point, and the most that they need. */
    unsigned scales;
    uint64_t unscaled_most[HW_NARROW_SCALES + 1];
    /* INT64, as signed and as unsigned numbers. */
    int64_t least;
    int64_t most;
    uint64_t most_unsigned;
    /* INT96: the facts that are so of some value, each a bit, and the first such value. */
    unsigned facts;
    struct hw_narrow_instant instants[HW_INT96_FACTS];
};

/*
 * Returns whether a survey can find anything for a leaf: a DOUBLE, an INT64 that is a number, or an
 * INT96.
 */
bool hw_narrow_candidate(const struct hw_read_leaf *leaf);
/* Returns whether the choice asks for anything that a survey may find for the leaf. */
bool hw_narrow_asked(const struct hw_read_leaf *leaf, const struct hw_narrow_choice *choice);
/*
 * Adds values, as the file has them; `row` is the number of the first row among those of its file.
 */
void hw_narrow_survey_add(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row);
/* Adds the survey of rows that follow; their first row has number `row`. */
void hw_narrow_survey_join(struct hw_narrow_survey *survey, const struct hw_narrow_survey *next, uint64_t row);
/* Returns whether no further value can change what is decided. */
bool hw_narrow_survey_over(const struct hw_narrow_survey *survey);
/*
 * Decides for a column of which all values were surveyed. `choice` may ask for more than was looked
 * at: then only what was is found.
 */
struct hw_narrowing hw_narrow_decide(const struct hw_narrow_survey *survey, const struct hw_narrow_choice *choice);
/*
 * Returns what a column that holds its values in another form anyway becomes: HW_NARROW_STORAGE, or
 * none.
 */
struct hw_narrowing hw_narrow_storage(const struct hw_read_leaf *leaf);
/* Sets the type that the element of a leaf gets. */
void hw_narrow_type(const struct hw_narrowing *narrowing, const struct hw_parquet_element *element,
                    struct hw_element_type *out_type);

/*
 * Brings values to the narrower form, in place. HW_EDATA where one does not fit, which a survey of
 * the same values has excluded, or, with HW_NARROW_STORAGE, a decimal has more digits than its
 * type.
 */
HW_NODISCARD enum hw_status hw_narrow_values(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                             struct hw_error *err);
/* Returns whether hw_narrow_widen brings back what was there, bit by bit. */
bool hw_narrow_widens(const struct hw_narrowing *narrowing);
/* Brings narrowed values back, in place. */
HW_NODISCARD enum hw_status hw_narrow_widen(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                            struct hw_error *err);

#endif
