/* SPDX-License-Identifier: Apache-2.0 */
/* Made by make_layouts.py: bytes, offset of the index timestamp, columns as NAME@OFFSET:KIND. */
#ifndef HW_TESTS_DBN_LAYOUTS_H
#define HW_TESTS_DBN_LAYOUTS_H

static const struct {
    const char *schema;
    unsigned version;
    const char *columns;
} layouts[] = {
    {"mbo", 1,
     "56 40 action@38:c1 side@39:c1 price@24:p8 size@32:u4 channel_id@37:u1 order_id@16:u8 flags@36:u1 "
     "ts_in_delta@48:i4 sequence@52:u4"},
    {"mbo", 2,
     "56 40 action@38:c1 side@39:c1 price@24:p8 size@32:u4 channel_id@37:u1 order_id@16:u8 flags@36:u1 "
     "ts_in_delta@48:i4 sequence@52:u4"},
    {"mbo", 3,
     "56 40 action@38:c1 side@39:c1 price@24:p8 size@32:u4 channel_id@37:u1 order_id@16:u8 flags@36:u1 "
     "ts_in_delta@48:i4 sequence@52:u4"},
    {"mbp-1", 1,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"mbp-1", 2,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"mbp-1", 3,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"mbp-10", 1,
     "368 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4 bid_px_01@80:p8 ask_px_01@88:p8 bid_sz_01@96:u4 ask_sz_01@100:u4 bid_ct_01@104:u4 "
     "ask_ct_01@108:u4 bid_px_02@112:p8 ask_px_02@120:p8 bid_sz_02@128:u4 ask_sz_02@132:u4 "
     "bid_ct_02@136:u4 ask_ct_02@140:u4 bid_px_03@144:p8 ask_px_03@152:p8 bid_sz_03@160:u4 "
     "ask_sz_03@164:u4 bid_ct_03@168:u4 ask_ct_03@172:u4 bid_px_04@176:p8 ask_px_04@184:p8 "
     "bid_sz_04@192:u4 ask_sz_04@196:u4 bid_ct_04@200:u4 ask_ct_04@204:u4 bid_px_05@208:p8 "
     "ask_px_05@216:p8 bid_sz_05@224:u4 ask_sz_05@228:u4 bid_ct_05@232:u4 ask_ct_05@236:u4 "
     "bid_px_06@240:p8 ask_px_06@248:p8 bid_sz_06@256:u4 ask_sz_06@260:u4 bid_ct_06@264:u4 "
     "ask_ct_06@268:u4 bid_px_07@272:p8 ask_px_07@280:p8 bid_sz_07@288:u4 ask_sz_07@292:u4 "
     "bid_ct_07@296:u4 ask_ct_07@300:u4 bid_px_08@304:p8 ask_px_08@312:p8 bid_sz_08@320:u4 "
     "ask_sz_08@324:u4 bid_ct_08@328:u4 ask_ct_08@332:u4 bid_px_09@336:p8 ask_px_09@344:p8 "
     "bid_sz_09@352:u4 ask_sz_09@356:u4 bid_ct_09@360:u4 ask_ct_09@364:u4"},
    {"mbp-10", 2,
     "368 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4 bid_px_01@80:p8 ask_px_01@88:p8 bid_sz_01@96:u4 ask_sz_01@100:u4 bid_ct_01@104:u4 "
     "ask_ct_01@108:u4 bid_px_02@112:p8 ask_px_02@120:p8 bid_sz_02@128:u4 ask_sz_02@132:u4 "
     "bid_ct_02@136:u4 ask_ct_02@140:u4 bid_px_03@144:p8 ask_px_03@152:p8 bid_sz_03@160:u4 "
     "ask_sz_03@164:u4 bid_ct_03@168:u4 ask_ct_03@172:u4 bid_px_04@176:p8 ask_px_04@184:p8 "
     "bid_sz_04@192:u4 ask_sz_04@196:u4 bid_ct_04@200:u4 ask_ct_04@204:u4 bid_px_05@208:p8 "
     "ask_px_05@216:p8 bid_sz_05@224:u4 ask_sz_05@228:u4 bid_ct_05@232:u4 ask_ct_05@236:u4 "
     "bid_px_06@240:p8 ask_px_06@248:p8 bid_sz_06@256:u4 ask_sz_06@260:u4 bid_ct_06@264:u4 "
     "ask_ct_06@268:u4 bid_px_07@272:p8 ask_px_07@280:p8 bid_sz_07@288:u4 ask_sz_07@292:u4 "
     "bid_ct_07@296:u4 ask_ct_07@300:u4 bid_px_08@304:p8 ask_px_08@312:p8 bid_sz_08@320:u4 "
     "ask_sz_08@324:u4 bid_ct_08@328:u4 ask_ct_08@332:u4 bid_px_09@336:p8 ask_px_09@344:p8 "
     "bid_sz_09@352:u4 ask_sz_09@356:u4 bid_ct_09@360:u4 ask_ct_09@364:u4"},
    {"mbp-10", 3,
     "368 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4 bid_px_01@80:p8 ask_px_01@88:p8 bid_sz_01@96:u4 ask_sz_01@100:u4 bid_ct_01@104:u4 "
     "ask_ct_01@108:u4 bid_px_02@112:p8 ask_px_02@120:p8 bid_sz_02@128:u4 ask_sz_02@132:u4 "
     "bid_ct_02@136:u4 ask_ct_02@140:u4 bid_px_03@144:p8 ask_px_03@152:p8 bid_sz_03@160:u4 "
     "ask_sz_03@164:u4 bid_ct_03@168:u4 ask_ct_03@172:u4 bid_px_04@176:p8 ask_px_04@184:p8 "
     "bid_sz_04@192:u4 ask_sz_04@196:u4 bid_ct_04@200:u4 ask_ct_04@204:u4 bid_px_05@208:p8 "
     "ask_px_05@216:p8 bid_sz_05@224:u4 ask_sz_05@228:u4 bid_ct_05@232:u4 ask_ct_05@236:u4 "
     "bid_px_06@240:p8 ask_px_06@248:p8 bid_sz_06@256:u4 ask_sz_06@260:u4 bid_ct_06@264:u4 "
     "ask_ct_06@268:u4 bid_px_07@272:p8 ask_px_07@280:p8 bid_sz_07@288:u4 ask_sz_07@292:u4 "
     "bid_ct_07@296:u4 ask_ct_07@300:u4 bid_px_08@304:p8 ask_px_08@312:p8 bid_sz_08@320:u4 "
     "ask_sz_08@324:u4 bid_ct_08@328:u4 ask_ct_08@332:u4 bid_px_09@336:p8 ask_px_09@344:p8 "
     "bid_sz_09@352:u4 ask_sz_09@356:u4 bid_ct_09@360:u4 ask_ct_09@364:u4"},
    {"tbbo", 1,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"tbbo", 2,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"tbbo", 3,
     "80 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 "
     "ask_ct_00@76:u4"},
    {"trades", 1,
     "48 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4"},
    {"trades", 2,
     "48 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4"},
    {"trades", 3,
     "48 32 action@28:c1 side@29:c1 depth@31:u1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 "
     "sequence@44:u4"},
    {"ohlcv-1s", 1, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1s", 2, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1s", 3, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1m", 1, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1m", 2, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1m", 3, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1h", 1, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1h", 2, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1h", 3, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1d", 1, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1d", 2, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-1d", 3, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"definition", 1,
     "360 16 raw_symbol@200:c22 security_update_action@349:c1 instrument_class@325:c1 "
     "min_price_increment@24:p8 display_factor@32:p8 expiration@40:t8 activation@48:t8 "
     "high_limit_price@56:p8 low_limit_price@64:p8 max_price_variation@72:p8 trading_reference_price@80:p8 "
     "unit_of_measure_qty@88:p8 min_price_increment_amount@96:p8 price_ratio@104:p8 "
     "inst_attrib_value@112:i4 underlying_id@116:u4 raw_instrument_id@120:u4 market_depth_implied@124:i4 "
     "market_depth@128:i4 market_segment_id@132:u4 max_trade_vol@136:u4 min_lot_size@140:i4 "
     "min_lot_size_block@144:i4 min_lot_size_round_lot@148:i4 min_trade_vol@152:u4 "
     "contract_multiplier@160:i4 decay_quantity@164:i4 original_contract_size@168:i4 "
     "trading_reference_date@176:u2 appl_id@178:i2 maturity_year@180:u2 decay_start_date@182:u2 "
     "channel_id@184:u2 currency@186:c4 settl_currency@190:c4 secsubtype@194:c6 group@222:c21 "
     "exchange@243:c5 asset@248:c7 cfi@255:c7 security_type@262:c7 unit_of_measure@269:c31 "
     "underlying@300:c21 strike_price_currency@321:c4 strike_price@328:p8 match_algorithm@342:c1 "
     "md_security_trading_status@343:u1 main_fraction@344:u1 price_display_format@345:u1 "
     "settl_price_type@346:u1 sub_fraction@347:u1 underlying_product@348:u1 maturity_month@350:u1 "
     "maturity_day@351:u1 maturity_week@352:u1 user_defined_instrument@353:c1 "
     "contract_multiplier_unit@354:i1 flow_schedule_type@355:i1 tick_rule@356:u1"},
    {"definition", 2,
     "400 16 raw_symbol@200:c71 security_update_action@382:c1 instrument_class@374:c1 "
     "min_price_increment@24:p8 display_factor@32:p8 expiration@40:t8 activation@48:t8 "
     "high_limit_price@56:p8 low_limit_price@64:p8 max_price_variation@72:p8 trading_reference_price@80:p8 "
     "unit_of_measure_qty@88:p8 min_price_increment_amount@96:p8 price_ratio@104:p8 "
     "inst_attrib_value@120:i4 underlying_id@124:u4 raw_instrument_id@128:u4 market_depth_implied@132:i4 "
     "market_depth@136:i4 market_segment_id@140:u4 max_trade_vol@144:u4 min_lot_size@148:i4 "
     "min_lot_size_block@152:i4 min_lot_size_round_lot@156:i4 min_trade_vol@160:u4 "
     "contract_multiplier@164:i4 decay_quantity@168:i4 original_contract_size@172:i4 "
     "trading_reference_date@176:u2 appl_id@178:i2 maturity_year@180:u2 decay_start_date@182:u2 "
     "channel_id@184:u2 currency@186:c4 settl_currency@190:c4 secsubtype@194:c6 group@271:c21 "
     "exchange@292:c5 asset@297:c7 cfi@304:c7 security_type@311:c7 unit_of_measure@318:c31 "
     "underlying@349:c21 strike_price_currency@370:c4 strike_price@112:p8 match_algorithm@375:c1 "
     "md_security_trading_status@376:u1 main_fraction@377:u1 price_display_format@378:u1 "
     "settl_price_type@379:u1 sub_fraction@380:u1 underlying_product@381:u1 maturity_month@383:u1 "
     "maturity_day@384:u1 maturity_week@385:u1 user_defined_instrument@386:c1 "
     "contract_multiplier_unit@387:i1 flow_schedule_type@388:i1 tick_rule@389:u1"},
    {"definition", 3,
     "520 16 raw_symbol@238:c71 security_update_action@493:c1 instrument_class@487:c1 "
     "min_price_increment@24:p8 display_factor@32:p8 expiration@40:t8 activation@48:t8 "
     "high_limit_price@56:p8 low_limit_price@64:p8 max_price_variation@72:p8 unit_of_measure_qty@80:p8 "
     "min_price_increment_amount@88:p8 price_ratio@96:p8 inst_attrib_value@136:i4 underlying_id@140:u4 "
     "raw_instrument_id@112:u8 market_depth_implied@144:i4 market_depth@148:i4 market_segment_id@152:u4 "
     "max_trade_vol@156:u4 min_lot_size@160:i4 min_lot_size_block@164:i4 min_lot_size_round_lot@168:i4 "
     "min_trade_vol@172:u4 contract_multiplier@176:i4 decay_quantity@180:i4 original_contract_size@184:i4 "
     "appl_id@212:i2 maturity_year@214:u2 decay_start_date@216:u2 channel_id@218:u2 currency@224:c4 "
     "settl_currency@228:c4 secsubtype@232:c6 group@309:c21 exchange@330:c5 asset@335:c11 cfi@346:c7 "
     "security_type@353:c7 unit_of_measure@360:c31 underlying@391:c21 strike_price_currency@412:c4 "
     "strike_price@104:p8 match_algorithm@488:c1 main_fraction@489:u1 price_display_format@490:u1 "
     "sub_fraction@491:u1 underlying_product@492:u1 maturity_month@494:u1 maturity_day@495:u1 "
     "maturity_week@496:u1 user_defined_instrument@497:c1 contract_multiplier_unit@498:i1 "
     "flow_schedule_type@499:i1 tick_rule@500:u1 leg_count@220:u2 leg_index@222:u2 "
     "leg_instrument_id@188:u4 leg_raw_symbol@416:c71 leg_instrument_class@501:c1 leg_side@502:c1 "
     "leg_price@120:p8 leg_delta@128:p8 leg_ratio_price_numerator@192:i4 "
     "leg_ratio_price_denominator@196:i4 leg_ratio_qty_numerator@200:i4 leg_ratio_qty_denominator@204:i4 "
     "leg_underlying_id@208:u4"},
    {"statistics", 1,
     "64 16 ts_ref@24:t8 price@32:p8 quantity@40:i4 sequence@44:u4 ts_in_delta@48:i4 stat_type@52:u2 "
     "channel_id@54:u2 update_action@56:u1 stat_flags@57:u1"},
    {"statistics", 2,
     "64 16 ts_ref@24:t8 price@32:p8 quantity@40:i4 sequence@44:u4 ts_in_delta@48:i4 stat_type@52:u2 "
     "channel_id@54:u2 update_action@56:u1 stat_flags@57:u1"},
    {"statistics", 3,
     "80 16 ts_ref@24:t8 price@32:p8 quantity@40:i8 sequence@48:u4 ts_in_delta@52:i4 stat_type@56:u2 "
     "channel_id@58:u2 update_action@60:u1 stat_flags@61:u1"},
    {"status", 1,
     "40 16 action@24:u2 reason@26:u2 trading_event@28:u2 is_trading@30:c1 is_quoting@31:c1 "
     "is_short_sell_restricted@32:c1"},
    {"status", 2,
     "40 16 action@24:u2 reason@26:u2 trading_event@28:u2 is_trading@30:c1 is_quoting@31:c1 "
     "is_short_sell_restricted@32:c1"},
    {"status", 3,
     "40 16 action@24:u2 reason@26:u2 trading_event@28:u2 is_trading@30:c1 is_quoting@31:c1 "
     "is_short_sell_restricted@32:c1"},
    {"imbalance", 1,
     "112 16 ref_price@24:p8 auction_time@32:t8 cont_book_clr_price@40:p8 auct_interest_clr_price@48:p8 "
     "ssr_filling_price@56:p8 ind_match_price@64:p8 upper_collar@72:p8 lower_collar@80:p8 paired_qty@88:u4 "
     "total_imbalance_qty@92:u4 market_imbalance_qty@96:u4 unpaired_qty@100:u4 auction_type@104:c1 "
     "side@105:c1 auction_status@106:u1 freeze_status@107:u1 num_extensions@108:u1 unpaired_side@109:c1 "
     "significant_imbalance@110:c1"},
    {"imbalance", 2,
     "112 16 ref_price@24:p8 auction_time@32:t8 cont_book_clr_price@40:p8 auct_interest_clr_price@48:p8 "
     "ssr_filling_price@56:p8 ind_match_price@64:p8 upper_collar@72:p8 lower_collar@80:p8 paired_qty@88:u4 "
     "total_imbalance_qty@92:u4 market_imbalance_qty@96:u4 unpaired_qty@100:u4 auction_type@104:c1 "
     "side@105:c1 auction_status@106:u1 freeze_status@107:u1 num_extensions@108:u1 unpaired_side@109:c1 "
     "significant_imbalance@110:c1"},
    {"imbalance", 3,
     "112 16 ref_price@24:p8 auction_time@32:t8 cont_book_clr_price@40:p8 auct_interest_clr_price@48:p8 "
     "ssr_filling_price@56:p8 ind_match_price@64:p8 upper_collar@72:p8 lower_collar@80:p8 paired_qty@88:u4 "
     "total_imbalance_qty@92:u4 market_imbalance_qty@96:u4 unpaired_qty@100:u4 auction_type@104:c1 "
     "side@105:c1 auction_status@106:u1 freeze_status@107:u1 num_extensions@108:u1 unpaired_side@109:c1 "
     "significant_imbalance@110:c1"},
    {"ohlcv-eod", 1, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-eod", 2, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"ohlcv-eod", 3, "56 8 open@16:p8 high@24:p8 low@32:p8 close@40:p8 volume@48:u8"},
    {"cmbp-1", 1,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cmbp-1", 2,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cmbp-1", 3,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1s", 1,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1s", 2,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1s", 3,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1m", 1,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1m", 2,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"cbbo-1m", 3,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 bid_px_00@48:p8 ask_px_00@56:p8 bid_sz_00@64:u4 "
     "ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"tcbbo", 1,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"tcbbo", 2,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"tcbbo", 3,
     "80 32 action@28:c1 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 ts_in_delta@40:i4 bid_px_00@48:p8 "
     "ask_px_00@56:p8 bid_sz_00@64:u4 ask_sz_00@68:u4 bid_pb_00@72:u2 ask_pb_00@76:u2"},
    {"bbo-1s", 1,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
    {"bbo-1s", 2,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
    {"bbo-1s", 3,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
    {"bbo-1m", 1,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
    {"bbo-1m", 2,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
    {"bbo-1m", 3,
     "80 32 side@29:c1 price@16:p8 size@24:u4 flags@30:u1 sequence@44:u4 bid_px_00@48:p8 ask_px_00@56:p8 "
     "bid_sz_00@64:u4 ask_sz_00@68:u4 bid_ct_00@72:u4 ask_ct_00@76:u4"},
};

#endif
