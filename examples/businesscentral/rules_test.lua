local rule = dofile(here "rules.lua")

local function order(...)
  local items = {}
  for i, sku in ipairs { ... } do
    items[i] = { pk = 100 + i, product = { sku = sku } }
  end
  return { number = "9", orderitem_set = items }
end

local function line(id, sku, quantity)
  return { id = id, lineType = "Item", lineObjectNumber = sku,
    quantity = quantity }
end

local function codes(lines, ...)
  local list = {}
  for i, release in ipairs(rule(order(...), lines)) do
    list[i] = release.order_item_id .. "=" .. release.code
  end
  return table.concat(list, " ")
end

test("a line of two pieces takes two items", function()
  test.eq(codes({ line("a", "CUP", 2), line("b", "CUP", 1) },
    "CUP", "CUP", "CUP"), "101=a 102=a 103=b")
end)

test("an item is taken once, and comment lines are none", function()
  local comment = line("c", "CUP", 5)
  comment.lineType = "Comment"
  test.eq(codes({ comment, line("a", "CUP", 1) }, "CUP"), "101=a")
end)

test("an order waits until there is a line for each of its items", function()
  local lines = { line("a", "CUP", 1) }
  test.eq(test.rule(function(row) return rule(row, lines) end,
    order("CUP", "CUP")), { later = "not in Business Central yet" })
end)

local COMPANY = "/v2.0/production/api/v2.0/companies(CHANGE-ME)/"
local ORDERS = "GET " .. COMPANY .. "salesOrders?$expand=salesOrderLines"

test("two pages, with a token that is renewed after a 401", function()
  local url = test.serve {
    ["POST /oauth2/v2.0/token"] = { "erp/token.json",
      { json = { access_token = "bc-token-2", expires_in = 3599 } } },
    [ORDERS] = "erp/page1.json",
    [ORDERS .. "&$skiptoken=2"] = { { status = 401 }, "erp/page2.json" },
  }
  settings.login, settings.bc = url .. "/oauth2/v2.0/token", url .. COMPANY
  dofile(here "release.lua")
  test.eq(#test.ledger(), 6)
  local asked = test.requests()
  test.eq(asked[1].body:match "client_secret=([^&]*)", "bc.secret")
  test.eq(asked[2].headers.authorization, "Bearer bc-token-1")
  test.eq(asked[#asked].headers.authorization, "Bearer bc-token-2")
end)
