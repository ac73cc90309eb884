/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of a file as facts: a node for each element, and the paths of its leaves. */
#ifndef HW_PARQUET_INSPECT_SCHEMA_H
#define HW_PARQUET_INSPECT_SCHEMA_H

#include "parquet/inspection.h"

/* Makes the nodes of `out`, and the inspection's paths. */
HW_NODISCARD enum hw_status hw_inspect_schema(struct hw_inspection *inspection, struct hw_inspected *out);

#endif
