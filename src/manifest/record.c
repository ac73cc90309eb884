/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/record.h"

static bool field_text(size_t field) {
    return hw_manifest_fields[field].kind == HW_MANIFEST_TEXT;
}

/* The entry itself, whose pointers mean nothing later, then its texts, each ended with NUL. */
enum hw_status hw_manifest_record_write(const struct hw_manifest_entry *entry, struct hw_buf *out,
                                        struct hw_error *err) {
    HW_TRY(hw_buf_append(out, entry, sizeof(*entry), err));
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        if (field_text(i)) {
            const char *text = *(const char *const *)hw_manifest_field_in(entry, i);
            HW_TRY(hw_buf_append(out, text, strlen(text) + 1, err));
        }
    }
    return HW_OK;
}

struct hw_manifest_entry hw_manifest_record_read(const char *record) {
    struct hw_manifest_entry entry;
    const char *text = record + sizeof(entry);
    memcpy(&entry, record, sizeof(entry));
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        if (field_text(i)) {
            *(const char **)hw_manifest_field_of(&entry, i) = text;
            text += strlen(text) + 1;
        }
    }
    return entry;
}
