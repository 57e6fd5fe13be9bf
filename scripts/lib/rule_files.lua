-- rule_files.lua: what a script is whole: a program, or a rule for the CSV
-- files that are named.

local native, away = ...

-- The tables are the script's, too: it may put other functions into them.
local release_all, read_csv = native.omnitron.release_all, native.csv.rows

-- A script that returned a rule: it is applied to the CSV files named.
local function run_rule(rule, options, files)
  if #files == 0 then
    native.misused()
    error(native.script_name .. " is a rule: name the CSV files it is for", 0)
  end
  for _, path in ipairs(files) do
    local reading = { path = path, of_rule = true }
    for key, value in pairs(options and options.csv or {}) do
      reading[key] = value
    end
    local all = {}
    for key, value in pairs(options or {}) do
      if key ~= "csv" then
        all[key] = value
      end
    end
    release_all(read_csv(reading), rule, all)
  end
end

local function as_text(e)
  if native.has_words(e) then
    return tostring(e)
  end
  return ("the script raised %s as its error; an error is a text"):format(
    e == nil and "nil" or "a " .. type(e))
end

-- The whole of a script, with `arg` set. An error is a text, and the only
-- places in it are the script's.
function native.main(chunk, ...)
  local ok, rule, options = xpcall(chunk, as_text, ...)
  if ok and type(rule) == "function" then
    ok, rule = xpcall(run_rule, as_text, rule, options, { ... })
  end
  if not ok and type(rule) == "string" then
    away.blame(rule, true)
    rule = rule:gsub("^omnitron:%d+: ", "")
  end
  if not ok then
    error(rule, 0)
  end
end
