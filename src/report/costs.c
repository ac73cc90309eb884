/* SPDX-License-Identifier: Apache-2.0 */
#include "report/costs.h"

#include "report/figure.h"

static const char *const classes[] = {
    [HW_REQUEST_PUT] = "put",
    [HW_REQUEST_GET] = "get",
    [HW_REQUEST_LIST] = "list",
    [HW_REQUEST_DELETE] = "delete",
};

/* Operations that were not used are left out. */
static void requests_write(struct hw_json_writer *json, const struct hw_costs *costs) {
    hw_json_list_begin(json, "requests");
    for (size_t i = 0; i < costs->requests_count; i++) {
        const struct hw_request_sums *sums = &costs->requests[i];
        if (sums->count == 0) {
            continue;
        }
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "op", sums->operation);
        hw_json_text(json, "class", classes[sums->charge]);
        hw_json_count(json, "count", sums->count);
        hw_json_count(json, "retries", sums->retries);
        hw_json_count(json, "errors", sums->errors);
        hw_json_count(json, "bytes_in", sums->bytes_in);
        hw_json_count(json, "bytes_out", sums->bytes_out);
        hw_json_real(json, "seconds", sums->seconds);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

static void cost_write(struct hw_json_writer *json, const struct hw_costs *costs) {
    const struct hw_prices *prices = costs->prices;
    if (!costs->charged) {
        hw_json_null(json, "cost");
        return;
    }
    const struct hw_money money = hw_prices_money(prices, costs->billed);
    const struct hw_figure requests = {
        .kind = HW_FIGURE_ESTIMATED, .real = money.requests, .unit = prices->currency, .basis = costs->basis};
    const struct hw_figure transfer = {.kind = HW_FIGURE_ESTIMATED,
                                       .real = money.transfer,
                                       .unit = prices->currency,
                                       .basis_lead = "as of a machine on the internet: ",
                                       .basis = costs->basis};
    hw_json_object_begin(json, "cost");
    hw_json_text(json, "currency", prices->currency);
    hw_json_text(json, "table", costs->table);
    hw_json_text(json, "date", prices->date);
    hw_figure_write(json, "requests", &requests);
    hw_figure_write(json, "transfer", &transfer);
    hw_json_object_end(json);
}

void hw_costs_write(struct hw_json_writer *json, const struct hw_costs *costs) {
    requests_write(json, costs);
    cost_write(json, costs);
    hw_efficiency_write(json, &costs->efficiency, costs->prices, costs->basis);
}
