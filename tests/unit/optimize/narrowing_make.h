/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves that are known by their element alone, and rows of words of 64 bits. */
#ifndef HW_TESTS_NARROWING_MAKE_H
#define HW_TESTS_NARROWING_MAKE_H

#include <math.h>

#include "optimize/narrowing.h"
#include "unit/optimize/levels_make.h"

enum { VALUES_MAX = 8 };

/* A leaf by its element alone. */
struct leaf {
    struct hw_parquet_element element;
    struct hw_field field;
    struct hw_read_leaf leaf;
};

#define PLAIN(type) \
    { .physical = (type), .converted = HW_CONVERTED_NONE }
#define CONVERTED(type, of) \
    { .physical = (type), .converted = (of) }
#define LOGICAL(type, ...)                                                             \
    {                                                                                  \
        .physical = (type), .converted = HW_CONVERTED_NONE, .logical = { __VA_ARGS__ } \
    }

/* Makes the leaf of an element, with the type that the annotations give it. */
static inline void leaf_make(struct leaf *made, const struct hw_parquet_element *element) {
    const struct hw_leaf_type type = hw_leaf_type_of(element, false, (enum hw_int96)0);
    *made = (struct leaf){.element = *element, .field = {.type = type.type}};
    made->leaf = (struct hw_read_leaf){
        .element = &made->element,
        .field = &made->field,
        .physical = (enum hw_physical)element->physical,
        .form = type.form,
        .width = (size_t)element->type_length,
        .def_max = 1,
    };
}

/* Returns the leaf, until the next call, of a physical and a converted type. */
static inline const struct hw_read_leaf *leaf_of(enum hw_physical physical, enum hw_converted converted) {
    static struct leaf made;
    const struct hw_parquet_element element = {.physical = (int32_t)physical, .converted = (int32_t)converted};
    leaf_make(&made, &element);
    return &made.leaf;
}

/* Empties the rows and gives them words of 64 bits, a row each. */
static inline void words_fill(struct hw_leaf_rows *rows, const uint64_t *words, size_t count) {
    assert_int_equal(hw_leaf_rows_clear(rows, 8, NULL), HW_OK);
    rows->rows = rows->entries = rows->count = count;
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[8];
        hw_store_le64(bytes, words[i]);
        assert_int_equal(hw_buf_append(&rows->values, bytes, 8, NULL), HW_OK);
    }
}

static inline uint64_t word_of(double value) {
    uint64_t word;
    memcpy(&word, &value, sizeof(word));
    return word;
}

/* Surveys the words, a row each. */
static inline struct hw_narrow_survey survey_of(const struct hw_read_leaf *leaf, const struct hw_narrow_choice *choice,
                                                const uint64_t *words, size_t count) {
    struct hw_narrow_survey survey = {.leaf = leaf, .choice = *choice};
    struct hw_leaf_rows rows = {0};
    words_fill(&rows, words, count);
    hw_narrow_survey_add(&survey, &rows, 0);
    hw_leaf_rows_release(&rows);
    return survey;
}

#endif
