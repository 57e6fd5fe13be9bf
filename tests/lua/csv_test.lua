require "collector"

local function read(options)
  local rows = {}
  for row in csv.rows(options) do
    rows[#rows + 1] = row
  end
  return rows
end

test("a spreadsheet's file: mark, semicolons, CRLF, quotes", function()
  local rows = read(here "data/spreadsheet.csv")
  test.eq(#rows, 3)
  test.eq(rows[1].name, "Kahve, \"koyu\"")
  test.eq(rows[2].name, "two\r\nlines")
  test.eq(rows[3].price, "1,50")
  test.eq(csv.number(rows[3].price, ","), 1.5)
end)

test("windows-1254", function()
  local rows = read { path = here "data/turkish.csv",
    encoding = "windows-1254" }
  test.eq(rows[1].city, "İstanbul")
  test.eq(rows[2].city, "Eskişehir")
end)

test("a column that is not there is named, with those that are", function()
  local row = read(here "data/spreadsheet.csv")[1]
  test.raises(function() return row.prise end, "has no column 'prise'")
  test.raises(function() return row.prise end, "name, price")
end)

test("a ragged line raises outside release_all, and is invalid in it",
  function()
    test.raises(function() read(here "data/ragged.csv") end, "ragged.csv:3")
    local summary = omnitron.release_all(csv.rows(here "data/ragged.csv"),
      function(row) return { order_item_id = row.item, code = row.code } end)
    test.eq({ summary.rows, summary.released, summary.invalid }, { 3, 2, 1 })
    test.eq(summary.problems[1].at:match "[^/]+$", "ragged.csv:3")
  end)

test("a table looks up, and misses with words", function()
  local cities = csv.table(here "data/cities.csv", "code")
  test.eq(cities.ANK.name, "Ankara")
  test.raises(function() return cities.IZM end, "has no code 'IZM'")
end)

test("a file that cannot be read is one problem, and the loop goes on",
  function()
    local rule = function(row)
      return { order_item_id = row.item, code = row.code }
    end
    local summary = omnitron.release_all(csv.rows(here "data/empty.csv"), rule)
    test.eq({ summary.rows, summary.invalid, summary.safe, summary.complete },
      { 1, 1, false, false })
    test.eq(summary.problems[1].message,
      "has no header: its first line must name the columns")
    test.eq(summary.problems[1].at:match "[^/]+$", "empty.csv")
    test.raises(function() for _ in csv.rows(here "data/empty.csv") do end end,
      "has no header")
    test.raises(function() csv.table(here "data/empty.csv", "a") end,
      "has no header")
    local rows = csv.rows(here "data/nowhere.csv")
    test.raises(function() rows() end, "cannot open")
    rows:close()
    test.raises(function() rows() end, "closed")
  end)

test("options that say how a file is written", function()
  local path = here "data/unusual.txt"
  local rows = read { path = path, skip = 2, header = { "item", "name" },
    quote = false, separator = ";" }
  test.eq(rows[1].name, "\"Deluxe")
  test.eq(rows[2].name, "Pipe 5\"")
  test.eq(#rows, 2)
  for what, options in pairs {
    ["skip is a whole number"] = { skip = -1 },
    ["skip is a whole"] = { skip = 1.5 },
    ["skip is"] = { skip = "1" },
    ["quote is true or false"] = { quote = "no" },
    ["header is a list"] = { header = "item" },
    ["header is a"] = { header = {} },
    ["name 2 of header is no text"] = { header = { "a", 5 } },
    ["name 1 of header is no text, or empty"] = { header = { "" } },
    ["header has a twice"] = { header = { "a", "b", "a" } },
    ["name 1 of header is not UTF-8"] = { header = { "\xFD" } },
  } do
    options.path = path
    test.raises(function() csv.rows(options) end, what)
  end
end)

test("numbers are read as they are written, or not at all", function()
  test.eq(csv.number "12", 12)
  test.eq(csv.number("1234,5", ","), 1234.5)
  test.eq("1201/" .. csv.number("10,00", ","), "1201/10")
  test.eq(math.type(csv.number "0.0"), "integer")
  test.eq(math.type(csv.number "99999999999999999.0"), "float")
  test.raises(function() csv.number "1.2.3" end, "is not a number")
end)
