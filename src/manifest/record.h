/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of a manifest as bytes, for files that only the run itself reads back. */
#ifndef HW_MANIFEST_RECORD_H
#define HW_MANIFEST_RECORD_H

#include "core/buf.h"
#include "manifest/entry.h"

/* Appends the bytes of an entry. */
HW_NODISCARD enum hw_status hw_manifest_record_write(const struct hw_manifest_entry *entry, struct hw_buf *out,
                                                     struct hw_error *err);
/* Returns the entry that was written. Its texts lie in the record. */
struct hw_manifest_entry hw_manifest_record_read(const char *record);

#endif
