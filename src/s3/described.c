/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/described.h"

/* The texts of the options that describe an object, where they stand in the struct. */
static const size_t texts[] = {
    offsetof(struct hw_write_options, content_type),     offsetof(struct hw_write_options, content_encoding),
    offsetof(struct hw_write_options, content_language), offsetof(struct hw_write_options, content_disposition),
    offsetof(struct hw_write_options, cache_control),    offsetof(struct hw_write_options, expires),
};

static const char **text_at(struct hw_write_options *options, size_t offset) {
    return (const char **)((char *)options + offset);
}

bool hw_described_replaces(const struct hw_write_options *given) {
    struct hw_write_options copy = given ? *given : (struct hw_write_options){0};
    bool replaces = copy.metadata_count > 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        replaces = replaces || *text_at(&copy, texts[i]) != NULL;
    }
    return replaces;
}

enum hw_status hw_described_load(struct hw_described *described, struct hw_s3_client *client, const char *key,
                                 const char *version_id, const struct hw_write_options *given, struct hw_error *err) {
    struct hw_write_options own = {0};
    HW_TRY(hw_s3_object_describe(client, key, version_id, &described->source, err));
    if (described->source.metadata_missing > 0) {
        return hw_fail(err, HW_EUNSUPPORTED,
                       "%" PRIu64 " entries of its metadata cannot be read, so a copy would lose them",
                       described->source.metadata_missing);
    }
    hw_s3_description_options(&described->source, &own);
    described->options = given ? *given : (struct hw_write_options){0};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char **text = text_at(&described->options, texts[i]);
        *text = *text ? *text : *text_at(&own, texts[i]);
    }
    if (described->options.metadata_count == 0) {
        described->options.metadata = own.metadata;
        described->options.metadata_count = own.metadata_count;
    }
    if (described->source.tags_count > 0 && !described->options.tagging) {
        hw_buf_clear(&described->tagging);
        HW_TRY(hw_s3_object_tags(client, key, version_id, &described->tagging, err));
        described->options.tagging = (const char *)described->tagging.data;
    }
    return HW_OK;
}

void hw_described_release(struct hw_described *described) {
    hw_s3_description_release(&described->source);
    hw_buf_release(&described->tagging);
    *described = (struct hw_described){0};
}
