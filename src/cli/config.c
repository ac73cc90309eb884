/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/io.h"
#include "core/limits.h"

static enum hw_status file_read(const char *path, struct hw_buf *out_text, struct hw_error *err);
static enum hw_status text_fill(struct hw_option_filler *filler, hw_view text, struct hw_error *err);
static enum hw_status key_fill(struct hw_option_filler *filler, const char *key, const json_t *value,
                               struct hw_error *err);
static enum hw_status array_fill(struct hw_option_filler *filler, struct hw_option_ref ref, const json_t *array,
                                 struct hw_error *err);
static enum hw_status scalar_text(struct hw_option_filler *filler, const json_t *value, const char **out_text,
                                  struct hw_error *err);

enum hw_status hw_config_fill(struct hw_option_filler *filler, const char *path, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {.limit = HW_CONFIG_BYTES_MAX + 1};
    char quote[HW_QUOTE_BYTES];
    enum hw_status status = file_read(path, &text, err);
    if (!status) {
        status = text_fill(filler, hw_buf_view(&text), err);
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

static enum hw_status text_fill(struct hw_option_filler *filler, hw_view text, struct hw_error *err) {
    json_error_t fault;
    json_t *root = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return hw_fail(err, HW_ECONFIG, "line %d, column %d: %s", fault.line, fault.column, fault.text);
    }
    enum hw_status status = HW_OK;
    if (!json_is_object(root)) {
        status = hw_fail(err, HW_ECONFIG, "a JSON object is needed, like {\"memory\": \"2GiB\"}");
    }
    /* Jansson iterates in the order of insertion, so the first fault in the file is the one that is named. */
    for (void *at = json_object_iter(root); at && !status; at = json_object_iter_next(root, at)) {
        status = key_fill(filler, json_object_iter_key(at), json_object_iter_value(at), err);
    }
    json_decref(root);
    return status;
}

static enum hw_status key_fill(struct hw_option_filler *filler, const char *key, const json_t *value,
                               struct hw_error *err) {
    char quote[HW_QUOTE_BYTES];
    struct hw_option_ref ref = hw_option_find(filler->set, hw_view_of(key));
    hw_quote(key, strlen(key), quote, sizeof(quote));
    if (!ref.option) {
        return hw_option_unknown(filler->set, "key", "", hw_view_of(key), filler->arena, err);
    }
    if (ref.option->type == HW_OPTION_CONFIG || ref.option->type == HW_OPTION_HELP) {
        return hw_fail(err, HW_ECONFIG, "the key %s is for the command line only", quote);
    }

    const char *text = NULL;
    enum hw_status status = HW_OK;
    if (json_is_array(value)) {
        status = array_fill(filler, ref, value, err);
    } else {
        status = scalar_text(filler, value, &text, err);
    }
    if (text) {
        status = hw_option_fill(filler, ref, HW_LAYER_CONFIG, text, err);
    }
    if (status) {
        hw_error_prefix(err, "%s", quote);
    }
    return status;
}

static enum hw_status array_fill(struct hw_option_filler *filler, struct hw_option_ref ref, const json_t *array,
                                 struct hw_error *err) {
    if (ref.option->type != HW_OPTION_LIST && ref.option->type != HW_OPTION_CHOICES) {
        return hw_fail(err, HW_ECONFIG, "one value is needed, not an array");
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text;
        HW_TRY(scalar_text(filler, json_array_get(array, i), &text, err));
        HW_TRY(ref.option->type == HW_OPTION_LIST ? hw_option_add(filler, ref, HW_LAYER_CONFIG, text, err)
                                                  : hw_option_fill(filler, ref, HW_LAYER_CONFIG, text, err));
    }
    return HW_OK;
}

/* The value as it would be written on the command line; a copy, for the JSON goes away. */
static enum hw_status scalar_text(struct hw_option_filler *filler, const json_t *value, const char **out_text,
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
    const char *copy = hw_arena_strdup(filler->arena, text);
    if (!copy) {
        return hw_fail_nomem(err, strlen(text) + 1);
    }
    *out_text = copy;
    return HW_OK;
}
