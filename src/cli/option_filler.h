/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the arguments of one call from the values of its options.
 *
 * Values come in five layers: config file, the command's section of it, environment, what the host
 * of the command gives, command line.
 * A later layer replaces what an earlier one said, lists too; within one layer a repeated list
 * option adds to it.
 */
#ifndef HW_CLI_OPTION_FILLER_H
#define HW_CLI_OPTION_FILLER_H

#include "cli/option.h"

enum hw_option_layer {
    HW_LAYER_NONE,
    HW_LAYER_CONFIG,
    HW_LAYER_SECTION,
    HW_LAYER_ENVIRONMENT,
    HW_LAYER_HOST,
    HW_LAYER_COMMAND_LINE
};

/* Start it with all set; all is borrowed. */
struct hw_option_filler {
    const struct hw_option_set *set;
    struct hw_arena *arena; /* lists and copies live here */
    void *args;             /* the command's struct, zeroed */
    /* One byte for each option of the set, zeroed: the layer that set it last. */
    uint8_t *layers;
};

/*
 * Gives the field of an option a value; NULL stands for a switch without one. The option has a
 * field (hw_option_has_field). HW_EUSAGE says what is wrong with the value.
 */
HW_NODISCARD enum hw_status hw_option_fill(struct hw_option_filler *filler, struct hw_option_ref ref,
                                           enum hw_option_layer layer, const char *value, struct hw_error *err);
/* Adds one item to the list of an option as it is, commas and all. */
HW_NODISCARD enum hw_status hw_option_add(struct hw_option_filler *filler, struct hw_option_ref ref,
                                          enum hw_option_layer layer, const char *item, struct hw_error *err);

#endif
