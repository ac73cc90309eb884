/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two forms of time that S3 services send and take, as microseconds since 1970-01-01 UTC. A
 * second 60 is the first one of the next minute. On false the result is untouched. Pure functions.
 */
#ifndef HW_NET_DATE_H
#define HW_NET_DATE_H

#include "core/view.h"

/*
 * Parses the date of an HTTP header, "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate of RFC 9110,
 * 5.6.7). Returns false for any other text; the name of the day is not looked at.
 */
HW_NODISCARD bool hw_http_date_parse(hw_view text, int64_t *out_us);

enum { HW_HTTP_DATE_BYTES = 32 };
/*
 * Writes such a date, without the fraction of a second, for a time from 1970 to 9999. Returns
 * `out`.
 */
const char *hw_http_date_text(int64_t us, char out[HW_HTTP_DATE_BYTES]);

/*
 * Parses the timestamp of an XML reply, "1994-11-06T08:49:37.000Z", with or without a fraction.
 * Digits beyond microseconds are dropped. Returns false for any other text.
 */
HW_NODISCARD bool hw_http_timestamp_parse(hw_view text, int64_t *out_us);

#endif
