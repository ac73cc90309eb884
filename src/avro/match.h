/* SPDX-License-Identifier: Apache-2.0 */
/* Which types a reader may ask for where a file has others ("Schema Resolution"). */
#ifndef HW_AVRO_MATCH_H
#define HW_AVRO_MATCH_H

#include "avro/type.h"

/* Returns whether `reader` is the type of the file, or has some fields of it only. */
static inline bool hw_avro_is_of(const struct hw_avro_type *writer, const struct hw_avro_type *reader) {
    return reader == writer || reader->whole == writer;
}

/*
 * Returns whether values of type `writer` can be read as `reader`; neither is a union. Records,
 * enums and fixed types match by their names without namespace, or by the reader's aliases; items
 * and values of arrays and maps must match too, as far as they are no unions, and fields need not.
 *
 * The specification says nothing of logical types. Where both have one, and another unit or scale,
 * a value would come to mean something else: those do not match.
 */
bool hw_avro_types_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader);

/*
 * Returns the branch of the union `reader` as which values of type `writer` are read, or -1: the
 * first one of the same kind that matches, else the first one that matches. (The specification
 * takes the first one that matches, so that an int of a file of [long, int] would become a long
 * although nothing else was asked for; Avro for Java does as we do.)
 */
int64_t hw_avro_branch_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader);

#endif
