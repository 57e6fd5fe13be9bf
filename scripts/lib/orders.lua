-- orders.lua: the orders that wait for the ERP, and marking them as sent.

local native, json, log, requests, pages = ...

local api = native.api
local omnitron = native.omnitron
local null, warn, known_of = json.null, log.warn, omnitron.known
local ask, bad, checked = requests.ask, requests.bad, requests.checked
local say, target_of = requests.say, requests.target_of
local stop, with_defaults = pages.stop, pages.with_defaults

local ipairs, tostring, type = ipairs, tostring, type
local math_type, format = math.type, string.format

local TRIES = 3 -- of a list that is changed while it is read
local SHOWN = 40 -- bytes of a word in a message
local LOST_MOST = 3 -- orders in a row that cannot be read

-- Adds the pks of a list's orders to keys, each once -> what is said when some
-- are missing, since the list was changed meanwhile
local function add_keys(target, keys, seen)
  local list = pages.new(target)
  for rows in function() return list:read() end do
    for _, order in ipairs(rows) do
      local pk = type(order) == "table" and order.pk
      if math_type(pk) ~= "integer" then
        stop(say("GET", target, "has an order without a pk"))
      elseif not seen[pk] then
        seen[pk] = true
        keys[#keys + 1] = pk
      end
    end
  end
  return list:missing()
end

local function collect_keys(target)
  local keys, seen, missing = {}, {}, nil
  for _ = 1, TRIES do
    missing = add_keys(target, keys, seen)
    if not missing then
      break
    end
  end
  return keys, missing
end

local function detailed(pk)
  local target = format("/api/%s/orders_integration/%d/detailed_integration/",
    api.prefix, pk)
  local order, message, kind = ask("GET", target)
  if order == nil then
    return nil, message, kind
  elseif type(order) ~= "table" or type(order.orderitem_set) ~= "table" then
    return nil, say("GET", target, "is no detailed order"), "protocol"
  end
  return order
end

local function raise_lost(lost)
  stop(format("%d of the waiting orders could not be read: %s", #lost,
    lost[1]))
end

-- An order that cannot be read does not keep the others back, and is not
-- forgotten either: the end of the list raises.
local function order_reader(target)
  local keys, missing
  local at, lost, in_a_row = 0, {}, 0
  return function()
    if not keys then
      keys, missing = collect_keys(target)
    end
    while at < #keys and in_a_row < LOST_MOST do
      at = at + 1
      local order, message = detailed(keys[at])
      if order then
        in_a_row = 0
        return order
      end
      warn(message)
      lost[#lost + 1] = message
      in_a_row = in_a_row + 1
    end
    if #lost > 0 then
      raise_lost(lost)
    elseif missing then
      stop(missing)
    end
    return nil
  end
end

local function check_order(order)
  if type(order) ~= "table" then
    bad("an order is a table, not a %s", type(order))
  elseif math_type(order.pk) ~= "integer" or order.pk < 1 then
    bad("the order has no pk")
  elseif type(order.orderitem_set) ~= "table" then
    bad("the order has no orderitem_set: it must be a detailed one, as from "
      .. "waiting_orders")
  end
  for _, item in ipairs(order.orderitem_set) do
    if type(item) ~= "table" or math_type(item.pk) ~= "integer" then
      bad("the order's orderitem_set has an item without a pk")
    end
  end
  -- The document shows this call under v1 alone, whatever the profile's
  -- prefix is: i1 is for what integrations read, and for create_mapping.
  return format("/api/v1/orders/%d/", order.pk)
end

local CANCELED = "100" -- the status of an item that is

-- What a cancel_status means it by. It is the state of a request to cancel,
-- which may be waiting or refused as well; of what is not known to mean
-- canceled the order is not done.
local CANCELS = { canceled = true, cancelled = true, [CANCELED] = true }
for _, text in ipairs(native.canceled) do
  CANCELS[text:lower()] = true
end

local function is_canceled(item)
  return tostring(item.status) == CANCELED
    or CANCELS[tostring(item.cancel_status):lower()] == true
end

-- Why an item that was not released does not count as canceled, if it says
-- something that might mean it.
local function not_canceled(item)
  local cancel = item.cancel_status
  if cancel == nil or cancel == null or cancel == false or cancel == "" then
    return ""
  elseif type(cancel) == "table" then
    return "; its cancel_status is a table"
  end
  local text = tostring(cancel):gsub("%c", " ")
  if #text > SHOWN then
    text = text:sub(1, SHOWN):gsub("[\192-\255][\128-\191]*$", "") .. "…"
  end
  return format("; its cancel_status %q is not known to mean canceled "
    .. "(canceled in profile.lua)", text)
end

-- Why the order is not done yet; nil: it is.
local function open_item(order)
  if #order.orderitem_set == 0 then
    return "it has no items"
  end
  for _, item in ipairs(order.orderitem_set) do
    local known = not is_canceled(item) and known_of(item.pk)
    if known == nil then
      return format("item %d was not released%s", item.pk,
        not_canceled(item))
    elseif known and known.state ~= "confirmed" then
      return format("item %d is %s", item.pk, known.state)
    end
  end
end

-- omnitron.waiting_orders([query]) -> iterator over detailed orders
-- Those that wait for the ERP: is_send=False, status=400, unless the query
-- says otherwise. The keys are read first, so marking orders as sent skips
-- none.
function omnitron.waiting_orders(query)
  local target = checked("waiting_orders", function()
    return target_of("GET", "/api/" .. api.prefix .. "/orders/",
      with_defaults(query, { is_send = false, status = 400, limit = pages.LIMIT }))
  end)
  return order_reader(target)
end

-- omnitron.mark_sent(order) -> true | nil, message, "later" (or the kind of
-- a refusal)
-- Only when the journal has every item of it confirmed that is not canceled.
function omnitron.mark_sent(order)
  local target = checked("mark_sent", check_order, order)
  local why = open_item(order)
  if why then
    return nil, format("order %d is not marked as sent: %s", order.pk, why),
      "later"
  end
  local reply, message, kind = ask("PATCH", target, '{"is_send":true}')
  if reply == nil then
    return nil, message, kind
  elseif type(reply) == "table" and reply.is_send == false then
    return nil, say("PATCH", target, "answered that it is still not sent"),
      "unknown"
  end
  return true
end
