/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/symbols.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/* Midnights in UTC, by `date -u -d 2024-02-29 +%s`. */
#define FEB_29 UINT64_C(1709164800000000000)
#define MAR_01 UINT64_C(1709251200000000000)
#define MAR_02 UINT64_C(1709337600000000000)
#define NS UINT64_C(1)

enum { ID = HW_DBN_STYPE_INSTRUMENT_ID, RAW = HW_DBN_STYPE_RAW_SYMBOL, CONTINUOUS = 3 };

static const struct hw_dbn_interval of_a[] = {
    {20240301, 20240302, HW_VIEW_INIT("7")},
    {20240229, 20240301, HW_VIEW_INIT("5")},
    /* It starts later than the one of "b" that goes on, and ends before it. */
    {20240301, 20240302, HW_VIEW_INIT("9")},
};
static const struct hw_dbn_interval of_b[] = {
    {20240101, 20250101, HW_VIEW_INIT("9")},       {20240301, 20240401, HW_VIEW_INIT("")},
    {20240301, 20240401, HW_VIEW_INIT("12x")},     {20240301, 20240401, HW_VIEW_INIT("4294967296")},
    {10101, 99991231, HW_VIEW_INIT("4294967295")},
};
static const struct hw_dbn_interval of_none[] = {{20240101, 20250101, HW_VIEW_INIT("6")}};
static const struct hw_dbn_mapping to_ids[] = {{HW_VIEW_INIT("a"), of_a, COUNT_OF(of_a)},
                                               {HW_VIEW_INIT("b"), of_b, COUNT_OF(of_b)},
                                               {HW_VIEW_INIT(""), of_none, COUNT_OF(of_none)}};

static const struct hw_dbn_interval of_5[] = {{20240229, 20240301, HW_VIEW_INIT("five")},
                                              {20240301, 20240302, HW_VIEW_INIT("")}};
static const struct hw_dbn_interval of_words[] = {{20240229, 20240301, HW_VIEW_INIT("word")}};
static const struct hw_dbn_mapping from_ids[] = {{HW_VIEW_INIT("5"), of_5, COUNT_OF(of_5)},
                                                 {HW_VIEW_INIT("w"), of_words, COUNT_OF(of_words)}};

/* The symbol of an instrument at a time; "-" where there is none. */
static const struct {
    const char *name;
    bool from;
    uint32_t id;
    uint64_t time;
    const char *want;
} rows[] = {
    {"the first nanosecond of a day", false, 5, FEB_29, "a"},
    {"the one before it", false, 5, FEB_29 - NS, "-"},
    {"the last one of the day", false, 5, MAR_01 - NS, "a"},
    {"the day on which it ends", false, 5, MAR_01, "-"},
    {"the next instrument", false, 7, MAR_01, "a"},
    {"of two the one that starts later", false, 9, MAR_01, "a"},
    {"before it starts, the other one", false, 9, MAR_01 - NS, "b"},
    {"behind its end none, though the other goes on", false, 9, MAR_02, "-"},
    {"the greatest id, from before 1970 on", false, 4294967295, 0, "b"},
    {"and up to behind the last time", false, 4294967295, UINT64_MAX - 1, "b"},
    {"an id with a word behind it", false, 12, MAR_01, "-"},
    {"an id of 33 bits", false, 0, MAR_01, "-"},
    {"an empty name", false, 6, MAR_01, "-"},
    {"an instrument that nobody knows", false, 8, MAR_01, "-"},
    {"ids are mapped to names", true, 5, FEB_29, "five"},
    {"an empty symbol", true, 5, MAR_01, "-"},
    {"a mapping of what is no id", true, 0, FEB_29, "-"},
};

static void map_init(struct hw_dbn_symbol_map *map, bool from) {
    const struct hw_dbn_metadata metadata = {
        .stype_in = from ? ID : RAW,
        .stype_out = from ? RAW : ID,
        .mappings = from ? from_ids : to_ids,
        .mappings_count = from ? COUNT_OF(from_ids) : COUNT_OF(to_ids),
    };
    struct hw_error err = HW_ERROR_INIT;
    bool mapped;
    *map = (struct hw_dbn_symbol_map){0};
    assert_ok(hw_dbn_symbol_map_init(map, &metadata, &mapped, &err), err);
    assert_true(mapped);
}

static const char *found(const struct hw_dbn_symbol_map *map, uint32_t id, uint64_t time, char text[64]) {
    const hw_view symbol = hw_dbn_symbol_map_find(map, id, time);
    snprintf(text, 64, "%.*s", symbol.data ? (int)symbol.size : 1, symbol.data ? symbol.data : "-");
    return text;
}

static void symbols_are_those_of_their_days(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_dbn_symbol_map) map;
        char text[64];
        map_init(&map, rows[i].from);
        assert_row_text(rows[i].name, found(&map, rows[i].id, rows[i].time, text), rows[i].want);
    }
}

static void without_ids_there_are_no_symbols(void **state) {
    const struct hw_dbn_metadata metadata = {
        .stype_in = CONTINUOUS, .stype_out = RAW, .mappings = to_ids, .mappings_count = COUNT_OF(to_ids)};
    HW_AUTO(hw_dbn_symbol_map) map = {0};
    struct hw_error err = HW_ERROR_INIT;
    bool mapped = true;
    (void)state;
    assert_null(hw_dbn_symbol_map_find(&map, 5, FEB_29).data);
    assert_ok(hw_dbn_symbol_map_init(&map, &metadata, &mapped, &err), err);
    assert_false(mapped);
    assert_null(hw_dbn_symbol_map_find(&map, 5, FEB_29).data);
}

static void intervals_are_added(void **state) {
    HW_AUTO(hw_dbn_symbol_map) map;
    char name[] = "live";
    char text[64];
    (void)state;
    map_init(&map, false);
    assert_int_equal(hw_dbn_symbol_map_add(&map, 5, MAR_01, MAR_02, (hw_view){name, 4}, NULL), HW_OK);
    name[0] = 'x'; /* the text was copied */
    assert_string_equal(found(&map, 5, MAR_01, text), "live");
    assert_string_equal(found(&map, 5, MAR_01 - NS, text), "a");
    assert_string_equal(found(&map, 5, MAR_02, text), "-");
    /* Of two that start at one time the later one counts. */
    assert_int_equal(hw_dbn_symbol_map_add(&map, 5, MAR_01, MAR_02, HW_VIEW("again"), NULL), HW_OK);
    assert_string_equal(found(&map, 5, MAR_01, text), "again");
    /* One that starts earlier is found behind it in time alone. */
    assert_int_equal(hw_dbn_symbol_map_add(&map, 5, 1, HW_DBN_TIME_UNDEFINED, HW_VIEW("old"), NULL), HW_OK);
    assert_string_equal(found(&map, 5, FEB_29 - NS, text), "old");
    assert_string_equal(found(&map, 5, FEB_29, text), "a");
    assert_int_equal(hw_dbn_symbol_map_add(&map, 100, 0, HW_DBN_TIME_UNDEFINED, HW_VIEW("new"), NULL), HW_OK);
    assert_string_equal(found(&map, 100, FEB_29, text), "new");
    assert_string_equal(found(&map, 7, MAR_01, text), "a");
}

/* Offsets are those of SymbolMappingMsg in databento-dbn. */
static void records_add_intervals(void **state) {
    static const struct {
        const char *name;
        unsigned version;
        size_t in, out, start, end;
    } layouts[] = {{"1", 1, 16, 38, 64, 72}, {"2", 2, 17, 89, 160, 168}, {"3", 3, 17, 89, 160, 168}};
    static const struct {
        const char *in, *out;
        uint64_t start, end;
        uint64_t time;
        const char *want;
    } texts[] = {
        {"ES.c.0", "ESH4", 10, 20, 10, "ESH4"},
        {"ESH4", "12345", 10, 20, 19, "ESH4"},
        {"ESH4", "12345", 10, 20, 20, "-"},
        {"ESH4", "12345", 10, 20, 9, "-"},
        {"ESH4", "1", UINT64_MAX, 20, 0, "ESH4"},
        {"ESH4", "1", 10, UINT64_MAX, UINT64_MAX - 1, "ESH4"},
        {"", "1", 10, 20, 10, "-"},
        {"in", "", 10, 20, 10, "-"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(layouts) * COUNT_OF(texts); i++) {
        const size_t l = i / COUNT_OF(texts), t = i % COUNT_OF(texts);
        HW_AUTO(hw_dbn_symbol_map) map = {0};
        uint8_t record[176] = {0};
        char text[64];
        hw_store_le32(record + HW_DBN_INSTRUMENT_ID, 77);
        memcpy(record + layouts[l].in, texts[t].in, strlen(texts[t].in));
        memcpy(record + layouts[l].out, texts[t].out, strlen(texts[t].out));
        memcpy(record + layouts[l].start, &texts[t].start, sizeof(uint64_t));
        memcpy(record + layouts[l].end, &texts[t].end, sizeof(uint64_t));
        assert_int_equal(hw_dbn_symbol_map_take(&map, record, layouts[l].version, NULL), HW_OK);
        assert_row_text(layouts[l].name, found(&map, 77, texts[t].time, text), texts[t].want);
        memset(record + layouts[l].out, 'x', layouts[l].version == 1 ? 22 : 71);
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_dbn_symbol_map_take(&map, record, layouts[l].version, &err), HW_EDATA);
        assert_row_says(layouts[l].name, err.message, "does not end within its field");
        record[layouts[l].in] = 0xff;
        assert_int_equal(hw_dbn_symbol_map_take(&map, record, layouts[l].version, &err), HW_EDATA);
        assert_row_says(layouts[l].name, err.message, "is not UTF-8");
    }
}

/* Programs that connect again tell the same intervals again. */
static void intervals_of_an_instrument_are_limited(void **state) {
    HW_AUTO(hw_dbn_symbol_map) map = {0};
    struct hw_error err = HW_ERROR_INIT;
    (void)state;
    for (uint64_t i = 0; i < HW_DBN_LIVE_INTERVALS_MAX; i++) {
        assert_ok(hw_dbn_symbol_map_add(&map, 5, i, i + 1, HW_VIEW("s"), &err), err);
        assert_ok(hw_dbn_symbol_map_add(&map, 5, i, i + 1, HW_VIEW("s"), &err), err);
    }
    assert_int_equal(hw_dbn_symbol_map_add(&map, 5, UINT64_MAX - 1, UINT64_MAX, HW_VIEW("s"), &err), HW_ELIMIT);
    assert_row_says("limit", err.message, "instrument 5 has more than 4096 intervals with symbols");
    assert_ok(hw_dbn_symbol_map_add(&map, 6, 0, 1, HW_VIEW("s"), &err), err);
}

/* The rule of the header, by a look at all intervals. */
struct simple {
    uint32_t id;
    uint64_t start, end;
    char symbol[8];
};

static const char *simple_find(const struct simple *all, size_t count, uint32_t id, uint64_t time) {
    const struct simple *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (all[i].id == id && all[i].start <= time && (!last || all[i].start >= last->start)) {
            last = &all[i];
        }
    }
    return last && time < last->end ? last->symbol : "-";
}

static void many_instruments_are_found(void **state) {
    enum { COUNT = 2000, IDS = 300, TIMES = 50 };
    static struct simple all[COUNT];
    HW_AUTO(hw_dbn_symbol_map) map = {0};
    uint64_t random = 7;
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        all[i].id = (uint32_t)(random >> 33) % IDS * 65536;
        all[i].start = (random >> 20) % TIMES;
        all[i].end = all[i].start + (random >> 10) % TIMES;
        snprintf(all[i].symbol, sizeof(all[i].symbol), "%zu", i);
        assert_int_equal(
            hw_dbn_symbol_map_add(&map, all[i].id, all[i].start, all[i].end, hw_view_of(all[i].symbol), NULL), HW_OK);
    }
    for (uint32_t id = 0; id < IDS; id++) {
        for (uint64_t time = 0; time < 2 * TIMES; time++) {
            char text[64];
            assert_string_equal(found(&map, id * 65536, time, text), simple_find(all, COUNT, id * 65536, time));
        }
    }
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    const struct hw_dbn_metadata metadata = {
        .stype_in = RAW, .stype_out = ID, .mappings = to_ids, .mappings_count = COUNT_OF(to_ids)};
    (void)state;
    for (size_t n = 0; fired; n++) {
        HW_AUTO(hw_dbn_symbol_map) map = {0};
        struct alloc_fault fault;
        bool mapped;
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_dbn_symbol_map_init(&map, &metadata, &mapped, NULL);
        for (uint32_t id = 0; status == HW_OK && id < 100; id++) {
            status = hw_dbn_symbol_map_add(&map, id, 1, 2, HW_VIEW("s"), NULL);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        char text[64];
        assert_string_equal(found(&map, 5, FEB_29, text), map.count > 0 ? "a" : "-");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_are_those_of_their_days),
        cmocka_unit_test(without_ids_there_are_no_symbols),
        cmocka_unit_test(intervals_are_added),
        cmocka_unit_test(records_add_intervals),
        cmocka_unit_test(intervals_of_an_instrument_are_limited),
        cmocka_unit_test(many_instruments_are_found),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("dbn/symbols", tests, NULL, NULL);
}
