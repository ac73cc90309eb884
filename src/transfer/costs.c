/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/costs.h"

#include "core/limits.h"
#include "report/prices_builtin.h"
#include "s3/multipart.h"
#include "store/store_s3.h"

/* The requests of copies, as far as they can be told from those of other objects. */
static const char *const requests_alone = "all requests of this run but listings and deletions";
static const char *const requests_among =
    "CopyObject and UploadPartCopy alone: what else copies took is not told from the requests of other objects";
static const char *const requests_planned =
    "as if the service copied each object by itself and nothing had to be sent again; looks at objects are left out";

static enum hw_status billed_new(struct hw_transfer_costs *costs, struct hw_billed **out_billed, struct hw_error *err) {
    const size_t bytes = costs->prices.regions_count * sizeof(**out_billed);
    *out_billed = hw_arena_alloc(&costs->prices.texts, bytes);
    if (!*out_billed) {
        return hw_fail_nomem(err, bytes);
    }
    memset(*out_billed, 0, bytes);
    return HW_OK;
}

static enum hw_status table_read(struct hw_transfer_costs *costs, const struct hw_store_options *store,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    if (!costs->table) {
        return hw_prices_read(hw_prices_builtin_text, &costs->prices, err);
    }
    enum hw_status status = hw_store_read_at(costs->table, store, HW_PRICES_BYTES_MAX, &text, err);
    status = status ? status : hw_prices_read(hw_buf_view(&text), &costs->prices, err);
    if (status) {
        hw_error_object(err, costs->table);
    }
    return status;
}

enum hw_status hw_transfer_costs_open(struct hw_transfer_costs *costs, const char *path,
                                      const struct hw_store_options *store, uint64_t part_bytes, struct hw_error *err) {
    costs->table = path;
    costs->part_bytes = part_bytes;
    HW_TRY(table_read(costs, store, err));
    HW_TRY(billed_new(costs, &costs->run, err));
    HW_TRY(billed_new(costs, &costs->copied, err));
    HW_TRY(billed_new(costs, &costs->instead, err));
    costs->used = hw_arena_alloc(&costs->prices.texts, costs->prices.regions_count * sizeof(*costs->used));
    if (!costs->used) {
        return hw_fail_nomem(err, costs->prices.regions_count);
    }
    memset(costs->used, 0, costs->prices.regions_count * sizeof(*costs->used));
    return HW_OK;
}

void hw_transfer_costs_release(struct hw_transfer_costs *costs) {
    hw_prices_release(&costs->prices);
    hw_buf_release(&costs->basis);
    *costs = (struct hw_transfer_costs){0};
}

/* ------ the copies of services */

static uint64_t parts_of(const struct hw_transfer_costs *costs, uint64_t bytes) {
    const uint64_t part = hw_s3_part_bytes(costs->part_bytes, bytes, 1);
    return bytes > 0 ? bytes / part + (bytes % part != 0) : 1;
}

void hw_transfer_costs_copied(struct hw_transfer_costs *costs, struct hw_s3_client *source, struct hw_s3_client *target,
                              uint64_t bytes, uint64_t planned) {
    char from[HW_S3_REGION_BYTES];
    char to[HW_S3_REGION_BYTES];
    bool found;
    hw_s3_client_region(source, from);
    hw_s3_client_region(target, to);
    const size_t source_row = hw_prices_row(&costs->prices, from, &found);
    const size_t target_row = hw_prices_row(&costs->prices, to, &found);
    const uint64_t parts = parts_of(costs, bytes);
    const uint64_t puts = parts > 1 ? parts + 2 : 1;
    costs->objects++;
    costs->bytes += bytes;
    costs->requests_instead += parts + puts;
    costs->instead[source_row].requests[HW_REQUEST_GET] += parts;
    costs->instead[source_row].bytes_out += bytes;
    costs->instead[target_row].requests[HW_REQUEST_PUT] += puts;
    costs->instead[target_row].bytes_in += bytes;
    costs->requests_planned += planned;
    costs->copied[target_row].requests[HW_REQUEST_PUT] += planned;
    if (strcmp(from, to) != 0) {
        costs->copied[source_row].bytes_between += bytes;
        costs->run[source_row].bytes_between += planned > 0 ? 0 : bytes;
    }
}

/* ------ the requests of all stores */

static bool is_of_copies(const struct hw_transfer_costs *costs, size_t operation, bool streamed) {
    const enum hw_request_class charge = costs->sums[operation].charge;
    if (costs->requests_planned > 0) {
        return false;
    }
    return streamed ? operation == HW_S3_COPY_OBJECT || operation == HW_S3_COPY_PART
                    : charge == HW_REQUEST_PUT || charge == HW_REQUEST_GET;
}

/* Nobody charges for what the service itself has failed to do. */
static void billed_add(struct hw_billed *billed, const struct hw_request_sums *sums) {
    billed->requests[sums->charge] += sums->count - sums->refused;
    billed->bytes_in += sums->bytes_out;
    billed->bytes_out += sums->bytes_in;
}

/* Says that a region has no prices, once, though several stores may be in it. */
static enum hw_status missing_note(struct hw_transfer_costs *costs, const char *region, struct hw_buf *notes,
                                   struct hw_error *err) {
    HW_AUTO(hw_buf) note = {0};
    HW_TRY(hw_buf_printf(&note, err, "; there are no prices for %s, so these are those of %s", region,
                         costs->prices.regions[0].region));
    const hw_view said = hw_buf_view(notes);
    const hw_view text = hw_buf_view(&note);
    return memmem(said.data, said.size, text.data, text.size) ? HW_OK : hw_buf_append(notes, text.data, text.size, err);
}

/* Counts the requests of one store; those that are of no service that charges are left out. */
static enum hw_status store_sum(struct hw_transfer_costs *costs, struct hw_s3_client *client, bool streamed,
                                struct hw_buf *notes, struct hw_error *err) {
    struct hw_request_sums sums[HW_S3_OPERATIONS] = {0};
    char region[HW_S3_REGION_BYTES];
    bool found;
    hw_s3_client_region(client, region);
    hw_s3_tally_add(hw_s3_client_tally(client), sums);
    hw_s3_tally_add(hw_s3_client_tally(client), costs->sums);
    const size_t row = hw_prices_row(&costs->prices, region, &found);
    costs->used[row] = true;
    for (size_t i = 0; i < HW_S3_OPERATIONS; i++) {
        billed_add(&costs->run[row], &sums[i]);
        if (is_of_copies(costs, i, streamed)) {
            billed_add(&costs->copied[row], &sums[i]);
        }
    }
    return found ? HW_OK : missing_note(costs, region, notes, err);
}

static enum hw_status set_sum(struct hw_transfer_costs *costs, const struct hw_store_set *set, bool streamed,
                              struct hw_buf *notes, bool *foreign, struct hw_error *err) {
    for (size_t i = 0; i < set->count; i++) {
        struct hw_s3_client *client = hw_store_s3_client(set->rows[i].store);
        if (client) {
            *foreign = *foreign || !hw_s3_client_is_aws(client);
            HW_TRY(store_sum(costs, client, streamed, notes, err));
        }
    }
    return HW_OK;
}

static bool any_used(const struct hw_transfer_costs *costs) {
    bool any = false;
    for (size_t i = 0; i < costs->prices.regions_count; i++) {
        any = any || costs->used[i];
    }
    return any;
}

/* Writes whose prices they are, of which regions and day, and what may be wrong with that. */
static enum hw_status basis_write(struct hw_transfer_costs *costs, const struct hw_buf *notes, bool foreign,
                                  struct hw_error *err) {
    const struct hw_prices *prices = &costs->prices;
    HW_TRY(hw_buf_printf(&costs->basis, err, "%s", prices->source));
    for (size_t i = 0; i < prices->regions_count; i++) {
        if (costs->used[i]) {
            HW_TRY(hw_buf_printf(&costs->basis, err, ", %s", prices->regions[i].region));
        }
    }
    HW_TRY(hw_buf_printf(&costs->basis, err, ", %s", prices->date));
    HW_TRY(hw_buf_append(&costs->basis, notes->data, notes->size, err));
    if (foreign && !costs->table) {
        HW_TRY(hw_buf_printf(&costs->basis, err, "; the service is not AWS, so this is what it would cost there"));
    }
    return hw_buf_end_text(&costs->basis, err);
}

static struct hw_efficiency efficiency_make(const struct hw_transfer_costs *costs, bool streamed) {
    const struct hw_request_sums *sums = costs->sums;
    struct hw_efficiency made = {
        .objects = costs->objects,
        .bytes = costs->bytes,
        .part_bytes = costs->part_bytes,
        .planned = costs->requests_planned > 0,
        .requests = costs->requests_planned,
        .requests_are = streamed ? requests_among : requests_alone,
        .requests_instead = costs->requests_instead,
        .billed = costs->copied,
        .billed_instead = costs->instead,
    };
    for (size_t i = 0; i < HW_S3_OPERATIONS; i++) {
        if (is_of_copies(costs, i, streamed)) {
            made.requests += sums[i].count;
            made.client_bytes += sums[i].bytes_in + sums[i].bytes_out;
            made.seconds += sums[i].seconds;
        }
    }
    if (made.planned) {
        made.requests_are = requests_planned;
    }
    if (streamed) {
        const struct hw_request_sums *put = &sums[HW_S3_PUT_OBJECT];
        const struct hw_request_sums *part = &sums[HW_S3_UPLOAD_PART];
        made.down = (struct hw_rate_seen){sums[HW_S3_GET_OBJECT].bytes_in, sums[HW_S3_GET_OBJECT].seconds};
        made.up = (struct hw_rate_seen){put->bytes_out + part->bytes_out, put->seconds + part->seconds};
    }
    return made;
}

enum hw_status hw_transfer_costs_sum(struct hw_transfer_costs *costs, const struct hw_store_set *sources,
                                     const struct hw_store_set *targets, bool streamed, struct hw_costs *out_costs,
                                     struct hw_error *err) {
    HW_AUTO(hw_buf) notes = {0};
    bool foreign = false;
    HW_TRY(set_sum(costs, sources, streamed, &notes, &foreign, err));
    HW_TRY(set_sum(costs, targets, streamed, &notes, &foreign, err));
    HW_TRY(basis_write(costs, &notes, foreign, err));
    *out_costs = (struct hw_costs){
        .requests = costs->sums,
        .requests_count = HW_S3_OPERATIONS,
        .charged = any_used(costs),
        .billed = costs->run,
        .prices = &costs->prices,
        .table = costs->table ? costs->table : "built-in",
        .basis = (const char *)costs->basis.data,
        .efficiency = efficiency_make(costs, streamed),
    };
    return HW_OK;
}
