/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/entry.h"

#define ENTRY(field) offsetof(struct hw_manifest_entry, field)

const struct hw_manifest_field hw_manifest_fields[HW_MANIFEST_FIELDS] = {
    {"path", ENTRY(path), HW_MANIFEST_TEXT},
    {"format", ENTRY(format), HW_MANIFEST_TEXT},
    {"size", ENTRY(bytes), HW_MANIFEST_NUMBER},
    {"rows", ENTRY(rows), HW_MANIFEST_NUMBER},
    {"sha256", ENTRY(sha256), HW_MANIFEST_SHA256},
    {"crc64nvme", ENTRY(crc64nvme), HW_MANIFEST_CRC64},
    {"etag", ENTRY(etag), HW_MANIFEST_TEXT},
    {"mtime_us", ENTRY(mtime_us), HW_MANIFEST_NUMBER_OPTIONAL},
    {"source", ENTRY(source), HW_MANIFEST_TEXT},
    {"source_size", ENTRY(source_bytes), HW_MANIFEST_NUMBER},
    {"source_etag", ENTRY(source_etag), HW_MANIFEST_TEXT},
    {"source_mtime_us", ENTRY(source_mtime_us), HW_MANIFEST_NUMBER},
    {"options", ENTRY(options), HW_MANIFEST_TEXT},
    {"rejected", ENTRY(rejected), HW_MANIFEST_NUMBER},
    {"rows_limit", ENTRY(rows_limit), HW_MANIFEST_NUMBER_OPTIONAL},
    {"file", ENTRY(file), HW_MANIFEST_FILE_NUMBER},
};

/*
 * Returns the place of a format among those of one source; formats that are not known come last.
 */
static size_t format_place(const char *format) {
    static const char *const formats[] = {"parquet", "avro", "csv"};
    size_t place = 0;
    while (place < COUNT_OF(formats) && strcmp(formats[place], format) != 0) {
        place++;
    }
    return place;
}

static int formats_compare(const char *first, const char *second) {
    const size_t first_place = format_place(first);
    const size_t second_place = format_place(second);
    return first_place != second_place ? (first_place > second_place) - (first_place < second_place)
                                       : strcmp(first, second);
}

int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second) {
    const int sources = strcmp(first->source, second->source);
    const int formats = sources != 0 ? sources : formats_compare(first->format, second->format);
    return formats != 0 ? formats : strcmp(first->path, second->path);
}
