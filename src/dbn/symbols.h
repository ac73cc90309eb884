/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The symbols that instruments had at a time, by the mappings of metadata and by the records of
 * live captures that add to them. One thread at a time.
 */
#ifndef HW_DBN_SYMBOLS_H
#define HW_DBN_SYMBOLS_H

#include "dbn/metadata.h"

struct hw_dbn_instrument;

/* Start it zeroed. */
struct hw_dbn_symbol_map {
    /* Instruments by their ids: open addressing, at most half of the slots are used. */
    struct hw_dbn_instrument *slots;
    size_t slots_count;
    size_t count;
    /* The intervals of metadata, by instrument and start. */
    struct hw_dbn_symbol_interval *intervals;
    /* Texts that were added. */
    struct hw_arena arena;
};

/*
 * Takes the mappings of metadata. These are by instrument_id on one side: the symbol of an interval
 * is the id and that of the mapping the name, or the other way round. Without such a side there are
 * no symbols, and `*out_mapped` is false. Empty symbols and those that are no id are passed over.
 * Texts are borrowed. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_dbn_symbol_map_init(struct hw_dbn_symbol_map *map,
                                                   const struct hw_dbn_metadata *metadata, bool *out_mapped,
                                                   struct hw_error *err);
void hw_dbn_symbol_map_release(struct hw_dbn_symbol_map *map);

/*
 * Adds an interval in nanoseconds since 1970: the instrument has the symbol from `start` on, and at
 * `end` no more. The text is copied. HW_ELIMIT for more than HW_DBN_LIVE_INTERVALS_MAX of one
 * instrument; HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_dbn_symbol_map_add(struct hw_dbn_symbol_map *map, uint32_t instrument, uint64_t start,
                                                  uint64_t end, hw_view symbol, struct hw_error *err);

/*
 * Adds what a record of the type HW_DBN_RTYPE_SYMBOL_MAPPING says: the symbol that was found for
 * the instrument, or where that is a number, the one that was asked for. Times that are undefined
 * are open. HW_EDATA for a text that does not end or is not UTF-8; else as hw_dbn_symbol_map_add.
 */
HW_NODISCARD enum hw_status hw_dbn_symbol_map_take(struct hw_dbn_symbol_map *map, const uint8_t *record,
                                                   unsigned version, struct hw_error *err);

/*
 * Returns the symbol of an instrument at a time. Of several intervals that have begun the one that
 * starts last counts, of equal ones the one that came last. Where that has ended, and for an
 * instrument that is not known, `data` is NULL.
 */
hw_view hw_dbn_symbol_map_find(const struct hw_dbn_symbol_map *map, uint32_t instrument, uint64_t time);

#endif
