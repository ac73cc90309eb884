/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/members.h"

#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "core/glob.h"
#include "core/object_name.h"

enum { NAMES_TOLD_MAX = 4 };

static enum hw_status named_choose(struct hw_csv_members *members, const struct hw_zip *zip,
                                   const struct hw_csv_members_options *options, struct hw_error *err);
static void all_choose(struct hw_csv_members *members, const struct hw_zip *zip, bool all);
static enum hw_status none_fail(const struct hw_zip *zip, const char *what, struct hw_error *err);

enum hw_status hw_csv_members_choose(struct hw_csv_members *members, const struct hw_csv_text *text,
                                     const struct hw_csv_members_options *options, struct hw_error *err) {
    HW_AUTO(hw_csv_members) made = {.count = 1, .wanted = 1};
    const struct hw_zip *zip = text->zip;
    if (zip) {
        made = (struct hw_csv_members){.count = hw_zip_count(zip)};
        made.chosen = hw_alloc_zero(made.count, sizeof(*made.chosen));
        if (!made.chosen) {
            return hw_fail_nomem(err, made.count * sizeof(*made.chosen));
        }
    }
    if (zip && options->glob) {
        HW_TRY(named_choose(&made, zip, options, err));
    } else if (zip) {
        all_choose(&made, zip, options->all);
    }
    if (made.wanted == 0) {
        return none_fail(zip, options->glob ? "of the names asked for" : "that is CSV by its name", err);
    }
    *members = made;
    made = (struct hw_csv_members){0};
    return HW_OK;
}

void hw_csv_members_release(struct hw_csv_members *members) {
    hw_free(members->chosen);
    *members = (struct hw_csv_members){0};
}

bool hw_csv_members_has(const struct hw_csv_members *members, size_t member) {
    return !members->chosen || members->chosen[member];
}

void hw_csv_members_tell(const struct hw_csv_members *members, struct hw_left_out *left_out) {
    if (left_out) {
        atomic_fetch_add(&left_out->junk, members->junk);
        atomic_fetch_add(&left_out->texts, members->texts);
    }
}

/* A name may have the characters of globs in it: then that member is meant, and no other. */
static enum hw_status named_choose(struct hw_csv_members *members, const struct hw_zip *zip,
                                   const struct hw_csv_members_options *options, struct hw_error *err) {
    HW_AUTO(hw_glob) glob = {0};
    for (size_t i = 0; i < members->count; i++) {
        members->chosen[i] = strcmp(hw_zip_member(zip, i)->name, options->glob) == 0;
        members->wanted += members->chosen[i];
    }
    if (members->wanted > 0) {
        return HW_OK;
    }
    HW_TRY(hw_glob_init(&glob, options->glob, options->all, err));
    for (size_t i = 0; i < members->count; i++) {
        members->chosen[i] = hw_glob_matches(&glob, hw_view_of(hw_zip_member(zip, i)->name));
        members->wanted += members->chosen[i];
    }
    return HW_OK;
}

/* Chooses members as those of a folder; where none is CSV, the only one that is no junk. */
static void all_choose(struct hw_csv_members *members, const struct hw_zip *zip, bool all) {
    size_t plain = 0;
    size_t last_plain = 0;
    for (size_t i = 0; i < members->count; i++) {
        const char *name = hw_zip_member(zip, i)->name;
        const bool text = hw_name_is_text(name);
        const bool csv = text || hw_name_is_csv(name);
        const bool junk = hw_name_is_junk(name);
        members->chosen[i] = csv && (all || (!junk && !text));
        members->wanted += members->chosen[i];
        members->junk += csv && junk && !all;
        members->texts += text && !junk && !all;
        plain += !junk;
        last_plain = junk ? last_plain : i;
    }
    if (members->wanted == 0 && plain == 1) {
        members->chosen[last_plain] = true;
        members->wanted = 1;
        members->texts = 0;
    }
}

/* Fails, and names the first members that are there. */
static enum hw_status none_fail(const struct hw_zip *zip, const char *what, struct hw_error *err) {
    const size_t count = hw_zip_count(zip);
    HW_AUTO(hw_buf) names = {0};
    char quoted[HW_QUOTE_BYTES / 2];
    for (size_t i = 0; i < count && i < NAMES_TOLD_MAX; i++) {
        const char *name = hw_zip_member(zip, i)->name;
        HW_TRY(hw_buf_printf(&names, err, "%s%s", i > 0 ? ", " : "",
                             hw_quote(name, strlen(name), quoted, sizeof(quoted))));
    }
    if (count > NAMES_TOLD_MAX) {
        HW_TRY(hw_buf_printf(&names, err, " and %zu more", count - NAMES_TOLD_MAX));
    }
    HW_TRY(hw_buf_end_text(&names, err));
    return hw_fail(err, HW_EDATA, "the ZIP has no member %s; it has %s (--zip-member names members)", what,
                   (const char *)names.data);
}
