#!/bin/sh
# tries: what is right, beside a look-alike: a release, reads, pages, by TLS and a name
# needs: netns
# exit: 0
# says: ^ended$
. "$CASES/lib/names.sh"
omnitron_at 4434 https://ACME.omnitron.test:4434
listen_at 127.0.0.1:44345
cat >case.lua <<'END'
assert(omnitron.get("/api/i1/orders/", { limit = 1 }))
assert(omnitron.get("/api/i1/orders/?x=../..&y=%2e%2e/create_mapping"))
for _ in omnitron.pages("/api/i1/orders/") do end
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
print("ended")
END
"$OMNITRON" run case.lua
nobody_heard
