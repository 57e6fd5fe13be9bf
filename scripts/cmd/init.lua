-- init.lua: what a new customer's folder holds, and what to do next. The
-- record: { folder, kind }.

-- The files of each kind, in the order in which they are filled in, and the
-- sample that `plan --mock` takes; where there is none it is tested first.
local KINDS = {
  csv = {
    sample = "sample.csv",
    files = [[
  profile.lua     1. the address of the customer's Omnitron
  token           2. the API token (mode 0600, empty now)
  rules.lua       3. which ERP code goes with which order item
  rules_test.lua     the rule's tests
  release.lua        what cron runs
  inbox/ archive/    where the ERP drops its files, and where they go
  sample.csv         8 lines to try with
]],
  },
  odoo = {
    files = [[
  profile.lua     1. the addresses of the customer's Omnitron and Odoo
  token odoo.key  2. the API tokens of both (mode 0600, empty now)
  rules.lua       3. which order line goes with which order item
  rules_test.lua     the tests
  odoo.lua           how Odoo is asked
  release.lua        what cron runs
  erp/               what an Odoo answers, to try with
]],
  },
  orders = {
    files = [[
  profile.lua     1. the addresses of the customer's Omnitron and ERP
  token erp.key   2. the API tokens of both (mode 0600, empty now)
  erp.lua         3. how an order is found in the ERP, and made
  rules_test.lua     the tests
  release.lua        what cron runs
  erp/               what an ERP answers, to try with
]],
  },
}

local MADE = "Made {folder}/:\n{files}"
  .. "  journal.db         what was sent. Keep it: without it everything goes "
  .. "again\n"
  .. "  README.md          what to do next\n"
local TRY_SAMPLE = [[
Try the rule now, no token needed:
  omnitron plan --mock {folder}/release.lua {folder}/{sample}
  omnitron test {folder}
]]
local TRY = [[
Try it now, no token needed:
  omnitron test {folder}
]]
local THEN = [[
When 1 and 2 are filled in:
  omnitron doctor {folder}
and go on with its README.md.
]]

return function(_, write)
  return function(record)
    if not record then
      return
    end
    local kind = KINDS[record.kind]
    local words = { folder = record.folder, files = kind.files,
      sample = kind.sample }
    local all = MADE .. (kind.sample and TRY_SAMPLE or TRY) .. THEN
    write((all:gsub("{(%w+)}", words)))
  end
end
