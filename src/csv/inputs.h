/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs of one table: CSV texts that are read one after the other. The table's columns are
 * those of all inputs, by name, in the order in which they first appear. Several threads look at
 * the objects, in any order; then the inputs are put in order. An ordinary table has one input.
 */
#ifndef HW_CSV_INPUTS_H
#define HW_CSV_INPUTS_H

#include "core/intern.h"
#include "csv/choice.h"
#include "csv/members.h"
#include "csv/object.h"
#include "table/arrange.h"

enum { HW_CSV_LEFT_OUT = HW_ARRANGE_LEFT_OUT };

/* The columns of an input. Inputs with equal columns share them. */
struct hw_csv_columns {
    /*
     * For each column the number of its name, and once the inputs are in order, its place in the
     * table; HW_CSV_LEFT_OUT where the table does not have it.
     */
    uint32_t *places;
    size_t count;
    size_t taken;                                 /* those of them that the table has */
    bool whole;                                   /* the table has these columns, in this order */
    const struct hw_schema *schema;               /* these columns with the types of the table */
    const struct hw_csv_constraints *constraints; /* the table's constraints for these columns */
    /* `schema` and `constraints` point to these where the columns are not the whole table. */
    struct hw_schema own_schema;
    struct hw_csv_constraint *own_columns;
    struct hw_csv_constraints own_constraints;
};

/* A range of an input, from one record to another. */
struct hw_csv_input_part {
    uint64_t rows;
    uint64_t bytes;
    uint64_t sum; /* the bytes' checksum, of the kind that the input is compared with */
    /* Bytes behind the packed ones that were left out: what hw_csv_stream_garbage_bytes tells. */
    uint64_t garbage_bytes;
};

/* The form of an input. Inputs that are written alike share it. */
struct hw_csv_form {
    struct hw_csv_columns *columns;
    struct hw_csv_dialect dialect;
    uint64_t body_lines;     /* physical lines before the first row */
    const char *looks_like;  /* an encoding, for messages; NULL: the sample is UTF-8 */
    uint64_t preamble_lines; /* for messages: lines that seem to stand before the true header */
    uint64_t window_bytes;   /* memory that unpacking the text takes */
    bool remote;
    /* The kind of checksum that the bytes were compared with when they came. */
    enum hw_checksum_kind proved_by;
};

/* An input. It is kept small, because a merge may have a million of them. */
struct hw_csv_input {
    struct hw_csv_object *object;
    const char *name;
    const struct hw_csv_form *form;
    uint64_t body_offset; /* offset of the first row's first byte in the text */
    uint64_t bytes;       /* length of a text that can be cut; 0 for another one */
    uint32_t member;      /* number of the member where the object is a ZIP, else 0 */
    bool cuttable;
    /*
     * The checksum of the whole object that the bytes are to be compared with, where they were
     * compared with none when they came. HW_CHECKSUM_NONE where the object has none either.
     */
    struct hw_checksum checksum;
    uint64_t head_sum; /* the checksum, of that kind, of the bytes before body_offset */
    /* The sum of the parts accepted so far; its checksum is that of all bytes up to there. */
    struct hw_csv_input_part done;
};

struct hw_csv_inputs_options {
    const struct hw_csv_options *csv; /* borrowed */
    struct hw_csv_choice choice;      /* what is asked of the columns */
    bool typed;                       /* types are known already, so nobody looks at values */
    uint64_t survey_bytes_max;        /* as in struct hw_csv_tables_options */
    bool checksums;                   /* inputs are compared with the checksums of their stores */
    /* Only the member `member` of the only object is an input, and is named `name`. */
    bool one_member;
    size_t member;
    bool all_members;             /* hidden and temporary members are inputs too, and texts */
    struct hw_left_out *left_out; /* counts members that are no inputs; NULL: nobody does */
    const char *name;             /* borrowed */
    uint64_t record_bytes_max;    /* a longer first record fails with HW_ELIMIT */
    /*
     * Remote objects of at most `kept_object_bytes_max` bytes stay open until they are read, as
     * many as have `kept_bytes_max` bytes together. 0: none does.
     */
    uint64_t kept_object_bytes_max;
    uint64_t kept_bytes_max;
};

struct hw_csv_inputs {
    struct hw_csv_inputs_options options;
    struct hw_csv_object *objects; /* borrowed */
    size_t objects_count;

    struct hw_csv_input *items; /* the inputs; NULL until they are in order */
    size_t count;
    struct hw_arena arena; /* names and columns */

    struct {
        pthread_mutex_t lock;
        uint64_t kept_bytes;           /* bytes of objects that stay open until they are read */
        struct hw_buf found;           /* struct hw_csv_input, in the order of the looks */
        struct hw_intern names;        /* the names of columns */
        struct hw_intern sets;         /* the sets of columns of inputs, as numbers of names */
        struct hw_intern form_numbers; /* the forms that inputs have, as their bytes */
        struct hw_intern sources;      /* the names that inputs have for their columns */
        struct hw_buf profiles;        /* a struct hw_csv_profile for each name */
        struct hw_buf ranks;           /* uint32_t each: the least place that a name was given */
        struct hw_buf columns;         /* a struct hw_csv_columns * for each set */
        struct hw_buf forms;           /* a struct hw_csv_form * for each number of a form */
        struct hw_notes notes;         /* of all inputs; texts live in the arena */
    } synced;
};

/* Borrows the objects; copies the options, and borrows what they name. */
void hw_csv_inputs_init(struct hw_csv_inputs *inputs, struct hw_csv_object *objects, size_t count,
                        const struct hw_csv_inputs_options *options);
void hw_csv_inputs_release(struct hw_csv_inputs *inputs);

/* Looks at the inputs in an object. Safe from any thread; called once for each object. */
HW_NODISCARD enum hw_status hw_csv_inputs_look(struct hw_csv_inputs *inputs, size_t object, struct hw_error *err);

/*
 * Puts all inputs in the order of their objects and members. Gives the table's columns, without
 * types, as a schema that lives in `inputs`, and the profiles of their values, which the caller
 * frees. Where a column is added for the names of sources, it is the last one. Fails with HW_EDATA
 * where a column is asked for that no input has.
 */
HW_NODISCARD enum hw_status hw_csv_inputs_order(struct hw_csv_inputs *inputs, struct hw_schema *out_schema,
                                                struct hw_csv_profile **out_profiles, struct hw_error *err);

/*
 * Gives the inputs the types and constraints of the table. Called each time these are decided.
 * Borrows both.
 */
HW_NODISCARD enum hw_status hw_csv_inputs_set_types(struct hw_csv_inputs *inputs, const struct hw_schema *schema,
                                                    const struct hw_csv_constraints *constraints, struct hw_error *err);

/* Forgets the parts of an input that were accepted. */
void hw_csv_input_begin(struct hw_csv_input *input);

/* Accepts the next part of an input. */
void hw_csv_input_add(struct hw_csv_input *input, const struct hw_csv_input_part *part);

/*
 * Proves that all of the input was read, and as its store has it. Fails with HW_ECHECKSUM where it
 * was not.
 */
HW_NODISCARD enum hw_status hw_csv_input_prove(const struct hw_csv_input *input, struct hw_error *err);

#endif
