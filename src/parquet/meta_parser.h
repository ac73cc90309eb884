/* SPDX-License-Identifier: Apache-2.0 */
/* A parse of a footer: memory and lists, which the parsers of all of its structs share. */
#ifndef HW_PARQUET_META_PARSER_H
#define HW_PARQUET_META_PARSER_H

#include "core/arena.h"
#include "parquet/meta_facts.h"
#include "parquet/thrift_read.h"

/* A parse of a footer. Failures are those of `in`. */
struct hw_meta_parser {
    struct hw_thrift_reader in;
    struct hw_arena *arena;
    /* Memory of the arena of which the next arrays are taken: many small ones in one piece. */
    uint8_t *slab;
    size_t slab_left;
    /* The bytes that may still be asked of the arena. */
    uint64_t memory_left;
};

/*
 * Starts to parse a footer at byte `at` of the file. All is borrowed. Some bytes of memory for each
 * byte of the footer are more than any footer needs that is one, and no more is asked for.
 */
void hw_meta_parser_init(struct hw_meta_parser *parser, hw_view footer, uint64_t at, struct hw_arena *arena,
                         struct hw_error *err);
/*
 * Reads the head of a list, whose elements are read next, and returns an array for them, whose
 * bytes are unspecified. NULL where the field is no list, which is skipped, and after a failure.
 */
void *hw_meta_array(struct hw_meta_parser *parser, const struct hw_thrift_field *field, size_t element_bytes,
                    struct hw_thrift_list *out_list);
/*
 * Reads a list of structs: `read` is called for each with the fields that are to be read, up to its
 * end, and with its element of an array, whose bytes are unspecified. Returns the array, and its
 * length in `*out_count`; NULL and 0 where the field is no list.
 */
typedef void hw_meta_read_fn(struct hw_meta_parser *parser, void *out);
const void *hw_meta_structs_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                                 size_t element_bytes, hw_meta_read_fn *read, size_t *out_count);
/* Reads a list of KeyValue. */
void hw_meta_pairs_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        const struct hw_parquet_pair **out_pairs, size_t *out_count);

#endif
