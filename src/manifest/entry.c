/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/entry.h"

#define ENTRY(field) offsetof(struct hw_manifest_entry, field)

const struct hw_manifest_field hw_manifest_fields[HW_MANIFEST_FIELDS] = {
    {"path", ENTRY(path), HW_MANIFEST_TEXT},
    {"format", ENTRY(format), HW_MANIFEST_NAME_SHARED},
    {"size", ENTRY(bytes), HW_MANIFEST_NUMBER},
    {"rows", ENTRY(rows), HW_MANIFEST_NUMBER},
    {"sha256", ENTRY(sha256), HW_MANIFEST_SHA256},
    {"crc64nvme", ENTRY(crc64nvme), HW_MANIFEST_CRC64},
    {"etag", ENTRY(etag), HW_MANIFEST_TEXT},
    {"mtime_us", ENTRY(mtime_us), HW_MANIFEST_NUMBER_OPTIONAL},
    {"source", ENTRY(source), HW_MANIFEST_NAME_SHARED},
    {"source_size", ENTRY(source_bytes), HW_MANIFEST_NUMBER},
    {"source_etag", ENTRY(source_etag), HW_MANIFEST_NAME_SHARED},
    {"source_mtime_us", ENTRY(source_mtime_us), HW_MANIFEST_NUMBER},
    {"options", ENTRY(options), HW_MANIFEST_NAME_SHARED},
    {"rejected", ENTRY(rejected), HW_MANIFEST_NUMBER},
    {"file", ENTRY(file), HW_MANIFEST_FILE_NUMBER},
};
