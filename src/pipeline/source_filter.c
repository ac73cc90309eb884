/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source_filter.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/object_name.h"

enum { FORMATS_ALL = HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV };

/* A glob as it was given becomes one of whole paths below a folder. */
static enum hw_status pattern_init(struct hw_glob *glob, const char *text, bool hidden, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const size_t bytes = strlen(text);
    const bool tied = text[0] == '/';
    const bool folders = bytes > 0 && text[bytes - 1] == '/';
    const char *slash = strchr(text, '/');
    const bool anywhere = !slash || (folders && slash == text + bytes - 1 && !tied);
    const char *pattern = hw_arena_join(&arena, anywhere ? "**/" : "", text + tied, folders ? "**" : "");
    return pattern ? hw_glob_init(glob, pattern, hidden, err) : hw_fail_nomem(err, bytes);
}

static enum hw_status patterns_init(const char *const *texts, size_t count, bool hidden, struct hw_glob **out_globs,
                                    size_t *out_count, struct hw_error *err) {
    struct hw_glob *globs = count > 0 ? hw_alloc_zero(count, sizeof(*globs)) : NULL;
    if (count > 0 && !globs) {
        return hw_fail_nomem(err, count * sizeof(*globs));
    }
    *out_globs = globs;
    for (; *out_count < count; ++*out_count) {
        HW_TRY(pattern_init(&globs[*out_count], texts[*out_count], hidden, err));
    }
    return HW_OK;
}

enum hw_status hw_source_filter_init(struct hw_source_filter *filter, const struct hw_convert_options *options,
                                     struct hw_error *err) {
    filter->all = options->all_files;
    filter->formats = options->from ? options->from : HW_FORMAT_CSV | (FORMATS_ALL & ~options->formats);
    enum hw_status status = patterns_init(options->include, options->include_count, options->all_files,
                                          &filter->include, &filter->include_count, err);
    hw_error_prefix(status == HW_OK ? NULL : err, "--include");
    HW_TRY(status);
    /* What is to stay out stays out, hidden or not. */
    status =
        patterns_init(options->exclude, options->exclude_count, true, &filter->exclude, &filter->exclude_count, err);
    hw_error_prefix(status == HW_OK ? NULL : err, "--exclude");
    return status;
}

static void globs_free(struct hw_glob *globs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        hw_glob_release(&globs[i]);
    }
    hw_free(globs);
}

void hw_source_filter_release(struct hw_source_filter *filter) {
    globs_free(filter->include, filter->include_count);
    globs_free(filter->exclude, filter->exclude_count);
    *filter = (struct hw_source_filter){0};
}

static bool any_matches(struct hw_glob *globs, size_t count, const char *path) {
    bool matches = false;
    for (size_t i = 0; i < count && !matches; i++) {
        matches = hw_glob_matches(&globs[i], hw_view_of(path));
    }
    return matches;
}

/* Returns the bit of the format that an object has by its name; 0: none that is read. */
static unsigned format_of(const char *path) {
    static const unsigned formats[] = {
        [HW_NAME_PARQUET] = HW_FORMAT_PARQUET,
        [HW_NAME_AVRO] = HW_FORMAT_AVRO,
        [HW_NAME_CSV] = HW_FORMAT_CSV,
        [HW_NAME_CSV_READ] = HW_FORMAT_CSV,
        [HW_NAME_ZIP] = HW_FORMAT_CSV,
        [HW_NAME_TEXT] = HW_FORMAT_CSV,
        [HW_NAME_FOREIGN] = 0,
    };
    return hw_name_is_text(path) ? HW_FORMAT_CSV : formats[hw_name_look(path).format];
}

/* Chooses by the name alone. */
static enum hw_source_choice name_choose(const struct hw_source_filter *filter, const char *path) {
    if (!(format_of(path) & filter->formats)) {
        return HW_SOURCE_OTHER;
    }
    if (filter->all) {
        return HW_SOURCE_TAKEN;
    }
    return hw_name_is_junk(path) ? HW_SOURCE_JUNK : hw_name_is_text(path) ? HW_SOURCE_TEXT : HW_SOURCE_TAKEN;
}

enum hw_source_choice hw_source_filter_choose(struct hw_source_filter *filter, const char *path, bool named) {
    if (any_matches(filter->exclude, filter->exclude_count, path)) {
        return HW_SOURCE_FILTERED;
    }
    if (filter->include_count > 0) {
        return any_matches(filter->include, filter->include_count, path) ? HW_SOURCE_TAKEN : HW_SOURCE_FILTERED;
    }
    return named ? HW_SOURCE_TAKEN : name_choose(filter, path);
}
