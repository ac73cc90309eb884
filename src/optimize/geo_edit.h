/* SPDX-License-Identifier: Apache-2.0 */
/* The key `geo` of GeoParquet: JSON that says which columns are geometries (specification 1.1). */
#ifndef HW_OPTIMIZE_GEO_EDIT_H
#define HW_OPTIMIZE_GEO_EDIT_H

#include "optimize/column_change.h"

/*
 * Edits the names of columns in `primary_column`, `columns` and the paths of `covering`. A column
 * that is dropped leaves `columns`, and a covering goes of which a part is dropped or becomes
 * another type than float. All other bytes stay, and all of them where no change concerns the
 * value, which is borrowed then; else the new one is in `arena`. HW_EDATA where the primary column
 * is dropped, or the values of a geometry change; else fails as hw_json_edit_read and
 * hw_json_edit_write do.
 */
HW_NODISCARD enum hw_status hw_geo_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                                        hw_view *out_value, struct hw_error *err);

#endif
