/* SPDX-License-Identifier: Apache-2.0 */
/* Makes batches of arrays of the Arrow C Data Interface whose schema is known. */
#ifndef HW_TABLE_ARROW_IMPORT_H
#define HW_TABLE_ARROW_IMPORT_H

#include "table/arrow_schema.h"

/* Does what hw_arrow_batch_import does, but with a schema, to which the batch keeps a reference. */
HW_NODISCARD enum hw_status hw_arrow_array_import(struct hw_shared_schema *schema, struct ArrowArray *array,
                                                  struct hw_batch *out_batch, struct hw_error *err);

#endif
