-- What looks odd and is right.
local M = require "names"
local string = { trim = function(text) return text end }
counted = 0

function string.upper(text)
  return string.trim(text) .. suffix .. M.anything
end

function math.half(n)
  return n / 2
end

local function in_its_own(_ENV)
  return anything, print
end

local function count(row)
  counted = counted + 1
  _G.seen, _ENV["last"] = row, row
  return counted, seen, last, math.half(2), in_its_own {}, string.upper(row)
end

-- luacheck: globals of_a_comment
local function of_another()
  of_a_comment = of_a_comment or of_a_third -- luacheck: ignore 113
end
of_another()

do
  local _ENV <const> = { none = 1 }
  none = other
end

for name, value in pairs(_G) do
  count { name, value, rawget(_G, "os") }
end
seen, last = nil, nil

repeat
  local done = true
until done
goto out
::out::

return function(row)
  local release = { code = "0x1p4" }
  for key in pairs { order_item_id = true } do
    release[key] = row[key]
  end
  local erp = row.erp or http.client {}
  return erp:get("x") and release or { [row.key] = 1, code = row.code }
end
