/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/statistics_read.h"

static void told(struct hw_thrift_reader *in, const struct hw_thrift_field *field, enum hw_told *out);

bool hw_statistics_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                        struct hw_parquet_statistics *out) {
    if (!hw_thrift_read_struct(in, field)) {
        return false;
    }
    *out = (struct hw_parquet_statistics)HW_NO_STATISTICS;
    struct hw_thrift_field member;
    while (hw_thrift_field(in, &member)) {
        switch (member.id) {
        case 1:
            hw_thrift_read_binary(in, &member, &out->old_max);
            break;
        case 2:
            hw_thrift_read_binary(in, &member, &out->old_min);
            break;
        case 3:
            hw_thrift_read_i64(in, &member, &out->nulls);
            break;
        case 4:
            hw_thrift_read_i64(in, &member, &out->distinct);
            break;
        case 5:
            hw_thrift_read_binary(in, &member, &out->max);
            break;
        case 6:
            hw_thrift_read_binary(in, &member, &out->min);
            break;
        case 7:
            told(in, &member, &out->max_exact);
            break;
        case 8:
            told(in, &member, &out->min_exact);
            break;
        case 9:
            hw_thrift_read_i64(in, &member, &out->nans);
            break;
        default:
            hw_thrift_skip(in, &member);
        }
    }
    return true;
}

static void told(struct hw_thrift_reader *in, const struct hw_thrift_field *field, enum hw_told *out) {
    bool value;
    if (hw_thrift_read_bool(in, field, &value)) {
        *out = value ? HW_TOLD_TRUE : HW_TOLD_FALSE;
    }
}
