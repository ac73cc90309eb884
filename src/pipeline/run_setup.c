/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_setup.h"

#include <errno.h>
#include <sys/resource.h>

#include "core/thread.h"

static size_t formats_count(unsigned formats) {
    return (size_t)__builtin_popcount(formats);
}

void hw_run_setup_fill(struct hw_run_setup *setup, struct hw_convert_options *options) {
    if (options->memory_bytes == 0) {
        options->memory_bytes = hw_budget_default();
    }
    if (options->threads == 0) {
        options->threads = hw_thread_count();
    }
    struct hw_store_options *source = &options->source_store;
    struct hw_store_options *target = &options->target_store;
    setup->asked = (struct hw_settings_network){
        .source_part_bytes = source->part_bytes,
        .target_part_bytes = target->part_bytes,
        .target_parts_held = target->parts_held,
        .buffer_bytes = source->buffer_bytes,
    };
    const struct hw_settings_network *network = &setup->network;
    setup->network = hw_settings_network(options->memory_bytes, formats_count(options->formats), &setup->asked);
    source->part_bytes = network->source_part_bytes;
    source->buffer_bytes = network->buffer_bytes;
    target->part_bytes = network->target_part_bytes;
    target->parts_held = network->target_parts_held;
    target->buffer_bytes = network->buffer_bytes;
}

/* The number of descriptors that the process may have open. */
static uint64_t descriptors_max(void) {
    struct rlimit files;
    bool known = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY;
    return known ? files.rlim_cur : UINT64_MAX;
}

/* What the settings say of outputs. */
static void output_set(struct hw_run_context *run) {
    const struct hw_settings *settings = &run->settings;
    struct hw_output_options *output = &run->output;
    /* The pages of a wide table are ended before they alone fill a piece's share. */
    output->parquet.pending_bytes = (size_t)settings->pending_bytes;
    output->parquet.many_small = run->options->partition_by_count > 0;
    output->file_bytes_max = run->options->max_file_bytes;
    output->files_open_max = settings->files_open_max;
    output->files_held_max = settings->files_held_max;
    output->footers_held_max = settings->footers_held_max;
    output->verify = (struct hw_written_options){
        .level = run->options->verify,
        .memory_bytes = settings->verify_bytes,
        .slots = &run->verify_slots,
        .cancelled = run->options->cancelled,
        .cancelled_ctx = run->options->ctx,
    };
}

enum hw_status hw_run_setup_divide(const struct hw_run_setup *setup, struct hw_run_context *run, struct hw_error *err) {
    const struct hw_convert_options *options = run->options;
    const struct hw_settings_facts facts = {
        .memory_bytes = options->memory_bytes,
        .threads = options->threads,
        .jobs = options->jobs,
        .connections = hw_store_connections(&options->target_store),
        .objects = (size_t)hw_lister_sums(run->lister).objects,
        .formats = formats_count(options->formats),
        .source_remote = hw_sources_remote(&run->plan->sources),
        .target_remote = run->plan->target->remote,
        .partitioned = options->partition_by_count > 0,
        .verified = options->verify != HW_VERIFY_DEFAULT,
        .row_group_bytes = options->row_group_bytes,
        .file_bytes_max = options->max_file_bytes,
        .encoder_bytes = hw_outputs_encoder_bytes(options->formats, &run->output),
        .column_bytes = hw_outputs_column_bytes(options->formats),
        .content_bytes_max = hw_outputs_content_bytes_max(options->formats),
        .descriptors_max = descriptors_max(),
        .network = setup->network,
        .asked = setup->asked,
    };
    HW_TRY(hw_settings_make(&facts, &run->settings, err));
    output_set(run);
    hw_budget_init(&run->queue, run->settings.queue_bytes);
    hw_budget_init(&run->work, run->settings.work_bytes);
    hw_budget_init(&run->alone, 1);
    if (sem_init(&run->verify_slots, 0, run->settings.verify_slots) != 0) {
        return hw_fail_errno(err, errno, "cannot make a semaphore");
    }
    run->divided = true;
    return HW_OK;
}

void hw_run_setup_release(struct hw_run_context *run) {
    if (run->divided) {
        hw_budget_release(&run->queue);
        hw_budget_release(&run->work);
        hw_budget_release(&run->alone);
        sem_destroy(&run->verify_slots);
    }
}
