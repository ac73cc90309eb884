/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves that names of columns mean. */
#ifndef HW_PARQUET_INSPECT_CHOICE_H
#define HW_PARQUET_INSPECT_CHOICE_H

#include "parquet/inspection.h"

/*
 * Chooses the inspection's leaves by names, in their order: a column of the top level, with all
 * below it, or else a path. In a path the names of the groups that lists and maps are made of
 * ("list.element", "key_value.value") may be left out. No names choose all. HW_EUSAGE for a column
 * that is not there, with the nearest that is, and for a leaf that is chosen twice.
 */
HW_NODISCARD enum hw_status hw_inspect_choose(struct hw_inspection *inspection, const char *const *names, size_t count);

#endif
