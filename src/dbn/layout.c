/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/layout.h"

#include <string.h>

/* Fields in the order of their columns. Undefined quantities are the greatest of their types. */
#define PRICE(name, offset) \
    { name, offset, HW_DBN_PRICE, 0, false }
#define TIME(name, offset) \
    { name, offset, HW_DBN_TIME, 0, false }
#define NUMBER(name, offset, kind) \
    { name, offset, HW_DBN_##kind, 0, false }
#define QUANTITY(name, offset, kind) \
    { name, offset, HW_DBN_##kind, 0, true }
#define CHARACTER(name, offset) \
    { name, offset, HW_DBN_CHAR, 0, false }
#define TEXT(name, offset, bytes) \
    { name, offset, HW_DBN_TEXT, bytes, false }

/* ------ orders and trades */

/* A level of a book, which begins at `at`, has counts of orders, or publishers if consolidated. */
#define LEVEL_SIDES(number, at)                                                                             \
    PRICE("bid_px_" number, at), PRICE("ask_px_" number, at + 8), QUANTITY("bid_sz_" number, at + 16, U32), \
        QUANTITY("ask_sz_" number, at + 20, U32)
#define LEVEL(number, at) \
    LEVEL_SIDES(number, at), NUMBER("bid_ct_" number, at + 24, U32), NUMBER("ask_ct_" number, at + 28, U32)
#define LEVEL_CONSOLIDATED LEVEL_SIDES("00", 48), NUMBER("bid_pb_00", 72, U16), NUMBER("ask_pb_00", 76, U16)

static const struct hw_dbn_field mbo[] = {
    CHARACTER("action", 38),   CHARACTER("side", 39),          PRICE("price", 24),
    QUANTITY("size", 32, U32), NUMBER("channel_id", 37, U8),   NUMBER("order_id", 16, U64),
    NUMBER("flags", 36, U8),   NUMBER("ts_in_delta", 48, I32), NUMBER("sequence", 52, U32),
};

#define TRADE                                                                                    \
    CHARACTER("action", 28), CHARACTER("side", 29), NUMBER("depth", 31, U8), PRICE("price", 16), \
        QUANTITY("size", 24, U32), NUMBER("flags", 30, U8), NUMBER("ts_in_delta", 40, I32), SEQUENCE
#define SEQUENCE NUMBER("sequence", 44, U32)

static const struct hw_dbn_field trades[] = {TRADE};
static const struct hw_dbn_field mbp_1[] = {TRADE, LEVEL("00", 48)};
static const struct hw_dbn_field mbp_10[] = {
    TRADE,
    LEVEL("00", 48),
    LEVEL("01", 80),
    LEVEL("02", 112),
    LEVEL("03", 144),
    LEVEL("04", 176),
    LEVEL("05", 208),
    LEVEL("06", 240),
    LEVEL("07", 272),
    LEVEL("08", 304),
    LEVEL("09", 336),
};

#define QUOTE CHARACTER("side", 29), PRICE("price", 16), QUANTITY("size", 24, U32), NUMBER("flags", 30, U8)

static const struct hw_dbn_field bbo[] = {QUOTE, SEQUENCE, LEVEL("00", 48)};
static const struct hw_dbn_field cbbo[] = {QUOTE, LEVEL_CONSOLIDATED};
static const struct hw_dbn_field cmbp_1[] = {CHARACTER("action", 28), QUOTE, NUMBER("ts_in_delta", 40, I32),
                                             LEVEL_CONSOLIDATED};

static const struct hw_dbn_field ohlcv[] = {PRICE("open", 16), PRICE("high", 24), PRICE("low", 32), PRICE("close", 40),
                                            NUMBER("volume", 48, U64)};

/* ------ the state of markets */

static const struct hw_dbn_field status[] = {
    NUMBER("action", 24, U16),   NUMBER("reason", 26, U16),   NUMBER("trading_event", 28, U16),
    CHARACTER("is_trading", 30), CHARACTER("is_quoting", 31), CHARACTER("is_short_sell_restricted", 32),
};

static const struct hw_dbn_field imbalance[] = {
    PRICE("ref_price", 24),
    TIME("auction_time", 32),
    PRICE("cont_book_clr_price", 40),
    PRICE("auct_interest_clr_price", 48),
    PRICE("ssr_filling_price", 56),
    PRICE("ind_match_price", 64),
    PRICE("upper_collar", 72),
    PRICE("lower_collar", 80),
    NUMBER("paired_qty", 88, U32),
    NUMBER("total_imbalance_qty", 92, U32),
    NUMBER("market_imbalance_qty", 96, U32),
    NUMBER("unpaired_qty", 100, U32),
    CHARACTER("auction_type", 104),
    CHARACTER("side", 105),
    NUMBER("auction_status", 106, U8),
    NUMBER("freeze_status", 107, U8),
    NUMBER("num_extensions", 108, U8),
    CHARACTER("unpaired_side", 109),
    CHARACTER("significant_imbalance", 110),
};

/* Version 3 has a quantity of 64 bits, so that all behind it lies further on. */
#define STATISTICS(quantity, at)                                                                                  \
    TIME("ts_ref", 24), PRICE("price", 32), QUANTITY("quantity", 40, quantity), NUMBER("sequence", at, U32),      \
        NUMBER("ts_in_delta", at + 4, I32), NUMBER("stat_type", at + 8, U16), NUMBER("channel_id", at + 10, U16), \
        NUMBER("update_action", at + 12, U8), NUMBER("stat_flags", at + 13, U8)

static const struct hw_dbn_field statistics_1[] = {STATISTICS(I32, 44)};
static const struct hw_dbn_field statistics_3[] = {STATISTICS(I64, 48)};

/* ------ definitions of instruments */

static const struct hw_dbn_field definition_1[] = {
    TEXT("raw_symbol", 200, 22),
    CHARACTER("security_update_action", 349),
    CHARACTER("instrument_class", 325),
    PRICE("min_price_increment", 24),
    PRICE("display_factor", 32),
    TIME("expiration", 40),
    TIME("activation", 48),
    PRICE("high_limit_price", 56),
    PRICE("low_limit_price", 64),
    PRICE("max_price_variation", 72),
    PRICE("trading_reference_price", 80),
    PRICE("unit_of_measure_qty", 88),
    PRICE("min_price_increment_amount", 96),
    PRICE("price_ratio", 104),
    QUANTITY("inst_attrib_value", 112, I32),
    QUANTITY("underlying_id", 116, U32),
    QUANTITY("raw_instrument_id", 120, U32),
    QUANTITY("market_depth_implied", 124, I32),
    QUANTITY("market_depth", 128, I32),
    QUANTITY("market_segment_id", 132, U32),
    QUANTITY("max_trade_vol", 136, U32),
    QUANTITY("min_lot_size", 140, I32),
    QUANTITY("min_lot_size_block", 144, I32),
    QUANTITY("min_lot_size_round_lot", 148, I32),
    QUANTITY("min_trade_vol", 152, U32),
    QUANTITY("contract_multiplier", 160, I32),
    QUANTITY("decay_quantity", 164, I32),
    QUANTITY("original_contract_size", 168, I32),
    QUANTITY("trading_reference_date", 176, U16),
    QUANTITY("appl_id", 178, I16),
    QUANTITY("maturity_year", 180, U16),
    QUANTITY("decay_start_date", 182, U16),
    QUANTITY("channel_id", 184, U16),
    TEXT("currency", 186, 4),
    TEXT("settl_currency", 190, 4),
    TEXT("secsubtype", 194, 6),
    TEXT("group", 222, 21),
    TEXT("exchange", 243, 5),
    TEXT("asset", 248, 7),
    TEXT("cfi", 255, 7),
    TEXT("security_type", 262, 7),
    TEXT("unit_of_measure", 269, 31),
    TEXT("underlying", 300, 21),
    TEXT("strike_price_currency", 321, 4),
    PRICE("strike_price", 328),
    CHARACTER("match_algorithm", 342),
    QUANTITY("md_security_trading_status", 343, U8),
    QUANTITY("main_fraction", 344, U8),
    QUANTITY("price_display_format", 345, U8),
    QUANTITY("settl_price_type", 346, U8),
    QUANTITY("sub_fraction", 347, U8),
    QUANTITY("underlying_product", 348, U8),
    QUANTITY("maturity_month", 350, U8),
    QUANTITY("maturity_day", 351, U8),
    QUANTITY("maturity_week", 352, U8),
    CHARACTER("user_defined_instrument", 353),
    QUANTITY("contract_multiplier_unit", 354, I8),
    QUANTITY("flow_schedule_type", 355, I8),
    QUANTITY("tick_rule", 356, U8),
};

static const struct hw_dbn_field definition_2[] = {
    TEXT("raw_symbol", 200, 71),
    CHARACTER("security_update_action", 382),
    CHARACTER("instrument_class", 374),
    PRICE("min_price_increment", 24),
    PRICE("display_factor", 32),
    TIME("expiration", 40),
    TIME("activation", 48),
    PRICE("high_limit_price", 56),
    PRICE("low_limit_price", 64),
    PRICE("max_price_variation", 72),
    PRICE("trading_reference_price", 80),
    PRICE("unit_of_measure_qty", 88),
    PRICE("min_price_increment_amount", 96),
    PRICE("price_ratio", 104),
    QUANTITY("inst_attrib_value", 120, I32),
    QUANTITY("underlying_id", 124, U32),
    QUANTITY("raw_instrument_id", 128, U32),
    QUANTITY("market_depth_implied", 132, I32),
    QUANTITY("market_depth", 136, I32),
    QUANTITY("market_segment_id", 140, U32),
    QUANTITY("max_trade_vol", 144, U32),
    QUANTITY("min_lot_size", 148, I32),
    QUANTITY("min_lot_size_block", 152, I32),
    QUANTITY("min_lot_size_round_lot", 156, I32),
    QUANTITY("min_trade_vol", 160, U32),
    QUANTITY("contract_multiplier", 164, I32),
    QUANTITY("decay_quantity", 168, I32),
    QUANTITY("original_contract_size", 172, I32),
    QUANTITY("trading_reference_date", 176, U16),
    QUANTITY("appl_id", 178, I16),
    QUANTITY("maturity_year", 180, U16),
    QUANTITY("decay_start_date", 182, U16),
    QUANTITY("channel_id", 184, U16),
    TEXT("currency", 186, 4),
    TEXT("settl_currency", 190, 4),
    TEXT("secsubtype", 194, 6),
    TEXT("group", 271, 21),
    TEXT("exchange", 292, 5),
    TEXT("asset", 297, 7),
    TEXT("cfi", 304, 7),
    TEXT("security_type", 311, 7),
    TEXT("unit_of_measure", 318, 31),
    TEXT("underlying", 349, 21),
    TEXT("strike_price_currency", 370, 4),
    PRICE("strike_price", 112),
    CHARACTER("match_algorithm", 375),
    QUANTITY("md_security_trading_status", 376, U8),
    QUANTITY("main_fraction", 377, U8),
    QUANTITY("price_display_format", 378, U8),
    QUANTITY("settl_price_type", 379, U8),
    QUANTITY("sub_fraction", 380, U8),
    QUANTITY("underlying_product", 381, U8),
    QUANTITY("maturity_month", 383, U8),
    QUANTITY("maturity_day", 384, U8),
    QUANTITY("maturity_week", 385, U8),
    CHARACTER("user_defined_instrument", 386),
    QUANTITY("contract_multiplier_unit", 387, I8),
    QUANTITY("flow_schedule_type", 388, I8),
    QUANTITY("tick_rule", 389, U8),
};

static const struct hw_dbn_field definition_3[] = {
    TEXT("raw_symbol", 238, 71),
    CHARACTER("security_update_action", 493),
    CHARACTER("instrument_class", 487),
    PRICE("min_price_increment", 24),
    PRICE("display_factor", 32),
    TIME("expiration", 40),
    TIME("activation", 48),
    PRICE("high_limit_price", 56),
    PRICE("low_limit_price", 64),
    PRICE("max_price_variation", 72),
    PRICE("unit_of_measure_qty", 80),
    PRICE("min_price_increment_amount", 88),
    PRICE("price_ratio", 96),
    QUANTITY("inst_attrib_value", 136, I32),
    QUANTITY("underlying_id", 140, U32),
    QUANTITY("raw_instrument_id", 112, U64),
    QUANTITY("market_depth_implied", 144, I32),
    QUANTITY("market_depth", 148, I32),
    QUANTITY("market_segment_id", 152, U32),
    QUANTITY("max_trade_vol", 156, U32),
    QUANTITY("min_lot_size", 160, I32),
    QUANTITY("min_lot_size_block", 164, I32),
    QUANTITY("min_lot_size_round_lot", 168, I32),
    QUANTITY("min_trade_vol", 172, U32),
    QUANTITY("contract_multiplier", 176, I32),
    QUANTITY("decay_quantity", 180, I32),
    QUANTITY("original_contract_size", 184, I32),
    QUANTITY("appl_id", 212, I16),
    QUANTITY("maturity_year", 214, U16),
    QUANTITY("decay_start_date", 216, U16),
    QUANTITY("channel_id", 218, U16),
    TEXT("currency", 224, 4),
    TEXT("settl_currency", 228, 4),
    TEXT("secsubtype", 232, 6),
    TEXT("group", 309, 21),
    TEXT("exchange", 330, 5),
    TEXT("asset", 335, 11),
    TEXT("cfi", 346, 7),
    TEXT("security_type", 353, 7),
    TEXT("unit_of_measure", 360, 31),
    TEXT("underlying", 391, 21),
    TEXT("strike_price_currency", 412, 4),
    PRICE("strike_price", 104),
    CHARACTER("match_algorithm", 488),
    QUANTITY("main_fraction", 489, U8),
    QUANTITY("price_display_format", 490, U8),
    QUANTITY("sub_fraction", 491, U8),
    QUANTITY("underlying_product", 492, U8),
    QUANTITY("maturity_month", 494, U8),
    QUANTITY("maturity_day", 495, U8),
    QUANTITY("maturity_week", 496, U8),
    CHARACTER("user_defined_instrument", 497),
    QUANTITY("contract_multiplier_unit", 498, I8),
    QUANTITY("flow_schedule_type", 499, I8),
    QUANTITY("tick_rule", 500, U8),
    NUMBER("leg_count", 220, U16),
    NUMBER("leg_index", 222, U16),
    QUANTITY("leg_instrument_id", 188, U32),
    TEXT("leg_raw_symbol", 416, 71),
    CHARACTER("leg_instrument_class", 501),
    CHARACTER("leg_side", 502),
    PRICE("leg_price", 120),
    PRICE("leg_delta", 128),
    QUANTITY("leg_ratio_price_numerator", 192, I32),
    QUANTITY("leg_ratio_price_denominator", 196, I32),
    QUANTITY("leg_ratio_qty_numerator", 200, I32),
    QUANTITY("leg_ratio_qty_denominator", 204, I32),
    QUANTITY("leg_underlying_id", 208, U32),
};

/* ------ layouts */

enum { VERSIONS = HW_DBN_VERSION_MAX, TS_RECV = 16, TS_RECV_TRADE = 32, TS_RECV_ORDER = 40 };

#define LAYOUT(schema, rtype, bytes, index_ts, fields) \
    { schema, rtype, bytes, index_ts, fields, COUNT_OF(fields) }
#define SAME_LAYOUTS(schema, rtype, bytes, index_ts, fields)                                            \
    {                                                                                                   \
        LAYOUT(schema, rtype, bytes, index_ts, fields), LAYOUT(schema, rtype, bytes, index_ts, fields), \
            LAYOUT(schema, rtype, bytes, index_ts, fields)                                              \
    }
#define OHLCV_LAYOUTS(schema, rtype) SAME_LAYOUTS(schema, rtype, 56, HW_DBN_TS_EVENT, ohlcv)

static const struct {
    const char *name;
    struct hw_dbn_layout versions[VERSIONS];
} schemas[HW_DBN_SCHEMAS] = {
    [HW_DBN_MBO] = {"mbo", SAME_LAYOUTS(HW_DBN_MBO, 0xa0, 56, TS_RECV_ORDER, mbo)},
    [HW_DBN_MBP_1] = {"mbp-1", SAME_LAYOUTS(HW_DBN_MBP_1, 0x01, 80, TS_RECV_TRADE, mbp_1)},
    [HW_DBN_MBP_10] = {"mbp-10", SAME_LAYOUTS(HW_DBN_MBP_10, 0x0a, 368, TS_RECV_TRADE, mbp_10)},
    [HW_DBN_TBBO] = {"tbbo", SAME_LAYOUTS(HW_DBN_TBBO, 0x01, 80, TS_RECV_TRADE, mbp_1)},
    [HW_DBN_TRADES] = {"trades", SAME_LAYOUTS(HW_DBN_TRADES, 0x00, 48, TS_RECV_TRADE, trades)},
    [HW_DBN_OHLCV_1S] = {"ohlcv-1s", OHLCV_LAYOUTS(HW_DBN_OHLCV_1S, 0x20)},
    [HW_DBN_OHLCV_1M] = {"ohlcv-1m", OHLCV_LAYOUTS(HW_DBN_OHLCV_1M, 0x21)},
    [HW_DBN_OHLCV_1H] = {"ohlcv-1h", OHLCV_LAYOUTS(HW_DBN_OHLCV_1H, 0x22)},
    [HW_DBN_OHLCV_1D] = {"ohlcv-1d", OHLCV_LAYOUTS(HW_DBN_OHLCV_1D, 0x23)},
    [HW_DBN_DEFINITION] = {"definition",
                           {LAYOUT(HW_DBN_DEFINITION, 0x13, 360, TS_RECV, definition_1),
                            LAYOUT(HW_DBN_DEFINITION, 0x13, 400, TS_RECV, definition_2),
                            LAYOUT(HW_DBN_DEFINITION, 0x13, 520, TS_RECV, definition_3)}},
    [HW_DBN_STATISTICS] = {"statistics",
                           {LAYOUT(HW_DBN_STATISTICS, 0x18, 64, TS_RECV, statistics_1),
                            LAYOUT(HW_DBN_STATISTICS, 0x18, 64, TS_RECV, statistics_1),
                            LAYOUT(HW_DBN_STATISTICS, 0x18, 80, TS_RECV, statistics_3)}},
    [HW_DBN_STATUS] = {"status", SAME_LAYOUTS(HW_DBN_STATUS, 0x12, 40, TS_RECV, status)},
    [HW_DBN_IMBALANCE] = {"imbalance", SAME_LAYOUTS(HW_DBN_IMBALANCE, 0x14, 112, TS_RECV, imbalance)},
    [HW_DBN_OHLCV_EOD] = {"ohlcv-eod", OHLCV_LAYOUTS(HW_DBN_OHLCV_EOD, 0x24)},
    [HW_DBN_CMBP_1] = {"cmbp-1", SAME_LAYOUTS(HW_DBN_CMBP_1, 0xb1, 80, TS_RECV_TRADE, cmbp_1)},
    [HW_DBN_CBBO_1S] = {"cbbo-1s", SAME_LAYOUTS(HW_DBN_CBBO_1S, 0xc0, 80, TS_RECV_TRADE, cbbo)},
    [HW_DBN_CBBO_1M] = {"cbbo-1m", SAME_LAYOUTS(HW_DBN_CBBO_1M, 0xc1, 80, TS_RECV_TRADE, cbbo)},
    [HW_DBN_TCBBO] = {"tcbbo", SAME_LAYOUTS(HW_DBN_TCBBO, 0xc2, 80, TS_RECV_TRADE, cmbp_1)},
    [HW_DBN_BBO_1S] = {"bbo-1s", SAME_LAYOUTS(HW_DBN_BBO_1S, 0xc3, 80, TS_RECV_TRADE, bbo)},
    [HW_DBN_BBO_1M] = {"bbo-1m", SAME_LAYOUTS(HW_DBN_BBO_1M, 0xc4, 80, TS_RECV_TRADE, bbo)},
};

/* The type of all bars of ohlcv before there was one for each length. */
enum { RTYPE_OHLCV_OLD = 0x11 };

/* Records that are no rows of any schema. */
static const struct {
    uint8_t rtype;
    uint16_t bytes[VERSIONS];
} others[] = {
    {HW_DBN_RTYPE_ERROR, {80, 320, 320}},
    {HW_DBN_RTYPE_SYMBOL_MAPPING, {80, 176, 176}},
    {HW_DBN_RTYPE_SYSTEM, {80, 320, 320}},
    {RTYPE_OHLCV_OLD, {56, 56, 56}},
};

const struct hw_dbn_layout *hw_dbn_layout_of(enum hw_dbn_schema schema, unsigned version) {
    return &schemas[schema].versions[version - 1];
}

size_t hw_dbn_record_bytes(uint8_t rtype, unsigned version) {
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        if (schemas[i].versions[version - 1].rtype == rtype) {
            return schemas[i].versions[version - 1].bytes;
        }
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (others[i].rtype == rtype) {
            return others[i].bytes[version - 1];
        }
    }
    return 0;
}

bool hw_dbn_rtype_is_of(uint8_t rtype, enum hw_dbn_schema schema) {
    const struct hw_dbn_layout *layout = &schemas[schema].versions[0];
    return rtype == layout->rtype || (rtype == RTYPE_OHLCV_OLD && layout->fields == ohlcv);
}

size_t hw_dbn_field_bytes(const struct hw_dbn_field *field) {
    static const uint8_t bytes[] = {
        [HW_DBN_PRICE] = 8, [HW_DBN_TIME] = 8, [HW_DBN_U8] = 1,  [HW_DBN_U16] = 2, [HW_DBN_U32] = 4,  [HW_DBN_U64] = 8,
        [HW_DBN_I8] = 1,    [HW_DBN_I16] = 2,  [HW_DBN_I32] = 4, [HW_DBN_I64] = 8, [HW_DBN_CHAR] = 1,
    };
    return field->kind == HW_DBN_TEXT ? field->bytes : bytes[field->kind];
}

const char *hw_dbn_schema_name(unsigned number) {
    return number < COUNT_OF(schemas) ? schemas[number].name : NULL;
}

bool hw_dbn_schema_find(hw_view name, enum hw_dbn_schema *out_schema) {
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        if (hw_view_equal(name, hw_view_of(schemas[i].name))) {
            *out_schema = (enum hw_dbn_schema)i;
            return true;
        }
    }
    return false;
}
