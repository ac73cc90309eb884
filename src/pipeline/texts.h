/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts that one conversion reads, one after the other, and the table that they make together: its columns are those of all texts, by name, in the order in which they
 * first appear. Texts are looked at in any order, by several workers; then they are put in order. An ordinary conversion has one text.
 */
#ifndef HW_PIPELINE_TEXTS_H
#define HW_PIPELINE_TEXTS_H

#include "core/intern.h"
#include "csv/layout.h"
#include "pipeline/origin.h"

/* What columns a text has; texts with equal ones share it. */
struct hw_shape {
    uint32_t *places; /* one a column: the number of its name; once in order, its place in the table */
    size_t count;
    bool whole;                                   /* the table has these columns, in this order */
    const struct hw_schema *schema;               /* of a text; types are the table's */
    const struct hw_csv_constraints *constraints; /* the table's, for these columns */
    struct hw_schema own_schema;                  /* where it is not whole, as the next two */
    struct hw_csv_constraint *own_columns;
    struct hw_csv_constraints own_constraints;
};

/* Some of a text, from one record to another. */
struct hw_text_part {
    uint64_t rows;
    uint64_t bytes;
    uint64_t sum; /* of the bytes, by the kind of checksum that the text is compared with */
};

struct hw_text {
    struct hw_origin *origin;
    size_t member; /* of a ZIP */
    const char *name;
    struct hw_shape *shape;
    struct hw_csv_dialect dialect;
    uint64_t body_offset;  /* first byte of the first row */
    uint64_t body_lines;   /* physical lines before it */
    uint64_t bytes;        /* of a text that can be cut; else 0 */
    uint64_t window_bytes; /* of memory that unpacking it takes */
    bool cuttable;
    enum hw_checksum_kind proved_by; /* what its bytes were compared with when they came */
    struct hw_checksum checksum;     /* else: the whole object's, to be compared with; of kind NONE there is none */
    uint64_t head_sum;               /* of the bytes before body_offset, by that kind of checksum */
    struct hw_text_part done;        /* what was converted of it so far; its sum is that of all bytes up to here */
};

struct hw_texts {
    const struct hw_convert_options *options;
    struct hw_origin *origins; /* borrowed */
    size_t origins_count;
    bool typed;                /* types are given: nobody looks at values */
    bool pinned;               /* origins are opened again, and must be what the plan found */
    uint64_t record_bytes_max; /* that a record may have */
    uint64_t kept_bytes_max;   /* of small remote objects that stay in memory until they are read */

    struct hw_text *items; /* once in order */
    size_t count;
    struct hw_arena arena; /* names, shapes */

    struct {
        pthread_mutex_t lock;
        size_t next;            /* origin to be looked at */
        size_t busy;            /* workers that look */
        uint64_t kept_bytes;    /* of origins that stay open until they are read */
        struct hw_buf found;    /* struct hw_text, in the order they were looked at */
        struct hw_intern names; /* of columns */
        struct hw_intern sets;  /* of columns: the numbers of their names */
        struct hw_buf profiles; /* struct hw_csv_profile, one a name */
        struct hw_buf shapes;   /* struct hw_shape *, one a set */
        enum hw_status status;  /* of the first origin that failed, */
        size_t failed;          /* which is this one */
        struct hw_error error;
    } shared;
};

/* Borrows all. */
void hw_texts_init(struct hw_texts *texts, struct hw_origin *origins, size_t count,
                   const struct hw_convert_options *options, bool typed);
void hw_texts_release(struct hw_texts *texts);

/* An origin to look at; false where there is none left, or one has failed. Any thread. */
bool hw_texts_claim(struct hw_texts *texts, size_t *out_origin);
/* Looks at the claimed origin's texts. Any thread. */
void hw_texts_look(struct hw_texts *texts, size_t origin);
/* True once nothing is left to claim and nobody looks. */
bool hw_texts_over(struct hw_texts *texts);

/* Looks at a text of an origin, which is taken. `name` is borrowed as long as the texts are there. */
HW_NODISCARD enum hw_status hw_texts_add(struct hw_texts *texts, size_t origin, const struct hw_input *input,
                                         const char *name, struct hw_error *err);

/*
 * Puts all texts in the order of their origins and members; fails as the first origin did. Gives the columns of the table, without types, and the profiles of their values (the
 * caller's to free). The schema lives in `texts`.
 */
HW_NODISCARD enum hw_status hw_texts_order(struct hw_texts *texts, struct hw_schema *out_schema,
                                           struct hw_csv_profile **out_profiles, struct hw_error *err);

/* Nothing of it is converted yet. */
void hw_text_begin(struct hw_text *text);
/* The next part of it is converted. */
void hw_text_add(struct hw_text *text, const struct hw_text_part *part);
/* All of it was read, and is what the store has; HW_ECHECKSUM. */
HW_NODISCARD enum hw_status hw_text_prove(const struct hw_text *text, struct hw_error *err);

/* Tells the texts the types and constraints of the table, each time they are decided. Borrows both. */
HW_NODISCARD enum hw_status hw_texts_settle(struct hw_texts *texts, const struct hw_schema *schema,
                                            const struct hw_csv_constraints *constraints, struct hw_error *err);

#endif
