for row, at in csv.rows("prices.csv") do
  print(at, row.name, csv.number(row.price, ","), row.note)
end
local warehouses = csv.table("warehouses.csv", "code")
print(warehouses.ANK.name)
local function try(fn, ...)
  print(select(2, pcall(fn, ...)))
end
try(function() return warehouses.IZM end)
try(csv.table, "double.csv", "code")
try(csv.table, "warehouses.csv", "kod")
try(function() for row in csv.rows("same.csv") do return row end end)
try(function() for row in csv.rows("empty.csv") do return row end end)
try(function() for row in csv.rows("none.csv") do return row end end)
try(function()
  for row in csv.rows("prices.csv") do return row.prise end
end)
try(csv.number, "1.2.3")
try(csv.rows, { path = "prices.csv", encodng = "x" })
