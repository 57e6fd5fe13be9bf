/* login.h: who may call: the log-in, and the token of every other call. */
#ifndef MOCK_LOGIN_H
#define MOCK_LOGIN_H

#include "call/call.h"

/* POST auth/login/ {"username", "password"} -> {"key"}. */
void login_post(struct call *call);

/* Is there "Authorization: Token …" with the right token? Else 401 was
 * answered. */
bool login_token_fits(struct call *call);

#endif
