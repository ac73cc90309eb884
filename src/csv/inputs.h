/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs of one table: CSV texts that are read one after the other. The table's columns are
 * those of all inputs, by name, in the order in which they first appear. Objects are looked at in
 * any order, by several threads; then their inputs are put in order. An ordinary table has one
 * input.
 */
#ifndef HW_CSV_INPUTS_H
#define HW_CSV_INPUTS_H

#include "core/intern.h"
#include "csv/layout.h"
#include "csv/object.h"

/* The columns that an input has. Inputs with equal columns share them. */
struct hw_csv_columns {
    /*
     * One a column: the number of its name; once the inputs are in order, its place in the table.
     */
    uint32_t *places;
    size_t count;
    bool whole;                                   /* The table has these columns, in this order. */
    const struct hw_schema *schema;               /* of the input; the types are the table's */
    const struct hw_csv_constraints *constraints; /* the table's, for these columns */
    struct hw_schema own_schema;                  /* where it is not whole, as the next two */
    struct hw_csv_constraint *own_columns;
    struct hw_csv_constraints own_constraints;
};

/* Some of an input, from one record to another. */
struct hw_csv_input_part {
    uint64_t rows;
    uint64_t bytes;
    uint64_t sum; /* of the bytes, by the kind of checksum that the input is compared with */
};

/* The form of an input. Inputs that are written alike share it. */
struct hw_csv_form {
    struct hw_csv_columns *columns;
    struct hw_csv_dialect dialect;
    uint64_t body_lines;   /* physical lines before the first row */
    uint64_t window_bytes; /* of memory that unpacking it takes */
    bool remote;
    enum hw_checksum_kind proved_by; /* what its bytes were compared with when they came */
};

/* It is small: there may be very many of them. */
struct hw_csv_input {
    struct hw_csv_object *object;
    const char *name;
    const struct hw_csv_form *form;
    uint64_t body_offset; /* first byte of the first row */
    uint64_t bytes;       /* of a text that can be cut; else 0 */
    uint32_t member;      /* of a ZIP */
    bool cuttable;
    /* else the whole object's, to be compared with; of kind NONE there is none */
    struct hw_checksum checksum;
    uint64_t head_sum; /* of the bytes before body_offset, by that kind of checksum */
    /* what was accepted so far; its sum is that of all bytes up to here */
    struct hw_csv_input_part done;
};

struct hw_csv_inputs_options {
    const struct hw_csv_options *csv; /* borrowed */
    bool typed;                       /* Types are given: nobody looks at values. */
    /* Inputs are to be compared with the checksums that their stores keep. */
    bool checksums;
    /* Only `member` of the only object is an input, and `name` is its name. */
    bool one_member;
    size_t member;
    const char *name; /* borrowed */
    uint64_t record_bytes_max;
    /*
     * Small remote objects, of at most so many bytes each, stay open until they are read, as many
     * as fit. 0: none.
     */
    uint64_t kept_object_bytes_max;
    uint64_t kept_bytes_max;
};

struct hw_csv_inputs {
    struct hw_csv_inputs_options options;
    struct hw_csv_object *objects; /* borrowed */
    size_t objects_count;

    struct hw_csv_input *items; /* once in order */
    size_t count;
    struct hw_arena arena; /* names, columns */

    struct {
        pthread_mutex_t lock;
        uint64_t kept_bytes;           /* of objects that stay open until they are read */
        struct hw_buf found;           /* struct hw_csv_input, in the order of the looks */
        struct hw_intern names;        /* of columns */
        struct hw_intern sets;         /* of columns: the numbers of their names */
        struct hw_intern form_numbers; /* by the bytes of forms */
        struct hw_buf profiles;        /* struct hw_csv_profile, one a name */
        struct hw_buf columns;         /* struct hw_csv_columns *, one a set */
        struct hw_buf forms;           /* struct hw_csv_form *, one a number */
    } synced;
};

/* Borrows the objects. */
void hw_csv_inputs_init(struct hw_csv_inputs *inputs, struct hw_csv_object *objects, size_t count,
                        const struct hw_csv_inputs_options *options);
void hw_csv_inputs_release(struct hw_csv_inputs *inputs);

/* Looks at the inputs in an object. Any thread, each object once. */
HW_NODISCARD enum hw_status hw_csv_inputs_look(struct hw_csv_inputs *inputs, size_t object, struct hw_error *err);

/*
 * Puts all inputs in the order of their objects and members. Gives the columns of the table,
 * without types, and the profiles of their values, which the caller frees. The schema lives in
 * `inputs`.
 */
HW_NODISCARD enum hw_status hw_csv_inputs_order(struct hw_csv_inputs *inputs, struct hw_schema *out_schema,
                                                struct hw_csv_profile **out_profiles, struct hw_error *err);

/*
 * Tells the inputs the types and constraints of the table, each time they are decided. Borrows
 * both.
 */
HW_NODISCARD enum hw_status hw_csv_inputs_set_types(struct hw_csv_inputs *inputs, const struct hw_schema *schema,
                                                    const struct hw_csv_constraints *constraints, struct hw_error *err);

/* Forgets what was accepted of an input. */
void hw_csv_input_begin(struct hw_csv_input *input);
/* Accepts the next part of an input. */
void hw_csv_input_add(struct hw_csv_input *input, const struct hw_csv_input_part *part);
/*
 * Proves that all of the input was read, and is what its store has. HW_ECHECKSUM where it is not.
 */
HW_NODISCARD enum hw_status hw_csv_input_prove(const struct hw_csv_input *input, struct hw_error *err);

#endif
