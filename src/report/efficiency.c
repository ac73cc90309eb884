/* SPDX-License-Identifier: Apache-2.0 */
#include "report/efficiency.h"

#include <ctype.h>
#include <stdio.h>

#include "report/figure.h"

enum { BASIS_BYTES = 1024, KEY_BYTES = 32, SECONDS_OF_HOUR = 3600 };

/* A time, which may be unknown, and what it rests on. */
struct time_instead {
    bool known;
    double seconds;
    char basis[BASIS_BYTES];
};

static void counts_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency);
static void seconds_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                          const struct time_instead *instead);
static struct time_instead time_estimate(const struct hw_efficiency *efficiency, const struct hw_prices *prices);
static void money_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                        const struct hw_prices *prices, const struct time_instead *instead, const char *basis);

void hw_efficiency_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                         const struct hw_prices *prices, const char *basis) {
    if (efficiency->objects == 0) {
        hw_json_null(json, "efficiency");
        return;
    }
    const struct time_instead instead = time_estimate(efficiency, prices);
    hw_json_object_begin(json, "efficiency");
    counts_write(json, efficiency);
    seconds_write(json, efficiency, &instead);
    money_write(json, efficiency, prices, &instead, basis);
    hw_json_object_end(json);
}

static void pair_write(struct hw_json_writer *json, const char *key, const struct hw_figure *actual,
                       const struct hw_figure *baseline) {
    hw_json_object_begin(json, key);
    hw_figure_write(json, "actual", actual);
    hw_figure_write(json, "baseline", baseline);
    hw_json_object_end(json);
}

/* ------ what can be counted */

static void counts_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency) {
    char parts[BASIS_BYTES];
    snprintf(parts, sizeof(parts),
             "a GET for each part of %" PRIu64
             " bytes, and a PUT for an object of one part, else one for each part and "
             "two more",
             efficiency->part_bytes);
    const enum hw_figure_kind counted = efficiency->planned ? HW_FIGURE_ESTIMATED : HW_FIGURE_MEASURED;
    const struct {
        const char *key, *unit;
        enum hw_figure_kind kind;
        uint64_t actual, baseline;
        const char *actual_basis, *baseline_basis;
    } rows[] = {
        {"client_bytes", "B", counted, efficiency->client_bytes, 2 * efficiency->bytes, efficiency->requests_are,
         "all bytes of these objects, once down and once up"},
        {"requests", "requests", counted, efficiency->requests, efficiency->requests_instead, efficiency->requests_are,
         parts},
        {"operations", "objects", counted, efficiency->objects, 2 * efficiency->objects, "one copy for each object",
         "a download and an upload for each object"},
        {"temp_bytes", "B", HW_FIGURE_CALCULATED, 0, efficiency->bytes, "a copy by the service uses no local disk",
         "for tools that go over the disk"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_figure actual = {.kind = rows[i].kind,
                                         .whole = true,
                                         .count = rows[i].actual,
                                         .unit = rows[i].unit,
                                         .basis = rows[i].actual_basis};
        const struct hw_figure baseline = {.kind = HW_FIGURE_CALCULATED,
                                           .whole = true,
                                           .count = rows[i].baseline,
                                           .unit = rows[i].unit,
                                           .basis = rows[i].baseline_basis};
        pair_write(json, rows[i].key, &actual, &baseline);
    }
}

/* ------ time */

/*
 * Adds the time of one leg: at the rate that was seen in this run, else at that of the table. Where
 * neither is known, nothing is.
 */
static void leg_add(struct time_instead *time, const char *name, const struct hw_efficiency *efficiency,
                    const struct hw_rate_seen *seen, const struct hw_prices *prices) {
    const size_t used = strlen(time->basis);
    char *at = time->basis + used;
    const size_t left = sizeof(time->basis) - used;
    const char *comma = used > 0 ? "; " : "";
    if (seen->bytes > 0 && seen->seconds > 0) {
        time->seconds += (double)efficiency->bytes * seen->seconds / (double)seen->bytes;
        snprintf(at, left, "%s%s as fast as other objects of this run, %" PRIu64 " bytes in %.6g s of requests", comma,
                 name, seen->bytes, seen->seconds);
    } else if (prices->has_machine) {
        time->seconds += (double)efficiency->bytes / prices->machine_bytes_per_second;
        snprintf(at, left, "%s%s at %.9g bytes a second, as the table of prices says", comma, name,
                 prices->machine_bytes_per_second);
    } else {
        time->known = false;
        snprintf(at, left, "%s%s not measured: this run has done none, and the table of prices states no rate", comma,
                 name);
    }
}

static struct time_instead time_estimate(const struct hw_efficiency *efficiency, const struct hw_prices *prices) {
    struct time_instead time = {.known = true};
    leg_add(&time, "download", efficiency, &efficiency->down, prices);
    leg_add(&time, "upload", efficiency, &efficiency->up, prices);
    return time;
}

static void seconds_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                          const struct time_instead *instead) {
    const struct hw_figure measured = {
        .kind = HW_FIGURE_MEASURED, .real = efficiency->seconds, .unit = "s", .basis = efficiency->requests_are};
    const struct hw_figure not_yet = {
        .kind = HW_FIGURE_ESTIMATED, .unknown = true, .unit = "s", .basis = "not measured: nothing was copied yet"};
    const struct hw_figure baseline = {.kind = HW_FIGURE_ESTIMATED,
                                       .unknown = !instead->known,
                                       .real = instead->seconds,
                                       .unit = "s",
                                       .basis = instead->basis};
    pair_write(json, "seconds", efficiency->planned ? &not_yet : &measured, &baseline);
}

/* ------ money */

/* An amount, and what it rests on beside the prices. */
struct amount {
    double money;
    const char *lead;
};

/* The keys begin with the currency in small letters: usd, usd_requests, usd_transfer. */
static void money_pair_write(struct hw_json_writer *json, const struct hw_prices *prices, const char *ending,
                             const struct amount *actual, const struct amount *baseline, const char *basis) {
    const struct amount *const sides[] = {actual, baseline};
    struct hw_figure figures[COUNT_OF(sides)];
    char key[KEY_BYTES];
    snprintf(key, sizeof(key), "%s%s", prices->currency, ending);
    for (char *at = key; *at; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        figures[i] = (struct hw_figure){.kind = HW_FIGURE_ESTIMATED,
                                        .real = sides[i]->money,
                                        .unit = prices->currency,
                                        .basis_lead = sides[i]->lead,
                                        .basis = basis};
    }
    pair_write(json, key, &figures[0], &figures[1]);
}

static void money_write(struct hw_json_writer *json, const struct hw_efficiency *efficiency,
                        const struct hw_prices *prices, const struct time_instead *instead, const char *basis) {
    const struct hw_money actual = hw_prices_money(prices, efficiency->billed);
    const struct hw_money baseline = hw_prices_money(prices, efficiency->billed_instead);
    const bool machine = prices->has_machine && instead->known;
    const double machine_cost = machine ? instead->seconds / SECONDS_OF_HOUR * prices->machine_per_hour : 0;
    char copied[BASIS_BYTES];
    snprintf(copied, sizeof(copied), "%s; ", efficiency->requests_are);
    const char *const outside = "by a machine on the internet: ";
    const char *const with = "by a machine on the internet, with what it costs: ";
    const char *const without = "by a machine on the internet, without what it costs: ";
    const struct {
        const char *ending;
        struct amount actual, baseline;
    } rows[] = {
        {"_requests", {actual.requests, copied}, {baseline.requests, NULL}},
        {"_transfer", {actual.transfer, NULL}, {baseline.transfer, outside}},
        {"",
         {actual.requests + actual.transfer, copied},
         {baseline.requests + baseline.transfer + machine_cost, machine ? with : without}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        money_pair_write(json, prices, rows[i].ending, &rows[i].actual, &rows[i].baseline, basis);
    }
}
