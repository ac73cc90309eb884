/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "manifest/manifest.h"

static int entries_compare(const void *a, const void *b) {
    return hw_manifest_order(*(const struct hw_manifest_entry *const *)a, *(const struct hw_manifest_entry *const *)b);
}

enum hw_status hw_manifest_write(const struct hw_manifest_entry *entries, size_t count, struct hw_sink *sink,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_json_writer json = {.out = &text, .sink = sink};
    const struct hw_manifest_entry **sorted = hw_alloc_zero(hw_max_size(count, 1), sizeof(*sorted));
    if (!sorted) {
        return hw_fail_nomem(err, count * sizeof(*sorted));
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &entries[i];
    }
    if (count > 1) {
        qsort(sorted, count, sizeof(*sorted), entries_compare);
    }
    hw_manifest_begin(&json);
    for (size_t i = 0; json.status == HW_OK && i < count; i++) {
        hw_manifest_entry_write(&json, sorted[i]);
    }
    hw_free(sorted);
    return hw_manifest_end(&json, err);
}

void hw_manifest_begin(struct hw_json_writer *json) {
    hw_json_object_begin(json, NULL);
    hw_json_number(json, "hawser_manifest", HW_MANIFEST_VERSION);
    hw_json_list_begin(json, "objects");
}

static void field_write(struct hw_json_writer *json, const struct hw_manifest_entry *entry, size_t i) {
    const struct hw_manifest_field *field = &hw_manifest_fields[i];
    const void *value = hw_manifest_field_in(entry, i);
    char hex[HW_SHA256_HEX_BYTES];
    uint64_t number = 0;
    switch (field->kind) {
    case HW_MANIFEST_TEXT:
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

enum hw_status hw_manifest_end(struct hw_json_writer *json, struct hw_error *err) {
    hw_json_list_end(json);
    hw_json_object_end(json);
    return hw_json_end_text(json, err);
}
