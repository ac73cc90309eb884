/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/lister.h"

#include "core/alloc.h"

static enum hw_status object_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                   struct hw_error *err);
static enum hw_status object_missing(void *ctx, const struct hw_error *error, struct hw_error *err);
static enum hw_status nothing_check(const struct hw_lister *lister, struct hw_error *err);

static void *lister_main(void *arg) {
    struct hw_lister *lister = arg;
    struct hw_error fault = HW_ERROR_INIT;
    const struct hw_sources_listener listener = {lister, object_found, object_missing, lister->options.left_out};
    enum hw_status status = hw_sources_list(&lister->plan->sources, &listener, &fault);
    if (status == HW_OK) {
        status = nothing_check(lister, &fault);
    }
    hw_window_end(&lister->window, status, &fault);
    return NULL;
}

/* Sources that are all left out are none. */
static enum hw_status nothing_check(const struct hw_lister *lister, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_plan *plan = lister->plan;
    if (lister->left_out == 0 || lister->kept > 0) {
        return HW_OK;
    }
    const char *target = hw_plan_target_name(plan, &arena, plan->target_prefix);
    return target ? hw_fail(err, HW_ENOTFOUND, "found no objects but those of the destination, \"%.200s\"", target)
                  : hw_fail(err, HW_ENOMEM, "out of memory for a name");
}

static bool cancelled(const struct hw_lister *lister) {
    const struct hw_convert_options *options = lister->plan->options;
    return options->cancelled && options->cancelled(options->ctx);
}

/* Tells of what cannot be converted. */
static void refuse(struct hw_lister *lister, const char *source, const struct hw_error *error) {
    atomic_fetch_add(&lister->refused_count, 1);
    lister->options.refused(lister->options.ctx, source, error);
}

/*
 * An object is a source of its own, and claims its outputs. The first ones also are what no output
 * may replace, and where two of them have one output, neither is converted. One that comes later
 * fails alone, as the other one may be converted by now.
 */
static enum hw_status object_claim(struct hw_lister *lister, const struct hw_plan_object *object, bool first,
                                   struct hw_error *err) {
    struct hw_plan *plan = lister->plan;
    if (first) {
        HW_TRY(hw_source_guard_keep(plan, object, err));
    }
    if (plan->options->merge) {
        return HW_OK;
    }
    return first ? hw_plan_claim_or_dispute(plan, object, err) : hw_plan_claim(plan, object->base, object->name, err);
}

/* The first object of a merge gives it its name. */
static enum hw_status first_keep(struct hw_lister *lister, const struct hw_plan_object *object, struct hw_error *err) {
    const hw_view block = {(const char *)object, hw_plan_object_bytes(object)};
    return lister->plan->options->merge && !lister->first ? hw_plan_object_copy(block, &lister->first, err) : HW_OK;
}

static enum hw_status object_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                   struct hw_error *err) {
    struct hw_lister *lister = ctx;
    struct hw_plan_object *object;
    struct hw_error fault = HW_ERROR_INIT;
    bool left_out = false;
    bool full;
    HW_TRY(hw_window_reserve(&lister->window, &full, err));
    const bool many = full || lister->kept > HW_WINDOW_OBJECTS_MAX;
    if (many && cancelled(lister)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    HW_TRY(hw_plan_object_new(lister->plan, place, info, &object, err));
    enum hw_status status = hw_source_guard_left_out(lister->plan, object, lister->options.before, &left_out, &fault);
    lister->left_out += left_out;
    lister->kept += !left_out;
    if (status == HW_OK && !left_out) {
        status = object_claim(lister, object, !full, &fault);
    }
    if (status == HW_OK && !left_out) {
        status = first_keep(lister, object, &fault);
    }
    if (status == HW_OK && !left_out) {
        return hw_window_put(&lister->window, object, err);
    }
    if (status == HW_EUSAGE && full) { /* others are converted by now */
        hw_error_object(&fault, object->name);
        refuse(lister, object->name, &fault);
        status = HW_OK;
    }
    hw_free(object);
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

static enum hw_status object_missing(void *ctx, const struct hw_error *error, struct hw_error *err) {
    struct hw_lister *lister = ctx;
    bool full;
    HW_TRY(hw_window_reserve(&lister->window, &full, err));
    if (full) {
        refuse(lister, error->object, error);
        return HW_OK;
    }
    struct hw_error *missing = hw_realloc_array(lister->missing, lister->missing_count + 1, sizeof(*missing));
    if (!missing) {
        return hw_fail_nomem(err, sizeof(*missing));
    }
    lister->missing = missing;
    missing[lister->missing_count++] = *error;
    return HW_OK;
}

/* ------ starting */

static enum hw_status merge_gather(struct hw_lister *lister, struct hw_error *err);
static enum hw_status first_check(struct hw_lister *lister, struct hw_error *err);

static void window_wake(void *ctx) {
    struct hw_lister *lister = ctx;
    if (atomic_load(&lister->begun)) {
        lister->wake(lister->wake_ctx);
    }
}

enum hw_status hw_lister_start(struct hw_lister *lister, struct hw_plan *plan, const struct hw_lister_options *options,
                               struct hw_error *err) {
    lister->plan = plan;
    lister->options = *options;
    HW_TRY(hw_source_guard_open(plan, err));
    const struct hw_window_options window = {
        .objects_max = options->objects_max > 0 ? options->objects_max : HW_WINDOW_OBJECTS_MAX,
        .whole = plan->options->merge || plan->options->one_schema || hw_source_guard_possible(plan),
        .twice = plan->options->one_schema,
        .list = plan->options->merge ? &lister->merged : NULL,
        .wake = window_wake,
        .ctx = lister,
    };
    hw_window_init(&lister->window, &window);
    int fault = pthread_create(&lister->thread, NULL, lister_main, lister);
    if (fault != 0) {
        return hw_fail_errno(err, fault, "cannot start a thread");
    }
    lister->started = true;
    HW_TRY(hw_window_wait(&lister->window, options->on_wait, options->ctx, err));
    if (plan->options->merge) {
        HW_TRY(merge_gather(lister, err));
    }
    return first_check(lister, err);
}

static enum hw_status merge_gather(struct hw_lister *lister, struct hw_error *err) {
    lister->merged_taken = lister->merged.count == 0;
    return hw_plan_merge_name(lister->plan, lister->first, err);
}

static enum hw_status each_check(void *ctx, const struct hw_plan_object *object, struct hw_error *err) {
    struct hw_lister *lister = ctx;
    return hw_source_guard_check(lister->plan, object, &lister->options.outputs, err);
}

/* Checks what was found before the workers begin. */
static enum hw_status first_check(struct hw_lister *lister, struct hw_error *err) {
    HW_TRY(hw_source_guard_check_own(lister->plan, err));
    return lister->first ? each_check(lister, lister->first, err)
                         : hw_window_each(&lister->window, each_check, lister, err);
}

void hw_lister_begin(struct hw_lister *lister, void (*wake)(void *ctx), void *ctx) {
    lister->wake = wake;
    lister->wake_ctx = ctx;
    atomic_store(&lister->begun, true);
}

/* ------ taking */

enum hw_window_state hw_lister_look(struct hw_lister *lister, struct hw_lister_work *out_work) {
    *out_work = (struct hw_lister_work){0};
    if (!lister->plan->options->merge) {
        return hw_window_look(&lister->window, &out_work->single);
    }
    if (lister->merged_taken) {
        return HW_WINDOW_END;
    }
    out_work->merged = &lister->merged;
    return HW_WINDOW_OBJECT;
}

void hw_lister_take(struct hw_lister *lister) {
    lister->taken++;
    if (lister->plan->options->merge) {
        lister->merged_taken = true;
    } else {
        hw_window_take(&lister->window);
    }
}

void hw_lister_again(struct hw_lister *lister) {
    lister->taken = 0;
    hw_window_again(&lister->window);
}

uint64_t hw_lister_left(struct hw_lister *lister) {
    return (lister->plan->options->merge ? 1 : hw_window_sums(&lister->window).objects) - lister->taken;
}

struct hw_window_sums hw_lister_sums(struct hw_lister *lister) {
    struct hw_window_sums sums = hw_window_sums(&lister->window);
    sums.objects += atomic_load(&lister->refused_count);
    return sums;
}

/* ------ ending */

enum hw_status hw_lister_stop(struct hw_lister *lister, struct hw_error *err) {
    if (lister->started) {
        hw_window_stop(&lister->window);
        pthread_join(lister->thread, NULL);
        lister->started = false;
    }
    return hw_window_status(&lister->window, err);
}

void hw_lister_release(struct hw_lister *lister) {
    if (lister->started) {
        enum hw_status ignored = hw_lister_stop(lister, NULL);
        (void)ignored;
    }
    hw_object_list_release(&lister->merged);
    hw_free(lister->first);
    hw_free(lister->missing);
    hw_window_release(&lister->window);
}
