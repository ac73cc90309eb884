/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of an entry and the keys that they have in JSON, for the reader and the writer. */
#ifndef HW_MANIFEST_MANIFEST_FIELDS_H
#define HW_MANIFEST_MANIFEST_FIELDS_H

#include "manifest/manifest.h"

enum hw_manifest_kind {
    HW_MANIFEST_TEXT,
    HW_MANIFEST_NAME_SHARED, /* a text that many entries have */
    HW_MANIFEST_NUMBER,
    HW_MANIFEST_NUMBER_OPTIONAL, /* is not written where it is 0 */
    HW_MANIFEST_FILE_NUMBER,     /* the same, of 32 bits */
    HW_MANIFEST_SHA256,
    HW_MANIFEST_CRC64
};

struct hw_manifest_field {
    const char *key;
    size_t at; /* in the entry */
    enum hw_manifest_kind kind;
};

enum { HW_MANIFEST_FIELDS = 15 };
extern const struct hw_manifest_field hw_manifest_fields[HW_MANIFEST_FIELDS];

static inline void *hw_manifest_field_of(struct hw_manifest_entry *entry, size_t field) {
    return (char *)entry + hw_manifest_fields[field].at;
}

static inline const void *hw_manifest_field_in(const struct hw_manifest_entry *entry, size_t field) {
    return (const char *)entry + hw_manifest_fields[field].at;
}

#endif
