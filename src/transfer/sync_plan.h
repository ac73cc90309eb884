/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of a sync as a file of JSON lines: a header that says what it was made of, a line for
 * each action, and a last line that proves that none is missing.
 */
#ifndef HW_TRANSFER_SYNC_PLAN_H
#define HW_TRANSFER_SYNC_PLAN_H

#include <hawser/transfer.h>

#include "core/buf.h"
#include "store/store.h"

/* An object as it was when the plan was made. */
struct hw_plan_facts {
    bool there;
    uint64_t size;
    int64_t mtime_us;
    const char *etag;
};

/* Texts are there until the next action is read. */
struct hw_plan_action {
    /* The object at the destination is removed; else it is copied there. */
    bool removes;
    /* The name below source and destination. */
    const char *name;
    struct hw_plan_facts source;
    struct hw_plan_facts target;
};

/* The texts and options that a plan is made of, and applied with. All is borrowed. */
struct hw_plan_head {
    const char *source;
    const char *destination;
    const struct hw_sync_options *options;
};

struct hw_plan_writer;
/* Begins a plan in a sink, which it takes, also on failure. */
HW_NODISCARD enum hw_status hw_plan_writer_new(struct hw_sink *sink, const struct hw_plan_head *head,
                                               struct hw_plan_writer **out_writer, struct hw_error *err);
/* Adds an action. Any thread. HW_EUSAGE where no plan can hold its name, which is not UTF-8. */
HW_NODISCARD enum hw_status hw_plan_writer_add(struct hw_plan_writer *writer, const struct hw_plan_action *action,
                                               struct hw_error *err);
/* Publishes the plan. */
HW_NODISCARD enum hw_status hw_plan_writer_finish(struct hw_plan_writer *writer, struct hw_error *err);
/* Without hw_plan_writer_finish nothing of the plan stays. Accepts NULL. */
void hw_plan_writer_free(struct hw_plan_writer *writer);

struct hw_plan_reader;
/*
 * Begins to read a plan. HW_EUSAGE where it was made of something else than `head`, HW_EDATA where
 * it is no plan. `source` is borrowed.
 */
HW_NODISCARD enum hw_status hw_plan_reader_new(struct hw_source *source, const struct hw_plan_head *head,
                                               struct hw_plan_reader **out_reader, struct hw_error *err);
/* Reads the next action; at the end its name is NULL. HW_EDATA where the plan is no whole one. */
HW_NODISCARD enum hw_status hw_plan_reader_next(struct hw_plan_reader *reader, struct hw_plan_action *out_action,
                                                struct hw_error *err);
void hw_plan_reader_free(struct hw_plan_reader *reader);

#endif
