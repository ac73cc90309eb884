/* SPDX-License-Identifier: Apache-2.0 */
#include "support/schema_text.h"

#include "support/rows.h"

static void fields_text(const struct hw_field *fields, size_t count, struct hw_buf *out) {
    for (size_t i = 0; i < count; i++) {
        char type[128];
        hw_type_format(fields[i].type, type, sizeof(type));
        assert_int_equal(hw_buf_printf(out, NULL, "%s%s:%s%s", i > 0 ? " " : "", fields[i].name, type,
                                       fields[i].required ? "!" : ""),
                         HW_OK);
        if (fields[i].type.kind == HW_KIND_STRUCT || fields[i].children_count > 0) {
            assert_int_equal(hw_buf_append_text(out, "{", NULL), HW_OK);
            fields_text(fields[i].children, fields[i].children_count, out);
            assert_int_equal(hw_buf_append_text(out, "}", NULL), HW_OK);
        }
        for (size_t m = 0; m < fields[i].metadata_count; m++) {
            const struct hw_key_value *pair = &fields[i].metadata[m];
            assert_int_equal(hw_buf_printf(out, NULL, "[%s=%.*s]", pair->key, (int)pair->value_bytes, pair->value),
                             HW_OK);
        }
    }
}

const char *schema_text(const struct hw_schema *schema, struct hw_buf *out) {
    hw_buf_clear(out);
    fields_text(schema->fields, schema->count, out);
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
    return (const char *)out->data;
}
