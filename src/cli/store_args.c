/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store_args.h"

static const struct hw_choice addressing_choices[] = {
    {"auto", HW_ADDRESSING_AUTO + 1},
    {"path", HW_ADDRESSING_PATH + 1},
    {"virtual", HW_ADDRESSING_VIRTUAL + 1},
    {NULL, 0},
};

/* Where a row of these tables goes. */
#define STORE_FIELD(field) HW_OPTION_FIELD(struct hw_store_args, field)

static const struct hw_option store_rows[] = {
    {.name = "profile",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(both.profile),
     .arg = "NAME",
     .fallback = "AWS_PROFILE, else default",
     .help = "Takes settings and keys from this profile of the AWS configuration files."},
    {.name = "region",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(both.region),
     .arg = "NAME",
     .fallback = "AWS_REGION, else the profile's, else us-east-1",
     .help = "Signs requests for this region."},
    {.name = "endpoint-url",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(both.endpoint_url),
     .arg = "URL",
     .fallback = "AWS_ENDPOINT_URL_S3, else AWS's own",
     .help = "Sends requests to this address of an S3-compatible service."},
    {.name = "no-sign-request",
     .type = HW_OPTION_FLAG,
     STORE_FIELD(both.no_sign_request),
     .help = "Sends anonymous requests, for public buckets."},
    {.name = "addressing",
     .type = HW_OPTION_CHOICE,
     STORE_FIELD(both.addressing),
     .choices = addressing_choices,
     .fallback = "auto",
     .help = "Puts the bucket's name into the path or into the host name of requests."},
    {.name = "connections",
     .type = HW_OPTION_COUNT,
     STORE_FIELD(connections),
     .arg = "N",
     .min = 1,
     .max = 4096,
     .fallback = "16",
     .help = "Sends so many requests at once."},
    {.name = "limit-rate",
     .type = HW_OPTION_SIZE,
     STORE_FIELD(limit_rate),
     .arg = "SIZE",
     .min = 1024,
     .fallback = "as fast as can be",
     .help = "Sends and receives no more than so many bytes a second, over all connections together."},
    {.name = "retries",
     .type = HW_OPTION_COUNT,
     STORE_FIELD(attempts),
     .arg = "N",
     .max = 1000,
     .plus = 1,
     .fallback = "AWS_MAX_ATTEMPTS less 1, else any number",
     .help = "Tries a request again so many times at most where it failed for a passing reason."},
    {.name = "retry-for",
     .type = HW_OPTION_TIME,
     STORE_FIELD(retry_for_ms),
     .arg = "TIME",
     .min = 1,
     .fallback = "2m",
     .help = "Tries a request again for so long after it has first failed for a passing reason, with pauses that grow "
             "from about 1 s to 20 s."},
    {.name = "timeout",
     .type = HW_OPTION_TIME,
     STORE_FIELD(timeout_ms),
     .arg = "TIME",
     .min = 1,
     .fallback = "60s",
     .help = "Gives up a request on which no byte moves for so long, or less than 1 KiB/s on average, and tries it "
             "again."},
};

static const struct hw_option source_rows[] = {
    {.name = "source-profile",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(source.profile),
     .arg = "NAME",
     .fallback = "--profile",
     .help = "Takes the place of --profile for sources, whose requests are then signed."},
    {.name = "source-region",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(source.region),
     .arg = "NAME",
     .fallback = "--region",
     .help = "Takes the place of --region for sources."},
    {.name = "source-endpoint-url",
     .type = HW_OPTION_TEXT,
     STORE_FIELD(source.endpoint_url),
     .arg = "URL",
     .fallback = "--endpoint-url",
     .help = "Takes the place of --endpoint-url for sources."},
    {.name = "source-no-sign-request",
     .type = HW_OPTION_FLAG,
     STORE_FIELD(source.no_sign_request),
     .help = "Sends anonymous requests for sources only."},
    {.name = "source-addressing",
     .type = HW_OPTION_CHOICE,
     STORE_FIELD(source.addressing),
     .choices = addressing_choices,
     .fallback = "--addressing",
     .help = "Takes the place of --addressing for sources."},
};

const struct hw_option_group hw_store_option_group = {"Stores", store_rows, COUNT_OF(store_rows)};
const struct hw_option_group hw_source_option_group = {"Store of the sources", source_rows, COUNT_OF(source_rows)};

static struct hw_store_options side_options(const struct hw_store_args *args, const struct hw_store_side *side) {
    return (struct hw_store_options){
        .profile = side->profile,
        .region = side->region,
        .endpoint_url = side->endpoint_url,
        .no_sign_request = side->no_sign_request,
        .addressing = side->addressing ? (enum hw_addressing)(side->addressing - 1) : HW_ADDRESSING_AUTO,
        .connections_max = args->connections,
        .attempts_max = args->attempts,
        .retry_for_ms = args->retry_for_ms,
        .timeout_ms = args->timeout_ms,
        .bytes_per_second_max = args->limit_rate,
    };
}

struct hw_store_options hw_store_args_target(const struct hw_store_args *args) {
    return side_options(args, &args->both);
}

struct hw_store_options hw_store_args_source(const struct hw_store_args *args) {
    const struct hw_store_side *own = &args->source;
    const struct hw_store_side *both = &args->both;
    struct hw_store_side side = {
        .profile = own->profile ? own->profile : both->profile,
        .region = own->region ? own->region : both->region,
        .endpoint_url = own->endpoint_url ? own->endpoint_url : both->endpoint_url,
        /*
         * A profile of its own means that the source wants signed requests, whatever the target
         * does.
         */
        .no_sign_request = own->no_sign_request || (both->no_sign_request && !own->profile),
        .addressing = own->addressing ? own->addressing : both->addressing,
    };
    return side_options(args, &side);
}
