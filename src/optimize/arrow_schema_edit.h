/* SPDX-License-Identifier: Apache-2.0 */
/* The key `ARROW:schema`: the schema that was written, as a message of Arrow in base64. */
#ifndef HW_OPTIMIZE_ARROW_SCHEMA_EDIT_H
#define HW_OPTIMIZE_ARROW_SCHEMA_EDIT_H

#include "optimize/column_change.h"
#include "table/file_pairs.h"

/* Whoever edits key-value metadata, because a schema has some too. */
struct hw_pair_editor {
    /*
     * Edits the value of a pair, or leaves it as it is. Sets `*out_stays` to false where the pair
     * has to go.
     */
    enum hw_status (*edit)(struct hw_pair_editor *editor, struct hw_file_pair *pair, bool *out_stays,
                           struct hw_error *err);
};

/*
 * Edits names and types of fields, and takes out those that are dropped; a dictionary, and the
 * values of one that is encoded by runs, count as the field itself. A timestamp keeps its zone. All
 * else stays: other fields, metadata, which `editor` may change where it is the schema's, the kind
 * of dictionaries and extensions. Where no change concerns the value, it is the same and borrowed,
 * else the new one is in `arena`. HW_EDATA where it is no schema in base64, or two fields of a name
 * could be meant; HW_ELIMIT beyond HW_FILE_PAIRS_BYTES_MAX bytes before or after; else fails as
 * hw_arrow_message_read does.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_edit(hw_view value, const struct hw_changed_node *root,
                                                 struct hw_pair_editor *editor, struct hw_arena *arena,
                                                 hw_view *out_value, struct hw_error *err);

#endif
