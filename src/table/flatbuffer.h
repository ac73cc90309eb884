/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flatbuffers as trees that can be changed: read by a description of their tables, and written
 * anew. No byte of a flatbuffer is followed that has not been checked.
 */
#ifndef HW_TABLE_FLATBUFFER_H
#define HW_TABLE_FLATBUFFER_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/error.h"
#include "core/view.h"

enum hw_flat_kind {
    /* A number of `bytes` bytes. */
    HW_FLAT_NUMBER,
    HW_FLAT_TEXT,
    /* Numbers of `bytes` bytes, one after the other. */
    HW_FLAT_NUMBERS,
    /* A table of the type `types[0]`. */
    HW_FLAT_TABLE,
    /* Tables of the type `types[0]`. */
    HW_FLAT_TABLES,
    /* A table of the type that the number in the slot before says. */
    HW_FLAT_UNION
};

/* The description of a slot, which is what the format calls a field of a table. */
struct hw_flat_slot {
    enum hw_flat_kind kind;
    /* 1, 2, 4 or 8. */
    size_t bytes;
    /* Types of tables; NULL for a number that stands for no table. */
    const struct hw_flat_type *const *types;
    size_t types_count;
};

enum { HW_FLAT_SLOTS_MAX = 8 };

/* The description of a table. */
struct hw_flat_type {
    const char *name;
    const struct hw_flat_slot *slots;
    size_t slots_count; /* HW_FLAT_SLOTS_MAX at most */
};

struct hw_flat_table;

/* The value of a slot. One that is not present has its default, which the schema knows. */
struct hw_flat_value {
    bool present;
    union {
        uint64_t number; /* its bytes, with zeros above them */
        hw_view bytes;   /* a text without its NUL, or numbers */
        struct hw_flat_table *table;
        struct {
            struct hw_flat_table **items;
            size_t count;
        } tables;
    };
};

struct hw_flat_table {
    const struct hw_flat_type *type;
    struct hw_flat_value values[]; /* `slots_count` of the type */
};

/* Limits of a tree. */
struct hw_flat_limits {
    size_t tables_max;
    size_t depth_max; /* tables in each other */
};

/*
 * Reads a flatbuffer into `arena`; texts and numbers are borrowed from `bytes`. HW_EDATA where an
 * offset or a size leads out of the bytes, with the number of the byte, or where there are more
 * tables than bytes for them; HW_EUNSUPPORTED for a slot or a type that the description does not
 * have; HW_ELIMIT beyond the limits. `*out_root` is untouched on failure.
 */
HW_NODISCARD enum hw_status hw_flat_read(hw_view bytes, const struct hw_flat_type *type, struct hw_flat_limits limits,
                                         struct hw_arena *arena, struct hw_flat_table **out_root, struct hw_error *err);

/* Makes a table of which no slot is present. HW_ENOMEM. */
HW_NODISCARD enum hw_status hw_flat_table_make(const struct hw_flat_type *type, struct hw_arena *arena,
                                               struct hw_flat_table **out_table, struct hw_error *err);

/* Sets a slot to a number. */
void hw_flat_number_set(struct hw_flat_table *table, size_t slot, uint64_t number);

/*
 * Returns whether two tables are of one type and have the same values. Tables that are not present
 * are as none; for all else it matters, since the defaults are known to the schema only.
 */
bool hw_flat_equal(const struct hw_flat_table *a, const struct hw_flat_table *b);

/*
 * Appends the tree as a flatbuffer, whose first byte is aligned to 8 if the end of `out` is. Fails
 * as a buffer does; a part may have been appended then.
 */
HW_NODISCARD enum hw_status hw_flat_write(const struct hw_flat_table *root, struct hw_buf *out, struct hw_error *err);

#endif
