/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/profile_file.h"

#include <stdio.h>

#include "aws/environment.h"
#include "aws/secret.h"
#include "core/limits.h"
#include "core/nearest.h"

/* Where each file is, and what its faults are. */
static const struct {
    const char *env;
    const char *home_path;
    enum hw_status fault;
} file_kinds[] = {
    [HW_PROFILE_CONFIG] = {"AWS_CONFIG_FILE", "/.aws/config", HW_ECONFIG},
    [HW_PROFILE_CREDENTIALS] = {"AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", HW_EAUTH},
};

/* A walk over the lines of a file. */
enum line_kind { LINE_END, LINE_SECTION, LINE_KEY, LINE_NESTED, LINE_BAD };

struct line_walk {
    hw_view rest;
    size_t line;       /* from 1 */
    size_t key_indent; /* of the last key */
    hw_view section;   /* all that the last section line has inside its brackets */
    hw_view key;       /* the last key */
    hw_view nested;    /* the key of a LINE_NESTED, below `key` */
    hw_view value;     /* of the last LINE_KEY or LINE_NESTED */
    const char *fault; /* of a LINE_BAD */
    bool in_section;
    bool in_key;
    bool key_is_empty; /* lines below it are nested keys; otherwise they continue its value */
};

static enum hw_status file_read(enum hw_profile_file_kind kind, struct hw_profile_file *file, struct hw_error *err);
static enum line_kind line_next(struct line_walk *walk);

enum hw_status hw_profile_files_read(struct hw_profile_files *out_files, struct hw_error *err) {
    struct hw_profile_files files = {0};

    enum hw_status status = file_read(HW_PROFILE_CONFIG, &files.config, err);
    if (status == HW_OK) {
        status = file_read(HW_PROFILE_CREDENTIALS, &files.credentials, err);
    }
    if (status != HW_OK) {
        hw_profile_files_release(&files);
        return status;
    }
    *out_files = files;
    return HW_OK;
}

void hw_profile_files_release(struct hw_profile_files *files) {
    hw_secret_buf_release(&files->config.text);
    hw_secret_buf_release(&files->credentials.text);
}

static bool path_find(enum hw_profile_file_kind kind, char out[PATH_MAX]);
static enum hw_status text_check(const struct hw_profile_file *file, struct hw_error *err);

static enum hw_status file_read(enum hw_profile_file_kind kind, struct hw_profile_file *file, struct hw_error *err) {
    file->kind = kind;
    if (!path_find(kind, file->path)) {
        return hw_fail(err, file_kinds[kind].fault, "%s or HOME is longer than a path can be", file_kinds[kind].env);
    }
    if (!file->path[0]) {
        return HW_OK;
    }
    struct hw_error why = HW_ERROR_INIT;
    enum hw_status status = hw_secret_file_read(file->path, HW_CONFIG_BYTES_MAX, &file->text, &why);
    if (status == HW_ENOTFOUND) {
        return HW_OK; /* the AWS CLI takes a folder for no file too */
    }
    status = status ? hw_error_pass(err, status, &why) : text_check(file, err);
    if (status && status != HW_ENOMEM) {
        hw_error_object(err, file->path);
        status = file_kinds[kind].fault;
        if (err) {
            err->status = status;
        }
    }
    return status;
}

/* False where the path does not fit. `out` is "" where neither the variable nor HOME is set. */
static bool path_find(enum hw_profile_file_kind kind, char out[PATH_MAX]) {
    const char *home = hw_env("HOME");
    const char *path = hw_env(file_kinds[kind].env);
    int bytes = 0;

    if (path && path[0] == '~' && path[1] == '/' && home) {
        bytes = snprintf(out, PATH_MAX, "%s%s", home, path + 1);
    } else if (path) {
        bytes = snprintf(out, PATH_MAX, "%s", path);
    } else if (home) {
        bytes = snprintf(out, PATH_MAX, "%s%s", home, file_kinds[kind].home_path);
    }
    return bytes >= 0 && bytes < PATH_MAX;
}

static enum hw_status text_check(const struct hw_profile_file *file, struct hw_error *err) {
    struct line_walk walk = {.rest = hw_buf_view(&file->text)};
    enum line_kind kind = LINE_SECTION;

    if (file->text.size > 0 && memchr(file->text.data, '\0', file->text.size)) {
        return hw_fail(err, HW_ECONFIG, "it holds NUL bytes: it is no text file, or not UTF-8");
    }
    while (kind != LINE_END) {
        kind = line_next(&walk);
        if (kind == LINE_BAD) {
            hw_error_set(err, HW_ECONFIG, "%s", walk.fault);
            if (err) {
                err->line = (int64_t)walk.line;
            }
            return HW_ECONFIG;
        }
    }
    return HW_OK;
}

static hw_view line_take(struct line_walk *walk);
static enum line_kind section_line(struct line_walk *walk, hw_view text);
static enum line_kind key_line(struct line_walk *walk, hw_view text, size_t indent);
static enum line_kind nested_line(struct line_walk *walk, hw_view text);

/* The next line that says something; the members of the walk that its kind names are then set. */
static enum line_kind line_next(struct line_walk *walk) {
    while (walk->rest.size > 0) {
        hw_view line = line_take(walk);
        hw_view text = hw_view_trim(line);
        if (text.size == 0 || text.data[0] == '#' || text.data[0] == ';') {
            continue;
        }
        size_t indent = (size_t)(text.data - line.data);
        if (walk->in_key && indent > walk->key_indent) {
            if (walk->key_is_empty) {
                return nested_line(walk, text);
            }
            continue; /* more of a value of several lines, which no setting of ours has */
        }
        return text.data[0] == '[' ? section_line(walk, text) : key_line(walk, text, indent);
    }
    return LINE_END;
}

static hw_view line_take(struct line_walk *walk) {
    static const hw_view byte_order_mark = HW_VIEW_INIT("\357\273\277");

    if (walk->line == 0 && hw_view_starts(walk->rest, byte_order_mark)) {
        walk->rest.data += byte_order_mark.size;
        walk->rest.size -= byte_order_mark.size;
    }
    walk->line++;
    const char *newline = walk->rest.size > 0 ? memchr(walk->rest.data, '\n', walk->rest.size) : NULL;
    hw_view line = {walk->rest.data, newline ? (size_t)(newline - walk->rest.data) : walk->rest.size};
    size_t taken = line.size + (newline ? 1 : 0);
    walk->rest.data += taken;
    walk->rest.size -= taken;
    return line;
}

static enum line_kind bad_line(struct line_walk *walk, const char *fault) {
    walk->fault = fault;
    return LINE_BAD;
}

static enum line_kind section_line(struct line_walk *walk, hw_view text) {
    const char *end = memchr(text.data, ']', text.size);
    if (!end) {
        return bad_line(walk, "a section has no closing ']'");
    }
    walk->section = hw_view_trim((hw_view){text.data + 1, (size_t)(end - text.data) - 1});
    walk->in_section = true;
    walk->in_key = false;
    return LINE_SECTION;
}

static bool assignment_split(hw_view text, const char *delimiters, hw_view *out_key, hw_view *out_value);

static enum line_kind key_line(struct line_walk *walk, hw_view text, size_t indent) {
    if (!walk->in_section) {
        return bad_line(walk, "a line before the first [section]");
    }
    if (!assignment_split(text, "=:", &walk->key, &walk->value)) {
        return bad_line(walk, "a line that is neither [section] nor key = value");
    }
    walk->in_key = true;
    walk->key_is_empty = walk->value.size == 0;
    walk->key_indent = indent;
    return LINE_KEY;
}

static enum line_kind nested_line(struct line_walk *walk, hw_view text) {
    if (!assignment_split(text, "=", &walk->nested, &walk->value)) {
        return bad_line(walk, "an indented line that is not key = value");
    }
    return LINE_NESTED;
}

static hw_view without_comment(hw_view value);

/* False where there is no delimiter, or nothing before it. */
static bool assignment_split(hw_view text, const char *delimiters, hw_view *out_key, hw_view *out_value) {
    size_t at = 0;
    while (at < text.size && !strchr(delimiters, text.data[at])) {
        at++;
    }
    hw_view key = hw_view_trim((hw_view){text.data, at});
    if (at == text.size || key.size == 0) {
        return false;
    }
    *out_key = key;
    *out_value = hw_view_trim(without_comment((hw_view){text.data + at + 1, text.size - at - 1}));
    return true;
}

static hw_view without_comment(hw_view value) {
    for (size_t i = 1; i < value.size; i++) {
        if ((value.data[i] == '#' || value.data[i] == ';') && hw_blank(value.data[i - 1])) {
            return (hw_view){value.data, i};
        }
    }
    return value;
}

const char *hw_profile_name(const char *chosen, bool *out_explicit) {
    const char *candidates[] = {chosen && chosen[0] ? chosen : NULL, hw_env("AWS_PROFILE"),
                                hw_env("AWS_DEFAULT_PROFILE")};
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        if (candidates[i]) {
            *out_explicit = true;
            return candidates[i];
        }
    }
    *out_explicit = false;
    return "default";
}

static bool prefixed_name(hw_view section, hw_view prefix, hw_view *out_name);

/* The profile that a section describes, if it describes one. */
static bool section_profile(enum hw_profile_file_kind kind, hw_view section, hw_view *out_name) {
    if (kind == HW_PROFILE_CREDENTIALS || hw_view_equal(section, HW_VIEW("default"))) {
        *out_name = section;
        return true;
    }
    return prefixed_name(section, HW_VIEW("profile"), out_name);
}

/* `profile x`, `profile "x y"`: the name behind the prefix. */
static bool prefixed_name(hw_view section, hw_view prefix, hw_view *out_name) {
    if (!hw_view_starts(section, prefix) || section.size == prefix.size || !hw_blank(section.data[prefix.size])) {
        return false;
    }
    hw_view name = hw_view_trim((hw_view){section.data + prefix.size, section.size - prefix.size});
    bool quoted =
        name.size >= 2 && (name.data[0] == '"' || name.data[0] == '\'') && name.data[name.size - 1] == name.data[0];
    *out_name = quoted ? (hw_view){name.data + 1, name.size - 2} : name;
    return true;
}

static bool file_look(const struct hw_profile_file *file, struct hw_nearest_search *search, bool *out_any);

enum hw_status hw_profile_check(const struct hw_profile_files *files, const char *profile, struct hw_error *err) {
    struct hw_nearest_search search = {.word = hw_view_of(profile)};
    char quoted[HW_QUOTE_BYTES];
    char near[HW_QUOTE_BYTES];
    bool any = false;

    if (file_look(&files->credentials, &search, &any) || file_look(&files->config, &search, &any)) {
        return HW_OK;
    }
    hw_quote(profile, search.word.size, quoted, 64);
    if (search.best.data) {
        return hw_fail(err, HW_ECONFIG,
                       "there is no profile %s in the AWS config and credentials files, did you mean %s?", quoted,
                       hw_quote(search.best.data, search.best.size, near, sizeof(near)));
    }
    return hw_fail(err, HW_ECONFIG, "there is no profile %s in the AWS config and credentials files%s", quoted,
                   any ? "" : ", which name none");
}

/*
 * True where the file has the profile that is searched; others are offered, and `*out_any` set
 * where there are such.
 */
static bool file_look(const struct hw_profile_file *file, struct hw_nearest_search *search, bool *out_any) {
    struct line_walk walk = {.rest = hw_buf_view(&file->text)};
    hw_view name;

    for (enum line_kind kind = line_next(&walk); kind != LINE_END && kind != LINE_BAD; kind = line_next(&walk)) {
        if (kind != LINE_SECTION || !section_profile(file->kind, walk.section, &name)) {
            continue;
        }
        if (hw_view_equal(name, search->word)) {
            return true;
        }
        *out_any = true;
        hw_nearest_offer(search, name);
    }
    return false;
}

/* Sections of the config file that a profile names by one of its settings. */
struct named_section {
    hw_view kind;        /* the first word of the section */
    const char *setting; /* the setting of the profile that has the second */
};
static const struct named_section named_sections[] = {
    {HW_VIEW_INIT("services"), "services"},
    {HW_VIEW_INIT("sso-session"), "sso_session"},
};

/* A section whose settings are wanted. */
struct wanted_section {
    const struct named_section *named; /* NULL: a profile */
    hw_view name;
};

static bool section_matches(const struct hw_profile_file *file, hw_view section, const struct wanted_section *wanted) {
    hw_view name;
    bool found = wanted->named ? prefixed_name(section, wanted->named->kind, &name)
                               : section_profile(file->kind, section, &name);
    return found && hw_view_equal(name, wanted->name);
}

static bool equal_nocase(hw_view a, hw_view b) {
    return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

static bool file_find(const struct hw_profile_file *file, const struct wanted_section *wanted, hw_view name,
                      hw_view *out_value) {
    struct line_walk walk = {.rest = hw_buf_view(&file->text)};
    const char *dot = memchr(name.data, '.', name.size);
    hw_view key = {name.data, dot ? (size_t)(dot - name.data) : name.size};
    hw_view nested = {dot ? dot + 1 : "", dot ? name.size - key.size - 1 : 0};
    bool in_section = false;
    hw_view value = {0};

    for (enum line_kind kind = line_next(&walk); kind != LINE_END && kind != LINE_BAD; kind = line_next(&walk)) {
        if (kind == LINE_SECTION) {
            in_section = section_matches(file, walk.section, wanted);
            continue;
        }
        bool matches = in_section && equal_nocase(walk.key, key) && (kind == LINE_NESTED) == (dot != NULL);
        if (matches && (!dot || equal_nocase(walk.nested, nested))) {
            value = walk.value;
        }
    }
    if (value.size == 0) {
        return false;
    }
    *out_value = value;
    return true;
}

bool hw_profile_file_find(const struct hw_profile_file *file, const char *profile, const char *name,
                          hw_view *out_value) {
    return file_find(file, &(struct wanted_section){NULL, hw_view_of(profile)}, hw_view_of(name), out_value);
}

bool hw_profile_files_find(const struct hw_profile_files *files, const char *profile, const char *name,
                           hw_view *out_value) {
    hw_view whole = hw_view_of(name);

    for (size_t i = 0; i < COUNT_OF(named_sections); i++) {
        const hw_view kind = named_sections[i].kind;
        struct wanted_section wanted = {.named = &named_sections[i]};
        if (hw_view_starts(whole, kind) && whole.data[kind.size] == '.') {
            hw_view rest = {whole.data + kind.size + 1, whole.size - kind.size - 1};
            return hw_profile_files_find(files, profile, named_sections[i].setting, &wanted.name) &&
                   file_find(&files->config, &wanted, rest, out_value);
        }
    }
    return hw_profile_file_find(&files->credentials, profile, name, out_value) ||
           hw_profile_file_find(&files->config, profile, name, out_value);
}
