#!/bin/sh
# tries: a certificate that names its host in the subject's CN alone
# needs: netns
# exit: 0
# says: subjectAltName
. "$CASES/lib/names.sh"
certificate -subj /CN=acme.omnitron.test
omnitron_at 443 https://acme.omnitron.test
cat >case.lua <<'END'
print(pcall(omnitron.get, "/api/i1/orders/"))
print(http.get("https://acme.omnitron.test/api/", { ca_file = here "cert.pem", tries = 1 }))
print(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
END
"$OMNITRON" run case.lua
curl -sk -H "Authorization: Token $(cat token)" https://acme.omnitron.test/__mock__/ledger >ledger
cat ledger
! grep -q SO-1 ledger
