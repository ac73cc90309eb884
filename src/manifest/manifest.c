/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/json_write.h"

void hw_manifest_release(struct hw_manifest *manifest) {
    hw_free(manifest->entries);
    hw_free(manifest->by_source);
    hw_intern_release(&manifest->names);
    hw_arena_release(&manifest->arena);
    *manifest = (struct hw_manifest){0};
}

static enum hw_status text_keep(struct hw_manifest *manifest, bool shared, const char **text, struct hw_error *err) {
    uint32_t number;
    if ((*text)[0] == '\0') {
        *text = "";
        return HW_OK;
    }
    if (shared) {
        HW_TRY(hw_intern_number(&manifest->names, &manifest->arena, hw_view_of(*text), &number, err));
        *text = manifest->names.keys[number].data;
        return HW_OK;
    }
    const char *copy = hw_arena_strdup(&manifest->arena, *text);
    if (!copy) {
        return hw_fail_nomem(err, strlen(*text) + 1);
    }
    *text = copy;
    return HW_OK;
}

static enum hw_status entries_reserve(struct hw_manifest *manifest, struct hw_error *err) {
    if (manifest->count < manifest->capacity) {
        return HW_OK;
    }
    const size_t capacity = hw_max_size(64, manifest->capacity + manifest->capacity / 2);
    if (capacity > UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "a manifest of more than %zu files", manifest->count);
    }
    struct hw_manifest_entry *entries = hw_realloc_array(manifest->entries, capacity, sizeof(*entries));
    if (!entries) {
        return hw_fail_nomem(err, capacity * sizeof(*entries));
    }
    manifest->entries = entries;
    manifest->capacity = capacity;
    return HW_OK;
}

enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                               struct hw_error *err) {
    struct hw_manifest_entry copy = *entry;
    HW_TRY(entries_reserve(manifest, err));
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        const enum hw_manifest_kind kind = hw_manifest_fields[i].kind;
        if (kind == HW_MANIFEST_TEXT || kind == HW_MANIFEST_NAME_SHARED) {
            HW_TRY(text_keep(manifest, kind == HW_MANIFEST_NAME_SHARED, hw_manifest_field_of(&copy, i), err));
        }
    }
    copy.order = (uint32_t)manifest->count;
    manifest->entries[manifest->count++] = copy;
    return HW_OK;
}

static int entries_compare(const void *a, const void *b) {
    const struct hw_manifest_entry *first = a;
    const struct hw_manifest_entry *second = b;
    const int order = strcmp(first->path, second->path);
    return order != 0 ? order : (first->order > second->order) - (first->order < second->order);
}

void hw_manifest_sort(struct hw_manifest *manifest) {
    struct hw_manifest_entry *entries = manifest->entries;
    size_t kept = 0;
    size_t sorted = 1;
    while (sorted < manifest->count && entries_compare(&entries[sorted - 1], &entries[sorted]) < 0) {
        sorted++;
    }
    if (sorted < manifest->count) {
        qsort(entries, manifest->count, sizeof(*entries), entries_compare);
    }
    for (size_t i = 0; i < manifest->count; i++) {
        if (i + 1 == manifest->count || strcmp(entries[i].path, entries[i + 1].path) != 0) {
            entries[kept] = entries[i];
            entries[kept].order = (uint32_t)kept;
            kept++;
        }
    }
    manifest->count = kept;
}

const struct hw_manifest_entry *hw_manifest_find(const struct hw_manifest *manifest, const char *path) {
    size_t low = 0;
    size_t high = manifest->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(manifest->entries[middle].path, path);
        if (order == 0) {
            return &manifest->entries[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

/* The place of a format among those of one source; formats that are not known come last. */
static size_t format_place(const char *format) {
    static const char *const formats[] = {"parquet", "avro", "csv"};
    size_t place = 0;
    while (place < COUNT_OF(formats) && strcmp(formats[place], format) != 0) {
        place++;
    }
    return place;
}

static int origin_compare(const struct hw_manifest_entry *entry, const char *source, const char *format) {
    const int sources = strcmp(entry->source, source);
    if (sources != 0) {
        return sources;
    }
    const size_t first = format_place(entry->format);
    const size_t second = format_place(format);
    return first != second ? (first > second) - (first < second) : strcmp(entry->format, format);
}

int hw_manifest_order(const struct hw_manifest_entry *first, const struct hw_manifest_entry *second) {
    const int order = origin_compare(first, second->source, second->format);
    return order != 0 ? order : strcmp(first->path, second->path);
}

static int origins_compare(const void *a, const void *b) {
    return hw_manifest_order(*(const struct hw_manifest_entry *const *)a, *(const struct hw_manifest_entry *const *)b);
}

/* Pointers to the entries in the manifest's order, to be freed. */
static enum hw_status origins_sort(const struct hw_manifest *manifest, const struct hw_manifest_entry ***out_entries,
                                   struct hw_error *err) {
    const struct hw_manifest_entry **entries = hw_alloc_zero(manifest->count, sizeof(*manifest->by_source));
    if (!entries) {
        return hw_fail_nomem(err, manifest->count * sizeof(*manifest->by_source));
    }
    for (size_t i = 0; i < manifest->count; i++) {
        entries[i] = &manifest->entries[i];
    }
    if (manifest->count > 1) {
        qsort(entries, manifest->count, sizeof(*manifest->by_source), origins_compare);
    }
    *out_entries = entries;
    return HW_OK;
}

enum hw_status hw_manifest_index(struct hw_manifest *manifest, struct hw_error *err) {
    assert(!manifest->by_source);
    return origins_sort(manifest, &manifest->by_source, err);
}

const struct hw_manifest_entry *const *hw_manifest_of(const struct hw_manifest *manifest, const char *source,
                                                      const char *format, size_t *out_count) {
    size_t low = 0;
    size_t high = manifest->by_source ? manifest->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = origin_compare(manifest->by_source[middle], source, format) < 0;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    size_t end = low;
    while (manifest->by_source && end < manifest->count &&
           origin_compare(manifest->by_source[end], source, format) == 0) {
        end++;
    }
    *out_count = end - low;
    return manifest->by_source ? manifest->by_source + low : NULL;
}

/* ------ writing */

static void field_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry, size_t i) {
    const struct hw_manifest_field *field = &hw_manifest_fields[i];
    const void *value = hw_manifest_field_in(entry, i);
    char hex[HW_SHA256_HEX_BYTES];
    uint64_t number = 0;
    switch (field->kind) {
    case HW_MANIFEST_TEXT:
    case HW_MANIFEST_NAME_SHARED:
        hw_json_text(json, field->key, *(const char *const *)value);
        return;
    case HW_MANIFEST_NUMBER:
    case HW_MANIFEST_NUMBER_OPTIONAL:
        memcpy(&number, value, sizeof(number));
        break;
    case HW_MANIFEST_FILE_NUMBER:
        number = *(const uint32_t *)value;
        break;
    case HW_MANIFEST_SHA256:
        hw_hex(value, HW_SHA256_BYTES, hex);
        hw_json_text(json, field->key, hex);
        return;
    case HW_MANIFEST_CRC64:
        snprintf(hex, sizeof(hex), "%016" PRIx64, *(const uint64_t *)value);
        hw_json_text(json, field->key, hex);
        return;
    }
    if (field->kind == HW_MANIFEST_NUMBER || number != 0) {
        hw_json_number(json, field->key, (int64_t)number);
    }
}

void hw_manifest_entry_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry) {
    hw_json_object_begin(json, NULL);
    for (size_t i = 0; i < HW_MANIFEST_FIELDS; i++) {
        field_write(json, entry, i);
    }
    hw_json_object_end(json);
}

void hw_manifest_begin(struct hw_json_writer *json) {
    hw_json_object_begin(json, NULL);
    hw_json_number(json, "hawser_manifest", HW_MANIFEST_VERSION);
    hw_json_list_begin(json, "objects");
}

enum hw_status hw_manifest_end(struct hw_json_writer *json, struct hw_error *err) {
    hw_json_list_end(json);
    hw_json_object_end(json);
    return hw_json_end_text(json, err);
}

enum hw_status hw_manifest_write(const struct hw_manifest *manifest, struct hw_sink *sink, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_json_writer json = {.out = &text, .sink = sink};
    const struct hw_manifest_entry **entries = NULL;
    HW_TRY(origins_sort(manifest, &entries, err));
    hw_manifest_begin(&json);
    for (size_t i = 0; json.status == HW_OK && i < manifest->count; i++) {
        hw_manifest_entry_write(&json, entries[i]);
    }
    hw_free(entries);
    return hw_manifest_end(&json, err);
}
