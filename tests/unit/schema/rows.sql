-- What runs left in a journal of version 1, 2 or 3.
INSERT INTO meta (id, host, created_at)
 VALUES (1, 'https://acme.omnitron.net', 300);
INSERT INTO run (id, started_at, ended_at, script, host, pid, exit, summary)
 VALUES (1, 350, 700, 'release.lua', 'https://acme.omnitron.net', 4711, 3,
  '{"rows":5}');
INSERT INTO release (order_item_id, code, update_stock, state, attempts,
  attempt_stock, applied_stock, started_at, ms, sent, curl, http_status,
  outcome, why, message, reply, mapping_pk, content_type, integration_type,
  source, name, seen, run, first_at, last_at)
 VALUES
 (10, 'P-10', 1, 'pending', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  'lines.csv:2', 'SO-1/10', NULL, 1, 400, 600),
 (20, 'U-20', 1, 'unknown', 1, 1, NULL, 500, 9, 1, 0, 502,
  'unknown', 'a 502', '', x'41', NULL, NULL, NULL,
  'lines.csv:3', 'SO-1/20', '{"qty":"1"}', 1, 400, 600),
 (40, 'R-40', 0, 'rejected', 2, 0, NULL, 500, 9, 1, 0, 400,
  'refused', 'a 400', 'words', x'42', NULL, NULL, NULL,
  NULL, NULL, NULL, 1, 400, 600),
 (50, 'C-50', 1, 'confirmed', 1, 1, 1, 500, 9, 1, 0, 201,
  'applied', 'a 201', '', x'43', 7050, 21, 'external_company',
  'lines.csv:5', 'SO-1/50', NULL, 1, 400, 600),
 (60, 'X-60', 1, 'cancelled', 1, 1, NULL, 500, 9, 0, 7, NULL,
  'not sent', 'no connection', '', NULL, NULL, NULL, NULL,
  'lines.csv:6', NULL, NULL, 1, 400, 600);
INSERT INTO attempt (order_item_id, n, started_at, ms, code, update_stock,
  sent, curl, http_status, reply, outcome, why)
 VALUES (40, 1, 450, 8, 'R-4', 1, 1, 0, 400, x'44', 'refused', 'a 400');
INSERT INTO audit (id, order_item_id, at, who, what, note)
 VALUES (1, 60, 600, 'eva', 'cancelled', 'a test');
INSERT INTO conflict (order_item_id, code, update_stock, source, name, run,
  first_at, last_at)
 VALUES (50, 'C-51', 1, 'lines.csv:9', 'SO-1/51', 1, 550, 560);
INSERT INTO cursor (key, value, at, run) VALUES ('odoo', 'i7', 600, 1);
