-- tries: to have credentials follow a redirect to another host, by every kind of them
-- exit: 0 1
-- after: ! grep -rqiE 'basic|bearer|secret' "$RECORDED"/other.*
-- setup: mkdir served; printf '{"GET /go":{"status":302,"headers":{"Location":"%s/got"},"body":""}}' "$OTHER" >served/replies.json
-- setup: "$OMNITRON" mock --serve served >served/url 2>/dev/null & sleep 1
local url = io.open(here "served/url"):read("l")
local other = os.getenv("OTHER")
print(http.get(url .. "/go", { bearer = "secret-bearer" }))
print(http.get(url .. "/go", { basic = { "me", "secret-word" } }))
print(http.get(url .. "/go", { headers = { Authorization = "secret-header" } }))
print(http.get(url .. "/go", { headers = { Cookie = "secret-cookie" } }))
local client = http.client { base_url = url, bearer = function() return "secret-token", 60 end }
print(client:get("/go"))
http.get(other .. "/end")
