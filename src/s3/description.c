/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/description.h"

#include <stdlib.h>
#include <strings.h>

#define METADATA_PREFIX "x-amz-meta-"

static enum hw_status texts_read(const struct hw_http_response *response, struct hw_s3_description *description,
                                 struct hw_error *err);
static enum hw_status metadata_read(const struct hw_http_response *response, struct hw_s3_description *description,
                                    struct hw_error *err);

void hw_s3_description_release(struct hw_s3_description *description) {
    hw_arena_release(&description->texts);
    *description = (struct hw_s3_description){0};
}

enum hw_status hw_s3_description_read(const struct hw_http_response *response,
                                      struct hw_s3_description *out_description, struct hw_error *err) {
    HW_AUTO(hw_s3_description) description = {0};
    static const struct {
        const char *header;
        size_t offset;
    } numbers[] = {
        {"x-amz-missing-meta", offsetof(struct hw_s3_description, metadata_missing)},
        {"x-amz-tagging-count", offsetof(struct hw_s3_description, tags_count)},
        {"x-amz-mp-parts-count", offsetof(struct hw_s3_description, parts_count)},
    };
    HW_TRY(hw_s3_object_read(response, &description.object, err));
    if (!hw_http_bytes_header(response, "Content-Length", &description.object.size)) {
        return hw_fail(err, HW_EPROTOCOL, "HeadObject: the reply does not tell the object's size");
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        uint64_t *number = (uint64_t *)(void *)((char *)&description + numbers[i].offset);
        bool told = hw_http_bytes_header(response, numbers[i].header, number);
        *number = told ? *number : 0;
    }
    if (description.object.checksum.kind == HW_CHECKSUM_NONE) {
        description.composite = hw_s3_checksum_read(response, true);
    }
    HW_TRY(texts_read(response, &description, err));
    HW_TRY(metadata_read(response, &description, err));
    hw_s3_description_release(out_description);
    *out_description = description;
    description = (struct hw_s3_description){0};
    return HW_OK;
}

/* Copies a value. A NUL in it, which no header may have, ends it. */
static enum hw_status text_keep(hw_view text, struct hw_arena *arena, const char **out, struct hw_error *err) {
    const char *copy = hw_arena_strndup(arena, text.data, text.size);
    if (!copy) {
        return hw_fail_nomem(err, text.size + 1);
    }
    *out = copy;
    return HW_OK;
}

static enum hw_status texts_read(const struct hw_http_response *response, struct hw_s3_description *description,
                                 struct hw_error *err) {
#define TEXT(header, member) \
    { header, offsetof(struct hw_s3_description, member) }
    static const struct {
        const char *header;
        size_t offset;
    } rows[] = {
        TEXT("Content-Type", content_type),
        TEXT("Content-Encoding", content_encoding),
        TEXT("Content-Language", content_language),
        TEXT("Content-Disposition", content_disposition),
        TEXT("Cache-Control", cache_control),
        TEXT("Expires", expires),
        TEXT("x-amz-storage-class", storage_class),
        TEXT("x-amz-version-id", version_id),
        TEXT("x-amz-server-side-encryption", encryption),
        TEXT("x-amz-server-side-encryption-aws-kms-key-id", kms_key_id),
        TEXT("x-amz-server-side-encryption-customer-algorithm", customer_algorithm),
    };
#undef TEXT
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char **text = (const char **)(void *)((char *)description + rows[i].offset);
        hw_view value = hw_http_header_find(response, rows[i].header);
        if (value.data && value.size > 0) {
            HW_TRY(text_keep(value, &description->texts, text, err));
        }
    }
    return HW_OK;
}

static bool metadata_next(const struct hw_http_response *response, size_t *at, hw_view *out_name, hw_view *out_value) {
    const size_t prefix_bytes = sizeof(METADATA_PREFIX) - 1;
    while (hw_http_header_next(response, at, out_name, out_value)) {
        if (out_name->size > prefix_bytes && strncasecmp(out_name->data, METADATA_PREFIX, prefix_bytes) == 0) {
            out_name->data += prefix_bytes;
            out_name->size -= prefix_bytes;
            return true;
        }
    }
    return false;
}

/* For qsort. */
static int metadata_compare(const void *a, const void *b) {
    const struct hw_metadata *left = a;
    const struct hw_metadata *right = b;
    const int names = strcasecmp(left->name, right->name);
    return names != 0 ? names : strcmp(left->value, right->value);
}

/* Entries are sorted by name, as services send them in any order, and in another one next time. */
static enum hw_status metadata_read(const struct hw_http_response *response, struct hw_s3_description *description,
                                    struct hw_error *err) {
    size_t count = 0;
    hw_view name;
    hw_view value;
    for (size_t at = 0; metadata_next(response, &at, &name, &value);) {
        count++;
    }
    if (count > HW_S3_METADATA_MAX) {
        return hw_fail(err, HW_ELIMIT, "HeadObject: %zu entries of metadata, %d are allowed", count,
                       HW_S3_METADATA_MAX);
    }
    description->metadata = hw_arena_alloc(&description->texts, count * sizeof(*description->metadata));
    if (!description->metadata) {
        return hw_fail_nomem(err, count * sizeof(*description->metadata));
    }
    for (size_t at = 0; metadata_next(response, &at, &name, &value);) {
        struct hw_metadata *entry = &description->metadata[description->metadata_count++];
        HW_TRY(text_keep(name, &description->texts, &entry->name, err));
        HW_TRY(text_keep(value, &description->texts, &entry->value, err));
    }
    qsort(description->metadata, count, sizeof(*description->metadata), metadata_compare);
    return HW_OK;
}

bool hw_s3_description_etag_of_md5s(const struct hw_s3_description *description) {
    const char *encryption = description->encryption ? description->encryption : "";
    return strncmp(encryption, "aws:kms", strlen("aws:kms")) != 0 && !description->customer_algorithm;
}

bool hw_s3_description_md5(const struct hw_s3_description *description, struct hw_checksum *out_md5) {
    return hw_s3_description_etag_of_md5s(description) && hw_s3_etag_md5(description->object.etag, out_md5);
}

void hw_s3_description_options(const struct hw_s3_description *description, struct hw_write_options *out_options) {
    out_options->content_type = description->content_type;
    out_options->content_encoding = description->content_encoding;
    out_options->content_language = description->content_language;
    out_options->content_disposition = description->content_disposition;
    out_options->cache_control = description->cache_control;
    out_options->expires = description->expires;
    out_options->metadata = description->metadata;
    out_options->metadata_count = description->metadata_count;
}
