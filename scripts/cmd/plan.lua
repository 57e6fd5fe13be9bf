-- plan.lua: what a run would do, as a table; below it the totals, and what
-- smells of a mistake in the mapping. Records: rows as --json has them;
-- { folded = } for rows like those before, release and already telling
-- whether there are such among the dull ones, failing where in the script all
-- of them fail; and last the totals.

local text = require "text"
local words = require "cmd.words"

local concat, plural = table.concat, words.plural

local WORDS_MIN = 24 -- columns that words need beside the others
local INDENT = 6     -- of words that stand below
local STOCK_WIDTH = 7
local BARE_MOST = 5
local BODY_SHOWN = 160 -- bytes of a request's body, unless -v wants it whole

-- What stands before a row's message in the last column.
local HEADS = {
  resend = "release once more: ",
  ["take back"] = "as confirmed before: ",
  conflict = "conflict: ",
  rejected = "rejected before: ",
  unknown = "unknown: ",
  skip = "skip: ",
  wait = "wait: ",
  invalid = "invalid: ",
  failed = "failed: ",
}

-- What a request would have sent, behind where.
local function body(view, row)
  if not row.body or row.body == "" then
    return ""
  end
  return " " .. text.escape(row.body, view.verbose and #row.body * 6
    or BODY_SHOWN)
end

local function would(view, row)
  local message = row.message
  if row.would == "release" then
    return (row.update_stock and "release" or "release, keep the stock")
      .. (message ~= "" and (" (%s)"):format(message) or "")
  elseif row.would == "already" then
    return "already"
  end
  return (row.body and "" or HEADS[row.would]) .. message
    .. body(view, row)
end

-- Where the row is: its line of a file, or its name.
local function place(view, row)
  local at = row.at
  return view.named and row.name or view.one_file
    and (at:match(":([^:]*)$") or at:match("^row (.*)$")) or at
end

local function cells(view, where, item, code)
  return (" %s  %s  %s  "):format(where, text.fit(item, view.item),
    text.fit(code, view.code))
end

local function head(view)
  local where = view.named and "row" or view.one_file and "line" or "where"
  return cells(view, text.fit(where, view.where, not view.named
    and view.one_file), "item",
    "ERP line") .. "stock   would\n"
end

local function stock(row)
  return row.update_stock == nil and "" or row.update_stock and "let go"
    or "keep"
end

local function line(view, row)
  local at = view.where + view.item + view.code + STOCK_WIDTH + 8
  local below = at + WORDS_MIN > view.columns
  return cells(view, text.fit(place(view, row), view.where, not view.named),
    tostring(row.order_item_id or ""), row.code or "")
    .. text.fit(stock(row), STOCK_WIDTH) .. " "
    .. (below and "\n" .. (" "):rep(INDENT) or "")
    .. text.words(would(view, row), below and INDENT or at, view.columns) .. "\n"
end

local function folded(fold)
  if fold.failing then
    return ("  ... %d more %s at %s (--all shows them)\n"):format(fold.folded,
      fold.folded == 1 and "fails" or "fail", fold.failing)
  end
  local like = fold.release and fold.already
    and "to release or released already" or fold.release and "to release"
    or fold.already and "already released" or "like this"
  return ("  ... %d more %s (--all shows them)\n"):format(fold.folded, like)
end

-- Of { n, one, many } those that there are.
local function parts_of(parts)
  local out = {}
  for _, part in ipairs(parts) do
    out[#out + 1] = part[1] ~= 0
      and plural(part[1], part[2], part[3] or part[2]) or nil
  end
  return out
end

-- "14 lines: 10 to release (1 keeps its stock), 1 waits, …"
local function sums(totals)
  local n = totals.would
  local released = ("%d to release"):format(n.release + n.resend)
  if totals.keep_stock > 0 then
    released = ("%s (%s stock)"):format(released,
      plural(totals.keep_stock, "keeps its", "keep their"))
  end
  local parts = parts_of {
    { n.already + n["take back"], "already released" },
    { totals.writes, "would write elsewhere" },
    { n.conflict, "in conflict" },
    { n.rejected, "rejected before" },
    { n.unknown, "unknown" },
    { n.wait, "waits", "wait" },
    { n.skip, "skipped" },
    { n.invalid, "invalid" },
    { n.failed, "failed" },
  }
  table.insert(parts, 1, released)
  return (totals.rows > 0 and plural(totals.rows, "line", "lines") .. ": "
    or "") .. concat(parts, ", ") .. ".\n"
end

-- "10" is a line number and not a code: every order has one.
local function is_bare(code)
  return #code <= BARE_MOST and not code:find("%D")
end

local function bare(codes)
  local out = { ("the code %s stands for %d items"):format(codes[1].code,
    codes[1].items) }
  for i = 2, #codes do
    if not is_bare(codes[i].code) then
      break
    end
    out[i] = ("%s for %d"):format(codes[i].code, codes[i].items)
  end
  return ("  %s.\n    A bare line number is not unique. Usual: order/line, as "
    .. "SO-1201/10.\n"):format(concat(out, ", "))
end

local function repeated(totals)
  local code, others = totals.repeated[1], totals.repeated_codes - 1
  if not code then
    return ""
  elseif is_bare(code.code) then
    return bare(totals.repeated)
  end
  local more = others > 0 and (";\n    %d more %s for several"):format(others,
    others == 1 and "code stands" or "codes stand") or ""
  return ("  %s stands for %d items (%d, %d%s)%s.\n    Right if it is one ERP "
    .. "line for several pieces.\n"):format(code.code, code.items, code.first,
    code.second, code.items > 2 and ", …" or "", more)
end

local function again(totals)
  local parts = parts_of {
    { totals.later, "waits", "wait" },
    { totals.failed, "failed" },
    { totals.invalid, "is invalid", "are invalid" },
  }
  return #parts > 0 and ("  the input would have to be read again: %s.\n")
    :format(concat(parts, ", ")) or ""
end

-- A number, and what is to be said when it is more than none.
local function said(n, one, many, rest)
  return n > 0 and ("  %s%s\n"):format(plural(n, one, many), rest) or ""
end

local function looks(view, totals)
  local skipped = totals.would.skip
  return repeated(totals)
    .. said(totals.not_compared, "release was", "releases were",
      " not compared with the others: that needs more than memory in "
      .. "profile.lua.")
    .. said(totals.ruined, "value was", "values were",
      " ruined by a spreadsheet: export that column as text.")
    .. said(totals.doubtful, "would", "would", " be released with what hardly "
      .. "is a code. For what is empty a rule gives nil and a reason.")
    .. said(totals.undone, "skipped row was", "skipped rows were",
      " released before. What was released stays: is the rule right?")
    .. (skipped >= 2 and skipped >= totals.rows
      and "  every row was skipped. Is the rule right?\n" or "")
    .. said(totals.unread, "row was", "rows were",
      " read and came to no rule and no release.")
    .. again(totals)
    .. said(totals.unknown, "release in the journal is",
      "releases in the journal are", (" unknown: %s."):format(view.open))
    .. said(totals.refused, "release in the journal is",
      "releases in the journal are",
      (" rejected or in conflict: %s."):format(view.open))
end

local function lines_of(notes)
  return #notes > 0 and concat(notes, "\n") .. "\n" or ""
end

-- Code that is no Lua goes through none of the doors that a plan shuts.
local function nothing(c_modules)
  if c_modules == "" then
    return "Nothing was sent, written or moved.\n"
  end
  local many = c_modules:find(",", 1, true)
  return ("Of what Lua does nothing was sent, written or moved. %s %s: what %s "
    .. "did is not known here.\n"):format(c_modules,
    many and "are C modules" or "is a C module", many and "they" or "it")
end

local function below(view, totals)
  local look = looks(view, totals)
  return sums(totals) .. (look ~= "" and "Look at:\n" .. look or "")
    .. lines_of(totals.notes)
    .. (totals.left_alone and "Other lines were left alone.\n" or "")
    .. (totals.short_of_memory
      and "There was not enough memory for all of it.\n" or "")
    .. nothing(totals.c_modules)
end

-- A release by itself, as a person typed it, needs no table.
local function typed(row)
  local code = row.code or ""
  if row.would ~= "release" then
    return ("would not release %s as %s: %s\n"):format(row.order_item_id, code,
      row.message ~= "" and row.message or row.would)
  end
  return ("would release %s as %s, and %s%s\n"):format(row.order_item_id, code,
    row.update_stock and "let its stock go" or "keep its stock",
    row.message ~= "" and ": " .. row.message or "")
end

return function(view, write)
  local rows = 0

  local function row_or_fold(record)
    if record.folded then
      return folded(record)
    end
    rows = rows + 1
    return (rows == 1 and head(view) or "") .. line(view, record)
  end

  local function tell(totals)
    write(totals.only_counted > 0 and ("  ... and %d more, only counted\n")
      :format(totals.only_counted) or "")
    write(text.wrap(below(view, totals), view.columns))
  end

  local function tell_typed(record)
    if record.at then
      rows = 1
      write(typed(record))
    elseif rows == 0 then
      write(lines_of(record.notes))
    end
  end

  return function(record)
    if record and view.typed then
      tell_typed(record)
    elseif record and record.rows then
      tell(record)
    elseif record then
      write(row_or_fold(record))
    end
  end
end
