#!/bin/sh
# tries: proxies that the environment names, for the Omnitron and for an ERP
# exit: 0
# sent: 1
cat >case.lua <<'END'
assert(omnitron.get("/api/i1/orders/"))
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
assert(http.get(arg[2] .. "/__mock__/requests"))
END
for name in http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY; do
    export $name="$EVIL"
done
no_proxy= NO_PROXY= "$OMNITRON" run case.lua "$EVIL" "$MOCK" || exit
test -z "$(ls "$RECORDED" | grep evil)"
