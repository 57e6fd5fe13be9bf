local text = '{"id":9223372036854775807,"n":10.0,"e":1e1,"d":0.1,"x":null,'
  .. '"s":"\\u00e7\\ud83d\\ude00","a":[1,null],"o":{}}'
local value = json.decode(text)
print(value.id, value.n, value.e, value.d, value.x, value.s)
print(#value.a, value.a[2] == json.null, next(value.o))
print(json.decode(text, { keep_null = true }).x == json.null)
print(json.encode({ 1, 2, { a = "ç" } }), json.encode({}),
  json.encode(json.array()), json.encode(json.null))
print(json.encode(math.maxinteger), json.encode(0.1), json.encode(1e300))
for _, bad in ipairs { "{", "[1,]", '{"a":01}', "[1] x", '"\1"', '"\xFF"',
  "92233720368547758080", "" } do
  print(pcall(json.decode, bad))
end
print(pcall(json.encode, { 1, nil, 3 }))
print(pcall(json.encode, { 0 / 0 }))
print(pcall(json.encode, { print }))
print(require("cjson").encode({ 1 }))
