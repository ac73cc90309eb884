/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest that is taken is written, and what was written is a fixed point. */
#include "manifest/manifest.h"
#include "manifest/manifest_read.h"
#include "manifest/merge.h"

#include "fuzz/fuzz.h"

struct text_sink {
    struct hw_sink base;
    struct hw_buf *out;
};

static enum hw_status sink_write(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err) {
    return hw_buf_append(((struct text_sink *)sink)->out, data, bytes, err);
}

static enum hw_status text_write(const struct hw_manifest *manifest, struct hw_buf *out) {
    static const struct hw_sink_ops ops = {.write = sink_write};
    struct text_sink sink = {.base.ops = &ops, .out = out};
    HW_AUTO(hw_manifest_sorter) changes = {0};
    HW_AUTO(hw_manifest_merge) merge = {0};
    HW_TRY(hw_manifest_merge_open(&merge, manifest, &changes, NULL));
    return hw_manifest_merge_write(&merge, &sink.base, NULL);
}

/* Each entry is found by its path, and there are as many as the manifest says. */
static void paths_check(const struct hw_manifest *manifest) {
    HW_AUTO(hw_manifest_cursor) all = {0};
    HW_AUTO(hw_manifest_cursor) one = {0};
    const struct hw_manifest_entry *entry;
    const struct hw_manifest_entry *found;
    uint64_t count = 0;
    hw_manifest_all(manifest, &all);
    for (; hw_manifest_next(&all, &entry, NULL) == HW_OK && entry; count++) {
        FUZZ_CHECK(hw_manifest_find(manifest, entry->path, &one, &found, NULL) == HW_OK);
        FUZZ_CHECK(found && strcmp(found->path, entry->path) == 0 && found->order == entry->order);
    }
    FUZZ_CHECK(count == manifest->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_manifest) manifest = {0};
    HW_AUTO(hw_manifest) again = {0};
    HW_AUTO(hw_buf) json = {0};
    HW_AUTO(hw_buf) json_again = {0};
    enum hw_status status = hw_manifest_parse((hw_view){(const char *)data, size}, &manifest, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA);
    if (status != HW_OK) {
        return 0;
    }
    paths_check(&manifest);
    FUZZ_CHECK(text_write(&manifest, &json) == HW_OK);
    FUZZ_CHECK(hw_manifest_parse(hw_buf_view(&json), &again, NULL) == HW_OK);
    FUZZ_CHECK(again.count == manifest.count);
    FUZZ_CHECK(text_write(&again, &json_again) == HW_OK);
    FUZZ_CHECK(hw_view_equal(hw_buf_view(&json), hw_buf_view(&json_again)));
    return 0;
}
