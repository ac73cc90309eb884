/* SPDX-License-Identifier: Apache-2.0 */
#include "report/prices.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>

#include "core/json_read.h"

enum { CURRENCY_BYTES = 3, DATE_BYTES = 10, REGION_BYTES_MAX = 63 };
#define GIB (1024.0 * 1024 * 1024)

static enum hw_status table_read(json_t *root, struct hw_prices *prices, struct hw_error *err);
static enum hw_status texts_read(json_t *root, struct hw_prices *prices, struct hw_error *err);
static enum hw_status regions_read(json_t *root, struct hw_prices *prices, struct hw_error *err);
static enum hw_status region_read(json_t *json, struct hw_region_prices *row, struct hw_error *err);
static enum hw_status tiers_read(json_t *json, struct hw_region_prices *row, struct hw_error *err);
static enum hw_status machine_read(json_t *json, struct hw_prices *prices, struct hw_error *err);

enum hw_status hw_prices_read(hw_view text, struct hw_prices *prices, struct hw_error *err) {
    json_error_t fault;
    json_t *root = hw_json_load(text, JSON_REJECT_DUPLICATES, &fault);
    if (!root && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(err, text.size);
    }
    if (!root) {
        return hw_fail(err, HW_ECONFIG, "a table of prices is JSON: line %d, column %d: %s", fault.line, fault.column,
                       fault.text);
    }
    enum hw_status status = table_read(root, prices, err);
    json_decref(root);
    return status;
}

void hw_prices_release(struct hw_prices *prices) {
    hw_arena_release(&prices->texts);
    *prices = (struct hw_prices){0};
}

static enum hw_status table_read(json_t *root, struct hw_prices *prices, struct hw_error *err) {
    static const char *const known[] = {"currency", "date", "source", "regions", "machine"};
    json_t *machine = json_object_get(root, "machine");
    if (!json_is_object(root)) {
        return hw_fail(err, HW_ECONFIG, "a table of prices is an object");
    }
    HW_TRY(hw_json_keys_check(root, known, COUNT_OF(known), err));
    HW_TRY(texts_read(root, prices, err));
    HW_TRY(regions_read(root, prices, err));
    return machine ? machine_read(machine, prices, err) : HW_OK;
}

/* ------ texts */

static bool is_currency(const char *text) {
    return strlen(text) == CURRENCY_BYTES && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == CURRENCY_BYTES;
}

/* Reads two digits; -1 where they are none. */
static int two_digits(const char *text) {
    return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]) ? (text[0] - '0') * 10 + text[1] - '0'
                                                                              : -1;
}

/* A day, "2026-11-30". */
static bool is_date(const char *text) {
    if (strlen(text) != DATE_BYTES || text[4] != '-' || text[7] != '-' || two_digits(text) < 0 ||
        two_digits(text + 2) < 0) {
        return false;
    }
    const int month = two_digits(text + 5);
    const int day = two_digits(text + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_source(const char *text) {
    return text[0] != '\0' && strlen(text) <= HW_PRICE_SOURCE_BYTES_MAX;
}

static bool is_region(const char *text) {
    const size_t bytes = strlen(text);
    return bytes > 0 && bytes <= REGION_BYTES_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == bytes;
}

static enum hw_status texts_read(json_t *root, struct hw_prices *prices, struct hw_error *err) {
    const struct {
        const char *key;
        const char **place;
        bool (*good)(const char *text);
        const char *wants;
    } rows[] = {
        {"currency", &prices->currency, is_currency, "three capital letters, as USD"},
        {"date", &prices->date, is_date, "the day when the prices were read, as 2026-11-30"},
        {"source", &prices->source, is_source, "a text of 1 to 200 bytes that says whose prices they are"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *text = json_string_value(json_object_get(root, rows[i].key));
        if (!text || !rows[i].good(text)) {
            return hw_fail(err, HW_ECONFIG, "%s: expected %s", rows[i].key, rows[i].wants);
        }
        *rows[i].place = hw_arena_strdup(&prices->texts, text);
        if (!*rows[i].place) {
            return hw_fail_nomem(err, strlen(text));
        }
    }
    return HW_OK;
}

/* ------ numbers */

/* Reads a number from 0 to `most`. `key` is told where it is none. */
static enum hw_status number_read(const json_t *json, const char *key, double most, double *out_number,
                                  struct hw_error *err) {
    const double number = json_number_value(json);
    if (!json_is_number(json) || number < 0 || number > most) {
        return hw_fail(err, HW_ECONFIG, "%s: expected a number from 0 to %.0f", key, most);
    }
    *out_number = number;
    return HW_OK;
}

static enum hw_status regions_read(json_t *root, struct hw_prices *prices, struct hw_error *err) {
    json_t *regions = json_object_get(root, "regions");
    const size_t count = json_object_size(regions);
    const char *name;
    json_t *json;
    if (count == 0 || count > HW_PRICE_REGIONS_MAX) {
        return hw_fail(err, HW_ECONFIG, "regions: expected an object of 1 to %d regions", HW_PRICE_REGIONS_MAX);
    }
    prices->regions = hw_arena_alloc(&prices->texts, count * sizeof(*prices->regions));
    if (!prices->regions) {
        return hw_fail_nomem(err, count * sizeof(*prices->regions));
    }
    json_object_foreach(regions, name, json) {
        struct hw_region_prices *row = &prices->regions[prices->regions_count];
        *row = (struct hw_region_prices){.region = hw_arena_strdup(&prices->texts, name)};
        if (!is_region(name)) {
            return hw_fail(err, HW_ECONFIG, "regions: \"%.64s\" is not the name of a region", name);
        }
        enum hw_status status = row->region ? region_read(json, row, err) : hw_fail_nomem(err, strlen(name));
        if (status) {
            hw_error_prefix(err, "regions.%s", name);
            return status;
        }
        prices->regions_count++;
    }
    return HW_OK;
}

static enum hw_status region_read(json_t *json, struct hw_region_prices *row, struct hw_error *err) {
    static const char *const known[] = {"put_per_1000",    "get_per_1000", "list_per_1000",
                                        "delete_per_1000", "in_per_gib",   "between_regions_per_gib",
                                        "out_per_gib"};
    double *const places[] = {&row->per_1000[HW_REQUEST_PUT],
                              &row->per_1000[HW_REQUEST_GET],
                              &row->per_1000[HW_REQUEST_LIST],
                              &row->per_1000[HW_REQUEST_DELETE],
                              &row->in_per_gib,
                              &row->between_regions_per_gib};
    if (!json_is_object(json)) {
        return hw_fail(err, HW_ECONFIG, "expected an object of prices");
    }
    HW_TRY(hw_json_keys_check(json, known, COUNT_OF(known), err));
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        HW_TRY(number_read(json_object_get(json, known[i]), known[i], HW_PRICE_MAX, places[i], err));
    }
    return tiers_read(json_object_get(json, "out_per_gib"), row, err);
}

static enum hw_status tier_read(json_t *json, bool last, double above_gib, struct hw_price_tier *out_tier,
                                struct hw_error *err) {
    static const char *const known[] = {"up_to_gib", "price"};
    json_t *up_to = json_object_get(json, "up_to_gib");
    struct hw_price_tier tier = {.up_to_gib = INFINITY};
    if (!json_is_object(json)) {
        return hw_fail(err, HW_ECONFIG, "expected {\"up_to_gib\": NUMBER, \"price\": NUMBER}");
    }
    HW_TRY(hw_json_keys_check(json, known, COUNT_OF(known), err));
    HW_TRY(number_read(json_object_get(json, "price"), "price", HW_PRICE_MAX, &tier.price, err));
    if (last && up_to) {
        return hw_fail(err, HW_ECONFIG, "up_to_gib: the last tier has no end");
    }
    HW_TRY(last ? HW_OK : number_read(up_to, "up_to_gib", HW_PRICE_GIB_MAX, &tier.up_to_gib, err));
    if (tier.up_to_gib <= above_gib) {
        return hw_fail(err, HW_ECONFIG, "up_to_gib: each tier ends above the one before it");
    }
    *out_tier = tier;
    return HW_OK;
}

/* One price for all bytes, or a list of tiers. */
static enum hw_status tiers_read(json_t *json, struct hw_region_prices *row, struct hw_error *err) {
    const size_t count = json_array_size(json);
    double above_gib = 0;
    if (!json_is_array(json)) {
        row->out_count = 1;
        row->out[0].up_to_gib = INFINITY;
        return number_read(json, "out_per_gib", HW_PRICE_MAX, &row->out[0].price, err);
    }
    if (count == 0 || count > HW_PRICE_TIERS_MAX) {
        return hw_fail(err, HW_ECONFIG, "out_per_gib: expected a number, or a list of 1 to %d tiers",
                       HW_PRICE_TIERS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        enum hw_status status = tier_read(json_array_get(json, i), i + 1 == count, above_gib, &row->out[i], err);
        if (status) {
            hw_error_prefix(err, "out_per_gib[%zu]", i);
            return status;
        }
        above_gib = row->out[i].up_to_gib;
    }
    row->out_count = count;
    return HW_OK;
}

static enum hw_status machine_read(json_t *json, struct hw_prices *prices, struct hw_error *err) {
    static const char *const known[] = {"per_hour", "bytes_per_second"};
    double *const places[] = {&prices->machine_per_hour, &prices->machine_bytes_per_second};
    const double most[] = {HW_PRICE_MAX, HW_PRICE_GIB_MAX};
    enum hw_status status = json_is_object(json) ? hw_json_keys_check(json, known, COUNT_OF(known), err)
                                                 : hw_fail(err, HW_ECONFIG, "expected an object");
    for (size_t i = 0; status == HW_OK && i < COUNT_OF(known); i++) {
        status = number_read(json_object_get(json, known[i]), known[i], most[i], places[i], err);
    }
    if (status == HW_OK && prices->machine_bytes_per_second < 1) {
        status = hw_fail(err, HW_ECONFIG, "bytes_per_second: expected 1 or more");
    }
    if (status) {
        hw_error_prefix(err, "machine");
    }
    prices->has_machine = status == HW_OK;
    return status;
}

/* ------ calculating */

size_t hw_prices_row(const struct hw_prices *prices, const char *region, bool *out_found) {
    size_t row = 0;
    *out_found = false;
    for (size_t i = 0; i < prices->regions_count && !*out_found; i++) {
        *out_found = strcmp(prices->regions[i].region, region) == 0;
        row = *out_found ? i : 0;
    }
    return row;
}

static double requests_price(const struct hw_region_prices *prices, const struct hw_billed *billed) {
    double sum = 0;
    for (size_t i = 0; i < HW_REQUEST_CLASSES; i++) {
        sum += (double)billed->requests[i] * prices->per_1000[i] / 1000;
    }
    return sum;
}

/* Each GiB costs what its tier says, as if nothing else had left the service in the month. */
static double out_price(const struct hw_region_prices *prices, double gib) {
    double sum = 0;
    double above_gib = 0;
    for (size_t i = 0; i < prices->out_count && gib > above_gib; i++) {
        const struct hw_price_tier *tier = &prices->out[i];
        sum += (fmin(gib, tier->up_to_gib) - above_gib) * tier->price;
        above_gib = tier->up_to_gib;
    }
    return sum;
}

static double transfer_price(const struct hw_region_prices *prices, const struct hw_billed *billed) {
    return (double)billed->bytes_in / GIB * prices->in_per_gib +
           (double)billed->bytes_between / GIB * prices->between_regions_per_gib +
           out_price(prices, (double)billed->bytes_out / GIB);
}

struct hw_money hw_prices_money(const struct hw_prices *prices, const struct hw_billed *billed) {
    struct hw_money money = {0};
    for (size_t i = 0; i < prices->regions_count; i++) {
        money.requests += requests_price(&prices->regions[i], &billed[i]);
        money.transfer += transfer_price(&prices->regions[i], &billed[i]);
    }
    return money;
}
