/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a conversion. Its outputs of each format and its rejects belong together: all of them
 * are brought to where they stay before the first becomes visible, and where one of them cannot
 * become visible, those that were not there before disappear again.
 */
#ifndef HW_PIPELINE_PUBLISH_H
#define HW_PIPELINE_PUBLISH_H

#include "pipeline/conversion.h"

/*
 * After the last pass: brings outputs and rejects to where they stay, all of them, invisible still.
 */
HW_NODISCARD enum hw_status hw_publish_settle(struct hw_conversion *conversion, struct hw_error *err);
/*
 * Publishes the rejects alone, which are settled, and fails with HW_EDATA where records were read
 * and none of them is good. Does nothing where a record is good, or there is none.
 */
HW_NODISCARD enum hw_status hw_publish_none_good(struct hw_conversion *conversion, struct hw_error *err);
/*
 * Publishes what is settled, all or, as far as that can be undone, none; removes the rejects of an
 * earlier run where there are none now.
 */
HW_NODISCARD enum hw_status hw_publish(struct hw_conversion *conversion, struct hw_error *err);

#endif
