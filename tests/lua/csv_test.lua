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

test("numbers are read as they are written, or not at all", function()
  test.eq(csv.number "12", 12)
  test.eq(csv.number("1234,5", ","), 1234.5)
  test.raises(function() csv.number "1.2.3" end, "is not a number")
end)
