-- waiting.lua: rows that come to no release, though their item was released.
--
-- A rule looks at its row, and says "not booked yet" of yesterday's file for
-- ever, although a later file has released the item. Which item a row is
-- about is what the option `item` says; without it, the column in which the
-- rows that were released have their item. What waits is kept here until the
-- journal can be asked, and is told then. So is, in a plan, what is skipped:
-- where it was released before, the rule says another thing now.

local known = ...

local MOST = 1000 -- rows that are kept at once
local SAMPLES = 8 -- released rows that the column is found from

local function new(item)
  return { item = item, samples = {}, held = {} }
end

-- A rule gave this for the row.
local function learn(waiting, row, release)
  local samples = waiting.samples
  if waiting.item or #samples == SAMPLES or type(row) ~= "table" then
    return
  end
  local id = rawget(release, "order_item_id")
  if type(id) == "string" or math.type(id) == "integer" then
    samples[#samples + 1] = { row = row, id = tostring(id) }
  end
end

local function has(row, column, id)
  local value = rawget(row, column)
  return (type(value) == "string" or math.type(value) == "integer")
    and tostring(value) == id
end

-- The columns that have the item in every sample; where no row was released,
-- the one that is called so.
local function columns_of(samples)
  if #samples == 0 then
    return { "order_item_id" }
  end
  local first, columns = samples[1], {}
  for column in next, first.row do
    local all = true
    for _, sample in ipairs(samples) do
      all = all and has(sample.row, column, sample.id)
    end
    columns[#columns + 1] = all and column or nil
  end
  return columns
end

local function as_item(value)
  local text = (type(value) == "string" or math.type(value) == "integer")
    and tostring(value) or ""
  return text:find "^[1-9]%d*$" and #text < 19 and text or nil
end

-- The item of a row: what the option says, or where all columns agree; nil and
-- what the option's function raised.
local function item_of(waiting, columns, row)
  local item = waiting.item
  if type(row) ~= "table" then
    return nil
  elseif type(item) == "function" then
    local ok, value = pcall(item, row)
    if not ok then
      return nil, value
    end
    return as_item(value)
  elseif item ~= nil then
    return as_item(rawget(row, item))
  end
  local found
  for _, column in ipairs(columns) do
    local value = as_item(rawget(row, column))
    if not value or (found and found ~= value) then
      return nil
    end
    found = value
  end
  return found
end

-- The code that an item is released with, or nil.
local function released(kept, item)
  if kept.code_of then
    return kept.code_of(item)
  end
  local found = known(item)
  return found and found.state == "confirmed" and found.code or nil
end

-- Tells each of what is kept: tell(kept, item, the code it is released with or
-- nil, what the option's function raised or nil). What has `code_of` asks that instead.
local function settle(waiting, tell)
  local held = waiting.held
  if #held == 0 then
    return
  end
  waiting.held = {}
  local columns = columns_of(waiting.samples)
  for _, kept in ipairs(held) do
    local item, fault = item_of(waiting, columns, kept.row)
    tell(kept, item, item and released(kept, item), fault)
  end
end

-- Keeps a row { row, n, at, name, message, code_of }; true: it is time to
-- settle.
local function hold(waiting, kept)
  local held = waiting.held
  held[#held + 1] = kept
  return #held >= MOST
end

return { new = new, learn = learn, hold = hold, settle = settle }
