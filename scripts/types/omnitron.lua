---@meta
-- What a script of omnitron sees, for editors that know LuaCATS. Point the
-- editor's workspace.library at this folder. Nothing here is ever run.

-- Releases and rules.

---A release: an order item of Omnitron, and the ERP's code for it.
---@class omnitron.Release
---@field order_item_id integer|string a positive integer, or its digits
---@field code string 1 to 255 bytes, no white space at its ends
---@field update_stock? boolean true (default): let the stock go; false: keep it

---The mapping that a release made.
---@class omnitron.Mapping
---@field pk? integer nil when a person settled it
---@field content_type? integer|string
---@field object_id integer the order item
---@field integration_type? integer|string
---@field code string
---@field already? boolean it was there before: nothing was sent
---@field planned? boolean in `omnitron plan`: nothing was sent

---@alias omnitron.ReleaseKind
---| "rejected" the host said no
---| "conflict" the item has another code already
---| "unknown" sent; whether it was done is not known
---| "pending" kept; goes out by itself

---@class omnitron.Known
---@field code string
---@field update_stock boolean
---@field state "pending"|"sending"|"confirmed"|"rejected"|"unknown"|"cancelled"

---A row of a CSV file, by the names of its header. A column that the file
---does not have raises.
---@alias omnitron.Row table<string, string>

---Returns a release, a list of releases, or nil and the reason why not:
---without "later" the row never has to be looked at again.
---@alias omnitron.Rule fun(row: any, n: integer): omnitron.Release|omnitron.Release[]|nil, string?, "later"?

---A list, a reader such as csv.rows, or a function that gives the next row.
---@alias omnitron.Rows any[]|omnitron.CsvReader|fun(): any, any

---@class omnitron.RowOptions
---@field at_once? integer rows under way, 1 to 1000
---@field name? fun(row: any): string? what messages call a row
---@field item? string|fun(row: any): any which item a row is about
---@field order? string|fun(row: any): any the number of the row's order
---@field cursor? string a key of omnitron.remember, moved when all is durable
---@field at? fun(row: any): string|number where the cursor is with this row: a
---number, digits or a time, of one kind for all rows
---@field overlap? string|number so much ("10m", 500) before the largest `at`

---@class omnitron.Problem
---@field row integer which row of the input
---@field at string "lines.csv:812"
---@field name? string
---@field what "failed"|"invalid"|"later"|"rejected"|"conflict"|"unknown"|"pending"
---@field message string

---Rows: released + skipped + later + failed + invalid. What became of the
---releases: confirmed + already + rejected + conflict + unknown + pending.
---@class omnitron.Summary
---@field complete boolean the input was read to its end and did not change
---@field safe boolean complete, and nothing of it has to be read again
---@field stopped? string why nothing is sent any more: token prefix forbidden …
---@field rows integer
---@field released integer the rule gave valid releases
---@field skipped integer the rule gave nil and a reason
---@field later integer the same with "later"
---@field failed integer the rule raised, or returned nothing
---@field invalid integer the row or a value cannot be used
---@field releases integer
---@field confirmed integer
---@field already integer
---@field rejected integer
---@field conflict integer
---@field unknown integer
---@field pending integer
---@field problems omnitron.Problem[] the first 1,000

-- The API's own.

---@class omnitron.OrderItem
---@field pk integer what a release calls order_item_id
---@field [string] any

---@class omnitron.Order
---@field pk integer
---@field number string
---@field orderitem_set omnitron.OrderItem[]
---@field [string] any

---@alias omnitron.Query table<string, string|number|boolean|(string|number|boolean)[]>

---@class omnitronlib
---@field planning boolean whether this is `omnitron plan`
omnitron = {}

---Releases one item. It is on disk before it is sent, and so is its outcome
---when this returns.
---@param release omnitron.Release
---@return omnitron.Mapping? mapping
---@return string? message
---@return omnitron.ReleaseKind? kind
function omnitron.release(release) end

---Puts every row through a rule and releases what it returns.
---@param rows omnitron.Rows
---@param rule omnitron.Rule
---@param options? omnitron.RowOptions
---@return omnitron.Summary
function omnitron.release_all(rows, rule, options) end

---Calls a function for every row, 4 at once unless at_once says otherwise.
---nil and a message from it is counted as later, an error as failed.
---@param rows omnitron.Rows
---@param fn fun(row: any, n: integer): any, string?
---@param options? omnitron.RowOptions
---@return omnitron.Summary
function omnitron.each(rows, fn, options) end

---What the journal has of an item.
---@param order_item_id integer|string
---@return omnitron.Known?
function omnitron.known(order_item_id) end

---Keeps a value in the journal; it is durable when this returns.
---@param key string
---@param value string|number
function omnitron.remember(key, value) end

---What omnitron.remember kept; nil: nothing.
---@param key string
---@return string|number|nil
function omnitron.recall(key) end

---Reads from the API; query names are sorted, booleans become True and False.
---@param path string the whole of it, from /api/
---@param query? omnitron.Query
---@return any reply decoded
---@return string? message
---@return http.Kind? kind
function omnitron.get(path, query) end

---Sent once. Not for create_mapping: that is omnitron.release.
---@param path string
---@param body any
---@return any reply decoded
---@return string? message
---@return http.Kind? kind
function omnitron.post(path, body) end

---@param path string
---@param body any
---@return any reply decoded
---@return string? message
---@return http.Kind? kind
function omnitron.patch(path, body) end

---The rows of a paged list, one after the other; raises when the list cannot
---be read to its end.
---@param path string
---@param query? omnitron.Query
---@return fun(): table?
function omnitron.pages(path, query) end

---The orders that wait for the ERP, with their items. Their keys are read
---first, so that marking them as sent skips none.
---@param query? omnitron.Query
---@return fun(): omnitron.Order?
function omnitron.waiting_orders(query) end

---Marks an order as sent, if the journal has every item of it confirmed that
---is not canceled: status 100, or a cancel_status that is known to mean it
---(`canceled` in the profile adds words).
---@param order omnitron.Order
---@return true? done
---@return string? message
---@return "later"|http.Kind|nil kind
function omnitron.mark_sent(order) end

-- http, for ERPs.

---@alias http.Kind
---| "dns"
---| "connect"
---| "tls"
---| "timeout"
---| "reset"
---| "protocol"
---| "toolarge"
---| "status"
---| "unknown"
---| "cancelled"

---@class http.Reply
---@field status integer
---@field headers table<string, string> by name, in lower case
---@field body string UTF-8, if its charset or `encoding` says what it was
---@field method string
---@field url string
local Reply = {}

---The value of a JSON body. Raises, with what came instead, when it is none.
---@param options? json.Options
---@return any
function Reply:json(options) end

---"user:password", { "user", "password" } or { user = …, password = … }
---@alias http.Basic string|{ [1]: string, [2]: string }|{ user: string, password: string }

---@class http.Options
---@field query? omnitron.Query
---@field headers? table<string, string|number|boolean>
---@field json? any a body
---@field form? table<string, any> a body
---@field body? string a body
---@field basic? http.Basic
---@field bearer? string a token
---@field timeout? number seconds, 30 unless given
---@field tries? integer 3 unless given, for what may be sent again
---@field save_to? string the reply becomes this file
---@field any_status? boolean a status that is no 2xx is a reply, too
---@field reads? boolean a POST that only reads: it may be sent again, and planned
---@field ca_file? string
---@field client_cert? string
---@field client_key? string
---@field encoding? string what the body is, "windows-1254"; its charset unless given
---@field known_hosts? string for sftp

---@class http.LinesOptions
---@field query? omnitron.Query
---@field headers? table<string, string|number|boolean>
---@field basic? http.Basic
---@field bearer? string
---@field timeout? number seconds that the server may be silent
---@field tries? integer
---@field ca_file? string
---@field client_cert? string
---@field client_key? string
---@field encoding? string what the body is, "windows-1254"; its charset unless given
---@field known_hosts? string

---A token and the seconds that it is good for; nil and why not.
---@alias http.Bearer fun(): string?, (number|string)?, string?

---Logs in with the client that it is given, whose cookies are kept; true and the
---seconds that it is good for, or nil and why not.
---@alias http.Session fun(client: http.Client): true?, (number|string)?, string?

---@class http.ClientOptions
---@field base_url? string
---@field headers? table<string, string|number|boolean>
---@field query? omnitron.Query
---@field basic? http.Basic
---@field bearer? string|http.Bearer called once for all, shared and renewed
---@field session? http.Session likewise, for a log-in by cookies
---@field cookies? boolean keeps those of replies; a session does
---@field renew_on? integer[] statuses that end a log-in, besides 401
---@field at_once? integer requests under way, 4 unless given
---@field timeout? number
---@field tries? integer
---@field any_status? boolean
---@field ca_file? string
---@field client_cert? string
---@field client_key? string
---@field encoding? string what the body is, "windows-1254"; its charset unless given
---@field known_hosts? string

---@class httplib
http = {}

---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused when kind is "status"
function http.get(url, options) end

---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.head(url, options) end

---Sent once, unless reads = true.
---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.post(url, options) end

---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.put(url, options) end

---Sent once.
---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.patch(url, options) end

---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.delete(url, options) end

---@param method string "GET" and so on
---@param url string
---@param options? http.Options
---@return http.Reply? reply
---@return string? message
---@return http.Kind? kind
---@return http.Reply? refused
function http.request(method, url, options) end

---The lines of a reply as they come, in little memory. Raises where a verb
---gives nil and a message.
---@param url string
---@param options? http.LinesOptions
---@return fun(): string?
function http.lines(url, options) end

---An object with the same verbs, for which these options hold.
---@param options http.ClientOptions
---@return http.Client
function http.client(options) end

---client.get(…) and client:get(…) are the same.
---@class http.Client
---@field get fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field head fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field post fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field put fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field patch fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field delete fun(url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field request fun(method: string, url: string, options?: http.Options): http.Reply?, string?, http.Kind?, http.Reply?
---@field lines fun(url: string, options?: http.LinesOptions): fun(): string?

-- json, csv, fs, time, log.

---@class json.Options
---@field keep_null? boolean null is json.null, and not left out of objects

---@class jsonlib
---@field null lightuserdata what null is in a list
json = {}

---Integers are exact to 64 bits. Raises, with line and column.
---@param text string
---@param options? json.Options
---@return any
function json.decode(text, options) end

---Raises, with the place, when something in it cannot be written.
---@param value any
---@return string
function json.encode(value) end

---Marks a table, or a new one, to be written as a list even when it is empty.
---@param list? table
---@return table
function json.array(list) end

---@class csv.Options
---@field path string
---@field encoding? string "windows-1254"; UTF-8 unless given
---@field separator? string ";"; found from the header unless given
---@field trim? boolean false: unquoted cells keep their spaces
---@field quote? boolean false: nothing is quoted, a quote is text
---@field skip? integer lines above the header
---@field header? string[] the columns, when no line of the file names them

---`for row, at in csv.rows(…)`: the rows, and "lines.csv:812".
---@class omnitron.CsvReader
---@overload fun(): omnitron.Row?, string?
local CsvReader = {}

---Closes the file before its end.
function CsvReader:close() end

---@class csvlib
csv = {}

---@param path string|csv.Options
---@return omnitron.CsvReader
function csv.rows(path) end

---A look-up table: the rows by what they have in a column. Raises for a row
---that cannot be used, a key that is there twice and, later, for one that is
---not there.
---@param path string|csv.Options
---@param column string
---@return table<string, omnitron.Row>
function csv.table(path, column) end

---@param text string "1.234,56"
---@param point? "."|"," the decimal point, "." unless given
---@return number whole ones are integers
function csv.number(text, point) end

---@class fs.ListOptions
---@field quiet? number only what has not changed for so many seconds

---@class fslib
fs = {}

---Regular files of a folder, sorted, with the folder in front.
---@param folder string
---@param pattern string "*.csv"
---@param options? fs.ListOptions
---@return string[]
function fs.list(folder, pattern, options) end

---Moves a file and overwrites nothing: it becomes NAME.2, NAME.3 …
---@param path string
---@param folder string
---@return string path the new one
function fs.move(path, folder) end

---@class timelib
time = {}

---Reads ISO 8601, "2025-11-22 02:14:07" and "/Date(…)/"; UTC without a zone.
---@param text string
---@return number seconds since 1970
function time.parse(text) end

---@param seconds number
---@return string text "2025-11-22T02:14:07Z"
function time.text(seconds) end

---@class loglib
log = {}

---Said under -v only.
---@param message any
---@param fields? table<string, any> at most 32
function log.debug(message, fields) end

---@param message any
---@param fields? table<string, any>
function log.info(message, fields) end

---@param message any
---@param fields? table<string, any>
function log.warn(message, fields) end

---Says it; does not raise.
---@param message any
---@param fields? table<string, any>
function log.error(message, fields) end

-- The rest.

---The profile's settings; a key that it does not have raises.
---@type table<string, any>
settings = {}

---A path beside the profile.
---@param path string
---@return string
function here(path) end

---Lets other rows work meanwhile.
---@param seconds number at most 86400
function sleep(seconds) end

-- In *_test.lua, under `omnitron test`.

---@class test.Entry
---@field order_item_id integer
---@field code string
---@field update_stock boolean
---@field applied boolean
---@field status integer

---@class test.Request
---@field method string
---@field path string
---@field query table<string, string>
---@field headers table<string, string>
---@field body string
---@field json? any the body, when it is JSON

---A file beside the test, or what a reply is made of.
---@alias test.Reply string|{ status?: integer, headers?: table<string, string>, file?: string, body?: string, json?: any, delay?: number, close?: boolean, when?: string }

---@class testlib
---@overload fun(name: string, fn: fun())
test = {}

---Fails where they differ, tables in depth.
---@param got any
---@param want any
---@param what? string
function test.eq(got, want, what) end

---Fails when it is nil or false.
---@param value any
---@param what? string
---@return any value
function test.ok(value, what, ...) end

---Fails when fn raises no error that fits the pattern.
---@param fn fun()
---@param pattern? string
---@return string message
function test.raises(fn, pattern) end

---What release_all would make of a row: the release as it would be sent, a
---list of them, or { skipped = … }, { later = … }, { failed = … },
---{ invalid = … }.
---@param rule omnitron.Rule
---@param row any
---@param n? integer
---@return table
function test.rule(rule, row, n) end

---A fresh mock Omnitron, with the options of `omnitron mock`.
---@param options? table<string, any>
function test.mock(options) end

---What the mock received.
---@return test.Entry[]
function test.ledger() end

---A server with these replies, by "POST /jsonrpc"; a list is given one after
---the other.
---@param replies table<string, test.Reply|test.Reply[]>
---@return string url
function test.serve(replies) end

---What the servers of test.serve received.
---@return test.Request[]
function test.requests() end

---Seconds since the test began: what was slept.
---@return number
function test.time() end
