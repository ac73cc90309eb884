/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/single_text.h"

#include "core/shown_name.h"
#include "csv/members.h"
#include "pipeline/pipe.h"

static enum hw_status store_open(struct hw_single_text *single, const char *source,
                                 const struct hw_store_options *options, struct hw_error *err);
static const char *source_name(const struct hw_table_objects *base, size_t number);
static enum hw_status source_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                  struct hw_error *err);
static bool source_once(const struct hw_table_objects *base, size_t number);
static enum hw_status member_choose(struct hw_csv_text *text, const struct hw_csv_options *csv, struct hw_error *err);

static const struct hw_table_objects_ops objects_ops = {source_name, source_open, source_once};

enum hw_status hw_single_text_open(struct hw_single_text *single, const char *source, const struct hw_csv_options *csv,
                                   const struct hw_store_options *store, int input_fd, struct hw_error *err) {
    const bool piped = strcmp(source, "-") == 0;
    *single = (struct hw_single_text){
        .base = {.ops = &objects_ops, .count = 1},
        .input_fd = input_fd,
        .stop = {store->cancelled, store->cancelled_ctx},
    };
    HW_TRY(hw_buf_printf(&single->name, err, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(source))));
    hw_csv_object_init(&single->object, &single->base, 0);
    HW_TRY(hw_csv_encoding_check(csv->encoding, err));
    HW_TRY(piped ? HW_OK : store_open(single, source, store, err));
    HW_TRY(hw_csv_object_take(&single->object, csv->encoding, &single->text, err));
    return member_choose(&single->text, csv, err);
}

static enum hw_status store_open(struct hw_single_text *single, const char *source,
                                 const struct hw_store_options *options, struct hw_error *err) {
    HW_TRY(hw_location_parse(source, options, &single->location, err));
    return hw_store_open(&single->location, options, &single->store, err);
}

static const char *source_name(const struct hw_table_objects *base, size_t number) {
    (void)number;
    return (const char *)((const struct hw_single_text *)base)->name.data;
}

static enum hw_status source_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                  struct hw_error *err) {
    const struct hw_single_text *single = (const struct hw_single_text *)base;
    (void)number;
    return single->store ? hw_store_source_needed(single->store, single->location.key, out_source, err)
                         : hw_pipe_source_open(single->input_fd, &single->stop, out_source, err);
}

static bool source_once(const struct hw_table_objects *base, size_t number) {
    (void)number;
    return !((const struct hw_single_text *)base)->store;
}

/* Chooses the member of a ZIP that hw_convert would take: several would have several schemas. */
static enum hw_status member_choose(struct hw_csv_text *text, const struct hw_csv_options *csv, struct hw_error *err) {
    HW_AUTO(hw_csv_members) members = {0};
    HW_TRY(hw_csv_members_choose(&members, text, &(struct hw_csv_members_options){.glob = csv->zip_member}, err));
    if (members.wanted > 1) {
        return hw_fail(err, HW_EUSAGE, "the ZIP has %zu members that could be meant: choose one (--zip-member)",
                       members.wanted);
    }
    while (!hw_csv_members_has(&members, text->member)) {
        text->member++;
    }
    return HW_OK;
}

void hw_single_text_release(struct hw_single_text *single) {
    if (!single->base.ops) {
        return;
    }
    if (single->text.source) {
        hw_csv_object_give(&single->object, &single->text);
    }
    hw_csv_object_release(&single->object);
    hw_store_close(single->store);
    hw_location_release(&single->location);
    hw_buf_release(&single->name);
    *single = (struct hw_single_text){0};
}
