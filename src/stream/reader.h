/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The batches of a program as the pipeline's reader: one table, read once, in parts that come one
 * after the other. Parts and the batches in them end where the rows say (stream/table.h), whatever
 * batches the program makes of them. There are no rejects, and no value that does not fit.
 */
#ifndef HW_STREAM_READER_H
#define HW_STREAM_READER_H

#include "stream/table.h"
#include "table/reader.h"

/*
 * Makes a reader of the stream. `stream` and `name`, which the table's only input has, are
 * borrowed. `next` is called from whatever thread has a cursor, by one at a time, and never
 * before a pass begins; `free` is not called.
 */
HW_NODISCARD enum hw_status hw_stream_reader_new(struct hw_batch_stream *stream, const char *name,
                                                 const struct hw_stream_table_options *options,
                                                 struct hw_table_reader **out_reader, struct hw_error *err);

#endif
