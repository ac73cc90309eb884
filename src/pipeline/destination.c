/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/destination.h"

#include "core/object_name.h"
#include "pipeline/source_guard.h"

/* What is written under a name of each kind where nothing is asked for, and what people call it. */
static const struct {
    unsigned written; /* 0: nothing is */
    unsigned fits;    /* formats that may be asked for without a warning */
    const char *text;
} formats[] = {
    [HW_NAME_UNKNOWN] = {HW_FORMAT_PARQUET, HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV, "nothing"},
    [HW_NAME_PARQUET] = {HW_FORMAT_PARQUET, HW_FORMAT_PARQUET, "Parquet"},
    [HW_NAME_AVRO] = {HW_FORMAT_AVRO, HW_FORMAT_AVRO, "Avro"},
    [HW_NAME_CSV] = {HW_FORMAT_CSV, HW_FORMAT_CSV, "CSV"},
    [HW_NAME_CSV_READ] = {0, 0, "CSV in a packing that is only read"},
    [HW_NAME_TEXT] = {0, HW_FORMAT_CSV, "text"},
    [HW_NAME_ZIP] = {0, 0, "ZIP"},
    [HW_NAME_FOREIGN] = {0, 0, "a format that is not written"},
};

static const char *format_text(unsigned format) {
    return format == HW_FORMAT_PARQUET ? "Parquet" : format == HW_FORMAT_AVRO ? "Avro" : "CSV";
}

void hw_destination_fill(const struct hw_destination *destination, struct hw_convert_options *options) {
    const struct hw_name_facts facts = hw_name_look(destination->name);
    if (options->formats == 0) {
        const unsigned written = formats[facts.format].written;
        options->formats = written ? written : HW_FORMAT_PARQUET;
    }
    if (options->formats == HW_FORMAT_CSV && !options->compression && !options->csv_compression) {
        options->csv_compression = facts.codec;
    }
}

/* Whether objects of this name are taken for sources. */
static bool named_source(enum hw_name_format format) {
    return format == HW_NAME_CSV || format == HW_NAME_CSV_READ || format == HW_NAME_TEXT || format == HW_NAME_ZIP;
}

static bool target_there(const struct hw_plan *plan) {
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    return plan->target->ops->stat(plan->target, plan->target_key, &info, etag, NULL) == HW_OK;
}

/* Whether DST is one of the sources: whoever compares outputs with sources tells of that. */
static bool source_itself(const struct hw_destination *destination, const struct hw_plan *plan) {
    const struct hw_source_guard_place output = {"output", destination->name, &plan->options->target_store};
    bool same = false;
    for (size_t i = 0; i < plan->sources.count && !same; i++) {
        const struct hw_source_place *place = &plan->sources.places[i];
        const struct hw_source_guard_place source = {"source", place->text, &plan->options->source_store};
        same = place->store && hw_source_guard_two(&output, &source, NULL) == HW_EUSAGE;
    }
    return same;
}

/* A source at the place of DST is one that a shell has put there. */
static enum hw_status source_check(const struct hw_destination *destination, const struct hw_plan *plan,
                                   enum hw_name_format format, struct hw_error *err) {
    const bool meant = (destination->asked & HW_FORMAT_CSV) || plan->options->overwrite == HW_OVERWRITE_REPLACE ||
                       plan->sources.places[0].batches;
    if (meant || !named_source(format) || !target_there(plan) || source_itself(destination, plan)) {
        return HW_OK;
    }
    enum hw_status status =
        hw_fail(err, HW_EEXISTS,
                "this DST is there already, and is named like a source: where the shell has expanded a glob such as "
                "*.csv, name a DST behind it, as out/; --to csv or --overwrite replace write over what is there");
    hw_error_object(err, destination->name);
    return status;
}

/* Returns whether the destination is one object that has a name. */
static bool named(const struct hw_plan *plan) {
    return plan->target_key && !plan->target_pipe;
}

enum hw_status hw_destination_check(const struct hw_destination *destination, const struct hw_plan *plan,
                                    struct hw_error *err) {
    const struct hw_name_facts facts = hw_name_look(destination->name);
    if (!named(plan)) {
        return HW_OK;
    }
    HW_TRY(source_check(destination, plan, facts.format, err));
    if (plan->sources.several && !plan->options->merge) {
        return hw_fail(err, HW_EUSAGE,
                       "several sources need a folder as destination: end \"%.200s\" with '/', or --merge them",
                       destination->name);
    }
    if (destination->asked == 0 && formats[facts.format].written == 0) {
        return hw_fail(err, HW_EUSAGE,
                       "\"%.200s\" is the name of nothing that is written: choose .parquet, .avro, .csv or .tsv, also "
                       "with .gz or .zst behind .csv and .tsv, or say with --to what to write under this name",
                       destination->name);
    }
    return HW_OK;
}

void hw_destination_warn(const struct hw_destination *destination, const struct hw_plan *plan,
                         const struct hw_warn *warn) {
    const struct hw_name_facts facts = hw_name_look(destination->name);
    const char *codec = plan->options->csv_compression;
    struct hw_error told = HW_ERROR_INIT;
    if (!named(plan)) {
        return;
    }
    if (destination->asked != 0 && !(formats[facts.format].fits & destination->asked)) {
        hw_error_set(&told, HW_EUSAGE, "the name says %s, but %s is written, as --to asks", formats[facts.format].text,
                     format_text(destination->asked));
    } else if (facts.codec && codec && strncmp(codec, facts.codec, strlen(facts.codec)) != 0) {
        hw_error_set(&told, HW_EUSAGE, "the name says %s, but --csv-codec asks for %.100s", facts.codec, codec);
    } else {
        return;
    }
    hw_error_object(&told, destination->name);
    hw_warn_tell(warn, &told);
}

char hw_destination_delimiter(const struct hw_destination *destination, const struct hw_plan *plan) {
    const char delimiter = hw_name_look(destination->name).delimiter;
    return named(plan) && delimiter ? delimiter : ',';
}
