/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/config_foreign.h"
#include "cli/unknown.h"
#include "core/buf.h"
#include "core/io.h"
#include "core/json_read.h"
#include "core/limits.h"

/* One file on its way into the arguments of one call. */
struct config {
    struct hw_option_filler *filler;
    struct hw_cmd_call *call;
    enum hw_option_layer layer; /* of what is being read */
};

static enum hw_status file_read(const char *path, struct hw_buf *out_text, struct hw_error *err);
static enum hw_status text_fill(struct config *config, hw_view text, struct hw_error *err);
static enum hw_status object_fill(struct config *config, json_t *object, struct hw_error *err);
static enum hw_status section_check(const struct config *config, const char *name, json_t *section,
                                    struct hw_error *err);
static enum hw_status key_unknown(const struct config *config, const char *key, const json_t *value,
                                  struct hw_error *err);
static enum hw_status own_section_fill(struct config *config, json_t *root, struct hw_error *err);
static enum hw_status key_fill(struct config *config, const char *key, const json_t *value, struct hw_error *err);
static enum hw_status key_allowed(const struct hw_option *option, const char *key, struct hw_error *err);
static enum hw_status array_fill(struct config *config, struct hw_option_ref ref, const json_t *array,
                                 struct hw_error *err);
static enum hw_status scalar_text(const struct config *config, const json_t *value, const char **out_text,
                                  struct hw_error *err);

enum hw_status hw_config_fill(struct hw_option_filler *filler, struct hw_cmd_call *call, const char *path,
                              struct hw_error *err) {
    struct config config = {filler, call, HW_LAYER_CONFIG};
    HW_AUTO(hw_buf) text = {.limit = HW_CONFIG_BYTES_MAX + 1};
    char quote[HW_QUOTE_BYTES];
    enum hw_status status = file_read(path, &text, err);
    if (!status) {
        status = text_fill(&config, hw_buf_view(&text), err);
    }
    if (status) {
        hw_error_prefix(err, "config file %s", hw_quote(path, strlen(path), quote, sizeof(quote)));
    }
    if (status && status != HW_ENOMEM) {
        status = HW_ECONFIG; /* a missing config file is not a missing source */
        if (err) {
            err->status = status;
        }
    }
    return status;
}

static enum hw_status file_read(const char *path, struct hw_buf *out_text, struct hw_error *err) {
    size_t got = 0;
    HW_TRY(hw_buf_resize(out_text, HW_CONFIG_BYTES_MAX + 1, err));
    int fd = hw_io()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        return hw_fail_errno(err, errno, "cannot open it");
    }
    enum hw_status status = hw_io_read_some(fd, out_text->data, out_text->size, &got, err);
    hw_io()->close(fd);
    HW_TRY(status);
    if (got > HW_CONFIG_BYTES_MAX) {
        return hw_fail(err, HW_ECONFIG, "longer than %" PRIu64 " bytes", HW_CONFIG_BYTES_MAX);
    }
    return hw_buf_resize(out_text, got, err);
}

static enum hw_status text_fill(struct config *config, hw_view text, struct hw_error *err) {
    json_error_t fault;
    json_t *root = hw_json_load(text, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return hw_fail(err, HW_ECONFIG, "line %d, column %d: %s", fault.line, fault.column, fault.text);
    }
    enum hw_status status = HW_OK;
    if (!json_is_object(root)) {
        status = hw_fail(err, HW_ECONFIG, "a JSON object is needed, like {\"memory\": \"2GiB\"}");
    }
    /* What the file says in our own words counts more. */
    if (!status) {
        status = hw_config_foreign_fill(config->filler, config->call, root, err);
    }
    if (!status) {
        status = object_fill(config, root, err);
    }
    if (!status) {
        status = own_section_fill(config, root, err);
    }
    json_decref(root);
    return status;
}

/*
 * Jansson iterates in the order of insertion, so the first fault in the file is the one that is
 * named.
 */
static enum hw_status object_fill(struct config *config, json_t *object, struct hw_error *err) {
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        json_t *value = json_object_iter_value(at);
        const struct hw_option *option = hw_commands_option(config->call->commands, hw_view_of(key));
        if (json_is_object(value) && hw_commands_get(config->call->commands, hw_view_of(key))) {
            HW_TRY(section_check(config, key, value, err));
        } else if (hw_config_foreign(key)) {
            continue;
        } else if (!option) {
            return key_unknown(config, key, value, err);
        } else {
            HW_TRY(key_allowed(option, key, err));
            HW_TRY(key_fill(config, key, value, err));
        }
    }
    return HW_OK;
}

/*
 * A wrong key is found whichever command is called; wrong values only by the command that they are
 * for.
 */
static enum hw_status section_check(const struct config *config, const char *name, json_t *section,
                                    struct hw_error *err) {
    const struct hw_option_set *set = hw_commands_get(config->call->commands, hw_view_of(name))->options;
    enum hw_status status = HW_OK;
    for (void *at = json_object_iter(section); at && !status; at = json_object_iter_next(section, at)) {
        const char *key = json_object_iter_key(at);
        struct hw_option_ref ref = hw_option_find(set, hw_view_of(key));
        status = ref.option ? key_allowed(ref.option, key, err)
                            : hw_option_unknown(set, "key", "", hw_view_of(key), config->filler->arena, err);
    }
    if (status) {
        hw_error_prefix(err, "section \"%s\"", name);
    }
    return status;
}

/* Fails: neither the names of options nor the keys of others have this one. */
static enum hw_status name_unknown(struct hw_arena *arena, const char *key, const char *const *names, size_t count,
                                   struct hw_error *err) {
    const size_t all = count + HW_CONFIG_FOREIGN_KEYS;
    const char **known = hw_arena_alloc(arena, all * sizeof(*known));
    if (!known) {
        return hw_fail_nomem(err, all * sizeof(*known));
    }
    for (size_t i = 0; i < all; i++) {
        known[i] = i < count ? names[i] : hw_config_foreign_key(i - count);
    }
    return hw_fail_unknown(err, "key", hw_view_of(key), known, all);
}

/* Fails: neither an option nor a section of a command has this name. */
static enum hw_status key_unknown(const struct config *config, const char *key, const json_t *value,
                                  struct hw_error *err) {
    const struct hw_commands *commands = config->call->commands;
    struct hw_arena *arena = config->filler->arena;
    const char *const *names;
    size_t count;
    if (!json_is_object(value) && hw_commands_get(commands, hw_view_of(key))) {
        return hw_fail(err, HW_ECONFIG, "\"%s\": an object with the options of this command is needed", key);
    }
    if (!json_is_object(value)) {
        HW_TRY(hw_commands_option_names(commands, arena, &names, &count, err));
        return name_unknown(arena, key, names, count, err);
    }
    const char **sections = hw_arena_alloc(arena, commands->count * sizeof(*sections));
    if (!sections) {
        return hw_fail_nomem(err, commands->count * sizeof(*sections));
    }
    for (size_t i = 0; i < commands->count; i++) {
        sections[i] = commands->rows[i]->name;
    }
    return hw_fail_unknown(err, "section", hw_view_of(key), sections, commands->count);
}

/* The keys of the section have been checked already. */
static enum hw_status own_section_fill(struct config *config, json_t *root, struct hw_error *err) {
    const char *name = config->call->cmd->name;
    json_t *section = json_object_get(root, name);
    config->layer = HW_LAYER_SECTION;
    for (void *at = json_object_iter(section); at; at = json_object_iter_next(section, at)) {
        enum hw_status status = key_fill(config, json_object_iter_key(at), json_object_iter_value(at), err);
        if (status) {
            hw_error_prefix(err, "section \"%s\"", name);
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status key_allowed(const struct hw_option *option, const char *key, struct hw_error *err) {
    return hw_option_has_field(option) ? HW_OK
                                       : hw_fail(err, HW_ECONFIG, "the key \"%s\" is for the command line only", key);
}

/* A key that the command does not have is for other commands. */
static enum hw_status key_fill(struct config *config, const char *key, const json_t *value, struct hw_error *err) {
    struct hw_option_ref ref = hw_option_find(config->filler->set, hw_view_of(key));
    if (!ref.option) {
        return HW_OK;
    }
    const char *text = NULL;
    enum hw_status status = HW_OK;
    if (json_is_array(value)) {
        status = array_fill(config, ref, value, err);
    } else {
        status = scalar_text(config, value, &text, err);
    }
    if (text) {
        status = hw_option_fill(config->filler, ref, config->layer, text, err);
    }
    if (status) {
        hw_error_prefix(err, "\"%s\"", key);
    }
    return status;
}

static enum hw_status array_fill(struct config *config, struct hw_option_ref ref, const json_t *array,
                                 struct hw_error *err) {
    if (ref.option->type != HW_OPTION_LIST && ref.option->type != HW_OPTION_CHOICES) {
        return hw_fail(err, HW_ECONFIG, "one value is needed, not an array");
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text;
        HW_TRY(scalar_text(config, json_array_get(array, i), &text, err));
        HW_TRY(ref.option->type == HW_OPTION_LIST ? hw_option_add(config->filler, ref, config->layer, text, err)
                                                  : hw_option_fill(config->filler, ref, config->layer, text, err));
    }
    return HW_OK;
}

/* The value as it would be written on the command line; a copy, for the JSON goes away. */
static enum hw_status scalar_text(const struct config *config, const json_t *value, const char **out_text,
                                  struct hw_error *err) {
    char number[24];
    const char *text = number;
    switch (json_typeof(value)) {
    case JSON_STRING:
        text = json_string_value(value);
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_TRUE:
        text = "true";
        break;
    case JSON_FALSE:
        text = "false";
        break;
    default:
        return hw_fail(err, HW_ECONFIG, "a text, a whole number, true or false is needed");
    }
    const char *copy = hw_arena_strdup(config->filler->arena, text);
    if (!copy) {
        return hw_fail_nomem(err, strlen(text) + 1);
    }
    *out_text = copy;
    return HW_OK;
}
