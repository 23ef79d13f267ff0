/* lanes.h - the endpoints of a set of conversations, side by side. Pure.
 *
 * Which lanes there are, and in which order, ladder.h says. Made once, at a cost
 * of one look into a hash table for each end of a conversation; then a
 * conversation's two lanes are found among the set's by halving.
 */
#pragma once

#include "pktladder/selection.h"

typedef struct _Lanes Lanes;

/* Both must outlive the lanes; the set is not empty. */
Lanes *lanes_new(const Trace *trace, const ConversationSet *set);
void lanes_free(Lanes *lanes);

/* NULL here: of no set; two lanes, client and server. */
guint lanes_length(const Lanes *lanes);
/* By Side, of a conversation of the set. Of another one: the first and the last lane. */
void lanes_of_set(const Lanes *lanes, guint32 conversation, guint32 lane[2]);
static inline void
lanes_of(const Lanes *lanes, guint32 conversation, guint32 lane[2])
{
	if (lanes) {
		lanes_of_set(lanes, conversation, lane);
		return;
	}
	lane[SIDE_CLIENT] = 0;
	lane[SIDE_SERVER] = 1;
}

/* Whether it is the server of some conversation. */
gboolean lanes_is_server(const Lanes *lanes, guint lane);

/* A conversation's end that names the lane: the first that stands on it. Not NULL. */
const Conversation *lanes_conversation(const Lanes *lanes, guint lane, Side *side);
