// @ts-check
// Contents that are about groups. What a group has agreed on is taken before (take_state.js): later commits are judged by it.
import { take_state_wish } from "./answer_wishes.js";
import { take_given } from "./take_given.js";
import { take_join_request } from "./join_requests.js";

export const GROUP_TAKERS = { state_wish: take_state_wish, join_request: take_join_request, history: take_given };
