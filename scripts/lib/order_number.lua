-- order_number.lua: the order that a row is of, as the people who call know it.
--
-- What the option `order` says; of a detailed order its number; without either,
-- the column that is called so. The columns are looked for in the first rows
-- only: a million rows without one must not be searched through.

local order_number = {}

local math_tointeger, next, rawget, type = math.tointeger, next, rawget, type
local tostring = tostring

local MOST <const> = 64 -- bytes
local TRIES <const> = 8 -- rows that a column is looked for in

-- The earlier ones are preferred. Case, spaces and signs do not count.
local NAMES = { order = 1, ordernumber = 2, orderno = 3, ordernr = 4,
  siparisnumarasi = 5, siparisno = 6, siparis = 7 }

local PLAIN = { ["İ"] = "i", ["ı"] = "i", ["Ş"] = "s", ["ş"] = "s" }

local function plain(name)
  return (name:gsub("[\xC4\xC5][\x80-\xBF]", PLAIN):gsub("[%s%p]", ""):lower())
end

local function column_of(row)
  local best, found
  for key in next, row do
    local rank = type(key) == "string" and #key <= MOST and NAMES[plain(key)]
    if rank and (not best or rank < best) then
      best, found = rank, key
    end
  end
  return found
end

local function as_text(value)
  if type(value) == "number" then
    value = math_tointeger(value)
  elseif type(value) ~= "string" or value == "" then
    return nil
  end
  return value and tostring(value)
end

-- Whether it is an order as waiting_orders gives it.
local function is_order(row)
  return type(row) == "table" and type(rawget(row, "orderitem_set")) == "table"
end

-- For one release_all or each: option is its option `order`.
function order_number.new(option)
  return { option = option, tries = option == nil and TRIES or 0 }
end

-- The number of the row's order, or nil; and whether the row is that order.
-- Raises what the option's function does.
function order_number.of(finder, row)
  local option = finder.option
  if type(option) == "function" then
    return as_text(option(row))
  elseif type(row) ~= "table" then
    return nil
  elseif option == nil and is_order(row) then
    return as_text(rawget(row, "number")), true
  elseif option == nil and finder.tries > 0 then
    finder.tries = finder.tries - 1
    finder.option = column_of(row)
    option = finder.option
  end
  return option ~= nil and as_text(rawget(row, option)) or nil
end

return order_number
