if not http then
  os.remove("go")
  return
end
local reply = assert(http.get(arg[1] .. "/api/v1/orders/", {
  headers = { Authorization = "Token mock" },
}))
print(reply.status, reply.headers["content-type"], type(reply:json().count))
print(http.get(arg[1] .. "/api/v1/orders/"))
