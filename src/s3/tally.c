/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/tally.h"

enum { HTTP_SERVER_ERROR = 500 };

/* Returns NULL for a rule of a caller's own, which no operation of the table has. */
static struct hw_s3_tally_row *row_of(struct hw_s3_tally *tally, const struct hw_s3_reply_rule *rule) {
    for (size_t i = 0; i < HW_S3_OPERATIONS; i++) {
        if (rule == &hw_s3_reply_rules[i]) {
            return &tally->rows[i];
        }
    }
    return NULL;
}

/* Nobody waits for these numbers, so their order does not matter. */
static void add(atomic_uint_fast64_t *sum, uint64_t number) {
    if (number > 0) {
        atomic_fetch_add_explicit(sum, number, memory_order_relaxed);
    }
}

void hw_s3_tally_try(struct hw_s3_tally *tally, const struct hw_s3_reply_rule *rule, bool again, int status,
                     const struct hw_http_figures *figures) {
    struct hw_s3_tally_row *row = row_of(tally, rule);
    if (!row || figures->sends == 0) {
        return;
    }
    add(&row->count, figures->sends);
    add(&row->retries, again ? figures->sends : figures->sends - 1);
    add(&row->refused, status >= HTTP_SERVER_ERROR);
    add(&row->bytes_in, figures->received_bytes);
    add(&row->bytes_out, figures->sent_bytes);
    add(&row->us, (uint64_t)(figures->ended_us - figures->begun_us));
}

void hw_s3_tally_error(struct hw_s3_tally *tally, const struct hw_s3_reply_rule *rule,
                       const struct hw_http_figures *figures) {
    struct hw_s3_tally_row *row = row_of(tally, rule);
    if (row) {
        add(&row->errors, figures->sends > 0);
    }
}

static uint64_t number_of(const atomic_uint_fast64_t *sum) {
    return atomic_load_explicit(sum, memory_order_relaxed);
}

void hw_s3_tally_add(const struct hw_s3_tally *tally, struct hw_request_sums sums[HW_S3_OPERATIONS]) {
    for (size_t i = 0; i < HW_S3_OPERATIONS; i++) {
        const struct hw_s3_tally_row *row = &tally->rows[i];
        sums[i].operation = hw_s3_reply_rules[i].operation;
        sums[i].charge = hw_s3_reply_rules[i].charge;
        sums[i].count += number_of(&row->count);
        sums[i].retries += number_of(&row->retries);
        sums[i].errors += number_of(&row->errors);
        sums[i].refused += number_of(&row->refused);
        sums[i].bytes_in += number_of(&row->bytes_in);
        sums[i].bytes_out += number_of(&row->bytes_out);
        sums[i].seconds += (double)number_of(&row->us) / 1e6;
    }
}
