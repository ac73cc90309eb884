/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a format's file rests on its rows alone: the same rows go through encoders that have done
 * other things before, in other batches, and in another order; what comes out is compared.
 */
#ifndef HW_TESTS_SAME_FILE_H
#define HW_TESTS_SAME_FILE_H

#include <hawser/io.h>

#include "table/writer.h"

/* Makes a writer of the format; `options` are the format's own. */
typedef enum hw_status same_file_new_fn(const struct hw_schema *schema, const void *options, struct hw_sink *sink,
                                        struct hw_table_writer **out_writer, struct hw_error *err);

/* Fails, under this name, where any way gives another file of two pieces of so many rows. */
void same_file_check(const char *name, same_file_new_fn *writer_new, const void *options, size_t piece_rows);

#endif
