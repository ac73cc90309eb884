/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify_file.h"

enum hw_status hw_verify_file_init(struct hw_verify_file *file, struct hw_store *store, const char *path,
                                   const char *key, const struct hw_object_info *known, struct hw_error *err) {
    struct hw_arena *arena = &file->arena;
    file->store = store;
    file->counts.rows = -1;
    file->key = hw_arena_strdup(arena, key);
    file->path = path ? hw_arena_strdup(arena, path) : hw_arena_join(arena, store->root, key);
    if (known) {
        file->known = *known;
        file->known.key = file->key;
        file->known.etag = hw_arena_strdup(arena, known->etag);
    }
    const bool there = file->key && file->path && (!known || file->known.etag);
    return there ? HW_OK : hw_fail_nomem(err, strlen(key));
}

void hw_verify_file_release(struct hw_verify_file *file) {
    hw_buf_release(&file->findings);
    hw_arena_release(&file->arena);
}

size_t hw_verify_file_findings(const struct hw_verify_file *file) {
    return file->findings.size / sizeof(struct hw_finding);
}

const struct hw_finding *hw_verify_file_finding(const struct hw_verify_file *file, size_t index) {
    return (const struct hw_finding *)(const void *)file->findings.data + index;
}

/* ------ findings */

void hw_finding_error(const struct hw_finding *finding, struct hw_error *out_error) {
    hw_error_set(out_error, HW_EDATA, "%s", finding->message);
    out_error->offset = finding->offset >= 0 ? finding->offset : HW_NO_POSITION;
    if (finding->page >= 0) {
        hw_error_prefix(out_error, "page %" PRId64, finding->page);
    }
    if (finding->column) {
        hw_error_join(out_error, finding->page >= 0 ? ", " : ": ", "column %s", finding->column);
    }
    if (finding->row_group >= 0) {
        hw_error_join(out_error, finding->column || finding->page >= 0 ? ", " : ": ", "row group %" PRId64,
                      finding->row_group);
    }
}

static void finding_count(struct hw_verify_counts *counts, enum hw_severity severity) {
    counts->errors += severity == HW_SEVERITY_ERROR;
    counts->warnings += severity == HW_SEVERITY_WARNING;
    counts->infos += severity == HW_SEVERITY_INFO;
}

enum hw_status hw_verify_file_found(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    struct hw_verify_file *file = ctx;
    struct hw_finding kept = *finding;
    struct hw_arena *arena = &file->arena;
    finding_count(&file->counts, finding->severity);
    const bool left_out = file->errors_only && finding->severity != HW_SEVERITY_ERROR;
    if (left_out || hw_verify_file_findings(file) >= file->findings_max) {
        return HW_OK;
    }
    kept.code = hw_arena_strdup(arena, finding->code);
    kept.message = hw_arena_strdup(arena, finding->message);
    kept.column = finding->column ? hw_arena_strdup(arena, finding->column) : NULL;
    if (!kept.code || !kept.message || (finding->column && !kept.column)) {
        return hw_fail_nomem(err, strlen(finding->message));
    }
    return hw_buf_append(&file->findings, &kept, sizeof(kept), err);
}
