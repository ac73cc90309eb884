/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expected: the standard error that the papers prove, 1.04 / sqrt(registers); a part of the whole,
 * merged, is the whole.
 */
#include "table/sketch.h"

#include <math.h>

#include "support/rows.h"

enum { REGISTERS_MAX = 1 << 16 };

struct room {
    uint8_t registers[REGISTERS_MAX];
    struct hw_sketch sketch;
};

static void room_clear(struct room *room, unsigned bits) {
    memset(room->registers, 0, sizeof(room->registers));
    room->sketch = (struct hw_sketch){room->registers, bits};
}

static const struct {
    const char *name;
    unsigned bits;
    uint64_t values;
    double error; /* relative, of every single estimate */
} rows[] = {
    {"nothing", 12, 0, 0},
    {"one value", 12, 1, 0},
    {"ten values", 12, 10, 0.1},
    {"a thousand, 4096 registers", 12, 1000, 4 * 0.01625},
    {"where older estimators change their formula", 12, 10240, 4 * 0.01625},
    {"a hundred thousand, 4096 registers", 12, 100000, 4 * 0.01625},
    {"a million, 4096 registers", 12, 1000000, 4 * 0.01625},
    {"one value, 1024 registers", 10, 1, 0},
    {"a thousand, 1024 registers", 10, 1000, 4 * 0.0325},
    {"a hundred thousand, 1024 registers", 10, 100000, 4 * 0.0325},
    {"a hundred thousand, 65536 registers", 16, 100000, 4 * 0.00407},
    {"far more than 16 registers, whose errors lean upwards", 4, 100000, 8 * 0.26},
};

static void estimates_are_near(void **state) {
    (void)state;
    enum { SETS = 20 };
    static struct room room;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double squares = 0;
        double sum = 0;
        for (uint64_t set = 0; set < SETS; set++) {
            room_clear(&room, rows[i].bits);
            for (uint64_t value = 0; value < rows[i].values; value++) {
                hw_sketch_add(&room.sketch, hw_sketch_hash(set << 40 | value));
                /* again: it was there */
                hw_sketch_add(&room.sketch, hw_sketch_hash(set << 40 | value / 2));
            }
            double estimate = (double)hw_sketch_estimate(&room.sketch);
            double error = rows[i].values > 0 ? estimate / (double)rows[i].values - 1 : estimate;
            if (fabs(error) > rows[i].error) {
                fail_msg("%s: estimated %.0f", rows[i].name, estimate);
            }
            squares += error * error;
            sum += error;
        }
        /*
         * Over many sets the error is the standard error, and no bias is left: both within what 20
         * sets can tell.
         */
        double standard = 1.04 / sqrt((double)(1u << rows[i].bits));
        if (sqrt(squares / SETS) > 1.5 * standard || fabs(sum / SETS) > standard) {
            fail_msg("%s: root mean square %g, mean %g, standard error %g", rows[i].name, sqrt(squares / SETS),
                     sum / SETS, standard);
        }
    }
}

static void merged_parts_are_the_whole(void **state) {
    (void)state;
    static struct room whole, merged, part;
    room_clear(&whole, 10);
    room_clear(&merged, 10);
    for (uint64_t first = 0; first < 30000; first += 10000) {
        room_clear(&part, 10);
        for (uint64_t value = first; value < first + 15000; value++) { /* parts overlap */
            hw_sketch_add(&part.sketch, hw_sketch_hash(value));
            hw_sketch_add(&whole.sketch, hw_sketch_hash(value));
        }
        hw_sketch_merge(&merged.sketch, &part.sketch);
    }
    assert_memory_equal(merged.registers, whole.registers, (size_t)1 << 10);
    room_clear(&part, 10);
    hw_sketch_merge(&merged.sketch, &part.sketch);
    assert_memory_equal(merged.registers, whole.registers, (size_t)1 << 10);
    assert_int_equal(hw_sketch_estimate(&merged.sketch), hw_sketch_estimate(&whole.sketch));
}

/* The first bits choose the register, the zeros that follow them its rank. */
static const struct {
    const char *name;
    uint64_t hash;
    size_t at;
    uint8_t rank;
} register_rows[] = {
    {"no zero", UINT64_C(0xffffffffffffffff), 15, 1},
    {"one zero", UINT64_C(0x2400000000000000), 2, 2},
    {"all zero", 0, 0, 61},
    {"zeros but the last bit", UINT64_C(0x1000000000000001), 1, 60},
};

static void registers_hold_the_highest_rank(void **state) {
    (void)state;
    static struct room room;
    for (size_t i = 0; i < COUNT_OF(register_rows); i++) {
        room_clear(&room, 4);
        hw_sketch_add(&room.sketch, register_rows[i].hash);
        assert_row_int(register_rows[i].name, room.registers[register_rows[i].at], register_rows[i].rank);
        hw_sketch_add(&room.sketch, (uint64_t)register_rows[i].at << 60 | UINT64_C(1) << 59);
        assert_row_int(register_rows[i].name, room.registers[register_rows[i].at], register_rows[i].rank);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_are_near),
        cmocka_unit_test(merged_parts_are_the_whole),
        cmocka_unit_test(registers_hold_the_highest_rank),
    };
    return cmocka_run_group_tests_name("table/sketch", tests, NULL, NULL);
}
