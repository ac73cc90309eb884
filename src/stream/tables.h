/* SPDX-License-Identifier: Apache-2.0 */
/* The only table of a stream of batches, as the set of tables that a job has in any object. */
#ifndef HW_STREAM_TABLES_H
#define HW_STREAM_TABLES_H

#include "stream/table.h"
#include "table/reader.h"

/*
 * Makes the set of an object that is a stream, which is borrowed. The object's time is that of
 * opening it, so that no later run takes it for the same.
 */
HW_NODISCARD enum hw_status hw_stream_tables_new(struct hw_batch_stream *batches,
                                                 const struct hw_stream_table_options *options,
                                                 struct hw_table_set **out_set, struct hw_error *err);

#endif
