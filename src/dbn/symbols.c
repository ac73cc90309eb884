/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/symbols.h"

#include <inttypes.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/calendar.h"
#include "core/limits.h"
#include "dbn/text.h"

struct hw_dbn_symbol_interval {
    uint32_t instrument;
    uint32_t order; /* in which it came */
    uint64_t start;
    uint64_t end;
    hw_view symbol;
};

/* An instrument; `items` NULL: the slot is free. */
struct hw_dbn_instrument {
    uint32_t id;
    /* The intervals are in memory of its own, as one was added. */
    bool own;
    struct hw_dbn_symbol_interval *items;
    size_t count;
    size_t room;
};

enum { SLOTS_MIN = 64, ID_DIGITS_MAX = 10 };
#define DAY_NS (UINT64_C(86400) * 1000000000)

/* ------ mappings */

static bool id_read(hw_view text, uint32_t *out_id);
static uint64_t day_begins(uint32_t day);
static int intervals_compare(const void *a, const void *b);
static enum hw_status instruments_make(struct hw_dbn_symbol_map *map, size_t count, struct hw_error *err);

static size_t intervals_count(const struct hw_dbn_metadata *metadata) {
    size_t count = 0;
    for (size_t i = 0; i < metadata->mappings_count; i++) {
        count += metadata->mappings[i].count;
    }
    return count;
}

enum hw_status hw_dbn_symbol_map_init(struct hw_dbn_symbol_map *map, const struct hw_dbn_metadata *metadata,
                                      bool *out_mapped, struct hw_error *err) {
    const bool out_ids = metadata->stype_out == HW_DBN_STYPE_INSTRUMENT_ID;
    const bool mapped = out_ids || metadata->stype_in == HW_DBN_STYPE_INSTRUMENT_ID;
    const size_t most = mapped ? intervals_count(metadata) : 0;
    size_t count = 0;
    *out_mapped = mapped;
    map->intervals = hw_alloc_zero(most + 1, sizeof(*map->intervals));
    if (!map->intervals) {
        return hw_fail_nomem(err, most * sizeof(*map->intervals));
    }
    for (size_t i = 0; mapped && i < metadata->mappings_count; i++) {
        const struct hw_dbn_mapping *mapping = &metadata->mappings[i];
        for (size_t k = 0; k < mapping->count; k++) {
            const struct hw_dbn_interval *interval = &mapping->intervals[k];
            struct hw_dbn_symbol_interval *to = &map->intervals[count];
            const hw_view symbol = out_ids ? mapping->symbol : interval->symbol;
            if (symbol.size > 0 && id_read(out_ids ? interval->symbol : mapping->symbol, &to->instrument)) {
                to->order = (uint32_t)count++;
                to->start = day_begins(interval->start);
                to->end = day_begins(interval->end);
                to->symbol = symbol;
            }
        }
    }
    qsort(map->intervals, count, sizeof(*map->intervals), intervals_compare);
    return instruments_make(map, count, err);
}

static bool id_read(hw_view text, uint32_t *out_id) {
    uint64_t id = 0;
    if (text.size == 0 || text.size > ID_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        id = id * 10 + (uint64_t)(text.data[i] - '0');
    }
    *out_id = (uint32_t)id;
    return id <= UINT32_MAX;
}

/* Times are counted from 1970 on, and end in the year 2554: days beyond are open ends. */
static uint64_t day_begins(uint32_t day) {
    const int64_t days = hw_calendar_days(day / 10000, day / 100 % 100, day % 100);
    uint64_t time = 0;
    return days < 0 ? 0 : hw_mul((uint64_t)days, DAY_NS, &time) ? time : HW_DBN_TIME_UNDEFINED;
}

static int intervals_compare(const void *a, const void *b) {
    const struct hw_dbn_symbol_interval *left = a, *right = b;
    if (left->instrument != right->instrument) {
        return left->instrument < right->instrument ? -1 : 1;
    }
    if (left->start != right->start) {
        return left->start < right->start ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

/* ------ instruments */

/* A slot is found by all bits of an id, so that runs of ids are spread. */
static size_t slot_of(uint32_t id, size_t slots_count) {
    return (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (slots_count - 1);
}

/* Returns the slot of an instrument, or the free one that it would have. */
static struct hw_dbn_instrument *slot_find(struct hw_dbn_instrument *slots, size_t slots_count, uint32_t id) {
    size_t at = slot_of(id, slots_count);
    while (slots[at].items && slots[at].id != id) {
        at = (at + 1) & (slots_count - 1);
    }
    return &slots[at];
}

static enum hw_status slots_grow(struct hw_dbn_symbol_map *map, size_t count, struct hw_error *err) {
    size_t room = map->slots_count > 0 ? map->slots_count : SLOTS_MIN;
    while (room / 2 < count) {
        room *= 2;
    }
    if (room == map->slots_count) {
        return HW_OK;
    }
    struct hw_dbn_instrument *slots = hw_alloc_zero(room, sizeof(*slots));
    if (!slots) {
        return hw_fail_nomem(err, room * sizeof(*slots));
    }
    for (size_t i = 0; i < map->slots_count; i++) {
        if (map->slots[i].items) {
            *slot_find(slots, room, map->slots[i].id) = map->slots[i];
        }
    }
    hw_free(map->slots);
    map->slots = slots;
    map->slots_count = room;
    return HW_OK;
}

static enum hw_status instruments_make(struct hw_dbn_symbol_map *map, size_t count, struct hw_error *err) {
    size_t instruments = 0;
    for (size_t i = 0; i < count; i++) {
        instruments += i == 0 || map->intervals[i].instrument != map->intervals[i - 1].instrument;
    }
    HW_TRY(slots_grow(map, instruments, err));
    map->count = instruments;
    for (size_t i = 0, end; i < count; i = end) {
        const uint32_t id = map->intervals[i].instrument;
        for (end = i + 1; end < count && map->intervals[end].instrument == id;) {
            end++;
        }
        *slot_find(map->slots, map->slots_count, id) =
            (struct hw_dbn_instrument){.id = id, .items = &map->intervals[i], .count = end - i, .room = end - i};
    }
    return HW_OK;
}

void hw_dbn_symbol_map_release(struct hw_dbn_symbol_map *map) {
    for (size_t i = 0; i < map->slots_count; i++) {
        if (map->slots[i].own) {
            hw_free(map->slots[i].items);
        }
    }
    hw_free(map->slots);
    hw_free(map->intervals);
    hw_arena_release(&map->arena);
    *map = (struct hw_dbn_symbol_map){0};
}

/* ------ intervals that are added */

/* Makes room for one more interval, in memory of the instrument's own. */
static enum hw_status room_make(struct hw_dbn_instrument *instrument, struct hw_error *err) {
    if (instrument->items && instrument->own && instrument->count < instrument->room) {
        return HW_OK;
    }
    const size_t room = 2 * instrument->count + 2;
    struct hw_dbn_symbol_interval *items = hw_alloc_zero(room, sizeof(*items));
    if (!items) {
        return hw_fail_nomem(err, room * sizeof(*items));
    }
    if (instrument->items) {
        memcpy(items, instrument->items, instrument->count * sizeof(*items));
    }
    if (instrument->own) {
        hw_free(instrument->items);
    }
    instrument->own = true;
    instrument->items = items;
    instrument->room = room;
    return HW_OK;
}

/* Returns how many intervals start at a time or before. */
static size_t begun_count(const struct hw_dbn_instrument *instrument, uint64_t time) {
    size_t low = 0, high = instrument->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (instrument->items[middle].start <= time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_known(const struct hw_dbn_instrument *instrument, size_t begun, uint64_t start, uint64_t end,
                     hw_view symbol) {
    const struct hw_dbn_symbol_interval *last = begun > 0 ? &instrument->items[begun - 1] : NULL;
    return last && last->start == start && last->end == end && hw_view_equal(last->symbol, symbol);
}

enum hw_status hw_dbn_symbol_map_add(struct hw_dbn_symbol_map *map, uint32_t instrument, uint64_t start, uint64_t end,
                                     hw_view symbol, struct hw_error *err) {
    HW_TRY(slots_grow(map, map->count + 1, err));
    struct hw_dbn_instrument *slot = slot_find(map->slots, map->slots_count, instrument);
    const size_t begun = begun_count(slot, start);
    if (is_known(slot, begun, start, end, symbol)) {
        return HW_OK;
    }
    if (slot->count >= HW_DBN_LIVE_INTERVALS_MAX) {
        return hw_fail(err, HW_ELIMIT, "instrument %" PRIu32 " has more than %u intervals with symbols", instrument,
                       HW_DBN_LIVE_INTERVALS_MAX);
    }
    const char *copy = hw_arena_strndup(&map->arena, symbol.data, symbol.size);
    if (!copy) {
        return hw_fail_nomem(err, symbol.size);
    }
    const bool is_new = !slot->items;
    HW_TRY(room_make(slot, err));
    slot->id = instrument;
    map->count += is_new;
    for (size_t i = slot->count; i > begun; i--) {
        slot->items[i] = slot->items[i - 1];
    }
    slot->items[begun] = (struct hw_dbn_symbol_interval){
        .instrument = instrument, .start = start, .end = end, .symbol = {copy, symbol.size}};
    slot->count++;
    return HW_OK;
}

/* ------ records */

/* The places of the fields of a record, by its version. */
static const struct {
    uint16_t in, out, symbol_bytes, start, end;
} mapping_records[] = {
    [1] = {16, 38, HW_DBN_SYMBOL_BYTES_1, 64, 72},
    [2] = {17, 89, HW_DBN_SYMBOL_BYTES, 160, 168},
    [3] = {17, 89, HW_DBN_SYMBOL_BYTES, 160, 168},
};

static enum hw_status symbol_read(const uint8_t *at, size_t bytes, hw_view *out, struct hw_error *err) {
    const char *wrong = hw_dbn_text_read(at, bytes, out);
    return wrong ? hw_fail(err, HW_EDATA, "a symbol of the mapping %s", wrong) : HW_OK;
}

enum hw_status hw_dbn_symbol_map_take(struct hw_dbn_symbol_map *map, const uint8_t *record, unsigned version,
                                      struct hw_error *err) {
    const size_t bytes = mapping_records[version].symbol_bytes;
    const uint64_t start = hw_load_le64(record + mapping_records[version].start);
    const uint64_t end = hw_load_le64(record + mapping_records[version].end);
    hw_view asked, found;
    uint32_t id;
    HW_TRY(symbol_read(record + mapping_records[version].in, bytes, &asked, err));
    HW_TRY(symbol_read(record + mapping_records[version].out, bytes, &found, err));
    const hw_view symbol = id_read(found, &id) ? asked : found;
    if (symbol.size == 0) {
        return HW_OK;
    }
    return hw_dbn_symbol_map_add(map, hw_load_le32(record + HW_DBN_INSTRUMENT_ID),
                                 start == HW_DBN_TIME_UNDEFINED ? 0 : start, end, symbol, err);
}

/* ------ finding */

hw_view hw_dbn_symbol_map_find(const struct hw_dbn_symbol_map *map, uint32_t instrument, uint64_t time) {
    if (map->slots_count == 0) {
        return (hw_view){NULL, 0};
    }
    const struct hw_dbn_instrument *slot = slot_find(map->slots, map->slots_count, instrument);
    const size_t begun = begun_count(slot, time);
    const struct hw_dbn_symbol_interval *last = begun > 0 ? &slot->items[begun - 1] : NULL;
    return last && time < last->end ? last->symbol : (hw_view){NULL, 0};
}
