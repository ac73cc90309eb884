/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config_foreign.h"

#include <stdio.h>

#include "cli/batch_alias.h"

/* The most options in s5cmd_extra_args. */
enum { EXTRA_MAX = 256, NUMBER_BYTES = 32 };

/* The object on its way into a call. */
struct foreign {
    struct hw_option_filler *filler;
    struct hw_cmd_call *call;
    const json_t *object;
};

/* Sets what the value of the row's key says. */
struct row;
typedef enum hw_status set_fn(struct foreign *foreign, const struct row *row, const json_t *value,
                              struct hw_error *err);

static set_fn mode_set, enabled_set, destination_set, prefix_set, sync_mode_set, incremental_set, number_set, extra_set;

/* Later rows win: what was not enabled is not done, whatever mode there is. */
static const struct row {
    const char *key;
    set_fn *set;
    const char *command; /* the only command that it is for; NULL: each of the three */
    const char *option;
    const char *unit;
} rows[] = {
    {"operation_mode", mode_set, NULL, "mode", NULL},
    {"enable_s3_direct_sync", enabled_set, NULL, "mode", NULL},
    {"destination_bucket", destination_set, NULL, NULL, NULL},
    {"destination_prefix", prefix_set, NULL, NULL, NULL},
    {"sync_mode", sync_mode_set, NULL, "if-size-differ", NULL},
    {"enable_incremental", incremental_set, NULL, "if-size-differ", NULL},
    {"max_parallel_downloads", number_set, NULL, "connections", ""},
    {"batch_size", number_set, "run", "jobs", ""},
    {"part_size_mb", number_set, NULL, "part-size", "MiB"},
    {"s5cmd_extra_args", extra_set, NULL, NULL, NULL},
};
static_assert(COUNT_OF(rows) == HW_CONFIG_FOREIGN_KEYS, "the header has their number");

const char *hw_config_foreign_key(size_t index) {
    return rows[index].key;
}

bool hw_config_foreign(const char *key) {
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(rows[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool takes_part(const char *command) {
    static const char *const names[] = {"cp", "sync", "run"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(names[i], command) == 0) {
            return true;
        }
    }
    return false;
}

enum hw_status hw_config_foreign_fill(struct hw_option_filler *filler, struct hw_cmd_call *call, const json_t *object,
                                      struct hw_error *err) {
    struct foreign foreign = {filler, call, object};
    const char *name = call->cmd->name;
    for (size_t i = 0; i < COUNT_OF(rows) && takes_part(name); i++) {
        const struct row *row = &rows[i];
        const json_t *value = json_object_get(object, row->key);
        if (!value || (row->command && strcmp(row->command, name) != 0)) {
            continue;
        }
        enum hw_status status = row->set(&foreign, row, value, err);
        if (status) {
            hw_error_prefix(err, "\"%s\"", row->key);
            return status;
        }
    }
    return HW_OK;
}

/* Gives an option a value, which is copied, if the command has it. */
static enum hw_status option_set(struct foreign *foreign, const char *name, const char *value, struct hw_error *err) {
    const struct hw_option_ref ref = hw_option_find(foreign->filler->set, hw_view_of(name));
    if (!ref.option) {
        return HW_OK;
    }
    const char *copy = value ? hw_arena_strdup(foreign->filler->arena, value) : NULL;
    if (value && !copy) {
        return hw_fail_nomem(err, strlen(value) + 1);
    }
    return hw_option_fill(foreign->filler, ref, HW_LAYER_CONFIG, copy, err);
}

static enum hw_status text_take(const json_t *value, const char **out_text, struct hw_error *err) {
    const char *text = json_string_value(value);
    if (!text) {
        return hw_fail(err, HW_ECONFIG, "a text is needed");
    }
    *out_text = text;
    return HW_OK;
}

static enum hw_status switch_take(const json_t *value, bool *out_on, struct hw_error *err) {
    if (!json_is_boolean(value)) {
        return hw_fail(err, HW_ECONFIG, "true or false is needed");
    }
    *out_on = json_is_true(value);
    return HW_OK;
}

static enum hw_status mode_set(struct foreign *foreign, const struct row *row, const json_t *value,
                               struct hw_error *err) {
    const char *text;
    HW_TRY(text_take(value, &text, err));
    return option_set(foreign, row->option, strcmp(text, "direct_sync") == 0 ? "direct" : text, err);
}

static enum hw_status enabled_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                  struct hw_error *err) {
    bool on;
    HW_TRY(switch_take(value, &on, err));
    return on ? HW_OK : option_set(foreign, row->option, "traditional", err);
}

static enum hw_status destination_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                      struct hw_error *err) {
    const char *bucket;
    const char *prefix = "";
    const json_t *below = json_object_get(foreign->object, "destination_prefix");
    (void)row;
    HW_TRY(text_take(value, &bucket, err));
    if (bucket[0] == '\0' || strchr(bucket, '/')) {
        return hw_fail(err, HW_ECONFIG, "the name of a bucket is needed, without s3://");
    }
    if (below) {
        HW_TRY(text_take(below, &prefix, err));
    }
    const bool open = prefix[0] && !hw_view_ends(hw_view_of(prefix), HW_VIEW("/"));
    foreign->call->destination = hw_arena_join(foreign->filler->arena, "s3://", bucket, "/", prefix, open ? "/" : "");
    return foreign->call->destination ? HW_OK : hw_fail_nomem(err, strlen(bucket) + strlen(prefix));
}

static enum hw_status prefix_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                 struct hw_error *err) {
    const char *text;
    (void)row;
    HW_TRY(text_take(value, &text, err));
    return foreign->call->destination ? HW_OK : hw_fail(err, HW_ECONFIG, "destination_bucket is needed too");
}

static enum hw_status sync_mode_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                    struct hw_error *err) {
    const char *text;
    HW_TRY(text_take(value, &text, err));
    if (strcmp(text, "copy") == 0) {
        return HW_OK;
    }
    return strcmp(text, "sync") == 0 ? option_set(foreign, row->option, NULL, err)
                                     : hw_fail(err, HW_ECONFIG, "copy or sync is needed");
}

static enum hw_status incremental_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                      struct hw_error *err) {
    bool on;
    HW_TRY(switch_take(value, &on, err));
    return on ? option_set(foreign, row->option, NULL, err) : HW_OK;
}

static enum hw_status number_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                 struct hw_error *err) {
    char text[NUMBER_BYTES];
    if (!json_is_integer(value)) {
        return hw_fail(err, HW_ECONFIG, "a whole number is needed");
    }
    snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT "%s", json_integer_value(value), row->unit);
    return option_set(foreign, row->option, text, err);
}

/* ------ options as s5cmd has them */

static enum hw_status extra_words(struct foreign *foreign, const json_t *array, struct hw_batch_words *out_words,
                                  struct hw_error *err) {
    const size_t count = json_array_size(array);
    if (!json_is_array(array) || count > EXTRA_MAX) {
        return hw_fail(err, HW_ECONFIG, "an array of texts is needed, %d at most", EXTRA_MAX);
    }
    const char **words = hw_arena_alloc(foreign->filler->arena, (count + 1) * sizeof(*words));
    if (!words) {
        return hw_fail_nomem(err, (count + 1) * sizeof(*words));
    }
    for (size_t i = 0; i < count; i++) {
        const char *text;
        HW_TRY(text_take(json_array_get(array, i), &text, err));
        words[i] = hw_arena_strdup(foreign->filler->arena, text);
        if (!words[i]) {
            return hw_fail_nomem(err, strlen(text) + 1);
        }
    }
    *out_words = (struct hw_batch_words){words, count};
    return HW_OK;
}

/* Returns the option of a word, "--name", "--name=value" or "-n". */
static struct hw_option_ref option_of(const struct hw_option_set *set, const char *word) {
    const char *name = word + 2;
    if (word[0] == '-' && word[1] == '-') {
        return hw_option_find(set, (hw_view){name, strcspn(name, "=")});
    }
    for (size_t i = 0; word[0] == '-' && word[1] && !word[2] && i < hw_option_count(set); i++) {
        const struct hw_option_ref ref = hw_option_at(set, i);
        if (ref.option->letter == word[1]) {
            return ref;
        }
    }
    return (struct hw_option_ref){0};
}

static enum hw_status extra_set(struct foreign *foreign, const struct row *row, const json_t *value,
                                struct hw_error *err) {
    struct hw_batch_words words;
    char quote[HW_QUOTE_BYTES];
    (void)row;
    HW_TRY(extra_words(foreign, value, &words, err));
    HW_TRY(hw_batch_alias_options(foreign->call->cmd, &words, foreign->filler->arena, err));
    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.words[i];
        const struct hw_option_ref ref = option_of(foreign->filler->set, word);
        if (!ref.option || !hw_option_has_field(ref.option)) {
            return hw_fail(err, HW_ECONFIG, "%s is no option of %s", hw_quote(word, strlen(word), quote, sizeof(quote)),
                           foreign->call->cmd->name);
        }
        const char *equals = strchr(word, '=');
        const char *inside = equals ? equals + 1 : NULL;
        if (!inside && hw_option_takes_value(ref.option)) {
            inside = ++i < words.count ? words.words[i] : "";
        }
        HW_TRY(hw_option_fill(foreign->filler, ref, HW_LAYER_CONFIG, inside, err));
    }
    return HW_OK;
}
