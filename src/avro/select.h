/* SPDX-License-Identifier: Apache-2.0 */
/* The types of an Avro schema that are left where only some columns are wanted. */
#ifndef HW_AVRO_SELECT_H
#define HW_AVRO_SELECT_H

#include "avro/type.h"
#include "core/error.h"
#include "table/selection.h"

/*
 * Makes the type that has only what was selected of the columns of `root` (avro/table_schema.h), in
 * `arena`; it borrows the rest of `root`. HW_EUNSUPPORTED for some branches of a union, which can
 * only be read as a whole.
 */
HW_NODISCARD enum hw_status hw_avro_select(const struct hw_avro_type *root, const struct hw_selection *selection,
                                           struct hw_arena *arena, const struct hw_avro_type **out_type,
                                           struct hw_error *err);

#endif
