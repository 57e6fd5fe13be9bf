require "collector"

test("integers survive both ways, digit for digit", function()
  for _, text in ipairs { "0", "-1", "9007199254740993",
    "9223372036854775807", "-9223372036854775808" } do
    test.eq(json.encode(json.decode(text)), text)
  end
  test.raises(function() json.decode "[92233720368547758080]" end, "line 1")
end)

test("a whole number is an integer, however it is written", function()
  for _, text in ipairs { "10", "10.0", "1e1" } do
    test.eq(math.type(json.decode(text)), "integer", text)
  end
  test.eq(math.type(json.decode "0.1"), "float")
end)

test("doubles survive", function()
  for _, number in ipairs { 0.1, 1 / 3, 5e-324, 1.7976931348623157e308 } do
    test.eq(json.decode(json.encode(number)), number)
  end
end)

test("null is left out of objects and stands in lists", function()
  local value = json.decode '{"a":null,"b":[1,null]}'
  test.eq(value, { b = { 1, json.null } })
  test.eq(json.decode('{"a":null}', { keep_null = true }), { a = json.null })
end)

test("texts of every plane come back", function()
  local text = "ç\u{1F600}\0\n\"\\"
  test.eq(json.decode(json.encode(text)), text)
  test.eq(json.decode '"\\u00e7\\ud83d\\ude00"', "ç\u{1F600}")
end)

test("an empty table is an object, json.array a list", function()
  test.eq(json.encode({}), "{}")
  test.eq(json.encode(json.array()), "[]")
  test.eq(json.encode { list = json.array {} }, '{"list":[]}')
end)

test("what is no JSON is refused, with its place", function()
  for _, text in ipairs { "", "{", "[1,]", '{"a":01}', "[1] x", '"\1"',
    '"\xFF"', "nul", "[1 2]", "{'a':1}" } do
    test.raises(function() json.decode(text) end, "line 1, column")
  end
end)

test("what cannot be written is refused, with its path", function()
  test.raises(function() json.encode { 1, nil, 3 } end)
  test.raises(function() json.encode { a = { 0 / 0 } } end, "a")
  test.raises(function() json.encode { f = print } end, "function")
end)

test("many texts, one after the other", function()
  local rows = {}
  for i = 1, 200 do
    rows[i] = { id = i << 40, name = "row " .. i, list = { i, { i } } }
  end
  test.eq(json.decode(json.encode(rows)), rows)
end)
