/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the program that reads items of one type, that of a file, as another one, that of a reader
 * ("Schema Resolution" of the specification). Where both are the same it reads what is there.
 */
#ifndef HW_AVRO_RESOLVE_H
#define HW_AVRO_RESOLVE_H

#include "avro/step.h"
#include "core/arena.h"

/* Start it zeroed. It is read only once it is made, and any thread may read it. */
struct hw_avro_program {
    const struct hw_avro_step *steps;
    size_t count;
    /* The columns that it fills, borrowed. */
    const struct hw_schema *schema;
    /* The fewest bytes of an item. */
    size_t item_bytes_min;
    struct hw_arena arena;
};

/*
 * Makes a program. `writer` is the type of the file; `reader` is the same one, one that has some of
 * its fields only (avro/select.h), or one of another schema; `schema` has the columns of `reader`
 * (avro/table_schema.h). All are borrowed. HW_EDATA where the types do not match, or a field has
 * neither values nor a default; where only some branches of a union do not match, reading a value
 * of such a branch is the fault. HW_ELIMIT where the program were too long. The release is due on
 * failure too.
 */
HW_NODISCARD enum hw_status hw_avro_program_make(struct hw_avro_program *program, const struct hw_avro_type *writer,
                                                 const struct hw_avro_type *reader, const struct hw_schema *schema,
                                                 struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_program_release(struct hw_avro_program *program);

#endif
