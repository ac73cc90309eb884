/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/json_text.h"
#include "core/limits.h"

/* The entry's fields and the keys they have in JSON. */
static const struct {
    const char *key;
    size_t at;
    enum { FIELD_TEXT, FIELD_NUMBER, FIELD_NUMBER_OPTIONAL /* not written where it is 0 */ } kind;
} fields[] = {
    {"path", offsetof(struct hw_manifest_entry, path), FIELD_TEXT},
    {"format", offsetof(struct hw_manifest_entry, format), FIELD_TEXT},
    {"size", offsetof(struct hw_manifest_entry, bytes), FIELD_NUMBER},
    {"rows", offsetof(struct hw_manifest_entry, rows), FIELD_NUMBER},
    {"sha256", offsetof(struct hw_manifest_entry, sha256), FIELD_TEXT},
    {"crc64nvme", offsetof(struct hw_manifest_entry, crc64nvme), FIELD_TEXT},
    {"etag", offsetof(struct hw_manifest_entry, etag), FIELD_TEXT},
    {"source", offsetof(struct hw_manifest_entry, source), FIELD_TEXT},
    {"source_size", offsetof(struct hw_manifest_entry, source_bytes), FIELD_NUMBER},
    {"source_etag", offsetof(struct hw_manifest_entry, source_etag), FIELD_TEXT},
    {"source_mtime_us", offsetof(struct hw_manifest_entry, source_mtime_us), FIELD_NUMBER},
    {"options", offsetof(struct hw_manifest_entry, options), FIELD_TEXT},
    {"rejected", offsetof(struct hw_manifest_entry, rejected), FIELD_NUMBER},
    {"file", offsetof(struct hw_manifest_entry, file), FIELD_NUMBER_OPTIONAL},
};
static_assert(sizeof(uint64_t) == sizeof(json_int_t), "numbers are moved as they are");

static const char **text_at(struct hw_manifest_entry *entry, size_t field) {
    return (const char **)(void *)((char *)entry + fields[field].at);
}

static uint64_t *number_at(struct hw_manifest_entry *entry, size_t field) {
    return (uint64_t *)(void *)((char *)entry + fields[field].at);
}

void hw_manifest_release(struct hw_manifest *manifest) {
    hw_free(manifest->entries);
    hw_free(manifest->by_source);
    hw_arena_release(&manifest->arena);
    *manifest = (struct hw_manifest){0};
}

static enum hw_status entry_parse(json_t *json, struct hw_manifest_entry *out_entry, struct hw_error *err) {
    struct hw_manifest_entry entry = {0};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        json_t *value = json_object_get(json, fields[i].key);
        bool text = fields[i].kind == FIELD_TEXT;
        if (!value && fields[i].kind == FIELD_NUMBER_OPTIONAL) {
            continue;
        }
        if (text ? !json_is_string(value) : !json_is_integer(value)) {
            return hw_fail(err, HW_EDATA, "an object without a %s \"%s\"", text ? "text" : "number", fields[i].key);
        }
        if (text) {
            *text_at(&entry, i) = json_string_value(value);
        } else {
            *number_at(&entry, i) = (uint64_t)json_integer_value(value);
        }
    }
    *out_entry = entry;
    return HW_OK;
}

static enum hw_status entry_append(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                   struct hw_error *err);

enum hw_status hw_manifest_parse(hw_view json, struct hw_manifest *manifest, struct hw_error *err) {
    json_error_t fault;
    json_t *root = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, &fault);
    json_t *objects = json_object_get(root, "objects");
    enum hw_status status = HW_OK;
    if (!root) {
        status = hw_fail(err, HW_EDATA, "no manifest: line %d: %s", fault.line, fault.text);
    } else if (!json_is_array(objects)) {
        status = hw_fail(err, HW_EDATA, "no manifest: expected {\"objects\": [...]}");
    }
    for (size_t i = 0; status == HW_OK && i < json_array_size(objects); i++) {
        struct hw_manifest_entry entry;
        status = entry_parse(json_array_get(objects, i), &entry, err);
        if (status == HW_OK) {
            status = entry_append(manifest, &entry, err);
        }
    }
    json_decref(root);
    return status;
}

/* Looked at after a listing of up to millions of objects: kept sorted, found by bisection. */
static size_t position_of(const struct hw_manifest *manifest, const char *path, bool *out_found) {
    size_t low = 0;
    size_t high = manifest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(manifest->entries[middle].path, path);
        if (order == 0) {
            *out_found = true;
            return middle;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    *out_found = false;
    return low;
}

const struct hw_manifest_entry *hw_manifest_find(const struct hw_manifest *manifest, const char *path) {
    bool found;
    size_t at = position_of(manifest, path, &found);
    return found ? &manifest->entries[at] : NULL;
}

static enum hw_status entry_append(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                                   struct hw_error *err) {
    struct hw_manifest_entry copy = *entry;
    bool found;
    size_t at = position_of(manifest, entry->path, &found);

    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (fields[i].kind != FIELD_TEXT) {
            continue;
        }
        *text_at(&copy, i) = hw_arena_strdup(&manifest->arena, *text_at(&copy, i));
        if (!*text_at(&copy, i)) {
            return hw_fail(err, HW_ENOMEM, "out of memory for the manifest");
        }
    }
    if (!found && manifest->count == manifest->capacity) {
        size_t capacity = hw_max_size(64, manifest->capacity * 2);
        struct hw_manifest_entry *entries = hw_realloc_array(manifest->entries, capacity, sizeof(*entries));
        if (!entries) {
            return hw_fail_nomem(err, capacity * sizeof(*entries));
        }
        manifest->entries = entries;
        manifest->capacity = capacity;
    }
    if (!found) {
        memmove(&manifest->entries[at + 1], &manifest->entries[at], (manifest->count - at) * sizeof(copy));
        manifest->count++;
    }
    manifest->entries[at] = copy;
    return HW_OK;
}

enum hw_status hw_manifest_put(struct hw_manifest *manifest, const struct hw_manifest_entry *entry,
                               struct hw_error *err) {
    return entry_append(manifest, entry, err);
}

void hw_manifest_remove(struct hw_manifest *manifest, const char *const *paths, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool found;
        size_t at = position_of(manifest, paths[i], &found);
        if (found) {
            manifest->entries[at].format = NULL; /* all are moved together */
        }
    }
    for (size_t i = 0; count > 0 && i < manifest->count; i++) {
        if (manifest->entries[i].format) {
            manifest->entries[kept++] = manifest->entries[i];
        }
    }
    manifest->count = count > 0 ? kept : manifest->count;
}

static int origin_compare(const struct hw_manifest_entry *entry, const char *source, const char *format) {
    int order = strcmp(entry->source, source);
    return order != 0 ? order : strcmp(entry->format, format);
}

static int entries_compare(const void *a, const void *b) {
    const struct hw_manifest_entry *first = *(const struct hw_manifest_entry *const *)a;
    const struct hw_manifest_entry *second = *(const struct hw_manifest_entry *const *)b;
    int order = origin_compare(first, second->source, second->format);
    return order != 0 ? order : strcmp(first->path, second->path);
}

enum hw_status hw_manifest_index(struct hw_manifest *manifest, struct hw_error *err) {
    assert(!manifest->by_source);
    const struct hw_manifest_entry **entries = hw_alloc_zero(manifest->count, sizeof(*manifest->by_source));
    if (!entries) {
        return hw_fail_nomem(err, manifest->count * sizeof(*manifest->by_source));
    }
    for (size_t i = 0; i < manifest->count; i++) {
        entries[i] = &manifest->entries[i];
    }
    if (manifest->count > 1) {
        qsort(entries, manifest->count, sizeof(*manifest->by_source), entries_compare);
    }
    manifest->by_source = entries;
    return HW_OK;
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

enum hw_status hw_manifest_write(struct hw_manifest *manifest, struct hw_buf *out, struct hw_error *err) {
    json_t *objects = json_array();
    int failed = 0;
    for (size_t i = 0; i < manifest->count; i++) {
        json_t *object = json_object();
        for (size_t k = 0; k < COUNT_OF(fields); k++) {
            if (fields[k].kind == FIELD_NUMBER_OPTIONAL && *number_at(&manifest->entries[i], k) == 0) {
                continue;
            }
            json_t *value = fields[k].kind == FIELD_TEXT
                                ? hw_json_text(hw_view_of(*text_at(&manifest->entries[i], k)))
                                : json_integer((json_int_t)*number_at(&manifest->entries[i], k));
            failed |= json_object_set_new(object, fields[k].key, value);
        }
        failed |= json_array_append_new(objects, object);
    }
    json_t *root = json_pack("{s:i, s:o}", "hawser_manifest", 1, "objects", objects);
    if (failed) {
        json_decref(root);
        root = NULL;
    }
    char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!text) {
        return hw_fail(err, HW_ENOMEM, "out of memory writing the manifest");
    }
    enum hw_status status = hw_buf_append_text(out, text, err);
    free(text); /* allowed: jansson's */
    HW_TRY(status);
    return hw_buf_append_byte(out, '\n', err);
}
